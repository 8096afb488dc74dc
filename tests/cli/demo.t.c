/* The demonstration district in a database, on both: what is there, for whom, and from when. */
#include "cli/demo_fill.h"
#include "coach/coachtest.h"

#include "coach/evidence.h"
#include "coach/frameworks.h"
#include "coach/invitations.h"
#include "coach/shares.h"
#include "coach/wishes.h"
#include "coach/zones.h"

#define PEOPLE 70 /* more than are fitted at once */
#define URL "http://127.0.0.1:8080"

static void fill(struct coachtest *c, uint64_t seed, struct demo *demo, struct demo_filled *filled)
{
    coachtest_must(c, demo_make(c->coach.arena, seed, PEOPLE, demo), "make");
    coachtest_must(c, demo_fill(&c->coach, demo, URL, false, filled), "fill");
}

static enum demo_state look(struct coachtest *c)
{
    enum demo_state state = DEMO_STATE__MAX;
    coachtest_must(c, demo_look(&c->coach, &state), "look");
    return state;
}

static enum err count_person(void *ctx, const struct person *person)
{
    int *n = ctx;
    n[0]++;
    n[1] += person->active && person->email.n > 0 && person->position.n > 0;
    return ERR_OK;
}

static void test_there(struct coachtest *c, const struct demo *demo)
{
    struct unit_list units;
    struct frameworks_item *frameworks;
    int32_t n_frameworks = 0;
    int people[2] = {0, 0}, schools = 0;
    coachtest_begin(c, COACH_READ);
    enum err err = units_list(&c->coach, false, &units);
    err = err ? err : units_count(&c->coach, &units);
    for (size_t k = 0; !err && k < units.n; k++) {
        schools += units.items[k].kind == UNIT_SCHOOL && units.items[k].n_people > 3;
    }
    err = err ? err : people_each(&c->coach, count_person, people);
    err = err ? err : frameworks_list(&c->coach, str_of("en"), &frameworks, &n_frameworks);
    coachtest_must(c, coachtest_end(c, err), "read");
    tap_ok(people[0] == PEOPLE && people[1] == PEOPLE && schools == demo->n_schools,
           "%s: %d people in %d schools", c->name, people[0], schools);
    tap_ok(n_frameworks == 2, "%s: two frameworks", c->name);
}

/* What the teacher sees. */
static void test_teacher(struct coachtest *c, int64_t person, int64_t framework)
{
    struct zones zones;
    struct wishes wishes;
    struct share_list given, received;
    struct evidence_piece *pieces;
    int32_t n = 0, known = 0, today = (int32_t)(c->coach.now_ms / COACH_DAY_MS), oldest = today;
    bool more, late = false;
    coachtest_as(c, person);
    coachtest_begin(c, COACH_READ);
    enum err err = zones_of(&c->coach, person, framework, str_of("en"), &zones);
    err = err ? err : wishes_of(&c->coach, person, framework, str_of("en"), &wishes);
    err = err ? err : shares_given(&c->coach, &given);
    err = err ? err : shares_received(&c->coach, &received);
    err = err ? err : evidence_list(&c->coach, person, 0, str_of("en"), 0, 100, &pieces, &n, &more);
    coachtest_must(c, coachtest_end(c, err), "read");
    for (int k = 0; k < zones.n_skills; k++) {
        known += zones.skills[k].enough;
    }
    for (int32_t k = 0; k < n; k++) {
        late = late || pieces[k].day > today;
        oldest = pieces[k].day < oldest ? pieces[k].day : oldest;
    }
    tap_ok(known > 6 && wishes.n_needs > 0 && wishes.n_offers > 0,
           "%s: the teacher has %d zones, %d needs and %d offers", c->name, known, wishes.n_needs,
           wishes.n_offers);
    tap_ok(n > 20 && !late && oldest > today - 100 && pieces[0].day > today - 50,
           "%s: evidence of the last weeks, none of tomorrow (%d to %d days ago)", c->name,
           today - pieces[0].day, today - oldest);
    tap_ok(given.n > 1 && received.n > 1, "%s: shares with colleagues, both ways", c->name);
}

enum { PIECES, APART, LEFT_OUT, WAITING, N_COUNTS };
static const struct db_sql counts[] = {
    {"PIECES", DB_READ, "SELECT count(*) FROM evidence WHERE source = 'demo'", NULL},
    {"APART", DB_READ,
     "SELECT count(*) FROM evidence e JOIN rater r ON r.id = e.rater_id "
     "JOIN evaluator v ON v.evaluator_id = r.person_id AND v.person_id = e.person_id",
     NULL},
    {"LEFT_OUT", DB_READ,
     "SELECT count(*) FROM person p WHERE EXISTS (SELECT 1 FROM evidence e WHERE "
     "e.person_id = p.id) AND NOT EXISTS (SELECT 1 FROM zone z WHERE z.person_id = p.id)",
     NULL},
    {"WAITING", DB_READ, "SELECT count(*) FROM job WHERE kind = 'refit'", NULL},
};

/* Nobody's evaluator is in their coaching, and nobody waits for a refit to see their zones. */
static void test_whole(const struct coachtest *c, const struct demo_filled *filled)
{
    struct db *db = dbtest_open(c->t, counts, N_COUNTS);
    int64_t n[N_COUNTS] = {-1, -1, -1, -1};
    enum err err = db_begin(db, DB_READ);
    for (int k = 0; k < N_COUNTS && !err; k++) {
        struct db_query *q;
        err = db_prepare(db, k, &q);
        if (!err) {
            n[k] = db_step(q) == ERR_OK ? db_int(q, 0) : -1;
            db_finish(q);
        }
    }
    db_close(db);
    tap_ok(n[PIECES] == filled->n_evidence && filled->n_evidence > PEOPLE * 20,
           "%s: %d pieces of evidence", c->name, (int)filled->n_evidence);
    tap_ok(n[APART] == 0, "%s: no head rates anybody of their school", c->name);
    tap_ok(n[LEFT_OUT] == 0 && n[WAITING] == 1,
           "%s: everybody with evidence has zones, and a refit of all waits", c->name);
}

static void test_personas(struct coachtest *c)
{
    struct demo_persona personas[DEMO_ROLE__MAX], again[DEMO_ROLE__MAX];
    struct invitation invitation;
    struct frameworks_item *items;
    int32_t n;
    coachtest_must(c, demo_personas(&c->coach, personas), "personas");
    coachtest_begin(c, COACH_READ);
    coachtest_must(c, frameworks_list(&c->coach, str_of(""), &items, &n), "frameworks");
    coachtest_must(c, coachtest_end(c, ERR_OK), "end");
    int64_t framework = items[0].n_skills == 18 ? items[0].id : items[1].id;
    int64_t ids[DEMO_ROLE__MAX] = {0};
    for (int role = 0; role < DEMO_ROLE__MAX; role++) {
        enum err err =
            coachtest_write(c, invitations_use(&c->coach, personas[role].key, &invitation));
        ids[role] = err ? 0 : invitation.person_id;
        tap_ok(!err && invitation.purpose == INVITATION_DEMO, "%s: the %s signs in", c->name,
               demo_role_word((enum demo_role)role));
    }
    coachtest_as(c, ids[DEMO_ROLE_ADMINISTRATOR]);
    tap_ok(c->coach.actor.administrator, "%s: the administrator is one", c->name);
    coachtest_as(c, ids[DEMO_ROLE_COORDINATOR]);
    tap_ok(c->coach.actor.coordinator && !c->coach.actor.administrator,
           "%s: the coordinator is one, and no more", c->name);
    test_teacher(c, ids[DEMO_ROLE_TEACHER], framework);
    coachtest_as_system(c);
    coachtest_must(c, demo_personas(&c->coach, again), "personas");
    tap_ok(!str_equal(personas[0].key, again[0].key) &&
               coachtest_read(c, invitations_peek(&c->coach, again[0].key, &invitation)) == ERR_OK,
           "%s: new links", c->name);
}

static void suite(const struct dbtest *t)
{
    struct coachtest c;
    struct demo demo;
    struct demo_filled filled;
    coachtest_open(&c, t);
    tap_ok(look(&c) == DEMO_STATE_EMPTY, "%s: at first it is empty", c.name);
    fill(&c, 1, &demo, &filled);
    tap_ok(look(&c) == DEMO_STATE_DEMO, "%s: then it is the demonstration", c.name);
    test_there(&c, &demo);
    test_whole(&c, &filled);
    test_personas(&c);
    coachtest_close(&c);
}

static void other(const struct dbtest *t)
{
    struct coachtest c;
    coachtest_open(&c, t);
    (void)coachtest_unit(&c, 0, UNIT_ORGANISATION, "Ours");
    tap_ok(look(&c) == DEMO_STATE_OTHER, "%s: somebody's own is not touched", c.name);
    coachtest_close(&c);
}

int main(void)
{
    dbtest_both(suite);
    dbtest_both(other);
    return tap_done();
}
