/* Within the room: the options of an import as text, for the table: lines of "name=value". */
#ifndef DUET_COACH_IMPORTS_OPTIONS_H
#define DUET_COACH_IMPORTS_OPTIONS_H

#include "coach/imports.h"

struct arena;

MUST_CHECK enum err imports_options_write(struct arena *arena,
                                          const struct imports_options *options, struct str *text);

/* What is not known is left out; `options` borrows from `text`. */
void imports_options_read(struct str text, struct imports_options *options);

#endif
