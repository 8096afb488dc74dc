/* Look-ups in what the database has; see import_known.h. */
#include "coach/import_known.h"

#include "base/arena.h"
#include "base/intern.h"
#include "base/sort.h"
#include "base/utf8.h"

#include <stdio.h>

#define KEY_ROOM 2048 /* bytes of a full name, folded */

enum err import_known_init(struct import_known *known, struct arena *arena, struct str source)
{
    *known = (struct import_known){
        .arena = arena, .source = source, .organisation = {"", 0}, .root = IMPORT_NONE};
    list_init(&known->units, arena, sizeof(struct known_unit), UNITS_MAX);
    list_init(&known->people, arena, sizeof(struct known_person), INTERN_MAX);
    list_init(&known->members, arena, sizeof(struct known_member), INTERN_MAX);
    list_init(&known->roles, arena, sizeof(struct known_role), INTERN_MAX);
    list_init(&known->evaluators, arena, sizeof(struct known_evaluator), INTERN_MAX);
    list_init(&known->unit_by_id, arena, sizeof(int32_t), INTERN_MAX);
    list_init(&known->unit_by_name, arena, sizeof(int32_t), INTERN_MAX);
    list_init(&known->person_by_id, arena, sizeof(int32_t), INTERN_MAX);
    list_init(&known->person_by_email, arena, sizeof(int32_t), INTERN_MAX);
    list_init(&known->person_by_name, arena, sizeof(int32_t), INTERN_MAX);
    known->unit_ids = intern_new(arena, INTERN_MAX);
    known->unit_names = intern_new(arena, INTERN_MAX);
    known->person_ids = intern_new(arena, INTERN_MAX);
    known->emails = intern_new(arena, INTERN_MAX);
    known->names = intern_new(arena, INTERN_MAX);
    known->role_ids = intern_new(arena, INTERN_MAX);
    known->pairs = intern_new(arena, INTERN_MAX);
    known->own_ids = intern_new(arena, INTERN_MAX);
    bool made = known->unit_ids && known->unit_names && known->person_ids && known->emails &&
                known->names && known->role_ids && known->pairs && known->own_ids;
    return made ? ERR_OK : ERR_NOMEM;
}

/* Remembers whose the key is; a key of several is nobody's. Empty keys are left out. */
static enum err known_key(struct intern *keys, struct list *owners, struct str key, int32_t owner)
{
    int32_t at = 0;
    bool fresh;
    if (key.n == 0) {
        return ERR_OK;
    }
    enum err err = intern_add(keys, key, &at, &fresh);
    if (err) {
        return err;
    }
    if (fresh) {
        return list_add(owners, &owner) ? ERR_OK : owners->err;
    }
    ((int32_t *)owners->items)[at] = IMPORT_SEVERAL;
    return ERR_OK;
}

static int32_t known_find(const struct intern *keys, const struct list *owners, struct str key)
{
    int32_t at = key.n > 0 ? intern_find(keys, key) : -1;
    return at < 0 ? IMPORT_NONE : ((const int32_t *)owners->items)[at];
}

/* The text folded, or "" where it is too long to be one. */
static struct str fold(struct str text, char out[UTF8_MAX_FORM])
{
    struct str form;
    return utf8_fold(text, out, &form) ? (struct str){"", 0} : form;
}

/* Given name, blank, family name, folded. */
static struct str full_name(struct str given, struct str family, char out[KEY_ROOM])
{
    char first[UTF8_MAX_FORM], second[UTF8_MAX_FORM];
    struct str a = fold(given, first), b = fold(family, second);
    int n = snprintf(out, KEY_ROOM, "%.*s%s%.*s", (int)a.n, a.p, a.n > 0 && b.n > 0 ? " " : "",
                     (int)b.n, b.p);
    return n > 0 && n < KEY_ROOM ? (struct str){out, (size_t)n} : (struct str){"", 0};
}

/* Whether a unit is the one at the top rather than the best so far: in use, an organisation, old.
 */
static bool goes_before(const struct known_unit *unit, const struct known_unit *best)
{
    if (unit->parent != IMPORT_NONE || !unit->active) {
        return false;
    }
    bool organisation = unit->kind == UNIT_ORGANISATION;
    bool other = best && best->kind == UNIT_ORGANISATION;
    return !best || (organisation == other ? unit->id < best->id : organisation);
}

static enum err index_units(struct import_known *known)
{
    const struct known_unit *units = known->units.items;
    char folded[UTF8_MAX_FORM];
    enum err err = ERR_OK;
    for (size_t k = 0; k < known->units.n && !err; k++) {
        int32_t unit = (int32_t)k;
        if (goes_before(&units[k], known->root < 0 ? NULL : &units[known->root])) {
            known->root = unit;
        }
        err = known_key(known->unit_ids, &known->unit_by_id, units[k].external_id, unit);
        if (!err && units[k].active) {
            err = known_key(known->unit_names, &known->unit_by_name, fold(units[k].name, folded),
                            unit);
        }
    }
    return err;
}

static enum err index_people(struct import_known *known)
{
    const struct known_person *people = known->people.items;
    char folded[UTF8_MAX_FORM], name[KEY_ROOM];
    enum err err = ERR_OK;
    for (size_t k = 0; k < known->people.n && !err; k++) {
        int32_t person = (int32_t)k;
        err = known_key(known->person_ids, &known->person_by_id, people[k].external_id, person);
        err = err ? err
                  : known_key(known->emails, &known->person_by_email, fold(people[k].email, folded),
                              person);
        err = err ? err
                  : known_key(known->names, &known->person_by_name,
                              full_name(people[k].given_name, people[k].family_name, name), person);
        bool own = str_equal(people[k].source, known->source) || people[k].n_roles > 0;
        if (!err && own && people[k].external_id.n > 0) {
            int32_t at;
            err = intern_add(known->own_ids, people[k].external_id, &at, NULL);
        }
    }
    return err;
}

static int compare_members(const void *a, const void *b, void *ctx)
{
    (void)ctx;
    const struct known_member *x = a, *y = b;
    if (x->person != y->person) {
        return x->person < y->person ? -1 : 1;
    }
    if (x->unit != y->unit) {
        return x->unit < y->unit ? -1 : 1;
    }
    return (x->role > y->role) - (x->role < y->role);
}

static int compare_roles(const void *a, const void *b, void *ctx)
{
    (void)ctx;
    const struct known_role *x = a, *y = b;
    if (x->person != y->person) {
        return x->person < y->person ? -1 : 1;
    }
    size_t n = x->external_id.n < y->external_id.n ? x->external_id.n : y->external_id.n;
    int order = n > 0 ? memcmp(x->external_id.p, y->external_id.p, n) : 0;
    return order ? order
                 : (x->external_id.n > y->external_id.n) - (x->external_id.n < y->external_id.n);
}

static void index_ranges(struct import_known *known)
{
    struct known_person *people = known->people.items;
    const struct known_member *members = known->members.items;
    const struct known_role *roles = known->roles.items;
    sort_items(known->members.items, known->members.n, sizeof(struct known_member), compare_members,
               NULL);
    sort_items(known->roles.items, known->roles.n, sizeof(struct known_role), compare_roles, NULL);
    for (size_t k = 0; k < known->members.n; k++) {
        struct known_person *person = &people[members[k].person];
        person->first_member = person->n_members == 0 ? (int32_t)k : person->first_member;
        person->n_members++;
    }
    for (size_t k = 0; k < known->roles.n; k++) {
        struct known_person *person = &people[roles[k].person];
        person->first_role = person->n_roles == 0 ? (int32_t)k : person->first_role;
        person->n_roles++;
    }
}

/* Two indices as a key. */
struct pair {
    int32_t evaluator, person;
};

enum err import_known_index(struct import_known *known)
{
    const struct known_role *roles = known->roles.items;
    const struct known_evaluator *evaluators = known->evaluators.items;
    enum err err = ERR_OK;
    int32_t at;
    index_ranges(known);
    for (size_t k = 0; k < known->roles.n && !err; k++) {
        err = intern_add(known->role_ids, roles[k].external_id, &at, NULL);
    }
    for (size_t k = 0; k < known->evaluators.n && !err; k++) {
        struct pair pair = {evaluators[k].evaluator, evaluators[k].person};
        err = intern_add(known->pairs, (struct str){(const char *)&pair, sizeof pair}, &at, NULL);
    }
    err = err ? err : index_units(known);
    return err ? err : index_people(known);
}

int32_t import_known_unit(const struct import_known *known, struct str external_id)
{
    return known_find(known->unit_ids, &known->unit_by_id, external_id);
}

int32_t import_known_unit_named(const struct import_known *known, struct str name)
{
    char folded[UTF8_MAX_FORM];
    return known_find(known->unit_names, &known->unit_by_name, fold(name, folded));
}

int32_t import_known_person(const struct import_known *known, struct str external_id)
{
    return known_find(known->person_ids, &known->person_by_id, external_id);
}

int32_t import_known_email(const struct import_known *known, struct str email)
{
    char folded[UTF8_MAX_FORM];
    return known_find(known->emails, &known->person_by_email, fold(email, folded));
}

int32_t import_known_named(const struct import_known *known, struct str given_name,
                           struct str family_name)
{
    char name[KEY_ROOM];
    return known_find(known->names, &known->person_by_name,
                      full_name(given_name, family_name, name));
}

int32_t import_known_role(const struct import_known *known, struct str external_id)
{
    return intern_find(known->role_ids, external_id);
}

bool import_known_evaluates(const struct import_known *known, int32_t evaluator, int32_t person)
{
    struct pair pair = {evaluator, person};
    return intern_find(known->pairs, (struct str){(const char *)&pair, sizeof pair}) >= 0;
}
