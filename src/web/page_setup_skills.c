/* Set-up: what is inside a framework - domains, and skills with the words of their levels.  Plain
 * forms; order by "up" and "down".  Steps to practise are page_setup_tasks.c. */
#include "base/arena.h"
#include "coach/frameworks.h"
#include "web/page.h"
#include "web/page_sets.h"
#include "web/setup_framework.h"

#define SETUP_FRAMEWORK "/setup/frameworks/:id"
#define NEW_LEVELS 4

enum { F_NAME, F_DESCRIPTION, F_DOMAIN__MAX };
static const struct field_spec domain_fields[F_DOMAIN__MAX] = {
    [F_NAME] = {.name = "name", .type = FIELD_TEXT, .max = FRAMEWORK_MAX_NAME, .required = true},
    [F_DESCRIPTION] = {.name = "description", .type = FIELD_LINES, .max = FRAMEWORK_MAX_TEXT},
};

enum { F_SKILL_NAME, F_SKILL_TEXT, F_CODE, F_LEVELS, F_LEVEL_NAMES, F_LEVEL_TEXTS, F_SKILL__MAX };
static const struct field_spec skill_fields[F_SKILL__MAX] = {
    [F_SKILL_NAME] = {.name = "name",
                      .type = FIELD_TEXT,
                      .max = FRAMEWORK_MAX_NAME,
                      .required = true},
    [F_SKILL_TEXT] = {.name = "description", .type = FIELD_LINES, .max = FRAMEWORK_MAX_TEXT},
    [F_CODE] = {.name = "code", .type = FIELD_TEXT, .max = FRAMEWORK_MAX_CODE, .required = true},
    [F_LEVELS] = {.name = "levels",
                  .type = FIELD_INT,
                  .least = 2,
                  .most = FRAMEWORK_MAX_LEVELS,
                  .required = true},
    [F_LEVEL_NAMES] = {.name = "level_name",
                       .type = FIELD_TEXT,
                       .max = FRAMEWORK_MAX_NAME,
                       .max_items = FRAMEWORK_MAX_LEVELS},
    [F_LEVEL_TEXTS] = {.name = "level_text",
                       .type = FIELD_LINES,
                       .max = FRAMEWORK_MAX_TEXT,
                       .max_items = FRAMEWORK_MAX_LEVELS},
};

enum { F_KIND, F_WHICH, F_BY, F_MOVE__MAX };
static const struct field_spec move_fields[F_MOVE__MAX] = {
    [F_KIND] = {.name = "kind",
                .type = FIELD_CHOICE,
                .choices = "domain|skill|task",
                .required = true},
    [F_WHICH] = {.name = "which", .type = FIELD_ID, .required = true},
    [F_BY] = {.name = "by", .type = FIELD_CHOICE, .choices = "up|down", .required = true},
};

/* -- Order */

static enum err move(struct page *page)
{
    struct framework *framework;
    if (page->complaints.n) {
        return ERR_NOT_FOUND;
    }
    enum err err = setup_framework_load(page, &framework);
    err = err ? err
              : frameworks_move(&page->coach, (enum frameworks_kind)page_number(page, F_KIND),
                                page_number(page, F_WHICH), page_number(page, F_BY) ? 1 : -1);
    return err == ERR_OK ? page_go(page, FLASH_SAVED, 0, setup_framework_url(page)) : err;
}

/* -- Domains ------------------------------------------------------------------------------------
 */

static enum err write_domain_form(struct page *page, const struct framework_domain *stored,
                                  struct str action, struct str title)
{
    struct html *h = page_open(page, &(struct page_head){.title = title,
                                                         .back = T(page, "The framework"),
                                                         .back_url = setup_framework_url(page),
                                                         .nav = PAGE_NAV_SETUP});
    page_errors(page);
    page_form_open(page, action);
    part_input(h, &(struct part_field){.id = str_of("name"),
                                       .label = T(page, "Name"),
                                       .value = page_value(page, F_NAME, stored->words.name),
                                       .error = page_error(page, "name")});
    part_textarea(
        h, &(struct part_field){.id = str_of("description"),
                                .label = T(page, "Description"),
                                .optional = T(page, "optional"),
                                .value = page_value(page, F_DESCRIPTION, stored->words.description),
                                .error = page_error(page, "description")});
    setup_framework_write_save(page);
    page_form_close(page);
    if (stored->id) {
        setup_framework_write_moves(page, "domain", stored->id, stored->words.name);
    }
    if (stored->id && !stored->n_skills) {
        page_button_ask(page,
                        page_path(page, "/setup/frameworks/{}/domains/{}/delete",
                                  html_int(page_id(page, "id")), html_int(stored->id)),
                        &(struct part_button){.text = T(page, "Delete this domain"),
                                              .kind = PART_BUTTON_DANGER,
                                              .icon = PART_ICON_REMOVE},
                        T(page, "Delete this domain?"));
    }
    return page_close(page);
}

static enum err show_new_domain(struct page *page)
{
    struct framework_domain empty = {0};
    return write_domain_form(
        page, &empty, page_path(page, "/setup/frameworks/{}/new", html_int(page_id(page, "id"))),
        T(page, "A new domain"));
}

static enum err show_domain(struct page *page)
{
    struct framework *framework;
    struct framework_domain *domain;
    enum err err = setup_framework_domain(page, &framework, &domain);
    return err == ERR_OK
               ? write_domain_form(page, domain,
                                   page_path(page, "/setup/frameworks/{}/domains/{}",
                                             html_int(framework->id), html_int(domain->id)),
                                   domain->words.name)
               : err;
}

static void read_domain(struct page *page, struct framework_domain *domain)
{
    domain->words.name = page_text(page, F_NAME);
    domain->words.description = page_text(page, F_DESCRIPTION);
}

static enum err add_domain(struct page *page)
{
    struct framework_domain domain = {0};
    int64_t id;
    read_domain(page, &domain);
    enum err err = page->complaints.n ? ERR_INVALID
                                      : frameworks_add_domain(&page->coach, page_id(page, "id"),
                                                              &domain, &page->complaints, &id);
    return setup_framework_go(page, err, show_new_domain, setup_framework_url(page));
}

static enum err save_domain(struct page *page)
{
    struct framework *framework;
    struct framework_domain *domain;
    enum err err = setup_framework_domain(page, &framework, &domain);
    if (err != ERR_OK) {
        return err;
    }
    read_domain(page, domain);
    err = page->complaints.n ? ERR_INVALID
                             : frameworks_edit_domain(&page->coach, domain, &page->complaints);
    return setup_framework_go(page, err, show_domain, setup_framework_url(page));
}

static enum err delete_domain(struct page *page)
{
    struct framework *framework;
    struct framework_domain *domain;
    enum err err = setup_framework_domain(page, &framework, &domain);
    err = err ? err : frameworks_delete_domain(&page->coach, domain->id);
    return setup_framework_go(page, err, show_domain, setup_framework_url(page));
}

/* -- Skills -------------------------------------------------------------------------------------
 */

/* The nth text typed into a list; `stored` when nothing was sent. */
static struct str item_value(const struct page *page, int field, int32_t n, struct str stored)
{
    if (!page->tried) {
        return stored;
    }
    const struct field_value *list = &page->fields.values[field];
    return n < list->n_items ? list->items[n].text : str_of("");
}

static void write_levels(struct page *page, const struct framework_skill *stored, int32_t n_levels)
{
    struct html *h = &page->html;
    for (int32_t i = 0; i < n_levels; i++) {
        bool known = stored->levels && i < stored->n_levels;
        struct framework_words words =
            known ? stored->levels[i].words : (struct framework_words){0};
        part_fieldset_open(h, FILL(page, T(page, "Level {n}"), CATALOG_INT("n", i + 1)),
                           str_of(""));
        part_input(h, &(struct part_field){.id = html_id(h, "level-name-{}", html_int(i + 1)),
                                           .name = str_of("level_name"),
                                           .label = T(page, "Its name"),
                                           .value = item_value(page, F_LEVEL_NAMES, i, words.name),
                                           .width = PART_FIELD_HALF});
        part_textarea(h, &(struct part_field){
                             .id = html_id(h, "level-text-{}", html_int(i + 1)),
                             .name = str_of("level_text"),
                             .label = T(page, "What one sees at this level"),
                             .optional = T(page, "optional"),
                             .value = item_value(page, F_LEVEL_TEXTS, i, words.description)});
        part_fieldset_close(h);
    }
}

static void write_skill_fields(struct page *page, const struct framework_skill *stored)
{
    struct html *h = &page->html;
    int32_t levels = stored->n_levels ? stored->n_levels : NEW_LEVELS;
    part_input(h, &(struct part_field){.id = str_of("name"),
                                       .label = T(page, "Name"),
                                       .value = page_value(page, F_SKILL_NAME, stored->words.name),
                                       .error = page_error(page, "name")});
    part_input(h, &(struct part_field){.id = str_of("code"),
                                       .label = T(page, "Code"),
                                       .hint = T(page, "Short and unique in the framework; files "
                                                       "name the skill by it."),
                                       .value = page_value(page, F_CODE, stored->code),
                                       .error = page_error(page, "code"),
                                       .width = PART_FIELD_SHORT});
    part_textarea(
        h, &(struct part_field){.id = str_of("description"),
                                .label = T(page, "Description"),
                                .optional = T(page, "optional"),
                                .value = page_value(page, F_SKILL_TEXT, stored->words.description),
                                .error = page_error(page, "description")});
    part_input(h,
               &(struct part_field){.id = str_of("levels"),
                                    .label = T(page, "Number of levels"),
                                    .hint = T(page, "After a change save once; then the new "
                                                    "levels have their fields."),
                                    .type = "number",
                                    .min = str_of("2"),
                                    .max = page_digits(page, FRAMEWORK_MAX_LEVELS),
                                    .value = page_value(page, F_LEVELS, page_digits(page, levels)),
                                    .error = page_error(page, "levels"),
                                    .width = PART_FIELD_SHORT});
    write_levels(page, stored, levels);
}

static void write_skill_end(struct page *page, const struct framework *framework,
                            const struct framework_skill *skill)
{
    struct html *h = &page->html;
    struct str base = page_path(page, "/setup/frameworks/{}/skills/{}/retire",
                                html_int(framework->id), html_int(skill->id));
    part_section_open(h, str_of("end"), T(page, "Order and end"));
    setup_framework_write_moves(page, "skill", skill->id, skill->words.name);
    if (skill->active) {
        part_paragraph(h, T(page, "A skill that something refers to is retired: it stays readable "
                                  "behind its evidence and disappears from forms. One without is "
                                  "deleted."));
        page_button_ask(
            page, base,
            &(struct part_button){.text = T(page, "Retire this skill"), .kind = PART_BUTTON_DANGER},
            T(page, "Retire this skill?"));
    } else {
        page_button_form(page,
                         page_path(page, "/setup/frameworks/{}/skills/{}/restore",
                                   html_int(framework->id), html_int(skill->id)),
                         &(struct part_button){.text = T(page, "Use this skill again"),
                                               .kind = PART_BUTTON_PLAIN});
    }
    part_section_close(h);
}

enum err setup_framework_show_skill(struct page *page)
{
    struct framework *framework;
    struct framework_skill *skill;
    enum err err = setup_framework_skill(page, &framework, &skill);
    if (err != ERR_OK) {
        return err;
    }
    page_open(page, &(struct page_head){.title = skill->words.name,
                                        .eyebrow = framework->words.name,
                                        .back = T(page, "The framework"),
                                        .back_url = setup_framework_url(page),
                                        .nav = PAGE_NAV_SETUP});
    page_errors(page);
    page_form_open(page, page_path(page, "/setup/frameworks/{}/skills/{}", html_int(framework->id),
                                   html_int(skill->id)));
    write_skill_fields(page, skill);
    setup_framework_write_save(page);
    page_form_close(page);
    setup_framework_write_tasks(page, framework, skill);
    write_skill_end(page, framework, skill);
    return page_close(page);
}

static enum err show_new_skill(struct page *page)
{
    struct framework *framework;
    struct framework_domain *domain;
    struct framework_skill empty = {0};
    enum err err = setup_framework_domain(page, &framework, &domain);
    if (err != ERR_OK) {
        return err;
    }
    page_open(page, &(struct page_head){.title = T(page, "A new skill"),
                                        .eyebrow = domain->words.name,
                                        .back = T(page, "The framework"),
                                        .back_url = setup_framework_url(page),
                                        .nav = PAGE_NAV_SETUP});
    page_errors(page);
    page_form_open(page, page_path(page, "/setup/frameworks/{}/domains/{}/new",
                                   html_int(framework->id), html_int(domain->id)));
    write_skill_fields(page, &empty);
    setup_framework_write_save(page);
    page_form_close(page);
    return page_close(page);
}

/* What the form says, into `skill`; levels beyond those that had fields have no words yet. */
static enum err read_skill(struct page *page, struct framework_skill *skill)
{
    int32_t n = (int32_t)page_number(page, F_LEVELS);
    skill->levels = arena_alloc(page->arena, FRAMEWORK_MAX_LEVELS, sizeof *skill->levels);
    if (!skill->levels) {
        return ERR_NOMEM;
    }
    skill->words.name = page_text(page, F_SKILL_NAME);
    skill->words.description = page_text(page, F_SKILL_TEXT);
    skill->code = page_text(page, F_CODE);
    skill->n_levels = n;
    for (int32_t i = 0; i < n && i < FRAMEWORK_MAX_LEVELS; i++) {
        struct str name = item_value(page, F_LEVEL_NAMES, i, str_of(""));
        if (!name.n) {
            name = FILL(page, T(page, "Level {n}"), CATALOG_INT("n", i + 1));
        }
        skill->levels[i] = (struct framework_level){
            .level = i + 1, .words = {name, item_value(page, F_LEVEL_TEXTS, i, str_of(""))}};
    }
    return ERR_OK;
}

static enum err add_skill(struct page *page)
{
    struct framework *framework;
    struct framework_domain *domain;
    struct framework_skill skill = {0};
    int64_t id = 0;
    enum err err = setup_framework_domain(page, &framework, &domain);
    if (err == ERR_OK && page->complaints.n) {
        err = ERR_INVALID;
    }
    err = err ? err : read_skill(page, &skill);
    if (err == ERR_OK) {
        skill.domain_id = domain->id;
        skill.active = true;
        err = frameworks_add_skill(&page->coach, &skill, &page->complaints, &id);
    }
    return setup_framework_go(page, err, show_new_skill,
                              page_path(page, "/setup/frameworks/{}/skills/{}",
                                        html_int(page_id(page, "id")), html_int(id)));
}

static enum err save_skill(struct page *page)
{
    struct framework *framework;
    struct framework_skill *skill;
    enum err err = setup_framework_skill(page, &framework, &skill);
    if (err == ERR_OK && page->complaints.n) {
        err = ERR_INVALID;
    }
    err = err ? err : read_skill(page, skill);
    err = err ? err : frameworks_edit_skill(&page->coach, skill, &page->complaints);
    return setup_framework_go(page, err, setup_framework_show_skill,
                              setup_framework_skill_url(page));
}

static enum err retire_skill(struct page *page)
{
    struct framework *framework;
    struct framework_skill *skill;
    bool retired;
    enum err err = setup_framework_skill(page, &framework, &skill);
    err = err ? err : frameworks_retire_skill(&page->coach, skill->id, &retired);
    return setup_framework_go(page, err, setup_framework_show_skill, setup_framework_url(page));
}

static enum err restore_skill(struct page *page)
{
    struct framework *framework;
    struct framework_skill *skill;
    enum err err = setup_framework_skill(page, &framework, &skill);
    err = err ? err : frameworks_restore_skill(&page->coach, skill->id);
    return setup_framework_go(page, err, setup_framework_show_skill,
                              setup_framework_skill_url(page));
}

static const struct route routes[] = {
    {ROUTE_POST, SETUP_FRAMEWORK "/move", ROUTE_ADMINISTRATOR, .handle = move,
     .fields = move_fields, .n_fields = F_MOVE__MAX,
     .about = "Moves a domain, skill or step up or down"},
    {ROUTE_GET, SETUP_FRAMEWORK "/new", ROUTE_ADMINISTRATOR, .handle = show_new_domain,
     .about = "Form for a new domain"},
    {ROUTE_POST, SETUP_FRAMEWORK "/new", ROUTE_ADMINISTRATOR, .handle = add_domain,
     .fields = domain_fields, .n_fields = F_DOMAIN__MAX, .about = "Adds it"},
    {ROUTE_GET, SETUP_FRAMEWORK "/domains/:domain", ROUTE_ADMINISTRATOR, .handle = show_domain,
     .about = "Form for a domain"},
    {ROUTE_POST, SETUP_FRAMEWORK "/domains/:domain", ROUTE_ADMINISTRATOR, .handle = save_domain,
     .fields = domain_fields, .n_fields = F_DOMAIN__MAX, .about = "Saves it"},
    {ROUTE_POST, SETUP_FRAMEWORK "/domains/:domain/delete", ROUTE_ADMINISTRATOR,
     .handle = delete_domain, .about = "Deletes a domain without skills"},
    {ROUTE_GET, SETUP_FRAMEWORK "/domains/:domain/new", ROUTE_ADMINISTRATOR,
     .handle = show_new_skill, .about = "Form for a new skill"},
    {ROUTE_POST, SETUP_FRAMEWORK "/domains/:domain/new", ROUTE_ADMINISTRATOR, .handle = add_skill,
     .fields = skill_fields, .n_fields = F_SKILL__MAX, .about = "Adds it"},
    {ROUTE_GET, SETUP_FRAMEWORK "/skills/:skill", ROUTE_ADMINISTRATOR,
     .handle = setup_framework_show_skill, .about = "Form for a skill, its levels and steps"},
    {ROUTE_POST, SETUP_FRAMEWORK "/skills/:skill", ROUTE_ADMINISTRATOR, .handle = save_skill,
     .fields = skill_fields, .n_fields = F_SKILL__MAX, .about = "Saves a skill and its levels"},
    {ROUTE_POST, SETUP_FRAMEWORK "/skills/:skill/retire", ROUTE_ADMINISTRATOR,
     .handle = retire_skill, .about = "Retires or deletes a skill"},
    {ROUTE_POST, SETUP_FRAMEWORK "/skills/:skill/restore", ROUTE_ADMINISTRATOR,
     .handle = restore_skill, .about = "Uses a retired skill again"},
};
const struct route_set page_setup_skills_routes = ROUTE_SET("Set-up: skills", routes);
