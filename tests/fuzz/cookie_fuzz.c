/* Any bytes as the value of a Cookie header: read, looked up, bounded. */
#include "http/cookie.h"
#include "http/head.h"
#include "http/limits.h"
#include "http_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct arena *arena = arena_new(64u << 20);
    struct head head;
    struct buf buf;
    struct str text;
    buf_init(&buf, arena, 1u << 20);
    buf_add_text(&buf, "GET / HTTP/1.1\r\nHost: a\r\nCookie: ");
    buf_add(&buf, (struct str){(const char *)bytes, n});
    buf_add_text(&buf, "\r\n\r\n");
    if (buf_end(&buf, &text) == ERR_OK && head_parse(text, arena, &head) == 0) {
        struct http_request req = {.cookies = head.cookies, .arena = arena};
        int found = 0;
        FUZZ_CHECK(head.cookies.n <= HTTP_MAX_COOKIES);
        for (int i = 0; i < head.cookies.n; i++) {
            struct str name = head.cookies.items[i].name, value = head.cookies.items[i].value;
            fuzz_read(name);
            fuzz_read(value);
            FUZZ_CHECK(value.n <= HTTP_MAX_COOKIE);
            FUZZ_CHECK(!name.n || (!memchr(name.p, ';', name.n) && !memchr(name.p, '=', name.n)));
            FUZZ_CHECK(!value.n || !memchr(value.p, ';', value.n));
            found += str_is(name, "__Host-s");
        }
        FUZZ_CHECK((cookie_find(&req, "s").p != NULL) == (found == 1));
    }
    arena_free(arena);
    return 0;
}
