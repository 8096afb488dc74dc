/* Files that come in.  The name of a resumable upload is its state's key: the owner, random bits
 * and the total; its length is the state. */
#include "http/upload.h"

#include "base/arena.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define FOLDER "incoming"
#define BODY_STALE_MS (60LL * 60 * 1000)
#define RANDOM_BYTES 16
#define RANDOM_TEXT (2 * RANDOM_BYTES)
#define COPY_BYTES 65536

/* Writes a path; false when it does not fit. */
__attribute__((format(printf, 2, 3))) static bool path_write(char path[PATH_MAX], const char *fmt,
                                                             ...)
{
    va_list args;
    va_start(args, fmt);
    int n = vsnprintf(path, PATH_MAX, fmt, args);
    va_end(args);
    return n > 0 && n < PATH_MAX;
}

static void random_text(char text[RANDOM_TEXT + 1])
{
    unsigned char bytes[RANDOM_BYTES];
    randombytes_buf(bytes, sizeof bytes);
    sodium_bin2hex(text, RANDOM_TEXT + 1, bytes, sizeof bytes);
}

enum err upload_prepare(const char *data_dir)
{
    char path[PATH_MAX];
    if (!path_write(path, "%s/" FOLDER, data_dir)) {
        return ERR_LIMIT;
    }
    return mkdir(path, 0700) == 0 || errno == EEXIST ? ERR_OK : ERR_IO;
}

enum err upload_create(const char *data_dir, struct arena *arena, struct http_upload *upload)
{
    char path[PATH_MAX], name[RANDOM_TEXT + 1];
    random_text(name);
    if (!path_write(path, "%s/" FOLDER "/body-%s", data_dir, name)) {
        return ERR_LIMIT;
    }
    char *copy = arena_text(arena, path, strlen(path));
    if (!copy) {
        return ERR_NOMEM;
    }
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) {
        return ERR_IO;
    }
    *upload = (struct http_upload){.path = copy, .fd = fd};
    return ERR_OK;
}

void upload_drop(struct http_upload *upload)
{
    if (upload->fd >= 0) {
        close(upload->fd);
        upload->fd = -1;
    }
    if (!upload->kept && upload->path) {
        unlink(upload->path);
    }
}

/* What was renamed is on disk only when its folder is. */
static enum err sync_folder(const char *path)
{
    char folder[PATH_MAX];
    const char *slash = strrchr(path, '/');
    if (!path_write(folder, "%.*s", slash ? (int)(slash - path) + 1 : 1, slash ? path : ".")) {
        return ERR_LIMIT;
    }
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) {
        return ERR_IO;
    }
    enum err err = fsync(fd) == 0 ? ERR_OK : ERR_IO;
    close(fd);
    return err;
}

static enum err settle(int fd, const char *from, const char *to)
{
    if (fsync(fd) != 0 || rename(from, to) != 0) {
        return ERR_IO;
    }
    return sync_folder(to);
}

enum err upload_keep(struct http_upload *upload, const char *path)
{
    enum err err = settle(upload->fd, upload->path, path);
    upload->kept = upload->kept || err == ERR_OK;
    return err;
}

/* The path of an id, and the total that it holds; false when it is no id. */
static bool part_path(const char *data_dir, int64_t owner, struct str id, char path[PATH_MAX],
                      int64_t *total)
{
    uint64_t value = 0;
    if (id.n < RANDOM_TEXT + 2 || id.n > UPLOAD_ID || id.p[RANDOM_TEXT] != '-') {
        return false;
    }
    for (size_t i = 0; i < id.n; i++) {
        const char *digit = id.p[i] ? strchr("0123456789abcdef", id.p[i]) : NULL;
        if (i == RANDOM_TEXT) {
            continue;
        }
        if (!digit) {
            return false;
        }
        value = i > RANDOM_TEXT ? value << 4 | (uint64_t)(digit - "0123456789abcdef") : 0;
    }
    *total = (int64_t)(value & INT64_MAX);
    return path_write(path, "%s/" FOLDER "/part-%" PRId64 "-%.*s", data_dir, owner, (int)id.n,
                      id.p);
}

enum err upload_begin(const char *data_dir, int64_t owner, int64_t total, struct upload_id *id)
{
    char path[PATH_MAX], name[RANDOM_TEXT + 1];
    if (total < 0) {
        return ERR_RANGE;
    }
    random_text(name);
    snprintf(id->text, sizeof id->text, "%s-%" PRIx64, name, (uint64_t)total);
    if (!part_path(data_dir, owner, str_of(id->text), path, &total)) {
        return ERR_LIMIT;
    }
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) {
        return ERR_IO;
    }
    close(fd);
    return ERR_OK;
}

static enum err part_open(const char *data_dir, int64_t owner, struct str id, char path[PATH_MAX],
                          int *fd, int64_t *size, int64_t *total)
{
    struct stat about;
    if (!part_path(data_dir, owner, id, path, total)) {
        return ERR_NOT_FOUND;
    }
    *fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    if (*fd < 0) {
        return errno == ENOENT ? ERR_NOT_FOUND : ERR_IO;
    }
    if (fstat(*fd, &about) != 0) {
        close(*fd);
        return ERR_IO;
    }
    *size = about.st_size;
    return ERR_OK;
}

enum err upload_size(const char *data_dir, int64_t owner, struct str id, int64_t *size,
                     int64_t *total)
{
    char path[PATH_MAX];
    int fd;
    enum err err = part_open(data_dir, owner, id, path, &fd, size, total);
    if (err == ERR_OK) {
        close(fd);
    }
    return err;
}

static enum err copy(int from, int to, int64_t offset, int64_t n)
{
    char bytes[COPY_BYTES];
    for (int64_t done = 0; done < n;) {
        size_t most = n - done < COPY_BYTES ? (size_t)(n - done) : COPY_BYTES;
        ssize_t got = pread(from, bytes, most, done);
        if (got <= 0 || pwrite(to, bytes, (size_t)got, offset + done) != got) {
            return ERR_IO;
        }
        done += got;
    }
    return ERR_OK;
}

enum err upload_append(const char *data_dir, int64_t owner, struct str id, int64_t offset,
                       const struct http_upload *part, int64_t *size)
{
    char path[PATH_MAX];
    int fd;
    int64_t total;
    struct stat about;
    enum err err = part_open(data_dir, owner, id, path, &fd, size, &total);
    if (err != ERR_OK) {
        return err;
    }
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        err = errno == EWOULDBLOCK ? ERR_BUSY : ERR_IO;
    } else if (fstat(fd, &about) != 0) {
        err = ERR_IO;
    } else if (*size = about.st_size, offset != *size) {
        err = ERR_CONFLICT;
    } else if (part->size > total - offset) {
        err = ERR_LIMIT;
    } else {
        err = copy(part->fd, fd, offset, part->size);
        if (err == ERR_OK) {
            *size = offset + part->size;
        } else if (ftruncate(fd, offset) != 0) {
            err = ERR_IO;
        }
    }
    close(fd);
    return err;
}

enum err upload_finish(const char *data_dir, int64_t owner, struct str id, const char *path)
{
    char from[PATH_MAX];
    int fd;
    int64_t size, total;
    enum err err = part_open(data_dir, owner, id, from, &fd, &size, &total);
    if (err != ERR_OK) {
        return err;
    }
    err = size == total ? settle(fd, from, path) : ERR_CONFLICT;
    close(fd);
    return err;
}

void upload_cancel(const char *data_dir, int64_t owner, struct str id)
{
    char path[PATH_MAX];
    int64_t total;
    if (part_path(data_dir, owner, id, path, &total)) {
        unlink(path);
    }
}

int upload_sweep(const char *data_dir, int64_t now_ms)
{
    char path[PATH_MAX];
    int removed = 0;
    struct dirent *entry;
    if (!path_write(path, "%s/" FOLDER, data_dir)) {
        return 0;
    }
    DIR *folder = opendir(path);
    while (folder && (entry = readdir(folder))) {
        struct stat about;
        bool body = strncmp(entry->d_name, "body-", 5) == 0;
        bool part = strncmp(entry->d_name, "part-", 5) == 0;
        if ((!body && !part) || fstatat(dirfd(folder), entry->d_name, &about, 0) != 0) {
            continue;
        }
        int64_t age = now_ms - (int64_t)about.st_mtim.tv_sec * 1000;
        if (age > (body ? BODY_STALE_MS : UPLOAD_STALE_MS)) {
            removed += unlinkat(dirfd(folder), entry->d_name, 0) == 0;
        }
    }
    if (folder) {
        closedir(folder);
    }
    return removed;
}
