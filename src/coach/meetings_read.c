/* Meetings from the database: one, those of a partnership, those of a person. */
#include "coach/meetings_read.h"

#include "base/buf.h"
#include "base/list.h"
#include "coach/allow.h"

#define NAMES 1000 /* bytes of the members' names */

static const char *const words[MEETING_STATE__MAX] = {
    [MEETING_PROPOSED] = "proposed", [MEETING_CONFIRMED] = "confirmed", [MEETING_HELD] = "held",
    [MEETING_MISSED] = "missed",     [MEETING_CANCELLED] = "cancelled",
};

const char *meetings_state_word(enum meeting_state state)
{
    return words[state];
}

enum err meetings_members(struct coach *coach, int64_t partnership_id,
                          struct meeting_member people[MEETINGS_MEMBERS], int32_t *n)
{
    struct db_query *q;
    *n = 0;
    enum err err = sql_rows(coach, SQL_MEETING_MEMBERS, SQL_ARGS(sql_int(partnership_id)), &q);
    if (err) {
        return err;
    }
    while (*n < MEETINGS_MEMBERS && (err = db_step(q)) == ERR_OK) {
        people[*n].id = db_int(q, 0);
        people[*n].name = sql_copy_name(coach, q, 1, 2, &err);
        if (err) {
            break;
        }
        ++*n;
    }
    db_finish(q);
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

/* A row of MEETING_COLUMNS. */
static enum err read_row(struct coach *coach, const struct db_query *q, void *item)
{
    struct meeting *meeting = item;
    enum err err = ERR_OK;
    struct str state = db_text(q, 2);
    int at = 0;
    while (at < MEETING_STATE__MAX && !str_is(state, words[at])) {
        at++;
    }
    if (at == MEETING_STATE__MAX) {
        return ERR_INVALID;
    }
    *meeting = (struct meeting){
        .id = db_int(q, 0),
        .partnership_id = db_int(q, 1),
        .state = (enum meeting_state)at,
        .uid = sql_copy(coach, q, 3, &err),
        .sequence = db_int(q, 4),
        .subject = sql_copy(coach, q, 5, &err),
        .place = sql_copy(coach, q, 6, &err),
        .minutes = (int32_t)db_int(q, 7),
        .starts_ms = db_is_null(q, 8) ? 0 : db_int(q, 8),
        .proposed_by = db_is_null(q, 9) ? 0 : db_int(q, 9),
        .created_ms = db_int(q, 10),
        .changed_ms = db_int(q, 11),
        .proposer = sql_copy_name(coach, q, 12, 13, &err),
    };
    meeting->begun = meeting->starts_ms && meeting->state != MEETING_CANCELLED &&
                     meeting->starts_ms <= coach->now_ms;
    return err;
}

/* The times proposed, and who else is in it; seen by `reader`. */
static enum err read_rest(struct coach *coach, int64_t reader, struct meeting *meeting)
{
    struct meeting_member people[MEETINGS_MEMBERS];
    struct buf names;
    int64_t n_times;
    int32_t n = 0;
    enum err err = sql_ids(coach, SQL_MEETING_TIMES, SQL_ARGS(sql_int(meeting->id)), meeting->times,
                           MEETINGS_TIMES, &n_times);
    meeting->n_times = (int32_t)n_times;
    err = err ? err : meetings_members(coach, meeting->partnership_id, people, &n);
    if (err) {
        return err;
    }
    buf_init(&names, coach->arena, NAMES);
    for (int32_t i = 0; i < n; i++) {
        if (people[i].id != reader) {
            buf_add_text(&names, names.n ? ", " : "");
            buf_add(&names, people[i].name);
        }
    }
    meeting->mine = meeting->proposed_by == reader && reader != 0;
    return buf_end(&names, &meeting->others);
}

enum err meetings_find(struct coach *coach, int64_t id, int64_t reader, struct meeting *meeting)
{
    struct db_query *q;
    enum err err = sql_first(coach, SQL_MEETING_GET, SQL_ARGS(sql_int(id)), &q);
    if (err) {
        return err;
    }
    err = read_row(coach, q, meeting);
    db_finish(q);
    return err ? err : read_rest(coach, reader, meeting);
}

static enum err read_list(struct coach *coach, enum sql_id id, const struct sql_arg *args, int n,
                          size_t most, struct meeting_list *list)
{
    struct list rows;
    list_init(&rows, coach->arena, sizeof(struct meeting), most);
    enum err err = sql_list(coach, id, args, n, read_row, &rows);
    if (err) {
        return err;
    }
    *list = (struct meeting_list){rows.items, rows.n};
    for (size_t i = 0; i < list->n && !err; i++) {
        err = read_rest(coach, coach->actor.person_id, &list->items[i]);
    }
    return err;
}

enum err meetings_get(struct coach *coach, int64_t id, struct meeting *meeting)
{
    struct meeting found;
    enum err err = meetings_find(coach, id, coach->actor.person_id, &found);
    if (err) {
        return err;
    }
    err =
        allowed(coach, ALLOW_VIEW,
                allow_written(ALLOW_ON_PARTNERSHIP, found.partnership_id, id, 0, found.created_ms));
    if (err == ERR_OK) {
        *meeting = found;
    }
    return err;
}

enum err meetings_of(struct coach *coach, int64_t partnership_id, struct meeting_list *list)
{
    enum err err =
        allowed(coach, ALLOW_VIEW, allow_within(ALLOW_ON_PARTNERSHIP, partnership_id, 0));
    return err ? err
               : read_list(coach, SQL_MEETING_OF,
                           SQL_ARGS(sql_int(partnership_id), sql_int(MEETINGS_SHOWN)),
                           MEETINGS_SHOWN, list);
}

enum err meetings_of_actor(struct coach *coach, int64_t from_ms, size_t limit,
                           struct meeting_list *list)
{
    int64_t self = coach->actor.person_id;
    if (!self) {
        return ERR_FORBIDDEN;
    }
    return read_list(coach, SQL_MEETING_OF_PERSON,
                     SQL_ARGS(sql_int(self), sql_int(from_ms), sql_int((int64_t)limit)), limit,
                     list);
}

enum err meetings_for(struct coach *coach, int64_t id, int64_t person_id, struct meeting *meeting)
{
    struct meeting_member people[MEETINGS_MEMBERS];
    int32_t n = 0;
    int64_t one;
    bool member = false;
    if (!coach->actor.system) {
        return ERR_FORBIDDEN;
    }
    enum err err = meetings_find(coach, id, person_id, meeting);
    err = err ? err : meetings_members(coach, meeting->partnership_id, people, &n);
    for (int32_t i = 0; i < n; i++) {
        member |= people[i].id == person_id;
    }
    if (err || !member) {
        return err ? err : ERR_NOT_FOUND;
    }
    err = sql_number(coach, SQL_ALLOW_EVALUATES_MEMBER,
                     SQL_ARGS(sql_int(meeting->partnership_id), sql_int(person_id)), &one);
    if (err == ERR_NOT_FOUND) {
        return ERR_OK;
    }
    /* An evaluator by now: they learn that it is off, and nothing of what it was about. */
    meeting->subject = meeting->place = (struct str){"", 0};
    return err || meeting->state == MEETING_CANCELLED ? err : ERR_NOT_FOUND;
}
