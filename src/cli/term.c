/* Asks the system what a stream can show. */
#include "cli/term.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define TERM_WIDTH_MIN 40
#define TERM_WIDTH_MAX 400

static int width_of(int fd)
{
    struct winsize size;
    long width = 0;
    const char *columns = getenv("COLUMNS");
    if (fd >= 0 && ioctl(fd, TIOCGWINSZ, &size) == 0) {
        width = size.ws_col;
    }
    if (width == 0 && columns) {
        width = strtol(columns, NULL, 10);
    }
    if (width <= 0) {
        width = 80;
    }
    if (width < TERM_WIDTH_MIN) {
        return TERM_WIDTH_MIN;
    }
    return width > TERM_WIDTH_MAX ? TERM_WIDTH_MAX : (int)width;
}

/* The first of the three that is set decides, as everywhere. */
static bool is_utf8(void)
{
    static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    for (int i = 0; i < 3; i++) {
        const char *value = getenv(names[i]);
        if (value && *value) {
            return strstr(value, "UTF-8") || strstr(value, "utf8") || strstr(value, "utf-8") ||
                   strstr(value, "UTF8");
        }
    }
    return false;
}

struct term term_of(FILE *stream)
{
    const char *no_colour = getenv("NO_COLOR");
    const char *kind = getenv("TERM");
    int fd = fileno(stream);
    bool terminal = isatty(fd);
    return (struct term){
        .is_terminal = terminal,
        .colour = terminal && !(no_colour && *no_colour) && kind && strcmp(kind, "dumb") != 0,
        .utf8 = is_utf8(),
        .width = width_of(terminal ? fd : -1),
    };
}

const char *term_style(const struct term *term, enum term_style style)
{
    static const char *const code[TERM_STYLE__MAX] = {
        [TERM_PLAIN] = "\033[0m",   [TERM_BOLD] = "\033[1m",  [TERM_DIM] = "\033[2m",
        [TERM_ACCENT] = "\033[36m", [TERM_WARN] = "\033[33m",
    };
    return term->colour ? code[style] : "";
}
