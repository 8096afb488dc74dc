/* The frame of every page: document, skip link, masthead, main, footer.
 *
 *     part_document_open(h, &document);
 *     part_masthead_open(h, &masthead);
 *         part_menu_open(h, name); part_menu_link(...); part_menu_close(h);
 *     part_masthead_close(h);
 *     part_main_open(h, PART_WIDTH_TEXT);
 *         part_status(h, PART_TONE_GOOD, flash);       // part_text.h
 *         part_title(h, &title);
 *         ...
 *     part_main_close(h);
 *     part_footer_open(h); ... part_footer_close(h);
 *     part_document_close(h); */
#ifndef DUET_HTML_PART_FRAME_H
#define DUET_HTML_PART_FRAME_H

#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>

struct html;

enum part_theme { PART_THEME_AUTO, PART_THEME_LIGHT, PART_THEME_DARK, PART_THEME__MAX };

struct part_document {
    struct str lang; /* tag of the page's language */
    bool rtl;
    enum part_theme theme;     /* AUTO: as the person's device says */
    struct str title;          /* of the window: "My skills - Duet" */
    struct str stylesheet;     /* address of duet.css; may be empty */
    struct str icon;           /* address of the site's icon; may be empty */
    const struct str *scripts; /* addresses of modules; each page works without them */
    size_t n_scripts;
    bool plain;  /* a page with one thing to do (sign-in, errors): no masthead, narrow */
    int again_s; /* without script the page is loaded again after so many seconds; 0: not */
};

/* <!DOCTYPE html> to <body>, left open.  Every page says noindex. */
void part_document_open(struct html *h, const struct part_document *document);
void part_document_close(struct html *h);

struct part_link {
    struct str text, url;
    bool current; /* the page that is shown, or the part of the site it belongs to */
};

struct part_masthead {
    struct str skip;      /* "Skip to the content": the first link of the page */
    struct str brand;     /* name of the organisation or "Duet" */
    struct str home;      /* address behind the brand */
    struct str nav_label; /* "Main" */
    const struct part_link *links;
    size_t n_links; /* 0: no navigation (nobody signed in) */
};

/* The masthead; menus (part_menu_open) go between open and close. */
void part_masthead_open(struct html *h, const struct part_masthead *masthead);
void part_masthead_close(struct html *h);

/* A bell that leads to what is new; `label` says how much that is, `count` shows it (empty:
 * nothing is new).  Before the menus. */
void part_bell(struct html *h, struct str label, struct str count, struct str url, bool current);

/* A menu that opens on its label; works without script (<details>). `mark`: initials shown before
 * the label; may be empty. */
void part_menu_open(struct html *h, struct str label, struct str mark);
void part_menu_link(struct html *h, struct str text, struct str url, bool current);
/* A form with one button, for what changes something (sign out, language).  Hidden fields or the
 * button's own name and value say what. */
void part_menu_item_open(struct html *h); /* around anything else */
void part_menu_item_close(struct html *h);
void part_menu_close(struct html *h);

enum part_width {
    PART_WIDTH_TEXT, /* one column for reading and forms */
    PART_WIDTH_WIDE, /* cards and tables */
    PART_WIDTH__MAX
};

/* <main id="main">, where the skip link leads. */
void part_main_open(struct html *h, enum part_width width);
void part_main_close(struct html *h);

void part_footer_open(struct html *h);
void part_footer_close(struct html *h);

/* Side by side where there is room, below each other on a phone: two or three equal columns, or a
 * wide one and a narrow one at its side.  Children are sections, cards, divs. */
enum part_columns { PART_COLUMNS_TWO, PART_COLUMNS_THREE, PART_COLUMNS_SIDE, PART_COLUMNS__MAX };
void part_columns_open(struct html *h, enum part_columns columns);
void part_columns_close(struct html *h);

#endif
