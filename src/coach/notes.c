/* Notes in a cycle; see notes.h. */
#include "coach/notes.h"

#include "base/list.h"
#include "coach/allow.h"
#include "coach/complaint.h"
#include "coach/cycles_store.h"
#include "coach/notices.h"
#include "coach/partnerships.h"
#include "coach/partnerships_store.h"

static const char *const words[NOTE_KIND__MAX] = {"private", "shared", "joint"};
static const enum allow_kind objects[NOTE_KIND__MAX] = {ALLOW_ON_PRIVATE_NOTE, ALLOW_ON_SHARED_NOTE,
                                                        ALLOW_ON_JOINT_NOTE};

/* ---- reading ---- */

/* What the actor may do with it; *seen false: not even read it. */
static enum err see(struct coach *coach, int64_t partnership_id, bool runs, struct note *note,
                    bool *seen)
{
    struct allow_object object = allow_written(objects[note->kind], partnership_id, note->id,
                                               note->author_id, note->created_ms);
    enum err err = allowed_quietly(coach, ALLOW_VIEW, object, seen);
    err =
        err || !*seen || !runs ? err : allowed_quietly(coach, ALLOW_EDIT, object, &note->can_edit);
    return err || !*seen ? err : allowed_quietly(coach, ALLOW_REMOVE, object, &note->can_remove);
}

static enum err read_note(struct coach *coach, const struct db_query *q, void *item)
{
    enum err err = ERR_OK;
    *(struct note *)item = (struct note){
        .id = db_int(q, 0),
        .author_id = db_int(q, 1),
        .author = sql_copy_name(coach, q, 2, 3, &err),
        .stage = cycles_stage_of(db_text(q, 4)),
        .kind = (enum note_kind)partnerships_word_index(db_text(q, 5), words, NOTE_KIND__MAX),
        .words = sql_copy(coach, q, 6, &err),
        .created_ms = db_int(q, 7),
        .changed_ms = db_int(q, 8),
    };
    return err;
}

enum err notes_of_cycle(struct coach *coach, int64_t cycle_id, struct note_list *list)
{
    struct cycle_place place;
    struct partnership_row row;
    struct list rows;
    *list = (struct note_list){NULL, 0};
    enum err err = cycles_place(coach, cycle_id, &place);
    err = err ? err
              : allowed(coach, ALLOW_VIEW,
                        allow_within(ALLOW_ON_CYCLE, place.partnership_id, cycle_id));
    err = err ? err : partnerships_row(coach, place.partnership_id, &row);
    list_init(&rows, coach->arena, sizeof(struct note), NOTES_OF_CYCLE);
    err = err ? err
              : sql_list(coach, SQL_NOTE_OF_CYCLE,
                         SQL_ARGS(sql_int(cycle_id), sql_int(coach->actor.person_id)), read_note,
                         &rows);
    if (err) {
        return err;
    }
    struct note *items = rows.items;
    bool runs = row.state == PARTNERSHIP_ACTIVE;
    for (size_t k = 0; k < rows.n && !err; k++) {
        bool seen = false;
        err = see(coach, place.partnership_id, runs, &items[k], &seen);
        if (!err && seen) {
            items[list->n++] = items[k];
        }
    }
    list->items = items;
    return err;
}

/* ---- writing ---- */

static enum err tell(struct coach *coach, int64_t partnership_id)
{
    int64_t people[PARTNERSHIPS_MEMBERS];
    int32_t n;
    enum err err = partnerships_others(coach, partnership_id, people, &n);
    for (int32_t k = 0; k < n && !err; k++) {
        err = notices_add(coach, people[k], NOTICE_NOTE_SHARED, partnership_id, 0);
    }
    return err;
}

enum err notes_add(struct coach *coach, int64_t cycle_id, enum cycle_stage stage,
                   enum note_kind kind, struct str text, struct complaints *complaints, int64_t *id)
{
    struct cycle_place place;
    struct partnership_row row;
    struct str clean;
    int64_t n = 0, self = coach->actor.person_id;
    enum err err = cycles_place(coach, cycle_id, &place);
    err = err ? err
              : allowed(coach, ALLOW_ADD,
                        allow_written(objects[kind], place.partnership_id, 0, self, 0));
    err = err ? err : partnerships_row(coach, place.partnership_id, &row);
    if (err) {
        return err;
    }
    if (row.state != PARTNERSHIP_ACTIVE || stage >= CYCLE_STAGE__MAX || self == 0) {
        return ERR_CONFLICT;
    }
    if (!complaint_clean(complaints, "words", text, true, true, NOTES_WORDS, &clean)) {
        return complaint_result(complaints);
    }
    err = sql_number(coach, SQL_NOTE_COUNT, SQL_ARGS(sql_int(cycle_id)), &n);
    if (!err && n >= NOTES_OF_CYCLE) {
        return ERR_LIMIT;
    }
    err = err ? err
              : sql_number(coach, SQL_NOTE_ADD,
                           SQL_ARGS(sql_int(cycle_id), sql_int(self),
                                    sql_word(cycles_stage_word(stage)), sql_word(words[kind]),
                                    sql_text(clean), sql_int(coach->now_ms)),
                           id);
    if (!err && place.runs && kind != NOTE_PRIVATE && stage == place.stage) {
        err = cycles_touch(coach, cycle_id);
    }
    return err || kind != NOTE_SHARED ? err : tell(coach, place.partnership_id);
}

struct note_place {
    int64_t cycle_id, author_id, created_ms, changed_ms, partnership_id;
    enum note_kind kind;
    bool runs;
};

static enum err find(struct coach *coach, enum allow_verb verb, int64_t id,
                     struct note_place *place)
{
    struct db_query *q;
    enum err err = sql_first(coach, SQL_NOTE_ROW, SQL_ARGS(sql_int(id)), &q);
    if (err) {
        return err;
    }
    *place = (struct note_place){
        .cycle_id = db_int(q, 0),
        .author_id = db_int(q, 1),
        .kind = (enum note_kind)partnerships_word_index(db_text(q, 2), words, NOTE_KIND__MAX),
        .created_ms = db_int(q, 3),
        .changed_ms = db_int(q, 4),
        .partnership_id = db_int(q, 5),
        .runs = str_is(db_text(q, 6), "active"),
    };
    db_finish(q);
    return allowed(coach, verb,
                   allow_written(objects[place->kind], place->partnership_id, id, place->author_id,
                                 place->created_ms));
}

/* A clock that stood still must not hide that something was changed. */
static int64_t later(const struct coach *coach, int64_t than)
{
    return coach->now_ms > than ? coach->now_ms : than + 1;
}

enum err notes_edit(struct coach *coach, int64_t id, int64_t changed_ms, struct str text,
                    struct complaints *complaints)
{
    struct note_place place;
    struct str clean;
    enum err err = find(coach, ALLOW_EDIT, id, &place);
    if (err) {
        return err;
    }
    if (!place.runs || place.changed_ms != changed_ms) {
        return ERR_CONFLICT;
    }
    if (!complaint_clean(complaints, "words", text, true, true, NOTES_WORDS, &clean)) {
        return complaint_result(complaints);
    }
    return sql_run(coach, SQL_NOTE_EDIT,
                   SQL_ARGS(sql_int(id), sql_text(clean), sql_int(later(coach, place.changed_ms))),
                   NULL);
}

enum err notes_share(struct coach *coach, int64_t id, bool shared)
{
    struct note_place place;
    enum err err = find(coach, ALLOW_EDIT, id, &place);
    if (err) {
        return err;
    }
    if (place.author_id != coach->actor.person_id) {
        return ERR_FORBIDDEN;
    }
    if (place.kind == NOTE_JOINT || (shared && !place.runs)) {
        return ERR_CONFLICT;
    }
    if ((place.kind == NOTE_SHARED) == shared) {
        return ERR_OK;
    }
    err = sql_run(coach, SQL_NOTE_SET_KIND,
                  SQL_ARGS(sql_int(id), sql_word(words[shared ? NOTE_SHARED : NOTE_PRIVATE]),
                           sql_int(later(coach, place.changed_ms))),
                  NULL);
    return err || !shared ? err : tell(coach, place.partnership_id);
}

enum err notes_remove(struct coach *coach, int64_t id)
{
    struct note_place place;
    enum err err = find(coach, ALLOW_REMOVE, id, &place);
    return err ? err : sql_run(coach, SQL_NOTE_DELETE, SQL_ARGS(sql_int(id)), NULL);
}
