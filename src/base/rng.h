/* Random numbers that are the same on every machine: splitmix64 (Steele, Lea & Flood 2014, OOPSLA,
 * "Fast splittable pseudorandom number generators"; constants of Stafford's variant 13).
 * Not for secrets. */
#ifndef DUET_BASE_RNG_H
#define DUET_BASE_RNG_H

#include <stdint.h>

struct rng {
    uint64_t state;
};

static inline struct rng rng_seed(uint64_t seed)
{
    return (struct rng){seed};
}

/* 64 uniform bits. */
static inline uint64_t rng_next(struct rng *rng)
{
    uint64_t z = (rng->state += UINT64_C(0x9E3779B97F4A7C15));
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

/* Uniform in [0, 1), 53 bits. */
static inline double rng_unit(struct rng *rng)
{
    return (double)(rng_next(rng) >> 11) * 0x1p-53;
}

/* Uniform in 0 .. n-1, n >= 1.  Bias below n / 2^32. */
static inline uint32_t rng_below(struct rng *rng, uint32_t n)
{
    return (uint32_t)(((rng_next(rng) >> 32) * (uint64_t)n) >> 32);
}

/* Standard normal by the polar method, with num_log and a correctly rounded square root, so that it
 * is the same on every machine. */
double rng_normal(struct rng *rng);

#endif
