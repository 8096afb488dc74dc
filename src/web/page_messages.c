/* Messages inside a partnership: a page that reads from the oldest down, with a heading for each
 * day, and a field to write in at its end. */
#include "coach/messages.h"
#include "web/coaching_view.h"
#include "web/daytime.h"
#include "web/page.h"
#include "web/page_sets.h"

enum { F_BEFORE, F_SHOW__MAX };
static const struct field_spec show_fields[F_SHOW__MAX] = {
    [F_BEFORE] = {.name = "before", .type = FIELD_ID},
};
enum { F_WORDS, F_SEND__MAX };
static const struct field_spec send_fields[F_SEND__MAX] = {
    [F_WORDS] = {.name = "words", .type = FIELD_LINES, .max = MESSAGES_WORDS, .required = true},
};

static enum err have_read(struct coach *coach, const int64_t values[2])
{
    return messages_seen(coach, values[0], values[1]);
}

static void write_line(struct page *page, const struct message_line *line)
{
    struct html *h = &page->html;
    struct str name = line->mine     ? T(page, "You")
                      : line->name.n ? line->name
                                     : T(page, "Somebody who is no longer here");
    part_message_open(h, name, line->mine);
    page_write_moment(page, line->created_ms);
    if (line->fresh) {
        html_text(h, str_of(" "));
        part_badge(h, PART_TONE_ACCENT, T(page, "new"));
    }
    part_message_words(h);
    if (line->retracted) {
        part_quiet(h, T(page, "This message was taken back."));
    } else {
        part_written(h, line->words);
        if (line->mine) {
            page_button_ask(
                page, page_path(page, "/messages/{}/retract", html_int(line->id)),
                &(struct part_button){.text = T(page, "Take back"), .kind = PART_BUTTON_QUIET},
                T(page, "Take this message back? Its text is deleted."));
        }
    }
    part_message_close(h);
}

/* Links lead to the newest day: a long talk begins far above it. */
static void write_lines(struct page *page, const struct message_list *list)
{
    struct html *h = &page->html;
    int32_t day = -1, last = list->n ? page_day_of(page, list->items[list->n - 1].created_ms) : -1;
    for (size_t i = 0; i < list->n; i++) {
        int32_t on = page_day_of(page, list->items[i].created_ms);
        if (i == 0 || on != day) {
            part_heading(h, 2, on == last ? str_of("newest") : html_id(h, "day-{}", html_int(on)),
                         page_day(page, on));
        }
        day = on;
        write_line(page, &list->items[i]);
    }
}

static void write_form(struct page *page, const struct partnership *p)
{
    struct html *h = &page->html;
    bool two = p->n_members <= 2;
    page_form_open(page, page_path(page, "/partnerships/{}/messages", html_int(p->id)));
    part_textarea(
        h, &(struct part_field){.id = str_of("words"),
                                .label = two ? T(page, "Write to your partner")
                                             : T(page, "Write to your partners"),
                                .hint = two ? T(page, "Only you and your partner read it.")
                                            : T(page, "Only the members of your group read it."),
                                .rows = 4,
                                .max_length = MESSAGES_WORDS,
                                .value = page->tried ? page_typed(page, F_WORDS) : str_of(""),
                                .error = page_error(page, "words")});
    part_buttons_open(h);
    part_button(h, &(struct part_button){.text = T(page, "Send"), .kind = PART_BUTTON_MAIN});
    part_buttons_close(h);
    page_form_close(page);
}

static enum err show_from(struct page *page, int64_t before)
{
    struct message_list list;
    struct partnership p;
    int64_t id = page_id(page, "id");
    enum err err = partnerships_get(&page->coach, id, page->locale, &p);
    err = err ? err : messages_list(&page->coach, id, before, &list);
    if (err != ERR_OK) {
        return err;
    }
    struct html *h = page_open(
        page, &(struct page_head){.title = T(page, "Messages"),
                                  .eyebrow = coaching_view_with(page, &p),
                                  .back = T(page, "The partnership"),
                                  .back_url = page_path(page, "/partnerships/{}", html_int(id)),
                                  .nav = PAGE_NAV_COACHING});
    page_errors(page);
    if (list.before_id) {
        page_link(page, T(page, "Older messages"),
                  page_path(page, "/partnerships/{}/messages?before={}", html_int(id),
                            html_int(list.before_id)));
    }
    if (list.n == 0) {
        part_empty(h, &(struct part_empty){.icon = PART_ICON_MAIL,
                                           .heading = T(page, "No messages yet"),
                                           .text = T(page, "What you write here stays between "
                                                           "you.")});
    }
    write_lines(page, &list);
    if (before) {
        page_link(page, T(page, "The newest messages"),
                  page_path(page, "/partnerships/{}/messages", html_int(id)));
    } else if (list.open) {
        write_form(page, &p);
    } else {
        part_quiet(h, T(page, "This partnership does not run, so nobody can write here."));
    }
    if (list.n && !page->tried) {
        page->after = have_read;
        page->after_values[0] = id;
        page->after_values[1] = list.items[list.n - 1].id;
    }
    return page_close(page);
}

static enum err show(struct page *page)
{
    return show_from(page, page_given(page, F_BEFORE) ? page_number(page, F_BEFORE) : 0);
}

static enum err show_again(struct page *page)
{
    return show_from(page, 0);
}

static enum err send(struct page *page)
{
    int64_t id = page_id(page, "id"), made;
    struct str path = page_path(page, "/partnerships/{}/messages#newest", html_int(id));
    enum err err = page->complaints.n ? ERR_INVALID
                                      : messages_send(&page->coach, id, page_text(page, F_WORDS),
                                                      &page->complaints, &made);
    if (err == ERR_INVALID && page->complaints.n) {
        return page_again(page, show_again);
    }
    return err == ERR_OK ? page_go(page, FLASH_MESSAGE_SENT, 0, path) : err;
}

static enum err retract(struct page *page)
{
    int64_t partnership;
    enum err err = messages_retract(&page->coach, page_id(page, "id"), &partnership);
    return err == ERR_OK
               ? page_go(page, FLASH_MESSAGE_RETRACTED, 0,
                         page_path(page, "/partnerships/{}/messages", html_int(partnership)))
               : err;
}

static const struct route routes[] = {
    {ROUTE_GET, "/partnerships/:id/messages", ROUTE_OWN, .enter = coaching_view_enter,
     .handle = show, .fields = show_fields, .n_fields = F_SHOW__MAX,
     .about = "Messages inside a partnership"},
    {ROUTE_POST, "/partnerships/:id/messages", ROUTE_OWN, .enter = coaching_view_enter,
     .handle = send, .fields = send_fields, .n_fields = F_SEND__MAX, .about = "Writes one"},
    {ROUTE_POST, "/messages/:id/retract", ROUTE_OWN, .handle = retract,
     .about = "Takes one's own back; its text is deleted"},
};
const struct route_set page_messages_routes = ROUTE_SET("Messages", routes);
