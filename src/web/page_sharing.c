/* Who sees what: sharing one's skills with a named person, taking it back, what others share with
 * me, and who opened what of mine. */
#include "base/arena.h"
#include "coach/audit.h"
#include "coach/shares.h"
#include "coach/zones.h"
#include "web/page.h"
#include "web/page_sets.h"
#include "web/skill_view.h"

enum { F_WORDS, F_PERSON, F_SKILL, F_ASK__MAX };
static const struct field_spec ask_fields[F_ASK__MAX] = {
    [F_WORDS] = {.name = "q", .type = FIELD_TEXT, .max = 100},
    [F_PERSON] = {.name = "person", .type = FIELD_ID},
    [F_SKILL] = {.name = "skill", .type = FIELD_ID},
};

enum { F_GIVE_PERSON, F_GIVE_SKILL, F_GIVE__MAX };
static const struct field_spec give_fields[F_GIVE__MAX] = {
    [F_GIVE_PERSON] = {.name = "person", .type = FIELD_ID, .required = true},
    [F_GIVE_SKILL] = {.name = "skill", .type = FIELD_ID},
};

enum { F_BEFORE, F_OPENED__MAX };
static const struct field_spec opened_fields[F_OPENED__MAX] = {
    [F_BEFORE] = {.name = "before", .type = FIELD_ID},
};

#define FOUND 12 /* people shown of a search */

/* -- Sharing -------------------------------------------------------------------------------------
 */

static struct str what_of(struct page *page, const struct share *share)
{
    return share->object_id
               ? FILL(page, T(page, "The skill {skill}"), CATALOG_TEXT("skill", share->object_name))
               : T(page, "All my skills");
}

static void write_given(struct page *page, const struct share_list *list)
{
    struct html *h = &page->html;
    const struct part_column columns[] = {
        {.heading = T(page, "Who")},
        {.heading = T(page, "Sees")},
        {.heading = T(page, "Since")},
        {.heading = T(page, "Change"), .align = PART_ALIGN_ACTIONS}};
    struct part_table table = {.caption = T(page, "I share with"),
                               .hide_caption = true,
                               .columns = columns,
                               .n_columns = 4};
    if (!list->n) {
        part_paragraph(h, T(page, "Nobody sees your skills but you."));
        return;
    }
    part_table_open(h, &table);
    for (size_t i = 0; i < list->n; i++) {
        const struct share *share = &list->items[i];
        part_row_open(h, &table);
        part_cell(h, &table, share->name);
        part_cell(h, &table, what_of(page, share));
        part_cell_open(h, &table);
        page_write_day(page, page_day_of(page, share->created_ms));
        part_cell_close(h, &table);
        part_cell_open(h, &table);
        page_button_form(page, page_path(page, "/sharing/{}/take-back", html_int(share->id)),
                         &(struct part_button){.text = T(page, "Take back"),
                                               .kind = PART_BUTTON_PLAIN,
                                               .about = share->name});
        part_cell_close(h, &table);
        part_row_close(h, &table);
    }
    part_table_close(h, &table);
}

static void write_received(struct page *page, const struct share_list *list)
{
    struct html *h = &page->html;
    if (!list->n) {
        part_paragraph(h, T(page, "Nobody shares skills with you at the moment."));
        return;
    }
    part_cards_open(h);
    for (size_t i = 0; i < list->n; i++) {
        const struct share *share = &list->items[i];
        struct str url = share->object_id
                             ? page_path(page, "/people/{}/skills/{}", html_int(share->owner_id),
                                         html_int(share->object_id))
                             : page_path(page, "/people/{}/skills", html_int(share->owner_id));
        part_cards_item(h);
        part_card_open(h, &(struct part_card){0});
        part_person(h, &(struct part_person){.name = share->name,
                                             .url = url,
                                             .detail = share->object_id ? share->object_name
                                                                        : T(page, "all skills")});
        part_card_close(h);
    }
    part_cards_close(h);
}

/* What is to be shared: all skills, or one of them. */
static enum err write_skills(struct page *page)
{
    struct skill_frameworks frameworks;
    struct zones zones;
    struct html *h = &page->html;
    int64_t chosen = page_given(page, F_SKILL) ? page_number(page, F_SKILL) : 0;
    enum err err = skill_view_frameworks(page, 0, &frameworks);
    size_t n = 0, most = (size_t)frameworks.n * FRAMEWORK_MAX_SKILLS;
    struct part_option *options =
        err == ERR_OK ? arena_alloc(page->arena, most, sizeof *options) : NULL;
    if (!options) {
        return err == ERR_OK ? ERR_NOMEM : err;
    }
    for (int32_t f = 0; f < frameworks.n; f++) {
        err = zones_of(&page->coach, page->me.id, frameworks.items[f].id, page->locale, &zones);
        for (int32_t i = 0; err == ERR_OK && i < zones.n_skills && n < most; i++) {
            options[n++] =
                (struct part_option){.value = page_digits(page, zones.skills[i].skill_id),
                                     .text = zones.skills[i].name,
                                     .group = zones.skills[i].domain,
                                     .chosen = zones.skills[i].skill_id == chosen};
        }
        if (err != ERR_OK) {
            return err;
        }
    }
    part_select(h, &(struct part_field){.id = str_of("skill"), .label = T(page, "What")},
                T(page, "All my skills"), options, n);
    return ERR_OK;
}

/* The people a search found, each with a button; or the one person that a link named. */
static enum err write_found(struct page *page)
{
    struct html *h = &page->html;
    struct person_lines lines = {0};
    enum err err = ERR_OK;
    if (page_given(page, F_PERSON)) {
        lines.items = arena_alloc(page->arena, 1, sizeof *lines.items);
        lines.n = 1;
        err = lines.items ? people_line(&page->coach, page_number(page, F_PERSON), page->locale,
                                        lines.items)
                          : ERR_NOMEM;
    } else if (page_given(page, F_WORDS)) {
        struct people_query query = {
            .words = page_text(page, F_WORDS), .locale = page->locale, .limit = FOUND};
        err = people_list(&page->coach, &query, &lines);
    } else {
        return ERR_OK;
    }
    if (err != ERR_OK) {
        return err;
    }
    if (!lines.n) {
        part_paragraph(h, T(page, "Nobody of this name. Try fewer letters."));
        return ERR_OK;
    }
    page_form_open(page, str_of("/sharing"));
    struct part_option *options = arena_alloc(page->arena, lines.n, sizeof *options);
    if (!options) {
        return ERR_NOMEM;
    }
    for (size_t i = 0; i < lines.n; i++) {
        options[i] = (struct part_option){.value = page_digits(page, lines.items[i].id),
                                          .text = lines.items[i].name,
                                          .hint = lines.items[i].units,
                                          .chosen = lines.n == 1};
    }
    part_choose(h, &(struct part_field){.id = str_of("person"), .label = T(page, "With whom")},
                PART_CHOICES_LIST, false, options, lines.n);
    err = write_skills(page);
    part_buttons_open(h);
    part_button(h, &(struct part_button){.text = T(page, "Share"),
                                         .kind = PART_BUTTON_MAIN,
                                         .icon = PART_ICON_SHARE});
    part_buttons_close(h);
    page_form_close(page);
    return err;
}

static enum err write_search(struct page *page)
{
    struct html *h = &page->html;
    part_section_open(h, str_of("share"), T(page, "Share with somebody"));
    part_paragraph(h, T(page, "They then see the bands and the evidence, and can write down what "
                              "they see in your lessons. Whoever evaluates you cannot be chosen."));
    part_filters_open(h, str_of("/sharing"), T(page, "Find somebody to share with"));
    part_input(h, &(struct part_field){.id = str_of("q"),
                                       .label = T(page, "Name"),
                                       .type = "search",
                                       .value = page_text(page, F_WORDS)});
    if (page_given(page, F_SKILL)) {
        part_hidden(h, str_of("skill"), page_digits(page, page_number(page, F_SKILL)));
    }
    part_button(h, &(struct part_button){.text = T(page, "Find"),
                                         .kind = PART_BUTTON_PLAIN,
                                         .icon = PART_ICON_SEARCH});
    part_filters_close(h);
    enum err err = write_found(page);
    part_section_close(h);
    return err;
}

static enum err show(struct page *page)
{
    struct share_list given, received;
    enum err err = shares_given(&page->coach, &given);
    if (err == ERR_OK) {
        err = shares_received(&page->coach, &received);
    }
    if (err != ERR_OK) {
        return err;
    }
    struct html *h = page_open(
        page,
        &(struct page_head){
            .title = T(page, "Who sees what"),
            .lead = T(page, "Your skills and their evidence are yours alone until you share them. "
                            "Coordinators and administrators cannot open them."),
            .nav = PAGE_NAV_ME});
    part_section_open(h, str_of("given"), T(page, "I share with"));
    write_given(page, &given);
    part_section_close(h);
    err = write_search(page);
    if (err != ERR_OK) {
        return err;
    }
    part_section_open(h, str_of("received"), T(page, "Shared with me"));
    write_received(page, &received);
    page_link(page, T(page, "What I wrote about others"), str_of("/written"));
    part_section_close(h);
    return page_close(page);
}

static enum err give(struct page *page)
{
    int64_t skill_id = page_given(page, F_GIVE_SKILL) ? page_number(page, F_GIVE_SKILL) : 0;
    if (!page_given(page, F_GIVE_PERSON)) {
        return page_go(page, FLASH_SHARE_NOBODY, 0, str_of("/sharing"));
    }
    int64_t id;
    enum err err =
        shares_give(&page->coach, page_number(page, F_GIVE_PERSON), SHARE_ZONES, skill_id, &id);
    if (err == ERR_CONFLICT) {
        return page_go(page, FLASH_SHARE_REFUSED, 0, str_of("/sharing"));
    }
    return err == ERR_OK ? page_go(page, FLASH_SHARED, 0, str_of("/sharing")) : err;
}

static enum err take_back(struct page *page)
{
    enum err err = shares_take_back(&page->coach, page_id(page, "id"));
    return err == ERR_OK ? page_go(page, FLASH_UNSHARED, 0, str_of("/sharing")) : err;
}

/* -- Who opened what ------------------------------------------------------------------------------
 */

/* What was done, in words; of verbs and kinds that need no words of their own, in general ones. */
static struct str deed_of(struct page *page, const struct audit_entry *entry)
{
    static const struct {
        const char *verb, *object, *text;
    } deeds[] = {
        {"view", "zones", N_("opened your skills")},
        {"view", "evidence", N_("opened the evidence behind a skill")},
        {"add", "evidence", N_("wrote down an observation")},
        {"remove", "evidence", N_("withdrew an observation")},
        {"view", "need", N_("looked at what you want to grow in")},
        {"view", "account", N_("opened your account")},
        {"edit", "account", N_("changed your account")},
        {"add", "role", N_("gave you a role")},
        {"remove", "role", N_("took a role from you")},
        {"add", "evaluator", N_("entered who evaluates you")},
        {"remove", "evaluator", N_("removed an evaluator of yours")},
        {"add", "invitation", N_("made an invitation for you")},
        {"edit", "person", N_("changed your entry")},
    };
    for (size_t i = 0; i < sizeof deeds / sizeof *deeds; i++) {
        if (str_is(entry->verb, deeds[i].verb) && str_is(entry->object, deeds[i].object)) {
            return T(page, deeds[i].text);
        }
    }
    return FILL(page, T(page, "did something else ({verb} {object})"),
                CATALOG_TEXT("verb", entry->verb), CATALOG_TEXT("object", entry->object));
}

static void write_entries(struct page *page, const struct audit_list *list)
{
    struct html *h = &page->html;
    const struct part_column columns[] = {
        {.heading = T(page, "Who")}, {.heading = T(page, "What")}, {.heading = T(page, "When")}};
    struct part_table table = {.caption = T(page, "Who opened what of mine"),
                               .hide_caption = true,
                               .columns = columns,
                               .n_columns = 3};
    part_table_open(h, &table);
    for (size_t i = 0; i < list->n; i++) {
        const struct audit_entry *entry = &list->items[i];
        part_row_open(h, &table);
        part_cell(h, &table,
                  entry->actor_name.n ? entry->actor_name : T(page, "the program itself"));
        part_cell_open(h, &table);
        html_open(h, EL_SPAN);
        html_text(h, deed_of(page, entry));
        if (entry->refused) {
            html_text(h, str_of(" "));
            part_badge(h, PART_TONE_CARE, T(page, "was refused"));
        }
        html_close(h, EL_SPAN);
        part_cell_close(h, &table);
        part_cell_open(h, &table);
        page_write_moment(page, entry->at_ms);
        part_cell_close(h, &table);
        part_row_close(h, &table);
    }
    part_table_close(h, &table);
}

static enum err show_opened(struct page *page)
{
    struct audit_list list;
    int64_t before = page_given(page, F_BEFORE) ? page_number(page, F_BEFORE) : 0;
    enum err err = audit_of_person(&page->coach, page->me.id, before, &list);
    if (err != ERR_OK) {
        return err;
    }
    struct html *h = page_open(
        page,
        &(struct page_head){
            .title = T(page, "Who opened what of mine"),
            .lead =
                T(page, "Everything of yours that somebody else opened or changed, and what was "
                        "refused. Nobody can remove an entry."),
            .nav = PAGE_NAV_ME});
    if (!list.n) {
        part_empty(h, &(struct part_empty){.icon = PART_ICON_EYE,
                                           .heading = T(page, "Nobody has opened anything"),
                                           .text = T(page, "What you do yourself is not listed.")});
    } else {
        write_entries(page, &list);
    }
    if (list.before_id) {
        page_link(page, T(page, "Older entries"),
                  page_path(page, "/opened?before={}", html_int(list.before_id)));
    }
    return page_close(page);
}

static const struct route routes[] = {
    {ROUTE_GET, "/sharing", ROUTE_OWN, .handle = show, .fields = ask_fields, .n_fields = F_ASK__MAX,
     .about = "Who sees my skills, and what others share with me"},
    {ROUTE_POST, "/sharing", ROUTE_OWN, .handle = give, .fields = give_fields,
     .n_fields = F_GIVE__MAX, .about = "Shares with a named person"},
    {ROUTE_POST, "/sharing/:id/take-back", ROUTE_OWN, .handle = take_back,
     .about = "Takes it back"},
    {ROUTE_GET, "/opened", ROUTE_OWN, .handle = show_opened, .fields = opened_fields,
     .n_fields = F_OPENED__MAX, .about = "Who opened what of mine"},
};
const struct route_set page_sharing_routes = ROUTE_SET("Sharing", routes);
