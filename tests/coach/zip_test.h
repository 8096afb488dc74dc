/* What the tests of imports share: zips made by libzip in memory, and folders of real exports. */
#ifndef DUET_TESTS_COACH_ZIP_TEST_H
#define DUET_TESTS_COACH_ZIP_TEST_H

#include "base/arena.h"
#include "base/str.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zip.h>

struct zip_test_file {
    const char *name, *text; /* text NULL: a folder */
};

/* Ends the program: the test itself is broken. */
static inline void zip_test_require(int ok, const char *what)
{
    if (!ok) {
        fprintf(stderr, "cannot go on: %s\n", what);
        exit(2);
    }
}

/* A zip of these files (the last has name NULL) in the arena's memory; `change` (may be NULL) may
 * do something to the archive before it is closed. */
static inline struct str zip_test_make(struct arena *arena, const struct zip_test_file *files,
                                       void (*change)(zip_t *zip))
{
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t *whole = zip_source_buffer_create(NULL, 0, 0, &error);
    zip_test_require(whole != NULL, "zip_source_buffer_create");
    zip_source_keep(whole);
    zip_t *zip = zip_open_from_source(whole, ZIP_TRUNCATE, &error);
    zip_test_require(zip != NULL, "zip_open_from_source");
    for (; files->name; files++) {
        if (!files->text) {
            zip_test_require(zip_dir_add(zip, files->name, 0) >= 0, "zip_dir_add");
            continue;
        }
        zip_source_t *one = zip_source_buffer(zip, files->text, strlen(files->text), 0);
        zip_test_require(one && zip_file_add(zip, files->name, one, 0) >= 0, "zip_file_add");
    }
    if (change) {
        change(zip);
    }
    zip_test_require(zip_close(zip) == 0, "zip_close");
    zip_test_require(zip_source_open(whole) == 0, "zip_source_open");
    zip_source_seek(whole, 0, SEEK_END);
    zip_int64_t size = zip_source_tell(whole);
    zip_source_seek(whole, 0, SEEK_SET);
    char *bytes = arena_alloc(arena, (size_t)size + 1, 1);
    zip_test_require(bytes && zip_source_read(whole, bytes, (zip_uint64_t)size) == size, "reading");
    zip_source_close(whole);
    zip_source_free(whole);
    zip_error_fini(&error);
    return (struct str){bytes, (size_t)size};
}

/* The path of a folder of ../shared/data (or $DUET_SHARED/data), whether it is there or not. */
static inline const char *zip_test_shared(struct arena *arena, const char *folder)
{
    const char *root = getenv("DUET_SHARED");
    char path[512];
    snprintf(path, sizeof path, "%s/data/%s", root ? root : "../shared", folder);
    return arena_text(arena, path, strlen(path));
}

/* Reads the files of a folder into a list for zip_test_make; NULL: the folder is not there. */
static inline struct zip_test_file *zip_test_folder(struct arena *arena, const char *path)
{
    enum { MOST = 64 };
    struct zip_test_file *files = arena_alloc(arena, MOST + 1, sizeof *files);
    DIR *folder = opendir(path);
    int n = 0;
    if (!folder || !files) {
        return NULL;
    }
    for (const struct dirent *entry; (entry = readdir(folder)) && n < MOST;) {
        char name[1024];
        snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
        FILE *in = entry->d_name[0] == '.' ? NULL : fopen(name, "rb");
        if (!in) {
            continue;
        }
        char *text = arena_alloc(arena, 1 << 20, 1);
        size_t size = text ? fread(text, 1, (1 << 20) - 1, in) : 0;
        zip_test_require(size > 0, name);
        fclose(in);
        files[n].name = arena_text(arena, entry->d_name, strlen(entry->d_name));
        files[n++].text = text;
    }
    closedir(folder);
    return files;
}

#endif
