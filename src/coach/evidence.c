/* Evidence: adding and withdrawing pieces; see evidence.h. */
#include "coach/evidence.h"

#include "base/arena.h"
#include "base/buf.h"
#include "coach/allow.h"
#include "coach/audit.h"
#include "coach/complaint.h"
#include "coach/framework.h"
#include "coach/sql.h"
#include "coach/zones.h"

#include <assert.h>
#include <stdio.h>

static const char *const kinds[EVIDENCE_KIND__MAX] = {
    [EVIDENCE_OBSERVED] = "observed", [EVIDENCE_SELF] = "self", [EVIDENCE_TASK] = "task"};
static const char *const supports[EVIDENCE_SUPPORT__MAX] = {[EVIDENCE_INDEPENDENT] = "independent",
                                                            [EVIDENCE_PROMPTED] = "prompted",
                                                            [EVIDENCE_MODELLED] = "modelled",
                                                            [EVIDENCE_JOINT] = "joint"};

const char *evidence_kind_word(enum evidence_kind kind)
{
    return kinds[kind];
}

const char *evidence_support_word(enum evidence_support support)
{
    return supports[support];
}

/* ---- checking ---- */

/* What must be known of the skill that a piece is about. */
struct about {
    int64_t framework_id;
    int32_t n_levels;
    bool active;
};

static enum err about_skill(struct coach *coach, int64_t skill_id, struct about *about)
{
    struct db_query *q;
    enum err err = sql_first(coach, SQL_EVIDENCE_SKILL, SQL_ARGS(sql_int(skill_id)), &q);
    if (err) {
        return err;
    }
    *about = (struct about){.framework_id = db_int(q, 0),
                            .n_levels = (int32_t)db_int(q, 1),
                            .active = db_int(q, 2) != 0};
    db_finish(q);
    return ERR_OK;
}

/* Who may add what: allow.h decides about the evidence, the kind about oneself and others. */
static enum err may_add(struct coach *coach, const struct evidence_new *piece)
{
    int64_t me = coach->actor.person_id;
    bool own = me == piece->person_id;
    struct allow_object object = allow_by(ALLOW_ON_EVIDENCE, piece->person_id, piece->skill_id, me);
    if (!coach->actor.system &&
        ((piece->kind == EVIDENCE_SELF && !own) || (piece->kind == EVIDENCE_OBSERVED && own))) {
        enum err err = audit_note_refused(coach, ALLOW_ADD, object);
        return err ? err : ERR_FORBIDDEN;
    }
    return allowed(coach, ALLOW_ADD, object);
}

/* A piece being checked: cleaned texts, and where its complaints go. */
struct checked {
    struct evidence_new piece;
    struct about about;
    struct complaints *complaints;
    int32_t index; /* in front of the field's name, or -1 */
};

static const char *field_of(const struct checked *c, struct coach *coach, const char *field)
{
    struct buf buf;
    struct str text;
    if (c->index < 0) {
        return field;
    }
    buf_init(&buf, coach->arena, 64);
    buf_addf(&buf, "%d.%s", (int)c->index, field);
    return buf_end(&buf, &text) ? field : text.p;
}

static void complain(struct coach *coach, struct checked *c, const char *field, const char *msgid)
{
    complaint_add(c->complaints, field_of(c, coach, field), msgid);
}

static void check_text(struct coach *coach, struct checked *c, const char *field, bool lines,
                       size_t max, struct str *text)
{
    *text = text->p ? *text : (struct str){"", 0};
    (void)complaint_clean(c->complaints, field_of(c, coach, field), *text, false, lines, max, text);
}

static enum err check_task(struct coach *coach, struct checked *c)
{
    struct db_query *q;
    struct evidence_new *piece = &c->piece;
    if (piece->kind != EVIDENCE_TASK) {
        piece->task_id = 0;
        piece->task_name = (struct str){"", 0};
        return ERR_OK;
    }
    check_text(coach, c, "task", false, FRAMEWORK_MAX_NAME, &piece->task_name);
    if (piece->task_id == 0) {
        if (piece->task_name.n == 0) {
            complain(coach, c, "task", N_("Say which task was tried."));
        }
        return ERR_OK;
    }
    enum err err = sql_first(coach, SQL_EVIDENCE_TASK, SQL_ARGS(sql_int(piece->task_id)), &q);
    bool good = !err && db_int(q, 0) == piece->skill_id && db_int(q, 1) != 0;
    if (!err) {
        db_finish(q);
    }
    if (!good && (!err || err == ERR_NOT_FOUND)) {
        complain(coach, c, "task", N_("This task is not one of the skill's."));
    }
    piece->task_name = (struct str){"", 0};
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

static void check_level(struct coach *coach, struct checked *c)
{
    const struct evidence_new *piece = &c->piece;
    bool task = piece->kind == EVIDENCE_TASK;
    int32_t low = task ? 0 : 1, high = task ? 1 : c->about.n_levels;
    if (piece->level < low || piece->level > high) {
        complain(coach, c, "level",
                 task ? N_("Say whether it was done.") : N_("Choose one of the levels."));
    }
    if (piece->kind >= EVIDENCE_KIND__MAX || piece->support >= EVIDENCE_SUPPORT__MAX ||
        (piece->kind == EVIDENCE_SELF && piece->support != EVIDENCE_INDEPENDENT)) {
        complain(coach, c, "support", N_("Say how much help there was."));
    }
}

static void check_day(struct coach *coach, struct checked *c)
{
    int32_t today = (int32_t)(coach->now_ms / COACH_DAY_MS);
    int32_t *day = &c->piece.day;
    *day = *day == EVIDENCE_DAY_UNKNOWN ? today : *day;
    if (*day > today + 1) { /* it may be tomorrow already where they are */
        complain(coach, c, "day", N_("This day is still to come."));
    } else if (*day < today - EVIDENCE_MAX_PAST) {
        complain(coach, c, "day", N_("This is more than ten years ago."));
    }
}

/* All that a form must get right; ERR_INVALID is left to the caller. */
static enum err check(struct coach *coach, struct checked *c)
{
    int64_t active = 0;
    enum err err = about_skill(coach, c->piece.skill_id, &c->about);
    if (err == ERR_NOT_FOUND || (!err && !c->about.active)) {
        complain(coach, c, "skill", N_("This skill is not in use."));
        return ERR_OK;
    }
    err = err ? err
              : sql_number(coach, SQL_EVIDENCE_PERSON, SQL_ARGS(sql_int(c->piece.person_id)),
                           &active);
    if (err || !active) {
        return err ? err : ERR_NOT_FOUND;
    }
    check_level(coach, c);
    check_day(coach, c);
    check_text(coach, c, "occasion", false, EVIDENCE_MAX_OCCASION, &c->piece.occasion);
    check_text(coach, c, "note", true, EVIDENCE_MAX_NOTE, &c->piece.note);
    return check_task(coach, c);
}

/* ---- adding ---- */

static enum err rater_of(struct coach *coach, int64_t person_id, struct str name, int64_t *rater)
{
    *rater = 0;
    if (person_id) {
        return sql_number(coach, SQL_EVIDENCE_RATER_PERSON, SQL_ARGS(sql_int(person_id)), rater);
    }
    return name.n ? sql_number(coach, SQL_EVIDENCE_RATER_NAME, SQL_ARGS(sql_text(name)), rater)
                  : ERR_OK;
}

/* ERR_NOT_FOUND: a row of this key is there already. */
static enum err insert(struct coach *coach, const struct evidence_row *row, int64_t rater,
                       int64_t *id)
{
    const struct evidence_new *piece = &row->piece;
    return sql_number(
        coach, SQL_EVIDENCE_ADD,
        SQL_ARGS(sql_int(piece->person_id), sql_int(piece->skill_id), sql_word(kinds[piece->kind]),
                 sql_word(supports[piece->support]), sql_int(piece->level), sql_id_or_null(rater),
                 sql_text(piece->occasion), sql_text(row->segment), sql_id_or_null(piece->task_id),
                 sql_text(piece->task_name),
                 row->has_difficulty ? sql_double(row->difficulty) : sql_null(),
                 piece->day == EVIDENCE_DAY_UNKNOWN ? sql_null() : sql_int(piece->day),
                 sql_word(row->source), sql_text(piece->note),
                 sql_id_or_null(coach->actor.person_id), sql_int(coach->now_ms),
                 row->key ? sql_blob(row->key, EVIDENCE_KEY_SIZE) : sql_null()),
        id);
}

/* Stores a checked piece. */
static enum err store(struct coach *coach, const struct checked *c, int64_t *id)
{
    struct evidence_row row = {
        .piece = c->piece, .segment = {"", 0}, .source = "entered", .rater_name = {"", 0}};
    int64_t rater = 0, own = 0;
    enum err err = ERR_OK;
    if (c->piece.kind == EVIDENCE_OBSERVED) {
        err = rater_of(coach, coach->actor.person_id, row.rater_name, &rater);
    }
    err = err ? err : insert(coach, &row, rater, id ? id : &own);
    return err ? err
               : audit_note(coach, ALLOW_ADD,
                            allow_by(ALLOW_ON_EVIDENCE, c->piece.person_id, c->piece.skill_id,
                                     coach->actor.person_id),
                            kinds[c->piece.kind]);
}

enum err evidence_add(struct coach *coach, const struct evidence_new *piece,
                      struct complaints *complaints, int64_t *id)
{
    struct checked c = {.piece = *piece, .complaints = complaints, .index = -1};
    enum err err = may_add(coach, piece);
    err = err ? err : check(coach, &c);
    err = err ? err : complaint_result(complaints);
    err = err ? err : store(coach, &c, id);
    return err ? err : zones_update(coach, piece->person_id, c.about.framework_id);
}

enum err evidence_add_many(struct coach *coach, const struct evidence_new *pieces, int32_t n,
                           struct complaints *complaints)
{
    enum err err = n < 0 || n > EVIDENCE_MAX_AT_ONCE ? ERR_LIMIT : ERR_OK;
    struct checked *all = err ? NULL : arena_alloc(coach->arena, (size_t)n, sizeof *all);
    err = err || all ? err : ERR_NOMEM;
    for (int32_t k = 0; k < n && !err; k++) {
        all[k] = (struct checked){.piece = pieces[k], .complaints = complaints, .index = k};
        err = may_add(coach, &pieces[k]);
        err = err ? err : check(coach, &all[k]);
    }
    err = err ? err : complaint_result(complaints);
    for (int32_t k = 0; k < n && !err; k++) {
        err = store(coach, &all[k], NULL);
    }
    for (int32_t k = 0; k < n && !err; k++) {
        bool done = false;
        for (int32_t j = 0; j < k; j++) {
            done = done || (all[j].piece.person_id == all[k].piece.person_id &&
                            all[j].about.framework_id == all[k].about.framework_id);
        }
        err =
            done ? ERR_OK : zones_update(coach, all[k].piece.person_id, all[k].about.framework_id);
    }
    return err;
}

enum err evidence_add_row(struct coach *coach, const struct evidence_row *row, bool *fresh)
{
    const struct evidence_new *piece = &row->piece;
    struct about about;
    int64_t rater = 0, id = 0;
    bool task = piece->kind == EVIDENCE_TASK;
    enum err err = allowed(coach, ALLOW_ADD, allow_on(ALLOW_ON_IMPORT, 0));
    err = err ? err : about_skill(coach, piece->skill_id, &about);
    if (err) {
        return err;
    }
    if (piece->kind >= EVIDENCE_KIND__MAX || piece->support >= EVIDENCE_SUPPORT__MAX ||
        piece->level < (task ? 0 : 1) || piece->level > (task ? 1 : about.n_levels) ||
        piece->note.n > EVIDENCE_MAX_NOTE || piece->occasion.n > EVIDENCE_MAX_OCCASION) {
        return ERR_RANGE;
    }
    if (piece->kind == EVIDENCE_OBSERVED) {
        err = rater_of(coach, row->rater_person_id, row->rater_name, &rater);
    }
    err = err ? err : insert(coach, row, rater, &id);
    *fresh = err == ERR_OK;
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

/* ---- withdrawing ---- */

struct head {
    int64_t person_id, skill_id, framework_id, entered_by;
    bool withdrawn;
};

static enum err head_of(struct coach *coach, int64_t id, struct head *head)
{
    struct db_query *q;
    enum err err = sql_first(coach, SQL_EVIDENCE_HEAD, SQL_ARGS(sql_int(id)), &q);
    if (err) {
        return err;
    }
    *head = (struct head){.person_id = db_int(q, 0),
                          .skill_id = db_int(q, 1),
                          .framework_id = db_int(q, 2),
                          .entered_by = db_int(q, 3),
                          .withdrawn = !db_is_null(q, 4)};
    db_finish(q);
    return ERR_OK;
}

/* The object of a piece; nobody has written what came from a file. */
static struct allow_object object_of(const struct head *head)
{
    return allow_by(ALLOW_ON_EVIDENCE, head->person_id, head->skill_id,
                    head->entered_by ? head->entered_by : -1);
}

enum err evidence_withdraw(struct coach *coach, int64_t id)
{
    struct head head;
    enum err err = head_of(coach, id, &head);
    err = err ? err : allowed(coach, ALLOW_REMOVE, object_of(&head));
    if (err || head.withdrawn) {
        return err;
    }
    err =
        sql_run(coach, SQL_EVIDENCE_WITHDRAW, SQL_ARGS(sql_int(id), sql_int(coach->now_ms)), NULL);
    err = err ? err : audit_note(coach, ALLOW_REMOVE, object_of(&head), "withdrawn");
    return err ? err : zones_update(coach, head.person_id, head.framework_id);
}

enum err evidence_delete(struct coach *coach, int64_t id)
{
    struct head head;
    enum err err = head_of(coach, id, &head);
    err = err ? err
              : allowed(coach, ALLOW_REMOVE,
                        allow_of(ALLOW_ON_EVIDENCE, head.person_id, head.skill_id));
    err = err ? err : sql_run(coach, SQL_EVIDENCE_DELETE, SQL_ARGS(sql_int(id)), NULL);
    err = err ? err : audit_note(coach, ALLOW_REMOVE, object_of(&head), "deleted");
    return err || head.withdrawn ? err : zones_update(coach, head.person_id, head.framework_id);
}
