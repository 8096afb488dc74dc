/* The normal variate; the rest of rng.h is inline. */
#include "base/rng.h"

#include "base/num.h"

#include <math.h>

double rng_normal(struct rng *rng)
{
    double u, v, s;
    do {
        u = 2.0 * rng_unit(rng) - 1.0;
        v = 2.0 * rng_unit(rng) - 1.0;
        s = u * u + v * v;
    } while (s >= 1.0 || s <= 0.0);
    return u * sqrt(-2.0 * num_log(s) / s);
}
