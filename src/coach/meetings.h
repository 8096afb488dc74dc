/* Meetings of a partnership: one proposes up to three times, another chooses one.
 *
 *     proposed --chosen--> confirmed --took place--> held <--> missed
 *         \                    |  ^--chosen--\
 *          \--> cancelled <----/   \--other times proposed (it stays as it is until then)
 *
 * Whoever proposed the times does not choose among them; anybody else of the partnership does, or
 * proposes others.  A meeting is held or missed once it has begun.  Subject and place are content:
 * they are the members' (allow.h), and go out in invitations to members only.
 *
 * Each member who wants invitations gets them by mail (calendar.h) when a time is settled, changed
 * or cancelled: the UID stays, the sequence grows.  The others find notices.  An invitation names
 * the partner and has the reader as its one attendee, so that nobody's address is told.
 *
 * ERR_CONFLICT: not in this state of the meeting or of the partnership.  All functions need
 * COACH_WRITE but those that say otherwise; results live in coach->arena. */
#ifndef DUET_COACH_MEETINGS_H
#define DUET_COACH_MEETINGS_H

#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct coach;
struct complaints;

#define MEETINGS_TIMES 3     /* proposed at once */
#define MEETINGS_OPEN 20     /* of one partnership, proposed or to come */
#define MEETINGS_SUBJECT 200 /* characters */
#define MEETINGS_PLACE 200
#define MEETINGS_LEAST 5 /* minutes */
#define MEETINGS_MOST 240
#define MEETINGS_AHEAD_DAYS 366 /* how far ahead one can meet */
#define MEETINGS_SHOWN 100      /* of a list, the newest */

enum meeting_state {
    MEETING_PROPOSED,
    MEETING_CONFIRMED,
    MEETING_HELD,
    MEETING_MISSED,
    MEETING_CANCELLED,
    MEETING_STATE__MAX
};

const char *meetings_state_word(enum meeting_state state); /* as stored: "proposed" */

/* What a form gives. */
struct meeting_new {
    int64_t partnership_id;
    int64_t times[MEETINGS_TIMES]; /* starts, milliseconds */
    int32_t n_times;
    int32_t minutes;
    struct str subject, place; /* may be empty */
};

/* Fields of complaints: "time", "minutes", "subject", "place".  While the partnership is agreeing
 * or active. */
MUST_CHECK enum err meetings_propose(struct coach *coach, const struct meeting_new *made,
                                     struct complaints *complaints, int64_t *id);

/* Other times instead of those proposed, or for a meeting that was settled: by any member. */
MUST_CHECK enum err meetings_repropose(struct coach *coach, int64_t id, const int64_t *times,
                                       int32_t n_times, struct complaints *complaints);

/* Chooses one of the times, which is still to come.  ERR_CONFLICT also for whoever proposed them,
 * and for a time that was not proposed or is over. */
MUST_CHECK enum err meetings_confirm(struct coach *coach, int64_t id, int64_t starts_ms);

/* Subject and place, before it has begun. */
MUST_CHECK enum err meetings_edit(struct coach *coach, int64_t id, struct str subject,
                                  struct str place, struct complaints *complaints);

/* Before it is held or missed. */
MUST_CHECK enum err meetings_cancel(struct coach *coach, int64_t id);

/* Once it has begun: it took place, or not.  Can be corrected. */
MUST_CHECK enum err meetings_tell(struct coach *coach, int64_t id, bool held);

struct meeting {
    int64_t id, partnership_id;
    enum meeting_state state;
    struct str uid;
    int64_t sequence;
    struct str subject, place;
    int32_t minutes;
    int64_t starts_ms; /* 0: not settled */
    int64_t times[MEETINGS_TIMES];
    int32_t n_times;     /* proposed now */
    int64_t proposed_by; /* 0: nobody any more */
    struct str proposer;
    struct str others; /* names of the members without the actor, joined by ", " */
    int64_t created_ms, changed_ms;
    bool mine;  /* the actor proposed the times */
    bool begun; /* it is settled, and its time has come */
};

struct meeting_list {
    struct meeting *items;
    size_t n;
};

/* For members; read. */
MUST_CHECK enum err meetings_get(struct coach *coach, int64_t id, struct meeting *meeting);
/* Of a partnership: the newest MEETINGS_SHOWN, the newest first. */
MUST_CHECK enum err meetings_of(struct coach *coach, int64_t partnership_id,
                                struct meeting_list *list);
/* All of the actor's from `from_ms` on that are settled (cancelled ones too, for feeds), by their
 * start; at most `limit`. */
MUST_CHECK enum err meetings_of_actor(struct coach *coach, int64_t from_ms, size_t limit,
                                      struct meeting_list *list);

/* ---- for other modules ---- */

/* The partnership has ended: what is open in it is cancelled.  Ungated. */
MUST_CHECK enum err meetings_partnership_ended(struct coach *coach, int64_t partnership_id);

/* For the server: asks the members of meetings whose end was before now, once, whether they took
 * place; at most `limit`. */
MUST_CHECK enum err meetings_ask(struct coach *coach, int64_t limit, int64_t *n);

/* For the server: a meeting as its member sees it, for the mail to them. */
MUST_CHECK enum err meetings_for(struct coach *coach, int64_t id, int64_t person_id,
                                 struct meeting *meeting);

#endif
