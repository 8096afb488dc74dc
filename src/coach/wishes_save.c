/* Needs and offers: saying and unsaying them; see wishes.h. */
#include "base/list.h"
#include "coach/allow.h"
#include "coach/audit.h"
#include "coach/complaint.h"
#include "coach/sql.h"
#include "coach/wishes.h"

/* The framework of a skill that can be wished for; ERR_NOT_FOUND: there is none, or it is retired.
 */
static enum err skill_framework(struct coach *coach, int64_t skill_id, int64_t *framework_id)
{
    struct db_query *q;
    enum err err = sql_first(coach, SQL_WISH_SKILL, SQL_ARGS(sql_int(skill_id)), &q);
    if (err) {
        return err;
    }
    *framework_id = db_int(q, 0);
    err = db_int(q, 1) ? ERR_OK : ERR_NOT_FOUND;
    db_finish(q);
    return err;
}

/* Looks whether a wish is one: of this framework, once, with a note that is no novel. */
static enum err check(struct coach *coach, const char *field, struct wish *wishes, int32_t at,
                      int64_t framework_id, struct complaints *complaints)
{
    int64_t framework = 0;
    enum err err = skill_framework(coach, wishes[at].skill_id, &framework);
    if (err && err != ERR_NOT_FOUND) {
        return err;
    }
    bool twice = false;
    for (int32_t k = 0; k < at; k++) {
        twice = twice || wishes[k].skill_id == wishes[at].skill_id;
    }
    if (err || framework != framework_id) {
        complaint_add(complaints, field, N_("This skill is not part of the framework."));
    } else if (twice) {
        complaint_add(complaints, field, N_("Each skill can be chosen once."));
    }
    struct str note = wishes[at].note.p ? wishes[at].note : (struct str){"", 0};
    (void)complaint_clean(complaints, field, note, false, true, WISHES_MAX_NOTE, &wishes[at].note);
    return ERR_OK;
}

/* Deletes what the person has said about skills of the framework that `kept` does not have. */
static enum err drop_others(struct coach *coach, enum sql_id drop, const struct wish *old,
                            int32_t n_old, const struct wish *kept, int32_t n_kept,
                            int64_t person_id)
{
    for (int32_t k = 0; k < n_old; k++) {
        bool keep = false;
        for (int32_t j = 0; j < n_kept; j++) {
            keep = keep || kept[j].skill_id == old[k].skill_id;
        }
        enum err err = keep ? ERR_OK
                            : sql_run(coach, drop,
                                      SQL_ARGS(sql_int(person_id), sql_int(old[k].skill_id)), NULL);
        if (err) {
            return err;
        }
    }
    return ERR_OK;
}

/* By the priorities given; those without one stay where they stand in the form. */
static void order_needs(struct wish *needs, int32_t n)
{
    for (int32_t k = 0; k < n; k++) {
        int32_t given = needs[k].priority;
        needs[k].priority = given >= 1 && given <= WISHES_MAX_NEEDS ? given : k + 1;
    }
    for (int32_t k = 1; k < n; k++) {
        for (int32_t at = k; at > 0 && needs[at - 1].priority > needs[at].priority; at--) {
            struct wish later = needs[at - 1];
            needs[at - 1] = needs[at];
            needs[at] = later;
        }
    }
}

static enum err write_all(struct coach *coach, int64_t person_id, const struct wishes *new)
{
    enum err err = ERR_OK;
    for (int32_t k = 0; k < new->n_needs && !err; k++) {
        const struct wish *w = &new->needs[k];
        err = sql_run(coach, SQL_WISH_NEED_SAVE,
                      SQL_ARGS(sql_int(person_id), sql_int(w->skill_id), sql_int(k + 1),
                               sql_text(w->note), sql_int(coach->now_ms)),
                      NULL);
    }
    for (int32_t k = 0; k < new->n_offers && !err; k++) {
        const struct wish *w = &new->offers[k];
        err = sql_run(coach, SQL_WISH_OFFER_SAVE,
                      SQL_ARGS(sql_int(person_id), sql_int(w->skill_id), sql_text(w->note),
                               sql_int(coach->now_ms)),
                      NULL);
    }
    return err;
}

/* A copy whose notes can be cleaned. */
static enum err copy(struct coach *coach, const struct wish *from, int32_t n, struct wish **to)
{
    struct list list;
    list_init(&list, coach->arena, sizeof(struct wish), SIZE_MAX);
    for (int32_t k = 0; k < n; k++) {
        if (!list_add(&list, &from[k])) {
            return list.err;
        }
    }
    *to = list.items;
    return ERR_OK;
}

static enum err may(struct coach *coach, enum allow_kind kind, int64_t person_id, int64_t skill_id)
{
    return allowed(coach, ALLOW_EDIT, allow_of(kind, person_id, skill_id));
}

enum err wishes_save(struct coach *coach, int64_t person_id, int64_t framework_id,
                     const struct wishes *wishes, struct complaints *complaints)
{
    struct wishes new = *wishes, old;
    enum err err = may(coach, ALLOW_ON_NEED, person_id, 0);
    err = err ? err : may(coach, ALLOW_ON_OFFER, person_id, 0);
    if (!err && wishes->n_needs > WISHES_MAX_NEEDS) {
        complaint_add_int(complaints, "need",
                          N_("Choose at most {n} skills to grow in: fewer get further."), "n",
                          WISHES_MAX_NEEDS);
    }
    if (!err && (wishes->n_offers > WISHES_MAX_OFFERS || complaints->n > 0)) {
        return complaints->n > 0 ? complaint_result(complaints) : ERR_LIMIT;
    }
    err = err ? err : copy(coach, wishes->needs, wishes->n_needs, &new.needs);
    err = err ? err : copy(coach, wishes->offers, wishes->n_offers, &new.offers);
    for (int32_t k = 0; k < new.n_needs && !err; k++) {
        err = check(coach, "need", new.needs, k, framework_id, complaints);
    }
    for (int32_t k = 0; k < new.n_offers && !err; k++) {
        err = check(coach, "offer", new.offers, k, framework_id, complaints);
    }
    err = err ? err : complaint_result(complaints);
    if (!err) {
        order_needs(new.needs, new.n_needs);
    }
    err = err ? err : wishes_of(coach, person_id, framework_id, (struct str){"", 0}, &old);
    err = err ? err
              : drop_others(coach, SQL_WISH_NEED_DROP, old.needs, old.n_needs, new.needs,
                            new.n_needs, person_id);
    err = err ? err
              : drop_others(coach, SQL_WISH_OFFER_DROP, old.offers, old.n_offers, new.offers,
                            new.n_offers, person_id);
    err = err ? err : write_all(coach, person_id, &new);
    return err ? err
               : audit_note(coach, ALLOW_EDIT, allow_of(ALLOW_ON_NEED, person_id, framework_id),
                            "wishes");
}

enum err wishes_add_offer(struct coach *coach, int64_t person_id, int64_t skill_id)
{
    int64_t framework = 0;
    enum err err = may(coach, ALLOW_ON_OFFER, person_id, skill_id);
    err = err ? err : skill_framework(coach, skill_id, &framework);
    return err ? err
               : sql_run(coach, SQL_WISH_OFFER_ADD,
                         SQL_ARGS(sql_int(person_id), sql_int(skill_id), sql_int(coach->now_ms)),
                         NULL);
}

enum err wishes_drop_offer(struct coach *coach, int64_t person_id, int64_t skill_id)
{
    enum err err = may(coach, ALLOW_ON_OFFER, person_id, skill_id);
    return err ? err
               : sql_run(coach, SQL_WISH_OFFER_DROP,
                         SQL_ARGS(sql_int(person_id), sql_int(skill_id)), NULL);
}

enum err wishes_add_need(struct coach *coach, int64_t person_id, int64_t skill_id)
{
    struct db_query *q;
    int64_t framework = 0;
    enum err err = may(coach, ALLOW_ON_NEED, person_id, skill_id);
    err = err ? err : skill_framework(coach, skill_id, &framework);
    err = err ? err
              : sql_first(coach, SQL_WISH_NEED_COUNT,
                          SQL_ARGS(sql_int(person_id), sql_int(framework), sql_int(skill_id)), &q);
    if (err) {
        return err;
    }
    int64_t n = db_int(q, 0), last = db_int(q, 1);
    db_finish(q);
    if (n >= WISHES_MAX_NEEDS) {
        return ERR_LIMIT;
    }
    int64_t priority = last < WISHES_MAX_NEEDS ? last + 1 : WISHES_MAX_NEEDS;
    return sql_run(
        coach, SQL_WISH_NEED_ADD,
        SQL_ARGS(sql_int(person_id), sql_int(skill_id), sql_int(priority), sql_int(coach->now_ms)),
        NULL);
}

enum err wishes_drop_need(struct coach *coach, int64_t person_id, int64_t skill_id)
{
    enum err err = may(coach, ALLOW_ON_NEED, person_id, skill_id);
    return err ? err
               : sql_run(coach, SQL_WISH_NEED_DROP, SQL_ARGS(sql_int(person_id), sql_int(skill_id)),
                         NULL);
}
