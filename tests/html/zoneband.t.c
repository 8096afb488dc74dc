/* The zone band: where things are drawn, how they fade, what it says in words. */
#include "html/zoneband.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/catalog.h"
#include "base/rng.h"
#include "html/html.h"
#include "tap.h"

#include <stdlib.h>

static const struct str names[] = {{"Beginning", 9}, {"Developing", 10}, {"Secure", 6}, {"", 0}};

static struct zoneband make(double alone, double helped, double around)
{
    return (struct zoneband){
        .id = str_of("b1"),
        .skill = str_of("Questioning"),
        .n_levels = 4,
        .level_names = names,
        .enough = true,
        .alone = alone,
        .alone_lo = alone - around,
        .alone_hi = alone + around,
        .has_help = true,
        .helped = helped,
        .helped_lo = helped - around,
        .helped_hi = helped + around,
        .has_zone = true,
        .zone_lo = alone,
        .zone_hi = helped,
    };
}

/* The band as HTML, in `arena`; "" when the builder complains. */
static const char *draw(struct arena *arena, const struct catalog *catalog,
                        const struct zoneband *band)
{
    struct buf *buf = arena_alloc(arena, 1, sizeof *buf);
    struct html h;
    struct str text;
    buf_init(buf, arena, 1u << 20);
    html_init(&h, buf, arena);
    zoneband_draw(&h, catalog, band);
    return html_end(&h) || buf_end(buf, &text) ? "" : text.p;
}

/* The number of an attribute of the nth element of a class, or -1. */
static double number_of(const char *html, const char *tokens, const char *attr, int nth)
{
    char sought[80];
    snprintf(sought, sizeof sought, "class=\"%s\"", tokens);
    const char *at = strstr(html, sought);
    for (; at && nth > 0; nth--) {
        at = strstr(at + 1, sought);
    }
    snprintf(sought, sizeof sought, " %s=\"", attr);
    const char *end = at ? strchr(at, '>') : NULL, *found = at ? strstr(at, sought) : NULL;
    return found && found < end ? strtod(found + strlen(sought), NULL) : -1;
}

static void test_places(const struct catalog *rtl)
{
    struct arena *arena = arena_new(1u << 24);
    struct zoneband band = make(2, 3, 0.2);
    const char *html = draw(arena, catalog_english(), &band);
    tap_near(number_of(html, "band-alone", "cx", 0), 37.5, 0.01, "level 2 of 4 stands at 37.5 %%");
    tap_near(number_of(html, "band-helped", "cx", 0), 62.5, 0.01, "level 3 of 4 at 62.5 %%");
    tap_near(number_of(html, "band-edge", "x1", 2), 75, 0.01, "the last field begins at 75 %%");
    tap_near(number_of(html, "band-range", "x1", 0), 32.5, 0.01, "the range begins at 1.8");
    tap_near(number_of(html, "band-range", "x2", 0), 42.5, 0.01, "and ends at 2.2");
    tap_near(number_of(html, "band-spot", "x", 0), 32.5, 0.01, "the shade begins where it is nil");
    tap_near(number_of(html, "band-spot", "width", 0), 35, 0.01, "and has both fades");

    html = draw(arena, rtl, &band);
    tap_near(number_of(html, "band-alone", "cx", 0), 62.5, 0.01, "mirrored, level 2 is at 62.5 %%");
    tap_near(number_of(html, "band-spot", "x", 0), 32.5, 0.01, "the mirrored shade");
    tap_near(number_of(html, "band-edge", "x1", 2), 25, 0.01, "the mirrored fields");

    band = make(-3, 99, 0.2);
    html = draw(arena, catalog_english(), &band);
    tap_near(number_of(html, "band-alone", "cx", 0), 12.5, 0.01, "below the scale: its low end");
    tap_near(number_of(html, "band-helped", "cx", 0), 87.5, 0.01, "above the scale: its high end");
    band.has_reach = true;
    band.reach_lo = 2;
    band.reach_hi = 3;
    html = draw(arena, catalog_english(), &band);
    tap_near(number_of(html, "band-reach", "x1", 0), 37.5, 0.01, "a helper's reach");
    arena_free(arena);
}

/* The strongest shade of a band. */
static double strongest(const char *html, bool *rises_then_falls)
{
    double most = 0, before = 0;
    bool falling = false;
    *rises_then_falls = true;
    for (int i = 0;; i++) {
        double x = number_of(html, "band-fade", "stop-opacity", i);
        if (x < 0) {
            return most;
        }
        if (x < before - 0.011) {
            falling = true;
        } else if (x > before + 0.011 && falling) {
            *rises_then_falls = false;
        }
        most = x > most ? x : most;
        before = x;
    }
}

static void test_fading(void)
{
    struct arena *arena = arena_new(1u << 24);
    double before = 2;
    bool falls = true, shape = true;
    for (int i = 1; i <= 8; i++) {
        bool one;
        struct zoneband band = make(2, 3, 0.25 * i);
        double most = strongest(draw(arena, catalog_english(), &band), &one);
        falls = falls && most > 0 && most <= before + 1e-9;
        shape = shape && one;
        before = most;
    }
    tap_ok(falls && before < 0.6, "the less is known, the weaker the shade (%.2f at the end)",
           before);
    tap_ok(shape, "the shade has one peak");
    bool one;
    struct zoneband band = make(1.5, 3.5, 0.01);
    tap_near(strongest(draw(arena, catalog_english(), &band), &one), 1, 0.001,
             "what is certain is fully shaded");
    arena_free(arena);
}

/* Whatever the numbers, everything lies in the picture. */
static void test_any_numbers(const struct catalog *rtl)
{
    static const double odd[] = {-1e300, -1, 0, 1, 2.5, 4, 5, 1e300, 0.0 / 0.0, 1.0 / 0.0};
    static const char *const inside[][2] = {
        {"band-alone", "cx"}, {"band-helped", "cx"}, {"band-range", "x1"}, {"band-range", "x2"},
        {"band-reach", "x1"}, {"band-reach", "x2"},  {"band-spot", "x"},   {"band-spot", "width"},
    };
    struct rng rng = rng_seed(5);
    int wrong = 0, drawn = 0;
    for (int i = 0; i < 3000; i++) {
        struct arena *arena = arena_new(1u << 24);
        struct zoneband band = make(2, 3, 0.2);
        double *fields[] = {&band.alone,     &band.alone_lo,  &band.alone_hi, &band.helped,
                            &band.helped_lo, &band.helped_hi, &band.zone_lo,  &band.zone_hi,
                            &band.reach_lo,  &band.reach_hi};
        for (size_t k = 0; k < sizeof fields / sizeof *fields; k++) {
            *fields[k] = rng_below(&rng, 3) ? 6 * rng_unit(&rng) : odd[rng_below(&rng, 10)];
        }
        band.has_reach = rng_below(&rng, 2);
        band.n_levels = 2 + (int)rng_below(&rng, 9);
        band.level_names = NULL;
        band.size = (enum zoneband_size)rng_below(&rng, 3);
        const char *html = draw(arena, i % 2 ? catalog_english() : rtl, &band);
        drawn += html[0] != '\0';
        for (size_t k = 0; k < sizeof inside / sizeof *inside; k++) {
            double x = number_of(html, inside[k][0], inside[k][1], 0);
            wrong += x != -1 && !(x >= 0 && x <= 100);
        }
        double end =
            number_of(html, "band-spot", "x", 0) + number_of(html, "band-spot", "width", 0);
        wrong += end > 100.02;
        arena_free(arena);
    }
    tap_ok(drawn == 3000, "bands of any numbers are drawn (%d of 3000)", drawn);
    tap_ok(wrong == 0, "and lie in the picture (%d do not)", wrong);
}

static void says(const char *what, const struct catalog *catalog, const struct zoneband *band,
                 const char *expected)
{
    struct arena *arena = arena_new(1u << 22);
    struct str words = zoneband_words(arena, catalog, band);
    char text[1000];
    snprintf(text, sizeof text, "%.*s", (int)words.n, words.p);
    tap_text(text, expected, "%s", what);
    arena_free(arena);
}

static void test_words(const struct catalog *spanish)
{
    const struct catalog *english = catalog_english();
    struct zoneband band = make(2.1, 3.2, 0.3);
    says("in words", english, &band,
         "Alone, you work at level 2, Developing. With help: at level 3, Secure.");
    says("in Spanish", spanish, &band,
         "Sin ayuda trabajas en el nivel 2, Developing. Con ayuda: en el nivel 3, Secure.");
    band = make(2.5, 3.9, 0.6);
    band.person = str_of("Ana");
    says("between levels, uncertain, of somebody", english, &band,
         "Alone, Ana works between levels 2 and 3. With help: at level 4. This is still uncertain: "
         "alone, anything from 1.9 to 3.1 fits what is known.");
    band = make(3, 3.1, 0.1);
    says("help makes no difference", english, &band,
         "Alone, you work at level 3, Secure. With help it is much the same.");
    band.has_help = false;
    band.has_reach = true;
    band.reach_hi = 4;
    band.helper = str_of("Kwame");
    says("help unknown, and a helper", english, &band,
         "Alone, you work at level 3, Secure. What you can do with help is not known yet. Kwame "
         "works alone at level 4.");
    band = make(2, 3, 0.1);
    band.enough = false;
    band.person = str_of("Ana");
    says("not enough of somebody", english, &band,
         "There is not enough evidence yet to say where Ana stands.");
    band.person = str_of("");
    says("not enough", english, &band, "There is not enough evidence yet to say where you stand.");
}

static void test_alternative(void)
{
    struct arena *arena = arena_new(1u << 24);
    struct zoneband band = make(2, 3, 0.2);
    band.skill = str_of("<Q&A>");
    band.n_evidence = 1;
    const char *html = draw(arena, catalog_english(), &band);
    tap_ok(strstr(html, "role=\"img\" aria-labelledby=\"b1-title\" aria-describedby=\"b1-words\""),
           "the picture has a name and a description");
    tap_ok(strstr(html, "<title id=\"b1-title\">&lt;Q&amp;A&gt;: your zone</title>"), "its title");
    tap_ok(strstr(html, "<p class=\"band-words\" id=\"b1-words\">Alone, you work"), "its words");
    tap_ok(strstr(html, "Based on 1 piece of evidence."), "what it rests on");
    tap_ok(strstr(html, "1.8 to 2.2"), "its figures");
    band.size = ZONEBAND_TINY;
    html = draw(arena, catalog_english(), &band);
    tap_ok(strstr(html, "<desc id=\"b1-words\">Alone, you work") && !strstr(html, "<p"),
           "the smallest has its words inside");
    band.enough = false;
    html = draw(arena, catalog_english(), &band);
    tap_ok(!strstr(html, "<circle") && !strstr(html, "band-spot"),
           "without enough evidence nothing is drawn");
    band.n_levels = 1;
    tap_text(draw(arena, catalog_english(), &band), "", "one level is no scale");
    band.n_levels = ZONEBAND_MAX_LEVELS + 1;
    tap_text(draw(arena, catalog_english(), &band), "", "too many levels");
    arena_free(arena);
}

int main(void)
{
    struct arena *arena = arena_new(1u << 24);
    struct catalogs catalogs;
    if (catalogs_open(arena, catalog_files, catalog_n_files, true, &catalogs)) {
        printf("Bail out! the catalogues do not open\n");
        return 1;
    }
    const struct catalog *rtl = catalogs_find(&catalogs, str_of("qps"));
    test_places(rtl);
    test_fading();
    test_any_numbers(rtl);
    test_words(catalogs_find(&catalogs, str_of("es")));
    test_alternative();
    arena_free(arena);
    return tap_done();
}
