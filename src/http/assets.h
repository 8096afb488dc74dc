/* Serving what is embedded in the program (base/asset.h) under /a/<hash>/<name>. */
#ifndef DUET_HTTP_ASSETS_H
#define DUET_HTTP_ASSETS_H

#include "base/asset.h"
#include "base/err.h"
#include "base/str.h"
#include "http/request.h"
#include "http/response.h"

struct arena;

/* Answers a request whose path begins with "/a/": brotli, gzip or plain by Accept-Encoding,
 * immutable when the hash is that of the asset; an old hash is redirected to the new address.
 * ERR_NOT_FOUND: no asset of that name. */
MUST_CHECK enum err assets_serve(const struct asset_table *table, const struct http_request *req,
                                 struct http_response *res);

/* "/a/<hash>/<name>", in the arena; ERR_NOT_FOUND when there is no asset of that name. */
MUST_CHECK enum err assets_address(const struct asset_table *table, const char *name,
                                   struct arena *arena, struct str *address);

#endif
