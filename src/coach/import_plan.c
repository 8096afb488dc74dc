/* Making a plan from its parts; see import_plan.h and import_planning.h. */
#include "coach/import_plan.h"

#include "base/arena.h"
#include "base/buf.h"
#include "coach/complaint.h"
#include "coach/import_planning.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

static const char *const what_texts[IMPORT_WHAT__MAX] = {
    [IMPORT_UNIT_ADD] = N_("New units"),
    [IMPORT_UNIT_CHANGE] = N_("Units that change"),
    [IMPORT_UNIT_RETURN] = N_("Units in use again"),
    [IMPORT_PERSON_ADD] = N_("New people"),
    [IMPORT_PERSON_LINK] = N_("People who were here already and get the file's id"),
    [IMPORT_PERSON_CHANGE] = N_("People whose details change"),
    [IMPORT_PERSON_RETURN] = N_("People who come back"),
    [IMPORT_PERSON_LEAVE] = N_("People who leave"),
    [IMPORT_ROLE_REMOVE] = N_("Roles of the roster that end"),
    [IMPORT_ROLE_ADD] = N_("New roles of the roster"),
    [IMPORT_MEMBER_ADD] = N_("New memberships"),
    [IMPORT_MEMBER_REMOVE] = N_("Memberships that end"),
    [IMPORT_TAG_FILL] = N_("Empty profiles that are filled in"),
    [IMPORT_EVALUATOR_ADD] = N_("Who evaluates whom"),
    [IMPORT_UNIT_LEAVE] = N_("Units that are no longer used"),
};

const char *import_plan_what_text(enum import_what what)
{
    return what_texts[what];
}

static const char *const field_texts[IMPORT_FIELD__MAX] = {
    [IMPORT_FIELD_ID] = N_("Id"),
    [IMPORT_FIELD_GIVEN_NAME] = N_("Given name"),
    [IMPORT_FIELD_FAMILY_NAME] = N_("Family name"),
    [IMPORT_FIELD_EMAIL] = N_("E-mail address"),
    [IMPORT_FIELD_POSITION] = N_("Position"),
    [IMPORT_FIELD_NAME] = N_("Name"),
    [IMPORT_FIELD_KIND] = N_("Kind"),
    [IMPORT_FIELD_PARENT] = N_("Belongs to"),
};

const char *import_plan_field_text(enum import_field field)
{
    return field_texts[field];
}

bool import_plan_is_empty(const struct import_plan *plan)
{
    return plan->steps.n == 0;
}

const struct import_step *import_plan_steps(const struct import_plan *plan, enum import_what what,
                                            int32_t *n)
{
    int32_t first = 0;
    for (int k = 0; k < (int)what; k++) {
        first += plan->n[k];
    }
    *n = plan->n[what];
    return *n > 0 ? (const struct import_step *)plan->steps.items + first : NULL;
}

/* ---- what the parts share ---- */

enum err planning_bad(struct planning *planning, struct import_place place, const char *hint,
                      const char *fmt, ...)
{
    va_list args;
    planning->plan->n_left_out++;
    va_start(args, fmt);
    enum err err = roster_problems_vadd(planning->problems, place.file ? place.file : "",
                                        place.line, 0, "", str_of(""), hint, fmt, args);
    va_end(args);
    return err;
}

void planning_tally(struct planning_tally *tally, struct import_place place)
{
    if (tally->count++ == 0) {
        tally->place = place;
    }
}

struct import_step *planning_step(struct planning *planning, enum import_what what,
                                  struct import_place place)
{
    const struct import_ref nobody = {IMPORT_NONE, IMPORT_NONE};
    struct import_step *step = list_push(&planning->steps[what]);
    if (step) {
        *step = (struct import_step){.what = what,
                                     .place = place,
                                     .person = nobody,
                                     .unit = nobody,
                                     .other = nobody,
                                     .name = {"", 0},
                                     .detail = {"", 0},
                                     .role = IMPORT_NONE};
    }
    return step;
}

enum err planning_field(struct planning *planning, struct import_step *step,
                        enum import_field field, struct str before, struct str after)
{
    struct list *fields = &planning->plan->fields;
    struct import_field_change change = {field, before, after};
    step->first_field = step->n_fields == 0 ? (uint32_t)fields->n : step->first_field;
    step->n_fields++;
    return list_add(fields, &change) ? ERR_OK : fields->err;
}

struct import_ref planning_person_ref(const struct planning *planning, int32_t wanted)
{
    int32_t known = planning->people[wanted].known;
    return known >= 0 ? (struct import_ref){known, IMPORT_NONE}
                      : (struct import_ref){IMPORT_NONE, wanted};
}

struct import_ref planning_unit_ref(const struct planning *planning, int32_t wanted)
{
    int32_t known = planning->units[wanted].known;
    return known >= 0 ? (struct import_ref){known, IMPORT_NONE}
                      : (struct import_ref){IMPORT_NONE, wanted};
}

struct import_ref planning_root(const struct planning *planning)
{
    int32_t root = planning->known->root;
    return root >= 0 ? (struct import_ref){root, IMPORT_NONE}
                     : (struct import_ref){IMPORT_NONE, IMPORT_ROOT};
}

enum err planning_person_name(const struct planning *planning, struct import_ref person,
                              struct str *name)
{
    struct str given, family;
    struct buf buf;
    if (person.known >= 0) {
        const struct known_person *known = import_known_person_at(planning->known, person.known);
        given = known->given_name;
        family = known->family_name;
    } else {
        const struct import_person *new = import_set_person_at(planning->set, person.wanted);
        given = new->given_name;
        family = new->family_name;
    }
    buf_init(&buf, planning->arena, given.n + family.n + 1);
    buf_add(&buf, given);
    buf_add_text(&buf, given.n > 0 && family.n > 0 ? " " : "");
    buf_add(&buf, family);
    return buf_end(&buf, name);
}

struct str planning_unit_name(const struct planning *planning, struct import_ref unit)
{
    if (unit.known >= 0) {
        return import_known_unit_at(planning->known, unit.known)->name;
    }
    return unit.wanted == IMPORT_ROOT ? planning->known->organisation
                                      : import_set_unit_at(planning->set, unit.wanted)->name;
}

/* ---- the plan ---- */

static enum err note(struct planning *planning, const struct planning_tally *tally, const char *one,
                     const char *many)
{
    if (tally->count == 0) {
        return ERR_OK;
    }
    const char *file = tally->place.file ? tally->place.file : "";
    return roster_problems_note(
        planning->problems, file, tally->place.line, tally->count, "%" PRIu64 " %s", tally->count,
        roster_problems_text(planning->problems, tally->count == 1 ? one : many));
}

static enum err notes(struct planning *planning)
{
    const struct {
        const struct planning_tally *tally;
        const char *one, *many;
    } all[] = {
        {&planning->parents,
         N_("unit has a parent that is not known or does not fit; it comes directly below the "
            "organisation."),
         N_("units have parents that are not known or do not fit; they come directly below the "
            "organisation.")},
        {&planning->kept_units,
         N_("unit is not in the file any more and stays, because people or other units are in it."),
         N_("units are not in the file any more and stay, because people or other units are in "
            "them.")},
        {&planning->retired_units,
         N_("membership is in a unit that is not used any more in Duet; it was left out."),
         N_("memberships are in units that are not used any more in Duet; they were left out.")},
        {&planning->administrators,
         N_("administrator of Duet is not in the file any more and stays; deactivate them in Duet "
            "if "
            "they have left."),
         N_("administrators of Duet are not in the file any more and stay; deactivate them in Duet "
            "if "
            "they have left.")},
        {&planning->settled, N_("person was deactivated in Duet and stays so."),
         N_("people were deactivated in Duet and stay so.")},
        {&planning->emails, N_("e-mail address belongs to somebody else here and was left out."),
         N_("e-mail addresses belong to somebody else here and were left out.")},
    };
    enum err err = ERR_OK;
    for (size_t k = 0; k < sizeof all / sizeof *all && !err; k++) {
        err = note(planning, all[k].tally, all[k].one, all[k].many);
    }
    return err;
}

static enum err begin(struct planning *planning)
{
    const struct import_set *set = planning->set;
    const struct import_known *known = planning->known;
    for (int k = 0; k < IMPORT_WHAT__MAX; k++) {
        list_init(&planning->steps[k], planning->work, sizeof(struct import_step), INT32_MAX);
    }
    list_init(&planning->plan->steps, planning->arena, sizeof(struct import_step), INT32_MAX);
    list_init(&planning->plan->fields, planning->arena, sizeof(struct import_field_change),
              INT32_MAX);
    list_init(&planning->roles, planning->work, sizeof(struct planning_role), INT32_MAX);
    planning->units = arena_alloc(planning->work, set->units.n, sizeof *planning->units);
    planning->people = arena_alloc(planning->work, set->people.n, sizeof *planning->people);
    planning->persons = arena_alloc(planning->work, known->people.n, sizeof *planning->persons);
    planning->unit_wanted = arena_alloc(planning->work, known->units.n, sizeof(int32_t));
    if (!planning->units || !planning->people || !planning->persons || !planning->unit_wanted) {
        return ERR_NOMEM;
    }
    for (size_t k = 0; k < set->units.n; k++) {
        planning->units[k].known = IMPORT_NONE;
    }
    for (size_t k = 0; k < set->people.n; k++) {
        planning->people[k] = (struct planning_person){
            .known = IMPORT_NONE, .email = {"", 0}, .work = IMPORT_WORK__MAX};
    }
    for (size_t k = 0; k < known->people.n; k++) {
        const struct known_person *person = import_known_person_at(known, (int32_t)k);
        planning->persons[k] = (struct planning_known){
            .wanted = IMPORT_NONE, .own = str_equal(person->source, set->source)};
    }
    for (size_t k = 0; k < known->units.n; k++) {
        planning->unit_wanted[k] = IMPORT_NONE;
    }
    return ERR_OK;
}

/* All steps into one list, kind by kind. */
static enum err collect(struct planning *planning)
{
    struct import_plan *plan = planning->plan;
    for (int what = 0; what < IMPORT_WHAT__MAX; what++) {
        const struct list *steps = &planning->steps[what];
        plan->n[what] = (int32_t)steps->n;
        for (size_t k = 0; k < steps->n; k++) {
            if (!list_add(&plan->steps, (const struct import_step *)steps->items + k)) {
                return plan->steps.err;
            }
        }
    }
    return ERR_OK;
}

/* Whether so many leave that somebody should look twice. */
static bool many_leave(const struct planning *planning)
{
    int32_t own = 0, leaves = planning->plan->n[IMPORT_PERSON_LEAVE];
    for (size_t k = 0; k < planning->known->people.n; k++) {
        own +=
            planning->persons[k].own && import_known_person_at(planning->known, (int32_t)k)->active;
    }
    return leaves >= IMPORT_LEAVERS_LEAST && leaves > IMPORT_LEAVERS_SHARE * own;
}

static void count(struct planning *planning)
{
    const struct import_set *set = planning->set;
    struct import_plan *plan = planning->plan;
    for (size_t k = 0; k < set->units.n; k++) {
        plan->n_units += !planning->units[k].skipped;
    }
    for (size_t k = 0; k < set->people.n; k++) {
        plan->n_people += !planning->people[k].skipped && !planning->people[k].settled &&
                          !import_set_person_at(set, (int32_t)k)->gone;
    }
}

enum err import_plan_make(struct arena *arena, const struct import_set *set,
                          const struct import_known *known, struct roster_problems *problems,
                          struct import_plan **result)
{
    struct planning planning = {
        .arena = arena,
        .set = set,
        .known = known,
        .problems = problems,
        .units_complete = set->units_complete,
    };
    planning.work = arena_child(arena);
    planning.plan = arena_alloc(arena, 1, sizeof *planning.plan);
    enum err err = planning.work && planning.plan ? ERR_OK : ERR_NOMEM;
    if (err) {
        goto out;
    }
    *planning.plan =
        (struct import_plan){.set = set, .known = known, .n_left_out = set->n_left_out};
    err = begin(&planning);
    err = err ? err : planning_units(&planning);
    err = err ? err : planning_people(&planning);
    err = err ? err : planning_roles(&planning);
    err = err ? err : planning_changes(&planning);
    err = err ? err : planning_members(&planning);
    err = err ? err : planning_profiles(&planning);
    err = err ? err : planning_leaving_units(&planning);
    err = err ? err : collect(&planning);
    err = err ? err : notes(&planning);
    if (!err) {
        planning.plan->many_leavers = many_leave(&planning);
        count(&planning);
        *result = planning.plan;
    }
out:
    arena_free(planning.work);
    return err;
}
