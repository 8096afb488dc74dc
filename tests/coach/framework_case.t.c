/* Frameworks as CASE packages and observation guides: round trips, the packages of others, and what
 * is said about bad ones. */
#include "coach/framework_case.h"
#include "coach/framework_guide.h"
#include "framework_test.h"
#include "tap.h"

#include <stdlib.h>

static enum err read_case(struct arena *arena, struct str json, struct roster_problems *problems,
                          struct framework **framework)
{
    *framework = NULL;
    enum err err = roster_problems_init(problems, arena, 20);
    return err ? err : framework_case_read(arena, json, "package.json", problems, framework);
}

static void test_round_trip(void)
{
    int good = 0;
    const int n = 200;
    for (uint64_t seed = 1; seed <= (uint64_t)n; seed++) {
        struct arena *arena = arena_new(0);
        struct roster_problems problems = {0};
        struct framework *made = framework_test_make(arena, seed), *back;
        struct buf buf;
        struct str text;
        const char *where = "it could not be read";
        buf_init(&buf, arena, FRAMEWORK_CASE_SIZE);
        if (framework_case_write(made, str_of("https://duet.example.org"), &buf) == ERR_OK &&
            buf_end(&buf, &text) == ERR_OK && read_case(arena, text, &problems, &back) == ERR_OK &&
            framework_same(made, back, false, &where)) {
            good++;
        } else {
            printf("# seed %d: %s\n", (int)seed, where);
            framework_test_show(&problems);
        }
        arena_free(arena);
    }
    tap_ok(good == n, "what is written is read back the same, %d of %d", good, n);
}

/* A package as others make them: three levels, links by URI, items out of order, keys of their own.
 */
static const char foreign[] =
    "{\"CFDocument\":{\"identifier\":\"d\",\"uri\":\"u:d\",\"creator\":\"State\",\"title\":"
    "\"Standards\","
    "\"language\":\"fr\",\"lastChangeDateTime\":\"2020-01-01T00:00:00Z\",\"extra\":[1]},"
    "\"CFItems\":["
    "{\"identifier\":\"i3\",\"uri\":\"u:3\",\"fullStatement\":\"Second "
    "skill\",\"humanCodingScheme\":\"1.B\"},"
    "{\"identifier\":\"i2\",\"uri\":\"u:2\",\"fullStatement\":\"First "
    "skill\",\"humanCodingScheme\":\"1.B\"},"
    "{\"identifier\":\"i1\",\"uri\":\"u:1\",\"fullStatement\":\"Strand\"},"
    "{\"identifier\":\"i0\",\"uri\":\"u:0\",\"fullStatement\":\"Area\"},"
    "{\"identifier\":\"i4\",\"uri\":\"u:4\",\"fullStatement\":\"Loose skill\"}],"
    "\"CFAssociations\":["
    "{\"associationType\":\"isChildOf\",\"sequenceNumber\":2,\"originNodeURI\":{\"uri\":\"u:3\"},"
    "\"destinationNodeURI\":{\"uri\":\"u:1\"}},"
    "{\"associationType\":\"isChildOf\",\"sequenceNumber\":1,\"originNodeURI\":{\"uri\":\"u:2\"},"
    "\"destinationNodeURI\":{\"uri\":\"u:1\"}},"
    "{\"associationType\":\"exactMatchOf\",\"originNodeURI\":{\"uri\":\"u:2\"},"
    "\"destinationNodeURI\":{\"uri\":\"u:9\"}},"
    "{\"associationType\":\"isChildOf\",\"originNodeURI\":{\"identifier\":\"i1\"},"
    "\"destinationNodeURI\":{\"identifier\":\"i0\"}},"
    "{\"associationType\":\"isChildOf\",\"originNodeURI\":{\"identifier\":\"i0\"},"
    "\"destinationNodeURI\":{\"identifier\":\"d\"}}],"
    "\"CFRubrics\":[{\"CFRubricCriteria\":["
    "{\"CFItemURI\":{\"uri\":\"u:2\"},\"CFRubricCriterionLevels\":["
    "{\"score\":3,\"quality\":\"Top\"},{\"score\":1,\"quality\":\"Low\",\"description\":\"x\"},{"
    "\"score\":2,\"quality\":\"Mid\"}]},"
    "{\"CFItemURI\":{\"uri\":\"u:none\"},\"CFRubricCriterionLevels\":[{},{}]}]}]}";

static void test_foreign(void)
{
    struct arena *arena = arena_new(0);
    struct roster_problems problems;
    struct framework *f;
    tap_ok(read_case(arena, str_of(foreign), &problems, &f) == ERR_OK, "a package of others");
    framework_test_show(&problems);
    if (f) {
        const struct framework_skill *first = &f->domains[0].skills[0];
        tap_ok(str_is(f->words.name, "Standards") && str_is(f->publisher, "State") &&
                   str_is(f->language, "fr"),
               "its document");
        tap_ok(f->n_domains == 2 && str_is(f->domains[0].words.name, "Area / Strand") &&
                   f->domains[1].words.name.n == 0,
               "nearest ancestors are domains, named with those above");
        tap_ok(str_is(first->words.name, "First skill") && str_is(first->code, "1.B") &&
                   str_is(f->domains[0].skills[1].code, "1.B-2"),
               "in the order of sequence numbers; a code twice gets a number");
        tap_ok(first->n_levels == 3 && str_is(first->levels[0].words.name, "Low") &&
                   str_is(first->levels[2].words.name, "Top"),
               "levels by score");
        tap_ok(problems.n_notes == 1 && strstr(problems.notes[0].text, "1 criterion of"),
               "a criterion without a skill is noted");
    }
    arena_free(arena);
}

static void test_long_statement(void)
{
    struct arena *arena = arena_new(0);
    struct roster_problems problems;
    struct framework *f = NULL;
    struct buf buf;
    struct str text;
    buf_init(&buf, arena, 10000);
    buf_add_text(&buf, "{\"CFDocument\":{\"title\":\"T\"},\"CFItems\":[{\"identifier\":\"a\","
                       "\"fullStatement\":\"");
    for (int k = 0; k < 80; k++) {
        buf_addf(&buf, "word%d ", k);
    }
    buf_add_text(&buf, "\"}]}");
    tap_ok(buf_end(&buf, &text) == ERR_OK && read_case(arena, text, &problems, &f) == ERR_OK &&
               f->n_skills == 1 && f->domains[0].skills[0].words.name.n <= 120 &&
               f->domains[0].skills[0].words.description.n > 400 &&
               str_is(f->domains[0].skills[0].words.name,
                      "word0 word1 word2 word3 word4 word5 word6 word7 word8 word9 word10 word11 "
                      "word12 word13 word14 word15 word16 word17"),
           "a long statement is cut between words to make a name, and kept whole");
    if (f) {
        printf("# %s\n", f->domains[0].skills[0].words.name.p);
    }
    arena_free(arena);
}

static const struct {
    const char *json, *says;
    int line;
} bad[] = {
    {"", "not JSON", 1},
    {"{\n\"CFDocument\": {,}}", "not JSON", 2},
    {"[1]", "no CFDocument", 0},
    {"{\"CFDocument\":{}}", "no title", 0},
    {"{\"CFDocument\":{\"title\":\"T\"}}", "no skill", 0},
    {"{\"CFDocument\":{\"title\":\"T\"},\"CFItems\":[{}]}", "CFItems[0] has no fullStatement", 0},
    {"{\"CFDocument\":{\"title\":\"T\"},\"CFItems\":[1]}", "CFItems[0] has no fullStatement", 0},
    {"{\"CFDocument\":{\"title\":\"T\"},\"CFItems\":[{\"identifier\":\"a\"},{\"identifier\":\"b\"}]"
     ","
     "\"CFAssociations\":[{\"associationType\":\"isChildOf\",\"originNodeURI\":{\"identifier\":"
     "\"a\"},"
     "\"destinationNodeURI\":{\"identifier\":\"b\"}},{\"associationType\":\"isChildOf\","
     "\"originNodeURI\":{\"identifier\":\"b\"},\"destinationNodeURI\":{\"identifier\":\"a\"}}]}",
     "below itself", 0},
    {"{\"CFDocument\":{\"title\":\"T\",\"title\":\"T\"}}", "duplicate", 1},
    {"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]",
     "deep", 0},
};

static void test_bad(void)
{
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) {
        struct arena *arena = arena_new(0);
        struct roster_problems problems;
        struct framework *f;
        enum err err = read_case(arena, str_of(bad[k].json), &problems, &f);
        bool good = err == ERR_INVALID && !f && problems.n > 0 &&
                    (int)problems.items[0].line == bad[k].line &&
                    strstr(problems.items[0].message, bad[k].says);
        tap_ok(good, "refused: %s", bad[k].says);
        if (!good) {
            printf("# %s\n", err_name(err));
            framework_test_show(&problems);
        }
        arena_free(arena);
    }
}

/* Many tiny lists take jansson far more memory than text: refused before it parses. */
static void test_bomb(void)
{
    struct arena *arena = arena_new(0);
    struct roster_problems problems;
    struct framework *f;
    struct buf buf;
    struct str text;
    buf_init(&buf, arena, (size_t)1 << 24);
    buf_add_text(&buf, "[");
    for (int k = 0; k < 300000; k++) {
        buf_add_text(&buf, "{},");
    }
    buf_add_text(&buf, "1]");
    tap_ok(buf_end(&buf, &text) == ERR_OK && read_case(arena, text, &problems, &f) == ERR_INVALID &&
               strstr(problems.items[0].message, "more entries"),
           "300,000 empty objects");
    arena_free(arena);
}

/* A file of the shared data, or "". */
static struct str read_file(struct arena *arena, const char *name)
{
    char path[1000];
    const char *shared = getenv("DUET_SHARED");
    snprintf(path, sizeof path, "%s/data/%s", shared ? shared : "../shared", name);
    FILE *file = fopen(path, "rb");
    if (!file) {
        return (struct str){"", 0};
    }
    char *bytes = arena_alloc(arena, 1 << 20, 1);
    size_t n = fread(bytes, 1, 1 << 20, file);
    fclose(file);
    return (struct str){bytes, n};
}

static void test_guide(void)
{
    struct arena *arena = arena_new(0);
    struct roster_problems problems;
    struct framework **f = NULL;
    int32_t n = 0;
    struct str json = read_file(arena, "frameworks/ipg.json");
    if (json.n == 0) {
        tap_skip("observation guides: ../shared/data/frameworks/ipg.json is not there");
        arena_free(arena);
        return;
    }
    tap_ok(framework_guide_is(json) && !framework_guide_is(str_of(foreign)),
           "guides are told from packages");
    tap_ok(roster_problems_init(&problems, arena, 20) == ERR_OK &&
               framework_guide_read(arena, json, "ipg.json", &problems, &f, &n) == ERR_OK && n == 4,
           "four guides");
    framework_test_show(&problems);
    static const struct {
        const char *name;
        int domains, skills;
    } expected[] = {{"ela_k2", 4, 17}, {"ela_312", 3, 12}, {"math_k8", 3, 15}, {"math_hs", 3, 15}};
    for (int k = 0; k < n && k < 4; k++) {
        int four = 0, two = 0, wrong = 0;
        for (int d = 0; d < f[k]->n_domains; d++) {
            for (int s = 0; s < f[k]->domains[d].n_skills; s++) {
                const struct framework_skill *skill = &f[k]->domains[d].skills[s];
                bool yes = skill->n_levels == 2;
                two += yes;
                four += skill->n_levels == 4;
                wrong += !str_is(skill->levels[0].words.name, yes ? "No" : "1") ||
                         !str_is(skill->levels[skill->n_levels - 1].words.name, yes ? "Yes" : "4");
            }
        }
        tap_ok(str_is(f[k]->words.name, expected[k].name) &&
                   f[k]->n_domains == expected[k].domains && f[k]->n_skills == expected[k].skills &&
                   four + two == expected[k].skills && wrong == 0,
               "%s: %d actions, %d indicators, %d with four levels, lowest first", expected[k].name,
               expected[k].domains, expected[k].skills, four);
    }
    arena_free(arena);
}

static void test_bad_guide(void)
{
    static const char *const texts[] = {
        "[]",
        "{\"actions\":[]}",
        "[{\"actions\":[{\"indicators\":[{\"ratings\":[]}]}]}]",
        ("[{\"actions\":[{\"indicators\":[{\"statement\":\"s\",\"ratings\":[{\"value\":\"1\","
         "\"label\":\"one\"},{\"value\":\"5\",\"label\":\"Not Observed\"}]}]}]}]"),
    };
    for (size_t k = 0; k < sizeof texts / sizeof *texts; k++) {
        struct arena *arena = arena_new(0);
        struct roster_problems problems;
        struct framework **f = NULL;
        int32_t n = 0;
        tap_ok(roster_problems_init(&problems, arena, 20) == ERR_OK &&
                   framework_guide_read(arena, str_of(texts[k]), "g", &problems, &f, &n) ==
                       ERR_INVALID &&
                   problems.n > 0 && !f,
               "refused: %s", problems.n ? problems.items[0].message : "");
        arena_free(arena);
    }
}

int main(void)
{
    test_round_trip();
    test_foreign();
    test_long_statement();
    test_bad();
    test_bomb();
    test_guide();
    test_bad_guide();
    return tap_done();
}
