/* The messages after something was done; the cookie holds a position in this table and a number. */
#include "web/flash.h"

#include "base/arena.h"
#include "base/buf.h"
#include "http/cookie.h"
#include "web/page.h"

#include <string.h>

static const struct {
    enum part_tone tone;
    const char *one, *many; /* many: the message counts {n} things */
} messages[FLASH__MAX] = {
    [FLASH_COACHING_MOVED] = {PART_TONE_CARE,
                              N_("Something has changed meanwhile. Here is how it stands."), NULL},
    [FLASH_NOT_TOGETHER_YET] = {PART_TONE_PLAIN,
                                N_("That comes as soon as everybody has said yes."), NULL},
    [FLASH_CHOOSE_SKILL] = {PART_TONE_CARE, N_("Choose a skill from the list."), NULL},
    [FLASH_ASKED] = {PART_TONE_GOOD, N_("Your question is on its way."), NULL},
    [FLASH_SAID_YES] = {PART_TONE_GOOD, N_("You have said yes."), NULL},
    [FLASH_SAID_NO] = {PART_TONE_PLAIN, N_("That is settled: it does not come about."), NULL},
    [FLASH_AGREEMENT_CHANGED] = {PART_TONE_GOOD,
                                 N_("The agreement is changed. Everybody signs it again."), NULL},
    [FLASH_SIGNED] = {PART_TONE_GOOD, N_("You have signed."), NULL},
    [FLASH_PARTNERSHIP_ENDED] = {PART_TONE_PLAIN, N_("The partnership has ended."), NULL},
    [FLASH_STAGE_DONE] = {PART_TONE_GOOD, N_("This stage is done."), NULL},
    [FLASH_NOTE_EMPTY] = {PART_TONE_CARE, N_("A note needs some words, and not too many."), NULL},
    [FLASH_DAYS_ADDED] = {PART_TONE_GOOD, N2_("{n} range of days off was added.",
                                              "{n} ranges of days off were added.")},
    [FLASH_SAVED] = {PART_TONE_GOOD, N_("Saved."), NULL},
    [FLASH_WELCOME] = {PART_TONE_GOOD, N_("Welcome to Duet. You are signed in."), NULL},
    [FLASH_SIGNED_OUT] = {PART_TONE_PLAIN, N_("You are signed out."), NULL},
    [FLASH_PASSWORD_SET] = {PART_TONE_GOOD, N_("Your password is set. You are signed in."), NULL},
    [FLASH_PASSWORD_CHANGED] = {PART_TONE_GOOD,
                                N_("Your password is changed. Other devices were signed out."),
                                NULL},
    [FLASH_WISHES_SAVED] = {PART_TONE_GOOD,
                            N_("Saved: what you want to grow in and what you can help with."),
                            NULL},
    [FLASH_OFFER_ADDED] = {PART_TONE_GOOD,
                           N_("Thank you. Colleagues can now see that you help with this."), NULL},
    [FLASH_OFFER_DROPPED] = {PART_TONE_PLAIN,
                             N_("Taken back. Colleagues no longer see this offer."), NULL},
    [FLASH_NEED_ADDED] = {PART_TONE_GOOD, N_("Noted. This is now something you want to grow in."),
                          NULL},
    [FLASH_NEED_DROPPED] = {PART_TONE_PLAIN, N_("Taken off your list."), NULL},
    [FLASH_NEEDS_FULL] = {PART_TONE_CARE,
                          N_("You have three things to grow in already. Take one off first."),
                          NULL},
    [FLASH_EVIDENCE_ADDED] = {PART_TONE_GOOD, N_("Added. Your zone takes it into account."), NULL},
    [FLASH_OBSERVATION_ADDED] = {PART_TONE_GOOD,
                                 N_("Added. Your colleague sees it beside the skill."), NULL},
    [FLASH_RATED] = {PART_TONE_GOOD, N2_("{n} self-rating added.", "{n} self-ratings added.")},
    [FLASH_EVIDENCE_WITHDRAWN] = {PART_TONE_PLAIN, N_("Withdrawn. It no longer counts."), NULL},
    [FLASH_EVIDENCE_DELETED] = {PART_TONE_PLAIN, N_("Deleted."), NULL},
    [FLASH_SHARED] = {PART_TONE_GOOD, N_("Shared. You can take it back at any time."), NULL},
    [FLASH_UNSHARED] = {PART_TONE_PLAIN, N_("Taken back. It can no longer be seen."), NULL},
    [FLASH_SHARE_NOBODY] = {PART_TONE_CARE, N_("Choose with whom."), NULL},
    [FLASH_SHARE_REFUSED] = {PART_TONE_CARE,
                             N_("That cannot be shared with this person: it is you, somebody who "
                                "has left, or somebody who evaluates you."),
                             NULL},
    [FLASH_SESSION_ENDED] = {PART_TONE_GOOD, N_("That device is signed out."), NULL},
    [FLASH_SESSIONS_ENDED] = {PART_TONE_GOOD, N2_("{n} other device is signed out.",
                                                  "{n} other devices are signed out.")},
    [FLASH_DATA_DELETED] = {PART_TONE_PLAIN, N_("Your content is deleted."), NULL},
    [FLASH_LANGUAGE_SET] = {PART_TONE_GOOD, N_("The pages are now in this language."), NULL},
    [FLASH_SIGN_ON_CANCELLED] = {PART_TONE_PLAIN,
                                 N_("You came back without signing in. Nothing was changed."),
                                 NULL},
    [FLASH_SIGN_ON_LATE] = {PART_TONE_CARE,
                            N_("That took too long, or it began in another window. Please try "
                               "again from here."),
                            NULL},
    [FLASH_SIGN_ON_NOBODY] = {PART_TONE_CARE,
                              N_("You signed in, but Duet knows nobody with your address. Ask the "
                                 "person who looks after Duet at your school to add it."),
                              NULL},
    [FLASH_SIGN_ON_REFUSED] = {PART_TONE_CARE,
                               N_("The answer of your school's sign-in did not hold. Please try "
                                  "again; if it stays so, tell the person who looks after Duet at "
                                  "your school."),
                               NULL},
    [FLASH_SIGN_ON_UNREACHABLE] = {PART_TONE_CARE,
                                   N_("Your school's sign-in does not answer just now. Please try "
                                      "again in a minute, or sign in another way."),
                                   NULL},
    [FLASH_PROVIDER_FINE] = {PART_TONE_GOOD,
                             N_("The provider answers and says of itself what is needed. Sign in "
                                "once yourself before you tell others."),
                             NULL},
    [FLASH_PROVIDER_SILENT] = {PART_TONE_BAD,
                               N_("The provider cannot be reached. Check the issuer, and that this "
                                  "machine may make https connections to it."),
                               NULL},
    [FLASH_PROVIDER_WRONG] = {PART_TONE_BAD,
                              N_("What answers there is not this provider: it calls itself by "
                                 "another issuer, or gives addresses that are not https."),
                              NULL},
    [FLASH_PROVIDER_UNTRUSTED] = {PART_TONE_BAD,
                                  N_("The provider answers with a certificate that nobody vouches "
                                     "for whom this machine trusts. If it is of your own "
                                     "authority, put that into /usr/local/share/ca-certificates, "
                                     "run update-ca-certificates and ask again."),
                                  NULL},
    [FLASH_TEST_MAIL] = {PART_TONE_GOOD,
                         N_("A test message is on its way to you. If it does not come, look under "
                            "background work."),
                         NULL},
    [FLASH_BACKUP_ASKED] = {PART_TONE_GOOD,
                            N_("A backup is being made in the background. It appears here when it "
                               "was read again and found sound."),
                            NULL},
    [FLASH_IMPORTED] = {PART_TONE_GOOD, N_("Done. What the file says is now in Duet."), NULL},
    [FLASH_IMPORT_REFUSED] = {PART_TONE_CARE,
                              N_("Something changed since you looked. Nothing was brought in; look "
                                 "once more."),
                              NULL},
    [FLASH_IMPORT_DISCARDED] = {PART_TONE_PLAIN, N_("The file is thrown away."), NULL},
    [FLASH_PROGRAMME_IN] = {PART_TONE_GOOD,
                            N_("Thank you. You take part; a partner will be proposed to you."),
                            NULL},
    [FLASH_PROGRAMME_OUT] = {PART_TONE_PLAIN, N_("You do not take part."), NULL},
    [FLASH_PROGRAMME_OPENED] = {PART_TONE_GOOD, N_("The programme is open."), NULL},
    [FLASH_PROGRAMME_ASKED] = {PART_TONE_GOOD, N2_("{n} colleague more is asked.",
                                                   "{n} colleagues more are asked.")},
    [FLASH_PROGRAMME_NOBODY] = {PART_TONE_CARE,
                                N_("Nobody of that name is here. Check how it is written."), NULL},
    [FLASH_PROGRAMME_SEVERAL] = {PART_TONE_CARE,
                                 N_("Several people have that name. Write more of it, or the "
                                    "e-mail address."),
                                 NULL},
    [FLASH_ROUND_NOT_NOW] = {PART_TONE_CARE,
                             N_("No round can be started now: one is under way or waits to be "
                                "published, or the programme is not open."),
                             NULL},
    [FLASH_ROUND_AGAIN] = {PART_TONE_PLAIN, N_("The rest is worked out again."), NULL},
    [FLASH_ROUND_DISCARDED] = {PART_TONE_PLAIN, N_("The round is discarded."), NULL},
    [FLASH_ROUND_PUBLISHED] = {PART_TONE_GOOD, N2_("Published: {n} partnership is proposed.",
                                                   "Published: {n} partnerships are proposed.")},
    [FLASH_ROUND_PUBLISHING] = {PART_TONE_PLAIN, N_("People are being asked, some at a time."),
                                NULL},
    [FLASH_ROUND_LOCKED] = {PART_TONE_GOOD, N_("Locked: these stay together."), NULL},
    [FLASH_ROUND_UNLOCKED] = {PART_TONE_PLAIN, N_("No longer locked."), NULL},
    [FLASH_ROUND_MOVED] = {PART_TONE_GOOD, N_("Put together, and locked."), NULL},
    [FLASH_ROUND_PARTED] = {PART_TONE_PLAIN, N_("Taken apart."), NULL},
    [FLASH_ROUND_CANNOT] =
        {PART_TONE_CARE,
         N_("That cannot be done: it is locked, the rules keep the two apart, or "
            "the round has changed meanwhile."),
         NULL},
    [FLASH_ROUND_IS_PUBLISHED] = {PART_TONE_CARE,
                                  N_("This round is published, or is being published: people are "
                                     "asked as the list was then, "
                                     "and nothing in it can be changed any more."),
                                  NULL},
    [FLASH_PROGRAMME_PUBLISHING] = {PART_TONE_CARE,
                                    N_("A round is being published. Wait until everybody is asked, "
                                       "then close the programme."),
                                    NULL},
    [FLASH_UNIT_IN_USE] = {PART_TONE_CARE,
                           N_("There are people in this unit, or units below it, or the one above "
                              "is closed. Move them first."),
                           NULL},
    [FLASH_LAST_ADMINISTRATOR] = {PART_TONE_CARE,
                                  N_("That is the last administrator. Make somebody else one "
                                     "first."),
                                  NULL},
    [FLASH_ADMINISTRATOR_AT_TOP] = {PART_TONE_CARE,
                                    N_("Administrators belong to the organisation as a whole: "
                                       "choose the unit at the top, one that is open."),
                                    NULL},
    [FLASH_CHOOSE_UNIT] = {PART_TONE_CARE, N_("Choose a unit and a role."), NULL},
    [FLASH_NO_SUCH_ADDRESS] = {PART_TONE_CARE, N_("Nobody else here has this e-mail address."),
                               NULL},
    [FLASH_INVITED] = {PART_TONE_GOOD, N_("An invitation is on its way."), NULL},
    [FLASH_INVITED_MANY] = {PART_TONE_GOOD, N2_("{n} invitation is on its way.",
                                                "{n} invitations are on their way.")},
    [FLASH_MEETING_PROPOSED] = {PART_TONE_GOOD, N_("Proposed. Your partner chooses one."), NULL},
    [FLASH_MEETING_SETTLED] = {PART_TONE_GOOD, N_("Settled. It is in your meetings now."), NULL},
    [FLASH_MEETING_CANCELLED] = {PART_TONE_PLAIN, N_("Cancelled. The others are told."), NULL},
    [FLASH_MEETING_TOLD] = {PART_TONE_GOOD, N_("Thank you. It is written down."), NULL},
    [FLASH_MEETING_OTHERWISE] = {PART_TONE_CARE,
                                 N_("That is not possible any more: the meeting or the "
                                    "partnership has changed meanwhile. This is how it is now."),
                                 NULL},
    [FLASH_MESSAGE_SENT] = {PART_TONE_GOOD, N_("Sent."), NULL},
    [FLASH_MESSAGE_RETRACTED] = {PART_TONE_PLAIN, N_("Taken back. Its text is deleted."), NULL},
    [FLASH_FEED_ENDED] = {PART_TONE_PLAIN, N_("The address no longer works."), NULL},
};

#define FLASH_SECONDS 60 /* a message that nobody fetched by then is old */

void flash_set(struct page *page, enum flash flash, int64_t n)
{
    struct buf buf;
    struct str value;
    if (flash == FLASH_NONE) {
        return;
    }
    buf_init(&buf, page->arena, 64);
    buf_add_int(&buf, (int64_t)flash);
    buf_add_char(&buf, '.');
    buf_add_int(&buf, n < 0 ? 0 : n);
    if (buf_end(&buf, &value) == ERR_OK) {
        cookie_set(page->res, FLASH_COOKIE, value, FLASH_SECONDS);
    }
}

/* "12.3": 12 and 3. */
static bool read_value(struct str value, int64_t *flash, int64_t *n)
{
    int64_t numbers[2] = {0, 0};
    int at = 0;
    if (value.n < 3 || value.n > 12) {
        return false;
    }
    for (size_t i = 0; i < value.n; i++) {
        char c = value.p[i];
        if (c == '.' && at == 0 && i > 0) {
            at = 1;
        } else if (c >= '0' && c <= '9') {
            numbers[at] = numbers[at] * 10 + (c - '0');
        } else {
            return false;
        }
    }
    *flash = numbers[0];
    *n = numbers[1];
    return at == 1;
}

struct str flash_take(struct page *page, enum part_tone *tone)
{
    int64_t flash = 0, n = 0;
    struct str value = cookie_find(page->req, FLASH_COOKIE);
    *tone = PART_TONE_PLAIN;
    if (!value.p) {
        return str_of("");
    }
    cookie_clear(page->res, FLASH_COOKIE);
    if (!read_value(value, &flash, &n) || flash <= FLASH_NONE || flash >= FLASH__MAX) {
        return str_of("");
    }
    *tone = messages[flash].tone;
    if (!messages[flash].many) {
        return catalog_text(page->catalog, messages[flash].one);
    }
    struct str text = catalog_plural(page->catalog, messages[flash].one, messages[flash].many, n);
    return FILL(page, text, CATALOG_INT("n", n));
}
