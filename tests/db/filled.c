/* Makes a database with rows in every table, for the tests of commands: filled WHERE. */
#include "db/fill.h"

int main(int argc, char *argv[])
{
    char message[DB_MAX_MESSAGE];
    struct db *db;
    int from, to;
    if (argc != 2 || db_open(argv[1], NULL, 0, &db, message, sizeof message) != ERR_OK) {
        return 2;
    }
    bool ok = migrate_run(db, 0, &from, &to) == ERR_OK && fill_version(db, to);
    db_close(db);
    return ok ? 0 : 1;
}
