/* Finding one's own partner: asking a colleague, suggestions, the guide; see asks.h. */
#include "coach/asks.h"

#include "base/arena.h"
#include "base/sort.h"
#include "coach/allow.h"
#include "coach/complaint.h"
#include "coach/partnerships.h"
#include "coach/sql.h"
#include "coach/wishes.h"

#define LOOKED_AT 60 /* people who offer the skill, for ASKS_SUGGESTIONS of them */

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

/* ---- suggestions ---- */

struct candidate {
    struct suggestion shown;
    double reach; /* what they can do alone, as far as is known; the order only */
    bool known;
    int place; /* in the list of those who offer it */
};

/* With whom it ended well first; then those of whom enough is known, the furthest first; then as
 * they came.  With whom it did not last. */
static int by_reach(const void *a, const void *b, void *ctx)
{
    const struct candidate *x = a, *y = b;
    (void)ctx;
    if (x->shown.earlier != y->shown.earlier) {
        return x->shown.earlier ? 1 : -1;
    }
    if ((x->shown.together_ms > 0) != (y->shown.together_ms > 0)) {
        return x->shown.together_ms > 0 ? -1 : 1;
    }
    if (x->known != y->known) {
        return x->known ? -1 : 1;
    }
    if (x->known && x->reach != y->reach) {
        return x->reach > y->reach ? -1 : 1;
    }
    return (x->place > y->place) - (x->place < y->place);
}

/* Whether there is room for one more, and what else is known; *fits false: leave them out. */
static enum err look_at(struct coach *coach, int64_t skill_id, struct candidate *c, bool *fits)
{
    struct sql_arg self = sql_int(coach->actor.person_id), other = sql_int(c->shown.person_id);
    int64_t id;
    struct db_query *q;
    *fits = false;
    enum err err = sql_number(coach, SQL_ASK_SAME, SQL_ARGS(self, other, sql_int(skill_id)), &id);
    if (err != ERR_NOT_FOUND) {
        return err;
    }
    err = sql_first(coach, SQL_ASK_ABOUT, SQL_ARGS(self, other, sql_int(skill_id)), &q);
    if (err) {
        return err == ERR_NOT_FOUND ? ERR_OK : err;
    }
    *fits = db_int(q, 1) < db_int(q, 0);
    c->shown.same_period = db_int(q, 2) > 0;
    c->known = !db_is_null(q, 3);
    c->reach = db_double(q, 3);
    err = ERR_OK;
    c->shown.position = sql_copy(coach, q, 4, &err);
    c->shown.note = sql_copy(coach, q, 5, &err);
    c->shown.together_ms = db_int(q, 6);
    db_finish(q);
    return err;
}

enum err asks_suggest(struct coach *coach, int64_t skill_id, bool earlier,
                      struct suggestions *suggestions)
{
    struct wishes_help help = {0};
    *suggestions = (struct suggestions){0};
    if (coach->actor.person_id == 0) {
        return ERR_FORBIDDEN;
    }
    enum err err = wishes_helpers(coach, &skill_id, 1, LOOKED_AT, true, &help);
    if (err || help.n == 0) {
        return err;
    }
    struct candidate *all = arena_alloc(coach->arena, (size_t)help.n, sizeof *all);
    size_t n = 0;
    for (int32_t k = 0; all && k < help.n && !err; k++) {
        const struct wishes_helper *h = &help.helpers[k];
        bool fits = false;
        all[n] = (struct candidate){.shown = {.person_id = h->person_id,
                                              .name = h->name,
                                              .unit = h->unit,
                                              .same_unit = h->same_unit,
                                              .earlier = h->earlier},
                                    .place = k};
        err = look_at(coach, skill_id, &all[n], &fits);
        bool left_out = fits && !earlier && h->earlier;
        suggestions->n_earlier += left_out;
        n += fits && !left_out;
    }
    if (!all || err) {
        return err ? err : ERR_NOMEM;
    }
    sort_items(all, n, sizeof *all, by_reach, NULL);
    suggestions->items = arena_alloc(coach->arena, n + 1, sizeof *suggestions->items);
    if (!suggestions->items) {
        return ERR_NOMEM;
    }
    int32_t taken[2] = {0, 0}; /* of the others; of those with whom it did not go on */
    for (size_t k = 0; k < n; k++) {
        if (taken[all[k].shown.earlier]++ < ASKS_SUGGESTIONS) {
            suggestions->items[suggestions->n++] = all[k].shown;
        }
    }
    return ERR_OK;
}
