/* What a file says about units and people; see import_set.h. */
#include "coach/import_set.h"

#include "base/arena.h"
#include "base/intern.h"
#include "base/utf8.h"

static const char *const work_words[IMPORT_WORK__MAX + 1] = {
    [IMPORT_TEACHER] = "teacher",
    [IMPORT_PRINCIPAL] = "principal",
    [IMPORT_COUNSELOR] = "counselor",
    [IMPORT_AIDE] = "aide",
    [IMPORT_SITE_ADMINISTRATOR] = "siteAdministrator",
    [IMPORT_DISTRICT_ADMINISTRATOR] = "districtAdministrator",
    [IMPORT_SYSTEM_ADMINISTRATOR] = "systemAdministrator",
    [IMPORT_ADMINISTRATOR] = "administrator",
    [IMPORT_PROCTOR] = "proctor",
};

/* Positions are words, not rights: who administers Duet is decided inside Duet. */
static const char *const work_positions[IMPORT_WORK__MAX] = {
    [IMPORT_TEACHER] = "teacher",
    [IMPORT_PRINCIPAL] = "principal",
    [IMPORT_COUNSELOR] = "counselor",
    [IMPORT_AIDE] = "aide",
    [IMPORT_SITE_ADMINISTRATOR] = "administrator",
    [IMPORT_DISTRICT_ADMINISTRATOR] = "administrator",
    [IMPORT_SYSTEM_ADMINISTRATOR] = "administrator",
    [IMPORT_ADMINISTRATOR] = "administrator",
    [IMPORT_PROCTOR] = "proctor",
};

enum err import_set_init(struct import_set *set, struct arena *arena)
{
    *set = (struct import_set){.arena = arena, .source = {"", 0}};
    list_init(&set->units, arena, sizeof(struct import_unit), UNITS_MAX);
    list_init(&set->people, arena, sizeof(struct import_person), IMPORT_MAX_PEOPLE);
    list_init(&set->roles, arena, sizeof(struct import_role), IMPORT_MAX_ROLES);
    list_init(&set->members, arena, sizeof(struct import_member), IMPORT_MAX_ROLES);
    list_init(&set->tags, arena, sizeof(struct import_tag), IMPORT_MAX_TAGS);
    list_init(&set->evaluators, arena, sizeof(struct import_evaluator), IMPORT_MAX_ROLES);
    list_init(&set->units_by_key, arena, sizeof(int32_t), UNITS_MAX);
    list_init(&set->people_by_key, arena, sizeof(int32_t), IMPORT_MAX_PEOPLE);
    set->unit_keys = intern_new(arena, UNITS_MAX);
    set->person_keys = intern_new(arena, IMPORT_MAX_PEOPLE);
    return set->unit_keys && set->person_keys ? ERR_OK : ERR_NOMEM;
}

struct str import_set_text(struct import_set *set, struct str text)
{
    return (struct str){arena_text(set->arena, text.p, text.n), text.n};
}

/* Finds a key or makes an item for it: the item's index stands beside the key. */
static enum err set_key(struct intern *keys, struct list *by_key, struct list *items,
                        struct str key, int32_t *found, bool *fresh)
{
    int32_t at = 0;
    bool is_new = false;
    enum err err = intern_add(keys, key, &at, &is_new);
    if (err) {
        return err;
    }
    if (fresh) {
        *fresh = is_new;
    }
    if (!is_new) {
        *found = ((const int32_t *)by_key->items)[at];
        return ERR_OK;
    }
    *found = (int32_t)items->n;
    if (!list_push(items)) {
        return items->err;
    }
    return list_add(by_key, found) ? ERR_OK : by_key->err;
}

enum err import_set_unit(struct import_set *set, struct str id, int32_t *unit, bool *fresh)
{
    bool is_new = false;
    enum err err = set_key(set->unit_keys, &set->units_by_key, &set->units, id, unit, &is_new);
    if (err) {
        return err;
    }
    if (is_new) {
        struct import_unit *made = import_set_unit_at(set, *unit);
        *made = (struct import_unit){.kind = UNIT_SCHOOL, .name = {"", 0}, .parent_id = {"", 0}};
        made->id = import_set_text(set, id);
        err = made->id.p ? ERR_OK : ERR_NOMEM;
    }
    if (fresh) {
        *fresh = is_new;
    }
    return err;
}

enum err import_set_unit_named(struct import_set *set, struct str name, int32_t *unit, bool *fresh)
{
    char folded[UTF8_MAX_FORM], key[UTF8_MAX_FORM + 1];
    struct str form;
    bool is_new = false;
    if (utf8_fold(name, folded, &form)) {
        return ERR_RANGE;
    }
    key[0] = '\n';
    memcpy(key + 1, form.p, form.n);
    enum err err = set_key(set->unit_keys, &set->units_by_key, &set->units,
                           (struct str){key, form.n + 1}, unit, &is_new);
    if (err) {
        return err;
    }
    if (is_new) {
        struct import_unit *made = import_set_unit_at(set, *unit);
        *made = (struct import_unit){.kind = UNIT_SCHOOL, .id = {"", 0}, .parent_id = {"", 0}};
        made->name = import_set_text(set, name);
        err = made->name.p ? ERR_OK : ERR_NOMEM;
    }
    if (fresh) {
        *fresh = is_new;
    }
    return err;
}

static struct import_person nobody(void)
{
    return (struct import_person){.id = {"", 0},
                                  .given_name = {"", 0},
                                  .family_name = {"", 0},
                                  .email = {"", 0},
                                  .position = {"", 0},
                                  .max_helps = IMPORT_UNSAID,
                                  .max_learns = IMPORT_UNSAID};
}

enum err import_set_person(struct import_set *set, struct str id, int32_t *person, bool *fresh)
{
    bool is_new = false;
    enum err err =
        set_key(set->person_keys, &set->people_by_key, &set->people, id, person, &is_new);
    if (err) {
        return err;
    }
    if (is_new) {
        struct import_person *made = import_set_person_at(set, *person);
        *made = nobody();
        made->mentioned = true;
        made->id = import_set_text(set, id);
        err = made->id.p ? ERR_OK : ERR_NOMEM;
    }
    if (fresh) {
        *fresh = is_new;
    }
    return err;
}

enum err import_set_nameless(struct import_set *set, int32_t *person)
{
    struct import_person made = nobody();
    *person = (int32_t)set->people.n;
    return list_add(&set->people, &made) ? ERR_OK : set->people.err;
}

int32_t import_set_find_unit(const struct import_set *set, struct str id)
{
    int32_t at = intern_find(set->unit_keys, id);
    return at < 0 ? IMPORT_NONE : ((const int32_t *)set->units_by_key.items)[at];
}

int32_t import_set_find_person(const struct import_set *set, struct str id)
{
    int32_t at = intern_find(set->person_keys, id);
    return at < 0 ? IMPORT_NONE : ((const int32_t *)set->people_by_key.items)[at];
}

struct import_unit *import_set_unit_at(const struct import_set *set, int32_t unit)
{
    return (struct import_unit *)set->units.items + unit;
}

struct import_person *import_set_person_at(const struct import_set *set, int32_t person)
{
    return (struct import_person *)set->people.items + person;
}

const char *import_set_work_word(enum import_work work)
{
    return work_words[work];
}

const char *import_set_work_position(enum import_work work)
{
    return work_positions[work];
}

enum import_work import_set_work_of(struct str word)
{
    char folded[UTF8_MAX_FORM], known[UTF8_MAX_FORM];
    struct str form, other;
    if (utf8_fold(word, folded, &form)) {
        return IMPORT_WORK__MAX;
    }
    for (int k = 0; k < IMPORT_WORK__MAX; k++) {
        if (!utf8_fold(str_of(work_words[k]), known, &other) && str_equal(form, other)) {
            return (enum import_work)k;
        }
    }
    return IMPORT_WORK__MAX;
}
