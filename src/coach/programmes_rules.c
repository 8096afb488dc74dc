/* Who never works together in a programme, and who must; see programmes.h. */
#include "base/list.h"
#include "coach/allow.h"
#include "coach/audit.h"
#include "coach/complaint.h"
#include "coach/evaluators.h"
#include "coach/programmes_read.h"
#include "coach/sql.h"

static enum err read_rule(struct coach *coach, const struct db_query *q, void *item)
{
    enum err err = ERR_OK;
    struct programme_rule *rule = item;
    *rule = (struct programme_rule){
        .id = db_int(q, 0),
        .must = str_is(db_text(q, 1), "must"),
        .person_id = db_int(q, 2),
        .other_id = db_int(q, 3),
        .skill_id = db_int(q, 4),
        .person = sql_copy_name(coach, q, 5, 6, &err),
        .other = sql_copy_name(coach, q, 7, 8, &err),
        .skill = sql_copy(coach, q, 9, &err),
        .withheld = db_int(q, 10) == 1,
    };
    if (rule->withheld) {
        rule->skill_id = 0;
        rule->skill = (struct str){"", 0};
    }
    return err;
}

enum err programmes_rules(struct coach *coach, int64_t id, struct programme_rules *rules)
{
    struct list rows;
    list_init(&rows, coach->arena, sizeof(struct programme_rule), PROGRAMMES_RULES);
    enum err err = programmes_may(coach, ALLOW_VIEW, id);
    err = err ? err
              : sql_list(coach, SQL_PROGRAMME_RULES,
                         SQL_ARGS(sql_int(id), sql_int(coach->actor.person_id)), read_rule, &rows);
    *rules = (struct programme_rules){rows.items, rows.n};
    return err;
}

/* Whether there is a row: *yes. */
static enum err is(struct coach *coach, enum sql_id sql, int64_t id, int64_t other, bool *yes)
{
    int64_t one;
    enum err err = sql_number(coach, sql, SQL_ARGS(sql_int(id), sql_int(other)), &one);
    *yes = err == ERR_OK;
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

static enum err check_people(struct coach *coach, int64_t id, const struct programme_rule *rule,
                             struct complaints *complaints)
{
    bool person = false, other = false, skill = true, above = false, below = false;
    enum err err = is(coach, SQL_PROGRAMME_IS_PERSON, id, rule->person_id, &person);
    err = err ? err : is(coach, SQL_PROGRAMME_IS_PERSON, id, rule->other_id, &other);
    if (!err && rule->skill_id) {
        err = is(coach, SQL_PROGRAMME_IS_SKILL, id, rule->skill_id, &skill);
    }
    err = err ? err : evaluators_is(coach, rule->other_id, rule->person_id, &above);
    err = err ? err : evaluators_is(coach, rule->person_id, rule->other_id, &below);
    if (!person) {
        complaint_add(complaints, "person", N_("Choose somebody of this programme."));
    }
    if (!other) {
        complaint_add(complaints, "other", N_("Choose somebody of this programme."));
    } else if (rule->person_id == rule->other_id) {
        complaint_add(complaints, "other", N_("Choose two different people."));
    } else if (rule->must && (above || below)) {
        complaint_add(complaints, "other",
                      N_("One of them evaluates the other, and an evaluator is never a partner."));
    }
    if (!skill || (!rule->must && rule->skill_id)) {
        complaint_add(complaints, "skill", N_("This skill is not part of the programme."));
    }
    return err;
}

/* No second rule for the same two that says the same or the opposite. */
static enum err check_others(struct coach *coach, int64_t id, const struct programme_rule *rule,
                             struct complaints *complaints)
{
    int64_t n = 0;
    struct db_query *q;
    enum err err = sql_number(coach, SQL_PROGRAMME_COUNT_RULES, SQL_ARGS(sql_int(id)), &n);
    if (!err && n >= PROGRAMMES_RULES) {
        return ERR_LIMIT;
    }
    err = err ? err
              : sql_first(coach, SQL_PROGRAMME_RULE_BETWEEN,
                          SQL_ARGS(sql_int(id), sql_int(rule->person_id), sql_int(rule->other_id),
                                   sql_int(!rule->must)),
                          &q);
    if (err) {
        return err == ERR_NOT_FOUND ? ERR_OK : err;
    }
    bool must = str_is(db_text(q, 0), "must");
    db_finish(q);
    complaint_add(complaints, "other",
                  must == rule->must ? N_("There is this rule already.")
                                     : N_("Another rule says the opposite: remove it first."));
    return ERR_OK;
}

enum err programmes_add_rule(struct coach *coach, int64_t id, const struct programme_rule *rule,
                             struct complaints *complaints)
{
    struct programme programme;
    enum err err = programmes_arrange(coach, ALLOW_EDIT, id, &programme);
    err = err || programme.state != PROGRAMME_CLOSED ? err : ERR_CONFLICT;
    err = err ? err : check_people(coach, id, rule, complaints);
    err = err ? err : complaint_result(complaints);
    err = err ? err : check_others(coach, id, rule, complaints);
    err = err ? err : complaint_result(complaints);
    err = err ? err
              : sql_run(coach, SQL_PROGRAMME_ADD_RULE,
                        SQL_ARGS(sql_int(id), sql_word(rule->must ? "must" : "never"),
                                 sql_int(rule->person_id), sql_int(rule->other_id),
                                 sql_id_or_null(rule->skill_id),
                                 sql_id_or_null(coach->actor.person_id), sql_int(coach->now_ms)),
                        NULL);
    return err ? err
               : audit_note(coach, ALLOW_EDIT, allow_on(ALLOW_ON_PROGRAMME, id),
                            rule->must ? "must" : "never");
}

enum err programmes_drop_rule(struct coach *coach, int64_t id, int64_t rule_id)
{
    struct programme programme;
    int64_t changed = 0;
    enum err err = programmes_arrange(coach, ALLOW_EDIT, id, &programme);
    err = err || programme.state != PROGRAMME_CLOSED ? err : ERR_CONFLICT;
    err = err ? err
              : sql_run(coach, SQL_PROGRAMME_DROP_RULE, SQL_ARGS(sql_int(id), sql_int(rule_id)),
                        &changed);
    err = err || changed ? err : ERR_NOT_FOUND;
    return err ? err : audit_note(coach, ALLOW_EDIT, allow_on(ALLOW_ON_PROGRAMME, id), "rule");
}
