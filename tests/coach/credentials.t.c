/* Passwords: which are refused and which are not, that unknown addresses cost the same, and what a
 * new one ends. */
#include "coach/credentials.h"
#include "base/rng.h"
#include "coach/invitations.h"
#include "coach/sessions.h"
#include "coach/settings.h"
#include "coachtest.h"

#include <sodium.h>

static enum err check(struct arena *arena, const char *password, struct str *normal)
{
    static const struct credential_owner owner = {{"Mar\xC3\xAD"
                                                   "a",
                                                   6},
                                                  {"Fern\xC3\xA1ndez", 10},
                                                  {"maria.f@riverside.org", 21},
                                                  {"Sunrise Valley Schools", 22}};
    struct complaints complaints;
    complaint_init(&complaints, arena);
    return credentials_check(&complaints, "password", str_of(password), &owner, normal);
}

static void test_quality(struct arena *arena)
{
    static const char *const bad[] = {
        "",
        "short",
        "elevenchars",
        "aaaaaaaaaaaaaaaa",
        "abababababababab",
        "abcabcabcabcabc",
        "123456789012",
        "098765432109",
        "abcdefghijklmnop",
        "qwertyuiopasdfgh",
        "1q2w3e4r5t6y7u8i",
        "1qaz2wsx3edc4rfv",
        "passwordpassword",
        "Password2024!!",
        "P4ssw0rd!P4ssw0rd",
        "Welcome123456",
        "iloveyou12345",
        "Summer2024Summer",
        "$un$hine$un$hine",
        "correct horse battery staple",
        "CorrectHorseBatteryStaple",
        "password teacher 2025",
        "748392018374",
        "maria.f@riverside.org",
        "MariaFernandez",
        "Maria Fern\xC3\xA1ndez 12",
        "fernandez-riverside",
        "riverside1234",
        "teacher school",
        "monkeydragon!",
        "sunrise valley schools",
        "SunriseValley25",
        "unbelievable",
        "manchesterunited",
        "mynameismaria",
        "Septiembre2024",
        "motdepasse123",
        "Willkommen2025",
        "ghbdtnrfrltkf",
        "peercoaching1",
        "\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9",
    };
    static const char *const good[] = {
        "lamp orbit velvet tuesday",
        "the cat sat on a purple bridge",
        "purple monkey velvet cheese orbit",
        "Gr8tapestry-of-Nantucket",
        "xk7Q-m2Vp-9dLw",
        "maria likes violet umbrellas",
        "\xD0\xBB\xD0\xB0\xD0\xBC\xD0\xBF\xD0\xB0 \xD0\xBE\xD1\x80\xD0\xB1\xD0\xB8\xD1\x82\xD0\xB0",
        "mango lantern ferry cloud",
        "tulip-orbit-canoe",
        "at sunrise seven valleys sing",
        "sieben blaue Esel tanzen",
        "cuatro gatos bajo la mesa",
    };
    struct str normal;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        tap_ok(check(arena, bad[i], &normal) == ERR_INVALID, "refused: \"%s\"", bad[i]);
    }
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        tap_ok(check(arena, good[i], &normal) == ERR_OK && str_is(normal, good[i]), "taken: \"%s\"",
               good[i]);
    }
    tap_ok(check(arena, "bad \xFF\xFF text, and long", &normal) == ERR_INVALID, "refused: no text");
    char many[CREDENTIALS_MAX + 2];
    struct rng rng = rng_seed(4);
    for (size_t i = 0; i < sizeof many - 1; i++) {
        many[i] = (char)('a' + rng_below(&rng, 26));
    }
    many[CREDENTIALS_MAX + 1] = '\0';
    tap_ok(check(arena, many, &normal) == ERR_INVALID, "refused: longer than a password can be");
    many[CREDENTIALS_MAX] = '\0';
    tap_ok(check(arena, many, &normal) == ERR_OK, "taken: as long as can be");
    int refused = 0;
    for (int i = 0; i < 2000; i++) {
        char text[13];
        for (int k = 0; k < 12; k++) {
            text[k] = (char)(33 + rng_below(&rng, 94));
        }
        text[12] = '\0';
        refused += check(arena, text, &normal) != ERR_OK;
    }
    tap_ok(refused == 0, "2000 random passwords of 12 characters are all taken");
    tap_ok(check(arena, "caf\x65\xCC\x81 lamp orbit velvet", &normal) == ERR_OK &&
               str_is(normal, "caf\xC3\xA9 lamp orbit velvet"),
           "the form to hash is the same however accents are typed");
}

static void test_find(struct coachtest *c, int64_t ann)
{
    struct credential found = {0}, nobody = {0};
    char hash[crypto_pwhash_STRBYTES];
    coachtest_as(c, 0);
    coachtest_must(
        c, coachtest_read(c, credentials_find(&c->coach, str_of("p1@example.org"), &nobody)),
        "find");
    tap_ok(nobody.person_id == 0 && nobody.hash.n > 60 &&
               memcmp(nobody.hash.p, "$argon2id$v=19$m=19456,t=2,p=1$", 31) == 0,
           "%s: without a password there is a hash to work on", c->name);
    if (crypto_pwhash_str(hash, "lamp orbit velvet", 17, 1, 8192)) {
        printf("Bail out! no memory for a hash\n");
        exit(1);
    }
    coachtest_as(c, ann);
    coachtest_do(c, credentials_set_hash(&c->coach, ann, str_of(hash)));
    coachtest_as(c, 0);
    coachtest_must(
        c, coachtest_read(c, credentials_find(&c->coach, str_of(" P1@Example.ORG"), &found)),
        "find");
    tap_ok(found.person_id == ann && str_is(found.hash, hash), "%s: found by the address", c->name);
    static const char *const others[] = {"p2@example.org", "x", "", "a@b.org'; --"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        coachtest_must(
            c, coachtest_read(c, credentials_find(&c->coach, str_of(others[i]), &nobody)), "find");
        size_t cost = (size_t)(strchr(strchr(hash + 11, '$') + 1, '$') - hash);
        tap_ok(nobody.person_id == 0 && nobody.hash.n > cost &&
                   memcmp(nobody.hash.p, hash, cost) == 0 &&
                   crypto_pwhash_str_verify(nobody.hash.p, "lamp orbit velvet", 17) != 0 &&
                   crypto_pwhash_str_needs_rehash(nobody.hash.p, 1, 8192) == 0,
               "%s: \"%s\" is nobody's, at the same cost, and fits no password", c->name,
               others[i]);
    }
    coachtest_as_system(c);
    coachtest_do(c, settings_set(&c->coach, SETTING_PASSWORDS, str_of("0"), &c->complaints));
    coachtest_must(c,
                   coachtest_read(c, credentials_find(&c->coach, str_of("p1@example.org"), &found)),
                   "find");
    tap_ok(found.person_id == 0, "%s: where passwords are off nobody has one", c->name);
    coachtest_do(c, settings_set(&c->coach, SETTING_PASSWORDS, str_of("1"), &c->complaints));
    coachtest_do(c, people_leave(&c->coach, ann));
    coachtest_must(c,
                   coachtest_read(c, credentials_find(&c->coach, str_of("p1@example.org"), &found)),
                   "find");
    tap_ok(found.person_id == 0, "%s: nor has whoever left", c->name);
    coachtest_do(c, people_return(&c->coach, ann));
}

static void test_set(struct coachtest *c, int64_t ann, int64_t bob)
{
    struct session mine, other, seen;
    char a[SESSIONS_TOKEN + 1], b[SESSIONS_TOKEN + 1], link[INVITATIONS_TEXT];
    struct invitation invitation;
    struct str hash = {"", 0};
    coachtest_as_system(c);
    coachtest_do(c, invitations_make(&c->coach, ann, INVITATION_RESET, link));
    coachtest_do(c, sessions_start(&c->coach, ann, SESSION_PASSWORD, str_of(""), b, &other));
    coachtest_do(c, sessions_start(&c->coach, ann, SESSION_PASSWORD, str_of(""), a, &mine));
    coachtest_do(c, credentials_set_hash(&c->coach, ann, str_of("$argon2id$new")));
    tap_ok(coachtest_read(c, sessions_open(&c->coach, str_of(b), &seen)) == ERR_NOT_FOUND &&
               coachtest_read(c, sessions_open(&c->coach, str_of(a), &seen)) == ERR_OK,
           "%s: a new password ends the other sessions", c->name);
    tap_ok(coachtest_read(c, invitations_peek(&c->coach, str_of(link), &invitation)) ==
               ERR_NOT_FOUND,
           "%s: and links for a new password", c->name);
    tap_ok(coachtest_read(c, credentials_get_hash(&c->coach, ann, &hash)) == ERR_OK &&
               str_is(hash, "$argon2id$new"),
           "%s: it is kept", c->name);
    coachtest_as(c, bob);
    tap_ok(coachtest_write(c, credentials_set_hash(&c->coach, ann, str_of("$x"))) ==
                   ERR_FORBIDDEN &&
               coachtest_read(c, credentials_get_hash(&c->coach, ann, &hash)) == ERR_FORBIDDEN,
           "%s: it is nobody else's business", c->name);
    coachtest_as(c, ann);
    tap_ok(coachtest_write(c, credentials_set_hash(&c->coach, ann, str_of("lamp orbit velvet"))) ==
               ERR_INVALID,
           "%s: what is not a hash is not kept", c->name);
}

static void suite(const struct dbtest *t)
{
    struct coachtest c;
    coachtest_open(&c, t);
    int64_t ann = coachtest_person(&c, "Ann", "Abel"), bob = coachtest_person(&c, "Bob", "Bell");
    test_find(&c, ann);
    test_set(&c, ann, bob);
    coachtest_close(&c);
}

int main(void)
{
    struct arena *arena = arena_new(0);
    test_quality(arena);
    arena_free(arena);
    dbtest_both(suite);
    return tap_done();
}
