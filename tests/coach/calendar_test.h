/* Random calendars: for the second opinions of libical (calendar.t.c) and of ical.js
 * (calendar_print.c and tests/browser/calendar.t.mjs). */
#ifndef DUET_TESTS_COACH_CALENDAR_TEST_H
#define DUET_TESTS_COACH_CALENDAR_TEST_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/rng.h"
#include "coach/calendar.h"

#define CALENDAR_TEST_EVENTS 4
#define CALENDAR_TEST_NAME 1000 /* bytes */
#define CALENDAR_TEST_ATTENDEES 3

struct calendar_test {
    struct calendar calendar;
    struct calendar_event events[CALENDAR_TEST_EVENTS];
    struct calendar_person attendees[CALENDAR_TEST_EVENTS][CALENDAR_TEST_ATTENDEES];
};

/* A name as it is read back from a parameter. */
static inline struct str calendar_test_name(struct str name, char text[CALENDAR_TEST_NAME])
{
    size_t n = 0;
    for (size_t i = 0; i < name.n && n < CALENDAR_TEST_NAME; i++) {
        if (name.p[i] != '^') {
            text[n++] = name.p[i] == '"' ? '\'' : name.p[i] == '\\' ? '/' : name.p[i];
        }
    }
    return (struct str){text, n};
}

/* A text of awkward pieces; `lines` may have line ends. */
static inline struct str calendar_test_text(struct arena *arena, struct rng *rng, uint32_t most,
                                            bool lines)
{
    static const char *const bits[] = {
        "Questions",
        "a, b; c",
        "back\\slash \\n",
        "\"quoted\" ^caret^'",
        "na\303\257ve \342\200\224 caf\303\251",
        "\340\244\270\340\244\256\340\244\235",
        "\360\237\230\200\360\237\221\215\360\237\217\275",
        "key=value:colon",
        "BEGIN:VEVENT",
        "100 %",
    };
    struct buf buf;
    struct str text;
    buf_init(&buf, arena, 4000);
    buf_add_text(&buf, "x");
    for (uint32_t n = rng_below(rng, most); n > 0; n--) {
        buf_add_text(&buf, lines && rng_below(rng, 4) == 0 ? "\n" : " ");
        buf_add_text(&buf, bits[rng_below(rng, sizeof bits / sizeof *bits)]);
    }
    buf_add_text(&buf, "y");
    return buf_end(&buf, &text) ? (struct str){"", 0} : text;
}

static inline struct calendar_person calendar_test_person(struct arena *arena, struct rng *rng,
                                                          int nth)
{
    struct buf buf;
    struct str email = {"", 0};
    buf_init(&buf, arena, 200);
    buf_addf(&buf, "person.%d+%u@%s.example.org", nth, rng_below(rng, 1000),
             rng_below(rng, 2) ? "a" : "a-long-name-of-a-school-in-the-north-of-the-district");
    return (struct calendar_person){
        .name = rng_below(rng, 5) ? calendar_test_text(arena, rng, 5, false) : (struct str){"", 0},
        .email = buf_end(&buf, &email) ? (struct str){"", 0} : email,
        .answer = (enum calendar_answer)rng_below(rng, CALENDAR_ANSWER__MAX),
    };
}

/* The same seed gives the same calendar. */
static inline void calendar_test_make(struct arena *arena, uint64_t seed, struct calendar_test *t)
{
    struct rng rng = rng_seed(seed);
    enum calendar_method method = (enum calendar_method)(seed % CALENDAR_METHOD__MAX);
    size_t n = method == CALENDAR_FEED ? 1 + rng_below(&rng, CALENDAR_TEST_EVENTS) : 1;
    for (size_t i = 0; i < n; i++) {
        struct buf uid;
        struct str text = {"", 0};
        int64_t at = 1000 * (int64_t)rng_below(&rng, 4000000000u);
        buf_init(&uid, arena, 100);
        buf_addf(&uid, "%016llx-%zu@duet", (unsigned long long)rng_next(&rng), i);
        for (int k = 0; k < CALENDAR_TEST_ATTENDEES; k++) {
            t->attendees[i][k] = calendar_test_person(arena, &rng, k);
        }
        t->events[i] = (struct calendar_event){
            .uid = buf_end(&uid, &text) ? (struct str){"", 0} : text,
            .sequence = rng_below(&rng, 12),
            .stamp_ms = at - 5000,
            .created_ms = rng_below(&rng, 2) ? at - 9000 : 0,
            .changed_ms = rng_below(&rng, 2) ? at - 7000 : 0,
            .starts_ms = at,
            .ends_ms = at + 60000 * (int64_t)(1 + rng_below(&rng, 200)),
            .summary = calendar_test_text(arena, &rng, 12, false),
            .place = rng_below(&rng, 3) ? calendar_test_text(arena, &rng, 4, false)
                                        : (struct str){"", 0},
            .description = rng_below(&rng, 3) ? calendar_test_text(arena, &rng, 40, true)
                                              : (struct str){"", 0},
            .url = rng_below(&rng, 2) ? str_of("https://duet.example.org/meetings/12?a=b")
                                      : (struct str){"", 0},
            .cancelled = rng_below(&rng, 4) == 0,
            .organizer = calendar_test_person(arena, &rng, 9),
            .attendees = t->attendees[i],
            .n_attendees = 1 + rng_below(&rng, CALENDAR_TEST_ATTENDEES),
        };
    }
    t->calendar = (struct calendar){
        .method = method,
        .name = calendar_test_text(arena, &rng, 4, false),
        .events = t->events,
        .n = n,
    };
}

#endif
