/* The forest as a proof: the family as nested intervals, then the matching inside the blossoms. */
#include "match/blossom_forest.h"
#include "match/certificate.h"

#include "base/arena.h"

struct listing {
    int32_t *order;
    struct match_blossom *blossom;
    int32_t n_order, n_blossoms;
};

/* One top-level blossom, people and blossoms in the order of the circles.  People are listed only
 * inside a blossom of positive dual: the others prove nothing.  `open` is scratch: the
 * index of the interval of each blossom that is being listed, by node - n, -1: dual 0. */
static void read_list(const struct match_forest *f, int32_t top, int32_t *open, struct listing *l)
{
    int32_t node = top, inside = 0;
    for (;;) {
        while (forest_is_blossom(f, node)) {
            int32_t b = node - f->n;
            open[b] = -1;
            if (f->z[b] > 0) {
                inside++;
                open[b] = l->n_blossoms++;
                l->blossom[open[b]] = (struct match_blossom){l->n_order, 0, f->z[b]};
            }
            node = f->first[b];
        }
        if (inside) {
            l->order[l->n_order++] = node;
        }
        /* Up while this was the last child, closing intervals, then on to the next child. */
        while (node != top && f->next[node] == f->first[f->parent[node] - f->n]) {
            node = f->parent[node];
            if (open[node - f->n] >= 0) {
                inside--;
                l->blossom[open[node - f->n]].end = l->n_order;
            }
        }
        if (node == top) {
            return;
        }
        node = f->next[node];
    }
}

/* Opens every blossom; afterwards mate[v] is right for all people. */
static void read_open_all(struct match_forest *f, int32_t *stack)
{
    for (int32_t v = 0; v < f->n; v++) {
        int32_t top = forest_find(f, v), n_stack = 0;
        if (forest_is_blossom(f, top)) {
            stack[n_stack++] = top;
        }
        while (n_stack > 0) {
            int32_t root = match_forest_open(f, stack[--n_stack]), c = root;
            do {
                if (forest_is_blossom(f, c)) {
                    stack[n_stack++] = c;
                }
                c = f->next[c];
            } while (c != root);
        }
    }
}

enum err match_blossom_read(struct match_forest *f, struct arena *arena,
                            struct match_pair_proof *proof)
{
    size_t n = (size_t)f->n;
    int64_t *y = arena_alloc(arena, n, sizeof *y);
    int32_t *mate = arena_alloc(arena, n, sizeof *mate);
    struct listing l = {0};
    l.order = arena_alloc(arena, n, sizeof *l.order);
    l.blossom = arena_alloc(arena, n / 2, sizeof *l.blossom);
    if (!y || !mate || !l.order || !l.blossom) {
        return ERR_NOMEM;
    }
    int64_t bound = 0; /* the searches are over: key_from and listed serve as scratch */
    for (int32_t v = 0; v < f->n; v++) {
        int32_t top = forest_find(f, v);
        y[v] = f->y[v] + f->set_off[f->set[v]];
        bound += y[v];
        if (forest_is_blossom(f, top) && !(f->flags[top] & FOREST_MARK)) {
            f->flags[top] |= FOREST_MARK;
            read_list(f, top, f->key_from, &l);
        }
    }
    for (int32_t b = 0; b < l.n_blossoms; b++) {
        bound += l.blossom[b].z * ((l.blossom[b].end - l.blossom[b].begin - 1) / 2);
    }
    read_open_all(f, f->listed);
    for (int32_t v = 0; v < f->n; v++) {
        mate[v] = f->mate[v];
    }
    *proof = (struct match_pair_proof){.n = f->n,
                                       .n_order = l.n_order,
                                       .n_blossoms = l.n_blossoms,
                                       .mate = mate,
                                       .y = y,
                                       .order = l.order,
                                       .blossoms = l.blossom,
                                       .bound = bound};
    return ERR_OK;
}
