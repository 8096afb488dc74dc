/* How the verifier says what does not hold. */
#ifndef DUET_MATCH_VERIFY_REPORT_H
#define DUET_MATCH_VERIFY_REPORT_H

#include "match/verify.h"

/* What one piece of work of a check found; the first member of whatever stands for the piece. */
struct verify_share {
    struct match_verdict verdict;
    int64_t total;
    enum err err;
};

/* Adds the shares of `n` pieces, `size` bytes apart, in their order: what the first of them says is
 * said.  ERR_RANGE when the total overflows, and the error of the first piece that has one. */
MUST_CHECK enum err verify_gather(struct match_verdict *verdict, const void *pieces, size_t size,
                                  uint32_t n, int64_t *total);

#define VERIFY_NAME 48 /* bytes of a name in a message, with the NUL */

struct verify_name {
    char text[VERIFY_NAME];
};

/* The name of person `i` in `names`, shortened, or its number after `kind` ("person 7"). */
struct verify_name verify_name_of(const struct str *names, const char *kind, int32_t i);

/* A weight for people: `scaled` / (scale * one), four decimals. */
struct verify_name verify_amount(int64_t scaled, int64_t scale, const struct match_check *check);

/* Writes the sentence and returns ERR_REFUSED. */
MUST_CHECK enum err verify_refuse(struct match_verdict *verdict, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

#endif
