/* Within the room: what the files of cycles share. */
#ifndef DUET_COACH_CYCLES_STORE_H
#define DUET_COACH_CYCLES_STORE_H

#include "coach/allow.h"
#include "coach/coach.h"
#include "coach/cycles.h"
#include "coach/notices.h"
#include "coach/sql.h"

/* The stage of a word of the database; the value of one. */
enum cycle_stage cycles_stage_of(struct str word);
enum cycle_state cycles_state_of(struct str word);
enum cycle_way cycles_way_of(struct str word);
enum cycle_outcome cycles_outcome_of(struct str word);
enum evidence_support cycles_support_of(struct str word);
const char *cycles_way_word(enum cycle_way way);
/* Where nobody chooses: much help begins with a model. */
enum cycle_way cycles_way_of_support(enum evidence_support support);
const char *cycles_outcome_word(enum cycle_outcome outcome); /* NULL: none */

/* All its stages are done.  Its notices need no answer any more. */
MUST_CHECK enum err cycles_finish(struct coach *coach, int64_t id);
MUST_CHECK enum err cycles_notices_done(struct coach *coach, const struct cycle_place *place);
/* A notice to its learner and its helper; to whoever of them did it, none. */
MUST_CHECK enum err cycles_tell(struct coach *coach, const struct cycle_place *place,
                                enum notice_kind kind);

/* The place, for a member; ERR_CONFLICT when it does not run. */
MUST_CHECK enum err cycles_open(struct coach *coach, int64_t id, struct cycle_place *place);

#endif
