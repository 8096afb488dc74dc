/* The process of jobs: done, failed, given back, taken over from a worker that died; what comes by
 * itself; cleaning and refits. */
#include "jobs/jobs.h"
#include "coach/backups.h"
#include "coach/coachtest.h"
#include "coach/imports.h"
#include "coach/invitations.h"
#include "coach/oidc.h"
#include "coach/rates.h"
#include "coach/sessions.h"
#include "coach/zones.h"

#include <signal.h>
#include <sys/wait.h>

/* What the kinds of this test look at; one program, one thread. */
static int64_t clock_now = COACHTEST_NOW;
static int done, attempts, waits;
static bool stop;

static int64_t test_clock(void)
{
    return clock_now;
}

static enum err run_good(struct jobs_task *task)
{
    done += str_is(task->job->payload, "payload") && task->coach->actor.system;
    attempts = task->job->attempts;
    return ERR_OK;
}

static enum err run_bad(struct jobs_task *task)
{
    attempts = task->job->attempts;
    jobs_fail(task, false, "no %s", "luck");
    return ERR_IO;
}

static enum err run_hopeless(struct jobs_task *task)
{
    jobs_fail(task, true, "never");
    return ERR_INVALID;
}

static enum err run_long(struct jobs_task *task)
{
    for (int i = 0; i < 10; i++) {
        clock_now += 30000; /* half of the lease */
        if (jobs_renew(task)) {
            return ERR_LIMIT;
        }
    }
    done++;
    return ERR_OK;
}

static enum err run_stopped(struct jobs_task *task)
{
    stop = true;
    return jobs_renew(task) ? ERR_LIMIT : ERR_OK;
}

static enum err run_forever(struct jobs_task *task)
{
    (void)task;
    kill(getpid(), SIGKILL);
    return ERR_OK;
}

static const struct jobs_kind good = {.kind = "good", .lease_ms = 60000, .run = run_good};
static const struct jobs_kind bad = {.kind = "bad", .lease_ms = 60000, .run = run_bad};
static const struct jobs_kind hopeless = {
    .kind = "hopeless", .lease_ms = 60000, .run = run_hopeless};
static const struct jobs_kind slow = {.kind = "long", .lease_ms = 60000, .run = run_long};
static const struct jobs_kind stopped = {.kind = "stopped", .lease_ms = 60000, .run = run_stopped};
static const struct jobs_kind forever = {.kind = "forever", .lease_ms = 60000, .run = run_forever};
static const struct jobs_kind regular = {
    .kind = "regular", .lease_ms = 60000, .every_ms = 1000000, .run = run_good};
static const struct jobs_kind refit = {
    .kind = "slowest", .lane = JOBS_REFITS, .lease_ms = 60000, .run = run_good};
static const struct jobs_kind *const kinds[] = {&refit,   &good,    &bad,     &hopeless, &slow,
                                                &stopped, &forever, &regular, NULL};

static bool test_stopping(void *ctx)
{
    (void)ctx;
    return stop;
}

static bool test_wait(void *ctx, int ms)
{
    (void)ctx;
    (void)ms;
    waits++;
    return waits > 3;
}

static struct jobs_options options_of(const struct coachtest *c)
{
    return (struct jobs_options){.database = c->t->where,
                                 .wait = test_wait,
                                 .stopping = test_stopping,
                                 .more = kinds,
                                 .clock_ms = test_clock};
}

static struct jobs *start(const struct coachtest *c)
{
    struct jobs_options options = options_of(c);
    struct jobs *jobs;
    char message[400];
    if (jobs_open(&options, &jobs, message, sizeof message)) {
        printf("Bail out! %s\n", message);
        exit(1);
    }
    return jobs;
}

static void add(struct coachtest *c, const char *kind, const char *payload)
{
    c->coach.now_ms = clock_now;
    coachtest_as_system(c);
    coachtest_do(
        c, queue_add(&c->coach, kind, str_of(payload), QUEUE_ONCE, str_of(""), clock_now, NULL));
}

static bool step(struct coachtest *c, struct jobs *jobs)
{
    bool worked = false;
    coachtest_must(c, jobs_step(jobs, &worked), "step");
    return worked;
}

static int64_t in_state(struct coachtest *c, const char *kind, const char *state)
{
    char sql[200];
    snprintf(sql, sizeof sql, "SELECT count(*) FROM job WHERE kind = '%s' AND state = '%s'", kind,
             state);
    return coachtest_number(c, sql);
}

static void test_outcomes(struct coachtest *c, struct jobs *jobs)
{
    struct job_list dead = {0};
    done = 0;
    tap_ok(!step(c, jobs), "%s: nothing to do", c->name);
    add(c, "good", "payload");
    tap_ok(step(c, jobs) && done == 1 && in_state(c, "good", "done") == 1, "%s: a job is done",
           c->name);
    add(c, "bad", "");
    int n = 0;
    while (in_state(c, "bad", "ready") && n < 100) {
        if (step(c, jobs)) {
            n++;
        }
        clock_now += COACH_HOUR_MS;
    }
    tap_ok(n == QUEUE_ATTEMPTS && attempts == QUEUE_ATTEMPTS && in_state(c, "bad", "dead") == 1,
           "%s: one that fails is tried %d times", c->name, n);
    add(c, "hopeless", "");
    add(c, "unknown", "");
    tap_ok(step(c, jobs) && step(c, jobs) && in_state(c, "hopeless", "dead") == 1 &&
               in_state(c, "unknown", "dead") == 1,
           "%s: what cannot succeed is tried once", c->name);
    coachtest_must(c, coachtest_read(c, queue_list(&c->coach, QUEUE_DEAD, &dead)), "list");
    tap_ok(dead.n == 3 && str_is(dead.items[1].last_error, "never") &&
               str_is(dead.items[2].last_error, "no luck"),
           "%s: and says why", c->name);
}

static void test_leases(struct coachtest *c, struct jobs *jobs)
{
    done = 0;
    add(c, "long", "");
    tap_ok(step(c, jobs) && done == 1 && in_state(c, "long", "done") == 1,
           "%s: a long job keeps its lease", c->name);
    add(c, "stopped", "");
    tap_ok(step(c, jobs) && in_state(c, "stopped", "ready") == 1 &&
               coachtest_number(c, "SELECT attempts FROM job WHERE kind = 'stopped'") == 0,
           "%s: a program that stops gives its job back, as if it had not begun", c->name);
    stop = false;
    coachtest_script(c, "DELETE FROM job WHERE kind = 'stopped'");
    add(c, "forever", "");
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) {
        step(c, start(c));
        _exit(0);
    }
    int status = 0;
    waitpid(pid, &status, 0);
    tap_ok(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL &&
               in_state(c, "forever", "running") == 1 && !step(c, jobs),
           "%s: a worker that is killed keeps the job", c->name);
    coachtest_script(c, "UPDATE job SET kind = 'good', payload = 'payload' WHERE kind = 'forever'");
    clock_now += 60001;
    done = 0;
    tap_ok(step(c, jobs) && done == 1 && attempts == 2, "%s: until its lease ends", c->name);
}

static void test_by_itself(struct coachtest *c, struct jobs *jobs)
{
    coachtest_must(c, jobs_plan(jobs), "plan");
    coachtest_must(c, jobs_plan(jobs), "plan");
    tap_ok(in_state(c, "regular", "ready") == 1 && in_state(c, "clean", "ready") == 1 &&
               in_state(c, "good", "ready") == 0,
           "%s: what comes by itself waits once", c->name);
    clock_now += 1000001;
    done = 0;
    bool worked = step(c, jobs);
    coachtest_must(c, jobs_plan(jobs), "plan");
    while (step(c, jobs)) { /* what else is due by then */
    }
    tap_ok(worked && in_state(c, "regular", "done") == 1 && in_state(c, "regular", "ready") == 1,
           "%s: and when it is done the next one waits", c->name);
}

/* Makes one of everything that runs out. */
static void make_old(struct coachtest *c)
{
    char token[SESSIONS_TOKEN + 1], key[INVITATIONS_TEXT];
    struct session session;
    struct oidc_flow flow;
    int64_t ann = coachtest_person(c, "Ann", "Abel"), wait;
    c->coach.now_ms = clock_now;
    coachtest_as_system(c);
    for (int i = 0; i < 3; i++) {
        coachtest_do(c,
                     sessions_start(&c->coach, ann, SESSION_PASSWORD, str_of(""), token, &session));
        coachtest_as_system(c);
        coachtest_do(c, oidc_begin(&c->coach, str_of("/"), &flow));
    }
    coachtest_do(c, invitations_make(&c->coach, ann, INVITATION_CODE, key));
    coachtest_do(c, rates_take(&c->coach, RATES_SIGN_IN_ACCOUNT, str_of("x@y.org"), &wait));
}

static int64_t rows(struct coachtest *c)
{
    return coachtest_number(c, "SELECT (SELECT count(*) FROM session) + (SELECT count(*) FROM "
                               "invitation) + (SELECT count(*) FROM oidc_flow) + (SELECT count(*) "
                               "FROM rate)");
}

static void test_clean(struct coachtest *c, struct jobs *jobs)
{
    make_old(c);
    coachtest_script(c, "DELETE FROM job");
    add(c, "clean", "");
    int64_t before = rows(c);
    bool worked = step(c, jobs);
    tap_ok(worked && rows(c) == before && before == 8, "%s: cleaning leaves what is alive",
           c->name);
    clock_now += 31 * COACH_DAY_MS;
    worked = step(c, jobs); /* the next one has come by itself */
    tap_ok(worked && rows(c) == 0 &&
               coachtest_number(c, "SELECT count(*) FROM job WHERE state = 'done'") == 1,
           "%s: and removes what has run out", c->name);
}

static void test_refit(struct coachtest *c, struct jobs *jobs)
{
    coachtest_script(c, "DELETE FROM job;"
                        "INSERT INTO framework (name, created_ms, changed_ms) VALUES ('F', 1, 1);"
                        "INSERT INTO domain (framework_id, position, name) VALUES (1, 1, 'D');"
                        "INSERT INTO skill (framework_id, domain_id, code, position, name, levels) "
                        "VALUES (1, 1, 'A', 1, 'Asking', 4)");
    char sql[400];
    int64_t people[6];
    for (int i = 0; i < 6; i++) {
        people[i] = coachtest_person(c, "Person", "Number");
        for (int k = 0; k < 3; k++) {
            snprintf(
                sql, sizeof sql,
                "INSERT INTO evidence (person_id, skill_id, kind, support, level, day, source, "
                "created_ms) VALUES (%lld, 1, 'self', 'independent', %d, 19000, 'entered', 1)",
                (long long)people[i], 1 + (i + k) % 4);
            coachtest_script(c, sql);
        }
    }
    c->coach.now_ms = clock_now;
    coachtest_as_system(c);
    coachtest_do(c, zones_touch(&c->coach, 1));
    add(c, "refit", "nonsense");
    tap_ok(step(c, jobs) && step(c, jobs) && in_state(c, "refit", "done") == 1 &&
               in_state(c, "refit", "dead") == 1 &&
               coachtest_number(c, "SELECT count(*) FROM zone") == 6,
           "%s: a refit that is queued makes estimates", c->name);
}

static void test_run(struct coachtest *c)
{
    struct jobs_options options = options_of(c);
    char message[400] = "";
    coachtest_script(c, "DELETE FROM job");
    done = waits = 0;
    add(c, "good", "payload");
    add(c, "good", "payload");
    tap_ok(jobs_run(&options, message, sizeof message) == ERR_OK && done == 2 && waits == 4,
           "%s: the process works while there is work, then waits, until it is told to stop",
           c->name);
    options.database = "/nowhere/at/all.db";
    tap_ok(jobs_run(&options, message, sizeof message) != ERR_OK && message[0],
           "%s: without a database it says so", c->name);
}

/* What is long stands in nobody's way, and what no lane knows is refused by the first. */
static void test_lanes(struct coachtest *c)
{
    struct jobs *lanes[JOBS_N_LANES];
    char message[400];
    coachtest_script(c, "DELETE FROM job");
    for (enum jobs_lane lane = JOBS_PROMPT; lane < JOBS_N_LANES; lane++) {
        struct jobs_options options = options_of(c);
        options.lane = &lane;
        coachtest_must(c, jobs_open(&options, &lanes[lane], message, sizeof message), message);
    }
    add(c, "slowest", "payload");
    add(c, "good", "payload");
    add(c, "unknown", "");
    tap_ok(!step(c, lanes[JOBS_ROUNDS]), "%s: a lane leaves what is not its own", c->name);
    tap_ok(step(c, lanes[JOBS_PROMPT]) && in_state(c, "good", "done") == 1 &&
               in_state(c, "slowest", "ready") == 1,
           "%s: the prompt lane passes what takes long and waited longer", c->name);
    tap_ok(step(c, lanes[JOBS_PROMPT]) && in_state(c, "unknown", "dead") == 1,
           "%s: and refuses what nobody knows", c->name);
    tap_ok(!step(c, lanes[JOBS_PROMPT]) && step(c, lanes[JOBS_REFITS]) &&
               in_state(c, "slowest", "done") == 1,
           "%s: what takes long is done in its own lane only", c->name);
    for (int i = 0; i < JOBS_N_LANES; i++) {
        jobs_close(lanes[i]);
    }
}

/* A round that somebody else works out: it begins when the clock has been read so often, and is
 * done at the third wait. */
static struct {
    struct coachtest *c;
    int reads, begins_at, lease_ms, waited;
    bool refitted; /* while it ran */
    bool ends;
} round_beside;

static int64_t clock_of_round(void)
{
    clock_now += 150;
    if (++round_beside.reads == round_beside.begins_at) {
        char sql[300];
        snprintf(sql, sizeof sql,
                 "INSERT INTO job (kind, payload, state, attempts, run_at_ms, locked_by, "
                 "locked_until_ms, created_ms) VALUES ('round', '1', 'running', 1, 1, 'another', "
                 "%lld, 1)",
                 (long long)(clock_now + round_beside.lease_ms));
        coachtest_script(round_beside.c, sql);
    }
    return clock_now;
}

static bool wait_for_round(void *ctx, int ms)
{
    (void)ctx;
    (void)ms;
    struct coachtest *c = round_beside.c;
    round_beside.refitted |= in_state(c, "refit", "running") == 0;
    if (++round_beside.waited == 3 && round_beside.ends) {
        coachtest_script(c, "UPDATE job SET state = 'done' WHERE kind = 'round'");
    }
    stop = round_beside.waited == 1000;
    return stop;
}

/* Waits of a refit that is due; the estimates are older than the evidence before it. */
static int refit_beside_round(struct coachtest *c, int begins_at, int lease_ms, bool ends)
{
    enum jobs_lane lane = JOBS_REFITS;
    struct jobs_options options = options_of(c);
    struct jobs *jobs;
    char message[400];
    options.lane = &lane;
    options.clock_ms = clock_of_round;
    options.wait = wait_for_round;
    coachtest_script(
        c, "DELETE FROM job;"
           "INSERT INTO evidence (person_id, skill_id, kind, support, level, day, source, "
           "created_ms) VALUES (1, 1, 'self', 'independent', 2, 19000, 'entered', 1)");
    add(c, ZONES_JOB, "1");
    coachtest_must(c, jobs_open(&options, &jobs, message, sizeof message), message);
    memset(&round_beside, 0, sizeof round_beside);
    round_beside.c = c;
    round_beside.begins_at = begins_at;
    round_beside.lease_ms = lease_ms;
    round_beside.ends = ends;
    tap_ok(step(c, jobs), "%s: a refit is due", c->name);
    jobs_close(jobs);
    return round_beside.waited;
}

static void test_giving_way(struct coachtest *c)
{
    int64_t before = coachtest_number(c, "SELECT max(n_evidence) FROM fit");
    tap_ok(refit_beside_round(c, 2, 60000, true) == 3 && !round_beside.refitted &&
               in_state(c, "refit", "done") == 1,
           "%s: a refit begins when the round that runs is done", c->name);
    tap_ok(refit_beside_round(c, 12, 60000, true) == 3 && !round_beside.refitted &&
               in_state(c, "refit", "done") == 1,
           "%s: and stands still while one runs that began later", c->name);
    tap_ok(refit_beside_round(c, 2, 2000, false) < 20 && in_state(c, "refit", "done") == 1,
           "%s: not for one whose worker is gone", c->name);
    int64_t after = coachtest_number(c, "SELECT max(n_evidence) FROM fit");
    tap_ok(after == before + 3, "%s: each of them made the estimates anew", c->name);
    tap_ok(refit_beside_round(c, 2, 3600000, false) == 1000 && in_state(c, "refit", "ready") == 1,
           "%s: and is given back when the program stops meanwhile", c->name);
    stop = false;
}

static int64_t backups(struct coachtest *c, const char *folder)
{
    struct backups_list list;
    coachtest_as_system(c);
    coachtest_must(c, coachtest_read(c, backups_list(&c->coach, folder, &list)), "backups");
    return (int64_t)list.n;
}

static void remove_backups(struct coachtest *c, const char *folder)
{
    struct backups_list list;
    const char *path;
    char name[300];
    coachtest_must(c, coachtest_read(c, backups_list(&c->coach, folder, &list)), "backups");
    for (size_t i = 0; i < list.n; i++) {
        coachtest_do(c, backups_path(&c->coach, folder, str_of(list.items[i].name), &path));
        unlink(path);
    }
    snprintf(name, sizeof name, "%s/backups", folder);
    rmdir(name);
}

static void test_backup(struct coachtest *c)
{
    struct jobs_options options = options_of(c);
    struct jobs *jobs;
    char message[400] = "";
    options.data_dir = c->t->folder;
    coachtest_script(c, "DELETE FROM job");
    coachtest_must(c, jobs_open(&options, &jobs, message, sizeof message), message);
    c->coach.now_ms = clock_now;
    coachtest_as_system(c);
    coachtest_do(c, backups_ask(&c->coach));
    coachtest_do(c, backups_ask(&c->coach));
    bool first = step(c, jobs);
    tap_ok(first && backups(c, c->t->folder) == 1 && !step(c, jobs) &&
               in_state(c, "backup", "done") == 1,
           "%s: a backup is made, once when it is asked for twice", c->name);
    clock_now += COACH_DAY_MS + 1;
    tap_ok(step(c, jobs) && backups(c, c->t->folder) == 2, "%s: and another one a day later",
           c->name);
    remove_backups(c, c->t->folder);
    jobs_close(jobs);
    options.data_dir = "/nowhere/at/all";
    clock_now += COACH_DAY_MS + 1;
    coachtest_must(c, jobs_open(&options, &jobs, message, sizeof message), message);
    tap_ok(step(c, jobs) && in_state(c, "backup", "ready") == 1 &&
               coachtest_number(c, "SELECT count(*) FROM job WHERE last_error LIKE "
                                   "'the folder of backups cannot be made%'") == 1,
           "%s: one that cannot be written says why and comes again", c->name);
    jobs_close(jobs);
}

/* A file that was uploaded and that nobody waits for, older than a day by the job's clock. */
static void test_clean_files(struct coachtest *c)
{
    struct jobs_options options = options_of(c);
    struct jobs *jobs;
    struct str path;
    char message[400] = "", folder[300];
    options.data_dir = c->t->folder;
    coachtest_script(c, "DELETE FROM job");
    coachtest_must(c, jobs_open(&options, &jobs, message, sizeof message), message);
    coachtest_must(c, coachtest_read(c, imports_place(&c->coach, c->t->folder, &path)), "place");
    FILE *file = fopen(path.p, "w");
    tap_ok(file && fclose(file) == 0, "%s: an upload that was forgotten", c->name);
    clock_now = coach_clock_ms() + 2 * COACH_DAY_MS;
    c->coach.now_ms = clock_now;
    add(c, "clean", "");
    tap_ok(step(c, jobs) && access(path.p, F_OK) != 0, "%s: is removed", c->name);
    snprintf(folder, sizeof folder, "%s/imports", c->t->folder);
    tap_ok(rmdir(folder) == 0, "%s: and nothing else is there", c->name);
    jobs_close(jobs);
}

static void suite(const struct dbtest *t)
{
    struct coachtest c;
    clock_now = COACHTEST_NOW;
    coachtest_open(&c, t);
    struct jobs *jobs = start(&c);
    test_outcomes(&c, jobs);
    test_leases(&c, jobs);
    test_by_itself(&c, jobs);
    test_clean(&c, jobs);
    test_refit(&c, jobs);
    jobs_close(jobs);
    test_run(&c);
    test_lanes(&c);
    test_giving_way(&c);
    test_backup(&c);
    test_clean_files(&c);
    coachtest_close(&c);
}

int main(void)
{
    dbtest_both(suite);
    return tap_done();
}
