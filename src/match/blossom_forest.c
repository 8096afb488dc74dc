/* Making, closing and opening blossoms (blossom_forest.h). */
#include "match/blossom_forest.h"

#include "base/arena.h"

static const int8_t forest_rate[] = {[FOREST_FREE] = 0, [FOREST_S] = -1, [FOREST_T] = 1};

static bool forest_alloc(struct arena *arena, struct match_forest *f)
{
    size_t n = (size_t)f->n, nodes = (size_t)f->n_nodes, blossoms = nodes - n;
    f->key = arena_alloc(arena, n, sizeof *f->key);
    f->key_from = arena_alloc(arena, n, sizeof *f->key_from);
    f->set = arena_alloc(arena, n, sizeof *f->set);
    f->set_off = arena_alloc(arena, n, sizeof *f->set_off);
    f->set_node = arena_alloc(arena, n, sizeof *f->set_node);
    f->set_spare = arena_alloc(arena, n, sizeof *f->set_spare);
    f->parent = arena_alloc(arena, nodes, sizeof *f->parent);
    f->next = arena_alloc(arena, nodes, sizeof *f->next);
    f->out = arena_alloc(arena, nodes, sizeof *f->out);
    f->in = arena_alloc(arena, nodes, sizeof *f->in);
    f->base = arena_alloc(arena, nodes, sizeof *f->base);
    f->mate = arena_alloc(arena, nodes, sizeof *f->mate);
    f->pred_in = arena_alloc(arena, nodes, sizeof *f->pred_in);
    f->pred_out = arena_alloc(arena, nodes, sizeof *f->pred_out);
    f->label = arena_alloc(arena, nodes, sizeof *f->label);
    f->flags = arena_alloc(arena, nodes, sizeof *f->flags);
    f->first = arena_alloc(arena, blossoms, sizeof *f->first);
    f->size = arena_alloc(arena, blossoms, sizeof *f->size);
    f->z = arena_alloc(arena, blossoms, sizeof *f->z);
    f->spare = arena_alloc(arena, blossoms, sizeof *f->spare);
    f->seen = arena_alloc(arena, n, sizeof *f->seen);
    f->listed = arena_alloc(arena, nodes, sizeof *f->listed);
    f->heap.arena = arena;
    return f->key && f->key_from && f->set && f->set_off && f->set_node && f->set_spare &&
           f->parent && f->next && f->out && f->in && f->base && f->mate && f->pred_in &&
           f->pred_out && f->label && f->flags && f->first && f->size && f->z && f->spare &&
           f->seen && f->listed;
}

enum err match_blossom_new(struct arena *arena, const struct match_graph *graph,
                           const int32_t *mate, int64_t *y, struct match_forest **forest)
{
    struct match_forest *f = arena_alloc(arena, 1, sizeof *f);
    if (!f) {
        return ERR_NOMEM;
    }
    f->graph = graph;
    f->n = graph->n;
    f->n_nodes = graph->n + graph->n / 2; /* a laminar family of odd sets has at most n / 2 */
    f->y = y;
    if (!forest_alloc(arena, f)) {
        return ERR_NOMEM;
    }
    for (int32_t v = 0; v < f->n; v++) {
        f->key[v] = FOREST_FAR;
        f->set[v] = v;
        f->set_node[v] = v;
        f->base[v] = v;
        f->mate[v] = mate[v];
    }
    for (int32_t node = 0; node < f->n_nodes; node++) {
        f->parent[node] = -1;
    }
    for (int32_t node = f->n_nodes - 1; node >= f->n; node--) {
        f->spare[f->n_spare++] = node;
    }
    *forest = f;
    return ERR_OK;
}

void match_forest_list(struct match_forest *f, int32_t node)
{
    if (!(f->flags[node] & FOREST_LISTED)) {
        f->flags[node] |= FOREST_LISTED;
        f->listed[f->n_listed++] = node;
    }
}

void match_forest_label(struct match_forest *f, int32_t node, enum forest_label label)
{
    int64_t shift = (forest_rate[f->label[node]] - forest_rate[label]) * f->clock;
    f->set_off[f->set[f->base[node]]] += shift;
    if (forest_is_blossom(f, node)) {
        f->z[node - f->n] -= 2 * shift;
    }
    f->label[node] = (int8_t)label;
    match_forest_list(f, node);
}

static int32_t forest_largest_child(const struct match_forest *f, int32_t first)
{
    int32_t largest = first;
    for (int32_t c = f->next[first]; c != first; c = f->next[c]) {
        if (forest_size(f, c) > forest_size(f, largest)) {
            largest = c;
        }
    }
    return largest;
}

/* Renames the people of a buried or top-level node; `shift` keeps their duals. */
static void forest_move(struct match_forest *f, int32_t node, int32_t set, int64_t shift)
{
    for (int32_t v = forest_first_person(f, node); v >= 0; v = forest_next_person(f, node, v)) {
        f->set[v] = set;
        f->y[v] += shift;
    }
}

int32_t match_forest_close(struct match_forest *f, int32_t first)
{
    int32_t node = f->spare[--f->n_spare];
    int32_t largest = forest_largest_child(f, first), set = f->set[f->base[largest]], size = 0;
    int32_t c = first;
    do {
        if (c != largest) {
            int32_t old = f->set[f->base[c]];
            forest_move(f, c, set, f->set_off[old] - f->set_off[set]);
            f->set_spare[f->n_set_spare++] = old;
        }
        size += forest_size(f, c);
        f->label[c] = FOREST_FREE;
        if (forest_is_blossom(f, c)) {
            f->z[c - f->n] += 2 * f->clock; /* the value now, for as long as it stays inside */
        }
        f->parent[c] = node;
        c = f->next[c];
    } while (c != first);
    f->set_node[set] = node;
    f->parent[node] = -1;
    f->base[node] = f->base[first];
    f->mate[node] = f->mate[first];
    f->first[node - f->n] = first;
    f->size[node - f->n] = size;
    f->label[node] = FOREST_S; /* the set's offset has the form of S already */
    f->z[node - f->n] = -2 * f->clock;
    match_forest_list(f, node);
    return node;
}

int32_t match_forest_open(struct match_forest *f, int32_t node)
{
    int32_t first = f->first[node - f->n], largest = forest_largest_child(f, first);
    int32_t set = f->set[f->base[node]], base = f->base[node], c = first;
    do {
        f->parent[c] = -1;
        if (c == largest) {
            f->set_node[set] = c;
        } else {
            int32_t fresh = f->set_spare[--f->n_set_spare];
            f->set_node[fresh] = c;
            f->set_off[fresh] = f->set_off[set];
            forest_move(f, c, fresh, 0);
        }
        c = f->next[c];
    } while (c != first);
    f->label[node] = FOREST_FREE;
    f->spare[f->n_spare++] = node;

    int32_t root = forest_find(f, base);
    f->base[root] = base;
    f->mate[root] = f->mate[node];
    for (c = f->next[root]; c != root;) {
        int32_t d = f->next[c];
        f->base[c] = f->out[c];
        f->mate[c] = f->in[c];
        f->base[d] = f->in[c];
        f->mate[d] = f->out[c];
        c = f->next[d];
    }
    return root;
}
