/* Messages inside a partnership. */
#include "coach/messages.h"

#include "base/list.h"
#include "coach/allow.h"
#include "coach/audit.h"
#include "coach/complaint.h"
#include "coach/meetings_read.h"
#include "coach/notices.h"
#include "coach/partnerships.h"

static struct allow_object object_of(int64_t partnership_id, int64_t id)
{
    return allow_within(ALLOW_ON_PARTNERSHIP, partnership_id, id);
}

static enum err is_open(struct coach *coach, int64_t partnership_id, bool *open)
{
    int64_t yes = 0;
    enum err err = sql_number(coach, SQL_MESSAGE_OPEN, SQL_ARGS(sql_int(partnership_id)), &yes);
    *open = err == ERR_OK && yes;
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

/* ---- reading ---- */

static enum err read_line(struct coach *coach, const struct db_query *q, void *item)
{
    struct message_line *line = item;
    enum err err = ERR_OK;
    *line = (struct message_line){
        .id = db_int(q, 0),
        .author_id = db_is_null(q, 1) ? 0 : db_int(q, 1),
        .name = sql_copy_name(coach, q, 2, 3, &err),
        .words = sql_copy(coach, q, 4, &err),
        .created_ms = db_int(q, 5),
        .retracted = !db_is_null(q, 6),
        .fresh = db_int(q, 7) != 0,
    };
    line->mine = line->author_id == coach->actor.person_id;
    line->fresh = line->fresh && !line->mine;
    return err;
}

static void turn_round(struct message_line *lines, size_t n)
{
    for (size_t i = 0; i < n / 2; i++) {
        struct message_line line = lines[i];
        lines[i] = lines[n - 1 - i];
        lines[n - 1 - i] = line;
    }
}

enum err messages_list(struct coach *coach, int64_t partnership_id, int64_t before_id,
                       struct message_list *list)
{
    struct list rows;
    bool open = false;
    enum err err = allowed(coach, ALLOW_VIEW, object_of(partnership_id, 0));
    err = err ? err : is_open(coach, partnership_id, &open);
    list_init(&rows, coach->arena, sizeof(struct message_line), MESSAGES_PAGE + 1);
    err = err ? err
              : sql_list(coach, SQL_MESSAGE_LIST,
                         SQL_ARGS(sql_int(partnership_id), sql_int(coach->actor.person_id),
                                  sql_int(before_id ? before_id : INT64_MAX),
                                  sql_int(MESSAGES_PAGE + 1)),
                         read_line, &rows);
    if (err) {
        return err;
    }
    struct message_line *lines = rows.items;
    bool more = rows.n > MESSAGES_PAGE;
    size_t n = more ? MESSAGES_PAGE : rows.n;
    *list = (struct message_list){
        .items = lines, .n = n, .before_id = more ? lines[n - 1].id : 0, .open = open};
    turn_round(lines, n);
    return ERR_OK;
}

enum err messages_count_new(struct coach *coach, int64_t partnership_id, int64_t *n)
{
    enum err err = allowed(coach, ALLOW_VIEW, object_of(partnership_id, 0));
    return err ? err
               : sql_number(coach, SQL_MESSAGE_COUNT_NEW,
                            SQL_ARGS(sql_int(partnership_id), sql_int(coach->actor.person_id)), n);
}

/* ---- writing ---- */

enum err messages_send(struct coach *coach, int64_t partnership_id, struct str words,
                       struct complaints *complaints, int64_t *id)
{
    struct meeting_member people[MEETINGS_MEMBERS];
    struct str clean;
    int64_t self = coach->actor.person_id, made;
    int32_t n = 0;
    bool open = false;
    enum err err = allowed(coach, ALLOW_ADD, object_of(partnership_id, 0));
    err = err ? err : is_open(coach, partnership_id, &open);
    if (err || !open) {
        return err ? err : ERR_CONFLICT;
    }
    if (!complaint_clean(complaints, "words", words, true, true, MESSAGES_WORDS, &clean)) {
        return complaint_result(complaints);
    }
    err = sql_number(
        coach, SQL_MESSAGE_ADD,
        SQL_ARGS(sql_int(partnership_id), sql_int(self), sql_text(clean), sql_int(coach->now_ms)),
        &made);
    err = err ? err : partnerships_moved(coach, partnership_id);
    err = err ? err : meetings_members(coach, partnership_id, people, &n);
    for (int32_t i = 0; i < n && !err; i++) {
        err = notices_add(coach, people[i].id, NOTICE_MESSAGE, partnership_id, 0);
    }
    if (err) {
        return err;
    }
    *id = made;
    return audit_note(coach, ALLOW_ADD, object_of(partnership_id, made), "message");
}

enum err messages_retract(struct coach *coach, int64_t id, int64_t *partnership_id)
{
    struct db_query *q;
    int64_t partnership, author, changed = 0;
    enum err err = sql_first(coach, SQL_MESSAGE_OF, SQL_ARGS(sql_int(id)), &q);
    if (err) {
        return err;
    }
    partnership = db_int(q, 0);
    author = db_is_null(q, 1) ? 0 : db_int(q, 1);
    db_finish(q);
    err = allowed(coach, ALLOW_VIEW, object_of(partnership, id));
    if (err || author != coach->actor.person_id) {
        return err ? err : ERR_FORBIDDEN;
    }
    *partnership_id = partnership;
    err = sql_run(coach, SQL_MESSAGE_RETRACT, SQL_ARGS(sql_int(id), sql_int(coach->now_ms)),
                  &changed);
    return err || !changed ? err
                           : audit_note(coach, ALLOW_REMOVE, object_of(partnership, id), "message");
}

enum err messages_seen(struct coach *coach, int64_t partnership_id, int64_t id)
{
    int64_t self = coach->actor.person_id;
    enum err err = allowed(coach, ALLOW_VIEW, object_of(partnership_id, 0));
    err = err ? err
              : sql_run(coach, SQL_MESSAGE_SEEN,
                        SQL_ARGS(sql_int(partnership_id), sql_int(self), sql_int(id)), NULL);
    return err ? err : notices_done(coach, self, NOTICE_MESSAGE, partnership_id, 0);
}
