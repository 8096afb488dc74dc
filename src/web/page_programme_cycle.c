/* The cycle of a programme: which optional parts are used, how soon a step is looked at again, and
 * the words of each stage, which a coordinator may write anew and give back. */
#include "base/buf.h"
#include "coach/cycle_template.h"
#include "coach/programmes.h"
#include "web/cycle_words.h"
#include "web/page.h"
#include "web/page_sets.h"
#include "web/programme_view.h"

enum { F_PREPARE, F_MODEL, F_DAYS, F_USE__MAX };
static const struct field_spec use_fields[F_USE__MAX] = {
    [F_PREPARE] = {.name = "prepare", .type = FIELD_BOOL},
    [F_MODEL] = {.name = "model", .type = FIELD_BOOL},
    [F_DAYS] = {.name = "step_days", .type = FIELD_INT, .least = 0, .most = 1000, .required = true},
};
enum { F_PURPOSE, F_BEFORE, F_TALK, F_STEMS, F_WORDS__MAX };
static const struct field_spec word_fields[F_WORDS__MAX] = {
    [F_PURPOSE] = {.name = "purpose", .type = FIELD_TEXT, .max = 2 * CYCLE_TEMPLATE_PURPOSE},
    [F_BEFORE] = {.name = "before", .type = FIELD_LINES, .max = 2 * CYCLE_TEMPLATE_TEXT},
    [F_TALK] = {.name = "talk", .type = FIELD_LINES, .max = 2 * CYCLE_TEMPLATE_TEXT},
    [F_STEMS] = {.name = "stems", .type = FIELD_LINES, .max = 2 * CYCLE_TEMPLATE_TEXT},
};

static const struct cycle_words *brought(enum cycle_part part)
{
    return cycle_words(cycle_template_stage(part),
                       part == CYCLE_PART_MODEL ? CYCLE_MODEL : CYCLE_OBSERVE);
}

static struct str path_of(struct page *page)
{
    return page_path(page, "/programmes/{}/cycle", html_int(page_id(page, "id")));
}

static struct str part_path(struct page *page, const char *pattern, enum cycle_part part)
{
    return page_path(page, pattern, html_int(page_id(page, "id")),
                     html_part(str_of(cycle_template_word(part))));
}

/* ---- the whole ---- */

static void write_use(struct page *page, const struct cycle_template *t)
{
    struct html *h = &page->html;
    page_form_open(page, path_of(page));
    part_check(h,
               &(struct part_field){.id = str_of("prepare"),
                                    .label = T(page, "Who helps prepares some days before"),
                                    .hint = T(page, "A quarter of an hour. Who prepares to help "
                                                    "learns most.")},
               page_value_number(page, F_PREPARE, t->prepare) != 0);
    part_check(h,
               &(struct part_field){.id = str_of("model"),
                                    .label = T(page, "Who learns may watch who helps first"),
                                    .hint = T(page, "Without this, who helps always visits who "
                                                    "learns.")},
               page_value_number(page, F_MODEL, t->model) != 0);
    part_input(h, &(struct part_field){
                      .id = str_of("step_days"),
                      .label = T(page, "A step is looked at again within so many days"),
                      .hint = T(page, "Two weeks at most: what is checked soon is done."),
                      .type = "number",
                      .min = str_of("1"),
                      .max = page_digits(page, CYCLES_STEP_DAYS),
                      .width = PART_FIELD_SHORT,
                      .error = page_error(page, "step_days"),
                      .value = page_value(page, F_DAYS, page_digits(page, t->step_days))});
    part_buttons_open(h);
    part_button(h, &(struct part_button){.text = T(page, "Save"), .kind = PART_BUTTON_MAIN});
    part_buttons_close(h);
    page_form_close(page);
}

static void write_parts(struct page *page, const struct cycle_template *t)
{
    struct html *h = &page->html;
    part_section_open(h, str_of("words"), T(page, "The words of each stage"));
    part_paragraph(h, T(page, "What a stage is for, what to think of before, how the talk goes, "
                              "and ways to begin a sentence. What you write is shown as it stands, "
                              "in the one language in which you write it."));
    part_cards_open(h);
    for (int k = 0; k < CYCLE_PART__MAX; k++) {
        enum cycle_part part = (enum cycle_part)k;
        if (part == CYCLE_PART_MODEL && !t->model) {
            continue;
        }
        part_cards_item(h);
        part_card_open(
            h, &(struct part_card){.heading = T(page, brought(part)->name),
                                   .url = part_path(page, "/programmes/{}/cycle/{}", part)});
        part_quiet(h, t->parts[k].own ? t->parts[k].purpose : T(page, brought(part)->purpose));
        part_badge(h, t->parts[k].own ? PART_TONE_ACCENT : PART_TONE_PLAIN,
                   t->parts[k].own ? T(page, "in your words") : T(page, "as Duet brings it"));
        part_card_close(h);
    }
    part_cards_close(h);
    part_section_close(h);
}

static enum err show(struct page *page)
{
    struct programme p;
    struct cycle_template t;
    enum err err = cycle_template_get(&page->coach, page_id(page, "id"), &t);
    err = err ? err : programmes_get(&page->coach, page_id(page, "id"), &p);
    if (err) {
        return err;
    }
    struct html *h = programme_view_open(page, &p, PROGRAMME_TAB_CYCLE);
    part_lead(h, T(page, "How pairs of this programme work together. Cycles that are under way go "
                         "on when you change it."));
    page_errors(page);
    write_use(page, &t);
    write_parts(page, &t);
    return page_close(page);
}

static enum err use(struct page *page)
{
    enum err err =
        page->complaints.n
            ? ERR_INVALID
            : cycle_template_use(&page->coach, page_id(page, "id"),
                                 page_number(page, F_PREPARE) != 0, page_number(page, F_MODEL) != 0,
                                 (int32_t)page_number(page, F_DAYS), &page->complaints);
    if (err == ERR_INVALID) {
        return page_again(page, show);
    }
    return err ? err : page_go(page, FLASH_SAVED, 0, path_of(page));
}

/* ---- one stage ---- */

/* Own lines, or those that Duet brings in the reader's language, one below the other. */
static struct str typed_lines(struct page *page, const struct cycle_own_words *own,
                              const struct cycle_lines *theirs, const char *const *ours)
{
    struct buf buf;
    struct str text;
    buf_init(&buf, page->arena, 4 * 2 * CYCLE_TEMPLATE_TEXT);
    for (int32_t k = 0; own->own ? k < theirs->n : ours[k] != NULL; k++) {
        if (k > 0) {
            buf_add_text(&buf, "\n");
        }
        buf_add(&buf, own->own ? theirs->items[k] : T(page, ours[k]));
    }
    if (buf_end(&buf, &text)) {
        page->html.err = ERR_NOMEM;
        return str_of("");
    }
    return text;
}

static void write_lines(struct page *page, int field, const char *id, struct str label,
                        struct str stored, bool optional)
{
    part_textarea(&page->html,
                  &(struct part_field){.id = str_of(id),
                                       .label = label,
                                       .hint = FILL(page, T(page, "One entry a line, at most {n}."),
                                                    CATALOG_INT("n", CYCLE_TEMPLATE_LINES)),
                                       .optional = optional ? T(page, "optional") : str_of(""),
                                       .error = page_error(page, id),
                                       .rows = 6,
                                       .value = page_value(page, field, stored)});
}

static enum err show_part(struct page *page)
{
    struct programme p;
    struct cycle_template t;
    enum cycle_part part;
    if (!cycle_template_part_of(page_word(page, "part"), &part)) {
        return ERR_NOT_FOUND;
    }
    enum err err = cycle_template_get(&page->coach, page_id(page, "id"), &t);
    err = err ? err : programmes_get(&page->coach, page_id(page, "id"), &p);
    if (err) {
        return err;
    }
    const struct cycle_words *ours = brought(part);
    const struct cycle_own_words *own = &t.parts[part];
    struct html *h = page_open(page, &(struct page_head){.title = T(page, ours->name),
                                                         .eyebrow = p.name,
                                                         .back = T(page, "The cycle"),
                                                         .back_url = path_of(page),
                                                         .nav = PAGE_NAV_PROGRAMMES});
    page_errors(page);
    page_form_open(page, part_path(page, "/programmes/{}/cycle/{}", part));
    part_textarea(h, &(struct part_field){
                         .id = str_of("purpose"),
                         .label = T(page, "What it is for"),
                         .rows = 2,
                         .max_length = CYCLE_TEMPLATE_PURPOSE,
                         .error = page_error(page, "purpose"),
                         .value = page_value(page, F_PURPOSE,
                                             own->own ? own->purpose : T(page, ours->purpose))});
    write_lines(page, F_BEFORE, "before", T(page, "Before you meet"),
                typed_lines(page, own, &own->before, ours->before), true);
    write_lines(page, F_TALK, "talk",
                cycle_template_stage(part) == CYCLE_VISIT ? T(page, "During the visit")
                                                          : T(page, "In the talk"),
                typed_lines(page, own, &own->talk, ours->talk), false);
    write_lines(page, F_STEMS, "stems", T(page, "Ways to begin a sentence"),
                typed_lines(page, own, &own->stems, ours->stems), true);
    part_buttons_open(h);
    part_button(h, &(struct part_button){.text = T(page, "Save"), .kind = PART_BUTTON_MAIN});
    part_buttons_close(h);
    page_form_close(page);
    if (own->own) {
        page_button_ask(page, part_path(page, "/programmes/{}/cycle/{}/default", part),
                        &(struct part_button){.text = T(page, "Back to the words that Duet brings"),
                                              .kind = PART_BUTTON_QUIET},
                        T(page, "Give up your own words for this stage?"));
    }
    return page_close(page);
}

static enum err say(struct page *page)
{
    enum cycle_part part;
    if (!cycle_template_part_of(page_word(page, "part"), &part)) {
        return ERR_NOT_FOUND;
    }
    const struct cycle_words_typed typed = {.purpose = page_text(page, F_PURPOSE),
                                            .before = page_text(page, F_BEFORE),
                                            .talk = page_text(page, F_TALK),
                                            .stems = page_text(page, F_STEMS)};
    enum err err = page->complaints.n ? ERR_INVALID
                                      : cycle_template_say(&page->coach, page_id(page, "id"), part,
                                                           &typed, &page->complaints);
    if (err == ERR_INVALID) {
        return page_again(page, show_part);
    }
    return err ? err : page_go(page, FLASH_SAVED, 0, path_of(page));
}

static enum err forget(struct page *page)
{
    enum cycle_part part;
    if (!cycle_template_part_of(page_word(page, "part"), &part)) {
        return ERR_NOT_FOUND;
    }
    enum err err = cycle_template_forget(&page->coach, page_id(page, "id"), part);
    return err ? err : page_go(page, FLASH_SAVED, 0, path_of(page));
}

static const struct route routes[] = {
    {ROUTE_GET, "/programmes/:id/cycle", ROUTE_COORDINATOR, .handle = show,
     .about = "The cycle of its pairs: optional parts, days, words"},
    {ROUTE_POST, "/programmes/:id/cycle", ROUTE_COORDINATOR, .handle = use, .fields = use_fields,
     .n_fields = F_USE__MAX, .about = "Says which parts are used"},
    {ROUTE_GET, "/programmes/:id/cycle/*part", ROUTE_COORDINATOR, .handle = show_part,
     .about = "The words of one stage"},
    {ROUTE_POST, "/programmes/:id/cycle/*part", ROUTE_COORDINATOR, .handle = say,
     .fields = word_fields, .n_fields = F_WORDS__MAX, .about = "Changes them"},
    {ROUTE_POST, "/programmes/:id/cycle/*part/default", ROUTE_COORDINATOR, .handle = forget,
     .about = "Back to the words that Duet brings"},
};
const struct route_set page_programme_cycle_routes = ROUTE_SET("Programmes: the cycle", routes);
