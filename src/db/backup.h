/* Backups: one SQLite file that holds everything, made while Duet runs, and proven by reading it.
 *
 * From SQLite the pages are copied as they stand at one moment; from PostgreSQL the rows go into a
 * new SQLite file (copy.h), so that a backup needs no other program and can be restored into either
 * database.  A backup is only in place, under its name, when the file was opened again, its pages
 * and references checked, and counts and checksums of all tables agreed with the source.  It stands
 * alone (no -wal beside it) and can be read by its owner only.
 *
 * All calls: on failure `message` of `size` bytes says why in one sentence, and nothing is left
 * behind; `replace` allows to replace a file that is there. */
#ifndef DUET_DB_BACKUP_H
#define DUET_DB_BACKUP_H

#include "db/copy.h"

/* Writes a backup of the database at `where` to `file`.  ERR_REFUSED: the file is there, or the
 * database is empty or not Duet's; ERR_NOT_FOUND: there is no such database; ERR_IO: also when the
 * copy is not what was copied. */
MUST_CHECK enum err backup_write(const char *where, const char *file, bool replace,
                                 struct arena *arena, struct copy_report *report, char *message,
                                 size_t size);

/* Checks that a file is a sound backup, or database, of this program or an older one: its pages,
 * references, migrations; and counts its rows. */
MUST_CHECK enum err backup_check(const char *file, struct arena *arena, struct copy_report *report,
                                 int *version, char *message, size_t size);

/* Puts a backup in place at `where`: an SQLite path, where it is checked again before it gets its
 * name, or an empty PostgreSQL database.  ERR_REFUSED: something is there (and `replace` is not
 * given, or it is PostgreSQL); ERR_BUSY: a program has the database open.  What is left of an older
 * database beside the path (-wal, -shm, -journal) is removed. */
MUST_CHECK enum err backup_restore(const char *file, const char *where, bool replace,
                                   struct arena *arena, struct copy_report *report, char *message,
                                   size_t size);

#endif
