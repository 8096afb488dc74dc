/* A meeting as an event of a calendar. */
#include "coach/meetings_calendar.h"

#include "base/arena.h"
#include "base/buf.h"
#include "coach/coach.h"

#include <inttypes.h>

#define TEXT 4000                  /* bytes of one text */
#define FEED_MAX ((size_t)4 << 20) /* bytes of a feed */

/* "https://duet.example.org/meetings/12"; empty without a base. */
static enum err write_url(struct arena *arena, struct str base_url, int64_t id, struct str *url)
{
    struct buf buf;
    *url = (struct str){"", 0};
    if (base_url.n == 0) {
        return ERR_OK;
    }
    buf_init(&buf, arena, TEXT);
    buf_add(&buf, base_url);
    buf_addf(&buf, "/meetings/%" PRId64, id);
    return buf_end(&buf, url);
}

enum err meetings_event(struct arena *arena, const struct catalog *catalog,
                        const struct meeting *meeting, struct str base_url,
                        struct calendar_event *event)
{
    struct buf uid;
    struct str with = catalog_fill(arena, catalog_text(catalog, N_("Meeting with {name}")),
                                   CATALOG_TEXT("name", meeting->others));
    *event = (struct calendar_event){
        .sequence = meeting->sequence,
        .stamp_ms = meeting->changed_ms,
        .created_ms = meeting->created_ms,
        .changed_ms = meeting->changed_ms,
        .starts_ms = meeting->starts_ms,
        .ends_ms = meeting->starts_ms + meeting->minutes * COACH_MINUTE_MS,
        .summary = meeting->subject.n ? meeting->subject : with,
        .place = meeting->place,
        .description = with,
        .cancelled = meeting->state == MEETING_CANCELLED,
    };
    buf_init(&uid, arena, TEXT);
    buf_add(&uid, meeting->uid);
    buf_add_text(&uid, "@duet");
    enum err err = write_url(arena, base_url, meeting->id, &event->url);
    return err ? err : buf_end(&uid, &event->uid);
}

enum err meetings_invitation(struct arena *arena, const struct catalog *catalog,
                             const struct meeting *meeting, struct str base_url,
                             const struct calendar_person *organizer,
                             const struct calendar_person *reader, int64_t now_ms,
                             enum calendar_method *method, struct str *text)
{
    struct calendar_event event;
    struct buf buf;
    enum err err = meetings_event(arena, catalog, meeting, base_url, &event);
    if (err) {
        return err;
    }
    *method = event.cancelled ? CALENDAR_CANCEL : CALENDAR_REQUEST;
    event.stamp_ms = now_ms;
    event.organizer = *organizer;
    event.attendees = reader;
    event.n_attendees = 1;
    const struct calendar calendar = {.method = *method, .events = &event, .n = 1};
    buf_init(&buf, arena, FEED_MAX);
    err = calendar_write(&buf, &calendar);
    return err ? err : buf_end(&buf, text);
}

enum err meetings_feed(struct arena *arena, const struct catalog *catalog,
                       const struct meeting_list *list, struct str base_url, struct str *text)
{
    struct calendar_event *events = arena_alloc(arena, list->n, sizeof *events);
    struct buf buf;
    enum err err = events ? ERR_OK : ERR_NOMEM;
    for (size_t i = 0; i < list->n && !err; i++) {
        err = meetings_event(arena, catalog, &list->items[i], base_url, &events[i]);
    }
    const struct calendar calendar = {.method = CALENDAR_FEED,
                                      .name = catalog_text(catalog, N_("Duet: my meetings")),
                                      .events = events,
                                      .n = list->n};
    buf_init(&buf, arena, FEED_MAX);
    err = err ? err : calendar_write(&buf, &calendar);
    return err ? err : buf_end(&buf, text);
}
