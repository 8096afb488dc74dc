/* Interned texts and growing lists, against plain arrays. */
#include "base/intern.h"
#include "base/arena.h"
#include "base/list.h"
#include "base/rng.h"
#include "tap.h"

#include <stdlib.h>

static void test_against_array(struct arena *arena)
{
    enum { N = 5000, DIFFERENT = 1500 };
    static int32_t ids[DIFFERENT];
    struct intern *intern = intern_new(arena, INTERN_MAX);
    struct rng rng = rng_seed(3);
    int32_t next = 0;
    int wrong = 0;
    for (int i = 0; i < DIFFERENT; i++) {
        ids[i] = -1;
    }
    for (int i = 0; i < N; i++) {
        uint32_t k = rng_below(&rng, DIFFERENT);
        char text[32];
        int n = snprintf(text, sizeof text, "%.*s%u", (int)(k % 13), "abcdefghijklm", k);
        int32_t id = -1;
        bool fresh = false;
        wrong += intern_find(intern, (struct str){text, (size_t)n}) != ids[k];
        wrong += intern_add(intern, (struct str){text, (size_t)n}, &id, &fresh) != ERR_OK;
        wrong += fresh != (ids[k] < 0);
        ids[k] = ids[k] < 0 ? next++ : ids[k];
        wrong += id != ids[k] || strcmp(intern_text(intern, id).p, text) != 0;
    }
    tap_ok(wrong == 0, "%d texts get the ids of a plain search", N);
    tap_ok(intern_count(intern) == next, "the count is that of the different texts");
}

static void test_edges(struct arena *arena)
{
    struct intern *intern = intern_new(arena, 2);
    int32_t id = 9;
    tap_ok(intern_find(intern, str_of("")) == -1, "nothing is found in an empty table");
    tap_ok(!intern_add(intern, str_of(""), &id, NULL) && id == 0, "the empty text is a text");
    struct str bytes = {"a\0b", 3}, other = {"a\0c", 3};
    tap_ok(!intern_add(intern, bytes, &id, NULL) && id == 1, "any bytes are a text");
    tap_ok(intern_find(intern, other) == -1, "a NUL does not end a text");
    tap_ok(intern_add(intern, other, &id, NULL) == ERR_LIMIT && intern_count(intern) == 2,
           "the third of two is refused");
    tap_ok(!intern_add(intern, bytes, &id, NULL) && id == 1, "a known text is still found");
}

static void test_no_memory(void)
{
    int done = 0;
    for (uint64_t n = 1; !done; n++) {
        struct arena *arena = arena_new(0);
        arena_fail_after(arena, n);
        struct intern *intern = intern_new(arena, INTERN_MAX);
        enum err err = intern ? ERR_OK : ERR_NOMEM;
        for (int k = 0; k < 4000 && !err; k++) {
            char text[16];
            int32_t id;
            snprintf(text, sizeof text, "%d", k);
            err = intern_add(intern, str_of(text), &id, NULL);
            if (err && intern_find(intern, str_of(text)) != -1) {
                tap_ok(0, "a text that was refused is not there");
            }
        }
        done = err == ERR_OK;
        if (err && err != ERR_NOMEM) {
            tap_ok(0, "failure %d is told as no memory", (int)n);
        }
        arena_free(arena);
        n += n > 40 ? 97 : 0; /* later failures are alike */
    }
    tap_ok(1, "every failing allocation is told");
}

static void test_list(struct arena *arena)
{
    struct list list;
    int wrong = 0;
    list_init(&list, arena, sizeof(int), 100000);
    for (int i = 0; i < 100000; i++) {
        wrong += list_add(&list, &i) == NULL;
    }
    for (int i = 0; i < 100000; i++) {
        wrong += ((const int *)list.items)[i] != i;
    }
    tap_ok(wrong == 0 && list.n == 100000, "a list keeps its items when it grows");
    tap_ok(!list_push(&list) && list.err == ERR_LIMIT && list.n == 100000, "and has a limit");
    list_init(&list, arena, sizeof(int), 10);
    arena_fail_after(arena, 1);
    tap_ok(!list_push(&list) && list.err == ERR_NOMEM && list.n == 0, "no memory is told");
    arena_fail_after(arena, 0);
    tap_ok(list_push(&list) != NULL, "and later there is some");
}

int main(void)
{
    struct arena *arena = arena_new(0);
    test_against_array(arena);
    test_edges(arena);
    test_no_memory();
    test_list(arena);
    arena_free(arena);
    return tap_done();
}
