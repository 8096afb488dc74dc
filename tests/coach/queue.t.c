/* The queue: keys, leases, failing and dying, and workers side by side that do each job once. */
#include "coach/queue.h"
#include "base/rng.h"
#include "coachtest.h"

#include <sys/wait.h>

#define AT(ms) (c->coach.now_ms = COACHTEST_NOW + (ms))
#define LEASE 60000

static enum err claim(struct coachtest *c, const char *worker, struct job *job)
{
    return coachtest_write(
        c, queue_claim(&c->coach, (struct queue_lane){0}, str_of(worker), LEASE, job));
}

static bool add(struct coachtest *c, const char *payload, enum queue_key how, const char *key,
                int64_t at)
{
    bool added = false;
    coachtest_do(c, queue_add(&c->coach, "test", str_of(payload), how, str_of(key),
                              COACHTEST_NOW + at, &added));
    return added;
}

static void test_order(struct coachtest *c)
{
    struct job job = {0};
    AT(0);
    tap_ok(claim(c, "w", &job) == ERR_NOT_FOUND, "%s: an empty queue has no job", c->name);
    add(c, "late", QUEUE_ONCE, "", 1000);
    add(c, "first", QUEUE_ONCE, "", -10);
    add(c, "second", QUEUE_ONCE, "", 0);
    static const char *const order[] = {"first", "second"};
    for (int i = 0; i < 2; i++) {
        tap_ok(claim(c, "w", &job) == ERR_OK && str_is(job.payload, order[i]) &&
                   str_is(job.kind, "test") && job.attempts == 1 && job.state == QUEUE_RUNNING,
               "%s: %s", c->name, order[i]);
        coachtest_do(c, queue_finish(&c->coach, job.id, str_of("w")));
    }
    tap_ok(claim(c, "w", &job) == ERR_NOT_FOUND, "%s: what is not due waits", c->name);
    AT(1000);
    tap_ok(claim(c, "w", &job) == ERR_OK && str_is(job.payload, "late"), "%s: until it is",
           c->name);
    coachtest_do(c, queue_finish(&c->coach, job.id, str_of("w")));
    tap_ok(coachtest_write(c, queue_finish(&c->coach, job.id, str_of("w"))) == ERR_CONFLICT,
           "%s: it is finished once", c->name);
}

static void test_keys(struct coachtest *c)
{
    struct job job = {0};
    AT(2000);
    tap_ok(add(c, "o", QUEUE_ONCE, "k", 2000) && !add(c, "o2", QUEUE_ONCE, "k", 2000),
           "%s: one job with a key", c->name);
    coachtest_must(c, claim(c, "w", &job), "claim");
    coachtest_do(c, queue_finish(&c->coach, job.id, str_of("w")));
    tap_ok(!add(c, "o3", QUEUE_ONCE, "k", 2000) && claim(c, "w", &job) == ERR_NOT_FOUND,
           "%s: also when it is done", c->name);
    tap_ok(add(c, "c1", QUEUE_COALESCE, "k", 9000) && !add(c, "c2", QUEUE_COALESCE, "k", 8000) &&
               !add(c, "c3", QUEUE_COALESCE, "k", 10000),
           "%s: those that wait become one", c->name);
    AT(8000);
    tap_ok(claim(c, "w", &job) == ERR_OK && str_is(job.payload, "c1"),
           "%s: at the earliest of the times", c->name);
    tap_ok(add(c, "c4", QUEUE_COALESCE, "k", 8000), "%s: while it runs another may wait", c->name);
    coachtest_do(c, queue_finish(&c->coach, job.id, str_of("w")));
    tap_ok(claim(c, "w", &job) == ERR_OK && str_is(job.payload, "c4"), "%s: and runs then",
           c->name);
    coachtest_do(c, queue_finish(&c->coach, job.id, str_of("w")));
}

static void test_leases(struct coachtest *c)
{
    struct job job = {0}, other = {0};
    AT(20000);
    add(c, "lease", QUEUE_ONCE, "", 0);
    coachtest_must(c, claim(c, "one", &job), "claim");
    AT(20000 + LEASE - 1);
    tap_ok(claim(c, "two", &other) == ERR_NOT_FOUND, "%s: a job is one worker's", c->name);
    coachtest_do(c, queue_renew(&c->coach, job.id, str_of("one"), LEASE));
    AT(20000 + LEASE + 10);
    tap_ok(claim(c, "two", &other) == ERR_NOT_FOUND, "%s: for longer when it says so", c->name);
    AT(20000 + 2 * LEASE);
    tap_ok(claim(c, "two", &other) == ERR_OK && other.id == job.id && other.attempts == 2,
           "%s: until the lease runs out", c->name);
    tap_ok(coachtest_write(c, queue_finish(&c->coach, job.id, str_of("one"))) == ERR_CONFLICT &&
               coachtest_write(c, queue_renew(&c->coach, job.id, str_of("one"), LEASE)) ==
                   ERR_CONFLICT &&
               coachtest_write(c, queue_fail(&c->coach, job.id, str_of("one"), str_of("x"), 0)) ==
                   ERR_CONFLICT,
           "%s: then the first has nothing to say", c->name);
    coachtest_do(c, queue_finish(&c->coach, job.id, str_of("two")));
    add(c, "poison", QUEUE_ONCE, "", 0);
    int64_t now = 20000 + 2 * LEASE;
    int claimed = 0;
    for (int i = 0; i < QUEUE_ATTEMPTS + 3; i++) {
        claimed += claim(c, "w", &job) == ERR_OK;
        now += LEASE;
        AT(now);
    }
    tap_ok(claimed == QUEUE_ATTEMPTS, "%s: a job that kills its workers is dead in the end",
           c->name);
}

static void test_failing(struct coachtest *c, int64_t admin)
{
    struct job job = {0};
    struct job_list list = {0};
    struct queue_counts counts = {0};
    int64_t now = 10000000;
    AT(now);
    coachtest_as_system(c);
    add(c, "fails", QUEUE_ONCE, "f", 0);
    int tries = 0;
    while (claim(c, "w", &job) == ERR_OK) {
        tries++;
        coachtest_do(c, queue_fail(&c->coach, job.id, str_of("w"), str_of("no \x01 server"), 500));
        if (tries == 1) {
            tap_ok(claim(c, "w", &job) == ERR_NOT_FOUND, "%s: a job that failed waits", c->name);
        }
        now += 500;
        AT(now);
    }
    tap_ok(tries == QUEUE_ATTEMPTS, "%s: and is tried %d times", c->name, QUEUE_ATTEMPTS);
    coachtest_as(c, admin);
    coachtest_must(c, coachtest_read(c, queue_list(&c->coach, QUEUE_DEAD, &list)), "list");
    tap_ok(list.n == 2 && str_is(list.items[0].payload, "fails") &&
               str_is(list.items[0].last_error, "no \\x01 server") &&
               list.items[0].attempts == QUEUE_ATTEMPTS,
           "%s: administrators see what is dead, and why", c->name);
    coachtest_do(c, queue_retry(&c->coach, list.items[0].id));
    tap_ok(coachtest_write(c, queue_retry(&c->coach, list.items[0].id)) == ERR_NOT_FOUND,
           "%s: and try it again", c->name);
    coachtest_do(c, queue_discard(&c->coach, list.items[1].id));
    coachtest_must(c, coachtest_read(c, queue_count(&c->coach, &counts)), "count");
    tap_ok(counts.n[QUEUE_READY] == 1 && counts.n[QUEUE_DEAD] == 0 && counts.n[QUEUE_DONE] > 3,
           "%s: or throw it away", c->name);
    tap_ok(claim(c, "w", &job) == ERR_FORBIDDEN, "%s: jobs are done by the server", c->name);
    coachtest_as_system(c);
    coachtest_must(c, claim(c, "w", &job), "claim");
    coachtest_do(c, queue_fail(&c->coach, job.id, str_of("w"), str_of("never"), -1));
    coachtest_must(c, coachtest_read(c, queue_count(&c->coach, &counts)), "count");
    tap_ok(counts.n[QUEUE_DEAD] == 1, "%s: what can never succeed dies at once", c->name);
    int64_t n = 0;
    AT(now + QUEUE_KEEP_MS + 1);
    coachtest_do(c, queue_clean(&c->coach, 1000, &n));
    tap_ok(n == counts.n[QUEUE_DONE], "%s: what was done long ago is removed", c->name);
    AT(0);
    int wrong = queue_delay_ms(1, 0.5) != 15000 || queue_delay_ms(2, 0.5) != 60000 ||
                queue_delay_ms(1, 0) != 7500 || queue_delay_ms(100, 0.5) != 6 * COACH_HOUR_MS;
    tap_ok(wrong == 0, "%s: pauses grow fourfold, up to six hours", c->name);
}

/* ---- workers side by side ---- */

#define JOBS 60
#define WORKERS 4

static enum err claim_one(struct coach *coach, void *ctx)
{
    char name[20];
    struct job *job = ctx;
    snprintf(name, sizeof name, "w%d", (int)getpid());
    return queue_claim(coach, (struct queue_lane){0}, str_of(name), 600000, job);
}

static enum err finish_one(struct coach *coach, void *ctx)
{
    char name[20];
    const struct job *job = ctx;
    snprintf(name, sizeof name, "w%d", (int)getpid());
    return queue_finish(coach, job->id, str_of(name));
}

/* Writes the ids of what it did to the pipe. */
static int worker(const struct dbtest *t, int to)
{
    struct coachtest c = {.t = t, .name = t->name};
    c.db = coachtest_connect(&c);
    enum err err = ERR_OK;
    while (!err) {
        struct job job = {0};
        coach_init(&c.coach, c.db, arena_new(0), COACHTEST_NOW);
        coach_act_as_system(&c.coach);
        err = coach_transact(&c.coach, COACH_WRITE, claim_one, &job);
        if (!err && write(to, &job.id, sizeof job.id) != sizeof job.id) {
            err = ERR_IO;
        }
        err = err ? err : coach_transact(&c.coach, COACH_WRITE, finish_one, &job);
        err = err == ERR_BUSY ? ERR_OK : err;
        arena_free(c.coach.arena);
    }
    coach_disconnect(c.db);
    return err == ERR_NOT_FOUND ? 0 : 1;
}

static void test_side_by_side(struct coachtest *c)
{
    int pipes[2], failed = 0;
    int64_t id, first = 0;
    int done[JOBS] = {0}, wrong = 0;
    AT(0);
    coachtest_script(c, "DELETE FROM job");
    coachtest_begin(c, COACH_WRITE);
    for (int i = 0; i < JOBS; i++) {
        coachtest_must(c, queue_add(&c->coach, "test", str_of(""), QUEUE_ONCE, str_of(""), 0, NULL),
                       "add");
    }
    coachtest_must(c, coachtest_end(c, ERR_OK), "commit");
    first = coachtest_number(c, "SELECT min(id) FROM job");
    fflush(stdout);
    if (pipe(pipes)) {
        printf("Bail out! pipe\n");
        exit(1);
    }
    for (int w = 0; w < WORKERS; w++) {
        if (fork() == 0) {
            close(pipes[0]);
            _exit(worker(c->t, pipes[1]));
        }
    }
    close(pipes[1]);
    while (read(pipes[0], &id, sizeof id) == sizeof id) {
        int i = (int)(id - first);
        wrong += i < 0 || i >= JOBS || done[i]++;
    }
    close(pipes[0]);
    for (int w = 0; w < WORKERS; w++) {
        int status = 0;
        wait(&status);
        failed += !WIFEXITED(status) || WEXITSTATUS(status);
    }
    for (int i = 0; i < JOBS; i++) {
        wrong += done[i] != 1;
    }
    tap_ok(failed == 0 && wrong == 0 &&
               coachtest_number(c, "SELECT count(*) FROM job WHERE state = 'done'") == JOBS,
           "%s: %d workers did each of %d jobs once", c->name, WORKERS, JOBS);
}

static void suite(const struct dbtest *t)
{
    struct coachtest c;
    coachtest_open(&c, t);
    int64_t unit = coachtest_unit(&c, 0, UNIT_ORGANISATION, "All");
    int64_t admin = coachtest_person(&c, "Ada", "Admin");
    coachtest_role(&c, admin, unit, ROLE_ADMINISTRATOR);
    test_order(&c);
    test_keys(&c);
    test_leases(&c);
    test_failing(&c, admin);
    test_side_by_side(&c);
    coachtest_close(&c);
}

int main(void)
{
    dbtest_both(suite);
    return tap_done();
}
