/* Moving everything from one database to another, of either kind, and proving that it arrived.
 *
 * Both stand at the latest migration; the tables are those that the databases themselves list.  All
 * rows are read in one read transaction and written in one write transaction; then the target's
 * rows are read back, and the numbers of rows and the checksums of each table must agree before it
 * commits.  The checksum of a table is the sum modulo 2^256 of the BLAKE2b-256 of each row,
 * whatever the order of the rows, over values written the same way on both databases: NULL 0;
 * integer 1 and 8 bytes; double 2 and the 8 bytes of its IEEE form; text 3, bytes 4, each with its
 * length in 8 bytes and the bytes themselves; numbers with the highest byte first. What was given
 * out as an id is not given out again by the copy either. */
#ifndef DUET_DB_COPY_H
#define DUET_DB_COPY_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct db;

struct copy_table {
    const char *name;
    int64_t n_rows;
    char checksum[65]; /* hexadecimal */
};

struct copy_report {
    int n_tables;
    struct copy_table *tables; /* by name */
    int64_t n_rows;            /* of all */
};

/* Copies `from` to `to`, which is empty: nothing in it at all, or only the tables of the latest
 * migration without a row.  `report` and, on failure, `message` of `size` bytes are filled.
 * ERR_REFUSED: the source is not at the latest migration, or the target is not empty; ERR_IO also
 * when what arrived is not what was sent.  After a failure the target has no rows. */
MUST_CHECK enum err copy_database(struct db *from, struct db *to, struct arena *arena,
                                  struct copy_report *report, char *message, size_t size);

/* Counts and checksums of the tables of one database, inside a transaction. */
MUST_CHECK enum err copy_checksums(struct db *db, struct arena *arena, struct copy_report *report);

/* Whether two reports agree; if not, *table names one that differs. */
bool copy_same(const struct copy_report *a, const struct copy_report *b, const char **table);

#endif
