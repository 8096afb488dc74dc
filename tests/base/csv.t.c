/* Reading CSV in every layout and in pieces of every size; writing and reading back. */
#include "base/csv.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/rng.h"
#include "tap.h"

#include <stdlib.h>

/* A source that gives its bytes in pieces, and fails after them if told so. */
struct pieces {
    struct str bytes;
    size_t most;
    bool fail;
};

static enum err read_pieces(void *ctx, char *to, size_t n, size_t *got)
{
    struct pieces *pieces = ctx;
    struct csv_source memory = csv_source_memory(&pieces->bytes);
    if (pieces->fail && pieces->bytes.n == 0) {
        return ERR_IO;
    }
    return memory.read(memory.ctx, to, n < pieces->most ? n : pieces->most, got);
}

/* All rows as text: cells in [], rows with their line; then how it ended. */
static const char *read_all(struct arena *arena, struct str bytes, size_t most, bool fail)
{
    struct pieces pieces = {bytes, most, fail};
    struct csv_source source = {.read = read_pieces, .ctx = &pieces};
    struct csv_reader *reader = csv_reader_open(arena, source);
    struct buf buf;
    struct csv_row row;
    struct str text = {"(failed)", 8};
    enum err err;
    buf_init(&buf, arena, 1u << 24);
    while (!(err = csv_reader_next(reader, &row))) {
        buf_addf(&buf, "%d:", (int)row.line);
        for (int32_t i = 0; i < row.n; i++) {
            buf_add_char(&buf, '[');
            buf_add(&buf, row.cells[i]);
            buf_add_char(&buf, ']');
        }
        if (row.bad_cell >= 0) {
            buf_addf(&buf, "!%d=%02X", (int)row.bad_cell, row.bad_byte);
        }
        buf_add_char(&buf, ' ');
    }
    struct csv_fault fault = csv_reader_fault(reader);
    if (err != ERR_NOT_FOUND) {
        buf_addf(&buf, "%s %d at %d,%d", err_name(err), (int)fault.kind, (int)fault.line,
                 (int)fault.column);
    }
    tap_ok(csv_reader_next(reader, &row) == err, "the end repeats itself");
    csv_reader_close(reader);
    enum err end = buf_end(&buf, &text);
    return end ? "(failed)" : text.p;
}

static const struct {
    const char *name, *bytes, *rows;
} layouts[] = {
    {"commas", "a,b\n1,2\n", "1:[a][b] 2:[1][2] "},
    {"no line end at the end", "a,b\n1,2", "1:[a][b] 2:[1][2] "},
    {"semicolons", "a;b\n1;2,5\n", "1:[a][b] 2:[1][2,5] "},
    {"tabs", "a\tb c\n1\t\n", "1:[a][b c] 2:[1][] "},
    {"sep=", "sep=;\r\na,b;c\r\n", "2:[a,b][c] "},
    {"quotes around the delimiter", "\"a,b,c\";d\n1;2\n", "1:[a,b,c][d] 2:[1][2] "},
    {"byte order mark",
     "\xEF\xBB\xBF"
     "a,b\n",
     "1:[a][b] "},
    {"CRLF", "a,b\r\n1,2\r\n3,4\r\n", "1:[a][b] 2:[1][2] 3:[3][4] "},
    {"CR", "a,b\r1,2\r3,4", "1:[a][b] 2:[1][2] 3:[3][4] "},
    {"blank lines", "\n\na\n\r\n\r\n1\n", "3:[a] 6:[1] "},
    {"line ends in quotes", "a,b\n\"x\ny\r\nz\",2\n3,4\n", "1:[a][b] 2:[x\ny\r\nz][2] 5:[3][4] "},
    {"quotes in quotes", "\"say \"\"hi\"\"\",b\n", "1:[say \"hi\"][b] "},
    {"white space", "  a , \"b \" ,c\n", "1:[a][b ][c] "},
    {"empty cells", ",,\n\"\",x,\n", "1:[][][] 2:[][x][] "},
    {"one column", "id\nx\n", "1:[id] 2:[x] "},
    {"bad UTF-8", "a,b\ncaf\xE9,2\n1,\xC3\xA9\n", "1:[a][b] 2:[caf\xE9][2]!0=E9 3:[1][\xC3\xA9] "},
    {"a quote inside", "a,b\n1,5\" screen\n", "1:[a][b] invalid 1 at 2,2"},
    {"an open quote", "a,b\n\n1,\"x\ny\n", "1:[a][b] invalid 1 at 3,2"},
    {"text behind quotes", "a,b\n\"x\ny\"z,2\n", "1:[a][b] invalid 1 at 2,1"},
    {"UTF-16 with a mark",
     "\xFF\xFE"
     "a",
     "invalid 5 at 0,0"},
    {"a zip file", "PK\x03\x04 and so on", "invalid 6 at 0,0"},
    {"an old spreadsheet", "\xD0\xCF\x11\xE0 and so on", "invalid 6 at 0,0"},
    {"nothing", "", ""},
    {"a mark and nothing", "\xEF\xBB\xBF", ""},
};

static void test_layouts(struct arena *arena)
{
    for (size_t i = 0; i < sizeof layouts / sizeof *layouts; i++) {
        tap_text(read_all(arena, str_of(layouts[i].bytes), 1u << 20, false), layouts[i].rows, "%s",
                 layouts[i].name);
        tap_text(read_all(arena, str_of(layouts[i].bytes), 1, false), layouts[i].rows,
                 "%s, byte by byte", layouts[i].name);
    }
    struct str wide = {"i\0d\0\n\0x\0", 8};
    tap_text(read_all(arena, wide, 99, false), "invalid 5 at 0,0", "UTF-16 without a mark");
    struct str nul = {"id,name\nx,a\0b\n", 14};
    tap_ok(strstr(read_all(arena, nul, 99, false), "2:[x]") != NULL, "a NUL is no end");
    tap_text(read_all(arena, str_of("a\nb\n"), 99, true), "input or output failed 0 at 0,0",
             "a failing source");
}

static struct str repeat(struct arena *arena, const char *head, char c, size_t n, const char *tail)
{
    struct buf buf;
    struct str text = {"", 0};
    buf_init(&buf, arena, 1u << 26);
    buf_add_text(&buf, head);
    buf_add_repeat(&buf, c, n);
    buf_add_text(&buf, tail);
    tap_ok(!buf_end(&buf, &text), "input is made");
    return text;
}

static void test_limits(struct arena *arena)
{
    struct str text = repeat(arena, "a,b\n1,", 'x', CSV_MAX_CELL, "\n3,4\n");
    tap_ok(strstr(read_all(arena, text, 1u << 20, false), "3:[3][4] ") != NULL, "a long cell");
    text = repeat(arena, "a,b\n1,", 'x', CSV_MAX_CELL + 1, "\n");
    tap_text(read_all(arena, text, 1u << 20, false), "1:[a][b] invalid 2 at 2,2",
             "too long a cell");
    text = repeat(arena, "a,b\n1,2\n1,\"", '\n', 3000000, "");
    tap_text(read_all(arena, text, 1u << 20, false), "1:[a][b] 2:[1][2] invalid 2 at 3,2",
             "an open quote stops at the limit and knows its line");
    text = repeat(arena, "", ',', CSV_MAX_CELLS - 1, "\n1\n");
    tap_ok(strstr(read_all(arena, text, 1u << 20, false), " 2:[1] ") != NULL, "many cells");
    text = repeat(arena, "a\n", ',', CSV_MAX_CELLS, "\n1\n");
    tap_text(read_all(arena, text, 1u << 20, false), "1:[a] invalid 3 at 2,0", "too many cells");
    struct buf buf;
    buf_init(&buf, arena, 1u << 24);
    buf_add_text(&buf, "a\n");
    for (int i = 0; i < 18; i++) {
        buf_add_repeat(&buf, 'x', 60000);
        buf_add_char(&buf, ',');
    }
    bool ok = !buf_end(&buf, &text);
    tap_text(ok ? read_all(arena, text, 1u << 20, false) : "", "1:[a] invalid 4 at 2,0",
             "too long a row");
}

/* Chunk borders at every place: a file longer than a chunk, shifted byte by byte. */
static void test_borders(struct arena *arena)
{
    static const char row[] = "\"x\r\ny\",\"q\"\"\",3\r\n";
    int wrong = 0;
    for (size_t shift = 0; shift < 20; shift++) {
        struct arena *own = arena_child(arena);
        struct str text = repeat(own, "h", 'a', shift, "\r\n");
        struct buf buf;
        buf_init(&buf, own, 1u << 22);
        buf_add(&buf, text);
        for (int i = 0; i < 20000; i++) {
            buf_add_text(&buf, row);
        }
        wrong += buf_end(&buf, &text) != ERR_OK;
        struct csv_reader *reader = csv_reader_open(own, csv_source_memory(&text));
        struct csv_row got;
        int n = 0;
        for (; !csv_reader_next(reader, &got); n++) {
            wrong +=
                n > 0 && (got.n != 3 || !str_is(got.cells[0], "x\r\ny") ||
                          !str_is(got.cells[1], "q\"") || !str_is(got.cells[2], "3") ||
                          got.line != 2 * (uint64_t)n || csv_row_line(&got, 2) != got.line + 1);
        }
        wrong += n != 20001;
        csv_reader_close(reader);
        arena_free(own);
    }
    tap_ok(wrong == 0, "rows across the borders of what is read at once");
}

/* Whether row `b` is row `a` with one cell more, "q". */
static bool one_more(const struct csv_row *a, const struct csv_row *b)
{
    bool good = b->n == a->n + 1 && str_is(b->cells[a->n], "q");
    for (int32_t i = 0; i < a->n && good; i++) {
        good = str_equal(a->cells[i], b->cells[i]);
    }
    return good;
}

/* A line without quotes gives the cells that libcsv finds when a quoted cell stands behind them. */
static void test_plain(struct arena *arena, char delimiter)
{
    static const char letters[] = {' ', ' ', '\t', 'a', 'b', '\0', ',', ';', '\'', '='};
    struct rng rng = rng_seed((uint64_t)delimiter);
    struct buf buf;
    struct str text;
    int n_lines = 3000, good = 0;
    buf_init(&buf, arena, 1u << 20);
    buf_addf(&buf, "x%cy%cz\n", delimiter, delimiter);
    for (int k = 0; k < n_lines; k++) {
        char line[32] = {'a'};
        size_t n = 1 + rng_below(&rng, 30), from = rng_below(&rng, 2);
        for (size_t i = 1; i < n; i++) {
            size_t letter = rng_below(&rng, 14);
            line[i] = letter < sizeof letters ? letters[letter] : delimiter;
        }
        line[0] = from ? delimiter : line[0];
        const char *ends[] = {"\n", "\r\n"};
        buf_add(&buf, (struct str){line, n});
        buf_add_text(&buf, ends[k % 2]);
        buf_add(&buf, (struct str){line, n});
        buf_addf(&buf, "%c\"q\"%s", delimiter, ends[k % 2]);
    }
    enum err err = buf_end(&buf, &text);
    struct csv_reader *reader = csv_reader_open(arena, csv_source_memory(&text));
    struct csv_row row;
    err = err || !reader ? ERR_NOMEM : csv_reader_next(reader, &row);
    for (int k = 0; k < n_lines && !err; k++) {
        struct csv_row plain = {0};
        struct str cells[64];
        char copy[64];
        err = csv_reader_next(reader, &plain);
        size_t at = 0;
        for (int32_t i = 0; i < plain.n && !err; i++) {
            memcpy(copy + at, plain.cells[i].p, plain.cells[i].n);
            cells[i] = (struct str){copy + at, plain.cells[i].n};
            at += plain.cells[i].n;
        }
        plain.cells = cells;
        err = err ? err : csv_reader_next(reader, &row);
        good += !err && one_more(&plain, &row) && row.line == plain.line + 1;
    }
    tap_ok(good == n_lines && csv_reader_next(reader, &row) == ERR_NOT_FOUND,
           "lines without quotes, delimiter 0x%02x", (unsigned)delimiter);
    csv_reader_close(reader);
}

static void test_round_trip(struct arena *arena)
{
    static const char alphabet[] = "ab ,;\"\n\r\t'=+-@\xC3\xA9";
    struct rng rng = rng_seed(5);
    int wrong = 0;
    for (int round = 0; round < 2000; round++) {
        struct arena *own = arena_child(arena);
        char cells[6][8];
        size_t n[6];
        struct buf buf;
        struct str text = {"", 0};
        buf_init(&buf, own, 10000);
        struct csv_writer writer = {.buf = &buf};
        csv_writer_text(&writer, str_of("h,h"));
        csv_writer_plain(&writer, str_of("1"));
        csv_writer_plain(&writer, str_of("-1.5"));
        csv_writer_end(&writer);
        for (int i = 0; i < 6; i++) {
            n[i] = rng_below(&rng, 7);
            for (size_t k = 0; k < n[i]; k++) {
                cells[i][k] = alphabet[rng_below(&rng, 14)];
            }
            if (n[i] > 1 && cells[i][0] == '\'') {
                cells[i][0] = 'x'; /* reading cannot know who wrote the apostrophe */
            }
            if (i % 3 == 0 && n[i] == 0) {
                cells[i][n[i]++] = 'x'; /* a row of nothing is no row */
            }
            csv_writer_text(&writer, (struct str){cells[i], n[i]});
            if (i % 3 == 2) {
                csv_writer_end(&writer);
            }
        }
        wrong += buf_end(&buf, &text) != ERR_OK;
        struct csv_reader *reader = csv_reader_open(own, csv_source_memory(&text));
        struct csv_row row;
        wrong += csv_reader_next(reader, &row) || !str_is(row.cells[2], "-1.5");
        for (int i = 0; i < 6; i++) {
            wrong += i % 3 == 0 && (csv_reader_next(reader, &row) || row.n != 3);
            struct str cell = csv_unguard(row.cells[i % 3]);
            bool same = str_equal(cell, (struct str){cells[i], n[i]});
            wrong += !same;
        }
        csv_reader_close(reader);
        arena_free(own);
    }
    tap_ok(wrong == 0, "what is written is read back");
    struct buf buf;
    struct str text = {"", 0};
    buf_init(&buf, arena, 1000);
    struct csv_writer writer = {.buf = &buf};
    csv_writer_text(&writer, str_of("=1+1"));
    csv_writer_text(&writer, str_of("@a,b"));
    csv_writer_plain(&writer, str_of("-3"));
    csv_writer_end(&writer);
    bool ok = !buf_end(&buf, &text);
    tap_text(ok ? text.p : "", "'=1+1,\"'@a,b\",-3\n", "formulas are guarded, numbers are not");
}

int main(void)
{
    struct arena *arena = arena_new(0);
    test_layouts(arena);
    test_limits(arena);
    test_borders(arena);
    test_plain(arena, ',');
    test_plain(arena, ';');
    test_plain(arena, '\t');
    test_round_trip(arena);
    arena_free(arena);
    return tap_done();
}
