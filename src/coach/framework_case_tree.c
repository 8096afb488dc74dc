/* The items of a CASE package as a tree; see framework_case_tree.h. */
#include "coach/framework_case_tree.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/catalog.h"
#include "coach/framework_case.h"
#include "coach/framework_case_words.h"

static enum err tree_name(struct case_in *in, struct str id, int32_t node)
{
    int32_t k;
    bool fresh;
    if (id.n == 0) {
        return ERR_OK;
    }
    enum err err = intern_add(in->ids, id, &k, &fresh);
    if (!err && fresh && !list_add(&in->owners, &node)) {
        err = in->owners.err;
    }
    return err;
}

int32_t framework_case_find(const struct case_in *in, const json_t *link)
{
    int32_t k = intern_find(in->ids, framework_json_text(link, "identifier"));
    k = k < 0 ? intern_find(in->ids, framework_json_text(link, "uri")) : k;
    return k < 0 ? -1 : ((const int32_t *)in->owners.items)[k];
}

/* Follows the parents up from `node`: whether `ancestor` is among them. */
static bool tree_is_above(const struct case_in *in, int32_t ancestor, int32_t node)
{
    int32_t steps = 0;
    while (node >= 0 && node != ancestor && steps++ <= FRAMEWORK_CASE_DEPTH) {
        node = in->nodes[node].parent;
    }
    return node == ancestor || steps > FRAMEWORK_CASE_DEPTH;
}

static enum err tree_associate(struct case_in *in, const json_t *list)
{
    bool told = false;
    for (size_t k = 0; k < json_array_size(list); k++) {
        const json_t *a = json_array_get(list, k);
        if (!str_is(framework_json_text(a, "associationType"), "isChildOf")) {
            continue;
        }
        int32_t child = framework_case_find(in, json_object_get(a, "originNodeURI"));
        int32_t parent = framework_case_find(in, json_object_get(a, "destinationNodeURI"));
        if (child <= 0 || parent < 0 || in->nodes[child].parent >= 0) {
            continue;
        }
        if (tree_is_above(in, child, parent)) {
            enum err err =
                told
                    ? ERR_OK
                    : framework_json_bad(
                          in->problems, in->file, "",
                          N_("CFAssociations[%zu] puts an item below itself, or more than %d deep"),
                          k, FRAMEWORK_CASE_DEPTH);
            told = in->full = true;
            if (err) {
                return err;
            }
            continue;
        }
        in->nodes[child].parent = parent;
        in->nodes[child].place = framework_json_number(a, "sequenceNumber", in->nodes[child].place);
    }
    return ERR_OK;
}

/* One child among its siblings. */
struct tree_child {
    int32_t node, parent;
    double place;
};

static int tree_order(const void *a, const void *b, void *ctx)
{
    const struct tree_child *x = a, *y = b;
    (void)ctx;
    if (x->parent != y->parent) {
        return x->parent < y->parent ? -1 : 1;
    }
    return x->place != y->place ? (x->place < y->place ? -1 : 1) : x->node - y->node;
}

static enum err tree_link(struct case_in *in)
{
    size_t n = (size_t)in->n_nodes;
    struct tree_child *children = arena_alloc(in->build.work, n, sizeof *children);
    if (!children) {
        return ERR_NOMEM;
    }
    for (int32_t k = 1; k < in->n_nodes; k++) {
        struct case_node *node = &in->nodes[k];
        node->parent = node->parent < 0 ? 0 : node->parent;
        children[k - 1] = (struct tree_child){k, node->parent, node->place};
        in->nodes[node->parent].n_inner += !node->task;
        in->nodes[node->parent].n_tasks += node->task;
    }
    sort_items(children, n - 1, sizeof *children, tree_order, NULL);
    for (size_t k = n - 1; k-- > 0;) {
        struct case_node *parent = &in->nodes[children[k].parent];
        in->nodes[children[k].node].next = parent->first;
        parent->first = children[k].node;
    }
    return ERR_OK;
}

static enum err tree_items(struct case_in *in, const json_t *items)
{
    const json_t *document = json_object_get(in->json, "CFDocument");
    enum err err = tree_name(in, framework_json_text(document, "identifier"), 0);
    err = err ? err : tree_name(in, framework_json_text(document, "uri"), 0);
    in->nodes[0] = (struct case_node){
        .json = document, .parent = -1, .first = -1, .next = -1, .domain = -1, .skill = -1};
    for (int32_t k = 1; k < in->n_nodes && !err; k++) {
        const json_t *item = json_array_get(items, (size_t)k - 1);
        struct str type = framework_json_text(item, "CFItemType");
        in->nodes[k] = (struct case_node){.json = item,
                                          .index = k - 1,
                                          .parent = -1,
                                          .first = -1,
                                          .next = -1,
                                          .place = 1e9 + k,
                                          .domain = -1,
                                          .skill = -1,
                                          .task = str_is(type, CASE_TYPE_TASK)};
        err = tree_name(in, framework_json_text(item, "identifier"), k);
        err = err ? err : tree_name(in, framework_json_text(item, "uri"), k);
    }
    return err;
}

enum err framework_case_grow(struct case_in *in)
{
    const json_t *items = json_object_get(in->json, "CFItems");
    const json_t *associations = json_object_get(in->json, "CFAssociations");
    size_t n = json_array_size(items);
    if (n > FRAMEWORK_CASE_ITEMS || json_array_size(associations) > FRAMEWORK_CASE_ITEMS) {
        in->full = true;
        return framework_json_bad(in->problems, in->file, N_("bring in a smaller framework"),
                                  N_("there are more than %d items or associations"),
                                  FRAMEWORK_CASE_ITEMS);
    }
    in->n_nodes = (int32_t)n + 1;
    in->nodes = arena_alloc(in->build.work, n + 1, sizeof *in->nodes);
    in->ids = intern_new(in->build.work, 2 * FRAMEWORK_CASE_ITEMS + 2);
    list_init(&in->owners, in->build.work, sizeof(int32_t), 2 * FRAMEWORK_CASE_ITEMS + 2);
    if (!in->nodes || !in->ids) {
        return ERR_NOMEM;
    }
    enum err err = tree_items(in, items);
    err = err ? err : tree_associate(in, associations);
    err = err || in->full ? err : tree_link(in);
    for (int32_t node = 0; !err && !in->full && (node = framework_case_next(in, node)) > 0;) {
        in->nodes[node].depth = in->nodes[in->nodes[node].parent].depth + 1;
    }
    return err;
}

int32_t framework_case_next(const struct case_in *in, int32_t node)
{
    if (in->nodes[node].first >= 0) {
        return in->nodes[node].first;
    }
    while (node > 0 && in->nodes[node].next < 0) {
        node = in->nodes[node].parent;
    }
    return node > 0 ? in->nodes[node].next : 0;
}

enum err framework_case_path(struct case_in *in, int32_t node, struct str *name)
{
    struct buf buf;
    struct str path;
    int32_t above[FRAMEWORK_CASE_DEPTH + 2];
    int n = 0;
    for (int32_t k = in->nodes[node].parent; k > 0 && n <= FRAMEWORK_CASE_DEPTH;
         k = in->nodes[k].parent) {
        above[n++] = k;
    }
    if (n == 0) {
        return ERR_OK;
    }
    buf_init(&buf, in->build.arena, FRAMEWORK_MAX_NAME);
    while (n > 0) {
        const json_t *item = in->nodes[above[--n]].json;
        struct str part = framework_json_text(item, "abbreviatedStatement"), clean;
        part = part.n ? part : framework_json_text(item, "fullStatement");
        if (framework_build_clean(in->build.work, part, FRAMEWORK_MAX_NAME, false, &clean)) {
            return ERR_OK;
        }
        if (clean.n) { /* an item above without a name adds none */
            buf_add(&buf, clean);
            buf_add_text(&buf, " / ");
        }
    }
    buf_add(&buf, *name);
    enum err err = buf_end(&buf, &path);
    if (err == ERR_LIMIT) {
        return ERR_OK;
    }
    *name = err ? *name : path;
    return err;
}
