/* Within the room: what the readers add to the lists that roster.h declares. */
#ifndef DUET_COACH_ROSTER_PROBLEMS_H
#define DUET_COACH_ROSTER_PROBLEMS_H

#include "coach/roster.h"

#include <stdarg.h>

/* roster_problems_add with a list of arguments. */
MUST_CHECK enum err roster_problems_vadd(struct roster_problems *problems, const char *file,
                                         uint64_t line, int32_t column, const char *heading,
                                         struct str value, const char *hint, const char *fmt,
                                         va_list args) __attribute__((format(printf, 8, 0)));

/* Adds a note about `count` rows or cells, the first of them in `line`. */
MUST_CHECK enum err roster_problems_note(struct roster_problems *problems, const char *file,
                                         uint64_t line, uint64_t count, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));

#endif
