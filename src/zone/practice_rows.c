/* A stored log of practice made ready for many passes; see practice_rows.h. */
#include "zone/practice_rows.h"

#include "base/arena.h"
#include "base/num.h"

#include <math.h>
#include <string.h>

enum err practice_rows_check(const struct practice_log *log)
{
    for (size_t j = 0; j < log->n_rows; j++) {
        const struct practice_row *row = &log->rows[j];
        if (row->learner < 0 || row->learner >= log->n_learners || row->item < 0 ||
            row->item >= log->n_items || row->n_skills < 1 || isnan(row->time) ||
            row->outcome >= PRACTICE_OUTCOME__MAX || row->skill_at > log->n_row_skills ||
            row->n_skills > log->n_row_skills - row->skill_at) {
            return ERR_INVALID;
        }
    }
    for (size_t j = 0; j < log->n_row_skills; j++) {
        if (log->skills[j] < 0 || log->skills[j] >= log->n_skills) {
            return ERR_INVALID;
        }
    }
    return ERR_OK;
}

enum err practice_rows_sort(struct arena *arena, const struct practice_log *log,
                            const uint8_t *train, struct practice_rows *past)
{
    int32_t *rank = arena_alloc(arena, (size_t)log->n_learners, sizeof *rank);
    past->learner_at = arena_alloc(arena, (size_t)log->n_learners + 2, sizeof *past->learner_at);
    if (!rank || !past->learner_at) {
        return ERR_NOMEM;
    }
    for (size_t j = 0; j < log->n_rows; j++) {
        int32_t u = log->rows[j].learner;
        if (train && !train[u]) {
            continue;
        }
        if (rank[u] == 0) {
            rank[u] = ++past->n_learners;
        }
        past->learner_at[rank[u]]++;
        past->n_rows++;
    }
    for (int32_t u = 0; u < past->n_learners; u++) {
        size_t n = past->learner_at[u + 1];
        past->longest = n > past->longest ? n : past->longest;
        past->learner_at[u + 1] += past->learner_at[u];
    }
    past->rows = arena_alloc(arena, past->n_rows, sizeof *past->rows);
    size_t *at = arena_alloc(arena, (size_t)past->n_learners + 1, sizeof *at);
    if (!past->rows || !at) {
        return ERR_NOMEM;
    }
    memcpy(at, past->learner_at, (size_t)past->n_learners * sizeof *at);
    for (size_t j = 0; j < log->n_rows; j++) {
        int32_t u = log->rows[j].learner;
        if (!train || train[u]) {
            past->rows[at[rank[u] - 1]++] = log->rows[j];
        }
    }
    return ERR_OK;
}

/* By bisection on the logarithm: exact enough for a scale. */
double practice_rows_unit(const struct practice_rows *past)
{
    size_t n = 0;
    double lo = -30, hi = 60;
    for (int round = 0; round < 24; round++) {
        double middle = num_exp(0.5 * (lo + hi));
        size_t below = 0;
        n = 0;
        for (size_t j = 1; j < past->n_rows; j++) {
            double gap = past->rows[j].time - past->rows[j - 1].time;
            if (past->rows[j].learner == past->rows[j - 1].learner && gap > 0) {
                n++;
                below += gap <= middle;
            }
        }
        if (2 * below < n) {
            lo = 0.5 * (lo + hi);
        } else {
            hi = 0.5 * (lo + hi);
        }
    }
    return n ? num_exp(0.5 * (lo + hi)) : 0;
}

enum err practice_rows_note(struct arena *arena, const struct practice_log *log, double unit,
                            struct practice_learner *state, struct practice_rows *past)
{
    size_t n = 0;
    past->skill_past_at = arena_alloc(arena, past->n_rows + 1, sizeof *past->skill_past_at);
    if (!past->skill_past_at) {
        return ERR_NOMEM;
    }
    for (size_t j = 0; j < past->n_rows; j++) {
        past->skill_past_at[j] = n;
        n += past->rows[j].n_skills < PRACTICE_ROW_SKILLS ? past->rows[j].n_skills
                                                          : PRACTICE_ROW_SKILLS;
    }
    past->row_past = arena_alloc(arena, past->n_rows, sizeof *past->row_past);
    past->skill_past = arena_alloc(arena, n, sizeof *past->skill_past);
    if (!past->row_past || !past->skill_past) {
        return ERR_NOMEM;
    }
    for (int32_t u = 0; u < past->n_learners; u++) {
        practice_learner_reset(state);
        for (size_t j = past->learner_at[u]; j < past->learner_at[u + 1]; j++) {
            practice_past(state, unit, &past->rows[j], log->skills, &past->row_past[j],
                          &past->skill_past[past->skill_past_at[j]]);
            practice_count(state, &past->rows[j], log->skills);
        }
    }
    return ERR_OK;
}
