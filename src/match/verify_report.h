/* How the verifier says what does not hold. */
#ifndef DUET_MATCH_VERIFY_REPORT_H
#define DUET_MATCH_VERIFY_REPORT_H

#include "match/verify.h"

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
