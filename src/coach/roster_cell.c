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

/* One to `most` digits from *at on, or -1. */
static int32_t take_digits(struct str text, size_t *at, size_t most)
{
    int32_t number = 0;
    size_t n = 0;
    for (; *at < text.n && is_digit(text.p[*at]) && n < most; n++) {
        number = number * 10 + (text.p[(*at)++] - '0');
    }
    return n > 0 ? number : -1;
}

/* D.M.YYYY or YYYY/M/D; false: written otherwise. */
static bool take_date(struct str text, struct day_date *date)
{
    size_t at = 0;
    bool year_first = text.n > 4 && text.p[4] == '/';
    char between = year_first ? '/' : '.';
    int32_t part[3];
    for (int k = 0; k < 3; k++) {
        bool year = k == (year_first ? 0 : 2);
        size_t from = at;
        part[k] = take_digits(text, &at, year ? 4 : 2);
        bool ends = k == 2 ? at == text.n : at < text.n && text.p[at] == between;
        if (part[k] < 0 || !ends || (year && at - from != 4)) {
            return false;
        }
        at++;
    }
    *date = year_first ? (struct day_date){part[0], part[1], part[2]}
                       : (struct day_date){part[2], part[1], part[0]};
    return true;
}

enum roster_date roster_cell_date(struct str text, int32_t *day)
{
    const size_t n = DAY_TEXT_SIZE - 1;
    struct day_date date;
    if (text.n > n && (text.p[n] == 'T' || text.p[n] == ' ')) {
        for (size_t i = n + 1; i < text.n; i++) {
            if (!is_digit(text.p[i]) && !strchr(":.+-Z", text.p[i])) {
                return ROSTER_DATE_FORM;
            }
        }
        text.n = n;
    }
    int32_t found;
    enum err err = take_date(text, &date) ? day_of_date(date, &found) : day_parse(text, &found);
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

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool is_separator(char c)
{
    return c != '\0' && strchr("\r\n;|,", c);
}

struct roster_cell_list roster_cell_list(struct str text)
{
    struct roster_cell_list list = {text, true};
    for (size_t i = 0; i < text.n; i++) {
        list.blanks = list.blanks && !is_separator(text.p[i]);
    }
    return list;
}

bool roster_cell_next_value(struct roster_cell_list *list, struct str *value)
{
    struct str *rest = &list->rest;
    while (rest->n > 0 && (is_separator(rest->p[0]) || is_blank(rest->p[0]))) {
        *rest = (struct str){rest->p + 1, rest->n - 1};
    }
    size_t n = 0, length;
    while (n < rest->n && !(list->blanks ? is_blank(rest->p[n]) : is_separator(rest->p[n]))) {
        n++;
    }
    length = n;
    while (length > 0 && is_blank(rest->p[length - 1])) {
        length--;
    }
    *value = (struct str){rest->p, length};
    *rest = (struct str){rest->p + n, rest->n - n};
    return length > 0;
}

bool roster_cell_splits_number(struct str text)
{
    struct roster_cell_list list = roster_cell_list(text);
    struct str value;
    int numbers = 0, words = 0;
    while (list.blanks && roster_cell_next_value(&list, &value)) {
        size_t i = 0;
        while (i < value.n && is_digit(value.p[i])) {
            i++;
        }
        numbers += i == value.n;
        words += i < value.n;
    }
    return numbers > 0 && words > 0;
}
