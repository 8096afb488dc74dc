/* Where people stand, and the figures, of random programmes: against a slow second computation,
 * person by person and question by question; what an evaluator and others are not told. */
#include "coach/overview.h"
#include "base/rng.h"
#include "coach/figures.h"
#include "partners_test.h"

#include <stdarg.h>

#define PEOPLE 40
#define PAIRS 30

struct place {
    struct school s;
    struct rng rng;
    int64_t people[PEOPLE], below;
};

static void script(struct place *p, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static void script(struct place *p, const char *fmt, ...)
{
    char sql[800];
    va_list args;
    va_start(args, fmt);
    vsnprintf(sql, sizeof sql, fmt, args);
    va_end(args);
    coachtest_script(&p->s.c, sql);
}

static int64_t number(struct place *p, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static int64_t number(struct place *p, const char *fmt, ...)
{
    char sql[1200];
    va_list args;
    va_start(args, fmt);
    vsnprintf(sql, sizeof sql, fmt, args);
    va_end(args);
    return coachtest_number(&p->s.c, sql);
}

static int any(struct place *p, int n)
{
    return (int)rng_below(&p->rng, (uint32_t)n);
}

static int64_t somebody(struct place *p)
{
    return p->people[any(p, PEOPLE)];
}

/* Somebody whose number is far from those of the others; takes part where figures are counted, and
 * has left in every other round. */
#define FAR "9000"

static void make_far(struct place *p)
{
    script(p,
           "INSERT INTO person (id, given_name, family_name, search, created_ms, changed_ms) "
           "VALUES (" FAR ", 'Far', 'Away', 'far away', 1, 1);"
           "INSERT INTO need (person_id, skill_id, priority, created_ms) VALUES (" FAR ", 1, 1, 1);"
           "INSERT INTO offer (person_id, skill_id, created_ms) VALUES (" FAR ", 1, 1);"
           "INSERT INTO programme_person (programme_id, person_id, state, source, created_ms) "
           "VALUES (1, " FAR ", 'out', 'added', 1)");
}

/* Two programmes of one framework, the second about the first skill only. */
static void make_people(struct place *p)
{
    struct coachtest *c = &p->s.c;
    p->below = coachtest_unit(c, p->s.unit, UNIT_SCHOOL, "Below");
    script(p, "INSERT INTO programme (name, framework_id, starts_day, ends_day, state, created_ms, "
              "changed_ms, max_helps) VALUES ('P', 1, 1, 2, 'running', 1, 1, 1), "
              "('Q', 1, 1, 2, 'running', 1, 1, NULL);"
              "INSERT INTO programme_skill (programme_id, skill_id) VALUES (1, 1)");
    script(p, "INSERT INTO programme_unit (programme_id, unit_id) VALUES (1, %d), (2, %d)",
           (int)p->s.unit, (int)p->s.unit);
    for (int k = 0; k < PEOPLE; k++) {
        static const char *const states[] = {"in", "in", "in", "in", "invited", "out"};
        char name[20];
        snprintf(name, sizeof name, "N%d", any(p, 1000));
        p->people[k] = coachtest_person(c, name, "Random");
        coachtest_role(c, p->people[k], any(p, 3) ? p->s.unit : p->below, ROLE_PARTICIPANT);
        script(p,
               "INSERT INTO programme_person (programme_id, person_id, state, source, created_ms) "
               "VALUES (1, %d, '%s', 'unit', 1)",
               (int)p->people[k], states[any(p, 6)]);
        for (int skill = 1; skill <= 2; skill++) {
            if (any(p, 2)) {
                script(p,
                       "INSERT INTO need (person_id, skill_id, priority, created_ms) "
                       "VALUES (%d, %d, %d, 1)",
                       (int)p->people[k], skill, skill);
            }
            if (any(p, 2)) {
                script(p, "INSERT INTO offer (person_id, skill_id, created_ms) VALUES (%d, %d, 1)",
                       (int)p->people[k], skill);
            }
        }
    }
}

static void make_pair(struct place *p, int id)
{
    static const char *const states[] = {"proposed", "agreeing", "active", "active",
                                         "active",   "paused",   "ended"};
    static const char *const programmes[] = {"1", "1", "2", "NULL"};
    const char *state = states[any(p, 7)];
    bool guide = any(p, 6) == 0, ended = strcmp(state, "ended") == 0;
    int64_t a = somebody(p), b = somebody(p);
    if (a == b) {
        return;
    }
    script(p,
           "INSERT INTO partnership (id, kind, programme_id, state, ending, created_ms, "
           "started_ms, moved_ms, ended_ms, still_ms) VALUES (%d, '%s', %s, '%s', '%s', 1, %s, 1, "
           "%s, %s)",
           id, guide ? "guide" : "pair", programmes[any(p, 4)], state, ended ? "finished" : "",
           strcmp(state, "proposed") == 0 ? "NULL" : "5", ended ? "9" : "NULL",
           strcmp(state, "active") == 0 && any(p, 2) ? "7" : "NULL");
    script(p,
           "INSERT INTO partnership_member (partnership_id, person_id, answer, joined_ms) "
           "VALUES (%d, %d, 'accepted', 2)",
           id, (int)a);
    if (!guide) {
        script(p,
               "INSERT INTO partnership_member (partnership_id, person_id, answer, joined_ms) "
               "VALUES (%d, %d, 'accepted', 2)",
               id, (int)b);
    }
    for (int k = 0; strcmp(state, "proposed") != 0 && k < any(p, 3); k++) {
        script(p,
               "INSERT INTO meeting (partnership_id, state, uid, minutes, starts_ms, created_ms, "
               "changed_ms) VALUES (%d, '%s', '%d-%d', 30, 5, 1, 1)",
               id, any(p, 2) ? "held" : "missed", id, k);
    }
    for (int k = 0; k < 1 + any(p, 2); k++) {
        char helper[20];
        snprintf(helper, sizeof helper, "%d", (int)(k ? a : b));
        script(p,
               "INSERT INTO focus (partnership_id, learner_id, helper_id, skill_id, active, "
               "created_ms) VALUES (%d, %d, %s, %d, %d, 1)",
               id, (int)(k && !guide ? b : a), guide ? "NULL" : helper, 1 + any(p, 2),
               any(p, 5) != 0);
        if (strcmp(state, "proposed") != 0 && any(p, 2)) {
            script(p,
                   "INSERT INTO cycle (partnership_id, focus_id, number, state, stage, created_ms, "
                   "changed_ms, ended_ms) SELECT %d, max(id), %d, 'done', 'reflect', 1, 1, 1 FROM "
                   "focus",
                   id, k + 1);
        }
    }
}

/* ---- the second computation ---- */

/* Partnerships of the person that the programme is about, of some states. */
static bool in_one(struct place *p, int64_t person, const char *condition)
{
    return number(p,
                  "SELECT count(*) FROM partnership q JOIN partnership_member m ON "
                  "m.partnership_id = q.id WHERE m.person_id = %d AND q.kind <> 'guide' AND "
                  "(q.programme_id = 1 OR (q.programme_id IS NULL AND 1 IN (SELECT f.skill_id FROM "
                  "focus f WHERE f.partnership_id = q.id AND f.active = 1))) AND %s",
                  (int)person, condition) > 0;
}

static int64_t focuses(struct place *p, int64_t person, const char *column, const char *condition)
{
    return number(p,
                  "SELECT count(DISTINCT q.id) FROM focus f JOIN partnership q ON q.id = "
                  "f.partnership_id WHERE q.state <> 'ended' AND f.active = 1 AND f.%s = %d AND %s",
                  column, (int)person, condition);
}

static unsigned traits_of(struct place *p, int64_t person)
{
    int64_t learns = focuses(p, person, "learner_id", "q.kind <> 'guide' AND f.skill_id = 1");
    int64_t helps = focuses(p, person, "helper_id", "q.kind <> 'guide'");
    bool wants = number(p, "SELECT count(*) FROM need WHERE person_id = %d AND skill_id = 1",
                        (int)person) > 0;
    bool is[OVERVIEW_TRAIT__MAX] = {
        [OVERVIEW_PAIRED] = in_one(p, person, "q.state IN ('agreeing', 'active', 'paused')"),
        [OVERVIEW_ASKED] = in_one(p, person, "q.state = 'proposed'"),
        [OVERVIEW_ACTIVE] = in_one(p, person, "q.state = 'active'"),
        [OVERVIEW_STALLED] = in_one(p, person, "q.state = 'active' AND q.still_ms IS NOT NULL"),
        [OVERVIEW_PAUSED] = in_one(p, person, "q.state = 'paused'"),
        [OVERVIEW_UNSERVED] = wants && learns == 0,
        [OVERVIEW_GUIDED] = focuses(p, person, "learner_id", "q.kind = 'guide' AND f.skill_id = 1"),
        [OVERVIEW_HELPING] = helps > 0,
        [OVERVIEW_OVERLOADED] = helps > 1,
    };
    unsigned traits = 0;
    for (int t = 0; t < OVERVIEW_TRAIT__MAX; t++) {
        traits |= is[t] ? 1u << t : 0;
    }
    return traits;
}

static bool takes_part(struct place *p, int64_t person)
{
    return number(p,
                  "SELECT count(*) FROM programme_person WHERE programme_id = 1 AND person_id = %d "
                  "AND state = 'in'",
                  (int)person) > 0;
}

static struct overview page_of(struct place *p, int show, int64_t unit)
{
    struct overview o = {0};
    const struct overview_query query = {.show = show, .unit_id = unit};
    coachtest_must(&p->s.c, coachtest_read(&p->s.c, overview_page(&p->s.c.coach, 1, &query, &o)),
                   "overview");
    return o;
}

static void test_traits(struct place *p, int *wrong, int *seen)
{
    int64_t n[OVERVIEW_TRAIT__MAX] = {0}, n_people = 0;
    coachtest_as(&p->s.c, p->s.people[COORDINATOR]);
    struct overview all = page_of(p, -1, 0);
    for (int k = 0; k < PEOPLE; k++) {
        const struct overview_person *found = NULL;
        for (size_t i = 0; i < all.n_items; i++) {
            found = all.items[i].person_id == p->people[k] ? &all.items[i] : found;
        }
        bool in = takes_part(p, p->people[k]);
        *wrong += (found != NULL) != in;
        if (!found) {
            continue;
        }
        unsigned traits = traits_of(p, p->people[k]);
        n_people++;
        *wrong += found->traits != traits;
        for (int t = 0; t < OVERVIEW_TRAIT__MAX; t++) {
            n[t] += traits >> t & 1u;
            *seen += (traits >> t & 1u) != 0;
        }
    }
    *wrong += all.n_people != n_people;
    for (int t = 0; t < OVERVIEW_TRAIT__MAX; t++) {
        struct overview some = page_of(p, t, 0);
        *wrong += all.n[t] != n[t] || some.n_items != (size_t)n[t];
        for (size_t i = 0; i < some.n_items; i++) {
            *wrong += !(some.items[i].traits >> t & 1u);
        }
    }
    struct overview below = page_of(p, -1, p->below);
    *wrong += (int64_t)below.n_items !=
              number(p,
                     "SELECT count(*) FROM programme_person x JOIN membership m ON m.person_id = "
                     "x.person_id WHERE x.programme_id = 1 AND x.state = 'in' AND m.unit_id = %d",
                     (int)p->below);
}

/* Of whom the reader evaluates, and whoever works with them, nothing is told. */
static void test_evaluator(struct place *p, int *wrong, int *left_out)
{
    struct coachtest *c = &p->s.c;
    int64_t one = somebody(p);
    while (!takes_part(p, one)) {
        one = somebody(p);
    }
    script(p, "INSERT INTO evaluator (evaluator_id, person_id, created_ms) VALUES (%d, %d, 1)",
           (int)p->s.people[COORDINATOR], (int)one);
    coachtest_as(c, p->s.people[COORDINATOR]);
    struct overview all = page_of(p, -1, 0);
    for (size_t i = 0; i < all.n_items; i++) {
        *wrong += number(p,
                         "SELECT count(*) FROM partnership_member a JOIN partnership_member b ON "
                         "b.partnership_id = a.partnership_id JOIN partnership q ON q.id = "
                         "a.partnership_id WHERE q.state <> 'ended' AND a.person_id = %d AND "
                         "b.person_id = %d",
                         (int)all.items[i].person_id, (int)one) > 0 ||
                  all.items[i].person_id == one;
    }
    *left_out += (int)all.n_withheld;
    script(p, "DELETE FROM evaluator");
}

static void hold(const struct figure *figure, int64_t truth, int *wrong, int *shown)
{
    *wrong += figure->told == FIGURE_SHOWN && figure->n != truth;
    *wrong += figure->told == FIGURE_FEW && truth >= FIGURES_LEAST;
    *shown += figure->told == FIGURE_SHOWN;
}

static void test_figures(struct place *p, int *wrong, int *shown)
{
#define IN                                                                                         \
    "person_id IN (SELECT person_id FROM programme_person WHERE programme_id = 1 AND "             \
    "state = 'in' AND person_id IN (SELECT id FROM person WHERE active = 1))"
#define SERVED                                                                                     \
    "SELECT n.person_id FROM need n WHERE n.skill_id = 1 AND n." IN " AND EXISTS "                 \
    "(SELECT 1 FROM focus f WHERE f.learner_id = n.person_id AND f.skill_id = 1 AND "              \
    "f.active = 1 AND f.partnership_id IN (SELECT id FROM partnership WHERE state IN "             \
    "('agreeing', 'active', 'paused') AND kind <> 'guide' AND (programme_id = 1 OR "               \
    "programme_id IS NULL)))"
#define BEGUN                                                                                      \
    "SELECT q.id FROM partnership q WHERE q.programme_id = 1 AND q.kind <> 'guide' AND "           \
    "q.started_ms IS NOT NULL"
    struct figures_map map;
    struct figures_board board;
    coachtest_as(&p->s.c, p->s.people[COORDINATOR]);
    coachtest_do(&p->s.c, figures_map(&p->s.c.coach, 1, &map));
    coachtest_do(&p->s.c, figures_board(&p->s.c.coach, 1, &map, &board));
    *wrong += map.n != 1 || map.skills[0].skill_id != 1;
    int64_t people =
        number(p, "SELECT count(*) FROM programme_person WHERE programme_id = 1 AND " IN);
    int64_t want = number(p, "SELECT count(*) FROM need WHERE skill_id = 1 AND " IN);
    hold(&map.people, people, wrong, shown);
    hold(&map.skills[0].want, want, wrong, shown);
    hold(&map.want, want, wrong, shown);
    hold(&map.skills[0].offer, number(p, "SELECT count(*) FROM offer WHERE skill_id = 1 AND " IN),
         wrong, shown);
    hold(&map.skills[0].served, number(p, "SELECT count(*) FROM (" SERVED ") x"), wrong, shown);
    hold(&board.people, people, wrong, shown);
    hold(&board.partners,
         number(p, "SELECT count(DISTINCT person_id) FROM partnership_member WHERE " IN
                   " AND partnership_id IN (" BEGUN ")"),
         wrong, shown);
    hold(&board.partnerships,
         number(p, "SELECT count(DISTINCT partnership_id) FROM partnership_member WHERE " IN
                   " AND partnership_id IN (" BEGUN ")"),
         wrong, shown);
    hold(&board.cycled,
         number(p, "SELECT count(DISTINCT person_id) FROM partnership_member WHERE " IN
                   " AND partnership_id IN (" BEGUN ") AND partnership_id IN "
                   "(SELECT partnership_id FROM cycle WHERE state = 'done')"),
         wrong, shown);
    hold(&board.cycles,
         number(p, "SELECT count(*) FROM cycle WHERE state = 'done' AND partnership_id IN (" BEGUN
                   ") AND partnership_id IN (SELECT partnership_id FROM partnership_member "
                   "WHERE " IN ")"),
         wrong, shown);
    hold(&board.meetings,
         number(p, "SELECT count(*) FROM meeting WHERE state = 'held' AND partnership_id IN (" BEGUN
                   ") AND partnership_id IN (SELECT partnership_id FROM partnership_member "
                   "WHERE " IN ")"),
         wrong, shown);
}

static void test_doors(struct place *p)
{
    struct coachtest *c = &p->s.c;
    struct figures_map map;
    struct overview o;
    const struct overview_query query = {.show = -1};
    coachtest_as(c, p->people[0]);
    tap_ok(coachtest_read(c, overview_page(&c->coach, 1, &query, &o)) == ERR_FORBIDDEN &&
               coachtest_read(c, overview_all(&c->coach, 1, &o)) == ERR_FORBIDDEN &&
               coachtest_read(c, figures_map(&c->coach, 1, &map)) == ERR_FORBIDDEN,
           "%s: for who arranges the programme only", c->name);
    coachtest_role(c, p->people[1], p->below, ROLE_COORDINATOR);
    coachtest_as(c, p->people[1]);
    tap_ok(coachtest_read(c, overview_page(&c->coach, 1, &query, &o)) == ERR_FORBIDDEN &&
               coachtest_read(c, figures_map(&c->coach, 1, &map)) == ERR_FORBIDDEN,
           "%s: not for who coordinates a part of it", c->name);
    coachtest_as(c, p->s.people[ADMIN]);
    tap_ok(coachtest_read(c, overview_page(&c->coach, 999, &query, &o)) == ERR_NOT_FOUND,
           "%s: of what is not there, nothing", c->name);
    tap_ok(coachtest_write(c, overview_all(&c->coach, 1, &o)) == ERR_OK && o.n_items > 10,
           "%s: all of it as one list", c->name);
}

static void suite(const struct dbtest *t)
{
    struct place p = {.rng = rng_seed(17)};
    int wrong = 0, seen = 0, wrong_told = 0, left_out = 0, wrong_figures = 0, shown = 0;
    int rounds = t->kind == DB_SQLITE && !getenv("DUET_SANITIZED") ? 6 : 2;
    school_make(&p.s, t);
    make_people(&p);
    make_far(&p);
    for (int round = 0; round < rounds; round++) {
        script(&p, "DELETE FROM meeting; DELETE FROM cycle; DELETE FROM focus; "
                   "DELETE FROM partnership_member; DELETE FROM partnership");
        for (int id = 1; id <= PAIRS; id++) {
            make_pair(&p, id);
        }
        test_traits(&p, &wrong, &seen);
        test_evaluator(&p, &wrong_told, &left_out);
        script(&p, "UPDATE person SET active = %d WHERE id = " FAR, round % 2);
        script(&p, "UPDATE programme_person SET state = 'in' WHERE person_id = " FAR);
        test_figures(&p, &wrong_figures, &shown);
        script(&p, "UPDATE programme_person SET state = 'out' WHERE person_id = " FAR);
    }
    tap_ok(wrong == 0 && seen > 50, "%s: where people stand, as asked one by one (%d wrong of %d)",
           t->name, wrong, seen);
    tap_ok(wrong_told == 0 && left_out > 0,
           "%s: nothing of whom the reader evaluates, nor of their partners (%d)", t->name,
           wrong_told);
    tap_ok(wrong_figures == 0 && shown > 5, "%s: figures, as counted otherwise (%d wrong of %d)",
           t->name, wrong_figures, shown);
    test_doors(&p);
    coachtest_close(&p.s.c);
}

int main(void)
{
    dbtest_both(suite);
    return tap_done();
}
