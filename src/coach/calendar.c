/* Writing iCalendar: a line at a time, folded as it is written. */
#include "coach/calendar.h"

#include "base/buf.h"
#include "base/day.h"
#include "base/utf8.h"

#include <assert.h>
#include <stdio.h>

#define LINE_END "\r\n"
#define DAY_MS INT64_C(86400000)

/* One content line; `column` counts the bytes since the last line end. */
struct writer {
    struct buf *buf;
    size_t column;
    bool wrong; /* a text was not UTF-8 */
};

/* Bytes of one character, which stay together. */
static void put(struct writer *w, struct str one)
{
    if (w->column + one.n > CALENDAR_LINE) {
        buf_add_text(w->buf, LINE_END " ");
        w->column = 1;
    }
    buf_add(w->buf, one);
    w->column += one.n;
}

static void put_word(struct writer *w, const char *word)
{
    for (; *word; word++) {
        put(w, (struct str){word, 1});
    }
}

static void end_line(struct writer *w)
{
    buf_add_text(w->buf, LINE_END);
    w->column = 0;
}

/* How a character is written: as it is (NULL), as another text, or not at all (""). */
typedef const char *escape_fn(int32_t c);

static const char *in_text(int32_t c)
{
    switch (c) {
    case '\\':
        return "\\\\";
    case ';':
        return "\\;";
    case ',':
        return "\\,";
    case '\n':
        return "\\n";
    case '\t':
        return NULL;
    default:
        return c < ' ' || c == 0x7f ? "" : NULL;
    }
}

/* Between double quotes in a parameter. */
static const char *in_quotes(int32_t c)
{
    switch (c) {
    case '^':
        return "";
    case '"':
        return "'";
    case '\\':
        return "/";
    case '\n':
        return " ";
    default:
        return c < ' ' || c == 0x7f ? "" : NULL;
    }
}

static const char *as_is(int32_t c)
{
    return c <= ' ' || c == 0x7f ? "" : NULL;
}

static void put_escaped(struct writer *w, struct str text, escape_fn *escape)
{
    while (text.n) {
        int32_t c;
        size_t n = utf8_next(text, &c);
        if (n == 0) {
            w->wrong = true;
            return;
        }
        const char *other = escape(c);
        if (other) {
            /* an escape and what it escapes stay on one line */
            if (*other) {
                put(w, str_of(other));
            }
        } else {
            put(w, (struct str){text.p, n});
        }
        text = (struct str){text.p + n, text.n - n};
    }
}

/* ---- properties ---- */

static void put_property(struct writer *w, const char *name, const char *value)
{
    put_word(w, name);
    put_word(w, ":");
    put_word(w, value);
    end_line(w);
}

/* Nothing when the text is empty. */
static void put_text(struct writer *w, const char *name, struct str text)
{
    if (text.n) {
        put_word(w, name);
        put_word(w, ":");
        put_escaped(w, text, in_text);
        end_line(w);
    }
}

/* "DTSTART:20261126T013000Z" */
static void put_time(struct writer *w, const char *name, int64_t at_ms)
{
    char text[40];
    int64_t day = at_ms / DAY_MS - (at_ms % DAY_MS < 0);
    int second = (int)((at_ms - day * DAY_MS) / 1000);
    struct day_date date = day_date((int32_t)day);
    int n = snprintf(text, sizeof text, "%04d%02d%02dT%02d%02d%02dZ", (int)date.year,
                     (int)date.month, (int)date.day, second / 3600, second / 60 % 60, second % 60);
    assert(n > 0 && (size_t)n < sizeof text);
    put_property(w, name, text);
}

static void put_person(struct writer *w, const char *name, const struct calendar_person *person,
                       const char *parameters)
{
    put_word(w, name);
    put_word(w, parameters);
    if (person->name.n) {
        put_word(w, ";CN=\"");
        put_escaped(w, person->name, in_quotes);
        put_word(w, "\"");
    }
    put_word(w, ":mailto:");
    for (size_t i = 0; i < person->email.n; i++) {
        put(w, (struct str){person->email.p + i, 1});
    }
    end_line(w);
}

/* ---- what is refused ---- */

/* ASCII with one @ inside, and nothing that an address in a line must not have. */
static bool is_address(struct str email)
{
    size_t ats = 0;
    for (size_t i = 0; i < email.n; i++) {
        unsigned char c = (unsigned char)email.p[i];
        ats += c == '@' && i > 0 && i + 1 < email.n;
        if (c <= ' ' || c >= 0x7f || strchr("\"<>()[],;:\\%?", c)) {
            return false;
        }
    }
    return ats == 1;
}

static bool is_uid(struct str uid)
{
    for (size_t i = 0; i < uid.n; i++) {
        char c = uid.p[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!plain && !(c && strchr("-.@", c))) {
            return false;
        }
    }
    return uid.n > 0 && uid.n <= 255;
}

static bool is_right(const struct calendar_event *event, enum calendar_method method)
{
    bool right = is_uid(event->uid) && event->sequence >= 0 && event->ends_ms >= event->starts_ms;
    if (method == CALENDAR_FEED) {
        return right;
    }
    right = right && is_address(event->organizer.email) && event->n_attendees > 0;
    for (size_t i = 0; i < event->n_attendees && right; i++) {
        right = is_address(event->attendees[i].email);
    }
    return right;
}

/* ---- events ---- */

static void put_attendees(struct writer *w, const struct calendar_event *event,
                          enum calendar_method method)
{
    static const char *const asked[CALENDAR_ANSWER__MAX] = {
        [CALENDAR_UNKNOWN] = ";CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;"
                             "RSVP=TRUE",
        [CALENDAR_ACCEPTED] = ";CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;"
                              "RSVP=FALSE",
        [CALENDAR_DECLINED] = ";CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=DECLINED;"
                              "RSVP=FALSE",
    };
    for (size_t i = 0; i < event->n_attendees; i++) {
        const struct calendar_person *person = &event->attendees[i];
        put_person(w, "ATTENDEE", person,
                   method == CALENDAR_CANCEL ? ";CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT"
                                             : asked[person->answer]);
    }
}

static void put_event(struct writer *w, const struct calendar_event *event,
                      enum calendar_method method)
{
    bool cancelled = method == CALENDAR_CANCEL || (method == CALENDAR_FEED && event->cancelled);
    char sequence[24];
    int n = snprintf(sequence, sizeof sequence, "%lld", (long long)event->sequence);
    assert(n > 0 && (size_t)n < sizeof sequence);
    put_property(w, "BEGIN", "VEVENT");
    put_text(w, "UID", event->uid);
    put_property(w, "SEQUENCE", sequence);
    put_time(w, "DTSTAMP", event->stamp_ms);
    if (event->created_ms) {
        put_time(w, "CREATED", event->created_ms);
    }
    if (event->changed_ms) {
        put_time(w, "LAST-MODIFIED", event->changed_ms);
    }
    put_time(w, "DTSTART", event->starts_ms);
    put_time(w, "DTEND", event->ends_ms);
    put_text(w, "SUMMARY", event->summary);
    put_text(w, "LOCATION", event->place);
    put_text(w, "DESCRIPTION", event->description);
    if (event->url.n) {
        put_word(w, "URL:");
        put_escaped(w, event->url, as_is);
        end_line(w);
    }
    put_property(w, "STATUS", cancelled ? "CANCELLED" : "CONFIRMED");
    put_property(w, "TRANSP", cancelled ? "TRANSPARENT" : "OPAQUE");
    put_property(w, "CLASS", "PRIVATE");
    if (method != CALENDAR_FEED) {
        put_person(w, "ORGANIZER", &event->organizer, "");
        put_attendees(w, event, method);
    }
    put_property(w, "END", "VEVENT");
}

const char *calendar_method_word(enum calendar_method method)
{
    static const char *const words[CALENDAR_METHOD__MAX] = {
        [CALENDAR_FEED] = "PUBLISH", [CALENDAR_REQUEST] = "REQUEST", [CALENDAR_CANCEL] = "CANCEL"};
    return words[method];
}

enum err calendar_write(struct buf *buf, const struct calendar *calendar)
{
    struct writer w = {.buf = buf};
    struct str all;
    if (calendar->method != CALENDAR_FEED && calendar->n != 1) {
        return ERR_INVALID;
    }
    for (size_t i = 0; i < calendar->n; i++) {
        if (!is_right(&calendar->events[i], calendar->method)) {
            return ERR_INVALID;
        }
    }
    put_property(&w, "BEGIN", "VCALENDAR");
    put_property(&w, "VERSION", "2.0");
    put_property(&w, "PRODID", "-//Duet//Duet//EN");
    put_property(&w, "CALSCALE", "GREGORIAN");
    if (calendar->method == CALENDAR_FEED) {
        put_text(&w, "NAME", calendar->name);
        put_text(&w, "X-WR-CALNAME", calendar->name);
        put_property(&w, "REFRESH-INTERVAL;VALUE=DURATION", "PT1H");
        put_property(&w, "X-PUBLISHED-TTL", "PT1H");
    } else {
        put_property(&w, "METHOD", calendar_method_word(calendar->method));
    }
    for (size_t i = 0; i < calendar->n; i++) {
        put_event(&w, &calendar->events[i], calendar->method);
    }
    put_property(&w, "END", "VCALENDAR");
    return w.wrong ? ERR_INVALID : buf_end(buf, &all);
}
