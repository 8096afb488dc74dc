/* A roster's roles as they will be, and who leaves. */
#include "base/arena.h"
#include "base/intern.h"
#include "coach/import_planning.h"

struct roles {
    struct planning *planning;
    struct intern *ids; /* of the set's roles that count */
    bool *in_file;      /* beside known->roles: the file has a row with its id */
    bool *removed;      /* beside known->roles */
    bool *replaced;     /* beside known->roles: the file's row of the same id counts */
    bool *touched;      /* beside known->people: a role of theirs ends */
    int32_t *n_final;   /* beside known->people: roles as they will be */
};

/* Whether somebody known leaves because of their own row, or because they have none. */
static bool leaves_by_row(const struct planning *planning, int32_t known)
{
    const struct planning_known *there = &planning->persons[known];
    if (!import_known_person_at(planning->known, known)->active) {
        return false;
    }
    bool may = there->own || !planning->set->roster;
    if (there->wanted >= 0) {
        return may && import_set_person_at(planning->set, there->wanted)->gone;
    }
    return there->own && planning->people_complete;
}

static bool is_administrator(const struct planning *planning, int32_t known)
{
    const struct known_person *person = import_known_person_at(planning->known, known);
    const struct known_member *members = planning->known->members.items;
    for (int32_t k = person->first_member; k < person->first_member + person->n_members; k++) {
        if (members[k].role == ROLE_ADMINISTRATOR) {
            return true;
        }
    }
    return false;
}

static enum err leave(struct planning *planning, int32_t known)
{
    const struct known_person *person = import_known_person_at(planning->known, known);
    struct planning_known *there = &planning->persons[known];
    struct import_place place = {NULL, 0};
    if (there->kept) {
        return ERR_OK;
    }
    if (!is_administrator(planning, known)) {
        there->leaves = true;
        return ERR_OK;
    }
    there->kept = true;
    if (there->wanted >= 0) {
        place = import_set_person_at(planning->set, there->wanted)->place;
    }
    if (planning->set->roster) {
        planning_tally(&planning->administrators, place);
        return ERR_OK;
    }
    return planning_bad(planning, place, N_("deactivate them in Duet"),
                        N_("%s %s administers Duet and cannot leave by a file"),
                        person->given_name.p, person->family_name.p);
}

/* The unit of a role, or a problem and neither known nor wanted. */
static enum err role_unit(struct planning *planning, const struct import_role *role,
                          struct import_ref *unit)
{
    *unit = (struct import_ref){IMPORT_NONE, IMPORT_NONE};
    if (role->unit_id.n == 0) {
        *unit = planning_root(planning);
        return ERR_OK;
    }
    int32_t wanted = import_set_find_unit(planning->set, role->unit_id);
    int32_t known = import_known_unit(planning->known, role->unit_id);
    if (wanted >= 0 && (!planning->units[wanted].skipped || planning->units[wanted].known >= 0)) {
        *unit = planning_unit_ref(planning, wanted);
    } else if (known >= 0) {
        unit->known = known;
    } else {
        return planning_bad(planning, role->place, N_("add it to orgs.csv, or leave the row out"),
                            N_("there is no organisation with the sourcedId %s"), role->unit_id.p);
    }
    return ERR_OK;
}

/* Whose role it is; nobody when they are not to have one. */
static enum err role_person(struct planning *planning, const struct import_role *role,
                            struct import_ref *person)
{
    const struct planning_person *state = &planning->people[role->person];
    const struct import_person *wanted = import_set_person_at(planning->set, role->person);
    *person = (struct import_ref){IMPORT_NONE, IMPORT_NONE};
    bool unknown = state->known < 0 && wanted->mentioned && !wanted->gone;
    if (unknown) {
        return planning_bad(planning, role->place,
                            N_("the file of users must have them, or have had them before"),
                            N_("there is no user with the sourcedId %s"), wanted->id.p);
    }
    bool out = state->skipped || state->settled || wanted->gone ||
               (state->known >= 0 && planning->persons[state->known].leaves);
    if (!out) {
        *person = planning_person_ref(planning, role->person);
    }
    return ERR_OK;
}

static enum err add_role(struct planning *planning, const struct import_role *role,
                         const struct planning_role *now)
{
    struct import_step *step = planning_step(planning, IMPORT_ROLE_ADD, role->place);
    if (!step) {
        return ERR_NOMEM;
    }
    step->role = (int32_t)(role - (const struct import_role *)planning->set->roles.items);
    step->person = now->person;
    step->unit = now->unit;
    return ERR_OK;
}

static enum err remove_role(struct roles *roles, int32_t known)
{
    const struct known_role *role =
        (const struct known_role *)roles->planning->known->roles.items + known;
    if (roles->removed[known]) {
        return ERR_OK;
    }
    struct import_step *step =
        planning_step(roles->planning, IMPORT_ROLE_REMOVE, (struct import_place){NULL, 0});
    roles->removed[known] = true;
    if (!step) {
        return ERR_NOMEM;
    }
    step->role = known;
    step->person.known = role->person;
    step->unit.known = role->unit;
    roles->touched[role->person] = true;
    return ERR_OK;
}

/* A role of the file that counts, against the one of the same id. */
static enum err settle_role(struct roles *roles, const struct import_role *role,
                            const struct planning_role *now)
{
    struct planning *planning = roles->planning;
    int32_t before = import_known_role(planning->known, role->id), at;
    bool fresh, same = false;
    enum err err = intern_add(roles->ids, role->id, &at, &fresh);
    if (err || !fresh) {
        return err;
    }
    if (before >= 0) {
        const struct known_role *known =
            (const struct known_role *)planning->known->roles.items + before;
        same = now->person.known == known->person && now->unit.known == known->unit &&
               now->work == known->work && now->primary == known->primary;
        roles->replaced[before] = true;
        err = same ? ERR_OK : remove_role(roles, before);
    }
    if (!err && !same) {
        err = add_role(planning, role, now);
    }
    return err || list_add(&planning->roles, now) ? err : planning->roles.err;
}

static enum err roles_of_file(struct roles *roles)
{
    struct planning *planning = roles->planning;
    const struct import_role *all = planning->set->roles.items;
    enum err err = ERR_OK;
    for (size_t k = 0; k < planning->set->roles.n && !err; k++) {
        int32_t before = import_known_role(planning->known, all[k].id);
        struct planning_role now = {.work = all[k].work, .primary = all[k].primary};
        if (before >= 0) {
            roles->in_file[before] = true;
        }
        if (all[k].gone) {
            err = before >= 0 ? remove_role(roles, before) : ERR_OK;
            continue;
        }
        err = role_person(planning, &all[k], &now.person);
        if (err || (now.person.known < 0 && now.person.wanted < 0)) {
            continue;
        }
        err = role_unit(planning, &all[k], &now.unit);
        if (!err && (now.unit.known >= 0 || now.unit.wanted != IMPORT_NONE)) {
            err = settle_role(roles, &all[k], &now);
        }
    }
    return err;
}

/* Whether all roles of somebody end, whatever the file has of them. */
static bool all_end(const struct planning *planning, const struct planning_known *there)
{
    if (there->leaves) {
        return true;
    }
    return there->wanted >= 0 ? import_set_person_at(planning->set, there->wanted)->gone
                              : planning->people_complete;
}

/* Roles that the file does not have: they end where it is complete, or where their person leaves.
 */
static enum err roles_of_before(struct roles *roles)
{
    struct planning *planning = roles->planning;
    const struct known_role *all = planning->known->roles.items;
    enum err err = ERR_OK;
    for (size_t k = 0; k < planning->known->roles.n && !err; k++) {
        const struct planning_known *there = &planning->persons[all[k].person];
        bool complete =
            planning->roles_complete ||
            (there->wanted >= 0 && import_set_person_at(planning->set, there->wanted)->complete &&
             !planning->people[there->wanted].skipped);
        if (all_end(planning, there) || (complete && !roles->in_file[k])) {
            err = remove_role(roles, (int32_t)k);
        }
        if (err || roles->removed[k] || roles->replaced[k]) {
            continue;
        }
        const struct planning_role now = {.person = {all[k].person, IMPORT_NONE},
                                          .unit = {all[k].unit, IMPORT_NONE},
                                          .work = all[k].work,
                                          .primary = all[k].primary};
        err = list_add(&planning->roles, &now) ? ERR_OK : planning->roles.err;
    }
    return err;
}

/* Positions by the roles as they will be, and who has none left. */
static enum err leave_without_roles(struct roles *roles)
{
    struct planning *planning = roles->planning;
    const struct planning_role *all = planning->roles.items;
    bool *primary = arena_alloc(planning->work, planning->set->people.n, sizeof *primary);
    enum err err = primary ? ERR_OK : ERR_NOMEM;
    for (size_t k = 0; k < planning->roles.n && !err; k++) {
        int32_t known = all[k].person.known;
        int32_t wanted = known >= 0 ? planning->persons[known].wanted : all[k].person.wanted;
        if (known >= 0) {
            roles->n_final[known]++;
        }
        if (wanted >= 0) {
            planning_better(&planning->people[wanted].work, &primary[wanted], all[k].work,
                            all[k].primary);
        }
    }
    for (size_t k = 0; k < planning->known->people.n && !err; k++) {
        struct planning_known *there = &planning->persons[k];
        if (there->returns && roles->n_final[k] == 0) {
            there->returns = false; /* there is nothing to come back to */
            planning->people[there->wanted].settled = true;
        }
        bool active = import_known_person_at(planning->known, (int32_t)k)->active;
        bool ends = roles->touched[k] || planning->roles_complete;
        if (there->own && active && !there->leaves && ends && roles->n_final[k] == 0) {
            err = leave(planning, (int32_t)k);
        }
    }
    return err;
}

static enum err who_leaves(struct planning *planning)
{
    enum err err = ERR_OK;
    for (size_t k = 0; k < planning->known->people.n && !err; k++) {
        if (leaves_by_row(planning, (int32_t)k)) {
            err = leave(planning, (int32_t)k);
        }
    }
    return err;
}

enum err planning_roles(struct planning *planning)
{
    const struct import_known *known = planning->known;
    struct roles roles = {.planning = planning};
    /* With rows left out, what is not there may have been in one of them. */
    bool whole = planning->plan->n_left_out == 0;
    planning->people_complete = planning->people_complete && whole;
    planning->roles_complete = planning->set->roles_complete && whole;
    enum err err = who_leaves(planning);
    if (err || !planning->set->roster) {
        return err;
    }
    roles.ids = intern_new(planning->work, INTERN_MAX);
    roles.in_file = arena_alloc(planning->work, known->roles.n, sizeof *roles.in_file);
    roles.removed = arena_alloc(planning->work, known->roles.n, sizeof *roles.removed);
    roles.replaced = arena_alloc(planning->work, known->roles.n, sizeof *roles.replaced);
    roles.touched = arena_alloc(planning->work, known->people.n, sizeof *roles.touched);
    roles.n_final = arena_alloc(planning->work, known->people.n, sizeof *roles.n_final);
    if (!roles.ids || !roles.in_file || !roles.removed || !roles.replaced || !roles.touched ||
        !roles.n_final) {
        return ERR_NOMEM;
    }
    err = roles_of_file(&roles);
    planning->roles_complete = planning->roles_complete && planning->plan->n_left_out == 0;
    err = err ? err : roles_of_before(&roles);
    return err ? err : leave_without_roles(&roles);
}
