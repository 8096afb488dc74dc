/* Doing what a plan says, through the rules of people and units. */
#include "coach/import_apply.h"

#include "base/arena.h"
#include "base/sort.h"
#include "coach/coach.h"
#include "coach/complaint.h"
#include "coach/evaluators.h"
#include "coach/people.h"
#include "coach/roster_problems.h"
#include "coach/sql.h"

struct applying {
    struct coach *coach;
    const struct import_plan *plan;
    struct roster_problems *problems;
    int64_t *unit_ids, *person_ids; /* beside the set's lists: ids of those that were new */
    int64_t root_id;                /* of the unit at the top, where it was new */
    const char *source;
    const struct import_step *step; /* being done */
};

static int64_t unit_id(const struct applying *applying, struct import_ref unit)
{
    if (unit.known >= 0) {
        return import_known_unit_at(applying->plan->known, unit.known)->id;
    }
    return unit.wanted == IMPORT_ROOT ? applying->root_id
           : unit.wanted >= 0         ? applying->unit_ids[unit.wanted]
                                      : 0;
}

static int64_t person_id(const struct applying *applying, struct import_ref person)
{
    return person.known >= 0 ? import_known_person_at(applying->plan->known, person.known)->id
                             : applying->person_ids[person.wanted];
}

/* The rules complain: what the plan did not foresee is told, and everything ends. */
static enum err told(struct applying *applying, enum err err, const struct complaints *complaints)
{
    const struct import_step *step = applying->step;
    if (err != ERR_INVALID && err != ERR_CONFLICT && err != ERR_NOT_FOUND) {
        return err;
    }
    const char *why = err == ERR_INVALID && complaints && complaints->n > 0
                          ? complaints->items[0].msgid
                          : import_plan_what_text(step->what);
    err = roster_problems_add(applying->problems, step->place.file ? step->place.file : "",
                              step->place.line, 0, "", str_of(""), N_("look again and repeat"),
                              N_("%s cannot be brought in like this (%s)"), step->name.p,
                              roster_problems_text(applying->problems, why));
    return err ? err : ERR_REFUSED;
}

static const struct import_field_change *fields_of(const struct applying *applying,
                                                   const struct import_step *step)
{
    return (const struct import_field_change *)applying->plan->fields.items + step->first_field;
}

/* ---- units ---- */

static enum err add_unit(struct applying *applying, const struct import_step *step)
{
    struct unit_input input = {
        .kind = UNIT_ORGANISATION, .name = step->name, .external_id = {"", 0}, .source = {"", 0}};
    struct complaints complaints;
    int64_t id = 0;
    if (step->unit.wanted != IMPORT_ROOT) {
        const struct import_unit *wanted =
            import_set_unit_at(applying->plan->set, step->unit.wanted);
        input = (struct unit_input){.parent_id = unit_id(applying, step->other),
                                    .kind = wanted->kind,
                                    .name = wanted->name,
                                    .external_id = wanted->id,
                                    .source = applying->plan->set->source};
    }
    complaint_init(&complaints, applying->coach->arena);
    enum err err = units_add(applying->coach, &input, &complaints, &id);
    if (step->unit.wanted == IMPORT_ROOT) {
        applying->root_id = id;
    } else {
        applying->unit_ids[step->unit.wanted] = id;
    }
    return told(applying, err, &complaints);
}

static enum err change_unit(struct applying *applying, const struct import_step *step)
{
    const struct known_unit *known = import_known_unit_at(applying->plan->known, step->unit.known);
    const struct import_field_change *fields = fields_of(applying, step);
    struct complaints complaints;
    struct unit_input input = {.kind = known->kind,
                               .name = known->name,
                               .external_id = known->external_id,
                               .source = {"", 0}};
    if (known->parent >= 0) {
        input.parent_id = import_known_unit_at(applying->plan->known, known->parent)->id;
    }
    for (uint32_t k = 0; k < step->n_fields; k++) {
        if (fields[k].field == IMPORT_FIELD_ID) {
            input.external_id = fields[k].after;
        } else if (fields[k].field == IMPORT_FIELD_NAME) {
            input.name = fields[k].after;
        } else if (fields[k].field == IMPORT_FIELD_PARENT) {
            input.parent_id = unit_id(applying, step->other);
        } else if (!units_kind_of(fields[k].after, &input.kind)) {
            return ERR_INVALID;
        }
    }
    complaint_init(&complaints, applying->coach->arena);
    return told(applying, units_edit(applying->coach, known->id, &input, &complaints), &complaints);
}

static int compare_depths(const void *a, const void *b, void *ctx)
{
    (void)ctx;
    const struct import_step *x = *(const struct import_step *const *)a,
                             *y = *(const struct import_step *const *)b;
    if (x->depth != y->depth) {
        return x->depth < y->depth ? -1 : 1;
    }
    if (x->what != y->what) {
        return x->what < y->what ? -1 : 1;
    }
    return (x > y) - (x < y);
}

/* From the top down, so that whatever hangs below something finds it there and in use. */
static enum err apply_units(struct applying *applying)
{
    const struct import_plan *plan = applying->plan;
    int32_t n = 0;
    for (int what = IMPORT_UNIT_ADD; what <= IMPORT_UNIT_RETURN; what++) {
        n += plan->n[what];
    }
    const struct import_step **steps =
        arena_alloc(applying->coach->arena, (size_t)n, sizeof *steps);
    enum err err = steps ? ERR_OK : ERR_NOMEM;
    for (int32_t k = 0; k < n && !err; k++) {
        steps[k] = (const struct import_step *)plan->steps.items + k;
    }
    if (!err) {
        sort_items(steps, (size_t)n, sizeof *steps, compare_depths, NULL);
    }
    for (int32_t k = 0; k < n && !err; k++) {
        applying->step = steps[k];
        if (steps[k]->what == IMPORT_UNIT_ADD) {
            err = add_unit(applying, steps[k]);
        } else if (steps[k]->what == IMPORT_UNIT_CHANGE) {
            err = change_unit(applying, steps[k]);
        } else {
            err = told(applying,
                       units_set_active(applying->coach, unit_id(applying, steps[k]->unit), true),
                       NULL);
        }
    }
    return err;
}

/* From the bottom up. */
static enum err retire_units(struct applying *applying)
{
    int32_t n = 0;
    const struct import_step *steps = import_plan_steps(applying->plan, IMPORT_UNIT_LEAVE, &n);
    enum err err = ERR_OK;
    for (int32_t depth = UNITS_DEPTH + 1; depth >= 0 && !err; depth--) {
        for (int32_t k = 0; k < n && !err; k++) {
            applying->step = &steps[k];
            if (steps[k].depth == depth) {
                err =
                    told(applying,
                         units_set_active(applying->coach, unit_id(applying, steps[k].unit), false),
                         NULL);
            }
        }
    }
    return err;
}

/* ---- people ---- */

static struct person_input input_of(const struct known_person *known)
{
    return (struct person_input){.external_id = known->external_id,
                                 .given_name = known->given_name,
                                 .family_name = known->family_name,
                                 .email = known->email,
                                 .position = known->position,
                                 .source = {"", 0}};
}

static enum err edit_person(struct applying *applying, const struct import_step *step,
                            const struct person_input *input)
{
    struct complaints complaints;
    complaint_init(&complaints, applying->coach->arena);
    return told(applying,
                people_edit(applying->coach, person_id(applying, step->person), input, &complaints),
                &complaints);
}

static enum err change_person(struct applying *applying, const struct import_step *step)
{
    struct person_input input =
        input_of(import_known_person_at(applying->plan->known, step->person.known));
    const struct import_field_change *fields = fields_of(applying, step);
    for (uint32_t k = 0; k < step->n_fields; k++) {
        struct str *field = fields[k].field == IMPORT_FIELD_ID            ? &input.external_id
                            : fields[k].field == IMPORT_FIELD_GIVEN_NAME  ? &input.given_name
                            : fields[k].field == IMPORT_FIELD_FAMILY_NAME ? &input.family_name
                            : fields[k].field == IMPORT_FIELD_EMAIL       ? &input.email
                                                                          : &input.position;
        *field = fields[k].after;
    }
    return edit_person(applying, step, &input);
}

static struct sql_arg number_or_null(int32_t number)
{
    return number == IMPORT_UNSAID ? sql_null() : sql_int(number);
}

static enum err add_person(struct applying *applying, const struct import_step *step)
{
    const struct import_person *wanted =
        import_set_person_at(applying->plan->set, step->person.wanted);
    const struct import_field_change *fields = fields_of(applying, step);
    struct complaints complaints;
    struct person_input input = {.external_id = wanted->id,
                                 .given_name = wanted->given_name,
                                 .family_name = wanted->family_name,
                                 .email = fields[0].after,
                                 .position = fields[1].after,
                                 .source = applying->plan->set->source};
    int64_t id = 0;
    complaint_init(&complaints, applying->coach->arena);
    enum err err = people_add(applying->coach, &input, &complaints, &id);
    applying->person_ids[step->person.wanted] = id;
    if (!err && (wanted->max_helps != IMPORT_UNSAID || wanted->max_learns != IMPORT_UNSAID)) {
        err = sql_run(applying->coach, SQL_IMPORT_LIMITS,
                      SQL_ARGS(sql_int(id), number_or_null(wanted->max_helps),
                               number_or_null(wanted->max_learns)),
                      NULL);
    }
    return told(applying, err, &complaints);
}

static enum err return_person(struct applying *applying, const struct import_step *step)
{
    return told(applying, people_return(applying->coach, person_id(applying, step->person)), NULL);
}

static enum err leave_person(struct applying *applying, const struct import_step *step)
{
    return told(applying, people_leave(applying->coach, person_id(applying, step->person)), NULL);
}

/* Addresses that go from one to another are let go of first. */
static enum err free_emails(struct applying *applying)
{
    int32_t n = 0;
    const struct import_step *steps = import_plan_steps(applying->plan, IMPORT_PERSON_CHANGE, &n);
    enum err err = ERR_OK;
    for (int32_t k = 0; k < n && !err; k++) {
        if (steps[k].frees_email) {
            struct person_input input =
                input_of(import_known_person_at(applying->plan->known, steps[k].person.known));
            input.email = (struct str){"", 0};
            applying->step = &steps[k];
            err = edit_person(applying, &steps[k], &input);
        }
    }
    return err;
}

/* ---- what hangs on people ---- */

static enum err add_role(struct applying *applying, const struct import_step *step)
{
    const struct import_role *role =
        (const struct import_role *)applying->plan->set->roles.items + step->role;
    return sql_run(applying->coach, SQL_IMPORT_ROLE_ADD,
                   SQL_ARGS(sql_text(applying->plan->set->source), sql_text(role->id),
                            sql_int(person_id(applying, step->person)),
                            sql_int(unit_id(applying, step->unit)),
                            sql_word(import_set_work_word(role->work)), sql_int(role->primary)),
                   NULL);
}

static enum err remove_role(struct applying *applying, const struct import_step *step)
{
    const struct known_role *role =
        (const struct known_role *)applying->plan->known->roles.items + step->role;
    return sql_run(applying->coach, SQL_IMPORT_ROLE_REMOVE,
                   SQL_ARGS(sql_text(applying->plan->set->source), sql_text(role->external_id)),
                   NULL);
}

static enum err add_member(struct applying *applying, const struct import_step *step)
{
    return told(applying,
                roles_add(applying->coach, person_id(applying, step->person),
                          unit_id(applying, step->unit), step->member, applying->source),
                NULL);
}

static enum err remove_member(struct applying *applying, const struct import_step *step)
{
    return told(applying,
                roles_remove(applying->coach, person_id(applying, step->person),
                             unit_id(applying, step->unit), step->member),
                NULL);
}

static enum err fill_tags(struct applying *applying, const struct import_step *step)
{
    const struct import_tag *tags =
        (const struct import_tag *)applying->plan->set->tags.items + step->first_tag;
    struct str *values = arena_alloc(applying->coach->arena, step->n_tags, sizeof *values);
    bool added;
    size_t refused;
    for (uint32_t k = 0; values && k < step->n_tags; k++) {
        values[k] = tags[k].value;
    }
    return values ? profile_fill(applying->coach, person_id(applying, step->person), step->kind,
                                 values, step->n_tags, &added, &refused)
                  : ERR_NOMEM;
}

static enum err add_evaluator(struct applying *applying, const struct import_step *step)
{
    return told(applying,
                evaluators_add(applying->coach, person_id(applying, step->other),
                               person_id(applying, step->person)),
                NULL);
}

static enum err (*const actions[IMPORT_WHAT__MAX])(struct applying *,
                                                   const struct import_step *) = {
    [IMPORT_PERSON_ADD] = add_person,       [IMPORT_PERSON_LINK] = change_person,
    [IMPORT_PERSON_CHANGE] = change_person, [IMPORT_PERSON_RETURN] = return_person,
    [IMPORT_PERSON_LEAVE] = leave_person,   [IMPORT_ROLE_REMOVE] = remove_role,
    [IMPORT_ROLE_ADD] = add_role,           [IMPORT_MEMBER_ADD] = add_member,
    [IMPORT_MEMBER_REMOVE] = remove_member, [IMPORT_TAG_FILL] = fill_tags,
    [IMPORT_EVALUATOR_ADD] = add_evaluator,
};

static enum err apply_people(struct applying *applying)
{
    const struct import_step *steps = applying->plan->steps.items;
    enum err err = free_emails(applying);
    for (size_t k = 0; k < applying->plan->steps.n && !err; k++) {
        if (actions[steps[k].what]) {
            applying->step = &steps[k];
            err = actions[steps[k].what](applying, &steps[k]);
        }
    }
    return err;
}

enum err import_apply(struct coach *coach, const struct import_plan *plan,
                      struct roster_problems *problems)
{
    struct applying applying = {.coach = coach, .plan = plan, .problems = problems};
    struct str source = plan->set->source;
    applying.unit_ids = arena_alloc(coach->arena, plan->set->units.n, sizeof(int64_t));
    applying.person_ids = arena_alloc(coach->arena, plan->set->people.n, sizeof(int64_t));
    applying.source = arena_text(coach->arena, source.p, source.n);
    if (!applying.unit_ids || !applying.person_ids || !applying.source) {
        return ERR_NOMEM;
    }
    enum err err = apply_units(&applying);
    err = err ? err : apply_people(&applying);
    return err ? err : retire_units(&applying);
}
