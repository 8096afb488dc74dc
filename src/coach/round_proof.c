/* Certificates of a round: what they are made from and what they are held against. */
#include "base/arena.h"
#include "coach/round_solve.h"
#include "match/fingerprint.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

void round_fingerprint(const struct round *round, struct arena *work,
                       unsigned char out[MATCH_FINGERPRINT_BYTES], enum err *err)
{
    struct match_fingerprint *print = match_fingerprint_new(work);
    if (!print) {
        *err = ERR_NOMEM;
        return;
    }
    *err = ERR_OK;
    const int64_t numbers[] = {round->n,
                               round->n_skills,
                               round->n_needs,
                               round->n_helpers,
                               round->n_fixed,
                               (int64_t)round->n_bans,
                               round->share_languages,
                               round->share_periods,
                               round->options.min_reach,
                               (int64_t)round->options.strategy};
    for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++) {
        match_fingerprint_add_int(print, numbers[k]);
    }
    match_fingerprint_add_i16(print, round->model.close, MATCH_CLOSE_STEPS);
    for (int32_t u = 0; u < round->n; u++) {
        match_fingerprint_add_text(print, round->roster->people[u].id);
        match_fingerprint_add_int(print, round->pool[u]);
        match_fingerprint_add_int(print, round->max_helps[u]);
        match_fingerprint_add_int(print, round->max_learns[u]);
        match_fingerprint_add_int(print, (int64_t)round->roster->people[u].languages);
        for (int w = 0; w < ROSTER_PERIOD_WORDS; w++) {
            match_fingerprint_add_int(print, (int64_t)round->roster->people[u].free_periods[w]);
        }
    }
    for (int32_t s = 0; s < round->n_skills; s++) {
        match_fingerprint_add_text(print, round->roster->skills[s].id);
    }
    for (int32_t k = 0; k < round->n_needs; k++) {
        match_fingerprint_add_int(print, round->needs[k].person);
        match_fingerprint_add_int(print, round->needs[k].skill);
        match_fingerprint_add_i16(print, round->learners[k].zone, MATCH_GRID_POINTS);
        match_fingerprint_add_int(print, round->learners[k].size);
        match_fingerprint_add_int(print, round->learners[k].top);
    }
    for (size_t k = 0; k < (size_t)round->n * (size_t)round->n_skills; k++) {
        if (round->helper_at[k] >= 0) {
            const struct match_helper *helper = &round->helpers[round->helper_at[k]];
            match_fingerprint_add_int(print, (int64_t)k);
            match_fingerprint_add_i16(print, helper->can, MATCH_GRID_POINTS);
            match_fingerprint_add_int(print, helper->at);
        }
    }
    for (size_t k = 0; k < round->n_bans; k++) {
        match_fingerprint_add_int(print, (int64_t)round->bans[k]);
    }
    for (int32_t k = 0; k < round->n_fixed; k++) {
        match_fingerprint_add_int(print, round->fixed[k].learner);
        match_fingerprint_add_int(print, round->fixed[k].helper);
        match_fingerprint_add_int(print, round->fixed[k].skill);
    }
    match_fingerprint_end(print, out);
}

static struct str *round_ids(struct arena *arena, const struct round *round)
{
    struct str *ids = arena_alloc(arena, (size_t)round->n + 1, sizeof *ids);
    for (int32_t u = 0; ids && u < round->n; u++) {
        ids[u] = round->roster->people[u].id;
    }
    return ids;
}

static enum err round_certify_assign(struct arena *arena, const struct round *round,
                                     const struct round_answer *answer, struct match_certificate *c)
{
    struct str *skills = arena_alloc(arena, (size_t)answer->n_tasks + 1, sizeof *skills);
    if (!skills) {
        return ERR_NOMEM;
    }
    for (int32_t t = 0; t < answer->n_tasks; t++) {
        skills[t] = round->roster->skills[round->needs[answer->task[t]].skill].id;
    }
    c->learners = c->helpers = c->people;
    c->people = NULL;
    c->assign = answer->assign;
    c->skills = skills;
    c->task_learner = answer->problem.learner;
    return ERR_OK;
}

enum err round_certify(struct arena *arena, const struct round *round,
                       const struct round_answer *answer, struct match_certificate **certificate)
{
    *certificate = NULL;
    if (!answer->pairs && !answer->assign && !answer->trio) {
        return ERR_OK;
    }
    struct match_certificate *c = arena_alloc(arena, 1, sizeof *c);
    char *word = arena_alloc(arena, MATCH_CERTIFICATE_WORD + 1, 1);
    struct arena *work = arena_child(arena);
    enum err err = c && word && work ? ERR_OK : ERR_NOMEM;
    if (err != ERR_OK) {
        arena_free(work);
        return err;
    }
    round_fingerprint(round, work, c->inputs, &err);
    arena_free(work);
    c->people = round_ids(arena, round);
    if (err != ERR_OK || !c->people) {
        return ERR_NOMEM;
    }
    const char *objective =
        round->options.strategy == ROUND_TRIO || round->options.objective == ROUND_GAIN ? "gain"
                                                                                        : "served";
    if (round->options.lift) {
        snprintf(word, MATCH_CERTIFICATE_WORD, "%s-lift-%d", objective, (int)round->floor);
    } else {
        snprintf(word, MATCH_CERTIFICATE_WORD, "%s", objective);
    }
    c->strategy = str_of(round_strategy_name(round->options.strategy));
    c->objective = str_of(word);
    if (answer->assign) {
        err = round_certify_assign(arena, round, answer, c);
    }
    c->pairs = answer->pairs;
    c->trio = answer->trio;
    if (err == ERR_OK) {
        *certificate = c;
    }
    return err;
}

enum err round_read_words(const struct match_certificate *certificate,
                          struct round_options *options, int32_t *floor)
{
    static const char lift[] = "served-lift-";
    int strategy = 0;
    while (strategy < ROUND_STRATEGY__MAX &&
           !str_is(certificate->strategy, round_strategy_name((enum round_strategy)strategy))) {
        strategy++;
    }
    bool shape = (strategy == ROUND_RECIPROCAL && certificate->pairs) ||
                 (strategy == ROUND_GUIDE && certificate->assign) ||
                 (strategy == ROUND_TRIO && certificate->trio);
    if (!shape) {
        return ERR_INVALID;
    }
    options->strategy = (enum round_strategy)strategy;
    options->lift = false;
    *floor = 0;
    struct str word = certificate->objective;
    if (str_is(word, "served") || str_is(word, "gain")) {
        options->objective = str_is(word, "gain") ? ROUND_GAIN : ROUND_SERVED;
        return ERR_OK;
    }
    if (word.n <= sizeof lift - 1 || word.n > sizeof lift - 1 + 7 ||
        memcmp(word.p, lift, sizeof lift - 1) != 0) {
        return ERR_INVALID;
    }
    int32_t value = 0;
    for (size_t k = sizeof lift - 1; k < word.n; k++) {
        if (word.p[k] < '0' || word.p[k] > '9') {
            return ERR_INVALID;
        }
        value = value * 10 + (word.p[k] - '0');
    }
    options->objective = ROUND_SERVED;
    options->lift = true;
    *floor = value;
    return ERR_OK;
}
