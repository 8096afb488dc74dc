/* What else could be done with somebody of a round, and what it costs; see rounds.h. */
#include "base/arena.h"
#include "coach/framework.h"
#include "coach/memory.h"
#include "coach/rounds_change.h"
#include "coach/rounds_view.h"

/* Before another: more people served, then more gain; then as in the list of people. */
static bool better(const struct rounds_swap *a, const struct rounds_swap *b)
{
    if (a->served != b->served) {
        return a->served > b->served;
    }
    return a->gain != b->gain ? a->gain > b->gain : a->other < b->other;
}

/* Keeps the best of them, in order. */
static void keep(struct rounds_swap *best, int32_t *n, const struct rounds_swap *plan)
{
    int32_t at = *n;
    if (at == ROUNDS_ALTERNATIVES && !better(plan, &best[at - 1])) {
        return;
    }
    at = at == ROUNDS_ALTERNATIVES ? at - 1 : at;
    while (at > 0 && better(plan, &best[at - 1])) {
        best[at] = best[at - 1];
        at--;
    }
    best[at] = *plan;
    *n += *n < ROUNDS_ALTERNATIVES;
}

/* The better of moving and swapping for two people. */
static bool plan_of(const struct rounds_change *c, int32_t person, int32_t other,
                    struct rounds_swap *plan)
{
    struct rounds_swap swap;
    if (c->evaluated[other] || rounds_swap_plan(c, person, other, false, plan) != ERR_OK ||
        plan->locked) {
        return false;
    }
    if (!c->guide && rounds_swap_plan(c, person, other, true, &swap) == ERR_OK && swap.swapped &&
        better(&swap, plan)) {
        *plan = swap;
    }
    for (int32_t k = 0; k < plan->n_concerned; k++) {
        if (c->evaluated[plan->concerned[k]]) {
            return false;
        }
    }
    return true;
}

static struct str skill_name(const struct rounds_change *c, const struct framework *framework,
                             int32_t skill)
{
    const struct framework_skill *found =
        framework_find_skill(framework, c->roster.skill_ids[skill]);
    return found ? found->words.name : c->roster.roster.skills[skill].name;
}

static void tell(const struct rounds_change *c, const struct framework *framework,
                 const struct rounds_swap *plan, struct rounds_alternative *out)
{
    const struct roster_person *people = c->roster.roster.people;
    *out = (struct rounds_alternative){
        .other_id = c->roster.person_ids[plan->other],
        .other = people[plan->other].name,
        .learns = {"", 0},
        .helps = {"", 0},
        .served = plan->served,
        .gain = plan->gain,
        .left = {{"", 0}, {"", 0}},
        .swapped = plan->swapped,
    };
    for (int32_t k = 0; k < plan->n_add; k++) {
        const struct round_proposal *p = &plan->add[k];
        if (p->pair != 0 || p->skill == ROSTER_NONE) {
            continue;
        }
        if (p->learner == plan->person && (p->helper == plan->other || !out->learns_skill_id)) {
            out->learns_skill_id = c->roster.skill_ids[p->skill];
            out->learns = skill_name(c, framework, p->skill);
            out->learns_reach = p->reach;
        } else if (p->helper == plan->person &&
                   (p->learner == plan->other || !out->helps_skill_id)) {
            out->helps_skill_id = c->roster.skill_ids[p->skill];
            out->helps = skill_name(c, framework, p->skill);
        }
    }
    for (int k = 0; k < 2; k++) {
        if (plan->left[k] != ROSTER_NONE) {
            out->left_id[k] = c->roster.person_ids[plan->left[k]];
            out->left[k] = people[plan->left[k]].name;
        }
    }
}

static enum err tell_now(struct coach *coach, int64_t id, int64_t person_id, struct str locale,
                         struct rounds_alternatives *list)
{
    struct rounds_pairs now;
    enum err err = rounds_pair_of_person(coach, id, person_id, locale, &now);
    if (!err && now.n) {
        list->now = now.items[0];
    }
    return err;
}

enum err rounds_alternatives_of(struct coach *coach, int64_t id, int64_t person_id,
                                struct str locale, struct rounds_alternatives *list)
{
    struct rounds_change c;
    const struct framework *framework;
    enum err err = rounds_change_open(coach, ALLOW_VIEW, id, &c);
    if (err) {
        return err;
    }
    int32_t person = round_roster_person(&c.roster, person_id), n = 0;
    if (person == ROSTER_NONE) {
        return ERR_NOT_FOUND;
    }
    if (c.evaluated[person]) {
        return ERR_FORBIDDEN;
    }
    struct rounds_swap *best = arena_alloc(coach->arena, ROUNDS_ALTERNATIVES, sizeof *best);
    *list = (struct rounds_alternatives){.person_id = person_id,
                                         .person = c.roster.roster.people[person].name};
    list->items = arena_alloc(coach->arena, ROUNDS_ALTERNATIVES, sizeof *list->items);
    if (!best || !list->items) {
        return ERR_NOMEM;
    }
    for (int32_t v = 0; v < c.engine->n; v++) {
        struct rounds_swap plan;
        if ((round_could_help(c.engine, person, v) || round_could_help(c.engine, v, person)) &&
            plan_of(&c, person, v, &plan)) {
            keep(best, &n, &plan);
        }
    }
    err = memory_framework(coach, c.programme.framework_id, locale, &framework);
    for (int32_t k = 0; k < n && !err; k++) {
        tell(&c, framework, &best[k], &list->items[k]);
    }
    list->n = (size_t)n;
    return err ? err : tell_now(coach, id, person_id, locale, list);
}
