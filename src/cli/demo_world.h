/* The demonstration district on its way into a database: what demo_fill.c and demo_world.c share.
 */
#ifndef DUET_CLI_DEMO_WORLD_H
#define DUET_CLI_DEMO_WORLD_H

#include "base/list.h"
#include "cli/demo_fill.h"
#include "coach/coach.h"
#include "coach/complaint.h"

#define DEMO_SOURCE "demo"

struct demo_world {
    struct coach *coach;
    struct demo *demo;
    const char *url;
    struct complaints complaints;
    int64_t top, *schools, *ids; /* units; people, by index */
    int32_t personas[DEMO_ROLE__MAX];
    struct demo_picked *needs, *offers; /* by person */
    struct list rows;                   /* struct demo_row: all evidence */
    int32_t shift;                      /* days from the district's calendar to now */
    int64_t framework;
    int64_t skills[DEMO_SKILLS], tasks[DEMO_SKILLS][DEMO_TASKS];
    struct str seen[DEMO_SKILLS][4]; /* what the level looks like: for notes */
    bool whole;                      /* everybody is in the fit */
    int32_t begin, end;              /* people of the batch at hand */
    size_t row, next_row;            /* where their rows begin and end */
};

/* Draws evidence, needs and offers, and chooses the personas. */
MUST_CHECK enum err demo_world_make(struct coach *coach, struct demo *demo, const char *url,
                                    struct demo_world **world);

/* Work for coach_transact; the context is the world. */
MUST_CHECK enum err demo_world_frameworks(struct coach *coach, void *world);
MUST_CHECK enum err demo_world_wishes(struct coach *coach, void *world);

/* The evidence of some people of every school, from which the model is fitted; then that of the
 * others, whose estimates follow one by one: the time of a joint fit grows with the people, and the
 * server makes it in the background. */
MUST_CHECK enum err demo_world_evidence(struct coach *coach, void *world);
MUST_CHECK enum err demo_world_followers(struct coach *coach, void *world);

/* Programmes with a round to review and an invitation, outside of a transaction. */
MUST_CHECK enum err demo_programmes(struct demo_world *world);

/* Partnerships of the teacher, one in every state. */
MUST_CHECK enum err demo_world_partnerships(struct coach *coach, void *world);

/* A programme that has run for some weeks: partnerships at every stage, some that stand still. */
MUST_CHECK enum err demo_world_running(struct coach *coach, void *world);

/* Fits the zones, outside of a transaction. */
MUST_CHECK enum err demo_world_fit(struct demo_world *world);

#endif
