/* Files that clients send: kept beyond the request, or put together from parts.
 *
 * Everything lies in one folder of the data directory, <data>/incoming, under random names, mode
 * 0600.  What nobody kept is removed at the end of its request; what a crash left, and parts that
 * nobody went on with for UPLOAD_STALE_MS, by the master.
 *
 * A large file comes in parts of at most HTTP_MAX_UPLOAD_PART:
 *     upload_begin -> an id; upload_append(id, offset, part) for each; upload_finish -> a path.
 * The state of an upload is the length of its file, so it goes on after a lost connection, a new
 * worker or a restart: upload_size says where. */
#ifndef DUET_HTTP_UPLOAD_H
#define DUET_HTTP_UPLOAD_H

#include "base/err.h"
#include "base/str.h"
#include "http/request.h"

#include <stddef.h>
#include <stdint.h>

struct arena;

#define UPLOAD_ID 49 /* most characters of an id: 128 random bits, and the total */
#define UPLOAD_STALE_MS (24LL * 60 * 60 * 1000)

struct upload_id {
    char text[UPLOAD_ID + 1];
};

/* The folder for `data_dir`, made (0700) when it is not there. */
MUST_CHECK enum err upload_prepare(const char *data_dir);

/* A new, empty file for a body or a part of a form; the server's. */
MUST_CHECK enum err upload_create(const char *data_dir, struct arena *arena,
                                  struct http_upload *upload);
/* Closes it, and removes it unless it was kept. */
void upload_drop(struct http_upload *upload);

/* Moves the file to `path` (same file system), where it stays; synced to disk before. */
MUST_CHECK enum err upload_keep(struct http_upload *upload, const char *path);

/* A new, empty upload of `owner` (a person's id) that will have `total` bytes. */
MUST_CHECK enum err upload_begin(const char *data_dir, int64_t owner, int64_t total,
                                 struct upload_id *id);

/* Bytes that are there, and how many there will be.  ERR_NOT_FOUND: no upload of this id and
 * owner. */
MUST_CHECK enum err upload_size(const char *data_dir, int64_t owner, struct str id, int64_t *size,
                                int64_t *total);

/* Adds `part` at `offset`.  ERR_CONFLICT: the file does not end there (*size says where it does);
 * ERR_LIMIT: beyond the total; ERR_BUSY: another request is adding to it. */
MUST_CHECK enum err upload_append(const char *data_dir, int64_t owner, struct str id,
                                  int64_t offset, const struct http_upload *part, int64_t *size);

/* Moves a complete upload to `path`.  ERR_CONFLICT: it is not complete. */
MUST_CHECK enum err upload_finish(const char *data_dir, int64_t owner, struct str id,
                                  const char *path);
void upload_cancel(const char *data_dir, int64_t owner, struct str id);

/* Removes parts older than UPLOAD_STALE_MS and files of requests older than an hour; how many. */
int upload_sweep(const char *data_dir, int64_t now_ms);

#endif
