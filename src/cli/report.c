/* The plain sentences, facts and warnings that the commands print. */
#include "cli/report.h"

#include "base/day.h"
#include "cli/text.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define REPORT_LABEL 20
#define REPORT_MAX_TEXT 2000
#define REPORT_MAX_WIDTH 100 /* longer lines are tiring to read */

struct report_text report_count(int64_t n)
{
    char digits[32];
    struct report_text out;
    size_t at = 0, length;
    snprintf(digits, sizeof digits, "%" PRId64, n < 0 ? -n : n);
    length = strlen(digits);
    if (n < 0) {
        out.text[at++] = '-';
    }
    for (size_t i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0) {
            out.text[at++] = ',';
        }
        out.text[at++] = digits[i];
    }
    out.text[at] = '\0';
    return out;
}

struct report_text report_many(int64_t n, const char *one, const char *many)
{
    struct report_text out;
    snprintf(out.text, sizeof out.text, "%.31s %.31s", report_count(n).text, n == 1 ? one : many);
    return out;
}

struct report_text report_date(int32_t day)
{
    struct report_text out;
    day_write(day, out.text);
    return out;
}

void report_heading(FILE *out, const struct term *term, const char *title)
{
    fprintf(out, "\n%s%s%s\n", term_style(term, TERM_BOLD), title, term_style(term, TERM_PLAIN));
}

/* Wraps `text` to the width, each line behind `indent` columns, the first of which stand there
 * already when `begun`. */
static void wrap(FILE *out, const struct term *term, int indent, bool begun, const char *text)
{
    int width = term->width < REPORT_MAX_WIDTH ? term->width : REPORT_MAX_WIDTH;
    struct str rest = str_of(text);
    width = width - indent < 20 ? 20 : width - indent;
    do {
        struct str line = text_line(&rest, width);
        fprintf(out, "%*s%.*s\n", begun ? 0 : indent, "", (int)line.n, line.p);
        begun = false;
    } while (rest.n > 0);
}

void report_fact(FILE *out, const struct term *term, const char *label, const char *fmt, ...)
{
    char text[REPORT_MAX_TEXT];
    va_list list;
    va_start(list, fmt);
    vsnprintf(text, sizeof text, fmt, list);
    va_end(list);
    fprintf(out, "  %s", term_style(term, TERM_DIM));
    text_print_field(out, str_of(label), REPORT_LABEL - 2, false);
    fprintf(out, "%s", term_style(term, TERM_PLAIN));
    wrap(out, term, REPORT_LABEL, true, text);
}

void report_paragraph(FILE *out, const struct term *term, int indent, const char *fmt, ...)
{
    char text[REPORT_MAX_TEXT];
    va_list list;
    va_start(list, fmt);
    vsnprintf(text, sizeof text, fmt, list);
    va_end(list);
    wrap(out, term, indent, false, text);
}

void report_warning(FILE *out, const struct term *term, const char *fmt, ...)
{
    char text[REPORT_MAX_TEXT];
    va_list list;
    va_start(list, fmt);
    vsnprintf(text, sizeof text, fmt, list);
    va_end(list);
    fprintf(out, "%s!%s ", term_style(term, TERM_WARN), term_style(term, TERM_PLAIN));
    wrap(out, term, 2, true, text);
}

void report_note(FILE *out, const struct term *term, const char *fmt, ...)
{
    char text[REPORT_MAX_TEXT];
    va_list list;
    va_start(list, fmt);
    vsnprintf(text, sizeof text, fmt, list);
    va_end(list);
    fprintf(out, "Note: ");
    wrap(out, term, 6, true, text);
}

enum status report_failure(enum status status, const char *fmt, ...)
{
    va_list list;
    va_start(list, fmt);
    fprintf(stderr, "duet: ");
    vfprintf(stderr, fmt, list);
    fprintf(stderr, "\n");
    va_end(list);
    return status;
}

enum status report_error(enum err code, const char *doing)
{
    static const char *const text[ERR__MAX] = {
        [ERR_NOMEM] = "out of memory",
        [ERR_INVALID] = "the input is malformed",
        [ERR_RANGE] = "a number is out of range",
        [ERR_LIMIT] = "a limit was reached",
        [ERR_IO] = "reading or writing failed",
        [ERR_NOT_FOUND] = "not found",
        [ERR_FORBIDDEN] = "the rules do not allow it",
        [ERR_CONFLICT] = "two wishes exclude each other",
        [ERR_REFUSED] = "a check said no",
    };
    return report_failure(command_status_of(code), "%s: %s", doing, text[code]);
}
