/* Meetings as calendars have them, in words of a language. */
#ifndef DUET_COACH_MEETINGS_CALENDAR_H
#define DUET_COACH_MEETINGS_CALENDAR_H

#include "base/catalog.h"
#include "base/err.h"
#include "coach/calendar.h"
#include "coach/meetings.h"

struct arena;

/* A settled or cancelled meeting.  The summary is its subject, or "Meeting with {name}"; the
 * description names the others and leads to its page.  `base_url` may be empty.  Texts live in
 * `arena`; organizer and attendees are left to the caller. */
MUST_CHECK enum err meetings_event(struct arena *arena, const struct catalog *catalog,
                                   const struct meeting *meeting, struct str base_url,
                                   struct calendar_event *event);

/* The text of a calendar with one meeting for the one who reads it: an invitation, or, when it is
 * cancelled, a cancellation.  `organizer`: the sender's address. */
MUST_CHECK enum err meetings_invitation(struct arena *arena, const struct catalog *catalog,
                                        const struct meeting *meeting, struct str base_url,
                                        const struct calendar_person *organizer,
                                        const struct calendar_person *reader, int64_t now_ms,
                                        enum calendar_method *method, struct str *text);

/* The text of a feed. */
MUST_CHECK enum err meetings_feed(struct arena *arena, const struct catalog *catalog,
                                  const struct meeting_list *list, struct str base_url,
                                  struct str *text);

#endif
