/* Random calendars, one a line, as JSON with what was meant, for tests/browser/calendar.t.mjs.
 *
 *     calendar_print FIRST COUNT */
#include "base/json_writer.h"
#include "calendar_test.h"

#include <stdio.h>
#include <stdlib.h>

static void person(struct json_writer *json, const struct calendar_person *p)
{
    json_writer_object(json);
    json_writer_key(json, "name");
    char name[CALENDAR_TEST_NAME];
    json_writer_text(json, calendar_test_name(p->name, name));
    json_writer_key(json, "email");
    json_writer_text(json, p->email);
    json_writer_key(json, "answer");
    json_writer_int(json, p->answer);
    json_writer_end_object(json);
}

static void event(struct json_writer *json, const struct calendar_event *e)
{
    const struct {
        const char *key;
        struct str text;
    } texts[] = {{"uid", e->uid},
                 {"summary", e->summary},
                 {"location", e->place},
                 {"description", e->description},
                 {"url", e->url}};
    const struct {
        const char *key;
        int64_t number;
    } numbers[] = {{"sequence", e->sequence},
                   {"dtstamp", e->stamp_ms},
                   {"dtstart", e->starts_ms},
                   {"dtend", e->ends_ms},
                   {"cancelled", e->cancelled}};
    json_writer_object(json);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        json_writer_key(json, texts[i].key);
        json_writer_text(json, texts[i].text);
    }
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        json_writer_key(json, numbers[i].key);
        json_writer_int(json, numbers[i].number);
    }
    json_writer_key(json, "organizer");
    person(json, &e->organizer);
    json_writer_key(json, "attendees");
    json_writer_array(json);
    for (size_t i = 0; i < e->n_attendees; i++) {
        person(json, &e->attendees[i]);
    }
    json_writer_end_array(json);
    json_writer_end_object(json);
}

static bool print(uint64_t seed)
{
    struct arena *arena = arena_new(0);
    struct calendar_test t;
    struct buf ics, line;
    struct str text = {"", 0}, all = {"", 0};
    calendar_test_make(arena, seed, &t);
    buf_init(&ics, arena, 1 << 20);
    buf_init(&line, arena, 1 << 22);
    bool good = calendar_write(&ics, &t.calendar) == ERR_OK && buf_end(&ics, &text) == ERR_OK;
    struct json_writer json = json_writer_begin(&line);
    json_writer_object(&json);
    json_writer_key(&json, "ics");
    json_writer_text(&json, text);
    json_writer_key(&json, "method");
    json_writer_text(&json, str_of(calendar_method_word(t.calendar.method)));
    json_writer_key(&json, "events");
    json_writer_array(&json);
    for (size_t i = 0; i < t.calendar.n; i++) {
        event(&json, &t.calendar.events[i]);
    }
    json_writer_end_array(&json);
    json_writer_end_object(&json);
    good = good && buf_end(&line, &all) == ERR_OK;
    puts(all.p);
    arena_free(arena);
    return good;
}

int main(int argc, char **argv)
{
    bool good = argc == 3;
    uint64_t first = good ? strtoull(argv[1], NULL, 10) : 0;
    uint64_t n = good ? strtoull(argv[2], NULL, 10) : 0;
    for (uint64_t i = 0; i < n && good; i++) {
        good = print(first + i);
    }
    return good ? 0 : 1;
}
