/* The process that does what is queued: claims a job, runs it, renews its lease, finishes it.
 *
 *     const struct jobs_options options = {.database = "duet.db", .wait = wait, .ctx = child};
 *     err = jobs_run(&options);                                   // until wait() says to stop
 *
 * or, one job at a time (tests, the command line):
 *
 *     err = jobs_open(&options, &jobs, message, sizeof message);
 *     err = jobs_step(jobs, &worked);
 *     jobs_close(jobs);
 *
 * What it does for each kind of job stands in kinds.c and in `more` of the options: a kind has a
 * name, a lease and a function; some come by themselves every so often.  A job may be done twice (a
 * worker dies after the work and before the finish), so every kind must bear that. */
#ifndef DUET_JOBS_JOBS_H
#define DUET_JOBS_JOBS_H

#include "base/catalog.h"
#include "base/err.h"
#include "coach/coach.h"
#include "coach/queue.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct jobs;

#define JOBS_MEMORY ((size_t)64 << 20) /* of one job, beside what a refit takes for itself */
#define JOBS_POLL_MS 1000              /* how often the queue is looked at, about */
#define JOBS_POLL_WATCHED_MS 100       /* by the lane where somebody waits and watches */
#define JOBS_MAX_KINDS 32
#define JOBS_ERROR 300 /* bytes of an error with its NUL */

/* One job being done. */
struct jobs_task {
    struct coach *coach;   /* the server asks; no transaction is open; memory of this job */
    const struct job *job; /* kind, payload, attempts */
    const struct catalogs *catalogs; /* the languages there are */
    char error[JOBS_ERROR];          /* why it failed, for administrators: no names, no content */
    bool hopeless;                   /* trying again will not help */
    const char *database, *data_dir; /* as in the options */

    struct jobs *jobs;
    int64_t renewed_ms;
    bool lost;
};

/* Who waits for it decides which process does it: none stands behind what takes longer. */
enum jobs_lane {
    JOBS_PROMPT, /* a moment's work: mail, notices, backups, what comes by itself */
    JOBS_ROUNDS, /* a coordinator waits and watches: seconds */
    JOBS_REFITS, /* nobody waits: as long as it takes, and not while a round is worked out */
    JOBS_N_LANES
};

struct jobs_kind {
    const char *kind; /* as queued */
    enum jobs_lane lane;
    int64_t lease_ms; /* it may be silent so long */
    int64_t every_ms; /* also by itself, so long after the last time; 0: when it is queued only */
    enum err (*run)(struct jobs_task *task);
};

/* To be called now and then by a task that takes long, outside of transactions: renews the lease.
 * True: stop (the lease is lost or the program ends) and return ERR_LIMIT. */
bool jobs_renew(struct jobs_task *task);

/* The same for a task that nobody waits for: when a job of JOBS_ROUNDS runs, in another process, it
 * first waits (as the options say; without such a wait it does not) until that is done. */
bool jobs_give_way(struct jobs_task *task);

/* Writes the error that administrators will read. */
void jobs_fail(struct jobs_task *task, bool hopeless, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* The id that is the payload; 0 when it is none, which is written down as hopeless. */
int64_t jobs_payload_id(struct jobs_task *task);

struct jobs_options {
    const char *database;            /* for coach_connect */
    const char *data_dir;            /* where backups are kept; NULL: it makes none */
    bool (*wait)(void *ctx, int ms); /* waits at most so long; true: stop.  Needed by jobs_run */
    bool (*stopping)(void *ctx);     /* whether to stop; NULL: never */
    void *ctx;
    const enum jobs_lane *lane;          /* does the jobs of this lane; NULL: of all */
    const struct jobs_kind *const *more; /* further kinds, ended by NULL; may be NULL */
    int64_t (*clock_ms)(void);           /* NULL: coach_clock_ms */
    bool pseudo;                         /* also the made-up languages for tests */
};

/* Opens the database and the catalogues.  ERR_IO, ERR_NOMEM: `message` says why. */
MUST_CHECK enum err jobs_open(const struct jobs_options *options, struct jobs **jobs, char *message,
                              size_t size);
void jobs_close(struct jobs *jobs); /* NULL is a no-op */

/* Does the next job that is due.  *worked: there was one (done, failed or given back).  An error is
 * one of the queue itself, not of the job. */
MUST_CHECK enum err jobs_step(struct jobs *jobs, bool *worked);

/* Queues what comes by itself and does not wait yet; jobs_run does that from time to time. */
MUST_CHECK enum err jobs_plan(struct jobs *jobs);

/* Works until told to stop.  When the database cannot be reached it waits, longer each time, and
 * tries again.  Only what prevents the start is returned. */
MUST_CHECK enum err jobs_run(const struct jobs_options *options, char *message, size_t size);

/* Within the room: the kinds that every Duet has, ended by NULL. */
extern const struct jobs_kind *const kinds_all[];
extern const struct jobs_kind job_backup, job_clean, job_compare, job_mail, job_notice, job_refit,
    job_publish, job_round, job_stalled;

#endif
