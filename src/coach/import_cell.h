/* Within the room: cells of imported files as texts of a set. */
#ifndef DUET_COACH_IMPORT_CELL_H
#define DUET_COACH_IMPORT_CELL_H

#include "coach/import_set.h"
#include "coach/roster_table.h"

/* The id in a cell, as roster_table_id has it, in the set's memory; an empty cell is a problem only
 * where the heading is required. */
MUST_CHECK enum err import_cell_id(struct import_set *set, struct roster_table *table, int heading,
                                   struct str *id);

/* A name of at most `most` characters, or "" without a complaint when the cell is empty. */
MUST_CHECK enum err import_cell_name(struct import_set *set, struct roster_table *table,
                                     int heading, size_t most, struct str *name);

/* Characters (code points) of a valid text. */
size_t import_cell_characters(struct str text);

/* Whether a text is an e-mail address as people_email_key() has it: something, an @, a host with a
 * dot. */
bool import_cell_is_email(struct str text);

/* Sorts the tags by person, kind and value, brings values that differ in case only to one spelling,
 * and leaves out copies. */
MUST_CHECK enum err import_cell_tidy_tags(struct import_set *set);

#endif
