/* Numbers, dates and words as people write them in spreadsheets. */
#include "coach/roster_cell.h"

#include "base/day.h"

#define DIGITS_MAX 15 /* decimal digits that a double holds exactly */
#define FIRST_YEAR 1900
#define LAST_YEAR 2199

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

enum roster_number roster_cell_decimal(struct str text, double *value)
{
    static const double scales[DIGITS_MAX + 1] = {1,   1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                  1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
    size_t at = text.n > 0 && (text.p[0] == '-' || text.p[0] == '+') ? 1 : 0;
    int digits = 0, places = 0;
    bool point = false, fraction = false;
    int64_t units = 0;
    for (; at < text.n; at++) {
        char c = text.p[at];
        if (!point && (c == '.' || c == ',') && digits > 0) {
            point = true;
        } else if (is_digit(c) && digits < DIGITS_MAX) {
            units = units * 10 + (c - '0');
            digits++;
            places += point;
            fraction = fraction || (point && c != '0');
        } else {
            return ROSTER_NUMBER_BAD;
        }
    }
    if (digits == 0 || (point && places == 0)) {
        return ROSTER_NUMBER_BAD;
    }
    /* Both are exact, so the quotient is rounded correctly. */
    double size = (double)units / scales[places];
    *value = text.p[0] == '-' ? -size : size;
    return fraction ? ROSTER_NUMBER_FRACTION : ROSTER_NUMBER_OK;
}

enum roster_number roster_cell_whole(struct str text, int64_t *value)
{
    if (text.n == 1 && is_digit(text.p[0])) {
        *value = text.p[0] - '0';
        return ROSTER_NUMBER_OK;
    }
    double number = 0;
    enum roster_number kind = roster_cell_decimal(text, &number);
    if (kind == ROSTER_NUMBER_OK) {
        *value = (int64_t)number;
    }
    return kind;
}

enum roster_date roster_cell_date(struct str text, int32_t *day)
{
    const size_t n = DAY_TEXT_SIZE - 1;
    if (text.n > n && (text.p[n] == 'T' || text.p[n] == ' ')) {
        for (size_t i = n + 1; i < text.n; i++) {
            if (!is_digit(text.p[i]) && !strchr(":.+-Z", text.p[i])) {
                return ROSTER_DATE_FORM;
            }
        }
        text.n = n;
    }
    int32_t found;
    enum err err = day_parse(text, &found);
    if (err) {
        return err == ERR_INVALID ? ROSTER_DATE_FORM : ROSTER_DATE_WRONG;
    }
    int32_t year = day_date(found).year;
    if (year < FIRST_YEAR || year > LAST_YEAR) {
        return ROSTER_DATE_WRONG;
    }
    *day = found;
    return ROSTER_DATE_OK;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

int roster_cell_word(struct str text, const char *const *words)
{
    for (int k = 0; words[k]; k++) {
        size_t i = 0;
        while (i < text.n && words[k][i] && lower(text.p[i]) == words[k][i]) {
            i++;
        }
        if (i == text.n && !words[k][i]) {
            return k;
        }
    }
    return -1;
}

static bool is_separator(char c)
{
    return c != '\0' && strchr(" \t\r\n;|,", c);
}

bool roster_cell_next_value(struct str *rest, struct str *value)
{
    while (rest->n > 0 && is_separator(rest->p[0])) {
        *rest = (struct str){rest->p + 1, rest->n - 1};
    }
    size_t n = 0;
    while (n < rest->n && !is_separator(rest->p[n])) {
        n++;
    }
    *value = (struct str){rest->p, n};
    *rest = (struct str){rest->p + n, rest->n - n};
    return n > 0;
}
