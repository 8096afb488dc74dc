/* What the fuzzers of frameworks share: whatever is read is within its limits, and is the same
 * after being written as either kind of file and read back. */
#ifndef DUET_TESTS_FUZZ_FRAMEWORK_FUZZ_H
#define DUET_TESTS_FUZZ_FRAMEWORK_FUZZ_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/csv.h"
#include "base/utf8.h"
#include "coach/framework_case.h"
#include "coach/framework_csv.h"
#include "coach/framework_file.h"
#include "coach/roster_problems.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

#define FUZZ_CHECK(what)                                                                           \
    do {                                                                                           \
        if (!(what)) {                                                                             \
            fprintf(stderr, "does not hold: %s\n", #what);                                         \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

#define FUZZ_MEMORY ((size_t)512 << 20)

static inline void fuzz_text(struct str text, size_t most)
{
    size_t bad;
    FUZZ_CHECK(text.p && text.n <= most && utf8_is_valid(text, &bad));
}

static inline void fuzz_words(struct framework_words words)
{
    fuzz_text(words.name, FRAMEWORK_MAX_NAME);
    fuzz_text(words.description, FRAMEWORK_MAX_TEXT);
}

static inline void fuzz_check_framework(const struct framework *f)
{
    int32_t n = 0;
    fuzz_words(f->words);
    FUZZ_CHECK(f->n_domains <= FRAMEWORK_MAX_DOMAINS && f->n_skills <= FRAMEWORK_MAX_SKILLS);
    FUZZ_CHECK(f->n_languages <= FRAMEWORK_MAX_LANGUAGES);
    for (int32_t d = 0; d < f->n_domains; d++) {
        fuzz_words(f->domains[d].words);
        for (int32_t s = 0; s < f->domains[d].n_skills; s++, n++) {
            const struct framework_skill *skill = &f->domains[d].skills[s];
            fuzz_words(skill->words);
            fuzz_text(skill->code, FRAMEWORK_MAX_CODE);
            FUZZ_CHECK(framework_find_code(f, skill->code) == skill);
            FUZZ_CHECK(skill->n_levels >= 2 && skill->n_levels <= FRAMEWORK_MAX_LEVELS);
            for (int32_t k = 0; skill->levels && k < skill->n_levels; k++) {
                FUZZ_CHECK(skill->levels[k].level == k + 1);
                fuzz_words(skill->levels[k].words);
            }
            FUZZ_CHECK(skill->n_tasks <= FRAMEWORK_MAX_TASKS);
        }
    }
    FUZZ_CHECK(n == f->n_skills);
}

/* Reads a text that was written here: it must be the same framework. */
static inline void fuzz_back(struct arena *arena, struct str text, const struct framework *f,
                             bool but_case_ids)
{
    struct roster_problems problems;
    struct framework **back;
    int32_t n = 0;
    const char *where = "";
    if (roster_problems_init(&problems, arena, 5)) {
        return;
    }
    enum err err = framework_file_read(arena, text, "back", &problems, &back, &n);
    if (err == ERR_NOMEM) {
        return;
    }
    if (err) {
        fprintf(stderr, "%s\n%.*s\n", problems.n ? problems.items[0].message : "", (int)text.n,
                text.p);
    }
    FUZZ_CHECK(err == ERR_OK && n == 1);
    if (!framework_same(f, back[0], but_case_ids, &where)) {
        fprintf(stderr, "another %s:\n%.*s\n", where, (int)text.n, text.p);
        abort();
    }
}

static inline void fuzz_framework(const uint8_t *bytes, size_t n)
{
    struct arena *arena = arena_new(FUZZ_MEMORY);
    struct roster_problems problems;
    struct framework **all;
    int32_t count = 0;
    struct str text = {(const char *)bytes, n};
    if (roster_problems_init(&problems, arena, 5) == ERR_OK) {
        enum err err = framework_file_read(arena, text, "fuzz", &problems, &all, &count);
        FUZZ_CHECK(err == ERR_OK || err == ERR_INVALID || err == ERR_NOMEM);
        FUZZ_CHECK((err == ERR_INVALID) == (problems.total > 0));
        for (int32_t k = 0; k < count; k++) {
            struct buf buf;
            struct str written;
            fuzz_check_framework(all[k]);
            buf_init(&buf, arena, FRAMEWORK_CASE_SIZE);
            framework_csv_write(all[k], &buf);
            if (buf_end(&buf, &written) == ERR_OK && written.n <= FRAMEWORK_FILE_MAX) {
                fuzz_back(arena, written, all[k], false);
            }
            buf_clear(&buf);
            if (framework_case_write(all[k], str_of("u:"), &buf) == ERR_OK &&
                buf_end(&buf, &written) == ERR_OK && written.n <= FRAMEWORK_FILE_MAX) {
                fuzz_back(arena, written, all[k], true);
            }
        }
    }
    arena_free(arena);
}

#endif
