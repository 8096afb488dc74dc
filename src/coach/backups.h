/* Backups that Duet makes by itself or when asked, in <data_dir>/backups: one a day, the last
 * BACKUPS_KEPT.  How a backup is written and proven is db/backup.h.
 *
 * A backup on the same disk is against mistakes, not against the loss of the machine: the page that
 * lists them says so. */
#ifndef DUET_COACH_BACKUPS_H
#define DUET_COACH_BACKUPS_H

#include "base/err.h"
#include "base/str.h"

#include <stddef.h>
#include <stdint.h>

struct coach;

#define BACKUPS_JOB "backup"
#define BACKUPS_KEPT 14
#define BACKUPS_NAME 32 /* bytes of a file's name */

struct backups_item {
    char name[BACKUPS_NAME]; /* "duet-20270312-093000.db": the moment it was begun, UTC */
    int64_t at_ms;           /* the same moment */
    int64_t size;            /* bytes */
};

struct backups_list {
    struct backups_item *items; /* the newest first */
    size_t n;
};

/* What is there.  No folder: an empty list.  For administrators. */
MUST_CHECK enum err backups_list(struct coach *coach, const char *data_dir,
                                 struct backups_list *list);

/* The path of one of them, in the arena, for handing it out; noted in the audit as an export of
 * everything.  ERR_NOT_FOUND: `name` is none of them.  For administrators. */
MUST_CHECK enum err backups_path(struct coach *coach, const char *data_dir, struct str name,
                                 const char **path);

/* Queues one; nothing happens when one is waiting already.  For administrators and the server.
 * COACH_WRITE. */
MUST_CHECK enum err backups_ask(struct coach *coach);

/* Writes one of the database at `where` and removes those beyond the last BACKUPS_KEPT.  For the
 * server, outside a transaction.  On failure `message`, of `size` bytes, says why and nothing is
 * left behind. */
MUST_CHECK enum err backups_write(struct coach *coach, const char *data_dir, const char *where,
                                  char *message, size_t size);

#endif
