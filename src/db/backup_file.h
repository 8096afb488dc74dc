/* The files of backups: new ones beside their place, pages copied, put in place. */
#ifndef DUET_DB_BACKUP_FILE_H
#define DUET_DB_BACKUP_FILE_H

#include "db/backend.h"

#define BACKUP_MAX_PATH 4096

/* Where a failure is explained. */
struct backup_note {
    char *message;
    size_t size;
};

/* Explains; returns `code`. */
__attribute__((format(printf, 3, 4))) enum err backup_say(const struct backup_note *note,
                                                          enum err code, const char *fmt, ...);

/* Makes an empty file in the folder of `path`, mode 0600, that will take its place. */
MUST_CHECK enum err backup_file_new(const char *path, char new_name[BACKUP_MAX_PATH],
                                    const struct backup_note *note);

/* Copies all pages of an SQLite database inside its read transaction, and seals the copy. */
MUST_CHECK enum err backup_file_pages(struct db *db, const char *file,
                                      const struct backup_note *note);

/* Brings a file that nobody uses into a state in which it stands alone, without -wal. */
MUST_CHECK enum err backup_file_seal(const char *file, const struct backup_note *note);

/* To the disk, then to its name, replacing what has it. */
MUST_CHECK enum err backup_file_place(const char *new_name, const char *file,
                                      const struct backup_note *note);

/* The same where a database may be: it must not be in use, and what lies beside it goes. */
MUST_CHECK enum err backup_file_replace(const char *new_name, const char *file,
                                        const struct backup_note *note);

/* Removes a file and what SQLite put beside it. */
void backup_file_remove(const char *file);

#endif
