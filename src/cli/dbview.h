/* What the commands that work on a database share. */
#ifndef DUET_CLI_DBVIEW_H
#define DUET_CLI_DBVIEW_H

#include "cli/command.h"

struct copy_report;
struct db;

/* Opens a database, which is made when it is not there, or must be there; says on stderr why not.
 */
enum status dbview_open(const char *where, struct db **db);
enum status dbview_open_existing(const char *where, struct db **db);

/* "duet: ..." on stderr with the exit status for the failure of a database. */
__attribute__((format(printf, 2, 3))) enum status dbview_failure(enum err code, const char *fmt,
                                                                 ...);

/* The tables with rows, how many, and the beginning of each checksum. */
void dbview_report(struct cli *cli, const struct copy_report *report);

#endif
