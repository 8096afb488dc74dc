/* Proposing times: for a new meeting, or other times for one. */
#include "base/clock.h"
#include "base/day.h"
#include "coach/meetings.h"
#include "coach/meetings_times.h"
#include "web/coaching_view.h"
#include "web/daytime.h"
#include "web/meeting_view.h"
#include "web/page.h"
#include "web/page_sets.h"
#include "web/web.h"

#define STANDARD_MINUTES 45

enum { F_TIME, F_DAY1, F_AT1, F_DAY2, F_AT2, F_DAY3, F_AT3, F_TIMES__MAX };
enum { F_MINUTES = F_TIMES__MAX, F_SUBJECT, F_PLACE, F_NEW__MAX };
#define TIMES_FIELDS                                                                               \
    [F_TIME] = {.name = "time", .type = FIELD_ID, .max_items = MEETINGS_SUGGESTED},                \
    [F_DAY1] = {.name = "day1", .type = FIELD_DATE},                                               \
    [F_AT1] = {.name = "at1", .type = FIELD_TEXT, .max = 5},                                       \
    [F_DAY2] = {.name = "day2", .type = FIELD_DATE},                                               \
    [F_AT2] = {.name = "at2", .type = FIELD_TEXT, .max = 5},                                       \
    [F_DAY3] = {.name = "day3", .type = FIELD_DATE},                                               \
    [F_AT3] = {.name = "at3", .type = FIELD_TEXT, .max = 5}
static const struct field_spec times_fields[F_TIMES__MAX] = {TIMES_FIELDS};
static const struct field_spec new_fields[F_NEW__MAX] = {
    TIMES_FIELDS,
    [F_MINUTES] = {.name = "minutes",
                   .type = FIELD_INT,
                   .least = MEETINGS_LEAST,
                   .most = MEETINGS_MOST,
                   .required = true},
    [F_SUBJECT] = {.name = "subject", .type = FIELD_TEXT, .max = MEETINGS_SUBJECT},
    [F_PLACE] = {.name = "place", .type = FIELD_TEXT, .max = MEETINGS_PLACE},
};

/* -- Reading the form ----------------------------------------------------------------------------
 */

struct chosen {
    int64_t times[MEETINGS_TIMES];
    int32_t n;
};

/* The times ticked and typed, each once; too many count as too many. */
static struct chosen read_times(struct page *page)
{
    struct chosen chosen = {.n = 0};
    int64_t all[MEETINGS_SUGGESTED + MEETINGS_TIMES];
    int32_t n = 0;
    const struct field_value *list = &page->fields.values[F_TIME];
    for (int i = 0; i < list->n_items && i < MEETINGS_SUGGESTED; i++) {
        all[n++] = list->items[i].number;
    }
    for (int i = 0; i < MEETINGS_TIMES; i++) {
        int day = F_DAY1 + 2 * i, at = F_AT1 + 2 * i;
        int32_t minute = daytime_read(page_text(page, at));
        if (!page_given(page, day) && !page_given(page, at)) {
            continue;
        }
        if (!page_given(page, day) || minute < 0) {
            complaint_add(&page->complaints, times_fields[page_given(page, day) ? at : day].name,
                          N_("Please give a day and a time such as 14:30."));
            continue;
        }
        all[n++] = clock_moment(page->web->site.zone, (int32_t)page_number(page, day), minute);
    }
    for (int32_t i = 0; i < n; i++) {
        bool twice = false;
        for (int32_t k = 0; k < i; k++) {
            twice |= all[k] == all[i];
        }
        if (!twice && chosen.n++ < MEETINGS_TIMES) {
            chosen.times[chosen.n - 1] = all[i];
        }
    }
    return chosen;
}

/* -- Writing it ----------------------------------------------------------------------------------
 */

static enum err write_suggested(struct page *page, int64_t partnership_id, int32_t *minutes)
{
    struct html *h = &page->html;
    struct meeting_times times;
    struct part_option options[MEETINGS_SUGGESTED];
    enum err err = meetings_suggest(&page->coach, partnership_id, &times);
    if (err != ERR_OK) {
        return err;
    }
    for (size_t i = 0; i < times.n; i++) {
        const struct meeting_time *time = &times.items[i];
        options[i] = (struct part_option){
            .value = page_digits(page, time->starts_ms),
            .text = daytime_moment(page, time->starts_ms),
            .hint = FILL(page, T(page, "Period {n}"), CATALOG_INT("n", time->period)),
            .chosen = page_value_has(page, F_TIME, time->starts_ms, false)};
    }
    if (times.n) {
        *minutes = times.items[0].minutes;
        part_choose(h,
                    &(struct part_field){.id = str_of("time"),
                                         .label = T(page, "Times at which you are all free"),
                                         .hint = T(page, "Choose up to three."),
                                         .error = page_error(page, "time")},
                    PART_CHOICES_LIST, true, options, times.n);
        return ERR_OK;
    }
    part_quiet(h, !times.timetable
                      ? T(page, "Duet can propose times once an administrator has entered when "
                                "the periods of your school are.")
                  : times.common
                      ? T(page, "In the next three weeks all the periods in which you are free "
                                "together are taken.")
                      : T(page, "Your profiles have no free period in common, so choose times "
                                "yourselves."));
    return ERR_OK;
}

static void write_own(struct page *page, bool open)
{
    struct html *h = &page->html;
    char today[DAY_TEXT_SIZE];
    day_write(page->today, today);
    part_details_open(h, open ? T(page, "Times") : T(page, "Other times"), open || page->tried);
    for (int i = 0; i < MEETINGS_TIMES; i++) {
        int day = F_DAY1 + 2 * i, at = F_AT1 + 2 * i;
        part_fieldset_open(h, FILL(page, T(page, "Time {n}"), CATALOG_INT("n", i + 1)), str_of(""));
        part_input(h, &(struct part_field){.id = str_of(times_fields[day].name),
                                           .label = T(page, "Day"),
                                           .type = "date",
                                           .min = str_of(today),
                                           .optional = T(page, "optional"),
                                           .width = PART_FIELD_HALF,
                                           .value = page_value(page, day, str_of("")),
                                           .error = page_error(page, times_fields[day].name)});
        part_input(h, &(struct part_field){.id = str_of(times_fields[at].name),
                                           .label = T(page, "Time"),
                                           .type = "time",
                                           .optional = T(page, "optional"),
                                           .width = PART_FIELD_SHORT,
                                           .value = page_value(page, at, str_of("")),
                                           .error = page_error(page, times_fields[at].name)});
        part_fieldset_close(h);
    }
    part_details_close(h);
}

static enum err write_times(struct page *page, int64_t partnership_id, int32_t *minutes)
{
    *minutes = 0;
    enum err err = write_suggested(page, partnership_id, minutes);
    if (err == ERR_OK) {
        struct str wrong = page_error(page, "time");
        if (wrong.n && *minutes == 0) {
            part_notice(&page->html, PART_TONE_BAD, str_of(""), wrong);
        }
        write_own(page, *minutes == 0);
    }
    *minutes = *minutes ? *minutes : STANDARD_MINUTES;
    return err;
}

static void write_send(struct page *page)
{
    struct html *h = &page->html;
    part_buttons_open(h);
    part_button(h, &(struct part_button){.text = T(page, "Propose"), .kind = PART_BUTTON_MAIN});
    part_buttons_close(h);
    page_form_close(page);
}

/* -- A new meeting -------------------------------------------------------------------------------
 */

static enum err show_new(struct page *page)
{
    int64_t id = page_id(page, "id");
    int32_t minutes;
    struct html *h = page_open(
        page,
        &(struct page_head){.title = T(page, "Propose times to meet"),
                            .back = T(page, "Meetings"),
                            .back_url = page_path(page, "/partnerships/{}/meetings", html_int(id)),
                            .nav = PAGE_NAV_COACHING});
    page_errors(page);
    page_form_open(page, page_path(page, "/partnerships/{}/meetings/new", html_int(id)));
    enum err err = write_times(page, id, &minutes);
    if (err != ERR_OK) {
        return err;
    }
    part_input(
        h, &(struct part_field){.id = str_of("minutes"),
                                .label = T(page, "How many minutes?"),
                                .type = "number",
                                .min = page_digits(page, MEETINGS_LEAST),
                                .max = page_digits(page, MEETINGS_MOST),
                                .width = PART_FIELD_SHORT,
                                .value = page_value(page, F_MINUTES, page_digits(page, minutes)),
                                .error = page_error(page, "minutes")});
    part_input(h, &(struct part_field){.id = str_of("subject"),
                                       .label = T(page, "What is it about?"),
                                       .hint = T(page, "Only you and your partner see this. It "
                                                       "stands in the invitation."),
                                       .optional = T(page, "optional"),
                                       .value = page_value(page, F_SUBJECT, str_of("")),
                                       .error = page_error(page, "subject")});
    part_input(h, &(struct part_field){.id = str_of("place"),
                                       .label = T(page, "Where?"),
                                       .hint = T(page, "A room, or the address of a call."),
                                       .optional = T(page, "optional"),
                                       .value = page_value(page, F_PLACE, str_of("")),
                                       .error = page_error(page, "place")});
    write_send(page);
    return page_close(page);
}

static enum err propose(struct page *page)
{
    struct chosen chosen = read_times(page);
    struct meeting_new made = {.partnership_id = page_id(page, "id"),
                               .n_times = chosen.n,
                               .minutes = (int32_t)page_number(page, F_MINUTES),
                               .subject = page_text(page, F_SUBJECT),
                               .place = page_text(page, F_PLACE)};
    int64_t id;
    memcpy(made.times, chosen.times, sizeof made.times);
    enum err err = page->complaints.n
                       ? ERR_INVALID
                       : meetings_propose(&page->coach, &made, &page->complaints, &id);
    if (err == ERR_INVALID && page->complaints.n) {
        return page_again(page, show_new);
    }
    if (err == ERR_CONFLICT) {
        return page_go(page, FLASH_MEETING_OTHERWISE, 0,
                       page_path(page, "/partnerships/{}/meetings", html_int(made.partnership_id)));
    }
    return err == ERR_OK ? page_go(page, FLASH_MEETING_PROPOSED, 0,
                                   page_path(page, "/meetings/{}", html_int(id)))
                         : err;
}

/* -- Other times for one -------------------------------------------------------------------------
 */

static enum err show_other(struct page *page)
{
    struct meeting m;
    int32_t minutes;
    enum err err = meetings_get(&page->coach, page_id(page, "id"), &m);
    if (err != ERR_OK) {
        return err;
    }
    struct str path = page_path(page, "/meetings/{}", html_int(m.id));
    struct html *h = page_open(page, &(struct page_head){.title = T(page, "Propose other times"),
                                                         .back = meeting_view_title(page, &m),
                                                         .back_url = path,
                                                         .nav = PAGE_NAV_COACHING});
    page_errors(page);
    if (m.starts_ms) {
        part_paragraph(h, FILL(page, T(page, "It stays on {when} until another time is chosen."),
                               CATALOG_TEXT("when", daytime_moment(page, m.starts_ms))));
    }
    page_form_open(page, page_path(page, "/meetings/{}/times", html_int(m.id)));
    err = write_times(page, m.partnership_id, &minutes);
    if (err != ERR_OK) {
        return err;
    }
    write_send(page);
    return page_close(page);
}

static enum err repropose(struct page *page)
{
    struct chosen chosen = read_times(page);
    int64_t id = page_id(page, "id");
    struct str path = page_path(page, "/meetings/{}", html_int(id));
    enum err err = page->complaints.n ? ERR_INVALID
                                      : meetings_repropose(&page->coach, id, chosen.times, chosen.n,
                                                           &page->complaints);
    if (err == ERR_INVALID && page->complaints.n) {
        return page_again(page, show_other);
    }
    if (err == ERR_CONFLICT) {
        return page_go(page, FLASH_MEETING_OTHERWISE, 0, path);
    }
    return err == ERR_OK ? page_go(page, FLASH_MEETING_PROPOSED, 0, path) : err;
}

static const struct route routes[] = {
    {ROUTE_GET, "/partnerships/:id/meetings/new", ROUTE_OWN, .enter = coaching_view_enter,
     .handle = show_new, .about = "Times at which all are free, to propose a meeting"},
    {ROUTE_POST, "/partnerships/:id/meetings/new", ROUTE_OWN, .enter = coaching_view_enter,
     .handle = propose, .fields = new_fields, .n_fields = F_NEW__MAX,
     .about = "Proposes up to three"},
    {ROUTE_GET, "/meetings/:id/times", ROUTE_OWN, .handle = show_other,
     .about = "Other times for a meeting"},
    {ROUTE_POST, "/meetings/:id/times", ROUTE_OWN, .handle = repropose, .fields = times_fields,
     .n_fields = F_TIMES__MAX, .about = "Proposes them"},
};
const struct route_set page_meeting_times_routes = ROUTE_SET("Times to meet", routes);
