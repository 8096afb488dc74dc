/* Tables that become lists of cards on a phone: each cell then says its column's heading.
 *
 *     struct part_table t = {.caption = ..., .columns = columns, .n_columns = 3};
 *     part_table_open(h, &t);
 *     for each row:
 *         part_row_open(h, &t);
 *         part_cell(h, &t, name);                       // a text
 *         part_cell_open(h, &t); ... part_cell_close(h, &t); // anything
 *         part_row_close(h, &t);
 *     part_table_close(h, &t); */
#ifndef DUET_HTML_PART_TABLE_H
#define DUET_HTML_PART_TABLE_H

#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>

struct html;

enum part_align {
    PART_ALIGN_START,
    PART_ALIGN_NUMBER, /* at the end, figures of equal width */
    PART_ALIGN_ACTIONS /* buttons; its heading is for screen readers only */
};

struct part_column {
    struct str heading;
    enum part_align align;
    struct str sort_url; /* clicking the heading sorts; may be empty */
    enum { PART_SORT_NONE, PART_SORT_UP, PART_SORT_DOWN } sort; /* as the table is sorted now */
};

struct part_table {
    struct str caption;
    bool hide_caption; /* for screen readers only, where a heading says it */
    bool dense;        /* stays a table on a phone and scrolls sideways: figures to compare */
    const struct part_column *columns;
    size_t n_columns;
    size_t at; /* the cell that comes next; the calls keep it */
};

void part_table_open(struct html *h, struct part_table *table);
void part_table_close(struct html *h, struct part_table *table);
void part_row_open(struct html *h, struct part_table *table);
void part_row_close(struct html *h, struct part_table *table);

/* The first cell of a row is its heading (<th scope="row">). */
void part_cell(struct html *h, struct part_table *table, struct str text);
void part_cell_open(struct html *h, struct part_table *table);
void part_cell_close(struct html *h, struct part_table *table);

#endif
