/* Figures of a programme: what is wanted, offered and served by skill, as a chart, a table and a
 * file; and one page for a board, made to be printed.  No names; every figure has five people or
 * more behind it (coach/figures.h). */
#include "base/arena.h"
#include "base/buf.h"
#include "base/csv.h"
#include "coach/figures.h"
#include "coach/frameworks.h"
#include "coach/programmes.h"
#include "web/page.h"
#include "web/page_sets.h"
#include "web/programme_view.h"

#define FULL 100.0 /* the chart's own units, percent */
#define FILE_BYTES ((size_t)4 << 20)
#define BOARD_SKILLS 10 /* those that most people want */

struct figures {
    struct programme programme;
    struct figures_map map;
    struct framework *framework;
};

/* board: NULL where it is not shown. */
static enum err read_figures(struct page *page, struct figures *f, struct figures_board *board)
{
    int64_t id = page_id(page, "id");
    enum err err = board ? figures_board(&page->coach, id, &f->map, board)
                         : figures_map(&page->coach, id, &f->map);
    err = err ? err : programmes_get(&page->coach, id, &f->programme);
    return err ? err
               : frameworks_get(&page->coach, f->programme.framework_id, page->locale, 0,
                                &f->framework);
}

static struct str skill_name(const struct figures *f, int64_t id)
{
    const struct framework_skill *skill = framework_find_skill(f->framework, id);
    return skill ? skill->words.name : str_of("");
}

static struct str words(struct page *page, const struct figure *figure)
{
    switch (figure->told) {
    case FIGURE_SHOWN:
        return page_digits(page, figure->n);
    case FIGURE_FEW:
        return FILL(page, T(page, "fewer than {n}"), CATALOG_INT("n", FIGURES_LEAST));
    case FIGURE_MOST:
        return FILL(page, T(page, "all but fewer than {n}"), CATALOG_INT("n", FIGURES_LEAST));
    default:
        return T(page, "not told");
    }
}

static void write_rule(struct page *page)
{
    part_quiet(&page->html,
               FILL(page,
                    T(page, "Every figure has {n} people or more behind it. Smaller ones are not "
                            "told, nor those from which a smaller one could be worked out."),
                    CATALOG_INT("n", FIGURES_LEAST)));
}

/* ---- the chart ---- */

static int32_t largest(const struct figures_map *map)
{
    int32_t n = 1;
    for (size_t k = 0; k < map->n; k++) {
        n = map->skills[k].want.n > n ? map->skills[k].want.n : n;
        n = map->skills[k].offer.n > n ? map->skills[k].offer.n : n;
    }
    return n;
}

static void rect(struct page *page, const char *class, double width)
{
    struct html *h = &page->html;
    html_open_class(h, EL_SVG_RECT, class);
    html_attr_number(h, AT_WIDTH, width, "%");
    html_attr_number(h, AT_HEIGHT, FULL, "%");
}

/* How many want it, the served in it; or how many offer it.  The words beside it say the same. */
static void write_bar(struct page *page, const struct figure *all, const struct figure *part,
                      int32_t most)
{
    struct html *h = &page->html;
    html_open_class(h, EL_SVG, part ? "chart-bar" : "chart-bar chart-bar-second");
    html_attr_bool(h, AT_ARIA_HIDDEN, true);
    html_attr_bool(h, AT_FOCUSABLE, false);
    rect(page, "chart-ground", FULL);
    if (all->told == FIGURE_SHOWN) {
        rect(page, part ? "chart-part" : "chart-fill", FULL * all->n / most);
    }
    if (part && part->told == FIGURE_SHOWN) {
        rect(page, "chart-fill", FULL * part->n / most);
    }
    html_close(h, EL_SVG);
}

/* What the bars mean: where they stand alone, too. */
static void write_legend(struct page *page)
{
    part_quiet(&page->html,
               T(page, "The upper bar: who wants it; its darker part: who works on it with a "
                       "colleague. The lower bar: who offers help with it."));
}

static void write_skill_bars(struct page *page, const struct figures *f,
                             const struct figures_skill *s, int32_t most)
{
    struct html *h = &page->html;
    html_open(h, EL_LI);
    html_element(h, EL_SPAN, "chart-name", skill_name(f, s->skill_id));
    html_element(
        h, EL_SPAN, "chart-value",
        FILL(page,
             T(page, "want it: {want}; of these, with a colleague: {served}; offer it: {offer}"),
             CATALOG_TEXT("want", words(page, &s->want)),
             CATALOG_TEXT("served", words(page, &s->served)),
             CATALOG_TEXT("offer", words(page, &s->offer))));
    write_bar(page, &s->want, &s->served, most);
    write_bar(page, &s->offer, NULL, most);
    html_close(h, EL_LI);
}

/* ---- the table ---- */

static void write_table(struct page *page, const struct figures *f)
{
    struct html *h = &page->html;
    const struct part_column columns[] = {
        {.heading = T(page, "Skill")},
        {.heading = T(page, "Want to grow in it"), .align = PART_ALIGN_NUMBER},
        {.heading = T(page, "of these, with a colleague"), .align = PART_ALIGN_NUMBER},
        {.heading = T(page, "Offer help with it"), .align = PART_ALIGN_NUMBER},
    };
    struct part_table table = {.caption = T(page, "Needs and offers by skill"),
                               .hide_caption = true,
                               .columns = columns,
                               .n_columns = sizeof columns / sizeof *columns};
    part_section_open(h, str_of("table"), T(page, "Needs and offers by skill"));
    part_table_open(h, &table);
    for (size_t k = 0; k < f->map.n; k++) {
        const struct figures_skill *s = &f->map.skills[k];
        part_row_open(h, &table);
        part_cell(h, &table, skill_name(f, s->skill_id));
        part_cell(h, &table, words(page, &s->want));
        part_cell(h, &table, words(page, &s->served));
        part_cell(h, &table, words(page, &s->offer));
        part_row_close(h, &table);
    }
    part_table_close(h, &table);
    part_section_close(h);
}

static enum err show(struct page *page)
{
    struct figures f = {0};
    enum err err = read_figures(page, &f, NULL);
    if (err) {
        return err;
    }
    struct html *h = programme_view_open(page, &f.programme, PROGRAMME_TAB_FIGURES);
    part_lead(h, T(page, "Which skills people want to grow in, who offers help with them, and how "
                         "many work on them with a colleague."));
    part_terms_open(h);
    part_term(h, T(page, "Take part"), words(page, &f.map.people));
    part_term(h, T(page, "Want to grow in something"), words(page, &f.map.want));
    part_term(h, T(page, "Of these, work on it with a colleague"), words(page, &f.map.served));
    part_term(h, T(page, "Offer help with something"), words(page, &f.map.offer));
    part_terms_close(h);
    write_rule(page);
    part_buttons_open(h);
    part_button_link(h, PART_BUTTON_PLAIN, PART_ICON_PRINT, T(page, "One page for the board"),
                     page_path(page, "/programmes/{}/board", html_int(f.programme.id)));
    part_button_link(h, PART_BUTTON_PLAIN, PART_ICON_DOWNLOAD, T(page, "The figures as a file"),
                     page_path(page, "/programmes/{}/figures/csv", html_int(f.programme.id)));
    part_buttons_close(h);
    part_section_open(h, str_of("chart"), T(page, "At a glance"));
    write_legend(page);
    part_quiet(h, T(page, "The table has the same figures."));
    html_open_class(h, EL_UL, "chart chart-lines");
    for (size_t k = 0; k < f.map.n; k++) {
        write_skill_bars(page, &f, &f.map.skills[k], largest(&f.map));
    }
    html_close(h, EL_UL);
    part_section_close(h);
    write_table(page, &f);
    return page_close(page);
}

/* ---- the file ---- */

static void write_cell(struct page *page, struct csv_writer *csv, const struct figure *figure)
{
    static const char *const told[] = {[FIGURE_SHOWN] = "",
                                       [FIGURE_FEW] = "fewer than 5",
                                       [FIGURE_MOST] = "all but fewer than 5",
                                       [FIGURE_HIDDEN] = "not told"};
    csv_writer_plain(csv, figure->told == FIGURE_SHOWN ? page_digits(page, figure->n)
                                                       : str_of(told[figure->told]));
}

static enum err download(struct page *page)
{
    struct figures f = {0};
    struct buf buf;
    struct str text;
    struct csv_writer csv = {.buf = &buf};
    enum err err = read_figures(page, &f, NULL);
    if (err) {
        return err;
    }
    buf_init(&buf, page->arena, FILE_BYTES);
    csv_writer_plain(&csv, str_of("skill"));
    csv_writer_plain(&csv, str_of("want"));
    csv_writer_plain(&csv, str_of("served"));
    csv_writer_plain(&csv, str_of("offer"));
    csv_writer_end(&csv);
    for (size_t k = 0; k < f.map.n; k++) {
        csv_writer_text(&csv, skill_name(&f, f.map.skills[k].skill_id));
        write_cell(page, &csv, &f.map.skills[k].want);
        write_cell(page, &csv, &f.map.skills[k].served);
        write_cell(page, &csv, &f.map.skills[k].offer);
        csv_writer_end(&csv);
    }
    err = buf_end(&buf, &text);
    return err ? err
               : page_download(page, "text/csv; charset=utf-8", "programme-figures.csv", text);
}

/* ---- the page for the board ---- */

/* The most wanted of what is shown, at the beginning. */
static size_t most_wanted(struct figures_map *map)
{
    size_t n = 0;
    while (n < BOARD_SKILLS && n < map->n) {
        size_t best = n;
        for (size_t k = n; k < map->n; k++) {
            best = map->skills[k].want.n > map->skills[best].want.n ? k : best;
        }
        if (map->skills[best].want.told != FIGURE_SHOWN) {
            break;
        }
        struct figures_skill found = map->skills[best];
        for (size_t k = best; k > n; k--) {
            map->skills[k] = map->skills[k - 1];
        }
        map->skills[n++] = found;
    }
    return n;
}

static void write_done(struct page *page, const struct figures_board *b)
{
    struct html *h = &page->html;
    part_section_open(h, str_of("done"), T(page, "What was done"));
    part_terms_open(h);
    part_term(h, T(page, "People who take part"), words(page, &b->people));
    part_term(h, T(page, "of these, worked with a partner"), words(page, &b->partners));
    part_term(h, T(page, "of these, completed a cycle"), words(page, &b->cycled));
    part_term(h, T(page, "Partnerships begun"), words(page, &b->partnerships));
    part_term(h, T(page, "Cycles completed"), words(page, &b->cycles));
    part_term(h, T(page, "Meetings held"), words(page, &b->meetings));
    part_terms_close(h);
    part_quiet(h, T(page, "A cycle: plan, visit, feedback, one next step, a look at how it went. "
                          "Everybody takes part of their own will, and what two people say to each "
                          "other stays between them."));
    part_section_close(h);
}

static enum err board(struct page *page)
{
    struct figures f = {0};
    struct figures_board b;
    enum err err = read_figures(page, &f, &b);
    if (err) {
        return err;
    }
    struct html *h =
        page_open(page, &(struct page_head){.title = f.programme.name,
                                            .eyebrow = T(page, "Peer coaching"),
                                            .lead = programme_view_dates(page, &f.programme),
                                            .back = T(page, "Figures"),
                                            .back_url = page_path(page, "/programmes/{}/figures",
                                                                  html_int(f.programme.id)),
                                            .nav = PAGE_NAV_PROGRAMMES});
    if (f.programme.about.n) {
        part_written(h, f.programme.about);
    }
    write_done(page, &b);
    size_t n = most_wanted(&f.map);
    if (n) {
        part_section_open(h, str_of("skills"), T(page, "What people want to grow in"));
        write_legend(page);
        html_open_class(h, EL_UL, "chart chart-lines chart-close");
        for (size_t k = 0; k < n; k++) {
            write_skill_bars(page, &f, &f.map.skills[k], largest(&f.map));
        }
        html_close(h, EL_UL);
        part_section_close(h);
    }
    write_rule(page);
    part_quiet(
        h, FILL(page, T(page, "As of {day}."), CATALOG_TEXT("day", page_day(page, page->today))));
    return page_close(page);
}

static const struct route routes[] = {
    {ROUTE_GET, "/programmes/:id/figures", ROUTE_COORDINATOR, .handle = show,
     .about = "Needs and offers by skill; five people or more behind each figure"},
    {ROUTE_GET, "/programmes/:id/figures/csv", ROUTE_COORDINATOR, .handle = download,
     .about = "The same as a file"},
    {ROUTE_GET, "/programmes/:id/board", ROUTE_COORDINATOR, .handle = board,
     .about = "One page of figures for a board, made to be printed"},
};
const struct route_set page_figures_routes = ROUTE_SET("Programmes: figures", routes);
