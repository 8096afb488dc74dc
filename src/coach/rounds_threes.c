/* Moving somebody to another group of three; see rounds_change.h. */
#include "coach/rounds_change.h"

/* Who is together: 1 .. 3 people, of whom nobody has left. */
struct group {
    int32_t who[3], n;
};

static void group_add(struct group *group, int32_t person)
{
    int32_t k = 0;
    while (k < group->n && group->who[k] != person) {
        k++;
    }
    if (k == group->n && k < 3 && person != ROSTER_NONE) {
        group->who[group->n++] = person;
    }
}

static struct group group_without(const struct group *group, int32_t person)
{
    struct group rest = {.n = 0};
    for (int32_t k = 0; k < group->n; k++) {
        if (group->who[k] != person) {
            rest.who[rest.n++] = group->who[k];
        }
    }
    return rest;
}

/* The group of a person, whose rows go. */
static struct group group_take(const struct rounds_change *c, int32_t person,
                               struct rounds_swap *plan)
{
    const struct rounds_change_row *rows = c->rows.items;
    struct group group = {.n = 0};
    group_add(&group, person);
    int32_t k = c->first[person] < 0 ? -1 : c->by_pair.first[rows[c->first[person]].pair];
    for (; k >= 0 && plan->n_drop < ROUNDS_SWAP_ROWS; k = c->by_pair.next[k]) {
        plan->drop[plan->n_drop++] = k;
        plan->locked = plan->locked || rows[k].locked;
        group_add(&group, rows[k].learner);
        group_add(&group, rows[k].helper);
    }
    return group;
}

static bool group_may(const struct rounds_change *c, const struct group *group)
{
    bool may = true;
    for (int32_t a = 0; a < group->n; a++) {
        for (int32_t b = a + 1; b < group->n; b++) {
            may = may && round_may(c->engine, group->who[a], group->who[b]);
        }
    }
    return may;
}

static void add_row(struct rounds_swap *plan, int32_t pair, int32_t learner, int32_t helper,
                    int32_t skill, struct round_best best)
{
    if (plan->n_add < ROUNDS_SWAP_ROWS) {
        plan->add[plan->n_add++] = (struct round_proposal){.pair = pair,
                                                           .learner = learner,
                                                           .helper = helper,
                                                           .skill = skill,
                                                           .gain = best.gain,
                                                           .reach = best.reach};
    }
}

/* All help inside a group, and a row for each member whom none of that names, as a round writes
 * them (round_result.c). */
static void add_group(const struct rounds_change *c, const struct group *group, int32_t pair,
                      struct rounds_swap *plan)
{
    const struct round_best none = {0, 0, -1};
    bool named[3] = {false, false, false};
    for (int32_t a = 0; a < group->n; a++) {
        for (int32_t b = 0; b < group->n; b++) {
            struct round_best best = round_best_help(c->engine, group->who[a], group->who[b]);
            if (a != b && best.gain > 0) {
                add_row(plan, pair, group->who[a], group->who[b], c->engine->needs[best.need].skill,
                        best);
                named[a] = named[b] = true;
            }
        }
    }
    for (int32_t a = 0; a < group->n && group->n > 1; a++) {
        int32_t other = a == 0 ? 1 : 0;
        if (!named[a]) {
            add_row(plan, pair, group->who[a], group->who[other], ROSTER_NONE, none);
            named[other] = true;
        }
    }
}

/* Whether one of the two can help the other. */
static bool one_helps(const struct rounds_swap *plan)
{
    bool helps = false;
    for (int32_t k = 0; k < plan->n_add; k++) {
        const struct round_proposal *p = &plan->add[k];
        bool both = (p->learner == plan->person && p->helper == plan->other) ||
                    (p->learner == plan->other && p->helper == plan->person);
        helps = helps || (both && p->skill != ROSTER_NONE);
    }
    return helps;
}

/* One way to do it: `out` leaves the group of the other (ROSTER_NONE: there is room). */
static bool try_out(const struct rounds_change *c, const struct group *mine,
                    const struct group *theirs, int32_t out, bool swap, struct rounds_swap *plan)
{
    struct group joined = group_without(theirs, out), rest = group_without(mine, plan->person);
    group_add(&joined, plan->person);
    plan->swapped = swap && out != ROSTER_NONE && rest.n > 0;
    if (plan->swapped) {
        group_add(&rest, out);
    }
    if (!group_may(c, &joined) || (plan->swapped && !group_may(c, &rest))) {
        return false;
    }
    add_group(c, &joined, 0, plan);
    if (rest.n > 1) {
        add_group(c, &rest, 1, plan);
    }
    plan->left[0] = out;
    plan->left[1] = rest.n == 1 ? rest.who[0] : ROSTER_NONE;
    rounds_swap_weigh(c, plan);
    return one_helps(plan);
}

enum err rounds_threes_plan(const struct rounds_change *c, bool swap, struct rounds_swap *plan)
{
    struct group theirs = group_take(c, plan->other, plan);
    for (int32_t k = 0; k < theirs.n; k++) {
        if (theirs.who[k] == plan->person) {
            return ERR_CONFLICT; /* together already */
        }
    }
    struct group mine = group_take(c, plan->person, plan);
    for (int32_t k = 0; k < 6; k++) {
        const struct group *group = k < 3 ? &mine : &theirs;
        if (k % 3 < group->n) {
            plan->concerned[plan->n_concerned++] = group->who[k % 3];
        }
    }
    const struct rounds_swap bare = *plan;
    bool found = false;
    for (int32_t k = theirs.n < 3 ? -1 : 0; k < (theirs.n < 3 ? 0 : 3); k++) {
        int32_t out = k < 0 ? ROSTER_NONE : theirs.who[k];
        struct rounds_swap way = bare;
        if (out == plan->other || !try_out(c, &mine, &theirs, out, swap, &way)) {
            continue;
        }
        if (!found || way.served > plan->served ||
            (way.served == plan->served && way.gain > plan->gain)) {
            *plan = way;
        }
        found = true;
    }
    return found ? ERR_OK : ERR_CONFLICT;
}
