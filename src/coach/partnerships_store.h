/* Within the room: a partnership as its rules need it, without names. */
#ifndef DUET_COACH_PARTNERSHIPS_STORE_H
#define DUET_COACH_PARTNERSHIPS_STORE_H

#include "coach/allow.h"
#include "coach/coach.h"
#include "coach/partnerships.h"
#include "coach/sql.h"

struct partnership_row {
    int64_t id;
    enum partnership_kind kind;
    enum partnership_state state;
    enum partnership_ending ending;
    int32_t version;
    struct str agreement, words;
    int64_t programme_id, round_id, asked_by;
    int64_t created_ms, started_ms, moved_ms, ended_ms;
    struct {
        int64_t person_id;
        struct str name, given_name;
        bool waiting, accepted, active;
        int32_t signed_version;
    } members[PARTNERSHIPS_MEMBERS]; /* those who have not left it; the actor first */
    int32_t n_members;
};

/* The row, without asking who asks. */
MUST_CHECK enum err partnerships_row(struct coach *coach, int64_t id, struct partnership_row *row);

/* The row, for a member who has accepted. */
MUST_CHECK enum err partnerships_open(struct coach *coach, enum allow_verb verb, int64_t id,
                                      struct partnership_row *row);

/* To another state; the time of the first start and of the end are kept. */
MUST_CHECK enum err partnerships_set_state(struct coach *coach, int64_t id,
                                           enum partnership_state state,
                                           enum partnership_ending ending);

/* All have signed: it is active, and zones are let be seen. */
MUST_CHECK enum err partnerships_start(struct coach *coach, const struct partnership_row *row);

/* Whatever the state was: cycles stop, shares end, notices are done; `wants_told`: others are. */
MUST_CHECK enum err partnerships_finish(struct coach *coach, const struct partnership_row *row,
                                        enum partnership_ending how);

enum partnership_state partnerships_state_of(struct str word);

/* The value of a word of the database; 0 where it is none of `n`. */
int partnerships_word_index(struct str word, const char *const *words, int n);

#endif
