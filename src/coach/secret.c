/* Random secrets and their hashes, by libsodium. */
#include "coach/secret.h"

#include <assert.h>
#include <sodium.h>

#define VARIANT sodium_base64_VARIANT_URLSAFE_NO_PADDING

void secret_make(char text[SECRET_TEXT + 1])
{
    unsigned char bytes[SECRET_BYTES];
    static_assert(sodium_base64_ENCODED_LEN(SECRET_BYTES, VARIANT) == SECRET_TEXT + 1, "length");
    randombytes_buf(bytes, sizeof bytes);
    sodium_bin2base64(text, SECRET_TEXT + 1, bytes, sizeof bytes, VARIANT);
    sodium_memzero(bytes, sizeof bytes);
}

bool secret_looks_right(struct str text)
{
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!plain && c != '-' && c != '_') {
            return false;
        }
    }
    return text.n == SECRET_TEXT;
}

void secret_hash(struct str text, const unsigned char *key, size_t n_key,
                 unsigned char hash[SECRET_HASH])
{
    crypto_generichash(hash, SECRET_HASH, (const unsigned char *)text.p, text.n, key, n_key);
}
