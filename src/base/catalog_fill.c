/* Placeholders of texts, and numbers and days in the words of a language. */
#include "base/catalog.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/day.h"

#define FILL_MAX (64u << 10) /* bytes of a filled text */
#define FEW_DAYS 14          /* up to here days are counted, then weeks */
#define FEW_WEEKS 8

static bool is_name(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

/* The length of a placeholder that begins here, with its braces; 0: none does. */
static size_t slot_length(struct str text)
{
    size_t at = 1;
    if (text.n < 3 || text.p[0] != '{') {
        return 0;
    }
    if (text.p[at] == '/') {
        at++;
    }
    size_t from = at;
    while (at < text.n && is_name(text.p[at])) {
        at++;
    }
    return at > from && at < text.n && text.p[at] == '}' ? at + 1 : 0;
}

bool catalog_next_slot(struct str text, struct str *before, struct str *name, struct str *rest)
{
    for (size_t at = 0; at < text.n; at++) {
        const char *brace = memchr(text.p + at, '{', text.n - at);
        if (!brace) {
            break;
        }
        at = (size_t)(brace - text.p);
        size_t n = slot_length((struct str){brace, text.n - at});
        if (n > 0) {
            *before = (struct str){text.p, at};
            *name = (struct str){text.p + at + 1, n - 2};
            *rest = (struct str){text.p + at + n, text.n - at - n};
            return true;
        }
    }
    *before = text;
    return false;
}

static void add_value(struct buf *buf, struct str name, const struct catalog_value *values,
                      size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (!str_is(name, values[i].name)) {
            continue;
        }
        if (values[i].kind == CATALOG_VALUE_INT) {
            buf_add_int(buf, values[i].number);
        } else {
            buf_add(buf, values[i].text);
        }
        return;
    }
    buf_add(buf, (struct str){name.p - 1, name.n + 2}); /* with its braces */
}

struct str catalog_fill_of(struct arena *arena, struct str text, const struct catalog_value *values,
                           size_t n)
{
    struct buf buf;
    struct str before, name, rest = text, filled;
    buf_init(&buf, arena, FILL_MAX);
    while (catalog_next_slot(rest, &before, &name, &rest)) {
        buf_add(&buf, before);
        add_value(&buf, name, values, n);
    }
    buf_add(&buf, before);
    return buf_end(&buf, &filled) ? text : filled;
}

void catalog_add_number(struct buf *buf, const struct catalog *catalog, double value, int decimals)
{
    size_t from = buf->n;
    struct str sign = catalog_decimal(catalog);
    buf_add_fixed(buf, value, decimals);
    char *point = buf->err ? NULL : memchr(buf->p + from, '.', buf->n - from);
    if (point && sign.n == 1) {
        *point = sign.p[0];
    }
}

static const char *const months[12] = {
    N_("January"), N_("February"), N_("March"),     N_("April"),   N_("May"),      N_("June"),
    N_("July"),    N_("August"),   N_("September"), N_("October"), N_("November"), N_("December"),
};

static const char *const short_months[12] = {
    NX_("short", "Jan"), NX_("short", "Feb"), NX_("short", "Mar"), NX_("short", "Apr"),
    NX_("short", "May"), NX_("short", "Jun"), NX_("short", "Jul"), NX_("short", "Aug"),
    NX_("short", "Sep"), NX_("short", "Oct"), NX_("short", "Nov"), NX_("short", "Dec"),
};

static const char *const weekdays[7] = {
    N_("Monday"), N_("Tuesday"),  N_("Wednesday"), N_("Thursday"),
    N_("Friday"), N_("Saturday"), N_("Sunday"),
};

struct str catalog_weekday(const struct catalog *catalog, int weekday)
{
    return catalog_text(catalog, weekdays[((weekday - 1) % 7 + 7) % 7]);
}

struct str catalog_day(struct arena *arena, const struct catalog *catalog, int32_t day,
                       enum catalog_day_style style)
{
    struct day_date date = day_date(day);
    const char *month = months[date.month - 1];
    const char *brief = short_months[date.month - 1];
    struct str pattern;
    switch (style) {
    case CATALOG_DAY_SHORT:
        return catalog_fill(arena, catalog_context(catalog, "short date", "{day} {month}"),
                            CATALOG_INT("day", date.day),
                            CATALOG_TEXT("month", catalog_context(catalog, "short", brief)));
    case CATALOG_DAY_WEEKDAY:
        pattern = catalog_text(catalog, "{weekday} {day} {month}");
        break;
    case CATALOG_DAY_LONG:
    default:
        pattern = catalog_text(catalog, "{day} {month} {year}");
        break;
    }
    int weekday = (int)(((int64_t)day % 7 + 7 + 3) % 7) + 1; /* day 0 was a Thursday */
    return catalog_fill(arena, pattern, CATALOG_INT("day", date.day),
                        CATALOG_TEXT("month", catalog_text(catalog, month)),
                        CATALOG_INT("year", date.year),
                        CATALOG_TEXT("weekday", catalog_weekday(catalog, weekday)));
}

struct str catalog_day_from(struct arena *arena, const struct catalog *catalog, int32_t day,
                            int32_t today)
{
    int64_t ahead = (int64_t)day - today, size = ahead < 0 ? -ahead : ahead;
    struct str text;
    if (size == 0) {
        return catalog_text(catalog, "today");
    }
    if (size == 1) {
        return ahead > 0 ? catalog_text(catalog, "tomorrow") : catalog_text(catalog, "yesterday");
    }
    if (size > 7 * FEW_WEEKS) {
        return catalog_day(arena, catalog, day, CATALOG_DAY_LONG);
    }
    if (size < FEW_DAYS) {
        text = ahead > 0 ? catalog_plural(catalog, "in {n} day", "in {n} days", size)
                         : catalog_plural(catalog, "{n} day ago", "{n} days ago", size);
        return catalog_fill(arena, text, CATALOG_INT("n", size));
    }
    size /= 7;
    text = ahead > 0 ? catalog_plural(catalog, "in {n} week", "in {n} weeks", size)
                     : catalog_plural(catalog, "{n} week ago", "{n} weeks ago", size);
    return catalog_fill(arena, text, CATALOG_INT("n", size));
}
