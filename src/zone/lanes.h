/* Four doubles side by side: the operations are element by element, so the bits do not depend on
 * how wide the machine's registers are.  For the loops of step.c and band.c. */
#ifndef DUET_ZONE_LANES_H
#define DUET_ZONE_LANES_H

#include <stdint.h>

typedef double lanes __attribute__((vector_size(32)));
typedef int64_t lane_bits __attribute__((vector_size(32)));

/* *io = e^*io for |x| <= 700: the polynomial of num_exp. */
static inline __attribute__((always_inline)) void lanes_exp(lanes *io)
{
    lanes x = *io;
    lanes kd = x * 1.4426950408889634074 + 0x1.8p52;
    lane_bits k = (lane_bits)kd;
    kd -= 0x1.8p52;
    lanes r = (x - kd * 0x1.62e42fefa0000p-1) - kd * 0x1.cf79abc9e3b3ap-40;
    lanes p = r * (1.0 / 6227020800.0) + 1.0 / 479001600.0;
    p = p * r + 1.0 / 39916800.0;
    p = p * r + 1.0 / 3628800.0;
    p = p * r + 1.0 / 362880.0;
    p = p * r + 1.0 / 40320.0;
    p = p * r + 1.0 / 5040.0;
    p = p * r + 1.0 / 720.0;
    p = p * r + 1.0 / 120.0;
    p = p * r + 1.0 / 24.0;
    p = p * r + 1.0 / 6.0;
    p = p * r + 0.5;
    p = (p * r * r + r) + 1.0;
    lane_bits scale = (k + 1023) << 52;
    *io = p * (lanes)scale;
}

/* *io = the greater of the two, lane by lane. */
static inline __attribute__((always_inline)) void lanes_at_least(lanes *io, const lanes *least)
{
    lane_bits above = *io > *least;
    *io = (lanes)(((lane_bits)*io & above) | ((lane_bits)*least & ~above));
}

#endif
