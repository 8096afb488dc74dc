/* Synthetic tasks and helpers, the same for Duet and for its peer.
 *
 * People have an ability in 12 skills, one to three needs, hours at which they can meet, and take 0
 * to 3 tasks as helpers (35, 25, 25, 15 % of them).  A task is one person's need; its candidates
 * are the 8 helpers with a common hour who bring most (0 .. 10000, most when the helper is one
 * logit ahead).  `room` multiplies what helpers take, with the fraction spread over them: at 1
 * there are two places for three tasks, at 1.5 about as many as tasks, at 2 more. */
#ifndef DUET_BENCH_MATCH_TASKS_INSTANCE_H
#define DUET_BENCH_MATCH_TASKS_INSTANCE_H

#include <stdint.h>

struct tasks_arc {
    int32_t task, helper, w;
};

struct tasks_instance {
    int32_t n_tasks, n_helpers;
    int64_t n_arcs;
    struct tasks_arc *arc; /* all malloc */
    int32_t *max_helps;
};

/* 0, or -1 when memory runs out. */
int tasks_instance_make(int32_t people, double room, uint64_t seed, struct tasks_instance *to);

/* CPU seconds of this process, and the most memory it has held, in MB. */
double tasks_cpu_s(void);
double tasks_peak_mb(void);

#endif
