/* Within the room: from a file to what it would change, and doing it. */
#ifndef DUET_COACH_IMPORTS_VIEW_H
#define DUET_COACH_IMPORTS_VIEW_H

#include "coach/imports.h"

/* Reads the file at `path` as view->item.kind and options say, and fills the rest of *view. */
MUST_CHECK enum err imports_view_read(struct coach *coach, const char *path,
                                      struct imports_view *view);

/* Does what the view shows, in the same transaction.  ERR_REFUSED: see view->stop and problems. */
MUST_CHECK enum err imports_view_apply(struct coach *coach, struct imports_view *view);

#endif
