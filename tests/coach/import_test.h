/* What the tests of imports share: reading exports, and showing sets as text. */
#ifndef DUET_TESTS_COACH_IMPORT_TEST_H
#define DUET_TESTS_COACH_IMPORT_TEST_H

#include "base/buf.h"
#include "base/intern.h"
#include "coach/archive.h"
#include "coach/import_set.h"
#include "coach/oneroster.h"
#include "coach/roster_problems.h"
#include "zip_test.h"

#define IMPORT_TEST_TODAY 20782 /* 2026-11-25 */

struct import_test {
    struct arena *arena;
    struct roster_problems problems;
    struct import_set *set; /* NULL: not read */
    struct str source;
    enum err err;
};

/* Reads an open archive. */
static inline void import_test_archive(struct import_test *test, struct archive *archive,
                                       const struct oneroster_options *options,
                                       const struct intern *known)
{
    struct oneroster *oneroster = NULL;
    struct oneroster_options usual = {.today = IMPORT_TEST_TODAY, .system = {"", 0}};
    zip_test_require(!roster_problems_init(&test->problems, test->arena, 50), "problems");
    test->set = NULL;
    test->err = oneroster_begin(test->arena, archive, options ? options : &usual, &test->problems,
                                &oneroster);
    if (!test->err) {
        test->source = oneroster_source(oneroster);
        test->err = oneroster_read(oneroster, known, &test->set);
    }
}

static inline void import_test_oneroster(struct import_test *test,
                                         const struct zip_test_file *files,
                                         const struct oneroster_options *options,
                                         const struct intern *known)
{
    struct archive *archive = NULL;
    struct archive_fault fault;
    struct str bytes = zip_test_make(test->arena, files, NULL);
    zip_test_require(!archive_open_memory(test->arena, bytes, &archive, &fault), "zip");
    import_test_archive(test, archive, options, known);
    archive_close(archive);
}

static inline int import_test_compare(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The lines of a text in the order of the alphabet. */
static inline const char *import_test_sorted(struct arena *arena, struct str text)
{
    enum { MOST = 4000 };
    const char **lines = arena_alloc(arena, MOST, sizeof *lines);
    size_t n = 0;
    char *copy = arena_text(arena, text.p, text.n);
    for (char *line = copy; *line && n < MOST;) {
        char *end = strchr(line, '\n');
        *end = '\0';
        lines[n++] = line;
        line = end + 1;
    }
    qsort(lines, n, sizeof *lines, import_test_compare);
    struct buf buf;
    struct str sorted;
    buf_init(&buf, arena, 1 << 20);
    for (size_t k = 0; k < n; k++) {
        buf_addf(&buf, "%s\n", lines[k]);
    }
    zip_test_require(!buf_end(&buf, &sorted), "memory");
    return sorted.p;
}

/* A set as sorted lines. */
static inline const char *import_test_show(const struct import_test *test)
{
    const struct import_set *set = test->set;
    struct buf buf;
    struct str text;
    if (!set) {
        return "nothing\n";
    }
    buf_init(&buf, test->arena, 1 << 20);
    for (size_t k = 0; k < set->units.n; k++) {
        const struct import_unit *u = import_set_unit_at(set, (int32_t)k);
        buf_addf(&buf, "unit %s|%s|%d|%s%s\n", u->id.p, u->name.p, (int)u->kind, u->parent_id.p,
                 u->gone ? "|gone" : "");
    }
    for (size_t k = 0; k < set->people.n; k++) {
        const struct import_person *p = import_set_person_at(set, (int32_t)k);
        buf_addf(&buf, "person %s|%s|%s|%s|%s%s%s\n", p->id.p, p->given_name.p, p->family_name.p,
                 p->email.p, p->position.p, p->gone ? "|gone" : "",
                 p->mentioned ? "|mentioned" : "");
    }
    const struct import_role *roles = set->roles.items;
    for (size_t k = 0; k < set->roles.n; k++) {
        buf_addf(&buf, "role %s|%s|%s%s%s\n", import_set_person_at(set, roles[k].person)->id.p,
                 roles[k].unit_id.p, import_set_work_word(roles[k].work),
                 roles[k].primary ? "|primary" : "", roles[k].gone ? "|gone" : "");
    }
    const struct import_tag *tags = set->tags.items;
    for (size_t k = 0; k < set->tags.n; k++) {
        buf_addf(&buf, "tag %s|%d|%s\n", import_set_person_at(set, tags[k].person)->id.p,
                 (int)tags[k].kind, tags[k].value.p);
    }
    zip_test_require(!buf_end(&buf, &text), "memory");
    return import_test_sorted(test->arena, text);
}

/* Whether a note has this part. */
static inline int import_test_noted(const struct roster_problems *problems, const char *part)
{
    for (size_t k = 0; k < problems->n_notes; k++) {
        if (strstr(problems->notes[k].text, part)) {
            return 1;
        }
    }
    return 0;
}

static inline void import_test_print(const struct roster_problems *problems)
{
    for (size_t k = 0; k < problems->n; k++) {
        const struct roster_problem *p = &problems->items[k];
        printf("#   %s:%d: column %d (%s) \"%s\": %s; %s\n", p->file, (int)p->line, (int)p->column,
               p->heading, p->value, p->message, p->hint);
    }
    for (size_t k = 0; k < problems->n_notes; k++) {
        printf("#   note %s:%d: %s\n", problems->notes[k].file, (int)problems->notes[k].line,
               problems->notes[k].text);
    }
}

#endif
