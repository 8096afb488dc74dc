/* The cycle of a programme: which optional parts are used, how soon a step is looked at again, and
 * the words of each stage, which a coordinator may write anew and give back. */
#include "base/buf.h"
#include "coach/cycle_template.h"
#include "coach/programmes.h"
#include "web/cycle_words.h"
#include "web/page.h"
#include "web/page_sets.h"
#include "web/programme_view.h"
#include "web/web.h"

enum { F_PREPARE, F_MODEL, F_DAYS, F_USE__MAX };
static const struct field_spec use_fields[F_USE__MAX] = {
    [F_PREPARE] = {.name = "prepare", .type = FIELD_BOOL},
    [F_MODEL] = {.name = "model", .type = FIELD_BOOL},
    [F_DAYS] = {.name = "step_days", .type = FIELD_INT, .least = 0, .most = 1000, .required = true},
};
enum { F_PURPOSE, F_BEFORE, F_TALK, F_STEMS, F_IN, F_WORDS__MAX };
static const struct field_spec word_fields[F_WORDS__MAX] = {
    [F_PURPOSE] = {.name = "purpose", .type = FIELD_TEXT, .max = 2 * CYCLE_TEMPLATE_PURPOSE},
    [F_BEFORE] = {.name = "before", .type = FIELD_LINES, .max = 2 * CYCLE_TEMPLATE_TEXT},
    [F_TALK] = {.name = "talk", .type = FIELD_LINES, .max = 2 * CYCLE_TEMPLATE_TEXT},
    [F_STEMS] = {.name = "stems", .type = FIELD_LINES, .max = 2 * CYCLE_TEMPLATE_TEXT},
    [F_IN] = {.name = "language", .type = FIELD_TEXT, .max = CYCLE_TEMPLATE_LANGUAGE},
};
enum { F_LANGUAGE, F_SHOW__MAX }; /* a further one */
static const struct field_spec show_fields[F_SHOW__MAX] = {
    [F_LANGUAGE] = {.name = "language", .type = FIELD_TEXT, .max = CYCLE_TEMPLATE_LANGUAGE},
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
                              "and ways to begin a sentence. What you write is shown as it stands; "
                              "it can be written in further languages."));
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

/* Own words of a stage in further languages: one line, which schools with one language pass over.
 */
static void write_further(struct page *page, const struct cycle_template *t, enum cycle_part part)
{
    const struct cycle_own_words *first = &t->parts[part];
    struct html *h = &page->html;
    const struct catalogs *all = &page->web->catalogs;
    part_section_open(h, str_of("languages"), T(page, "In further languages"));
    part_quiet(h, T(page, "Who reads in a language that has no words of its own sees these."));
    part_list_open(h, false);
    for (size_t k = 0; k < all->n; k++) {
        struct str tag = catalog_tag(all->list[k]);
        if (str_equal(tag, first->language)) {
            continue;
        }
        part_list_item(h);
        html_open(h, EL_A);
        html_attr_url(h, AT_HREF,
                      page_path(page, "/programmes/{}/cycle/{}?language={}",
                                html_int(page_id(page, "id")),
                                html_part(str_of(cycle_template_word(part))), html_part(tag)));
        html_attr_lang(h, AT_LANG, tag);
        html_text(h, catalog_name(all->list[k]));
        html_close(h, EL_A);
        if (cycle_template_words(t, part, tag) != first) {
            html_text(h, str_of(" "));
            part_badge(h, PART_TONE_ACCENT, T(page, "in your words"));
        }
    }
    part_list_close(h);
    part_section_close(h);
}

/* The further language of the address or form; NULL: the first. */
static const struct catalog *language_of(struct page *page, int field)
{
    return page_given(page, field) ? catalogs_find(&page->web->catalogs, page_text(page, field))
                                   : NULL;
}

static void write_back(struct page *page, enum cycle_part part, const struct catalog *language)
{
    struct str path = part_path(page, "/programmes/{}/cycle/{}/default", part);
    if (!language) {
        page_button_ask(page, path,
                        &(struct part_button){.text = T(page, "Back to the words that Duet brings"),
                                              .kind = PART_BUTTON_QUIET},
                        T(page, "Give up your own words for this stage, in all languages?"));
        return;
    }
    page_form_open(page, path);
    part_hidden(&page->html, str_of("language"), catalog_tag(language));
    part_button(&page->html,
                &(struct part_button){.text = T(page, "No words in this language any more"),
                                      .kind = PART_BUTTON_QUIET});
    page_form_close(page);
}

static enum err show_part(struct page *page)
{
    struct programme p;
    struct cycle_template t;
    enum cycle_part part;
    const struct catalog *language = language_of(page, page->tried ? F_IN : F_LANGUAGE);
    if (!cycle_template_part_of(page_word(page, "part"), &part)) {
        return ERR_NOT_FOUND;
    }
    enum err err = cycle_template_get(&page->coach, page_id(page, "id"), &t);
    err = err ? err : programmes_get(&page->coach, page_id(page, "id"), &p);
    if (err) {
        return err;
    }
    if (language && !t.parts[part].own) {
        return page_go(page, FLASH_NONE, 0, part_path(page, "/programmes/{}/cycle/{}", part));
    }
    const struct cycle_words *ours = brought(part);
    const struct cycle_own_words *first = &t.parts[part], *own = first;
    if (language) {
        own = cycle_template_words(&t, part, catalog_tag(language));
    }
    struct html *h = page_open(page, &(struct page_head){.title = T(page, ours->name),
                                                         .eyebrow = p.name,
                                                         .back = T(page, "The cycle"),
                                                         .back_url = path_of(page),
                                                         .nav = PAGE_NAV_PROGRAMMES});
    page_errors(page);
    page_form_open(page, part_path(page, "/programmes/{}/cycle/{}", part));
    if (language) {
        part_paragraph(h, FILL(page, T(page, "For those who read in this language: {language}."),
                               CATALOG_TEXT("language", catalog_name(language))));
        part_hidden(h, str_of("language"), catalog_tag(language));
    }
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
    if (language ? own != first : first->own) {
        write_back(page, part, language);
    }
    if (!language && first->own) {
        write_further(page, &t, part);
    }
    return page_close(page);
}

static enum err say(struct page *page)
{
    enum cycle_part part;
    if (!cycle_template_part_of(page_word(page, "part"), &part)) {
        return ERR_NOT_FOUND;
    }
    const struct catalog *language = language_of(page, F_IN);
    const struct cycle_words_typed typed = {.language =
                                                language ? catalog_tag(language) : page->locale,
                                            .further = language != NULL,
                                            .purpose = page_text(page, F_PURPOSE),
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
    const struct catalog *language = language_of(page, F_LANGUAGE);
    enum err err = cycle_template_forget(&page->coach, page_id(page, "id"), part,
                                         language ? catalog_tag(language) : str_of(""));
    return err ? err : page_go(page, FLASH_SAVED, 0, path_of(page));
}

static const struct route routes[] = {
    {ROUTE_GET, "/programmes/:id/cycle", ROUTE_COORDINATOR, .handle = show,
     .about = "The cycle of its pairs: optional parts, days, words"},
    {ROUTE_POST, "/programmes/:id/cycle", ROUTE_COORDINATOR, .handle = use, .fields = use_fields,
     .n_fields = F_USE__MAX, .about = "Says which parts are used"},
    {ROUTE_GET, "/programmes/:id/cycle/*part", ROUTE_COORDINATOR, .handle = show_part,
     .fields = show_fields, .n_fields = F_SHOW__MAX, .about = "The words of one stage"},
    {ROUTE_POST, "/programmes/:id/cycle/*part", ROUTE_COORDINATOR, .handle = say,
     .fields = word_fields, .n_fields = F_WORDS__MAX, .about = "Changes them"},
    {ROUTE_POST, "/programmes/:id/cycle/*part/default", ROUTE_COORDINATOR, .handle = forget,
     .fields = show_fields, .n_fields = F_SHOW__MAX, .about = "Back to the words that Duet brings"},
};
const struct route_set page_programme_cycle_routes = ROUTE_SET("Programmes: the cycle", routes);
