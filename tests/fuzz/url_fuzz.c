/* Any bytes as the target of a request: what is accepted is a clean path, and written out again it
 * is read as the same. */
#include "http/url.h"
#include "http_fuzz.h"

/* The rules of request.h, written a second time. */
static void check_path(struct str path)
{
    FUZZ_CHECK(fuzz_is_text(path) && path.n > 0 && path.p[0] == '/');
    for (size_t i = 0; i < path.n; i++) {
        unsigned char c = (unsigned char)path.p[i];
        FUZZ_CHECK(c >= ' ' && c != 0x7f && c != '\\');
        if (c == '/' && i + 1 < path.n) {
            size_t end = i + 1;
            while (end < path.n && path.p[end] != '/') {
                end++;
            }
            struct str segment = {path.p + i + 1, end - i - 1};
            FUZZ_CHECK(segment.n > 0 && !str_is(segment, ".") && !str_is(segment, ".."));
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct arena *arena = arena_new(64u << 20);
    struct str path, again, text, segment;
    struct http_pairs query, second;
    if (url_parse((struct str){(const char *)bytes, n}, arena, &path, &query) == ERR_OK) {
        struct buf buf;
        check_path(path);
        buf_init(&buf, arena, 1u << 20);
        url_add_path(&buf, path);
        for (int i = 0; i < query.n; i++) {
            FUZZ_CHECK(fuzz_is_text(query.items[i].name) && fuzz_is_text(query.items[i].value));
            buf_add_char(&buf, i ? '&' : '?');
            url_add(&buf, query.items[i].name);
            buf_add_char(&buf, '=');
            url_add(&buf, query.items[i].value);
        }
        FUZZ_CHECK(buf_end(&buf, &text) == ERR_OK);
        FUZZ_CHECK(url_parse(text, arena, &again, &second) == ERR_OK);
        FUZZ_CHECK(str_equal(path, again) && fuzz_same_pairs(&query, &second));
        while (url_segment(&again, &segment)) {
            FUZZ_CHECK(!memchr(segment.p, '/', segment.n));
        }
    }
    arena_free(arena);
    return 0;
}
