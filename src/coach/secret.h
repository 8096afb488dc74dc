/* Within the room: random secrets as text, and the hashes under which the database knows them. */
#ifndef DUET_COACH_SECRET_H
#define DUET_COACH_SECRET_H

#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>

#define SECRET_BYTES 32
#define SECRET_TEXT 43 /* base64url without padding */
#define SECRET_HASH 32

/* 256 random bits as text, NUL-terminated. */
void secret_make(char text[SECRET_TEXT + 1]);

/* Whether the text looks like one that secret_make gives. */
bool secret_looks_right(struct str text);

/* BLAKE2b-256 of a text, with a key or (NULL) without. */
void secret_hash(struct str text, const unsigned char *key, size_t n_key,
                 unsigned char hash[SECRET_HASH]);

#endif
