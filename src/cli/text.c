/* Text laid out in terminal columns; see text.h. */
#include "cli/text.h"

#include <utf8proc.h>

#define ELLIPSIS "\xE2\x80\xA6"

/* The bytes and the columns of the character at the front; n >= 1. */
static size_t step(struct str text, int *columns)
{
    utf8proc_int32_t codepoint;
    size_t n = text.n > 4 ? 4 : text.n;
    utf8proc_ssize_t used =
        utf8proc_iterate((const utf8proc_uint8_t *)text.p, (utf8proc_ssize_t)n, &codepoint);
    if (used <= 0) {
        *columns = 1;
        return 1;
    }
    *columns = utf8proc_charwidth(codepoint);
    return (size_t)used;
}

int text_width(struct str text)
{
    int width = 0, columns;
    for (size_t i = 0; i < text.n;) {
        i += step((struct str){text.p + i, text.n - i}, &columns);
        width += columns;
    }
    return width;
}

struct str text_fit(struct str text, int width)
{
    size_t i = 0;
    int used = 0, columns;
    while (i < text.n) {
        size_t n = step((struct str){text.p + i, text.n - i}, &columns);
        if (used + columns > width) {
            break;
        }
        used += columns;
        i += n;
    }
    return (struct str){text.p, i};
}

static struct str skip_blanks(struct str text)
{
    while (text.n > 0 && (*text.p == ' ' || *text.p == '\n')) {
        text.p++;
        text.n--;
    }
    return text;
}

struct str text_line(struct str *rest, int width)
{
    struct str text = skip_blanks(*rest);
    struct str line = text_fit(text, width);
    if (line.n < text.n && text.p[line.n] != ' ') {
        size_t blank = line.n;
        while (blank > 0 && line.p[blank - 1] != ' ') {
            blank--;
        }
        if (blank > 0) {
            line.n = blank;
        } else if (line.n == 0 && text.n > 0) {
            int columns;
            line.n = step(text, &columns);
        }
    }
    *rest = skip_blanks((struct str){text.p + line.n, text.n - line.n});
    while (line.n > 0 && line.p[line.n - 1] == ' ') {
        line.n--;
    }
    return line;
}

void text_print_field(FILE *out, struct str text, int width, bool right)
{
    const char *end = "";
    int used = text_width(text);
    if (used > width) {
        text = text_fit(text, width - 1);
        used = text_width(text) + 1;
        end = ELLIPSIS;
    }
    int blanks = width > used ? width - used : 0;
    fprintf(out, "%*s%.*s%s%*s", right ? blanks : 0, "", (int)text.n, text.p, end,
            right ? 0 : blanks, "");
}
