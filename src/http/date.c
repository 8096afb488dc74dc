/* HTTP dates without the C library's locale and time zone. */
#include "http/date.h"

#include "base/day.h"

#include <string.h>

#define DAY_S 86400

static const char days[] = "ThuFriSatSunMonTueWed"; /* 1970-01-01 was a Thursday */
static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

static void put(char *text, int value, int digits)
{
    for (int i = digits - 1; i >= 0; i--) {
        text[i] = (char)('0' + value % 10);
        value /= 10;
    }
}

void date_write(int64_t ms, char text[DATE_TEXT + 1])
{
    int64_t second = ms / 1000 - (ms % 1000 < 0);
    int64_t whole = second / DAY_S - (second % DAY_S < 0);
    int rest = (int)(second - whole * DAY_S);
    struct day_date date = day_date((int32_t)whole);
    memcpy(text, "ddd, DD mmm YYYY hh:mm:ss GMT", DATE_TEXT + 1);
    memcpy(text, days + 3 * (((whole % 7) + 7) % 7), 3);
    put(text + 5, date.day, 2);
    memcpy(text + 8, months + (ptrdiff_t)3 * (date.month - 1), 3);
    put(text + 12, date.year, 4);
    put(text + 17, rest / 3600, 2);
    put(text + 20, rest / 60 % 60, 2);
    put(text + 23, rest % 60, 2);
}

/* The number of `digits` digits at `text`, or -1. */
static int take(const char *text, int digits)
{
    int value = 0;
    for (int i = 0; i < digits; i++) {
        if (text[i] < '0' || text[i] > '9') {
            return -1;
        }
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

enum err date_parse(struct str text, int64_t *ms)
{
    static const char form[] = "xxx, xx xxx xxxx xx:xx:xx GMT";
    if (text.n != DATE_TEXT) {
        return ERR_INVALID;
    }
    for (size_t i = 0; i < DATE_TEXT; i++) {
        if (form[i] != 'x' && form[i] != text.p[i]) {
            return ERR_INVALID;
        }
    }
    struct day_date date = {.year = take(text.p + 12, 4), .day = take(text.p + 5, 2)};
    int hour = take(text.p + 17, 2), minute = take(text.p + 20, 2), second = take(text.p + 23, 2);
    int32_t day;
    for (int m = 0; m < 12; m++) {
        if (memcmp(months + (ptrdiff_t)3 * m, text.p + 8, 3) == 0) {
            date.month = m + 1;
        }
    }
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60 ||
        day_of_date(date, &day) != ERR_OK) {
        return ERR_INVALID;
    }
    *ms = ((int64_t)day * DAY_S + hour * 3600 + minute * 60 + second) * 1000;
    return ERR_OK;
}
