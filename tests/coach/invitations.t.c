/* One-time keys: who may make them, that they work once, until they run out, as typed by people;
 * the first start. */
#include "coach/invitations.h"
#include "base/rng.h"
#include "coach/credentials.h"
#include "coach/evaluators.h"
#include "coach/founding.h"
#include "coach/mail.h"
#include "coach/queue.h"
#include "coach/settings.h"
#include "coachtest.h"

#define AT(ms) (c->coach.now_ms = COACHTEST_NOW + (ms))

static enum err make(struct coachtest *c, int64_t person, enum invitation_purpose purpose,
                     char text[INVITATIONS_TEXT])
{
    return coachtest_write(c, invitations_make(&c->coach, person, purpose, text));
}

static enum err use(struct coachtest *c, const char *text, struct invitation *invitation)
{
    return coachtest_write(c, invitations_use(&c->coach, str_of(text), invitation));
}

static enum err peek(struct coachtest *c, const char *text)
{
    struct invitation invitation;
    return coachtest_read(c, invitations_peek(&c->coach, str_of(text), &invitation));
}

static void test_life(struct coachtest *c, int64_t ann)
{
    static const char *const names[] = {"invite", "code", "reset", "setup", "demo"};
    for (int p = 0; p < INVITATION_PURPOSE__MAX; p++) {
        enum invitation_purpose purpose = (enum invitation_purpose)p;
        char text[INVITATIONS_TEXT], second[INVITATIONS_TEXT];
        struct invitation found = {0};
        bool demo = purpose == INVITATION_DEMO;
        int64_t life = invitations_lifetime(purpose);
        AT(0);
        coachtest_as_system(c);
        coachtest_must(c, make(c, ann, purpose, text), "make");
        tap_ok(peek(c, text) == ERR_OK && peek(c, text) == ERR_OK,
               "%s: looking at a key of purpose '%s' changes nothing", c->name, names[p]);
        AT(life - 1);
        bool alive = peek(c, text) == ERR_OK;
        AT(life);
        tap_ok(alive && peek(c, text) == ERR_NOT_FOUND, "%s: it runs out", c->name);
        AT(0);
        tap_ok(use(c, text, &found) == ERR_OK && found.person_id == ann &&
                   found.purpose == purpose && str_is(found.person_name, "Ann Abel"),
               "%s: it says who and what for", c->name);
        tap_ok(use(c, text, &found) == (demo ? ERR_OK : ERR_NOT_FOUND), "%s: it works %s", c->name,
               demo ? "again and again" : "once");
        coachtest_must(c, make(c, ann, purpose, text), "make");
        coachtest_must(c, make(c, ann, purpose, second), "make");
        tap_ok(strcmp(text, second) != 0 && peek(c, second) == ERR_OK &&
                   peek(c, text) == ERR_NOT_FOUND,
               "%s: a new one ends the one before", c->name);
        coachtest_do(c, invitations_end_all(&c->coach, ann));
        tap_ok(peek(c, second) == ERR_NOT_FOUND, "%s: and all can be ended", c->name);
    }
}

static void test_codes(struct coachtest *c, int64_t ann)
{
    int letters[26] = {0}, wrong = 0, n = 150;
    char text[INVITATIONS_TEXT], typed[60];
    coachtest_as_system(c);
    coachtest_begin(c, COACH_WRITE);
    for (int i = 0; i < n; i++) {
        coachtest_must(c, invitations_make(&c->coach, ann, INVITATION_CODE, text), "make");
        wrong += strlen(text) != INVITATIONS_CODE || text[4] != '-' || text[9] != '-';
        for (const char *p = text; *p; p++) {
            if (*p != '-') {
                wrong += *p < 'A' || *p > 'Z';
                letters[(*p - 'A') % 26]++;
            }
        }
    }
    coachtest_must(c, coachtest_end(c, ERR_OK), "commit");
    int different = 0, most = 0;
    for (int i = 0; i < 26; i++) {
        different += letters[i] > 0;
        most = letters[i] > most ? letters[i] : most;
    }
    tap_ok(wrong == 0 && different == 22 && !letters['I' - 'A'] && !letters['O' - 'A'] &&
               !letters['L' - 'A'] && !letters['U' - 'A'] && most < 2 * n * 12 / 22,
           "%s: codes are three groups of 22 plain letters, all about as often", c->name);
    snprintf(typed, sizeof typed, "  %c%c %.2s %.4s--%.4s ", text[0] + 32, text[1] + 32, text + 2,
             text + 5, text + 10);
    tap_ok(peek(c, typed) == ERR_OK, "%s: a code is read as people type it: \"%s\"", c->name,
           typed);
    text[0] = text[0] == 'A' ? 'B' : 'A';
    tap_ok(peek(c, text) == ERR_NOT_FOUND && peek(c, "ABCD-EFGH") == ERR_NOT_FOUND &&
               peek(c, "") == ERR_NOT_FOUND && peek(c, "ABCD-EFGH-JKMI") == ERR_NOT_FOUND,
           "%s: not another", c->name);
}

static void test_who(struct coachtest *c, int64_t unit, int64_t ann)
{
    int64_t admin = coachtest_person(c, "Ada", "Admin"), coord = coachtest_person(c, "Coor", "D");
    int64_t judge = coachtest_person(c, "Jud", "Ge"), other = coachtest_person(c, "Ot", "Her");
    char text[INVITATIONS_TEXT];
    coachtest_role(c, admin, unit, ROLE_ADMINISTRATOR);
    coachtest_role(c, coord, unit, ROLE_COORDINATOR);
    coachtest_role(c, judge, unit, ROLE_COORDINATOR);
    coachtest_role(c, ann, unit, ROLE_PARTICIPANT);
    coachtest_as_system(c);
    coachtest_do(c, evaluators_add(&c->coach, judge, ann));
    static const char *const what[] = {"administrator", "coordinator", "evaluator", "colleague",
                                       "the person"};
    const int64_t who[] = {admin, coord, judge, other, ann};
    const enum err fresh[] = {ERR_OK, ERR_OK, ERR_FORBIDDEN, ERR_FORBIDDEN, ERR_FORBIDDEN};
    const enum err known[] = {ERR_OK, ERR_FORBIDDEN, ERR_FORBIDDEN, ERR_FORBIDDEN, ERR_FORBIDDEN};
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < 5; i++) {
            coachtest_as(c, who[i]);
            tap_ok(make(c, ann, INVITATION_CODE, text) == (round ? known[i] : fresh[i]),
                   "%s: a code for somebody who %s sign in: %s", c->name, round ? "can" : "cannot",
                   what[i]);
            tap_ok(make(c, ann, INVITATION_RESET, text) == ERR_FORBIDDEN &&
                       make(c, ann, INVITATION_DEMO, text) == ERR_FORBIDDEN &&
                       make(c, ann, INVITATION_SETUP, text) == ERR_FORBIDDEN,
                   "%s: no other key", c->name);
        }
        coachtest_as(c, ann);
        coachtest_do(c, credentials_set_hash(&c->coach, ann, str_of("$argon2id$x")));
    }
    char sql[200];
    snprintf(sql, sizeof sql,
             "SELECT count(*) FROM audit WHERE owner_id = %lld AND object = 'invitation' "
             "AND actor_id = %lld AND result = 'done'",
             (long long)ann, (long long)admin);
    tap_ok(coachtest_number(c, sql) == 2, "%s: the person sees who made a key", c->name);
    coachtest_as_system(c);
    coachtest_do(c, people_leave(&c->coach, other));
    tap_ok(make(c, other, INVITATION_CODE, text) == ERR_CONFLICT, "%s: none for whoever has left",
           c->name);
}

static int64_t mails(struct coachtest *c, const char *like)
{
    char sql[200];
    snprintf(sql, sizeof sql, "SELECT count(*) FROM job WHERE kind = 'mail' AND payload LIKE '%s'",
             like);
    return coachtest_number(c, sql);
}

static void test_mail(struct coachtest *c, int64_t ann)
{
    struct person person = {0};
    coachtest_as_system(c);
    coachtest_must(c, coachtest_read(c, people_get(&c->coach, ann, &person)), "get");
    coachtest_as(c, 0);
    coachtest_do(c, invitations_forgotten(&c->coach, person.email));
    tap_ok(mails(c, "%") == 0, "%s: without a mail server nothing is queued", c->name);
    coachtest_as_system(c);
    coachtest_do(c, settings_set(&c->coach, SETTING_SMTP_URL, str_of("smtp://mail.example.org"),
                                 &c->complaints));
    coachtest_as(c, 0);
    coachtest_do(c, invitations_forgotten(&c->coach, person.email));
    coachtest_do(c, invitations_forgotten(&c->coach, str_of("nobody@example.org")));
    coachtest_do(c, invitations_forgotten(&c->coach, str_of("nonsense")));
    tap_ok(
        mails(c, "reset %") == 1 && mails(c, "%") == 1,
        "%s: a forgotten password is a mail for those who are there, and the same answer for all",
        c->name);
    coachtest_as_system(c);
    coachtest_do(c, invitations_mail(&c->coach, ann));
    tap_ok(mails(c, "invite %") == 1, "%s: an invitation is a mail", c->name);
    coachtest_do(c, settings_set(&c->coach, SETTING_PASSWORDS, str_of("0"), &c->complaints));
    coachtest_as(c, 0);
    coachtest_do(c, invitations_forgotten(&c->coach, person.email));
    tap_ok(mails(c, "reset %") == 1, "%s: without passwords none is forgotten", c->name);
    struct mail mail = {0};
    tap_ok(mail_read(str_of("meeting 12 34 5"), &mail) == ERR_OK && mail.kind == MAIL_MEETING &&
               mail.person_id == 12 && mail.object == 34 && mail.version == 5 &&
               mail_read(str_of("meeting 12 34 5 6"), &mail) == ERR_INVALID,
           "%s: a mail about something, as it was then", c->name);
    tap_ok(mail_read(str_of("reset 12"), &mail) == ERR_OK && mail.kind == MAIL_RESET &&
               mail.person_id == 12 && mail_read(str_of("reset"), &mail) == ERR_INVALID &&
               mail_read(str_of("reset x"), &mail) == ERR_INVALID &&
               mail_read(str_of("other 1"), &mail) == ERR_INVALID &&
               mail_read(str_of(""), &mail) == ERR_INVALID,
           "%s: payloads are read strictly", c->name);
    coachtest_as_system(c);
    coachtest_do(c, settings_set(&c->coach, SETTING_PASSWORDS, str_of("1"), &c->complaints));
}

static void test_founding(const struct dbtest *t)
{
    struct coachtest c;
    char text[INVITATIONS_TEXT], second[INVITATIONS_TEXT];
    struct invitation invitation = {0};
    int64_t n = 0;
    bool open = false;
    coachtest_open(&c, t);
    coachtest_do(&c, founding_link(&c.coach, text));
    coachtest_do(&c, founding_link(&c.coach, second));
    tap_ok(peek(&c, text) == ERR_NOT_FOUND && use(&c, second, &invitation) == ERR_OK &&
               invitation.purpose == INVITATION_SETUP,
           "%s: the first start gives a link, the last one counts", t->name);
    coachtest_must(&c, coachtest_read(&c, roles_count_administrators(&c.coach, &n)), "count");
    tap_ok(n == 1 && coachtest_number(&c, "SELECT count(*) FROM person") == 1 &&
               coachtest_number(&c, "SELECT count(*) FROM unit") == 1,
           "%s: for one administrator of one organisation", t->name);
    coachtest_as(&c, invitation.person_id);
    tap_ok(c.coach.actor.administrator, "%s: who is one", t->name);
    coachtest_do(&c, settings_set(&c.coach, SETTING_SETUP_DONE, str_of("1"), &c.complaints));
    coachtest_as_system(&c);
    coachtest_must(&c, coachtest_read(&c, founding_is_open(&c.coach, &open)), "open");
    tap_ok(!open && coachtest_write(&c, founding_link(&c.coach, text)) == ERR_CONFLICT,
           "%s: and when set-up is done there is no further link", t->name);
    coachtest_script(&c, t->kind == DB_SQLITE ? "DROP TRIGGER audit_no_delete"
                                              : "DROP TRIGGER audit_no_update ON audit");
    coachtest_script(&c, "DELETE FROM audit; DELETE FROM setting; DELETE FROM invitation; "
                         "DELETE FROM membership; DELETE FROM person; DELETE FROM unit");
    coachtest_do(&c, coach_found(&c.coach));
    coachtest_close(&c);
}

static void suite(const struct dbtest *t)
{
    struct coachtest at, *c = &at;
    test_founding(t);
    coachtest_open(c, t);
    int64_t unit = coachtest_unit(c, 0, UNIT_ORGANISATION, "All");
    int64_t ann = coachtest_person(c, "Ann", "Abel");
    test_life(c, ann);
    test_codes(c, ann);
    test_who(c, unit, ann);
    test_mail(c, ann);
    AT(40 * COACH_DAY_MS);
    int64_t n = 0;
    coachtest_as_system(c);
    coachtest_do(c, invitations_clean(&c->coach, 100000, &n));
    tap_ok(n > 0 && coachtest_number(c, "SELECT count(*) FROM invitation") == 0,
           "%s: what ran out is removed", c->name);
    coachtest_close(c);
}

int main(void)
{
    dbtest_both(suite);
    return tap_done();
}
