/* Finding one's own partner: asking a colleague, the guide; see asks.h.  Whom to suggest:
 * asks_suggest.c. */
#include "coach/asks.h"

#include "coach/complaint.h"
#include "coach/partnerships.h"
#include "coach/sql.h"

static enum err check_skill(struct coach *coach, int64_t skill_id, struct complaints *complaints)
{
    struct db_query *q;
    bool active = false;
    enum err err = sql_first(coach, SQL_WISH_SKILL, SQL_ARGS(sql_int(skill_id)), &q);
    if (!err) {
        active = db_int(q, 1) != 0;
        db_finish(q);
    }
    if (!active) {
        complaint_add(complaints, "skill", N_("Choose a skill from the list."));
    }
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

/* One who may not be asked is said to be so without the reason. */
static enum err check_person(struct coach *coach, int64_t to_id, struct complaints *complaints)
{
    struct sql_arg self = sql_int(coach->actor.person_id), to = sql_int(to_id);
    int64_t one;
    bool wrong = to_id == coach->actor.person_id;
    enum err err = sql_number(coach, SQL_SHARE_ACTIVE_PERSON, SQL_ARGS(to), &one);
    wrong |= err == ERR_NOT_FOUND;
    err = err == ERR_NOT_FOUND ? ERR_OK : err;
    if (!err) {
        err = sql_number(coach, SQL_PARTNERSHIP_EVALUATE, SQL_ARGS(self, to), &one);
        wrong |= err == ERR_OK;
        err = err == ERR_NOT_FOUND ? ERR_OK : err;
    }
    if (!err && wrong) {
        complaint_add(complaints, "to", N_("You cannot ask this colleague. Choose another."));
    }
    return err;
}

static enum err check_waiting(struct coach *coach, struct complaints *complaints)
{
    int64_t n = 0;
    enum err err =
        sql_number(coach, SQL_ASK_WAITING, SQL_ARGS(sql_int(coach->actor.person_id)), &n);
    if (!err && n >= ASKS_WAITING) {
        complaint_add(complaints, "to",
                      N_("You have asked several colleagues who have not answered yet. Wait for an "
                         "answer, or take one question back."));
    }
    return err;
}

enum err asks_send(struct coach *coach, int64_t to_id, int64_t skill_id, struct str words,
                   struct complaints *complaints, int64_t *partnership_id)
{
    int64_t self = coach->actor.person_id;
    struct str clean;
    if (self == 0) {
        return ERR_FORBIDDEN;
    }
    enum err err =
        sql_number(coach, SQL_ASK_SAME, SQL_ARGS(sql_int(self), sql_int(to_id), sql_int(skill_id)),
                   partnership_id);
    if (err != ERR_NOT_FOUND) {
        return err; /* asked already, or at work on it: the same */
    }
    err = check_person(coach, to_id, complaints);
    err = err ? err : check_skill(coach, skill_id, complaints);
    err = err ? err : check_waiting(coach, complaints);
    complaint_clean(complaints, "words", words, false, true, ASKS_WORDS, &clean);
    err = err ? err : complaint_result(complaints);
    if (err) {
        return err;
    }
    struct partnership_new made = {
        .kind = PARTNERSHIP_PAIR,
        .members = {self, to_id},
        .n_members = 2,
        .focuses = {{.learner_id = self, .helper_id = to_id, .skill_id = skill_id}},
        .n_focuses = 1,
        .asked_by = self,
        .words = clean,
    };
    return partnerships_make(coach, &made, partnership_id);
}

enum err asks_guide(struct coach *coach, int64_t skill_id, struct complaints *complaints,
                    int64_t *partnership_id)
{
    int64_t self = coach->actor.person_id;
    if (self == 0) {
        return ERR_FORBIDDEN;
    }
    enum err err = sql_number(coach, SQL_ASK_GUIDE, SQL_ARGS(sql_int(self), sql_int(skill_id)),
                              partnership_id);
    if (err != ERR_NOT_FOUND) {
        return err;
    }
    err = check_skill(coach, skill_id, complaints);
    err = err ? err : complaint_result(complaints);
    if (err) {
        return err;
    }
    struct partnership_new made = {
        .kind = PARTNERSHIP_GUIDE,
        .members = {self},
        .n_members = 1,
        .focuses = {{.learner_id = self, .skill_id = skill_id}},
        .n_focuses = 1,
        .words = {"", 0},
    };
    err = partnerships_make(coach, &made, partnership_id);
    return err ? err : partnerships_answer(coach, *partnership_id, true);
}
