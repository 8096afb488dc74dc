/* The zone band: Duet's one picture.
 *
 * A horizontal scale of a rubric's levels, each level one equal field; a full dot where the person
 * works alone, a ring where they work with help, the sweet spot shaded between, fading at both ends
 * with uncertainty, and a thin line for the range (10 to 90 of 100) of working alone.  Optionally
 * the reach of a helper over it.  An SVG that stretches without scaling its strokes, mirrored where
 * the page is written from right to left, with title, description and, below, the same in words.
 *
 *     zoneband_draw(h, catalog, &(struct zoneband){...});
 *
 * Values are on the rubric's own scale: 1 is its lowest level, n_levels its highest; anything
 * outside is drawn at the end.  Ranges are the 10th and 90th percentile; one
 * whose ends are the same is not known. */
#ifndef DUET_HTML_ZONEBAND_H
#define DUET_HTML_ZONEBAND_H

#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct catalog;
struct html;

#define ZONEBAND_MAX_LEVELS 10

enum zoneband_size {
    ZONEBAND_FULL,    /* level names, legend, words, figures in a table on demand */
    ZONEBAND_COMPACT, /* band and words: lists */
    ZONEBAND_TINY     /* the band alone, in a table's cell; words for screen readers */
};

struct zoneband {
    struct str id;     /* unique in the page; a letter, then letters, digits, '-' */
    struct str skill;  /* what the band is about; named in its title */
    struct str person; /* whose it is, where not the reader's own; may be empty ("you") */
    enum zoneband_size size;

    int n_levels;                  /* 2 .. ZONEBAND_MAX_LEVELS */
    const struct str *level_names; /* n_levels, lowest first; NULL: numbers */

    bool enough; /* false: an empty band that says there is not enough evidence yet */
    double alone, alone_lo, alone_hi;

    bool has_help; /* what the person does with help is known */
    double helped, helped_lo, helped_hi;

    bool has_zone; /* the sweet spot; without, none is shaded */
    double zone_lo, zone_hi;

    bool has_reach; /* a helper's: shown as a bracket above the band */
    double reach_lo, reach_hi;
    struct str helper; /* the helper's name */

    int32_t n_evidence, n_raters; /* behind it: said below the full band; 0: not said */
};

void zoneband_draw(struct html *h, const struct catalog *catalog, const struct zoneband *band);

/* What the band says, in one or two sentences: for lists, mails, the record on paper.  Lives in
 * `arena`. */
struct str zoneband_words(struct arena *arena, const struct catalog *catalog,
                          const struct zoneband *band);

/* What the signs mean, once above a list of compact bands. */
void zoneband_legend(struct html *h, const struct catalog *catalog);

#endif
