/* The zone band as text: a scale of the rubric's levels with a dot where the person works alone, a
 * dot where they work with help, the sweet spot shaded between, and a line over what is likely for
 * working alone (10 to 90 of 100). */
#ifndef DUET_CLI_BANDTEXT_H
#define DUET_CLI_BANDTEXT_H

#include "cli/term.h"

#include <stdio.h>

struct zone_estimate;
struct zone_skill;

#define BANDTEXT_WIDTH 31 /* columns of a band */

/* Prints a band of BANDTEXT_WIDTH columns; `levels` of the rubric.  In ASCII where the locale is
 * not UTF-8. */
void bandtext_draw(FILE *out, const struct term *term, const struct zone_estimate *estimate,
                   int levels);

/* What the signs of a band mean, one line without a line end. */
const char *bandtext_legend(const struct term *term);

/* "level 2 alone, level 3 with help; level 4 is not known yet": which levels a typical task of this
 * skill is likely to be done at. */
#define BANDTEXT_WORDS_MAX 160
void bandtext_words(char words[BANDTEXT_WORDS_MAX], const struct zone_estimate *estimate,
                    const struct zone_skill *skill, int levels);

#endif
