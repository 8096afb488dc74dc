/* Solving a round: the strategy's engine on the round's edges, and the search for the floor. */
#include "coach/round_solve.h"
#include "base/arena.h"
#include "coach/round_market.h"
#include "coach/round_stable.h"
#include "coach/round_table.h"
#include "coach/round_tasks.h"
#include "coach/round_trio.h"
#include "match/lottery.h"
#include "match/pairing.h"

#include <stddef.h>
#include <string.h>

struct stage {
    struct round *round;
    struct round_steps *steps;
    struct round_problem *problem;
};

#define TABLE 0.4  /* share of the work that is computing gains, where they are kept */
#define PAUSE 0.05 /* of what is left of a pass: the solver at work */
#define PASS 0.25  /* of what is left: one pass over the candidates and the solve after it */

bool round_step(struct round_steps *steps, double done)
{
    double at = steps->from + done * (steps->pass - steps->from);
    steps->told = at > steps->told ? at : steps->told;
    return steps->progress && steps->progress(steps->ctx, steps->told);
}

void round_steps_pass(struct round_steps *steps)
{
    steps->from = steps->end;
    steps->end += PASS * (steps->to - steps->end);
    steps->pass = (steps->from + steps->end) / 2;
}

bool round_pause(void *ctx)
{
    struct round_steps *steps = ctx;
    steps->told += PAUSE * (steps->end - steps->told);
    return steps->progress && steps->progress(steps->ctx, steps->told);
}

void round_steps_part(struct round_steps *steps, double to)
{
    steps->from = steps->pass = steps->end = steps->told;
    steps->to = to;
}

static enum err round_new_mate(struct arena *arena, const struct round *round, int32_t **mate)
{
    int32_t *result = arena_alloc(arena, (size_t)round->n + 1, sizeof *result);
    if (!result) {
        return ERR_NOMEM;
    }
    for (int32_t u = 0; u < round->n; u++) {
        result[u] = -1;
    }
    for (int32_t k = 0; k < round_n_fixed(round); k++) {
        result[round->fixed[k].learner] = round->fixed[k].helper;
        result[round->fixed[k].helper] = round->fixed[k].learner;
    }
    *mate = result;
    return ERR_OK;
}

static enum err round_pair_up(struct arena *arena, struct stage *stage, struct round_answer *answer)
{
    struct round *round = stage->round;
    bool *frozen;
    enum err err = round_freeze(arena, round, &frozen);
    if (err != ERR_OK) {
        return err;
    }
    err = round_new_mate(arena, round, &answer->mate);
    if (err != ERR_OK) {
        return err;
    }
    struct round_feed feed = {.round = round, .frozen = frozen, .steps = stage->steps};
    struct match_source source = round_source(&feed);
    answer->pairs = arena_alloc(arena, 1, sizeof *answer->pairs);
    if (!answer->pairs) {
        return ERR_NOMEM;
    }
    struct match_pairing_options options = {
        .rough = ROUND_ROUGH, .pause = round_pause, .pause_ctx = stage->steps};
    err = match_pairing_solve(arena, round->n, &source, &options, answer->pairs, NULL);
    for (int32_t u = 0; u < round->n && err == ERR_OK; u++) {
        if (answer->pairs->mate[u] >= 0) {
            answer->mate[u] = answer->pairs->mate[u];
        }
    }
    return err;
}

/* The same for the assignment solver, which knows how far it is in one go of many. */
static bool round_pause_at(void *ctx, double done)
{
    (void)done;
    return round_pause(ctx);
}

/* What is known before the solver begins: from the solve before, where only the floor was another,
 * or from a market. */
static enum err round_guess(struct arena *arena, struct stage *stage,
                            const struct round_answer *answer, struct match_assign_start *guess)
{
    struct round *round = stage->round;
    if (round->guess->made) {
        *guess = (struct match_assign_start){round->guess->rent, round->guess->helper};
        return ERR_OK;
    }
    return round_market_guess(arena, round, answer->task, &answer->problem, round_pause,
                              stage->steps, guess);
}

static void round_keep_guess(const struct round_answer *answer, struct round_guess *guess)
{
    guess->made = true;
    for (int32_t v = 0; v < answer->assign->n_helpers; v++) {
        guess->rent[v] = answer->assign->y[v] / MATCH_DUAL_SCALE;
    }
    for (int32_t t = 0; t < answer->n_tasks; t++) {
        guess->helper[t] = answer->assign->helper[t];
    }
}

static enum err round_guide(struct arena *arena, struct stage *stage, struct round_answer *answer)
{
    struct round *round = stage->round;
    int32_t *room, *room_learn;
    enum err err = round_make_tasks(arena, round, answer, &room, &room_learn);
    if (err != ERR_OK) {
        return err;
    }
    int32_t *learner = arena_alloc(arena, (size_t)answer->n_tasks + 1, sizeof *learner);
    if (!learner) {
        return ERR_NOMEM;
    }
    for (int32_t t = 0; t < answer->n_tasks; t++) {
        learner[t] = round->needs[answer->task[t]].person;
    }
    answer->problem = (struct match_assign_problem){.n_tasks = answer->n_tasks,
                                                    .n_learners = round->n,
                                                    .n_helpers = round->n,
                                                    .learner = learner,
                                                    .max_learns = room_learn,
                                                    .max_helps = room};
    bool many = round->tasks && round_market_count(round) > round->all_pairs;
    struct match_assign_start guess;
    if (many) {
        err = round_guess(arena, stage, answer, &guess);
    }
    answer->problem.start = many ? &guess : NULL;
    struct round_feed feed = {.round = round,
                              .task = answer->task,
                              .n_tasks = answer->n_tasks,
                              .room = room,
                              .guess = answer->problem.start,
                              .steps = stage->steps};
    struct match_source source = round_source(&feed);
    answer->assign = err ? NULL : arena_alloc(arena, 1, sizeof *answer->assign);
    if (!answer->assign) {
        return err ? err : ERR_NOMEM;
    }
    err = match_assign_solve(arena, &answer->problem, &source, round_pause_at, stage->steps,
                             answer->assign);
    answer->problem.start = NULL; /* it was for the solver alone */
    if (!err && many) {
        round_keep_guess(answer, round->guess);
    }
    return err;
}

/* Listing all pairs must be possible. */
static enum err round_check_size(const struct stage *stage)
{
    if (round_count_pairs(stage->round) <= ROUND_ALL_PAIRS) {
        return ERR_OK;
    }
    return round_refuse(
        stage->problem, ERR_LIMIT, 0,
        "stable pairs need all pairs of people at once, which is possible for about "
        "20,000 people who may all work together; use --within to form them inside "
        "units, or another strategy");
}

static enum err round_stable(struct arena *arena, struct stage *stage, struct round_answer *answer)
{
    struct round *round = stage->round;
    struct match_wish *wishes;
    struct match_stable stable;
    int64_t n_wishes;
    bool *frozen;
    enum err err = round_new_mate(arena, round, &answer->mate);
    if (err == ERR_OK && round->table && round_count_pairs(round) > round->all_pairs) {
        answer->stable_kind = MATCH_STABLE_MANY;
        return round_stable_joint(arena, round, stage->steps, answer->mate);
    }
    err = err ? err : round_check_size(stage);
    if (err != ERR_OK) {
        return err;
    }
    struct arena *work = arena_child(arena);
    if (err != ERR_OK || !work) {
        arena_free(work);
        return ERR_NOMEM;
    }
    err = round_freeze(work, round, &frozen);
    if (err == ERR_OK) {
        err = round_list_wishes(work, round, frozen, &wishes, &n_wishes);
    }
    if (err == ERR_OK) {
        err = match_stable_pairs(work, round->n, wishes, n_wishes, &stable);
    }
    for (int32_t u = 0; u < round->n && err == ERR_OK; u++) {
        answer->mate[u] = stable.mate[u] >= 0 ? stable.mate[u] : answer->mate[u];
    }
    if (err == ERR_OK) {
        answer->stable_kind = stable.kind;
    }
    arena_free(work);
    return err;
}

static bool round_lot_allows(void *ctx, int32_t u, int32_t v)
{
    return round_may(ctx, u, v);
}

enum err round_answer_find(struct arena *arena, struct round *round, struct round_steps *steps,
                           struct round_answer *answer, struct round_problem *problem)
{
    struct stage stage = {round, steps, problem};
    *answer = (struct round_answer){0};
    round_set_served(round);
    switch (round->options.strategy) {
    case ROUND_RECIPROCAL:
        return round_pair_up(arena, &stage, answer);
    case ROUND_GUIDE:
        return round_guide(arena, &stage, answer);
    case ROUND_TRIO:
        return round_group(arena, round, steps, answer, problem);
    case ROUND_STABLE:
        return round_stable(arena, &stage, answer);
    default: {
        enum err err = round_new_mate(arena, round, &answer->mate);
        return err != ERR_OK ? err
                             : match_lottery_draw(arena, round->n, round->options.seed,
                                                  round_lot_allows, round, answer->mate);
    }
    }
}

/* How many the answer serves outside the fixed ones: the weight counts them. */
static int64_t round_count_served(const struct round *round, const struct round_answer *answer)
{
    int64_t total = answer->assign ? answer->assign->total : answer->pairs->total;
    return total / round->served;
}

/* How many are served when gains below `floor` count for nothing. */
static enum err round_try_floor(struct arena *arena, struct round *round, int32_t floor,
                                struct round_steps *steps, struct round_problem *problem,
                                int64_t *served)
{
    struct round_answer answer;
    struct arena *work = arena_child(arena);
    if (!work) {
        return ERR_NOMEM;
    }
    round->floor = floor;
    round_steps_part(steps, steps->told + (1 - steps->told) / 4);
    enum err err = round_answer_find(work, round, steps, &answer, problem);
    *served = err == ERR_OK ? round_count_served(round, &answer) : 0;
    arena_free(work);
    return err;
}

/* The largest floor under which as many are served as without one. */
static enum err round_find_floor(struct arena *arena, struct round *round,
                                 struct round_steps *steps, struct round_problem *problem)
{
    int32_t low = 0, high = 1;
    for (int32_t k = 0; k < round->n_needs; k++) {
        int32_t cap = round_need_cap(round, k);
        high = cap >= high ? cap + 1 : high;
    }
    int64_t most = 0, served = 0;
    enum err err = round_try_floor(arena, round, 0, steps, problem, &most);
    while (err == ERR_OK && most > 0 && high - low > 1) {
        int32_t middle = low + (high - low) / 2;
        err = round_try_floor(arena, round, middle, steps, problem, &served);
        low = served == most ? middle : low;
        high = served == most ? high : middle;
    }
    round->floor = low;
    return err;
}

/* The arrangement, with the gains at hand where the strategy makes pairs. */
static enum err round_find(struct arena *arena, struct round *round, struct round_steps *steps,
                           struct round_answer *answer, struct round_problem *problem)
{
    struct arena *hold = arena_child(arena);
    const struct round_table *table = NULL;
    struct round_tasks *tasks = NULL;
    struct round_guess guess = {0};
    enum err err = hold ? ERR_OK : ERR_NOMEM;
    steps->pass = steps->end = TABLE;
    bool pairs =
        round->options.strategy == ROUND_RECIPROCAL ||
        (round->options.strategy == ROUND_TRIO && round_trio_is_wide(round)) ||
        (round->options.strategy == ROUND_STABLE && round_count_pairs(round) > round->all_pairs);
    if (err == ERR_OK && pairs) {
        err = round_table_get(hold, round, steps, &table);
    }
    if (err == ERR_OK && round->options.strategy == ROUND_GUIDE) {
        err = round_tasks_make(hold, round, steps, &tasks);
    }
    if (err == ERR_OK && tasks) {
        guess.rent = arena_alloc(hold, (size_t)round->n + 1, sizeof *guess.rent);
        guess.helper = arena_alloc(hold, (size_t)round->n_needs + 1, sizeof *guess.helper);
        err = guess.rent && guess.helper ? ERR_OK : ERR_NOMEM;
    }
    round->table = table;
    round->tasks = tasks;
    round->guess = &guess;
    if (err == ERR_OK && round->options.lift) {
        err = round_find_floor(arena, round, steps, problem);
    }
    if (err == ERR_OK) {
        round_steps_part(steps, 1);
        err = round_answer_find(arena, round, steps, answer, problem);
    }
    round->table = NULL;
    round->tasks = NULL;
    round->guess = NULL;
    arena_free(hold);
    return err;
}

enum err round_solve(struct arena *arena, struct round *round, round_progress_fn *progress,
                     void *ctx, struct round_result *result, struct round_problem *problem)
{
    problem->text[0] = '\0';
    problem->line = 0;
    round->floor = 0;
    struct round_answer answer;
    struct round_steps steps = {.progress = progress, .ctx = ctx};
    enum err err = round_find(arena, round, &steps, &answer, problem);
    if (err == ERR_OK) {
        *result = (struct round_result){.options = round->options, .floor = round->floor};
        err = round_certify(arena, round, &answer, &result->certificate);
    }
    if (err == ERR_OK) {
        round->floor = 0; /* nothing served lies below it: see the README of this room */
        err = round_tell(arena, round, &answer, result);
        round->floor = result->floor;
    }
    return err;
}

enum err round_count_blocking(struct arena *arena, struct round *round,
                              const struct round_result *result, int64_t *n_blocking)
{
    if (round_count_pairs(round) > ROUND_ALL_PAIRS) {
        return ERR_LIMIT;
    }
    struct arena *work = arena_child(arena);
    int32_t *mate = work ? arena_alloc(work, (size_t)round->n + 1, sizeof *mate) : NULL;
    bool *frozen = work ? arena_alloc(work, (size_t)round->n + 1, sizeof *frozen) : NULL;
    struct match_wish *wishes;
    int64_t n_wishes;
    enum err err = mate && frozen ? ERR_OK : ERR_NOMEM;
    if (err == ERR_OK) {
        err = round_list_wishes(work, round, frozen, &wishes, &n_wishes);
    }
    if (err == ERR_OK) {
        memset(mate, -1, (size_t)round->n * sizeof *mate);
        for (int32_t k = 0; k < result->n_proposals; k++) {
            mate[result->proposals[k].learner] = result->proposals[k].helper;
            mate[result->proposals[k].helper] = result->proposals[k].learner;
        }
        err = match_stable_count_blocking(work, round->n, wishes, n_wishes, mate,
                                          result->stable_kind, n_blocking);
    }
    arena_free(work);
    return err;
}
