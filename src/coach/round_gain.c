/* What two people could do for each other: gains in both directions, limits applied. */
#include "coach/round_data.h"

static const struct match_helper *round_helper(const struct round *round, int32_t helper,
                                               int32_t skill)
{
    return &round->helpers[round->helper_at[(size_t)helper * (size_t)round->n_skills +
                                            (size_t)skill]];
}

static struct round_best round_with_reach(const struct round *round, int32_t helper,
                                          struct round_best best)
{
    if (best.need >= 0) {
        best.reach = match_gain_reach(&round->learners[best.need],
                                      round_helper(round, helper, round->needs[best.need].skill));
    }
    return best;
}

/* The same as round_need_help, without the reach. */
static struct round_best round_need_gain(const struct round *round, int32_t need, int32_t helper)
{
    const struct round_best none = {0, 0, -1};
    const struct round_need *n = &round->needs[need];
    int32_t at = round->helper_at[(size_t)helper * (size_t)round->n_skills + (size_t)n->skill];
    if (at < 0 || helper == n->person || round->max_helps[helper] == 0 ||
        round->max_learns[n->person] == 0) {
        return none;
    }
    const struct match_learner *learner = &round->learners[need];
    int32_t gain =
        match_gain_useful(&round->model, learner, &round->helpers[at], round->options.min_reach);
    return gain <= 0 || gain < round->floor ? none : (struct round_best){gain, 0, need};
}

struct round_best round_need_help(const struct round *round, int32_t need, int32_t helper)
{
    return round_with_reach(round, helper, round_need_gain(round, need, helper));
}

static struct round_best round_best_gain(const struct round *round, int32_t learner, int32_t helper)
{
    struct round_best best = {0, 0, -1};
    if (!round_could_help(round, learner, helper)) {
        return best;
    }
    for (int32_t k = round->need_begin[learner]; k < round->need_begin[learner + 1]; k++) {
        struct round_best help = round_need_gain(round, k, helper);
        best = help.gain > best.gain ? help : best;
    }
    return best;
}

struct round_best round_best_help(const struct round *round, int32_t learner, int32_t helper)
{
    return round_with_reach(round, helper, round_best_gain(round, learner, helper));
}

int32_t round_need_cap(const struct round *round, int32_t need)
{
    int64_t cap = round->learners[need].size / 64 + 1;
    return cap > MATCH_GAIN_MAX ? MATCH_GAIN_MAX : (int32_t)cap;
}

void round_set_served(struct round *round)
{
    round->served = 0;
    if (round->options.objective != ROUND_SERVED || round->options.strategy == ROUND_TRIO ||
        round->options.strategy == ROUND_STABLE || round->options.strategy == ROUND_RANDOM) {
        return;
    }
    /* More than all gains together, so that one more person served outweighs any of them. */
    int64_t sum = 1;
    for (int32_t u = 0; u < round->n; u++) {
        int32_t most = 0;
        for (int32_t k = round->need_begin[u]; k < round->need_begin[u + 1]; k++) {
            int32_t cap = round_need_cap(round, k);
            if (round->options.strategy == ROUND_GUIDE) {
                sum += cap;
            } else {
                most = cap > most ? cap : most;
            }
        }
        sum += most;
    }
    round->served = sum;
}

int64_t round_pair_weight(const struct round *round, int32_t u, int32_t v)
{
    return round_weight_of(round, round_best_gain(round, u, v).gain,
                           round_best_gain(round, v, u).gain);
}

int64_t round_task_weight(const struct round *round, int32_t need, int32_t v)
{
    const struct round_need *n = &round->needs[need];
    if (!round_offers(round, v, n->skill) || !round_may(round, n->person, v)) {
        return 0;
    }
    int32_t gain = round_need_gain(round, need, v).gain;
    return gain > 0 ? gain + round->served : 0;
}

/* Whatever it is: useful or not, limits aside. */
static struct round_help round_help_raw(const struct round *round, int32_t need, int32_t helper)
{
    const struct round_need *n = &round->needs[need];
    int32_t at = round->helper_at[(size_t)helper * (size_t)round->n_skills + (size_t)n->skill];
    if (at < 0 || helper == n->person) {
        return (struct round_help){.skill = ROSTER_NONE};
    }
    const struct match_learner *learner = &round->learners[need];
    int32_t gain = match_gain(&round->model, learner, &round->helpers[at]);
    int32_t reach = match_gain_reach(learner, &round->helpers[at]);
    return (struct round_help){n->skill, gain, reach,
                               gain > 0 && reach >= round->options.min_reach};
}

struct round_help round_help_of(const struct round *round, int32_t learner, int32_t helper)
{
    struct round_help best = {.skill = ROSTER_NONE};
    for (int32_t k = round->need_begin[learner]; k < round->need_begin[learner + 1]; k++) {
        struct round_help help = round_help_raw(round, k, helper);
        if (help.skill != ROSTER_NONE && (best.skill == ROSTER_NONE || help.useful > best.useful ||
                                          (help.useful == best.useful && help.gain > best.gain))) {
            best = help;
        }
    }
    return best;
}

struct round_help round_help_in(const struct round *round, int32_t learner, int32_t helper,
                                int32_t skill)
{
    for (int32_t k = round->need_begin[learner]; k < round->need_begin[learner + 1]; k++) {
        if (round->needs[k].skill == skill) {
            return round_help_raw(round, k, helper);
        }
    }
    return (struct round_help){.skill = ROSTER_NONE};
}

const struct round_need *round_needs_of(const struct round *round, int32_t person, int32_t *n)
{
    *n = round->need_begin[person + 1] - round->need_begin[person];
    return round->needs + round->need_begin[person];
}

bool round_offers(const struct round *round, int32_t person, int32_t skill)
{
    return round->helper_at[(size_t)person * (size_t)round->n_skills + (size_t)skill] >= 0;
}

int32_t round_count_needs(const struct round *round, int32_t skill)
{
    int32_t count = 0;
    for (int32_t k = 0; k < round->n_needs; k++) {
        count += round->needs[k].skill == skill;
    }
    return count;
}

int32_t round_count_offers(const struct round *round, int32_t skill)
{
    int32_t count = 0;
    for (int32_t u = 0; u < round->n; u++) {
        count += round_offers(round, u, skill);
    }
    return count;
}

int32_t round_max_helps(const struct round *round, int32_t person)
{
    return round->max_helps[person];
}

int32_t round_max_learns(const struct round *round, int32_t person)
{
    return round->max_learns[person];
}

void round_set_floor(struct round *round, int32_t floor)
{
    round->floor = floor;
}

void round_set_crew(struct round *round, const struct crew *crew)
{
    round->crew = crew;
}
