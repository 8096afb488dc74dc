/* What is remembered between requests is what the database has: after each kind of change, and as
 * somebody who remembers nothing would see it. */
#include "coach/memory.h"
#include "coach/framework.h"
#include "coach/wishes.h"
#include "skills_test.h"

static const struct framework *recall(struct world *w, struct memory *memory)
{
    const struct framework *kept = NULL;
    w->c.coach.memory = memory;
    coachtest_must(
        &w->c,
        coachtest_read(&w->c, memory_framework(&w->c.coach, w->framework, str_of("en"), &kept)),
        "recall");
    w->c.coach.memory = NULL;
    return kept;
}

/* The tree as a request of the given moment sees it, with and without memory. */
static bool agrees(struct world *w, struct memory *memory, const char *after)
{
    struct coachtest *c = &w->c;
    const struct framework *fresh, *kept;
    const char *where = "";
    coachtest_must(
        c, coachtest_read(c, memory_framework(&c->coach, w->framework, str_of("en"), &fresh)),
        "fresh");
    kept = recall(w, memory);
    bool same = framework_same(fresh, kept, false, &where);
    return tap_ok(same, "%s: after %s (%s)", c->name, after, same ? "the same" : where);
}

static void test_frameworks(struct world *w)
{
    struct coachtest *c = &w->c;
    struct memory *memory = memory_new();
    struct framework *tree = NULL;
    struct str none = {"", 0};
    int64_t id;
    bool retired;
    coachtest_must(c,
                   coachtest_read(c, frameworks_get(&c->coach, w->framework, none,
                                                    FRAMEWORKS_LEVELS | FRAMEWORKS_TASKS, &tree)),
                   "get");
    agrees(w, memory, "nothing");
    c->coach.now_ms += 60000;
    tap_ok(recall(w, memory) == recall(w, memory), "%s: what is settled is kept", c->name);
    struct framework_domain domain = tree->domains[0];
    domain.words.name = str_of("Another name");
    coachtest_do(c, frameworks_edit_domain(&c->coach, &domain, &c->complaints));
    tap_ok(recall(w, memory) != recall(w, memory), "%s: what was just changed is not", c->name);
    agrees(w, memory, "a domain's new name");
    c->coach.now_ms += 60000;
    agrees(w, memory, "a minute");
    struct framework_skill skill = tree->domains[1].skills[0];
    skill.words.name = str_of("Another skill");
    skill.levels[0].words.name = str_of("Another level");
    coachtest_do(c, frameworks_edit_skill(&c->coach, &skill, &c->complaints));
    agrees(w, memory, "a skill's new name");
    c->coach.now_ms += 60000;
    agrees(w, memory, "a minute");
    coachtest_do(c, frameworks_retire_skill(&c->coach, w->skills[4], &retired));
    agrees(w, memory, "a skill that is gone");
    skill.code = str_of("new-one");
    skill.id = 0;
    coachtest_do(c, frameworks_add_skill(&c->coach, &skill, &c->complaints, &id));
    c->coach.now_ms += 60000;
    agrees(w, memory, "a new skill");
    coachtest_do(c, frameworks_move(&c->coach, FRAMEWORKS_SKILL, id, -1));
    agrees(w, memory, "another order");
    struct framework head = *tree;
    head.active = false;
    coachtest_do(c, frameworks_edit(&c->coach, &head, &c->complaints));
    c->coach.now_ms += 60000;
    agrees(w, memory, "being taken out of use");
    head.active = true;
    coachtest_do(c, frameworks_edit(&c->coach, &head, &c->complaints));
    memory_free(memory);
}

/* More languages and frameworks than there are places. */
static void test_places(struct world *w)
{
    struct coachtest *c = &w->c;
    struct memory *memory = memory_new();
    c->coach.now_ms += 60000;
    int wrong = 0;
    for (int round = 0; round < 3 * MEMORY_ITEMS; round++) {
        char locale[8];
        const struct framework *kept = NULL;
        snprintf(locale, sizeof locale, "x%d", round % (MEMORY_ITEMS + 3));
        c->coach.memory = memory;
        wrong += coachtest_read(c, memory_framework(&c->coach, w->framework, str_of(locale),
                                                    &kept)) != ERR_OK ||
                 kept->id != w->framework;
    }
    c->coach.memory = NULL;
    tap_ok(wrong == 0, "%s: the oldest gives way", c->name);
    memory_free(memory);
}

static void test_counts(struct world *w)
{
    struct coachtest *c = &w->c;
    struct memory *memory = memory_new();
    int64_t skill = w->skills[7], n = 0;
    for (int k = 0; k < 6; k++) {
        coachtest_as(c, w->people[k]);
        coachtest_do(c, wishes_add_need(&c->coach, w->people[k], skill));
        c->coach.memory = memory;
        coachtest_must(c, coachtest_read(c, memory_wanted(&c->coach, skill, &n)), "wanted");
        c->coach.memory = NULL;
    }
    tap_ok(n == 1, "%s: counts are those of the last minute", c->name);
    c->coach.now_ms += MEMORY_COUNTS_MS;
    c->coach.memory = memory;
    coachtest_must(c, coachtest_read(c, memory_wanted(&c->coach, skill, &n)), "wanted");
    c->coach.memory = NULL;
    tap_ok(n == 6, "%s: then they are counted again", c->name);
    coachtest_as_system(c);
    coachtest_do(c, people_leave(&c->coach, w->people[2]));
    coachtest_must(c, coachtest_read(c, memory_wanted(&c->coach, skill, &n)), "wanted");
    tap_ok(n == 5, "%s: but for those who have left", c->name);
    memory_free(memory);
}

static void suite(const struct dbtest *t)
{
    struct world w;
    world_make(&w, t, 8);
    test_frameworks(&w);
    test_places(&w);
    test_counts(&w);
    coachtest_close(&w.c);
}

int main(void)
{
    dbtest_both(suite);
    return tap_done();
}
