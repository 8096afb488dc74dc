/* The living style guide: every token and component in every state, as the content of a page.
 *
 * Written with the components themselves, so that it cannot go stale.  For people who work on Duet;
 * its own words stay English, what components say comes from the catalogue. */
#ifndef DUET_HTML_STYLEGUIDE_H
#define DUET_HTML_STYLEGUIDE_H

struct catalog;
struct html;

/* The content of <main>.  `h` must stand where flow content is allowed. */
void styleguide_write(struct html *h, const struct catalog *catalog);

#endif
