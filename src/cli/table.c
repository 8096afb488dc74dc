/* Tables for people; see table.h. */
#include "cli/table.h"

#include "base/arena.h"
#include "base/utf8.h"
#include "cli/text.h"

#include <assert.h>

#define TABLE_GAP 2
#define TABLE_CUT_MIN 8
#define TABLE_WRAP_MIN 12

struct table {
    struct arena *arena;
    const struct table_column *columns;
    int n_columns, n_rows, room;
    const char **cells; /* n_rows x n_columns */
};

struct table *table_new(struct arena *arena, const struct table_column *columns, int n)
{
    assert(n > 0 && n <= TABLE_MAX_COLUMNS);
    struct table *table = arena_alloc(arena, 1, sizeof *table);
    if (table) {
        *table = (struct table){.arena = arena, .columns = columns, .n_columns = n};
    }
    return table;
}

enum err table_add(struct table *table, const char *const cells[])
{
    size_t n = (size_t)table->n_columns, used = (size_t)table->n_rows * n;
    if (table->n_rows == table->room) {
        int room = table->room ? 2 * table->room : 16;
        const char **grown =
            arena_grow(table->arena, (void *)table->cells, used, (size_t)room * n, sizeof *grown);
        if (!grown) {
            return ERR_NOMEM;
        }
        table->cells = grown;
        table->room = room;
    }
    for (size_t i = 0; i < n; i++) {
        struct str cell = str_of(cells[i] ? cells[i] : "");
        table->cells[used + i] = arena_text(table->arena, cell.p, cell.n);
        if (!table->cells[used + i]) {
            return ERR_NOMEM;
        }
    }
    table->n_rows++;
    return ERR_OK;
}

int table_rows(const struct table *table)
{
    return table->n_rows;
}

static struct str cell_at(const struct table *table, int row, int column)
{
    return str_of(table->cells[(size_t)row * (size_t)table->n_columns + (size_t)column]);
}

static int width_min(enum table_kind kind)
{
    return kind == TABLE_CUT ? TABLE_CUT_MIN : kind == TABLE_WRAP ? TABLE_WRAP_MIN : 0;
}

/* What every column would like, then the flexible ones give way, always the widest first. */
static void measure(const struct table *table, int width, int *widths)
{
    int total = TABLE_GAP * (table->n_columns - 1);
    for (int c = 0; c < table->n_columns; c++) {
        widths[c] = (int)utf8_width(str_of(table->columns[c].title));
        for (int r = 0; r < table->n_rows; r++) {
            int w = (int)utf8_width(cell_at(table, r, c));
            widths[c] = w > widths[c] ? w : widths[c];
        }
        total += widths[c];
    }
    while (total > width) {
        int widest = -1;
        for (int c = 0; c < table->n_columns; c++) {
            int min = width_min(table->columns[c].kind);
            if (min > 0 && widths[c] > min && (widest < 0 || widths[c] > widths[widest])) {
                widest = c;
            }
        }
        if (widest < 0) {
            break;
        }
        widths[widest]--;
        total--;
    }
}

/* One row, in as many lines as its longest wrapped cell takes. */
static void print_row(const struct table *table, FILE *out, const int *widths, struct str *rest)
{
    for (bool more = true, first = true; more; first = false) {
        int blanks = 0;
        more = false;
        for (int c = 0; c < table->n_columns; c++) {
            enum table_kind kind = table->columns[c].kind;
            struct str part = rest[c];
            if (kind == TABLE_WRAP) {
                part = text_line(&rest[c], widths[c]);
                more = more || rest[c].n > 0;
            } else if (!first) {
                part = (struct str){"", 0};
            }
            /* Blanks are owed until something follows them, so no line ends in blanks. */
            if (part.n == 0) {
                blanks += widths[c] + TABLE_GAP;
                continue;
            }
            int used = (int)utf8_width(part);
            used = used > widths[c] ? widths[c] : used;
            fprintf(out, "%*s", blanks, "");
            text_print_field(out, part, kind == TABLE_RIGHT ? widths[c] : used,
                             kind == TABLE_RIGHT);
            blanks = TABLE_GAP + (kind == TABLE_RIGHT ? 0 : widths[c] - used);
        }
        fprintf(out, "\n");
    }
}

void table_print(const struct table *table, FILE *out, const struct term *term)
{
    int widths[TABLE_MAX_COLUMNS];
    struct str rest[TABLE_MAX_COLUMNS];
    measure(table, term->width, widths);
    for (int c = 0; c < table->n_columns; c++) {
        rest[c] = str_of(table->columns[c].title);
    }
    fprintf(out, "%s", term_style(term, TERM_BOLD));
    print_row(table, out, widths, rest);
    fprintf(out, "%s", term_style(term, TERM_PLAIN));
    for (int r = 0; r < table->n_rows; r++) {
        for (int c = 0; c < table->n_columns; c++) {
            rest[c] = cell_at(table, r, c);
        }
        print_row(table, out, widths, rest);
    }
}
