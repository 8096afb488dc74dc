/* My skills: all zones of a framework, and one skill with everything behind it. */
#include "coach/wishes.h"
#include "web/page.h"
#include "web/page_sets.h"
#include "web/skill_view.h"

enum { F_FRAMEWORK, F_LIST__MAX };
static const struct field_spec list_fields[F_LIST__MAX] = {
    [F_FRAMEWORK] = {.name = "framework", .type = FIELD_ID},
};

enum { F_BEFORE, F_SKILL__MAX };
static const struct field_spec skill_fields[F_SKILL__MAX] = {
    [F_BEFORE] = {.name = "before", .type = FIELD_ID},
};

#define PIECES 20 /* of a page */

/* -- All skills ----------------------------------------------------------------------------------
 */

static void write_skill(struct page *page, const struct zones_skill *skill)
{
    struct html *h = &page->html;
    part_cards_item(h);
    part_card_open(
        h, &(struct part_card){.heading = skill->name,
                               .url = page_path(page, "/skills/{}", html_int(skill->skill_id))});
    skill_view_wishes(page, skill);
    skill_view_band(page, skill, ZONEBAND_COMPACT, str_of(""));
    skill_view_behind(page, skill);
    part_card_close(h);
}

static void write_domains(struct page *page, const struct zones *zones)
{
    struct html *h = &page->html;
    int64_t domain = 0;
    for (int32_t i = 0; i < zones->n_skills; i++) {
        const struct zones_skill *skill = &zones->skills[i];
        if (skill->domain_id != domain) {
            if (domain) {
                part_cards_close(h);
                part_section_close(h);
            }
            domain = skill->domain_id;
            part_section_open(h, html_id(h, "domain-{}", html_int(domain)), skill->domain);
            part_cards_open(h);
        }
        write_skill(page, skill);
    }
    if (domain) {
        part_cards_close(h);
        part_section_close(h);
    }
}

static void write_actions(struct page *page, int64_t framework_id)
{
    struct html *h = &page->html;
    part_buttons_open(h);
    part_button_link(h, PART_BUTTON_MAIN, PART_ICON_EYE, T(page, "Say where I stand"),
                     page_path(page, "/skills/rate?framework={}", html_int(framework_id)));
    part_button_link(h, PART_BUTTON_PLAIN, PART_ICON_SEED, T(page, "What I want and what I offer"),
                     page_path(page, "/wishes?framework={}", html_int(framework_id)));
    part_buttons_close(h);
}

static enum err show_all(struct page *page)
{
    struct skill_frameworks frameworks;
    struct zones zones;
    int64_t asked = page_given(page, F_FRAMEWORK) ? page_number(page, F_FRAMEWORK) : 0;
    enum err err = skill_view_frameworks(page, asked, &frameworks);
    if (err != ERR_OK) {
        return err;
    }
    if (!frameworks.id) {
        return skill_view_none(page, T(page, "My skills"));
    }
    err = zones_of(&page->coach, page->me.id, frameworks.id, page->locale, &zones);
    if (err != ERR_OK) {
        return err;
    }
    struct html *h = page_open(
        page,
        &(struct page_head){
            .title = T(page, "My skills"),
            .lead =
                T(page, "What you do alone, what you do with help, and the space between, where "
                        "help makes most difference. Only you see this, and those you share it "
                        "with."),
            .nav = PAGE_NAV_SKILLS,
            .width = PART_WIDTH_WIDE});
    skill_view_tabs(page, &frameworks, "/skills?framework={}");
    write_actions(page, frameworks.id);
    if (zones.waiting) {
        part_notice(h, PART_TONE_PLAIN, str_of(""),
                    T(page, "New evidence is being taken in; the bands may still move a little."));
    }
    zoneband_legend(h, page->catalog);
    write_domains(page, &zones);
    return page_close(page);
}

/* -- One skill -----------------------------------------------------------------------------------
 */

static void write_toggles(struct page *page, const struct zones_skill *skill)
{
    struct html *h = &page->html;
    const struct html_arg id = html_int(skill->skill_id);
    part_buttons_open(h);
    page_button_form(page,
                     page_path_of(page, skill->need ? "/needs/{}/drop" : "/needs/{}/add", &id, 1),
                     &(struct part_button){.text = skill->need ? T(page, "No longer a goal of mine")
                                                               : T(page, "I want to grow in this"),
                                           .kind = PART_BUTTON_PLAIN,
                                           .icon = PART_ICON_SEED});
    page_button_form(
        page, page_path_of(page, skill->offer ? "/offers/{}/drop" : "/offers/{}/add", &id, 1),
        &(struct part_button){.text = skill->offer ? T(page, "Take my offer back")
                                                   : T(page, "I can help with this"),
                              .kind = PART_BUTTON_PLAIN,
                              .icon = PART_ICON_HAND});
    part_buttons_close(h);
}

static void write_move(struct page *page, const struct zones_skill *skill)
{
    struct html *h = &page->html;
    part_section_open(h, str_of("move"), T(page, "What would tell more"));
    part_paragraph(h, skill_view_move(page, skill));
    part_buttons_open(h);
    part_button_link(h, PART_BUTTON_MAIN, PART_ICON_CHECK, T(page, "I tried something"),
                     page_path(page, "/skills/{}/task", html_int(skill->skill_id)));
    part_button_link(h, PART_BUTTON_PLAIN, PART_ICON_EYE, T(page, "How I see myself"),
                     page_path(page, "/skills/{}/self", html_int(skill->skill_id)));
    part_button_link(h, PART_BUTTON_PLAIN, PART_ICON_SHARE, T(page, "Ask a colleague to look"),
                     page_path(page, "/sharing?skill={}", html_int(skill->skill_id)));
    part_buttons_close(h);
    part_section_close(h);
}

static void write_levels(struct page *page, const struct framework_skill *texts,
                         const struct zones_skill *skill)
{
    static const enum part_tone tones[ZONES_WORD__MAX] = {
        [ZONES_UNKNOWN] = PART_TONE_PLAIN,
        [ZONES_WITH_HELP] = PART_TONE_ACCENT,
        [ZONES_ALONE] = PART_TONE_GOOD,
    };
    struct html *h = &page->html;
    part_section_open(h, str_of("levels"), T(page, "The levels"));
    part_terms_open(h);
    for (int32_t i = 0; i < texts->n_levels; i++) {
        const struct framework_level *level = &texts->levels[i];
        part_term_open(h, level->words.name);
        if (skill->enough) {
            enum zones_word word = skill->words[i];
            part_badge(h, tones[word], T(page, zones_word_text(word)));
        }
        if (level->words.description.n) {
            part_written(h, level->words.description);
        }
        part_term_close(h);
    }
    part_terms_close(h);
    part_section_close(h);
}

static void write_tasks(struct page *page, const struct framework_skill *texts)
{
    struct html *h = &page->html;
    if (!texts->n_tasks) {
        return;
    }
    part_section_open(h, str_of("tasks"), T(page, "Things to try"));
    part_list_open(h, false);
    for (int32_t i = 0; i < texts->n_tasks; i++) {
        part_list_item(h);
        html_open(h, EL_A);
        html_attr_url(h, AT_HREF,
                      page_path(page, "/skills/{}/task?task={}", html_int(texts->id),
                                html_int(texts->tasks[i].id)));
        html_text(h, texts->tasks[i].words.name);
        html_close(h, EL_A);
    }
    part_list_close(h);
    part_section_close(h);
}

static enum err write_evidence(struct page *page, int64_t skill_id)
{
    struct html *h = &page->html;
    struct evidence_piece *pieces;
    int32_t n;
    bool more;
    int64_t before = page_given(page, F_BEFORE) ? page_number(page, F_BEFORE) : 0;
    enum err err = evidence_list(&page->coach, page->me.id, skill_id, page->locale, before, PIECES,
                                 &pieces, &n, &more);
    if (err != ERR_OK) {
        return err;
    }
    part_section_open(h, str_of("evidence"), T(page, "What stands behind it"));
    if (!n) {
        part_empty(h, &(struct part_empty){
                          .icon = PART_ICON_EYE,
                          .heading = T(page, "Nothing yet"),
                          .text = T(page, "Say how you see yourself, try a task, or ask a "
                                          "colleague to look. Each piece is yours: you can "
                                          "withdraw it.")});
    }
    skill_view_evidence(page, pieces, n, true);
    if (more) {
        page_link(page, T(page, "Older pieces"),
                  page_path(page, "/skills/{}?before={}#evidence", html_int(skill_id),
                            html_int(pieces[n - 1].id)));
    }
    part_section_close(h);
    return ERR_OK;
}

static enum err show_one(struct page *page)
{
    struct zones_skill skill;
    struct framework *framework;
    int64_t framework_id, id = page_id(page, "id");
    struct coach *coach = &page->coach;
    enum err err = zones_of_skill(coach, page->me.id, id, page->locale, &skill);
    if (err == ERR_OK) {
        err = frameworks_of_skill(coach, id, &framework_id);
    }
    if (err == ERR_OK) {
        err = frameworks_get(coach, framework_id, page->locale,
                             FRAMEWORKS_LEVELS | FRAMEWORKS_TASKS | FRAMEWORKS_RETIRED, &framework);
    }
    const struct framework_skill *texts =
        err == ERR_OK ? framework_find_skill(framework, id) : NULL;
    if (!texts) {
        return err == ERR_OK ? ERR_NOT_FOUND : err;
    }
    page_open(page, &(struct page_head){
                        .title = skill.name,
                        .eyebrow = skill.domain,
                        .lead = texts->words.description,
                        .back = T(page, "My skills"),
                        .back_url = page_path(page, "/skills?framework={}", html_int(framework_id)),
                        .nav = PAGE_NAV_SKILLS});
    skill_view_wishes(page, &skill);
    skill_view_band(page, &skill, ZONEBAND_FULL, str_of(""));
    write_toggles(page, &skill);
    write_move(page, &skill);
    err = write_evidence(page, id);
    if (err != ERR_OK) {
        return err;
    }
    write_levels(page, texts, &skill);
    write_tasks(page, texts);
    return page_close(page);
}

static const struct route routes[] = {
    {ROUTE_GET, "/skills", ROUTE_OWN, .handle = show_all, .fields = list_fields,
     .n_fields = F_LIST__MAX, .about = "My skills: the zone bands of a framework"},
    {ROUTE_GET, "/skills/:id", ROUTE_OWN, .handle = show_one, .fields = skill_fields,
     .n_fields = F_SKILL__MAX, .about = "One skill: band, evidence, levels, tasks"},
};
const struct route_set page_skills_routes = ROUTE_SET("My skills", routes);
