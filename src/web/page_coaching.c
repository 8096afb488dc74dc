/* Coaching: my partnerships, and finding a partner by myself. */
#include "base/arena.h"
#include "coach/asks.h"
#include "coach/programmes.h"
#include "coach/wishes.h"
#include "web/coaching_view.h"
#include "web/page.h"
#include "web/page_sets.h"
#include "web/skill_view.h"

/* The first three are the same when a form is shown again. */
enum { F_SKILL, F_EARLIER, F_FIRST, F_SHOW__MAX };
static const struct field_spec show_fields[F_SHOW__MAX] = {
    [F_SKILL] = {.name = "skill", .type = FIELD_ID},
    [F_EARLIER] = {.name = "earlier", .type = FIELD_INT, .least = 0, .most = 1},
    [F_FIRST] = {.name = "first", .type = FIELD_INT, .least = 0, .most = INT32_MAX},
};

enum { F_ASK_SKILL, F_ASK_EARLIER, F_ASK_FIRST, F_TO, F_WORDS, F_ASK__MAX };
static const struct field_spec ask_fields[F_ASK__MAX] = {
    [F_ASK_SKILL] = {.name = "skill", .type = FIELD_ID, .required = true},
    [F_ASK_EARLIER] = {.name = "earlier", .type = FIELD_INT, .least = 0, .most = 1},
    [F_ASK_FIRST] = {.name = "first", .type = FIELD_INT, .least = 0, .most = INT32_MAX},
    [F_TO] = {.name = "to", .type = FIELD_ID},
    [F_WORDS] = {.name = "words", .type = FIELD_LINES, .max = ASKS_WORDS},
};

/* -- My partnerships ------------------------------------------------------------------------------
 */

static void write_one(struct page *page, const struct partnership *p)
{
    struct html *h = &page->html;
    struct coaching_next next;
    part_cards_item(h);
    part_card_open(
        h, &(struct part_card){.heading = coaching_view_with(page, p),
                               .url = page_path(page, "/partnerships/{}", html_int(p->id))});
    coaching_view_state(page, p);
    for (int32_t k = 0; k < p->n_focuses; k++) {
        if (p->focuses[k].active) {
            part_paragraph(h, coaching_view_focus(page, &p->focuses[k]));
        }
    }
    if (coaching_view_next(page, p, &next)) {
        part_quiet(h, next.text);
    }
    part_card_close(h);
}

static void write_list(struct page *page, const struct partnerships *list, bool ended)
{
    struct html *h = &page->html;
    part_cards_open(h);
    for (size_t k = 0; k < list->n; k++) {
        if ((list->items[k].state == PARTNERSHIP_ENDED) == ended) {
            write_one(page, &list->items[k]);
        }
    }
    part_cards_close(h);
}

static void write_next(struct page *page, const struct partnerships *list)
{
    struct html *h = &page->html;
    struct coaching_next best;
    if (coaching_view_first(page, list, &best)) {
        part_next_open(h, T(page, "Next"), best.heading);
        part_paragraph(h, best.text);
        part_buttons_open(h);
        part_button_link(h, PART_BUTTON_MAIN, PART_ICON_ARROW, best.action, best.url);
        part_buttons_close(h);
        part_next_close(h);
    }
}

static enum err show(struct page *page)
{
    struct partnerships list;
    struct programme_parts programmes;
    size_t n_running = 0;
    enum err err = partnerships_of_actor(&page->coach, true, page->locale, &list);
    err = err ? err : programmes_mine(&page->coach, &programmes);
    if (err) {
        return err;
    }
    for (size_t k = 0; k < list.n; k++) {
        n_running += list.items[k].state != PARTNERSHIP_ENDED;
    }
    struct html *h = page_open(
        page, &(struct page_head){.title = T(page, "Coaching"),
                                  .lead = T(page, "With whom you work on what. What you write here "
                                                  "stays between you."),
                                  .nav = PAGE_NAV_COACHING,
                                  .width = PART_WIDTH_WIDE});
    write_next(page, &list);
    part_section_open(h, str_of("running"), T(page, "My partnerships"));
    if (n_running) {
        write_list(page, &list, false);
    } else {
        part_empty(h, &(struct part_empty){
                          .icon = PART_ICON_PEOPLE,
                          .heading = T(page, "None yet"),
                          .text = T(page, "A programme may propose a partner to you. You can also "
                                          "ask a colleague yourself.")});
    }
    part_section_close(h);
    part_buttons_open(h);
    part_button_link(h, n_running ? PART_BUTTON_PLAIN : PART_BUTTON_MAIN, PART_ICON_HAND,
                     T(page, "Ask a colleague"), str_of("/coaching/ask"));
    part_buttons_close(h);
    if (programmes.n) {
        page_link(page, T(page, "Programmes that I take part in, or am asked about"),
                  str_of("/programmes"));
    }
    if (n_running < list.n) {
        part_section_open(h, str_of("ended"), T(page, "Ended"));
        write_list(page, &list, true);
        part_section_close(h);
    }
    return page_close(page);
}

/* -- Asking --------------------------------------------------------------------------------------
 */

static void write_skills(struct page *page, const struct framework *framework,
                         const struct wishes *wishes, int64_t chosen)
{
    struct html *h = &page->html;
    size_t n = 0, room = (size_t)framework->n_skills + (size_t)wishes->n_needs;
    struct part_option *options = arena_alloc(page->arena, room, sizeof *options);
    if (!options) {
        h->err = h->err ? h->err : ERR_NOMEM;
        return;
    }
    for (int32_t k = 0; k < wishes->n_needs; k++) {
        options[n++] = (struct part_option){.value = page_digits(page, wishes->needs[k].skill_id),
                                            .text = wishes->needs[k].skill,
                                            .group = T(page, "My goals"),
                                            .chosen = wishes->needs[k].skill_id == chosen};
    }
    for (int32_t d = 0; d < framework->n_domains; d++) {
        const struct framework_domain *domain = &framework->domains[d];
        for (int32_t s = 0; s < domain->n_skills; s++) {
            bool goal = false;
            for (int32_t k = 0; k < wishes->n_needs; k++) {
                goal |= wishes->needs[k].skill_id == domain->skills[s].id;
            }
            if (!goal) {
                options[n++] =
                    (struct part_option){.value = page_digits(page, domain->skills[s].id),
                                         .text = domain->skills[s].words.name,
                                         .group = domain->words.name,
                                         .chosen = domain->skills[s].id == chosen};
            }
        }
    }
    part_form_open(h, &(struct part_form){.action = str_of("/coaching/ask"), .get = true});
    part_select(h,
                &(struct part_field){.id = str_of("skill"),
                                     .label = T(page, "What would you like help with?"),
                                     .error = page_error(page, "skill")},
                T(page, "choose"), options, n);
    part_buttons_open(h);
    part_button(h, &(struct part_button){.text = T(page, "Show who could help"),
                                         .kind = PART_BUTTON_PLAIN});
    part_buttons_close(h);
    part_form_close(h);
}

static struct str together(struct page *page, const struct suggestion *s)
{
    return FILL(page, T(page, "You worked together until {day}."),
                CATALOG_TEXT("day", page_day(page, page_day_of(page, s->together_ms))));
}

static struct str about(struct page *page, const struct suggestion *s)
{
    struct str facts =
        s->earlier       ? T(page, "A partnership of yours with them has ended before.")
        : s->together_ms ? together(page, s)
        : s->same_unit
            ? (s->same_period ? T(page, "Works where you work; you are free at the same time.")
                              : T(page, "Works where you work."))
        : s->unit.n == 0 ? (s->same_period ? T(page, "You are free at the same time.") : s->unit)
        : s->same_period ? FILL(page, T(page, "Works at {unit}; you are free at the same time."),
                                CATALOG_TEXT("unit", s->unit))
                         : FILL(page, T(page, "Works at {unit}."), CATALOG_TEXT("unit", s->unit));
    if (!s->note.n || s->earlier) {
        return facts;
    }
    return FILL(page, T(page, "{facts} They say: {note}"), CATALOG_TEXT("facts", facts),
                CATALOG_TEXT("note", s->note));
}

static bool shows_earlier(const struct page *page)
{
    return page_given(page, F_EARLIER) && page_number(page, F_EARLIER) == 1;
}

static int32_t first_shown(const struct page *page)
{
    return page_given(page, F_FIRST) ? (int32_t)page_number(page, F_FIRST) : 0;
}

/* Nobody is sent back to somebody with whom it did not go on; who wants to finds the way. */
static void write_earlier(struct page *page, int64_t skill_id, const struct suggestions *found)
{
    if (!found->n_earlier) {
        return;
    }
    part_quiet(&page->html, T(page, "Colleagues with whom a partnership of yours was declined, or "
                                    "ended before its time, are not among these."));
    page_link(page, T(page, "Show them too"),
              page_path(page, "/coaching/ask?skill={}&earlier=1#to", html_int(skill_id)));
}

static struct str page_from(struct page *page, int64_t skill_id, int32_t first)
{
    return page_path(page, "/coaching/ask?skill={}&earlier={}&first={}#to", html_int(skill_id),
                     html_int(shows_earlier(page)), html_int(first));
}

/* The way to the others, where they do not fit on one page. */
static void write_pages(struct page *page, int64_t skill_id, const struct suggestions *found)
{
    int32_t next = found->first + ASKS_SUGGESTIONS,
            last = next < found->n_all ? next : found->n_all;
    if (found->n_all <= ASKS_SUGGESTIONS) {
        return;
    }
    part_pages(&page->html,
               &(struct part_pages){
                   .label = T(page, "Colleagues"),
                   .previous = T(page, "Back"),
                   .previous_url = found->first
                                       ? page_from(page, skill_id, found->first - ASKS_SUGGESTIONS)
                                       : str_of(""),
                   .position = FILL(page, T(page, "{from} to {until} of {all}"),
                                    CATALOG_INT("from", found->first + 1),
                                    CATALOG_INT("until", last), CATALOG_INT("all", found->n_all)),
                   .next = T(page, "More"),
                   .next_url = next < found->n_all ? page_from(page, skill_id, next) : str_of("")});
}

static void write_people(struct page *page, int64_t skill_id, const struct suggestions *found)
{
    struct html *h = &page->html;
    struct part_option options[2 * ASKS_SUGGESTIONS];
    int64_t chosen = page_value_number(page, F_TO, 0);
    for (int32_t k = 0; k < found->n; k++) {
        const struct suggestion *s = &found->items[k];
        options[k] = (struct part_option){.value = page_digits(page, s->person_id),
                                          .text = s->name,
                                          .hint = about(page, s),
                                          .chosen = chosen == s->person_id};
    }
    page_form_open(page, str_of("/coaching/ask"));
    part_hidden(h, str_of("skill"), page_digits(page, skill_id));
    if (shows_earlier(page)) {
        part_hidden(h, str_of("earlier"), str_of("1"));
    }
    part_hidden(h, str_of("first"), page_digits(page, found->first));
    part_choose(
        h,
        &(struct part_field){.id = str_of("to"),
                             .label = T(page, "Whom would you like to ask?"),
                             .hint = T(page, "They have offered to help with this, and have "
                                             "room for one more."),
                             .error = page_error(page, "to")},
        PART_CHOICES_LIST, false, options, (size_t)found->n);
    write_pages(page, skill_id, found);
    part_textarea(h, &(struct part_field){.id = str_of("words"),
                                          .label = T(page, "A few words to them"),
                                          .optional = T(page, "optional"),
                                          .hint = T(page, "Only the one whom you ask reads this."),
                                          .error = page_error(page, "words"),
                                          .value = page_value(page, F_WORDS, str_of("")),
                                          .max_length = ASKS_WORDS});
    part_buttons_open(h);
    part_button(h, &(struct part_button){.text = T(page, "Ask"), .kind = PART_BUTTON_MAIN});
    part_buttons_close(h);
    page_form_close(page);
}

static void write_guide(struct page *page, int64_t skill_id, bool nobody)
{
    struct html *h = &page->html;
    part_section_open(h, str_of("guide"), T(page, "Or begin with the guide"));
    if (nobody) {
        part_paragraph(h, T(page, "Nobody can help with this at the moment. The guide can."));
    }
    part_paragraph(h,
                   T(page, "The guide is a program. It leads you through the same cycle with "
                           "questions, examples and tasks, and helps less as you need it less."));
    part_buttons_open(h);
    page_button_form(page, page_path(page, "/coaching/guide/{}", html_int(skill_id)),
                     &(struct part_button){.text = T(page, "Work with the guide"),
                                           .kind = PART_BUTTON_PLAIN,
                                           .icon = PART_ICON_SEED});
    part_buttons_close(h);
    part_section_close(h);
}

static enum err show_ask(struct page *page)
{
    struct skill_frameworks frameworks;
    struct framework *framework;
    struct wishes wishes;
    struct suggestions found = {0};
    int64_t skill_id = page_given(page, F_SKILL) ? page_number(page, F_SKILL) : 0, framework_id = 0;
    enum err err = skill_id ? frameworks_of_skill(&page->coach, skill_id, &framework_id) : ERR_OK;
    err = err ? err : skill_view_frameworks(page, framework_id, &frameworks);
    if (!err && !frameworks.id) {
        return skill_view_none(page, T(page, "Ask a colleague"));
    }
    err = err ? err : frameworks_get(&page->coach, frameworks.id, page->locale, 0, &framework);
    err = err ? err : wishes_of(&page->coach, page->me.id, frameworks.id, page->locale, &wishes);
    err = err || !skill_id ? err
                           : asks_suggest(&page->coach, skill_id, shows_earlier(page),
                                          first_shown(page), &found);
    if (err) {
        return err;
    }
    page_open(page, &(struct page_head){
                        .title = T(page, "Ask a colleague"),
                        .lead = T(page, "You ask, they say yes or no. A no needs no reason."),
                        .back = T(page, "Coaching"),
                        .back_url = str_of("/coaching"),
                        .nav = PAGE_NAV_COACHING});
    page_errors(page);
    write_skills(page, framework, &wishes, skill_id);
    if (skill_id) {
        if (found.n) {
            write_people(page, skill_id, &found);
        }
        write_earlier(page, skill_id, &found);
        write_guide(page, skill_id, found.n == 0);
    }
    return page_close(page);
}

static enum err ask(struct page *page)
{
    int64_t id = 0;
    if (!page_given(page, F_ASK_SKILL)) {
        return page_go(page, FLASH_CHOOSE_SKILL, 0, str_of("/coaching/ask"));
    }
    if (!page_given(page, F_TO)) {
        complaint_add(&page->complaints, "to", N_("Choose one."));
    }
    enum err err = page->complaints.n ? ERR_INVALID
                                      : asks_send(&page->coach, page_number(page, F_TO),
                                                  page_number(page, F_ASK_SKILL),
                                                  page_text(page, F_WORDS), &page->complaints, &id);
    if (err == ERR_INVALID && page->complaints.n) {
        return page_again(page, show_ask);
    }
    return err ? err
               : page_go(page, FLASH_ASKED, 0, page_path(page, "/partnerships/{}", html_int(id)));
}

static enum err guide(struct page *page)
{
    int64_t id = 0;
    enum err err = asks_guide(&page->coach, page_id(page, "skill"), &page->complaints, &id);
    if (err == ERR_INVALID && page->complaints.n) {
        return page_go(page, FLASH_CHOOSE_SKILL, 0, str_of("/coaching/ask"));
    }
    return err ? err
               : page_go(page, FLASH_NONE, 0, page_path(page, "/partnerships/{}", html_int(id)));
}

static const struct route routes[] = {
    {ROUTE_GET, "/coaching", ROUTE_OWN, .handle = show, .about = "My partnerships"},
    {ROUTE_GET, "/coaching/ask", ROUTE_OWN, .handle = show_ask, .fields = show_fields,
     .n_fields = F_SHOW__MAX, .about = "Whom I could ask for help with a skill"},
    {ROUTE_POST, "/coaching/ask", ROUTE_OWN, .handle = ask, .fields = ask_fields,
     .n_fields = F_ASK__MAX, .about = "Asks a colleague"},
    {ROUTE_POST, "/coaching/guide/:skill", ROUTE_OWN, .handle = guide,
     .about = "Begins with the guide"},
};
const struct route_set page_coaching_routes = ROUTE_SET("Coaching", routes);
