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
