/* What the tests of frameworks share: random trees, and reading from texts. */
#ifndef DUET_TESTS_COACH_FRAMEWORK_TEST_H
#define DUET_TESTS_COACH_FRAMEWORK_TEST_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/rng.h"
#include "coach/framework_build.h"
#include "coach/framework_csv.h"
#include "coach/roster_problems.h"

#include <stdio.h>

/* A text of a few words, some of them awkward; `lines` may have line ends. */
static inline struct str framework_test_text(struct arena *arena, struct rng *rng, const char *tag,
                                             int nth, bool lines)
{
    static const char *const bits[] = {
        "pupils",
        "\"quoted\"",
        "a, b; c",
        "na\303\257ve \342\200\224 caf\303\251",
        "\340\244\270\340\244\256\340\244\235",
        "<b>&amp;",
        "100 %",
        "it's",
    };
    struct buf buf;
    struct str text;
    buf_init(&buf, arena, 1000);
    buf_addf(&buf, "%s %d", tag, nth);
    for (uint32_t n = rng_below(rng, 4); n > 0; n--) {
        buf_add_text(&buf, lines && rng_below(rng, 3) == 0 ? "\n" : " ");
        buf_add_text(&buf, bits[rng_below(rng, sizeof bits / sizeof *bits)]);
    }
    return buf_end(&buf, &text) ? (struct str){"", 0} : text;
}

static inline struct framework_words framework_test_words(struct arena *arena, struct rng *rng,
                                                          const char *tag, int nth)
{
    struct framework_words words = {framework_test_text(arena, rng, tag, nth, false), {"", 0}};
    if (rng_below(rng, 3) > 0) {
        words.description = framework_test_text(arena, rng, "about", nth, true);
    }
    return words;
}

static inline struct framework_words *framework_test_others(struct arena *arena, struct rng *rng,
                                                            int32_t n, int nth)
{
    struct framework_words *others = n ? arena_alloc(arena, (size_t)n, sizeof *others) : NULL;
    for (int32_t k = 0; k < n; k++) {
        others[k] = (struct framework_words){{"", 0}, {"", 0}};
        if (rng_below(rng, 3) > 0) {
            others[k] = framework_test_words(arena, rng, "otra", nth);
        }
    }
    return others;
}

static inline struct str framework_test_id(struct arena *arena, struct rng *rng)
{
    char id[FRAMEWORK_UUID_SIZE];
    framework_build_uuid(str_of("test"), "any", str_of(""), (int32_t)(rng_next(rng) & 0xFFFFFFF),
                         id);
    return (struct str){arena_text(arena, id, strlen(id)), strlen(id)};
}

static inline void framework_test_skill(struct framework_build *build, struct rng *rng,
                                        int32_t domain, int nth)
{
    int32_t at, n_languages = build->framework->n_languages;
    char code[32];
    if (framework_build_skill(build, domain, &at)) {
        return;
    }
    struct framework_skill *skill = framework_build_skill_at(build, at);
    skill->words = framework_test_words(build->arena, rng, "Skill", nth);
    skill->others = framework_test_others(build->arena, rng, n_languages, nth);
    skill->case_id = framework_test_id(build->arena, rng);
    skill->active = rng_below(rng, 5) > 0;
    snprintf(code, sizeof code, "%c.%d", 'a' + nth % 26, nth);
    if (framework_build_code(build, at, str_of(code), skill->words.name, false)) {
        return;
    }
    uint32_t levels = rng_below(rng, 4) == 0 ? 0 : 2 + rng_below(rng, 5);
    for (uint32_t k = 0; k < levels; k++) {
        struct framework_level *level;
        if (!framework_build_level(build, at, &level)) {
            level->words = framework_test_words(build->arena, rng, "Level", (int)k);
            level->others = framework_test_others(build->arena, rng, n_languages, (int)k);
        }
    }
    for (uint32_t n = rng_below(rng, 4); n > 0; n--) {
        struct framework_task *task;
        if (!framework_build_task(build, at, &task)) {
            task->words.name = framework_test_text(build->arena, rng, "Task", (int)n, false);
            task->others = framework_test_others(build->arena, rng, n_languages, (int)n);
            for (int32_t k = 0; k < n_languages; k++) {
                task->others[k].description = (struct str){"", 0};
            }
            task->case_id = framework_test_id(build->arena, rng);
            task->has_difficulty = rng_below(rng, 3) > 0;
            task->difficulty =
                task->has_difficulty ? ((int)rng_below(rng, 8000) - 4000) / 1000.0 : 0;
            task->active = rng_below(rng, 5) > 0;
        }
    }
}

/* A random framework; the same seed gives the same one. */
static inline struct framework *framework_test_make(struct arena *arena, uint64_t seed)
{
    struct rng rng = rng_seed(seed);
    struct framework_build build;
    int32_t at;
    if (framework_build_init(&build, arena, arena)) {
        return NULL;
    }
    struct framework *f = build.framework;
    static struct str languages[2] = {{"es", 2}, {"pt-BR", 5}};
    f->languages = languages;
    f->n_languages = (int32_t)rng_below(&rng, 3);
    f->words = framework_test_words(arena, &rng, "Framework", (int)seed);
    f->others = framework_test_others(arena, &rng, f->n_languages, 0);
    f->case_id = framework_test_id(arena, &rng);
    f->publisher = rng_below(&rng, 2) ? framework_test_text(arena, &rng, "House", 1, false)
                                      : (struct str){"", 0};
    f->licence = rng_below(&rng, 2) ? str_of("CC BY 4.0") : (struct str){"", 0};
    f->active = rng_below(&rng, 4) > 0;
    int nth = 0;
    for (uint32_t d = 1 + rng_below(&rng, 5); d > 0; d--) {
        if (framework_build_domain(&build, &at)) {
            return NULL;
        }
        struct framework_domain *domain = framework_build_domain_at(&build, at);
        domain->words = framework_test_words(arena, &rng, "Domain", (int)d);
        domain->others = framework_test_others(arena, &rng, f->n_languages, (int)d);
        domain->case_id = framework_test_id(arena, &rng);
        for (uint32_t n = 1 + rng_below(&rng, 5); n > 0; n--) {
            framework_test_skill(&build, &rng, at, ++nth);
        }
    }
    return framework_build_end(&build, &at) ? NULL : f;
}

/* Reads a sheet from a text; 20 problems are kept. */
static inline enum err framework_test_read(struct arena *arena, struct str text,
                                           struct roster_problems *problems,
                                           struct framework **framework)
{
    *framework = NULL;
    enum err err = roster_problems_init(problems, arena, 20);
    return err ? err
               : framework_csv_read(arena, csv_source_memory(&text), "sheet.csv", problems,
                                    framework);
}

static inline void framework_test_show(const struct roster_problems *problems)
{
    for (size_t k = 0; k < problems->n; k++) {
        const struct roster_problem *p = &problems->items[k];
        printf("# %s:%d:%d [%s] \"%s\": %s (%s)\n", p->file, (int)p->line, (int)p->column,
               p->heading, p->value, p->message, p->hint);
    }
}

#endif
