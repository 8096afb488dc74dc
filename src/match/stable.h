/* Pairs in which nobody would rather leave for each other.
 *
 * The stable roommates problem with incomplete lists: Irving 1985, "An efficient algorithm for the
 * stable roommates problem", J. Algorithms 6, 577-595; Gusfield & Irving 1989, "The Stable Marriage
 * Problem", chapter 4.  Each person ranks the partners offered by what they would gain themselves;
 * equal gains are ranked by the sum of both gains, then by the lower index, so the order is strict
 * and the same on every machine.  Any partner offered is preferred to none.
 *
 * A stable arrangement of this kind need not exist.  When it does not, the pairs are formed on the
 * common weight (the sum of both gains, then the lower indices): taking the heaviest pair that is
 * left again and again is stable under that order, always exists, and is unique.  The result says
 * which of the two it is.
 *
 * Pairs only: capacities have no meaning here.  O(m log m) time, O(m) memory. */
#ifndef DUET_MATCH_STABLE_H
#define DUET_MATCH_STABLE_H

#include "base/err.h"

#include <stdint.h>

struct arena;

/* A pair that the rules allow, and what each of the two would gain, >= 0.  Each pair once. */
struct match_wish {
    int32_t u, v;
    int64_t gain_u, gain_v;
};

enum match_stable_kind {
    MATCH_STABLE_OWN,   /* by what each person gains */
    MATCH_STABLE_JOINT, /* by the sum: no arrangement is stable by own gain */
    MATCH_STABLE_MANY,  /* by the sum: too many pairs to look for one by own gain; not made here */
    MATCH_STABLE_KIND__MAX
};

struct match_stable {
    int32_t *mate; /* n, -1 for nobody */
    enum match_stable_kind kind;
    int32_t odd_person; /* JOINT: the person whose list ran empty in the search, else -1 */
};

/* Forms the pairs; `mate` lives in `arena`.  ERR_INVALID for an index out of range, a pair of one
 * person, a pair listed twice or a negative gain; ERR_NOMEM. */
MUST_CHECK enum err match_stable_pairs(struct arena *arena, int32_t n,
                                       const struct match_wish *wishes, int64_t n_wishes,
                                       struct match_stable *out);

/* How many of the wishes block `mate` under the order of `kind`: both would rather have each other
 * than what they have.  Equal gains do not block (OWN: each must gain strictly more; JOINT: the
 * pair must weigh strictly more than either has).  For any arrangement, not only stable ones.
 * ERR_NOMEM. */
MUST_CHECK enum err match_stable_count_blocking(struct arena *arena, int32_t n,
                                                const struct match_wish *wishes, int64_t n_wishes,
                                                const int32_t *mate, enum match_stable_kind kind,
                                                int64_t *n_blocking);

#endif
