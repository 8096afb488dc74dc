/* Zips and folders as bundles of files; see archive.h. */
#include "coach/archive.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/catalog.h"
#include "base/sort.h"
#include "base/utf8.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zip.h>

#define SHOWN_WIDTH 80 /* columns of an entry's name in a fault */

struct archive_file {
    struct str name;
    uint64_t index; /* in the zip */
    uint64_t size;
};

struct archive {
    struct arena *arena;
    struct archive_file *files;
    int32_t n;
    zip_t *zip;          /* NULL: a folder */
    zip_file_t *reading; /* of a zip */
    int folder, fd;      /* of a folder, and its file being read; -1 */
    const char *why;     /* what went wrong with the entry being read */
    uint64_t left;       /* bytes that the entry has still promised */
};

static const struct {
    const char *message, *hint;
} faults[ARCHIVE_FAULT__MAX] = {
    [ARCHIVE_FAULT_NONE] = {N_("nothing is wrong"), ""},
    [ARCHIVE_FAULT_OPEN] = {N_("it cannot be opened"), ""},
    [ARCHIVE_FAULT_NO_ZIP] = {N_("this is not a zip file, or its end is missing"),
                              N_("export it again, and see that the upload was complete")},
    [ARCHIVE_FAULT_DAMAGED] = {N_("this file inside the zip is damaged"),
                               N_("export the zip again")},
    [ARCHIVE_FAULT_MANY] = {N_("the zip has more than 200 files"),
                            N_("leave only the CSV files of one export in it")},
    [ARCHIVE_FAULT_LARGE] =
        {N_("unpacked this would be too large (1 GiB for a file, 3 GiB for all)"),
         N_("export fewer schools at once")},
    [ARCHIVE_FAULT_RATIO] =
        {N_("this promises far more than its packed bytes can hold"),
         N_("export the zip again; if that does not help, give the folder instead")},
    [ARCHIVE_FAULT_NAME] =
        {N_("a file in the zip has a path that leads elsewhere, is longer than 255 "
            "bytes or has characters that cannot be shown"),
         N_("put the CSV files into a new zip")},
    [ARCHIVE_FAULT_ENCRYPTED] = {N_("the zip has a password"),
                                 N_("take the password off; the file does not leave this server")},
    [ARCHIVE_FAULT_LINK] = {N_("the zip has a link or a device in it"),
                            N_("put the CSV files themselves into the zip")},
    [ARCHIVE_FAULT_METHOD] = {N_("this file is packed in a way that is not known here"),
                              N_("make the zip again with the usual method (deflate)")},
    [ARCHIVE_FAULT_TWICE] = {N_("two files have the same name"), N_("delete one of the two")},
    [ARCHIVE_FAULT_FOLDERS] = {N_("the files stand in several folders"),
                               N_("put the CSV files of one export into one folder")},
    [ARCHIVE_FAULT_EMPTY] = {N_("there is no file in it"),
                             N_("look whether the export was finished")},
};

const char *archive_fault_message(enum archive_fault_kind kind)
{
    return faults[kind].message;
}

const char *archive_fault_hint(enum archive_fault_kind kind)
{
    return faults[kind].hint;
}

static enum err archive_fail(struct arena *arena, struct archive_fault *fault,
                             enum archive_fault_kind kind, const char *entry)
{
    struct buf buf;
    *fault = (struct archive_fault){.kind = kind, .entry = str_of("")};
    buf_init(&buf, arena, 16 * SHOWN_WIDTH);
    utf8_add_shown(&buf, str_of(entry), SHOWN_WIDTH);
    return buf_end(&buf, &fault->entry) ? ERR_NOMEM : ERR_INVALID;
}

/* The part behind the last slash. */
static const char *path_base(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* What file managers add. */
static bool path_is_noise(const char *path)
{
    const char *base = path_base(path);
    return base[0] == '\0' || base[0] == '.' || strncmp(path, "__MACOSX/", 9) == 0;
}

/* Relative, without steps up, and fit to be shown. */
static bool path_is_plain(const char *path)
{
    size_t n = strlen(path), bad;
    if (n == 0 || n > ARCHIVE_MAX_NAME || path[0] == '/' || strpbrk(path, "\\:") ||
        !utf8_is_valid(str_of(path), &bad)) {
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        if ((unsigned char)path[i] < 0x20 || path[i] == 0x7F) {
            return false;
        }
    }
    for (const char *part = path; part; part = strchr(part, '/')) {
        part += part[0] == '/';
        size_t length = strcspn(part, "/");
        if (length == 2 && part[0] == '.' && part[1] == '.') {
            return false;
        }
    }
    return true;
}

static int compare_files(const void *a, const void *b, void *ctx)
{
    (void)ctx;
    const struct archive_file *left = a, *right = b;
    return strcmp(left->name.p, right->name.p);
}

/* Puts the files into order and looks for names that are the same in small letters. */
static enum err archive_finish(struct archive *archive, struct archive_fault *fault)
{
    sort_items(archive->files, (size_t)archive->n, sizeof *archive->files, compare_files, NULL);
    for (int32_t i = 0; i < archive->n; i++) {
        if (archive_find(archive, archive->files[i].name) != i) {
            return archive_fail(archive->arena, fault, ARCHIVE_FAULT_TWICE,
                                archive->files[i].name.p);
        }
    }
    return archive->n > 0 ? ERR_OK : archive_fail(archive->arena, fault, ARCHIVE_FAULT_EMPTY, "");
}

static struct archive *archive_new(struct arena *arena)
{
    struct archive *archive = arena_alloc(arena, 1, sizeof *archive);
    if (!archive) {
        return NULL;
    }
    archive->arena = arena;
    archive->folder = archive->fd = -1;
    archive->files = arena_alloc(arena, ARCHIVE_MAX_ENTRIES, sizeof *archive->files);
    return archive->files ? archive : NULL;
}

static enum err archive_add(struct archive *archive, const char *name, uint64_t index,
                            uint64_t size)
{
    assert(archive->n < ARCHIVE_MAX_ENTRIES);
    size_t n = strlen(name);
    const char *copy = arena_text(archive->arena, name, n);
    if (!copy) {
        return ERR_NOMEM;
    }
    archive->files[archive->n++] = (struct archive_file){{copy, n}, index, size};
    return ERR_OK;
}

/* What is wrong with one entry of a zip, as its directory describes it. */
static enum archive_fault_kind entry_fault(zip_t *zip, const zip_stat_t *stat)
{
    const zip_uint64_t needed =
        ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_COMP_METHOD | ZIP_STAT_ENCRYPTION_METHOD;
    zip_uint8_t system = 0;
    zip_uint32_t attributes = 0;
    if ((stat->valid & needed) != needed ||
        zip_file_get_external_attributes(zip, stat->index, 0, &system, &attributes) != 0) {
        return ARCHIVE_FAULT_DAMAGED;
    }
    mode_t mode = (mode_t)(attributes >> 16);
    bool special = system == ZIP_OPSYS_UNIX && (mode & S_IFMT) != 0 && !S_ISREG(mode);
    if (special && !S_ISDIR(mode)) {
        return ARCHIVE_FAULT_LINK;
    }
    if (stat->encryption_method != ZIP_EM_NONE) {
        return ARCHIVE_FAULT_ENCRYPTED;
    }
    if (!zip_compression_method_supported(stat->comp_method, 0)) {
        return ARCHIVE_FAULT_METHOD;
    }
    if (stat->size > ARCHIVE_MAX_ENTRY) {
        return ARCHIVE_FAULT_LARGE;
    }
    if (stat->size > ARCHIVE_FREE_RATIO && stat->size / ARCHIVE_MAX_RATIO >= stat->comp_size) {
        return ARCHIVE_FAULT_RATIO;
    }
    return ARCHIVE_FAULT_NONE;
}

/* Where the entries stand so far. */
struct listing {
    uint64_t total, packed;
    const char *folder; /* of the files, with its slash; NULL: none yet */
    size_t n_folder;
};

static enum err archive_list_entry(struct archive *archive, zip_uint64_t i, struct listing *so_far,
                                   struct archive_fault *fault)
{
    zip_stat_t stat;
    const char *path = zip_get_name(archive->zip, i, ZIP_FL_ENC_GUESS);
    if (!path || zip_stat_index(archive->zip, i, 0, &stat) != 0) {
        return archive_fail(archive->arena, fault, ARCHIVE_FAULT_NO_ZIP, "");
    }
    enum archive_fault_kind kind =
        path_is_plain(path) ? entry_fault(archive->zip, &stat) : ARCHIVE_FAULT_NAME;
    if (kind != ARCHIVE_FAULT_NONE) {
        return archive_fail(archive->arena, fault, kind, path);
    }
    so_far->total += stat.size;
    so_far->packed += stat.comp_size;
    if (so_far->total > ARCHIVE_MAX_TOTAL) {
        return archive_fail(archive->arena, fault, ARCHIVE_FAULT_LARGE, path);
    }
    if (path_is_noise(path)) {
        return ERR_OK;
    }
    const char *base = path_base(path);
    size_t n_folder = (size_t)(base - path);
    if (so_far->folder &&
        (n_folder != so_far->n_folder || memcmp(path, so_far->folder, n_folder) != 0)) {
        return archive_fail(archive->arena, fault, ARCHIVE_FAULT_FOLDERS, path);
    }
    so_far->folder = arena_text(archive->arena, path, n_folder);
    so_far->n_folder = n_folder;
    return so_far->folder ? archive_add(archive, base, i, stat.size) : ERR_NOMEM;
}

static enum err archive_list(struct archive *archive, uint64_t zip_size,
                             struct archive_fault *fault)
{
    zip_int64_t n = zip_get_num_entries(archive->zip, 0);
    struct listing so_far = {0};
    if (n > ARCHIVE_MAX_ENTRIES) {
        return archive_fail(archive->arena, fault, ARCHIVE_FAULT_MANY, "");
    }
    for (zip_int64_t i = 0; i < n; i++) {
        enum err err = archive_list_entry(archive, (zip_uint64_t)i, &so_far, fault);
        if (err) {
            return err;
        }
    }
    if (so_far.packed > zip_size) {
        return archive_fail(archive->arena, fault, ARCHIVE_FAULT_RATIO, "");
    }
    return archive_finish(archive, fault);
}

/* Opens the zip in `source`, which is taken. */
static enum err archive_open(struct arena *arena, zip_source_t *source, struct archive **result,
                             struct archive_fault *fault)
{
    zip_stat_t stat;
    zip_error_t error;
    struct archive *archive = archive_new(arena);
    if (!archive || zip_source_stat(source, &stat) != 0 || !(stat.valid & ZIP_STAT_SIZE)) {
        zip_source_free(source);
        return archive ? archive_fail(arena, fault, ARCHIVE_FAULT_NO_ZIP, "") : ERR_NOMEM;
    }
    zip_error_init(&error);
    archive->zip = zip_open_from_source(source, ZIP_RDONLY, &error);
    bool no_memory = zip_error_code_zip(&error) == ZIP_ER_MEMORY;
    zip_error_fini(&error);
    if (!archive->zip) {
        zip_source_free(source);
        return no_memory ? ERR_NOMEM : archive_fail(arena, fault, ARCHIVE_FAULT_NO_ZIP, "");
    }
    enum err err = archive_list(archive, stat.size, fault);
    if (err) {
        archive_close(archive);
        return err;
    }
    *result = archive;
    return ERR_OK;
}

static enum err archive_cannot_open(struct archive_fault *fault)
{
    *fault = (struct archive_fault){ARCHIVE_FAULT_OPEN, str_of(""), errno};
    return ERR_IO;
}

enum err archive_open_zip(struct arena *arena, const char *path, struct archive **archive,
                          struct archive_fault *fault)
{
    zip_error_t error;
    /* libzip opens late; asking early tells a file that is not there from one that is no zip. */
    if (access(path, R_OK) != 0) {
        return archive_cannot_open(fault);
    }
    zip_error_init(&error);
    zip_source_t *source = zip_source_file_create(path, 0, -1, &error);
    zip_error_fini(&error);
    return source ? archive_open(arena, source, archive, fault) : ERR_NOMEM;
}

enum err archive_open_memory(struct arena *arena, struct str bytes, struct archive **archive,
                             struct archive_fault *fault)
{
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t *source = zip_source_buffer_create(bytes.p, bytes.n, 0, &error);
    zip_error_fini(&error);
    return source ? archive_open(arena, source, archive, fault) : ERR_NOMEM;
}

static enum err archive_list_folder(struct archive *archive, DIR *folder,
                                    struct archive_fault *fault)
{
    const struct dirent *entry;
    while ((errno = 0, entry = readdir(folder)) != NULL) {
        struct stat stat;
        if (path_is_noise(entry->d_name) || fstatat(dirfd(folder), entry->d_name, &stat, 0) != 0 ||
            !S_ISREG(stat.st_mode)) {
            continue;
        }
        if (!path_is_plain(entry->d_name)) {
            return archive_fail(archive->arena, fault, ARCHIVE_FAULT_NAME, entry->d_name);
        }
        if (archive->n == ARCHIVE_MAX_ENTRIES) {
            return archive_fail(archive->arena, fault, ARCHIVE_FAULT_MANY, "");
        }
        enum err err = archive_add(archive, entry->d_name, 0, (uint64_t)stat.st_size);
        if (err) {
            return err;
        }
    }
    return errno ? archive_cannot_open(fault) : archive_finish(archive, fault);
}

enum err archive_open_folder(struct arena *arena, const char *path, struct archive **result,
                             struct archive_fault *fault)
{
    struct archive *archive = archive_new(arena);
    if (!archive) {
        return ERR_NOMEM;
    }
    archive->folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int again = archive->folder < 0 ? -1 : dup(archive->folder); /* closedir closes its own */
    DIR *folder = again < 0 ? NULL : fdopendir(again);
    enum err err =
        folder ? archive_list_folder(archive, folder, fault) : archive_cannot_open(fault);
    if (folder) {
        closedir(folder);
    } else if (again >= 0) {
        close(again);
    }
    if (err) {
        archive_close(archive);
        return err;
    }
    *result = archive;
    return ERR_OK;
}

void archive_close(struct archive *archive)
{
    if (!archive) {
        return;
    }
    archive_end(archive);
    if (archive->zip) {
        zip_discard(archive->zip);
    }
    if (archive->folder >= 0) {
        close(archive->folder);
    }
    archive->zip = NULL;
    archive->folder = -1;
}

int32_t archive_count(const struct archive *archive)
{
    return archive->n;
}

struct archive_entry archive_at(const struct archive *archive, int32_t i)
{
    return (struct archive_entry){archive->files[i].name, archive->files[i].size};
}

int32_t archive_find(const struct archive *archive, struct str name)
{
    char wanted[UTF8_MAX_FORM], found[UTF8_MAX_FORM];
    struct str form, other;
    if (utf8_fold(name, wanted, &form)) {
        return -1;
    }
    for (int32_t i = 0; i < archive->n; i++) {
        if (!utf8_fold(archive->files[i].name, found, &other) && str_equal(form, other)) {
            return i;
        }
    }
    return -1;
}

static enum err archive_read(void *ctx, char *to, size_t n, size_t *got)
{
    struct archive *archive = ctx;
    if (archive->fd >= 0) {
        return csv_source_file(&archive->fd).read(&archive->fd, to, n, got);
    }
    zip_int64_t bytes = zip_fread(archive->reading, to, n);
    if (bytes < 0 || (uint64_t)bytes > archive->left || (bytes == 0 && archive->left > 0)) {
        archive->why = archive_fault_message(ARCHIVE_FAULT_DAMAGED);
        return ERR_IO;
    }
    archive->left -= (uint64_t)bytes;
    *got = (size_t)bytes;
    return ERR_OK;
}

static const char *archive_why(void *ctx)
{
    const struct archive *archive = ctx;
    return archive->why ? archive->why : strerror(errno);
}

enum err archive_begin(struct archive *archive, int32_t i, struct csv_source *source)
{
    const struct archive_file *file = &archive->files[i];
    archive_end(archive);
    archive->why = NULL;
    archive->left = file->size;
    if (archive->zip) {
        archive->reading = zip_fopen_index(archive->zip, file->index, 0);
        archive->why = archive->reading ? NULL : faults[ARCHIVE_FAULT_DAMAGED].message;
    } else {
        archive->fd = openat(archive->folder, file->name.p, O_RDONLY | O_CLOEXEC);
    }
    *source = (struct csv_source){.read = archive_read, .ctx = archive, .why = archive_why};
    return archive->reading || archive->fd >= 0 ? ERR_OK : ERR_IO;
}

void archive_end(struct archive *archive)
{
    if (archive->reading) {
        zip_fclose(archive->reading);
    }
    if (archive->fd >= 0) {
        close(archive->fd);
    }
    archive->reading = NULL;
    archive->fd = -1;
}
