/* Partnerships that stand still: their members are reminded first, who arranges the programme is
 * told later.
 *
 * An active partnership stands still on the STALLED_DAYS-th school day (schooldays.h) after the
 * last sign of life: a step of it or a message (moved_ms), something written in a cycle, a meeting
 * that was arranged (its time, where it has one), or the day on which its members have agreed to
 * look at a step again.  So two who meet next week are not reminded today.  Each member then gets
 * one notice; when STALLED_TELL_DAYS school days later still nothing has happened, coordinators of
 * the whole programme get one, which says that there is such a partnership and leads to the
 * overview: activity, never content.  Who evaluates a member is not told.  A partnership outside of
 * programmes (its members chose each other) is told of in the open programmes that its members take
 * part in and whose framework it is about.
 *
 * The same standstill is never told twice.  It ends with whatever is done (partnerships_moved).
 * Paused partnerships have said that they rest. */
#ifndef DUET_COACH_STALLED_H
#define DUET_COACH_STALLED_H

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

struct coach;

#define STALLED_DAYS 10     /* school days */
#define STALLED_TELL_DAYS 5 /* school days after the reminder */
#define STALLED_AT_ONCE 200 /* partnerships of one call */

/* Where a look has come to; all zero at first. */
struct stalled_look {
    int64_t moved_ms, id; /* of the last partnership that was looked at */
    int64_t n_looked, n_nudged, n_told, n_ended;
    int more; /* there may be more to look at */
};

/* Looks at the next STALLED_AT_ONCE active partnerships; for the server, in COACH_WRITE.  On a day
 * that is no school day nothing happens.  Looking again on the same day changes nothing. */
MUST_CHECK enum err stalled_look(struct coach *coach, struct stalled_look *look);

#endif
