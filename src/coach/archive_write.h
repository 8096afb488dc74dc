/* A zip in the making, in memory: texts under names, packed.
 *
 *     struct archive_writer *writer;
 *     err = archive_write_begin(arena, now_ms, &writer);
 *     err = err ? err : archive_write_add(writer, "tables/needs.csv", text);
 *     err = err ? err : archive_write_end(writer, &zip);      // lives in the arena
 *     archive_write_close(writer);                            // always; NULL is a no-op
 *
 * libzip does the packing and stays behind this header. */
#ifndef DUET_COACH_ARCHIVE_WRITE_H
#define DUET_COACH_ARCHIVE_WRITE_H

#include "base/err.h"
#include "base/str.h"

#include <stdint.h>

struct arena;
struct archive_writer;

/* All entries get the time.  ERR_NOMEM. */
MUST_CHECK enum err archive_write_begin(struct arena *arena, int64_t now_ms,
                                        struct archive_writer **writer);

/* Borrows the text until the end.  A name is a relative path in ASCII that is not there yet.
 * ERR_NOMEM, ERR_INVALID. */
MUST_CHECK enum err archive_write_add(struct archive_writer *writer, const char *name,
                                      struct str text);

/* Packs everything.  ERR_NOMEM; ERR_IO: libzip could not. */
MUST_CHECK enum err archive_write_end(struct archive_writer *writer, struct str *zip);

void archive_write_close(struct archive_writer *writer);

#endif
