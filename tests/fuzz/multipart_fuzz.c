/* Any bytes as a multipart form, with the boundary "XX": in pieces of a size taken from the first
 * byte it is read as it is at once, and what comes out is bounded by what went in. */
#include "http/multipart.h"
#include "http_fuzz.h"

struct record {
    struct buf buf;
    bool open;
};

static enum err on_begin(void *ctx, const struct multipart_part *part)
{
    struct record *record = ctx;
    FUZZ_CHECK(!record->open && fuzz_is_text(part->name) && fuzz_is_text(part->filename));
    FUZZ_CHECK(part->name.n <= HTTP_MAX_NAME && part->filename.n <= HTTP_MAX_FILENAME);
    FUZZ_CHECK(!part->filename.n || (!memchr(part->filename.p, '/', part->filename.n) &&
                                     !memchr(part->filename.p, '\\', part->filename.n)));
    fuzz_read(part->type);
    record->open = true;
    buf_add_char(&record->buf, '<');
    buf_add(&record->buf, part->name);
    buf_add(&record->buf, part->filename);
    return ERR_OK;
}

static enum err on_data(void *ctx, struct str bytes)
{
    struct record *record = ctx;
    FUZZ_CHECK(record->open);
    buf_add(&record->buf, bytes);
    return ERR_OK;
}

static enum err on_end(void *ctx)
{
    struct record *record = ctx;
    FUZZ_CHECK(record->open);
    record->open = false;
    buf_add_char(&record->buf, '>');
    return ERR_OK;
}

static const struct multipart_sink sink = {on_begin, on_data, on_end};

static enum err read_all(struct arena *arena, struct str body, size_t piece, struct str *found)
{
    struct multipart *m = arena_alloc(arena, 1, sizeof *m);
    struct record *record = arena_alloc(arena, 1, sizeof *record);
    buf_init(&record->buf, arena, 1u << 24);
    enum err err =
        multipart_begin(m, str_of("multipart/form-data; boundary=XX"), arena, &sink, record);
    for (size_t at = 0; at < body.n && err == ERR_OK; at += piece) {
        size_t n = body.n - at < piece ? body.n - at : piece;
        err = multipart_feed(m, (struct str){body.p + at, n});
    }
    err = err == ERR_OK ? multipart_end(m) : err;
    FUZZ_CHECK(err != ERR_OK || !record->open);
    FUZZ_CHECK(buf_end(&record->buf, found) == ERR_OK);
    return err;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    if (n == 0) {
        return 0;
    }
    struct arena *arena = arena_new(64u << 20);
    struct str at_once, in_pieces, body = {(const char *)bytes + 1, n - 1};
    struct multipart m;
    enum err a = read_all(arena, body, n, &at_once);
    enum err b = read_all(arena, body, 1 + bytes[0] % 16, &in_pieces);
    FUZZ_CHECK(a == b && (a != ERR_OK || str_equal(at_once, in_pieces)));
    FUZZ_CHECK(at_once.n <= n);
    /* The same bytes as the type: never more than a refusal. */
    if (multipart_begin(&m, body, arena, &sink, NULL) == ERR_OK) {
        FUZZ_CHECK(m.n_delimiter > 4 && m.n_delimiter <= HTTP_MAX_BOUNDARY + 4);
    }
    arena_free(arena);
    return 0;
}
