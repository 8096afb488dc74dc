/* Pages about Duet itself: what it does with data, and the living style guide. */
#include "html/styleguide.h"
#include "web/page.h"
#include "web/page_sets.h"

static enum err show_privacy(struct page *page)
{
    static const struct {
        const char *id, *heading, *text;
    } parts[] = {
        {"yours", N_("Yours until you share it"),
         N_("Your zones, the evidence behind them and what you want to grow in are seen by you "
            "and by those you name. You can take it back at any time. Coordinators and "
            "administrators see who is active, never what is written.")},
        {"evaluation", N_("Never part of an evaluation"),
         N_("Whoever evaluates you cannot enter your coaching, even if you wanted to share it. "
            "Nobody is ranked, and no score of a person is shown to anybody but that person and "
            "those they share it with.")},
        {"opened", N_("You see who opened it"),
         N_("Each time somebody opens something of yours it is written into a log that nobody can "
            "change. You find it under \"Who opened what of mine\".")},
        {"leave", N_("You can take it with you and delete it"),
         N_("Under \"My data\" you download everything that Duet holds about you, and delete your "
            "content.")},
        {"where", N_("Where it is"),
         N_("Duet runs on a computer of your own organisation. It sends nothing to anybody else, "
            "uses no trackers, and sets cookies only for being signed in and for your choice of "
            "language and colours.")},
    };
    struct html *h =
        page_open(page, &(struct page_head){.title = T(page, "What Duet does with your data"),
                                            .plain = !page->signed_in});
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        part_section_open(h, str_of(parts[i].id), T(page, parts[i].heading));
        part_paragraph(h, T(page, parts[i].text));
        part_section_close(h);
    }
    return page_close(page);
}

static enum err show_styleguide(struct page *page)
{
    page_open(page, &(struct page_head){.title = str_of("Style guide"),
                                        .lead = str_of("Every component in every state."),
                                        .width = PART_WIDTH_WIDE});
    styleguide_write(&page->html, page->catalog);
    return page_close(page);
}

static const struct route routes[] = {
    {ROUTE_GET, "/privacy", ROUTE_PUBLIC, .handle = show_privacy,
     .about = "What Duet does with people's data"},
    {ROUTE_GET, "/styleguide", ROUTE_PUBLIC, .handle = show_styleguide,
     .about = "The living style guide"},
};
const struct route_set page_site_routes = ROUTE_SET("About Duet", routes);
