/* A fingerprint of the inputs of a matching: BLAKE2b with 256 bits (RFC 7693), by libsodium.
 *
 * Feed it everything the weights and limits are made from, in a fixed order, then end it.  The same
 * inputs give the same bytes on every machine; different inputs never do in practice. */
#ifndef DUET_MATCH_FINGERPRINT_H
#define DUET_MATCH_FINGERPRINT_H

#include "base/str.h"
#include "match/certificate.h"

#include <stddef.h>
#include <stdint.h>

struct arena;
struct match_fingerprint;

/* An empty fingerprint in `arena`; NULL: no memory. */
struct match_fingerprint *match_fingerprint_new(struct arena *arena);

/* Adds a number (as 8 bytes, low first), numbers, or a text (its length, then its bytes). */
void match_fingerprint_add_int(struct match_fingerprint *fingerprint, int64_t value);
void match_fingerprint_add_i16(struct match_fingerprint *fingerprint, const int16_t *values,
                               size_t n);
void match_fingerprint_add_text(struct match_fingerprint *fingerprint, struct str text);

/* Ends it; nothing may be added afterwards. */
void match_fingerprint_end(struct match_fingerprint *fingerprint,
                           unsigned char out[MATCH_FINGERPRINT_BYTES]);

#endif
