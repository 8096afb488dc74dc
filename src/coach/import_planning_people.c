/* People of a plan: who of the file is who of the database, and what changes about them. */
#include "base/arena.h"
#include "base/utf8.h"
#include "coach/import_planning.h"
#include "coach/people.h"

#include <inttypes.h>
#include <stdio.h>

#define NAME_ROOM (8 * PEOPLE_NAME + 2) /* bytes of a full name */

/* ---- who is who ---- */

static bool same_folded(struct str a, struct str b)
{
    char one[UTF8_MAX_FORM], other[UTF8_MAX_FORM];
    struct str x, y;
    return a.n > 0 && b.n > 0 && !utf8_fold(a, one, &x) && !utf8_fold(b, other, &y) &&
           str_equal(x, y);
}

/* Whether somebody from elsewhere with the same id may be the same person. */
static bool resembles(const struct import_person *wanted, const struct known_person *known)
{
    return same_folded(wanted->family_name, known->family_name) ||
           same_folded(wanted->given_name, known->given_name) ||
           same_folded(wanted->email, known->email);
}

static enum err take(struct planning *planning, int32_t person, int32_t known)
{
    const struct import_person *wanted = import_set_person_at(planning->set, person);
    struct planning_known *there = &planning->persons[known];
    if (there->wanted != IMPORT_NONE) {
        planning->people[person].skipped = true;
        return planning_bad(
            planning, wanted->place, N_("leave one of the two out"),
            N_("this is the same person as in line %llu"),
            (unsigned long long)import_set_person_at(planning->set, there->wanted)->place.line);
    }
    there->wanted = person;
    planning->people[person].known = known;
    return ERR_OK;
}

static enum err find_by_id(struct planning *planning, int32_t person)
{
    const struct import_person *wanted = import_set_person_at(planning->set, person);
    int32_t known = import_known_person(planning->known, wanted->id);
    if (known < 0) {
        return ERR_OK;
    }
    const struct known_person *there = import_known_person_at(planning->known, known);
    bool ours = planning->persons[known].own || there->n_roles > 0 || !planning->set->roster;
    if (!ours && !wanted->mentioned && !resembles(wanted, there)) {
        planning->people[person].skipped = true;
        return planning_bad(
            planning, wanted->place,
            N_("if they are one person, give them the same name in both; if not, one "
               "of the ids must change"),
            N_("the id %s belongs to %s %s here, who came from elsewhere"), wanted->id.p,
            there->given_name.p, there->family_name.p);
    }
    return take(planning, person, known);
}

/* Whether the owner of an address keeps it. */
static bool keeps_email(const struct planning *planning, int32_t known)
{
    const struct planning_known *there = &planning->persons[known];
    const struct known_person *owner = import_known_person_at(planning->known, known);
    if (there->wanted < 0) {
        return true;
    }
    const struct import_person *wanted = import_set_person_at(planning->set, there->wanted);
    bool may_change = there->own || !planning->set->roster;
    return !may_change || wanted->gone || wanted->email.n == 0 ||
           same_folded(wanted->email, owner->email);
}

static enum err find_by_email(struct planning *planning, int32_t person)
{
    const struct import_person *wanted = import_set_person_at(planning->set, person);
    int32_t known = import_known_email(planning->known, wanted->email);
    if (known < 0 || planning->persons[known].wanted >= 0) {
        return ERR_OK; /* nobody, or somebody who is another one of the file */
    }
    const struct known_person *there = import_known_person_at(planning->known, known);
    bool other_id =
        wanted->id.n > 0 && there->external_id.n > 0 && !str_equal(wanted->id, there->external_id);
    bool own = planning->persons[known].own;
    if (other_id && own && !planning->people_complete) {
        planning->people[person].skipped = true;
        return planning_bad(
            planning, wanted->place, N_("in a file of changes the old id must be deleted first"),
            N_("the e-mail address %s belongs to %s %s, who has the id %s"), wanted->email.p,
            there->given_name.p, there->family_name.p, there->external_id.p);
    }
    return take(planning, person, known);
}

static enum err find_by_name(struct planning *planning, int32_t person)
{
    const struct import_person *wanted = import_set_person_at(planning->set, person);
    int32_t known = import_known_named(planning->known, wanted->given_name, wanted->family_name);
    if (known == IMPORT_SEVERAL) {
        planning->people[person].skipped = true;
        return planning_bad(planning, wanted->place, N_("add the id or the e-mail address"),
                            N_("several people here are called %s %s"), wanted->given_name.p,
                            wanted->family_name.p);
    }
    return known >= 0 ? take(planning, person, known) : ERR_OK;
}

/* ---- addresses ---- */

/* The address that a person will have, or "" for the one that they have. */
static enum err settle_email(struct planning *planning, int32_t person)
{
    const struct import_person *wanted = import_set_person_at(planning->set, person);
    struct planning_person *state = &planning->people[person];
    const struct known_person *self =
        state->known >= 0 ? import_known_person_at(planning->known, state->known) : NULL;
    if (wanted->email.n == 0 || (self && str_equal(self->email, wanted->email))) {
        return ERR_OK;
    }
    int32_t owner = import_known_email(planning->known, wanted->email);
    if (owner < 0 || owner == state->known) {
        state->email = wanted->email;
        return ERR_OK;
    }
    if (!keeps_email(planning, owner)) {
        planning->persons[owner].frees_email = true;
        state->email = wanted->email;
        return ERR_OK;
    }
    if (planning->set->roster) {
        planning_tally(&planning->emails, wanted->place);
        return ERR_OK;
    }
    const struct known_person *other = import_known_person_at(planning->known, owner);
    state->skipped = true;
    return planning_bad(planning, wanted->place, N_("two people cannot have one address"),
                        N_("the e-mail address %s belongs to %s %s"), wanted->email.p,
                        other->given_name.p, other->family_name.p);
}

/* Somebody who was deactivated stays so unless the file may and does bring them back. */
static void settle_return(struct planning *planning, int32_t person)
{
    const struct import_person *wanted = import_set_person_at(planning->set, person);
    struct planning_person *state = &planning->people[person];
    if (state->known < 0 || import_known_person_at(planning->known, state->known)->active) {
        return;
    }
    /* Leaving takes a roster's roles away: who still has some was deactivated by hand. */
    bool by_roster = planning->persons[state->known].own &&
                     import_known_person_at(planning->known, state->known)->n_roles == 0;
    bool returns = planning->set->roster ? by_roster : wanted->back;
    planning->persons[state->known].returns = returns && !wanted->gone;
    state->settled = !planning->persons[state->known].returns;
    if (state->settled && !wanted->gone && !wanted->mentioned) {
        planning_tally(&planning->settled, wanted->place);
    }
}

/* Who would give an address away may keep it after all, and then it is not free. */
static enum err check_emails(struct planning *planning)
{
    enum err err = ERR_OK;
    for (bool again = true; again && !err;) {
        again = false;
        for (size_t k = 0; k < planning->set->people.n && !err; k++) {
            struct planning_person *state = &planning->people[k];
            const struct import_person *wanted = import_set_person_at(planning->set, (int32_t)k);
            int32_t owner = import_known_email(planning->known, state->email);
            if (owner < 0 || owner == state->known || state->skipped) {
                continue;
            }
            int32_t other = planning->persons[owner].wanted;
            if (other >= 0 && planning->people[other].email.n > 0 &&
                !planning->people[other].skipped) {
                continue;
            }
            again = true;
            state->email = (struct str){"", 0};
            planning->persons[owner].frees_email = false;
            if (planning->set->roster) {
                planning_tally(&planning->emails, wanted->place);
            } else {
                state->skipped = true;
                err = planning_bad(
                    planning, wanted->place, N_("two people cannot have one address"),
                    N_("the e-mail address %s belongs to somebody else"), wanted->email.p);
            }
        }
    }
    return err;
}

typedef enum err find_fn(struct planning *planning, int32_t person);

static enum err for_each_unknown(struct planning *planning, find_fn *find)
{
    enum err err = ERR_OK;
    for (size_t k = 0; k < planning->set->people.n && !err; k++) {
        if (planning->people[k].known < 0 && !planning->people[k].skipped) {
            err = find(planning, (int32_t)k);
        }
    }
    return err;
}

enum err planning_people(struct planning *planning)
{
    const struct import_set *set = planning->set;
    planning->people_complete = set->people_complete;
    /* In a sheet a row with problems leaves somebody who is only mentioned. */
    for (size_t k = 0; k < set->people.n; k++) {
        planning->people[k].skipped =
            !set->roster && import_set_person_at(set, (int32_t)k)->mentioned;
    }
    enum err err = for_each_unknown(planning, find_by_id);
    err = err ? err : for_each_unknown(planning, find_by_email);
    for (size_t k = 0; k < set->people.n && !err; k++) {
        const struct import_person *wanted = import_set_person_at(set, (int32_t)k);
        struct planning_person *state = &planning->people[k];
        if (!state->skipped && state->known < 0 && wanted->id.n == 0 && wanted->email.n == 0) {
            err = find_by_name(planning, (int32_t)k);
        }
        /* Who is not known and not described, or has left already, does not come. */
        state->skipped =
            state->skipped || (state->known < 0 && (wanted->gone || wanted->mentioned));
        settle_return(planning, (int32_t)k);
    }
    for (size_t k = 0; k < set->people.n && !err; k++) {
        if (!planning->people[k].skipped && !planning->people[k].settled &&
            !import_set_person_at(set, (int32_t)k)->gone) {
            err = settle_email(planning, (int32_t)k);
        }
    }
    return err ? err : check_emails(planning);
}

/* ---- steps ---- */

static struct import_step *person_step(struct planning *planning, enum import_what what,
                                       struct import_ref person, struct import_place place)
{
    struct import_step *step = planning_step(planning, what, place);
    if (step) {
        step->person = person;
        if (planning_person_name(planning, person, &step->name)) {
            return NULL;
        }
    }
    return step;
}

/* A full name as shown, cut where it is longer than any. */
static struct str join(struct str given, struct str family, char out[NAME_ROOM])
{
    int n = snprintf(out, NAME_ROOM, "%.*s%s%.*s", (int)given.n, given.p,
                     given.n > 0 && family.n > 0 ? " " : "", (int)family.n, family.p);
    return (struct str){out, n < 0 ? 0 : n < NAME_ROOM ? (size_t)n : NAME_ROOM - 1};
}

/* Whether the whole names are the same, wherever the family name begins. */
static bool same_name(const struct import_person *a, const struct known_person *b)
{
    char one[NAME_ROOM], other[NAME_ROOM];
    return str_equal(join(a->given_name, a->family_name, one),
                     join(b->given_name, b->family_name, other));
}

/* The position that the roster's roles gave before. */
static enum import_work work_before(const struct planning *planning,
                                    const struct known_person *known)
{
    const struct known_role *roles = planning->known->roles.items;
    enum import_work best = IMPORT_WORK__MAX;
    bool primary = false;
    for (int32_t k = known->first_role; k < known->first_role + known->n_roles; k++) {
        planning_better(&best, &primary, roles[k].work, roles[k].primary);
    }
    return best;
}

/* The new position of somebody known, or "". A roster changes what it gave, not what somebody wrote
 * over it. */
static struct str new_position(const struct planning *planning, int32_t person,
                               const struct known_person *known)
{
    const struct import_person *wanted = import_set_person_at(planning->set, person);
    struct str position = wanted->position;
    if (planning->set->roster) {
        enum import_work before = work_before(planning, known);
        enum import_work now = planning->people[person].work;
        bool given =
            before == IMPORT_WORK__MAX || str_is(known->position, import_set_work_position(before));
        position = now != IMPORT_WORK__MAX && now != before && given
                       ? str_of(import_set_work_position(now))
                       : (struct str){"", 0};
    }
    return str_equal(position, known->position) ? (struct str){"", 0} : position;
}

static enum err change_known(struct planning *planning, int32_t person, int32_t known)
{
    const struct import_person *wanted = import_set_person_at(planning->set, person);
    const struct known_person *there = import_known_person_at(planning->known, known);
    bool renamed = wanted->given_name.n + wanted->family_name.n > 0 &&
                   (planning->set->roster ? !str_equal(wanted->given_name, there->given_name) ||
                                                !str_equal(wanted->family_name, there->family_name)
                                          : !same_name(wanted, there));
    const struct {
        enum import_field field;
        struct str before, after;
        bool changes;
    } fields[] = {
        {IMPORT_FIELD_ID, there->external_id, wanted->id,
         wanted->id.n > 0 && !str_equal(wanted->id, there->external_id)},
        {IMPORT_FIELD_GIVEN_NAME, there->given_name, wanted->given_name,
         renamed && !str_equal(wanted->given_name, there->given_name)},
        {IMPORT_FIELD_FAMILY_NAME, there->family_name, wanted->family_name,
         renamed && !str_equal(wanted->family_name, there->family_name)},
        {IMPORT_FIELD_EMAIL, there->email, planning->people[person].email,
         planning->people[person].email.n > 0},
        {IMPORT_FIELD_POSITION, there->position, new_position(planning, person, there),
         new_position(planning, person, there).n > 0},
    };
    struct import_step *step = NULL;
    enum err err = ERR_OK;
    for (size_t k = 0; k < sizeof fields / sizeof *fields && !err; k++) {
        if (!fields[k].changes) {
            continue;
        }
        if (!step) {
            step = person_step(planning, IMPORT_PERSON_CHANGE,
                               (struct import_ref){known, IMPORT_NONE}, wanted->place);
        }
        err = step ? planning_field(planning, step, fields[k].field, fields[k].before,
                                    fields[k].after)
                   : ERR_NOMEM;
    }
    if (step) {
        step->frees_email = planning->persons[known].frees_email;
    }
    return err;
}

/* Somebody from elsewhere gets the roster's id, if they have none. */
static enum err link_known(struct planning *planning, int32_t person, int32_t known)
{
    const struct import_person *wanted = import_set_person_at(planning->set, person);
    const struct known_person *there = import_known_person_at(planning->known, known);
    if (wanted->id.n == 0 || there->external_id.n > 0) {
        return ERR_OK;
    }
    struct import_step *step = person_step(planning, IMPORT_PERSON_LINK,
                                           (struct import_ref){known, IMPORT_NONE}, wanted->place);
    return step ? planning_field(planning, step, IMPORT_FIELD_ID, str_of(""), wanted->id)
                : ERR_NOMEM;
}

static enum err add_person(struct planning *planning, int32_t person)
{
    const struct import_person *wanted = import_set_person_at(planning->set, person);
    struct import_step *step = person_step(planning, IMPORT_PERSON_ADD,
                                           planning_person_ref(planning, person), wanted->place);
    const struct planning_person *state = &planning->people[person];
    if (!step) {
        return ERR_NOMEM;
    }
    struct str position = state->work == IMPORT_WORK__MAX
                              ? wanted->position
                              : str_of(import_set_work_position(state->work));
    enum err err = planning_field(planning, step, IMPORT_FIELD_EMAIL, str_of(""), state->email);
    return err ? err : planning_field(planning, step, IMPORT_FIELD_POSITION, str_of(""), position);
}

static enum err change_person(struct planning *planning, int32_t person)
{
    const struct import_person *wanted = import_set_person_at(planning->set, person);
    const struct planning_person *state = &planning->people[person];
    if (state->skipped || state->settled || wanted->gone) {
        return ERR_OK;
    }
    if (state->known < 0) {
        /* Whose roles all have problems does not come. */
        bool without_role = planning->set->roster && state->work == IMPORT_WORK__MAX;
        return without_role ? ERR_OK : add_person(planning, person);
    }
    const struct planning_known *there = &planning->persons[state->known];
    if (there->leaves) {
        return ERR_OK;
    }
    enum err err = there->own || !planning->set->roster
                       ? change_known(planning, person, state->known)
                       : link_known(planning, person, state->known);
    if (!err && there->returns &&
        !person_step(planning, IMPORT_PERSON_RETURN, planning_person_ref(planning, person),
                     wanted->place)) {
        err = ERR_NOMEM;
    }
    return err;
}

enum err planning_changes(struct planning *planning)
{
    enum err err = ERR_OK;
    for (size_t k = 0; k < planning->set->people.n && !err; k++) {
        err = change_person(planning, (int32_t)k);
    }
    for (size_t k = 0; k < planning->known->people.n && !err; k++) {
        const struct planning_known *there = &planning->persons[k];
        struct import_place place = {NULL, 0};
        if (!there->leaves) {
            continue;
        }
        if (there->wanted >= 0) {
            place = import_set_person_at(planning->set, there->wanted)->place;
        }
        err = person_step(planning, IMPORT_PERSON_LEAVE,
                          (struct import_ref){(int32_t)k, IMPORT_NONE}, place)
                  ? ERR_OK
                  : ERR_NOMEM;
    }
    return err;
}
