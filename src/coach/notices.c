/* Notices: adding, answering, reading, and what a person wants by mail. */
#include "coach/notices.h"

#include "base/buf.h"
#include "base/catalog.h"
#include "base/list.h"
#include "coach/allow.h"
#include "coach/audit.h"
#include "coach/complaint.h"
#include "coach/notices_read.h"
#include "coach/sql.h"

#define PATH 200 /* bytes of a path */
#define DAY_MINUTES 1440

static const struct {
    const char *word, *path, *text;
    bool asks;
} kinds[NOTICE_KIND__MAX] = {
#define NOTICE(id, word_, asks_, path_, text_)                                                     \
    [NOTICE_##id] = {.word = (word_), .path = (path_), .text = text_, .asks = (asks_)},
#include "coach/notice_kinds.def"
#undef NOTICE
};

static const char *const mail_words[NOTICE_MAIL__MAX] = {
    [NOTICE_MAIL_NOW] = "now",
    [NOTICE_MAIL_DAILY] = "daily",
    [NOTICE_MAIL_WEEKLY] = "weekly",
    [NOTICE_MAIL_NEVER] = "never",
};

const char *notices_text(enum notice_kind kind)
{
    return kinds[kind].text;
}

bool notices_asks(enum notice_kind kind)
{
    return kinds[kind].asks;
}

const char *notices_mail_word(enum notice_mail mail)
{
    return mail_words[mail];
}

const char *notices_word(enum notice_kind kind)
{
    return kinds[kind].word;
}

struct str notices_path(struct arena *arena, const struct notice *notice)
{
    struct buf buf;
    struct str rest = str_of(kinds[notice->kind].path), before, slot, path;
    buf_init(&buf, arena, PATH);
    while (catalog_next_slot(rest, &before, &slot, &rest)) {
        buf_add(&buf, before);
        buf_add_int(&buf, str_is(slot, "partnership") ? notice->partnership_id : notice->object_id);
    }
    buf_add(&buf, before);
    return buf_end(&buf, &path) ? (struct str){"", 0} : path;
}

enum err notices_add(struct coach *coach, int64_t person_id, enum notice_kind kind,
                     int64_t partnership_id, int64_t object_id)
{
    if (person_id == coach->actor.person_id) {
        return ERR_OK;
    }
    return sql_run(coach, SQL_NOTICE_ADD,
                   SQL_ARGS(sql_int(person_id), sql_word(kinds[kind].word), sql_int(partnership_id),
                            sql_int(object_id), sql_id_or_null(coach->actor.person_id),
                            sql_int(coach->now_ms)),
                   NULL);
}

enum err notices_done(struct coach *coach, int64_t person_id, enum notice_kind kind,
                      int64_t partnership_id, int64_t object_id)
{
    struct sql_arg word = sql_word(kinds[kind].word), now = sql_int(coach->now_ms);
    if (person_id == 0) {
        return sql_run(coach, SQL_NOTICE_DONE_BY_ALL,
                       SQL_ARGS(word, sql_int(partnership_id), sql_int(object_id), now), NULL);
    }
    return sql_run(
        coach, SQL_NOTICE_DONE,
        SQL_ARGS(sql_int(person_id), word, sql_int(partnership_id), sql_int(object_id), now), NULL);
}

enum err notices_done_all(struct coach *coach, int64_t partnership_id)
{
    return sql_run(coach, SQL_NOTICE_DONE_ALL,
                   SQL_ARGS(sql_int(partnership_id), sql_int(coach->now_ms)), NULL);
}

/* ---- reading ---- */

/* The kind of a word; NOTICE_KIND__MAX: one that this program does not know. */
static enum notice_kind kind_of(struct str word)
{
    int kind = 0;
    while (kind < NOTICE_KIND__MAX && !str_is(word, kinds[kind].word)) {
        kind++;
    }
    return (enum notice_kind)kind;
}

static enum err may(struct coach *coach, enum allow_verb verb, int64_t person_id)
{
    if (!person_id && !coach->actor.system) {
        return ERR_FORBIDDEN;
    }
    return allowed(coach, verb, allow_of(ALLOW_ON_NOTICE, person_id, 0));
}

enum err notices_read(struct coach *coach, enum sql_id id, const struct sql_arg *args, int n,
                      struct notice_list *list)
{
    struct list rows;
    struct db_query *q;
    list_init(&rows, coach->arena, sizeof(struct notice), NOTICES_SHOWN);
    enum err err = sql_rows(coach, id, args, n, &q);
    if (err) {
        return err;
    }
    while ((err = db_step(q)) == ERR_OK) {
        struct notice notice = {
            .id = db_int(q, 0),
            .kind = kind_of(db_text(q, 1)),
            .partnership_id = db_int(q, 2),
            .object_id = db_int(q, 3),
            .created_ms = db_int(q, 4),
            .seen = !db_is_null(q, 5),
            .done = !db_is_null(q, 6),
            .name = sql_copy_name(coach, q, 7, 8, &err),
        };
        if (!err && notice.kind < NOTICE_KIND__MAX && !list_add(&rows, &notice)) {
            err = rows.err;
        }
        if (err) {
            break;
        }
    }
    db_finish(q);
    if (err != ERR_NOT_FOUND) {
        return err;
    }
    *list = (struct notice_list){rows.items, rows.n};
    return ERR_OK;
}

enum err notices_list(struct coach *coach, struct notice_list *list)
{
    int64_t self = coach->actor.person_id;
    enum err err = may(coach, ALLOW_VIEW, self);
    return err ? err
               : notices_read(coach, SQL_NOTICE_LIST,
                              SQL_ARGS(sql_int(self), sql_int(NOTICES_SHOWN)), list);
}

enum err notices_count(struct coach *coach, int64_t *n)
{
    int64_t self = coach->actor.person_id;
    enum err err = may(coach, ALLOW_VIEW, self);
    return err ? err : sql_number(coach, SQL_NOTICE_COUNT, SQL_ARGS(sql_int(self)), n);
}

enum err notices_seen(struct coach *coach, int64_t at_ms)
{
    int64_t self = coach->actor.person_id;
    enum err err = may(coach, ALLOW_EDIT, self);
    return err ? err
               : sql_run(coach, SQL_NOTICE_SEEN, SQL_ARGS(sql_int(self), sql_int(at_ms)), NULL);
}

/* ---- settings ---- */

void notices_read_settings(const struct db_query *q, int column, struct notice_settings *settings)
{
    *settings = (struct notice_settings){.mail = NOTICE_MAIL_DAILY,
                                         .invites = true,
                                         .quiet_from = 18 * 60,
                                         .quiet_until = 7 * 60,
                                         .quiet_weekend = true};
    if (!q || db_is_null(q, column)) {
        return;
    }
    struct str word = db_text(q, column);
    for (int i = 0; i < NOTICE_MAIL__MAX; i++) {
        if (str_is(word, mail_words[i])) {
            settings->mail = (enum notice_mail)i;
        }
    }
    settings->invites = db_int(q, column + 1) != 0;
    settings->quiet_from = (int32_t)db_int(q, column + 2);
    settings->quiet_until = (int32_t)db_int(q, column + 3);
    settings->quiet_weekend = db_int(q, column + 4) != 0;
}

enum err notices_settings(struct coach *coach, int64_t person_id, struct notice_settings *settings)
{
    struct db_query *q;
    enum err err = may(coach, ALLOW_VIEW, person_id);
    if (err) {
        return err;
    }
    notices_read_settings(NULL, 0, settings);
    err = sql_first(coach, SQL_NOTICE_SETTINGS, SQL_ARGS(sql_int(person_id)), &q);
    if (err) {
        return err == ERR_NOT_FOUND ? ERR_OK : err;
    }
    notices_read_settings(q, 0, settings);
    db_finish(q);
    return ERR_OK;
}

static void check_minute(struct complaints *complaints, const char *field, int32_t minute)
{
    if (minute < 0 || minute >= DAY_MINUTES) {
        complaint_add(complaints, field, N_("This is a time of day such as 18:00."));
    }
}

enum err notices_settings_save(struct coach *coach, int64_t person_id,
                               const struct notice_settings *s, struct complaints *complaints)
{
    enum err err = may(coach, ALLOW_EDIT, person_id);
    if (err) {
        return err;
    }
    check_minute(complaints, "quiet_from", s->quiet_from);
    check_minute(complaints, "quiet_until", s->quiet_until);
    err = complaint_result(complaints);
    err =
        err ? err
            : sql_run(coach, SQL_NOTICE_SETTINGS_SAVE,
                      SQL_ARGS(sql_int(person_id), sql_word(mail_words[s->mail]),
                               sql_int(s->invites), sql_int(s->quiet_from), sql_int(s->quiet_until),
                               sql_int(s->quiet_weekend), sql_int(coach->now_ms)),
                      NULL);
    return err ? err
               : audit_note(coach, ALLOW_EDIT, allow_of(ALLOW_ON_NOTICE, person_id, 0),
                            mail_words[s->mail]);
}

enum err notices_clean(struct coach *coach, int64_t limit, int64_t *n)
{
    if (!coach->actor.system) {
        return ERR_FORBIDDEN;
    }
    return sql_run(
        coach, SQL_NOTICE_CLEAN,
        SQL_ARGS(sql_int(coach->now_ms - NOTICES_KEEP_DAYS * COACH_DAY_MS), sql_int(limit)), n);
}
