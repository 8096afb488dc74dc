/* The best few candidates of one person or task, best first.  Internal to coach/round*. */
#ifndef DUET_COACH_ROUND_FEW_H
#define DUET_COACH_ROUND_FEW_H

#include "coach/round.h"

struct round_few {
    struct {
        int64_t key, w;
        int32_t other;
    } of[ROUND_TOP];
    int32_t n;
};

static inline bool round_few_refuses(const struct round_few *few, int64_t key)
{
    return few->n == ROUND_TOP && key <= few->of[ROUND_TOP - 1].key;
}

static inline void round_few_add(struct round_few *few, int64_t key, int64_t w, int32_t other)
{
    if (round_few_refuses(few, key)) {
        return;
    }
    int32_t at = few->n < ROUND_TOP ? few->n++ : ROUND_TOP - 1;
    for (; at > 0 && few->of[at - 1].key < key; at--) {
        few->of[at] = few->of[at - 1];
    }
    few->of[at].key = key;
    few->of[at].w = w;
    few->of[at].other = other;
}

#endif
