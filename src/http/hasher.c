/* Argon2id behind a service.  A question is 'H' and the password, or 'V', the length of the hash in
 * two bytes, the hash and the password. */
#include "http/hasher.h"

#include "base/arena.h"
#include "http/request.h"

#include <sodium.h>
#include <string.h>

#define TIMEOUT_MS 10000
#define MAX_HASH 512

/* Of 32 random bytes that nobody has seen. */
const char hasher_nobody[] = "$argon2id$v=19$m=19456,t=2,p=1"
                             "$SPt1S3sZSs3vivt4JfnW2Q$CeK0H+4BPdEP+md6vl4A2FZb18r4NpPCWoYYDYx0kks";

enum err hasher_hash_now(struct str password, struct arena *arena, struct str *hash)
{
    char text[crypto_pwhash_STRBYTES];
    if (password.n > HASHER_MAX_PASSWORD) {
        return ERR_RANGE;
    }
    if (crypto_pwhash_str(text, password.p, password.n, HASHER_PASSES, HASHER_MEMORY) != 0) {
        return ERR_NOMEM;
    }
    char *copy = arena_text(arena, text, strlen(text));
    *hash = (struct str){copy, strlen(text)};
    return copy ? ERR_OK : ERR_NOMEM;
}

enum err hasher_verify_now(struct str hash, struct str password, bool *stale)
{
    char text[MAX_HASH + 1];
    if (hash.n == 0) {
        hash = str_of(hasher_nobody);
    }
    if (hash.n > MAX_HASH || memchr(hash.p, '\0', hash.n) || password.n > HASHER_MAX_PASSWORD) {
        return ERR_REFUSED;
    }
    memcpy(text, hash.p, hash.n);
    text[hash.n] = '\0';
    if (crypto_pwhash_str_verify(text, password.p, password.n) != 0) {
        return ERR_REFUSED;
    }
    if (stale) {
        *stale = crypto_pwhash_str_needs_rehash(text, HASHER_PASSES, HASHER_MEMORY) != 0;
    }
    return ERR_OK;
}

static enum err answer(void *state, struct str question, struct arena *arena, struct buf *buf)
{
    (void)state;
    if (question.n >= 1 && question.p[0] == 'H') {
        struct str hash;
        enum err err = hasher_hash_now((struct str){question.p + 1, question.n - 1}, arena, &hash);
        if (err == ERR_OK) {
            buf_add(buf, hash);
        }
        return err;
    }
    if (question.n < 3 || question.p[0] != 'V') {
        return ERR_INVALID;
    }
    size_t n = (size_t)(unsigned char)question.p[1] << 8 | (unsigned char)question.p[2];
    bool stale;
    if (n > question.n - 3) {
        return ERR_INVALID;
    }
    enum err err = hasher_verify_now((struct str){question.p + 3, n},
                                     (struct str){question.p + 3 + n, question.n - 3 - n}, &stale);
    if (err == ERR_OK) {
        buf_add_char(buf, stale ? '1' : '0');
    }
    return err;
}

const struct service_spec hasher_service = {.name = "hasher", .answer = answer};

enum err hasher_hash(struct http_request *req, int service, struct str password, struct str *hash)
{
    char question[1 + HASHER_MAX_PASSWORD];
    if (password.n > HASHER_MAX_PASSWORD) {
        return ERR_RANGE;
    }
    question[0] = 'H';
    memcpy(question + 1, password.p, password.n);
    enum err err =
        service_ask(req, service, (struct str){question, password.n + 1}, TIMEOUT_MS, hash);
    sodium_memzero(question, sizeof question);
    return err;
}

enum err hasher_verify(struct http_request *req, int service, struct str hash, struct str password,
                       bool *stale)
{
    char question[3 + MAX_HASH + HASHER_MAX_PASSWORD];
    struct str reply;
    if (hash.n == 0) {
        hash = str_of(hasher_nobody);
    }
    if (hash.n > MAX_HASH || password.n > HASHER_MAX_PASSWORD) {
        return ERR_REFUSED;
    }
    question[0] = 'V';
    question[1] = (char)(hash.n >> 8);
    question[2] = (char)(hash.n & 0xff);
    memcpy(question + 3, hash.p, hash.n);
    memcpy(question + 3 + hash.n, password.p, password.n);
    enum err err = service_ask(req, service, (struct str){question, 3 + hash.n + password.n},
                               TIMEOUT_MS, &reply);
    sodium_memzero(question, sizeof question);
    if (err == ERR_OK && stale) {
        *stale = str_is(reply, "1");
    }
    return err;
}
