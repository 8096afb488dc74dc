/* Bookkeeping of child processes; no system calls here. */
#include "http/child.h"

#include <stddef.h>

struct child *child_add(struct child_table *table, enum child_kind kind, int index, int64_t now_ms)
{
    if (table->n == CHILD_MAX) {
        return NULL;
    }
    struct child *child = &table->items[table->n++];
    *child = (struct child){.kind = kind, .index = index, .slot = -1, .start_at_ms = now_ms};
    return child;
}

struct child *child_of_pid(struct child_table *table, pid_t pid)
{
    for (int i = 0; i < table->n; i++) {
        if (table->items[i].pid == pid && pid > 0) {
            return &table->items[i];
        }
    }
    return NULL;
}

static void release_slot(struct child_table *table, struct child *child)
{
    if (child->slot >= 0) {
        table->slots[child->slot] = false;
        child->slot = -1;
    }
}

int64_t child_ended(struct child_table *table, struct child *child, enum child_end how,
                    int64_t now_ms)
{
    static const int64_t soon_ms[CHILD_END__MAX] = {[CHILD_END_FAILED] = CHILD_SOON_MS,
                                                    [CHILD_END_BROKEN] = CHILD_BRIEF_MS,
                                                    [CHILD_END_WANTED] = CHILD_PAUSE_MS};
    release_slot(table, child);
    child->pid = 0;
    if (child->retiring) {
        *child = table->items[--table->n];
        return -1;
    }
    bool soon = now_ms - child->started_ms < soon_ms[how];
    int64_t pause = soon ? CHILD_PAUSE_MS : 0;
    child->failures = soon && how == CHILD_END_FAILED ? child->failures + 1 : 0;
    for (int i = 1; i < child->failures && pause < CHILD_MOST_MS; i++) {
        pause *= 2;
    }
    pause = pause < CHILD_MOST_MS ? pause : CHILD_MOST_MS;
    child->start_at_ms = now_ms + pause;
    return pause;
}

void child_take_slot(struct child_table *table, struct child *child)
{
    for (int slot = 0; slot < CHILD_MAX && child->slot < 0; slot++) {
        if (!table->slots[slot]) {
            table->slots[slot] = true;
            child->slot = slot;
        }
    }
}

int child_running(const struct child_table *table, enum child_kind kind)
{
    int n = 0;
    for (int i = 0; i < table->n; i++) {
        n += table->items[i].kind == kind && table->items[i].pid > 0;
    }
    return n;
}
