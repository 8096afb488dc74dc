/* Within the room, for notices.c and notices_mail.c: rows of notices and of settings. */
#ifndef DUET_COACH_NOTICES_READ_H
#define DUET_COACH_NOTICES_READ_H

#include "coach/notices.h"
#include "coach/sql.h"

/* Runs a statement whose columns are NOTICE_COLUMNS of sql_notices.def; what this program has no
 * kind for is left out. */
MUST_CHECK enum err notices_read(struct coach *coach, enum sql_id id, const struct sql_arg *args,
                                 int n, struct notice_list *list);

/* Five columns of settings from `column` on; NULLs: the defaults. */
void notices_read_settings(const struct db_query *query, int column,
                           struct notice_settings *settings);

const char *notices_word(enum notice_kind kind); /* as stored */

#endif
