/* Texts to dense ids: the nth different text gets id n - 1, and keeps it.
 *
 * A hash table with open addressing; texts are copied into the arena and NUL-terminated, and any
 * bytes may be a text (a key made of several parts too).  Not for keys an attacker chooses to
 * collide: the hash has no secret. */
#ifndef DUET_BASE_INTERN_H
#define DUET_BASE_INTERN_H

#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct intern;

#define INTERN_MAX INT32_MAX /* texts in one table */

/* An empty table for at most `max` texts (1 .. INTERN_MAX), in `arena`; NULL: no memory. */
struct intern *intern_new(struct arena *arena, int32_t max);

/* The id of `text`, a new one when it is new.  `fresh` may be NULL.  ERR_NOMEM, or ERR_LIMIT when
 * it would be one too many; the table is as before then.  Amortised O(text.n). */
MUST_CHECK enum err intern_add(struct intern *intern, struct str text, int32_t *id, bool *fresh);

/* The id of `text`, or -1. */
int32_t intern_find(const struct intern *intern, struct str text);

/* How many texts there are, and one of them, 0 <= id < count. */
int32_t intern_count(const struct intern *intern);
struct str intern_text(const struct intern *intern, int32_t id);

/* 64 bits that depend on every byte; the same on little-endian machines.  For grouping, not for
 * secrets. */
uint64_t intern_hash(struct str text);

#endif
