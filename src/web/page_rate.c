/* Rating oneself in a whole framework at once: one list, nothing is compulsory. */
#include "base/arena.h"
#include "base/buf.h"
#include "coach/evidence.h"
#include "coach/zones.h"
#include "web/page.h"
#include "web/page_sets.h"
#include "web/skill_view.h"

enum { F_FRAMEWORK, F_SHOW__MAX };
static const struct field_spec show_fields[F_SHOW__MAX] = {
    [F_FRAMEWORK] = {.name = "framework", .type = FIELD_ID},
};

enum { F_RATED_FRAMEWORK, F_RATING, F_RATE__MAX };
static const struct field_spec rate_fields[F_RATE__MAX] = {
    [F_RATED_FRAMEWORK] = {.name = "framework", .type = FIELD_ID},
    [F_RATING] = {.name = "rating",
                  .type = FIELD_TOKEN,
                  .max = 24,
                  .max_items = FRAMEWORK_MAX_SKILLS},
};

/* "12-3": skill 12 at level 3. */
static bool read_rating(struct str text, int64_t *skill_id, int32_t *level)
{
    int64_t numbers[2] = {0, 0};
    int at = 0;
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        if (c == '-' && at == 0) {
            at = 1;
        } else if (c >= '0' && c <= '9' && numbers[at] < INT64_MAX / 16) {
            numbers[at] = numbers[at] * 10 + (c - '0');
        } else {
            return false;
        }
    }
    *skill_id = numbers[0];
    *level = numbers[1] <= FRAMEWORK_MAX_LEVELS ? (int32_t)numbers[1] : 0;
    return at == 1 && *skill_id > 0 && *level > 0;
}

static int32_t typed_level(const struct page *page, int64_t skill_id)
{
    if (!page->tried) {
        return 0;
    }
    const struct field_value *list = &page->fields.values[F_RATING];
    for (int i = 0; i < list->n_items; i++) {
        int64_t id;
        int32_t level;
        if (read_rating(list->items[i].text, &id, &level) && id == skill_id) {
            return level;
        }
    }
    return 0;
}

static void write_skill(struct page *page, const struct zones_skill *skill)
{
    struct html *h = &page->html;
    struct part_option options[ZONES_MAX_LEVELS];
    int32_t chosen = typed_level(page, skill->skill_id);
    for (int32_t i = 0; i < skill->n_levels; i++) {
        struct buf buf;
        buf_init(&buf, page->arena, 32);
        buf_add_int(&buf, skill->skill_id);
        buf_add_char(&buf, '-');
        buf_add_int(&buf, i + 1);
        if (buf_end(&buf, &options[i].value) != ERR_OK) {
            h->err = h->err ? h->err : ERR_NOMEM;
            return;
        }
        options[i] = (struct part_option){
            .value = options[i].value, .text = skill->level_names[i], .chosen = chosen == i + 1};
    }
    struct str before = str_of("");
    if (skill->self_level >= 1 && skill->self_level <= skill->n_levels) {
        before = FILL(page, T(page, "Last time: {level}"),
                      CATALOG_TEXT("level", skill->level_names[skill->self_level - 1]));
    }
    part_select(h,
                &(struct part_field){.id = html_id(h, "rating-{}", html_int(skill->skill_id)),
                                     .name = str_of("rating"),
                                     .label = skill->name,
                                     .hint = before,
                                     .width = PART_FIELD_HALF,
                                     .optional = T(page, "optional")},
                T(page, "not now"), options, (size_t)skill->n_levels);
}

static void write_form(struct page *page, const struct zones *zones)
{
    struct html *h = &page->html;
    int64_t domain = 0;
    page_form_open(page, str_of("/skills/rate"));
    part_hidden(h, str_of("framework"), page_digits(page, zones->framework_id));
    for (int32_t i = 0; i < zones->n_skills; i++) {
        const struct zones_skill *skill = &zones->skills[i];
        if (skill->domain_id != domain) {
            if (domain) {
                part_fieldset_close(h);
            }
            domain = skill->domain_id;
            part_fieldset_open(h, skill->domain, str_of(""));
        }
        if (!skill->retired) {
            write_skill(page, skill);
        }
    }
    if (domain) {
        part_fieldset_close(h);
    }
    part_buttons_open(h);
    part_button(h, &(struct part_button){.text = T(page, "Save"), .kind = PART_BUTTON_MAIN});
    part_buttons_close(h);
    page_form_close(page);
}

static enum err show(struct page *page)
{
    struct skill_frameworks frameworks;
    struct zones zones;
    int64_t asked = page_given(page, F_FRAMEWORK) ? page_number(page, F_FRAMEWORK) : 0;
    enum err err = skill_view_frameworks(page, asked, &frameworks);
    if (err != ERR_OK) {
        return err;
    }
    if (!frameworks.id) {
        return skill_view_none(page, T(page, "Where I stand"));
    }
    err = zones_of(&page->coach, page->me.id, frameworks.id, page->locale, &zones);
    if (err != ERR_OK) {
        return err;
    }
    page_open(
        page,
        &(struct page_head){
            .title = T(page, "Where I stand"),
            .eyebrow = zones.framework,
            .lead = T(page, "Choose what is most like your usual practice. Leave out what you are "
                            "not sure of. Your own view stands beside what colleagues see; the two "
                            "are not mixed."),
            .back = T(page, "My skills"),
            .back_url = page_path(page, "/skills?framework={}", html_int(frameworks.id)),
            .nav = PAGE_NAV_SKILLS});
    page_errors(page);
    skill_view_tabs(page, &frameworks, "/skills/rate?framework={}");
    write_form(page, &zones);
    return page_close(page);
}

static enum err save(struct page *page)
{
    const struct field_value *list = &page->fields.values[F_RATING];
    size_t n_items = (size_t)list->n_items;
    struct evidence_new *pieces = arena_alloc(page->arena, n_items, sizeof *pieces);
    int32_t n = 0;
    if (!pieces) {
        return ERR_NOMEM;
    }
    for (size_t i = 0; i < n_items; i++) {
        struct evidence_new piece = {.person_id = page->me.id,
                                     .kind = EVIDENCE_SELF,
                                     .support = EVIDENCE_INDEPENDENT,
                                     .day = page->today};
        if (!read_rating(list->items[i].text, &piece.skill_id, &piece.level)) {
            return ERR_RANGE;
        }
        pieces[n++] = piece;
    }
    enum err err = page->complaints.n
                       ? ERR_INVALID
                       : evidence_add_many(&page->coach, pieces, n, &page->complaints);
    if (err == ERR_INVALID && page->complaints.n) {
        return page_again(page, show);
    }
    if (err != ERR_OK) {
        return err;
    }
    return page_go(page, n ? FLASH_RATED : FLASH_NONE, n,
                   page_given(page, F_RATED_FRAMEWORK)
                       ? page_path(page, "/skills?framework={}",
                                   html_int(page_number(page, F_RATED_FRAMEWORK)))
                       : str_of("/skills"));
}

static const struct route routes[] = {
    {ROUTE_GET, "/skills/rate", ROUTE_OWN, .handle = show, .fields = show_fields,
     .n_fields = F_SHOW__MAX, .about = "Rating oneself in all skills of a framework"},
    {ROUTE_POST, "/skills/rate", ROUTE_OWN, .handle = save, .fields = rate_fields,
     .n_fields = F_RATE__MAX, .about = "Adds the self-ratings"},
};
const struct route_set page_rate_routes = ROUTE_SET("Rating oneself", routes);
