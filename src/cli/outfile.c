/* Writing a file so that nobody ever sees half of it; see outfile.h. */
#define _GNU_SOURCE /* realpath, sync_file_range */
#include "cli/outfile.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct outfile {
    FILE *stream;
    char *path;      /* the name it shall have; symbolic links resolved */
    char *temporary; /* NULL when written directly */
};

static enum err fail(const char *path, const char *doing)
{
    fprintf(stderr, "duet: %s: %s: %s\n", path, doing, strerror(errno));
    return errno == ENOMEM ? ERR_NOMEM : ERR_IO;
}

static void outfile_free(struct outfile *file)
{
    if (file) {
        free(file->path);
        free(file->temporary);
        free(file);
    }
}

/* Opens the temporary file beside the path and gives it the old file's mode. */
static int open_beside(struct outfile *file, const struct stat *old)
{
    static const char suffix[] = ".XXXXXX";
    size_t n = strlen(file->path);
    file->temporary = malloc(n + sizeof suffix);
    if (!file->temporary) {
        return -1;
    }
    memcpy(file->temporary, file->path, n);
    memcpy(file->temporary + n, suffix, sizeof suffix);
    int fd = mkstemp(file->temporary);
    if (fd >= 0 && old && fchmod(fd, old->st_mode & 0777) != 0) {
        close(fd);
        unlink(file->temporary);
        return -1;
    }
    return fd;
}

enum err outfile_open(struct outfile **file, const char *path)
{
    struct stat old;
    bool exists = stat(path, &old) == 0;
    struct outfile *made = calloc(1, sizeof *made);
    int fd = -1;
    enum err err = ERR_NOMEM;
    if (!made) {
        return ERR_NOMEM;
    }
    made->path = exists ? realpath(path, NULL) : strdup(path);
    if (!made->path) {
        err = fail(path, "cannot be written");
        goto err0;
    }
    if (exists && S_ISDIR(old.st_mode)) {
        errno = EISDIR;
    } else if (exists && !S_ISREG(old.st_mode)) {
        fd = open(path, O_WRONLY | O_CLOEXEC);
    } else {
        fd = open_beside(made, exists ? &old : NULL);
    }
    if (fd < 0) {
        err = fail(path, "cannot be written");
        goto err0;
    }
    made->stream = fdopen(fd, "w");
    if (!made->stream) {
        err = fail(path, "cannot be written");
        goto err1;
    }
    *file = made;
    return ERR_OK;

err1:
    close(fd);
    if (made->temporary) {
        unlink(made->temporary);
    }
err0:
    outfile_free(made);
    return err;
}

FILE *outfile_stream(struct outfile *file)
{
    return file->stream;
}

void outfile_hasten(FILE *stream)
{
#ifdef SYNC_FILE_RANGE_WRITE
    (void)sync_file_range(fileno(stream), 0, 0, SYNC_FILE_RANGE_WRITE);
#else
    (void)stream;
#endif
}

/* So that the new name itself survives a power cut; a folder that cannot be opened is no reason to
 * call the written file a failure. */
static void sync_folder(const char *path)
{
    char *copy = strdup(path);
    if (copy) {
        int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (fd >= 0) {
            (void)fsync(fd);
            close(fd);
        }
        free(copy);
    }
}

enum err outfile_commit(struct outfile *file)
{
    bool bad = ferror(file->stream) != 0;
    bad = fflush(file->stream) != 0 || bad;
    if (!bad && file->temporary) {
        bad = fsync(fileno(file->stream)) != 0;
    }
    int kept = errno;
    bad = fclose(file->stream) != 0 || bad;
    errno = bad && kept ? kept : errno;
    enum err err = ERR_OK;
    if (bad) {
        err = fail(file->path, "could not be written completely");
    } else if (file->temporary && rename(file->temporary, file->path) != 0) {
        err = fail(file->path, "could not be replaced");
    }
    if (file->temporary && err != ERR_OK) {
        unlink(file->temporary);
    } else if (file->temporary) {
        sync_folder(file->path);
    }
    outfile_free(file);
    return err;
}

void outfile_discard(struct outfile *file)
{
    if (file) {
        (void)fclose(file->stream);
        if (file->temporary) {
            unlink(file->temporary);
        }
        outfile_free(file);
    }
}
