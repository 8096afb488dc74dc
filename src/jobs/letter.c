/* The words of mails. */
#include "jobs/letter.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/catalog.h"
#include "base/clock.h"
#include "coach/meetings_calendar.h"
#include "jobs/message.h"

#include <inttypes.h>

#define TEXT_MAX 65536 /* bytes of a text */

static struct str fill(const struct letter *l, const char *id)
{
    return catalog_fill(
        l->coach->arena, catalog_text(l->catalog, id), CATALOG_TEXT("name", l->person.name),
        CATALOG_TEXT("organisation", l->organisation), CATALOG_TEXT("others", l->meeting.others),
        CATALOG_TEXT("day", l->until), CATALOG_TEXT("address", l->support));
}

/* Paragraphs of each kind.  Those that begin with '@' are made: the link with the key, what is new,
 * the page of the settings, the link that ends these mails, when and where a meeting is, where to
 * answer. */
#define PARAGRAPHS 8
#define LINK "@link"
#define NEWS "@news"
#define SETTINGS "@settings"
#define LEAVE "@leave"
#define MEETING "@meeting"
#define ANSWERS "@answers"
static const struct {
    const char *subject;
    const char *paragraphs[PARAGRAPHS];
} letters[MAIL_KIND__MAX] = {
    [MAIL_INVITE] =
        {N_("Your invitation to Duet at {organisation}"),
         {N_("Hello {name},"),
          N_("{organisation} uses Duet for peer coaching: colleagues help each other with the "
             "skills "
             "that they want to grow in. You are invited to take part. Choose a password here:"),
          LINK, N_("The link works once, until {day}."),
          N_("What you write in Duet is yours. Nobody sees it unless you share it, and your "
             "administrators cannot open it.")}},
    [MAIL_RESET] =
        {N_("A new password for Duet"),
         {N_("Hello {name},"),
          N_("Somebody, probably you, has asked for a new password for Duet at {organisation}. "
             "Choose one here within an hour:"),
          LINK, N_("If it was not you, there is nothing to do: your password stays as it is.")}},
    [MAIL_NOTICE] =
        {N_("Your password for Duet was changed"),
         {N_("Hello {name},"),
          N_("Your password for Duet at {organisation} was changed just now, and your other "
             "devices "
             "were signed out."),
          N_("If it was not you, ask your administrators at once for a new password.")}},
    [MAIL_TEST] = {N_("Mail from Duet works"),
                   {N_("Hello {name},"),
                    N_("This is the trial message that you asked for in the settings of Duet.")}},
    [MAIL_DIGEST] = {N_("New for you in Duet"),
                     {N_("Hello {name},"), N_("this has happened since you were last in Duet:"),
                      NEWS, N_("When Duet may write to you is yours to choose:"), SETTINGS,
                      N_("One click ends these mails:"), LEAVE}},
    [MAIL_MEETING] = {N_("Your meeting with {others}"),
                      {N_("Hello {name},"), N_("your meeting with {others} is settled:"), MEETING,
                       ANSWERS}},
};

/* What is said instead of a meeting that has changed, or is cancelled. */
static const char *const changed[] = {N_("Changed: your meeting with {others}"),
                                      N_("your meeting with {others} has changed:")};
static const char *const cancelled[] = {
    N_("Cancelled: your meeting with {others}"),
    N_("your meeting with {others} is cancelled. It was to be:")};

static const char *variant(const struct letter *l, const char *id, int which)
{
    if (l->mail.kind != MAIL_MEETING) {
        return id;
    }
    return l->meeting.state == MEETING_CANCELLED ? cancelled[which]
           : l->meeting.sequence > 0             ? changed[which]
                                                 : id;
}

/* Appends a text, broken before column 76 at its blanks. */
static void add_lines(struct buf *buf, struct str text)
{
    size_t column = 0;
    for (size_t at = 0; at < text.n;) {
        size_t end = at;
        while (end < text.n && text.p[end] != ' ') {
            end++;
        }
        struct str word = {text.p + at, end - at};
        if (column && column + 1 + word.n > 75) {
            buf_add_char(buf, '\n');
            column = 0;
        } else if (column) {
            buf_add_char(buf, ' ');
            column++;
        }
        buf_add(buf, word);
        column += word.n;
        at = end + 1;
    }
}

static void add_paragraph(struct buf *buf, struct str text)
{
    add_lines(buf, text);
    buf_add_text(buf, "\n\n");
}

/* What is new, each with its page. */
static void add_news(struct buf *buf, const struct letter *l)
{
    for (size_t i = 0; i < l->news.n; i++) {
        const struct notice *notice = &l->news.items[i];
        struct str name = notice->name.n
                              ? notice->name
                              : catalog_text(l->catalog, N_("Somebody who is no longer here"));
        struct str text =
            catalog_fill(l->coach->arena, catalog_text(l->catalog, notices_text(notice->kind)),
                         CATALOG_TEXT("name", name));
        add_lines(buf, text);
        buf_add_char(buf, '\n');
        buf_add(buf, l->base_url);
        buf_add(buf, notices_path(l->coach->arena, notice));
        buf_add_text(buf, "\n\n");
    }
}

/* Day and time, subject, place, address. */
static void add_meeting(struct buf *buf, const struct letter *l)
{
    const struct meeting *m = &l->meeting;
    int32_t day, minute;
    clock_read(l->zone, m->starts_ms, &day, &minute);
    buf_add(buf, catalog_day(l->coach->arena, l->catalog, day, CATALOG_DAY_WEEKDAY));
    buf_addf(buf, ", %02d:%02d", (int)(minute / 60), (int)(minute % 60));
    if (m->subject.n) {
        buf_add_char(buf, '\n');
        add_lines(buf, m->subject);
    }
    if (m->place.n) {
        buf_add_char(buf, '\n');
        add_lines(buf, m->place);
    }
    if (l->base_url.n) {
        buf_add_char(buf, '\n');
        buf_add(buf, l->base_url);
        buf_addf(buf, "/meetings/%" PRId64, m->id);
    }
    buf_add_text(buf, "\n\n");
}

static void add_made(struct buf *buf, const struct letter *l, const char *id)
{
    if (strcmp(id, NEWS) == 0) {
        add_news(buf, l);
        return;
    }
    if (strcmp(id, MEETING) == 0) {
        add_meeting(buf, l);
        return;
    }
    if (strcmp(id, ANSWERS) == 0) {
        if (l->meeting.state != MEETING_CANCELLED) {
            add_paragraph(buf,
                          fill(l, N_("If you cannot come, move it or cancel it in Duet. Nobody "
                                     "reads what you or your calendar answer to this mail.")));
        }
        return;
    }
    if (strcmp(id, SETTINGS) == 0) {
        buf_add(buf, l->base_url);
        buf_add_text(buf, "/notices/settings");
    } else {
        buf_add(buf, strcmp(id, LEAVE) == 0 ? l->leave : l->link);
    }
    buf_add_text(buf, "\n\n");
}

static enum err write_text(const struct letter *l, struct str *text)
{
    struct buf buf;
    buf_init(&buf, l->coach->arena, TEXT_MAX);
    for (int i = 0; i < PARAGRAPHS && letters[l->mail.kind].paragraphs[i]; i++) {
        const char *id = letters[l->mail.kind].paragraphs[i];
        if (*id == '@') {
            add_made(&buf, l, id);
        } else {
            add_paragraph(&buf, fill(l, i == 1 ? variant(l, id, 1) : id));
        }
    }
    if (l->support.n) {
        add_paragraph(&buf, fill(l, N_("Questions? {address} will help.")));
    }
    buf_add_text(&buf, "-- \nDuet");
    if (l->base_url.n) {
        buf_add_text(&buf, ", ");
        buf_add(&buf, l->base_url);
    }
    buf_add_text(&buf, "\n");
    return buf_end(&buf, text);
}

static enum err add_calendar(const struct letter *l, struct message *m)
{
    const struct calendar_person from = {.name = m->from_name, .email = l->from};
    const struct calendar_person reader = {
        .name = l->person.name, .email = l->person.email, .answer = CALENDAR_ACCEPTED};
    enum calendar_method method;
    enum err err = meetings_invitation(l->coach->arena, l->catalog, &l->meeting, l->base_url, &from,
                                       &reader, l->coach->now_ms, &method, &m->calendar);
    m->calendar_method = err ? NULL : calendar_method_word(method);
    return err;
}

enum err letter_write(const struct letter *l, struct message *m)
{
    m->subject = fill(l, variant(l, letters[l->mail.kind].subject, 0));
    m->unsubscribe = l->leave;
    enum err err = l->mail.kind == MAIL_MEETING ? add_calendar(l, m) : ERR_OK;
    return err ? err : write_text(l, &m->text);
}
