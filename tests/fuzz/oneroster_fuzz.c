/* OneRoster exports.  Bytes that begin as a zip does are opened as one, and every entry is read.
 * Other bytes are the texts of the files, one behind the other, each behind a byte 1 .. 7 that says
 * which; they are zipped here.  Nothing of a row that is a student's may come out. */
#include "coach/archive.h"
#include "coach/oneroster.h"
#include "import_fuzz.h"

#include <zip.h>

static const char *const names[] = {"",          "manifest.csv", "orgs.csv",    "roles.csv",
                                    "users.csv", "classes.csv",  "courses.csv", "enrollments.csv"};

/* The parts of the input as a zip; sizes are small, so nothing is compressed. */
static struct str make_zip(struct arena *arena, const uint8_t *bytes, size_t n)
{
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t *whole = zip_source_buffer_create(NULL, 0, 0, &error);
    FUZZ_CHECK(whole);
    zip_source_keep(whole);
    zip_t *zip = zip_open_from_source(whole, ZIP_TRUNCATE, &error);
    bool used[8] = {false};
    for (size_t at = 0; at < n;) {
        size_t end = at + 1;
        int which = bytes[at] < 8 ? bytes[at] : 0;
        while (end < n && (bytes[end] == 0 || bytes[end] > 7)) {
            end++;
        }
        if (which > 0 && !used[which]) {
            used[which] = true;
            zip_source_t *one = zip_source_buffer(zip, bytes + at + 1, end - at - 1, 0);
            zip_int64_t index = zip_file_add(zip, names[which], one, 0);
            FUZZ_CHECK(index >= 0);
            zip_set_file_compression(zip, (zip_uint64_t)index, ZIP_CM_STORE, 0);
        }
        at = end;
    }
    if (zip_close(zip) != 0) {
        zip_discard(zip);
    }
    char *copy = arena_alloc(arena, 2 * n + 8192, 1);
    zip_int64_t size = 0;
    if (zip_source_open(whole) == 0) {
        size = zip_source_read(whole, copy, 2 * n + 8192);
        zip_source_close(whole);
    }
    zip_source_free(whole);
    zip_error_fini(&error);
    return (struct str){copy, size > 0 ? (size_t)size : 0};
}

static void read_entries(struct archive *archive)
{
    for (int32_t i = 0; i < archive_count(archive); i++) {
        struct csv_source source;
        char piece[777];
        size_t got = 1, total = 0;
        enum err err = archive_begin(archive, i, &source);
        while (!err && got > 0 && total <= (1 << 20)) {
            err = source.read(source.ctx, piece, sizeof piece, &got);
            total += err ? 0 : got;
        }
        FUZZ_CHECK(err == ERR_OK || err == ERR_IO);
        FUZZ_CHECK(total <= archive_at(archive, i).size);
        fuzz_check_shown(err ? source.why(source.ctx) : "");
        archive_end(archive);
    }
}

static void read_export(struct arena *arena, struct archive *archive)
{
    struct oneroster *oneroster = NULL;
    struct import_set *set = NULL;
    struct roster_problems problems;
    struct oneroster_options options = {.system = {"", 0}, .today = 20000};
    FUZZ_CHECK(!roster_problems_init(&problems, arena, 5));
    FUZZ_CHECK(!oneroster_begin(arena, archive, &options, &problems, &oneroster));
    struct import_known *known = fuzz_known(arena, oneroster_source(oneroster));
    enum err err = oneroster_read(oneroster, known->own_ids, &set);
    FUZZ_CHECK(err == ERR_OK || err == ERR_INVALID);
    FUZZ_CHECK(err == ERR_OK || problems.total > 0);
    if (!err) {
        fuzz_check_set(set);
        FUZZ_CHECK((problems.total > 0) == (set->n_left_out > 0));
        fuzz_plan(arena, set, &problems);
    }
    fuzz_check_problems(&problems);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct arena *arena = arena_new((size_t)256 << 20);
    struct archive *archive = NULL;
    struct archive_fault fault = {0};
    bool is_zip = n >= 2 && bytes[0] == 'P' && bytes[1] == 'K';
    FUZZ_CHECK(arena);
    struct str zip = is_zip ? (struct str){(const char *)bytes, n} : make_zip(arena, bytes, n);
    enum err err = archive_open_memory(arena, zip, &archive, &fault);
    FUZZ_CHECK(err == ERR_OK || err == ERR_INVALID || err == ERR_IO);
    if (err) {
        FUZZ_CHECK(fault.kind > ARCHIVE_FAULT_NONE && fault.kind < ARCHIVE_FAULT__MAX);
        fuzz_check_shown(fault.entry.p);
    } else {
        read_entries(archive);
        read_export(arena, archive);
        archive_close(archive);
    }
    arena_free(arena);
    return 0;
}
