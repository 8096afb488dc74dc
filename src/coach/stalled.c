/* Partnerships that stand still; see stalled.h. */
#include "coach/stalled.h"

#include "base/arena.h"
#include "coach/coach.h"
#include "coach/notices.h"
#include "coach/partnerships.h"
#include "coach/schooldays.h"
#include "coach/sql.h"

#define WHOM 200      /* as in STALLED_WHOM */
#define PROGRAMMES 20 /* as in STALLED_PROGRAMMES */

struct candidate {
    int64_t id, moved_ms, programme_id;
    int64_t still_ms, nudged_ms, told_ms; /* 0: not */
    int64_t sign_ms;                      /* the last sign of life ... */
    int32_t step_day;                     /* ... or the day that was agreed on; 0: none */
};

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static enum err read_some(struct coach *coach, const struct stalled_look *look,
                          struct candidate *items, int *n)
{
    struct db_query *q;
    int64_t before_ms = coach->now_ms - (STALLED_DAYS - 1) * COACH_DAY_MS;
    *n = 0;
    enum err err = sql_rows(coach, SQL_STALLED_CANDIDATES,
                            SQL_ARGS(sql_int(before_ms), sql_int(look->moved_ms), sql_int(look->id),
                                     sql_int(STALLED_AT_ONCE)),
                            &q);
    if (err) {
        return err;
    }
    while (*n < STALLED_AT_ONCE && (err = db_step(q)) == ERR_OK) {
        struct candidate *c = &items[(*n)++];
        *c = (struct candidate){.id = db_int(q, 0),
                                .moved_ms = db_int(q, 1),
                                .still_ms = db_int(q, 2),
                                .nudged_ms = db_int(q, 3),
                                .told_ms = db_int(q, 4),
                                .programme_id = db_int(q, 5),
                                .step_day = (int32_t)db_int(q, 7)};
        c->sign_ms = later(c->moved_ms, later(db_int(q, 6), db_int(q, 8)));
    }
    db_finish(q);
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

static enum err keep(struct coach *coach, const struct candidate *c)
{
    return sql_run(coach, SQL_STALLED_SET,
                   SQL_ARGS(sql_int(c->id), sql_id_or_null(c->still_ms),
                            sql_id_or_null(c->nudged_ms), sql_id_or_null(c->told_ms)),
                   NULL);
}

/* ---- what follows ---- */

static enum err nudge(struct coach *coach, struct candidate *c)
{
    int64_t people[PARTNERSHIPS_MEMBERS];
    int64_t n;
    enum err err = sql_ids(coach, SQL_STALLED_MEMBERS, SQL_ARGS(sql_int(c->id)), people,
                           PARTNERSHIPS_MEMBERS, &n);
    for (int64_t k = 0; k < n && !err; k++) {
        err = notices_add(coach, people[k], NOTICE_STALLED, c->id, 0);
    }
    c->still_ms = c->sign_ms;
    c->nudged_ms = coach->now_ms;
    c->told_ms = 0;
    return err ? err : keep(coach, c);
}

static enum err tell_of(struct coach *coach, const struct candidate *c, int64_t programme_id)
{
    int64_t people[WHOM];
    int64_t n;
    enum err err = sql_ids(coach, SQL_STALLED_WHOM, SQL_ARGS(sql_int(c->id), sql_int(programme_id)),
                           people, WHOM, &n);
    for (int64_t k = 0; k < n && !err; k++) {
        err = notices_add(coach, people[k], NOTICE_STALLED_PAIR, 0, programme_id);
    }
    return err;
}

static enum err tell(struct coach *coach, struct candidate *c)
{
    int64_t programmes[PROGRAMMES] = {c->programme_id};
    int64_t n = 1;
    enum err err = c->programme_id ? ERR_OK
                                   : sql_ids(coach, SQL_STALLED_PROGRAMMES,
                                             SQL_ARGS(sql_int(c->id)), programmes, PROGRAMMES, &n);
    for (int64_t k = 0; k < n && !err; k++) {
        err = tell_of(coach, c, programmes[k]);
    }
    c->told_ms = coach->now_ms;
    return err ? err : keep(coach, c);
}

/* There was a sign of life that partnerships_moved does not see. */
static enum err end(struct coach *coach, struct candidate *c)
{
    c->still_ms = c->nudged_ms = c->told_ms = 0;
    enum err err = notices_done(coach, 0, NOTICE_STALLED, c->id, 0);
    return err ? err : keep(coach, c);
}

static enum err look_at(struct coach *coach, const struct schooldays *days, int32_t today,
                        struct candidate *c, struct stalled_look *look)
{
    int32_t since = schooldays_day(days, c->sign_ms);
    since = c->step_day > since ? c->step_day : since;
    bool still = schooldays_count(days, since, today, STALLED_DAYS) == STALLED_DAYS;
    look->n_looked++;
    if (!still) {
        look->n_ended += c->still_ms != 0;
        return c->still_ms ? end(coach, c) : ERR_OK;
    }
    if (c->still_ms != c->sign_ms) {
        look->n_nudged++;
        return nudge(coach, c);
    }
    int32_t nudged = schooldays_day(days, c->nudged_ms);
    if (!c->told_ms &&
        schooldays_count(days, nudged, today, STALLED_TELL_DAYS) == STALLED_TELL_DAYS) {
        look->n_told++;
        return tell(coach, c);
    }
    return ERR_OK;
}

enum err stalled_look(struct coach *coach, struct stalled_look *look)
{
    struct schooldays days;
    struct candidate *items = arena_alloc(coach->arena, STALLED_AT_ONCE, sizeof *items);
    int n = 0;
    look->more = 0;
    if (!coach->actor.system) {
        return ERR_FORBIDDEN;
    }
    if (!items) {
        return ERR_NOMEM;
    }
    enum err err = schooldays_load(coach, &days);
    int32_t today = err ? 0 : schooldays_day(&days, coach->now_ms);
    if (err || !schooldays_is(&days, today)) {
        return err;
    }
    err = read_some(coach, look, items, &n);
    for (int k = 0; k < n && !err; k++) {
        err = look_at(coach, &days, today, &items[k], look);
    }
    if (n > 0) {
        look->moved_ms = items[n - 1].moved_ms;
        look->id = items[n - 1].id;
    }
    look->more = n == STALLED_AT_ONCE;
    return err;
}
