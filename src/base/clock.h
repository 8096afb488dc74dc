/* Local time: the day and the time of day of a moment in a time zone, and back.
 *
 * Reads the system's time zone files (TZif, RFC 8536) itself, since the C library knows one zone
 * per process only.  Beyond the last change that a file lists (2037 in Debian's) the last offset is
 * kept. */
#ifndef DUET_BASE_CLOCK_H
#define DUET_BASE_CLOCK_H

#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct clock_zone;

#define CLOCK_MAX_FILE 65536 /* bytes of a zone file */
#define CLOCK_FOLDER "/usr/share/zoneinfo"

/* Whether a name is made like one of a zone: "Europe/Madrid"; letters, digits, '/', '_', '-', '+',
 * no part that begins with a dot. */
bool clock_is_name(struct str name);

/* Reads a zone by its name.  ERR_NOT_FOUND: no such zone; ERR_INVALID: a damaged file; ERR_NOMEM.
 */
MUST_CHECK enum err clock_open(struct arena *arena, struct str name, struct clock_zone **zone);

/* The same from the bytes of a file. */
MUST_CHECK enum err clock_parse(struct arena *arena, struct str bytes, struct clock_zone **zone);

/* Milliseconds to add to UTC at that moment; NULL: UTC, 0. */
int64_t clock_offset(const struct clock_zone *zone, int64_t at_ms);

/* Days since 1970-01-01 there, and minutes since midnight. */
void clock_read(const struct clock_zone *zone, int64_t at_ms, int32_t *day, int32_t *minute);

/* The moment of a day and minute there.  A time that comes twice, as the clocks go back, is the
 * first; one that is left out, as they go forward, is as much later. */
int64_t clock_moment(const struct clock_zone *zone, int32_t day, int32_t minute);

#endif
