/* Text laid out in terminal columns: fields and wrapped lines, right for every script. */
#ifndef DUET_CLI_TEXT_H
#define DUET_CLI_TEXT_H

#include "base/str.h"

#include <stdio.h>

/* Takes the next line of at most `width` columns from *rest, broken at a blank where there is one;
 * an empty view when nothing is left.  width >= 1. */
struct str text_line(struct str *rest, int width);

/* Prints a text in a field of `width` columns, cut with an ellipsis when it is longer; `right`
 * puts the blanks before it. */
void text_print_field(FILE *out, struct str text, int width, bool right);

#endif
