/* The directory: who is there and what they can help with.  Never a score. */
#include "base/arena.h"
#include "coach/framework.h"
#include "coach/memory.h"
#include "coach/units.h"
#include "web/page.h"
#include "web/page_sets.h"
#include "web/skill_view.h"

enum { F_WORDS, F_SKILL, F_UNIT, F_AFTER, F_LIST__MAX };
static const struct field_spec list_fields[F_LIST__MAX] = {
    [F_WORDS] = {.name = "q", .type = FIELD_TEXT, .max = 100},
    [F_SKILL] = {.name = "skill", .type = FIELD_ID},
    [F_UNIT] = {.name = "unit", .type = FIELD_ID},
    [F_AFTER] = {.name = "after", .type = FIELD_TEXT, .max = 1000},
};

/* -- The filters ---------------------------------------------------------------------------------
 */

static enum err write_skill_filter(struct page *page)
{
    struct skill_frameworks frameworks;
    const struct framework *framework;
    int64_t chosen = page_number(page, F_SKILL);
    enum err err = skill_view_frameworks(page, 0, &frameworks);
    if (err != ERR_OK) {
        return err;
    }
    struct part_option *options =
        arena_alloc(page->arena, (size_t)frameworks.n * FRAMEWORK_MAX_SKILLS, sizeof *options);
    if (!options) {
        return ERR_NOMEM;
    }
    size_t n = 0;
    for (int32_t f = 0; f < frameworks.n; f++) {
        err = memory_framework(&page->coach, frameworks.items[f].id, page->locale, &framework);
        if (err != ERR_OK) {
            return err;
        }
        for (int32_t d = 0; d < framework->n_domains; d++) {
            const struct framework_domain *domain = &framework->domains[d];
            for (int32_t s = 0; s < domain->n_skills; s++) {
                if (!domain->skills[s].active) {
                    continue;
                }
                options[n++] = (struct part_option){
                    .value = page_digits(page, domain->skills[s].id),
                    .text = domain->skills[s].words.name,
                    .group = domain->words.name,
                    .chosen = page_given(page, F_SKILL) && domain->skills[s].id == chosen};
            }
        }
    }
    part_select(&page->html,
                &(struct part_field){.id = str_of("skill"), .label = T(page, "Helps with")},
                T(page, "anything"), options, n);
    return ERR_OK;
}

static enum err write_unit_filter(struct page *page)
{
    struct unit_list units;
    int64_t chosen = page_number(page, F_UNIT);
    enum err err = units_list(&page->coach, false, &units);
    if (err != ERR_OK) {
        return err;
    }
    struct part_option *options = arena_alloc(page->arena, units.n, sizeof *options);
    if (!options) {
        return ERR_NOMEM;
    }
    for (size_t i = 0; i < units.n; i++) {
        options[i] =
            (struct part_option){.value = page_digits(page, units.items[i].id),
                                 .text = units.items[i].name,
                                 .chosen = page_given(page, F_UNIT) && units.items[i].id == chosen};
    }
    part_select(&page->html,
                &(struct part_field){.id = str_of("unit"), .label = T(page, "Works at")},
                T(page, "anywhere"), options, units.n);
    return ERR_OK;
}

static enum err write_filters(struct page *page)
{
    struct html *h = &page->html;
    part_filters_open(h, str_of("/people"), T(page, "Find people"));
    part_input(h, &(struct part_field){.id = str_of("q"),
                                       .label = T(page, "Name"),
                                       .type = "search",
                                       .value = page_text(page, F_WORDS)});
    enum err err = write_skill_filter(page);
    if (err == ERR_OK) {
        err = write_unit_filter(page);
    }
    part_button(h, &(struct part_button){.text = T(page, "Show"),
                                         .kind = PART_BUTTON_PLAIN,
                                         .icon = PART_ICON_SEARCH});
    part_filters_close(h);
    return err;
}

/* -- The list ------------------------------------------------------------------------------------
 */

static void write_person(struct page *page, const struct person_line *line)
{
    struct html *h = &page->html;
    part_cards_item(h);
    part_card_open(h, &(struct part_card){0});
    page_person(page, line->id, line->name, line->units);
    if (line->n_offers) {
        html_open_class(h, EL_P, "quiet");
        html_text(h,
                  FILL(page, T(page, "Helps with {skills}"), CATALOG_TEXT("skills", line->offers)));
        html_close(h, EL_P);
    }
    part_card_close(h);
}

static struct str next_page(struct page *page, const struct person_lines *lines)
{
    if (!lines->next.n) {
        return str_of("");
    }
    return page_path(
        page, "/people?q={}&skill={}&unit={}&after={}", html_part(page_text(page, F_WORDS)),
        page_given(page, F_SKILL) ? html_int(page_number(page, F_SKILL)) : html_part(str_of("")),
        page_given(page, F_UNIT) ? html_int(page_number(page, F_UNIT)) : html_part(str_of("")),
        html_part(lines->next));
}

static void write_list(struct page *page, const struct person_lines *lines)
{
    struct html *h = &page->html;
    if (!lines->n) {
        part_empty(h, &(struct part_empty){
                          .icon = PART_ICON_PEOPLE,
                          .heading = T(page, "Nobody fits"),
                          .text = T(page, "Try fewer letters of the name, or leave a filter out."),
                          .action = T(page, "Show everybody"),
                          .url = str_of("/people")});
        return;
    }
    part_cards_open(h);
    for (size_t i = 0; i < lines->n; i++) {
        write_person(page, &lines->items[i]);
    }
    part_cards_close(h);
    page_turns(page, str_of(page_given(page, F_AFTER) ? "/people" : ""), next_page(page, lines));
}

static enum err show(struct page *page)
{
    struct person_lines lines;
    struct people_query query = {
        .words = page_text(page, F_WORDS),
        .locale = page->locale,
        .unit_id = page_given(page, F_UNIT) ? page_number(page, F_UNIT) : 0,
        .skill_id = page_given(page, F_SKILL) ? page_number(page, F_SKILL) : 0,
        .after = page_text(page, F_AFTER)};
    enum err err = people_list(&page->coach, &query, &lines);
    if (err != ERR_OK) {
        return err;
    }
    page_open(
        page,
        &(struct page_head){
            .title = T(page, "People"),
            .lead =
                T(page, "Who is here, and what they can help with. Nobody is ranked: what people "
                        "offer is what they have chosen to."),
            .nav = PAGE_NAV_PEOPLE,
            .width = PART_WIDTH_WIDE});
    err = write_filters(page);
    if (err != ERR_OK) {
        return err;
    }
    write_list(page, &lines);
    return page_close(page);
}

static const struct route routes[] = {
    {ROUTE_GET, "/people", ROUTE_EVERYBODY, .handle = show, .fields = list_fields,
     .n_fields = F_LIST__MAX, .about = "The directory: search, and filters by offer and unit"},
};
const struct route_set page_people_routes = ROUTE_SET("People", routes);
