/* Within the room: what cells of a sheet of people mean.  Pure. */
#ifndef DUET_COACH_PEOPLE_SHEET_CELL_H
#define DUET_COACH_PEOPLE_SHEET_CELL_H

#include "base/str.h"
#include "coach/profile.h"

#include <stdbool.h>

/* "Okafor, Ann" or "Ann Okafor": the last word is the family name, with the small words before it
 * ("Ludwig van Beethoven"). */
void people_sheet_cell_name(struct str name, struct str *given, struct str *family);

/* A language's code (in `code`, of PEOPLE_SHEET_CODE bytes) for its name or code; false: not known.
 */
#define PEOPLE_SHEET_CODE 36
bool people_sheet_cell_language(struct str text, char code[PEOPLE_SHEET_CODE]);

/* Weekly periods: "Mon 3", "tue-4", "Mi 2-4"; "5" alone is of the day before.  Calls `each` with
 * "mon-3" ...; false: not one of these, or `each` said false. */
struct people_sheet_periods {
    int day; /* of the last one; -1: none yet */
};
bool people_sheet_cell_periods(struct people_sheet_periods *periods, struct str text,
                               bool (*each)(void *ctx, const char *period), void *ctx);

#endif
