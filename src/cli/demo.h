/* A believable school district, made up from a seed: who works where, what each person can really
 * do alone and with help, and who has visited whom.  The same seed and number of people give the
 * same district on every machine.
 *
 * The truth follows the model of zone/zone.h with the standard deviations measured in real
 * observation of teaching (general .8, domain .5, skill .6; gain from help 1.4 +- .7; raters .35
 * overall and .6 per skill; lesson .3); what is written to the files is only what raters, the
 * people themselves and tasks would show of it. */
#ifndef DUET_CLI_DEMO_H
#define DUET_CLI_DEMO_H

#include "base/err.h"
#include "base/rng.h"
#include "cli/demo_content.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct csvout;

#define DEMO_MIN_PEOPLE 8
#define DEMO_MAX_PEOPLE 200000
#define DEMO_PERIODS 25 /* five days of five */

enum demo_position {
    DEMO_TEACHER,
    DEMO_ASSISTANT,
    DEMO_SPECIALIST,
    DEMO_PARENT,
    DEMO_COACH,
    DEMO_HEAD, /* evaluates everybody of the school */
    DEMO_POSITION__MAX
};

struct demo_person {
    const char *given, *family, *language; /* language may be NULL */
    int32_t school;
    int32_t subject;
    enum demo_position position;
    uint32_t free_periods; /* bit 5 * weekday + period */
    double ability[DEMO_SKILLS];
    double gain;      /* from full help, logits */
    double self_bias; /* of self-ratings, logits */
    double severity;  /* as a rater */
};

struct demo {
    struct rng rng;
    struct demo_person *people;
    int32_t n_people, n_schools;
    const char **school_names;
    const int32_t *first; /* n_schools + 1: people of a school stand together */
};

/* Makes the district in `arena`; n_people within the limits above. */
MUST_CHECK enum err demo_make(struct arena *arena, uint64_t seed, int32_t n_people,
                              struct demo *demo);

/* "teacher", "assistant" ... */
const char *demo_position_word(enum demo_position position);

/* What is seen of the district: each uses up random numbers, so call all of evidence first, then
 * needs and then offers of everybody from the first to the last. */
#define DEMO_FIRST_DAY 20696 /* 2026-08-31, a Monday */
#define DEMO_WEEKS 12
#define DEMO_TASKS 3  /* of a skill: easy, middle, hard */
#define DEMO_PICKED 6 /* most needs or offers of one person */

enum demo_kind { DEMO_OBSERVED, DEMO_SELF, DEMO_TASK, DEMO_KIND__MAX };

struct demo_row {
    enum demo_kind kind;
    int32_t person, rater; /* rater -1: none */
    int32_t day;
    int skill, level; /* 1 .. 4; tasks: 0 not yet, 1 done */
    int support;      /* 0 independent .. 3 joint */
    int visit;        /* observed: which of the person's, from 1 */
    int task;         /* tasks: 0 .. DEMO_TASKS - 1 */
};

/* Calls `each` for every row, person by person; stops at its first error. */
typedef enum err demo_row_fn(void *ctx, const struct demo_row *row);
MUST_CHECK enum err demo_evidence(struct demo *demo, demo_row_fn *each, void *ctx);

struct demo_picked {
    int skills[DEMO_PICKED];
    int n;
};
void demo_needs(struct demo *demo, int32_t person,
                struct demo_picked *picked); /* first the first */
void demo_offers(struct demo *demo, int32_t person, struct demo_picked *picked);

/* Whether a name is written in Chinese, Korean or Cyrillic letters. */
bool demo_is_native(const char *name);

/* The files; each uses up random numbers, so call them in this order. */
void demo_write_people(struct demo *demo, struct csvout *csv);
void demo_write_skills(struct demo *demo, struct csvout *csv);
void demo_write_evidence(struct demo *demo, struct csvout *csv);
void demo_write_needs(struct demo *demo, struct csvout *csv);
void demo_write_offers(struct demo *demo, struct csvout *csv);
void demo_write_rules(struct demo *demo, struct csvout *csv);

#endif
