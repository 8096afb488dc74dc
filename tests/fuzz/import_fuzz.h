/* What the fuzzers of imports share: what must hold of a set and of the plan made from it. */
#ifndef DUET_TESTS_FUZZ_IMPORT_FUZZ_H
#define DUET_TESTS_FUZZ_IMPORT_FUZZ_H

#include "coach/import_plan.h"
#include "roster_fuzz.h"

/* The word table of units.c, which would bring the database with it. */
const char *units_kind_word(enum unit_kind kind)
{
    static const char *const words[UNIT_KIND__MAX] = {"organisation", "district", "school",
                                                      "group"};
    return words[kind];
}

static inline void fuzz_check_text(struct str text)
{
    size_t bad;
    FUZZ_CHECK(text.p && (text.n == 0 || utf8_is_valid(text, &bad)) && text.p[text.n] == '\0');
}

static inline void fuzz_check_set(const struct import_set *set)
{
    int32_t n_people = (int32_t)set->people.n, n_units = (int32_t)set->units.n;
    const struct import_role *roles = set->roles.items;
    const struct import_member *members = set->members.items;
    const struct import_tag *tags = set->tags.items;
    for (int32_t k = 0; k < n_people; k++) {
        const struct import_person *p = import_set_person_at(set, k);
        fuzz_check_text(p->id);
        fuzz_check_text(p->given_name);
        fuzz_check_text(p->family_name);
        fuzz_check_text(p->email);
        FUZZ_CHECK(p->mentioned || p->gone || p->given_name.n + p->family_name.n > 0);
        FUZZ_CHECK(p->id.n == 0 || import_set_find_person(set, p->id) == k);
    }
    for (int32_t k = 0; k < n_units; k++) {
        const struct import_unit *u = import_set_unit_at(set, k);
        fuzz_check_text(u->id);
        fuzz_check_text(u->name);
        FUZZ_CHECK(u->kind < UNIT_KIND__MAX && u->kind != UNIT_ORGANISATION);
    }
    for (size_t k = 0; k < set->roles.n; k++) {
        FUZZ_CHECK(fuzz_in(roles[k].person, n_people) && roles[k].work < IMPORT_WORK__MAX);
        fuzz_check_text(roles[k].id);
        FUZZ_CHECK(roles[k].id.n > 0);
    }
    for (size_t k = 0; k < set->members.n; k++) {
        FUZZ_CHECK(fuzz_in(members[k].person, n_people) && fuzz_in(members[k].unit, n_units));
    }
    for (size_t k = 0; k < set->tags.n; k++) {
        FUZZ_CHECK(fuzz_in(tags[k].person, n_people) && tags[k].kind < PROFILE_KIND__MAX);
        FUZZ_CHECK(tags[k].value.n > 0 && tags[k].value.n <= 4 * PROFILE_TAG);
    }
}

static inline void fuzz_check_problems(const struct roster_problems *problems)
{
    for (size_t k = 0; k < problems->n; k++) {
        const struct roster_problem *p = &problems->items[k];
        fuzz_check_shown(p->file);
        fuzz_check_shown(p->heading);
        fuzz_check_shown(p->value);
        fuzz_check_shown(p->message);
        fuzz_check_shown(p->hint);
    }
    for (size_t k = 0; k < problems->n_notes; k++) {
        fuzz_check_shown(problems->notes[k].text);
    }
}

/* A database with somebody and something in it already; everything has the names and ids that the
 * corpora use. */
static inline struct import_known *fuzz_known(struct arena *arena, struct str source)
{
    struct import_known *known = arena_alloc(arena, 1, sizeof *known);
    FUZZ_CHECK(known && !import_known_init(known, arena, source));
    const struct str none = {"", 0};
    const struct known_unit units[] = {
        {1, IMPORT_NONE, UNIT_ORGANISATION, str_of("Org"), none, str_of("entered"), true},
        {2, 0, UNIT_SCHOOL, str_of("North"), str_of("s1"), source, true},
        {3, 0, UNIT_SCHOOL, str_of("South"), none, str_of("entered"), true},
        {4, 1, UNIT_GROUP, str_of("Old"), str_of("s9"), source, false},
    };
    const struct known_person people[] = {
        {.id = 1,
         .external_id = str_of("t1"),
         .given_name = str_of("Ann"),
         .family_name = str_of("O"),
         .email = str_of("a@x.org"),
         .position = str_of("teacher"),
         .source = source,
         .active = true},
        {.id = 2,
         .external_id = none,
         .given_name = str_of("Ben"),
         .family_name = str_of("S"),
         .email = str_of("b@x.org"),
         .position = str_of("coach"),
         .source = str_of("entered"),
         .active = true},
        {.id = 3,
         .external_id = str_of("t3"),
         .given_name = str_of("Cem"),
         .family_name = none,
         .email = none,
         .position = str_of("aide"),
         .source = source,
         .active = false},
    };
    const struct known_member members[] = {{0, 1, ROLE_PARTICIPANT, source},
                                           {1, 0, ROLE_ADMINISTRATOR, str_of("entered")},
                                           {1, 1, ROLE_COORDINATOR, str_of("sheet")}};
    const struct known_role roles[] = {{str_of("r1"), 0, 1, IMPORT_TEACHER, true},
                                       {str_of("r2"), 0, 2, IMPORT_AIDE, false}};
    bool added = true;
    for (int k = 0; k < 4; k++) {
        added = added && list_add(&known->units, &units[k]);
    }
    for (int k = 0; k < 3; k++) {
        added =
            added && list_add(&known->people, &people[k]) && list_add(&known->members, &members[k]);
    }
    added = added && list_add(&known->roles, &roles[0]) && list_add(&known->roles, &roles[1]);
    FUZZ_CHECK(added && !import_known_index(known));
    return known;
}

static inline void fuzz_check_ref(struct import_ref ref, const struct list *known,
                                  const struct list *wanted)
{
    FUZZ_CHECK(ref.known < (int32_t)known->n && ref.wanted < (int32_t)wanted->n);
    FUZZ_CHECK(ref.known < 0 || ref.wanted < 0);
    FUZZ_CHECK(ref.known >= IMPORT_NONE && ref.wanted >= IMPORT_ROOT);
}

/* A plan against an empty database and one that has something. */
static inline void fuzz_plan(struct arena *arena, const struct import_set *set,
                             struct roster_problems *problems)
{
    struct import_known empty;
    FUZZ_CHECK(!import_known_init(&empty, arena, set->source) && !import_known_index(&empty));
    const struct import_known *known[2] = {&empty, fuzz_known(arena, set->source)};
    for (int round = 0; round < 2; round++) {
        struct import_plan *plan = NULL;
        FUZZ_CHECK(!import_plan_make(arena, set, known[round], problems, &plan));
        size_t n = 0;
        for (int what = 0; what < IMPORT_WHAT__MAX; what++) {
            n += (size_t)plan->n[what];
        }
        FUZZ_CHECK(n == plan->steps.n);
        const struct import_step *steps = plan->steps.items;
        for (size_t k = 0; k < n; k++) {
            fuzz_check_ref(steps[k].person, &known[round]->people, &set->people);
            fuzz_check_ref(steps[k].unit, &known[round]->units, &set->units);
            FUZZ_CHECK(steps[k].first_field + steps[k].n_fields <= plan->fields.n);
            FUZZ_CHECK(steps[k].first_tag + steps[k].n_tags <= set->tags.n);
        }
        /* Nobody administers Duet by a file, or ceases to. */
        FUZZ_CHECK(round == 0 || plan->n[IMPORT_PERSON_LEAVE] <= 1);
        for (size_t k = 0; k < n; k++) {
            FUZZ_CHECK(steps[k].member != ROLE_ADMINISTRATOR);
            FUZZ_CHECK(steps[k].what != IMPORT_PERSON_LEAVE || steps[k].person.known != 1);
        }
    }
}

#endif
