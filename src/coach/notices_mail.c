/* When notices go out by mail, and the signed link that ends it. */
#include "coach/notices_mail.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "coach/allow.h"
#include "coach/audit.h"
#include "coach/mail.h"
#include "coach/notices_read.h"
#include "coach/settings.h"
#include "coach/sql.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>

#define AT_ONCE 200 /* people of one transaction */
#define MORNING 420 /* minutes: when there are no quiet hours */
#define WEEK 7

/* ---- when ---- */

/* 0: Monday .. 6: Sunday; 1970-01-01 was a Thursday. */
static int weekday(int32_t day)
{
    return (int)(((day + 3) % WEEK + WEEK) % WEEK);
}

static bool is_quiet(const struct notice_settings *s, int32_t day, int32_t minute)
{
    if (s->quiet_weekend && weekday(day) >= 5) {
        return true;
    }
    if (s->quiet_from <= s->quiet_until) {
        return minute >= s->quiet_from && minute < s->quiet_until;
    }
    return minute >= s->quiet_from || minute < s->quiet_until;
}

/* The last moment up to now at which collected mail goes out. */
static int64_t last_moment(const struct notice_settings *s, const struct clock_zone *zone,
                           int64_t now_ms, int32_t today)
{
    int32_t minute = s->quiet_from == s->quiet_until ? MORNING : s->quiet_until;
    for (int32_t day = today;; day--) {
        int64_t moment = clock_moment(zone, day, minute);
        bool fits = s->mail == NOTICE_MAIL_WEEKLY ? weekday(day) == 0
                                                  : !(s->quiet_weekend && weekday(day) >= 5);
        if (fits && moment <= now_ms) {
            return moment;
        }
    }
}

bool notices_is_due(const struct notice_settings *s, const struct clock_zone *zone, int64_t now_ms,
                    int64_t oldest_ms)
{
    int32_t day, minute;
    clock_read(zone, now_ms, &day, &minute);
    if (s->mail == NOTICE_MAIL_NEVER || is_quiet(s, day, minute)) {
        return false;
    }
    return s->mail == NOTICE_MAIL_NOW || oldest_ms < last_moment(s, zone, now_ms, day);
}

/* ---- queueing ---- */

struct waiting {
    int64_t person_id, oldest_ms;
    struct notice_settings settings;
    struct str zone; /* name; empty: the organisation's */
};

static enum err read_waiting(struct coach *coach, int64_t after_id, struct waiting *people, int *n)
{
    struct db_query *q;
    *n = 0;
    enum err err =
        sql_rows(coach, SQL_NOTICE_WAITING, SQL_ARGS(sql_int(after_id), sql_int(AT_ONCE)), &q);
    if (err) {
        return err;
    }
    while (*n < AT_ONCE && (err = db_step(q)) == ERR_OK) {
        struct waiting *w = &people[*n];
        w->person_id = db_int(q, 0);
        w->oldest_ms = db_int(q, 1);
        w->zone = sql_copy(coach, q, 2, &err);
        notices_read_settings(q, 3, &w->settings);
        if (err) {
            break;
        }
        ++*n;
    }
    db_finish(q);
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

/* The zone of a person; NULL (UTC) where there is no such file. */
static enum err zone_of(struct coach *coach, struct str name, struct str standard,
                        struct clock_zone **zone)
{
    *zone = NULL;
    name = name.n ? name : standard;
    if (name.n == 0) {
        return ERR_OK;
    }
    enum err err = clock_open(coach->arena, name, zone);
    return err == ERR_NOMEM ? err : ERR_OK;
}

static enum err queue_one(struct coach *coach, int64_t person_id)
{
    char key[80];
    int n = snprintf(key, sizeof key, "notices:%" PRId64 ":%" PRId64, person_id, coach->now_ms);
    if (n < 0 || (size_t)n >= sizeof key) {
        return ERR_LIMIT;
    }
    enum err err =
        sql_run(coach, SQL_NOTICE_MAIL, SQL_ARGS(sql_int(person_id), sql_int(coach->now_ms)), NULL);
    const struct mail mail = {MAIL_DIGEST, person_id, coach->now_ms, 0};
    return err ? err : mail_queue_about(coach, &mail, str_of(key));
}

enum err notices_queue(struct coach *coach, int64_t *after_id, int64_t *n_queued)
{
    struct waiting *people = arena_alloc(coach->arena, AT_ONCE, sizeof *people);
    struct str standard;
    bool set = false;
    int n = 0;
    *n_queued = 0;
    if (!coach->actor.system) {
        return ERR_FORBIDDEN;
    }
    if (!people) {
        return ERR_NOMEM;
    }
    enum err err = settings_is_set(coach, SETTING_SMTP_URL, &set);
    err = err || !set ? err : settings_get(coach, SETTING_TIME_ZONE, &standard);
    err = err || !set ? err : read_waiting(coach, *after_id, people, &n);
    for (int i = 0; i < n && !err; i++) {
        struct clock_zone *zone;
        err = zone_of(coach, people[i].zone, standard, &zone);
        if (!err && notices_is_due(&people[i].settings, zone, coach->now_ms, people[i].oldest_ms)) {
            err = queue_one(coach, people[i].person_id);
            ++*n_queued;
        }
    }
    *after_id = n == AT_ONCE ? people[n - 1].person_id : 0;
    return err;
}

enum err notices_of_mail(struct coach *coach, int64_t person_id, int64_t batch,
                         struct notice_list *list)
{
    if (!coach->actor.system) {
        return ERR_FORBIDDEN;
    }
    return notices_read(coach, SQL_NOTICE_OF_MAIL,
                        SQL_ARGS(sql_int(person_id), sql_int(batch), sql_int(NOTICES_SHOWN)), list);
}

enum err notices_mailed(struct coach *coach, int64_t person_id, enum notice_kind kind,
                        int64_t partnership_id, int64_t object_id)
{
    return sql_run(coach, SQL_NOTICE_MAILED,
                   SQL_ARGS(sql_int(person_id), sql_word(notices_word(kind)),
                            sql_int(partnership_id), sql_int(object_id), sql_int(coach->now_ms)),
                   NULL);
}

/* ---- leaving ---- */

/* A key is the person's id and a code over it, in base64url. */
#define ID_BYTES 8
#define CODE_BYTES 16
#define KEY_BYTES (ID_BYTES + CODE_BYTES)

static enum err write_key(struct coach *coach, int64_t person_id, unsigned char key[KEY_BYTES])
{
    unsigned char secret[SETTINGS_KEY], message[ID_BYTES + 1] = {'u'}; /* for unsubscribing only */
    enum err err = settings_key(coach, SETTINGS_KEY_LINKS, secret);
    if (err) {
        return err;
    }
    for (int i = 0; i < ID_BYTES; i++) {
        key[i] = message[1 + i] = (unsigned char)((uint64_t)person_id >> (8 * (ID_BYTES - 1 - i)));
    }
    int failed = crypto_generichash(key + ID_BYTES, CODE_BYTES, message, sizeof message, secret,
                                    sizeof secret);
    sodium_memzero(secret, sizeof secret);
    return failed ? ERR_INVALID : ERR_OK;
}

enum err notices_leave_key(struct coach *coach, int64_t person_id, char text[NOTICES_KEY_TEXT])
{
    unsigned char key[KEY_BYTES];
    if (!coach->actor.system) {
        return ERR_FORBIDDEN;
    }
    enum err err = write_key(coach, person_id, key);
    if (err == ERR_OK) {
        sodium_bin2base64(text, NOTICES_KEY_TEXT, key, sizeof key,
                          sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    }
    return err;
}

enum err notices_leave_check(struct coach *coach, struct str text, int64_t *person_id)
{
    unsigned char given[KEY_BYTES], right[KEY_BYTES];
    size_t n = 0;
    uint64_t id = 0;
    if (sodium_base642bin(given, sizeof given, text.p, text.n, NULL, &n, NULL,
                          sodium_base64_VARIANT_URLSAFE_NO_PADDING) ||
        n != sizeof given) {
        return ERR_NOT_FOUND;
    }
    for (int i = 0; i < ID_BYTES; i++) {
        id = id << 8 | given[i];
    }
    enum err err = write_key(coach, (int64_t)id, right);
    if (err) {
        return err;
    }
    *person_id = (int64_t)id;
    return sodium_memcmp(given, right, sizeof right) == 0 ? ERR_OK : ERR_NOT_FOUND;
}

enum err notices_leave(struct coach *coach, struct str text)
{
    int64_t person_id, changed = 0;
    enum err err = notices_leave_check(coach, text, &person_id);
    err = err ? err
              : sql_run(coach, SQL_NOTICE_LEAVE,
                        SQL_ARGS(sql_int(person_id), sql_int(coach->now_ms)), &changed);
    return err || changed == 0
               ? err
               : audit_note(coach, ALLOW_EDIT, allow_of(ALLOW_ON_NOTICE, person_id, 0), "never");
}
