/* One person as colleagues see them: where they work, what they offer, when they have time; and
 * what they share with the reader. */
#include "base/buf.h"
#include "coach/profile.h"
#include "coach/shares.h"
#include "coach/wishes.h"
#include "coach/zones.h"
#include "web/page.h"
#include "web/page_sets.h"
#include "web/periods.h"
#include "web/skill_view.h"

#define PIECES 50

enum { F_FRAMEWORK, F_SKILLS__MAX };
static const struct field_spec skills_fields[F_SKILLS__MAX] = {
    [F_FRAMEWORK] = {.name = "framework", .type = FIELD_ID},
};

/* -- What everybody sees -------------------------------------------------------------------------
 */

static void write_offers(struct page *page, const struct wishes *wishes)
{
    struct html *h = &page->html;
    part_section_open(h, str_of("offers"), T(page, "Can help with"));
    if (!wishes->n_offers) {
        part_quiet(h, T(page, "Nothing is offered at the moment."));
    } else {
        part_list_open(h, false);
        for (int32_t i = 0; i < wishes->n_offers; i++) {
            part_list_item(h);
            html_element(h, EL_STRONG, NULL, wishes->offers[i].skill);
            if (wishes->offers[i].note.n) {
                part_written(h, wishes->offers[i].note);
            }
        }
        part_list_close(h);
    }
    part_section_close(h);
}

/* Tags as one line: they are words of the person, not of the page. */
static struct str joined(struct page *page, const struct profile_tags *tags)
{
    struct buf buf;
    struct str text;
    buf_init(&buf, page->arena, 16384);
    for (size_t i = 0; i < tags->n; i++) {
        buf_add_text(&buf, i ? ", " : "");
        buf_add(&buf, tags->items[i]);
    }
    return buf_end(&buf, &text) == ERR_OK ? text : str_of("");
}

static void write_periods(struct page *page, const struct profile *profile)
{
    struct html *h = &page->html;
    struct periods periods = periods_of(&profile->tags[PROFILE_PERIOD]);
    part_term_open(h, T(page, "Free periods"));
    part_list_open(h, false);
    for (size_t day = 0; day < PROFILE_DAYS; day++) {
        if (!periods.bits[day]) {
            continue;
        }
        struct buf buf;
        struct str text;
        buf_init(&buf, page->arena, 64);
        for (int period = 0; period < PROFILE_PERIODS; period++) {
            if (periods.bits[day] & 1u << period) {
                buf_add_text(&buf, buf.n ? ", " : "");
                buf_add_int(&buf, period + 1);
            }
        }
        part_list_item(h);
        html_text(
            h, FILL(page, T(page, "{day}: {periods}"),
                    CATALOG_TEXT("day", periods_day_name(page, day)),
                    CATALOG_TEXT("periods", buf_end(&buf, &text) == ERR_OK ? text : str_of(""))));
    }
    part_list_close(h);
    part_term_close(h);
}

static void write_profile(struct page *page, const struct profile *profile)
{
    static const struct {
        enum profile_kind kind;
        const char *text;
    } tags[] = {{PROFILE_SUBJECT, N_("Subjects")},
                {PROFILE_GRADE, N_("Years or grades")},
                {PROFILE_LANGUAGE, N_("Languages")}};
    struct html *h = &page->html;
    if (profile->about.n) {
        part_section_open(h, str_of("about"), T(page, "Likes to be asked about"));
        part_written(h, profile->about);
        part_section_close(h);
    }
    part_section_open(h, str_of("work"), T(page, "Work"));
    part_terms_open(h);
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
        if (profile->tags[tags[i].kind].n) {
            part_term(h, T(page, tags[i].text), joined(page, &profile->tags[tags[i].kind]));
        }
    }
    if (profile->tags[PROFILE_PERIOD].n) {
        write_periods(page, profile);
    }
    part_term(h, T(page, "Can take as helper"),
              FILL(page,
                   TN(page, "{n} partner at a time", "{n} partners at a time", profile->max_helps),
                   CATALOG_INT("n", profile->max_helps)));
    part_terms_close(h);
    part_section_close(h);
}

static void write_actions(struct page *page, int64_t id, struct str name, bool shared)
{
    struct html *h = &page->html;
    part_buttons_open(h);
    if (shared) {
        part_button_link(h, PART_BUTTON_MAIN, PART_ICON_EYE,
                         T(page, "See the skills shared with me"),
                         page_path(page, "/people/{}/skills", html_int(id)));
    }
    part_button_link(h, shared ? PART_BUTTON_PLAIN : PART_BUTTON_MAIN, PART_ICON_SHARE,
                     FILL(page, T(page, "Show my skills to {name}"), CATALOG_TEXT("name", name)),
                     page_path(page, "/sharing?person={}", html_int(id)));
    part_buttons_close(h);
}

/* Whether the person shares a skill, or all, with the reader. */
static enum err find_share(struct page *page, int64_t id, bool *shared)
{
    struct share_list list;
    enum err err = shares_received(&page->coach, &list);
    for (size_t i = 0; err == ERR_OK && i < list.n; i++) {
        *shared = *shared || (list.items[i].owner_id == id && list.items[i].kind == SHARE_ZONES);
    }
    return err;
}

static enum err show(struct page *page)
{
    struct coach *coach = &page->coach;
    struct person_line line;
    struct profile profile;
    struct wishes wishes;
    bool shared = false;
    int64_t id = page_id(page, "id");
    enum err err = people_line(coach, id, page->locale, &line);
    if (err == ERR_OK) {
        err = profile_get(coach, id, &profile);
    }
    if (err == ERR_OK) {
        err = wishes_of(coach, id, 0, page->locale, &wishes);
    }
    if (err == ERR_OK) {
        err = find_share(page, id, &shared);
    }
    if (err != ERR_OK) {
        return err;
    }
    page_open(page, &(struct page_head){.title = line.name,
                                        .eyebrow = line.position,
                                        .lead = line.units,
                                        .back = T(page, "People"),
                                        .back_url = str_of("/people"),
                                        .nav = PAGE_NAV_PEOPLE});
    if (id == page->me.id) {
        part_notice(&page->html, PART_TONE_PLAIN, str_of(""),
                    T(page, "This is how colleagues see you."));
        page_link(page, T(page, "Change my profile"), str_of("/profile"));
    } else {
        write_actions(page, id, line.name, shared);
    }
    write_offers(page, &wishes);
    write_profile(page, &profile);
    return page_close(page);
}

/* -- What is shared with the reader
 * ---------------------------------------------------------------- */

static void write_shared(struct page *page, const struct zones_skill *skill, int64_t id,
                         struct str name)
{
    struct html *h = &page->html;
    part_cards_item(h);
    part_card_open(h,
                   &(struct part_card){.level = 2,
                                       .heading = skill->name,
                                       .eyebrow = skill->domain,
                                       .url = page_path(page, "/people/{}/skills/{}", html_int(id),
                                                        html_int(skill->skill_id))});
    skill_view_band(page, skill, ZONEBAND_COMPACT, name);
    skill_view_behind(page, skill);
    part_card_close(h);
}

static enum err show_skills(struct page *page)
{
    struct person_line line;
    struct skill_frameworks frameworks;
    struct zones zones;
    int64_t id = page_id(page, "id");
    int64_t asked = page_given(page, F_FRAMEWORK) ? page_number(page, F_FRAMEWORK) : 0;
    enum err err = people_line(&page->coach, id, page->locale, &line);
    if (err == ERR_OK) {
        err = skill_view_frameworks(page, asked, &frameworks);
    }
    if (err == ERR_OK && !frameworks.id) {
        return skill_view_none(page, line.name);
    }
    if (err == ERR_OK) {
        err = zones_of(&page->coach, id, frameworks.id, page->locale, &zones);
    }
    if (err != ERR_OK) {
        return err;
    }
    struct html *h = page_open(
        page,
        &(struct page_head){
            .title = FILL(page, T(page, "Skills of {name}"), CATALOG_TEXT("name", line.name)),
            .lead = T(page, "Shared with you. It can be taken back at any time, and the owner sees "
                            "that you have opened it."),
            .back = line.name,
            .back_url = page_path(page, "/people/{}", html_int(id)),
            .nav = PAGE_NAV_PEOPLE,
            .width = PART_WIDTH_WIDE});
    if (frameworks.n > 1) {
        struct part_link links[8];
        size_t n = 0;
        for (int32_t i = 0; i < frameworks.n && n < 8; i++) {
            links[n++] =
                (struct part_link){frameworks.items[i].words.name,
                                   page_path(page, "/people/{}/skills?framework={}", html_int(id),
                                             html_int(frameworks.items[i].id)),
                                   frameworks.items[i].id == frameworks.id};
        }
        part_tabs(h, T(page, "Frameworks"), links, n);
    }
    zoneband_legend(h, page->catalog);
    part_cards_open(h);
    for (int32_t i = 0; i < zones.n_skills; i++) {
        write_shared(page, &zones.skills[i], id, line.name);
    }
    part_cards_close(h);
    return page_close(page);
}

static enum err show_skill(struct page *page)
{
    struct person_line line;
    struct zones_skill skill;
    struct evidence_piece *pieces;
    int32_t n;
    bool more;
    int64_t id = page_id(page, "id"), skill_id = page_id(page, "skill");
    enum err err = people_line(&page->coach, id, page->locale, &line);
    if (err == ERR_OK) {
        err = zones_of_skill(&page->coach, id, skill_id, page->locale, &skill);
    }
    if (err == ERR_OK) {
        err =
            evidence_list(&page->coach, id, skill_id, page->locale, 0, PIECES, &pieces, &n, &more);
    }
    if (err != ERR_OK) {
        return err;
    }
    struct html *h = page_open(
        page, &(struct page_head){
                  .title = skill.name,
                  .eyebrow = line.name,
                  .back = FILL(page, T(page, "Skills of {name}"), CATALOG_TEXT("name", line.name)),
                  .back_url = page_path(page, "/people/{}/skills", html_int(id)),
                  .nav = PAGE_NAV_PEOPLE});
    skill_view_band(page, &skill, ZONEBAND_FULL, line.name);
    part_buttons_open(h);
    part_button_link(
        h, PART_BUTTON_MAIN, PART_ICON_EYE, T(page, "Write down what I saw"),
        page_path(page, "/people/{}/skills/{}/observe", html_int(id), html_int(skill_id)));
    part_buttons_close(h);
    part_section_open(h, str_of("evidence"), T(page, "What stands behind it"));
    skill_view_evidence(page, pieces, n, false);
    part_section_close(h);
    return page_close(page);
}

static const struct route routes[] = {
    {ROUTE_GET, "/people/:id", ROUTE_EVERYBODY, .handle = show,
     .about = "One person: what they offer, their profile"},
    {ROUTE_GET, "/people/:id/skills", ROUTE_SHARED, .handle = show_skills, .fields = skills_fields,
     .n_fields = F_SKILLS__MAX, .about = "The zones that a person shares with the reader"},
    {ROUTE_GET, "/people/:id/skills/:skill", ROUTE_SHARED, .handle = show_skill,
     .about = "One of these skills, with its evidence"},
};
const struct route_set page_person_routes = ROUTE_SET("One person", routes);
