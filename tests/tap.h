/* The test harness: prints TAP (Test Anything Protocol) lines for `prove`.
 *
 *     int main(void) { tap_ok(1 + 1 == 2, "adds"); return tap_done(); }
 *
 * A failing check prints its place; tap_done prints the plan and gives the exit status. */
#ifndef DUET_TESTS_TAP_H
#define DUET_TESTS_TAP_H

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static int tap_count, tap_failures;

__attribute__((format(printf, 4, 5))) static inline int tap_check(int ok, const char *file,
                                                                  int line, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    printf("%sok %d - ", ok ? "" : "not ", ++tap_count);
    vprintf(fmt, args);
    printf("\n");
    va_end(args);
    if (!ok) {
        tap_failures++;
        printf("# failed at %s:%d\n", file, line);
    }
    fflush(stdout);
    return ok;
}

#define tap_ok(cond, ...) tap_check(!!(cond), __FILE__, __LINE__, __VA_ARGS__)

/* |a - b| <= tolerance, printing both when not. */
#define tap_near(a, b, tolerance, ...)                                                             \
    do {                                                                                           \
        double tap_a = (a), tap_b = (b);                                                           \
        if (!tap_ok(fabs(tap_a - tap_b) <= (tolerance), __VA_ARGS__)) {                            \
            printf("#   got %.10g, expected %.10g within %.3g\n", tap_a, tap_b,                    \
                   (double)(tolerance));                                                           \
        }                                                                                          \
    } while (0)

#define tap_text(got, expected, ...)                                                               \
    do {                                                                                           \
        const char *tap_g = (got), *tap_e = (expected);                                            \
        if (!tap_ok(strcmp(tap_g, tap_e) == 0, __VA_ARGS__)) {                                     \
            printf("#   got \"%s\"\n#   expected \"%s\"\n", tap_g, tap_e);                         \
        }                                                                                          \
    } while (0)

/* Says that a check was left out and why; counts as passed for prove. */
static inline void tap_skip(const char *why)
{
    printf("ok %d # SKIP %s\n", ++tap_count, why);
}

static inline int tap_done(void)
{
    printf("1..%d\n", tap_count);
    return tap_failures ? 1 : 0;
}

#endif
