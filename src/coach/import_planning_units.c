/* Units of a plan: which are known, which are new, what hangs below what, and what is not used any
 * more. */
#include "base/arena.h"
#include "base/intern.h"
#include "base/sort.h"
#include "base/utf8.h"
#include "coach/import_planning.h"

#define LIKE_MOST 1    /* changes between the names of units that may be one */
#define LIKE_LEAST 6   /* bytes of such a name */
#define LIKE_UNITS 200 /* new units of a sheet that are looked at */

/* ---- who is who ---- */

/* The names of districts and schools that only one unit of the file has, for recognising by name
 * those that were entered by hand. */
struct unit_names {
    struct intern *keys;
    struct list owners; /* int32_t: a unit of the set, or IMPORT_SEVERAL */
};

static enum err names_of_set(struct planning *planning, struct unit_names *names)
{
    const struct import_set *set = planning->set;
    names->keys = intern_new(planning->work, INTERN_MAX);
    list_init(&names->owners, planning->work, sizeof(int32_t), INTERN_MAX);
    if (!names->keys) {
        return ERR_NOMEM;
    }
    for (size_t k = 0; k < set->units.n; k++) {
        char folded[UTF8_MAX_FORM];
        struct str form;
        int32_t at = 0, unit = (int32_t)k;
        bool fresh;
        if (utf8_fold(import_set_unit_at(set, unit)->name, folded, &form)) {
            continue;
        }
        enum err err = intern_add(names->keys, form, &at, &fresh);
        if (!err && fresh && !list_add(&names->owners, &unit)) {
            err = ERR_NOMEM;
        }
        if (err) {
            return err;
        }
        if (!fresh) {
            ((int32_t *)names->owners.items)[at] = IMPORT_SEVERAL;
        }
    }
    return ERR_OK;
}

/* A unit entered by hand that must be the one of the roster: same kind, same name, no id yet. */
static int32_t by_name(const struct planning *planning, const struct unit_names *names,
                       int32_t unit)
{
    const struct import_unit *wanted = import_set_unit_at(planning->set, unit);
    char folded[UTF8_MAX_FORM];
    struct str form;
    if (wanted->kind == UNIT_GROUP || wanted->gone || utf8_fold(wanted->name, folded, &form)) {
        return IMPORT_NONE;
    }
    int32_t at = intern_find(names->keys, form);
    int32_t found = import_known_unit_named(planning->known, wanted->name);
    if (at < 0 || ((const int32_t *)names->owners.items)[at] != unit || found < 0) {
        return IMPORT_NONE;
    }
    const struct known_unit *known = import_known_unit_at(planning->known, found);
    return known->kind == wanted->kind && known->external_id.n == 0 ? found : IMPORT_NONE;
}

/* Units of a roster are found by id, those of a sheet by name. */
static enum err find_units(struct planning *planning)
{
    const struct import_set *set = planning->set;
    struct unit_names names;
    enum err err = names_of_set(planning, &names);
    for (size_t k = 0; k < set->units.n && !err; k++) {
        const struct import_unit *wanted = import_set_unit_at(set, (int32_t)k);
        struct planning_unit *unit = &planning->units[k];
        if (wanted->id.n > 0) {
            unit->known = import_known_unit(planning->known, wanted->id);
            unit->known = unit->known >= 0 ? unit->known : by_name(planning, &names, (int32_t)k);
        } else {
            unit->known = import_known_unit_named(planning->known, wanted->name);
        }
        if (unit->known == IMPORT_SEVERAL) {
            unit->known = IMPORT_NONE;
            unit->skipped = true;
            err = planning_bad(planning, wanted->place, N_("rename one of them in Duet"),
                               N_("several units are called %s"), wanted->name.p);
        }
        unit->skipped = unit->skipped || wanted->gone;
        if (unit->known >= 0) {
            planning->unit_wanted[unit->known] = (int32_t)k;
        }
    }
    return err;
}

/* Units of a sheet that nobody is in come from rows with problems. */
static enum err skip_unused(struct planning *planning)
{
    const struct import_set *set = planning->set;
    const struct import_member *members = set->members.items;
    if (set->roster) {
        return ERR_OK;
    }
    bool *used = arena_alloc(planning->work, set->units.n, sizeof *used);
    for (size_t k = 0; used && k < set->members.n; k++) {
        used[members[k].unit] = true;
    }
    for (size_t k = 0; used && k < set->units.n; k++) {
        planning->units[k].skipped = planning->units[k].skipped || !used[k];
    }
    return used ? ERR_OK : ERR_NOMEM;
}

/* ---- the tree ---- */

static bool unit_own(const struct planning *planning, int32_t known)
{
    return str_equal(import_known_unit_at(planning->known, known)->source, planning->set->source);
}

static enum unit_kind kind_of(const struct planning *planning, struct import_ref unit)
{
    if (unit.known >= 0) {
        int32_t wanted = planning->unit_wanted[unit.known];
        bool changes = wanted >= 0 && unit_own(planning, unit.known) && planning->set->roster;
        return changes ? import_set_unit_at(planning->set, wanted)->kind
                       : import_known_unit_at(planning->known, unit.known)->kind;
    }
    return unit.wanted == IMPORT_ROOT ? UNIT_ORGANISATION
                                      : import_set_unit_at(planning->set, unit.wanted)->kind;
}

/* Whether the unit is or will be in use. */
static bool in_use(const struct planning *planning, struct import_ref unit)
{
    if (unit.known < 0) {
        return unit.wanted == IMPORT_ROOT || !planning->units[unit.wanted].skipped;
    }
    int32_t wanted = planning->unit_wanted[unit.known];
    bool returns = wanted >= 0 && unit_own(planning, unit.known) &&
                   !import_set_unit_at(planning->set, wanted)->gone;
    return import_known_unit_at(planning->known, unit.known)->active || returns;
}

/* The parent that the file gives; the root where it gives none that fits. */
static struct import_ref said_parent(struct planning *planning, int32_t unit)
{
    const struct import_unit *wanted = import_set_unit_at(planning->set, unit);
    struct import_ref root = planning_root(planning), found = {IMPORT_NONE, IMPORT_NONE};
    if (wanted->parent_id.n == 0) {
        return root;
    }
    int32_t other = import_set_find_unit(planning->set, wanted->parent_id);
    int32_t known = import_known_unit(planning->known, wanted->parent_id);
    if (other >= 0 && !planning->units[other].skipped) {
        found = planning_unit_ref(planning, other);
    } else if (known >= 0) {
        found.known = known;
    }
    bool fits = (found.known >= 0 || found.wanted >= 0) && in_use(planning, found) &&
                kind_of(planning, found) <= wanted->kind;
    if (!fits) {
        planning_tally(&planning->parents, wanted->place);
    }
    return fits ? found : root;
}

/* The parent of any unit as it will be; known >= 0 or wanted >= 0, or neither at the top. */
static struct import_ref parent_of(const struct planning *planning, struct import_ref unit)
{
    const struct import_ref none = {IMPORT_NONE, IMPORT_NONE};
    int32_t wanted = unit.known >= 0 ? planning->unit_wanted[unit.known] : unit.wanted;
    bool said = wanted >= 0 && planning->set->roster && !planning->units[wanted].skipped &&
                (unit.known < 0 || unit_own(planning, unit.known));
    if (said) {
        return planning->units[wanted].parent;
    }
    if (unit.known >= 0) {
        int32_t parent = import_known_unit_at(planning->known, unit.known)->parent;
        return parent >= 0 ? (struct import_ref){parent, IMPORT_NONE} : none;
    }
    return unit.wanted == IMPORT_ROOT ? none : planning_root(planning);
}

/* Levels above a unit; more than UNITS_DEPTH: too many, or a circle. */
static int32_t depth_of(const struct planning *planning, struct import_ref unit)
{
    int32_t depth = 0;
    for (unit = parent_of(planning, unit);
         (unit.known >= 0 || unit.wanted >= 0 || unit.wanted == IMPORT_ROOT) &&
         depth <= UNITS_DEPTH;
         unit = parent_of(planning, unit)) {
        depth++;
    }
    return depth;
}

/* Parents; whoever stands in a circle or too deep comes directly below the root. */
static enum err find_parents(struct planning *planning)
{
    const struct import_set *set = planning->set;
    enum err err = ERR_OK;
    for (size_t k = 0; k < set->units.n; k++) {
        planning->units[k].parent =
            set->roster ? said_parent(planning, (int32_t)k) : planning_root(planning);
    }
    for (size_t k = 0; k < set->units.n && !err; k++) {
        struct planning_unit *unit = &planning->units[k];
        struct import_ref ref = planning_unit_ref(planning, (int32_t)k);
        if (!unit->skipped && depth_of(planning, ref) >= UNITS_DEPTH) {
            const struct import_unit *wanted = import_set_unit_at(set, (int32_t)k);
            unit->parent = planning_root(planning);
            err = planning_bad(planning, wanted->place, N_("correct parentSourcedId"),
                               N_("%s stands below itself, or more than %d levels deep"),
                               wanted->name.p, UNITS_DEPTH);
        }
    }
    for (size_t k = 0; k < set->units.n; k++) {
        planning->units[k].depth = depth_of(planning, planning_unit_ref(planning, (int32_t)k));
    }
    return err;
}

/* ---- steps ---- */

static struct import_step *unit_step(struct planning *planning, enum import_what what, int32_t unit)
{
    const struct import_unit *wanted = import_set_unit_at(planning->set, unit);
    struct import_step *step = planning_step(planning, what, wanted->place);
    if (step) {
        step->unit = planning_unit_ref(planning, unit);
        step->other = planning->units[unit].parent;
        step->depth = planning->units[unit].depth;
        step->name = wanted->name;
        step->detail = planning_unit_name(planning, planning->units[unit].parent);
    }
    return step;
}

/* What the roster says otherwise of a unit of its own. */
static enum err own_unit(struct planning *planning, int32_t unit, const struct known_unit *known)
{
    const struct import_unit *wanted = import_set_unit_at(planning->set, unit);
    struct import_ref parent = planning->units[unit].parent;
    bool name = !str_equal(known->name, wanted->name), kind = known->kind != wanted->kind;
    bool moved = parent.known < 0 || parent.known != known->parent;
    enum err err = ERR_OK;
    if (name || kind || moved) {
        struct import_step *step = unit_step(planning, IMPORT_UNIT_CHANGE, unit);
        if (!step) {
            return ERR_NOMEM;
        }
        if (name) {
            err = planning_field(planning, step, IMPORT_FIELD_NAME, known->name, wanted->name);
        }
        if (!err && kind) {
            err = planning_field(planning, step, IMPORT_FIELD_KIND,
                                 str_of(units_kind_word(known->kind)),
                                 str_of(units_kind_word(wanted->kind)));
        }
        if (!err && moved) {
            struct import_ref before = {known->parent, IMPORT_NONE};
            err = planning_field(planning, step, IMPORT_FIELD_PARENT,
                                 known->parent >= 0 ? planning_unit_name(planning, before)
                                                    : str_of(""),
                                 planning_unit_name(planning, parent));
        }
    }
    if (!err && !known->active && !unit_step(planning, IMPORT_UNIT_RETURN, unit)) {
        err = ERR_NOMEM;
    }
    return err;
}

/* A unit of somebody else gets the roster's id, if it has none. */
static enum err other_unit(struct planning *planning, int32_t unit, const struct known_unit *known)
{
    const struct import_unit *wanted = import_set_unit_at(planning->set, unit);
    if (wanted->id.n == 0 || known->external_id.n > 0) {
        return ERR_OK;
    }
    struct import_step *step = unit_step(planning, IMPORT_UNIT_CHANGE, unit);
    if (!step) {
        return ERR_NOMEM;
    }
    step->name = known->name;
    return planning_field(planning, step, IMPORT_FIELD_ID, str_of(""), wanted->id);
}

/* The organisation's own unit, where there is none yet. */
static enum err add_root(struct planning *planning)
{
    struct import_step *step;
    if (planning->known->root >= 0) {
        return ERR_OK;
    }
    step = planning_step(planning, IMPORT_UNIT_ADD, (struct import_place){NULL, 0});
    if (!step) {
        return ERR_NOMEM;
    }
    step->unit = planning_root(planning);
    step->name = planning->known->organisation;
    return ERR_OK;
}

/* The next digit of a text from *at on, or 0. */
static char next_digit(struct str text, size_t *at)
{
    while (*at < text.n) {
        char c = text.p[(*at)++];
        if (c >= '0' && c <= '9') {
            return c;
        }
    }
    return 0;
}

/* Whether two names differ in their numbers: School 1 is not School 2 misspelt. */
static bool numbers_differ(struct str a, struct str b)
{
    size_t i = 0, k = 0;
    char x, y;
    do {
        x = next_digit(a, &i);
        y = next_digit(b, &k);
    } while (x == y && x != 0);
    return x != y;
}

/* A unit of a sheet that is new may be one that is there, misspelt. */
static enum err note_like(struct planning *planning, int32_t unit)
{
    const struct import_unit *wanted = import_set_unit_at(planning->set, unit);
    const struct known_unit *units = planning->known->units.items;
    const struct known_unit *like = NULL;
    int least = LIKE_MOST + 1;
    if (planning->set->roster || wanted->name.n < LIKE_LEAST ||
        planning->steps[IMPORT_UNIT_ADD].n > LIKE_UNITS) {
        return ERR_OK;
    }
    for (size_t k = 0; k < planning->known->units.n; k++) {
        bool may_be = units[k].active && !numbers_differ(wanted->name, units[k].name);
        int distance = may_be ? utf8_distance(wanted->name, units[k].name, least - 1) : least;
        if (distance < least) {
            least = distance;
            like = &units[k];
        }
    }
    return like ? roster_problems_note(planning->problems, wanted->place.file, wanted->place.line,
                                       1, N_("The unit \"%s\" is new; is \"%s\" meant?"),
                                       wanted->name.p, like->name.p)
                : ERR_OK;
}

enum err planning_units(struct planning *planning)
{
    const struct import_set *set = planning->set;
    enum err err = add_root(planning);
    err = err ? err : find_units(planning);
    err = err ? err : skip_unused(planning);
    err = err ? err : find_parents(planning);
    for (size_t k = 0; k < set->units.n && !err; k++) {
        const struct planning_unit *unit = &planning->units[k];
        int32_t at = (int32_t)k;
        if (unit->skipped) {
            continue;
        }
        if (unit->known < 0) {
            err = unit_step(planning, IMPORT_UNIT_ADD, at) ? ERR_OK : ERR_NOMEM;
            err = err ? err : note_like(planning, at);
        } else {
            const struct known_unit *known = import_known_unit_at(planning->known, unit->known);
            err = set->roster && unit_own(planning, unit->known) ? own_unit(planning, at, known)
                                                                 : other_unit(planning, at, known);
        }
    }
    return err;
}

/* ---- units that are not used any more ---- */

/* How much is in each known unit when everything else is done. */
static int32_t *count_contents(struct planning *planning, const bool *leaves)
{
    const struct import_known *known = planning->known;
    const struct known_member *members = known->members.items;
    const struct import_step *added = planning->steps[IMPORT_MEMBER_ADD].items;
    const struct import_step *removed = planning->steps[IMPORT_MEMBER_REMOVE].items;
    int32_t *contents = arena_alloc(planning->work, known->units.n, sizeof *contents);
    if (!contents) {
        return NULL;
    }
    for (size_t k = 0; k < known->members.n; k++) {
        const struct planning_known *person = &planning->persons[members[k].person];
        bool active = import_known_person_at(known, members[k].person)->active;
        contents[members[k].unit] += (active && !person->leaves) || person->returns;
    }
    for (size_t k = 0; k < planning->steps[IMPORT_MEMBER_ADD].n; k++) {
        if (added[k].unit.known >= 0) {
            contents[added[k].unit.known]++;
        }
    }
    for (size_t k = 0; k < planning->steps[IMPORT_MEMBER_REMOVE].n; k++) {
        contents[removed[k].unit.known]--;
    }
    for (size_t k = 0; k < known->units.n; k++) {
        struct import_ref unit = {(int32_t)k, IMPORT_NONE}, parent = parent_of(planning, unit);
        if (in_use(planning, unit) && !leaves[k] && parent.known >= 0) {
            contents[parent.known]++;
        }
    }
    for (size_t k = 0; k < planning->set->units.n; k++) {
        const struct planning_unit *unit = &planning->units[k];
        if (unit->known < 0 && !unit->skipped && unit->parent.known >= 0) {
            contents[unit->parent.known]++;
        }
    }
    return contents;
}

/* Whether the roster does not have a unit of its own any more. */
static bool unit_is_gone(const struct planning *planning, int32_t known)
{
    int32_t wanted = planning->unit_wanted[known];
    const struct known_unit *unit = import_known_unit_at(planning->known, known);
    if (!planning->set->roster || !unit_own(planning, known) || !unit->active) {
        return false;
    }
    bool complete = planning->units_complete && planning->plan->n_left_out == 0;
    return wanted >= 0 ? import_set_unit_at(planning->set, wanted)->gone : complete;
}

static enum err unit_leaves(struct planning *planning, int32_t known)
{
    int32_t wanted = planning->unit_wanted[known];
    struct import_place place = {NULL, 0};
    struct import_ref unit = {known, IMPORT_NONE};
    if (wanted >= 0) {
        place = import_set_unit_at(planning->set, wanted)->place;
    }
    struct import_step *step = planning_step(planning, IMPORT_UNIT_LEAVE, place);
    if (!step) {
        return ERR_NOMEM;
    }
    step->unit = unit;
    step->name = import_known_unit_at(planning->known, known)->name;
    step->depth = depth_of(planning, unit);
    return ERR_OK;
}

enum err planning_leaving_units(struct planning *planning)
{
    const struct import_known *known = planning->known;
    bool *leaves = arena_alloc(planning->work, known->units.n, sizeof *leaves);
    enum err err = ERR_OK;
    for (bool again = true; again && !err;) {
        /* A unit that leaves may have been all that kept the one above it. */
        struct arena *arena = planning->work;
        planning->work = arena_child(arena);
        int32_t *contents = leaves && planning->work ? count_contents(planning, leaves) : NULL;
        again = false;
        for (size_t k = 0; contents && k < known->units.n; k++) {
            if (!leaves[k] && contents[k] == 0 && unit_is_gone(planning, (int32_t)k)) {
                leaves[k] = again = true;
            }
        }
        err = contents ? ERR_OK : ERR_NOMEM;
        arena_free(planning->work);
        planning->work = arena;
    }
    for (size_t k = 0; k < known->units.n && !err; k++) {
        if (leaves[k]) {
            err = unit_leaves(planning, (int32_t)k);
        } else if (unit_is_gone(planning, (int32_t)k)) {
            planning_tally(&planning->kept_units, (struct import_place){NULL, 0});
        }
    }
    return err;
}
