/* Claiming, running, finishing. */
#include "jobs/jobs.h"

#include "base/arena.h"
#include "base/log.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NAME 64                  /* bytes of a worker's name */
#define LANE 512                 /* bytes of the names of kinds */
#define PLAN_MS (10 * 60 * 1000) /* how often it is looked at what comes by itself */
#define GIVE_WAY_MS 100          /* how often it is looked at whether a round is worked out */
#define TROUBLE_MAX_MS 30000     /* the longest wait when the database cannot be reached */

struct jobs {
    struct jobs_options options;
    struct db *db;
    struct arena *arena; /* catalogues */
    struct catalogs catalogs;
    char worker[NAME];
    char lane_kinds[LANE]; /* see struct queue_lane */
    struct queue_lane lane;
    char round_kinds[LANE]; /* of JOBS_ROUNDS, whatever the own lane is */
    int64_t looked_ms;      /* when it was looked at whether one of these runs */
    const struct jobs_kind *kinds[JOBS_MAX_KINDS];
    size_t n_kinds;
    int64_t planned_ms;
};

/* What a transaction is about. */
struct turn {
    struct jobs *jobs;
    struct job *job;
    const struct jobs_task *task;
    enum err result;
};

static int64_t now_ms(const struct jobs *jobs)
{
    return jobs->options.clock_ms ? jobs->options.clock_ms() : coach_clock_ms();
}

static bool stopping(const struct jobs *jobs)
{
    return jobs->options.stopping && jobs->options.stopping(jobs->options.ctx);
}

static const struct jobs_kind *kind_of(const struct jobs *jobs, struct str name)
{
    for (size_t i = 0; i < jobs->n_kinds; i++) {
        if (str_is(name, jobs->kinds[i]->kind)) {
            return jobs->kinds[i];
        }
    }
    return NULL;
}

/* ---- opening ---- */

static enum err add_kinds(struct jobs *jobs, const struct jobs_kind *const *kinds)
{
    for (; kinds && *kinds; kinds++) {
        if (jobs->n_kinds == JOBS_MAX_KINDS || kind_of(jobs, str_of((*kinds)->kind))) {
            return ERR_CONFLICT;
        }
        jobs->kinds[jobs->n_kinds++] = *kinds;
    }
    return ERR_OK;
}

/* The kinds of a lane, or those of all others. */
static enum err name_kinds(const struct jobs *jobs, enum jobs_lane lane, bool within,
                           char names[LANE])
{
    size_t n = 0;
    for (size_t i = 0; i < jobs->n_kinds; i++) {
        const struct jobs_kind *kind = jobs->kinds[i];
        if ((kind->lane == lane) == within) {
            n += (size_t)snprintf(names + n, LANE - n, ",%s,", kind->kind);
            if (n >= LANE) {
                return ERR_LIMIT;
            }
        }
    }
    return ERR_OK;
}

/* Of the prompt lane is all that is of no other, also kinds of another version, which only a worker
 * can refuse. */
static enum err name_lanes(struct jobs *jobs)
{
    const enum jobs_lane *lane = jobs->options.lane;
    bool within = lane && *lane != JOBS_PROMPT;
    enum err err = lane ? name_kinds(jobs, *lane, within, jobs->lane_kinds) : ERR_OK;
    jobs->lane = (struct queue_lane){jobs->lane_kinds, within};
    return err ? err : name_kinds(jobs, JOBS_ROUNDS, true, jobs->round_kinds);
}

enum err jobs_open(const struct jobs_options *options, struct jobs **opened, char *message,
                   size_t size)
{
    struct jobs *jobs = calloc(1, sizeof *jobs);
    enum err err = jobs ? ERR_OK : ERR_NOMEM;
    if (err) {
        snprintf(message, size, "there is not enough memory");
        return err;
    }
    jobs->options = *options;
    jobs->arena = arena_new(0);
    err = jobs->arena ? catalogs_open(jobs->arena, catalog_files, catalog_n_files, options->pseudo,
                                      &jobs->catalogs)
                      : ERR_NOMEM;
    err = err ? err : add_kinds(jobs, kinds_all);
    err = err ? err : add_kinds(jobs, options->more);
    err = err ? err : name_lanes(jobs);
    if (err) {
        snprintf(message, size, "the kinds of jobs or the catalogues: %s", err_name(err));
        jobs_close(jobs);
        return err;
    }
    err = coach_connect(options->database, &jobs->db, message, size);
    if (err) {
        jobs_close(jobs);
        return err;
    }
    snprintf(jobs->worker, sizeof jobs->worker, "%d-%08" PRIx32, (int)getpid(),
             randombytes_random());
    *opened = jobs;
    return ERR_OK;
}

void jobs_close(struct jobs *jobs)
{
    if (jobs) {
        coach_disconnect(jobs->db);
        arena_free(jobs->arena);
        free(jobs);
    }
}

/* ---- one job ---- */

static enum err claim(struct coach *coach, void *ctx)
{
    /* A lease for any kind; the right one is taken when the kind is known. */
    struct turn *turn = ctx;
    struct str worker = str_of(turn->jobs->worker);
    enum err err = queue_claim(coach, turn->jobs->lane, worker, COACH_MINUTE_MS, turn->job);
    const struct jobs_kind *kind = err ? NULL : kind_of(turn->jobs, turn->job->kind);
    return kind ? queue_renew(coach, turn->job->id, worker, kind->lease_ms) : err;
}

/* ERR_NOT_FOUND when nothing is due. */
static enum err look(struct coach *coach, void *ctx)
{
    const struct jobs *jobs = ctx;
    bool due = false;
    enum err err = queue_is_due(coach, jobs->lane, &due);
    return err || due ? err : ERR_NOT_FOUND;
}

static enum err renew(struct coach *coach, void *ctx)
{
    struct turn *turn = ctx;
    const struct jobs_kind *kind = kind_of(turn->jobs, turn->job->kind);
    return queue_renew(coach, turn->job->id, str_of(turn->jobs->worker), kind->lease_ms);
}

/* A transaction amid a task, whose own memory and clock stay as they are. */
static enum err beside(const struct jobs_task *task, enum coach_mode mode,
                       enum err (*work)(struct coach *coach, void *ctx), void *ctx, int64_t now)
{
    struct coach coach;
    coach_init(&coach, task->coach->db, arena_child(task->coach->arena), now);
    coach_act_as_system(&coach);
    enum err err = coach.arena ? coach_transact(&coach, mode, work, ctx) : ERR_NOMEM;
    arena_free(coach.arena);
    return err;
}

bool jobs_renew(struct jobs_task *task)
{
    struct jobs *jobs = task->jobs;
    const struct jobs_kind *kind = kind_of(jobs, task->job->kind);
    struct job job = *task->job;
    struct turn turn = {.jobs = jobs, .job = &job};
    int64_t now = now_ms(jobs);
    if (stopping(jobs) || task->lost) {
        return true;
    }
    if (now - task->renewed_ms < kind->lease_ms / 4) {
        return false;
    }
    enum err err = beside(task, COACH_WRITE, renew, &turn, now);
    if (err == ERR_OK) {
        task->renewed_ms = now;
    }
    /* A database that is busy now may be free before the lease ends. */
    task->lost = err == ERR_CONFLICT || (err && now - task->renewed_ms > kind->lease_ms / 2);
    return task->lost;
}

/* ERR_NOT_FOUND when no round is worked out. */
static enum err look_for_round(struct coach *coach, void *ctx)
{
    const struct jobs *jobs = ctx;
    bool runs = false;
    enum err err = queue_is_running(coach, (struct queue_lane){jobs->round_kinds, true}, &runs);
    return err || runs ? err : ERR_NOT_FOUND;
}

bool jobs_give_way(struct jobs_task *task)
{
    struct jobs *jobs = task->jobs;
    int64_t now = now_ms(jobs);
    bool stop = jobs_renew(task);
    if (stop || !jobs->options.wait || now - jobs->looked_ms < GIVE_WAY_MS) {
        return stop;
    }
    /* A database that cannot answer now is no reason to stand still. */
    while (!stop && beside(task, COACH_READ, look_for_round, jobs, now_ms(jobs)) == ERR_OK) {
        stop = jobs->options.wait(jobs->options.ctx, GIVE_WAY_MS) || jobs_renew(task);
    }
    jobs->looked_ms = now_ms(jobs);
    return stop;
}

void jobs_fail(struct jobs_task *task, bool hopeless, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    vsnprintf(task->error, sizeof task->error, fmt, args);
    va_end(args);
    task->hopeless = hopeless;
}

int64_t jobs_payload_id(struct jobs_task *task)
{
    struct str payload = task->job->payload;
    int64_t id = 0;
    bool good = payload.n > 0 && payload.n <= 18;
    for (size_t i = 0; i < payload.n && good; i++) {
        good = payload.p[i] >= '0' && payload.p[i] <= '9';
        id = 10 * id + (payload.p[i] - '0');
    }
    if (!good || id == 0) {
        jobs_fail(task, true, "the payload is not an id");
        return 0;
    }
    return id;
}

/* When a kind comes by itself, its next time begins now. */
static enum err plan_next(struct coach *coach, const struct jobs_kind *kind)
{
    return kind->every_ms ? queue_add(coach, kind->kind, (struct str){"", 0}, QUEUE_COALESCE,
                                      str_of("by itself"), coach->now_ms + kind->every_ms, NULL)
                          : ERR_OK;
}

static enum err finish(struct coach *coach, void *ctx)
{
    const struct turn *turn = ctx;
    struct str worker = str_of(turn->jobs->worker);
    const struct jobs_kind *kind = kind_of(turn->jobs, turn->job->kind);
    int64_t id = turn->job->id;
    if (turn->result == ERR_OK) {
        enum err err = queue_finish(coach, id, worker);
        return err ? err : plan_next(coach, kind);
    }
    if (turn->task->lost) {
        return ERR_CONFLICT;
    }
    if (turn->result == ERR_LIMIT && stopping(turn->jobs)) {
        return queue_release(coach, id, worker);
    }
    double unit = (double)randombytes_random() * 0x1p-32;
    int64_t delay = queue_delay_ms(turn->job->attempts, unit);
    return queue_fail(coach, id, worker, str_of(turn->task->error),
                      turn->task->hopeless ? -1 : delay);
}

static void tell(const struct jobs_task *task, enum err result, int64_t took_ms)
{
    struct log line;
    log_begin(&line, "job");
    log_text(&line, "kind", task->job->kind);
    log_int(&line, "id", task->job->id);
    log_int(&line, "attempt", task->job->attempts);
    log_text(&line, "result", str_of(err_name(result)));
    if (result) {
        log_text(&line, "error", str_of(task->error));
    }
    log_int(&line, "ms", took_ms);
    log_end(&line);
}

/* Runs a claimed job; the result is the job's, and stands in task->error in words. */
static enum err run(struct jobs_task *task)
{
    const struct jobs_kind *kind = kind_of(task->jobs, task->job->kind);
    if (!kind) {
        jobs_fail(task, true, "this version of Duet does not know this kind of job");
        return ERR_INVALID;
    }
    enum err err = kind->run(task);
    if (err && task->error[0] == '\0') {
        const char *more = err == ERR_IO || err == ERR_INVALID ? coach_message(task->coach) : "";
        jobs_fail(task, task->hopeless, "%s%s%s", err_name(err), *more ? ": " : "", more);
    }
    return err;
}

static enum err work(struct jobs *jobs, struct arena *arena, bool *worked)
{
    struct coach coach;
    struct job job;
    struct jobs_task task = {.coach = &coach,
                             .job = &job,
                             .catalogs = &jobs->catalogs,
                             .database = jobs->options.database,
                             .data_dir = jobs->options.data_dir,
                             .jobs = jobs};
    struct turn turn = {.jobs = jobs, .job = &job, .task = &task};
    coach_init(&coach, jobs->db, arena, now_ms(jobs));
    coach_act_as_system(&coach);
    enum err err = coach_transact(&coach, COACH_READ, look, jobs);
    err = err ? err : coach_transact(&coach, COACH_WRITE, claim, &turn);
    *worked = err == ERR_OK;
    if (err) {
        return err == ERR_NOT_FOUND ? ERR_OK : err;
    }
    task.renewed_ms = coach.now_ms;
    turn.result = run(&task);
    int64_t began = coach.now_ms;
    coach_init(&coach, jobs->db, arena, now_ms(jobs));
    coach_act_as_system(&coach);
    tell(&task, turn.result, coach.now_ms - began);
    err = coach_transact(&coach, COACH_WRITE, finish, &turn);
    /* Somebody else has it now, or had: the work was done twice, which it bears. */
    return err == ERR_CONFLICT ? ERR_OK : err;
}

enum err jobs_step(struct jobs *jobs, bool *worked)
{
    struct arena *arena = arena_new(JOBS_MEMORY);
    *worked = false;
    if (!arena) {
        return ERR_NOMEM;
    }
    enum err err = work(jobs, arena, worked);
    arena_free(arena);
    return err;
}

/* ---- what comes by itself ---- */

static enum err plan(struct coach *coach, void *ctx)
{
    const struct jobs *jobs = ctx;
    enum err err = ERR_OK;
    for (size_t i = 0; i < jobs->n_kinds && !err; i++) {
        err = plan_next(coach, jobs->kinds[i]);
    }
    return err;
}

enum err jobs_plan(struct jobs *jobs)
{
    struct coach coach;
    struct arena *arena = arena_new(JOBS_MEMORY);
    if (!arena) {
        return ERR_NOMEM;
    }
    coach_init(&coach, jobs->db, arena, now_ms(jobs));
    coach_act_as_system(&coach);
    enum err err = coach_transact(&coach, COACH_WRITE, plan, jobs);
    if (!err) {
        jobs->planned_ms = coach.now_ms;
    }
    arena_free(arena);
    return err;
}

/* ---- the loop ---- */

static enum err turn_once(struct jobs *jobs, bool *worked)
{
    *worked = false;
    if (now_ms(jobs) - jobs->planned_ms >= PLAN_MS) {
        enum err err = jobs_plan(jobs);
        if (err) {
            return err;
        }
    }
    return jobs_step(jobs, worked);
}

enum err jobs_run(const struct jobs_options *options, char *message, size_t size)
{
    struct jobs *jobs;
    int trouble = 0, watched = options->lane && *options->lane == JOBS_ROUNDS,
        every = watched ? JOBS_POLL_WATCHED_MS : JOBS_POLL_MS;
    enum err err = jobs_open(options, &jobs, message, size);
    if (err) {
        return err;
    }
    while (!stopping(jobs)) {
        bool worked;
        err = turn_once(jobs, &worked);
        if (err && err != ERR_BUSY) {
            struct log line;
            log_begin(&line, "jobs-trouble");
            log_text(&line, "error", str_of(err_name(err)));
            log_end(&line);
        }
        trouble = !err ? 0 : trouble ? 2 * trouble : JOBS_POLL_MS;
        trouble = trouble < TROUBLE_MAX_MS ? trouble : TROUBLE_MAX_MS;
        int poll = every / 2 + (int)randombytes_uniform((uint32_t)every);
        if (!worked && options->wait(options->ctx, trouble ? trouble : poll)) {
            break;
        }
    }
    jobs_close(jobs);
    return ERR_OK;
}
