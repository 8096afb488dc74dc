/* Synthetic pair-matching instances of three families, the same for Duet and for its peer.
 *
 * People have an ability in 12 skills (a general factor, an own part, an error of estimation), one
 * to three needs and hours at which they can meet.  A pair is worth what each gains from the other
 * in one skill, 0 .. 10000 each way, most when the helper is one logit ahead, nothing without a
 * common hour; weights are 0 .. 20000.
 *
 *   dense    every pair
 *   local    people on a map; candidates within a radius that holds about 150 people, the gain
 *            damped by distance, the best 16 of each
 *   online   everybody knows 2000 random others, the best 16 of each: nearly all find a nearly
 *            perfect partner, so that gains tie
 */
#ifndef DUET_BENCH_MATCH_INSTANCE_H
#define DUET_BENCH_MATCH_INSTANCE_H

#include <stdint.h>

struct instance_edge {
    int32_t u, v, w;
};

struct instance {
    int32_t n;
    int64_t m;
    struct instance_edge *edge; /* malloc */
};

/* 0, or -1 when the family is unknown or memory runs out. */
int instance_make(const char *family, int32_t n, uint64_t seed, struct instance *instance);

/* CPU seconds of this process, and the most memory it has held, in MB. */
double instance_cpu_s(void);
double instance_peak_mb(void);

#endif
