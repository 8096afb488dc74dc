/* The strict reader of a request's head. */
#include "http/head.h"

#include "base/arena.h"
#include "base/list.h"
#include "http/limits.h"

#include <string.h>
#include <strings.h>

/* tchar of RFC 9110, 5.6.2. */
static bool is_token_char(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c != '\0' && strchr("!#$%&'*+-.^_`|~", c) != NULL);
}

static bool is_token(struct str text)
{
    for (size_t i = 0; i < text.n; i++) {
        if (!is_token_char((unsigned char)text.p[i])) {
            return false;
        }
    }
    return text.n > 0;
}

static bool is_like(struct str text, const char *word)
{
    return text.n == strlen(word) && strncasecmp(text.p, word, text.n) == 0;
}

size_t head_end(struct str bytes, size_t seen, bool *bad)
{
    *bad = bytes.n > 0 && !is_token_char((unsigned char)bytes.p[0]);
    for (size_t i = seen; i < bytes.n && !*bad; i++) {
        unsigned char c = (unsigned char)bytes.p[i];
        if (c == '\n') {
            *bad = i == 0 || bytes.p[i - 1] != '\r';
            if (!*bad && i >= 3 && bytes.p[i - 2] == '\n') {
                return i + 1;
            }
        } else {
            *bad = (i > 0 && bytes.p[i - 1] == '\r') || (c < ' ' && c != '\t' && c != '\r') ||
                   c == 0x7f;
        }
    }
    return 0;
}

/* The next line without its CRLF; false at the end of the text. */
static bool next_line(struct str *text, struct str *line)
{
    const char *end = text->n ? memchr(text->p, '\r', text->n) : NULL;
    if (!end || (size_t)(end - text->p) + 1 >= text->n || end[1] != '\n') {
        return false;
    }
    line->p = text->p;
    line->n = (size_t)(end - text->p);
    *text = (struct str){end + 2, text->n - line->n - 2};
    return true;
}

static int parse_method(struct str word, enum http_method *method)
{
    for (int m = 0; m < HTTP_METHOD__MAX; m++) {
        if (str_is(word, request_method_name((enum http_method)m))) {
            *method = (enum http_method)m;
            return 0;
        }
    }
    return is_token(word) ? 405 : 400;
}

static int check_target(struct str target)
{
    if (target.n > HTTP_MAX_TARGET) {
        return 414;
    }
    for (size_t i = 0; i < target.n; i++) {
        unsigned char c = (unsigned char)target.p[i];
        if (c <= ' ' || c >= 0x7f || c == '#') {
            return 400;
        }
    }
    return target.n > 0 && target.p[0] == '/' ? 0 : 400;
}

/* METHOD SP target SP HTTP/1.1 */
static int parse_first(struct str line, struct head *head, int *minor)
{
    const char *first = line.n ? memchr(line.p, ' ', line.n) : NULL;
    size_t n = first ? (size_t)(first - line.p) : 0;
    const char *second = first ? memchr(first + 1, ' ', line.n - n - 1) : NULL;
    if (!second) {
        return 400;
    }
    struct str version = {second + 1, line.n - (size_t)(second + 1 - line.p)};
    head->target = (struct str){first + 1, (size_t)(second - first - 1)};
    if (version.n != 8 || memcmp(version.p, "HTTP/", 5) != 0 || version.p[6] != '.') {
        return 400;
    }
    if (version.p[5] != '1' || (version.p[7] != '0' && version.p[7] != '1')) {
        return 505;
    }
    *minor = version.p[7] - '0';
    int status = parse_method((struct str){line.p, n}, &head->method);
    head->method_known = status == 0;
    int target = check_target(head->target);
    return target ? target : status;
}

static struct str trim(struct str text)
{
    while (text.n > 0 && (text.p[0] == ' ' || text.p[0] == '\t')) {
        text = (struct str){text.p + 1, text.n - 1};
    }
    while (text.n > 0 && (text.p[text.n - 1] == ' ' || text.p[text.n - 1] == '\t')) {
        text.n--;
    }
    return text;
}

/* How often a name that decides how a request is read was there. */
struct framing {
    int hosts, lengths, encodings;
};

static struct http_pair *find(const struct list *pairs, struct str name)
{
    struct http_pair *items = pairs->items;
    for (size_t i = 0; i < pairs->n; i++) {
        if (str_equal(items[i].name, name)) {
            return &items[i];
        }
    }
    return NULL;
}

/* Adds a header, or joins its value to that of the same name. */
static int keep_header(struct arena *arena, struct list *pairs, struct str name, struct str value)
{
    struct http_pair *there = find(pairs, name);
    if (!there) {
        struct http_pair pair = {name, value};
        return list_add(pairs, &pair) ? 0 : pairs->err == ERR_LIMIT ? 431 : 500;
    }
    const char *between = str_is(name, "cookie") ? "; " : ", ";
    char *joined = arena_alloc(arena, there->value.n + value.n + 3, 1);
    if (!joined) {
        return 500;
    }
    size_t n = there->value.n;
    if (n) {
        memcpy(joined, there->value.p, n);
    }
    memcpy(joined + n, between, 2);
    if (value.n) {
        memcpy(joined + n + 2, value.p, value.n);
    }
    there->value = (struct str){joined, n + 2 + value.n};
    return 0;
}

static int parse_header(struct str line, struct arena *arena, struct list *pairs,
                        struct framing *framing)
{
    const char *colon = line.n ? memchr(line.p, ':', line.n) : NULL;
    struct str raw = {line.p, colon ? (size_t)(colon - line.p) : 0};
    if (!colon || !is_token(raw)) {
        return 400; /* no name, a folded line, a blank before the colon */
    }
    struct str value = trim((struct str){colon + 1, line.n - raw.n - 1});
    char *name = arena_text(arena, raw.p, raw.n);
    if (!name) {
        return 500;
    }
    for (size_t i = 0; i < raw.n; i++) {
        name[i] = name[i] >= 'A' && name[i] <= 'Z' ? (char)(name[i] - 'A' + 'a') : name[i];
    }
    struct str lower = {name, raw.n};
    framing->hosts += str_is(lower, "host");
    framing->lengths += str_is(lower, "content-length");
    framing->encodings += str_is(lower, "transfer-encoding");
    return keep_header(arena, pairs, lower, value);
}

static int parse_headers(struct str text, struct arena *arena, struct head *head,
                         struct framing *framing)
{
    struct list pairs;
    struct str line;
    list_init(&pairs, arena, sizeof(struct http_pair), HTTP_MAX_HEADERS);
    int n = 0;
    while (next_line(&text, &line)) {
        if (line.n == 0) {
            head->headers = (struct http_pairs){pairs.items, (int)pairs.n};
            return text.n == 0 ? 0 : 400;
        }
        int status = ++n > HTTP_MAX_HEADERS ? 431 : parse_header(line, arena, &pairs, framing);
        if (status) {
            return status;
        }
    }
    return 400;
}

/* A name, an IPv4 address or an IPv6 address in brackets, perhaps with a port. */
static bool is_host(struct str host)
{
    size_t i = 0;
    if (host.n > 0 && host.p[0] == '[') {
        for (i = 1; i < host.n && host.p[i] != ']'; i++) {
            if (!host.p[i] || !strchr("0123456789abcdefABCDEF:.", host.p[i])) {
                return false;
            }
        }
        if (i == host.n) {
            return false;
        }
        i++;
    } else {
        while (i < host.n && host.p[i] != ':') {
            unsigned char c = (unsigned char)host.p[i++];
            if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '-' || c == '.' || c == '_')) {
                return false;
            }
        }
    }
    if (i == 0 || i == host.n) {
        return i > 0;
    }
    size_t digits = host.n - i - 1;
    for (size_t d = i + 1; d < host.n; d++) {
        if (host.p[d] < '0' || host.p[d] > '9') {
            return false;
        }
    }
    return host.p[i] == ':' && digits > 0 && digits <= 5;
}

static int parse_length(struct str text, int64_t *length)
{
    int64_t value = 0;
    if (text.n == 0) {
        return 400;
    }
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] < '0' || text.p[i] > '9') {
            return 400;
        }
        if (i >= 18) {
            return 413;
        }
        value = value * 10 + (text.p[i] - '0');
    }
    *length = value;
    return 0;
}

/* Whether a comma-separated header holds this word. */
static bool lists(struct str header, const char *word)
{
    while (header.n > 0) {
        const char *comma = memchr(header.p, ',', header.n);
        size_t n = comma ? (size_t)(comma - header.p) : header.n;
        if (is_like(trim((struct str){header.p, n}), word)) {
            return true;
        }
        size_t skip = comma ? n + 1 : n;
        header = (struct str){header.p + skip, header.n - skip};
    }
    return false;
}

/* Who may follow: where the body ends, whether the connection goes on. */
static int read_framing(struct head *head, const struct framing *framing, int minor)
{
    struct str connection = request_find(&head->headers, "connection");
    struct str expect = request_find(&head->headers, "expect");
    if (framing->encodings > 0) {
        return framing->encodings == 1 && framing->lengths == 0 ? 411 : 400;
    }
    if (framing->hosts > 1 || framing->lengths > 1 || (framing->hosts == 0 && minor == 1)) {
        return 400;
    }
    head->host = request_find(&head->headers, "host");
    if (head->host.p && !is_host(head->host)) {
        return 400;
    }
    if (framing->lengths == 1) {
        int status = parse_length(request_find(&head->headers, "content-length"), &head->length);
        if (status) {
            return status;
        }
    }
    if (expect.p) {
        if (!is_like(expect, "100-continue")) {
            return 417;
        }
        head->expects_continue = minor == 1 && head->length > 0;
    }
    head->keep_alive = minor == 1 ? !lists(connection, "close") : lists(connection, "keep-alive");
    return 0;
}

/* name=value; name=value.  What is no pair is left out, as RFC 6265 has it. */
static int read_cookies(struct head *head, struct arena *arena)
{
    struct list pairs;
    struct str rest = request_find(&head->headers, "cookie");
    list_init(&pairs, arena, sizeof(struct http_pair), HTTP_MAX_COOKIES);
    while (rest.n > 0) {
        const char *end = memchr(rest.p, ';', rest.n);
        struct str part = {rest.p, end ? (size_t)(end - rest.p) : rest.n};
        size_t skip = end ? part.n + 1 : part.n;
        rest = (struct str){rest.p + skip, rest.n - skip};
        part = trim(part);
        const char *equal = part.n ? memchr(part.p, '=', part.n) : NULL;
        if (!equal) {
            continue;
        }
        size_t n = (size_t)(equal - part.p);
        struct http_pair pair = {trim((struct str){part.p, n}),
                                 trim((struct str){equal + 1, part.n - n - 1})};
        if (pair.value.n > HTTP_MAX_COOKIE) {
            return 400;
        }
        if (!list_add(&pairs, &pair)) {
            return pairs.err == ERR_LIMIT ? 400 : 500;
        }
    }
    head->cookies = (struct http_pairs){pairs.items, (int)pairs.n};
    return 0;
}

int head_parse(struct str text, struct arena *arena, struct head *head)
{
    struct framing framing = {0, 0, 0};
    struct str copy = {arena_text(arena, text.p, text.n), text.n}, line;
    int minor = 1;
    bool bad;
    *head = (struct head){.target = {"", 0}};
    if (!copy.p) {
        return 500;
    }
    if (text.n > HTTP_MAX_HEAD) {
        return 431;
    }
    if (head_end(text, 0, &bad) != text.n || !next_line(&copy, &line)) {
        return 400;
    }
    /* The worst of first line and headers: 400 says more than 405.  Of another version of HTTP
     * nothing more can be said. */
    int first = parse_first(line, head, &minor);
    bool hopeless = first == 400 || first == 505;
    int status = hopeless ? first : parse_headers(copy, arena, head, &framing);
    if (status == 0) {
        status = read_framing(head, &framing, minor);
    }
    if (status == 0 && first == 0) {
        status = read_cookies(head, arena);
    }
    return status == 0 ? first : status;
}
