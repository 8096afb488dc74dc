/* The zone band in words: where on the rubric a person works alone and with help, how sure that is,
 * and the figures behind it.  Whole sentences of the catalogue; a place on the scale is a phrase of
 * its own ("at level 2, Developing") that stands at the end of them. */
#include "html/zoneband_words.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/catalog.h"
#include "html/html.h"
#include "html/part_table.h"
#include "html/part_text.h"

#define WORDS_MAX 4096u
#define NEAR 0.3        /* levels from a whole one that still count as that level */
#define UNSURE_FROM 1.0 /* levels of range from which the words say so */

struct words {
    struct arena *arena;
    const struct catalog *catalog;
    const struct zoneband *band;
};

static double in_scale(const struct zoneband *band, double level)
{
    return !(level > 1) ? 1 : level < band->n_levels ? level : band->n_levels;
}

/* "at level 2, Developing" or "between levels 2 and 3". */
static struct str place(const struct words *w, double value)
{
    double level = in_scale(w->band, value);
    int below = (int)level, nearest = (int)(level + 0.5);
    double off = level - nearest;
    if (off > NEAR || off < -NEAR) {
        return catalog_fill(w->arena, catalog_text(w->catalog, "between levels {low} and {high}"),
                            CATALOG_INT("low", below), CATALOG_INT("high", below + 1));
    }
    if (w->band->level_names && w->band->level_names[nearest - 1].n > 0) {
        return catalog_fill(w->arena, catalog_text(w->catalog, "at level {level}, {name}"),
                            CATALOG_INT("level", nearest),
                            CATALOG_TEXT("name", w->band->level_names[nearest - 1]));
    }
    return catalog_fill(w->arena, catalog_text(w->catalog, "at level {level}"),
                        CATALOG_INT("level", nearest));
}

static struct str figure(const struct words *w, double value)
{
    struct buf buf;
    struct str text = {"", 0};
    buf_init(&buf, w->arena, 32);
    catalog_add_number(&buf, w->catalog, in_scale(w->band, value), 1);
    return buf_end(&buf, &text) ? (struct str){"", 0} : text;
}

static struct str filled(const struct words *w, struct str text, struct str where)
{
    return catalog_fill(
        w->arena, text, CATALOG_TEXT("place", where), CATALOG_TEXT("person", w->band->person),
        CATALOG_TEXT("helper", w->band->helper), CATALOG_TEXT("skill", w->band->skill));
}

static struct str alone_words(const struct words *w)
{
    struct str text = w->band->person.n > 0
                          ? catalog_text(w->catalog, "Alone, {person} works {place}.")
                          : catalog_text(w->catalog, "Alone, you work {place}.");
    return filled(w, text, place(w, w->band->alone));
}

static struct str helped_words(const struct words *w)
{
    bool own = w->band->person.n == 0;
    if (!w->band->has_help) {
        return filled(
            w,
            own ? catalog_text(w->catalog, "What you can do with help is not known yet.")
                : catalog_text(w->catalog, "What {person} can do with help is not known yet."),
            (struct str){"", 0});
    }
    struct str where = place(w, w->band->helped);
    if (str_equal(where, place(w, w->band->alone))) {
        return catalog_text(w->catalog, "With help it is much the same.");
    }
    return filled(w, catalog_text(w->catalog, "With help: {place}."), where);
}

/* Said when the range of working alone is a level or more. */
static struct str unsure_words(const struct words *w)
{
    return catalog_fill(
        w->arena,
        catalog_text(w->catalog,
                     "This is still uncertain: alone, anything from {low} to {high} fits what is "
                     "known."),
        CATALOG_TEXT("low", figure(w, w->band->alone_lo)),
        CATALOG_TEXT("high", figure(w, w->band->alone_hi)));
}

static struct str unknown_words(const struct words *w)
{
    struct str text =
        w->band->person.n > 0
            ? catalog_text(w->catalog,
                           "There is not enough evidence yet to say where {person} stands.")
            : catalog_text(w->catalog, "There is not enough evidence yet to say where you stand.");
    return filled(w, text, (struct str){"", 0});
}

static void add_sentence(struct buf *buf, struct str sentence)
{
    if (buf->n > 0) {
        buf_add_char(buf, ' ');
    }
    buf_add(buf, sentence);
}

struct str zoneband_words(struct arena *arena, const struct catalog *catalog,
                          const struct zoneband *band)
{
    struct words w = {arena, catalog, band};
    struct buf buf;
    struct str text;
    buf_init(&buf, arena, WORDS_MAX);
    if (band->enough) {
        add_sentence(&buf, alone_words(&w));
        add_sentence(&buf, helped_words(&w));
        if (in_scale(band, band->alone_hi) - in_scale(band, band->alone_lo) >= UNSURE_FROM) {
            add_sentence(&buf, unsure_words(&w));
        }
    } else {
        add_sentence(&buf, unknown_words(&w));
    }
    if (band->has_reach) {
        add_sentence(&buf, filled(&w, catalog_text(catalog, "{helper} works alone {place}."),
                                  place(&w, band->reach_hi)));
    }
    return buf_end(&buf, &text) ? (struct str){"", 0} : text;
}

struct str zoneband_title(struct arena *arena, const struct catalog *catalog,
                          const struct zoneband *band)
{
    struct words w = {arena, catalog, band};
    return filled(&w,
                  band->person.n > 0 ? catalog_text(catalog, "{skill}: the zone of {person}")
                                     : catalog_text(catalog, "{skill}: your zone"),
                  (struct str){"", 0});
}

static void write_row(struct html *h, const struct words *w, struct part_table *table,
                      const char *name, double value, double lo, double hi)
{
    static const char none[] = "\xE2\x80\x93"; /* a dash */
    struct str range =
        catalog_fill(w->arena, catalog_text(w->catalog, "{low} to {high}"),
                     CATALOG_TEXT("low", figure(w, lo)), CATALOG_TEXT("high", figure(w, hi)));
    part_row_open(h, table);
    part_cell(h, table, catalog_text(w->catalog, name));
    part_cell(h, table, value > 0 ? figure(w, value) : str_of(none));
    part_cell(h, table, lo < hi ? range : str_of(none));
    part_row_close(h, table);
}

static void write_basis(struct html *h, const struct words *w)
{
    const struct zoneband *band = w->band;
    if (band->n_evidence <= 0) {
        return;
    }
    struct str pieces =
        catalog_fill(w->arena,
                     catalog_plural(w->catalog, "Based on {n} piece of evidence.",
                                    "Based on {n} pieces of evidence.", band->n_evidence),
                     CATALOG_INT("n", band->n_evidence));
    html_open_class(h, EL_P, "band-basis");
    html_text(h, pieces);
    if (band->n_raters > 0) {
        html_text(h, str_of(" "));
        html_text(h, catalog_fill(w->arena,
                                  catalog_plural(w->catalog, "{n} colleague observed it.",
                                                 "{n} colleagues observed it.", band->n_raters),
                                  CATALOG_INT("n", band->n_raters)));
    }
    html_close(h, EL_P);
}

void zoneband_figures(struct html *h, const struct catalog *catalog, const struct zoneband *band)
{
    struct words w = {h->arena, catalog, band};
    write_basis(h, &w);
    if (!band->enough) {
        return;
    }
    const struct part_column columns[] = {
        {.heading = catalog_text(catalog, "What")},
        {.heading = catalog_text(catalog, "Level"), .align = PART_ALIGN_NUMBER},
        {.heading = catalog_text(catalog, "Likely between"), .align = PART_ALIGN_NUMBER},
    };
    struct part_table table = {.caption = zoneband_title(h->arena, catalog, band),
                               .hide_caption = true,
                               .dense = true,
                               .columns = columns,
                               .n_columns = 3};
    part_details_open(h, catalog_text(catalog, "The figures"), false);
    part_table_open(h, &table);
    write_row(h, &w, &table, N_("Alone"), band->alone, band->alone_lo, band->alone_hi);
    if (band->has_help) {
        write_row(h, &w, &table, N_("With help"), band->helped, band->helped_lo, band->helped_hi);
    }
    if (band->has_zone) {
        write_row(h, &w, &table, N_("The sweet spot"), 0, band->zone_lo, band->zone_hi);
    }
    part_table_close(h, &table);
    part_quiet(h,
               catalog_text(catalog, "Levels of the rubric; in 8 of 10 cases the true value lies "
                                     "in the range."));
    part_details_close(h);
}

/* -- The legend ------------------------------------------------------------------------------- */

enum sign { SIGN_ALONE, SIGN_RANGE, SIGN_HELPED, SIGN_SPOT, SIGN_REACH, SIGN__MAX };

static void circle(struct html *h, const char *tokens, double r)
{
    html_open_class(h, EL_SVG_CIRCLE, tokens);
    html_attr_int(h, AT_CX, 14);
    html_attr_int(h, AT_CY, 8);
    html_attr_number(h, AT_R, r, "");
}

static void line(struct html *h, const char *tokens, int x1, int y1, int x2, int y2)
{
    html_open_class(h, EL_SVG_LINE, tokens);
    html_attr_int(h, AT_X1, x1);
    html_attr_int(h, AT_Y1, y1);
    html_attr_int(h, AT_X2, x2);
    html_attr_int(h, AT_Y2, y2);
}

static void draw_sign(struct html *h, enum sign sign)
{
    html_open_class(h, EL_SVG, "band-sign");
    html_attr_word(h, AT_VIEWBOX, "0 0 28 16");
    html_attr_bool(h, AT_ARIA_HIDDEN, true);
    html_attr_bool(h, AT_FOCUSABLE, false);
    switch (sign) {
    case SIGN_ALONE:
        circle(h, "band-alone", 6);
        break;
    case SIGN_RANGE:
        line(h, "band-range", 3, 8, 25, 8);
        break;
    case SIGN_HELPED:
        circle(h, "band-helped", 5);
        break;
    case SIGN_SPOT:
        html_open_class(h, EL_SVG_RECT, "band-spot-plain");
        html_attr_int(h, AT_X, 2);
        html_attr_int(h, AT_Y, 3);
        html_attr_int(h, AT_WIDTH, 24);
        html_attr_int(h, AT_HEIGHT, 10);
        break;
    case SIGN_REACH:
        line(h, "band-reach", 3, 6, 25, 6);
        line(h, "band-reach", 3, 6, 3, 11);
        line(h, "band-reach", 25, 6, 25, 11);
        break;
    case SIGN__MAX:
        break;
    }
    html_close(h, EL_SVG);
}

void zoneband_legend(struct html *h, const struct catalog *catalog)
{
    static const char *const meanings[SIGN__MAX] = {
        N_("alone"),
        N_("the likely range"),
        N_("with help"),
        N_("the sweet spot: too hard alone, possible with help"),
        N_("what a helper can do alone"),
    };
    html_open_class(h, EL_UL, "band-legend");
    for (int sign = 0; sign < SIGN__MAX; sign++) {
        html_open(h, EL_LI);
        draw_sign(h, (enum sign)sign);
        html_element(h, EL_SPAN, NULL, catalog_text(catalog, meanings[sign]));
        html_close(h, EL_LI);
    }
    html_close(h, EL_UL);
}
