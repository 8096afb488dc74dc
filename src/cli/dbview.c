/* Opening databases, and tables of what is in them. */
#include "cli/dbview.h"

#include "cli/report.h"
#include "cli/table.h"
#include "db/copy.h"
#include "db/db.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define SHOWN_DIGITS 16 /* of a checksum */

enum status dbview_failure(enum err code, const char *fmt, ...)
{
    char text[2 * DB_MAX_MESSAGE];
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    /* what is there already, or is not what it should be, is like a wrong file */
    return report_failure(code == ERR_REFUSED ? STATUS_INPUT : command_status_of(code), "%s", text);
}

enum status dbview_open(const char *where, struct db **db)
{
    char message[DB_MAX_MESSAGE];
    enum err err = db_open(where, NULL, 0, db, message, sizeof message);
    if (err != ERR_OK) {
        return dbview_failure(err, "%s", message);
    }
    if (db_warning(*db)) {
        struct term term = term_of(stderr);
        report_warning(stderr, &term, "%s", db_warning(*db));
    }
    return STATUS_OK;
}

enum status dbview_open_existing(const char *where, struct db **db)
{
    bool is_path = !strstr(where, "://");
    if (is_path && access(where, F_OK) != 0) {
        return report_failure(STATUS_INPUT, "there is no database %s", where);
    }
    return dbview_open(where, db);
}

void dbview_report(struct cli *cli, const struct copy_report *report)
{
    static const struct table_column columns[] = {
        {"table", TABLE_LEFT}, {"rows", TABLE_RIGHT}, {"checksum", TABLE_LEFT}};
    struct table *table = table_new(cli->arena, columns, 3);
    int empty = 0;
    for (int i = 0; table && i < report->n_tables; i++) {
        const struct copy_table *row = &report->tables[i];
        char sum[SHOWN_DIGITS + 1];
        snprintf(sum, sizeof sum, "%.*s", SHOWN_DIGITS, row->checksum);
        const char *const cells[] = {row->name, report_count(row->n_rows).text, sum};
        if (row->n_rows == 0) {
            empty++;
        } else if (table_add(table, cells) != ERR_OK) {
            table = NULL;
        }
    }
    if (table && table_rows(table) > 0) {
        table_print(table, stdout, &cli->out);
        printf("\n");
    }
    printf("%s in %s, %d of them empty.\n", report_many(report->n_rows, "row", "rows").text,
           report_many(report->n_tables, "table", "tables").text, empty);
}
