/* Zones, on both databases: live updates and refits agree, withdrawn pieces do not count, nothing
 * is lost that arrives during a refit, and nothing is told that is not known. */
#include "coach/wishes.h"
#include "skills_test.h"

#include <math.h>

#define PEOPLE 24

static void add(struct world *w, int rater, int person, int skill, int level, int64_t *id)
{
    struct coachtest *c = &w->c;
    struct evidence_new piece = {.person_id = w->people[person],
                                 .skill_id = w->skills[skill],
                                 .kind = EVIDENCE_OBSERVED,
                                 .level = level,
                                 .day = EVIDENCE_DAY_UNKNOWN};
    int64_t share;
    coachtest_as(c, w->people[person]);
    coachtest_do(c, shares_give(&c->coach, w->people[rater], SHARE_ZONES, 0, &share));
    coachtest_as(c, w->people[rater]);
    coachtest_do(c, evidence_add(&c->coach, &piece, &c->complaints, id));
    coachtest_as_system(c);
}

static bool same(struct world_zone a, struct world_zone b, double within)
{
    return a.there == b.there && a.n_evidence == b.n_evidence && a.n_raters == b.n_raters &&
           a.n_occasions == b.n_occasions && fabs(a.alone - b.alone) <= within &&
           fabs(a.alone_sd - b.alone_sd) <= within && fabs(a.helped - b.helped) <= within;
}

/* Before the first fit: the model's own expectations, and what is seen moves them at once. */
static void test_first(struct world *w)
{
    struct coachtest *c = &w->c;
    struct zones zones;
    int64_t id;
    coachtest_as(c, w->people[0]);
    coachtest_must(
        c, coachtest_read(c, zones_of(&c->coach, w->people[0], w->framework, str_of("en"), &zones)),
        "zones");
    int known = 0, visits = 0;
    for (int k = 0; k < zones.n_skills; k++) {
        known += zones.skills[k].enough;
        visits += zones.skills[k].move == ZONES_MOVE_VISIT;
    }
    tap_ok(zones.n_skills == WORLD_SKILLS && known == 0 && visits == WORLD_SKILLS && !zones.waiting,
           "%s: at first nothing is known, and a visit would help everywhere", c->name);
    add(w, 1, 0, 2, 4, &id);
    struct world_zone up = world_zone(w, 0, 2), near = world_zone(w, 0, 1);
    tap_ok(up.there && up.n_evidence == 1 && up.n_raters == 1 && up.n_occasions == 1 &&
               up.alone > near.alone && near.alone > 0,
           "%s: one high rating moves the skill, and its neighbours less", c->name);
    coachtest_do(c, evidence_withdraw(&c->coach, id));
    tap_ok(!world_zone(w, 0, 2).there, "%s: withdrawn, nothing is left", c->name);
}

static void test_live_and_refit(struct world *w)
{
    struct coachtest *c = &w->c;
    struct world_zone base[WORLD_SKILLS], live[WORLD_SKILLS];
    int64_t ids[4];
    coachtest_do(c, world_fill(w, PEOPLE));
    struct zones_refit report = world_refit(w);
    tap_ok(report.converged && report.n_people == PEOPLE && report.n_evidence == PEOPLE * 24 &&
               !report.unchanged,
           "%s: a refit of %d people and %d pieces", c->name, report.n_people,
           (int)report.n_evidence);
    tap_ok(world_refit(w).unchanged, "%s: nothing new, nothing done", c->name);
    for (int s = 0; s < WORLD_SKILLS; s++) {
        base[s] = world_zone(w, 3, s);
    }
    for (int k = 0; k < 4; k++) {
        add(w, 5 + k, 3, 7 + k / 2, 2 + k % 2, &ids[k]);
    }
    for (int s = 0; s < WORLD_SKILLS; s++) {
        live[s] = world_zone(w, 3, s);
    }
    tap_ok(live[7].alone > base[7].alone && live[7].n_evidence == base[7].n_evidence + 2 &&
               live[7].alone_sd < base[7].alone_sd,
           "%s: two ratings move a skill at once", c->name);
    double away = 0;
    world_refit(w);
    for (int s = 0; s < WORLD_SKILLS; s++) {
        struct world_zone now = world_zone(w, 3, s);
        double d = fabs(now.alone - live[s].alone) / now.alone_sd;
        away = d > away ? d : away;
        tap_ok(now.n_evidence == live[s].n_evidence && now.n_raters == live[s].n_raters &&
                   now.n_occasions == live[s].n_occasions,
               "%s: skill %d counts the same", c->name, s);
    }
    tap_ok(away < 0.25, "%s: live and refit agree within %.2f standard errors", c->name, away);
    /* One piece more and back again: exactly as it was. */
    struct world_zone before = world_zone(w, 3, 7);
    int64_t id;
    add(w, 9, 3, 7, 1, &id);
    tap_ok(!same(before, world_zone(w, 3, 7), 1e-9), "%s: another piece", c->name);
    coachtest_do(c, evidence_withdraw(&c->coach, id));
    tap_ok(same(before, world_zone(w, 3, 7), 1e-3) && world_zone(w, 3, 7).alone == before.alone,
           "%s: withdrawn: as before", c->name);
    /* A piece that the fit had: live at once without it, and the refit as if it had never been. */
    coachtest_do(c, evidence_withdraw(&c->coach, ids[0]));
    struct world_zone without = world_zone(w, 3, 7);
    tap_ok(without.n_evidence == before.n_evidence - 1 && without.alone < before.alone,
           "%s: an old piece withdrawn does not count from now on", c->name);
    for (int k = 1; k < 4; k++) {
        coachtest_do(c, evidence_withdraw(&c->coach, ids[k]));
    }
    world_refit(w);
    int equal = 0;
    for (int s = 0; s < WORLD_SKILLS; s++) {
        equal += same(base[s], world_zone(w, 3, s), 1e-6);
    }
    tap_ok(equal == WORLD_SKILLS, "%s: all withdrawn and refitted: as if they had never been (%d)",
           c->name, equal);
}

/* On a connection of its own, while the refit works. */
struct meanwhile {
    struct world *w;
    struct world other;
    int step;
    int64_t id;
};

static bool meanwhile(void *ctx, double done)
{
    struct meanwhile *m = ctx;
    (void)done;
    if (m->step++ == 0) {
        add(&m->other, 2, 4, 11, 4, &m->id);
        coachtest_do(&m->other.c, evidence_delete(&m->other.c.coach, m->id));
        add(&m->other, 2, 4, 11, 1, &m->id);
        add(&m->other, 2, PEOPLE, 1, 3, &m->id);
    }
    return false;
}

static void test_meanwhile(struct world *w)
{
    struct coachtest *c = &w->c;
    struct meanwhile m = {.w = w, .other = *w};
    struct zones_refit report;
    int64_t id;
    m.other.c.db = coachtest_connect(c);
    coach_init(&m.other.c.coach, m.other.c.db, arena_new(0), c->coach.now_ms);
    coach_act_as_system(&m.other.c.coach);
    int before = world_zone(w, 4, 11).n_evidence;
    add(w, 1, 5, 1, 2, &id);
    c->coach.now_ms += 1000;
    coachtest_must(c, zones_refit(&c->coach, w->framework, meanwhile, &m, &report), "refit");
    tap_ok(m.step > 1 && world_zone(w, 4, 11).n_evidence == before + 1,
           "%s: what arrives during a refit is not lost", c->name);
    tap_ok(world_zone(w, PEOPLE, 1).n_evidence == 1, "%s: nor somebody new", c->name);
    coachtest_do(c, evidence_delete(&c->coach, m.id));
    tap_ok(!world_zone(w, PEOPLE, 1).there, "%s: and nothing is left of who has nothing left",
           c->name);
    coachtest_close(&m.other.c);
}

static void test_queue(struct world *w)
{
    struct coachtest *c = &w->c;
    struct zones zones;
    int64_t n = 0;
    coachtest_as(c, w->people[3]);
    coachtest_must(
        c, coachtest_read(c, zones_of(&c->coach, w->people[3], w->framework, str_of("es"), &zones)),
        "zones");
    coachtest_as_system(c);
    coachtest_begin(c, COACH_READ);
    char payload[24];
    snprintf(payload, sizeof payload, "%lld", (long long)w->framework);
    coachtest_must(c, sql_number(&c->coach, SQL_ZONE_WAITING, SQL_ARGS(sql_word(payload)), &n),
                   "jobs");
    coachtest_must(c, coachtest_end(c, ERR_OK), "end");
    tap_ok(zones.waiting && n >= 1 && n <= 2, "%s: of all these pieces came %d waiting refits",
           c->name, (int)n);
}

static void test_page(struct world *w)
{
    struct coachtest *c = &w->c;
    struct zones zones;
    int bad = 0, known = 0, zone = 0;
    for (int p = 0; p < PEOPLE; p++) {
        coachtest_as(c, w->people[p]);
        coachtest_must(c,
                       coachtest_read(c, zones_of(&c->coach, w->people[p], w->framework,
                                                  str_of("es"), &zones)),
                       "zones");
        for (int k = 0; k < zones.n_skills; k++) {
            const struct zones_skill *s = &zones.skills[k];
            known += s->enough;
            zone += s->has_zone;
            if (!s->enough) {
                bad += s->alone_level != 0 || s->helped_level != 0 || s->has_zone ||
                       s->words[1] != ZONES_UNKNOWN;
                continue;
            }
            bad +=
                !(1 <= s->alone_level_lo && s->alone_level_lo <= s->alone_level &&
                  s->alone_level <= s->alone_level_hi && s->alone_level_hi <= 4 &&
                  s->helped_level_lo <= s->helped_level && s->helped_level <= s->helped_level_hi);
            bad += s->n_evidence == 0 || s->words[0] != ZONES_ALONE;
            for (int l = 1; l < s->n_levels; l++) {
                bad += s->words[l] > s->words[l - 1];
            }
        }
    }
    tap_ok(bad == 0 && known > 0 && zone > 0,
           "%s: %d of %d zones are told, each whole and in order", c->name, known,
           PEOPLE * WORLD_SKILLS);
    tap_ok(str_is(zones.skills[0].name, "Un trato c\303\241lido y respetuoso"),
           "%s: in the reader's language", c->name);
    struct zones_skill one;
    coachtest_as(c, w->people[6]);
    tap_ok(coachtest_read(c, zones_of(&c->coach, w->people[7], w->framework, str_of(""), &zones)) ==
                   ERR_FORBIDDEN &&
               coachtest_read(c, zones_of_skill(&c->coach, w->people[7], w->skills[0], str_of(""),
                                                &one)) == ERR_FORBIDDEN,
           "%s: nobody else's", c->name);
    int64_t share;
    coachtest_as(c, w->people[7]);
    coachtest_do(c, shares_give(&c->coach, w->people[6], SHARE_ZONES, w->skills[4], &share));
    coachtest_as(c, w->people[6]);
    enum err err =
        coachtest_read(c, zones_of(&c->coach, w->people[7], w->framework, str_of(""), &zones));
    tap_ok(err == ERR_OK && zones.n_skills == 1 && zones.skills[0].skill_id == w->skills[4],
           "%s: but the one skill that is shared", c->name);
}

static void test_hints(struct world *w)
{
    struct coachtest *c = &w->c;
    struct zones_first first;
    const struct wishes none = {0};
    int32_t n_ratings, all_help = 0, all_grow = 0, most = 0;
    enum zones_rater_word word;
    for (int p = 0; p < PEOPLE; p++) {
        coachtest_as(c, w->people[p]);
        coachtest_must(
            c,
            coachtest_read(c, zones_first(&c->coach, w->framework, str_of("en"), &none, 3, &first)),
            "first");
        all_help += first.n_help > 0;
        all_grow += first.n_grow > 0;
        most = first.n_help > most ? first.n_help : most;
    }
    tap_ok(all_help > 2 && all_grow > 2 && most <= 3,
           "%s: %d of %d people could help, %d could grow", c->name, all_help, PEOPLE, all_grow);
    coachtest_must(c,
                   coachtest_read(c, zones_own_rating(&c->coach, w->framework, &word, &n_ratings)),
                   "rating");
    tap_ok(word < ZONES_RATER_WORD__MAX, "%s: how one rates", c->name);
    coachtest_as_system(c);
}

/* More skills than can be followed at once wait for the refit, which is queued straight away. */
static void test_many_skills(struct world *w)
{
    enum { SKILLS = 70 };
    struct coachtest *c = &w->c;
    struct framework head = {.words = {str_of("Large"), str_of("")}, .language = str_of("en")};
    struct framework_domain domain = {.words = {str_of("All"), str_of("")}};
    struct zones zones;
    struct zones_refit report;
    int64_t framework = 0, domain_id = 0, skills[SKILLS];
    coachtest_do(c, frameworks_create(&c->coach, &head, &c->complaints, &framework));
    coachtest_do(c,
                 frameworks_add_domain(&c->coach, framework, &domain, &c->complaints, &domain_id));
    for (int k = 0; k < SKILLS; k++) {
        char name[16];
        snprintf(name, sizeof name, "Skill %d", k);
        struct framework_skill skill = {.domain_id = domain_id,
                                        .words = {str_of(name), str_of("")},
                                        .code = str_of(""),
                                        .n_levels = 4};
        coachtest_do(c, frameworks_add_skill(&c->coach, &skill, &c->complaints, &skills[k]));
    }
    for (int k = 0; k < 12; k++) {
        struct evidence_row row = world_row(w, 0, 0, 1 + k % 4, 1 + k % 3, 19600 + k);
        bool fresh;
        row.piece.skill_id = skills[k];
        coachtest_do(c, evidence_add_row(&c->coach, &row, &fresh));
    }
    struct evidence_new own = {.person_id = w->people[0],
                               .skill_id = skills[0],
                               .kind = EVIDENCE_SELF,
                               .level = 3,
                               .day = EVIDENCE_DAY_UNKNOWN};
    coachtest_as(c, w->people[0]);
    coachtest_do(c, evidence_add(&c->coach, &own, &c->complaints, NULL));
    enum err err =
        coachtest_read(c, zones_of(&c->coach, w->people[0], framework, str_of(""), &zones));
    tap_ok(!err && zones.n_skills == SKILLS && zones.waiting && zones.skills[0].n_evidence == 2 &&
               !zones.skills[0].enough,
           "%s: seventy skills: the evidence is there, the refit is queued", c->name);
    coachtest_as_system(c);
    coachtest_must(c, zones_refit(&c->coach, framework, NULL, NULL, &report), "refit");
    coachtest_as(c, w->people[0]);
    err = coachtest_read(c, zones_of(&c->coach, w->people[0], framework, str_of(""), &zones));
    tap_ok(!err && report.n_people == 1 && zones.updated_ms > 0 && zones.skills[0].n_visits == 1,
           "%s: and then the zones", c->name);
    coachtest_as_system(c);
}

static void suite(const struct dbtest *t)
{
    struct world w;
    world_make(&w, t, PEOPLE + 1);
    test_first(&w);
    test_live_and_refit(&w);
    test_meanwhile(&w);
    test_queue(&w);
    test_page(&w);
    test_hints(&w);
    test_many_skills(&w);
    coachtest_close(&w.c);
}

int main(void)
{
    dbtest_both(suite);
    return tap_done();
}
