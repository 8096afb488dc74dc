/* Token buckets. */
#include "coach/rates.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "coach/secret.h"
#include "coach/settings.h"
#include "coach/sql.h"

#include <arpa/inet.h>

#define KEY 1024 /* bytes of a key with its kind in front */

static const struct {
    const char *name;
    double burst;
    int64_t refill_ms; /* for one token */
    bool address;
} table[RATES_KIND__MAX] = {
    [RATES_SIGN_IN_ACCOUNT] = {"sign-in account", 8, 5 * COACH_MINUTE_MS, false},
    [RATES_SIGN_IN_ADDRESS] = {"sign-in address", 60, 5000, true},
    [RATES_KEY_ADDRESS] = {"key address", 30, 20000, true},
    [RATES_RESET_ACCOUNT] = {"reset account", 3, 20 * COACH_MINUTE_MS, false},
    [RATES_RESET_ADDRESS] = {"reset address", 20, 3 * COACH_MINUTE_MS, true},
    [RATES_UPLOAD_PERSON] = {"upload person", 20, 30000, false},
};

/* The longest time that a bucket needs to be full again. */
#define RATES_FULL_MS (2 * COACH_HOUR_MS)

/* An IPv6 address counts by its network of 64 bits; one that is really IPv4 by that. */
static void add_address(struct buf *buf, struct str address)
{
    char text[INET6_ADDRSTRLEN];
    unsigned char bytes[16];
    static const unsigned char mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    if (address.n >= sizeof text) {
        buf_add(buf, address);
        return;
    }
    memcpy(text, address.p, address.n);
    text[address.n] = '\0';
    if (inet_pton(AF_INET6, text, bytes) != 1) {
        buf_add(buf, address);
    } else if (memcmp(bytes, mapped, sizeof mapped) == 0) {
        buf_addf(buf, "%u.%u.%u.%u", bytes[12], bytes[13], bytes[14], bytes[15]);
    } else {
        for (int i = 0; i < 8; i++) {
            buf_addf(buf, "%02x", bytes[i]);
        }
    }
}

/* Accounts are named as people type them: without regard to case and spaces around. */
static void add_account(struct buf *buf, struct str key)
{
    char out[UTF8_MAX_FORM];
    struct str form;
    key = utf8_trim(key);
    buf_add(buf, utf8_fold(key, out, &form) ? key : form);
}

static enum err key_hash(struct coach *coach, enum rates_kind kind, struct str key,
                         unsigned char hash[SECRET_HASH])
{
    unsigned char secret[SETTINGS_KEY];
    struct str text;
    struct buf buf;
    enum err err = settings_key(coach, SETTINGS_KEY_RATES, secret);
    if (err) {
        return err;
    }
    if (key.n > UTF8_MAX_TEXT) {
        key.n = UTF8_MAX_TEXT; /* what is longer is nobody's */
    }
    buf_init(&buf, coach->arena, KEY + UTF8_MAX_FORM);
    buf_addf(&buf, "%s:", table[kind].name);
    if (table[kind].address) {
        add_address(&buf, key);
    } else {
        add_account(&buf, key);
    }
    err = buf_end(&buf, &text);
    if (err == ERR_OK) {
        secret_hash(text, secret, sizeof secret, hash);
    }
    return err;
}

/* Tokens in the bucket now. */
static enum err read_bucket(struct coach *coach, enum rates_kind kind,
                            const unsigned char hash[SECRET_HASH], double *tokens)
{
    struct db_query *q;
    double burst = table[kind].burst;
    *tokens = burst;
    enum err err = sql_first(coach, SQL_RATE_GET, SQL_ARGS(sql_blob(hash, SECRET_HASH)), &q);
    if (err) {
        return err == ERR_NOT_FOUND ? ERR_OK : err;
    }
    int64_t passed = coach->now_ms - db_int(q, 1);
    double now =
        db_double(q, 0) + (double)(passed > 0 ? passed : 0) / (double)table[kind].refill_ms;
    *tokens = now < burst ? now : burst;
    db_finish(q);
    return ERR_OK;
}

enum err rates_take(struct coach *coach, enum rates_kind kind, struct str key, int64_t *wait_ms)
{
    unsigned char hash[SECRET_HASH];
    double tokens;
    *wait_ms = 0;
    enum err err = key_hash(coach, kind, key, hash);
    err = err ? err : read_bucket(coach, kind, hash, &tokens);
    if (err) {
        return err;
    }
    if (tokens < 1) {
        *wait_ms = (int64_t)((1 - tokens) * (double)table[kind].refill_ms) + 1;
        return ERR_LIMIT;
    }
    return sql_run(
        coach, SQL_RATE_SET,
        SQL_ARGS(sql_blob(hash, sizeof hash), sql_double(tokens - 1), sql_int(coach->now_ms)),
        NULL);
}

enum err rates_forget(struct coach *coach, enum rates_kind kind, struct str key)
{
    unsigned char hash[SECRET_HASH];
    enum err err = key_hash(coach, kind, key, hash);
    return err ? err : sql_run(coach, SQL_RATE_FORGET, SQL_ARGS(sql_blob(hash, sizeof hash)), NULL);
}

enum err rates_clean(struct coach *coach, int64_t limit, int64_t *n)
{
    if (!coach->actor.system) {
        return ERR_FORBIDDEN;
    }
    return sql_run(coach, SQL_RATE_CLEAN,
                   SQL_ARGS(sql_int(coach->now_ms - RATES_FULL_MS), sql_int(limit)), n);
}
