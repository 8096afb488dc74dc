/* Hashing rows so that the order of rows and the kind of database make no difference. */
#include "db/checksum.h"

#include <sodium.h>

static void add_number(crypto_generichash_state *state, unsigned char tag, uint64_t value)
{
    unsigned char bytes[9] = {tag};
    for (int i = 8; i >= 1; i--) {
        bytes[i] = (unsigned char)(value & 0xff);
        value >>= 8;
    }
    crypto_generichash_update(state, bytes, sizeof bytes);
}

static void add_value(crypto_generichash_state *state, struct db_value value)
{
    uint64_t bits;
    switch (value.type) {
    case DB_INT:
        add_number(state, 1, (uint64_t)value.i);
        break;
    case DB_DOUBLE:
        value.d += 0.0; /* no -0.0 */
        memcpy(&bits, &value.d, sizeof bits);
        add_number(state, 2, bits);
        break;
    case DB_TEXT:
    case DB_BLOB:
        add_number(state, value.type == DB_TEXT ? 3 : 4, value.s.n);
        crypto_generichash_update(state, (const unsigned char *)value.s.p, value.s.n);
        break;
    default:
        crypto_generichash_update(state, (const unsigned char *)"", 1);
        break;
    }
}

void checksum_add_row(struct checksum *checksum, const struct db_query *query)
{
    crypto_generichash_state state;
    unsigned char hash[CHECKSUM_BYTES];
    crypto_generichash_init(&state, NULL, 0, sizeof hash);
    for (int i = 0; i < query->n_columns; i++) {
        add_value(&state, db_value(query, i));
    }
    crypto_generichash_final(&state, hash, sizeof hash);
    sodium_add(checksum->sum, hash, sizeof hash);
    checksum->n_rows++;
}

void checksum_hex(const struct checksum *checksum, char hex[2 * CHECKSUM_BYTES + 1])
{
    sodium_bin2hex(hex, 2 * CHECKSUM_BYTES + 1, checksum->sum, CHECKSUM_BYTES);
}
