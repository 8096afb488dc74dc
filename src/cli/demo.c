/* A believable school district, made up from a seed; see demo.h. */
#include "cli/demo.h"

#include "base/arena.h"

#include <stdio.h>

#define PEOPLE_PER_SCHOOL 34
#define SCHOOL_NAME_SIZE 48

static const double sd_general = 0.8, sd_domain = 0.5, sd_skill = 0.6;

const char *demo_position_word(enum demo_position position)
{
    static const char *const words[DEMO_POSITION__MAX] = {
        [DEMO_TEACHER] = "teacher",       [DEMO_ASSISTANT] = "assistant",
        [DEMO_SPECIALIST] = "specialist", [DEMO_PARENT] = "parent",
        [DEMO_COACH] = "coach",           [DEMO_HEAD] = "head",
    };
    return words[position];
}

bool demo_is_native(const char *name)
{
    unsigned char first = (unsigned char)name[0];
    return first >= 0xE3 || first == 0xD0 || first == 0xD1;
}

/* The weighted choice of a culture. */
static const struct demo_culture *draw_culture(struct rng *rng)
{
    int total = 0;
    for (int i = 0; i < demo_n_cultures; i++) {
        total += demo_cultures[i].share;
    }
    int at = (int)rng_below(rng, (uint32_t)total), i = 0;
    while (at >= demo_cultures[i].share) {
        at -= demo_cultures[i].share;
        i++;
    }
    return &demo_cultures[i];
}

static void draw_ability(struct rng *rng, struct demo_person *person)
{
    double general = sd_general * rng_normal(rng);
    if (person->position == DEMO_COACH) {
        general += 0.8;
    } else if (person->position == DEMO_ASSISTANT || person->position == DEMO_PARENT) {
        general -= 0.5;
    }
    for (int d = 0; d < DEMO_DOMAINS; d++) {
        double domain = sd_domain * rng_normal(rng);
        for (int k = 0; k < DEMO_PER_DOMAIN; k++) {
            person->ability[d * DEMO_PER_DOMAIN + k] =
                general + domain + sd_skill * rng_normal(rng);
        }
    }
    person->gain = 1.4 + 0.7 * rng_normal(rng);
    person->gain = person->gain < 0.1 ? 0.1 : person->gain;
    person->self_bias = 0.8 + 0.7 * rng_normal(rng);
    person->severity = 0.35 * rng_normal(rng);
}

/* The head first, one coach in every second school, then mostly teachers. */
static enum demo_position draw_position(struct rng *rng, int32_t school, int32_t nth)
{
    uint32_t at = rng_below(rng, 100);
    if (nth == 0) {
        return DEMO_HEAD;
    }
    if (nth == 1 && school % 2 == 0) {
        return DEMO_COACH;
    }
    return at < 8    ? DEMO_ASSISTANT
           : at < 13 ? DEMO_SPECIALIST
           : at < 15 ? DEMO_PARENT
                     : DEMO_TEACHER;
}

static void draw_person(struct rng *rng, int32_t school, int32_t nth, struct demo_person *person)
{
    const struct demo_culture *culture = draw_culture(rng);
    person->given = culture->given[rng_below(rng, DEMO_NAMES)];
    do {
        person->family = culture->family[rng_below(rng, DEMO_NAMES)];
    } while (demo_is_native(person->family) != demo_is_native(person->given));
    /* Not everybody with such a name speaks the language at school. */
    person->language = rng_below(rng, 10) < 7 ? culture->language : NULL;
    person->school = school;
    person->subject = (int32_t)rng_below(rng, DEMO_SUBJECTS);
    person->position = draw_position(rng, school, nth);
    for (int day = 0; day < 5; day++) {
        uint32_t bit = (uint32_t)day * 5 + rng_below(rng, 5);
        if (rng_below(rng, 10) < 8) {
            person->free_periods |= UINT32_C(1) << bit;
        }
    }
    draw_ability(rng, person);
}

/* "Alder Lane Primary"; beyond the list of names, with a number. */
static const char *school_name(struct arena *arena, int32_t school)
{
    char name[SCHOOL_NAME_SIZE];
    const char *place = demo_schools[(school * 5) % DEMO_SCHOOLS];
    const char *kind = demo_school_kinds[school % DEMO_SCHOOL_KINDS];
    int n = school < DEMO_SCHOOLS
                ? snprintf(name, sizeof name, "%s %s", place, kind)
                : snprintf(name, sizeof name, "%s %s %d", place, kind, school / DEMO_SCHOOLS + 1);
    return arena_text(arena, name, (size_t)n);
}

enum err demo_make(struct arena *arena, uint64_t seed, int32_t n_people, struct demo *demo)
{
    int32_t n_schools = (n_people + PEOPLE_PER_SCHOOL - 1) / PEOPLE_PER_SCHOOL;
    if (n_schools < 2) {
        n_schools = 2;
    }
    struct demo_person *people = arena_alloc(arena, (size_t)n_people, sizeof *people);
    const char **names = arena_alloc(arena, (size_t)n_schools, sizeof *names);
    int32_t *first = arena_alloc(arena, (size_t)n_schools + 1, sizeof *first);
    if (!people || !names || !first) {
        return ERR_NOMEM;
    }
    *demo = (struct demo){.rng = rng_seed(seed),
                          .people = people,
                          .n_people = n_people,
                          .n_schools = n_schools,
                          .school_names = names,
                          .first = first};
    for (int32_t s = 0; s < n_schools; s++) {
        first[s] = (int32_t)((int64_t)n_people * s / n_schools);
        names[s] = school_name(arena, s);
        if (!names[s]) {
            return ERR_NOMEM;
        }
    }
    first[n_schools] = n_people;
    for (int32_t s = 0; s < n_schools; s++) {
        for (int32_t p = first[s]; p < first[s + 1]; p++) {
            draw_person(&demo->rng, s, p - first[s], &people[p]);
        }
    }
    return ERR_OK;
}
