/* The processes of the master: which there should be, which there are. */
#ifndef DUET_HTTP_CHILD_H
#define DUET_HTTP_CHILD_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum child_kind { CHILD_WORKER, CHILD_SERVICE, CHILD_PROCESS, CHILD_KIND__MAX };

struct child {
    enum child_kind kind;
    int index;     /* number of the worker, of the address in the service set, of the process */
    pid_t pid;     /* 0: not running */
    int slot;      /* of the metrics */
    bool retiring; /* told to end; not started again */
    int failures;  /* to begin, soon after a start, in a row */
    int64_t started_ms, start_at_ms; /* monotonic */
};

#define CHILD_MAX 160

struct child_table {
    struct child items[CHILD_MAX];
    int n;
    bool slots[CHILD_MAX]; /* taken */
};

/* A child that is to be started now, or NULL: too many. */
struct child *child_add(struct child_table *table, enum child_kind kind, int index, int64_t now_ms);
struct child *child_of_pid(struct child_table *table, pid_t pid);

/* What is known of a child that has ended. */
enum child_end {
    CHILD_END_FAILED, /* it never got as far as to work */
    CHILD_END_BROKEN, /* it worked, then crashed or was killed */
    CHILD_END_WANTED, /* it asked to be replaced */
    CHILD_END__MAX
};

/* Notes that a child has ended: a retiring one leaves the table, another is started again.  One
 * that could not begin will probably fail again: the pause doubles from CHILD_PAUSE_MS up to
 * CHILD_MOST_MS, until one has lived for CHILD_SOON_MS.  One that worked is missed: it starts again
 * at once, or after CHILD_PAUSE_MS when it lived for less than CHILD_BRIEF_MS (wanted: less than
 * CHILD_PAUSE_MS), so that whatever ends it costs no more than ten starts a second.  The pause in
 * ms, -1 for a retiring one. */
#define CHILD_SOON_MS 10000
#define CHILD_BRIEF_MS 1000
#define CHILD_PAUSE_MS 100
#define CHILD_MOST_MS 10000
int64_t child_ended(struct child_table *table, struct child *child, enum child_end how,
                    int64_t now_ms);

/* A slot of the metrics that no running child uses. */
void child_take_slot(struct child_table *table, struct child *child);

/* How many run. */
int child_running(const struct child_table *table, enum child_kind kind);

#endif
