/* The rules of a round: who may work with whom, who must, and who goes on as before. */
#include "base/arena.h"
#include "base/intern.h"
#include "base/sort.h"
#include "coach/round_data.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum err round_refuse(struct round_problem *problem, enum err code, uint64_t line, const char *fmt,
                      ...)
{
    va_list args;
    va_start(args, fmt);
    vsnprintf(problem->text, sizeof problem->text, fmt, args);
    va_end(args);
    problem->line = line;
    return code;
}

static uint64_t round_key(int32_t u, int32_t v)
{
    int32_t low = u < v ? u : v, high = u < v ? v : u;
    return (uint64_t)(uint32_t)low << 32 | (uint32_t)high;
}

static int round_by_key(const void *a, const void *b, void *ctx)
{
    (void)ctx;
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

bool round_is_banned(const struct round *round, int32_t u, int32_t v)
{
    uint64_t key = round_key(u, v);
    size_t low = round->ban_begin[u < v ? u : v], high = round->ban_begin[(u < v ? u : v) + 1];
    size_t end = high;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (round->bans[middle] < key) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < end && round->bans[low] == key;
}

static bool round_share_language(const struct round *round, int32_t u, int32_t v)
{
    return (round->roster->people[u].languages & round->roster->people[v].languages) != 0;
}

static bool round_share_period(const struct round *round, int32_t u, int32_t v)
{
    uint64_t both = 0;
    for (int w = 0; w < ROSTER_PERIOD_WORDS; w++) {
        both |= round->roster->people[u].free_periods[w] & round->roster->people[v].free_periods[w];
    }
    return both != 0;
}

bool round_share(const struct round *round, int32_t u, int32_t v)
{
    return (!round->share_languages || round_share_language(round, u, v)) &&
           (!round->share_periods || round_share_period(round, u, v));
}

/* Two people disagree in a column, or one has no value there. */
static bool round_differ(const struct round *round, int32_t u, int32_t v, int32_t column)
{
    const int32_t *values = round->roster->values;
    size_t width = (size_t)round->roster->n_columns;
    int32_t a = values[(size_t)u * width + (size_t)column];
    int32_t b = values[(size_t)v * width + (size_t)column];
    return a == ROSTER_NONE || a != b;
}

enum round_bar round_bar_of(const struct round *round, int32_t u, int32_t v, int32_t *column)
{
    const struct roster *roster = round->roster;
    *column = ROSTER_NONE;
    if (u == v) {
        return ROUND_BAR_SELF;
    }
    for (size_t k = 0; k < roster->n_rules; k++) {
        const struct roster_rule *rule = &roster->rules[k];
        if ((rule->kind == ROSTER_NEVER || rule->kind == ROSTER_EVALUATOR) &&
            round_key(rule->person, rule->other) == round_key(u, v)) {
            return rule->kind == ROSTER_NEVER ? ROUND_BAR_NEVER : ROUND_BAR_EVALUATOR;
        }
        if (rule->kind == ROSTER_SAME && round_differ(round, u, v, rule->column)) {
            *column = rule->column;
            return ROUND_BAR_COLUMN;
        }
    }
    if (round->options.within != ROSTER_NONE && round_differ(round, u, v, round->options.within)) {
        *column = round->options.within;
        return ROUND_BAR_COLUMN;
    }
    if (round->share_languages && !round_share_language(round, u, v)) {
        return ROUND_BAR_LANGUAGE;
    }
    return round->share_periods && !round_share_period(round, u, v) ? ROUND_BAR_PERIOD : ROUND_MAY;
}

/* Numbers the pools: people with the same values in every column that must agree. */
static enum err round_number_pools(struct round *round, struct arena *work, const int32_t *columns,
                                   int n_columns)
{
    struct intern *intern = intern_new(work, INTERN_MAX);
    int32_t *key = arena_alloc(work, (size_t)n_columns + 1, sizeof *key);
    if (!intern || !key) {
        return ERR_NOMEM;
    }
    for (int32_t u = 0; u < round->n; u++) {
        bool complete = true;
        for (int k = 0; k < n_columns; k++) {
            key[k] =
                round->roster
                    ->values[(size_t)u * (size_t)round->roster->n_columns + (size_t)columns[k]];
            complete &= key[k] != ROSTER_NONE;
        }
        round->pool[u] = -1;
        struct str text = {(const char *)key, (size_t)n_columns * sizeof *key};
        enum err err = complete ? intern_add(intern, text, &round->pool[u], NULL) : ERR_OK;
        if (err != ERR_OK) {
            return err;
        }
    }
    round->n_pools = intern_count(intern);
    return ERR_OK;
}

static enum err round_make_pools(struct round *round)
{
    const struct roster *roster = round->roster;
    struct arena *work = arena_child(round->arena);
    int32_t *columns = work ? arena_alloc(work, roster->n_rules + 1, sizeof *columns) : NULL;
    round->pool = arena_alloc(round->arena, (size_t)round->n + 1, sizeof *round->pool);
    round->pool_people =
        arena_alloc(round->arena, (size_t)round->n + 1, sizeof *round->pool_people);
    if (!columns || !round->pool || !round->pool_people) {
        arena_free(work);
        return ERR_NOMEM;
    }
    int n_columns = 0;
    if (round->options.within != ROSTER_NONE) {
        columns[n_columns++] = round->options.within;
    }
    for (size_t k = 0; k < roster->n_rules; k++) {
        if (roster->rules[k].kind == ROSTER_SAME) {
            columns[n_columns++] = roster->rules[k].column;
        }
    }
    enum err err = round_number_pools(round, work, columns, n_columns);
    arena_free(work);
    if (err != ERR_OK) {
        return err;
    }
    round->pool_begin =
        arena_alloc(round->arena, (size_t)round->n_pools + 2, sizeof *round->pool_begin);
    if (!round->pool_begin) {
        return ERR_NOMEM;
    }
    for (int32_t u = 0; u < round->n; u++) {
        if (round->pool[u] >= 0) {
            round->pool_begin[round->pool[u] + 2]++;
        }
    }
    for (int32_t p = 0; p < round->n_pools; p++) {
        round->pool_begin[p + 2] += round->pool_begin[p + 1];
    }
    for (int32_t u = 0; u < round->n; u++) {
        if (round->pool[u] >= 0) {
            round->pool_people[round->pool_begin[round->pool[u] + 1]++] = u;
        }
    }
    return ERR_OK;
}

int64_t round_count_pairs(const struct round *round)
{
    int64_t pairs = 0;
    for (int32_t p = 0; p < round->n_pools; p++) {
        int64_t m = round->pool_begin[p + 1] - round->pool_begin[p];
        pairs += m * (m - 1) / 2;
    }
    return pairs;
}

static enum err round_make_bans(struct round *round)
{
    const struct roster *roster = round->roster;
    round->bans = arena_alloc(round->arena, roster->n_rules + 1, sizeof *round->bans);
    round->banned = arena_alloc(round->arena, (size_t)round->n + 1, sizeof *round->banned);
    round->ban_begin = arena_alloc(round->arena, (size_t)round->n + 1, sizeof *round->ban_begin);
    if (!round->bans || !round->banned || !round->ban_begin) {
        return ERR_NOMEM;
    }
    for (size_t k = 0; k < roster->n_rules; k++) {
        const struct roster_rule *rule = &roster->rules[k];
        if (rule->kind == ROSTER_NEVER || rule->kind == ROSTER_EVALUATOR) {
            round->bans[round->n_bans++] = round_key(rule->person, rule->other);
            round->banned[rule->person] = round->banned[rule->other] = true;
        }
        if (rule->kind == ROSTER_SHARED) {
            round->share_languages |= rule->column == ROSTER_SHARED_LANGUAGES;
            round->share_periods |= rule->column == ROSTER_SHARED_PERIODS;
        }
    }
    sort_items(round->bans, round->n_bans, sizeof *round->bans, round_by_key, NULL);
    for (size_t k = 0; k < round->n_bans; k++) {
        round->ban_begin[(round->bans[k] >> 32) + 1]++;
    }
    for (int32_t u = 0; u < round->n; u++) {
        round->ban_begin[u + 1] += round->ban_begin[u];
    }
    return ERR_OK;
}

/* Why these two may not, for a message; written to `room` where it names a column. */
static const char *round_bar_text(const struct round *round, int32_t u, int32_t v, char *room,
                                  size_t size)
{
    static const char *const texts[ROUND_BAR__MAX] = {
        [ROUND_MAY] = "",
        [ROUND_BAR_SELF] = "nobody can be their own partner",
        [ROUND_BAR_NEVER] = "another rule says that they never work together",
        [ROUND_BAR_EVALUATOR] = "one of them evaluates the other",
        [ROUND_BAR_LANGUAGE] = "they share no language",
        [ROUND_BAR_PERIOD] = "they share no free period",
    };
    int32_t column;
    enum round_bar bar = round_bar_of(round, u, v, &column);
    if (bar == ROUND_BAR_COLUMN) {
        snprintf(room, size, "they differ in %.60s, in which partners must agree",
                 round->roster->columns[column].name.p);
        return room;
    }
    return texts[bar];
}

static bool round_same_two(const struct round_fixed *a, const struct round_fixed *b)
{
    return round_key(a->learner, a->helper) == round_key(b->learner, b->helper);
}

/* Whether the two of a fixed one stand among those before it: help in both directions. */
static bool round_is_repeated(const struct round *round, int32_t at)
{
    for (int32_t k = 0; k < at; k++) {
        if (round_same_two(&round->fixed[k], &round->fixed[at])) {
            return true;
        }
    }
    return false;
}

/* How many of the first `n` fixed ones already take the place that `f` needs, two people once (but
 * for guides); *with is one of them. */
static int32_t round_taken(const struct round *round, int32_t n, const struct round_fixed *f,
                           int32_t person, const struct round_fixed **with)
{
    bool guide = round->options.strategy == ROUND_GUIDE;
    int32_t taken = 0;
    for (int32_t k = 0; k < n; k++) {
        const struct round_fixed *g = &round->fixed[k];
        if (!guide && (round_same_two(f, g) || round_is_repeated(round, k))) {
            continue; /* the same two people: one partnership */
        }
        bool counts = guide ? (person == f->learner ? g->learner == person : g->helper == person)
                            : g->learner == person || g->helper == person;
        *with = counts ? g : *with;
        taken += counts;
    }
    return taken;
}

/* Whether `f` fits the rules, the limits and the fixed ones before it. */
static enum err round_fits(const struct round *round, const struct round_fixed *f, int32_t n_before,
                           struct round_problem *problem)
{
    const struct roster *roster = round->roster;
    const char *learner = roster->people[f->learner].id.p, *helper = roster->people[f->helper].id.p;
    if (!round_may(round, f->learner, f->helper)) {
        char room[128];
        return round_refuse(problem, ERR_CONFLICT, f->line, "%.90s must help %.90s, but %s", helper,
                            learner,
                            round_bar_text(round, f->helper, f->learner, room, sizeof room));
    }
    if (round->max_helps[f->helper] == 0 || round->max_learns[f->learner] == 0) {
        bool by_helper = round->max_helps[f->helper] == 0;
        return round_refuse(problem, ERR_CONFLICT, f->line,
                            "%.90s must help %.90s, but %s of %.90s is 0", helper, learner,
                            by_helper ? "max_helps" : "max_learns", by_helper ? helper : learner);
    }
    bool guide = round->options.strategy == ROUND_GUIDE;
    int32_t each = round->options.strategy == ROUND_TRIO ? 2 : 1;
    int32_t room_helper = guide ? round->max_helps[f->helper] : each;
    int32_t room_learner = guide ? round->max_learns[f->learner] : each;
    const struct round_fixed *with = NULL;
    if (round_taken(round, n_before, f, f->helper, &with) >= room_helper ||
        round_taken(round, n_before, f, f->learner, &with) >= room_learner) {
        return round_refuse(problem, ERR_CONFLICT, f->line,
                            "%.90s must help %.90s, but %.90s is with %.90s already, and there is "
                            "no room for both",
                            helper, learner, roster->people[with->helper].id.p,
                            roster->people[with->learner].id.p);
    }
    return ERR_OK;
}

static enum err round_make_fixed(struct round *round, struct round_problem *problem)
{
    const struct roster *roster = round->roster;
    round->fixed = arena_alloc(round->arena, roster->n_rules + 1, sizeof *round->fixed);
    if (!round->fixed) {
        return ERR_NOMEM;
    }
    for (int keep = 0; keep < 2; keep++) {
        for (size_t k = 0; k < roster->n_rules; k++) {
            const struct roster_rule *rule = &roster->rules[k];
            if (rule->kind != (keep ? ROSTER_KEEP : ROSTER_MUST)) {
                continue;
            }
            struct round_fixed f = {rule->person, rule->other, rule->skill,
                                    keep ? ROUND_KEPT : ROUND_MUST, rule->line};
            enum err err = round_fits(round, &f, round->n_fixed, problem);
            if (err != ERR_OK && !keep) {
                return err;
            }
            if (err == ERR_OK) {
                round->fixed[round->n_fixed++] = f;
            }
            round->n_kept_dropped += err != ERR_OK;
        }
    }
    return ERR_OK;
}

enum err round_rules_make(struct round *round, struct round_problem *problem)
{
    enum err err = round_make_pools(round);
    if (err != ERR_OK) {
        return err;
    }
    err = round_make_bans(round);
    if (err != ERR_OK) {
        return err;
    }
    return round_make_fixed(round, problem);
}

enum err round_force(struct round *round, int32_t learner, int32_t helper, int32_t skill,
                     struct round_problem *problem)
{
    round->forced = false;
    if (learner == ROSTER_NONE) {
        return ERR_OK;
    }
    struct round_fixed f = {learner, helper, skill, ROUND_MUST, 0};
    enum err err = round_fits(round, &f, round->n_fixed, problem);
    if (err == ERR_OK) {
        round->fixed[round->n_fixed] = f;
        round->forced = true;
    }
    return err;
}

int32_t round_pool_of(const struct round *round, int32_t person)
{
    int32_t count = 0, pool = round->pool[person];
    for (int32_t k = pool < 0 ? 0 : round->pool_begin[pool];
         pool >= 0 && k < round->pool_begin[pool + 1]; k++) {
        count += round_may(round, person, round->pool_people[k]);
    }
    return count;
}
