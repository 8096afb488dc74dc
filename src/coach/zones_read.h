/* Within the room: all evidence of a framework, as the engine takes it. */
#ifndef DUET_COACH_ZONES_READ_H
#define DUET_COACH_ZONES_READ_H

#include "coach/zones_store.h"

/* One person with evidence: how many pieces, and the sum of their ids. */
struct zones_person_read {
    int64_t id, n, ids;
    size_t first_run, n_runs; /* of zones_evidence.runs */
};

/* The pieces of one person in one skill. */
struct zones_run {
    int32_t skill;
    int64_t n, ids;
};

struct zones_evidence {
    int64_t framework_id;
    int64_t last_id, n_evidence, evidence_ids; /* newest id; how many; the sum of their ids */
    int64_t *skill_ids;                        /* rising */
    int64_t *rater_ids;                        /* rater.id, by index */
    struct zones_person_read *people;
    int32_t n_people;
    struct zones_run *runs;
    /* Its last person is nobody: without evidence, for what is known of somebody new. */
    struct zone_data zone;
};

/* Reads it row by row; skills and levels as in `fit`.  Memory: about 32 bytes for a piece and 100
 * for a visit, in coach->arena.  In a read transaction. */
MUST_CHECK enum err zones_read_evidence(struct coach *coach, const struct zones_fit *fit,
                                        struct zones_evidence *evidence);

/* What was read of a person in a skill. */
void zones_behind(const struct zones_evidence *evidence, int32_t person, int32_t skill, int64_t *n,
                  int64_t *ids);

#endif
