/* Memberships of a plan, what fills empty profiles, and who evaluates whom. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/intern.h"
#include "base/utf8.h"
#include "coach/import_planning.h"

#define SHOWN_VALUES 200 /* bytes of a tag's values in a step */

/* ---- memberships ---- */

struct membership_key {
    struct import_ref person, unit;
    int32_t coordinator;
};

struct members {
    struct planning *planning;
    struct intern *wanted; /* keys of memberships that will be there */
};

static struct str key_bytes(const struct membership_key *key)
{
    return (struct str){(const char *)key, sizeof *key};
}

/* Whether somebody known has a role in a known unit, from whatever source. */
static bool has_member(const struct planning *planning, struct import_ref person,
                       struct import_ref unit, enum role role)
{
    if (person.known < 0 || unit.known < 0) {
        return false;
    }
    const struct known_member *members = planning->known->members.items;
    const struct known_person *there = import_known_person_at(planning->known, person.known);
    for (int32_t k = there->first_member; k < there->first_member + there->n_members; k++) {
        if (members[k].unit == unit.known && members[k].role == role) {
            return true;
        }
    }
    return false;
}

/* Whether the unit is used, or will be. */
static bool unit_used(const struct planning *planning, struct import_ref unit)
{
    if (unit.known < 0) {
        return true;
    }
    int32_t wanted = planning->unit_wanted[unit.known];
    const struct known_unit *there = import_known_unit_at(planning->known, unit.known);
    return there->active || (wanted >= 0 && !planning->units[wanted].skipped &&
                             str_equal(there->source, planning->set->source));
}

/* Somebody is to be in a unit. */
static enum err want(struct members *members, struct import_ref person, struct import_ref unit,
                     bool coordinator, struct import_place place)
{
    struct planning *planning = members->planning;
    struct membership_key key = {person, unit, coordinator};
    enum role role = coordinator ? ROLE_COORDINATOR : ROLE_PARTICIPANT;
    int32_t at;
    bool fresh;
    if (!unit_used(planning, unit)) {
        planning_tally(&planning->retired_units, place);
        return ERR_OK;
    }
    enum err err = intern_add(members->wanted, key_bytes(&key), &at, &fresh);
    if (err || !fresh || has_member(planning, person, unit, role)) {
        return err;
    }
    struct import_step *step = planning_step(planning, IMPORT_MEMBER_ADD, place);
    if (!step) {
        return ERR_NOMEM;
    }
    step->person = person;
    step->unit = unit;
    step->member = role;
    step->detail = planning_unit_name(planning, unit);
    return planning_person_name(planning, person, &step->name);
}

static struct import_place place_of(const struct planning *planning, struct import_ref person)
{
    int32_t wanted = person.known >= 0 ? planning->persons[person.known].wanted : person.wanted;
    return wanted >= 0 ? import_set_person_at(planning->set, wanted)->place
                       : (struct import_place){NULL, 0};
}

static enum err want_roles(struct members *members)
{
    const struct planning_role *roles = members->planning->roles.items;
    enum err err = ERR_OK;
    for (size_t k = 0; k < members->planning->roles.n && !err; k++) {
        int32_t known = roles[k].person.known;
        bool here = known < 0 || members->planning->persons[known].returns ||
                    (import_known_person_at(members->planning->known, known)->active &&
                     !members->planning->persons[known].leaves);
        if (here) {
            err = want(members, roles[k].person, roles[k].unit, false,
                       place_of(members->planning, roles[k].person));
        }
    }
    return err;
}

/* Whether a person of a sheet is or will be here. */
static bool is_here(const struct planning *planning, int32_t person)
{
    const struct planning_person *state = &planning->people[person];
    return !state->skipped && !state->settled && !import_set_person_at(planning->set, person)->gone;
}

static enum err want_members(struct members *members)
{
    struct planning *planning = members->planning;
    const struct import_set *set = planning->set;
    const struct import_member *all = set->members.items;
    enum err err = ERR_OK;
    for (size_t k = 0; k < set->members.n && !err; k++) {
        const struct planning_unit *unit = &planning->units[all[k].unit];
        bool known_unit = unit->known >= 0 || !unit->skipped;
        if (is_here(planning, all[k].person) && known_unit) {
            err = want(members, planning_person_ref(planning, all[k].person),
                       planning_unit_ref(planning, all[k].unit), all[k].coordinator,
                       import_set_person_at(set, all[k].person)->place);
        }
    }
    /* Nobody comes without belonging somewhere. */
    for (size_t k = 0; k < set->people.n && !err; k++) {
        const struct import_person *wanted = import_set_person_at(set, (int32_t)k);
        bool new = is_here(planning, (int32_t)k) && planning->people[k].known < 0;
        if (new && !wanted->complete) {
            err = want(members, planning_person_ref(planning, (int32_t)k), planning_root(planning),
                       false, wanted->place);
        }
    }
    return err;
}

/* Whether memberships of this source that are not wanted end for somebody. */
static bool ends_for(const struct planning *planning, int32_t known)
{
    const struct planning_known *there = &planning->persons[known];
    bool active = import_known_person_at(planning->known, known)->active;
    if (there->leaves || (!active && !there->returns)) {
        return false;
    }
    if (planning->set->roster) {
        return true;
    }
    return there->wanted >= 0 && is_here(planning, there->wanted) &&
           import_set_person_at(planning->set, there->wanted)->complete;
}

static enum err end_members(struct members *members)
{
    struct planning *planning = members->planning;
    const struct known_member *all = planning->known->members.items;
    enum err err = ERR_OK;
    for (size_t k = 0; k < planning->known->members.n && !err; k++) {
        struct membership_key key = {.person = {all[k].person, IMPORT_NONE},
                                     .unit = {all[k].unit, IMPORT_NONE},
                                     .coordinator = all[k].role == ROLE_COORDINATOR};
        if (all[k].role == ROLE_ADMINISTRATOR || !str_equal(all[k].source, planning->set->source) ||
            !ends_for(planning, all[k].person) ||
            intern_find(members->wanted, key_bytes(&key)) >= 0) {
            continue;
        }
        struct import_step *step =
            planning_step(planning, IMPORT_MEMBER_REMOVE, place_of(planning, key.person));
        if (!step) {
            return ERR_NOMEM;
        }
        step->person = key.person;
        step->unit = key.unit;
        step->member = all[k].role;
        step->detail = planning_unit_name(planning, key.unit);
        err = planning_person_name(planning, key.person, &step->name);
    }
    return err;
}

enum err planning_members(struct planning *planning)
{
    struct members members = {planning, intern_new(planning->work, INTERN_MAX)};
    if (!members.wanted) {
        return ERR_NOMEM;
    }
    enum err err = planning->set->roster ? want_roles(&members) : want_members(&members);
    return err ? err : end_members(&members);
}

/* ---- tags ---- */

/* The values of a step, joined, as far as they fit. */
static enum err show_values(struct planning *planning, struct import_step *step)
{
    const struct import_tag *tags = planning->set->tags.items;
    struct buf buf;
    buf_init(&buf, planning->arena, SHOWN_VALUES + 4 * PROFILE_TAG);
    for (uint32_t k = 0; k < step->n_tags && buf.n < SHOWN_VALUES; k++) {
        buf_add_text(&buf, k > 0 ? ", " : "");
        buf_add(&buf, tags[step->first_tag + k].value);
    }
    return buf_end(&buf, &step->detail);
}

/* The tags first .. end of one person and kind. */
static enum err fill(struct planning *planning, size_t first, size_t end)
{
    const struct import_tag *tag = (const struct import_tag *)planning->set->tags.items + first;
    const struct planning_person *state = &planning->people[tag->person];
    size_t most = tag->kind == PROFILE_PERIOD ? PROFILE_DAYS * PROFILE_PERIODS : PROFILE_TAGS;
    bool new = state->known < 0;
    bool comes = is_here(planning, tag->person) &&
                 (!new || !planning->set->roster || state->work != IMPORT_WORK__MAX) &&
                 (new || !planning->persons[state->known].leaves);
    if (!comes ||
        (!new &&import_known_person_at(planning->known, state->known)->has_tags[tag->kind])) {
        return ERR_OK;
    }
    struct import_step *step = planning_step(
        planning, IMPORT_TAG_FILL, import_set_person_at(planning->set, tag->person)->place);
    if (!step) {
        return ERR_NOMEM;
    }
    step->person = planning_person_ref(planning, tag->person);
    step->kind = tag->kind;
    step->first_tag = (uint32_t)first;
    step->n_tags = (uint32_t)(end - first < most ? end - first : most);
    enum err err = planning_person_name(planning, step->person, &step->name);
    return err ? err : show_values(planning, step);
}

static enum err fill_tags(struct planning *planning)
{
    const struct import_tag *tags = planning->set->tags.items;
    size_t n = planning->set->tags.n, end;
    enum err err = ERR_OK;
    for (size_t first = 0; first < n && !err; first = end) {
        end = first + 1;
        while (end < n && tags[end].person == tags[first].person &&
               tags[end].kind == tags[first].kind) {
            end++;
        }
        err = fill(planning, first, end);
    }
    return err;
}

/* ---- evaluators ---- */

/* Who is meant by an id, an address or a name: of the file, or of the database. */
static struct import_ref find_evaluator(const struct planning *planning, struct str who,
                                        bool *several)
{
    struct import_ref found = {IMPORT_NONE, IMPORT_NONE};
    int32_t wanted = import_set_find_person(planning->set, who);
    *several = false;
    if (wanted >= 0 && !planning->people[wanted].skipped) {
        return planning_person_ref(planning, wanted);
    }
    found.known = import_known_person(planning->known, who);
    if (found.known < 0) {
        found.known = import_known_email(planning->known, who);
    }
    if (found.known < 0) {
        found.known = import_known_named(planning->known, who, str_of(""));
        *several = found.known == IMPORT_SEVERAL;
        found.known = *several ? IMPORT_NONE : found.known;
    }
    return found;
}

/* Those who are new, by folded address and whole name. */
struct newcomers {
    struct intern *keys;
    struct list owners; /* int32_t beside keys: of the set, or IMPORT_SEVERAL */
};

static enum err newcomer_key(struct newcomers *newcomers, struct str text, int32_t person)
{
    char folded[UTF8_MAX_FORM];
    struct str form;
    int32_t at = 0;
    bool fresh;
    if (text.n == 0 || utf8_fold(text, folded, &form)) {
        return ERR_OK;
    }
    enum err err = intern_add(newcomers->keys, form, &at, &fresh);
    if (!err && fresh) {
        return list_add(&newcomers->owners, &person) ? ERR_OK : newcomers->owners.err;
    }
    if (!err) {
        ((int32_t *)newcomers->owners.items)[at] = IMPORT_SEVERAL;
    }
    return err;
}

static enum err list_newcomers(struct planning *planning, struct newcomers *newcomers)
{
    enum err err = ERR_OK;
    newcomers->keys = intern_new(planning->work, INTERN_MAX);
    list_init(&newcomers->owners, planning->work, sizeof(int32_t), INTERN_MAX);
    if (!newcomers->keys) {
        return ERR_NOMEM;
    }
    for (size_t k = 0; k < planning->set->people.n && !err; k++) {
        struct import_ref ref = {IMPORT_NONE, (int32_t)k};
        struct str name;
        if (!is_here(planning, (int32_t)k) || planning->people[k].known >= 0) {
            continue;
        }
        err = planning_person_name(planning, ref, &name);
        err = err ? err : newcomer_key(newcomers, name, (int32_t)k);
        err = err ? err
                  : newcomer_key(newcomers, import_set_person_at(planning->set, (int32_t)k)->email,
                                 (int32_t)k);
    }
    return err;
}

static struct import_ref find_new(const struct newcomers *newcomers, struct str who, bool *several)
{
    const struct import_ref nobody = {IMPORT_NONE, IMPORT_NONE};
    char folded[UTF8_MAX_FORM];
    struct str form;
    int32_t at = utf8_fold(who, folded, &form) ? -1 : intern_find(newcomers->keys, form);
    int32_t owner = at < 0 ? IMPORT_NONE : ((const int32_t *)newcomers->owners.items)[at];
    *several = owner == IMPORT_SEVERAL;
    return owner >= 0 ? (struct import_ref){IMPORT_NONE, owner} : nobody;
}

static enum err bad_evaluator(struct planning *planning, const struct import_evaluator *evaluator,
                              const char *hint, const char *message)
{
    planning->plan->n_left_out++;
    return roster_problems_add(planning->problems, evaluator->place.file, evaluator->place.line,
                               evaluator->column, evaluator->heading, evaluator->who, hint, "%s",
                               message);
}

static enum err add_evaluator(struct planning *planning, const struct newcomers *newcomers,
                              const struct import_evaluator *evaluator)
{
    bool several = false;
    struct import_ref person = planning_person_ref(planning, evaluator->person);
    struct import_ref who = find_evaluator(planning, evaluator->who, &several);
    if (!several && who.known < 0 && who.wanted < 0) {
        who = find_new(newcomers, evaluator->who, &several);
    }
    if (several) {
        return bad_evaluator(planning, evaluator, N_("write the id or the e-mail address"),
                             N_("several people have this name"));
    }
    if (who.known < 0 && who.wanted < 0) {
        return bad_evaluator(
            planning, evaluator, N_("write an id, an e-mail address or a whole name"),
            N_("there is nobody with this id, address or name, here or in the file"));
    }
    if (planning_same(who, person)) {
        return bad_evaluator(planning, evaluator, N_("leave the cell empty"),
                             N_("nobody evaluates themselves"));
    }
    if (who.known >= 0 && person.known >= 0 &&
        import_known_evaluates(planning->known, who.known, person.known)) {
        return ERR_OK;
    }
    struct import_step *step = planning_step(planning, IMPORT_EVALUATOR_ADD, evaluator->place);
    if (!step) {
        return ERR_NOMEM;
    }
    step->person = person;
    step->other = who;
    enum err err = planning_person_name(planning, person, &step->name);
    return err ? err : planning_person_name(planning, who, &step->detail);
}

enum err planning_profiles(struct planning *planning)
{
    const struct import_set *set = planning->set;
    const struct import_evaluator *evaluators = set->evaluators.items;
    struct newcomers newcomers;
    enum err err = fill_tags(planning);
    if (err || set->evaluators.n == 0) {
        return err;
    }
    err = list_newcomers(planning, &newcomers);
    for (size_t k = 0; k < set->evaluators.n && !err; k++) {
        if (is_here(planning, evaluators[k].person)) {
            err = add_evaluator(planning, &newcomers, &evaluators[k]);
        }
    }
    return err;
}
