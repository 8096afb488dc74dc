/* All components in one include, for pages.
 *
 * A component is a piece of a page that looks and behaves the same everywhere: it writes the
 * elements, classes, ids and aria attributes, and takes everything it says as translated text.  No
 * component has words of its own (the zone band excepted, whose words are part of the drawing and
 * come from the catalogue it is given).  The living style guide (styleguide.h) shows each in every
 * state; assets/duet.css is how they look.
 *
 * Conventions
 *  - Texts are struct str, borrowed for the call; an empty one (n == 0) means "none" where the
 *    comment says "may be empty".
 *  - part_x_open ... part_x_close enclose content; in between anything may be written that HTML
 *    allows there.
 *  - `id` fields must be unique in a page. */
#ifndef DUET_HTML_PARTS_H
#define DUET_HTML_PARTS_H

#include "html/html.h"
#include "html/part_form.h"
#include "html/part_frame.h"
#include "html/part_nav.h"
#include "html/part_table.h"
#include "html/part_text.h"
#include "html/zoneband.h"

#endif
