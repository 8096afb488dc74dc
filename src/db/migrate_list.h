/* The migrations in the program, in the order of their numbers; made by tools/mkmigrations from
 * src/db/migrations at every build. */
#ifndef DUET_DB_MIGRATE_LIST_H
#define DUET_DB_MIGRATE_LIST_H

#include "db/db.h"

struct migration {
    int number;        /* 1, 2, 3 ... */
    enum db_kind kind; /* DB_KIND__MAX: one text for both */
    const char *name;  /* 0001-people */
    const char *text, *end;
};

extern const struct migration migrate_list[];
extern const int migrate_n_list;

#endif
