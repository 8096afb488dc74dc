/* Programmes: those one takes part in, those one arranges; and the page on which a person who was
 * asked says yes or no. */
#include "coach/allow.h"
#include "coach/programmes.h"
#include "web/page.h"
#include "web/page_sets.h"
#include "web/programme_view.h"

enum { F_ANSWER, F_HELPS, F_LEARNS, F_PART__MAX };
static const struct field_spec part_fields[F_PART__MAX] = {
    [F_ANSWER] = {.name = "answer", .type = FIELD_CHOICE, .choices = "yes|no", .required = true},
    [F_HELPS] =
        {.name = "max_helps", .type = FIELD_INT, .least = 0, .most = PROGRAMMES_PARTNERS, .max = 3},
    [F_LEARNS] = {.name = "max_learns",
                  .type = FIELD_INT,
                  .least = 0,
                  .most = PROGRAMMES_PARTNERS,
                  .max = 3},
};

/* ---- the list ---- */

static void write_part(struct page *page, const struct programme_part *part)
{
    struct html *h = &page->html;
    const struct programme *p = &part->programme;
    bool asks = part->state == PART_INVITED && p->state != PROGRAMME_CLOSED;
    part_cards_item(h);
    part_card_open(h,
                   &(struct part_card){.tone = asks ? PART_TONE_ACCENT : PART_TONE_PLAIN,
                                       .heading = p->name,
                                       .eyebrow = programme_view_dates(page, p),
                                       .url = page_path(page, "/programmes/{}", html_int(p->id))});
    part_badge(h, asks ? PART_TONE_CARE : PART_TONE_PLAIN,
               asks                           ? T(page, "Your answer is asked for")
               : p->state == PROGRAMME_CLOSED ? programme_view_state(page, p->state)
               : part->state == PART_IN       ? T(page, "You take part")
                                              : T(page, "You do not take part"));
    part_card_close(h);
}

static enum err write_parts(struct page *page)
{
    struct programme_parts parts;
    struct html *h = &page->html;
    enum err err = programmes_mine(&page->coach, &parts);
    if (err || parts.n == 0) {
        return err;
    }
    part_section_open(h, str_of("mine"), T(page, "For you"));
    part_cards_open(h);
    for (size_t k = 0; k < parts.n; k++) {
        write_part(page, &parts.items[k]);
    }
    part_cards_close(h);
    part_section_close(h);
    return ERR_OK;
}

static void write_arranged(struct page *page, const struct programme_list *list)
{
    struct html *h = &page->html;
    const struct part_column columns[] = {
        {.heading = T(page, "Programme")},
        {.heading = T(page, "State")},
        {.heading = T(page, "Period")},
        {.heading = T(page, "Take part"), .align = PART_ALIGN_NUMBER},
        {.heading = T(page, "No answer yet"), .align = PART_ALIGN_NUMBER},
    };
    struct part_table table = {.caption = T(page, "Programmes that you arrange"),
                               .hide_caption = true,
                               .columns = columns,
                               .n_columns = sizeof columns / sizeof *columns};
    part_table_open(h, &table);
    for (size_t k = 0; k < list->n; k++) {
        const struct programme *p = &list->items[k];
        part_row_open(h, &table);
        part_cell_open(h, &table);
        html_open(h, EL_A);
        html_attr_url(h, AT_HREF, page_path(page, "/programmes/{}/plan", html_int(p->id)));
        html_text(h, p->name);
        html_close(h, EL_A);
        part_cell_close(h, &table);
        part_cell(h, &table, programme_view_state(page, p->state));
        part_cell(h, &table, programme_view_dates(page, p));
        part_cell(h, &table, page_digits(page, p->n_in));
        part_cell(h, &table, page_digits(page, p->n_invited));
        part_row_close(h, &table);
    }
    part_table_close(h, &table);
}

static enum err show_list(struct page *page)
{
    struct programme_list list;
    enum err err = programmes_list(&page->coach, &list);
    if (err) {
        return err;
    }
    bool arranges = programmes_may_arrange(&page->coach);
    struct html *h = page_open(
        page, &(struct page_head){
                  .title = T(page, "Programmes"),
                  .lead = T(page, "A programme brings colleagues together for some weeks, around "
                                  "the skills that they want to grow in."),
                  .nav = PAGE_NAV_PROGRAMMES,
                  .width = PART_WIDTH_WIDE});
    err = write_parts(page);
    if (err) {
        return err;
    }
    if (arranges) {
        part_section_open(h, str_of("arranged"), T(page, "Programmes that you arrange"));
        part_buttons_open(h);
        part_button_link(h, PART_BUTTON_MAIN, PART_ICON_ADD, T(page, "Plan a programme"),
                         str_of("/programmes/new"));
        part_buttons_close(h);
        if (list.n) {
            write_arranged(page, &list);
        } else {
            part_quiet(h, T(page, "None yet. Planning one takes a few short forms; nobody is asked "
                                  "before you open it."));
        }
        part_section_close(h);
    }
    return page_close(page);
}

/* ---- taking part ---- */

static void write_limit(struct page *page, int field, const char *id, struct str label,
                        struct str hint, int32_t now)
{
    part_input(&page->html,
               &(struct part_field){.id = str_of(id),
                                    .label = label,
                                    .hint = hint,
                                    .type = "number",
                                    .min = str_of("0"),
                                    .max = page_digits(page, PROGRAMMES_PARTNERS),
                                    .value = page_value(page, field, page_digits(page, now)),
                                    .error = page_error(page, id),
                                    .width = PART_FIELD_SHORT});
}

static void write_answer(struct page *page, const struct programme_part *part)
{
    struct html *h = &page->html;
    struct str action = page_path(page, "/programmes/{}/answer", html_int(part->programme.id));
    part_section_open(h, str_of("answer"), T(page, "Your answer"));
    if (part->state == PART_IN) {
        part_paragraph(h, T(page, "You take part. You can change how many partners suit you, or "
                                  "leave; you need not say why."));
    } else if (part->state == PART_OUT) {
        part_paragraph(h, T(page, "You do not take part. You can change your mind while the "
                                  "programme is open."));
    } else {
        part_paragraph(h, T(page, "You are free to say no, and need not say why. If you say yes, a "
                                  "partner is proposed to you, which you can decline as well."));
    }
    page_form_open(page, action);
    write_limit(page, F_HELPS, "max_helps",
                T(page, "How many colleagues could you help at a time?"),
                T(page, "0: not this time"), part->max_helps);
    write_limit(page, F_LEARNS, "max_learns", T(page, "With how many would you like to learn?"),
                T(page, "0: not this time"), part->max_learns);
    part_buttons_open(h);
    part_button(h,
                &(struct part_button){.text = part->state == PART_IN ? T(page, "Save")
                                                                     : T(page, "Yes, I take part"),
                                      .kind = PART_BUTTON_MAIN,
                                      .name = str_of("answer"),
                                      .value = str_of("yes")});
    if (part->state != PART_OUT) {
        part_button(h, &(struct part_button){.text = part->state == PART_IN
                                                         ? T(page, "Leave the programme")
                                                         : T(page, "No, not this time"),
                                             .kind = PART_BUTTON_PLAIN,
                                             .name = str_of("answer"),
                                             .value = str_of("no")});
    }
    part_buttons_close(h);
    page_form_close(page);
    part_section_close(h);
}

static void write_wishes(struct page *page, const struct programme_part *part)
{
    struct html *h = &page->html;
    if (part->n_needs > 0 && part->n_offers > 0) {
        return;
    }
    part_notice_open(h, PART_TONE_CARE, T(page, "Before partners are found"));
    part_paragraph(h,
                   part->n_needs == 0
                       ? T(page, "You have not said yet what you want to grow in. Without a goal "
                                 "in a skill of this programme nobody can be found to help you.")
                       : T(page, "You have not offered help with anything yet. Most people who "
                                 "want to learn something can also help somebody else."));
    page_link(page, T(page, "Say what you want to grow in and what you can help with"),
              str_of("/wishes"));
    part_notice_close(h);
}

static enum err show_part(struct page *page)
{
    struct programme_part part;
    int64_t id = page_id(page, "id");
    bool arranges = false;
    enum err err = programmes_my_part(&page->coach, id, &part);
    err = err ? err
              : allowed_quietly(&page->coach, ALLOW_VIEW, allow_on(ALLOW_ON_PROGRAMME, id),
                                &arranges);
    if (err) {
        return err;
    }
    const struct programme *p = &part.programme;
    struct html *h = page_open(page, &(struct page_head){.title = p->name,
                                                         .eyebrow = T(page, "Programme"),
                                                         .lead = programme_view_dates(page, p),
                                                         .back = T(page, "Programmes"),
                                                         .back_url = str_of("/programmes"),
                                                         .nav = PAGE_NAV_PROGRAMMES});
    page_errors(page);
    if (p->about.n) {
        part_written(h, p->about);
    }
    part_terms_open(h);
    part_term(h, T(page, "Skills"), p->framework);
    part_term(h, T(page, "How people come together"), programme_view_strategy(page, p->strategy));
    part_terms_close(h);
    part_quiet(h, programme_view_strategy_about(page, p->strategy));
    if (p->state == PROGRAMME_CLOSED) {
        part_paragraph(h, T(page, "This programme is closed."));
    } else {
        write_wishes(page, &part);
        part_quiet(h, T(page, "What you and a partner say and write to each other is yours. "
                              "Coordinators see who works with whom and in which skill, nothing "
                              "more; whoever evaluates you does not even see that."));
        write_answer(page, &part);
    }
    if (arranges) {
        page_link(page, T(page, "Arrange this programme"),
                  page_path(page, "/programmes/{}/plan", html_int(id)));
    }
    return page_close(page);
}

static enum err answer(struct page *page)
{
    int64_t id = page_id(page, "id");
    bool yes = page_number(page, F_ANSWER) == 0;
    int32_t helps = page_given(page, F_HELPS) ? (int32_t)page_number(page, F_HELPS) : -1;
    int32_t learns = page_given(page, F_LEARNS) ? (int32_t)page_number(page, F_LEARNS) : -1;
    enum err err = page->complaints.n && yes
                       ? ERR_INVALID
                       : programmes_answer(&page->coach, id, yes, helps, learns, &page->complaints);
    if (err == ERR_INVALID) {
        return page_again(page, show_part);
    }
    return err ? err
               : page_go(page, yes ? FLASH_PROGRAMME_IN : FLASH_PROGRAMME_OUT, 0,
                         page_path(page, "/programmes/{}", html_int(id)));
}

static const struct route routes[] = {
    {ROUTE_GET, "/programmes", ROUTE_OWN, .handle = show_list,
     .about = "Programmes one takes part in, and those one arranges"},
    {ROUTE_GET, "/programmes/:id", ROUTE_OWN, .handle = show_part,
     .about = "A programme for those who are asked: what it is, yes or no"},
    {ROUTE_POST, "/programmes/:id/answer", ROUTE_OWN, .handle = answer, .fields = part_fields,
     .n_fields = F_PART__MAX, .about = "Says yes or no"},
};
const struct route_set page_programmes_routes = ROUTE_SET("Programmes", routes);
