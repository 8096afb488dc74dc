/* Any bytes as the head of a request: the guard says the same however the bytes come, and what it
 * lets through has nothing that another reader could take for something else. */
#include "http/head.h"
#include "http/limits.h"
#include "http_fuzz.h"

#include <strings.h>

/* How many lines begin with this name and a colon: a second, simpler reader. */
static int lines_of(struct str text, const char *name)
{
    size_t n = strlen(name);
    int found = 0;
    for (size_t i = 2; i + n < text.n; i++) {
        found += text.p[i - 2] == '\r' && text.p[i - 1] == '\n' && text.p[i + n] == ':' &&
                 strncasecmp(text.p + i, name, n) == 0;
    }
    return found;
}

static void check_bytes(struct str text)
{
    for (size_t i = 0; i < text.n; i++) {
        unsigned char c = (unsigned char)text.p[i];
        FUZZ_CHECK(c >= ' ' || c == '\t' || c == '\r' || c == '\n');
        FUZZ_CHECK(c != '\n' || (i > 0 && text.p[i - 1] == '\r'));
        FUZZ_CHECK(c != '\r' || (i + 1 < text.n && text.p[i + 1] == '\n'));
        FUZZ_CHECK(c != '\n' || i + 1 == text.n || (text.p[i + 1] != ' ' && text.p[i + 1] != '\t'));
    }
}

static void check(struct str text, const struct head *head)
{
    bool old = memcmp(strchr(text.p, '\r') - 8, "HTTP/1.0", 8) == 0;
    int hosts = lines_of(text, "host"), lengths = lines_of(text, "content-length");
    check_bytes(text);
    FUZZ_CHECK(lines_of(text, "transfer-encoding") == 0 && lengths <= 1);
    FUZZ_CHECK(hosts == 1 || (old && hosts == 0));
    FUZZ_CHECK((lengths == 1 || head->length == 0) && head->length >= 0);
    FUZZ_CHECK(head->target.n > 0 && head->target.p[0] == '/' && head->target.n <= HTTP_MAX_TARGET);
    FUZZ_CHECK(head->headers.n <= HTTP_MAX_HEADERS && text.n <= HTTP_MAX_HEAD);
    fuzz_read_pairs(&head->headers);
    for (int i = 0; i < head->headers.n; i++) {
        struct str name = head->headers.items[i].name;
        for (size_t j = 0; j < name.n; j++) {
            FUZZ_CHECK(name.p[j] > ' ' && (name.p[j] < 'A' || name.p[j] > 'Z'));
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct arena *arena = arena_new(64u << 20);
    struct str all = {(const char *)bytes, n};
    struct head head;
    bool bad, bad_piece = false;
    size_t end = head_end(all, 0, &bad), end_piece = 0;
    for (size_t have = 1, seen = 0; have <= n && !bad_piece && !end_piece; seen = have++) {
        end_piece = head_end((struct str){all.p, have}, seen, &bad_piece);
    }
    FUZZ_CHECK(end == end_piece && bad == bad_piece && !(bad && end));
    struct str text = {arena_text(arena, all.p, end ? end : n), end ? end : n};
    int status = head_parse(text, arena, &head);
    FUZZ_CHECK(status == 0 || (status >= 400 && status < 600 && status != 500));
    if (status == 0) {
        FUZZ_CHECK(end > 0 && !bad);
        check(text, &head);
    }
    arena_free(arena);
    return 0;
}
