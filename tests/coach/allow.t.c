/* Permission: every verb on every kind of object for everybody, against a table written by hand;
 * then long random histories against a model. */
#include "coach/allow.h"
#include "base/rng.h"
#include "coach/audit.h"
#include "coach/evaluators.h"
#include "coach/shares.h"
#include "coachtest.h"

/* Who asks, in the order of the columns below. */
enum who {
    NOBODY,
    LEFT,        /* had everything shared, and has left */
    STRANGER,    /* a participant of another district */
    OWNER,       /* whose it is */
    SHARED,      /* may see all zones */
    SHARED_ONE,  /* may see one skill's */
    REVOKED,     /* could once */
    EVALUATOR,   /* of the owner; there is a share that should not be */
    COORDINATOR, /* of the owner's school */
    ABOVE,       /* coordinator of the district */
    ELSEWHERE,   /* coordinator of another district */
    COORD_EVAL,  /* coordinator of the school, and evaluator */
    ADMIN,       /* administrator */
    ADMIN_EVAL,  /* administrator, and evaluator */
    AUTHOR,      /* wrote it */
    SYSTEM,      /* the server */
    WHO__MAX
};

static const char *const who_names[WHO__MAX] = {"nobody",
                                                "left",
                                                "stranger",
                                                "owner",
                                                "shared",
                                                "shared one",
                                                "revoked",
                                                "evaluator",
                                                "coordinator",
                                                "coordinator above",
                                                "coordinator elsewhere",
                                                "coordinator who evaluates",
                                                "administrator",
                                                "administrator who evaluates",
                                                "author",
                                                "system"};

struct row {
    enum allow_kind kind;
    enum allow_verb verb;
    const char *expected; /* one sign for each of WHO: + may, - may not */
};

/* clang-format off */
#define ALL_SIGNED_IN "--++++++++++++++"
#define ONLY_ADMIN    "------------++-+"
#define ONLY_OWNER    "---+-----------+"
#define ONLY_AUTHOR   "--------------++"
#define ONLY_MEMBERS  "---++----------+"
static const struct row rows[] = {
    /*                                          nls oshre cae xad wS */
    {ALLOW_ON_SETTINGS,   ALLOW_VIEW,   ONLY_ADMIN},
    {ALLOW_ON_SETTINGS,   ALLOW_EDIT,   ONLY_ADMIN},
    {ALLOW_ON_SETTINGS,   ALLOW_EXPORT, ONLY_ADMIN},
    {ALLOW_ON_UNIT,       ALLOW_VIEW,   ALL_SIGNED_IN},
    {ALLOW_ON_UNIT,       ALLOW_ADD,    ONLY_ADMIN},
    {ALLOW_ON_UNIT,       ALLOW_EDIT,   ONLY_ADMIN},
    {ALLOW_ON_UNIT,       ALLOW_REMOVE, ONLY_ADMIN},
    {ALLOW_ON_FRAMEWORK,  ALLOW_VIEW,   ALL_SIGNED_IN},
    {ALLOW_ON_FRAMEWORK,  ALLOW_EXPORT, ALL_SIGNED_IN},
    {ALLOW_ON_FRAMEWORK,  ALLOW_ADD,    ONLY_ADMIN},
    {ALLOW_ON_FRAMEWORK,  ALLOW_EDIT,   ONLY_ADMIN},
    {ALLOW_ON_FRAMEWORK,  ALLOW_REMOVE, ONLY_ADMIN},
    {ALLOW_ON_IMPORT,     ALLOW_VIEW,   ONLY_ADMIN},
    {ALLOW_ON_IMPORT,     ALLOW_ADD,    ONLY_ADMIN},
    {ALLOW_ON_IMPORT,     ALLOW_EDIT,   ONLY_ADMIN},
    {ALLOW_ON_IMPORT,     ALLOW_REMOVE, ONLY_ADMIN},
    {ALLOW_ON_JOB,        ALLOW_VIEW,   ONLY_ADMIN},
    {ALLOW_ON_JOB,        ALLOW_EDIT,   ONLY_ADMIN},
    {ALLOW_ON_JOB,        ALLOW_REMOVE, ONLY_ADMIN},
    {ALLOW_ON_AUDIT,      ALLOW_VIEW,   ONLY_ADMIN},
    {ALLOW_ON_AUDIT,      ALLOW_EXPORT, ONLY_ADMIN},
    {ALLOW_ON_TOTALS,     ALLOW_VIEW,   "--------++++++-+"},
    {ALLOW_ON_TOTALS,     ALLOW_EXPORT, "--------++++++-+"},
    {ALLOW_ON_PERSON,     ALLOW_VIEW,   ALL_SIGNED_IN},
    {ALLOW_ON_PERSON,     ALLOW_ADD,    ONLY_ADMIN},
    {ALLOW_ON_PERSON,     ALLOW_EDIT,   ONLY_OWNER},
    {ALLOW_ON_PERSON,     ALLOW_REMOVE, ONLY_ADMIN},
    {ALLOW_ON_ACCOUNT,    ALLOW_VIEW,   "---+----++-+++-+"},
    {ALLOW_ON_ACCOUNT,    ALLOW_EDIT,   ONLY_ADMIN},
    {ALLOW_ON_ROLE,       ALLOW_VIEW,   ALL_SIGNED_IN},
    {ALLOW_ON_ROLE,       ALLOW_ADD,    ONLY_ADMIN}, /* in no unit: coordinators have a test below */
    {ALLOW_ON_ROLE,       ALLOW_EDIT,   ONLY_ADMIN},
    {ALLOW_ON_ROLE,       ALLOW_REMOVE, ONLY_ADMIN},
    {ALLOW_ON_EVALUATOR,  ALLOW_VIEW,   "---+----++-+++-+"},
    {ALLOW_ON_EVALUATOR,  ALLOW_ADD,    "---+----++-+++-+"},
    {ALLOW_ON_EVALUATOR,  ALLOW_REMOVE, "------------+--+"},
    {ALLOW_ON_INVITATION, ALLOW_VIEW,   "--------++--+--+"},
    {ALLOW_ON_INVITATION, ALLOW_ADD,    "--------++--+--+"},
    {ALLOW_ON_INVITATION, ALLOW_EDIT,   "------------+--+"},
    {ALLOW_ON_INVITATION, ALLOW_REMOVE, "--------++--+--+"},
    {ALLOW_ON_CREDENTIAL, ALLOW_EDIT,   ONLY_OWNER},
    {ALLOW_ON_SESSION,    ALLOW_VIEW,   ONLY_OWNER},
    {ALLOW_ON_SESSION,    ALLOW_REMOVE, "---+--------++-+"},
    {ALLOW_ON_ACTIVITY,   ALLOW_VIEW,   "---+----++--+--+"},
    {ALLOW_ON_PROGRAMME,  ALLOW_VIEW,   "--------++-+++-+"},
    {ALLOW_ON_PROGRAMME,  ALLOW_ADD,    "--------++++++-+"},
    {ALLOW_ON_PROGRAMME,  ALLOW_EDIT,   "--------++-+++-+"},
    {ALLOW_ON_PROGRAMME,  ALLOW_REMOVE, "--------++-+++-+"},
    {ALLOW_ON_PROGRAMME,  ALLOW_EXPORT, "--------++-+++-+"},
    {ALLOW_ON_PART,       ALLOW_VIEW,   "---+----++--+--+"},
    {ALLOW_ON_PART,       ALLOW_ADD,    "--------++-+++-+"},
    {ALLOW_ON_PART,       ALLOW_EDIT,   ONLY_OWNER},
    {ALLOW_ON_PART,       ALLOW_REMOVE, "--------++-+++-+"},
    {ALLOW_ON_NEED,       ALLOW_VIEW,   "---++----------+"},
    {ALLOW_ON_NEED,       ALLOW_ADD,    ONLY_OWNER},
    {ALLOW_ON_NEED,       ALLOW_EDIT,   ONLY_OWNER},
    {ALLOW_ON_NEED,       ALLOW_REMOVE, ONLY_OWNER},
    {ALLOW_ON_OFFER,      ALLOW_VIEW,   ALL_SIGNED_IN},
    {ALLOW_ON_OFFER,      ALLOW_ADD,    ONLY_OWNER},
    {ALLOW_ON_OFFER,      ALLOW_EDIT,   ONLY_OWNER},
    {ALLOW_ON_OFFER,      ALLOW_REMOVE, ONLY_OWNER},
    {ALLOW_ON_ZONES,      ALLOW_VIEW,   "---++----------+"},
    {ALLOW_ON_EVIDENCE,   ALLOW_VIEW,   "---++---------++"},
    {ALLOW_ON_EVIDENCE,   ALLOW_ADD,    "---++----------+"},
    {ALLOW_ON_EVIDENCE,   ALLOW_EDIT,   "--------------++"},
    {ALLOW_ON_EVIDENCE,   ALLOW_REMOVE, "---+----------++"},
    {ALLOW_ON_SHARE,      ALLOW_VIEW,   ONLY_OWNER},
    {ALLOW_ON_SHARE,      ALLOW_SHARE,  ONLY_OWNER},
    {ALLOW_ON_SHARE,      ALLOW_REMOVE, ONLY_OWNER},
    {ALLOW_ON_ACCESS,     ALLOW_VIEW,   ONLY_OWNER},
    {ALLOW_ON_ACCESS,     ALLOW_EXPORT, ONLY_OWNER},
    {ALLOW_ON_NOTICE,     ALLOW_VIEW,   ONLY_OWNER},
    {ALLOW_ON_NOTICE,     ALLOW_EDIT,   ONLY_OWNER},
    {ALLOW_ON_OWN_DATA,   ALLOW_EXPORT, ONLY_OWNER},
    {ALLOW_ON_OWN_DATA,   ALLOW_REMOVE, ONLY_OWNER},
    /* see make_partnership() for who is what in it */
    {ALLOW_ON_PAIRING,      ALLOW_VIEW,   "--++++--+++-+--+"},
    {ALLOW_ON_PAIRING,      ALLOW_ADD,    "--------+++-+--+"},
    {ALLOW_ON_PROPOSAL,     ALLOW_VIEW,   "--++++---------+"},
    {ALLOW_ON_PROPOSAL,     ALLOW_EDIT,   "--++++---------+"},
    {ALLOW_ON_PARTNERSHIP,  ALLOW_VIEW,   ONLY_MEMBERS},
    {ALLOW_ON_PARTNERSHIP,  ALLOW_ADD,    ONLY_MEMBERS},
    {ALLOW_ON_PARTNERSHIP,  ALLOW_EDIT,   ONLY_MEMBERS},
    {ALLOW_ON_PARTNERSHIP,  ALLOW_REMOVE, ONLY_MEMBERS},
    {ALLOW_ON_CYCLE,        ALLOW_VIEW,   ONLY_MEMBERS},
    {ALLOW_ON_CYCLE,        ALLOW_ADD,    ONLY_MEMBERS},
    {ALLOW_ON_CYCLE,        ALLOW_EDIT,   ONLY_MEMBERS},
    {ALLOW_ON_PRIVATE_NOTE, ALLOW_VIEW,   ONLY_AUTHOR},
    {ALLOW_ON_PRIVATE_NOTE, ALLOW_ADD,    ONLY_MEMBERS},
    {ALLOW_ON_PRIVATE_NOTE, ALLOW_EDIT,   ONLY_AUTHOR},
    {ALLOW_ON_PRIVATE_NOTE, ALLOW_REMOVE, ONLY_AUTHOR},
    {ALLOW_ON_SHARED_NOTE,  ALLOW_VIEW,   "---++---------++"},
    {ALLOW_ON_SHARED_NOTE,  ALLOW_ADD,    ONLY_MEMBERS},
    {ALLOW_ON_SHARED_NOTE,  ALLOW_EDIT,   ONLY_AUTHOR},
    {ALLOW_ON_SHARED_NOTE,  ALLOW_REMOVE, ONLY_AUTHOR},
    {ALLOW_ON_JOINT_NOTE,   ALLOW_VIEW,   "---++---------++"},
    {ALLOW_ON_JOINT_NOTE,   ALLOW_ADD,    ONLY_MEMBERS},
    {ALLOW_ON_JOINT_NOTE,   ALLOW_EDIT,   ONLY_MEMBERS},
    {ALLOW_ON_JOINT_NOTE,   ALLOW_REMOVE, ONLY_AUTHOR},
};
/* clang-format on */

static const char *expected_of(enum allow_kind kind, enum allow_verb verb)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (rows[i].kind == kind && rows[i].verb == verb) {
            return rows[i].expected;
        }
    }
    return "---------------+"; /* what nobody spoke of is refused */
}

struct world {
    int64_t organisation, district, school, other_district, other_school;
    int64_t people[WHO__MAX];
    int64_t skill, other_skill;
    int64_t programme; /* of the school */
};

static void make_skills(struct coachtest *c, struct world *w)
{
    coachtest_script(c, "INSERT INTO framework (name, created_ms, changed_ms) VALUES ('F', 1, 1);"
                        "INSERT INTO domain (framework_id, position, name) VALUES (1, 1, 'D');"
                        "INSERT INTO skill (framework_id, domain_id, code, position, name, levels) "
                        "VALUES (1, 1, 'A', 1, 'Asking', 4), (1, 1, 'B', 2, 'Briefing', 4);");
    w->skill = coachtest_number(c, "SELECT min(id) FROM skill");
    w->other_skill = coachtest_number(c, "SELECT max(id) FROM skill");
}

static void give(struct coachtest *c, int64_t owner, int64_t person, int64_t skill, int64_t *id)
{
    coachtest_as(c, owner);
    coachtest_do(c, shares_give(&c->coach, person, SHARE_ZONES, skill, id));
}

/* The owner and SHARED are members of the partnership 1; SHARED_ONE has joined it after what is
 * asked about was written; the stranger is asked and has not answered; REVOKED has declined; LEFT
 * has left.  The evaluators have rows that the rules would not have made. */
static void make_partnership(struct coachtest *c, const struct world *w)
{
    static const struct {
        enum who who;
        const char *answer;
        long long joined;
        const char *left;
    } members[] = {
        {OWNER, "accepted", 1000, "NULL"},      {SHARED, "accepted", 1000, "NULL"},
        {SHARED_ONE, "accepted", 5000, "NULL"}, {STRANGER, "waiting", 0, "NULL"},
        {REVOKED, "declined", 0, "NULL"},       {LEFT, "accepted", 1000, "2000"},
        {EVALUATOR, "accepted", 1000, "NULL"},  {COORD_EVAL, "accepted", 1000, "NULL"},
        {ADMIN_EVAL, "accepted", 1000, "NULL"},
    };
    char sql[300];
    coachtest_script(c, "INSERT INTO partnership (id, kind, state, created_ms, moved_ms) "
                        "VALUES (1, 'trio', 'active', 1, 1)");
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        snprintf(sql, sizeof sql,
                 "INSERT INTO partnership_member (partnership_id, person_id, answer, joined_ms, "
                 "left_ms) VALUES (1, %lld, '%s', %lld, %s)",
                 (long long)w->people[members[i].who], members[i].answer, members[i].joined,
                 members[i].left);
        coachtest_script(c, sql);
    }
}

static void make_world(struct coachtest *c, struct world *w)
{
    char sql[300];
    int64_t id;
    make_skills(c, w);
    w->organisation = coachtest_unit(c, 0, UNIT_ORGANISATION, "All");
    w->district = coachtest_unit(c, w->organisation, UNIT_DISTRICT, "North");
    w->school = coachtest_unit(c, w->district, UNIT_SCHOOL, "North school");
    w->other_district = coachtest_unit(c, w->organisation, UNIT_DISTRICT, "South");
    w->other_school = coachtest_unit(c, w->other_district, UNIT_SCHOOL, "South school");
    for (int who = LEFT; who < SYSTEM; who++) {
        w->people[who] = coachtest_person(c, who_names[who], "Person");
    }
    coachtest_role(c, w->people[OWNER], w->school, ROLE_PARTICIPANT);
    coachtest_role(c, w->people[LEFT], w->school, ROLE_PARTICIPANT);
    coachtest_role(c, w->people[SHARED], w->school, ROLE_PARTICIPANT);
    coachtest_role(c, w->people[STRANGER], w->other_school, ROLE_PARTICIPANT);
    coachtest_role(c, w->people[COORDINATOR], w->school, ROLE_COORDINATOR);
    coachtest_role(c, w->people[COORD_EVAL], w->school, ROLE_COORDINATOR);
    coachtest_role(c, w->people[ABOVE], w->district, ROLE_COORDINATOR);
    coachtest_role(c, w->people[ELSEWHERE], w->other_district, ROLE_COORDINATOR);
    coachtest_role(c, w->people[ADMIN], w->organisation, ROLE_ADMINISTRATOR);
    coachtest_role(c, w->people[ADMIN_EVAL], w->organisation, ROLE_ADMINISTRATOR);
    give(c, w->people[OWNER], w->people[SHARED], 0, &id);
    give(c, w->people[OWNER], w->people[LEFT], 0, &id);
    give(c, w->people[OWNER], w->people[SHARED_ONE], w->skill, &id);
    give(c, w->people[OWNER], w->people[REVOKED], 0, &id);
    coachtest_do(c, shares_take_back(&c->coach, id));
    coachtest_as_system(c);
    coachtest_do(c, evaluators_add(&c->coach, w->people[EVALUATOR], w->people[OWNER]));
    coachtest_do(c, evaluators_add(&c->coach, w->people[COORD_EVAL], w->people[OWNER]));
    coachtest_do(c, evaluators_add(&c->coach, w->people[ADMIN_EVAL], w->people[OWNER]));
    coachtest_do(c, people_leave(&c->coach, w->people[LEFT]));
    coachtest_script(c,
                     "INSERT INTO programme (name, framework_id, starts_day, ends_day, created_ms, "
                     "changed_ms) VALUES ('P', 1, 1, 1, 1, 1)");
    w->programme = coachtest_number(c, "SELECT max(id) FROM programme");
    snprintf(sql, sizeof sql,
             "INSERT INTO programme_unit (programme_id, unit_id) VALUES (%lld, %lld)",
             (long long)w->programme, (long long)w->school);
    coachtest_script(c, sql);
    /* Shares that the rules would not have made. */
    for (int who = 0; who < WHO__MAX; who++) {
        if (who == LEFT || who == EVALUATOR || who == COORD_EVAL || who == ADMIN_EVAL) {
            snprintf(sql, sizeof sql,
                     "INSERT INTO share (owner_id, person_id, kind, object_id, created_ms) "
                     "VALUES (%lld, %lld, 'zones', 0, 1)",
                     (long long)w->people[OWNER], (long long)w->people[who]);
            coachtest_script(c, sql);
        }
    }
}

static void become(struct coachtest *c, const struct world *w, enum who who)
{
    c->coach.actor = (struct actor){0};
    if (who == SYSTEM) {
        coachtest_as_system(c);
    } else if (w->people[who]) {
        enum err err = coachtest_read(c, coach_act_as(&c->coach, w->people[who]));
        coachtest_must(c, who == LEFT && err == ERR_NOT_FOUND ? ERR_OK : err, "become");
    }
}

static struct allow_object object_of(const struct world *w, enum allow_kind kind, int64_t id)
{
    bool owned = kind >= ALLOW_ON_PERSON;
    if (kind == ALLOW_ON_PROGRAMME) {
        return allow_on(kind, w->programme);
    }
    if (kind >= ALLOW_ON_PAIRING) {
        return allow_written(kind, 1, id, w->people[AUTHOR], 3000);
    }
    return owned ? allow_by(kind, w->people[OWNER], id, w->people[AUTHOR]) : allow_on(kind, id);
}

static void test_table(struct coachtest *c, const struct world *w)
{
    int n = 0, wrong = 0;
    for (int who = 0; who < WHO__MAX; who++) {
        become(c, w, (enum who)who);
        c->coach.pending = NULL;
        for (int k = 0; k < ALLOW_KIND__MAX; k++) {
            for (int v = 0; v < ALLOW_VERB__MAX; v++) {
                enum allow_kind kind = (enum allow_kind)k;
                enum allow_verb verb = (enum allow_verb)v;
                struct allow_object object = object_of(w, kind, 0);
                bool yes = false, quiet = false;
                coachtest_begin(c, COACH_READ);
                enum err err = allowed(&c->coach, verb, object);
                coachtest_must(c, allowed_quietly(&c->coach, verb, object, &quiet), "quietly");
                coach_rollback(&c->coach);
                yes = err == ERR_OK;
                coachtest_must(c, yes || err == ERR_FORBIDDEN ? ERR_OK : err, "allowed");
                n++;
                if (yes != quiet || yes != (expected_of(kind, verb)[who] == '+')) {
                    wrong++;
                    tap_ok(false, "%s: may %s %s %s?", c->name, who_names[who],
                           allow_verb_name(verb), allow_kind_name(kind));
                }
            }
        }
    }
    tap_ok(wrong == 0, "%s: %d questions are answered as the table says", c->name, n);
    c->coach.pending = NULL;
}

static bool may(struct coachtest *c, enum allow_verb verb, struct allow_object object)
{
    bool yes = false;
    coachtest_begin(c, COACH_READ);
    coachtest_must(c, allowed_quietly(&c->coach, verb, object, &yes), "allowed");
    coach_rollback(&c->coach);
    return yes;
}

static void test_one_skill(struct coachtest *c, const struct world *w)
{
    int64_t owner = w->people[OWNER];
    become(c, w, SHARED_ONE);
    tap_ok(may(c, ALLOW_VIEW, allow_of(ALLOW_ON_ZONES, owner, w->skill)), "%s: the skill shared",
           c->name);
    tap_ok(!may(c, ALLOW_VIEW, allow_of(ALLOW_ON_ZONES, owner, w->other_skill)) &&
               !may(c, ALLOW_VIEW, allow_of(ALLOW_ON_ZONES, owner, 0)),
           "%s: no other skill, and not all of them", c->name);
    tap_ok(may(c, ALLOW_ADD, allow_of(ALLOW_ON_EVIDENCE, owner, w->skill)) &&
               !may(c, ALLOW_ADD, allow_of(ALLOW_ON_EVIDENCE, owner, w->other_skill)),
           "%s: evidence may be added to the skill shared only", c->name);
    become(c, w, SHARED);
    tap_ok(may(c, ALLOW_VIEW, allow_of(ALLOW_ON_ZONES, owner, w->other_skill)),
           "%s: who may see all may see each", c->name);
    become(c, w, OWNER);
    tap_ok(!may(c, ALLOW_VIEW, allow_of(ALLOW_ON_ZONES, w->people[SHARED], 0)),
           "%s: sharing does not work backwards", c->name);
}

static void test_roles_of_units(struct coachtest *c, const struct world *w)
{
    int64_t owner = w->people[OWNER];
    static const struct {
        enum who who;
        bool school, district, other;
    } cases[] = {
        {COORDINATOR, true, false, false}, {ABOVE, true, true, false},
        {ELSEWHERE, false, false, true},   {COORD_EVAL, true, false, false},
        {ADMIN, true, true, true},         {STRANGER, false, false, false},
        {OWNER, false, false, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        become(c, w, cases[i].who);
        bool school = may(c, ALLOW_ADD, allow_of(ALLOW_ON_ROLE, owner, w->school));
        bool district = may(c, ALLOW_ADD, allow_of(ALLOW_ON_ROLE, owner, w->district));
        bool other = may(c, ALLOW_ADD, allow_of(ALLOW_ON_ROLE, owner, w->other_school));
        tap_ok(school == cases[i].school && district == cases[i].district &&
                   other == cases[i].other,
               "%s: where %s may make participants", c->name, who_names[cases[i].who]);
    }
}

static int64_t entries(struct coachtest *c, const char *where)
{
    char sql[400];
    snprintf(sql, sizeof sql, "SELECT count(*) FROM audit WHERE %s", where);
    return coachtest_number(c, sql);
}

static void test_notes(struct coachtest *c, const struct world *w)
{
    struct allow_object zones = allow_of(ALLOW_ON_ZONES, w->people[OWNER], w->skill);
    c->coach.pending = NULL;
    become(c, w, SHARED);
    int64_t opened = entries(c, "verb = 'view' AND object = 'zones' AND result = 'done'");
    int64_t refused = entries(c, "verb = 'view' AND object = 'zones' AND result = 'refused'");
    coachtest_must(c, coachtest_read(c, allowed(&c->coach, ALLOW_VIEW, zones)), "view");
    tap_ok(entries(c, "verb = 'view' AND object = 'zones' AND result = 'done'") == opened,
           "%s: a read writes nothing", c->name);
    coachtest_must(c, coach_settle(&c->coach), "settle");
    tap_ok(entries(c, "verb = 'view' AND object = 'zones' AND result = 'done'") == opened + 1,
           "%s: afterwards it is written down that zones were opened", c->name);
    coachtest_must(c, coach_settle(&c->coach), "settle");
    become(c, w, OWNER);
    coachtest_must(c, coachtest_read(c, allowed(&c->coach, ALLOW_VIEW, zones)), "view");
    coachtest_must(c, coach_settle(&c->coach), "settle");
    tap_ok(entries(c, "verb = 'view' AND object = 'zones' AND result = 'done'") == opened + 1,
           "%s: once, and one's own is nobody's business", c->name);
    become(c, w, EVALUATOR);
    tap_ok(coachtest_read(c, allowed(&c->coach, ALLOW_VIEW, zones)) == ERR_FORBIDDEN,
           "%s: the evaluator is refused", c->name);
    coachtest_must(c, coach_settle(&c->coach), "settle");
    tap_ok(entries(c, "verb = 'view' AND object = 'zones' AND result = 'refused'") == refused + 1,
           "%s: which is written down although the transaction was rolled back", c->name);
}

static void suite(const struct dbtest *t)
{
    struct coachtest c;
    struct world w = {0};
    coachtest_open(&c, t);
    make_world(&c, &w);
    make_partnership(&c, &w);
    test_table(&c, &w);
    test_one_skill(&c, &w);
    test_roles_of_units(&c, &w);
    test_notes(&c, &w);
    coachtest_close(&c);
}

int main(void)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (strlen(rows[i].expected) != WHO__MAX) {
            printf("Bail out! row %zu has %zu columns\n", i, strlen(rows[i].expected));
            return 1;
        }
    }
    dbtest_both(suite);
    return tap_done();
}
