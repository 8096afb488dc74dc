/* Embedded files over HTTP. */
#include "http/assets.h"

#include "base/buf.h"
#include "http/file.h"
#include "http/limits.h"
#include "http/url.h"

#include <stdio.h>
#include <strings.h>

/* Whether the browser takes this coding: named in Accept-Encoding, and not with q=0. */
static bool accepts(struct str header, const char *coding)
{
    size_t n = strlen(coding);
    for (size_t at = 0; at + n <= header.n; at++) {
        bool starts = at == 0 || header.p[at - 1] == ',' || header.p[at - 1] == ' ';
        if (!starts || strncasecmp(header.p + at, coding, n) != 0) {
            continue;
        }
        size_t end = at + n;
        while (end < header.n && header.p[end] == ' ') {
            end++;
        }
        if (end == header.n || header.p[end] == ',') {
            return true;
        }
        if (header.p[end] != ';') {
            continue;
        }
        /* ";q=0", "; q=0.000" */
        bool zero = true;
        for (end++; end < header.n && header.p[end] != ','; end++) {
            zero = zero && !(header.p[end] >= '1' && header.p[end] <= '9');
        }
        return !zero;
    }
    return false;
}

/* The smallest form that the browser takes; *mark sets its ETag apart from those of the others. */
static struct str best_form(const struct asset *asset, const struct http_request *req,
                            struct http_response *res, const char **mark)
{
    *mark = "";
    struct str header = request_header(req, "accept-encoding");
    if (asset->brotli.n > 0 || asset->gzip.n > 0) {
        response_header(res, "Vary", str_of("Accept-Encoding"));
    }
    if (asset->brotli.n > 0 && accepts(header, "br")) {
        response_header(res, "Content-Encoding", str_of("br"));
        *mark = "-br";
        return asset->brotli;
    }
    if (asset->gzip.n > 0 && accepts(header, "gzip")) {
        response_header(res, "Content-Encoding", str_of("gzip"));
        *mark = "-gz";
        return asset->gzip;
    }
    return asset->raw;
}

static void add_address(struct buf *buf, const struct asset *asset)
{
    buf_addf(buf, "/a/%s/", asset->hash);
    url_add_path(buf, str_of(asset->name));
}

enum err assets_address(const struct asset_table *table, const char *name, struct arena *arena,
                        struct str *address)
{
    struct buf buf;
    const struct asset *asset = asset_find(table, str_of(name));
    if (!asset) {
        return ERR_NOT_FOUND;
    }
    buf_init(&buf, arena, HTTP_MAX_TARGET);
    add_address(&buf, asset);
    return buf_end(&buf, address);
}

enum err assets_serve(const struct asset_table *table, const struct http_request *req,
                      struct http_response *res)
{
    struct str path = req->path, a, hash, address;
    if (!url_segment(&path, &a) || !str_is(a, "a") || !url_segment(&path, &hash) || path.n < 2) {
        return ERR_NOT_FOUND;
    }
    const struct asset *asset = asset_find(table, (struct str){path.p + 1, path.n - 1});
    if (!asset) {
        return ERR_NOT_FOUND;
    }
    if (!str_is(hash, asset->hash)) {
        enum err err = assets_address(table, asset->name, req->arena, &address);
        if (err == ERR_OK) {
            response_redirect(res, address);
        }
        return err;
    }
    response_type(res, asset->type);
    res->cache = HTTP_CACHE_IMMUTABLE;
    const char *mark;
    char etag[ASSET_HASH + 8];
    struct str form = best_form(asset, req, res, &mark);
    snprintf(etag, sizeof etag, "%s%s", asset->hash, mark);
    if (!file_unchanged(req, str_of(etag), -1, res)) {
        res->fixed = form;
    }
    return res->err;
}
