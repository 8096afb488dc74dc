/* Long random histories of sharing, evaluating, roles, leaving and coming back: after each step the
 * rules must say what a model of a few arrays says, and an administrator must be left. */
#include "base/rng.h"
#include "coach/allow.h"
#include "coach/evaluators.h"
#include "coach/shares.h"
#include "coachtest.h"

#define PEOPLE 7
#define UNITS 5
#define OBJECTS 3 /* 0: all; the skills 1 and 2 */

struct model {
    int64_t people[PEOPLE], units[UNITS], skills[OBJECTS];
    bool active[PEOPLE];
    bool member[PEOPLE][UNITS][ROLE__MAX];
    bool evaluates[PEOPLE][PEOPLE];         /* the first the second */
    int64_t share[PEOPLE][PEOPLE][OBJECTS]; /* the owner's with the other; its id, or 0 */
    struct rng rng;
    int steps[8];
};

/* 0 the organisation, 1 and 2 districts, 3 a school of 1, 4 a school of 2. */
static const int parent[UNITS] = {-1, 0, 0, 1, 2};

static uint32_t any(struct model *m, uint32_t n)
{
    return rng_below(&m->rng, n);
}

/* ---- what the model says ---- */

static bool is_administrator(const struct model *m, int p)
{
    return m->active[p] && m->member[p][0][ROLE_ADMINISTRATOR];
}

static int administrators(const struct model *m)
{
    int n = 0;
    for (int p = 0; p < PEOPLE; p++) {
        n += is_administrator(m, p);
    }
    return n;
}

static bool coordinates(const struct model *m, int a, int owner)
{
    for (int u = 0; u < UNITS; u++) {
        bool in = false;
        for (int role = 0; role < ROLE__MAX; role++) {
            in |= m->member[owner][u][role];
        }
        for (int up = u; in && up >= 0; up = parent[up]) {
            if (m->member[a][up][ROLE_COORDINATOR]) {
                return true;
            }
        }
    }
    return false;
}

static bool shared(const struct model *m, int owner, int a, int object)
{
    return m->active[owner] && (m->share[owner][a][0] || m->share[owner][a][object]);
}

static bool expected(const struct model *m, int a, int owner, enum allow_kind kind,
                     enum allow_verb verb, int object)
{
    if (!m->active[a]) {
        return false;
    }
    bool evaluator = m->evaluates[a][owner];
    bool power = is_administrator(m, a) || coordinates(m, a, owner);
    switch (kind) {
    case ALLOW_ON_ZONES:
    case ALLOW_ON_NEED:
        return a == owner || (!evaluator && shared(m, owner, a, object));
    case ALLOW_ON_EVIDENCE:
        return a == owner || (!evaluator && shared(m, owner, a, object));
    case ALLOW_ON_ACTIVITY:
        return a == owner || (!evaluator && power);
    case ALLOW_ON_INVITATION:
        return !evaluator && power;
    case ALLOW_ON_ACCOUNT:
        return verb == ALLOW_EDIT ? is_administrator(m, a) : a == owner || power;
    default:
        return false;
    }
}

/* ---- asking ---- */

static int check(struct coachtest *c, struct model *m)
{
    static const struct {
        enum allow_kind kind;
        enum allow_verb verb;
    } asked[] = {
        {ALLOW_ON_ZONES, ALLOW_VIEW},     {ALLOW_ON_NEED, ALLOW_VIEW},
        {ALLOW_ON_EVIDENCE, ALLOW_ADD},   {ALLOW_ON_ACTIVITY, ALLOW_VIEW},
        {ALLOW_ON_INVITATION, ALLOW_ADD}, {ALLOW_ON_ACCOUNT, ALLOW_VIEW},
        {ALLOW_ON_ACCOUNT, ALLOW_EDIT},
    };
    int wrong = 0;
    int a = (int)any(m, PEOPLE);
    coachtest_begin(c, COACH_READ);
    enum err err = coach_act_as(&c->coach, m->people[a]);
    coachtest_must(c, (err == ERR_NOT_FOUND) == !m->active[a] ? ERR_OK : ERR_CONFLICT, "act as");
    for (int owner = 0; owner < PEOPLE; owner++) {
        for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
            int object = (int)any(m, OBJECTS);
            bool yes = false;
            struct allow_object o = allow_of(asked[i].kind, m->people[owner], m->skills[object]);
            coachtest_must(c, allowed_quietly(&c->coach, asked[i].verb, o, &yes), "allowed");
            wrong += yes != expected(m, a, owner, asked[i].kind, asked[i].verb, object);
        }
    }
    coach_rollback(&c->coach);
    coachtest_as_system(c);
    return wrong;
}

/* ---- steps: each returns whether the answer was the model's ---- */

static bool step_share(struct coachtest *c, struct model *m)
{
    int owner = (int)any(m, PEOPLE), a = (int)any(m, PEOPLE), object = (int)any(m, OBJECTS);
    int64_t id = 0, *kept = &m->share[owner][a][object];
    if (!m->active[owner]) {
        return true;
    }
    coachtest_as(c, m->people[owner]);
    enum err err = coachtest_write(
        c, shares_give(&c->coach, m->people[a], SHARE_ZONES, m->skills[object], &id));
    bool can = owner != a && m->active[a] && !m->evaluates[a][owner];
    if (!can) {
        return err == ERR_CONFLICT;
    }
    bool right = err == ERR_OK && (*kept == 0 || *kept == id);
    *kept = id;
    return right;
}

static bool step_take_back(struct coachtest *c, struct model *m)
{
    int owner = (int)any(m, PEOPLE), a = (int)any(m, PEOPLE), object = (int)any(m, OBJECTS);
    int other = (int)any(m, PEOPLE);
    int64_t id = m->share[owner][a][object];
    if (!id || !m->active[other]) {
        return true;
    }
    coachtest_as(c, m->people[other]);
    enum err err = coachtest_write(c, shares_take_back(&c->coach, id));
    if (other != owner) {
        return err == ERR_FORBIDDEN;
    }
    m->share[owner][a][object] = 0;
    return err == ERR_OK;
}

static bool step_evaluator(struct coachtest *c, struct model *m)
{
    int e = (int)any(m, PEOPLE), p = (int)any(m, PEOPLE);
    bool add = any(m, 2);
    coachtest_as_system(c);
    enum err err =
        coachtest_write(c, add ? evaluators_add(&c->coach, m->people[e], m->people[p])
                               : evaluators_remove(&c->coach, m->people[e], m->people[p]));
    if (add && e == p) {
        return err == ERR_CONFLICT;
    }
    bool had = m->evaluates[e][p];
    m->evaluates[e][p] = add;
    for (int object = 0; add && !had && object < OBJECTS; object++) {
        m->share[p][e][object] = 0;
    }
    return err == (add || had ? ERR_OK : ERR_NOT_FOUND);
}

static bool step_role(struct coachtest *c, struct model *m)
{
    int p = (int)any(m, PEOPLE), u = (int)any(m, UNITS), r = (int)any(m, ROLE__MAX);
    bool add = any(m, 2), *has = &m->member[p][u][r];
    coachtest_as_system(c);
    enum err err =
        coachtest_write(c, add ? roles_add(&c->coach, m->people[p], m->units[u], (enum role)r, NULL)
                               : roles_remove(&c->coach, m->people[p], m->units[u], (enum role)r));
    if (add && r == ROLE_ADMINISTRATOR && u != 0) {
        return err == ERR_CONFLICT;
    }
    if (!add && *has && is_administrator(m, p) && r == ROLE_ADMINISTRATOR &&
        administrators(m) == 1) {
        return err == ERR_CONFLICT;
    }
    bool right = err == (add || *has ? ERR_OK : ERR_NOT_FOUND);
    *has = add;
    return right;
}

static bool step_leave(struct coachtest *c, struct model *m)
{
    int p = (int)any(m, PEOPLE);
    bool leave = m->active[p] ? any(m, 3) > 0 : any(m, 3) == 0;
    coachtest_as_system(c);
    enum err err = coachtest_write(c, leave ? people_leave(&c->coach, m->people[p])
                                            : people_return(&c->coach, m->people[p]));
    if (leave && is_administrator(m, p) && administrators(m) == 1) {
        return err == ERR_CONFLICT;
    }
    for (int owner = 0; leave && m->active[p] && owner < PEOPLE; owner++) {
        for (int object = 0; object < OBJECTS; object++) {
            m->share[owner][p][object] = 0;
        }
    }
    m->active[p] = !leave;
    return err == ERR_OK;
}

static void make(struct coachtest *c, struct model *m)
{
    static const enum unit_kind kinds[UNITS] = {UNIT_ORGANISATION, UNIT_DISTRICT, UNIT_DISTRICT,
                                                UNIT_SCHOOL, UNIT_SCHOOL};
    *m = (struct model){.rng = rng_seed(2024)};
    coachtest_script(c, "INSERT INTO framework (name, created_ms, changed_ms) VALUES ('F', 1, 1);"
                        "INSERT INTO domain (framework_id, position, name) VALUES (1, 1, 'D');"
                        "INSERT INTO skill (framework_id, domain_id, code, position, name, levels) "
                        "VALUES (1, 1, 'A', 1, 'A', 4), (1, 1, 'B', 2, 'B', 4);");
    m->skills[1] = coachtest_number(c, "SELECT min(id) FROM skill");
    m->skills[2] = coachtest_number(c, "SELECT max(id) FROM skill");
    for (int u = 0; u < UNITS; u++) {
        m->units[u] = coachtest_unit(c, parent[u] < 0 ? 0 : m->units[parent[u]], kinds[u], "Unit");
    }
    for (int p = 0; p < PEOPLE; p++) {
        m->people[p] = coachtest_person(c, "Person", "One");
        m->active[p] = true;
    }
    coachtest_role(c, m->people[0], m->units[0], ROLE_ADMINISTRATOR);
    m->member[0][0][ROLE_ADMINISTRATOR] = true;
}

static void suite(const struct dbtest *t)
{
    static bool (*const steps[])(struct coachtest *, struct model *) = {
        step_share,     step_share, step_share, step_take_back,
        step_evaluator, step_role,  step_role,  step_leave};
    struct coachtest c;
    struct model m;
    int wrong_answers = 0, wrong_steps = 0, fewest = PEOPLE;
    int n = getenv("DUET_SANITIZED") ? 300 : 1200;
    coachtest_open(&c, t);
    make(&c, &m);
    for (int i = 0; i < n; i++) {
        wrong_steps += !steps[any(&m, sizeof steps / sizeof *steps)](&c, &m);
        wrong_answers += check(&c, &m);
        fewest = administrators(&m) < fewest ? administrators(&m) : fewest;
        c.coach.pending = NULL;
    }
    tap_ok(wrong_steps == 0, "%s: %d steps end as the model says (%d did not)", t->name, n,
           wrong_steps);
    tap_ok(wrong_answers == 0, "%s: after each, permission is the model's (%d were not)", t->name,
           wrong_answers);
    tap_ok(fewest == 1, "%s: there was always an administrator, and once only one", t->name);
    coachtest_close(&c);
}

int main(void)
{
    dbtest_both(suite);
    return tap_done();
}
