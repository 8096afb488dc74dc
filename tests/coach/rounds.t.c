/* Rounds from the database against the same people read from files: the same proposals, counts and
 * bounds for every strategy and rule; comparisons; what a reader sees. */
#include "coach/assess.h"
#include "coach/round_roster.h"
#include "roster_test.h"
#include "rounds_test.h"

#include <stdarg.h>

/* ---- the same people as files ---- */

static void add_list(struct coachtest *c, struct buf *buf, const char *sql, int64_t id)
{
    struct db *db = coachtest_beside(c);
    struct db_query *q;
    coachtest_must(c, db_begin(db, DB_READ), "begin");
    coachtest_must(c, db_prepare_text(db, DB_READ, "LIST", sql, &q), "prepare");
    if (id) {
        db_bind_int(q, 1, id);
    }
    while (db_step(q) == ERR_OK) {
        buf_add(buf, db_text(q, 0));
    }
    db_drop(q);
    db_rollback(db);
}

static struct str text_of(struct buf *buf)
{
    struct str text = {"", 0};
    if (buf_end(buf, &text)) {
        printf("Bail out! no memory\n");
        exit(1);
    }
    return text;
}

static struct str export(struct rounds_world *r, const char *head, const char *sql, int64_t id)
{
    struct buf buf;
    buf_init(&buf, r->w.c.coach.arena, 1 << 20);
    buf_add_text(&buf, head);
    add_list(&r->w.c, &buf, sql, id);
    return text_of(&buf);
}

static struct roster *read_files(struct rounds_world *r, const char *rules)
{
    struct arena *arena = r->w.c.coach.arena;
    struct roster_problems problems;
    struct roster *roster = NULL;
    struct str texts[ROSTER_FILE__MAX] = {
        export(r, "id,name,unit,max_helps,max_learns,languages,free_periods\n",
               "SELECT CAST(p.id AS TEXT) || ',' || p.given_name || ',' || u.name || ',1,1,' || "
               "substr(a.value, 1, 2) || ',' || b.value || '\n' FROM person p "
               "JOIN membership m ON m.person_id = p.id AND m.role = 'participant' "
               "JOIN unit u ON u.id = m.unit_id "
               "JOIN person_tag a ON a.person_id = p.id AND a.kind = 'language' "
               "JOIN person_tag b ON b.person_id = p.id AND b.kind = 'period' ORDER BY p.id",
               0),
        export(r, "id,domain,levels\n",
               "SELECT CAST(s.id AS TEXT) || ',' || CAST(s.domain_id AS TEXT) || ',' || "
               "CAST(s.levels AS TEXT) || '\n' FROM skill s JOIN domain d ON d.id = s.domain_id "
               "ORDER BY d.position, d.id, s.position, s.id",
               0),
        export(r, "person,skill,level,kind,support,rater,date,task\n",
               "SELECT CAST(e.person_id AS TEXT) || ',' || CAST(e.skill_id AS TEXT) || ',' || "
               "CAST(e.level AS TEXT) || ',' || e.kind || ',' || e.support || ',' || CASE WHEN "
               "e.kind = 'observed' THEN coalesce(CAST(x.person_id AS TEXT), '') ELSE '' END || "
               "',' || CASE e.day WHEN 19590 THEN '2023-08-21' WHEN 19600 THEN '2023-08-31' WHEN "
               "19607 THEN '2023-09-07' ELSE '2023-09-14' END || ',' || e.task_name || '\n' "
               "FROM evidence e LEFT JOIN rater x ON x.id = e.rater_id "
               "ORDER BY e.person_id, e.skill_id, e.id",
               0),
        export(r, "person,skill,priority\n",
               "SELECT CAST(person_id AS TEXT) || ',' || CAST(skill_id AS TEXT) || ',' || "
               "CAST(priority AS TEXT) || '\n' FROM need ORDER BY person_id, priority",
               0),
        export(r, "person,skill\n",
               "SELECT CAST(person_id AS TEXT) || ',' || CAST(skill_id AS TEXT) || '\n' FROM offer "
               "ORDER BY person_id, skill_id",
               0),
        str_of(rules),
    };
    struct roster_source sources[ROSTER_FILE__MAX];
    for (int k = 0; k < ROSTER_FILE__MAX; k++) {
        sources[k] = (struct roster_source){roster_test_names[k], NULL, texts[k]};
    }
    enum err err = roster_problems_init(&problems, arena, 20);
    err = err ? err : roster_read_sources(arena, sources, &problems, &roster);
    if (err) {
        printf("Bail out! files: %s %s\n", err_name(err),
               problems.n ? problems.items[0].message : "");
        exit(1);
    }
    return roster;
}

/* ---- holding one against the other ---- */

static int64_t id_of(const struct roster *roster, int32_t person)
{
    return strtoll(roster->people[person].id.p, NULL, 10);
}

/* Whether the round has this very row. */
static bool has_row(const struct rounds_pairs *pairs, int64_t learner, int64_t helper,
                    int64_t skill)
{
    for (size_t k = 0; k < pairs->n; k++) {
        for (size_t j = 0; j < pairs->items[k].n_rows; j++) {
            const struct rounds_row *row = &pairs->items[k].rows[j];
            if (row->learner_id == learner && row->helper_id == helper && row->skill_id == skill) {
                return true;
            }
        }
    }
    return false;
}

static void hold(struct rounds_world *r, const struct programme *options, const char *rules,
                 const char *what)
{
    struct coachtest *c = &r->w.c;
    struct roster *roster = read_files(r, rules);
    struct zone_fit *fit;
    struct round *engine;
    struct round_result result;
    struct round_problem problem;
    struct round_options wanted = round_roster_options(options, options->strategy);
    if (options->same_unit) {
        wanted.within = roster_find_column(roster, str_of("unit"));
    }
    coachtest_must(c, assess_run(c->coach.arena, roster, NULL, NULL, NULL, &fit), "assess");
    coachtest_must(c, round_prepare(c->coach.arena, roster, fit, &wanted, &engine, &problem),
                   "prepare");
    coachtest_must(c, round_solve(c->coach.arena, engine, NULL, NULL, &result, &problem), "solve");

    int64_t programme = rounds_programme(r, options), id = rounds_made(c, programme);
    struct rounds_round round = rounds_now(c, id);
    struct rounds_pairs pairs = rounds_all(c, id, (struct str){"", 0});
    size_t rows = 0, missing = 0;
    for (size_t k = 0; k < pairs.n; k++) {
        rows += pairs.items[k].n_rows;
    }
    for (int32_t k = 0; k < result.n_proposals; k++) {
        const struct round_proposal *p = &result.proposals[k];
        int64_t skill =
            p->skill == ROSTER_NONE ? 0 : strtoll(roster->skills[p->skill].id.p, NULL, 10);
        missing += !has_row(&pairs, id_of(roster, p->learner), id_of(roster, p->helper), skill);
    }
    tap_ok(missing == 0 && rows == (size_t)result.n_proposals && result.n_proposals > 10,
           "%s: %s: the %zu proposals are those of the files", c->name, what, rows);
    tap_ok(round.state == ROUNDS_READY && round.n_people == PEOPLE &&
               round.n_learners == result.n_learners && round.n_served == result.n_served &&
               round.n_needs == result.n_needs && round.n_covered == result.n_covered &&
               round.n_pairs == result.n_pairs && round.proved == result.proved &&
               llabs(round.total_gain - result.total_gain) < PEOPLE &&
               round.has_certificate == (result.certificate != NULL),
           "%s: %s: and the counts (%d of %d served)", c->name, what, (int)round.n_served,
           (int)round.n_learners);
    coachtest_do(c, programmes_close(&c->coach, programme));
}

static void test_same(struct rounds_world *r)
{
    static const char *const none = "rule,person,other,skill,column\n";
    char rules[200];
    snprintf(rules, sizeof rules, "%sevaluator,%lld,%lld,,\n", none, (long long)r->w.people[2],
             (long long)r->w.people[HEAD]);
    const struct programme plain = {.max_helps = 1, .max_learns = 1};
    struct programme p = plain;
    hold(r, &p, rules, "pairs");
    p.lift = true;
    hold(r, &p, rules, "pairs, the least served lifted");
    p = plain;
    p.most_gain = true;
    hold(r, &p, rules, "pairs, most gain");
    p.strategy = PROGRAMME_GUIDE;
    hold(r, &p, rules, "guides");
    p = plain;
    p.strategy = PROGRAMME_TRIO;
    hold(r, &p, rules, "trios");
    p.strategy = PROGRAMME_RANDOM;
    hold(r, &p, rules, "by lot");
    p = plain;
    p.same_unit = true;
    hold(r, &p, rules, "pairs within a school");
    p = plain;
    p.same_language = p.same_period = true;
    snprintf(rules + strlen(rules), sizeof rules - strlen(rules),
             "shared,,,,languages\nshared,,,,free_periods\n");
    hold(r, &p, rules, "pairs who share a language and a period");
}

static void test_rules(struct rounds_world *r)
{
    struct coachtest *c = &r->w.c;
    const struct programme plain = {.max_helps = 1, .max_learns = 1};
    int64_t programme = rounds_programme(r, &plain);
    int64_t id = rounds_made(c, programme);
    struct rounds_pairs pairs = rounds_all(c, id, (struct str){"", 0});
    const struct rounds_row *row = &pairs.items[0].rows[0];
    struct programme_rule never = {.person_id = row->learner_id, .other_id = row->helper_id};
    coachtest_do(c, programmes_add_rule(&c->coach, programme, &never, &c->complaints));
    struct programme_rule must = {.must = true,
                                  .person_id = r->w.people[10],
                                  .other_id = r->w.people[11],
                                  .skill_id = r->w.skills[0]};
    coachtest_do(c, programmes_add_rule(&c->coach, programme, &must, &c->complaints));
    coachtest_do(c, rounds_again(&c->coach, id));
    rounds_do(c, id, false);
    struct rounds_pairs again = rounds_all(c, id, (struct str){"", 0});
    bool apart = true, together = false;
    for (size_t k = 0; k < again.n; k++) {
        for (size_t j = 0; j < again.items[k].n_rows; j++) {
            const struct rounds_row *x = &again.items[k].rows[j];
            apart = apart && !(x->learner_id == row->learner_id && x->helper_id == row->helper_id);
            together =
                together || (x->learner_id == must.person_id && x->helper_id == must.other_id &&
                             x->origin == ROUND_MUST && x->skill_id == must.skill_id);
        }
    }
    tap_ok(apart && together, "%s: never and must are kept", c->name);
    struct programme_rule clash = {
        .must = true, .person_id = r->w.people[12], .other_id = r->w.people[11]};
    coachtest_do(c, programmes_add_rule(&c->coach, programme, &clash, &c->complaints));
    coachtest_do(c, rounds_again(&c->coach, id));
    rounds_do(c, id, false);
    struct rounds_round round = rounds_now(c, id);
    struct programme_rules rules;
    coachtest_must(c, coachtest_read(c, programmes_rules(&c->coach, programme, &rules)), "rules");
    int64_t newest = 0;
    for (size_t k = 0; k < rules.n; k++) {
        newest = rules.items[k].id > newest ? rules.items[k].id : newest;
    }
    tap_ok(round.state == ROUNDS_FAILED && round.problem == ROUNDS_RULE &&
               round.problem_rule_id == newest,
           "%s: two who must be helped by one: the round says which rule", c->name);
    coachtest_do(c, programmes_close(&c->coach, programme));
}

static void test_compare(struct rounds_world *r)
{
    struct coachtest *c = &r->w.c;
    const struct programme plain = {.max_helps = 1, .max_learns = 1};
    int64_t programme = rounds_programme(r, &plain), id = 0, same = 0;
    struct comparison got;
    tap_ok(coachtest_read(c, comparisons_last(&c->coach, programme, &got)) == ERR_NOT_FOUND,
           "%s: nothing compared yet", c->name);
    coachtest_do(c, comparisons_start(&c->coach, programme, &id));
    coachtest_do(c, comparisons_start(&c->coach, programme, &same));
    tap_ok(id == same, "%s: one comparison at a time", c->name);
    rounds_do(c, id, true);
    coachtest_must(c, coachtest_read(c, comparisons_last(&c->coach, programme, &got)), "last");
    struct rounds_round round = rounds_now(c, rounds_made(c, programme));
    int bad = 0;
    for (size_t k = 0; k < got.n_rows; k++) {
        const struct comparison_row *row = &got.rows[k];
        int32_t people = 0;
        for (int s = 0; s < ROUND_STATE__MAX; s++) {
            people += row->why[s];
        }
        bad += row->problem != ROUNDS_FINE || people != PEOPLE || row->n_people != PEOPLE ||
               row->why[ROUND_IS_SERVED] != row->n_served || row->n_across > row->n_pairs;
    }
    tap_ok(got.state == ROUNDS_READY && got.n_rows == PROGRAMME_STRATEGY__MAX && bad == 0,
           "%s: all strategies are compared, and everybody is somewhere", c->name);
    tap_ok(got.rows[PROGRAMME_RECIPROCAL].n_served == round.n_served &&
               got.rows[PROGRAMME_RECIPROCAL].total_gain == round.total_gain &&
               got.rows[PROGRAMME_RECIPROCAL].n_pairs == round.n_pairs &&
               got.rows[PROGRAMME_RECIPROCAL].proved,
           "%s: what is compared is what a round gives", c->name);
    tap_ok(got.rows[PROGRAMME_RECIPROCAL].n_served >= got.rows[PROGRAMME_SELF].n_served &&
               got.rows[PROGRAMME_SELF].n_served >= got.rows[PROGRAMME_RANDOM].n_served &&
               got.rows[PROGRAMME_RECIPROCAL].n_across > 0,
           "%s: and as it should be: arranged, chosen, drawn", c->name);
    coachtest_do(c, programmes_close(&c->coach, programme));
}

static void test_view(struct rounds_world *r)
{
    struct coachtest *c = &r->w.c;
    const struct programme plain = {.max_helps = 1, .max_learns = 1};
    int64_t programme = rounds_programme(r, &plain), id = rounds_made(c, programme), other = 0;
    struct rounds_lefts lefts;
    tap_ok(coachtest_write(c, rounds_start(&c->coach, programme, &other)) == ERR_CONFLICT,
           "%s: one round at a time", c->name);
    struct rounds_round round = rounds_now(c, id);
    struct rounds_pairs pairs = rounds_all(c, id, (struct str){"", 0});
    tap_ok(pairs.n == (size_t)round.n_pairs, "%s: all pairs are listed", c->name);
    struct rounds_pairs found = rounds_all(c, id, str_of("p10 person"));
    bool there = found.n == 1;
    for (size_t k = 0; there && k < found.items[0].n_rows; k++) {
        const struct rounds_row *row = &found.items[0].rows[k];
        there = row->learner_id == r->w.people[10] || row->helper_id == r->w.people[10];
    }
    tap_ok(there, "%s: one is found by name", c->name);
    struct rounds_filter filter = {.unit_id = r->schools[0], .words = {"", 0}, .locale = {"", 0}};
    coachtest_must(c, coachtest_read(c, rounds_pairs(&c->coach, id, &filter, &found)), "unit");
    tap_ok(found.n > 0 && found.n < pairs.n, "%s: and those of a school", c->name);
    coachtest_must(
        c, coachtest_read(c, rounds_left_out(&c->coach, id, (struct str){"", 0}, &lefts)), "left");
    int64_t all = 0;
    bool nothing_asked = false;
    for (int k = 0; k < ROUND_STATE__MAX; k++) {
        all += lefts.counts[k];
    }
    for (size_t k = 0; k < lefts.n; k++) {
        nothing_asked =
            nothing_asked ||
            (lefts.items[k].person_id == r->w.people[5] &&
             (lefts.items[k].why == ROUND_NO_NEED || lefts.items[k].why == ROUND_ONLY_HELPS));
    }
    tap_ok(all == PEOPLE && lefts.counts[ROUND_IS_SERVED] == round.n_served && nothing_asked &&
               lefts.n == (size_t)(PEOPLE - round.n_served),
           "%s: who stays without is listed with why", c->name);

    /* The head evaluates person 2. */
    coachtest_as(c, r->w.people[HEAD]);
    pairs = rounds_all(c, id, (struct str){"", 0});
    int withheld = 0, shown = 0;
    for (size_t k = 0; k < pairs.n; k++) {
        for (size_t j = 0; j < pairs.items[k].n_rows; j++) {
            const struct rounds_row *row = &pairs.items[k].rows[j];
            bool theirs = row->learner_id == r->w.people[2] || row->helper_id == r->w.people[2];
            withheld += theirs;
            shown += theirs && (row->skill_id || row->skill.n || row->reach || row->priority ||
                                row->period.n || !pairs.items[k].withheld);
        }
    }
    tap_ok(withheld > 0 && shown == 0, "%s: an evaluator sees the row and nothing in it", c->name);
    for (size_t k = 0; k < pairs.n; k++) {
        if (pairs.items[k].withheld) {
            tap_ok(coachtest_write(c, rounds_lock(&c->coach, id, pairs.items[k].pair, true)) ==
                       ERR_FORBIDDEN,
                   "%s: and does not touch it", c->name);
            break;
        }
    }
    coachtest_as(c, r->w.people[7]);
    tap_ok(coachtest_read(c, rounds_get(&c->coach, id, &round)) == ERR_FORBIDDEN,
           "%s: nobody else sees a round", c->name);
    coachtest_as(c, r->w.people[COORD]);
    coachtest_do(c, rounds_discard(&c->coach, id));
    tap_ok(coachtest_write(c, rounds_again(&c->coach, id)) == ERR_CONFLICT &&
               coachtest_write(c, rounds_discard(&c->coach, id)) == ERR_CONFLICT,
           "%s: what is discarded stays so", c->name);
    coachtest_do(c, programmes_close(&c->coach, programme));
}

static bool stop_at_once(void *ctx)
{
    int *n = ctx;
    ++*n;
    return true;
}

static void test_stop(struct rounds_world *r)
{
    struct coachtest *c = &r->w.c;
    const struct programme plain = {.max_helps = 1, .max_learns = 1};
    int64_t programme = rounds_programme(r, &plain), id = 0;
    int asked = 0;
    coachtest_do(c, rounds_start(&c->coach, programme, &id));
    coachtest_do(c, rounds_discard(&c->coach, id));
    rounds_do(c, id, false);
    tap_ok(rounds_now(c, id).state == ROUNDS_DISCARDED && rounds_all(c, id, str_of("")).n == 0,
           "%s: a round that was discarded before it began is not worked out", c->name);
    coachtest_do(c, rounds_start(&c->coach, programme, &id));
    struct actor actor = c->coach.actor;
    coachtest_as_system(c);
    enum err err = rounds_work(&c->coach, id, stop_at_once, &asked);
    c->coach.actor = actor;
    struct rounds_round round = rounds_now(c, id);
    tap_ok(asked > 0 && (err == ERR_LIMIT ? round.state == ROUNDS_RUNNING
                                          : err == ERR_OK && round.state == ROUNDS_READY),
           "%s: told to stop, it is not said to have failed", c->name);
    if (err == ERR_LIMIT) {
        rounds_do(c, id, false);
    }
    tap_ok(rounds_now(c, id).state == ROUNDS_READY, "%s: and the next worker finishes it", c->name);
    rounds_do(c, id, false);
    tap_ok(rounds_now(c, id).state == ROUNDS_READY, "%s: a second time changes nothing", c->name);
    coachtest_do(c, programmes_close(&c->coach, programme));
}

static void suite(const struct dbtest *t)
{
    struct rounds_world r;
    rounds_world(&r, t);
    test_same(&r);
    test_rules(&r);
    test_compare(&r);
    test_view(&r);
    test_stop(&r);
    coachtest_close(&r.w.c);
}

int main(void)
{
    dbtest_both(suite);
    return tap_done();
}
