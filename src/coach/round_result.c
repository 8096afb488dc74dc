/* From a solver's answer to proposals, counts and what became of everybody. */
#include "base/arena.h"
#include "base/list.h"
#include "base/sort.h"
#include "coach/round_solve.h"

#include <stddef.h>

/* A proposal with what it is sorted by: the partnership's first member and, for two, its second. */
struct row {
    int32_t first, second;
    struct round_proposal proposal;
};

static int round_by_row(const void *a, const void *b, void *ctx)
{
    (void)ctx;
    const struct row *x = a, *y = b;
    const int32_t left[] = {x->first, x->second, x->proposal.learner, x->proposal.helper,
                            x->proposal.skill};
    const int32_t right[] = {y->first, y->second, y->proposal.learner, y->proposal.helper,
                             y->proposal.skill};
    for (int k = 0; k < 5; k++) {
        if (left[k] != right[k]) {
            return left[k] < right[k] ? -1 : 1;
        }
    }
    return 0;
}

static struct row round_row(int32_t learner, int32_t helper, struct round_help help,
                            enum round_origin origin)
{
    return (struct row){learner < helper ? learner : helper,
                        learner < helper ? helper : learner,
                        {0, learner, helper, help.skill, help.gain, help.reach, origin}};
}

struct round_help round_fixed_help(const struct round *round, const struct round_fixed *fixed)
{
    if (fixed->skill == ROSTER_NONE) {
        return round_help_of(round, fixed->learner, fixed->helper);
    }
    struct round_help help = round_help_in(round, fixed->learner, fixed->helper, fixed->skill);
    help.skill = fixed->skill; /* also when nobody asked for it: the rule did */
    return help;
}

static const struct round_fixed *round_find_fixed(const struct round *round, int32_t learner,
                                                  int32_t helper)
{
    for (int32_t k = 0; k < round_n_fixed(round); k++) {
        if (round->fixed[k].learner == learner && round->fixed[k].helper == helper) {
            return &round->fixed[k];
        }
    }
    return NULL;
}

/* Both directions between two partners; a partnership without useful help has one row. */
static enum err round_tell_two(const struct round *round, int32_t u, int32_t v, struct list *rows)
{
    struct round_best best[2] = {round_best_help(round, u, v), round_best_help(round, v, u)};
    const struct round_fixed *fixed[2] = {round_find_fixed(round, u, v),
                                          round_find_fixed(round, v, u)};
    bool any = best[0].gain > 0 || best[1].gain > 0 || fixed[0] || fixed[1];
    enum round_origin origin = fixed[0]   ? fixed[0]->origin
                               : fixed[1] ? fixed[1]->origin
                                          : ROUND_CHOSEN;
    for (int k = 0; k < 2; k++) {
        int32_t learner = k == 0 ? u : v, helper = k == 0 ? v : u;
        struct row row;
        if (fixed[k]) {
            row = round_row(learner, helper, round_fixed_help(round, fixed[k]), fixed[k]->origin);
        } else if (best[k].gain > 0) {
            struct round_help help = {round->needs[best[k].need].skill, best[k].gain, best[k].reach,
                                      true};
            row = round_row(learner, helper, help, origin);
        } else if (!any && k == 0) {
            row = round_row(learner, helper, (struct round_help){.skill = ROSTER_NONE}, origin);
        } else {
            continue;
        }
        if (!list_add(rows, &row)) {
            return rows->err;
        }
    }
    return ERR_OK;
}

static enum err round_tell_guide(const struct round *round, const struct round_answer *answer,
                                 struct list *rows)
{
    for (int32_t k = 0; k < round_n_fixed(round); k++) {
        const struct round_fixed *f = &round->fixed[k];
        struct row row = round_row(f->learner, f->helper, round_fixed_help(round, f), f->origin);
        if (!list_add(rows, &row)) {
            return rows->err;
        }
    }
    for (int32_t t = 0; t < answer->n_tasks; t++) {
        int32_t helper = answer->assign->helper[t];
        if (helper < 0) {
            continue;
        }
        const struct round_need *need = &round->needs[answer->task[t]];
        struct round_best best = round_need_help(round, answer->task[t], helper);
        struct round_help help = {need->skill, best.gain, best.reach, true};
        struct row row = round_row(need->person, helper, help, ROUND_CHOSEN);
        if (!list_add(rows, &row)) {
            return rows->err;
        }
    }
    return ERR_OK;
}

static bool round_are_partners(const struct round *round, int32_t u, int32_t v)
{
    return round_best_help(round, u, v).gain > 0 || round_best_help(round, v, u).gain > 0 ||
           round_find_fixed(round, u, v) || round_find_fixed(round, v, u);
}

/* Every pair inside a group that helps, and a row for each member whom none of those names. */
static enum err round_tell_trio(struct arena *work, const struct round *round,
                                const struct match_trio *trio, struct list *rows)
{
    int32_t(*member)[3] = arena_alloc(work, (size_t)trio->n_groups + 1, sizeof *member);
    int32_t *size = arena_alloc(work, (size_t)trio->n_groups + 1, sizeof *size);
    if (!member || !size) {
        return ERR_NOMEM;
    }
    for (int32_t u = 0; u < trio->n; u++) {
        if (trio->group[u] >= 0) {
            member[trio->group[u]][size[trio->group[u]]++] = u;
        }
    }
    for (int32_t g = 0; g < trio->n_groups; g++) {
        size_t before = rows->n;
        bool named[3] = {false, false, false};
        for (int32_t a = 0; a < size[g]; a++) {
            for (int32_t b = a + 1; b < size[g]; b++) {
                size_t length = rows->n;
                if (round_are_partners(round, member[g][a], member[g][b])) {
                    enum err err = round_tell_two(round, member[g][a], member[g][b], rows);
                    if (err != ERR_OK) {
                        return err;
                    }
                }
                named[a] |= rows->n > length;
                named[b] |= rows->n > length;
            }
        }
        for (int32_t a = 0; a < size[g]; a++) {
            int32_t other = a == 0 ? 1 : 0;
            struct row row = round_row(member[g][a], member[g][other],
                                       (struct round_help){.skill = ROSTER_NONE}, ROUND_CHOSEN);
            if (named[a]) {
                continue;
            }
            if (!list_add(rows, &row)) {
                return rows->err;
            }
            named[other] = true; /* the row names both */
        }
        for (size_t k = before; k < rows->n; k++) {
            struct row *row = (struct row *)rows->items + k;
            row->first = member[g][0];
            row->second = -1;
        }
    }
    return ERR_OK;
}

static enum err round_tell_rows(struct arena *work, const struct round *round,
                                const struct round_answer *answer, struct list *rows)
{
    if (answer->trio) {
        return round_tell_trio(work, round, answer->trio, rows);
    }
    if (answer->assign) {
        return round_tell_guide(round, answer, rows);
    }
    for (int32_t u = 0; u < round->n; u++) {
        enum err err =
            answer->mate[u] > u ? round_tell_two(round, u, answer->mate[u], rows) : ERR_OK;
        if (err != ERR_OK) {
            return err;
        }
    }
    return ERR_OK;
}

enum round_state round_why_alone(const struct round *round, int32_t u)
{
    if (round->need_begin[u] == round->need_begin[u + 1]) {
        return ROUND_NO_NEED;
    }
    if (round->max_learns[u] == 0) {
        return ROUND_NO_WISH;
    }
    bool somebody = false;
    for (int32_t v = 0; v < round->n; v++) {
        bool helps = v != u && round_best_help(round, u, v).gain > 0;
        if (helps && round_may(round, u, v)) {
            return ROUND_ALL_TAKEN;
        }
        somebody |= helps;
    }
    return somebody ? ROUND_RULED_OUT : ROUND_NOBODY_CAN;
}

static void round_count(const struct round *round, bool *paired, struct round_result *result)
{
    result->n_people = round->n;
    result->n_needs = round->n_needs;
    for (int32_t k = 0; k < result->n_proposals; k++) {
        const struct round_proposal *p = &result->proposals[k];
        bool useful = p->gain > 0 && p->reach >= round->options.min_reach;
        result->total_gain += p->gain;
        paired[p->helper] = paired[p->learner] = true;
        if (useful) {
            result->n_helps[p->helper]++;
            result->n_learns[p->learner]++;
            result->n_covered++;
            result->n_served += result->state[p->learner] != ROUND_IS_SERVED;
            result->state[p->learner] = ROUND_IS_SERVED;
            result->smallest_gain = result->smallest_gain == 0 || p->gain < result->smallest_gain
                                        ? p->gain
                                        : result->smallest_gain;
        }
    }
    for (int32_t u = 0; u < round->n; u++) {
        result->n_learners += round->need_begin[u] < round->need_begin[u + 1];
        if (result->state[u] == ROUND_IS_SERVED) {
            continue;
        }
        result->state[u] = paired[u] ? ROUND_ONLY_HELPS : round_why_alone(round, u);
    }
}

/* A need is covered once, however many partners of a trio help with it. */
static enum err round_count_covered(struct arena *work, const struct round *round,
                                    struct round_result *result)
{
    bool *covered = arena_alloc(work, (size_t)round->n_needs + 1, sizeof *covered);
    if (!covered) {
        return ERR_NOMEM;
    }
    result->n_covered = 0;
    for (int32_t k = 0; k < result->n_proposals; k++) {
        const struct round_proposal *p = &result->proposals[k];
        for (int32_t t = round->need_begin[p->learner]; t < round->need_begin[p->learner + 1];
             t++) {
            if (round->needs[t].skill == p->skill && p->gain > 0 &&
                p->reach >= round->options.min_reach && !covered[t]) {
                covered[t] = true;
                result->n_covered++;
            }
        }
    }
    return ERR_OK;
}

/* What the certificate proves, in gains. */
static void round_tell_bound(const struct round *round, const struct round_answer *answer,
                             struct round_result *result)
{
    int64_t chosen = 0;
    result->bound = -1;
    if (answer->pairs) {
        result->proved = answer->pairs->bound == MATCH_DUAL_SCALE * answer->pairs->total;
    } else if (answer->assign) {
        result->proved = answer->assign->bound == MATCH_DUAL_SCALE * answer->assign->total;
    } else if (answer->trio) {
        int32_t bonuses = 0;
        for (int32_t k = 0; k < round_n_fixed(round); k++) {
            const struct round_fixed *f = &round->fixed[k];
            const struct round_fixed *twin = round_find_fixed(round, f->helper, f->learner);
            bonuses += !twin || f < twin;
        }
        chosen = answer->trio->total - bonuses * ROUND_MUST_BONUS;
        result->bound = answer->trio->bound - MATCH_DUAL_SCALE * bonuses * ROUND_MUST_BONUS;
        /* Fixed help counts with what it brings, useful or not. */
        result->bound += MATCH_DUAL_SCALE * (result->total_gain - chosen);
        result->proved = result->bound == MATCH_DUAL_SCALE * result->total_gain;
    }
    if (result->proved) {
        result->bound = MATCH_DUAL_SCALE * result->total_gain;
    }
}

enum err round_tell(struct arena *arena, struct round *round, const struct round_answer *answer,
                    struct round_result *result)
{
    struct arena *work = arena_child(arena);
    size_t n = (size_t)round->n + 1;
    result->n_helps = arena_alloc(arena, n, sizeof *result->n_helps);
    result->n_learns = arena_alloc(arena, n, sizeof *result->n_learns);
    result->state = arena_alloc(arena, n, sizeof *result->state);
    struct list rows;
    bool *paired = work ? arena_alloc(work, n, sizeof *paired) : NULL;
    enum err err =
        paired && result->n_helps && result->n_learns && result->state ? ERR_OK : ERR_NOMEM;
    if (err == ERR_OK) {
        list_init(&rows, work, sizeof(struct row), INT32_MAX);
        err = round_tell_rows(work, round, answer, &rows);
    }
    if (err == ERR_OK) {
        result->proposals = arena_alloc(arena, rows.n + 1, sizeof *result->proposals);
        err = result->proposals ? ERR_OK : ERR_NOMEM;
    }
    if (err == ERR_OK) {
        struct row *row = rows.items;
        sort_items(row, rows.n, sizeof *row, round_by_row, NULL);
        for (size_t k = 0; k < rows.n; k++) {
            bool fresh =
                k == 0 || row[k].first != row[k - 1].first || row[k].second != row[k - 1].second;
            result->n_pairs += fresh;
            row[k].proposal.pair = result->n_pairs;
            result->proposals[k] = row[k].proposal;
        }
        result->n_proposals = (int32_t)rows.n;
        for (int32_t u = 0; u < round->n; u++) {
            result->state[u] = ROUND_ONLY_HELPS;
        }
        round_count(round, paired, result);
        err = round_count_covered(work, round, result);
    }
    if (err == ERR_OK) {
        result->stable_kind = answer->stable_kind;
        result->n_kept_dropped = round->n_kept_dropped;
        round_tell_bound(round, answer, result);
    }
    arena_free(work);
    return err;
}
