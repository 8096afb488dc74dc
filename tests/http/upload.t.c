/* Files that come in: kept, put together from parts, swept away. */
#include "http/upload.h"
#include "base/arena.h"
#include "tap.h"

#include <dirent.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* How many files lie in the folder of uploads. */
static int count(const char *dir)
{
    char path[512];
    int n = 0;
    struct dirent *entry;
    snprintf(path, sizeof path, "%s/incoming", dir);
    DIR *folder = opendir(path);
    while (folder && (entry = readdir(folder))) {
        n += entry->d_name[0] != '.';
    }
    if (folder) {
        closedir(folder);
    }
    return n;
}

static struct http_upload make(const char *dir, struct arena *arena, const char *text)
{
    struct http_upload upload = {.fd = -1};
    if (upload_create(dir, arena, &upload) != ERR_OK ||
        write(upload.fd, text, strlen(text)) != (ssize_t)strlen(text) ||
        lseek(upload.fd, 0, SEEK_SET) != 0) {
        printf("Bail out! no upload\n");
    }
    upload.size = (int64_t)strlen(text);
    return upload;
}

static void test_keep(const char *dir, struct arena *arena)
{
    struct stat about;
    char path[512];
    struct http_upload upload = make(dir, arena, "hello");
    snprintf(path, sizeof path, "%s/kept", dir);
    tap_ok(stat(upload.path, &about) == 0 && (about.st_mode & 0777) == 0600 && count(dir) == 1,
           "nobody else may read it");
    upload_drop(&upload);
    tap_ok(count(dir) == 0, "what is not kept is removed");
    upload = make(dir, arena, "hello");
    tap_ok(upload_keep(&upload, path) == ERR_OK && stat(path, &about) == 0 && about.st_size == 5,
           "what is kept lies where it was wanted");
    upload_drop(&upload);
    tap_ok(access(path, F_OK) == 0 && count(dir) == 0, "and stays there");
    upload = make(dir, arena, "hello");
    snprintf(path, sizeof path, "%s/nowhere/kept", dir);
    tap_ok(upload_keep(&upload, path) == ERR_IO, "a folder that is not there");
    upload_drop(&upload);
    tap_ok(count(dir) == 0, "leaves nothing behind");
}

static void test_parts(const char *dir, struct arena *arena)
{
    struct upload_id id;
    int64_t size = -1, total = -1;
    char path[512], text[16] = "";
    struct http_upload a = make(dir, arena, "hello "), b = make(dir, arena, "world"),
                       c = make(dir, arena, "!");
    snprintf(path, sizeof path, "%s/whole", dir);
    tap_ok(upload_begin(dir, 3, 11, &id) == ERR_OK && strlen(id.text) <= UPLOAD_ID, "begun");
    struct str key = str_of(id.text);
    tap_ok(upload_size(dir, 3, key, &size, &total) == ERR_OK && size == 0 && total == 11, "empty");
    tap_ok(upload_append(dir, 3, key, 0, &a, &size) == ERR_OK && size == 6, "the first part");
    tap_ok(upload_append(dir, 3, key, 0, &a, &size) == ERR_CONFLICT && size == 6,
           "the same again: says where it is");
    tap_ok(upload_append(dir, 3, key, 7, &b, &size) == ERR_CONFLICT, "a gap");
    tap_ok(upload_finish(dir, 3, key, path) == ERR_CONFLICT, "not complete");
    tap_ok(upload_append(dir, 4, key, 6, &b, &size) == ERR_NOT_FOUND, "somebody else's");
    tap_ok(upload_append(dir, 3, key, 6, &b, &size) == ERR_OK && size == 11, "the second part");
    tap_ok(upload_append(dir, 3, key, 11, &c, &size) == ERR_LIMIT, "more than was said");
    tap_ok(upload_finish(dir, 3, key, path) == ERR_OK, "finished");
    int fd = open(path, O_RDONLY);
    tap_ok(read(fd, text, 15) == 11 && strcmp(text, "hello world") == 0, "whole");
    close(fd);
    tap_ok(upload_size(dir, 3, key, &size, &total) == ERR_NOT_FOUND, "and gone from here");
    upload_drop(&a);
    upload_drop(&b);
    upload_drop(&c);
}

static void test_ids(const char *dir)
{
    static const char *const bad[] = {"",
                                      "x",
                                      "../../../../etc/passwd",
                                      "00000000000000000000000000000000",
                                      "00000000000000000000000000000000-",
                                      "0000000000000000000000000000000g-5",
                                      "00000000000000000000000000000000-0/5",
                                      "00000000000000000000000000000000-5"};
    int64_t size, total;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        tap_ok(upload_size(dir, 3, str_of(bad[i]), &size, &total) == ERR_NOT_FOUND,
               "\"%s\" is no upload", bad[i]);
    }
    struct upload_id id;
    tap_ok(upload_begin(dir, 3, -1, &id) == ERR_RANGE, "a negative size");
}

static void test_two_at_once(const char *dir, struct arena *arena)
{
    struct upload_id id;
    char path[512];
    int64_t size;
    struct http_upload part = make(dir, arena, "x");
    tap_ok(upload_begin(dir, 3, 5, &id) == ERR_OK, "begun");
    snprintf(path, sizeof path, "%s/incoming/part-3-%s", dir, id.text);
    int fd = open(path, O_RDWR);
    tap_ok(flock(fd, LOCK_EX) == 0 &&
               upload_append(dir, 3, str_of(id.text), 0, &part, &size) == ERR_BUSY,
           "one at a time");
    close(fd);
    upload_cancel(dir, 3, str_of(id.text));
    upload_drop(&part);
    tap_ok(count(dir) == 0, "cancelled");
}

static void test_sweep(const char *dir, struct arena *arena)
{
    struct upload_id id;
    struct http_upload left = make(dir, arena, "x");
    int64_t now = (int64_t)time(NULL) * 1000, hour = 3600000;
    close(left.fd);
    tap_ok(upload_begin(dir, 3, 5, &id) == ERR_OK && count(dir) == 2, "two files");
    tap_ok(upload_sweep(dir, now) == 0 && count(dir) == 2, "nothing is old");
    tap_ok(upload_sweep(dir, now + 2 * hour) == 1 && count(dir) == 1, "what a crash left");
    tap_ok(upload_sweep(dir, now + 25 * hour) == 1 && count(dir) == 0, "what nobody went on with");
    tap_ok(upload_sweep("nowhere", now) == 0, "no folder");
}

int main(void)
{
    char dir[] = "http-upload.XXXXXX", path[64];
    struct arena *arena = arena_new(0);
    if (sodium_init() < 0 || !mkdtemp(dir)) {
        return 1;
    }
    tap_ok(upload_prepare(dir) == ERR_OK && upload_prepare(dir) == ERR_OK, "prepared, twice");
    tap_ok(upload_prepare("nowhere/at/all") == ERR_IO, "no folder");
    test_keep(dir, arena);
    test_parts(dir, arena);
    test_ids(dir);
    test_two_at_once(dir, arena);
    test_sweep(dir, arena);
    static const char *const names[] = {"kept", "whole", "incoming", ""};
    for (int i = 0; i < 4; i++) {
        snprintf(path, sizeof path, "%s/%s", dir, names[i]);
        remove(path);
    }
    arena_free(arena);
    return tap_done();
}
