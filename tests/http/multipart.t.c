/* multipart/form-data, in every way of cutting it into pieces. */
#include "http/multipart.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/rng.h"
#include "tap.h"

#include <stdlib.h>

/* Writes what the parser finds as text: <name|filename|type|bytes> */
struct record {
    struct buf buf;
    enum err refuse;
};

static enum err on_begin(void *ctx, const struct multipart_part *part)
{
    struct record *record = ctx;
    buf_add_char(&record->buf, '<');
    buf_add(&record->buf, part->name);
    buf_add_char(&record->buf, '|');
    buf_add(&record->buf, part->is_file ? part->filename : str_of("-"));
    buf_add_char(&record->buf, '|');
    buf_add(&record->buf, part->type);
    buf_add_char(&record->buf, '|');
    return record->refuse;
}

static enum err on_data(void *ctx, struct str bytes)
{
    struct record *record = ctx;
    buf_add(&record->buf, bytes);
    return ERR_OK;
}

static enum err on_end(void *ctx)
{
    struct record *record = ctx;
    buf_add_char(&record->buf, '>');
    return ERR_OK;
}

static const struct multipart_sink sink = {on_begin, on_data, on_end};

/* Feeds `body` in pieces of `piece` bytes; *found is what the sink saw. */
static enum err read_all(struct arena *arena, const char *type, struct str body, size_t piece,
                         struct str *found)
{
    struct multipart *m = arena_alloc(arena, 1, sizeof *m);
    struct record record = {.refuse = ERR_OK};
    buf_init(&record.buf, arena, 1 << 20);
    enum err err = multipart_begin(m, str_of(type), arena, &sink, &record);
    for (size_t at = 0; at < body.n && err == ERR_OK; at += piece) {
        size_t n = body.n - at < piece ? body.n - at : piece;
        err = multipart_feed(m, (struct str){body.p + at, n});
    }
    err = err == ERR_OK ? multipart_end(m) : err;
    enum err kept = buf_end(&record.buf, found);
    return err == ERR_OK ? kept : err;
}

#define TYPE "multipart/form-data; boundary=XX"
#define NAME(name) "Content-Disposition: form-data; name=\"" name "\"\r\n"

static const struct {
    const char *what, *type, *body, *found; /* found NULL: refused */
} cases[] = {
    {"one field", TYPE, "--XX\r\n" NAME("a") "\r\nb\r\n--XX--\r\n", "<a|-||b>"},
    {"no last line end", TYPE, "--XX\r\n" NAME("a") "\r\nb\r\n--XX--", "<a|-||b>"},
    {"two fields", TYPE, "--XX\r\n" NAME("a") "\r\nb\r\n--XX\r\n" NAME("c") "\r\n\r\n--XX--\r\n",
     "<a|-||b><c|-||>"},
    {"a file", TYPE,
     "--XX\r\nContent-Disposition: form-data; name=\"f\"; filename=\"x.zip\"\r\n"
     "Content-Type: application/zip\r\n\r\nPK\r\n--XX--\r\n",
     "<f|x.zip|application/zip|PK>"},
    {"a file with folders, escapes and lower case", TYPE,
     "--XX\r\ncontent-disposition: form-data; filename=\"C:\\x\\y \\\"z\\\".zip\"; name=f\r\n\r\n"
     "\r\n--XX--\r\n",
     "<f|y \"z\".zip||>"},
    {"no file chosen", TYPE,
     "--XX\r\nContent-Disposition: form-data; name=\"f\"; filename=\"\"\r\n\r\n\r\n--XX--\r\n",
     "<f|||>"},
    {"things that look like a boundary", TYPE,
     "--XX\r\n" NAME("a") "\r\n\r\n--X\r\n--\r\r\n-XX\r--XX\n--XX\r\n--XX--\r\n",
     "<a|-||\r\n--X\r\n--\r\r\n-XX\r--XX\n--XX>"},
    {"a quoted boundary", "multipart/form-data; boundary=\"X Y\"; charset=utf-8",
     "--X Y\r\n" NAME("a") "\r\nb\r\n--X Y--\r\n", "<a|-||b>"},
    {"no parts", TYPE, "--XX--\r\n", ""},
    {"a name of UTF-8", TYPE, "--XX\r\n" NAME("\xc3\xa9") "\r\n\r\n--XX--", "<\xc3\xa9|-||>"},
    {"another type", "text/plain", "", NULL},
    {"no boundary", "multipart/form-data", "--XX--", NULL},
    {"an empty boundary", "multipart/form-data; boundary=", "--", NULL},
    {"two boundaries", "multipart/form-data; boundary=a; boundary=b", "--a--", NULL},
    {"a boundary with a control character", "multipart/form-data; boundary=\"a\r\n\"", "", NULL},
    {"an open quote", "multipart/form-data; boundary=\"XX", "--XX--", NULL},
    {"nothing", TYPE, "", NULL},
    {"a preamble", TYPE, "hello\r\n--XX--\r\n", NULL},
    {"an epilogue", TYPE, "--XX--\r\nmore", NULL},
    {"half an end", TYPE, "--XX--\r", NULL},
    {"padding after a boundary", TYPE, "--XX \r\n" NAME("a") "\r\nb\r\n--XX--", NULL},
    {"no end", TYPE, "--XX\r\n" NAME("a") "\r\nb", NULL},
    {"no end of the head", TYPE, "--XX\r\n" NAME("a"), NULL},
    {"no name", TYPE, "--XX\r\nContent-Disposition: form-data\r\n\r\nb\r\n--XX--", NULL},
    {"no disposition", TYPE, "--XX\r\nX: y\r\n\r\nb\r\n--XX--", NULL},
    {"no head at all", TYPE, "--XX\r\n\r\nb\r\n--XX--", NULL},
    {"two names", TYPE, "--XX\r\nContent-Disposition: form-data; name=a; name=b\r\n\r\nb\r\n--XX--",
     NULL},
    {"two dispositions", TYPE, "--XX\r\n" NAME("a") NAME("b") "\r\nb\r\n--XX--", NULL},
    {"an attachment", TYPE, "--XX\r\nContent-Disposition: attachment; name=a\r\n\r\nb\r\n--XX--",
     NULL},
    {"a name that is not UTF-8", TYPE, "--XX\r\n" NAME("\xff") "\r\nb\r\n--XX--", NULL},
    {"a bare line end in the head", TYPE, "--XX\r\n" NAME("a") "X: y\n\r\n\r\nb\r\n--XX--", NULL},
};

static void test_cases(void)
{
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct str body = str_of(cases[i].body);
        int wrong = 0;
        for (size_t piece = 1; piece <= body.n + 1; piece++) {
            struct arena *arena = arena_new(0);
            struct str found;
            enum err err = read_all(arena, cases[i].type, body, piece, &found);
            bool right = cases[i].found ? err == ERR_OK && str_is(found, cases[i].found)
                                        : err == ERR_INVALID;
            wrong += !right;
            arena_free(arena);
        }
        tap_ok(wrong == 0, "%s", cases[i].what);
    }
}

/* Random bytes, rich in what delimiters are made of, come out as they went in. */
static void test_random(void)
{
    static const char letters[] = "\r\n-Xa";
    struct rng rng = rng_seed(11);
    int wrong = 0;
    for (int round = 0; round < 300; round++) {
        struct arena *arena = arena_new(0);
        struct buf body, expected;
        struct str text, wanted, found = {"", 0};
        buf_init(&body, arena, 1 << 20);
        buf_init(&expected, arena, 1 << 20);
        for (int part = 0; part < 3; part++) {
            buf_add_text(&body, part ? "\r\n--XX\r\n" : "--XX\r\n");
            buf_add_text(&body, NAME("a") "\r\n");
            buf_add_text(&expected, "<a|-||");
            for (uint32_t i = rng_below(&rng, 60); i > 0; i--) {
                char c = letters[rng_below(&rng, 5)];
                bool ends = body.n >= 5 && memcmp(body.p + body.n - 5, "\r\n--X", 5) == 0;
                c = ends && c == 'X' ? 'a' : c; /* a delimiter of its own is no data */
                buf_add_char(&body, c);
                buf_add_char(&expected, c);
            }
            buf_add_text(&expected, ">");
        }
        buf_add_text(&body, "\r\n--XX--\r\n");
        enum err err = buf_end(&body, &text);
        err = err == ERR_OK ? buf_end(&expected, &wanted) : err;
        err = err == ERR_OK ? read_all(arena, TYPE, text, 1 + rng_below(&rng, 20), &found) : err;
        wrong += err != ERR_OK || !str_equal(found, wanted);
        arena_free(arena);
    }
    tap_ok(wrong == 0, "random contents survive");
}

static void test_limits(void)
{
    struct arena *arena = arena_new(0);
    struct buf body;
    struct str text, found;
    buf_init(&body, arena, 1 << 20);
    buf_add_text(&body, "--XX\r\nX: ");
    buf_add_repeat(&body, 'a', HTTP_MAX_PART_HEAD);
    tap_ok(buf_end(&body, &text) == ERR_OK && read_all(arena, TYPE, text, 100, &found) == ERR_LIMIT,
           "a head that is too long");
    buf_clear(&body);
    buf_add_text(&body, "--XX\r\nContent-Disposition: form-data; name=");
    buf_add_repeat(&body, 'a', HTTP_MAX_NAME + 1);
    buf_add_text(&body, "\r\n\r\n\r\n--XX--");
    tap_ok(buf_end(&body, &text) == ERR_OK && read_all(arena, TYPE, text, 100, &found) == ERR_LIMIT,
           "a name that is too long");
    arena_free(arena);
}

int main(void)
{
    test_cases();
    test_random();
    test_limits();
    return tap_done();
}
