/* Local time, held against the C library in several zones and many moments. */
#define _DEFAULT_SOURCE
#include "base/clock.h"
#include "base/arena.h"
#include "base/day.h"
#include "base/rng.h"
#include "tap.h"

#include <stdlib.h>
#include <time.h>

static void zone(struct arena *arena, const char *name)
{
    struct clock_zone *zone;
    enum err err = clock_open(arena, str_of(name), &zone);
    if (err == ERR_NOT_FOUND) {
        tap_skip(name);
        return;
    }
    struct rng rng = rng_seed(11);
    int wrong = 0;
    setenv("TZ", name, 1);
    tzset();
    for (int i = 0; err == ERR_OK && i < 3000; i++) {
        int64_t at_s = (int64_t)rng_below(&rng, 2051222400); /* until 2035 */
        time_t t = (time_t)at_s;
        struct tm tm;
        int32_t day, minute;
        localtime_r(&t, &tm);
        clock_read(zone, at_s * 1000 + 999, &day, &minute);
        int64_t local = at_s + tm.tm_gmtoff;
        int64_t days = local / 86400 - (local % 86400 < 0);
        wrong += day != (int32_t)days || minute != (int32_t)((local - days * 86400) / 60);
        /* Back: the same moment, or the first of two that look the same. */
        int64_t back = clock_moment(zone, day, minute);
        int32_t same_day, same_minute;
        clock_read(zone, back, &same_day, &same_minute);
        wrong += same_day != day || same_minute != minute || back > at_s * 1000;
    }
    tap_ok(err == ERR_OK && wrong == 0, "%s agrees with the C library", name);
}

/* Madrid, the nights of 2026 on which the clocks change. */
static void changes(struct arena *arena)
{
    struct clock_zone *zone;
    int32_t spring = 0, autumn = 0;
    if (clock_open(arena, str_of("Europe/Madrid"), &zone) ||
        day_parse(str_of("2026-03-29"), &spring) || day_parse(str_of("2026-10-25"), &autumn)) {
        tap_skip("no zone files here");
        return;
    }
    int64_t midnight = spring * INT64_C(86400000), hour = 3600000;
    tap_ok(clock_moment(zone, spring, 90) == midnight + hour / 2 &&
               clock_moment(zone, spring, 180) == midnight + hour &&
               clock_moment(zone, spring, 150) == midnight + 3 * hour / 2,
           "half past two, left out in spring, is half past three");
    midnight = autumn * INT64_C(86400000);
    tap_ok(clock_moment(zone, autumn, 150) == midnight + hour / 2 &&
               clock_moment(zone, autumn, 180) == midnight + 2 * hour,
           "half past two, twice in autumn, is the first");
    tap_ok(clock_moment(NULL, 1, 61) == 86400000 + 61 * 60000, "without a zone it is UTC");
}

static void damaged(struct arena *arena)
{
    struct clock_zone *zone;
    static const char junk[200] = "TZif2";
    char text[4000];
    FILE *in = fopen(CLOCK_FOLDER "/Europe/Madrid", "rb");
    tap_ok(clock_parse(arena, str_of(""), &zone) == ERR_INVALID, "an empty file is refused");
    tap_ok(clock_parse(arena, (struct str){junk, sizeof junk}, &zone) == ERR_INVALID,
           "a file without zones is refused");
    if (!in) {
        tap_skip("no zone files here");
        return;
    }
    size_t n = fread(text, 1, sizeof text, in);
    fclose(in);
    int accepted = 0;
    for (size_t cut = 0; cut < n; cut++) {
        struct clock_zone *part = NULL;
        if (clock_parse(arena, (struct str){text, cut}, &part) == ERR_OK) {
            accepted++; /* only the rule after the body may be missing: 25 bytes or so */
        }
    }
    tap_ok(n < sizeof text && accepted < 60, "a file that is cut off is refused (%d of %d)",
           accepted, (int)n);
}

int main(void)
{
    static const char *const names[] = {
        "Europe/Madrid", "America/New_York", "Asia/Kolkata",     "Australia/Sydney",
        "UTC",           "Asia/Tehran",      "America/Sao_Paulo"};
    struct arena *arena = arena_new(0);
    int32_t day, minute;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        zone(arena, names[i]);
    }
    clock_read(NULL, -1, &day, &minute);
    tap_ok(day == -1 && minute == 1439, "before 1970, without a zone");
    tap_ok(!clock_is_name(str_of("../../etc/passwd")) && !clock_is_name(str_of("/etc")) &&
               !clock_is_name(str_of("Europe/")) && !clock_is_name(str_of("")) &&
               clock_is_name(str_of("America/Argentina/Buenos_Aires")) &&
               clock_is_name(str_of("Etc/GMT+3")),
           "names of zones lead nowhere else");
    changes(arena);
    damaged(arena);
    arena_free(arena);
    return tap_done();
}
