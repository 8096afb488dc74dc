/* Any bytes as header lines of a good request, read by everything that reads headers: proxies,
 * origins, conditions, encodings. */
#include "http/assets.h"
#include "http/csrf.h"
#include "http/date.h"
#include "http/file.h"
#include "http/head.h"
#include "http/peer.h"
#include "http/response.h"
#include "http/url.h"
#include "http_fuzz.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

static const struct asset list[] = {
    {"a", "text/css", "00112233445566aa", {"raw", 3}, {"gz", 2}, {"b", 1}},
};
static const struct asset_table table = {list, 1};

static void serve_file(const struct http_request *req, struct http_response *res)
{
    char name[] = "/dev/shm/duet-fuzz.XXXXXX";
    struct file_reply reply = {.fd = mkstemp(name), .type = "text/plain", .etag = str_of("tag")};
    if (reply.fd < 0) {
        return;
    }
    unlink(name);
    FUZZ_CHECK(write(reply.fd, "0123456789", 10) == 10);
    FUZZ_CHECK(file_serve(req, &reply, res) == ERR_OK);
    if (res->fd >= 0) {
        FUZZ_CHECK(res->fd_offset >= 0 && res->fd_length > 0 &&
                   res->fd_offset + res->fd_length <= 10);
        FUZZ_CHECK(res->status == 206 || res->fd_length == 10);
    }
    FUZZ_CHECK(res->status == 200 || res->status == 206 || res->status == 304 ||
               res->status == 416);
    response_reset(res);
}

static void use(struct http_request *req)
{
    static const char *const trusted[] = {"192.0.2.1", "unix", NULL};
    const struct peer peer = {.address = "192.0.2.1"};
    struct http_response res;
    struct str origin;
    unsigned char bytes[16];
    peer_apply(&peer, trusted, req);
    FUZZ_CHECK(strcmp(req->address, "unix") != 0);
    FUZZ_CHECK(inet_pton(strchr(req->address, ':') ? AF_INET6 : AF_INET, req->address, bytes) == 1);
    (void)csrf_same_origin(req);
    (void)request_accepts(req, "text/html");
    FUZZ_CHECK(request_origin(req, &origin) == ERR_OK);
    response_init(&res, req->arena);
    FUZZ_CHECK(assets_serve(&table, req, &res) == ERR_OK);
    FUZZ_CHECK(res.status == 304 || res.fixed.n > 0);
    response_reset(&res);
    serve_file(req, &res);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct arena *arena = arena_new(64u << 20);
    struct head head;
    struct buf buf;
    struct str text;
    int64_t ms;
    char again[DATE_TEXT + 1];
    struct str all = {(const char *)bytes, n};
    buf_init(&buf, arena, 1u << 20);
    buf_add_text(&buf, "GET /a/00112233445566aa/a HTTP/1.1\r\nHost: a\r\n");
    buf_add(&buf, all);
    buf_add_text(&buf, "\r\n\r\n");
    if (buf_end(&buf, &text) == ERR_OK && head_parse(text, arena, &head) == 0) {
        struct http_request req = {.headers = head.headers, .host = head.host, .arena = arena};
        if (url_parse(head.target, arena, &req.path, &req.query) == ERR_OK) {
            use(&req);
        }
    }
    if (date_parse(all, &ms) == ERR_OK) {
        int64_t same;
        date_write(ms, again);
        FUZZ_CHECK(date_parse(str_of(again), &same) == ERR_OK && same == ms);
    }
    arena_free(arena);
    return 0;
}
