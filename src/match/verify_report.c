/* Names, amounts and sentences of the verifier. */
#include "match/verify_report.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct verify_name verify_name_of(const struct str *names, const char *kind, int32_t i)
{
    struct verify_name name;
    if (!names) {
        snprintf(name.text, sizeof name.text, "%s %d", kind, (int)i);
        return name;
    }
    size_t n = names[i].n;
    if (n >= VERIFY_NAME) {
        /* Cut before a byte that continues a character. */
        n = VERIFY_NAME - 1;
        while (n > 0 && ((unsigned char)names[i].p[n] & 0xC0) == 0x80) {
            n--;
        }
    }
    if (n) {
        memcpy(name.text, names[i].p, n);
    }
    name.text[n] = '\0';
    return name;
}

struct verify_name verify_amount(int64_t scaled, int64_t scale, const struct match_check *check)
{
    int64_t one = check->one > 0 ? check->one : 1;
    struct verify_name name;
    /* Whole and decimal part apart, so that large weights keep their last digit. */
    bool negative = scaled < 0;
    uint64_t size = negative ? 0 - (uint64_t)scaled : (uint64_t)scaled;
    uint64_t unit = (uint64_t)one * (uint64_t)scale;
    double part = (double)(size % unit) / (double)unit * 1e4;
    uint64_t decimals = (uint64_t)(part + 0.5), whole = size / unit;
    if (decimals >= 10000) {
        decimals -= 10000;
        whole++;
    }
    snprintf(name.text, sizeof name.text, "%s%llu.%04llu", negative ? "-" : "",
             (unsigned long long)whole, (unsigned long long)decimals);
    return name;
}

enum err verify_refuse(struct match_verdict *verdict, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    vsnprintf(verdict->text, sizeof verdict->text, fmt, args);
    va_end(args);
    return ERR_REFUSED;
}

enum err verify_gather(struct match_verdict *verdict, const void *pieces, size_t size, uint32_t n,
                       int64_t *total)
{
    for (uint32_t k = 0; k < n; k++) {
        const struct verify_share *share = (const void *)((const char *)pieces + k * size);
        if (share->err) {
            memcpy(verdict->text, share->verdict.text, sizeof verdict->text);
            return share->err;
        }
        verdict->n_checked += share->verdict.n_checked;
        verdict->n_served += share->verdict.n_served;
        if (__builtin_add_overflow(*total, share->total, total)) {
            return ERR_RANGE;
        }
    }
    return ERR_OK;
}
