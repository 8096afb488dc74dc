/* Random actions of random people, members, outsiders, evaluators, coordinators and administrators,
 * on partnerships, cycles, notes and visits: after each one nothing that the rules forbid is in the
 * database, what was done was done by whom it belongs to, and who may not open it is refused. */
#include "base/rng.h"
#include "partners_test.h"

/* Each gives the number of rows that break a rule. */
static const struct rule {
    const char *text, *sql;
} rules[] = {
    {"what is active was accepted and signed by all, in its present words",
     "SELECT count(*) FROM partnership p JOIN partnership_member m ON m.partnership_id = p.id "
     "WHERE p.state IN ('active', 'paused') AND p.kind <> 'guide' AND (m.answer <> 'accepted' "
     "OR m.signed_version <> p.agreement_version OR p.agreement_version = 0)"},
    {"nobody works with who evaluates them",
     "SELECT count(*) FROM partnership p JOIN partnership_member a ON a.partnership_id = p.id "
     "JOIN partnership_member b ON b.partnership_id = p.id JOIN evaluator e "
     "ON e.evaluator_id = a.person_id AND e.person_id = b.person_id WHERE p.state <> 'ended'"},
    {"nobody who has left is in one that runs",
     "SELECT count(*) FROM partnership p JOIN partnership_member m ON m.partnership_id = p.id "
     "JOIN person x ON x.id = m.person_id WHERE p.state <> 'ended' AND x.active = 0"},
    {"no cycle is open in what has ended",
     "SELECT count(*) FROM cycle c JOIN partnership p ON p.id = c.partnership_id "
     "WHERE c.state = 'open' AND p.state = 'ended'"},
    {"no cycle began before all had signed",
     "SELECT count(*) FROM cycle c JOIN partnership p ON p.id = c.partnership_id "
     "WHERE p.started_ms IS NULL OR c.created_ms < p.started_ms"},
    {"nothing is seen because of an agreement that has ended",
     "SELECT count(*) FROM share s WHERE s.revoked_ms IS NULL AND s.id IN (SELECT share_id FROM "
     "partnership_share) AND s.id NOT IN (SELECT x.share_id FROM partnership_share x "
     "JOIN partnership p ON p.id = x.partnership_id WHERE p.state <> 'ended')"},
    {"evaluators see nothing",
     "SELECT count(*) FROM share s JOIN evaluator e ON e.evaluator_id = s.person_id "
     "AND e.person_id = s.owner_id WHERE s.revoked_ms IS NULL"},
    {"learners and helpers are members",
     "SELECT count(*) FROM focus f JOIN partnership p ON p.id = f.partnership_id WHERE NOT EXISTS "
     "(SELECT 1 FROM partnership_member m WHERE m.partnership_id = f.partnership_id "
     "AND m.person_id = f.learner_id) OR (p.kind = 'guide') <> (f.helper_id IS NULL) "
     "OR (f.helper_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM partnership_member m "
     "WHERE m.partnership_id = f.partnership_id AND m.person_id = f.helper_id))"},
    {"what all have accepted is no proposal; what one has declined has ended",
     "SELECT count(*) FROM partnership p WHERE (p.state = 'proposed' AND NOT EXISTS (SELECT 1 FROM "
     "partnership_member m WHERE m.partnership_id = p.id AND m.answer = 'waiting')) "
     "OR ((p.ending = 'declined') <> EXISTS (SELECT 1 FROM partnership_member m "
     "WHERE m.partnership_id = p.id AND m.answer = 'declined'))"},
    {"a group of three has three members, a pair two, and all focuses are theirs",
     "SELECT count(*) FROM partnership p WHERE (SELECT count(*) FROM partnership_member m "
     "WHERE m.partnership_id = p.id) <> CASE p.kind WHEN 'trio' THEN 3 WHEN 'pair' THEN 2 ELSE 1 "
     "END OR EXISTS (SELECT 1 FROM focus f WHERE f.partnership_id = p.id AND f.learner_id NOT IN "
     "(SELECT person_id FROM partnership_member m WHERE m.partnership_id = p.id))"},
    {"what has moved beyond the proposal was accepted by all",
     "SELECT count(*) FROM partnership p JOIN partnership_member m ON m.partnership_id = p.id "
     "WHERE p.state IN ('agreeing', 'active', 'paused') AND m.answer <> 'accepted'"},
    {"texts are those of members: notes",
     "SELECT count(*) FROM note n JOIN cycle c ON c.id = n.cycle_id WHERE NOT EXISTS (SELECT 1 "
     "FROM "
     "partnership_member m WHERE m.partnership_id = c.partnership_id AND m.person_id = n.author_id "
     "AND m.answer = 'accepted' AND m.joined_ms <= n.created_ms)"},
    {"texts are those of members: visits",
     "SELECT count(*) FROM observation o JOIN cycle c ON c.id = o.cycle_id WHERE NOT EXISTS "
     "(SELECT 1 FROM partnership_member m WHERE m.partnership_id = c.partnership_id "
     "AND m.person_id = o.author_id AND m.answer = 'accepted')"},
    {"a cycle is done when it has a goal, a strength, a step and an outcome",
     "SELECT count(*) FROM cycle WHERE (state = 'done' AND (stage <> 'reflect' OR goal = '' "
     "OR strength = '' OR step = '' OR outcome IS NULL OR support_given IS NULL)) "
     "OR (stage NOT IN ('plan') AND goal = '')"},
    {"a step is looked at within two weeks",
     "SELECT count(*) FROM cycle WHERE step_day IS NOT NULL AND step_day NOT BETWEEN 19675 AND "
     "19689"},
    {"who ended it is told to nobody",
     "SELECT count(*) FROM partnership_event WHERE kind = 'ended' AND person_id IS NOT NULL"},
    {"what others are asked to do is asked of those who are in it",
     "SELECT count(*) FROM notice n JOIN partnership p ON p.id = n.partnership_id WHERE NOT EXISTS "
     "(SELECT 1 FROM partnership_member m WHERE m.partnership_id = p.id "
     "AND m.person_id = n.person_id)"},
};
#define RULES ((int)(sizeof rules / sizeof *rules))

/* Statements of the test, behind the rules. */
enum {
    ACCEPTED = RULES, /* by others than the person ?1, in the partnership ?2 */
    OTHERS,           /* answers and signatures of all but the person ?1 */
    MAY, /* whether the person ?1 may open the partnership ?2: written down a second time */
    RUNNING,
    LAST_PARTNERSHIP,
    LAST_FOCUS,
    VERSION,
    LAST_CYCLE,
    LAST_NOTE,
    STATEMENTS
};

struct game {
    struct school s;
    struct rng rng;
    struct db *db; /* a second connection, which only looks */
    int n_right, n_done, n_wrong_actor, n_broken, n_others, n_seen, n_go_on;
};

static struct db_sql statements[STATEMENTS];

static void make_statements(void)
{
    for (int i = 0; i < RULES; i++) {
        statements[i] = (struct db_sql){"RULE", DB_READ, rules[i].sql, NULL};
    }
    statements[ACCEPTED] =
        (struct db_sql){"ACCEPTED", DB_READ,
                        "SELECT count(*) FROM partnership_member WHERE person_id <> ?1 "
                        "AND partnership_id = ?2 AND answer = 'accepted'",
                        NULL};
    statements[OTHERS] = (struct db_sql){
        "OTHERS", DB_READ,
        "SELECT COALESCE(sum(CASE WHEN answer <> 'waiting' THEN 1000 ELSE 0 END + CASE WHEN "
        "signed_version > 0 THEN 1 ELSE 0 END), 0) FROM partnership_member WHERE person_id <> ?1",
        NULL};
    statements[MAY] = (struct db_sql){
        "MAY", DB_READ,
        "SELECT CASE WHEN (SELECT count(*) FROM partnership_member m JOIN person p "
        "ON p.id = m.person_id AND p.active = 1 WHERE m.partnership_id = ?2 AND m.person_id = ?1 "
        "AND m.joined_ms IS NOT NULL AND m.left_ms IS NULL AND m.answer = 'accepted') = 1 "
        "AND (SELECT count(*) FROM evaluator e WHERE e.evaluator_id = ?1 AND e.person_id IN "
        "(SELECT person_id FROM partnership_member WHERE partnership_id = ?2)) = 0 "
        "THEN 1 ELSE 0 END",
        NULL};
    statements[RUNNING] = (struct db_sql){
        "R", DB_READ, "SELECT count(*) FROM partnership WHERE state <> 'ended'", NULL};
    statements[LAST_FOCUS] =
        (struct db_sql){"F", DB_READ, "SELECT COALESCE(max(id), 0) FROM focus", NULL};
    statements[VERSION] = (struct db_sql){
        "V", DB_READ, "SELECT COALESCE(max(agreement_version), 0) FROM partnership WHERE id = ?1",
        NULL};
    statements[LAST_PARTNERSHIP] =
        (struct db_sql){"P", DB_READ, "SELECT COALESCE(max(id), 0) FROM partnership", NULL};
    statements[LAST_CYCLE] =
        (struct db_sql){"C", DB_READ, "SELECT COALESCE(max(id), 0) FROM cycle", NULL};
    statements[LAST_NOTE] =
        (struct db_sql){"N", DB_READ, "SELECT COALESCE(max(id), 0) FROM note", NULL};
}

/* In the transaction that is open. */
static int64_t value_of(struct game *g, int id, int n, int64_t a, int64_t b)
{
    struct db_query *q;
    int64_t value = 0;
    coachtest_must(&g->s.c, db_prepare(g->db, id, &q), "prepare");
    if (n > 0) {
        db_bind_int(q, 1, a);
    }
    if (n > 1) {
        db_bind_int(q, 2, b);
    }
    coachtest_must(&g->s.c, db_step(q), "step");
    value = db_int(q, 0);
    db_finish(q);
    return value;
}

static int64_t look(struct game *g, int id, int n, int64_t a, int64_t b)
{
    coachtest_must(&g->s.c, db_begin(g->db, DB_READ), "look");
    int64_t value = value_of(g, id, n, a, b);
    db_rollback(g->db);
    return value;
}

static uint32_t any(struct game *g, uint32_t n)
{
    return rng_below(&g->rng, n);
}

/* One of the newest, most often one that is there. */
static int64_t newest(struct game *g, int id)
{
    int64_t last = look(g, id, 0, 0, 0);
    int64_t back = any(g, 2) ? 0 : any(g, 5);
    return last > back ? last - back : 1;
}

/* ---- actions: each says which partnership it was about (0: it makes one), through *id ---- */

static enum err act_propose(struct game *g, struct coach *coach, int64_t *id)
{
    struct partnership_new made = school_pair(&g->s);
    int64_t made_id;
    enum who a = (enum who)any(g, 4), b = (enum who)any(g, 3);
    *id = 0;
    if (look(g, RUNNING, 0, 0, 0) > 3) {
        return ERR_CONFLICT; /* let these come to something first */
    }
    made.members[0] = made.focuses[0].learner_id = made.focuses[1].helper_id = g->s.people[a];
    made.members[1] = made.focuses[0].helper_id = made.focuses[1].learner_id = g->s.people[b];
    if (any(g, 4) == 0) {
        made.kind = PARTNERSHIP_TRIO;
        made.n_members = 3;
        made.members[2] = g->s.people[any(g, 5)];
    }
    return partnerships_propose(coach, &made, &made_id);
}

static enum err act_ask(struct game *g, struct coach *coach, int64_t *id)
{
    int64_t made;
    int64_t skill = g->s.skills[any(g, 2)];
    *id = 0;
    if (look(g, RUNNING, 0, 0, 0) > 3) {
        return ERR_CONFLICT;
    }
    return any(g, 4) ? asks_send(coach, g->s.people[any(g, 5)], skill, str_of("Please"),
                                 &g->s.c.complaints, &made)
                     : asks_guide(coach, skill, &g->s.c.complaints, &made);
}

static enum err act_answer(struct game *g, struct coach *coach, int64_t *id)
{
    return partnerships_answer(coach, *id, any(g, 6) != 0);
}

static enum err act_agree(struct game *g, struct coach *coach, int64_t *id)
{
    char text[40];
    snprintf(text, sizeof text, "We agree on %d.", (int)any(g, 1000));
    int32_t version = (int32_t)look(g, VERSION, 1, *id, 0) - (any(g, 6) == 0);
    return partnerships_agree(coach, *id, version, str_of(text), &g->s.c.complaints);
}

static enum err act_sign(struct game *g, struct coach *coach, int64_t *id)
{
    int32_t version = (int32_t)look(g, VERSION, 1, *id, 0) - (any(g, 6) == 0);
    return partnerships_sign(coach, *id, version);
}

static enum err act_pause(struct game *g, struct coach *coach, int64_t *id)
{
    return any(g, 2) ? partnerships_pause(coach, *id) : partnerships_resume(coach, *id);
}

static enum err act_end(struct game *g, struct coach *coach, int64_t *id)
{
    return any(g, 8) ? partnerships_resume(coach, *id)
                     : partnerships_end(coach, *id,
                                        any(g, 2) ? PARTNERSHIP_REMATCH : PARTNERSHIP_FINISHED);
}

static enum err act_focus(struct game *g, struct coach *coach, int64_t *id)
{
    int64_t focus;
    return partnerships_add_focus(coach, *id, g->s.people[any(g, 5)], g->s.skills[any(g, 2)],
                                  &g->s.c.complaints, &focus);
}

static enum err act_begin(struct game *g, struct coach *coach, int64_t *id)
{
    int64_t cycle, focus = look(g, LAST_FOCUS, 0, 0, 0) - any(g, 5);
    struct db_query *q;
    enum err err = sql_first(coach, SQL_FOCUS_ROW, SQL_ARGS(sql_int(focus)), &q);
    if (err) {
        return err;
    }
    *id = db_int(q, 0);
    db_finish(q);
    return cycles_begin(coach, focus, &cycle);
}

/* The newest cycles, and whose they are. */
static enum err find_cycle(struct game *g, struct coach *coach, int64_t *id,
                           struct cycle_place *place)
{
    enum err err = cycles_place(coach, newest(g, LAST_CYCLE), place);
    *id = err ? 0 : place->partnership_id;
    return err;
}

static enum err act_write(struct game *g, struct coach *coach, int64_t *id)
{
    struct cycle_place place;
    struct cycle_input in = {.goal = str_of("Goal"),
                             .look_for = str_of("Hands"),
                             .task = str_of("Try"),
                             .strength = str_of(any(g, 5) ? "Calm" : ""),
                             .step = str_of("Step"),
                             .found = str_of("Found"),
                             .way = (enum cycle_way)any(g, CYCLE_WAY__MAX),
                             .support_planned = EVIDENCE_JOINT,
                             .support_given = (enum evidence_support)any(g, EVIDENCE_SUPPORT__MAX),
                             .has_support_given = true,
                             .step_day = 19670 + (int32_t)any(g, 22),
                             .today = 19675,
                             .outcome = (enum cycle_outcome)any(g, CYCLE_OUTCOME__MAX)};
    enum err err = find_cycle(g, coach, id, &place);
    enum cycle_stage stage = any(g, 5) ? place.stage : (enum cycle_stage)any(g, CYCLE_STAGE__MAX);
    return err ? err
               : cycles_write(coach, place.id, stage, &in, any(g, 4) != 0, &g->s.c.complaints);
}

static enum err act_cycle(struct game *g, struct coach *coach, int64_t *id)
{
    struct cycle_place place;
    enum err err = find_cycle(g, coach, id, &place);
    if (err) {
        return err;
    }
    switch (any(g, 8)) {
    case 0:
        return cycles_stop(coach, place.id);
    case 1:
        return cycles_prepared(coach, place.id);
    case 2:
        return cycles_evidence(coach, place.id, (int32_t)any(g, 2), str_of(""), &g->s.c.complaints);
    default:
        return cycles_back(coach, place.id);
    }
}

static enum err act_note(struct game *g, struct coach *coach, int64_t *id)
{
    struct cycle_place place;
    int64_t note, changed = 0;
    enum err err = find_cycle(g, coach, id, &place);
    if (err || any(g, 3)) {
        return err ? err
                   : notes_add(coach, place.id, place.stage, (enum note_kind)any(g, NOTE_KIND__MAX),
                               str_of("Words"), &g->s.c.complaints, &note);
    }
    struct db_query *q;
    note = newest(g, LAST_NOTE);
    err = sql_first(coach, SQL_NOTE_ROW, SQL_ARGS(sql_int(note)), &q);
    if (err) {
        return err;
    }
    changed = db_int(q, 4);
    *id = db_int(q, 5);
    db_finish(q);
    switch (any(g, 3)) {
    case 0:
        return notes_edit(coach, note, changed, str_of("Other words"), &g->s.c.complaints);
    case 1:
        return notes_share(coach, note, any(g, 2));
    default:
        return notes_remove(coach, note);
    }
}

static enum err act_visit(struct game *g, struct coach *coach, int64_t *id)
{
    struct cycle_place place;
    char key[20];
    size_t n_new;
    enum err err = find_cycle(g, coach, id, &place);
    snprintf(key, sizeof key, "k%d", (int)any(g, 30));
    struct observation_line line = {str_of(key), any(g, 1000), str_of("Seen")};
    return err ? err : observations_add(coach, place.id, 0, &line, 1, &g->s.c.complaints, &n_new);
}

static enum err (*const actions[])(struct game *g, struct coach *coach, int64_t *id) = {
    act_propose, act_propose, act_ask,   act_answer, act_answer, act_answer, act_agree, act_sign,
    act_sign,    act_sign,    act_pause, act_end,    act_focus,  act_begin,  act_begin, act_write,
    act_write,   act_write,   act_write, act_write,  act_cycle,  act_note,   act_note,  act_visit};

/* The organisation changes around them. */
static void disturb(struct game *g)
{
    struct coachtest *c = &g->s.c;
    int64_t a = g->s.people[any(g, 5)], b = g->s.people[any(g, 5)];
    coachtest_as_system(c);
    enum err err;
    switch (any(g, 4)) {
    case 0:
        err = coachtest_write(c, evaluators_add(&c->coach, a, b));
        break;
    case 1:
    case 2:
        err = coachtest_write(c, evaluators_remove(&c->coach, a, b));
        break;
    default:
        err = coachtest_write(c, people_leave(&c->coach, a));
        err = err ? err : coachtest_write(c, people_return(&c->coach, a));
        break;
    }
    coachtest_must(c, err == ERR_CONFLICT || err == ERR_NOT_FOUND ? ERR_OK : err, "disturb");
}

static void act(struct game *g)
{
    struct coachtest *c = &g->s.c;
    uint32_t which = any(g, sizeof actions / sizeof *actions);
    int64_t id = newest(g, LAST_PARTNERSHIP);
    enum who who = any(g, 4) ? (enum who)any(g, 3) : (enum who)any(g, WHO__MAX);
    if (actions[which] == act_propose && any(g, 3)) {
        who = COORDINATOR;
    }
    int64_t person = g->s.people[who], others = look(g, OTHERS, 1, person, 0);
    int64_t accepted = look(g, ACCEPTED, 2, person, id), last = look(g, LAST_PARTNERSHIP, 0, 0, 0);
    bool made = actions[which] == act_propose || actions[which] == act_ask;
    as(&g->s, who);
    coachtest_begin(c, COACH_WRITE);
    enum err err = actions[which](g, &c->coach, &id);
    coachtest_must(c,
                   err == ERR_NOMEM || err == ERR_IO || err == ERR_UNIQUE || err == ERR_CHECK ||
                           err == ERR_REFERENCE
                       ? err
                       : ERR_OK,
                   "act");
    bool before = id && look(g, MAY, 2, person, id);
    err = coachtest_end(c, err);
    g->n_done += err == ERR_OK;
    if (err == ERR_OK && !made) {
        /* only a member, or who is asked, has done something */
        /* their own notes remain the author's to remove */
        bool own = actions[which] == act_note;
        g->n_wrong_actor += !before && actions[which] != act_answer && !own;
    }
    if (actions[which] == act_propose && err == ERR_OK) {
        g->n_wrong_actor += who != COORDINATOR && who != ADMIN;
    }
    int64_t now = look(g, OTHERS, 1, person, 0);
    if (actions[which] == act_answer && look(g, LAST_PARTNERSHIP, 0, 0, 0) > last) {
        others += 1000 * accepted; /* a trio goes on as a pair: what two of them said stands */
        g->n_go_on++;
    }
    if (actions[which] == act_agree || actions[which] == act_ask) {
        g->n_others += now > others; /* others' signatures may only be taken back */
    } else {
        g->n_others += now != others;
    }
}

/* Who opens one at random gets it exactly when the second formulation of the rule says so. */
static void open_one(struct game *g)
{
    struct coachtest *c = &g->s.c;
    int64_t id = newest(g, LAST_PARTNERSHIP);
    enum who who = (enum who)any(g, WHO__MAX);
    struct partnership_event *events;
    struct cycle_list cycles;
    size_t n = 0;
    bool may = look(g, MAY, 2, g->s.people[who], id) == 1;
    as(&g->s, who);
    coachtest_begin(c, COACH_READ);
    enum err story = partnerships_story(&c->coach, id, str_of(""), &events, &n);
    enum err list = cycles_of_partnership(&c->coach, id, str_of(""), &cycles);
    g->n_seen += (story == ERR_OK) != may || (list == ERR_OK) != may;
    for (size_t k = 0; list == ERR_OK && k < cycles.n; k++) {
        struct note_list notes;
        struct observation *visits;
        size_t n_visits = 0;
        coachtest_must(c, notes_of_cycle(&c->coach, cycles.items[k].id, &notes), "notes");
        coachtest_must(c, observations_of_cycle(&c->coach, cycles.items[k].id, &visits, &n_visits),
                       "visits");
        for (size_t i = 0; i < notes.n; i++) {
            bool own = notes.items[i].author_id == g->s.people[who];
            g->n_seen += notes.items[i].kind == NOTE_PRIVATE && !own;
            g->n_right++;
        }
        for (size_t i = 0; i < n_visits; i++) {
            g->n_seen += !visits[i].shared && visits[i].author_id != g->s.people[who];
        }
    }
    coach_rollback(&c->coach);
}

static void check_rules(struct game *g)
{
    coachtest_must(&g->s.c, db_begin(g->db, DB_READ), "rules");
    for (int i = 0; i < RULES; i++) {
        if (value_of(g, i, 0, 0, 0) != 0) {
            g->n_broken++;
            printf("# broken: %s\n", rules[i].text);
        }
    }
    db_rollback(g->db);
}

/* Unless one has left or evaluates another. */
static void propose_three(struct school *s)
{
    struct partnership_new made = school_pair(s);
    int64_t id;
    made.kind = PARTNERSHIP_TRIO;
    made.members[2] = s->people[CAT];
    made.n_members = 3;
    coachtest_as_system(&s->c);
    enum err err = coachtest_write(&s->c, partnerships_propose(&s->c.coach, &made, &id));
    coachtest_must(&s->c, err == ERR_CONFLICT ? ERR_OK : err, "a group of three");
}

static void suite(const struct dbtest *t)
{
    struct game g = {.rng = rng_seed(41)};
    struct coachtest *c = &g.s.c;
    bool fast = t->kind == DB_SQLITE && !getenv("DUET_SANITIZED");
    int n = fast ? 6000 : 2400;
    school_make(&g.s, t);
    make_statements();
    g.db = dbtest_open(t, statements, STATEMENTS);
    for (int i = 0; i < n; i++) {
        if (i % 150 == 0 && look(&g, RUNNING, 0, 0, 0) < 4) {
            coachtest_script(c, "DELETE FROM evaluator"); /* a fresh start: a pair at work */
            school_active(&g.s);
        }
        if (i % 300 == 100) { /* and a group of three that is asked */
            propose_three(&g.s);
        }
        act(&g);
        if (any(&g, 70) == 0) {
            disturb(&g);
        }
        open_one(&g);
        check_rules(&g);
        c->coach.pending = NULL;
    }
    tap_ok(g.n_broken == 0, "%s: %d actions, %d of them done: no rule is broken (%d)", c->name, n,
           g.n_done, g.n_broken);
    tap_ok(g.n_wrong_actor == 0, "%s: done only by whom it belongs to (%d)", c->name,
           g.n_wrong_actor);
    printf("# trios that go on as pairs: %d\n", g.n_go_on);
    tap_ok(g.n_go_on > 0 || !fast, "%s: some groups of three go on as pairs", c->name);
    tap_ok(g.n_others == 0, "%s: nobody answers or signs for another (%d)", c->name, g.n_others);
    tap_ok(g.n_seen == 0 && g.n_right > 0, "%s: read only by whom it is for (%d)", c->name,
           g.n_seen);
    struct {
        const char *what, *sql;
    } reached[] = {
        {"cycles done", "SELECT count(*) FROM cycle WHERE state = 'done'"},
        {"cycles stopped", "SELECT count(*) FROM cycle WHERE state = 'stopped'"},
        {"ended by wish", "SELECT count(*) FROM partnership WHERE ending = 'rematch'"},
        {"declined", "SELECT count(*) FROM partnership WHERE ending = 'declined'"},
        {"left", "SELECT count(*) FROM partnership WHERE ending = 'left'"},
        {"parted", "SELECT count(*) FROM partnership WHERE ending = 'parted'"},
        {"notes", "SELECT count(*) FROM note"},
        {"lines", "SELECT count(*) FROM observation_line"},
    };
    int64_t least = INT64_MAX;
    for (size_t i = 0; i < sizeof reached / sizeof *reached; i++) {
        int64_t there = coachtest_number(c, reached[i].sql);
        printf("# %s: %lld\n", reached[i].what, (long long)there);
        least = there < least ? there : least;
    }
    tap_ok(least > 0 || !fast, "%s: and everything was reached", c->name);
    db_close(g.db);
    coachtest_close(c);
}

int main(void)
{
    dbtest_both(suite);
    return tap_done();
}
