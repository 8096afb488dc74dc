/* Files, ranges, conditions.  RFC 9110: 13.2.2 gives the order of the conditions, 14.1.2 the form
 * of a range. */
#include "http/file.h"

#include "base/arena.h"
#include "base/buf.h"
#include "http/date.h"
#include "http/header.h"
#include "http/limits.h"
#include "http/url.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct range {
    int64_t first, last;
};

enum range_result { RANGE_NONE, RANGE_ONE, RANGE_BEYOND };

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

/* Whether `etag` stands in a list like: W/"a", "b".  Weak comparison: W/ does not matter. */
static bool has_etag(struct str list, struct str etag)
{
    if (str_is(trim(list), "*")) {
        return true;
    }
    for (size_t at = 0; at + etag.n + 2 <= list.n; at++) {
        if (list.p[at] == '"' && memcmp(list.p + at + 1, etag.p, etag.n) == 0 &&
            list.p[at + 1 + etag.n] == '"') {
            return true;
        }
    }
    return false;
}

static void set_quoted(struct http_response *res, struct str etag)
{
    struct buf buf;
    struct str text;
    buf_init(&buf, res->arena, HTTP_MAX_HEAD);
    buf_add_char(&buf, '"');
    buf_add(&buf, etag);
    buf_add_char(&buf, '"');
    enum err err = buf_end(&buf, &text);
    if (err != ERR_OK) {
        res->err = res->err ? res->err : err;
        return;
    }
    response_header(res, "ETag", text);
}

bool file_unchanged(const struct http_request *req, struct str etag, int64_t modified_ms,
                    struct http_response *res)
{
    struct str match = request_header(req, "if-none-match");
    struct str since = request_header(req, "if-modified-since");
    int64_t since_ms;
    bool same = false;
    if (match.p) {
        same = etag.n > 0 && has_etag(match, etag);
    } else if (since.p && modified_ms >= 0 && date_parse(trim(since), &since_ms) == ERR_OK) {
        same = modified_ms / 1000 <= since_ms / 1000;
    }
    if (etag.n > 0) {
        set_quoted(res, etag);
    }
    if (same) {
        res->status = 304;
    }
    return same;
}

/* A whole number; false when there is none or it does not fit. */
static bool take_number(struct str *text, int64_t *value)
{
    size_t n = 0;
    *value = 0;
    for (; n < text->n && text->p[n] >= '0' && text->p[n] <= '9'; n++) {
        if (n == 18) {
            return false;
        }
        *value = *value * 10 + (text->p[n] - '0');
    }
    *text = (struct str){text->p + n, text->n - n};
    return n > 0;
}

/* bytes=first-last, bytes=first-, bytes=-suffix.  Anything else is as if there were none. */
static enum range_result parse_range(struct str header, int64_t size, struct range *range)
{
    struct str text = trim(header);
    if (text.n < 7 || memcmp(text.p, "bytes=", 6) != 0) {
        return RANGE_NONE;
    }
    text = (struct str){text.p + 6, text.n - 6};
    bool has_first = take_number(&text, &range->first);
    if (text.n == 0 || text.p[0] != '-') {
        return RANGE_NONE;
    }
    text = (struct str){text.p + 1, text.n - 1};
    bool has_last = take_number(&text, &range->last);
    if (text.n > 0 || (!has_first && !has_last) ||
        (has_first && has_last && range->last < range->first)) {
        return RANGE_NONE;
    }
    if (!has_first) {
        if (range->last == 0 || size == 0) {
            return RANGE_BEYOND;
        }
        range->first = range->last < size ? size - range->last : 0;
        range->last = size - 1;
        return RANGE_ONE;
    }
    if (range->first >= size) {
        return RANGE_BEYOND;
    }
    range->last = has_last && range->last < size ? range->last : size - 1;
    return RANGE_ONE;
}

/* If-Range: the range holds only for the state that the client has a part of. */
static bool range_applies(const struct http_request *req, struct str etag, int64_t modified_ms)
{
    struct str condition = request_header(req, "if-range");
    int64_t ms;
    if (!condition.p) {
        return true;
    }
    condition = trim(condition);
    if (condition.n > 0 && condition.p[0] == '"') {
        return condition.n == etag.n + 2 && has_etag(condition, etag);
    }
    return date_parse(condition, &ms) == ERR_OK && ms / 1000 == modified_ms / 1000;
}

/* RFC 6266: an ASCII name for old readers, and the name itself in UTF-8. */
static void set_download(struct http_response *res, struct str name)
{
    struct buf buf;
    struct str text;
    buf_init(&buf, res->arena, HTTP_MAX_HEAD);
    buf_add_text(&buf, "attachment; filename=\"");
    for (size_t i = 0; i < name.n && i < HTTP_MAX_FILENAME; i++) {
        unsigned char c = (unsigned char)name.p[i];
        bool plain = c >= ' ' && c < 0x7f && c != '"' && c != '\\' && c != '/' && c != '%';
        buf_add_char(&buf, plain ? (char)c : '_');
    }
    buf_add_text(&buf, "\"; filename*=UTF-8''");
    url_add(&buf, name);
    enum err err = buf_end(&buf, &text);
    if (err != ERR_OK) {
        res->err = res->err ? res->err : err;
        return;
    }
    response_header(res, "Content-Disposition", text);
}

static void set_range(struct http_response *res, const struct range *range, int64_t size)
{
    char text[96];
    if (range) {
        snprintf(text, sizeof text, "bytes %lld-%lld/%lld", (long long)range->first,
                 (long long)range->last, (long long)size);
    } else {
        snprintf(text, sizeof text, "bytes */%lld", (long long)size);
    }
    response_header(res, "Content-Range", str_of(text));
}

static void set_headers(const struct file_reply *reply, int64_t modified_ms,
                        struct http_response *res)
{
    char date[DATE_TEXT + 1];
    date_write(modified_ms, date);
    response_header(res, "Last-Modified", str_of(date));
    response_header(res, "Accept-Ranges", str_of("bytes"));
    response_type(res, reply->type);
    res->cache = reply->cache;
    if (reply->download.n > 0) {
        set_download(res, reply->download);
    }
    if (reply->foreign) {
        response_header(res, "Content-Security-Policy", str_of(header_foreign_policy));
    }
}

static void serve(const struct http_request *req, const struct file_reply *reply,
                  const struct stat *about, struct http_response *res)
{
    char made[64];
    struct range range = {0, about->st_size - 1};
    int64_t modified_ms = (int64_t)about->st_mtim.tv_sec * 1000;
    snprintf(made, sizeof made, "%llx-%llx-%llx", (unsigned long long)about->st_mtim.tv_sec,
             (unsigned long long)about->st_mtim.tv_nsec, (unsigned long long)about->st_size);
    struct str etag = reply->etag.n > 0 ? reply->etag : str_of(made);
    set_headers(reply, modified_ms, res);
    if (file_unchanged(req, etag, modified_ms, res)) {
        close(reply->fd);
        return;
    }
    struct str header = request_header(req, "range");
    enum range_result asked = RANGE_NONE;
    if (header.p && req->method == HTTP_GET && range_applies(req, etag, modified_ms)) {
        asked = parse_range(header, about->st_size, &range);
    }
    if (asked == RANGE_BEYOND) {
        res->status = 416;
        set_range(res, NULL, about->st_size);
        close(reply->fd);
        return;
    }
    if (asked == RANGE_ONE) {
        res->status = 206;
        set_range(res, &range, about->st_size);
    } else {
        range = (struct range){0, about->st_size - 1};
    }
    res->fd = reply->fd;
    res->fd_offset = range.first;
    res->fd_length = range.last - range.first + 1;
}

enum err file_serve(const struct http_request *req, const struct file_reply *reply,
                    struct http_response *res)
{
    struct stat about;
    if (fstat(reply->fd, &about) != 0 || !S_ISREG(about.st_mode)) {
        close(reply->fd);
        return ERR_IO;
    }
    serve(req, reply, &about, res);
    return res->err;
}
