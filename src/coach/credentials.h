/* Passwords.  The hashes (Argon2id strings) are computed and compared elsewhere, by the hasher;
 * here they are kept, and here is what a good password is.
 *
 * An unknown address costs as much work as a known one: credentials_find() then gives a hash of the
 * same cost that no password fits. */
#ifndef DUET_COACH_CREDENTIALS_H
#define DUET_COACH_CREDENTIALS_H

#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct coach;
struct complaints;

#define CREDENTIALS_MIN 12   /* characters of a password, in NFC */
#define CREDENTIALS_MAX 256  /* bytes */
#define CREDENTIALS_HASH 128 /* bytes of a hash: crypto_pwhash_STRBYTES */

struct credential {
    int64_t person_id; /* 0: nobody; still verify against the hash, then refuse */
    struct str hash;
};

/* Whom an address belongs to and what to verify against; ERR_OK also when there is nobody. */
MUST_CHECK enum err credentials_find(struct coach *coach, struct str email,
                                     struct credential *credential);

/* The same of a person who is signed in and confirms something. */
MUST_CHECK enum err credentials_get_hash(struct coach *coach, int64_t person_id, struct str *hash);

/* Keeps a new hash; ends the person's other sessions and unused reset links.  For the person, and
 * the server. */
MUST_CHECK enum err credentials_set_hash(struct coach *coach, int64_t person_id, struct str hash);

/* Complains about `field` when the password is short, long, easy to guess (credentials_common.h
 * says what that is), all one character or in sequence, or has a name or the address of the owner
 * in it and little else.  Pure but for the arena.  *normal is the form to hash (NFC). The owner's
 * parts may be empty. */
struct credential_owner {
    struct str given_name, family_name, email, organisation;
};
MUST_CHECK enum err credentials_check(struct complaints *complaints, const char *field,
                                      struct str password, const struct credential_owner *owner,
                                      struct str *normal);

/* The form to verify: NFC.  ERR_INVALID: not UTF-8 or too long, so it fits no hash. */
MUST_CHECK enum err credentials_normal(struct coach *coach, struct str password,
                                       struct str *normal);

#endif
