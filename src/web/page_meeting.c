/* Meetings of a partnership: the list, one of them, and what can be done with it. */
#include "coach/meetings.h"
#include "coach/meetings_calendar.h"
#include "web/coaching_view.h"
#include "web/daytime.h"
#include "web/meeting_view.h"
#include "web/page.h"
#include "web/page_sets.h"
#include "web/web.h"

enum { F_TIME, F_CHOOSE__MAX };
static const struct field_spec choose_fields[F_CHOOSE__MAX] = {
    [F_TIME] = {.name = "time", .type = FIELD_ID},
};
enum { F_SUBJECT, F_PLACE, F_EDIT__MAX };
static const struct field_spec edit_fields[F_EDIT__MAX] = {
    [F_SUBJECT] = {.name = "subject", .type = FIELD_TEXT, .max = MEETINGS_SUBJECT},
    [F_PLACE] = {.name = "place", .type = FIELD_TEXT, .max = MEETINGS_PLACE},
};

/* -- The list ------------------------------------------------------------------------------------
 */

static bool is_open(const struct meeting *m)
{
    return m->state == MEETING_PROPOSED || m->state == MEETING_CONFIRMED;
}

static size_t write_some(struct page *page, const struct meeting_list *list, bool open)
{
    struct html *h = &page->html;
    size_t n = 0;
    for (size_t i = 0; i < list->n; i++) {
        if (is_open(&list->items[i]) != open) {
            continue;
        }
        if (n++ == 0) {
            part_section_open(h, open ? str_of("open") : str_of("past"),
                              open ? T(page, "To come") : T(page, "Until now"));
            part_cards_open(h);
        }
        part_cards_item(h);
        meeting_view_card(page, &list->items[i]);
    }
    if (n) {
        part_cards_close(h);
        part_section_close(h);
    }
    return n;
}

static enum err show_list(struct page *page)
{
    struct meeting_list list;
    int64_t id = page_id(page, "id");
    enum err err = meetings_of(&page->coach, id, &list);
    if (err != ERR_OK) {
        return err;
    }
    struct html *h = page_open(
        page, &(struct page_head){.title = T(page, "Meetings"),
                                  .back = T(page, "The partnership"),
                                  .back_url = page_path(page, "/partnerships/{}", html_int(id)),
                                  .nav = PAGE_NAV_COACHING});
    struct str propose = page_path(page, "/partnerships/{}/meetings/new", html_int(id));
    if (list.n == 0) {
        part_empty(h, &(struct part_empty){.icon = PART_ICON_CALENDAR,
                                           .heading = T(page, "No meeting yet"),
                                           .text = T(page, "Propose up to three times; your "
                                                           "partner chooses one."),
                                           .action = T(page, "Propose times"),
                                           .url = propose});
    } else {
        part_buttons_open(h);
        part_button_link(h, PART_BUTTON_MAIN, PART_ICON_CALENDAR, T(page, "Propose times"),
                         propose);
        part_buttons_close(h);
        write_some(page, &list, true);
        write_some(page, &list, false);
    }
    page_link(page, T(page, "Have my meetings in my own calendar"), str_of("/calendar"));
    return page_close(page);
}

/* -- One meeting ---------------------------------------------------------------------------------
 */

static struct str path_of(struct page *page, const struct meeting *m, const char *what)
{
    return page_path(page, "/meetings/{}/{}", html_int(m->id), html_part(str_of(what)));
}

static void write_button(struct page *page, const struct meeting *m, const char *what,
                         struct str text, enum part_button_kind kind)
{
    page_button_form(page, path_of(page, m, what),
                     &(struct part_button){.text = text, .kind = kind});
}

/* The times that are proposed: to choose from, or to wait for. */
static void write_times(struct page *page, const struct meeting *m)
{
    struct html *h = &page->html;
    struct part_option options[MEETINGS_TIMES];
    if (m->n_times == 0) {
        return;
    }
    if (m->mine) {
        part_section_open(h, str_of("times"), T(page, "You proposed"));
        part_list_open(h, false);
        for (int32_t i = 0; i < m->n_times; i++) {
            part_list_item(h);
            daytime_write(page, m->times[i]);
        }
        part_list_close(h);
        part_quiet(h, FILL(page, T(page, "{name} chooses one of them, or proposes others."),
                           CATALOG_TEXT("name", m->others)));
        part_section_close(h);
        return;
    }
    int n = 0;
    for (int32_t i = 0; i < m->n_times; i++) {
        if (m->times[i] > page->coach.now_ms) {
            options[n] = (struct part_option){.value = page_digits(page, m->times[i]),
                                              .text = daytime_moment(page, m->times[i]),
                                              .chosen = n == 0};
            n++;
        }
    }
    if (n == 0) {
        part_notice(h, PART_TONE_CARE, T(page, "The times are over"),
                    T(page, "All the times that were proposed have passed. Propose others."));
        return;
    }
    page_form_open(page, path_of(page, m, "choose"));
    part_choose(h,
                &(struct part_field){.id = str_of("time"),
                                     .label = FILL(page, T(page, "{name} proposes"),
                                                   CATALOG_TEXT("name", m->proposer))},
                PART_CHOICES_LIST, false, options, (size_t)n);
    part_buttons_open(h);
    part_button(
        h, &(struct part_button){.text = T(page, "Choose this time"), .kind = PART_BUTTON_MAIN});
    part_buttons_close(h);
    page_form_close(page);
}

/* What can be done with it beside choosing. */
static void write_actions(struct page *page, const struct meeting *m)
{
    struct html *h = &page->html;
    part_buttons_open(h);
    if (m->begun) {
        if (m->state != MEETING_HELD) {
            write_button(page, m, "held", T(page, "It took place"),
                         m->state == MEETING_CONFIRMED ? PART_BUTTON_MAIN : PART_BUTTON_PLAIN);
        }
        if (m->state != MEETING_MISSED) {
            write_button(page, m, "missed", T(page, "It did not take place"), PART_BUTTON_PLAIN);
        }
        if (m->state == MEETING_MISSED) {
            part_button_link(
                h, PART_BUTTON_MAIN, PART_ICON_CALENDAR, T(page, "Propose new times"),
                page_path(page, "/partnerships/{}/meetings/new", html_int(m->partnership_id)));
        }
    } else if (is_open(m)) {
        part_button_link(h, PART_BUTTON_PLAIN, PART_ICON_CALENDAR,
                         m->state == MEETING_PROPOSED ? T(page, "Propose other times")
                                                      : T(page, "Move it"),
                         path_of(page, m, "times"));
        part_button_link(h, PART_BUTTON_PLAIN, PART_ICON_EDIT, T(page, "Change subject or place"),
                         path_of(page, m, "edit"));
    }
    if (m->state == MEETING_CONFIRMED && !m->begun) {
        part_button_link(h, PART_BUTTON_PLAIN, PART_ICON_DOWNLOAD, T(page, "Calendar file"),
                         path_of(page, m, "calendar"));
    }
    if (is_open(m)) {
        page_button_ask(
            page, path_of(page, m, "cancel"),
            &(struct part_button){.text = T(page, "Cancel it"), .kind = PART_BUTTON_QUIET},
            T(page, "Cancel this meeting? The others are told."));
    }
    part_buttons_close(h);
}

static enum err show(struct page *page)
{
    struct meeting m;
    enum part_tone tone;
    enum err err = meetings_get(&page->coach, page_id(page, "id"), &m);
    if (err != ERR_OK) {
        return err;
    }
    struct html *h =
        page_open(page, &(struct page_head){.title = meeting_view_title(page, &m),
                                            .back = T(page, "Meetings"),
                                            .back_url = page_path(page, "/partnerships/{}/meetings",
                                                                  html_int(m.partnership_id)),
                                            .nav = PAGE_NAV_COACHING});
    struct str state = meeting_view_state(page, &m, &tone);
    part_terms_open(h);
    part_term_open(h, T(page, "State"));
    part_badge(h, tone, state);
    part_term_close(h);
    part_term(h, T(page, "With"), m.others);
    if (m.starts_ms) {
        part_term_open(h, T(page, "When"));
        daytime_write(page, m.starts_ms);
        part_term_close(h);
    }
    part_term(
        h, T(page, "How long"),
        FILL(page, TN(page, "{n} minute", "{n} minutes", m.minutes), CATALOG_INT("n", m.minutes)));
    if (m.place.n) {
        part_term(h, T(page, "Where"), m.place);
    }
    part_terms_close(h);
    write_times(page, &m);
    write_actions(page, &m);
    return page_close(page);
}

/* Goes back to the meeting, whether it could be done or things have changed meanwhile. */
static enum err back(struct page *page, enum err err, enum flash flash)
{
    struct str path = page_path(page, "/meetings/{}", html_int(page_id(page, "id")));
    if (err == ERR_CONFLICT) {
        return page_go(page, FLASH_MEETING_OTHERWISE, 0, path);
    }
    return err == ERR_OK ? page_go(page, flash, 0, path) : err;
}

static enum err choose(struct page *page)
{
    int64_t at = page_given(page, F_TIME) ? page_number(page, F_TIME) : 0;
    return back(page, meetings_confirm(&page->coach, page_id(page, "id"), at),
                FLASH_MEETING_SETTLED);
}

static enum err cancel(struct page *page)
{
    return back(page, meetings_cancel(&page->coach, page_id(page, "id")), FLASH_MEETING_CANCELLED);
}

static enum err held(struct page *page)
{
    return back(page, meetings_tell(&page->coach, page_id(page, "id"), true), FLASH_MEETING_TOLD);
}

static enum err missed(struct page *page)
{
    return back(page, meetings_tell(&page->coach, page_id(page, "id"), false), FLASH_MEETING_TOLD);
}

/* -- Subject and place ---------------------------------------------------------------------------
 */

static enum err show_edit(struct page *page)
{
    struct meeting m;
    enum err err = meetings_get(&page->coach, page_id(page, "id"), &m);
    if (err != ERR_OK) {
        return err;
    }
    struct html *h = page_open(
        page, &(struct page_head){.title = T(page, "Subject and place"),
                                  .back = meeting_view_title(page, &m),
                                  .back_url = page_path(page, "/meetings/{}", html_int(m.id)),
                                  .nav = PAGE_NAV_COACHING});
    page_errors(page);
    page_form_open(page, path_of(page, &m, "edit"));
    part_input(h, &(struct part_field){.id = str_of("subject"),
                                       .label = T(page, "What is it about?"),
                                       .optional = T(page, "optional"),
                                       .value = page_value(page, F_SUBJECT, m.subject),
                                       .error = page_error(page, "subject")});
    part_input(h, &(struct part_field){.id = str_of("place"),
                                       .label = T(page, "Where?"),
                                       .optional = T(page, "optional"),
                                       .value = page_value(page, F_PLACE, m.place),
                                       .error = page_error(page, "place")});
    part_buttons_open(h);
    part_button(h, &(struct part_button){.text = T(page, "Save"), .kind = PART_BUTTON_MAIN});
    part_buttons_close(h);
    page_form_close(page);
    return page_close(page);
}

static enum err save_edit(struct page *page)
{
    enum err err = page->complaints.n ? ERR_INVALID
                                      : meetings_edit(&page->coach, page_id(page, "id"),
                                                      page_text(page, F_SUBJECT),
                                                      page_text(page, F_PLACE), &page->complaints);
    if (err == ERR_INVALID && page->complaints.n) {
        return page_again(page, show_edit);
    }
    return back(page, err, FLASH_SAVED);
}

/* -- As a file -----------------------------------------------------------------------------------
 */

static enum err download(struct page *page)
{
    struct meeting m;
    struct str text;
    enum err err = meetings_get(&page->coach, page_id(page, "id"), &m);
    if (err == ERR_OK && m.starts_ms == 0) {
        err = ERR_NOT_FOUND;
    }
    if (err == ERR_OK) {
        const struct meeting_list list = {&m, 1};
        err = meetings_feed(page->arena, page->catalog, &list, page->web->site.base_url, &text);
    }
    return err == ERR_OK ? page_download(page, "text/calendar; charset=utf-8", "meeting.ics", text)
                         : err;
}

static const struct route routes[] = {
    {ROUTE_GET, "/partnerships/:id/meetings", ROUTE_OWN, .enter = coaching_view_enter,
     .handle = show_list, .about = "Meetings of a partnership"},
    {ROUTE_GET, "/meetings/:id", ROUTE_OWN, .handle = show, .about = "One meeting"},
    {ROUTE_POST, "/meetings/:id/choose", ROUTE_OWN, .handle = choose, .fields = choose_fields,
     .n_fields = F_CHOOSE__MAX, .about = "Chooses one of the times that another proposed"},
    {ROUTE_GET, "/meetings/:id/edit", ROUTE_OWN, .handle = show_edit,
     .about = "Subject and place of a meeting"},
    {ROUTE_POST, "/meetings/:id/edit", ROUTE_OWN, .handle = save_edit, .fields = edit_fields,
     .n_fields = F_EDIT__MAX, .about = "Saves them, and tells calendars"},
    {ROUTE_POST, "/meetings/:id/cancel", ROUTE_OWN, .handle = cancel, .about = "Cancels it"},
    {ROUTE_POST, "/meetings/:id/held", ROUTE_OWN, .handle = held, .about = "It took place"},
    {ROUTE_POST, "/meetings/:id/missed", ROUTE_OWN, .handle = missed,
     .about = "It did not take place"},
    {ROUTE_GET, "/meetings/:id/calendar", ROUTE_OWN, .handle = download,
     .about = "The meeting as a file for a calendar"},
};
const struct route_set page_meeting_routes = ROUTE_SET("Meetings", routes);
