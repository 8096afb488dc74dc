/* Settings and keys, and complaints about forms. */
#include "coach/settings.h"
#include "coachtest.h"

static enum err set(struct coachtest *c, enum setting setting, const char *value)
{
    return coachtest_write(c, settings_set(&c->coach, setting, str_of(value), &c->complaints));
}

static enum err get(struct coachtest *c, enum setting setting, struct str *value)
{
    *value = (struct str){"", 0};
    return coachtest_read(c, settings_get(&c->coach, setting, value));
}

static void test_values(struct coachtest *c)
{
    static const struct {
        enum setting setting;
        const char *value;
        bool good;
    } cases[] = {
        {SETTING_ORGANISATION, "Riverside", true},
        {SETTING_ORGANISATION, "a\nb", false},
        {SETTING_BASE_URL, "https://duet.example.org", true},
        {SETTING_BASE_URL, "https://duet.example.org/", false},
        {SETTING_BASE_URL, "duet.example.org", false},
        {SETTING_BASE_URL, "https://a b", false},
        {SETTING_BASE_URL, "javascript:alert(1)", false},
        {SETTING_SMTP_URL, "smtps://mail.example.org:465", true},
        {SETTING_SMTP_URL, "https://mail.example.org", false},
        {SETTING_SMTP_FROM, "duet@example.org", true},
        {SETTING_SMTP_FROM, "duet", false},
        {SETTING_PASSWORDS, "0", true},
        {SETTING_PASSWORDS, "maybe", false},
        {SETTING_LOCALE, "es", true},
        {SETTING_LOCALE, "../x", false},
        {SETTING_TIME_ZONE, "Europe/Madrid", true},
        {SETTING_TIME_ZONE, "Europe Madrid", false},
    };
    struct str value;
    coachtest_as_system(c);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        enum err err = set(c, cases[i].setting, cases[i].value);
        bool same = get(c, cases[i].setting, &value) == ERR_OK && str_is(value, cases[i].value);
        tap_ok(cases[i].good ? err == ERR_OK && same
                             : err == ERR_INVALID && !same && c->complaints.n == 0,
               "%s: %s \"%s\" is %s", c->name, settings_name(cases[i].setting),
               i == 1 ? "two lines" : cases[i].value, cases[i].good ? "kept" : "refused");
    }
    tap_ok(set(c, SETTING_PASSWORDS, "") == ERR_OK && get(c, SETTING_PASSWORDS, &value) == ERR_OK &&
               str_is(value, "1"),
           "%s: empty brings the default back", c->name);
}

static void test_who(struct coachtest *c)
{
    int64_t unit = coachtest_unit(c, 0, UNIT_ORGANISATION, "All");
    int64_t admin = coachtest_person(c, "Ada", "Admin"), ann = coachtest_person(c, "Ann", "Abel");
    struct str value;
    bool is_set = false;
    coachtest_role(c, admin, unit, ROLE_ADMINISTRATOR);
    coachtest_as_system(c);
    coachtest_must(c, set(c, SETTING_SMTP_PASSWORD, "secret"), "set");
    const int64_t who[] = {0, ann, admin};
    const enum err mail[] = {ERR_FORBIDDEN, ERR_FORBIDDEN, ERR_OK};
    for (int i = 0; i < 3; i++) {
        coachtest_as(c, who[i]);
        tap_ok(get(c, SETTING_ORGANISATION, &value) == ERR_OK && str_is(value, "Riverside"),
               "%s: the name is for everybody", c->name);
        tap_ok(get(c, SETTING_SMTP_URL, &value) == mail[i] &&
                   set(c, SETTING_ORGANISATION, "Riverside") == mail[i],
               "%s: the rest is for administrators", c->name);
        tap_ok(get(c, SETTING_SMTP_PASSWORD, &value) == ERR_FORBIDDEN &&
                   coachtest_read(c, settings_is_set(&c->coach, SETTING_SMTP_PASSWORD, &is_set)) ==
                       ERR_OK &&
                   is_set,
               "%s: secrets are shown to nobody", c->name);
    }
    coachtest_as_system(c);
    tap_ok(get(c, SETTING_SMTP_PASSWORD, &value) == ERR_OK && str_is(value, "secret"),
           "%s: but to the server", c->name);
}

static void test_keys(struct coachtest *c)
{
    unsigned char keys[SETTINGS_KEY__MAX][SETTINGS_KEY], again[SETTINGS_KEY];
    int wrong = 0;
    for (int i = 0; i < SETTINGS_KEY__MAX; i++) {
        coachtest_must(c, coachtest_read(c, settings_key(&c->coach, (enum settings_key)i, keys[i])),
                       "key");
        wrong += i > 0 && memcmp(keys[i], keys[i - 1], SETTINGS_KEY) == 0;
    }
    coachtest_do(c, coach_found(&c->coach));
    coachtest_must(c, coachtest_read(c, settings_key(&c->coach, SETTINGS_KEY_LINKS, again)), "key");
    tap_ok(wrong == 0 && memcmp(again, keys[SETTINGS_KEY_LINKS], SETTINGS_KEY) == 0,
           "%s: keys are made once, each another", c->name);
}

static void test_complaints(struct arena *arena)
{
    struct complaints all;
    struct str clean;
    complaint_init(&all, arena);
    tap_ok(complaint_result(&all) == ERR_OK, "no complaint, no error");
    tap_ok(complaint_clean(&all, "a", str_of("  cafe\xCC\x81 "), true, false, 4, &clean) &&
               str_is(clean, "caf\xC3\xA9"),
           "a text is trimmed and brought into form before it is measured"
           " in characters");
    tap_ok(!complaint_clean(&all, "a", str_of("12345"), true, false, 4, &clean) && all.n == 1 &&
               all.items[0].is_number && all.items[0].number == 4 &&
               strcmp(all.items[0].name, "n") == 0,
           "what is too long is told with the number");
    tap_ok(!complaint_clean(&all, "a", str_of(" \t "), true, false, 4, &clean) &&
               complaint_clean(&all, "a", str_of(""), false, false, 4, &clean),
           "what must be there must be there");
    static const char *const bad[] = {"a\x01", "a\x7f", "\xC2\x85", "\xE2\x80\xAE hidden", "a\xFF"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        tap_ok(!complaint_clean(&all, "a", str_of(bad[i]), false, true, 90, &clean),
               "characters that cannot be shown are refused");
    }
    tap_ok(complaint_clean(&all, "a", str_of("a\r\n\tb"), false, true, 90, &clean) &&
               !complaint_clean(&all, "a", str_of("a\nb"), false, false, 90, &clean),
           "line ends where there are lines");
    for (int i = 0; i < 2 * COMPLAINT_MAX; i++) {
        complaint_add_text(&all, "field", N_("{x}"), "x", str_of("y"));
    }
    tap_ok(all.n == COMPLAINT_MAX && all.total > 2 * COMPLAINT_MAX &&
               complaint_result(&all) == ERR_INVALID,
           "complaints are bounded, and counted");
    arena_fail_after(arena, 1);
    struct complaints none;
    complaint_init(&none, arena);
    complaint_add(&none, "field", "x");
    tap_ok(complaint_result(&none) == ERR_NOMEM, "without memory that is what is said");
    arena_fail_after(arena, 0);
}

static void suite(const struct dbtest *t)
{
    struct coachtest c;
    coachtest_open(&c, t);
    test_values(&c);
    test_who(&c);
    test_keys(&c);
    coachtest_close(&c);
}

int main(void)
{
    struct arena *arena = arena_new(0);
    test_complaints(arena);
    arena_free(arena);
    dbtest_both(suite);
    return tap_done();
}
