/* Bundles of files: what is read from zips and folders, and what is refused. */
#include "coach/archive.h"

#include "tap.h"
#include "zip_test.h"

#include <sys/stat.h>
#include <unistd.h>

static struct arena *arena;

/* The whole text of an entry, or its error in words. */
static const char *read_entry(struct archive *archive, const char *name)
{
    static char text[4096];
    struct csv_source source;
    size_t n = 0, got = 0;
    int32_t i = archive_find(archive, str_of(name));
    enum err err = i < 0 ? ERR_NOT_FOUND : archive_begin(archive, i, &source);
    while (!err && n < sizeof text - 64) {
        err = source.read(source.ctx, text + n, 50, &got);
        n += err ? 0 : got;
        if (!err && got == 0) {
            break;
        }
    }
    archive_end(archive);
    text[n] = '\0';
    if (err) {
        snprintf(text, sizeof text, "%s", err == ERR_IO ? source.why(source.ctx) : err_name(err));
    }
    return text;
}

static enum archive_fault_kind fault_of(struct str bytes)
{
    struct archive *archive = NULL;
    struct archive_fault fault = {0};
    enum err err = archive_open_memory(arena, bytes, &archive, &fault);
    if (!err) {
        archive_close(archive);
        return ARCHIVE_FAULT_NONE;
    }
    return err == ERR_INVALID || err == ERR_IO ? fault.kind : ARCHIVE_FAULT__MAX;
}

static enum archive_fault_kind fault_of_files(const struct zip_test_file *files,
                                              void (*change)(zip_t *zip))
{
    return fault_of(zip_test_make(arena, files, change));
}

static void test_reading(void)
{
    const struct zip_test_file files[] = {
        {"export/", NULL},
        {"export/users.csv", "a,b\n1,2\n"},
        {"export/Orgs.CSV", "x\n"},
        {"__MACOSX/export/._users.csv", "junk"},
        {"export/.DS_Store", "jnk"},
        {"export/empty.csv", ""},
        {NULL, NULL},
    };
    struct archive *archive = NULL;
    struct archive_fault fault;
    struct str bytes = zip_test_make(arena, files, NULL);
    tap_ok(!archive_open_memory(arena, bytes, &archive, &fault), "a zip in memory opens");
    tap_ok(archive_count(archive) == 3, "what file managers add does not count");
    tap_text(archive_at(archive, 0).name.p, "Orgs.CSV", "names without their folder, in order");
    tap_ok(archive_at(archive, 2).size == 8, "with their sizes");
    tap_text(read_entry(archive, "users.csv"), "a,b\n1,2\n", "an entry is read");
    tap_text(read_entry(archive, "orgs.csv"), "x\n", "found in any letter case");
    tap_text(read_entry(archive, "empty.csv"), "", "an empty entry");
    tap_text(read_entry(archive, "users.csv"), "a,b\n1,2\n", "and again");
    tap_text(read_entry(archive, "other.csv"), "not found", "one that is not there");
    archive_close(archive);
}

static void test_files(const char *folder)
{
    struct archive *archive = NULL;
    struct archive_fault fault;
    const struct zip_test_file files[] = {{"users.csv", "a\n"}, {NULL, NULL}};
    struct str bytes = zip_test_make(arena, files, NULL);
    char path[600];
    snprintf(path, sizeof path, "%s/x.zip", folder);
    FILE *out = fopen(path, "wb");
    zip_test_require(out && fwrite(bytes.p, 1, bytes.n, out) == bytes.n && !fclose(out), path);
    tap_ok(!archive_open_zip(arena, path, &archive, &fault), "a zip by its path");
    tap_text(read_entry(archive, "users.csv"), "a\n", "is read");
    archive_close(archive);
    unlink(path);
    tap_ok(archive_open_zip(arena, path, &archive, &fault) == ERR_IO &&
               fault.kind == ARCHIVE_FAULT_OPEN && fault.system != 0,
           "a path that is not there");

    snprintf(path, sizeof path, "%s/Users.csv", folder);
    out = fopen(path, "w");
    zip_test_require(out && fputs("b\n", out) >= 0 && !fclose(out), path);
    tap_ok(!archive_open_folder(arena, folder, &archive, &fault), "a folder");
    tap_ok(archive_count(archive) == 1, "its files are the entries");
    tap_text(read_entry(archive, "users.csv"), "b\n", "and are read");
    archive_close(archive);
    unlink(path);
    tap_ok(archive_open_folder(arena, folder, &archive, &fault) == ERR_INVALID &&
               fault.kind == ARCHIVE_FAULT_EMPTY,
           "an empty folder");
    tap_ok(archive_open_folder(arena, path, &archive, &fault) == ERR_IO, "no folder");
}

static void make_link(zip_t *zip)
{
    zip_file_set_external_attributes(zip, 0, 0, ZIP_OPSYS_UNIX, (zip_uint32_t)0120777 << 16);
}

static void make_secret(zip_t *zip)
{
    zip_file_set_encryption(zip, 0, ZIP_EM_AES_256, "secret");
}

static void test_refused(void)
{
    static const struct {
        const char *name, *other;
        enum archive_fault_kind kind;
    } names[] = {
        {"/etc/users.csv", NULL, ARCHIVE_FAULT_NAME},
        {"../users.csv", NULL, ARCHIVE_FAULT_NAME},
        {"a/../../users.csv", NULL, ARCHIVE_FAULT_NAME},
        {"a/..", NULL, ARCHIVE_FAULT_NAME},
        {"a\\users.csv", NULL, ARCHIVE_FAULT_NAME},
        {"C:users.csv", NULL, ARCHIVE_FAULT_NAME},
        {"a\nb.csv", NULL, ARCHIVE_FAULT_NAME},
        {"users.csv", "USERS.csv", ARCHIVE_FAULT_TWICE},
        {"a/users.csv", "b/orgs.csv", ARCHIVE_FAULT_FOLDERS},
        {"a/users.csv", "orgs.csv", ARCHIVE_FAULT_FOLDERS},
        {"a..b/users.csv", "a..b/..x", ARCHIVE_FAULT_NONE},
    };
    for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
        const struct zip_test_file files[] = {
            {names[k].name, "x"}, {names[k].other, "y"}, {NULL, NULL}};
        tap_ok(fault_of_files(files, NULL) == names[k].kind, "names, case %d", (int)k);
    }
    const struct zip_test_file one[] = {{"users.csv", "a,b\n1,2\n"}, {NULL, NULL}};
    const struct zip_test_file folder[] = {{"a/", NULL}, {NULL, NULL}};
    tap_ok(fault_of_files(one, make_link) == ARCHIVE_FAULT_LINK, "a link");
    tap_ok(fault_of_files(one, make_secret) == ARCHIVE_FAULT_ENCRYPTED, "a password");
    tap_ok(fault_of_files(folder, NULL) == ARCHIVE_FAULT_EMPTY, "folders only");
    tap_ok(fault_of(str_of("")) == ARCHIVE_FAULT_EMPTY, "no bytes");
    tap_ok(fault_of(str_of("sourcedId,name\n")) == ARCHIVE_FAULT_NO_ZIP, "a CSV file");

    static struct zip_test_file many[ARCHIVE_MAX_ENTRIES + 2];
    static char many_names[ARCHIVE_MAX_ENTRIES + 1][16];
    for (int k = 0; k <= ARCHIVE_MAX_ENTRIES; k++) {
        snprintf(many_names[k], sizeof many_names[k], "f%d.csv", k);
        many[k] = (struct zip_test_file){many_names[k], "x"};
    }
    tap_ok(fault_of_files(many, NULL) == ARCHIVE_FAULT_MANY, "one file too many");
    many[ARCHIVE_MAX_ENTRIES].name = NULL;
    tap_ok(fault_of_files(many, NULL) == ARCHIVE_FAULT_NONE, "as many as are allowed");

    char *zeros = arena_alloc(arena, (4 << 20) + 1, 1);
    memset(zeros, 'a', 4 << 20);
    const struct zip_test_file bomb[] = {{"users.csv", zeros}, {NULL, NULL}};
    tap_ok(fault_of_files(bomb, NULL) == ARCHIVE_FAULT_RATIO, "four megabytes of one letter");
}

/* Writes a little-endian number over a field of the central directory's first entry. */
static void patch(char *bytes, size_t n, size_t field, int width, uint32_t value)
{
    for (size_t at = 0; at + 46 < n; at++) {
        if (memcmp(bytes + at, "PK\1\2", 4) == 0) {
            for (int k = 0; k < width; k++) {
                bytes[at + field + (size_t)k] = (char)(value >> (8 * k));
            }
            return;
        }
    }
}

static char *copy_of(struct str bytes)
{
    return arena_text(arena, bytes.p, bytes.n);
}

static void test_damaged(void)
{
    struct archive *archive = NULL;
    struct archive_fault fault;
    char long_text[2001];
    for (size_t k = 0; k < sizeof long_text; k++) {
        long_text[k] = (char)('a' + k * k % 23 + k % 3);
    }
    long_text[2000] = '\0';
    const struct zip_test_file files[] = {{"users.csv", long_text}, {NULL, NULL}};
    struct str whole = zip_test_make(arena, files, NULL);

    char *bytes = copy_of(whole);
    patch(bytes, whole.n, 24, 4, 1999); /* uncompressed size */
    tap_ok(!archive_open_memory(arena, (struct str){bytes, whole.n}, &archive, &fault) &&
               strcmp(read_entry(archive, "users.csv"),
                      archive_fault_message(ARCHIVE_FAULT_DAMAGED)) == 0,
           "an entry that is longer than it promised");
    archive_close(archive);

    bytes = copy_of(whole);
    patch(bytes, whole.n, 16, 4, 12345); /* checksum */
    tap_ok(!archive_open_memory(arena, (struct str){bytes, whole.n}, &archive, &fault) &&
               strcmp(read_entry(archive, "users.csv"),
                      archive_fault_message(ARCHIVE_FAULT_DAMAGED)) == 0,
           "a wrong checksum");
    archive_close(archive);

    bytes = copy_of(whole);
    patch(bytes, whole.n, 24, 4, 1500u << 20);
    patch(bytes, whole.n, 20, 4, 900);
    tap_ok(fault_of((struct str){bytes, whole.n}) == ARCHIVE_FAULT_LARGE, "a promise too large");
    bytes = copy_of(whole);
    patch(bytes, whole.n, 20, 4, 1u << 20); /* more packed bytes than the zip has */
    tap_ok(fault_of((struct str){bytes, whole.n}) != ARCHIVE_FAULT_NONE, "packed beyond the end");
    bytes = copy_of(whole);
    patch(bytes, whole.n, 10, 2, 77);
    tap_ok(fault_of((struct str){bytes, whole.n}) == ARCHIVE_FAULT_METHOD, "an unknown method");

    int sound = 0;
    for (size_t n = 0; n < whole.n; n++) {
        sound += fault_of((struct str){whole.p, n}) == ARCHIVE_FAULT_NONE;
    }
    tap_ok(sound == 0, "cut off anywhere it is refused");
    int crashes = 0;
    for (size_t at = 0; at < whole.n; at++) {
        bytes = copy_of(whole);
        bytes[at] = (char)~bytes[at];
        if (!archive_open_memory(arena, (struct str){bytes, whole.n}, &archive, &fault)) {
            crashes += archive_count(archive) != 1;
            read_entry(archive, "users.csv");
            archive_close(archive);
        }
    }
    tap_ok(crashes == 0, "every byte turned around: one entry or a fault");
}

int main(void)
{
    arena = arena_new((size_t)256 << 20);
    const char *root = getenv("TMPDIR");
    char path[512];
    snprintf(path, sizeof path, "%s/duet-archive-XXXXXX", root ? root : "/tmp");
    zip_test_require(mkdtemp(path) != NULL, path);
    test_reading();
    test_files(path);
    test_refused();
    test_damaged();
    rmdir(path);
    arena_free(arena);
    return tap_done();
}
