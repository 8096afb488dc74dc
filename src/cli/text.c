/* Text laid out in terminal columns; see text.h. */
#include "cli/text.h"

#include "base/utf8.h"

#define ELLIPSIS "\xE2\x80\xA6"

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
    struct str line = utf8_take(text, (size_t)width);
    if (line.n < text.n && text.p[line.n] != ' ') {
        size_t blank = line.n;
        while (blank > 0 && line.p[blank - 1] != ' ') {
            blank--;
        }
        if (blank > 0) {
            line.n = blank;
        } else if (line.n == 0 && text.n > 0) {
            line = utf8_take(text, 2); /* a wide letter in a narrow column */
            line.n = line.n ? line.n : 1;
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
    int used = (int)utf8_width(text);
    if (used > width) {
        text = utf8_take(text, width > 1 ? (size_t)width - 1 : 0);
        used = (int)utf8_width(text) + 1;
        end = ELLIPSIS;
    }
    int blanks = width > used ? width - used : 0;
    fprintf(out, "%*s%.*s%s%*s", right ? blanks : 0, "", (int)text.n, text.p, end,
            right ? 0 : blanks, "");
}
