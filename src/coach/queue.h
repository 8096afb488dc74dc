/* Work for later: a table of jobs with leases.
 *
 * Adding a job is part of the transaction that makes it necessary.  A worker claims a job for a
 * time (the lease), commits, works outside any transaction of the claim, and finishes it; a worker
 * that dies lets its lease run out and another takes the job.  A job that fails comes again later,
 * with jitter, and after QUEUE_ATTEMPTS is dead, which administrators see.  So a job must bear
 * being done twice. */
#ifndef DUET_COACH_QUEUE_H
#define DUET_COACH_QUEUE_H

#include "base/err.h"
#include "base/str.h"
#include "coach/coach.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define QUEUE_ATTEMPTS 8
#define QUEUE_KIND 40                     /* bytes of a kind: "refit", "mail" */
#define QUEUE_PAYLOAD 65536               /* bytes of a payload */
#define QUEUE_KEEP_MS (30 * COACH_DAY_MS) /* done jobs, and their keys, are kept so long */

enum queue_key {
    QUEUE_ONCE,     /* a job with this key is added once, also when it is done already */
    QUEUE_COALESCE, /* no second job while one with this key is waiting; one that runs does not
                       count */
    QUEUE_KEY__MAX
};

enum queue_state { QUEUE_READY, QUEUE_RUNNING, QUEUE_DONE, QUEUE_DEAD, QUEUE_STATE__MAX };

struct job {
    int64_t id;
    struct str kind;
    struct str payload; /* text; JSON where there is more than one value */
    enum queue_state state;
    int attempts; /* with the one that runs */
    int64_t run_at_ms, locked_until_ms, created_ms, finished_ms;
    struct str last_error;
};

struct job_list {
    struct job *items;
    size_t n;
};

/* COACH_WRITE; for every function of the room, so ungated.  `key` empty: none.  *added (may be
 * NULL) is false when the key was there. */
MUST_CHECK enum err queue_add(struct coach *coach, const char *kind, struct str payload,
                              enum queue_key how, struct str key, int64_t run_at_ms, bool *added);

/* Which kinds of jobs a worker does, so that what people wait for does not stand behind what takes
 * long: those named (",refit,": between commas), or all others.  {0}: all. */
struct queue_lane {
    const char *kinds;
    bool within;
};

/* Whether there is something of a lane to claim; ungated.  COACH_READ, so that an idle worker locks
 * nothing. */
MUST_CHECK enum err queue_is_due(struct coach *coach, struct queue_lane lane, bool *yes);

/* Whether somebody is at work on a job of a lane and its lease has not run out; ungated.
 * COACH_READ. */
MUST_CHECK enum err queue_is_running(struct coach *coach, struct queue_lane lane, bool *yes);

/* For the server only.  The job of a lane that has waited longest and is due, or whose lease has
 * run out.  ERR_NOT_FOUND: none.  `worker` names the claimer. */
MUST_CHECK enum err queue_claim(struct coach *coach, struct queue_lane lane, struct str worker,
                                int64_t lease_ms, struct job *job);
/* ERR_CONFLICT: the lease was lost; stop working. */
MUST_CHECK enum err queue_renew(struct coach *coach, int64_t id, struct str worker,
                                int64_t lease_ms);
MUST_CHECK enum err queue_finish(struct coach *coach, int64_t id, struct str worker);
/* `error`: for administrators; no names, no content.  Comes again after `delay_ms`, or is dead when
 * delay_ms < 0 or after QUEUE_ATTEMPTS. */
MUST_CHECK enum err queue_fail(struct coach *coach, int64_t id, struct str worker, struct str error,
                               int64_t delay_ms);

/* Gives a job back that could not be finished because the program stops: it is ready at once, and
 * the attempt does not count. */
MUST_CHECK enum err queue_release(struct coach *coach, int64_t id, struct str worker);

/* Milliseconds until a job that failed `attempts` times is tried again: 15 s, four times as long
 * each time up to 6 hours, times 0.5 .. 1.5: about 6 to 18 hours until it is dead. */
int64_t queue_delay_ms(int attempts, double unit);

/* For administrators. */
MUST_CHECK enum err queue_list(struct coach *coach, enum queue_state state, struct job_list *list);
MUST_CHECK enum err queue_retry(struct coach *coach, int64_t id);   /* a dead one, at once */
MUST_CHECK enum err queue_discard(struct coach *coach, int64_t id); /* a dead one */
struct queue_counts {
    int64_t n[QUEUE_STATE__MAX];
    int64_t oldest_due_ms; /* how long the oldest due job has waited; 0: none */
};
MUST_CHECK enum err queue_count(struct coach *coach, struct queue_counts *counts);

/* Removes done jobs older than QUEUE_KEEP_MS, at most `limit`. */
MUST_CHECK enum err queue_clean(struct coach *coach, int64_t limit, int64_t *n);

#endif
