/* What a stream can show: colours only on a terminal that has them, and its width. */
#ifndef DUET_CLI_TERM_H
#define DUET_CLI_TERM_H

#include <stdbool.h>
#include <stdio.h>

struct term {
    bool is_terminal;
    bool colour; /* a terminal, and neither NO_COLOR nor TERM=dumb is set (no-color.org) */
    bool utf8;   /* the locale's letters are UTF-8: LC_ALL, LC_CTYPE or LANG says so */
    int width;   /* columns: the terminal's, else COLUMNS, else 80; 40 .. 400 */
};

enum term_style {
    TERM_PLAIN, /* back to normal */
    TERM_BOLD,
    TERM_DIM,
    TERM_ACCENT,
    TERM_WARN,
    TERM_STYLE__MAX
};

struct term term_of(FILE *stream);

/* The escape sequence that begins a style, or "" where there are no colours. */
const char *term_style(const struct term *term, enum term_style style);

#endif
