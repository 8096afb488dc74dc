/* Rates: buckets against a plain model of them, addresses by their network, nothing readable
 * stored. */
#include "coach/rates.h"
#include "base/rng.h"
#include "coachtest.h"

#define AT(ms) (c->coach.now_ms = COACHTEST_NOW + (ms))

static enum err take(struct coachtest *c, enum rates_kind kind, const char *key, int64_t *wait)
{
    return coachtest_write(c, rates_take(&c->coach, kind, str_of(key), wait));
}

static void test_bucket(struct coachtest *c)
{
    int64_t wait = 0;
    int n = 0;
    AT(0);
    while (n < 100 && take(c, RATES_SIGN_IN_ACCOUNT, "ann@example.org", &wait) == ERR_OK) {
        n++;
    }
    tap_ok(n == 8 && wait > 0 && wait <= 5 * COACH_MINUTE_MS + 1,
           "%s: 8 attempts at once, then a wait of up to 5 minutes", c->name);
    AT(wait - 2);
    int64_t rest;
    tap_ok(take(c, RATES_SIGN_IN_ACCOUNT, "ann@example.org", &rest) == ERR_LIMIT && rest <= 3,
           "%s: not before it is over", c->name);
    AT(wait);
    tap_ok(take(c, RATES_SIGN_IN_ACCOUNT, "ann@example.org", &rest) == ERR_OK &&
               take(c, RATES_SIGN_IN_ACCOUNT, " ANN@Example.org ", &rest) == ERR_LIMIT,
           "%s: then one more, however it is typed", c->name);
    tap_ok(take(c, RATES_SIGN_IN_ACCOUNT, "bob@example.org", &rest) == ERR_OK &&
               take(c, RATES_RESET_ACCOUNT, "ann@example.org", &rest) == ERR_OK,
           "%s: others, and other things, have buckets of their own", c->name);
    coachtest_do(c, rates_forget(&c->coach, RATES_SIGN_IN_ACCOUNT, str_of("ann@example.org")));
    tap_ok(take(c, RATES_SIGN_IN_ACCOUNT, "ann@example.org", &rest) == ERR_OK,
           "%s: a good attempt fills it again", c->name);
    AT(-COACH_HOUR_MS);
    tap_ok(take(c, RATES_SIGN_IN_ACCOUNT, "ann@example.org", &rest) == ERR_OK,
           "%s: a clock that goes back does no harm", c->name);
}

static bool together(struct coachtest *c, const char *a, const char *b)
{
    int64_t wait;
    int n = 0;
    coachtest_script(c, "DELETE FROM rate");
    coachtest_begin(c, COACH_WRITE);
    while (n < 1000 && rates_take(&c->coach, RATES_KEY_ADDRESS, str_of(a), &wait) == ERR_OK) {
        n++;
    }
    enum err err = rates_take(&c->coach, RATES_KEY_ADDRESS, str_of(b), &wait);
    coach_rollback(&c->coach);
    return err == ERR_LIMIT;
}

static void test_addresses(struct coachtest *c)
{
    AT(0);
    tap_ok(together(c, "2001:db8:1:2::1", "2001:0db8:0001:0002:ffff::9"),
           "%s: one network of IPv6 is one address", c->name);
    tap_ok(!together(c, "2001:db8:1:2::1", "2001:db8:1:3::1"), "%s: another is another", c->name);
    tap_ok(together(c, "192.0.2.7", "::ffff:192.0.2.7"), "%s: IPv4 is itself in IPv6", c->name);
    tap_ok(!together(c, "192.0.2.7", "192.0.2.8"), "%s: and counts in full", c->name);
}

static void test_model(struct coachtest *c)
{
    static const char *const keys[] = {"k1@a.org", "k2@a.org", "k3@a.org"};
    double tokens[3] = {8, 8, 8};
    int64_t now = 0, last[3] = {0};
    struct rng rng = rng_seed(12);
    int wrong = 0, taken = 0, refused = 0, n = getenv("DUET_SANITIZED") ? 150 : 400;
    coachtest_script(c, "DELETE FROM rate");
    for (int i = 0; i < n; i++) {
        uint32_t k = rng_below(&rng, 3);
        int64_t wait;
        now += (int64_t)rng_below(&rng, 150000);
        AT(now);
        tokens[k] += (double)(now - last[k]) / (5.0 * COACH_MINUTE_MS);
        tokens[k] = tokens[k] < 8 ? tokens[k] : 8;
        last[k] = now;
        bool can = tokens[k] >= 1;
        bool close = tokens[k] > 1 - 1e-6 && tokens[k] < 1 + 1e-6;
        enum err err = take(c, RATES_SIGN_IN_ACCOUNT, keys[k], &wait);
        wrong += !close && err != (can ? ERR_OK : ERR_LIMIT);
        tokens[k] -= err == ERR_OK;
        taken += err == ERR_OK;
        refused += err != ERR_OK;
    }
    tap_ok(wrong == 0 && taken > 20 && refused > 20,
           "%s: %d taken and %d refused as the model says", c->name, taken, refused);
}

static void test_stored(struct coachtest *c)
{
    int64_t wait, n = 0;
    coachtest_script(c, "DELETE FROM rate");
    AT(0);
    coachtest_must(c, take(c, RATES_SIGN_IN_ACCOUNT, "ann@example.org", &wait), "take");
    tap_ok(coachtest_number(c, "SELECT count(*) FROM rate WHERE length(key_hash) = 32") == 1,
           "%s: a hash is stored", c->name);
    coachtest_script(c, "DELETE FROM setting WHERE name = 'key_rates'");
    coachtest_do(c, coach_found(&c->coach));
    int taken = 0;
    while (taken < 20 && take(c, RATES_SIGN_IN_ACCOUNT, "ann@example.org", &wait) == ERR_OK) {
        taken++;
    }
    tap_ok(taken == 8, "%s: which depends on the secret key", c->name);
    AT(3 * COACH_HOUR_MS);
    coachtest_as_system(c);
    coachtest_do(c, rates_clean(&c->coach, 100, &n));
    tap_ok(n == 2 && coachtest_number(c, "SELECT count(*) FROM rate") == 0,
           "%s: full buckets are removed", c->name);
    coachtest_as(c, 0);
    tap_ok(coachtest_write(c, rates_clean(&c->coach, 100, &n)) == ERR_FORBIDDEN,
           "%s: by the server", c->name);
}

static void suite(const struct dbtest *t)
{
    struct coachtest c;
    coachtest_open(&c, t);
    test_bucket(&c);
    test_addresses(&c);
    test_model(&c);
    test_stored(&c);
    coachtest_close(&c);
}

int main(void)
{
    dbtest_both(suite);
    return tap_done();
}
