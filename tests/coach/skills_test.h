/* A small school with the framework of teaching, for tests of evidence and zones. */
#ifndef DUET_TESTS_COACH_SKILLS_TEST_H
#define DUET_TESTS_COACH_SKILLS_TEST_H

#include "coachtest.h"

#include "base/num.h"
#include "base/rng.h"
#include "coach/evidence.h"
#include "coach/frameworks.h"
#include "coach/shares.h"
#include "coach/zones.h"

#define WORLD_SKILLS 18
#define WORLD_PEOPLE 40

struct world {
    struct coachtest c;
    int64_t framework;
    int64_t skills[WORLD_SKILLS], task;
    int64_t people[WORLD_PEOPLE];
    struct rng rng;
};

static inline void world_make(struct world *w, const struct dbtest *t, int n_people)
{
    struct coachtest *c = &w->c;
    struct framework *tree = NULL;
    struct frameworks_summary summary;
    coachtest_open(c, t);
    w->rng = rng_seed(7);
    coachtest_must(c, frameworks_read_shipped(c->coach.arena, 0, &tree), "shipped");
    coachtest_do(c, frameworks_bring(&c->coach, tree, 0, &summary));
    w->framework = summary.id;
    coachtest_must(c,
                   coachtest_read(c, frameworks_get(&c->coach, summary.id, str_of(""),
                                                    FRAMEWORKS_TASKS, &tree)),
                   "get");
    for (int d = 0, n = 0; d < tree->n_domains; d++) {
        for (int s = 0; s < tree->domains[d].n_skills; s++) {
            w->skills[n++] = tree->domains[d].skills[s].id;
        }
    }
    w->task = tree->domains[0].skills[0].tasks[1].id;
    int64_t unit = coachtest_unit(c, 0, UNIT_ORGANISATION, "School");
    for (int k = 0; k < n_people; k++) {
        char given[16];
        snprintf(given, sizeof given, "P%02d", k);
        w->people[k] = coachtest_person(c, given, "Person");
        coachtest_do(c, roles_add(&c->coach, w->people[k], unit, ROLE_PARTICIPANT, "entered"));
    }
}

static inline struct evidence_row world_row(struct world *w, int person, int skill, int level,
                                            int rater, int day)
{
    return (struct evidence_row){
        .piece = {.person_id = w->people[person],
                  .skill_id = w->skills[skill],
                  .kind = EVIDENCE_OBSERVED,
                  .level = level,
                  .day = day,
                  .task_name = {"", 0},
                  .occasion = {"", 0},
                  .note = {"", 0}},
        .rater_person_id = w->people[rater],
        .rater_name = {"", 0},
        .segment = {"", 0},
        .source = "file",
    };
}

/* Visits of three colleagues to everybody, seven skills each, drawn from a made-up truth; some own
 * views and tasks. In the transaction of the caller. */
static inline enum err world_fill(struct world *w, int n_people)
{
    enum err err = ERR_OK;
    for (int p = 0; p < n_people && !err; p++) {
        double ability = rng_normal(&w->rng);
        for (int visit = 0; visit < 3 && !err; visit++) {
            int rater = (p + 1 + (int)rng_below(&w->rng, (uint32_t)n_people - 1)) % n_people;
            int skill = (int)rng_below(&w->rng, WORLD_SKILLS);
            for (int k = 0; k < 7 && !err; k++, skill = (skill + 1) % WORLD_SKILLS) {
                double eta = ability + 0.8 * rng_normal(&w->rng);
                int level = eta < -1.3 ? 1 : eta < 0 ? 2 : eta < 1.3 ? 3 : 4;
                bool fresh;
                struct evidence_row row = world_row(w, p, skill, level, rater, 19600 + visit * 7);
                err = evidence_add_row(&w->c.coach, &row, &fresh);
            }
        }
        for (int k = 0; k < 3 && !err; k++) {
            bool fresh;
            struct evidence_row row = world_row(w, p, k, 1 + (int)rng_below(&w->rng, 4), p, 19590);
            row.piece.kind = k < 2 ? EVIDENCE_SELF : EVIDENCE_TASK;
            row.piece.level = k < 2 ? row.piece.level : (int)rng_below(&w->rng, 2);
            row.piece.support = k < 2 ? EVIDENCE_INDEPENDENT : EVIDENCE_PROMPTED;
            row.piece.task_name = str_of(k < 2 ? "" : "a task");
            err = evidence_add_row(&w->c.coach, &row, &fresh);
        }
    }
    return err;
}

static inline struct zones_refit world_refit(struct world *w)
{
    struct zones_refit report;
    w->c.coach.now_ms += 1000;
    coachtest_must(&w->c, zones_refit(&w->c.coach, w->framework, NULL, NULL, &report), "refit");
    return report;
}

/* What the table zone has of a person in a skill. */
struct world_zone {
    bool there, enough;
    double alone, alone_sd, helped;
    int n_evidence, n_raters, n_occasions;
};

static inline struct world_zone world_zone(struct world *w, int person, int skill)
{
    struct world_zone z = {0};
    struct db_query *q;
    struct coachtest *c = &w->c;
    coachtest_begin(c, COACH_READ);
    coachtest_must(
        c, sql_rows(&c->coach, SQL_ZONE_OF_PERSON, SQL_ARGS(sql_int(w->people[person])), &q),
        "zone");
    while (db_step(q) == ERR_OK) {
        if (db_int(q, 0) == w->skills[skill]) {
            z = (struct world_zone){.there = true,
                                    .enough = db_int(q, 17) != 0,
                                    .alone = db_double(q, 1),
                                    .alone_sd = db_double(q, 2),
                                    .helped = db_double(q, 3),
                                    .n_evidence = (int)db_int(q, 14),
                                    .n_raters = (int)db_int(q, 15),
                                    .n_occasions = (int)db_int(q, 16)};
        }
    }
    db_finish(q);
    coachtest_must(c, coachtest_end(c, ERR_OK), "end");
    return z;
}

#endif
