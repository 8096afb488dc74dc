/* The refit of a framework: all its evidence read, fitted jointly, and written back; see zones.h.
 *
 * Writing is done in short transactions of some people each, so that nobody waits for it. Whoever's
 * evidence has changed since it was read is brought up to date in the same transaction, from the
 * new fit; so what is written never loses a piece. */
#include "base/arena.h"
#include "base/list.h"
#include "coach/sql.h"
#include "coach/zones.h"
#include "coach/zones_read.h"
#include "coach/zones_store.h"

#include <string.h>

#define MEMORY ((size_t)2 << 30) /* most bytes of one refit */
#define PEOPLE_AT_ONCE 200       /* of one transaction */
#define READING 0.1              /* shares of the work, for `renew` */
#define WRITING 0.2

struct refit {
    struct coach *coach;
    struct zones_evidence data; /* what was read */
    struct zones_fit last;      /* the fit before */
    struct zone_fit *fit;
    int64_t fit_ms;   /* names this fit */
    int64_t begun_ms; /* by the clock */
    int32_t first;    /* person of the batch at hand */
    int64_t *late;    /* people without rows yet */
    size_t n_late, first_late;
    bool (*renew)(void *ctx, double done);
    void *ctx;
    double from, share; /* of what is at hand */
};

static bool progress(void *ctx, double done)
{
    const struct refit *r = ctx;
    return r->renew && r->renew(r->ctx, r->from + r->share * done);
}

/* ---- the framework's rows ---- */

static enum err write_skill(struct refit *r, int32_t s)
{
    const struct zone_skill *skill = &r->fit->skills[s];
    int32_t nobody = r->data.zone.n_people - 1;
    const struct zone_estimate *prior =
        &r->fit->estimates[(size_t)nobody * (size_t)r->data.zone.n_skills + (size_t)s];
    struct str thresholds;
    enum err err = zones_write_numbers(r->coach, skill->threshold, r->data.zone.skill_levels[s] - 1,
                                       &thresholds);
    return err ? err
               : sql_run(r->coach, SQL_ZONE_SKILL_FIT_SAVE,
                         SQL_ARGS(sql_int(r->data.skill_ids[s]), sql_double(skill->difficulty),
                                  sql_text(thresholds), sql_double(skill->mean),
                                  sql_double(skill->sd), sql_int(skill->n_people),
                                  sql_double(prior->alone), sql_double(prior->alone_sd),
                                  sql_double(prior->gain), sql_double(prior->gain_sd),
                                  sql_double(prior->alone_gain_cov)),
                         NULL);
}

static enum err write_rater(struct refit *r, int32_t k)
{
    const struct zone_rater *rater = &r->fit->raters[k];
    return sql_run(r->coach, SQL_ZONE_RATER_SAVE,
                   SQL_ARGS(sql_int(r->data.framework_id), sql_int(r->data.rater_ids[k]),
                            sql_double(rater->severity), sql_double(rater->severity_sd),
                            sql_double(rater->infit), sql_double(rater->outfit),
                            sql_int(rater->n_ratings), sql_int(rater->n_people),
                            sql_int(rater->subset)),
                   NULL);
}

/* The fit is marked as not done (-1) until everybody's rows are written. */
static enum err write_fit(struct coach *coach, void *ctx)
{
    struct refit *r = ctx;
    struct str model;
    double took = (double)(coach_clock_ms() - r->begun_ms) / 1000;
    enum err err = zones_write_model(coach, r->fit, took, &model);
    err = err ? err
              : sql_run(coach, SQL_ZONE_FIT_SAVE,
                        SQL_ARGS(sql_int(r->data.framework_id), sql_int(r->fit_ms),
                                 sql_int(r->data.last_id), sql_int(r->data.n_evidence), sql_int(-1),
                                 sql_int(r->fit->n_subsets), sql_text(model)),
                        NULL);
    err =
        err ? err
            : sql_run(coach, SQL_ZONE_RATERS_FORGET, SQL_ARGS(sql_int(r->data.framework_id)), NULL);
    for (int32_t s = 0; s < r->data.zone.n_skills && !err; s++) {
        err = write_skill(r, s);
    }
    for (int32_t k = 0; k < r->data.zone.n_raters && !err; k++) {
        err = write_rater(r, k);
    }
    return err;
}

/* ---- people's rows ---- */

/* Whether other pieces count by now than were read. */
static enum err has_changed(struct refit *r, const struct zones_person_read *person, bool *yes)
{
    struct db_query *q;
    enum err err = sql_first(r->coach, SQL_ZONE_PERSON_SUM,
                             SQL_ARGS(sql_int(person->id), sql_int(r->data.framework_id)), &q);
    if (err) {
        return err;
    }
    *yes = db_int(q, 0) != person->n || db_int(q, 1) != person->ids;
    db_finish(q);
    return ERR_OK;
}

static enum err write_person(struct refit *r, int32_t p, const struct zones_fit *fit)
{
    const struct zones_person_read *person = &r->data.people[p];
    int32_t n_skills = r->data.zone.n_skills;
    bool changed = false;
    enum err err = ERR_OK;
    for (int32_t s = 0; s < n_skills && !err; s++) {
        const struct zone_estimate *e =
            &r->fit->estimates[(size_t)p * (size_t)n_skills + (size_t)s];
        struct zones_base base = zones_base_of(e);
        zones_behind(&r->data, p, s, &base.n, &base.ids);
        base.last_id = r->data.last_id;
        base.fit_ms = r->fit_ms;
        err = zones_save(r->coach, person->id, r->data.skill_ids[s], e, &base);
    }
    err = err ? err : has_changed(r, person, &changed);
    return err || !changed ? err : zones_renew(r->coach, person->id, fit);
}

static enum err write_people(struct coach *coach, void *ctx)
{
    struct refit *r = ctx;
    struct zones_fit fit;
    int32_t n = r->data.n_people,
            end = r->first + PEOPLE_AT_ONCE < n ? r->first + PEOPLE_AT_ONCE : n;
    enum err err = zones_load_fit(coach, r->data.framework_id, &fit);
    for (int32_t p = r->first; p < end && !err; p++) {
        err = write_person(r, p, &fit);
    }
    return err;
}

/* ---- who came in between ---- */

static enum err find_late(struct coach *coach, void *ctx)
{
    struct refit *r = ctx;
    struct list list;
    struct db_query *q;
    enum err failed = ERR_OK,
             err = sql_rows(coach, SQL_ZONE_NEW_PEOPLE,
                            SQL_ARGS(sql_int(r->data.framework_id), sql_int(r->data.last_id)), &q);
    if (err) {
        return err;
    }
    list_init(&list, coach->arena, sizeof(int64_t), SIZE_MAX);
    while (!failed && (err = db_step(q)) == ERR_OK) {
        int64_t id = db_int(q, 0);
        failed = list_add(&list, &id) ? ERR_OK : list.err;
    }
    db_finish(q);
    r->late = list.items;
    r->n_late = list.n;
    return failed ? failed : err == ERR_NOT_FOUND ? ERR_OK : err;
}

static enum err write_late(struct coach *coach, void *ctx)
{
    struct refit *r = ctx;
    struct zones_fit fit;
    size_t end =
        r->first_late + PEOPLE_AT_ONCE < r->n_late ? r->first_late + PEOPLE_AT_ONCE : r->n_late;
    enum err err = zones_load_fit(coach, r->data.framework_id, &fit);
    for (size_t k = r->first_late; k < end && !err; k++) {
        err = zones_renew(coach, r->late[k], &fit);
    }
    return err;
}

static enum err finish(struct coach *coach, void *ctx)
{
    struct refit *r = ctx;
    enum err err = sql_run(coach, SQL_ZONE_FORGET_REST,
                           SQL_ARGS(sql_int(r->data.framework_id), sql_int(r->fit_ms)), NULL);
    return err ? err
               : sql_run(coach, SQL_ZONE_FIT_DONE,
                         SQL_ARGS(sql_int(r->data.framework_id), sql_int(r->fit_ms),
                                  sql_int(r->data.evidence_ids)),
                         NULL);
}

/* ---- all of it ---- */

static enum err read_evidence(struct coach *coach, void *ctx)
{
    struct refit *r = ctx;
    enum err err = zones_load_fit(coach, r->data.framework_id, &r->last);
    return err ? err : zones_read_evidence(coach, &r->last, &r->data);
}

/* The memory of a batch is given back after it. */
static enum err transact(struct refit *r, struct arena *arena, enum coach_mode mode,
                         coach_work_fn *work)
{
    struct arena *own = arena_child(arena), *before = r->coach->arena;
    if (!own) {
        return ERR_NOMEM;
    }
    r->coach->arena = own;
    enum err err = coach_transact(r->coach, mode, work, r);
    r->coach->arena = before;
    arena_free(own);
    return err;
}

static enum err write_all(struct refit *r, struct arena *arena)
{
    enum err err = transact(r, arena, COACH_WRITE, write_fit);
    r->from = 1 - WRITING;
    r->share = WRITING;
    for (r->first = 0; r->first < r->data.n_people && !err; r->first += PEOPLE_AT_ONCE) {
        err = progress(r, (double)r->first / r->data.n_people) ? ERR_LIMIT : ERR_OK;
        err = err ? err : transact(r, arena, COACH_WRITE, write_people);
    }
    err = err ? err : coach_transact(r->coach, COACH_READ, find_late, r);
    for (r->first_late = 0; r->first_late < r->n_late && !err; r->first_late += PEOPLE_AT_ONCE) {
        err = transact(r, arena, COACH_WRITE, write_late);
    }
    return err ? err : transact(r, arena, COACH_WRITE, finish);
}

static enum err fit_and_write(struct refit *r, struct arena *arena)
{
    r->from = READING;
    r->share = 1 - READING - WRITING;
    enum err err = zone_fit(arena, &r->data.zone, progress, r, &r->fit);
    /* Two fits within a millisecond must still have different names. */
    r->fit_ms = r->coach->now_ms > r->last.finished_ms ? r->coach->now_ms : r->last.finished_ms + 1;
    return err ? err : write_all(r, arena);
}

enum err zones_refit(struct coach *coach, int64_t framework_id,
                     bool (*renew)(void *ctx, double done), void *ctx, struct zones_refit *report)
{
    struct refit r = {
        .coach = coach, .data.framework_id = framework_id, .renew = renew, .ctx = ctx};
    struct arena *arena = arena_new(MEMORY), *before = coach->arena;
    if (!arena) {
        return ERR_NOMEM;
    }
    coach->arena = arena;
    r.begun_ms = coach_clock_ms();
    *report = (struct zones_refit){.framework_id = framework_id};
    enum err err = coach_transact(coach, COACH_READ, read_evidence, &r);
    report->n_evidence = r.data.n_evidence;
    report->n_people = r.data.n_people;
    report->n_skills = r.data.zone.n_skills;
    report->n_raters = r.data.zone.n_raters;
    report->unchanged = !err && r.last.finished_ms > 0 && r.last.n_evidence == r.data.n_evidence &&
                        r.last.evidence_ids == r.data.evidence_ids;
    if (!err && !report->unchanged) {
        err = fit_and_write(&r, arena);
    }
    if (!err && r.fit) {
        report->n_subsets = r.fit->n_subsets;
        report->n_iterations = r.fit->n_iterations;
        report->converged = r.fit->converged;
    }
    report->peak_bytes = arena_peak(arena);
    coach->arena = before;
    arena_free(arena);
    return err;
}
