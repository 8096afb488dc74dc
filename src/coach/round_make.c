/* Preparing a round: needs and offers, given or proposed, and the profiles behind the gains. */
#include "base/arena.h"
#include "base/crew.h"
#include "base/sort.h"
#include "coach/round_data.h"

#include <math.h>
#include <stddef.h>

#define PIECES 32 /* of work, when profiles are made */

struct place {
    double alone;
    int32_t person;
};

/* Where people stand among those assessed in each skill, 0 .. 1; -1: not assessed. */
struct places {
    double *share; /* n x n_skills, person-major */
};

static const char *const strategy_names[ROUND_STRATEGY__MAX] = {
    [ROUND_RECIPROCAL] = "reciprocal", [ROUND_GUIDE] = "guide",   [ROUND_TRIO] = "trio",
    [ROUND_STABLE] = "stable",         [ROUND_RANDOM] = "random",
};

const char *round_strategy_name(enum round_strategy strategy)
{
    return strategy_names[strategy];
}

struct round_options round_options_default(void)
{
    return (struct round_options){.strategy = ROUND_RECIPROCAL,
                                  .objective = ROUND_SERVED,
                                  .within = ROSTER_NONE,
                                  .max_helps = 2,
                                  .max_learns = 1,
                                  .min_reach = MATCH_REACH_USEFUL,
                                  .seed = 1};
}

static int round_by_ability(const void *a, const void *b, void *ctx)
{
    (void)ctx;
    const struct place *x = a, *y = b;
    if (x->alone < y->alone || x->alone > y->alone) {
        return x->alone < y->alone ? -1 : 1;
    }
    return (x->person > y->person) - (x->person < y->person);
}

static const struct zone_estimate *round_estimate(const struct round *round, int32_t person,
                                                  int32_t skill)
{
    return &round->fit->estimates[(size_t)person * (size_t)round->n_skills + (size_t)skill];
}

/* Equal abilities share the middle of their places. */
static enum err round_place_people(const struct round *round, struct arena *work,
                                   struct places *places)
{
    size_t cells = (size_t)round->n * (size_t)round->n_skills;
    places->share = arena_alloc(work, cells, sizeof *places->share);
    struct place *order = arena_alloc(work, (size_t)round->n, sizeof *order);
    if (!places->share || !order) {
        return ERR_NOMEM;
    }
    for (int32_t s = 0; s < round->n_skills; s++) {
        int32_t n = 0;
        for (int32_t u = 0; u < round->n; u++) {
            const struct zone_estimate *e = round_estimate(round, u, s);
            places->share[(size_t)u * (size_t)round->n_skills + (size_t)s] = -1;
            if (e->n_evidence > 0) {
                order[n++] = (struct place){e->alone, u};
            }
        }
        sort_items(order, (size_t)n, sizeof *order, round_by_ability, NULL);
        for (int32_t begin = 0, end; begin < n; begin = end) {
            for (end = begin + 1; end < n && !(order[end].alone > order[begin].alone); end++) {}
            for (int32_t k = begin; k < end; k++) {
                places->share[(size_t)order[k].person * (size_t)round->n_skills + (size_t)s] =
                    (begin + end) / (2.0 * n);
            }
        }
    }
    return ERR_OK;
}

/* Up to ROUND_NEEDS lowest skills of a person, lowest first; returns how many. */
static int32_t round_propose(const struct round *round, const struct places *places, int32_t person,
                             struct round_need *out)
{
    const double *share = places->share + (size_t)person * (size_t)round->n_skills;
    int32_t n = 0;
    while (n < ROUND_NEEDS) {
        int32_t lowest = -1;
        for (int32_t s = 0; s < round->n_skills; s++) {
            bool taken = false;
            for (int32_t k = 0; k < n; k++) {
                taken |= out[k].skill == s;
            }
            if (!taken && share[s] >= 0 && (lowest < 0 || share[s] < share[lowest])) {
                lowest = s;
            }
        }
        if (lowest < 0 || (n > 0 && share[lowest] >= ROUND_NEED_BELOW)) {
            break;
        }
        out[n] = (struct round_need){person, lowest, n + 1, true};
        n++;
    }
    return n;
}

/* Needs of the file, grouped by person, by priority and then the file's order. */
static enum err round_take_needs(struct round *round)
{
    const struct roster *roster = round->roster;
    size_t n = roster->n_needs;
    round->needs = arena_alloc(round->arena, n + 1, sizeof *round->needs);
    if (!round->needs) {
        return ERR_NOMEM;
    }
    for (size_t k = 0; k < n; k++) {
        round->need_begin[roster->needs[k].person + 1]++;
    }
    for (int32_t u = 0; u < round->n; u++) {
        round->need_begin[u + 1] += round->need_begin[u];
    }
    struct arena *work = arena_child(round->arena);
    int32_t *at = work ? arena_alloc(work, (size_t)round->n + 1, sizeof *at) : NULL;
    if (!at) {
        arena_free(work);
        return ERR_NOMEM;
    }
    for (int32_t priority = 1; priority <= ROSTER_MAX_PRIORITY; priority++) {
        for (size_t k = 0; k < n; k++) {
            const struct roster_wish *wish = &roster->needs[k];
            if (wish->priority == priority) {
                round->needs[round->need_begin[wish->person] + at[wish->person]++] =
                    (struct round_need){wish->person, wish->skill, priority, false};
            }
        }
    }
    round->n_needs = (int32_t)n;
    arena_free(work);
    return ERR_OK;
}

static enum err round_make_needs(struct round *round, const struct places *places)
{
    round->need_begin = arena_alloc(round->arena, (size_t)round->n + 1, sizeof *round->need_begin);
    if (!round->need_begin) {
        return ERR_NOMEM;
    }
    if (round->roster->has_needs) {
        return round_take_needs(round);
    }
    round->needs =
        arena_alloc(round->arena, (size_t)round->n * ROUND_NEEDS + 1, sizeof *round->needs);
    if (!round->needs) {
        return ERR_NOMEM;
    }
    for (int32_t u = 0; u < round->n; u++) {
        round->n_needs += round_propose(round, places, u, round->needs + round->n_needs);
        round->need_begin[u + 1] = round->n_needs;
    }
    return ERR_OK;
}

/* Marks who offers help in what: helper_at is 0 for an offer, -1 for none. */
static enum err round_make_offers(struct round *round, const struct places *places)
{
    const struct roster *roster = round->roster;
    size_t cells = (size_t)round->n * (size_t)round->n_skills;
    round->helper_at = arena_alloc(round->arena, cells + 1, sizeof *round->helper_at);
    if (!round->helper_at) {
        return ERR_NOMEM;
    }
    for (size_t k = 0; k < cells; k++) {
        bool offers = !roster->has_offers && places->share[k] >= ROUND_OFFER_FROM;
        round->helper_at[k] = offers ? 0 : -1;
    }
    for (size_t k = 0; k < roster->n_offers; k++) {
        const struct roster_wish *wish = &roster->offers[k];
        round->helper_at[(size_t)wish->person * (size_t)round->n_skills + (size_t)wish->skill] = 0;
    }
    for (size_t k = 0; k < cells; k++) {
        if (round->helper_at[k] == 0) {
            round->helper_at[k] = round->n_helpers++;
        }
    }
    return ERR_OK;
}

static struct match_ability round_ability(const struct zone_estimate *e)
{
    return (struct match_ability){.alone = e->alone,
                                  .alone_sd = e->alone_sd,
                                  .helped = e->helped,
                                  .helped_sd = e->helped_sd,
                                  .cov = e->alone_sd * e->alone_sd + e->alone_gain_cov};
}

/* What an offer tells beside the evidence: two normals multiplied. */
static struct match_ability round_ability_of_offer(struct match_ability ability)
{
    double variance = ability.alone_sd * ability.alone_sd;
    double share = variance / (variance + ROUND_OFFER_SD * ROUND_OFFER_SD);
    if (ability.alone < ROUND_OFFER_AT) {
        ability.alone += share * (ROUND_OFFER_AT - ability.alone);
        ability.alone_sd = sqrt((1 - share) * variance);
    }
    return ability;
}

/* Profiles in the making: pieces of helpers, then pieces of learners. */
struct profiling {
    struct round *round;
    const struct match_grid *grids;
    enum err err[2 * PIECES];
};

static enum err make_helpers(const struct profiling *p, int32_t begin, int32_t end)
{
    struct round *round = p->round;
    for (int32_t u = begin; u < end; u++) {
        for (int32_t s = 0; s < round->n_skills; s++) {
            int32_t at = round->helper_at[(size_t)u * (size_t)round->n_skills + (size_t)s];
            struct match_ability ability = round_ability(round_estimate(round, u, s));
            if (round->roster->has_offers) {
                ability = round_ability_of_offer(ability);
            }
            enum err err =
                at < 0 ? ERR_OK : match_helper_make(&p->grids[s], &ability, &round->helpers[at]);
            if (err) {
                return err;
            }
        }
    }
    return ERR_OK;
}

static enum err make_learners(const struct profiling *p, int32_t begin, int32_t end)
{
    struct round *round = p->round;
    enum err err = ERR_OK;
    for (int32_t k = begin; k < end && !err; k++) {
        const struct round_need *need = &round->needs[k];
        struct match_ability ability =
            round_ability(round_estimate(round, need->person, need->skill));
        err = match_learner_make(&p->grids[need->skill], &ability,
                                 roster_priority_weight(need->priority), &round->learners[k]);
    }
    return err;
}

static void make_piece(void *ctx, uint32_t piece)
{
    struct profiling *p = ctx;
    uint32_t of = piece % PIECES;
    bool learns = piece >= PIECES;
    uint32_t n = (uint32_t)(learns ? p->round->n_needs : p->round->n);
    int32_t begin = (int32_t)crew_first(of, PIECES, n);
    int32_t end = (int32_t)crew_first(of + 1, PIECES, n);
    p->err[piece] = learns ? make_learners(p, begin, end) : make_helpers(p, begin, end);
}

static enum err round_make_profiles(struct round *round, struct arena *work)
{
    struct match_ability *abilities = arena_alloc(work, (size_t)round->n, sizeof *abilities);
    struct match_grid *grids = arena_alloc(work, (size_t)round->n_skills + 1, sizeof *grids);
    round->learners =
        arena_alloc(round->arena, (size_t)round->n_needs + 1, sizeof *round->learners);
    round->helpers =
        arena_alloc(round->arena, (size_t)round->n_helpers + 1, sizeof *round->helpers);
    if (!abilities || !grids || !round->learners || !round->helpers) {
        return ERR_NOMEM;
    }
    enum err err = ERR_OK;
    for (int32_t s = 0; s < round->n_skills && err == ERR_OK; s++) {
        for (int32_t u = 0; u < round->n; u++) {
            abilities[u] = round_ability(round_estimate(round, u, s));
        }
        err = match_grid_cover(abilities, (size_t)round->n, 1, &grids[s]);
    }
    if (err != ERR_OK) {
        return err;
    }
    struct profiling profiling = {.round = round, .grids = grids};
    crew_run(round->crew, 2 * PIECES, make_piece, &profiling);
    for (int k = 0; k < 2 * PIECES && err == ERR_OK; k++) {
        err = profiling.err[k];
    }
    return err;
}

static enum err round_make_limits(struct round *round)
{
    round->max_helps = arena_alloc(round->arena, (size_t)round->n + 1, sizeof *round->max_helps);
    round->max_learns = arena_alloc(round->arena, (size_t)round->n + 1, sizeof *round->max_learns);
    if (!round->max_helps || !round->max_learns) {
        return ERR_NOMEM;
    }
    for (int32_t u = 0; u < round->n; u++) {
        const struct roster_person *person = &round->roster->people[u];
        round->max_helps[u] =
            person->max_helps == ROSTER_UNLIMITED ? round->options.max_helps : person->max_helps;
        round->max_learns[u] =
            person->max_learns == ROSTER_UNLIMITED ? round->options.max_learns : person->max_learns;
    }
    return ERR_OK;
}

/* Needs and offers as bits, so that most pairs without help are passed over quickly. */
static enum err round_make_bits(struct round *round)
{
    round->wants = arena_alloc(round->arena, (size_t)round->n + 1, sizeof *round->wants);
    round->gives = arena_alloc(round->arena, (size_t)round->n + 1, sizeof *round->gives);
    round->cap = arena_alloc(round->arena, (size_t)round->n + 1, sizeof *round->cap);
    if (!round->wants || !round->gives || !round->cap) {
        return ERR_NOMEM;
    }
    for (int32_t u = 0; u < round->n; u++) {
        for (int32_t k = round->need_begin[u];
             k < round->need_begin[u + 1] && round->max_learns[u] > 0; k++) {
            int32_t cap = round_need_cap(round, k);
            round->wants[u] |= UINT64_C(1) << (round->needs[k].skill % 64);
            round->cap[u] = cap > round->cap[u] ? cap : round->cap[u];
        }
        for (int32_t s = 0; s < round->n_skills && round->max_helps[u] > 0; s++) {
            bool offers = round_offers(round, u, s);
            round->gives[u] |= (uint64_t)offers << (s % 64);
        }
    }
    return ERR_OK;
}

static enum err round_check_options(const struct round_options *options,
                                    const struct roster *roster, struct round_problem *problem)
{
    if (options->lift && options->strategy != ROUND_RECIPROCAL &&
        options->strategy != ROUND_GUIDE) {
        return round_refuse(problem, ERR_INVALID, 0,
                            "lifting the least served works with the strategies reciprocal and "
                            "guide, not with %s",
                            round_strategy_name(options->strategy));
    }
    if (options->lift && options->objective != ROUND_SERVED) {
        return round_refuse(problem, ERR_INVALID, 0,
                            "lifting the least served goes with serving the most people, not with "
                            "the largest total gain");
    }
    if (options->within >= roster->n_columns || options->min_reach < 1 ||
        options->min_reach > MATCH_ONE || options->max_helps < 0 || options->max_learns < 0) {
        return round_refuse(problem, ERR_INVALID, 0, "an option is out of its range");
    }
    return ERR_OK;
}

static enum err round_build(struct round *round, struct arena *work, struct round_problem *problem)
{
    struct places places = {NULL}; /* nothing is to be proposed */
    struct match_closeness closeness = match_closeness_default();
    enum err err = match_gain_model_make(&closeness, &round->model);
    if (err == ERR_OK && !(round->roster->has_needs && round->roster->has_offers)) {
        err = round_place_people(round, work, &places);
    }
    if (err == ERR_OK) {
        err = round_make_needs(round, &places);
    }
    if (err == ERR_OK) {
        err = round_make_offers(round, &places);
    }
    if (err == ERR_OK) {
        err = round_make_profiles(round, work);
    }
    if (err == ERR_OK) {
        err = round_make_limits(round);
    }
    if (err == ERR_OK) {
        err = round_make_bits(round);
    }
    return err == ERR_OK ? round_rules_make(round, problem) : err;
}

enum err round_prepare_with(const struct crew *crew, struct arena *arena,
                            const struct roster *roster, const struct zone_fit *fit,
                            const struct round_options *options, struct round **out,
                            struct round_problem *problem)
{
    problem->text[0] = '\0';
    problem->line = 0;
    enum err err = round_check_options(options, roster, problem);
    if (err != ERR_OK) {
        return err;
    }
    struct arena *own = arena_child(arena);
    struct arena *work = own ? arena_child(own) : NULL;
    struct round *round = own ? arena_alloc(own, 1, sizeof *round) : NULL;
    if (!work || !round) {
        arena_free(own);
        return ERR_NOMEM;
    }
    round->arena = own;
    round->crew = crew;
    round->roster = roster;
    round->fit = fit;
    round->options = *options;
    round->all_pairs = ROUND_ALL_PAIRS;
    round->n = roster->n_people;
    round->n_skills = roster->n_skills;
    err = round_build(round, work, problem);
    arena_free(work);
    if (err != ERR_OK) {
        arena_free(own);
        return err;
    }
    *out = round;
    return ERR_OK;
}

enum err round_prepare(struct arena *arena, const struct roster *roster, const struct zone_fit *fit,
                       const struct round_options *options, struct round **out,
                       struct round_problem *problem)
{
    return round_prepare_with(NULL, arena, roster, fit, options, out, problem);
}
