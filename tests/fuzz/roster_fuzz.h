/* What the fuzzers of the roster's files share: read one file beside good ones, and check that what
 * comes out is whole. */
#ifndef DUET_TESTS_FUZZ_ROSTER_FUZZ_H
#define DUET_TESTS_FUZZ_ROSTER_FUZZ_H

#include "base/arena.h"
#include "base/crew.h"
#include "base/utf8.h"
#include "coach/roster_build.h"

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

static inline bool fuzz_in(int32_t id, int32_t n)
{
    return id >= 0 && id < n;
}

static inline bool fuzz_in_or_none(int32_t id, int32_t n)
{
    return id == ROSTER_NONE || fuzz_in(id, n);
}

static inline void fuzz_check_people(const struct roster *r)
{
    for (int32_t i = 0; i < r->n_people; i++) {
        const struct roster_person *p = &r->people[i];
        size_t bad;
        FUZZ_CHECK(p->id.n > 0 && p->id.n <= ROSTER_MAX_ID && utf8_is_valid(p->id, &bad));
        FUZZ_CHECK(p->name.n > 0 && p->max_helps >= -1 && p->max_learns >= -1);
        FUZZ_CHECK(p->max_helps <= ROSTER_MAX_PARTNERS && p->max_learns <= ROSTER_MAX_PARTNERS);
        FUZZ_CHECK(roster_find_person(r, p->id) == i);
        FUZZ_CHECK(r->n_languages == 64 || p->languages >> r->n_languages == 0);
        for (int32_t k = 0; k < r->n_columns; k++) {
            FUZZ_CHECK(fuzz_in_or_none(r->values[i * r->n_columns + k], r->columns[k].n_values));
        }
    }
}

static inline void fuzz_check_evidence(const struct roster *r)
{
    for (size_t k = 0; k < r->n_evidence; k++) {
        const struct zone_evidence *e = &r->evidence[k];
        FUZZ_CHECK(fuzz_in(e->person, r->n_people) && fuzz_in(e->skill, r->n_skills));
        FUZZ_CHECK(fuzz_in_or_none(e->rater, r->n_raters));
        FUZZ_CHECK(fuzz_in_or_none(e->occasion, r->n_occasions));
        FUZZ_CHECK(fuzz_in_or_none(e->item, r->n_items));
        FUZZ_CHECK(e->kind < ZONE_KIND__MAX && e->support < ZONE_SUPPORT__MAX);
        FUZZ_CHECK(e->level < (e->kind == ZONE_TASK ? 2 : r->skill_levels[e->skill]));
        FUZZ_CHECK(!(e->difficulty > 10) && !(e->difficulty < -10));
        FUZZ_CHECK(e->item == ROSTER_NONE || r->items[e->item].skill == e->skill);
        FUZZ_CHECK(e->occasion == ROSTER_NONE || r->occasions[e->occasion].person == e->person);
    }
}

static inline void fuzz_check_rest(const struct roster *r)
{
    const struct roster_wish *wishes[2] = {r->needs, r->offers};
    const size_t n[2] = {r->n_needs, r->n_offers};
    for (int side = 0; side < 2; side++) {
        for (size_t k = 0; k < n[side]; k++) {
            const struct roster_wish *w = &wishes[side][k];
            FUZZ_CHECK(fuzz_in(w->person, r->n_people) && fuzz_in(w->skill, r->n_skills));
            FUZZ_CHECK(w->priority >= 1 && w->priority <= ROSTER_MAX_PRIORITY);
        }
    }
    for (size_t k = 0; k < r->n_rules; k++) {
        const struct roster_rule *rule = &r->rules[k];
        bool two = rule->kind <= ROSTER_KEEP;
        FUZZ_CHECK(!two || (fuzz_in(rule->person, r->n_people) &&
                            fuzz_in(rule->other, r->n_people) && rule->person != rule->other));
        FUZZ_CHECK(fuzz_in_or_none(rule->skill, r->n_skills));
        FUZZ_CHECK(two || fuzz_in(rule->column,
                                  rule->kind == ROSTER_SAME ? r->n_columns : ROSTER_SHARED__MAX));
    }
    for (int32_t k = 0; k < r->n_skills; k++) {
        FUZZ_CHECK(fuzz_in(r->skill_domain[k], r->n_domains));
        FUZZ_CHECK(r->skill_levels[k] >= 2 && r->skill_levels[k] <= ZONE_MAX_LEVELS);
    }
}

/* Texts that are shown have no control characters and are UTF-8. */
static inline void fuzz_check_shown(const char *text)
{
    size_t bad;
    FUZZ_CHECK(text && utf8_is_valid(str_of(text), &bad));
    for (; *text; text++) {
        FUZZ_CHECK((unsigned char)*text >= 0x20 && *text != 0x7F);
    }
}

/* The same read by two threads in pieces of a few bytes: the same evidence and the same problems.
 */
static inline void fuzz_in_pieces(const struct roster_source sources[ROSTER_FILE__MAX],
                                  size_t piece, const struct roster_problems *problems,
                                  const struct roster *roster)
{
    const struct crew crew = {2};
    struct arena *arena = arena_new((size_t)256 << 20);
    struct roster_problems others;
    struct roster *other = NULL;
    FUZZ_CHECK(arena && !roster_problems_init(&others, arena, 5));
    enum err err = roster_read_crew(arena, sources, &crew, piece, &others, &other);
    FUZZ_CHECK((err == ERR_OK) == (roster != NULL) && others.total == problems->total);
    for (size_t k = 0; k < others.n; k++) {
        FUZZ_CHECK(others.items[k].line == problems->items[k].line);
        FUZZ_CHECK(str_equal(str_of(others.items[k].message), str_of(problems->items[k].message)));
    }
    FUZZ_CHECK(others.n_notes == problems->n_notes);
    FUZZ_CHECK(!roster ||
               (other->n_evidence == roster->n_evidence && other->n_raters == roster->n_raters &&
                other->n_occasions == roster->n_occasions && other->n_items == roster->n_items));
    for (size_t k = 0; roster && k < roster->n_evidence; k++) {
        const struct zone_evidence *a = &roster->evidence[k], *b = &other->evidence[k];
        FUZZ_CHECK(a->person == b->person && a->skill == b->skill && a->rater == b->rater &&
                   a->occasion == b->occasion && a->item == b->item && a->day == b->day &&
                   a->level == b->level && a->kind == b->kind && a->support == b->support);
    }
    arena_free(arena);
}

/* Reads the bytes as the file `which`, with small good files for the others. */
static inline void fuzz_roster(enum roster_file which, const uint8_t *bytes, size_t n)
{
    struct roster_source sources[ROSTER_FILE__MAX] = {
        {"people", NULL, str_of("id,name,unit\np1,Ann,A\np2,Ben,B\np3,\xC3\x89va,A\n")},
        {"skills", NULL, str_of("id,levels\ns1,4\ns2,5\n")},
        {"evidence", NULL, str_of("person,skill,level\n")},
    };
    struct arena *arena = arena_new((size_t)256 << 20);
    struct roster_problems problems;
    struct roster *roster = NULL;
    sources[ROSTER_FILE_EVIDENCE].name = NULL;
    sources[which] = (struct roster_source){"fuzzed", NULL, {(const char *)bytes, n}};
    FUZZ_CHECK(arena && !roster_problems_init(&problems, arena, 5));
    enum err err = roster_read_sources(arena, sources, &problems, &roster);
    FUZZ_CHECK(err == ERR_OK || err == ERR_INVALID);
    FUZZ_CHECK((err == ERR_OK) == (problems.total == 0));
    if (!err) {
        fuzz_check_people(roster);
        fuzz_check_evidence(roster);
        fuzz_check_rest(roster);
    }
    if (which == ROSTER_FILE_EVIDENCE && n > 0) {
        fuzz_in_pieces(sources, 1 + bytes[n - 1] % 64u, &problems, roster);
    }
    for (size_t k = 0; k < problems.n; k++) {
        const struct roster_problem *p = &problems.items[k];
        fuzz_check_shown(p->heading);
        fuzz_check_shown(p->value);
        fuzz_check_shown(p->message);
        fuzz_check_shown(p->hint);
    }
    for (size_t k = 0; k < problems.n_notes; k++) {
        fuzz_check_shown(problems.notes[k].text);
    }
    arena_free(arena);
}

#endif
