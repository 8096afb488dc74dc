/* BLAKE2b of numbers and texts. */
#include "match/fingerprint.h"

#include "base/arena.h"

#include <sodium/crypto_generichash.h>

struct match_fingerprint {
    crypto_generichash_state *state;
};

struct match_fingerprint *match_fingerprint_new(struct arena *arena)
{
    /* The library wants its state at a multiple of 64 bytes, arenas give 16. */
    struct match_fingerprint *fingerprint = arena_alloc(arena, 1, sizeof *fingerprint);
    unsigned char *room = arena_alloc(arena, 1, crypto_generichash_statebytes() + 64);
    if (!fingerprint || !room) {
        return NULL;
    }
    room += (64 - (uintptr_t)room % 64) % 64;
    fingerprint->state = (crypto_generichash_state *)(void *)room;
    crypto_generichash_init(fingerprint->state, NULL, 0, MATCH_FINGERPRINT_BYTES);
    return fingerprint;
}

void match_fingerprint_add_int(struct match_fingerprint *fingerprint, int64_t value)
{
    unsigned char bytes[8];
    for (int k = 0; k < 8; k++) {
        bytes[k] = (unsigned char)((uint64_t)value >> (8 * k));
    }
    crypto_generichash_update(fingerprint->state, bytes, sizeof bytes);
}

void match_fingerprint_add_i16(struct match_fingerprint *fingerprint, const int16_t *values,
                               size_t n)
{
    unsigned char bytes[256];
    match_fingerprint_add_int(fingerprint, (int64_t)n);
    for (size_t done = 0; done < n;) {
        size_t k = 0;
        for (; k < sizeof bytes / 2 && done < n; k++, done++) {
            bytes[2 * k] = (unsigned char)(uint16_t)values[done];
            bytes[2 * k + 1] = (unsigned char)((uint16_t)values[done] >> 8);
        }
        crypto_generichash_update(fingerprint->state, bytes, 2 * k);
    }
}

void match_fingerprint_add_text(struct match_fingerprint *fingerprint, struct str text)
{
    match_fingerprint_add_int(fingerprint, (int64_t)text.n);
    if (text.n) {
        crypto_generichash_update(fingerprint->state, (const unsigned char *)text.p, text.n);
    }
}

void match_fingerprint_end(struct match_fingerprint *fingerprint,
                           unsigned char out[MATCH_FINGERPRINT_BYTES])
{
    crypto_generichash_final(fingerprint->state, out, MATCH_FINGERPRINT_BYTES);
}
