/* A programme of forty people in two schools, with needs, offers, languages, free periods and an
 * evaluator, for tests of rounds. */
#ifndef DUET_TESTS_COACH_ROUNDS_TEST_H
#define DUET_TESTS_COACH_ROUNDS_TEST_H

#include "skills_test.h"

#include "base/buf.h"
#include "coach/evaluators.h"
#include "coach/programmes.h"
#include "coach/rounds.h"

#define PEOPLE 40
#define KNOWN 38 /* of whom there is evidence */
#define HEAD 0   /* coordinates the first school too, and evaluates person 2 */
#define COORD 1  /* coordinates both */

struct rounds_world {
    struct world w;
    int64_t schools[2];
    int64_t programme;
};

static inline void rounds_sql(struct coachtest *c, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
static inline void rounds_sql(struct coachtest *c, const char *fmt, ...)
{
    char sql[400];
    va_list args;
    va_start(args, fmt);
    vsnprintf(sql, sizeof sql, fmt, args);
    va_end(args);
    coachtest_script(c, sql);
}

/* What everybody says about themselves. */
static inline void rounds_say(struct rounds_world *r)
{
    static const char *const days[] = {"mon", "tue", "wed"};
    struct world *w = &r->w;
    for (int p = 0; p < PEOPLE; p++) {
        long long id = (long long)w->people[p];
        int need = (int)rng_below(&w->rng, 6);
        rounds_sql(&w->c,
                   "INSERT INTO membership (person_id, unit_id, role, created_ms) VALUES (%lld, "
                   "%lld, 'participant', 1)",
                   id, (long long)r->schools[p % 2]);
        for (int k = 0; k < 2 && p != 5; k++) { /* person 5 needs nothing */
            rounds_sql(&w->c,
                       "INSERT INTO need (person_id, skill_id, priority, created_ms) VALUES "
                       "(%lld, %lld, %d, 1)",
                       id, (long long)w->skills[need + 3 * k], k + 1);
        }
        for (int s = 0; s < WORLD_SKILLS; s++) {
            if (rng_below(&w->rng, 3) == 0) {
                rounds_sql(&w->c,
                           "INSERT INTO offer (person_id, skill_id, created_ms) VALUES (%lld, "
                           "%lld, 1)",
                           id, (long long)w->skills[s]);
            }
        }
        rounds_sql(&w->c, "INSERT INTO person_tag VALUES (%lld, 'language', '%s')", id,
                   p % 3 ? "en" : "es-MX");
        rounds_sql(&w->c, "INSERT INTO person_tag VALUES (%lld, 'period', '%s-%d')", id,
                   days[p % 3], p % 3 + 9);
    }
}

static inline int64_t rounds_programme(struct rounds_world *r, const struct programme *options)
{
    struct coachtest *c = &r->w.c;
    struct programme p = *options;
    int64_t id = 0;
    p.name = str_of("Autumn");
    p.about = (struct str){"", 0};
    p.framework_id = r->w.framework;
    p.starts_day = 19700;
    p.ends_day = 19800;
    coachtest_do(c, programmes_add(&c->coach, &p, &c->complaints, &id));
    coachtest_do(c, programmes_set_units(&c->coach, id, r->schools, 2, &c->complaints));
    coachtest_do(c, programmes_open(&c->coach, id, &c->complaints));
    return id;
}

static inline void rounds_world(struct rounds_world *r, const struct dbtest *t)
{
    struct coachtest *c = &r->w.c;
    world_make(&r->w, t, PEOPLE);
    coachtest_do(c, world_fill(&r->w, KNOWN));
    (void)world_refit(&r->w);
    r->schools[0] = coachtest_unit(c, 1, UNIT_SCHOOL, "North");
    r->schools[1] = coachtest_unit(c, 1, UNIT_SCHOOL, "South");
    coachtest_script(c, "DELETE FROM membership");
    rounds_say(r);
    coachtest_role(c, r->w.people[HEAD], r->schools[0], ROLE_COORDINATOR);
    coachtest_role(c, r->w.people[HEAD], r->schools[1], ROLE_COORDINATOR);
    coachtest_role(c, r->w.people[COORD], r->schools[0], ROLE_COORDINATOR);
    coachtest_role(c, r->w.people[COORD], r->schools[1], ROLE_COORDINATOR);
    coachtest_as_system(c);
    coachtest_do(c, evaluators_add(&c->coach, r->w.people[HEAD], r->w.people[2]));
    coachtest_as(c, r->w.people[COORD]);
}

/* Does the job. */
static inline void rounds_do(struct coachtest *c, int64_t id, bool compare)
{
    struct actor actor = c->coach.actor;
    coachtest_as_system(c);
    coachtest_must(c,
                   compare ? comparisons_work(&c->coach, id, NULL, NULL)
                           : rounds_work(&c->coach, id, NULL, NULL),
                   "work");
    c->coach.actor = actor;
}

/* Starts a round and works it out. */
static inline int64_t rounds_made(struct coachtest *c, int64_t programme)
{
    int64_t id = 0;
    coachtest_do(c, rounds_start(&c->coach, programme, &id));
    rounds_do(c, id, false);
    return id;
}

/* A programme of one partner each way, and its first round. */
static inline int64_t rounds_first(struct rounds_world *r, int64_t *programme)
{
    const struct programme plain = {.max_helps = 1, .max_learns = 1};
    *programme = rounds_programme(r, &plain);
    return rounds_made(&r->w.c, *programme);
}

static inline struct rounds_round rounds_now(struct coachtest *c, int64_t id)
{
    struct rounds_round round = {0};
    coachtest_must(c, coachtest_read(c, rounds_get(&c->coach, id, &round)), "get");
    return round;
}

/* All pairs, page by page. */
static inline struct rounds_pairs rounds_all(struct coachtest *c, int64_t id, struct str words)
{
    struct rounds_pairs all = {0}, page;
    struct rounds_filter filter = {.words = words, .locale = {"", 0}};
    all.items = arena_alloc(c->coach.arena, 2 * PEOPLE, sizeof *all.items);
    do {
        coachtest_must(c, coachtest_read(c, rounds_pairs(&c->coach, id, &filter, &page)), "pairs");
        for (size_t k = 0; k < page.n; k++) {
            all.items[all.n++] = page.items[k];
        }
        filter.after = page.next;
    } while (page.next);
    return all;
}

/* Runs tests, the last of which is NULL, one after another in one world. */
typedef void rounds_test_fn(struct rounds_world *r);
static inline void rounds_suite(const struct dbtest *t, rounds_test_fn *const *tests)
{
    struct rounds_world r;
    rounds_world(&r, t);
    for (; *tests; tests++) {
        (*tests)(&r);
    }
    coachtest_close(&r.w.c);
}

#endif
