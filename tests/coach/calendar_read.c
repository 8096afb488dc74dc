/* One calendar as libical reads it, for tests/browser/mail.t.mjs: from the standard input, as JSON;
 * "sound" says that it finds nothing against the rules of RFC 5545 and 5546. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/json_writer.h"

#include <libical/ical.h>
#include <stdio.h>

#define MOST 100000 /* bytes of a calendar */

static void number(struct json_writer *json, const char *key, int64_t value)
{
    json_writer_key(json, key);
    json_writer_int(json, value);
}

static void word(struct json_writer *json, const char *key, const char *value)
{
    json_writer_key(json, key);
    json_writer_text(json, str_of(value ? value : ""));
}

static void write(struct json_writer *json, icalcomponent *root)
{
    icalcomponent *event = icalcomponent_get_first_component(root, ICAL_VEVENT_COMPONENT);
    icalproperty *who = icalcomponent_get_first_property(event, ICAL_ATTENDEE_PROPERTY);
    icalparameter *asked = who ? icalproperty_get_first_parameter(who, ICAL_RSVP_PARAMETER) : NULL;
    json_writer_object(json);
    number(json, "sound", icalrestriction_check(root) && icalcomponent_count_errors(root) == 0);
    number(json, "events", icalcomponent_count_components(root, ICAL_VEVENT_COMPONENT));
    word(json, "method", icalproperty_method_to_string(icalcomponent_get_method(root)));
    word(json, "uid", icalcomponent_get_uid(event));
    number(json, "sequence", icalcomponent_get_sequence(event));
    number(json, "starts", (int64_t)icaltime_as_timet(icalcomponent_get_dtstart(event)) * 1000);
    word(json, "summary", icalcomponent_get_summary(event));
    word(json, "place", icalcomponent_get_location(event));
    word(json, "attendee", who ? icalproperty_get_attendee(who) : NULL);
    number(json, "rsvp", asked && icalparameter_get_rsvp(asked) == ICAL_RSVP_TRUE);
    json_writer_end_object(json);
}

int main(void)
{
    static char text[MOST + 1];
    struct arena *arena = arena_new(0);
    struct buf buf;
    struct str all;
    size_t n = fread(text, 1, MOST, stdin);
    text[n] = '\0';
    icalcomponent *root = icalparser_parse_string(text);
    if (!arena || !root || !icalcomponent_get_first_component(root, ICAL_VEVENT_COMPONENT)) {
        fputs("this is no calendar with an event\n", stderr);
        return 1;
    }
    buf_init(&buf, arena, 2 * MOST);
    struct json_writer json = json_writer_begin(&buf);
    write(&json, root);
    if (buf_end(&buf, &all)) {
        return 1;
    }
    printf("%.*s\n", (int)all.n, all.p);
    icalcomponent_free(root);
    arena_free(arena);
    return 0;
}
