/* Cells of a sheet of people; see people_sheet_cell.h. */
#include "coach/people_sheet_cell.h"

#include "base/utf8.h"
#include "coach/people_sheet_words.h"
#include "coach/roster_table.h"

#include <stdio.h>

/* Where the family name begins: at the last word, or at the first of the small words before it. */
static size_t family_start(struct str name)
{
    size_t start = name.n;
    while (start > 0 && name.p[start - 1] != ' ') {
        start--;
    }
    for (size_t at = start; at > 1;) {
        size_t end = at - 1; /* the blank */
        size_t word = end;
        while (word > 0 && name.p[word - 1] != ' ') {
            word--;
        }
        bool small = word < end && name.p[word] >= 'a' && name.p[word] <= 'z';
        if (!small || word == 0) {
            break;
        }
        start = at = word;
    }
    return start;
}

void people_sheet_cell_name(struct str name, struct str *given, struct str *family)
{
    name = utf8_trim(name);
    const char *comma = name.n > 0 ? memchr(name.p, ',', name.n) : NULL;
    if (comma) {
        size_t n = (size_t)(comma - name.p);
        *family = utf8_trim((struct str){name.p, n});
        *given = utf8_trim((struct str){comma + 1, name.n - n - 1});
        return;
    }
    size_t start = family_start(name);
    *given = utf8_trim((struct str){name.p, start});
    *family = (struct str){name.p + start, name.n - start};
    if (start == 0) {
        *given = *family;
        *family = (struct str){"", 0};
    }
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Two or three letters, then parts of two to eight letters or digits (BCP 47). */
static bool is_code(struct str text)
{
    size_t at = 0;
    while (at < text.n && is_letter(text.p[at])) {
        at++;
    }
    if (at < 2 || at > 3 || text.n >= PEOPLE_SHEET_CODE) {
        return false;
    }
    while (at < text.n) {
        size_t n = 0;
        if (text.p[at++] != '-') {
            return false;
        }
        while (at < text.n && (is_letter(text.p[at]) || is_digit(text.p[at]))) {
            at++;
            n++;
        }
        if (n < 2 || n > 8) {
            return false;
        }
    }
    return true;
}

static char small_letter(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static char capital_letter(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

/* "en_gb" as "en-GB", "zh-hant" as "zh-Hant". */
static void write_code(struct str text, char code[PEOPLE_SHEET_CODE])
{
    size_t part = 0, length = 0;
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '-') {
            part = i + 1;
        }
        length = 0;
        for (size_t k = part; k < text.n && text.p[k] != '-'; k++) {
            length++;
        }
        bool capital = part > 0 && (length == 2 || (length == 4 && i == part));
        code[i] = capital ? capital_letter(text.p[i]) : small_letter(text.p[i]);
    }
    code[text.n] = '\0';
}

bool people_sheet_cell_language(struct str text, char code[PEOPLE_SHEET_CODE])
{
    char folded[UTF8_MAX_FORM], dashed[PEOPLE_SHEET_CODE];
    if (text.n > UTF8_MAX_TEXT) {
        return false;
    }
    const char *known = people_sheet_words_language(roster_table_fold(text, folded));
    if (known) {
        snprintf(code, PEOPLE_SHEET_CODE, "%s", known);
        return true;
    }
    if (text.n >= sizeof dashed) {
        return false;
    }
    for (size_t i = 0; i < text.n; i++) {
        dashed[i] = text.p[i] == '_' ? '-' : text.p[i];
    }
    struct str form = {dashed, text.n};
    if (!is_code(form)) {
        return false;
    }
    write_code(form, code);
    return true;
}

/* A number of one or two digits at *at, or -1. */
static int take_number(struct str text, size_t *at)
{
    int number = -1;
    for (int n = 0; *at < text.n && is_digit(text.p[*at]) && n < 2; n++) {
        number = (number < 0 ? 0 : number * 10) + (text.p[(*at)++] - '0');
    }
    return number;
}

/* The weekday at *at, if a word stands there; false: a word that is none. */
static bool take_weekday(struct str text, size_t *at, int *day)
{
    char folded[UTF8_MAX_FORM];
    size_t start = *at;
    while (*at < text.n && !is_digit(text.p[*at]) && !strchr(" .:-", text.p[*at])) {
        (*at)++;
    }
    struct str word = {text.p + start, *at - start};
    if (word.n > 0) {
        *day = people_sheet_words_weekday(roster_table_fold(word, folded));
    }
    while (*at < text.n && strchr(" .:-", text.p[*at])) {
        (*at)++;
    }
    return word.n == 0 || *day >= 0;
}

bool people_sheet_cell_periods(struct people_sheet_periods *periods, struct str text,
                               bool (*each)(void *ctx, const char *period), void *ctx)
{
    static const char *const days[PROFILE_DAYS] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
    size_t at = 0;
    if (text.n > UTF8_MAX_TEXT || !take_weekday(text, &at, &periods->day) || periods->day < 0) {
        return false;
    }
    int first = take_number(text, &at), last = first;
    if (at < text.n && text.p[at] == '-') {
        at++;
        last = take_number(text, &at);
    }
    if (at != text.n || first < 1 || last < first || last > PROFILE_PERIODS) {
        return false;
    }
    for (int k = first; k <= last; k++) {
        char period[16];
        snprintf(period, sizeof period, "%s-%d", days[periods->day], k);
        if (!each(ctx, period)) {
            return false;
        }
    }
    return true;
}
