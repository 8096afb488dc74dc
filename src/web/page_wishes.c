/* What I want to grow in and what I can help with: one short form, asked of everybody; and single
 * clicks from other pages. */
#include "base/arena.h"
#include "coach/wishes.h"
#include "web/page.h"
#include "web/page_sets.h"
#include "web/skill_view.h"

enum { F_FRAMEWORK, F_SHOW__MAX };
static const struct field_spec show_fields[F_SHOW__MAX] = {
    [F_FRAMEWORK] = {.name = "framework", .type = FIELD_ID},
};

enum {
    F_SAVED_FRAMEWORK,
    F_OFFERS,
    F_NEED, /* WISHES_MAX_NEEDS of them, then as many notes */
    F_NOTE = F_NEED + WISHES_MAX_NEEDS,
    F_SAVE__MAX = F_NOTE + WISHES_MAX_NEEDS
};
static const struct field_spec save_fields[F_SAVE__MAX] = {
    [F_SAVED_FRAMEWORK] = {.name = "framework", .type = FIELD_ID, .required = true},
    [F_OFFERS] = {.name = "offer", .type = FIELD_ID, .max_items = FRAMEWORK_MAX_SKILLS},
    [F_NEED] = {.name = "need", .type = FIELD_ID},
    [F_NEED + 1] = {.name = "need2", .type = FIELD_ID},
    [F_NEED + 2] = {.name = "need3", .type = FIELD_ID},
    [F_NOTE] = {.name = "note", .type = FIELD_TEXT, .max = WISHES_MAX_NOTE},
    [F_NOTE + 1] = {.name = "note2", .type = FIELD_TEXT, .max = WISHES_MAX_NOTE},
    [F_NOTE + 2] = {.name = "note3", .type = FIELD_TEXT, .max = WISHES_MAX_NOTE},
};

struct form {
    const struct framework *framework;
    struct wishes wishes;
};

/* -- The form ------------------------------------------------------------------------------------
 */

static void write_need(struct page *page, const struct form *form, int which)
{
    static const char *const labels[WISHES_MAX_NEEDS] = {N_("First goal"), N_("Second goal"),
                                                         N_("Third goal")};
    struct html *h = &page->html;
    const struct framework *framework = form->framework;
    const struct wish *stored = which < form->wishes.n_needs ? &form->wishes.needs[which] : NULL;
    int64_t chosen = page_value_number(page, F_NEED + which, stored ? stored->skill_id : 0);
    struct part_option *options =
        arena_alloc(page->arena, (size_t)framework->n_skills, sizeof *options);
    if (!options) {
        h->err = h->err ? h->err : ERR_NOMEM;
        return;
    }
    size_t n = 0;
    for (int32_t d = 0; d < framework->n_domains; d++) {
        const struct framework_domain *domain = &framework->domains[d];
        for (int32_t s = 0; s < domain->n_skills; s++) {
            options[n++] = (struct part_option){.value = page_digits(page, domain->skills[s].id),
                                                .text = domain->skills[s].words.name,
                                                .group = domain->words.name,
                                                .chosen = domain->skills[s].id == chosen};
        }
    }
    part_fieldset_open(h, T(page, labels[which]), str_of(""));
    part_select(h,
                &(struct part_field){.id = str_of(save_fields[F_NEED + which].name),
                                     .label = T(page, "Skill"),
                                     .error = which ? str_of("") : page_error(page, "need"),
                                     .optional = T(page, "optional")},
                T(page, "nothing"), options, n);
    part_input(h,
               &(struct part_field){
                   .id = str_of(save_fields[F_NOTE + which].name),
                   .label = T(page, "In which situation?"),
                   .hint = which ? str_of("") : T(page, "For example: in Year 9, with fractions"),
                   .optional = T(page, "optional"),
                   .value = page_value(page, F_NOTE + which, stored ? stored->note : str_of(""))});
    part_fieldset_close(h);
}

static bool offers(const struct form *form, int64_t skill_id)
{
    for (int32_t i = 0; i < form->wishes.n_offers; i++) {
        if (form->wishes.offers[i].skill_id == skill_id) {
            return true;
        }
    }
    return false;
}

static void write_offers(struct page *page, const struct form *form,
                         const struct framework_domain *domain, bool first)
{
    struct html *h = &page->html;
    struct part_option *options =
        arena_alloc(page->arena, (size_t)domain->n_skills, sizeof *options);
    if (!options) {
        h->err = h->err ? h->err : ERR_NOMEM;
        return;
    }
    for (int32_t s = 0; s < domain->n_skills; s++) {
        const struct framework_skill *skill = &domain->skills[s];
        options[s] = (struct part_option){
            .value = page_digits(page, skill->id),
            .text = skill->words.name,
            .hint = skill->words.description,
            .chosen = page_value_has(page, F_OFFERS, skill->id, offers(form, skill->id))};
    }
    part_choose(h,
                &(struct part_field){.id = first ? str_of("offer")
                                                 : html_id(h, "offer-{}", html_int(domain->id)),
                                     .name = str_of("offer"),
                                     .label = domain->words.name,
                                     .error = first ? page_error(page, "offer") : str_of("")},
                PART_CHOICES_LIST, true, options, (size_t)domain->n_skills);
}

static void write_form(struct page *page, const struct form *form)
{
    struct html *h = &page->html;
    page_form_open(page, str_of("/wishes"));
    part_hidden(h, str_of("framework"), page_digits(page, form->framework->id));
    part_section_open(h, str_of("needs"), T(page, "What do I want to grow in?"));
    part_paragraph(h, T(page, "One to three things. Only you and those you share your zones with "
                              "see them."));
    for (int i = 0; i < WISHES_MAX_NEEDS; i++) {
        write_need(page, form, i);
    }
    part_section_close(h);
    part_section_open(h, str_of("offers"), T(page, "What can I help with?"));
    part_paragraph(h, T(page, "You need not be perfect in it: having worked on it is enough. "
                              "Colleagues see what you offer, never a level."));
    for (int32_t d = 0; d < form->framework->n_domains; d++) {
        if (form->framework->domains[d].n_skills) {
            write_offers(page, form, &form->framework->domains[d], d == 0);
        }
    }
    part_section_close(h);
    part_buttons_open(h);
    part_button(h, &(struct part_button){.text = T(page, "Save"), .kind = PART_BUTTON_MAIN});
    part_buttons_close(h);
    page_form_close(page);
}

static enum err load(struct page *page, int64_t framework_id, struct form *form)
{
    struct framework *framework;
    enum err err = frameworks_get(&page->coach, framework_id, page->locale, 0, &framework);
    if (err == ERR_OK) {
        form->framework = framework;
        err = wishes_of(&page->coach, page->me.id, framework_id, page->locale, &form->wishes);
    }
    return err;
}

static enum err show(struct page *page)
{
    struct skill_frameworks frameworks;
    struct form form;
    int64_t asked = page_given(page, F_FRAMEWORK) ? page_number(page, F_FRAMEWORK) : 0;
    enum err err = skill_view_frameworks(page, asked, &frameworks);
    if (err != ERR_OK) {
        return err;
    }
    if (!frameworks.id) {
        return skill_view_none(page, T(page, "What I want and what I offer"));
    }
    err = load(page, frameworks.id, &form);
    if (err != ERR_OK) {
        return err;
    }
    page_open(
        page,
        &(struct page_head){
            .title = T(page, "What I want and what I offer"),
            .lead =
                T(page, "Everybody is asked both: what is hard for one is often easy for another."),
            .back = T(page, "My skills"),
            .back_url = page_path(page, "/skills?framework={}", html_int(frameworks.id)),
            .nav = PAGE_NAV_SKILLS});
    page_errors(page);
    skill_view_tabs(page, &frameworks, "/wishes?framework={}");
    write_form(page, &form);
    return page_close(page);
}

/* -- Saving --------------------------------------------------------------------------------------
 */

static struct str note_of_offer(const struct form *form, int64_t skill_id)
{
    for (int32_t i = 0; i < form->wishes.n_offers; i++) {
        if (form->wishes.offers[i].skill_id == skill_id) {
            return form->wishes.offers[i].note;
        }
    }
    return str_of("");
}

static enum err read_wishes(struct page *page, const struct form *form, struct wishes *wishes)
{
    const struct field_value *list = &page->fields.values[F_OFFERS];
    wishes->needs = arena_alloc(page->arena, WISHES_MAX_NEEDS, sizeof *wishes->needs);
    wishes->offers = arena_alloc(page->arena, (size_t)list->n_items, sizeof *wishes->offers);
    if (!wishes->needs || !wishes->offers) {
        return ERR_NOMEM;
    }
    for (int i = 0; i < WISHES_MAX_NEEDS; i++) {
        if (page_given(page, F_NEED + i)) {
            int32_t at = wishes->n_needs++;
            wishes->needs[at] = (struct wish){.skill_id = page_number(page, F_NEED + i),
                                              .priority = at + 1,
                                              .note = page_text(page, F_NOTE + i)};
        }
    }
    for (int i = 0; i < list->n_items; i++) {
        int64_t skill_id = list->items[i].number;
        wishes->offers[wishes->n_offers++] =
            (struct wish){.skill_id = skill_id, .note = note_of_offer(form, skill_id)};
    }
    return ERR_OK;
}

static enum err save(struct page *page)
{
    struct form form;
    struct wishes wishes = {0};
    int64_t framework_id = page_number(page, F_SAVED_FRAMEWORK);
    if (!page_given(page, F_SAVED_FRAMEWORK)) {
        return ERR_RANGE;
    }
    enum err err = load(page, framework_id, &form);
    if (err == ERR_OK) {
        err = read_wishes(page, &form, &wishes);
    }
    if (err == ERR_OK) {
        err = page->complaints.n ? ERR_INVALID
                                 : wishes_save(&page->coach, page->me.id, framework_id, &wishes,
                                               &page->complaints);
    }
    if (err == ERR_INVALID && page->complaints.n) {
        return page_again(page, show);
    }
    return err == ERR_OK ? page_go(page, FLASH_WISHES_SAVED, 0, str_of("/")) : err;
}

/* -- Single clicks
 * --------------------------------------------------------------------------------- */

static struct str skill_page(struct page *page)
{
    return page_path(page, "/skills/{}", html_int(page_id(page, "id")));
}

static enum err add_need(struct page *page)
{
    enum err err = wishes_add_need(&page->coach, page->me.id, page_id(page, "id"));
    if (err == ERR_LIMIT) {
        return page_go(page, FLASH_NEEDS_FULL, 0, str_of("/wishes"));
    }
    return err == ERR_OK ? page_go(page, FLASH_NEED_ADDED, 0, skill_page(page)) : err;
}

static enum err drop_need(struct page *page)
{
    enum err err = wishes_drop_need(&page->coach, page->me.id, page_id(page, "id"));
    return err == ERR_OK ? page_go(page, FLASH_NEED_DROPPED, 0, skill_page(page)) : err;
}

static enum err add_offer(struct page *page)
{
    enum err err = wishes_add_offer(&page->coach, page->me.id, page_id(page, "id"));
    return err == ERR_OK ? page_go(page, FLASH_OFFER_ADDED, 0, skill_page(page)) : err;
}

static enum err drop_offer(struct page *page)
{
    enum err err = wishes_drop_offer(&page->coach, page->me.id, page_id(page, "id"));
    return err == ERR_OK ? page_go(page, FLASH_OFFER_DROPPED, 0, skill_page(page)) : err;
}

static const struct route routes[] = {
    {ROUTE_GET, "/wishes", ROUTE_OWN, .handle = show, .fields = show_fields,
     .n_fields = F_SHOW__MAX, .about = "What I want to grow in and what I can help with"},
    {ROUTE_POST, "/wishes", ROUTE_OWN, .handle = save, .fields = save_fields,
     .n_fields = F_SAVE__MAX, .about = "Saves both"},
    {ROUTE_POST, "/needs/:id/add", ROUTE_OWN, .handle = add_need, .about = "Adds one goal"},
    {ROUTE_POST, "/needs/:id/drop", ROUTE_OWN, .handle = drop_need, .about = "Takes one off"},
    {ROUTE_POST, "/offers/:id/add", ROUTE_OWN, .handle = add_offer, .about = "Offers help"},
    {ROUTE_POST, "/offers/:id/drop", ROUTE_OWN, .handle = drop_offer,
     .about = "Takes an offer back"},
};
const struct route_set page_wishes_routes = ROUTE_SET("Needs and offers", routes);
