/* Profiles: what may be said, read back as said; imports fill what is empty only. */
#include "coach/profile.h"
#include "base/rng.h"
#include "coachtest.h"

static struct profile profile_of(int64_t person)
{
    return (struct profile){.person_id = person,
                            .about = {"", 0},
                            .locale = {"", 0},
                            .time_zone = {"", 0},
                            .max_helps = 1,
                            .max_learns = 1};
}

static enum err edit(struct coachtest *c, const struct profile *profile)
{
    return coachtest_write(c, profile_edit(&c->coach, profile, &c->complaints));
}

static bool complains(const struct coachtest *c, const char *field)
{
    for (size_t i = 0; i < c->complaints.n; i++) {
        if (strcmp(c->complaints.items[i].field, field) == 0) {
            return true;
        }
    }
    return false;
}

static void test_edit(struct coachtest *c, int64_t ann, int64_t bob)
{
    struct str subjects[] = {{"Mathematics ", 12}, {"Art", 3}, {"Mathematics", 11}};
    struct str languages[] = {{"ES-mx", 5}, {"en", 2}, {"zh-hant-tw", 10}};
    struct str periods[] = {{"fri-12", 6}, {"mon-10", 6}, {"mon-2", 5}};
    struct profile p = profile_of(ann), back = {0};
    p.about = str_of("Ask me about\nfractions.");
    p.locale = str_of("es");
    p.time_zone = str_of("America/Mexico_City");
    p.max_helps = 3;
    p.max_learns = 0;
    p.tags[PROFILE_SUBJECT] = (struct profile_tags){subjects, 3};
    p.tags[PROFILE_LANGUAGE] = (struct profile_tags){languages, 3};
    p.tags[PROFILE_PERIOD] = (struct profile_tags){periods, 3};
    coachtest_as(c, ann);
    tap_ok(edit(c, &p) == ERR_OK && coachtest_read(c, profile_get(&c->coach, ann, &back)) == ERR_OK,
           "%s: a person writes their own", c->name);
    tap_ok(str_is(back.about, "Ask me about\nfractions.") && back.max_helps == 3 &&
               back.max_learns == 0 && str_is(back.locale, "es") &&
               str_is(back.time_zone, "America/Mexico_City"),
           "%s: and reads it", c->name);
    struct profile_tags *t = back.tags;
    tap_ok(t[PROFILE_SUBJECT].n == 2 && str_is(t[PROFILE_SUBJECT].items[0], "Art") &&
               str_is(t[PROFILE_SUBJECT].items[1], "Mathematics") && t[PROFILE_GRADE].n == 0,
           "%s: tags once each, trimmed, in order", c->name);
    tap_ok(t[PROFILE_LANGUAGE].n == 3 && str_is(t[PROFILE_LANGUAGE].items[0], "en") &&
               str_is(t[PROFILE_LANGUAGE].items[1], "es-MX") &&
               str_is(t[PROFILE_LANGUAGE].items[2], "zh-Hant-TW"),
           "%s: languages in their usual spelling", c->name);
    tap_ok(t[PROFILE_PERIOD].n == 3 && str_is(t[PROFILE_PERIOD].items[0], "mon-2") &&
               str_is(t[PROFILE_PERIOD].items[2], "fri-12"),
           "%s: periods in order of the week", c->name);
    coachtest_as(c, bob);
    tap_ok(edit(c, &p) == ERR_FORBIDDEN, "%s: nobody else writes it", c->name);
    tap_ok(coachtest_read(c, profile_get(&c->coach, ann, &back)) == ERR_OK &&
               str_is(back.about, "Ask me about\nfractions.") && back.locale.n == 0 &&
               back.time_zone.n == 0 && back.tags[PROFILE_PERIOD].n == 3,
           "%s: colleagues read what is for them", c->name);
}

static void test_wrong(struct coachtest *c, int64_t ann)
{
    static const struct {
        enum profile_kind kind;
        const char *value;
    } tags[] = {
        {PROFILE_SUBJECT, ""},      {PROFILE_SUBJECT, "a\nb"},     {PROFILE_GRADE, "\xFF"},
        {PROFILE_LANGUAGE, "e"},    {PROFILE_LANGUAGE, "english"}, {PROFILE_LANGUAGE, "en_GB"},
        {PROFILE_LANGUAGE, "en-"},  {PROFILE_LANGUAGE, "-en"},     {PROFILE_LANGUAGE, "12"},
        {PROFILE_PERIOD, "mon-0"},  {PROFILE_PERIOD, "mon-13"},    {PROFILE_PERIOD, "Mon-1"},
        {PROFILE_PERIOD, "mon1"},   {PROFILE_PERIOD, "mon-01"},    {PROFILE_PERIOD, "xyz-1"},
        {PROFILE_PERIOD, "mon-1x"},
    };
    coachtest_as(c, ann);
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
        struct profile p = profile_of(ann);
        struct str value = str_of(tags[i].value);
        p.tags[tags[i].kind] = (struct profile_tags){&value, 1};
        tap_ok(edit(c, &p) == ERR_INVALID && complains(c, profile_kind_word(tags[i].kind)),
               "%s: \"%s\" is no %s", c->name, i == 1 || i == 2 ? "?" : tags[i].value,
               profile_kind_word(tags[i].kind));
    }
    char longest[PROFILE_ABOUT + 2];
    memset(longest, 'x', sizeof longest);
    struct profile p = profile_of(ann), back = {0};
    p.about = (struct str){longest, PROFILE_ABOUT + 1};
    p.max_helps = -1;
    p.max_learns = PROFILE_PARTNERS + 1;
    p.locale = str_of("nonsense");
    p.time_zone = str_of("/etc/passwd");
    tap_ok(edit(c, &p) == ERR_INVALID && complains(c, "about") && complains(c, "max_helps") &&
               complains(c, "max_learns") && complains(c, "locale") && complains(c, "time_zone"),
           "%s: all that is wrong is said at once", c->name);
    struct str many[PROFILE_TAGS + 1];
    for (int i = 0; i <= PROFILE_TAGS; i++) {
        many[i] = str_of("x");
    }
    p = profile_of(ann);
    p.tags[PROFILE_GRADE] = (struct profile_tags){many, PROFILE_TAGS + 1};
    tap_ok(edit(c, &p) == ERR_INVALID && complains(c, "grade"), "%s: too many are too many",
           c->name);
    tap_ok(coachtest_read(c, profile_get(&c->coach, ann, &back)) == ERR_OK &&
               back.tags[PROFILE_SUBJECT].n == 2,
           "%s: and what was there is there", c->name);
}

static void test_fill(struct coachtest *c, int64_t ann, int64_t bob)
{
    struct str values[] = {{"Biology", 7}, {"a\nb", 3}, {"Chemistry", 9}};
    struct profile back = {0};
    struct profile_tags used = {0};
    bool added = true;
    size_t refused = 9;
    coachtest_as_system(c);
    coachtest_do(c, profile_fill(&c->coach, ann, PROFILE_SUBJECT, values, 3, &added, &refused));
    tap_ok(!added && refused == 0, "%s: an import leaves alone what a person has said", c->name);
    coachtest_do(c, profile_fill(&c->coach, bob, PROFILE_SUBJECT, values, 3, &added, &refused));
    coachtest_must(c, coachtest_read(c, profile_get(&c->coach, bob, &back)), "get");
    tap_ok(added && refused == 1 && back.tags[PROFILE_SUBJECT].n == 2,
           "%s: and fills what is empty", c->name);
    coachtest_do(c, profile_fill(&c->coach, bob, PROFILE_GRADE, values + 2, 1, &added, &refused));
    coachtest_as(c, bob);
    tap_ok(coachtest_write(c, profile_fill(&c->coach, ann, PROFILE_GRADE, values, 1, &added,
                                           &refused)) == ERR_FORBIDDEN,
           "%s: imports are administrators'", c->name);
    struct str art = str_of("Art");
    struct profile p = profile_of(bob);
    p.tags[PROFILE_SUBJECT] = (struct profile_tags){&art, 1};
    coachtest_must(c, edit(c, &p), "edit");
    tap_ok(coachtest_read(c, profile_used(&c->coach, PROFILE_SUBJECT, 10, &used)) == ERR_OK &&
               used.n == 2 && str_is(used.items[0], "Art") && str_is(used.items[1], "Mathematics"),
           "%s: suggestions begin with the commonest", c->name);
}

static void suite(const struct dbtest *t)
{
    struct coachtest c;
    coachtest_open(&c, t);
    int64_t ann = coachtest_person(&c, "Ann", "Abel"), bob = coachtest_person(&c, "Bob", "Bell");
    test_edit(&c, ann, bob);
    test_wrong(&c, ann);
    test_fill(&c, ann, bob);
    coachtest_close(&c);
}

int main(void)
{
    dbtest_both(suite);
    return tap_done();
}
