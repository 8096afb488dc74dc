/* The pad: lines of a visit; see observations.h. */
#include "coach/observations.h"

#include "base/list.h"
#include "coach/allow.h"
#include "coach/complaint.h"
#include "coach/cycles_store.h"
#include "coach/notices.h"
#include "coach/partnerships.h"

#define VISITS 10 /* of one cycle: one of each member */

/* ---- reading ---- */

static enum err read_line(struct coach *coach, const struct db_query *q, void *item)
{
    enum err err = ERR_OK;
    *(struct observation_line *)item =
        (struct observation_line){.key = sql_copy(coach, q, 0, &err),
                                  .at_ms = db_int(q, 1),
                                  .words = sql_copy(coach, q, 2, &err)};
    return err;
}

static enum err read_lines(struct coach *coach, struct observation *o)
{
    struct list lines;
    list_init(&lines, coach->arena, sizeof(struct observation_line), OBSERVATIONS_LINES);
    enum err err =
        sql_list(coach, SQL_OBSERVATION_LINES, SQL_ARGS(sql_int(o->id)), read_line, &lines);
    o->lines = lines.items;
    o->n = lines.n;
    return err;
}

static enum err read_visit(struct coach *coach, const struct db_query *q, void *item)
{
    enum err err = ERR_OK;
    *(struct observation *)item =
        (struct observation){.id = db_int(q, 0),
                             .cycle_id = db_int(q, 1),
                             .author_id = db_int(q, 2),
                             .author = sql_copy_name(coach, q, 3, 4, &err),
                             .started_ms = db_int(q, 5),
                             .shared = !db_is_null(q, 6)};
    return err;
}

static enum err read_visits(struct coach *coach, int64_t cycle_id, struct list *visits)
{
    list_init(visits, coach->arena, sizeof(struct observation), VISITS);
    return sql_list(coach, SQL_OBSERVATION_OF_CYCLE,
                    SQL_ARGS(sql_int(cycle_id), sql_int(coach->actor.person_id)), read_visit,
                    visits);
}

enum err observations_of_cycle(struct coach *coach, int64_t cycle_id, struct observation **list,
                               size_t *n)
{
    struct cycle_place place;
    struct list visits;
    *list = NULL;
    *n = 0;
    enum err err = cycles_place(coach, cycle_id, &place);
    err = err ? err
              : allowed(coach, ALLOW_VIEW,
                        allow_within(ALLOW_ON_CYCLE, place.partnership_id, cycle_id));
    err = err ? err : read_visits(coach, cycle_id, &visits);
    if (err) {
        return err;
    }
    struct observation *items = visits.items;
    for (size_t k = 0; k < visits.n && !err; k++) {
        bool seen = false;
        enum allow_kind kind = items[k].shared ? ALLOW_ON_SHARED_NOTE : ALLOW_ON_PRIVATE_NOTE;
        err = allowed_quietly(coach, ALLOW_VIEW,
                              allow_written(kind, place.partnership_id, items[k].id,
                                            items[k].author_id, items[k].started_ms),
                              &seen);
        if (!err && seen) {
            items[*n] = items[k];
            err = read_lines(coach, &items[(*n)++]);
        }
    }
    *list = items;
    return err;
}

/* ---- writing ---- */

static bool is_key(struct str key)
{
    bool right = key.n > 0 && key.n <= OBSERVATIONS_KEY;
    for (size_t k = 0; right && k < key.n; k++) {
        char c = key.p[k];
        right =
            (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
    }
    return right;
}

static enum err find_or_make(struct coach *coach, int64_t cycle_id, int64_t started_ms, int64_t *id)
{
    struct sql_arg cycle = sql_int(cycle_id), self = sql_int(coach->actor.person_id);
    bool sane = started_ms > coach->now_ms - OBSERVATIONS_LONGEST - COACH_DAY_MS * 30 &&
                started_ms <= coach->now_ms;
    enum err err = sql_number(coach, SQL_OBSERVATION_FIND, SQL_ARGS(cycle, self), id);
    if (err != ERR_NOT_FOUND) {
        return err;
    }
    return sql_number(coach, SQL_OBSERVATION_ADD,
                      SQL_ARGS(cycle, self, sql_int(sane ? started_ms : coach->now_ms)), id);
}

static enum err add_lines(struct coach *coach, int64_t id, const struct observation_line *lines,
                          const struct str *clean, size_t n, size_t *n_new)
{
    enum err err = ERR_OK;
    int64_t total = 0;
    for (size_t k = 0; k < n && !err; k++) {
        int64_t changed = 0;
        err = sql_run(coach, SQL_OBSERVATION_ADD_LINE,
                      SQL_ARGS(sql_int(id), sql_text(lines[k].key), sql_int(lines[k].at_ms),
                               sql_text(clean[k]), sql_int(coach->now_ms)),
                      &changed);
        *n_new += changed > 0;
    }
    err = err ? err : sql_number(coach, SQL_OBSERVATION_COUNT, SQL_ARGS(sql_int(id)), &total);
    return err || total <= OBSERVATIONS_LINES ? err : ERR_LIMIT;
}

enum err observations_add(struct coach *coach, int64_t cycle_id, int64_t started_ms,
                          const struct observation_line *lines, size_t n,
                          struct complaints *complaints, size_t *n_new)
{
    struct cycle_place place;
    struct str clean[OBSERVATIONS_BATCH];
    int64_t id, self = coach->actor.person_id;
    *n_new = 0;
    enum err err = cycles_place(coach, cycle_id, &place);
    err = err ? err
              : allowed(coach, ALLOW_ADD,
                        allow_written(ALLOW_ON_PRIVATE_NOTE, place.partnership_id, 0, self, 0));
    if (err) {
        return err;
    }
    /* what was seen while it ran may arrive later, when the connection is back */
    if (self == 0 || n > OBSERVATIONS_BATCH) {
        return self ? ERR_LIMIT : ERR_FORBIDDEN;
    }
    for (size_t k = 0; k < n; k++) {
        complaint_clean(complaints, "words", lines[k].words, true, false, OBSERVATIONS_WORDS,
                        &clean[k]);
        if (!is_key(lines[k].key)) {
            complaint_add(complaints, "key", N_("This line has no proper key. Write it again."));
        }
        if (lines[k].at_ms < 0 || lines[k].at_ms > OBSERVATIONS_LONGEST) {
            complaint_add(complaints, "at", N_("A visit has four hours at most."));
        }
    }
    err = complaint_result(complaints);
    err = err || n == 0 ? err : find_or_make(coach, cycle_id, started_ms, &id);
    err = err || n == 0 ? err : add_lines(coach, id, lines, clean, n, n_new);
    if (!err && *n_new && place.runs && place.stage == CYCLE_VISIT) {
        err = cycles_touch(coach, cycle_id);
    }
    return err;
}

struct visit_place {
    int64_t cycle_id, author_id, partnership_id;
    bool shared;
};

/* For its author. */
static enum err find(struct coach *coach, enum allow_verb verb, int64_t id,
                     struct visit_place *place)
{
    struct db_query *q;
    enum err err = sql_first(coach, SQL_OBSERVATION_ROW, SQL_ARGS(sql_int(id)), &q);
    if (err) {
        return err;
    }
    *place = (struct visit_place){.cycle_id = db_int(q, 0),
                                  .author_id = db_int(q, 1),
                                  .shared = !db_is_null(q, 2),
                                  .partnership_id = db_int(q, 3)};
    db_finish(q);
    return allowed(coach, verb,
                   allow_written(place->shared ? ALLOW_ON_SHARED_NOTE : ALLOW_ON_PRIVATE_NOTE,
                                 place->partnership_id, id, place->author_id, 0));
}

enum err observations_share(struct coach *coach, int64_t id, bool shared)
{
    struct visit_place place;
    int64_t people[PARTNERSHIPS_MEMBERS];
    int32_t n = 0;
    enum err err = find(coach, ALLOW_EDIT, id, &place);
    if (err || place.shared == shared) {
        return err;
    }
    err = sql_run(coach, SQL_OBSERVATION_SHARE,
                  SQL_ARGS(sql_int(id), shared ? sql_int(coach->now_ms) : sql_null()), NULL);
    err = err || !shared ? err : partnerships_others(coach, place.partnership_id, people, &n);
    for (int32_t k = 0; k < n && !err; k++) {
        err = notices_add(coach, people[k], NOTICE_NOTE_SHARED, place.partnership_id, 0);
    }
    return err || !shared
               ? err
               : partnerships_happened(coach, place.partnership_id, PARTNERSHIP_EVENT_SHARED,
                                       coach->actor.person_id, place.cycle_id);
}

enum err observations_remove_line(struct coach *coach, int64_t id, struct str key)
{
    struct visit_place place;
    enum err err = find(coach, ALLOW_REMOVE, id, &place);
    return err ? err
               : sql_run(coach, SQL_OBSERVATION_DELETE_LINE, SQL_ARGS(sql_int(id), sql_text(key)),
                         NULL);
}

enum err observations_remove(struct coach *coach, int64_t id)
{
    struct visit_place place;
    enum err err = find(coach, ALLOW_REMOVE, id, &place);
    return err ? err : sql_run(coach, SQL_OBSERVATION_DELETE, SQL_ARGS(sql_int(id)), NULL);
}
