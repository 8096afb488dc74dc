/* Tables that become lists of cards on a phone.  Where the style sheet takes the table apart, the
 * explicit roles keep it a table for assistive technology. */
#include "html/part_table.h"

#include "html/html.h"
#include "html/part_text.h"

static const char *const align_of[] = {
    [PART_ALIGN_START] = NULL,
    [PART_ALIGN_NUMBER] = "number",
    [PART_ALIGN_ACTIONS] = "actions",
};

static void write_heading(struct html *h, const struct part_column *column)
{
    html_open_class(h, EL_TH, align_of[column->align]);
    html_attr_word(h, AT_ROLE, "columnheader");
    html_attr_word(h, AT_SCOPE, "col");
    if (column->sort != PART_SORT_NONE) {
        html_attr_word(h, AT_ARIA_SORT, column->sort == PART_SORT_UP ? "ascending" : "descending");
    }
    if (column->align == PART_ALIGN_ACTIONS) {
        part_hidden_text(h, column->heading);
    } else if (column->sort_url.n > 0) {
        html_open_class(h, EL_A,
                        column->sort == PART_SORT_UP     ? "sort sort-up"
                        : column->sort == PART_SORT_DOWN ? "sort sort-down"
                                                         : "sort");
        html_attr_url(h, AT_HREF, column->sort_url);
        html_text(h, column->heading);
        html_close(h, EL_A);
    } else {
        html_text(h, column->heading);
    }
    html_close(h, EL_TH);
}

void part_table_open(struct html *h, struct part_table *table)
{
    table->at = 0;
    html_open_class(h, EL_DIV, table->dense ? "table-scroll" : "table-wrap");
    if (table->dense) { /* what scrolls must be reached by keyboard */
        html_attr_word(h, AT_ROLE, "region");
        html_attr_int(h, AT_TABINDEX, 0);
        html_attr_text(h, AT_ARIA_LABEL, table->caption);
    }
    html_open_class(h, EL_TABLE, table->dense ? "table table-dense" : "table table-cards");
    html_attr_word(h, AT_ROLE, "table");
    html_element(h, EL_CAPTION, table->hide_caption ? "hidden-text" : NULL, table->caption);
    html_open(h, EL_THEAD);
    html_attr_word(h, AT_ROLE, "rowgroup");
    html_open(h, EL_TR);
    html_attr_word(h, AT_ROLE, "row");
    for (size_t i = 0; i < table->n_columns; i++) {
        write_heading(h, &table->columns[i]);
    }
    html_close(h, EL_TR);
    html_close(h, EL_THEAD);
    html_open(h, EL_TBODY);
    html_attr_word(h, AT_ROLE, "rowgroup");
}

void part_table_close(struct html *h, struct part_table *table)
{
    (void)table;
    html_close(h, EL_TBODY);
    html_close(h, EL_TABLE);
    html_close(h, EL_DIV);
}

void part_row_open(struct html *h, struct part_table *table)
{
    table->at = 0;
    html_open(h, EL_TR);
    html_attr_word(h, AT_ROLE, "row");
}

/* A row has exactly as many cells as there are columns. */
void part_row_close(struct html *h, struct part_table *table)
{
    if (table->at != table->n_columns && !h->err) {
        h->err = ERR_INVALID;
    }
    html_close(h, EL_TR);
}

void part_cell_open(struct html *h, struct part_table *table)
{
    if (table->at >= table->n_columns) {
        h->err = h->err ? h->err : ERR_INVALID;
        return;
    }
    const struct part_column *column = &table->columns[table->at];
    html_open_class(h, table->at == 0 ? EL_TH : EL_TD, align_of[column->align]);
    html_attr_word(h, AT_ROLE, table->at == 0 ? "rowheader" : "cell");
    if (table->at == 0) {
        html_attr_word(h, AT_SCOPE, "row");
    } else if (column->align != PART_ALIGN_ACTIONS) {
        html_attr_text(h, AT_DATA_LABEL, column->heading);
    }
}

void part_cell_close(struct html *h, struct part_table *table)
{
    html_close(h, table->at == 0 ? EL_TH : EL_TD);
    table->at++;
}

void part_cell(struct html *h, struct part_table *table, struct str text)
{
    part_cell_open(h, table);
    html_text(h, text);
    part_cell_close(h, table);
}
