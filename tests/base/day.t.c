/* Days and dates against a calendar that is walked day by day. */
#include "base/day.h"
#include "tap.h"

#include <time.h>

static bool is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

/* The oracle: a calendar advanced one day at a time from 0001-01-01. */
static void test_walk(void)
{
    struct day_date at = {1, 1, 1};
    int32_t expected = -719162; /* known: 0001-01-01 */
    int wrong = 0;
    for (; at.year <= 9999; expected++) {
        int32_t day = 0;
        struct day_date back;
        wrong += day_of_date(at, &day) != ERR_OK || day != expected;
        back = day_date(expected);
        wrong += back.year != at.year || back.month != at.month || back.day != at.day;
        static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
        int length = lengths[at.month - 1] + (at.month == 2 && is_leap(at.year));
        if (++at.day > length) {
            at.day = 1;
            if (++at.month > 12) {
                at.month = 1;
                at.year++;
            }
        }
    }
    tap_ok(wrong == 0, "all days of the years 1 to 9999");
    tap_ok(expected == 2932897, "9999-12-31 is day 2,932,896");
}

static void test_system(void)
{
    int wrong = 0;
    for (int32_t day = -20000; day < 60000; day += 37) {
        time_t seconds = (time_t)day * 86400;
        struct tm tm;
        char text[DAY_TEXT_SIZE], other[32];
        gmtime_r(&seconds, &tm);
        strftime(other, sizeof other, "%Y-%m-%d", &tm);
        day_write(day, text);
        wrong += strcmp(text, other) != 0;
    }
    tap_ok(wrong == 0, "the same dates as the C library's");
}

static void test_parse(void)
{
    static const struct {
        const char *text;
        enum err err;
        int32_t day;
    } cases[] = {
        {"1970-01-01", ERR_OK, 0},       {"2026-11-24", ERR_OK, 20781},
        {"2024-02-29", ERR_OK, 19782},   {"2023-02-29", ERR_RANGE, 0},
        {"1900-02-29", ERR_RANGE, 0},    {"2000-02-29", ERR_OK, 11016},
        {"2026-13-01", ERR_RANGE, 0},    {"2026-00-10", ERR_RANGE, 0},
        {"2026-04-31", ERR_RANGE, 0},    {"0000-01-01", ERR_RANGE, 0},
        {"24/11/2026", ERR_INVALID, 0},  {"2026-1-2", ERR_INVALID, 0},
        {"2026-11-24 ", ERR_INVALID, 0}, {"", ERR_INVALID, 0},
        {"2026-1x-24", ERR_INVALID, 0},  {"-026-11-24", ERR_INVALID, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int32_t day = 0;
        enum err err = day_parse(str_of(cases[i].text), &day);
        tap_ok(err == cases[i].err && day == cases[i].day, "\"%s\"", cases[i].text);
    }
    tap_ok(day_date(INT32_MAX).year == 9999 && day_date(INT32_MIN).year == 1,
           "days beyond the calendar are the last and the first");
}

int main(void)
{
    test_walk();
    test_system();
    test_parse();
    return tap_done();
}
