/* Mail: reads the settings, makes the one-time key or reads what it is about, and hands the letter
 * (letter.h) to the mail server.  The payload is what coach/mail.h queues. */
#include "coach/mail.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "coach/invitations.h"
#include "coach/notices_mail.h"
#include "coach/people.h"
#include "coach/settings.h"
#include "jobs/jobs.h"
#include "jobs/letter.h"
#include "jobs/message.h"
#include "jobs/smtp.h"

#include <inttypes.h>
#include <stdio.h>

#define LINK_MAX 300 /* bytes of a link */
#define ID_MAX 300

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
    const struct catalogs *all = l->catalogs;
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

/* What is new, and the link that ends these mails. */
static enum err read_news(struct coach *coach, struct letter *l)
{
    char key[NOTICES_KEY_TEXT], link[LINK_MAX];
    enum err err = notices_of_mail(coach, l->mail.person_id, l->mail.object, &l->news);
    err = err ? err : notices_leave_key(coach, l->mail.person_id, key);
    if (err) {
        return err;
    }
    int n = snprintf(link, sizeof link, "%s/unsubscribe/%s", l->base_url.p, key);
    if (n < 0 || (size_t)n >= sizeof link) {
        return ERR_LIMIT;
    }
    l->needless = l->news.n == 0;
    return coach_copy(coach, str_of(link), &l->leave) ? ERR_OK : ERR_NOMEM;
}

/* The meeting as it is now, unless the reader does not want invitations any more, or it was changed
 * since and a later mail says how it is. */
static enum err read_meeting(struct coach *coach, struct letter *l)
{
    struct notice_settings settings;
    struct str zone;
    enum err err = notices_settings(coach, l->mail.person_id, &settings);
    err = err ? err : settings_get(coach, SETTING_TIME_ZONE, &zone);
    err = err ? err : meetings_for(coach, l->mail.object, l->mail.person_id, &l->meeting);
    if (err) {
        l->needless = err == ERR_NOT_FOUND;
        return l->needless ? ERR_OK : err;
    }
    bool later = l->mail.version && l->meeting.sequence >= l->mail.version;
    l->needless = !settings.invites || l->meeting.starts_ms == 0 || later;
    zone = l->person.time_zone.n ? l->person.time_zone : zone;
    if (zone.n && clock_open(coach->arena, zone, &l->zone) == ERR_NOMEM) {
        return ERR_NOMEM;
    }
    return ERR_OK;
}

/* In one transaction: who, where to, the key, and what it is about. */
static enum err prepare(struct coach *coach, void *ctx)
{
    struct letter *l = ctx;
    enum err err = read_settings(coach, l);
    err = err ? err : people_get(coach, l->mail.person_id, &l->person);
    if (err) {
        return err;
    }
    l->catalog = language_of(l);
    bool can = l->url.n && l->from.n && l->base_url.n && l->person.email.n && l->person.active;
    if (!can) {
        return ERR_OK;
    }
    switch (l->mail.kind) {
    case MAIL_INVITE:
        return make_link(coach, l, INVITATION_INVITE);
    case MAIL_RESET:
        return make_link(coach, l, INVITATION_RESET);
    case MAIL_DIGEST:
        return read_news(coach, l);
    case MAIL_MEETING:
        return read_meeting(coach, l);
    default:
        return ERR_OK;
    }
}

/* ---- the mail ---- */

/* The same job gives the same id, so that a mail that went out twice is seen once. */
static struct str message_id(const struct letter *l, char id[ID_MAX])
{
    const char *at = l->from.n ? memchr(l->from.p, '@', l->from.n) : NULL;
    snprintf(id, ID_MAX, "job-%" PRId64 ".%" PRId64 "%s", l->job->id, l->job->created_ms,
             at ? at : "@");
    return str_of(id);
}

static enum err write_mail(struct letter *l, struct str *mail)
{
    char id[ID_MAX];
    struct buf buf;
    struct message m = {
        .id = message_id(l, id),
        .from = l->from,
        .from_name = l->organisation.n ? l->organisation : str_of("Duet"),
        .to = l->person.email,
        .to_name = l->person.name,
        .at_ms = l->coach->now_ms,
    };
    enum err err = letter_write(l, &m);
    buf_init(&buf, l->coach->arena, MESSAGE_MAX);
    err = err ? err : message_write(&buf, &m);
    return err ? err : buf_end(&buf, mail);
}

/* ---- the job ---- */

/* What keeps the mail from being written at all, or NULL. */
static const char *obstacle(const struct letter *l)
{
    bool link =
        l->mail.kind == MAIL_INVITE || l->mail.kind == MAIL_RESET || l->mail.kind == MAIL_DIGEST;
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

static enum err send(struct jobs_task *task, struct letter *l)
{
    const struct smtp_server server = {
        .url = l->url.p, .user = l->user.p, .password = l->password.p};
    struct smtp_result result;
    struct str mail;
    enum err err = write_mail(l, &mail);
    if (err) {
        jobs_fail(task, err == ERR_INVALID, "the mail cannot be written: %s", err_name(err));
        return err;
    }
    err = smtp_send(&server, l->from.p, l->person.email.p, mail, &result);
    if (err && err != ERR_NOMEM) {
        jobs_fail(task, result.refused, "%s", result.reason);
    }
    return err;
}

static enum err run(struct jobs_task *task)
{
    struct letter l = {.coach = task->coach, .catalogs = task->catalogs, .job = task->job};
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
    return l.needless ? ERR_OK : send(task, &l);
}

const struct jobs_kind job_mail = {
    .kind = MAIL_JOB,
    .lease_ms = 3 * COACH_MINUTE_MS,
    .run = run,
};
