/* Reading a timetable. */
#include "coach/timetable.h"

/* "8:30" at the beginning of the text, which is moved past it. */
static bool read_time(struct str *text, int32_t *minute)
{
    int32_t part[2] = {0, 0}, digits[2] = {0, 0};
    int at = 0;
    size_t i = 0;
    for (; i < text->n; i++) {
        char c = text->p[i];
        if (c == ':' && at == 0) {
            at = 1;
        } else if (c >= '0' && c <= '9' && digits[at] < 2) {
            part[at] = 10 * part[at] + (c - '0');
            digits[at]++;
        } else {
            break;
        }
    }
    *text = (struct str){text->p + i, text->n - i};
    *minute = 60 * part[0] + part[1];
    return digits[0] > 0 && digits[1] == 2 && part[0] < 24 && part[1] < 60;
}

static bool is_blank(char c)
{
    return c == ' ' || c == ',' || c == ';';
}

static void skip_blanks(struct str *text)
{
    while (text->n && is_blank(text->p[0])) {
        *text = (struct str){text->p + 1, text->n - 1};
    }
}

bool timetable_read(struct str text, struct timetable *timetable)
{
    int32_t last = 0;
    timetable->n = 0;
    skip_blanks(&text);
    while (text.n) {
        int32_t from, until;
        if (timetable->n == PROFILE_PERIODS || !read_time(&text, &from) || !text.n ||
            text.p[0] != '-') {
            return false;
        }
        text = (struct str){text.p + 1, text.n - 1};
        if (!read_time(&text, &until) || from < last || until <= from ||
            (text.n && !is_blank(text.p[0]))) {
            return false;
        }
        timetable->periods[timetable->n].from = from;
        timetable->periods[timetable->n].until = last = until;
        timetable->n++;
        skip_blanks(&text);
    }
    return true;
}
