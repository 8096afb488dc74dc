/* Mail: reads the settings, makes the one-time key, writes the text in the reader's language, and
 * hands it to the mail server.  The payload is what coach/mail.h queues. */
#include "coach/mail.h"

#include "base/arena.h"
#include "base/buf.h"
#include "coach/invitations.h"
#include "coach/people.h"
#include "coach/settings.h"
#include "jobs/jobs.h"
#include "jobs/message.h"
#include "jobs/smtp.h"

#include <inttypes.h>
#include <stdio.h>

#define TEXT_MAX 65536 /* bytes of a text */
#define LINK_MAX 300   /* bytes of a link */
#define ID_MAX 300

/* Everything that one mail is made of. */
struct letter {
    struct jobs_task *task;
    const struct catalog *catalog;
    struct mail mail;
    struct person person;
    struct str url, user, password, from, organisation, base_url, support;
    struct str locale; /* of the organisation */
    struct str link;   /* with the one-time key; empty: none */
    struct str until;  /* the last day of the link, in words */
};

/* ---- what it is made of ---- */

static enum err read_settings(struct coach *coach, struct letter *l)
{
    const struct {
        enum setting setting;
        struct str *value;
    } wanted[] = {
        {SETTING_SMTP_URL, &l->url},
        {SETTING_SMTP_USER, &l->user},
        {SETTING_SMTP_PASSWORD, &l->password},
        {SETTING_SMTP_FROM, &l->from},
        {SETTING_ORGANISATION, &l->organisation},
        {SETTING_BASE_URL, &l->base_url},
        {SETTING_SUPPORT_EMAIL, &l->support},
        {SETTING_LOCALE, &l->locale},
    };
    enum err err = ERR_OK;
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted && !err; i++) {
        err = settings_get(coach, wanted[i].setting, wanted[i].value);
    }
    return err;
}

static const struct catalog *language_of(const struct letter *l)
{
    const struct catalogs *all = l->task->catalogs;
    const struct catalog *own = catalogs_find(all, l->person.locale);
    const struct catalog *theirs = catalogs_find(all, l->locale);
    return own ? own : theirs ? theirs : catalog_english();
}

/* Makes the key and the link; an earlier key of the purpose ends. */
static enum err make_link(struct coach *coach, struct letter *l, enum invitation_purpose purpose)
{
    char key[INVITATIONS_TEXT], link[LINK_MAX];
    enum err err = invitations_make(coach, l->mail.person_id, purpose, key);
    if (err) {
        return err;
    }
    int n = snprintf(link, sizeof link, "%s/welcome/%s", l->base_url.p, key);
    if (n < 0 || (size_t)n >= sizeof link) {
        return ERR_LIMIT;
    }
    int64_t until = coach->now_ms + invitations_lifetime(purpose);
    l->until =
        catalog_day(coach->arena, l->catalog, (int32_t)(until / COACH_DAY_MS), CATALOG_DAY_LONG);
    return coach_copy(coach, str_of(link), &l->link) ? ERR_OK : ERR_NOMEM;
}

/* In one transaction: who, where to, and the key. */
static enum err prepare(struct coach *coach, void *ctx)
{
    struct letter *l = ctx;
    enum err err = read_settings(coach, l);
    err = err ? err : people_get(coach, l->mail.person_id, &l->person);
    if (err) {
        return err;
    }
    l->catalog = language_of(l);
    bool key = l->mail.kind == MAIL_INVITE || l->mail.kind == MAIL_RESET;
    bool can = l->url.n && l->from.n && l->base_url.n && l->person.email.n && l->person.active;
    if (!key || !can) {
        return ERR_OK;
    }
    return make_link(coach, l, l->mail.kind == MAIL_INVITE ? INVITATION_INVITE : INVITATION_RESET);
}

/* ---- the words ---- */

static struct str fill(const struct letter *l, const char *id)
{
    return catalog_fill(l->task->coach->arena, catalog_text(l->catalog, id),
                        CATALOG_TEXT("name", l->person.name),
                        CATALOG_TEXT("organisation", l->organisation),
                        CATALOG_TEXT("day", l->until), CATALOG_TEXT("address", l->support));
}

/* Paragraphs of each kind; the link stands where "" is. */
#define PARAGRAPHS 6
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
          "", N_("The link works once, until {day}."),
          N_("What you write in Duet is yours. Nobody sees it unless you share it, and your "
             "administrators cannot open it.")}},
    [MAIL_RESET] =
        {N_("A new password for Duet"),
         {N_("Hello {name},"),
          N_("Somebody, probably you, has asked for a new password for Duet at {organisation}. "
             "Choose one here within an hour:"),
          "", N_("If it was not you, there is nothing to do: your password stays as it is.")}},
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
};

/* Appends a paragraph, broken before column 76 at its blanks. */
static void add_paragraph(struct buf *buf, struct str text)
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
    buf_add_text(buf, "\n\n");
}

static enum err write_text(const struct letter *l, struct str *text)
{
    struct buf buf;
    buf_init(&buf, l->task->coach->arena, TEXT_MAX);
    for (int i = 0; i < PARAGRAPHS && letters[l->mail.kind].paragraphs[i]; i++) {
        const char *id = letters[l->mail.kind].paragraphs[i];
        if (*id) {
            add_paragraph(&buf, fill(l, id));
        } else {
            buf_add(&buf, l->link);
            buf_add_text(&buf, "\n\n");
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

/* The same job gives the same id, so that a mail that went out twice is seen once. */
static struct str message_id(const struct letter *l, char id[ID_MAX])
{
    const char *at = l->from.n ? memchr(l->from.p, '@', l->from.n) : NULL;
    snprintf(id, ID_MAX, "job-%" PRId64 ".%" PRId64 "%s", l->task->job->id,
             l->task->job->created_ms, at ? at : "@");
    return str_of(id);
}

static enum err write_mail(const struct letter *l, struct str *mail)
{
    char id[ID_MAX];
    struct buf buf;
    struct message m = {
        .id = message_id(l, id),
        .from = l->from,
        .from_name = l->organisation.n ? l->organisation : str_of("Duet"),
        .to = l->person.email,
        .to_name = l->person.name,
        .subject = fill(l, letters[l->mail.kind].subject),
        .at_ms = l->task->coach->now_ms,
    };
    enum err err = write_text(l, &m.text);
    buf_init(&buf, l->task->coach->arena, MESSAGE_MAX);
    err = err ? err : message_write(&buf, &m);
    return err ? err : buf_end(&buf, mail);
}

/* ---- the job ---- */

/* What keeps the mail from being written at all, or NULL. */
static const char *obstacle(const struct letter *l)
{
    bool link = l->mail.kind == MAIL_INVITE || l->mail.kind == MAIL_RESET;
    if (l->url.n == 0) {
        return "no mail server is set";
    }
    if (l->from.n == 0) {
        return "no sender's address is set";
    }
    if (link && l->base_url.n == 0) {
        return "the address of Duet is not set, so there can be no link";
    }
    return NULL;
}

static enum err send(struct letter *l)
{
    const struct smtp_server server = {
        .url = l->url.p, .user = l->user.p, .password = l->password.p};
    struct smtp_result result;
    struct str mail;
    enum err err = write_mail(l, &mail);
    if (err) {
        jobs_fail(l->task, err == ERR_INVALID, "the mail cannot be written: %s", err_name(err));
        return err;
    }
    err = smtp_send(&server, l->from.p, l->person.email.p, mail, &result);
    if (err && err != ERR_NOMEM) {
        jobs_fail(l->task, result.refused, "%s", result.reason);
    }
    return err;
}

static enum err run(struct jobs_task *task)
{
    struct letter l = {.task = task, .link = {"", 0}, .until = {"", 0}};
    if (mail_read(task->job->payload, &l.mail)) {
        jobs_fail(task, true, "the payload does not say what to send to whom");
        return ERR_INVALID;
    }
    enum err err = coach_transact(task->coach, COACH_WRITE, prepare, &l);
    if (err == ERR_NOT_FOUND || (!err && (!l.person.active || l.person.email.n == 0))) {
        return ERR_OK; /* there is nobody to write to any more */
    }
    if (err) {
        return err;
    }
    const char *why = obstacle(&l);
    if (why) {
        jobs_fail(task, false, "%s", why);
        return ERR_CONFLICT;
    }
    return send(&l);
}

const struct jobs_kind job_mail = {
    .kind = MAIL_JOB,
    .lease_ms = 3 * COACH_MINUTE_MS,
    .run = run,
};
