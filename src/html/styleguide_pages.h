/* The chapters of the style guide, in order. */
#ifndef DUET_HTML_STYLEGUIDE_PAGES_H
#define DUET_HTML_STYLEGUIDE_PAGES_H

struct catalog;
struct html;

void styleguide_tokens(struct html *h);
void styleguide_words(struct html *h);
void styleguide_boxes(struct html *h);
void styleguide_forms(struct html *h);
void styleguide_tables(struct html *h);
void styleguide_ways(struct html *h);
void styleguide_bands(struct html *h, const struct catalog *catalog);

#endif
