/* iCalendar against libical: what it reads is what was meant, and it finds nothing against the
 * rules of RFC 5546; lines and what is refused. */
#include "coach/calendar.h"
#include "base/utf8.h"
#include "calendar_test.h"
#include "tap.h"

#include <libical/ical.h>
#include <stdlib.h>

#define CASES 3000

static struct str write(struct arena *arena, const struct calendar *calendar, enum err *err)
{
    struct buf buf;
    struct str text = {"", 0};
    buf_init(&buf, arena, 1 << 20);
    *err = calendar_write(&buf, calendar);
    *err = *err ? *err : buf_end(&buf, &text);
    return text;
}

/* ---- lines ---- */

/* Whether every line ends in CR LF, is not longer than it may be, and has whole characters. */
static bool lines_are_right(struct str text)
{
    size_t from = 0, bad;
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '\n') {
            if (i == from || text.p[i - 1] != '\r') {
                return false;
            }
            struct str line = {text.p + from, i - 1 - from};
            if (line.n == 0 || line.n > CALENDAR_LINE || !utf8_is_valid(line, &bad)) {
                return false;
            }
            from = i + 1;
        } else if (text.p[i] == '\r' && (i + 1 == text.n || text.p[i + 1] != '\n')) {
            return false;
        }
    }
    return from == text.n;
}

/* ---- libical's opinion ---- */

static bool same(const char *read, struct str meant)
{
    return meant.n == 0 ? read == NULL
                        : read && strlen(read) == meant.n && memcmp(read, meant.p, meant.n) == 0;
}

static const char *text_of(icalcomponent *event, icalproperty_kind kind)
{
    icalproperty *p = icalcomponent_get_first_property(event, kind);
    icalvalue *value = p ? icalproperty_get_value(p) : NULL;
    return value ? icalvalue_get_text(value) : NULL;
}

static bool same_time(icalcomponent *event, icalproperty_kind kind, int64_t meant_ms)
{
    icalproperty *p = icalcomponent_get_first_property(event, kind);
    if (!p) {
        return meant_ms == 0;
    }
    struct icaltimetype t = icalvalue_get_datetime(icalproperty_get_value(p));
    return icaltime_is_utc(t) && icaltime_as_timet(t) == (time_t)(meant_ms / 1000);
}

static bool same_person(icalproperty *p, const struct calendar_person *meant)
{
    char address[300], name[CALENDAR_TEST_NAME];
    const char *value = icalvalue_get_caladdress(icalproperty_get_value(p));
    icalparameter *cn = icalproperty_get_first_parameter(p, ICAL_CN_PARAMETER);
    snprintf(address, sizeof address, "mailto:%.*s", (int)meant->email.n, meant->email.p);
    return value && strcmp(value, address) == 0 &&
           same(cn ? icalparameter_get_cn(cn) : NULL, calendar_test_name(meant->name, name));
}

static bool same_attendees(icalcomponent *event, const struct calendar_event *meant, bool cancel)
{
    static const icalparameter_partstat answers[CALENDAR_ANSWER__MAX] = {
        ICAL_PARTSTAT_NEEDSACTION, ICAL_PARTSTAT_ACCEPTED, ICAL_PARTSTAT_DECLINED};
    size_t n = 0;
    bool right = true;
    icalproperty *p = icalcomponent_get_first_property(event, ICAL_ATTENDEE_PROPERTY);
    for (; p; p = icalcomponent_get_next_property(event, ICAL_ATTENDEE_PROPERTY)) {
        icalparameter *status = icalproperty_get_first_parameter(p, ICAL_PARTSTAT_PARAMETER);
        if (n == meant->n_attendees) {
            return false;
        }
        const struct calendar_person *person = &meant->attendees[n++];
        right = right && same_person(p, person) &&
                (cancel ? !status
                        : status && icalparameter_get_partstat(status) == answers[person->answer]);
    }
    return right && n == meant->n_attendees;
}

static bool same_event(icalcomponent *event, const struct calendar_event *meant,
                       enum calendar_method method)
{
    bool cancelled = method == CALENDAR_CANCEL || (method == CALENDAR_FEED && meant->cancelled);
    icalproperty *organizer = icalcomponent_get_first_property(event, ICAL_ORGANIZER_PROPERTY);
    bool right = same(icalcomponent_get_uid(event), meant->uid) &&
                 icalcomponent_get_sequence(event) == meant->sequence &&
                 same(icalcomponent_get_summary(event), meant->summary) &&
                 same(icalcomponent_get_location(event), meant->place) &&
                 same(text_of(event, ICAL_DESCRIPTION_PROPERTY), meant->description) &&
                 same_time(event, ICAL_DTSTAMP_PROPERTY, meant->stamp_ms) &&
                 same_time(event, ICAL_DTSTART_PROPERTY, meant->starts_ms) &&
                 same_time(event, ICAL_DTEND_PROPERTY, meant->ends_ms) &&
                 same_time(event, ICAL_CREATED_PROPERTY, meant->created_ms) &&
                 same_time(event, ICAL_LASTMODIFIED_PROPERTY, meant->changed_ms) &&
                 icalcomponent_get_status(event) ==
                     (cancelled ? ICAL_STATUS_CANCELLED : ICAL_STATUS_CONFIRMED);
    if (method == CALENDAR_FEED) {
        return right && !organizer;
    }
    return right && organizer && same_person(organizer, &meant->organizer) &&
           same_attendees(event, meant, method == CALENDAR_CANCEL);
}

static bool same_calendar(const struct calendar *meant, struct str text)
{
    static const icalproperty_method methods[CALENDAR_METHOD__MAX] = {
        ICAL_METHOD_NONE, ICAL_METHOD_REQUEST, ICAL_METHOD_CANCEL};
    icalcomponent *root = icalparser_parse_string(text.p);
    size_t n = 0;
    if (!root || icalcomponent_isa(root) != ICAL_VCALENDAR_COMPONENT) {
        return false;
    }
    bool right = icalcomponent_get_method(root) == methods[meant->method] &&
                 icalcomponent_count_errors(root) == 0;
    icalcomponent *event = icalcomponent_get_first_component(root, ICAL_VEVENT_COMPONENT);
    for (; event; event = icalcomponent_get_next_component(root, ICAL_VEVENT_COMPONENT)) {
        right = right && n < meant->n && same_event(event, &meant->events[n], meant->method);
        n++;
    }
    if (meant->method != CALENDAR_FEED) { /* the rules of RFC 5546 for this method */
        right = right && icalrestriction_check(root) && icalcomponent_count_errors(root) == 0;
    }
    icalcomponent_free(root);
    return right && n == meant->n;
}

static void test_random(void)
{
    int n_lines = 0, n_same = 0, n_err = 0;
    for (uint64_t seed = 0; seed < CASES; seed++) {
        struct arena *arena = arena_new(0);
        struct calendar_test t;
        enum err err;
        calendar_test_make(arena, seed, &t);
        struct str text = write(arena, &t.calendar, &err);
        n_err += err != ERR_OK;
        n_lines += !lines_are_right(text);
        bool right = same_calendar(&t.calendar, text);
        if (!right && !n_same) {
            printf("# seed %d:\n%s", (int)seed, text.p);
        }
        n_same += !right;
        arena_free(arena);
    }
    tap_ok(n_err == 0, "%d random calendars are written", CASES);
    tap_ok(n_lines == 0, "lines end in CR LF, have at most %d bytes, and whole characters",
           CALENDAR_LINE);
    tap_ok(n_same == 0, "libical reads what was meant, and finds nothing wrong");
}

/* ---- by hand ---- */

static const struct calendar_person organizer = {{"Riverside", 9}, {"duet@example.org", 16}, 0};
static const struct calendar_person pair[] = {
    {{"Ann", 3}, {"ann@example.org", 15}, CALENDAR_ACCEPTED},
    {{"Bob", 3}, {"bob@example.org", 15}, CALENDAR_UNKNOWN},
};
static const struct calendar_event plain = {
    .uid = {"7@duet", 6},
    .stamp_ms = 1700000000000,
    .starts_ms = 1700000000000,
    .ends_ms = 1700001800000,
    .summary = {"Meeting", 7},
    .organizer = {{"Riverside", 9}, {"duet@example.org", 16}, 0},
    .attendees = pair,
    .n_attendees = 2,
};

static void test_text(struct arena *arena)
{
    enum err err;
    const struct calendar calendar = {.method = CALENDAR_REQUEST, .events = &plain, .n = 1};
    struct str text = write(arena, &calendar, &err);
    tap_ok(err == ERR_OK && strstr(text.p, "\r\nMETHOD:REQUEST\r\n") &&
               strstr(text.p, "\r\nDTSTART:20231114T221320Z\r\nDTEND:20231114T224320Z\r\n") &&
               strstr(text.p, "\r\nORGANIZER;CN=\"Riverside\":mailto:duet@example.org\r\n") &&
               strstr(text.p, "\r\nATTENDEE;CUTYPE=INDIVIDUAL;"),
           "an invitation looks as it should");
    tap_ok(!strstr(text.p, "BEGIN:VTIMEZONE") && !strstr(text.p, "TZID"), "times are UTC");
    const struct calendar feed = {.method = CALENDAR_FEED, .name = str_of("Duet"), .n = 0};
    text = write(arena, &feed, &err);
    tap_ok(err == ERR_OK && !strstr(text.p, "METHOD") && strstr(text.p, "NAME:Duet"),
           "a feed may be empty");
}

static bool refused(struct arena *arena, struct calendar_event event)
{
    enum err err;
    const struct calendar calendar = {.method = CALENDAR_REQUEST, .events = &event, .n = 1};
    (void)write(arena, &calendar, &err);
    return err == ERR_INVALID;
}

static void test_refused(struct arena *arena)
{
    static const char *const addresses[] = {
        "",        "ann",     "@example.org",      "ann@",
        "a@b@c",   "a b@c.d", "a\r\nATTENDEE:x@y", "\303\251@x.y",
        "a:b@c.d", "a;b@c.d", "\"a\"@c.d"};
    int n = 0;
    for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++) {
        struct calendar_person wrong[] = {pair[0], organizer};
        struct calendar_event event = plain;
        wrong[1].email = str_of(addresses[i]);
        event.attendees = wrong;
        n += refused(arena, event);
        event = plain;
        event.organizer.email = str_of(addresses[i]);
        n += refused(arena, event);
    }
    tap_ok(n == 2 * (int)(sizeof addresses / sizeof *addresses),
           "what is no address is no attendee and no organizer");
    struct calendar_event event = plain;
    event.uid = str_of("7\r\nX:y");
    tap_ok(refused(arena, event), "a UID cannot end its line");
    event = plain;
    event.ends_ms = event.starts_ms - 1;
    tap_ok(refused(arena, event), "a meeting does not end before it starts");
    event = plain;
    event.summary = (struct str){"\xff\xfe", 2};
    tap_ok(refused(arena, event), "what is not UTF-8 is refused");
    event = plain;
    event.n_attendees = 0;
    tap_ok(refused(arena, event), "nobody cannot be invited");
    event = plain;
    event.summary = str_of("a\r\nATTENDEE:mailto:x@y.z\x07");
    enum err err;
    const struct calendar calendar = {.method = CALENDAR_REQUEST, .events = &event, .n = 1};
    struct str text = write(arena, &calendar, &err);
    tap_ok(err == ERR_OK && strstr(text.p, "SUMMARY:a\\nATTENDEE:mailto:x@y.z\r\n"),
           "a text cannot become a property");
}

int main(void)
{
    struct arena *arena = arena_new(0);
    test_text(arena);
    test_refused(arena);
    test_random();
    arena_free(arena);
    return tap_done();
}
