/* Passwords: Argon2id by libsodium, in a service process, so that no worker ever stalls.
 *
 *     err = hasher_verify(req, SERVICE_HASHER, stored, typed);   // ERR_PENDING the first time
 *
 * Cost: HASHER_MEMORY bytes and HASHER_PASSES passes (OWASP's 19 MiB, t = 2; about 25 ms).  For an
 * account that does not exist, or has no password, verify against an empty hash: the same work,
 * always ERR_REFUSED. */
#ifndef DUET_HTTP_HASHER_H
#define DUET_HTTP_HASHER_H

#include "base/err.h"
#include "base/str.h"
#include "http/service.h"

struct arena;
struct http_request;

#define HASHER_MEMORY (19u << 20)
#define HASHER_PASSES 2u
#define HASHER_MAX_PASSWORD 1024 /* bytes */

extern const struct service_spec hasher_service;

/* A well-formed hash that no password has; an empty hash stands for it. */
extern const char hasher_nobody[];

/* The text to store for a new password ("$argon2id$v=19$..."), in the request's arena.  As
 * service_ask, and ERR_RANGE: longer than HASHER_MAX_PASSWORD. */
MUST_CHECK enum err hasher_hash(struct http_request *req, int service, struct str password,
                                struct str *hash);

/* ERR_OK: it is the password.  ERR_REFUSED: it is not (or the stored hash is malformed).  *stale,
 * if given, says that the hash was made with a lower cost and should be made anew. */
MUST_CHECK enum err hasher_verify(struct http_request *req, int service, struct str hash,
                                  struct str password, bool *stale);

/* The same at once, for the command line. */
MUST_CHECK enum err hasher_hash_now(struct str password, struct arena *arena, struct str *hash);
MUST_CHECK enum err hasher_verify_now(struct str hash, struct str password, bool *stale);

#endif
