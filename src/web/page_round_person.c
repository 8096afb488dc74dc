/* What else could be done with somebody of a round, and what each change costs. */
#include "coach/rounds.h"
#include "web/page.h"
#include "web/page_sets.h"
#include "web/programme_view.h"

enum { F_OTHER, F_SWAP, F_MOVE__MAX };
static const struct field_spec move_fields[F_MOVE__MAX] = {
    [F_OTHER] = {.name = "other", .type = FIELD_ID, .required = true},
    [F_SWAP] = {.name = "swap", .type = FIELD_BOOL},
};

static struct str round_path(struct page *page)
{
    return page_path(page, "/rounds/{}", html_int(page_id(page, "id")));
}

static void write_now(struct page *page, const struct rounds_alternatives *list)
{
    struct html *h = &page->html;
    part_section_open(h, str_of("now"), T(page, "Now"));
    if (!list->now.n_rows) {
        part_paragraph(h, FILL(page, T(page, "{name} has no partner in this round."),
                               CATALOG_TEXT("name", list->person)));
    }
    for (size_t k = 0; k < list->now.n_rows && !list->now.withheld; k++) {
        programme_view_row(page, &list->now.rows[k]);
    }
    part_section_close(h);
}

/* What the change means for the whole, in a sentence. */
static struct str cost_words(struct page *page, const struct rounds_alternative *a)
{
    if (a->served < 0) {
        return FILL(page,
                    TN(page, "{n} person fewer receives help.", "{n} people fewer receive help.",
                       -a->served),
                    CATALOG_INT("n", -a->served));
    }
    if (a->served > 0) {
        return FILL(
            page,
            TN(page, "{n} person more receives help.", "{n} people more receive help.", a->served),
            CATALOG_INT("n", a->served));
    }
    if (a->gain == 0) {
        return T(page, "It costs nothing.");
    }
    return FILL(page,
                a->gain < 0 ? T(page, "As many receive help; the benefit in all is {gain} less.")
                            : T(page, "As many receive help; the benefit in all is {gain} more."),
                CATALOG_TEXT("gain", programme_view_gain(page, a->gain < 0 ? -a->gain : a->gain)));
}

static struct str left_words(struct page *page, const struct rounds_alternatives *list,
                             const struct rounds_alternative *a, enum programme_strategy strategy)
{
    bool guide = strategy == PROGRAMME_GUIDE;
    if (a->swapped && strategy == PROGRAMME_TRIO) {
        return FILL(page, T(page, "{other} takes the place of {name}."),
                    CATALOG_TEXT("other", a->left[0]), CATALOG_TEXT("name", list->person));
    }
    if (a->swapped) {
        return FILL(page, T(page, "{one} and {other} become partners instead."),
                    CATALOG_TEXT("one", a->left[0]), CATALOG_TEXT("other", a->left[1]));
    }
    if (guide) {
        return a->left_id[1] ? FILL(page, T(page, "{name} loses this help."),
                                    CATALOG_TEXT("name", a->left[1]))
                             : str_of("");
    }
    if (a->left_id[0] && a->left_id[1]) {
        return FILL(page, T(page, "{one} and {other} would be without a partner."),
                    CATALOG_TEXT("one", a->left[0]), CATALOG_TEXT("other", a->left[1]));
    }
    int k = a->left_id[0] ? 0 : 1;
    return a->left_id[k] ? FILL(page, T(page, "{name} would be without a partner."),
                                CATALOG_TEXT("name", a->left[k]))
                         : str_of("");
}

static void write_sides(struct page *page, const struct rounds_alternatives *list,
                        const struct rounds_alternative *a)
{
    struct html *h = &page->html;
    if (a->learns.n) {
        part_paragraph(h,
                       FILL(page, T(page, "{helper} would help {learner} with {skill}."),
                            CATALOG_TEXT("helper", a->other), CATALOG_TEXT("learner", list->person),
                            CATALOG_TEXT("skill", a->learns)));
    }
    if (a->helps.n) {
        part_paragraph(h, FILL(page, T(page, "{helper} would help {learner} with {skill}."),
                               CATALOG_TEXT("helper", list->person),
                               CATALOG_TEXT("learner", a->other), CATALOG_TEXT("skill", a->helps)));
    }
}

static void write_alternative(struct page *page, const struct rounds_alternatives *list,
                              const struct rounds_alternative *a, enum programme_strategy strategy)
{
    struct html *h = &page->html;
    struct str left = left_words(page, list, a, strategy);
    part_cards_item(h);
    part_card_open(h, &(struct part_card){.heading = a->other});
    write_sides(page, list, a);
    if (left.n) {
        part_quiet(h, left);
    }
    part_badge(h, a->served < 0 ? PART_TONE_CARE : PART_TONE_PLAIN, cost_words(page, a));
    page_form_open(page, page_path(page, "/rounds/{}/people/{}", html_int(page_id(page, "id")),
                                   html_int(list->person_id)));
    part_hidden(h, str_of("other"), page_digits(page, a->other_id));
    part_hidden(h, str_of("swap"), str_of(a->swapped ? "1" : "0"));
    part_buttons_open(h);
    part_button(h, &(struct part_button){.text = T(page, "Put them together"),
                                         .kind = PART_BUTTON_PLAIN,
                                         .about = a->other});
    part_buttons_close(h);
    page_form_close(page);
    part_card_close(h);
}

static enum err show(struct page *page)
{
    struct rounds_alternatives list;
    struct rounds_round round;
    int64_t id = page_id(page, "id");
    enum err err = rounds_get(&page->coach, id, &round);
    err = err ? err
              : rounds_alternatives_of(&page->coach, id, page_id(page, "person"), page->locale,
                                       &list);
    if (err) {
        return err;
    }
    struct html *h = page_open(
        page, &(struct page_head){
                  .title = FILL(page, T(page, "Other partners for {name}"),
                                CATALOG_TEXT("name", list.person)),
                  .eyebrow = round.programme,
                  .lead = T(page, "In the order of what they mean for everybody. What you put "
                                  "together is locked, and stays when the rest is worked out "
                                  "again."),
                  .back = T(page, "The round"),
                  .back_url = round_path(page),
                  .nav = PAGE_NAV_PROGRAMMES,
                  .width = PART_WIDTH_WIDE});
    write_now(page, &list);
    part_section_open(h, str_of("others"), T(page, "What else is possible"));
    part_paragraph(h, list.n ? T(page, "What each change costs is counted with everybody else as "
                                       "they are now. Working the round out again around what is "
                                       "locked often wins some of it back.")
                             : T(page, "Nobody else under these rules can help, or be helped."));
    part_cards_open(h);
    for (size_t k = 0; k < list.n; k++) {
        write_alternative(page, &list, &list.items[k], round.strategy);
    }
    part_cards_close(h);
    part_section_close(h);
    return page_close(page);
}

static enum err move(struct page *page)
{
    int64_t id = page_id(page, "id");
    enum err err = page->complaints.n
                       ? ERR_CONFLICT
                       : rounds_move(&page->coach, id, page_id(page, "person"),
                                     page_number(page, F_OTHER), page_number(page, F_SWAP) != 0);
    if (err == ERR_CONFLICT) {
        return programme_view_refused(page, id);
    }
    return err ? err : page_go(page, FLASH_ROUND_MOVED, 0, round_path(page));
}

static const struct route routes[] = {
    {ROUTE_GET, "/rounds/:id/people/:person", ROUTE_COORDINATOR, .handle = show,
     .about = "Other partners for somebody, with the cost of each change"},
    {ROUTE_POST, "/rounds/:id/people/:person", ROUTE_COORDINATOR, .handle = move,
     .fields = move_fields, .n_fields = F_MOVE__MAX, .about = "Puts two people together"},
};
const struct route_set page_round_person_routes = ROUTE_SET("Rounds: one person", routes);
