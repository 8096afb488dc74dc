/* Drawing the zone band.  Positions are percentages of the width, strokes and dots are in pixels,
 * so that the band stretches with the page and keeps its signs; zoneband.h is the manual. */
#include "html/zoneband.h"

#include "base/catalog.h"
#include "html/html.h"
#include "html/zoneband_words.h"

#define FADE_LEAST 0.08 /* levels over which even a certain end fades */

/* Heights in pixels. */
struct shape {
    const char *tokens;
    double height, middle, field, spot, dot;
    int n_fades; /* stops of the gradient that fades the sweet spot, but for the first */
};

static const struct shape shapes[] = {
    [ZONEBAND_FULL] = {"band-picture band-full", 56, 30, 40, 24, 8, 16},
    [ZONEBAND_COMPACT] = {"band-picture band-compact", 32, 16, 20, 14, 6, 8},
    [ZONEBAND_TINY] = {"band-picture band-tiny", 20, 10, 10, 8, 4.5, 8},
};

struct drawing {
    struct html *h;
    const struct zoneband *band;
    const struct shape *shape;
    bool mirrored;
};

/* The place of a value on the scale, 0 .. 1 from the low end: level k has the field from (k - 1) /
 * n to k / n and stands in its middle. */
static double place_of(const struct zoneband *band, double level)
{
    double n = band->n_levels, at = (level - 0.5) / n, least = 0.5 / n;
    return !(at > least) ? least : at < 1 - least ? at : 1 - least;
}

/* Percent from the left edge. */
static double left_of(const struct drawing *d, double place)
{
    return 100 * (d->mirrored ? 1 - place : place);
}

static void open_rect(struct drawing *d, const char *tokens, double from, double to, double y,
                      double height)
{
    double a = left_of(d, from), b = left_of(d, to);
    html_open_class(d->h, EL_SVG_RECT, tokens);
    html_attr_number(d->h, AT_X, a < b ? a : b, "%");
    html_attr_number(d->h, AT_Y, y, "");
    html_attr_number(d->h, AT_WIDTH, a < b ? b - a : a - b, "%");
    html_attr_number(d->h, AT_HEIGHT, height, "");
}

static void draw_line(struct drawing *d, const char *tokens, double from, double to, double y1,
                      double y2)
{
    html_open_class(d->h, EL_SVG_LINE, tokens);
    html_attr_number(d->h, AT_X1, left_of(d, from), "%");
    html_attr_number(d->h, AT_X2, left_of(d, to), "%");
    html_attr_number(d->h, AT_Y1, y1, "");
    html_attr_number(d->h, AT_Y2, y2, "");
}

static void draw_dot(struct drawing *d, const char *tokens, double level, double radius)
{
    html_open_class(d->h, EL_SVG_CIRCLE, tokens);
    html_attr_number(d->h, AT_CX, left_of(d, place_of(d->band, level)), "%");
    html_attr_number(d->h, AT_CY, d->shape->middle, "");
    html_attr_number(d->h, AT_R, radius, "");
}

/* One field per level, with a line between each two. */
static void draw_scale(struct drawing *d)
{
    int n = d->band->n_levels;
    double top = d->shape->middle - d->shape->field / 2, height = d->shape->field;
    open_rect(d, "band-ground", 0, 1, top, height);
    html_attr_number(d->h, AT_RX, height < 12 ? height / 2 : 6, "");
    for (int k = 1; k < n; k++) {
        draw_line(d, "band-edge", (double)k / n, (double)k / n, top, top + height);
    }
}

/* How far the range of an estimate reaches to one side, in levels. */
static double fade_of(double lo, double hi)
{
    double half = (hi - lo) / 2;
    return half > FADE_LEAST ? half : FADE_LEAST;
}

static double ramp(double x)
{
    return x < 0 ? 0 : x > 1 ? 1 : x * x * (3 - 2 * x);
}

/* How surely a level lies in the sweet spot, 0 .. 1: rises over the range of working alone around
 * its lower end, falls over the range of working with help around its upper end. */
static double sureness(const struct zoneband *band, double low_fade, double high_fade, double level)
{
    double rises = ramp((level - (band->zone_lo - low_fade)) / (2 * low_fade));
    double falls = ramp((band->zone_hi + high_fade - level) / (2 * high_fade));
    return rises * falls;
}

static void draw_sweet_spot(struct drawing *d)
{
    const struct zoneband *band = d->band;
    struct html *h = d->h;
    double low_fade = fade_of(band->alone_lo, band->alone_hi);
    bool known = band->has_help && band->helped_lo < band->helped_hi;
    double high_fade = known ? fade_of(band->helped_lo, band->helped_hi) : low_fade;
    double from = band->zone_lo - low_fade, to = band->zone_hi + high_fade;
    double ends = 0.5 - 1e-9; /* the scale goes half a level beyond the lowest and the highest */
    from = from > 1 - ends ? from : 1 - ends;
    to = to < band->n_levels + ends ? to : band->n_levels + ends;
    if (!(from < to)) {
        return;
    }
    struct str id = html_id(h, "{}-fade", html_part(band->id));
    html_open(h, EL_SVG_DEFS);
    html_open(h, EL_SVG_GRADIENT);
    html_attr_id(h, AT_ID, id);
    for (int i = 0; i <= d->shape->n_fades; i++) {
        double share = (double)i / d->shape->n_fades, at = d->mirrored ? 1 - share : share;
        html_open_class(h, EL_SVG_STOP, "band-fade");
        html_attr_number(h, AT_OFFSET, 100 * share, "%");
        html_attr_number(h, AT_STOP_OPACITY,
                         sureness(band, low_fade, high_fade, from + at * (to - from)), "");
    }
    html_close(h, EL_SVG_GRADIENT);
    html_close(h, EL_SVG_DEFS);
    open_rect(d, "band-spot", (from - 0.5) / band->n_levels, (to - 0.5) / band->n_levels,
              d->shape->middle - d->shape->spot / 2, d->shape->spot);
    html_attr_ref(h, AT_FILL, id);
}

/* What a helper reaches: a bracket above the fields. */
static void draw_reach(struct drawing *d)
{
    const struct zoneband *band = d->band;
    double top = d->shape->middle - d->shape->field / 2, y = top > 6 ? top - 6 : top + 1;
    double from = place_of(band, band->reach_lo), to = place_of(band, band->reach_hi);
    draw_line(d, "band-reach", from, to, y, y);
    draw_line(d, "band-reach", from, from, y, y + 5);
    draw_line(d, "band-reach", to, to, y, y + 5);
}

static void draw_estimates(struct drawing *d)
{
    const struct zoneband *band = d->band;
    double y = d->shape->middle, r = d->shape->dot;
    if (band->has_help) {
        draw_line(d, "band-range-helped", place_of(band, band->helped_lo),
                  place_of(band, band->helped_hi), y, y);
    }
    draw_line(d, "band-range", place_of(band, band->alone_lo), place_of(band, band->alone_hi), y,
              y);
    if (band->has_help) {
        draw_dot(d, "band-helped", band->helped, r - 1.5);
    }
    draw_dot(d, "band-alone", band->alone, r);
}

static void draw_picture(struct drawing *d, const struct catalog *catalog, struct str words)
{
    struct html *h = d->h;
    const struct zoneband *band = d->band;
    struct html_arg id = html_part(band->id);
    html_open_class(h, EL_SVG, d->shape->tokens);
    html_attr_word(h, AT_ROLE, "img");
    html_attr_id(h, AT_ARIA_LABELLEDBY, html_id(h, "{}-title", id));
    html_attr_id(h, AT_ARIA_DESCRIBEDBY, html_id(h, "{}-words", id));
    html_attr_number(h, AT_WIDTH, 100, "%");
    html_attr_number(h, AT_HEIGHT, d->shape->height, "");
    html_open(h, EL_SVG_TITLE);
    html_attr_id(h, AT_ID, html_id(h, "{}-title", id));
    html_text(h, zoneband_title(h->arena, catalog, band));
    html_close(h, EL_SVG_TITLE);
    if (band->size == ZONEBAND_TINY) { /* elsewhere the words stand below */
        html_open(h, EL_SVG_DESC);
        html_attr_id(h, AT_ID, html_id(h, "{}-words", id));
        html_text(h, words);
        html_close(h, EL_SVG_DESC);
    }
    draw_scale(d);
    if (band->enough && band->has_zone) {
        draw_sweet_spot(d);
    }
    if (band->has_reach) {
        draw_reach(d);
    }
    if (band->enough) {
        draw_estimates(d);
    }
    html_close(h, EL_SVG);
}

/* The names of the levels below their fields; the words say them again to those who do not see. */
static void write_levels(struct html *h, const struct zoneband *band)
{
    static const char *const tokens_of[ZONEBAND_MAX_LEVELS + 1] = {
        NULL,
        NULL,
        "band-levels band-levels-2",
        "band-levels band-levels-3",
        "band-levels band-levels-4",
        "band-levels band-levels-5",
        "band-levels band-levels-6",
        "band-levels band-levels-7",
        "band-levels band-levels-8",
        "band-levels band-levels-9",
        "band-levels band-levels-10",
    };
    html_open_class(h, EL_DIV, tokens_of[band->n_levels]);
    html_attr_bool(h, AT_ARIA_HIDDEN, true);
    for (int k = 0; k < band->n_levels; k++) {
        html_open(h, EL_SPAN);
        html_open_class(h, EL_SPAN, "band-number");
        html_text_int(h, k + 1);
        html_close(h, EL_SPAN);
        if (band->level_names && band->level_names[k].n > 0) {
            html_text(h, str_of(" "));
            html_element(h, EL_SPAN, "band-name", band->level_names[k]);
        }
        html_close(h, EL_SPAN);
    }
    html_close(h, EL_DIV);
}

/* A level within half a field of the scale; what is no number counts as the lowest. */
static double sane(const struct zoneband *band, double level)
{
    double most = band->n_levels + 0.5;
    return !(level > 0.5) ? 0.5 : level < most ? level : most;
}

/* The band with every value near its scale; a sweet spot that ends before it begins is none. */
static struct zoneband sane_band(const struct zoneband *band)
{
    struct zoneband made = *band;
    double *const values[] = {&made.alone,     &made.alone_lo,  &made.alone_hi, &made.helped,
                              &made.helped_lo, &made.helped_hi, &made.zone_lo,  &made.zone_hi,
                              &made.reach_lo,  &made.reach_hi};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        *values[i] = sane(band, *values[i]);
    }
    made.has_zone = band->has_zone && made.zone_lo <= made.zone_hi;
    return made;
}

static bool is_drawable(const struct zoneband *band)
{
    return band->n_levels >= 2 && band->n_levels <= ZONEBAND_MAX_LEVELS;
}

void zoneband_draw(struct html *h, const struct catalog *catalog, const struct zoneband *given)
{
    if (!is_drawable(given)) {
        h->err = h->err ? h->err : ERR_INVALID;
        return;
    }
    struct zoneband made = sane_band(given);
    const struct zoneband *band = &made;
    struct drawing drawing = {h, band, &shapes[band->size], catalog_is_rtl(catalog)};
    struct str words = zoneband_words(h->arena, catalog, band);
    html_open_class(h, EL_DIV, band->enough ? "band" : "band band-unknown");
    draw_picture(&drawing, catalog, words);
    if (band->size == ZONEBAND_FULL) {
        write_levels(h, band);
    }
    if (band->size != ZONEBAND_TINY) {
        html_open_class(h, EL_P, "band-words");
        html_attr_id(h, AT_ID, html_id(h, "{}-words", html_part(band->id)));
        html_text(h, words);
        html_close(h, EL_P);
    }
    if (band->size == ZONEBAND_FULL) {
        zoneband_figures(h, catalog, band);
    }
    html_close(h, EL_DIV);
}
