/* What the zone band says in words and figures; for zoneband.c. */
#ifndef DUET_HTML_ZONEBAND_WORDS_H
#define DUET_HTML_ZONEBAND_WORDS_H

#include "html/zoneband.h"

/* The picture's name: "Questioning: your zone".  Lives in `arena`. */
struct str zoneband_title(struct arena *arena, const struct catalog *catalog,
                          const struct zoneband *band);

/* How much evidence stands behind the band, and the figures in a table that opens on demand. */
void zoneband_figures(struct html *h, const struct catalog *catalog, const struct zoneband *band);

#endif
