/* Numbers that were touched, for tests of the verifier. */
#ifndef DUET_TESTS_MATCH_VERIFY_TEST_H
#define DUET_TESTS_MATCH_VERIFY_TEST_H

#include "base/rng.h"

/* A change that is never zero: mostly small, sometimes absurd. */
static inline int64_t other(struct rng *rng, int64_t value)
{
    int64_t delta = 1 + (int64_t)rng_below(rng, 8);
    switch (rng_below(rng, 6)) {
    case 0:
        return (int64_t)((uint64_t)value ^ (rng_next(rng) | 1));
    case 1:
        return value == INT64_MAX ? 0 : INT64_MAX;
    case 2:
        return value == 0 ? 4 : -value;
    case 3:
        return value - delta;
    default:
        return value + delta;
    }
}

#endif
