/* The style guide's bands: much and little evidence, with and without help, a helper's reach, the
 * ends of the scale, every size. */
#include "html/parts.h"
#include "html/styleguide_pages.h"

#define CONSTANT(text)                                                                             \
    {                                                                                              \
        text, sizeof(text) - 1                                                                     \
    } /* in a static initialiser */
#define S(text) ((struct str)CONSTANT(text))

static const struct str names[] = {CONSTANT("Beginning"), CONSTANT("Developing"),
                                   CONSTANT("Secure"), CONSTANT("Leading")};
static const struct str long_names[] = {
    CONSTANT("Not yet in evidence"),   CONSTANT("Approaching expectations"),
    CONSTANT("Meeting expectations"),  CONSTANT("Exceeding expectations"),
    CONSTANT("Transforming practice"),
};

/* A band of four levels with an estimate alone and with help, each with half a range. */
static struct zoneband make(struct str id, double alone, double around, double helped,
                            double around_helped)
{
    return (struct zoneband){
        .id = id,
        .skill = S("Questioning"),
        .n_levels = 4,
        .level_names = names,
        .enough = true,
        .alone = alone,
        .alone_lo = alone - around,
        .alone_hi = alone + around,
        .has_help = true,
        .helped = helped,
        .helped_lo = helped - around_helped,
        .helped_hi = helped + around_helped,
        .has_zone = true,
        .zone_lo = alone + 0.1,
        .zone_hi = helped - 0.1,
        .n_evidence = 9,
        .n_raters = 3,
    };
}

static void show(struct html *h, const struct catalog *catalog, struct str what,
                 const struct zoneband *band)
{
    html_open_class(h, EL_DIV, "card");
    html_element(h, EL_H3, NULL, what);
    zoneband_draw(h, catalog, band);
    html_close(h, EL_DIV);
}

static void write_small(struct html *h, const struct catalog *catalog)
{
    const struct part_column columns[] = {{.heading = S("Skill")}, {.heading = S("Zone")}};
    struct part_table table = {
        .caption = S("Tiny bands in a table"), .columns = columns, .n_columns = 2};
    part_table_open(h, &table);
    for (int i = 0; i < 3; i++) {
        static const struct str ids[] = {CONSTANT("tiny-1"), CONSTANT("tiny-2"),
                                         CONSTANT("tiny-3")};
        static const struct str skills[] = {CONSTANT("Questioning"), CONSTANT("Routines"),
                                            CONSTANT("Feedback")};
        struct zoneband band = make(ids[i], 1.5 + i * 0.7, 0.3, 2.2 + i * 0.7, 0.4);
        band.size = ZONEBAND_TINY;
        band.skill = skills[i];
        part_row_open(h, &table);
        part_cell(h, &table, skills[i]);
        part_cell_open(h, &table);
        zoneband_draw(h, catalog, &band);
        part_cell_close(h, &table);
        part_row_close(h, &table);
    }
    part_table_close(h, &table);
}

static void write_states(struct html *h, const struct catalog *catalog)
{
    struct zoneband band = make(S("band-1"), 1.9, 0.25, 3.0, 0.3);
    show(h, catalog, S("Much evidence"), &band);
    band = make(S("band-2"), 2.4, 0.9, 3.2, 0.7);
    band.n_evidence = 3;
    band.n_raters = 1;
    show(h, catalog, S("Little evidence: the ends fade"), &band);
    band = make(S("band-3"), 2.1, 0.35, 2.9, 0.4);
    band.person = S("Amina Diallo");
    band.has_reach = true;
    band.reach_lo = 2.2;
    band.reach_hi = 3.7;
    band.helper = S("Kwame Boateng");
    show(h, catalog, S("With a helper's reach"), &band);
    band = make(S("band-4"), 1, 0.3, 1, 0.3);
    band.enough = false;
    band.n_evidence = 1;
    band.n_raters = 0;
    show(h, catalog, S("Not enough evidence"), &band);
    band = make(S("band-5"), 3.9, 0.5, 4.3, 0.4);
    show(h, catalog, S("At the upper end"), &band);
    band = make(S("band-6"), 2.0, 0.4, 0, 0);
    band.has_help = band.has_zone = false;
    show(h, catalog, S("What help gives is not known"), &band);
    band = make(S("band-7"), 2.6, 0.3, 3.9, 0.5);
    band.n_levels = 5;
    band.level_names = long_names;
    show(h, catalog, S("Five levels with long names"), &band);
    band = make(S("band-8"), 5.2, 0.8, 7.1, 0.9);
    band.n_levels = 10;
    band.level_names = NULL;
    show(h, catalog, S("Ten levels without names"), &band);
}

void styleguide_bands(struct html *h, const struct catalog *catalog)
{
    part_section_open(h, S("bands"), S("The zone band"));
    part_paragraph(h, S("Duet's one picture: what a person does alone, what they do with help, and "
                        "the sweet spot between. Never a score; always with its uncertainty."));
    zoneband_legend(h, catalog);
    part_columns_open(h, PART_COLUMNS_TWO);
    write_states(h, catalog);
    part_columns_close(h);
    part_heading(h, 3, S("band-lists"), S("In lists"));
    struct zoneband band = make(S("band-9"), 1.7, 0.3, 2.6, 0.3);
    band.size = ZONEBAND_COMPACT;
    zoneband_draw(h, catalog, &band);
    write_small(h, catalog);
    part_section_close(h);
}
