/* How often something may be tried: token buckets, per account and per address.
 *
 * A bucket holds `burst` tokens and gets one back every `refill_ms`.  The key in the database is a
 * keyed hash: no address is stored.  IPv6 addresses count by their /64.
 *
 * Take the tokens in a transaction that commits, before the work that they guard:
 *
 *     err = coach_transact(coach, COACH_WRITE, take, &ctx);   // take: rates_take() per account,
 * address if (err == ERR_LIMIT) { answer 429, Retry-After: ctx.wait_ms }
 */
#ifndef DUET_COACH_RATES_H
#define DUET_COACH_RATES_H

#include "base/err.h"
#include "base/str.h"

#include <stdint.h>

struct coach;

enum rates_kind {
    RATES_SIGN_IN_ACCOUNT, /* key: the e-mail address as typed; 8 at once, 1 in 5 minutes */
    RATES_SIGN_IN_ADDRESS, /* key: the network address; 60 at once (a school shares one), 1 in 5 s
                            */
    RATES_KEY_ADDRESS,     /* links and codes; 30 at once, 1 in 20 s */
    RATES_RESET_ACCOUNT,   /* mails with a new-password link; 3 at once, 1 in 20 minutes */
    RATES_RESET_ADDRESS,   /* 20 at once, 1 in 3 minutes */
    RATES_UPLOAD_PERSON,   /* key: the person's id as text; 20 at once, 1 in 30 s */
    RATES_KIND__MAX
};

/* Takes one token.  ERR_LIMIT: there is none; *wait_ms says when there will be.  COACH_WRITE. */
MUST_CHECK enum err rates_take(struct coach *coach, enum rates_kind kind, struct str key,
                               int64_t *wait_ms);

/* Fills the bucket again: the attempt was a good one. */
MUST_CHECK enum err rates_forget(struct coach *coach, enum rates_kind kind, struct str key);

/* For the server: removes buckets that are full again, at most `limit`. */
MUST_CHECK enum err rates_clean(struct coach *coach, int64_t limit, int64_t *n);

#endif
