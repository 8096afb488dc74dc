/* Within the room: the rows of a large file of evidence, read in pieces side by side.
 *
 * Each thread reads its pieces as if they were files of their own, with raters, occasions and items
 * numbered as it meets them; then pieces are taken in their order and those numbers become the
 * roster's, which are given in the order of the file as ever.  The first piece with a problem,
 * a very long line, or a line end in quotes where the next one begins, ends this: from there on the
 * file is read row by row, so what is said about it is the same too. */
#ifndef DUET_COACH_ROSTER_PIECES_H
#define DUET_COACH_ROSTER_PIECES_H

#include "coach/roster_evidence.h"

/* Reads as many of the rows that follow as can be read like that, none of a short file or without
 * a crew; the table then stands behind them.  ERR_NOMEM. */
MUST_CHECK enum err roster_pieces_read(struct roster_evidence *evidence);

#endif
