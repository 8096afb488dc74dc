/* Calendars as other programs read them: iCalendar (RFC 5545), invitations and cancellations by
 * mail (RFC 5546), properties of whole calendars (RFC 7986).  Pure.
 *
 *     const struct calendar calendar = {.method = CALENDAR_REQUEST, .events = &event, .n = 1};
 *     err = calendar_write(&buf, &calendar);
 *
 * What is kept to, because Google, Outlook and Apple want it
 *  - METHOD stands in the text, and the mail says the same in its Content-Type
 *    (calendar_method_word); a mail has one event.
 *  - ORGANIZER is the address that the mail comes from; each attendee has ROLE, PARTSTAT and RSVP.
 *  - UID stays the same for all of an event's life, SEQUENCE grows with each change of time or
 *    place, a cancellation has a higher one than what it cancels.
 *  - Times are UTC, so that no time zone has to be described.
 *  - Lines end in CR LF and have at most 75 bytes; they are folded between characters.
 *
 * Texts may be anything in UTF-8: what means something in the format is escaped, control characters
 * are left out (in a text, a line end is kept).  Names stand in parameters, whose own escapes (RFC
 * 6868) few programs read: a double quote becomes an apostrophe there, a backslash a slash, and a
 * circumflex is left out. */
#ifndef DUET_COACH_CALENDAR_H
#define DUET_COACH_CALENDAR_H

#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;

#define CALENDAR_LINE 75 /* bytes of a line without its end */

enum calendar_method {
    CALENDAR_FEED,    /* a calendar to subscribe to: no METHOD, no attendees */
    CALENDAR_REQUEST, /* an invitation, or its update */
    CALENDAR_CANCEL,
    CALENDAR_METHOD__MAX
};

enum calendar_answer {
    CALENDAR_UNKNOWN,
    CALENDAR_ACCEPTED,
    CALENDAR_DECLINED,
    CALENDAR_ANSWER__MAX
};

struct calendar_person {
    struct str name;  /* may be empty */
    struct str email; /* ASCII: one @, none of blanks and signs that the format uses */
    enum calendar_answer answer;
};

struct calendar_event {
    struct str uid; /* letters, digits, '-', '.', '@' */
    int64_t sequence;
    int64_t stamp_ms; /* REQUEST, CANCEL: when it was written; FEED: when it last changed */
    int64_t created_ms, changed_ms; /* 0: not said */
    int64_t starts_ms, ends_ms;
    struct str summary;
    struct str place, description, url; /* may be empty */
    bool cancelled;                     /* in a FEED */
    struct calendar_person organizer;   /* FEED: not written */
    const struct calendar_person *attendees;
    size_t n_attendees;
};

struct calendar {
    enum calendar_method method;
    struct str name; /* of a feed; may be empty */
    const struct calendar_event *events;
    size_t n; /* exactly one, unless FEED */
};

/* "REQUEST", "CANCEL"; "PUBLISH" for a feed. */
const char *calendar_method_word(enum calendar_method method);

/* Appends the calendar.  ERR_INVALID: a text is not UTF-8, an address or a UID is not one, an event
 * ends before it starts; else what the buffer says. */
MUST_CHECK enum err calendar_write(struct buf *buf, const struct calendar *calendar);

#endif
