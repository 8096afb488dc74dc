/* The checksum of a table: see copy.h. */
#ifndef DUET_DB_CHECKSUM_H
#define DUET_DB_CHECKSUM_H

#include "db/backend.h"

#define CHECKSUM_BYTES 32

struct checksum {
    unsigned char sum[CHECKSUM_BYTES];
    int64_t n_rows;
};

/* Adds the row at which the query stands. */
void checksum_add_row(struct checksum *checksum, const struct db_query *query);

void checksum_hex(const struct checksum *checksum, char hex[2 * CHECKSUM_BYTES + 1]);

#endif
