/* Any bytes as CSV: read at once and in pieces of a size that the first byte chooses, both must
 * give the same; what was read is written, and read again the same. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/csv.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

#define FUZZ_CHECK(what)                                                                           \
    do {                                                                                           \
        if (!(what)) {                                                                             \
            fprintf(stderr, "does not hold: %s\n", #what);                                         \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

struct pieces {
    struct str bytes;
    size_t most;
};

static enum err read_pieces(void *ctx, char *to, size_t n, size_t *got)
{
    struct pieces *pieces = ctx;
    struct csv_source memory = csv_source_memory(&pieces->bytes);
    return memory.read(memory.ctx, to, n < pieces->most ? n : pieces->most, got);
}

/* Reads everything and writes it to `buf` as CSV; the way it ended. */
static enum err copy(struct arena *arena, struct csv_source source, struct buf *buf,
                     struct csv_fault *fault, uint64_t *lines)
{
    struct csv_reader *reader = csv_reader_open(arena, source);
    struct csv_writer writer = {.buf = buf};
    struct csv_row row;
    enum err err;
    FUZZ_CHECK(reader);
    *lines = 0;
    while (!(err = csv_reader_next(reader, &row))) {
        FUZZ_CHECK(row.n >= 1 && row.n <= CSV_MAX_CELLS && row.line >= 1);
        *lines = *lines * 31 + csv_row_line(&row, row.n - 1);
        for (int32_t i = 0; i < row.n; i++) {
            csv_writer_plain(&writer, row.cells[i]);
        }
        csv_writer_end(&writer);
    }
    *fault = csv_reader_fault(reader);
    csv_reader_close(reader);
    return err;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct arena *arena = arena_new(0);
    struct str all = {n ? (const char *)bytes + 1 : "", n ? n - 1 : 0}, first, second;
    struct pieces pieces = {all, n ? bytes[0] % 17u + 1u : 1};
    struct csv_fault fault[2] = {{0}};
    uint64_t lines[2];
    struct buf once, again;
    FUZZ_CHECK(arena);
    buf_init(&once, arena, 1u << 26);
    buf_init(&again, arena, 1u << 26);
    enum err end = copy(arena, csv_source_memory(&all), &once, &fault[0], &lines[0]);
    enum err other = copy(arena, (struct csv_source){.read = read_pieces, .ctx = &pieces}, &again,
                          &fault[1], &lines[1]);
    FUZZ_CHECK(end == ERR_NOT_FOUND || end == ERR_INVALID);
    FUZZ_CHECK(end == other && lines[0] == lines[1]);
    FUZZ_CHECK(fault[0].kind == fault[1].kind && fault[0].line == fault[1].line &&
               fault[0].column == fault[1].column);
    FUZZ_CHECK(!buf_end(&once, &first) && !buf_end(&again, &second) && str_equal(first, second));
    arena_free(arena);
    return 0;
}
