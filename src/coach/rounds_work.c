/* Working out a round: from the database to proposals in it; see rounds.h. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/crew.h"
#include "base/list.h"
#include "coach/notices.h"
#include "coach/programmes_read.h"
#include "coach/rounds_store.h"
#include "match/certificate.h"

#define MEMORY ((size_t)4 << 30) /* of one round */
#define READ 0.1                 /* share of the work that is reading */
#define SOLVED 0.8               /* up to here it is solving */
#define CHECKED 0.9              /* and up to here holding the proof against every pair */
#define PUT 0.95                 /* told before writing begins */

/* A locked row, with the origin that it keeps. */
struct kept {
    struct round_lock lock;
    bool by_hand;
};

struct work {
    struct coach *coach;
    int64_t id;
    bool stands; /* the round still waits for its result */
    struct rounds_round round;
    struct programme programme;
    struct list kept;  /* struct kept */
    struct list locks; /* struct round_lock */
    struct round_roster roster;
    struct round *engine;
    struct round_result result;
    struct str certificate, problem;
};

bool rounds_progress(void *ctx, double done)
{
    struct rounds_task *task = ctx;
    int64_t now = coach_clock_ms();
    if (now - task->told_ms < ROUNDS_PROGRESS_MS) {
        return false;
    }
    int32_t promille = (int32_t)(1000 * (task->from + task->share * done));
    int32_t most = (int32_t)(1000 * (task->from + task->share));
    promille = promille > task->told ? promille : task->told < most ? task->told + 1 : task->told;
    task->told_ms = now;
    task->told = promille;
    enum err err = coach_begin(task->coach, COACH_WRITE);
    err = err ? err
              : sql_run(task->coach, task->progress, SQL_ARGS(sql_int(task->id), sql_int(promille)),
                        NULL);
    if (err == ERR_OK) {
        err = coach_commit(task->coach);
    }
    if (err) {
        coach_rollback(task->coach); /* it is only what people see while they wait */
    }
    return task->stop && task->stop(task->ctx);
}

/* ---- reading ---- */

static enum err begin(struct coach *coach, void *ctx)
{
    struct work *w = ctx;
    int64_t changed = 0;
    enum err err = sql_run(coach, SQL_ROUND_BEGIN, SQL_ARGS(sql_int(w->id)), &changed);
    w->stands = changed > 0;
    return err;
}

static enum err read_locks(struct coach *coach, struct work *w)
{
    struct db_query *q;
    enum err failed = ERR_OK, err = sql_rows(coach, SQL_ROUND_LOCKS, SQL_ARGS(sql_int(w->id)), &q);
    if (err) {
        return err;
    }
    list_init(&w->kept, coach->arena, sizeof(struct kept), SIZE_MAX);
    list_init(&w->locks, coach->arena, sizeof(struct round_lock), SIZE_MAX);
    while (!failed && (err = db_step(q)) == ERR_OK) {
        struct kept kept = {{db_int(q, 0), db_int(q, 1), db_int(q, 2)},
                            str_is(db_text(q, 3), "hand")};
        bool added = list_add(&w->kept, &kept) && list_add(&w->locks, &kept.lock);
        failed = added ? ERR_OK : ERR_NOMEM;
    }
    db_finish(q);
    return failed ? failed : err == ERR_NOT_FOUND ? ERR_OK : err;
}

/* The options stand in the round, as they were when it was started. */
static enum err read_all(struct coach *coach, void *ctx)
{
    struct work *w = ctx;
    enum err err = rounds_arrange(coach, ALLOW_EDIT, w->id, &w->round);
    err = err ? err : programmes_find(coach, w->round.programme_id, &w->programme);
    err = err ? err : read_locks(coach, w);
    if (!err) {
        w->programme.strategy = w->round.strategy;
        w->programme.most_gain = w->round.most_gain;
        w->programme.lift = w->round.lift;
        w->programme.same_unit = w->round.same_unit;
        err =
            round_roster_read(coach, &w->programme, w->locks.items, w->locks.n, false, &w->roster);
    }
    return err;
}

/* ---- writing ---- */

static int32_t priority_of(const struct round *round, int32_t learner, int32_t skill)
{
    int32_t n;
    const struct round_need *needs = round_needs_of(round, learner, &n);
    for (int32_t k = 0; k < n; k++) {
        if (needs[k].skill == skill && !needs[k].proposed) {
            return needs[k].priority;
        }
    }
    return 0;
}

static struct str first_language(const struct roster *roster, int32_t u, int32_t v)
{
    uint64_t both = roster->people[u].languages & roster->people[v].languages;
    for (int32_t k = 0; k < roster->n_languages; k++) {
        if (both >> k & 1) {
            return roster->languages[k];
        }
    }
    return (struct str){"", 0};
}

static struct str first_period(const struct roster *roster, int32_t u, int32_t v)
{
    for (int32_t k = 0; k < roster->n_periods; k++) {
        uint64_t both =
            roster->people[u].free_periods[k / 64] & roster->people[v].free_periods[k / 64];
        if (both >> (k % 64) & 1) {
            return roster->periods[k];
        }
    }
    return (struct str){"", 0};
}

enum err rounds_add_row(struct coach *coach, int64_t round_id, const struct round_roster *in,
                        const struct round *round, const struct round_proposal *p,
                        const char *origin, bool locked)
{
    static const struct zone_estimate none = {0};
    const struct roster *roster = &in->roster;
    const struct zone_estimate *e =
        p->skill == ROSTER_NONE
            ? &none
            : &in->fit.estimates[(size_t)p->helper * (size_t)roster->n_skills + (size_t)p->skill];
    int32_t unit = roster->values[p->learner];
    bool same = unit != ROSTER_NONE && unit == roster->values[p->helper];
    return sql_run(coach, SQL_ROUND_ADD_PROPOSAL,
                   SQL_ARGS(sql_int(round_id), sql_int(p->pair),
                            sql_int(in->person_ids[p->learner]), sql_int(in->person_ids[p->helper]),
                            sql_id_or_null(p->skill == ROSTER_NONE ? 0 : in->skill_ids[p->skill]),
                            sql_int(p->gain), sql_int(p->reach), sql_word(origin), sql_int(locked),
                            sql_int(priority_of(round, p->learner, p->skill)),
                            sql_int(e->n_occasions), sql_int(e->n_raters), sql_int(e->n_evidence),
                            sql_id_or_null(same ? in->unit_ids[unit] : 0),
                            sql_text(first_language(roster, p->learner, p->helper)),
                            sql_text(first_period(roster, p->learner, p->helper))),
                   NULL);
}

/* Whether the two were locked together, in any direction. */
static const struct kept *kept_of(const struct work *w, int64_t one, int64_t other)
{
    const struct kept *kept = w->kept.items;
    for (size_t k = 0; k < w->kept.n; k++) {
        const struct round_lock *lock = &kept[k].lock;
        if ((lock->learner_id == one && lock->helper_id == other) ||
            (lock->learner_id == other && lock->helper_id == one)) {
            return &kept[k];
        }
    }
    return NULL;
}

static enum err write_rows(struct coach *coach, struct work *w)
{
    static const char *const origins[ROUND_ORIGIN__MAX] = {"chosen", "must", "kept"};
    const struct round_result *result = &w->result;
    enum err err = sql_run(coach, SQL_ROUND_DROP_PROPOSALS, SQL_ARGS(sql_int(w->id)), NULL);
    err = err ? err : sql_run(coach, SQL_ROUND_DROP_PEOPLE, SQL_ARGS(sql_int(w->id)), NULL);
    for (int32_t k = 0; k < result->n_proposals && !err; k++) {
        const struct round_proposal *p = &result->proposals[k];
        const struct kept *kept =
            kept_of(w, w->roster.person_ids[p->learner], w->roster.person_ids[p->helper]);
        const char *origin = !kept ? origins[p->origin] : kept->by_hand ? "hand" : "chosen";
        err = rounds_add_row(coach, w->id, &w->roster, w->engine, p, origin, kept != NULL);
    }
    const struct round_lock *locks = w->locks.items;
    for (size_t k = 0; k < w->locks.n && !err; k++) {
        err = sql_run(coach, SQL_ROUND_WAS_LOCKED,
                      SQL_ARGS(sql_int(w->id), sql_int(locks[k].learner_id),
                               sql_int(locks[k].helper_id), sql_int(locks[k].skill_id),
                               sql_int((int64_t)k + 1)),
                      NULL);
    }
    for (int32_t u = 0; u < result->n_people && !err; u++) {
        err = sql_run(coach, SQL_ROUND_ADD_PERSON,
                      SQL_ARGS(sql_int(w->id), sql_int(w->roster.person_ids[u]),
                               sql_word(rounds_why_word(result->state[u])),
                               sql_int(result->n_helps[u]), sql_int(result->n_learns[u])),
                      NULL);
    }
    for (int32_t k = 0; k < w->roster.n_full && !err; k++) {
        err = sql_run(coach, SQL_ROUND_ADD_PERSON,
                      SQL_ARGS(sql_int(w->id), sql_int(w->roster.full_ids[k]),
                               sql_word(rounds_why_word(ROUND_STATE__MAX)), sql_int(0), sql_int(0)),
                      NULL);
    }
    return err;
}

static enum err write_all(struct coach *coach, void *ctx)
{
    struct work *w = ctx;
    const struct round_result *r = &w->result;
    int64_t changed = 0;
    enum err err =
        sql_run(coach, SQL_ROUND_READY,
                SQL_ARGS(sql_int(w->id), sql_int(r->n_people), sql_int(r->n_learners),
                         sql_int(r->n_served), sql_int(r->n_needs), sql_int(r->n_covered),
                         sql_int(r->n_pairs), sql_int(r->total_gain), sql_int(r->smallest_gain),
                         sql_int(r->floor), sql_int(r->bound), sql_int(r->proved),
                         sql_text(w->certificate), sql_int(coach_clock_ms())),
                &changed);
    if (err || !changed) {
        return err; /* discarded meanwhile, or another worker was quicker */
    }
    int64_t creator = 0;
    err = write_rows(coach, w);
    err = err ? err : sql_number(coach, SQL_ROUND_CREATOR, SQL_ARGS(sql_int(w->id)), &creator);
    return err || !creator ? err : notices_add(coach, creator, NOTICE_ROUND_READY, 0, w->id);
}

static enum err write_problem(struct coach *coach, void *ctx)
{
    struct work *w = ctx;
    return sql_run(coach, SQL_ROUND_FAIL, SQL_ARGS(sql_int(w->id), sql_text(w->problem)), NULL);
}

/* ---- all of it ---- */

static enum err fail(struct work *w, enum rounds_problem problem, int64_t rule_id)
{
    enum err err = rounds_problem_write(w->coach, problem, rule_id, &w->problem);
    return err ? err : coach_transact(w->coach, COACH_WRITE, write_problem, w);
}

static enum err certify(struct work *w)
{
    struct buf buf;
    w->certificate = (struct str){"", 0};
    if (!w->result.certificate) {
        return ERR_OK;
    }
    buf_init(&buf, w->coach->arena, DB_MAX_BYTES);
    enum err err = match_certificate_write(w->result.certificate, &buf);
    return err ? err : buf_end(&buf, &w->certificate);
}

/* Holds the arrangement and its certificate against every pair, with no part of the solver. */
static enum err check(struct work *w, struct rounds_task *task)
{
    struct round_verdict verdict;
    if (!w->result.certificate) {
        return ERR_OK;
    }
    task->from = SOLVED;
    task->share = CHECKED - SOLVED;
    return round_verify(w->coach->arena, w->engine, w->result.proposals, w->result.n_proposals,
                        w->result.certificate, rounds_progress, task, &verdict);
}

/* ERR_LIMIT from the solver is either the engine's refusal or that we were told to stop. */
static enum err solve(struct work *w, struct rounds_task *task)
{
    struct arena *arena = w->coach->arena;
    struct round_options options = round_roster_options(&w->programme, w->programme.strategy);
    struct round_problem problem;
    int64_t rule_id;
    if (w->roster.roster.n_people < 2) {
        return fail(w, ROUNDS_FEW, 0);
    }
    struct crew crew = crew_of_machine();
    enum err err = round_prepare_with(&crew, arena, &w->roster.roster, &w->roster.fit, &options,
                                      &w->engine, &problem);
    err = err ? err : round_solve(arena, w->engine, rounds_progress, task, &w->result, &problem);
    err = err ? err : check(w, task);
    if (err == ERR_LIMIT && task->stop && task->stop(task->ctx)) {
        return err;
    }
    if (err == ERR_CONFLICT || err == ERR_LIMIT || err == ERR_INVALID || err == ERR_RANGE ||
        err == ERR_REFUSED) {
        enum rounds_problem why = rounds_problem_of(err, &problem, &w->roster, &rule_id);
        return fail(w, why, rule_id);
    }
    err = err ? err : certify(w);
    task->told_ms = 0;
    task->from = CHECKED;
    task->share = PUT - CHECKED;
    (void)rounds_progress(task, 1); /* writing takes a moment too */
    return err ? err : coach_transact(w->coach, COACH_WRITE, write_all, w);
}

/* Everything is read: a sign of it, for it takes the better part of a second in a large programme.
 */
static bool told_read(struct rounds_task *task)
{
    struct rounds_task reading = *task;
    reading.from = 0;
    reading.share = READ;
    bool stop = rounds_progress(&reading, 1);
    task->told_ms = reading.told_ms;
    task->told = reading.told;
    return stop;
}

enum err rounds_work(struct coach *coach, int64_t id, rounds_go_on_fn *stop, void *ctx)
{
    struct work w = {.coach = coach, .id = id};
    struct rounds_task task = {.coach = coach,
                               .id = id,
                               .progress = SQL_ROUND_PROGRESS,
                               .from = READ,
                               .share = SOLVED - READ,
                               .stop = stop,
                               .ctx = ctx};
    struct arena *arena = arena_new(MEMORY), *before = coach->arena;
    if (!arena) {
        return ERR_NOMEM;
    }
    coach->arena = arena;
    enum err err = coach_transact(coach, COACH_WRITE, begin, &w);
    if (!err && w.stands) {
        err = coach_transact(coach, COACH_READ, read_all, &w);
        if (err == ERR_LIMIT) {
            err = fail(&w, ROUNDS_LARGE, 0);
        } else if (!err) {
            err = told_read(&task) ? ERR_LIMIT : solve(&w, &task);
        }
    }
    coach->arena = before;
    arena_free(arena);
    return err;
}
