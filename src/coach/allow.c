/* The table of what is granted, and the one function that reads it. */
#include "coach/allow.h"

#include "coach/audit.h"
#include "coach/coach.h"
#include "coach/sql.h"

#include <assert.h>
#include <stddef.h>

enum grant {
    OWNER = 1 << 0,            /* whose it is */
    SHARED = 1 << 1,           /* whom the owner lets see it */
    AUTHOR = 1 << 2,           /* who wrote it */
    COORDINATOR = 1 << 3,      /* of a unit of the owner's; with TOTALS: of any */
    UNIT_COORDINATOR = 1 << 4, /* of the unit that is the object */
    ADMINISTRATOR = 1 << 5,
    SIGNED_IN = 1 << 6,
    EVALUATOR_TOO = 1 << 7,         /* an evaluator of the owner is not refused */
    PROGRAMME_COORDINATOR = 1 << 8, /* of all units of the programme that is the object */
    MEMBER = 1 << 9,                /* of the partnership: accepted, not left */
    ASKED = 1 << 10,                /* to be a member, or one already */
};

static const struct {
    const char *name;
    unsigned grants[ALLOW_VERB__MAX]; /* what is not said is refused */
    bool noted;                       /* opening somebody else's is written down for the owner */
} table[ALLOW_KIND__MAX] = {
    [ALLOW_ON_SETTINGS] = {.name = "settings",
                           .grants = {[ALLOW_VIEW] = ADMINISTRATOR,
                                      [ALLOW_EDIT] = ADMINISTRATOR,
                                      [ALLOW_EXPORT] = ADMINISTRATOR}},
    [ALLOW_ON_UNIT] = {.name = "unit",
                       .grants = {[ALLOW_VIEW] = SIGNED_IN,
                                  [ALLOW_ADD] = ADMINISTRATOR,
                                  [ALLOW_EDIT] = ADMINISTRATOR,
                                  [ALLOW_REMOVE] = ADMINISTRATOR}},
    [ALLOW_ON_FRAMEWORK] = {.name = "framework",
                            .grants = {[ALLOW_VIEW] = SIGNED_IN,
                                       [ALLOW_EXPORT] = SIGNED_IN,
                                       [ALLOW_ADD] = ADMINISTRATOR,
                                       [ALLOW_EDIT] = ADMINISTRATOR,
                                       [ALLOW_REMOVE] = ADMINISTRATOR}},
    [ALLOW_ON_IMPORT] = {.name = "import",
                         .grants = {[ALLOW_VIEW] = ADMINISTRATOR,
                                    [ALLOW_ADD] = ADMINISTRATOR,
                                    [ALLOW_EDIT] = ADMINISTRATOR,
                                    [ALLOW_REMOVE] = ADMINISTRATOR}},
    [ALLOW_ON_JOB] = {.name = "job",
                      .grants = {[ALLOW_VIEW] = ADMINISTRATOR,
                                 [ALLOW_EDIT] = ADMINISTRATOR,
                                 [ALLOW_REMOVE] = ADMINISTRATOR}},
    [ALLOW_ON_AUDIT] = {.name = "audit",
                        .grants = {[ALLOW_VIEW] = ADMINISTRATOR, [ALLOW_EXPORT] = ADMINISTRATOR}},
    [ALLOW_ON_TOTALS] = {.name = "totals",
                         .grants = {[ALLOW_VIEW] = ADMINISTRATOR | COORDINATOR,
                                    [ALLOW_EXPORT] = ADMINISTRATOR | COORDINATOR}},

    [ALLOW_ON_PROGRAMME] = {.name = "programme",
                            .grants = {[ALLOW_VIEW] = PROGRAMME_COORDINATOR | ADMINISTRATOR,
                                       [ALLOW_ADD] = COORDINATOR | ADMINISTRATOR,
                                       [ALLOW_EXPORT] = PROGRAMME_COORDINATOR | ADMINISTRATOR,
                                       [ALLOW_EDIT] = PROGRAMME_COORDINATOR | ADMINISTRATOR,
                                       [ALLOW_REMOVE] = PROGRAMME_COORDINATOR | ADMINISTRATOR}},

    [ALLOW_ON_PERSON] = {.name = "person",
                         .grants = {[ALLOW_VIEW] = SIGNED_IN | EVALUATOR_TOO,
                                    [ALLOW_ADD] = ADMINISTRATOR | EVALUATOR_TOO,
                                    [ALLOW_EDIT] = OWNER,
                                    [ALLOW_REMOVE] = ADMINISTRATOR | EVALUATOR_TOO}},
    [ALLOW_ON_ACCOUNT] = {.name = "account",
                          .grants = {[ALLOW_VIEW] =
                                         OWNER | COORDINATOR | ADMINISTRATOR | EVALUATOR_TOO,
                                     [ALLOW_EDIT] = ADMINISTRATOR | EVALUATOR_TOO}},
    [ALLOW_ON_ROLE] = {.name = "role",
                       .grants = {[ALLOW_VIEW] = SIGNED_IN | EVALUATOR_TOO,
                                  [ALLOW_ADD] = UNIT_COORDINATOR | ADMINISTRATOR | EVALUATOR_TOO,
                                  [ALLOW_EDIT] = ADMINISTRATOR | EVALUATOR_TOO,
                                  [ALLOW_REMOVE] =
                                      UNIT_COORDINATOR | ADMINISTRATOR | EVALUATOR_TOO}},
    [ALLOW_ON_EVALUATOR] = {.name = "evaluator",
                            .grants = {[ALLOW_VIEW] =
                                           OWNER | COORDINATOR | ADMINISTRATOR | EVALUATOR_TOO,
                                       [ALLOW_ADD] =
                                           OWNER | COORDINATOR | ADMINISTRATOR | EVALUATOR_TOO,
                                       [ALLOW_REMOVE] = ADMINISTRATOR}},
    [ALLOW_ON_INVITATION] = {.name = "invitation",
                             .grants = {[ALLOW_VIEW] = COORDINATOR | ADMINISTRATOR,
                                        [ALLOW_ADD] = COORDINATOR | ADMINISTRATOR,
                                        [ALLOW_EDIT] = ADMINISTRATOR,
                                        [ALLOW_REMOVE] = COORDINATOR | ADMINISTRATOR}},
    [ALLOW_ON_CREDENTIAL] = {.name = "credential", .grants = {[ALLOW_EDIT] = OWNER}},
    [ALLOW_ON_SESSION] =
        {.name = "session",
         .grants = {[ALLOW_VIEW] = OWNER, [ALLOW_REMOVE] = OWNER | ADMINISTRATOR | EVALUATOR_TOO}},
    [ALLOW_ON_ACTIVITY] = {.name = "activity",
                           .grants = {[ALLOW_VIEW] = OWNER | COORDINATOR | ADMINISTRATOR}},

    [ALLOW_ON_PART] = {.name = "part",
                       .grants = {[ALLOW_VIEW] = OWNER | COORDINATOR | ADMINISTRATOR,
                                  [ALLOW_ADD] = COORDINATOR | ADMINISTRATOR | EVALUATOR_TOO,
                                  [ALLOW_EDIT] = OWNER,
                                  [ALLOW_REMOVE] = COORDINATOR | ADMINISTRATOR | EVALUATOR_TOO}},

    [ALLOW_ON_NEED] = {.name = "need",
                       .grants = {[ALLOW_VIEW] = OWNER | SHARED,
                                  [ALLOW_ADD] = OWNER,
                                  [ALLOW_EDIT] = OWNER,
                                  [ALLOW_REMOVE] = OWNER},
                       .noted = true},
    [ALLOW_ON_OFFER] = {.name = "offer",
                        .grants = {[ALLOW_VIEW] = SIGNED_IN | EVALUATOR_TOO,
                                   [ALLOW_ADD] = OWNER,
                                   [ALLOW_EDIT] = OWNER,
                                   [ALLOW_REMOVE] = OWNER}},
    [ALLOW_ON_ZONES] = {.name = "zones", .grants = {[ALLOW_VIEW] = OWNER | SHARED}, .noted = true},
    [ALLOW_ON_EVIDENCE] = {.name = "evidence",
                           .grants = {[ALLOW_VIEW] = OWNER | SHARED | AUTHOR,
                                      [ALLOW_ADD] = OWNER | SHARED,
                                      [ALLOW_EDIT] = AUTHOR,
                                      [ALLOW_REMOVE] = OWNER | AUTHOR},
                           .noted = true},
    [ALLOW_ON_SHARE] =
        {.name = "share",
         .grants = {[ALLOW_VIEW] = OWNER, [ALLOW_SHARE] = OWNER, [ALLOW_REMOVE] = OWNER}},
    [ALLOW_ON_ACCESS] = {.name = "access",
                         .grants = {[ALLOW_VIEW] = OWNER, [ALLOW_EXPORT] = OWNER}},
    [ALLOW_ON_NOTICE] = {.name = "notice", .grants = {[ALLOW_VIEW] = OWNER, [ALLOW_EDIT] = OWNER}},
    [ALLOW_ON_OWN_DATA] = {.name = "own-data",
                           .grants = {[ALLOW_EXPORT] = OWNER, [ALLOW_REMOVE] = OWNER}},

    [ALLOW_ON_PAIRING] = {.name = "pairing",
                          .grants = {[ALLOW_VIEW] = ASKED | COORDINATOR | ADMINISTRATOR,
                                     [ALLOW_ADD] = COORDINATOR | ADMINISTRATOR}},
    [ALLOW_ON_PROPOSAL] = {.name = "proposal",
                           .grants = {[ALLOW_VIEW] = ASKED, [ALLOW_EDIT] = ASKED}},
    [ALLOW_ON_PARTNERSHIP] = {.name = "partnership",
                              .grants = {[ALLOW_VIEW] = MEMBER,
                                         [ALLOW_ADD] = MEMBER,
                                         [ALLOW_EDIT] = MEMBER,
                                         [ALLOW_REMOVE] = MEMBER}},
    [ALLOW_ON_CYCLE] =
        {.name = "cycle",
         .grants = {[ALLOW_VIEW] = MEMBER, [ALLOW_ADD] = MEMBER, [ALLOW_EDIT] = MEMBER}},
    [ALLOW_ON_PRIVATE_NOTE] = {.name = "private-note",
                               .grants = {[ALLOW_VIEW] = AUTHOR,
                                          [ALLOW_ADD] = MEMBER,
                                          [ALLOW_EDIT] = AUTHOR,
                                          [ALLOW_REMOVE] = AUTHOR}},
    [ALLOW_ON_SHARED_NOTE] = {.name = "shared-note",
                              .grants = {[ALLOW_VIEW] = MEMBER | AUTHOR,
                                         [ALLOW_ADD] = MEMBER,
                                         [ALLOW_EDIT] = AUTHOR,
                                         [ALLOW_REMOVE] = AUTHOR}},
    [ALLOW_ON_JOINT_NOTE] = {.name = "joint-note",
                             .grants = {[ALLOW_VIEW] = MEMBER | AUTHOR,
                                        [ALLOW_ADD] = MEMBER,
                                        [ALLOW_EDIT] = MEMBER,
                                        [ALLOW_REMOVE] = AUTHOR}},
};

struct allow_object allow_on(enum allow_kind kind, int64_t id)
{
    return (struct allow_object){.kind = kind, .id = id};
}

struct allow_object allow_of(enum allow_kind kind, int64_t owner_id, int64_t id)
{
    return (struct allow_object){.kind = kind, .owner_id = owner_id, .id = id};
}

struct allow_object allow_by(enum allow_kind kind, int64_t owner_id, int64_t id, int64_t author_id)
{
    return (struct allow_object){
        .kind = kind, .owner_id = owner_id, .id = id, .author_id = author_id};
}

struct allow_object allow_within(enum allow_kind kind, int64_t partnership_id, int64_t id)
{
    return (struct allow_object){.kind = kind, .id = id, .partnership_id = partnership_id};
}

struct allow_object allow_written(enum allow_kind kind, int64_t partnership_id, int64_t id,
                                  int64_t author_id, int64_t written_ms)
{
    return (struct allow_object){.kind = kind,
                                 .id = id,
                                 .author_id = author_id,
                                 .partnership_id = partnership_id,
                                 .written_ms = written_ms};
}

const char *allow_kind_name(enum allow_kind kind)
{
    return table[kind].name;
}

const char *allow_verb_name(enum allow_verb verb)
{
    static const char *const names[ALLOW_VERB__MAX] = {
        [ALLOW_VIEW] = "view",     [ALLOW_ADD] = "add",     [ALLOW_EDIT] = "edit",
        [ALLOW_REMOVE] = "remove", [ALLOW_SHARE] = "share", [ALLOW_EXPORT] = "export"};
    return names[verb];
}

/* Whether the statement gives a row. */
static enum err there_is(struct coach *coach, enum sql_id id, const struct sql_arg *args, int n,
                         bool *yes)
{
    int64_t one;
    enum err err = sql_number(coach, id, args, n, &one);
    if (err && err != ERR_NOT_FOUND) {
        return err;
    }
    *yes = err == ERR_OK;
    return ERR_OK;
}

/* What a person may by what they are, without asking the database. */
static bool granted_at_once(const struct actor *actor, const struct allow_object *object,
                            unsigned grants)
{
    bool own = object->owner_id == actor->person_id;
    bool wrote = object->author_id == actor->person_id;
    return (grants & SIGNED_IN) || ((grants & OWNER) && own) || ((grants & AUTHOR) && wrote) ||
           ((grants & ADMINISTRATOR) && actor->administrator) ||
           ((grants & COORDINATOR) && object->owner_id == 0 && object->partnership_id == 0 &&
            actor->coordinator);
}

/* By being one of the partnership, or by coordinating one of them. */
static enum err granted_by_partnership(struct coach *coach, const struct allow_object *object,
                                       unsigned grants, bool *yes)
{
    struct sql_arg me = sql_int(coach->actor.person_id), it = sql_int(object->partnership_id);
    enum err err = ERR_OK;
    if (grants & MEMBER) {
        int64_t since = object->written_ms ? object->written_ms : INT64_MAX;
        err = there_is(coach, SQL_ALLOW_MEMBER, SQL_ARGS(it, me, sql_int(since)), yes);
    }
    if (!err && !*yes && (grants & ASKED)) {
        err = there_is(coach, SQL_ALLOW_ASKED, SQL_ARGS(it, me), yes);
    }
    if (!err && !*yes && (grants & COORDINATOR) && coach->actor.coordinator) {
        err = there_is(coach, SQL_ALLOW_COORDINATES_MEMBER, SQL_ARGS(it, me), yes);
    }
    return err;
}

static enum err granted_by_database(struct coach *coach, const struct allow_object *object,
                                    unsigned grants, bool *yes)
{
    struct sql_arg me = sql_int(coach->actor.person_id), owner = sql_int(object->owner_id);
    enum err err = ERR_OK;
    *yes = false;
    if ((grants & SHARED) && object->owner_id) {
        err = there_is(coach, SQL_ALLOW_SHARED, SQL_ARGS(owner, me, sql_int(object->id)), yes);
    }
    if (!err && !*yes && (grants & COORDINATOR) && object->owner_id && coach->actor.coordinator) {
        err = there_is(coach, SQL_ALLOW_COORDINATES_PERSON, SQL_ARGS(owner, me), yes);
    }
    if (!err && !*yes && (grants & UNIT_COORDINATOR) && coach->actor.coordinator) {
        err = there_is(coach, SQL_ALLOW_COORDINATES_UNIT, SQL_ARGS(sql_int(object->id), me), yes);
    }
    if (!err && !*yes && (grants & PROGRAMME_COORDINATOR) && coach->actor.coordinator) {
        err = there_is(coach, SQL_ALLOW_COORDINATES_PROGRAMME, SQL_ARGS(sql_int(object->id), me),
                       yes);
    }
    if (!err && !*yes && object->partnership_id) {
        err = granted_by_partnership(coach, object, grants, yes);
    }
    return err;
}

static enum err decide(struct coach *coach, enum allow_verb verb, const struct allow_object *object,
                       bool *yes)
{
    unsigned grants = table[object->kind].grants[verb];
    const struct actor *actor = &coach->actor;
    bool evaluates = false;
    enum err err = ERR_OK;
    *yes = actor->system;
    if (actor->system || actor->person_id == 0 || (grants & ~(unsigned)EVALUATOR_TOO) == 0) {
        return ERR_OK;
    }
    if (object->owner_id && object->owner_id != actor->person_id && !(grants & EVALUATOR_TOO)) {
        err = there_is(coach, SQL_ALLOW_EVALUATES,
                       SQL_ARGS(sql_int(actor->person_id), sql_int(object->owner_id)), &evaluates);
    }
    if (!err && object->partnership_id) {
        err = there_is(coach, SQL_ALLOW_EVALUATES_MEMBER,
                       SQL_ARGS(sql_int(object->partnership_id), sql_int(actor->person_id)),
                       &evaluates);
    }
    if (err || evaluates) {
        return err;
    }
    *yes = granted_at_once(actor, object, grants);
    return *yes ? ERR_OK : granted_by_database(coach, object, grants, yes);
}

enum err allowed(struct coach *coach, enum allow_verb verb, struct allow_object object)
{
    bool yes = false;
    assert(verb < ALLOW_VERB__MAX && object.kind < ALLOW_KIND__MAX);
    enum err err = decide(coach, verb, &object, &yes);
    if (err) {
        return err;
    }
    if (!yes) {
        err = object.owner_id ? audit_note_refused(coach, verb, object) : ERR_OK;
        return err ? err : ERR_FORBIDDEN;
    }
    bool others =
        object.owner_id && !coach->actor.system && object.owner_id != coach->actor.person_id;
    if (verb == ALLOW_VIEW && others && table[object.kind].noted) {
        return audit_note(coach, verb, object, "");
    }
    return ERR_OK;
}

enum err allowed_quietly(struct coach *coach, enum allow_verb verb, struct allow_object object,
                         bool *yes)
{
    assert(verb < ALLOW_VERB__MAX && object.kind < ALLOW_KIND__MAX);
    return decide(coach, verb, &object, yes);
}
