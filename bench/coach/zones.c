/* What keeping and asking zones costs in a large organisation.
 *
 *     bench/coach/run          fills a database of 10,000 people and measures
 *     zones DATABASE           measures on a demonstration that is there
 *
 * CPU time of this process; the database is on this machine. */
#include "coach/zones.h"
#include "base/arena.h"
#include "coach/coach.h"
#include "coach/complaint.h"
#include "coach/evidence.h"
#include "coach/frameworks.h"
#include "coach/memory.h"
#include "coach/people.h"
#include "coach/wishes.h"
#include "db/db.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#define ROUNDS 300

struct bench {
    struct coach coach;
    int64_t framework, person, skill;
    int32_t n;
};

static double now(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void must(struct bench *b, enum err err, const char *what)
{
    if (err) {
        fprintf(stderr, "%s: %s: %s\n", what, err_name(err), coach_message(&b->coach));
        exit(1);
    }
}

static enum err find(struct coach *coach, void *ctx)
{
    struct bench *b = ctx;
    struct frameworks_item *items;
    struct framework *tree;
    struct person person;
    int32_t n;
    enum err err = frameworks_list(coach, (struct str){"", 0}, &items, &n);
    for (int32_t k = 0; k < n && !err; k++) {
        b->framework = items[k].n_evidence > 0 ? items[k].id : b->framework;
    }
    err = err ? err : people_by_email(coach, str_of("teacher@example.org"), &person);
    err = err ? err : frameworks_get(coach, b->framework, (struct str){"", 0}, 0, &tree);
    if (!err) {
        b->person = person.id;
        b->skill = tree->domains[3].skills[0].id;
    }
    return err;
}

static enum err add_own_view(struct coach *coach, void *ctx)
{
    struct bench *b = ctx;
    struct complaints complaints;
    struct evidence_new piece = {.person_id = b->person,
                                 .skill_id = b->skill,
                                 .kind = EVIDENCE_SELF,
                                 .level = 2,
                                 .day = EVIDENCE_DAY_UNKNOWN};
    complaint_init(&complaints, coach->arena);
    return evidence_add(coach, &piece, &complaints, NULL);
}

static enum err ask_zones(struct coach *coach, void *ctx)
{
    struct bench *b = ctx;
    struct zones zones;
    return zones_of(coach, b->person, b->framework, str_of("en"), &zones);
}

static enum err ask_hints(struct coach *coach, void *ctx)
{
    struct bench *b = ctx;
    struct zones_first first;
    const struct wishes none = {0};
    return zones_first(coach, b->framework, str_of("en"), &none, 3, &first);
}

static enum err ask_wishes(struct coach *coach, void *ctx)
{
    struct bench *b = ctx;
    struct wishes wishes;
    return wishes_of(coach, b->person, 0, str_of("en"), &wishes);
}

static enum err ask_helpers(struct coach *coach, void *ctx)
{
    struct bench *b = ctx;
    struct wishes_help help;
    return wishes_helpers(coach, &b->skill, 1, 3, &help);
}

static enum err ask_wanted(struct coach *coach, void *ctx)
{
    struct bench *b = ctx;
    struct wishes wishes;
    struct wishes_wanted *wanted;
    enum err err = wishes_of(coach, coach->actor.person_id, b->framework, str_of("en"), &wishes);
    return err ? err : wishes_wanted(coach, &wishes, &wanted);
}

static enum err nothing(struct coach *coach, void *ctx)
{
    (void)coach;
    (void)ctx;
    return ERR_OK;
}

/* The best of five means, each of ROUNDS / 5 transactions. */
static void measure(struct bench *b, const char *what, enum coach_mode mode, coach_work_fn *work)
{
    double best = 1e9;
    struct arena *before = b->coach.arena;
    for (int part = 0; part < 5; part++) {
        double begin = now(CLOCK_PROCESS_CPUTIME_ID);
        for (int k = 0; k < ROUNDS / 5; k++) {
            b->coach.arena = arena_new(0);
            must(b, coach_transact(&b->coach, mode, work, b), what);
            arena_free(b->coach.arena);
        }
        double mean = (now(CLOCK_PROCESS_CPUTIME_ID) - begin) / (ROUNDS / 5) * 1e6;
        best = mean < best ? mean : best;
    }
    b->coach.arena = before;
    printf("%-44s %8.0f us\n", what, best);
}

int main(int argc, char **argv)
{
    struct bench b = {0};
    struct db *db;
    struct zones_refit report;
    char message[DB_MAX_MESSAGE];
    if (argc != 2 || coach_connect(argv[1], &db, message, sizeof message)) {
        fprintf(stderr, "%s\n", argc == 2 ? message : "usage: zones DATABASE");
        return 2;
    }
    coach_init(&b.coach, db, arena_new(0), coach_clock_ms());
    coach_act_as_system(&b.coach);
    must(&b, coach_transact(&b.coach, COACH_READ, find, &b), "finding the teacher");
    must(&b, coach_transact(&b.coach, COACH_WRITE, add_own_view, &b), "a new piece");
    double cpu = now(CLOCK_PROCESS_CPUTIME_ID), wall = now(CLOCK_MONOTONIC);
    must(&b, zones_refit(&b.coach, b.framework, NULL, NULL, &report), "refit");
    cpu = now(CLOCK_PROCESS_CPUTIME_ID) - cpu;
    wall = now(CLOCK_MONOTONIC) - wall;
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    printf("refit of %" PRId32 " people, %" PRId32 " skills, %" PRId64 " pieces, %" PRId32
           " raters: %.1f s CPU, %.1f s, %.0f MB (process %.0f MB), %" PRId32 " iterations%s\n",
           report.n_people, report.n_skills, report.n_evidence, report.n_raters, cpu, wall,
           (double)report.peak_bytes / 1e6, (double)usage.ru_maxrss / 1e3, report.n_iterations,
           report.converged ? "" : ", not converged");
    measure(&b, "an empty read transaction", COACH_READ, nothing);
    must(&b, coach_begin(&b.coach, COACH_READ), "begin");
    must(&b, coach_act_as(&b.coach, b.person), "act as");
    must(&b, coach_commit(&b.coach), "commit");
    b.coach.memory = memory_new(); /* as in a web worker */
    measure(&b, "estimates, and what could be offered and grown in", COACH_READ, ask_hints);
    measure(&b, "own needs and offers", COACH_READ, ask_wishes);
    measure(&b, "three who could help", COACH_READ, ask_helpers);
    measure(&b, "how many need what I offer", COACH_READ, ask_wanted);
    measure(&b, "all zones of a person", COACH_READ, ask_zones);
    measure(&b, "a new piece, zones brought up to date", COACH_WRITE, add_own_view);
    arena_free(b.coach.arena);
    memory_free(b.coach.memory);
    coach_disconnect(db);
    return 0;
}
