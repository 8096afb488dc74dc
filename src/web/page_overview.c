/* Where the people of a programme stand: counts, then a list page by page; the same as a file.
 * Activity only: who works with whom, since when, at which stage. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/csv.h"
#include "base/day.h"
#include "coach/overview.h"
#include "coach/programmes.h"
#include "coach/units.h"
#include "web/cycle_words.h"
#include "web/page.h"
#include "web/page_sets.h"
#include "web/programme_view.h"

#define FILE_BYTES ((size_t)64 << 20)
#define LAST_PAGE (PROGRAMMES_PEOPLE / OVERVIEW_PAGE)

enum { F_SHOW, F_UNIT, F_PAGE, F__MAX };
static const struct field_spec fields[F__MAX] = {
    [F_SHOW] = {.name = "show",
                .type = FIELD_CHOICE,
                .choices = "paired|asked|active|stalled|paused|unserved|guided|helping|overloaded"},
    [F_UNIT] = {.name = "unit", .type = FIELD_ID},
    [F_PAGE] = {.name = "page", .type = FIELD_INT, .least = 1, .most = LAST_PAGE},
};

static struct str trait_words(struct page *page, int trait)
{
    static const char *const words[OVERVIEW_TRAIT__MAX] = {
        [OVERVIEW_PAIRED] = N_("Have a partner"),
        [OVERVIEW_ASKED] = N_("Asked, without an answer yet"),
        [OVERVIEW_ACTIVE] = N_("At work together"),
        [OVERVIEW_STALLED] = N_("Standing still"),
        [OVERVIEW_PAUSED] = N_("Paused"),
        [OVERVIEW_UNSERVED] = N_("Want a partner and have none"),
        [OVERVIEW_GUIDED] = N_("Learn with the guide"),
        [OVERVIEW_HELPING] = N_("Help somebody"),
        [OVERVIEW_OVERLOADED] = N_("Help more than they wanted to"),
    };
    return T(page, words[trait]);
}

static struct str address(struct page *page, int show, int64_t unit, int64_t number)
{
    struct html_arg id = html_int(page_id(page, "id"));
    struct str word =
        show < 0 ? str_of("") : str_of(overview_trait_word((enum overview_trait)show));
    return page_path(page, "/programmes/{}/overview?show={}&unit={}&page={}#list", id,
                     html_part(word), html_part(unit ? page_digits(page, unit) : str_of("")),
                     html_int(number));
}

/* ---- counts and filters ---- */

static void write_counts(struct page *page, const struct overview *o, int64_t unit)
{
    struct html *h = &page->html;
    part_terms_open(h);
    part_term(h, T(page, "Take part"), page_digits(page, o->n_people));
    for (int t = 0; t < OVERVIEW_TRAIT__MAX; t++) {
        part_term_open(h, trait_words(page, t));
        html_open(h, EL_A);
        html_attr_url(h, AT_HREF, address(page, t, unit, 1));
        html_text(h, page_digits(page, o->n[t]));
        html_close(h, EL_A);
        part_term_close(h);
    }
    part_terms_close(h);
    if (o->n_withheld) {
        part_quiet(h, FILL(page,
                           TN(page,
                              "{n} person is left out of this page: you evaluate them, or "
                              "somebody they work with.",
                              "{n} people are left out of this page: you evaluate them, or "
                              "somebody they work with.",
                              o->n_withheld),
                           CATALOG_INT("n", o->n_withheld)));
    }
}

/* The units of the programme and those below; all when it has none. */
static bool is_of_programme(const struct unit_list *units, size_t k, const int64_t *ids, size_t n)
{
    int64_t id = units->items[k].id;
    for (int depth = 0; id && depth <= UNITS_DEPTH; depth++) {
        int64_t parent = 0;
        for (size_t i = 0; i < n; i++) {
            if (ids[i] == id) {
                return true;
            }
        }
        for (size_t i = 0; i < units->n; i++) {
            parent = units->items[i].id == id ? units->items[i].parent_id : parent;
        }
        id = parent;
    }
    return n == 0;
}

static enum err write_filters(struct page *page, int64_t unit)
{
    struct html *h = &page->html;
    struct unit_list units;
    struct part_option show[OVERVIEW_TRAIT__MAX];
    int64_t *ids = NULL;
    size_t n = 0, n_options = 0;
    enum err err = programmes_units(&page->coach, page_id(page, "id"), &ids, &n);
    err = err ? err : units_list(&page->coach, false, &units);
    if (err) {
        return err;
    }
    struct part_option *options = arena_alloc(page->arena, units.n + 1, sizeof *options);
    for (size_t k = 0; options && k < units.n; k++) {
        if (is_of_programme(&units, k, ids, n)) {
            options[n_options++] =
                (struct part_option){.value = page_digits(page, units.items[k].id),
                                     .text = units.items[k].name,
                                     .chosen = units.items[k].id == unit};
        }
    }
    for (int t = 0; t < OVERVIEW_TRAIT__MAX; t++) {
        show[t] = (struct part_option){.value = str_of(overview_trait_word((enum overview_trait)t)),
                                       .text = trait_words(page, t),
                                       .chosen = page_given(page, F_SHOW) &&
                                                 page_number(page, F_SHOW) == t};
    }
    part_filters_open(
        h, page_path(page, "/programmes/{}/overview#list", html_int(page_id(page, "id"))),
        T(page, "Which people"));
    part_select(h, &(struct part_field){.id = str_of("show"), .label = T(page, "Show")},
                T(page, "Everybody"), show, OVERVIEW_TRAIT__MAX);
    part_select(h, &(struct part_field){.id = str_of("unit"), .label = T(page, "Unit")},
                T(page, "All units"), options, n_options);
    part_button(h, &(struct part_button){.text = T(page, "Show"), .kind = PART_BUTTON_PLAIN});
    part_filters_close(h);
    return options ? ERR_OK : ERR_NOMEM;
}

/* ---- what to do ---- */

static void write_unserved(struct page *page, const struct programme *p)
{
    struct html *h = &page->html;
    bool runs = p->state == PROGRAMME_OPEN || p->state == PROGRAMME_RUNNING;
    part_notice_open(h, PART_TONE_PLAIN, T(page, "What helps those who have no partner"));
    part_list_open(h, false);
    if (runs && p->strategy != PROGRAMME_SELF) {
        part_list_item(h);
        page_link(page, T(page, "A round: it finds the best partners for all who have none."),
                  page_path(page, "/programmes/{}/plan", html_int(p->id)));
    }
    part_list_item(h);
    html_text(h, T(page, "Asking a colleague themselves: under Coaching they see who offers help "
                         "and has room."));
    part_list_item(h);
    html_text(h, T(page, "The guide that is built in, at once and for every skill; it says that it "
                         "is a program."));
    part_list_item(h);
    page_link(page, T(page, "More offers: the figures show which skills are missing help."),
              page_path(page, "/programmes/{}/figures", html_int(p->id)));
    part_list_close(h);
    part_notice_close(h);
}

/* ---- people ---- */

static struct str partners(struct page *page, const struct overview_together *t)
{
    return t->n_partners < 2
               ? t->partners[0]
               : FILL(page, T(page, "{one} and {other}"), CATALOG_TEXT("one", t->partners[0]),
                      CATALOG_TEXT("other", t->partners[1]));
}

static struct str stage_words(struct page *page, const struct overview_together *t)
{
    return t->has_cycle ? T(page, cycle_words(t->stage, CYCLE_OBSERVE)->name)
                        : T(page, "no cycle is open");
}

static void write_together(struct page *page, const struct overview_together *t)
{
    static const char *const words[PARTNERSHIP_STATE__MAX] = {
        [PARTNERSHIP_PROPOSED] = N_("With {name}: proposed, waits for answers."),
        [PARTNERSHIP_AGREEING] = N_("With {name}: they settle how they work."),
        [PARTNERSHIP_ACTIVE] = N_("With {name}. Stage: {stage}. Last step: {when}."),
        [PARTNERSHIP_PAUSED] = N_("With {name}: paused."),
        [PARTNERSHIP_ENDED] = N_("With {name}: ended."),
    };
    const char *text = t->still_ms
                           ? N_("With {name}. Stage: {stage}. Standing still since: {when}.")
                           : words[t->state];
    int64_t when = t->still_ms ? t->still_ms : t->moved_ms;
    part_paragraph(&page->html,
                   FILL(page, T(page, text), CATALOG_TEXT("name", partners(page, t)),
                        CATALOG_TEXT("stage", stage_words(page, t)),
                        CATALOG_TEXT("when", page_day(page, page_day_of(page, when)))));
}

/* Why somebody has no partner, as far as the last round knows. */
static void write_why(struct page *page, const struct overview_person *p)
{
    if (p->last == OVERVIEW_WITHOUT) {
        part_quiet(&page->html, FILL(page, T(page, "Last round: {reason}."),
                                     CATALOG_TEXT("reason", programme_view_why(page, p->why))));
    } else if (p->last == OVERVIEW_HAD_ONE) {
        part_quiet(&page->html, T(page, "Last round: a partner was found; that did not come about, "
                                        "or has ended."));
    }
}

static void write_person(struct page *page, struct part_table *table,
                         const struct overview_person *p)
{
    struct html *h = &page->html;
    part_row_open(h, table);
    part_cell_open(h, table);
    page_person(page, p->person_id, p->name, p->unit);
    part_cell_close(h, table);
    part_cell_open(h, table);
    for (int32_t k = 0; k < p->n_together; k++) {
        write_together(page, &p->together[k]);
    }
    if (p->traits & 1u << OVERVIEW_UNSERVED) {
        part_badge(h, PART_TONE_CARE, T(page, "wants a partner, has none"));
        write_why(page, p);
    } else if (p->n_together == 0) {
        part_quiet(h, T(page, "Nothing at the moment."));
    }
    if (p->traits & 1u << OVERVIEW_GUIDED) {
        part_quiet(h, T(page, "Learns with the guide."));
    }
    part_cell_close(h, table);
    part_cell_open(h, table);
    html_text(h, FILL(page, T(page, "{n} of {all}"), CATALOG_INT("n", p->n_helps),
                      CATALOG_INT("all", p->max_helps)));
    if (p->traits & 1u << OVERVIEW_OVERLOADED) {
        html_text(h, str_of(" "));
        part_badge(h, PART_TONE_CARE, T(page, "more than they wanted"));
    }
    part_cell_close(h, table);
    part_row_close(h, table);
}

static void write_people(struct page *page, const struct overview *o, int show, int64_t unit)
{
    struct html *h = &page->html;
    int64_t number = page_given(page, F_PAGE) ? page_number(page, F_PAGE) : 1;
    const struct part_column columns[] = {
        {.heading = T(page, "Person")},
        {.heading = T(page, "Where they stand")},
        {.heading = T(page, "Helps, of at most")},
    };
    struct part_table table = {.caption = show < 0 ? T(page, "Everybody") : trait_words(page, show),
                               .columns = columns,
                               .n_columns = sizeof columns / sizeof *columns};
    if (o->n_items == 0) {
        part_paragraph(h, T(page, "Nobody."));
        return;
    }
    part_table_open(h, &table);
    for (size_t k = 0; k < o->n_items; k++) {
        write_person(page, &table, &o->items[k]);
    }
    part_table_close(h, &table);
    part_pages(h,
               &(struct part_pages){
                   .label = T(page, "Pages"),
                   .previous = T(page, "Back"),
                   .previous_url = number > 1 ? address(page, show, unit, number - 1) : str_of(""),
                   .next = T(page, "More"),
                   .next_url = o->more ? address(page, show, unit, number + 1) : str_of("")});
}

static enum err show(struct page *page)
{
    struct programme p;
    struct overview o;
    int64_t id = page_id(page, "id");
    struct overview_query query = {
        .unit_id = page_given(page, F_UNIT) ? page_number(page, F_UNIT) : 0,
        .show = page_given(page, F_SHOW) ? (int)page_number(page, F_SHOW) : -1,
        .page = page_given(page, F_PAGE) ? (int32_t)page_number(page, F_PAGE) - 1 : 0,
    };
    enum err err = overview_page(&page->coach, id, &query, &o);
    err = err ? err : programmes_get(&page->coach, id, &p);
    if (err) {
        return err;
    }
    struct html *h = programme_view_open(page, &p, PROGRAMME_TAB_ACTIVITY);
    part_lead(h, T(page, "Who works with whom, since when and at which stage. What they say and "
                         "write is theirs."));
    write_counts(page, &o, query.unit_id);
    part_section_open(h, str_of("list"), T(page, "People"));
    err = write_filters(page, query.unit_id);
    if (query.show == OVERVIEW_UNSERVED) {
        write_unserved(page, &p);
    }
    write_people(page, &o, query.show, query.unit_id);
    part_section_close(h);
    part_buttons_open(h);
    part_button_link(h, PART_BUTTON_PLAIN, PART_ICON_DOWNLOAD, T(page, "Everybody as a file"),
                     page_path(page, "/programmes/{}/overview/csv", html_int(id)));
    part_buttons_close(h);
    return err ? err : page_close(page);
}

/* ---- the file ---- */

static void write_line(struct page *page, struct csv_writer *csv, const struct overview_person *p)
{
    char since[DAY_TEXT_SIZE] = "";
    csv_writer_text(csv, p->name);
    csv_writer_text(csv, p->unit);
    for (int t = 0; t < OVERVIEW_TRAIT__MAX; t++) {
        csv_writer_plain(csv, str_of(p->traits >> t & 1u ? "1" : "0"));
    }
    if (p->still_ms) {
        day_write(page_day_of(page, p->still_ms), since);
    }
    csv_writer_plain(csv, str_of(since));
    csv_writer_plain(csv, page_digits(page, p->n_helps));
    csv_writer_plain(csv, page_digits(page, p->max_helps));
    csv_writer_plain(csv, page_digits(page, p->n_learns));
    csv_writer_plain(csv, page_digits(page, p->max_learns));
    csv_writer_end(csv);
}

static enum err download(struct page *page)
{
    static const char *const last[] = {"still_since", "helps", "helps_at_most", "learns",
                                       "learns_at_most"};
    struct overview o;
    struct buf buf;
    struct str text;
    struct csv_writer csv = {.buf = &buf};
    enum err err = overview_all(&page->coach, page_id(page, "id"), &o);
    if (err) {
        return err;
    }
    buf_init(&buf, page->arena, FILE_BYTES);
    csv_writer_plain(&csv, str_of("name"));
    csv_writer_plain(&csv, str_of("unit"));
    for (int t = 0; t < OVERVIEW_TRAIT__MAX; t++) {
        csv_writer_plain(&csv, str_of(overview_trait_word((enum overview_trait)t)));
    }
    for (size_t k = 0; k < sizeof last / sizeof *last; k++) {
        csv_writer_plain(&csv, str_of(last[k]));
    }
    csv_writer_end(&csv);
    for (size_t k = 0; k < o.n_items; k++) {
        write_line(page, &csv, &o.items[k]);
    }
    err = buf_end(&buf, &text);
    return err ? err : page_download(page, "text/csv; charset=utf-8", "programme-people.csv", text);
}

static const struct route routes[] = {
    {ROUTE_GET, "/programmes/:id/overview", ROUTE_COORDINATOR, .handle = show, .fields = fields,
     .n_fields = F__MAX, .about = "Where its people stand: activity, never content"},
    {ROUTE_GET, "/programmes/:id/overview/csv", ROUTE_COORDINATOR, .handle = download,
     .about = "The same of everybody, as a file"},
};
const struct route_set page_overview_routes = ROUTE_SET("Programmes: where people stand", routes);
