/* Writes the style guide as a whole page to standard output, for the browser tests and for looking
 * at it:
 *
 *     styleguide_page LANGUAGE THEME    es dark, qps light, en auto ...
 *
 * The page refers to duet.css, duet.js and duet.svg beside it. */
#include "html/styleguide.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/catalog.h"
#include "html/parts.h"

#include <stdio.h>

static void write_page(struct html *h, const struct catalog *catalog, enum part_theme theme)
{
    const struct str scripts[] = {str_of("duet.js")};
    const struct part_link links[] = {
        {.text = str_of("Today"), .url = str_of("#today")},
        {.text = str_of("My skills"), .url = str_of("#skills"), .current = true},
        {.text = str_of("People"), .url = str_of("#people")},
        {.text = str_of("Set-up"), .url = str_of("#setup")},
    };
    part_document_open(h, &(struct part_document){.lang = catalog_tag(catalog),
                                                  .rtl = catalog_is_rtl(catalog),
                                                  .theme = theme,
                                                  .title = str_of("Style guide - Duet"),
                                                  .stylesheet = str_of("duet.css"),
                                                  .icon = str_of("duet.svg"),
                                                  .scripts = scripts,
                                                  .n_scripts = 1});
    part_masthead_open(h, &(struct part_masthead){.skip = str_of("Skip to the content"),
                                                  .brand = str_of("Riverside District"),
                                                  .home = str_of("#today"),
                                                  .nav_label = str_of("Main"),
                                                  .links = links,
                                                  .n_links = 4});
    part_bell(h, str_of("3 new notices"), str_of("3"), str_of("#"), false);
    part_menu_open(h, str_of("Amina Diallo"), str_of("AD"));
    part_menu_link(h, str_of("My profile"), str_of("#profile"), true);
    part_menu_link(h, str_of("Who opened what"), str_of("#opened"), false);
    part_menu_item_open(h);
    part_form_open(h, &(struct part_form){.action = str_of("#out"), .get = true});
    part_button(h, &(struct part_button){.text = str_of("Sign out")});
    part_form_close(h);
    part_menu_item_close(h);
    part_menu_close(h);
    part_masthead_close(h);
    part_main_open(h, PART_WIDTH_WIDE);
    styleguide_write(h, catalog);
    part_main_close(h);
    part_footer_open(h);
    html_element(h, EL_SPAN, NULL, str_of("Duet 0.1.0"));
    html_open(h, EL_A);
    html_attr_url(h, AT_HREF, str_of("#help"));
    html_text(h, str_of("Help"));
    html_close(h, EL_A);
    part_footer_close(h);
    part_document_close(h);
}

int main(int argc, char **argv)
{
    struct arena *arena = arena_new(64u << 20);
    struct catalogs catalogs;
    struct buf buf;
    struct html h;
    struct str page;
    enum part_theme theme = PART_THEME_AUTO;
    if (argc < 3 || !arena ||
        catalogs_open(arena, catalog_files, catalog_n_files, true, &catalogs)) {
        fprintf(stderr, "usage: styleguide_page LANGUAGE auto|light|dark\n");
        return 2;
    }
    const struct catalog *catalog = catalogs_find(&catalogs, str_of(argv[1]));
    theme = str_is(str_of(argv[2]), "light")  ? PART_THEME_LIGHT
            : str_is(str_of(argv[2]), "dark") ? PART_THEME_DARK
                                              : PART_THEME_AUTO;
    buf_init(&buf, arena, 4u << 20);
    html_init(&h, &buf, arena);
    write_page(&h, catalog ? catalog : catalog_english(), theme);
    enum err err = html_end(&h);
    if (err || buf_end(&buf, &page)) {
        fprintf(stderr, "styleguide_page: %s\n", err_name(err));
        return 1;
    }
    fwrite(page.p, 1, page.n, stdout);
    arena_free(arena);
    return 0;
}
