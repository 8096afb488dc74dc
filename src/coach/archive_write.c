/* The zip of archive_write.h: a libzip archive over a buffer. */
#include "coach/archive_write.h"

#include "base/arena.h"

#include <zip.h>

#define MILLISECONDS 1000

struct archive_writer {
    struct arena *arena;
    zip_source_t *whole; /* what the zip is written to */
    zip_t *zip;          /* NULL: closed */
    int64_t now_ms;
};

static enum err kind_of(zip_error_t *error)
{
    return zip_error_code_zip(error) == ZIP_ER_MEMORY ? ERR_NOMEM : ERR_IO;
}

enum err archive_write_begin(struct arena *arena, int64_t now_ms, struct archive_writer **writer)
{
    struct archive_writer *w = arena_alloc(arena, 1, sizeof *w);
    zip_error_t error;
    *writer = NULL;
    if (!w) {
        return ERR_NOMEM;
    }
    *w = (struct archive_writer){.arena = arena, .now_ms = now_ms};
    zip_error_init(&error);
    w->whole = zip_source_buffer_create(NULL, 0, 0, &error);
    if (w->whole) {
        w->zip = zip_open_from_source(w->whole, ZIP_TRUNCATE, &error);
    }
    enum err err = w->zip ? ERR_OK : kind_of(&error);
    zip_error_fini(&error);
    if (err) {
        zip_source_free(w->whole);
        return err;
    }
    zip_source_keep(w->whole); /* closing the zip gives one away */
    *writer = w;
    return ERR_OK;
}

enum err archive_write_add(struct archive_writer *w, const char *name, struct str text)
{
    zip_source_t *source = zip_source_buffer(w->zip, text.p, text.n, 0);
    if (!source) {
        return ERR_NOMEM;
    }
    zip_int64_t index = zip_file_add(w->zip, name, source, ZIP_FL_ENC_UTF_8);
    if (index < 0) {
        enum err err =
            zip_error_code_zip(zip_get_error(w->zip)) == ZIP_ER_MEMORY ? ERR_NOMEM : ERR_INVALID;
        zip_source_free(source);
        return err;
    }
    return zip_file_set_mtime(w->zip, (zip_uint64_t)index, (time_t)(w->now_ms / MILLISECONDS), 0) ==
                   0
               ? ERR_OK
               : ERR_NOMEM;
}

static enum err read_whole(struct archive_writer *w, struct str *zip)
{
    zip_stat_t stat;
    if (zip_source_stat(w->whole, &stat) != 0 || !(stat.valid & ZIP_STAT_SIZE) ||
        zip_source_open(w->whole) != 0) {
        return ERR_IO;
    }
    char *bytes = arena_alloc(w->arena, stat.size ? stat.size : 1, 1);
    zip_int64_t n = bytes ? zip_source_read(w->whole, bytes, stat.size) : -1;
    zip_source_close(w->whole);
    if (!bytes) {
        return ERR_NOMEM;
    }
    *zip = (struct str){bytes, stat.size};
    return n == (zip_int64_t)stat.size ? ERR_OK : ERR_IO;
}

enum err archive_write_end(struct archive_writer *w, struct str *zip)
{
    if (zip_close(w->zip) != 0) {
        return kind_of(zip_get_error(w->zip));
    }
    w->zip = NULL;
    return read_whole(w, zip);
}

void archive_write_close(struct archive_writer *w)
{
    if (!w) {
        return;
    }
    if (w->zip) {
        zip_discard(w->zip);
    }
    zip_source_free(w->whole);
}
