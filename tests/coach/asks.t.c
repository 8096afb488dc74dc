/* Whom to ask among many who offer the same skill, on both databases: everybody is looked at, each
 * stands on one page, and the order is the one that asks.h promises. */
#include "partners_test.h"

#include "base/rng.h"

enum { CROWD = 137 };

/* One who offers it. */
struct member {
    int64_t id;
    double alone;
    bool known, same_unit, may; /* may: could be asked */
};

struct crowd {
    struct school s;
    struct member members[CROWD];
    int n_may;
};

static void add_zone(struct crowd *crowd, const struct member *m, bool enough)
{
    char text[400];
    (void)snprintf(
        text, sizeof text,
        "INSERT INTO zone VALUES (%lld, 1, %.4f, 0.4, 2.0, 0.4, 1.0, 0.4, 0, 2, 3, 1, 2, 2, 3, "
        "9, 3, 5, 20000, %d, 1, 0, 1, 1, 1, 0, 0, 0, 0, 0)",
        (long long)m->id, m->alone, enough);
    coachtest_script(&crowd->s.c, text);
}

/* The members in the order of their ids and names; nobody reaches further than the last one. */
static void make_crowd(struct crowd *crowd, const struct dbtest *t)
{
    struct coachtest *c = &crowd->s.c;
    struct rng rng = rng_seed(44);
    char text[200];
    school_make(&crowd->s, t);
    int64_t other = coachtest_unit(c, crowd->s.unit, UNIT_SCHOOL, "Dale");
    for (int k = 0; k < CROWD; k++) {
        struct member *m = &crowd->members[k];
        bool last = k == CROWD - 1;
        uint32_t dice = last ? 9 : rng_below(&rng, 10);
        (void)snprintf(text, sizeof text, "Zed%03d", k);
        *m = (struct member){.id = coachtest_person(c, text, "Crowd"),
                             .alone = last ? 4.0 : (double)rng_below(&rng, 12) / 4.0,
                             .known = dice > 3,
                             .same_unit = !last && rng_below(&rng, 3) == 0,
                             .may = dice > 0};
        coachtest_role(c, m->id, m->same_unit ? crowd->s.unit : other, ROLE_PARTICIPANT);
        if (m->known || dice == 1) {
            add_zone(crowd, m, m->known);
        }
        (void)snprintf(
            text, sizeof text,
            "INSERT INTO offer (person_id, skill_id, note, created_ms) VALUES (%lld, 1, '', 1);"
            "UPDATE person SET max_helps = %d WHERE id = %lld",
            (long long)m->id, m->may, (long long)m->id);
        coachtest_script(c, text);
        crowd->n_may += m->may;
    }
}

static struct member *member_of(struct crowd *crowd, int64_t id)
{
    for (int k = 0; k < CROWD; k++) {
        if (crowd->members[k].id == id) {
            return &crowd->members[k];
        }
    }
    return NULL;
}

static struct suggestions suggest(struct crowd *crowd, bool earlier, int32_t first)
{
    struct coach *coach = as(&crowd->s, DAN);
    struct suggestions found;
    coachtest_must(&crowd->s.c,
                   coachtest_read(&crowd->s.c,
                                  asks_suggest(coach, crowd->s.skills[0], earlier, first, &found)),
                   "suggest");
    return found;
}

/* Whether b may stand behind a: what is known, then how far it reaches; where nothing tells them
 * apart, who works with Dan, and those who came after Dan, who came before all of them. */
static bool in_order(const struct member *a, const struct member *b)
{
    if (a->known != b->known) {
        return a->known;
    }
    if (a->known && a->alone != b->alone) {
        return a->alone > b->alone;
    }
    if (a->same_unit != b->same_unit) {
        return a->same_unit;
    }
    return a->id < b->id;
}

static void test_all_are_looked_at(struct crowd *crowd)
{
    const char *name = crowd->s.c.name;
    struct suggestions found = suggest(crowd, false, 0);
    struct member *before = NULL;
    int n = 0, n_wrong = 0;
    bool seen[CROWD] = {false};
    tap_ok(found.n == ASKS_SUGGESTIONS && found.n_all == crowd->n_may && crowd->n_may > 100,
           "%s: the first page of %d", name, found.n_all);
    tap_ok(found.n && found.items[0].person_id == crowd->members[CROWD - 1].id,
           "%s: who reaches furthest stands first, though last by name", name);
    for (int32_t first = 0; first < found.n_all; first += ASKS_SUGGESTIONS) {
        struct suggestions part = suggest(crowd, false, first);
        n_wrong += part.first != first;
        for (int32_t k = 0; k < part.n; k++, n++) {
            struct member *m = member_of(crowd, part.items[k].person_id);
            bool right = m && m->may && !seen[m - crowd->members] &&
                         part.items[k].same_unit == m->same_unit &&
                         (!before || in_order(before, m));
            n_wrong += !right;
            seen[m ? m - crowd->members : 0] = true;
            before = m;
        }
    }
    tap_ok(n == crowd->n_may && n_wrong == 0, "%s: everybody is on one page, in order (%d of %d)",
           name, n, crowd->n_may);
    found = suggest(crowd, false, 100000);
    tap_ok(found.n == crowd->n_may - found.first && found.n > 0 && found.n <= ASKS_SUGGESTIONS,
           "%s: behind the end is the last page", name);
}

/* Dan and the best one: parted, then at work, then came to a good end. */
static void test_what_was_between(struct crowd *crowd)
{
    struct coachtest *c = &crowd->s.c;
    struct school *s = &crowd->s;
    int64_t id = 0, best = crowd->members[CROWD - 1].id, unknown = 0;
    for (int k = 0; k < CROWD && !unknown; k++) {
        unknown = crowd->members[k].may && !crowd->members[k].known ? crowd->members[k].id : 0;
    }
    coachtest_do(c, asks_send(as(s, DAN), best, s->skills[0], str_of(""), &c->complaints, &id));
    struct suggestions found = suggest(crowd, true, 0);
    tap_ok(found.n_all == crowd->n_may - 1 && found.items[0].person_id != best,
           "%s: not who has been asked", c->name);
    coachtest_as(c, best);
    coachtest_do(c, partnerships_answer(&c->coach, id, false));
    found = suggest(crowd, false, 0);
    tap_ok(found.n == ASKS_SUGGESTIONS && found.n_earlier == 1 && found.n_all == crowd->n_may - 1 &&
               found.items[0].person_id != best,
           "%s: nor who said no, which is told", c->name);
    for (int32_t first = 0; first <= ASKS_SUGGESTIONS; first += ASKS_SUGGESTIONS) {
        found = suggest(crowd, true, first);
        tap_ok(found.n == ASKS_SUGGESTIONS + 1 && found.n_earlier == 0 &&
                   found.items[ASKS_SUGGESTIONS].person_id == best &&
                   found.items[ASKS_SUGGESTIONS].earlier,
               "%s: who looks for them finds them, behind the others of page %d", c->name,
               first / ASKS_SUGGESTIONS + 1);
    }
    coachtest_do(c, asks_send(as(s, DAN), unknown, s->skills[0], str_of(""), &c->complaints, &id));
    coachtest_as(c, unknown);
    coachtest_do(c, partnerships_answer(&c->coach, id, true));
    coachtest_do(c, partnerships_end(as(s, DAN), id, PARTNERSHIP_FINISHED));
    found = suggest(crowd, false, 0);
    tap_ok(found.items[0].person_id == unknown && found.items[0].together_ms > 0,
           "%s: with whom it came to a good end stands first", c->name);
}

static void suite(const struct dbtest *t)
{
    static struct crowd crowd;
    crowd = (struct crowd){0};
    make_crowd(&crowd, t);
    test_all_are_looked_at(&crowd);
    test_what_was_between(&crowd);
    coachtest_close(&crowd.s.c);
}

int main(void)
{
    dbtest_both(suite);
    return tap_done();
}
