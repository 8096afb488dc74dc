/* The tree of units. */
#include "coach/units.h"

#include "base/arena.h"
#include "base/list.h"
#include "base/utf8.h"
#include "coach/allow.h"
#include "coach/audit.h"
#include "coach/complaint.h"
#include "coach/sql.h"

#include <stdlib.h>

#define EXTERNAL_ID 256 /* characters */

static const char *const words[UNIT_KIND__MAX] = {
    [UNIT_ORGANISATION] = "organisation",
    [UNIT_DISTRICT] = "district",
    [UNIT_SCHOOL] = "school",
    [UNIT_GROUP] = "group",
};

const char *units_kind_word(enum unit_kind kind)
{
    return words[kind];
}

bool units_kind_of(struct str word, enum unit_kind *kind)
{
    for (int i = 0; i < UNIT_KIND__MAX; i++) {
        if (str_is(word, words[i])) {
            *kind = (enum unit_kind)i;
            return true;
        }
    }
    return false;
}

/* The seven columns that all statements begin with. */
static enum err read_unit(struct coach *coach, const struct db_query *q, struct unit *unit)
{
    enum err err = ERR_OK;
    *unit = (struct unit){
        .id = db_int(q, 0),
        .parent_id = db_int(q, 1),
        .name = sql_copy(coach, q, 3, &err),
        .external_id = sql_copy(coach, q, 4, &err),
        .source = sql_copy(coach, q, 5, &err),
        .active = db_int(q, 6) == 1,
    };
    return units_kind_of(db_text(q, 2), &unit->kind) ? err : ERR_INVALID;
}

/* ---- the tree ---- */

struct node {
    struct unit unit;
    struct str key; /* to sort by */
    size_t parent;  /* index + 1; 0: at the top */
    size_t child, sibling;
};

/* By parent, then by name, then by id. */
static int compare(const void *a, const void *b)
{
    const struct node *x = a, *y = b;
    size_t n = x->key.n < y->key.n ? x->key.n : y->key.n;
    int order = n ? memcmp(x->key.p, y->key.p, n) : 0;
    if (order) {
        return order;
    }
    if (x->key.n != y->key.n) {
        return x->key.n < y->key.n ? -1 : 1;
    }
    return (x->unit.id > y->unit.id) - (x->unit.id < y->unit.id);
}

static int compare_ids(const void *key, const void *item)
{
    int64_t a = *(const int64_t *)key, b = (*(const struct node *const *)item)->unit.id;
    return (a > b) - (a < b);
}

static int compare_pointers(const void *a, const void *b)
{
    return compare_ids(&(*(const struct node *const *)a)->unit.id, b);
}

static enum err read_nodes(struct coach *coach, bool retired, struct list *nodes)
{
    struct db_query *q;
    enum err err = sql_rows(coach, SQL_UNIT_ALL, SQL_NONE, &q);
    if (err) {
        return err;
    }
    while ((err = db_step(q)) == ERR_OK) {
        char out[UTF8_MAX_FORM];
        struct node node = {0};
        struct str key;
        err = read_unit(coach, q, &node.unit);
        if (err || (!node.unit.active && !retired)) {
            if (err) {
                break;
            }
            continue;
        }
        key = utf8_search(node.unit.name, out, &key) ? node.unit.name : key;
        if (!coach_copy(coach, key, &node.key)) {
            err = ERR_NOMEM;
            break;
        }
        if (!list_add(nodes, &node)) {
            err = nodes->err;
            break;
        }
    }
    db_finish(q);
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

/* Links each node to its parent, its first child and its next sibling (indices + 1), the nodes
 * being in the order in which siblings are to come.  A unit whose parent is not in the list is at
 * the top. */
static enum err link_nodes(struct arena *arena, struct node *nodes, size_t n, size_t *top)
{
    const struct node **by_id = arena_alloc(arena, n, sizeof *by_id);
    if (!by_id) {
        return ERR_NOMEM;
    }
    for (size_t i = 0; i < n; i++) {
        by_id[i] = &nodes[i];
    }
    qsort(by_id, n, sizeof *by_id, compare_pointers);
    *top = 0;
    for (size_t i = n; i-- > 0;) {
        const struct node **found =
            bsearch(&nodes[i].unit.parent_id, by_id, n, sizeof *by_id, compare_ids);
        size_t *first = top;
        if (found) {
            nodes[i].parent = (size_t)(*found - nodes) + 1;
            first = &nodes[nodes[i].parent - 1].child;
        }
        nodes[i].sibling = *first;
        *first = i + 1;
    }
    return ERR_OK;
}

/* Parents before children, without recursion: down, else on, else up and on. */
static void walk(struct node *nodes, size_t top, struct unit_list *list)
{
    int depth = 0;
    for (size_t at = top; at;) {
        struct node *node = &nodes[at - 1];
        node->unit.depth = depth;
        list->items[list->n++] = node->unit;
        if (node->child) {
            at = node->child;
            depth++;
            continue;
        }
        while (at && !nodes[at - 1].sibling) {
            at = nodes[at - 1].parent;
            depth--;
        }
        at = at ? nodes[at - 1].sibling : 0;
    }
}

enum err units_list(struct coach *coach, bool retired, struct unit_list *list)
{
    struct list nodes;
    struct unit_list found = {0};
    size_t top = 0;
    enum err err = allowed(coach, ALLOW_VIEW, allow_on(ALLOW_ON_UNIT, 0));
    if (err) {
        return err;
    }
    list_init(&nodes, coach->arena, sizeof(struct node), UNITS_MAX);
    err = read_nodes(coach, retired, &nodes);
    if (err || nodes.n == 0) {
        *list = err ? *list : found;
        return err;
    }
    qsort(nodes.items, nodes.n, sizeof(struct node), compare);
    found.items = arena_alloc(coach->arena, nodes.n, sizeof *found.items);
    if (!found.items) {
        return ERR_NOMEM;
    }
    err = link_nodes(coach->arena, nodes.items, nodes.n, &top);
    if (err == ERR_OK) {
        walk(nodes.items, top, &found);
        *list = found;
    }
    return err;
}

struct count {
    int64_t unit_id, n;
};

static int compare_counts(const void *key, const void *item)
{
    int64_t a = *(const int64_t *)key, b = ((const struct count *)item)->unit_id;
    return (a > b) - (a < b);
}

enum err units_count(struct coach *coach, struct unit_list *list)
{
    struct list counts; /* by unit_id */
    struct db_query *q;
    list_init(&counts, coach->arena, sizeof(struct count), UNITS_MAX);
    enum err err = allowed(coach, ALLOW_VIEW, allow_on(ALLOW_ON_UNIT, 0));
    err = err ? err : sql_rows(coach, SQL_UNIT_PEOPLE, SQL_NONE, &q);
    if (err) {
        return err;
    }
    while ((err = db_step(q)) == ERR_OK) {
        struct count count = {db_int(q, 0), db_int(q, 1)};
        if (!list_add(&counts, &count)) {
            err = counts.err;
            break;
        }
    }
    db_finish(q);
    for (size_t i = 0; i < list->n && err == ERR_NOT_FOUND; i++) {
        const struct count *found = counts.n ? bsearch(&list->items[i].id, counts.items, counts.n,
                                                       sizeof *found, compare_counts)
                                             : NULL;
        list->items[i].n_people = found ? found->n : 0;
    }
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

/* ---- one unit ---- */

static enum err get(struct coach *coach, enum sql_id id, struct sql_arg key, struct unit *unit)
{
    struct db_query *q;
    struct unit found;
    enum err err = sql_first(coach, id, &key, 1, &q);
    if (err) {
        return err;
    }
    err = read_unit(coach, q, &found);
    db_finish(q);
    if (err == ERR_OK) {
        *unit = found;
    }
    return err;
}

enum err units_get(struct coach *coach, int64_t id, struct unit *unit)
{
    enum err err = allowed(coach, ALLOW_VIEW, allow_on(ALLOW_ON_UNIT, id));
    return err ? err : get(coach, SQL_UNIT_BY_ID, sql_int(id), unit);
}

enum err units_by_external_id(struct coach *coach, struct str external_id, struct unit *unit)
{
    enum err err = allowed(coach, ALLOW_VIEW, allow_on(ALLOW_ON_UNIT, 0));
    return err ? err : get(coach, SQL_UNIT_BY_EXTERNAL_ID, sql_text(external_id), unit);
}

/* Follows the parents from `parent_id` to the top: counts them, and tells whether `id` is one. */
static enum err climb(struct coach *coach, int64_t parent_id, int64_t id, int *depth, bool *round)
{
    *depth = 0;
    *round = false;
    while (parent_id) {
        struct unit unit;
        *round |= parent_id == id;
        if (*round || ++*depth > UNITS_DEPTH) {
            return ERR_OK;
        }
        enum err err = get(coach, SQL_UNIT_BY_ID, sql_int(parent_id), &unit);
        if (err) {
            return err;
        }
        parent_id = unit.parent_id;
    }
    return ERR_OK;
}

static enum err check_parent(struct coach *coach, int64_t id, const struct unit_input *input,
                             struct complaints *complaints)
{
    struct unit parent;
    int depth = 0;
    bool round = false;
    int64_t height = 1;
    if (input->parent_id == 0) {
        return ERR_OK;
    }
    enum err err = get(coach, SQL_UNIT_BY_ID, sql_int(input->parent_id), &parent);
    if (err == ERR_NOT_FOUND || (!err && !parent.active)) {
        complaint_add(complaints, "parent", N_("Please choose a unit that is in use."));
        return ERR_OK;
    }
    if (err) {
        return err;
    }
    if (parent.kind > input->kind) {
        complaint_add(complaints, "parent",
                      N_("A unit of this kind does not belong below the one chosen."));
    }
    err = climb(coach, input->parent_id, id, &depth, &round);
    if (!err && id) {
        err = sql_number(coach, SQL_UNIT_HEIGHT, SQL_ARGS(sql_int(id)), &height);
    }
    if (err) {
        return err;
    }
    if (round) {
        complaint_add(complaints, "parent",
                      N_("A unit cannot belong to itself or to a unit below it."));
    } else if (depth + height > UNITS_DEPTH) {
        complaint_add_int(complaints, "parent", N_("Units can be at most {n} levels deep."), "n",
                          UNITS_DEPTH);
    }
    return ERR_OK;
}

/* Checks an input and brings its texts into form. */
static enum err check(struct coach *coach, int64_t id, struct unit_input *input,
                      struct complaints *complaints)
{
    struct unit other;
    int64_t n = 0;
    complaint_clean(complaints, "name", input->name, true, false, UNITS_NAME, &input->name);
    complaint_clean(complaints, "external_id", input->external_id, false, false, EXTERNAL_ID,
                    &input->external_id);
    if (input->kind >= UNIT_KIND__MAX) {
        complaint_add(complaints, "kind", N_("Please choose the kind of unit."));
    }
    enum err err = check_parent(coach, id, input, complaints);
    if (!err && input->external_id.n) {
        err = get(coach, SQL_UNIT_BY_EXTERNAL_ID, sql_text(input->external_id), &other);
        if (!err && other.id != id) {
            complaint_add_text(complaints, "external_id",
                               N_("The unit {name} has this id already."), "name", other.name);
        }
        err = err == ERR_NOT_FOUND ? ERR_OK : err;
    }
    /* Administrators have their role at the top; the unit that they have it in stays there. */
    if (!err && id && input->parent_id) {
        err = sql_number(coach, SQL_UNIT_ADMINISTRATORS, SQL_ARGS(sql_int(id)), &n);
    }
    if (!err && n > 0) {
        complaint_add(complaints, "parent",
                      N_("This unit has administrators, so it stays at the top."));
    }
    return err ? err : complaint_result(complaints);
}

enum err units_add(struct coach *coach, const struct unit_input *given,
                   struct complaints *complaints, int64_t *id)
{
    struct unit_input input = *given;
    int64_t n, made;
    enum err err = allowed(coach, ALLOW_ADD, allow_on(ALLOW_ON_UNIT, 0));
    if (!err) {
        err = sql_number(coach, SQL_UNIT_COUNT, SQL_NONE, &n);
    }
    if (!err && n >= UNITS_MAX) {
        return ERR_LIMIT;
    }
    err = err ? err : check(coach, 0, &input, complaints);
    if (err) {
        return err;
    }
    err = sql_number(coach, SQL_UNIT_ADD,
                     SQL_ARGS(sql_id_or_null(input.parent_id), sql_word(words[input.kind]),
                              sql_text(input.name), sql_text_or_null(input.external_id),
                              input.source.n ? sql_text(input.source) : sql_word("entered"),
                              sql_int(coach->now_ms)),
                     &made);
    if (err) {
        return err;
    }
    *id = made;
    return audit_note(coach, ALLOW_ADD, allow_on(ALLOW_ON_UNIT, made), "");
}

enum err units_edit(struct coach *coach, int64_t id, const struct unit_input *given,
                    struct complaints *complaints)
{
    struct unit_input input = *given;
    struct unit unit;
    enum err err = allowed(coach, ALLOW_EDIT, allow_on(ALLOW_ON_UNIT, id));
    err = err ? err : get(coach, SQL_UNIT_BY_ID, sql_int(id), &unit);
    err = err ? err : check(coach, id, &input, complaints);
    if (err) {
        return err;
    }
    err =
        sql_run(coach, SQL_UNIT_EDIT,
                SQL_ARGS(sql_int(id), sql_id_or_null(input.parent_id), sql_word(words[input.kind]),
                         sql_text(input.name), sql_text_or_null(input.external_id),
                         sql_text(input.source.n ? input.source : unit.source)),
                NULL);
    return err ? err : audit_note(coach, ALLOW_EDIT, allow_on(ALLOW_ON_UNIT, id), "");
}

enum err units_set_active(struct coach *coach, int64_t id, bool active)
{
    struct unit unit, parent = {.active = true};
    int64_t in_use = 0;
    enum err err = allowed(coach, ALLOW_REMOVE, allow_on(ALLOW_ON_UNIT, id));
    err = err ? err : get(coach, SQL_UNIT_BY_ID, sql_int(id), &unit);
    if (err || unit.active == active) {
        return err;
    }
    if (!active) {
        err = sql_number(coach, SQL_UNIT_IN_USE, SQL_ARGS(sql_int(id)), &in_use);
    } else if (unit.parent_id) {
        err = get(coach, SQL_UNIT_BY_ID, sql_int(unit.parent_id), &parent);
    }
    if (err) {
        return err;
    }
    if (in_use > 0 || !parent.active) {
        return ERR_CONFLICT;
    }
    err = sql_run(coach, SQL_UNIT_SET_ACTIVE, SQL_ARGS(sql_int(id), sql_int(active)), NULL);
    return err ? err
               : audit_note(coach, active ? ALLOW_EDIT : ALLOW_REMOVE, allow_on(ALLOW_ON_UNIT, id),
                            active ? "back" : "");
}
