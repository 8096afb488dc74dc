/* How people of a programme are matched: skills, strategy and rules, exceptions for two people. */
#include "base/arena.h"
#include "coach/allow.h"
#include "coach/frameworks.h"
#include "coach/programmes.h"
#include "web/page.h"
#include "web/page_sets.h"
#include "web/programme_view.h"

enum { F_SKILLS, F_SKILLS__MAX };
static const struct field_spec skill_fields[F_SKILLS__MAX] = {
    [F_SKILLS] = {.name = "skill", .type = FIELD_ID, .max_items = PROGRAMMES_SKILLS},
};
enum {
    F_STRATEGY,
    F_OBJECTIVE,
    F_LIFT,
    F_SAME_UNIT,
    F_LANGUAGE,
    F_PERIOD,
    F_KEEP,
    F_HELPS,
    F_LEARNS,
    F_MATCH__MAX
};
static const struct field_spec match_fields[F_MATCH__MAX] = {
    [F_STRATEGY] = {.name = "strategy",
                    .type = FIELD_CHOICE,
                    .choices = "reciprocal|guide|trio|self|random",
                    .required = true},
    [F_OBJECTIVE] = {.name = "objective",
                     .type = FIELD_CHOICE,
                     .choices = "served|gain",
                     .required = true},
    [F_LIFT] = {.name = "lift", .type = FIELD_BOOL},
    [F_SAME_UNIT] = {.name = "same_unit", .type = FIELD_BOOL},
    [F_LANGUAGE] = {.name = "same_language", .type = FIELD_BOOL},
    [F_PERIOD] = {.name = "same_period", .type = FIELD_BOOL},
    [F_KEEP] = {.name = "keep_good", .type = FIELD_BOOL},
    [F_HELPS] =
        {.name = "max_helps", .type = FIELD_INT, .least = 0, .most = PROGRAMMES_PARTNERS, .max = 3},
    [F_LEARNS] = {.name = "max_learns",
                  .type = FIELD_INT,
                  .least = 0,
                  .most = PROGRAMMES_PARTNERS,
                  .max = 3},
};
enum { F_KIND, F_PERSON, F_OTHER, F_RULE__MAX };
static const struct field_spec rule_fields[F_RULE__MAX] = {
    [F_KIND] = {.name = "kind", .type = FIELD_CHOICE, .choices = "never|must", .required = true},
    [F_PERSON] = {.name = "person", .type = FIELD_TEXT, .max = 300, .required = true},
    [F_OTHER] = {.name = "other", .type = FIELD_TEXT, .max = 300, .required = true},
};

static struct str path_of(struct page *page, const char *pattern)
{
    return page_path(page, pattern, html_int(page_id(page, "id")));
}

/* ---- skills ---- */

static bool has(const int64_t *ids, size_t n, int64_t id)
{
    for (size_t k = 0; k < n; k++) {
        if (ids[k] == id) {
            return true;
        }
    }
    return false;
}

static void write_domain(struct page *page, const struct framework_domain *domain,
                         const int64_t *ids, size_t n, bool first)
{
    struct part_option *options =
        arena_alloc(page->arena, (size_t)domain->n_skills + 1, sizeof *options);
    for (int32_t s = 0; options && s < domain->n_skills; s++) {
        int64_t id = domain->skills[s].id;
        options[s] =
            (struct part_option){.value = page_digits(page, id),
                                 .text = domain->skills[s].words.name,
                                 .chosen = page_value_has(page, F_SKILLS, id, has(ids, n, id))};
    }
    part_choose(
        &page->html,
        &(struct part_field){.id = first ? str_of("skill")
                                         : html_id(&page->html, "skill-{}", html_int(domain->id)),
                             .name = str_of("skill"),
                             .label = domain->words.name,
                             .error = first ? page_error(page, "skill") : str_of("")},
        PART_CHOICES_LIST, true, options, options ? (size_t)domain->n_skills : 0);
}

static enum err show_skills(struct page *page)
{
    struct programme p;
    struct framework *framework;
    int64_t id = page_id(page, "id"), *ids = NULL;
    size_t n = 0;
    enum err err = programmes_get(&page->coach, id, &p);
    err = err ? err : programmes_skills(&page->coach, id, &ids, &n);
    err = err ? err : frameworks_get(&page->coach, p.framework_id, page->locale, 0, &framework);
    if (err) {
        return err;
    }
    struct html *h = programme_view_open(page, &p, PROGRAMME_TAB_SKILLS);
    page_errors(page);
    part_paragraph(h, T(page, "Choose the skills that this programme is about, or none: then it is "
                              "about all of them. A narrow choice is easier to talk about; a wide "
                              "one finds more partners."));
    page_form_open(page, path_of(page, "/programmes/{}/skills"));
    for (int32_t d = 0; d < framework->n_domains; d++) {
        write_domain(page, &framework->domains[d], ids, n, d == 0);
    }
    part_buttons_open(h);
    part_button(h, &(struct part_button){.text = T(page, "Save"), .kind = PART_BUTTON_MAIN});
    part_buttons_close(h);
    page_form_close(page);
    return page_close(page);
}

static enum err save_skills(struct page *page)
{
    size_t n;
    int64_t *ids = page_ids(page, F_SKILLS, &n);
    if (!ids) {
        return ERR_NOMEM;
    }
    enum err err = page->complaints.n ? ERR_INVALID
                                      : programmes_set_skills(&page->coach, page_id(page, "id"),
                                                              ids, n, &page->complaints);
    if (err == ERR_INVALID) {
        return page_again(page, show_skills);
    }
    return err ? err : page_go(page, FLASH_SAVED, 0, path_of(page, "/programmes/{}/skills"));
}

/* ---- strategy and rules ---- */

static void write_strategies(struct page *page, const struct programme *p)
{
    struct part_option options[PROGRAMME_STRATEGY__MAX];
    int64_t chosen = page_value_number(page, F_STRATEGY, (int64_t)p->strategy);
    for (int k = 0; k < PROGRAMME_STRATEGY__MAX; k++) {
        enum programme_strategy strategy = (enum programme_strategy)k;
        options[k] = (struct part_option){.value = str_of(programmes_strategy_word(strategy)),
                                          .text = programme_view_strategy(page, strategy),
                                          .hint = programme_view_strategy_about(page, strategy),
                                          .chosen = chosen == k};
    }
    part_choose(&page->html,
                &(struct part_field){.id = str_of("strategy"),
                                     .label = T(page, "How people come together"),
                                     .error = page_error(page, "strategy")},
                PART_CHOICES_LIST, false, options, PROGRAMME_STRATEGY__MAX);
}

static void write_objective(struct page *page, const struct programme *p)
{
    int64_t chosen = page_value_number(page, F_OBJECTIVE, p->most_gain);
    const struct part_option options[] = {
        {.value = str_of("served"),
         .text = T(page, "As many people as possible receive help"),
         .hint = T(page, "Among such arrangements the one in which help brings most."),
         .chosen = chosen == 0},
        {.value = str_of("gain"),
         .text = T(page, "Help brings as much as possible in all"),
         .hint = T(page, "Some more people may stay without a partner."),
         .chosen = chosen == 1},
    };
    part_choose(&page->html,
                &(struct part_field){.id = str_of("objective"),
                                     .label = T(page, "What counts first"),
                                     .error = page_error(page, "objective")},
                PART_CHOICES_LIST, false, options, 2);
    part_check(
        &page->html,
        &(struct part_field){.id = str_of("lift"),
                             .label = T(page, "Lift those who would receive least"),
                             .hint = T(page, "The smallest benefit is made as large as it can "
                                             "be. With pairs or helpers, when as many as "
                                             "possible receive help."),
                             .error = page_error(page, "lift")},
        page_value_number(page, F_LIFT, p->lift) != 0);
}

static void write_checks(struct page *page, const struct programme *p)
{
    const struct {
        int field;
        const char *id, *label, *hint;
        bool now;
    } checks[] = {
        {F_SAME_UNIT, "same_unit", N_("Partners are at the same school"),
         N_("Without this, partners may be at different schools of the programme. Small schools "
            "find more partners that way."),
         p->same_unit},
        {F_LANGUAGE, "same_language", N_("Partners share a language"), "", p->same_language},
        {F_PERIOD, "same_period", N_("Partners share a free period"),
         N_("People say in their profile when they are free."), p->same_period},
        {F_KEEP, "keep_good", N_("Partners who ended well before go on together"),
         N_("Where one can still help the other."), p->keep_good},
    };
    struct html *h = &page->html;
    part_fieldset_open(h, T(page, "Rules"),
                       T(page, "Whoever evaluates somebody is never their partner, in every "
                               "programme."));
    for (size_t k = 0; k < sizeof checks / sizeof *checks; k++) {
        part_check(
            h,
            &(struct part_field){.id = str_of(checks[k].id),
                                 .label = T(page, checks[k].label),
                                 .hint = checks[k].hint[0] ? T(page, checks[k].hint) : str_of("")},
            page_value_number(page, checks[k].field, checks[k].now) != 0);
    }
    part_fieldset_close(h);
}

static void write_limit(struct page *page, int field, const char *id, struct str label, int32_t now)
{
    part_input(&page->html,
               &(struct part_field){
                   .id = str_of(id),
                   .label = label,
                   .hint = T(page, "Empty: as each person says in their profile."),
                   .optional = T(page, "optional"),
                   .type = "number",
                   .min = str_of("0"),
                   .max = page_digits(page, PROGRAMMES_PARTNERS),
                   .value = page_value(page, field, now < 0 ? str_of("") : page_digits(page, now)),
                   .error = page_error(page, id),
                   .width = PART_FIELD_SHORT});
}

static enum err show_matching(struct page *page)
{
    struct programme p;
    bool all;
    int64_t id = page_id(page, "id");
    enum err err = programmes_get(&page->coach, id, &p);
    err = err ? err
              : allowed_quietly(&page->coach, ALLOW_VIEW, allow_on(ALLOW_ON_PROGRAMME, id), &all);
    if (err || !all) {
        return err ? err : ERR_FORBIDDEN;
    }
    struct html *h = programme_view_open(page, &p, PROGRAMME_TAB_MATCHING);
    page_errors(page);
    page_form_open(page, path_of(page, "/programmes/{}/matching"));
    write_strategies(page, &p);
    write_objective(page, &p);
    write_checks(page, &p);
    write_limit(page, F_HELPS, "max_helps", T(page, "How many a person helps at most"),
                p.max_helps);
    write_limit(page, F_LEARNS, "max_learns", T(page, "With how many a person learns at most"),
                p.max_learns);
    part_buttons_open(h);
    part_button(h, &(struct part_button){.text = T(page, "Save"), .kind = PART_BUTTON_MAIN});
    part_buttons_close(h);
    page_form_close(page);
    return page_close(page);
}

static enum err save_matching(struct page *page)
{
    struct programme p;
    enum err err = programmes_get(&page->coach, page_id(page, "id"), &p);
    if (err) {
        return err;
    }
    if (!page->complaints.n) {
        p.strategy = (enum programme_strategy)page_number(page, F_STRATEGY);
        p.most_gain = page_number(page, F_OBJECTIVE) == 1;
        p.lift = page_number(page, F_LIFT) != 0;
        p.same_unit = page_number(page, F_SAME_UNIT) != 0;
        p.same_language = page_number(page, F_LANGUAGE) != 0;
        p.same_period = page_number(page, F_PERIOD) != 0;
        p.keep_good = page_number(page, F_KEEP) != 0;
        p.max_helps = page_given(page, F_HELPS) ? (int32_t)page_number(page, F_HELPS) : -1;
        p.max_learns = page_given(page, F_LEARNS) ? (int32_t)page_number(page, F_LEARNS) : -1;
    }
    err = page->complaints.n ? ERR_INVALID : programmes_edit(&page->coach, &p, &page->complaints);
    if (err == ERR_INVALID) {
        return page_again(page, show_matching);
    }
    return err ? err : page_go(page, FLASH_SAVED, 0, path_of(page, "/programmes/{}/matching"));
}

/* ---- exceptions ---- */

static void write_rule(struct page *page, const struct programme_rule *rule, bool closed)
{
    struct html *h = &page->html;
    part_list_item(h);
    const struct html_slot slots[] = {
        {.name = "other", .kind = HTML_SLOT_PERSON, .text = rule->other},
        {.name = "person", .kind = HTML_SLOT_PERSON, .text = rule->person},
        {.name = "skill", .kind = HTML_SLOT_STRONG, .text = rule->skill}};
    html_open(h, EL_P);
    html_sentence(h,
                  !rule->must     ? T(page, "{person} and {other} never work together.")
                  : rule->skill.n ? T(page, "{other} helps {person} with {skill}.")
                                  : T(page, "{other} helps {person}."),
                  slots, 3);
    html_close(h, EL_P);
    if (!closed) {
        page_button_form(page,
                         page_path(page, "/programmes/{}/exceptions/{}/drop",
                                   html_int(page_id(page, "id")), html_int(rule->id)),
                         &(struct part_button){.text = T(page, "Remove"),
                                               .kind = PART_BUTTON_QUIET,
                                               .about = rule->person});
    }
}

static void write_rule_form(struct page *page)
{
    struct html *h = &page->html;
    bool tried = page->tried;
    int64_t kind = tried ? page_number(page, F_KIND) : 0;
    const struct part_option options[] = {
        {.value = str_of("never"),
         .text = T(page, "These two never work together"),
         .chosen = kind == 0},
        {.value = str_of("must"),
         .text = T(page, "The second helps the first, in any case"),
         .chosen = kind == 1},
    };
    part_section_open(h, str_of("add"), T(page, "Add an exception"));
    page_form_open(page, path_of(page, "/programmes/{}/exceptions"));
    part_choose(h,
                &(struct part_field){.id = str_of("kind"),
                                     .label = T(page, "What"),
                                     .error = page_error(page, "kind")},
                PART_CHOICES_LIST, false, options, 2);
    part_input(h, &(struct part_field){.id = str_of("person"),
                                       .label = T(page, "First person"),
                                       .hint = T(page, "Name, as in the list of people"),
                                       .value = tried ? page_typed(page, F_PERSON) : str_of(""),
                                       .error = page_error(page, "person"),
                                       .width = PART_FIELD_HALF});
    part_input(h, &(struct part_field){.id = str_of("other"),
                                       .label = T(page, "Second person"),
                                       .value = tried ? page_typed(page, F_OTHER) : str_of(""),
                                       .error = page_error(page, "other"),
                                       .width = PART_FIELD_HALF});
    part_buttons_open(h);
    part_button(h, &(struct part_button){.text = T(page, "Add"), .kind = PART_BUTTON_PLAIN});
    part_buttons_close(h);
    page_form_close(page);
    part_section_close(h);
}

static enum err show_exceptions(struct page *page)
{
    struct programme p;
    struct programme_rules rules;
    int64_t id = page_id(page, "id");
    enum err err = programmes_rules(&page->coach, id, &rules);
    err = err ? err : programmes_get(&page->coach, id, &p);
    if (err) {
        return err;
    }
    struct html *h = programme_view_open(page, &p, PROGRAMME_TAB_EXCEPTIONS);
    page_errors(page);
    part_paragraph(h, T(page, "For what no rule can know: two who should not be put together, or "
                              "two who should in any case. You need not write down why."));
    if (rules.n) {
        part_list_open(h, false);
        for (size_t k = 0; k < rules.n; k++) {
            write_rule(page, &rules.items[k], p.state == PROGRAMME_CLOSED);
        }
        part_list_close(h);
    } else {
        part_quiet(h, T(page, "No exceptions."));
    }
    if (p.state != PROGRAMME_CLOSED) {
        write_rule_form(page);
    }
    return page_close(page);
}

/* The one of that name; else a complaint. */
static enum err find(struct page *page, int field, const char *name, int64_t *id)
{
    struct programme_people people;
    enum err err = programmes_people(&page->coach, page_id(page, "id"), page_text(page, field),
                                     PART__MAX, str_of(""), &people);
    if (err) {
        return err;
    }
    *id = people.n == 1 ? people.items[0].person_id : 0;
    if (people.n == 0) {
        complaint_add(&page->complaints, name,
                      N_("Nobody of that name is in this programme. Check how it is written."));
    } else if (people.n > 1) {
        complaint_add(&page->complaints, name,
                      N_("Several people of this programme have that name. Write more of it."));
    }
    return ERR_OK;
}

static enum err add_exception(struct page *page)
{
    struct programme_rule rule = {.must = page_number(page, F_KIND) == 1};
    enum err err = ERR_OK;
    if (!page->complaints.n) {
        err = find(page, F_PERSON, "person", &rule.person_id);
        err = err ? err : find(page, F_OTHER, "other", &rule.other_id);
    }
    if (!err && !page->complaints.n) {
        err = programmes_add_rule(&page->coach, page_id(page, "id"), &rule, &page->complaints);
    }
    if (page->complaints.n && (!err || err == ERR_INVALID)) {
        return page_again(page, show_exceptions);
    }
    return err ? err : page_go(page, FLASH_SAVED, 0, path_of(page, "/programmes/{}/exceptions"));
}

static enum err drop_exception(struct page *page)
{
    enum err err = programmes_drop_rule(&page->coach, page_id(page, "id"), page_id(page, "rule"));
    return err ? err : page_go(page, FLASH_SAVED, 0, path_of(page, "/programmes/{}/exceptions"));
}

static const struct route routes[] = {
    {ROUTE_GET, "/programmes/:id/skills", ROUTE_COORDINATOR, .handle = show_skills,
     .about = "Which skills a programme is about"},
    {ROUTE_POST, "/programmes/:id/skills", ROUTE_COORDINATOR, .handle = save_skills,
     .fields = skill_fields, .n_fields = F_SKILLS__MAX, .about = "Saves them"},
    {ROUTE_GET, "/programmes/:id/matching", ROUTE_COORDINATOR, .handle = show_matching,
     .about = "Strategy, what counts first, rules, capacities"},
    {ROUTE_POST, "/programmes/:id/matching", ROUTE_COORDINATOR, .handle = save_matching,
     .fields = match_fields, .n_fields = F_MATCH__MAX, .about = "Saves them"},
    {ROUTE_GET, "/programmes/:id/exceptions", ROUTE_COORDINATOR, .handle = show_exceptions,
     .about = "Who never works together, and who must"},
    {ROUTE_POST, "/programmes/:id/exceptions", ROUTE_COORDINATOR, .handle = add_exception,
     .fields = rule_fields, .n_fields = F_RULE__MAX, .about = "Adds an exception"},
    {ROUTE_POST, "/programmes/:id/exceptions/:rule/drop", ROUTE_COORDINATOR,
     .handle = drop_exception, .about = "Removes one"},
};
const struct route_set page_programme_match_routes = ROUTE_SET("Programmes: matching", routes);
