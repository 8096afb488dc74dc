/* Dates and days: years begin in March, so that the leap day is the last of its year. */
#include "base/day.h"

#define DAYS_PER_ERA 146097 /* 400 years */
#define DAYS_TO_1970 719468 /* from 0000-03-01 */

static int32_t day_count_of_month(int32_t year, int32_t month)
{
    static const int8_t days[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[month - 1];
}

/* Years here are never negative, so every division rounds down. */
static int32_t day_count(struct day_date date)
{
    int32_t year = date.month <= 2 ? date.year - 1 : date.year;
    int32_t era = year / 400, year_of_era = year % 400;
    int32_t month = (date.month + 9) % 12; /* March is 0 */
    int32_t day_of_year = (153 * month + 2) / 5 + date.day - 1;
    int32_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * DAYS_PER_ERA + day_of_era - DAYS_TO_1970;
}

enum err day_of_date(struct day_date date, int32_t *day)
{
    if (date.year < DAY_MIN_YEAR || date.year > DAY_MAX_YEAR || date.month < 1 || date.month > 12 ||
        date.day < 1 || date.day > day_count_of_month(date.year, date.month)) {
        return ERR_RANGE;
    }
    *day = day_count(date);
    return ERR_OK;
}

struct day_date day_date(int32_t day)
{
    const struct day_date first = {DAY_MIN_YEAR, 1, 1}, last = {DAY_MAX_YEAR, 12, 31};
    if (day <= day_count(first)) {
        return first;
    }
    if (day >= day_count(last)) {
        return last;
    }
    int32_t days = day + DAYS_TO_1970;
    int32_t era = days / DAYS_PER_ERA, day_of_era = days % DAYS_PER_ERA;
    int32_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int32_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int32_t month = (5 * day_of_year + 2) / 153; /* March is 0 */
    struct day_date date = {
        .year = era * 400 + year_of_era,
        .month = month < 10 ? month + 3 : month - 9,
        .day = day_of_year - (153 * month + 2) / 5 + 1,
    };
    date.year += date.month <= 2;
    return date;
}

/* The number in text[from .. from + n - 1], or -1 when a character is no digit. */
static int32_t day_digits(struct str text, size_t from, size_t n)
{
    int32_t value = 0;
    for (size_t i = from; i < from + n; i++) {
        if (text.p[i] < '0' || text.p[i] > '9') {
            return -1;
        }
        value = value * 10 + (text.p[i] - '0');
    }
    return value;
}

enum err day_parse(struct str text, int32_t *day)
{
    if (text.n != DAY_TEXT_SIZE - 1 || text.p[4] != '-' || text.p[7] != '-') {
        return ERR_INVALID;
    }
    struct day_date date = {day_digits(text, 0, 4), day_digits(text, 5, 2), day_digits(text, 8, 2)};
    if (date.year < 0 || date.month < 0 || date.day < 0) {
        return ERR_INVALID;
    }
    return day_of_date(date, day);
}

void day_write(int32_t day, char text[DAY_TEXT_SIZE])
{
    struct day_date date = day_date(day);
    int32_t parts[3] = {date.year, date.month, date.day};
    static const int8_t begin[3] = {0, 5, 8}, length[3] = {4, 2, 2};
    for (int i = 0; i < 3; i++) {
        for (int k = length[i] - 1; k >= 0; k--, parts[i] /= 10) {
            text[begin[i] + k] = (char)('0' + parts[i] % 10);
        }
    }
    text[4] = text[7] = '-';
    text[10] = '\0';
}
