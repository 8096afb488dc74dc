/* Within the room: meetings without asking who may. */
#ifndef DUET_COACH_MEETINGS_READ_H
#define DUET_COACH_MEETINGS_READ_H

#include "coach/meetings.h"
#include "coach/sql.h"

#define MEETINGS_MEMBERS 3

struct meeting_member {
    int64_t id;
    struct str name;
};

/* The members of a partnership who have accepted and not left. */
MUST_CHECK enum err meetings_members(struct coach *coach, int64_t partnership_id,
                                     struct meeting_member people[MEETINGS_MEMBERS], int32_t *n);

/* A meeting as `reader` sees it.  ERR_NOT_FOUND. */
MUST_CHECK enum err meetings_find(struct coach *coach, int64_t id, int64_t reader,
                                  struct meeting *meeting);

#endif
