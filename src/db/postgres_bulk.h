/* Very many rows into one table of PostgreSQL: COPY in binary form, some twenty times as fast as a
 * statement for each row.
 *
 *     err = postgres_bulk_begin(db, arena, table, &bulk);
 *     while (there are rows && err == ERR_OK) err = postgres_bulk_row(bulk, query);
 *     err = postgres_bulk_end(bulk, err);
 *
 * Between begin and end the connection does nothing else. */
#ifndef DUET_DB_POSTGRES_BULK_H
#define DUET_DB_POSTGRES_BULK_H

#include "db/schema.h"

struct postgres_bulk;

/* Memory from `arena`, which must live until the end.  After a failure there is nothing to end. */
MUST_CHECK enum err postgres_bulk_begin(struct db *db, struct arena *arena,
                                        const struct schema_table *table,
                                        struct postgres_bulk **bulk);

/* Sends the row at which a query stands; its columns are those of the table.  ERR_INVALID: a value
 * has another type than its column. */
MUST_CHECK enum err postgres_bulk_row(struct postgres_bulk *bulk, const struct db_query *row);

/* Ends the copy, well or, when `err` is a failure of the rows' source, without taking any.  What
 * the server says to the rows, or `err`. */
MUST_CHECK enum err postgres_bulk_end(struct postgres_bulk *bulk, enum err err);

#endif
