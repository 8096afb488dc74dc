/* Within the room: a sheet of people being read. */
#ifndef DUET_COACH_PEOPLE_SHEET_READ_H
#define DUET_COACH_PEOPLE_SHEET_READ_H

#include "coach/people_sheet.h"
#include "coach/roster_cell.h"
#include "coach/roster_table.h"

/* One for each field, in the order of enum people_sheet_field. */
extern const struct roster_heading people_sheet_headings[PEOPLE_SHEET_FIELD__MAX + 1];

/* Fills sheet->columns: headings, samples, and the fields as said or guessed. */
MUST_CHECK enum err people_sheet_find_columns(struct people_sheet *sheet, struct arena *arena,
                                              struct arena *work, struct str bytes,
                                              const struct people_sheet_mapping *mapping);

#endif
