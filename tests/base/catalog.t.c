/* Catalogues against gettext itself: the files are made by msgfmt, and every text and plural form
 * is compared with what the C library's dngettext says.  Then damaged files, placeholders, days,
 * and the choice of a language. */
#include "base/catalog.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/catalog_rule.h"
#include "base/day.h"
#include "base/rng.h"
#include "tap.h"

#include <libintl.h>
#include <locale.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

#define N_TEXTS 40

/* Rules as in the gettext manual, 12.6, and one that divides; n_forms of each. */
static const struct language {
    const char *tag, *rule;
    int n_forms;
} languages[] = {
    {"ja", "nplurals=1; plural=0;", 1},
    {"es", "nplurals=2; plural=(n != 1);", 2},
    {"fr", "nplurals=2; plural=n>1;", 2},
    {"lv", "nplurals=3; plural=n%10==1 && n%100!=11 ? 0 : n != 0 ? 1 : 2;", 3},
    {"ga", "nplurals=3; plural=n==1 ? 0 : n==2 ? 1 : 2;", 3},
    {"ro", "nplurals=3; plural=n==1 ? 0 : (n==0 || (n%100 > 0 && n%100 < 20)) ? 1 : 2;", 3},
    {"lt",
     "nplurals=3; plural=n%10==1 && n%100!=11 ? 0 : n%10>=2 && (n%100<10 || n%100>=20) ? 1 : 2;",
     3},
    {"ru",
     "nplurals=3; plural=n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) "
     "? 1 : 2;",
     3},
    {"cs", "nplurals=3; plural=(n==1) ? 0 : (n>=2 && n<=4) ? 1 : 2;", 3},
    {"pl", "nplurals=3; plural=n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2;",
     3},
    {"sl", "nplurals=4; plural=n%100==1 ? 0 : n%100==2 ? 1 : n%100==3 || n%100==4 ? 2 : 3;", 4},
    {"ar",
     "nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? "
     "4 : 5;",
     6},
    {"eo", "nplurals=4; plural=!(n - 1) ? 0 : 1 + n / 3 * 2 % 5 - !n;", 4},
};
#define N_LANGUAGES (sizeof languages / sizeof *languages)

static char dir[80];

static void write_po(const char *path, const struct language *language)
{
    FILE *po = fopen(path, "w");
    if (!po) {
        printf("Bail out! cannot write %s\n", path);
        exit(1);
    }
    fprintf(po,
            "msgid \"\"\nmsgstr \"\"\n\"Content-Type: text/plain; charset=UTF-8\\n\"\n"
            "\"Plural-Forms: %s\\n\"\n\"X-Name: Name \xC3\xA9\\n\"\n\"X-Direction: "
            "%s\\n\"\n\"X-Decimal: ,\\n\"\n\n",
            language->rule, strcmp(language->tag, "ar") == 0 ? "rtl" : "ltr");
    for (int i = 0; i < N_TEXTS; i++) {
        fprintf(po, "msgid \"text %d\"\nmsgstr \"%s %d \xC3\xB1\"\n\n", i * 7919 % 1000,
                language->tag, i);
        fprintf(po, "msgctxt \"context %d\"\nmsgid \"text %d\"\nmsgstr \"%s in context %d\"\n\n",
                i % 3, i * 7919 % 1000, language->tag, i);
    }
    fprintf(po,
            "msgid \"left\"\nmsgstr \"\"\n\nmsgid \"{n} thing\"\nmsgid_plural \"{n} things\"\n");
    for (int form = 0; form < language->n_forms; form++) {
        fprintf(po, "msgstr[%d] \"%s form %d\"\n", form, language->tag, form);
    }
    fclose(po);
}

/* Makes dir/<tag>/LC_MESSAGES/t-<tag>.mo with msgfmt; its path, or NULL. */
static const char *make_mo(const struct language *language, const char *option)
{
    static char path[200];
    char po[200];
    snprintf(path, sizeof path, "%s/%s", dir, language->tag);
    mkdir(path, 0700);
    snprintf(path, sizeof path, "%s/%s/LC_MESSAGES", dir, language->tag);
    mkdir(path, 0700);
    snprintf(po, sizeof po, "%s/%s.po", dir, language->tag);
    write_po(po, language);
    snprintf(path, sizeof path, "%s/%s/LC_MESSAGES/t-%s.mo", dir, language->tag, language->tag);
    char *const args[] = {(char[]){"msgfmt"},
                          (char[]){"-o"},
                          path,
                          po,
                          (char *)(uintptr_t)(option ? option : "--no-hash"),
                          NULL};
    pid_t pid;
    int status = 1;
    if (posix_spawnp(&pid, "msgfmt", NULL, NULL, args, environ) != 0 ||
        waitpid(pid, &status, 0) != pid || status != 0) {
        return NULL;
    }
    return path;
}

static struct str read_all(struct arena *arena, const char *path)
{
    FILE *in = fopen(path, "rb");
    char *p = arena_alloc(arena, 1u << 16, 1);
    size_t n = in && p ? fread(p, 1, 1u << 16, in) : 0;
    if (in) {
        fclose(in);
    }
    return (struct str){p, n};
}

static bool says(struct str got, const char *expected)
{
    return str_is(got, expected);
}

/* All texts of an open catalogue against the C library, which has the language set. */
static int count_wrong(const struct catalog *c, const char *domain)
{
    int wrong = 0;
    for (int i = 0; i < 1000; i++) {
        char id[40], context[40], both[90];
        snprintf(id, sizeof id, "text %d", i);
        wrong += !says(catalog_text(c, id), dgettext(domain, id));
        for (int k = 0; k < 4; k++) {
            snprintf(context, sizeof context, "context %d", k);
            snprintf(both, sizeof both, "%s\004%s", context, id);
            const char *said = dgettext(domain, both);
            wrong += !says(catalog_context(c, context, id), said == both ? id : said);
        }
    }
    wrong += !says(catalog_text(c, "left"), "left") + catalog_has(c, "left");
    wrong += !catalog_has(c, "text 0");
    for (unsigned long n = 0; n < 3000; n++) {
        unsigned long many = n < 2000 ? n : n * 7919 + 1000000;
        const char *said = dngettext(domain, "{n} thing", "{n} things", many);
        wrong += !says(catalog_plural(c, "{n} thing", "{n} things", (int64_t)many), said);
        wrong += !says(catalog_plural(c, "{n} thing", "{n} things", -(int64_t)many), said);
    }
    return wrong;
}

static void test_against_gettext(void)
{
    const char *temporary = getenv("TMPDIR");
    snprintf(dir, sizeof dir, "%s/duet-catalog-XXXXXX", temporary ? temporary : "/tmp");
    locale_t utf8 = newlocale(LC_ALL_MASK, "C.UTF-8", (locale_t)0);
    if (!utf8 || !mkdtemp(dir)) {
        printf("Bail out! no locale or no folder\n");
        exit(1);
    }
    uselocale(utf8);
    for (size_t i = 0; i < N_LANGUAGES; i++) {
        static const char *const ends[] = {"--endianness=little", "--endianness=big", "--no-hash"};
        struct arena *arena = arena_new(1u << 22);
        const struct catalog *c = NULL;
        const char *path = make_mo(&languages[i], ends[i % 3]);
        setenv("LANGUAGE", languages[i].tag, 1);
        char domain[20]; /* of its own: gettext remembers what it answered */
        snprintf(domain, sizeof domain, "t-%s", languages[i].tag);
        bindtextdomain(domain, dir);
        enum err err =
            path ? catalog_open(arena, str_of(languages[i].tag), read_all(arena, path), &c)
                 : ERR_IO;
        tap_ok(!err, "%s: opens", languages[i].tag);
        if (!err) {
            const char *known = dgettext(domain, "text 0");
            tap_ok(strncmp(known, languages[i].tag, 2) == 0, "%s: gettext knows the file",
                   languages[i].tag);
            int wrong = count_wrong(c, domain);
            tap_ok(wrong == 0, "%s: the same texts and forms (%d wrong)", languages[i].tag, wrong);
            tap_ok(says(catalog_name(c), "Name \xC3\xA9") && says(catalog_decimal(c), ",") &&
                       catalog_is_rtl(c) == (strcmp(languages[i].tag, "ar") == 0),
                   "%s: what the header says", languages[i].tag);
        }
        arena_free(arena);
    }
    unsetenv("LANGUAGE");
    uselocale(LC_GLOBAL_LOCALE);
    freelocale(utf8);
}

/* Damaged files are refused or, when what was damaged is text, still answer every question. */
static void test_damage(void)
{
    struct arena *arena = arena_new(1u << 24);
    const struct catalog *c;
    const char *path = make_mo(&languages[7], NULL);
    struct str whole = path ? read_all(arena, path) : (struct str){"", 0};
    tap_ok(whole.n > 1000 && !catalog_open(arena, str_of("ru"), whole, &c), "the file is sound");
    int opened = 0;
    for (size_t n = 0; n < whole.n; n++) {
        struct arena *child = arena_child(arena);
        char *part = arena_alloc(child, n, 1);
        memcpy(part, whole.p, n);
        opened += !catalog_open(child, str_of("ru"), (struct str){part, n}, &c);
        arena_free(child);
    }
    tap_ok(opened == 0, "no file that ends early opens (%d did)", opened);

    struct rng rng = rng_seed(7);
    int64_t asked = 0;
    opened = 0;
    for (int i = 0; i < 20000; i++) {
        struct arena *child = arena_child(arena);
        char *bytes = arena_alloc(child, whole.n, 1);
        memcpy(bytes, whole.p, whole.n);
        for (int k = 0; k < 1 + i % 3; k++) {
            size_t at = rng_below(&rng, i % 2 ? 800 : (uint32_t)whole.n);
            bytes[at] = (char)rng_below(&rng, 256);
        }
        if (!catalog_open(child, str_of("ru"), (struct str){bytes, whole.n}, &c)) {
            opened++;
            asked += (int64_t)catalog_text(c, "text 7").n;
            asked += (int64_t)catalog_context(c, "context 1", "text 7").n;
            asked += (int64_t)catalog_plural(c, "{n} thing", "{n} things", i).n;
        }
        arena_free(child);
    }
    tap_ok(opened > 0 && opened < 20000 && asked > 0, "20000 damaged files: %d still open", opened);
    arena_free(arena);
}

static void test_rules(void)
{
    static const char *const bad[] = {
        "",
        "nplurals=2;",
        "nplurals=0; plural=0;",
        "nplurals=9; plural=0;",
        "nplurals=2; plural=;",
        "nplurals=2; plural=n ? 1;",
        "nplurals=2; plural=(n;",
        "nplurals=2; plural=m;",
        "nplurals=2; plural=n n;",
        "nplurals=2; plural=n=1;",
        "nplurals=2; plural=n +;",
        "plural=0; nplurals=1;",
        "nplurals=2; plural=99999999999;",
    };
    struct catalog_rule rule;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        tap_ok(catalog_rule_read(str_of(bad[i]), &rule) != ERR_OK, "refuses \"%s\"", bad[i]);
    }
    char deep[400] = "nplurals=1; plural=";
    memset(deep + strlen(deep), '(', 200);
    tap_ok(catalog_rule_read(str_of(deep), &rule) == ERR_LIMIT, "nesting has a limit");
    tap_ok(!catalog_rule_read(str_of("nplurals=3; plural=n / 0 + n % 0 + 1"), &rule) &&
               catalog_rule_form(&rule, 5) == 1,
           "a division by zero gives 0");
    tap_ok(!catalog_rule_read(str_of("nplurals=2; plural=n;"), &rule) &&
               catalog_rule_form(&rule, 5) == 0,
           "an index beyond the forms is form 0");
}

static void fills(struct arena *arena, const char *text, const char *expected)
{
    struct str got = catalog_fill(arena, str_of(text), CATALOG_TEXT("name", str_of("Ana")),
                                  CATALOG_INT("n", -3));
    tap_ok(str_is(got, expected), "\"%s\" becomes \"%s\"", text, expected);
}

static void test_fill(void)
{
    struct arena *arena = arena_new(1u << 20);
    fills(arena, "{name} has {n}.", "Ana has -3.");
    fills(arena, "{n}{n}", "-3-3");
    fills(arena, "{other} {name", "{other} {name");
    fills(arena, "{} {{name}} {Name} {/name}", "{} {Ana} {Name} {/name}");
    fills(arena, "", "");
    tap_ok(str_is(catalog_plural(catalog_english(), "one", "many", 1), "one") &&
               str_is(catalog_plural(catalog_english(), "one", "many", 0), "many") &&
               str_is(catalog_text(catalog_english(), "x"), "x"),
           "English needs no catalogue");
    arena_free(arena);
}

static struct str from(struct arena *arena, int32_t ahead)
{
    return catalog_day_from(arena, catalog_english(), 20000 + ahead, 20000);
}

static void test_days(void)
{
    struct arena *arena = arena_new(1u << 20);
    const struct catalog *english = catalog_english(), *spanish = NULL;
    int32_t day;
    int wrong = 0;
    if (day_parse(str_of("2027-03-12"), &day)) {
        day = 0;
    }
    tap_ok(str_is(catalog_day(arena, english, day, CATALOG_DAY_LONG), "12 March 2027"), "long");
    tap_ok(str_is(catalog_day(arena, english, day, CATALOG_DAY_SHORT), "12 Mar"), "short");
    tap_ok(str_is(catalog_day(arena, english, day, CATALOG_DAY_WEEKDAY), "Friday 12 March"),
           "weekday");
    tap_ok(str_is(catalog_day(arena, english, -1, CATALOG_DAY_WEEKDAY), "Wednesday 31 December") &&
               str_is(catalog_day(arena, english, 0, CATALOG_DAY_WEEKDAY), "Thursday 1 January"),
           "before and at 1970");
    static const struct {
        int32_t ahead;
        const char *text;
    } relative[] = {
        {0, "today"},         {1, "tomorrow"},    {-1, "yesterday"},    {2, "in 2 days"},
        {-13, "13 days ago"}, {14, "in 2 weeks"}, {-56, "8 weeks ago"}, {57, "30 November 2024"},
    };
    for (size_t i = 0; i < sizeof relative / sizeof *relative; i++) {
        wrong += !str_is(from(arena, relative[i].ahead), relative[i].text);
    }
    tap_ok(wrong == 0, "relative days (%d wrong)", wrong);
    struct buf buf;
    const char *path = make_mo(&languages[1], NULL);
    buf_init(&buf, arena, 100);
    if (path && !catalog_open(arena, str_of("es"), read_all(arena, path), &spanish)) {
        buf_add_text(&buf, "1.5 ");
        catalog_add_number(&buf, spanish, -2.25, 1);
        catalog_add_number(&buf, english, 0.5, 2);
    }
    tap_text(buf.p ? buf.p : "", "1.5 -2,30.50", "the language's decimal sign");
    arena_free(arena);
}

static void test_match(void)
{
    static const struct {
        const char *accept, *tag;
    } cases[] = {
        {"es", "es"},
        {"ES-mx", "es"},
        {"de, es;q=0.5, en;q=0.4", "es"},
        {"en-GB,es;q=0.9", "en"},
        {"", "en"},
        {"de", "en"},
        {"*", "en"},
        {"es;q=0, ar;q=0.001", "ar"},
        {"es;q=x, ar;q=0.2", "ar"},
        {"en;q=0.2 , ar ; q=0.300", "ar"},
        {"qps, ar;q=0.1", "ar"},
        {",,;;q=,-", "en"},
        {"ar-Arab-EG-x-y", "ar"},
        {"es;q=1.001", "en"},
    };
    struct arena *arena = arena_new(1u << 22);
    struct catalog_file files[3] = {{.tag = "ar"}, {.tag = "es"}, {.tag = "qps"}};
    struct catalogs catalogs = {0};
    for (int i = 0; i < 3; i++) {
        const char *path = make_mo(&languages[1], NULL);
        files[i].bytes = path ? read_all(arena, path) : (struct str){"", 0};
    }
    tap_ok(!catalogs_open(arena, files, 3, true, &catalogs) && catalogs.n == 4 &&
               catalogs_find(&catalogs, str_of("QPS")),
           "made-up languages for tests");
    tap_ok(!catalogs_open(arena, files, 3, false, &catalogs) && catalogs.n == 3 &&
               !catalogs_find(&catalogs, str_of("qps")),
           "and without");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct catalog *c = catalogs_match(&catalogs, str_of(cases[i].accept), NULL);
        tap_ok(str_is(catalog_tag(c), cases[i].tag), "\"%s\" finds %s", cases[i].accept,
               cases[i].tag);
    }
    const struct catalog *es = catalogs_find(&catalogs, str_of("es"));
    tap_ok(catalogs_match(&catalogs, str_of("de"), es) == es, "the organisation's language");
    arena_free(arena);
}

static void clean_up(void)
{
    char path[200];
    for (size_t i = 0; i < N_LANGUAGES; i++) {
        const char *tag = languages[i].tag;
        snprintf(path, sizeof path, "%s/%s/LC_MESSAGES/t-%s.mo", dir, tag, tag);
        remove(path);
        snprintf(path, sizeof path, "%s/%s/LC_MESSAGES", dir, tag);
        remove(path);
        snprintf(path, sizeof path, "%s/%s", dir, tag);
        remove(path);
        snprintf(path, sizeof path, "%s/%s.po", dir, tag);
        remove(path);
    }
    remove(dir);
}

int main(void)
{
    test_against_gettext();
    test_damage();
    test_rules();
    test_fill();
    test_days();
    test_match();
    clean_up();
    return tap_done();
}
