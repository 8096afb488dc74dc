/* Single sign-on: flows that come back once and in time, and which person an identity is. */
#include "coach/oidc.h"
#include "coachtest.h"

static void test_flows(struct coachtest *c)
{
    struct oidc_flow flow, back = {0}, second;
    coachtest_as(c, 0);
    coachtest_do(c, oidc_begin(&c->coach, str_of("/skills?x=1"), &flow));
    coachtest_do(c, oidc_begin(&c->coach, str_of("/"), &second));
    tap_ok(strlen(flow.state) == OIDC_SECRET && strlen(flow.verifier) == OIDC_SECRET &&
               strcmp(flow.state, second.state) != 0 && strcmp(flow.nonce, second.nonce) != 0 &&
               strcmp(flow.verifier, second.verifier) != 0 && strcmp(flow.state, flow.nonce) != 0,
           "%s: each flow has secrets of its own", c->name);
    tap_ok(coachtest_write(c, oidc_finish(&c->coach, str_of(flow.nonce), &back)) == ERR_NOT_FOUND,
           "%s: another state is unknown", c->name);
    tap_ok(coachtest_write(c, oidc_finish(&c->coach, str_of(flow.state), &back)) == ERR_OK &&
               strcmp(back.nonce, flow.nonce) == 0 && strcmp(back.verifier, flow.verifier) == 0 &&
               str_is(back.return_to, "/skills?x=1"),
           "%s: it comes back as it went", c->name);
    tap_ok(coachtest_write(c, oidc_finish(&c->coach, str_of(flow.state), &back)) == ERR_NOT_FOUND,
           "%s: once", c->name);
    c->coach.now_ms = COACHTEST_NOW + OIDC_FLOW_MS;
    tap_ok(coachtest_write(c, oidc_finish(&c->coach, str_of(second.state), &back)) == ERR_NOT_FOUND,
           "%s: and in time", c->name);
    c->coach.now_ms = COACHTEST_NOW;
    static const char *const away[] = {
        "//evil.org", "https://evil.org", "", "/\\evil.org", "x", "/a b", "/\r\nx"};
    for (size_t i = 0; i < sizeof away / sizeof *away; i++) {
        coachtest_do(c, oidc_begin(&c->coach, str_of(away[i]), &flow));
        tap_ok(str_is(flow.return_to, "/"), "%s: leads to nowhere but to us", c->name);
    }
}

/* The example of RFC 7636, appendix B. */
static void test_challenge(struct coachtest *c)
{
    struct oidc_flow flow;
    static const char base64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    coachtest_do(c, oidc_begin(&c->coach, str_of("/"), &flow));
    int wrong = strlen(flow.challenge) != OIDC_SECRET || strcmp(flow.challenge, flow.verifier) == 0;
    for (const char *p = flow.challenge; *p; p++) {
        wrong += !strchr(base64, *p);
    }
    char expected[OIDC_SECRET + 1];
    oidc_challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", expected);
    tap_ok(wrong == 0 && strcmp(expected, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM") == 0,
           "%s: the challenge is RFC 7636's S256", c->name);
}

static enum err find(struct coachtest *c, const char *issuer, const char *subject,
                     const char *email, bool verified, int64_t *id)
{
    struct oidc_claims claims = {str_of(issuer), str_of(subject), str_of(email), verified};
    *id = 0;
    return coachtest_write(c, oidc_find_person(&c->coach, &claims, id));
}

static void test_people(struct coachtest *c)
{
    int64_t ann = coachtest_person(c, "Ann", "Abel"), bob = coachtest_person(c, "Bob", "Bell"), id;
    coachtest_as(c, 0);
    tap_ok(find(c, "https://a", "1", "p1@example.org", false, &id) == ERR_NOT_FOUND,
           "%s: an address that is not verified is nobody's", c->name);
    tap_ok(find(c, "https://a", "1", "other@example.org", true, &id) == ERR_NOT_FOUND &&
               find(c, "https://a", "1", "nonsense", true, &id) == ERR_NOT_FOUND &&
               find(c, "https://a", "", "p1@example.org", true, &id) == ERR_INVALID,
           "%s: nor is one that we do not know", c->name);
    tap_ok(find(c, "https://a", "1", "P1@example.org", true, &id) == ERR_OK && id == ann,
           "%s: a verified one links", c->name);
    tap_ok(find(c, "https://a", "1", "p2@example.org", false, &id) == ERR_OK && id == ann,
           "%s: and from then on the subject counts, whatever the address", c->name);
    tap_ok(find(c, "https://a", "2", "p1@example.org", true, &id) == ERR_NOT_FOUND,
           "%s: a second subject of the issuer does not take the account over", c->name);
    tap_ok(find(c, "https://b", "1", "p1@example.org", true, &id) == ERR_OK && id == ann &&
               find(c, "https://b", "9", "p2@example.org", true, &id) == ERR_OK && id == bob,
           "%s: issuers are apart", c->name);
    coachtest_as_system(c);
    coachtest_do(c, people_leave(&c->coach, bob));
    coachtest_as(c, 0);
    tap_ok(find(c, "https://b", "9", "p2@example.org", true, &id) == ERR_NOT_FOUND &&
               find(c, "https://a", "9", "p2@example.org", true, &id) == ERR_NOT_FOUND,
           "%s: whoever left is nobody", c->name);
    coachtest_as(c, ann);
    tap_ok(coachtest_write(c, oidc_unlink(&c->coach, ann)) == ERR_FORBIDDEN,
           "%s: links are undone by administrators", c->name);
    coachtest_as_system(c);
    coachtest_do(c, oidc_unlink(&c->coach, ann));
    tap_ok(find(c, "https://a", "1", "", false, &id) == ERR_NOT_FOUND, "%s: then it is nobody",
           c->name);
}

static void suite(const struct dbtest *t)
{
    struct coachtest c;
    int64_t n = 0;
    coachtest_open(&c, t);
    test_flows(&c);
    test_challenge(&c);
    test_people(&c);
    c.coach.now_ms = COACHTEST_NOW + 2 * OIDC_FLOW_MS;
    coachtest_as_system(&c);
    coachtest_do(&c, oidc_clean(&c.coach, 100, &n));
    tap_ok(n > 0 && coachtest_number(&c, "SELECT count(*) FROM oidc_flow") == 0,
           "%s: old flows are removed", t->name);
    coachtest_close(&c);
}

int main(void)
{
    dbtest_both(suite);
    return tap_done();
}
