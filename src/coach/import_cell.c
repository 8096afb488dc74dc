/* Cells of imported files; see import_cell.h. */
#include "coach/import_cell.h"

#include "base/arena.h"
#include "base/sort.h"
#include "coach/people.h"

#define LOCAL_MOST 64 /* bytes before the @ */

enum err import_cell_id(struct import_set *set, struct roster_table *table, int heading,
                        struct str *id)
{
    struct str cell;
    enum err err = roster_table_id(table, heading, &cell);
    if (!err) {
        *id = import_set_text(set, cell);
        err = id->p ? ERR_OK : ERR_NOMEM;
    }
    return err;
}

size_t import_cell_characters(struct str text)
{
    size_t n = 0;
    for (size_t i = 0; i < text.n; i++) {
        n += ((unsigned char)text.p[i] & 0xC0) != 0x80;
    }
    return n;
}

enum err import_cell_name(struct import_set *set, struct roster_table *table, int heading,
                          size_t most, struct str *name)
{
    *name = (struct str){"", 0};
    if (roster_table_cell(table, heading).n == 0) {
        return ERR_OK;
    }
    struct str cell = roster_table_cell(table, heading), form;
    if (utf8_nfc(cell, table->scratch, &form) || import_cell_characters(form) > most) {
        return roster_table_bad(table, heading, N_("shorten it"),
                                N_("%s may have at most %d characters"),
                                table->headings[heading].name, (int)most);
    }
    for (size_t i = 0; i < form.n; i++) {
        if ((unsigned char)form.p[i] < 0x20 || form.p[i] == 0x7F) {
            return roster_table_bad(
                table, heading, N_("a quotation mark too many can join two lines into one cell"),
                N_("%s may not contain line ends or control characters"),
                table->headings[heading].name);
        }
    }
    *name = import_set_text(set, form);
    return name->p ? ERR_OK : ERR_NOMEM;
}

bool import_cell_is_email(struct str text)
{
    const char *at = text.n > 0 ? memchr(text.p, '@', text.n) : NULL;
    bool dots = false;
    if (!at || text.n > PEOPLE_EMAIL || at == text.p || at - text.p > LOCAL_MOST) {
        return false;
    }
    for (size_t i = 0; i < text.n; i++) {
        unsigned char c = (unsigned char)text.p[i];
        if (c <= ' ' || c == 0x7F || strchr(",;:<>()[]\\\"", c)) {
            return false;
        }
    }
    for (const char *p = at + 1, *end = text.p + text.n; p < end; p++) {
        bool dot = *p == '.';
        if (*p == '@' || (dot && (p == at + 1 || p + 1 == end || p[-1] == '.'))) {
            return false;
        }
        dots = dots || dot;
    }
    return dots;
}

struct tag_order {
    struct import_tag tag;
    struct str folded;
};

static int compare_texts(struct str a, struct str b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int order = n > 0 ? memcmp(a.p, b.p, n) : 0;
    return order ? order : (a.n > b.n) - (a.n < b.n);
}

static int compare_tags(const void *a, const void *b, void *ctx)
{
    (void)ctx;
    const struct tag_order *x = a, *y = b;
    if (x->tag.person != y->tag.person) {
        return x->tag.person < y->tag.person ? -1 : 1;
    }
    if (x->tag.kind != y->tag.kind) {
        return x->tag.kind < y->tag.kind ? -1 : 1;
    }
    int order = compare_texts(x->folded, y->folded);
    return order ? order : compare_texts(x->tag.value, y->tag.value);
}

enum err import_cell_tidy_tags(struct import_set *set)
{
    struct import_tag *tags = set->tags.items;
    size_t n = set->tags.n, kept = 0;
    struct arena *work = arena_child(set->arena);
    struct tag_order *order = work ? arena_alloc(work, n, sizeof *order) : NULL;
    enum err err = order ? ERR_OK : ERR_NOMEM;
    for (size_t k = 0; k < n && !err; k++) {
        char folded[UTF8_MAX_FORM];
        struct str form = {"", 0};
        err = utf8_fold(tags[k].value, folded, &form);
        order[k] = (struct tag_order){tags[k], {arena_text(work, form.p, form.n), form.n}};
        err = !err && !order[k].folded.p ? ERR_NOMEM : err;
    }
    if (!err) {
        sort_items(order, n, sizeof *order, compare_tags, NULL);
    }
    for (size_t k = 0; k < n && !err; k++) {
        const struct tag_order *last = k > 0 ? &order[k - 1] : NULL;
        bool copy = last && last->tag.person == order[k].tag.person &&
                    last->tag.kind == order[k].tag.kind && str_equal(last->folded, order[k].folded);
        if (!copy) {
            tags[kept++] = order[k].tag;
        }
    }
    set->tags.n = err ? n : kept;
    arena_free(work);
    return err;
}
