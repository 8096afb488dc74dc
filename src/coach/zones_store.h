/* Within the room: the last fit of a framework, and the rows of zones. */
#ifndef DUET_COACH_ZONES_STORE_H
#define DUET_COACH_ZONES_STORE_H

#include "coach/coach.h"
#include "zone/zone.h"

/* A framework's skills with what the last fit said of them.  Skills the fit does not know, and all
 * of them before the first one, have what the model says before any evidence. */
struct zones_fit {
    int64_t framework_id;
    int64_t finished_ms;              /* 0: there was no fit */
    int64_t last_id;                  /* newest piece it had */
    int64_t n_evidence, evidence_ids; /* how many, and the sum of their ids; -1: it is not done */
    double took_s;                    /* how long it took */
    int64_t *skill_ids;               /* rising */
    struct zone_data data;            /* skills and domains; no people, no evidence */
    struct zone_fit fit;              /* spread, self_slope, skills */
    struct zone_estimate *prior;      /* per skill: somebody of whom nothing is known */
};

MUST_CHECK enum err zones_load_fit(struct coach *coach, int64_t framework_id,
                                   struct zones_fit *fit);

/* The index of a skill, or -1. */
int32_t zones_skill_index(const struct zones_fit *fit, int64_t skill_id);

/* Numbers in a text, apart by blanks, with nine places: thresholds, variances. */
MUST_CHECK enum err zones_write_numbers(struct coach *coach, const double *numbers, int n,
                                        struct str *text);
int zones_read_numbers(struct str text, double *numbers, int n); /* how many there are */

/* The model and how long the fit took in one text, and back; false when it is none of ours. */
#define ZONES_MODEL_NUMBERS 12
MUST_CHECK enum err zones_write_model(struct coach *coach, const struct zone_fit *fit,
                                      double took_s, struct str *text);
bool zones_read_model(struct str text, struct zone_fit *fit, double *took_s);

/* Where an estimate started from: the moments at the last refit, and the pieces in them. */
struct zones_base {
    double alone, alone_sd, gain, gain_sd, cov;
    int64_t n, ids, last_id, fit_ms;
};

struct zones_base zones_base_of(const struct zone_estimate *estimate);

/* Writes one row of zone. */
MUST_CHECK enum err zones_save(struct coach *coach, int64_t person_id, int64_t skill_id,
                               const struct zone_estimate *estimate, const struct zones_base *base);

/* The words of the database as the numbers of zone.h. */
uint8_t zones_kind_of(struct str word);
uint8_t zones_support_of(struct str word);

/* The level as the engine counts: ratings from 0, tasks as they are. */
static inline uint8_t zones_level_of(uint8_t kind, int64_t level)
{
    return (uint8_t)(kind == ZONE_TASK ? level : level - 1);
}

/* Makes a person's rows new without queueing anything. */
MUST_CHECK enum err zones_renew(struct coach *coach, int64_t person_id,
                                const struct zones_fit *fit);

#endif
