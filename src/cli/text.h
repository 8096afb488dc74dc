/* Text laid out in terminal columns: widths, cutting and wrapping that are right for every script
 * (combining marks take no column, CJK takes two; utf8proc's tables).  Bytes that are not UTF-8
 * count as one column each; control characters count as none and should not come this far. */
#ifndef DUET_CLI_TEXT_H
#define DUET_CLI_TEXT_H

#include "base/str.h"

#include <stddef.h>
#include <stdio.h>

/* Columns that a text takes. */
int text_width(struct str text);

/* The longest beginning that takes at most `width` columns, never cutting a letter from its
 * marks. */
struct str text_fit(struct str text, int width);

/* Takes the next line of at most `width` columns from *rest, broken at a blank where there is one;
 * an empty view when nothing is left.  width >= 1. */
struct str text_line(struct str *rest, int width);

/* Prints a text in a field of `width` columns, cut with an ellipsis when it is longer; `right`
 * puts the blanks before it. */
void text_print_field(FILE *out, struct str text, int width, bool right);

#endif
