/* Frameworks in the database, on both databases: what ships, bringing in, editing, retiring. */
#include "coachtest.h"
#include "framework_test.h"

#include "coach/evidence.h"
#include "coach/frameworks.h"
#include "coach/wishes.h"

#define ALL (FRAMEWORKS_LEVELS | FRAMEWORKS_TASKS | FRAMEWORKS_RETIRED | FRAMEWORKS_OTHERS)

static struct framework *get(struct coachtest *c, int64_t id, const char *locale, unsigned parts)
{
    struct framework *f = NULL;
    coachtest_must(c, coachtest_read(c, frameworks_get(&c->coach, id, str_of(locale), parts, &f)),
                   "get");
    return f;
}

static struct frameworks_summary bring(struct coachtest *c, const struct framework *tree,
                                       int64_t into)
{
    struct frameworks_summary summary;
    coachtest_do(c, frameworks_bring(&c->coach, tree, into, &summary));
    return summary;
}

static bool unchanged(struct frameworks_summary s)
{
    return s.added + s.changed + s.retired + s.deleted == 0;
}

/* Every text there is in Spanish too, and none is left in English. */
static int count_missing(const struct framework *en, const struct framework *es)
{
    int missing = 0;
    for (int d = 0; d < en->n_domains; d++) {
        missing += str_equal(en->domains[d].words.name, es->domains[d].words.name);
        for (int s = 0; s < en->domains[d].n_skills; s++) {
            const struct framework_skill *a = &en->domains[d].skills[s],
                                         *b = &es->domains[d].skills[s];
            missing += str_equal(a->words.name, b->words.name) ||
                       str_equal(a->words.description, b->words.description);
            for (int k = 0; k < a->n_levels; k++) {
                missing +=
                    str_equal(a->levels[k].words.name, b->levels[k].words.name) ||
                    str_equal(a->levels[k].words.description, b->levels[k].words.description);
            }
            for (int k = 0; k < a->n_tasks; k++) {
                missing += str_equal(a->tasks[k].words.name, b->tasks[k].words.name);
            }
        }
    }
    return missing;
}

static void test_shipped(struct coachtest *c)
{
    static const struct {
        const char *key;
        int domains, skills, least_tasks;
    } expected[] = {{"teaching", 6, 18, 4}, {"peer-coaching", 4, 11, 4}};
    tap_ok(frameworks_n_shipped() == 2, "%s: two frameworks ship with Duet", c->name);
    for (int i = 0; i < frameworks_n_shipped(); i++) {
        struct framework *tree = NULL;
        enum err err = frameworks_read_shipped(c->coach.arena, i, &tree);
        tap_ok(!err && strcmp(frameworks_shipped_key(i), expected[i].key) == 0 &&
                   tree->n_domains == expected[i].domains && tree->n_skills == expected[i].skills,
               "%s: %s is read", c->name, expected[i].key);
        struct frameworks_summary first = bring(c, tree, 0), second = bring(c, tree, 0);
        tap_ok(first.added > 50 && first.id == second.id && unchanged(second),
               "%s: brought in with %d things; again, nothing changes", c->name, first.added);
        struct framework *en = get(c, first.id, "en-GB", ALL & ~FRAMEWORKS_OTHERS);
        struct framework *es = get(c, first.id, "es-MX", ALL & ~FRAMEWORKS_OTHERS);
        int bad = 0;
        for (int d = 0; d < en->n_domains; d++) {
            for (int s = 0; s < en->domains[d].n_skills; s++) {
                const struct framework_skill *skill = &en->domains[d].skills[s];
                bad += skill->n_levels != 4 || !skill->levels ||
                       skill->n_tasks < expected[i].least_tasks;
                for (int k = 1; k < skill->n_tasks; k++) {
                    bad += !skill->tasks[k].has_difficulty ||
                           skill->tasks[k].difficulty < skill->tasks[k - 1].difficulty;
                }
            }
        }
        tap_ok(bad == 0, "%s: four levels and tasks from easy to hard everywhere", c->name);
        tap_ok(count_missing(en, es) == 0, "%s: every text in Spanish too", c->name);
        struct framework *back = get(c, first.id, "", ALL);
        const char *where = "";
        tap_ok(framework_same(tree, back, true, &where), "%s: all of it is there %s", c->name,
               where);
    }
}

/* Random trees over each other: afterwards the database holds the last one. */
static void test_bring(struct coachtest *c)
{
    int good = 0, again = 0;
    int64_t id = 0;
    for (uint64_t seed = 300; seed < 330; seed++) {
        struct framework *tree = framework_test_make(c->coach.arena, seed);
        const char *where = "";
        tree->n_languages = 0; /* languages of earlier trees stay, so they are left out here */
        if (id) {
            tree->case_id = (struct str){"", 0};
        }
        id = bring(c, tree, id).id;
        again += unchanged(bring(c, tree, id));
        struct framework *back = get(c, id, "", ALL & ~FRAMEWORKS_OTHERS);
        tree->case_id = back->case_id;
        bool same = framework_same(tree, back, false, &where);
        good += same;
        if (!same) {
            printf("# seed %d: %s\n", (int)seed, where);
        }
    }
    tap_ok(good == 30 && again == 30,
           "%s: 30 trees over each other, each there afterwards (%d, %d)", c->name, good, again);
}

static void test_codes_change_hands(struct coachtest *c)
{
    struct framework *tree = framework_test_make(c->coach.arena, 77);
    int64_t id = bring(c, tree, 0).id;
    struct framework_skill *a = &tree->domains[0].skills[0],
                           *b = &tree->domains[tree->n_domains - 1].skills[0];
    struct str code = a->code;
    a->code = b->code;
    b->code = code;
    struct frameworks_summary summary = bring(c, tree, id);
    const struct framework_skill *now = framework_find_code(get(c, id, "", ALL), a->code);
    tap_ok(a != b && summary.added == 0 && summary.changed == 2 && now &&
               str_equal(now->case_id, a->case_id),
           "%s: two skills swap their codes", c->name);
}

static int64_t skill_id_of(struct coachtest *c, int64_t framework, const char *code)
{
    const struct framework_skill *skill =
        framework_find_code(get(c, framework, "", FRAMEWORKS_RETIRED), str_of(code));
    return skill ? skill->id : 0;
}

static void test_edit(struct coachtest *c)
{
    struct framework head = {.words = {str_of("  Ours "), str_of("")},
                             .language = str_of("en"),
                             .publisher = str_of(""),
                             .licence = str_of("")};
    struct framework_domain domain = {.words = {str_of("Room"), str_of("")}};
    struct framework_level levels[3] = {{.level = 1, .words = {str_of("Low"), str_of("")}},
                                        {.level = 2, .words = {str_of("Mid"), str_of("x")}},
                                        {.level = 3, .words = {str_of("High"), str_of("")}}};
    struct framework_skill skill = {.words = {str_of("Wait time"), str_of("")},
                                    .code = str_of(""),
                                    .n_levels = 3,
                                    .levels = levels};
    struct framework_task task = {.words = {str_of("Count to three"), str_of("")},
                                  .has_difficulty = true,
                                  .difficulty = -0.5};
    int64_t id = 0, second = 0, other = 0;
    bool retired = true;
    coachtest_do(c, frameworks_create(&c->coach, &head, &c->complaints, &id));
    coachtest_do(c,
                 frameworks_add_domain(&c->coach, id, &domain, &c->complaints, &skill.domain_id));
    coachtest_do(c, frameworks_add_skill(&c->coach, &skill, &c->complaints, &skill.id));
    coachtest_do(c, frameworks_add_task(&c->coach, skill.id, &task, &c->complaints, &task.id));
    struct framework *f = get(c, id, "", ALL);
    tap_ok(str_is(f->words.name, "Ours") && f->n_skills == 1 &&
               str_is(f->domains[0].skills[0].code, "wait-time") &&
               str_is(f->domains[0].skills[0].levels[1].words.description, "x") &&
               f->domains[0].skills[0].tasks[0].difficulty == -0.5 && f->case_id.n == 36,
           "%s: a framework typed in", c->name);
    struct framework_skill twin = skill;
    twin.code = str_of("wait-time");
    enum err err =
        coachtest_write(c, frameworks_add_skill(&c->coach, &twin, &c->complaints, &second));
    tap_ok(err == ERR_INVALID && c->complaints.n == 1 &&
               strcmp(c->complaints.items[0].field, "code") == 0,
           "%s: a code twice is a complaint", c->name);
    twin.code = str_of("second");
    twin.words.name = str_of("");
    twin.n_levels = 1;
    err = coachtest_write(c, frameworks_add_skill(&c->coach, &twin, &c->complaints, &second));
    tap_ok(err == ERR_INVALID && c->complaints.n == 2, "%s: all that is wrong is said", c->name);
    twin.words.name = str_of("Second");
    twin.n_levels = 3;
    coachtest_do(c, frameworks_add_skill(&c->coach, &twin, &c->complaints, &second));
    coachtest_do(c, frameworks_move(&c->coach, FRAMEWORKS_SKILL, second, -1));
    coachtest_do(c, frameworks_move(&c->coach, FRAMEWORKS_SKILL, second, -1));
    f = get(c, id, "", ALL);
    tap_ok(f->domains[0].skills[0].id == second, "%s: moved up, and not beyond", c->name);
    skill.words.name = str_of("Waiting");
    skill.code = str_of("w");
    skill.n_levels = 2;
    coachtest_do(c, frameworks_edit_skill(&c->coach, &skill, &c->complaints));
    other = skill_id_of(c, id, "w");
    f = get(c, id, "", ALL);
    tap_ok(other == skill.id && framework_find_skill(f, other)->n_levels == 2,
           "%s: edited, with fewer levels while there is no evidence", c->name);
    tap_ok(coachtest_write(c, frameworks_delete_domain(&c->coach, skill.domain_id)) == ERR_CONFLICT,
           "%s: a domain with skills stays", c->name);
    coachtest_do(c, frameworks_retire_task(&c->coach, task.id, &retired));
    tap_ok(!retired && framework_find_skill(get(c, id, "", ALL), other)->n_tasks == 0,
           "%s: a task without evidence is deleted", c->name);
    coachtest_do(c, frameworks_retire_skill(&c->coach, skill.id, &retired));
    coachtest_do(c, frameworks_retire_skill(&c->coach, second, &retired));
    coachtest_do(c, frameworks_delete_domain(&c->coach, skill.domain_id));
    tap_ok(!retired && get(c, id, "", ALL)->n_domains == 0, "%s: all gone again", c->name);
}

/* What evidence, a need or an offer refers to stays. */
static void test_used(struct coachtest *c)
{
    struct framework *tree = framework_test_make(c->coach.arena, 5);
    struct frameworks_summary summary;
    int64_t person = coachtest_person(c, "Uma", "User"), id = bring(c, tree, 0).id;
    struct framework *f = get(c, id, "", ALL);
    const struct framework_skill *rated = &f->domains[0].skills[0],
                                 *offered = &f->domains[f->n_domains - 1].skills[0];
    struct evidence_row row = {.piece = {.person_id = person,
                                         .skill_id = rated->id,
                                         .kind = EVIDENCE_OBSERVED,
                                         .level = 1,
                                         .day = 19000,
                                         .task_name = {"", 0},
                                         .occasion = {"", 0},
                                         .note = {"", 0}},
                               .rater_name = str_of("Visitor"),
                               .segment = {"", 0},
                               .source = "file"};
    bool fresh, retired = false;
    coachtest_do(c, frameworks_restore_skill(&c->coach, rated->id));
    coachtest_do(c, frameworks_restore_skill(&c->coach, offered->id));
    coachtest_do(c, frameworks_edit(&c->coach,
                                    &(struct framework){.id = id,
                                                        .words = {str_of("Used"), str_of("")},
                                                        .language = str_of("en"),
                                                        .active = true},
                                    &c->complaints));
    coachtest_do(c, evidence_add_row(&c->coach, &row, &fresh));
    coachtest_do(c, wishes_add_offer(&c->coach, person, offered->id));
    struct framework_skill edited = *rated;
    edited.n_levels = rated->n_levels + 1;
    edited.levels = NULL;
    enum err err = coachtest_write(c, frameworks_edit_skill(&c->coach, &edited, &c->complaints));
    tap_ok(err == ERR_INVALID && strcmp(c->complaints.items[0].field, "levels") == 0,
           "%s: a rated skill keeps its number of levels", c->name);
    tree->domains[0].skills[0].n_levels++;
    tree->domains[0].skills[0].levels = NULL;
    err = coachtest_write(c, frameworks_bring(&c->coach, tree, id, &summary));
    tap_ok(err == ERR_CONFLICT && str_equal(summary.clash, rated->code),
           "%s: also when a file says otherwise, and it says which", c->name);
    /* A file without any of them. */
    struct framework *other = framework_test_make(c->coach.arena, 6);
    other->case_id = (struct str){"", 0};
    for (int d = 0; d < other->n_domains; d++) {
        for (int s = 0; s < other->domains[d].n_skills; s++) {
            other->domains[d].skills[s].code =
                framework_test_text(c->coach.arena, &(struct rng){7}, "other", d * 100 + s, false);
        }
    }
    summary = bring(c, other, id);
    struct framework *now = get(c, id, "", FRAMEWORKS_RETIRED), *shown = get(c, id, "", 0);
    tap_ok(summary.retired == 2 && summary.deleted > 0 && framework_find_skill(now, rated->id) &&
               framework_find_skill(now, offered->id) && !framework_find_skill(shown, rated->id) &&
               !framework_find_skill(shown, offered->id),
           "%s: rated and offered skills are retired, the others deleted", c->name);
    tap_ok(unchanged(bring(c, other, id)), "%s: and stay so", c->name);
    coachtest_do(c, frameworks_restore_skill(&c->coach, rated->id));
    tap_ok(framework_find_skill(get(c, id, "", 0), rated->id), "%s: one comes back", c->name);
    coachtest_do(c, frameworks_retire_skill(&c->coach, rated->id, &retired));
    tap_ok(retired && framework_find_skill(get(c, id, "", FRAMEWORKS_RETIRED), rated->id),
           "%s: and is retired again, not deleted", c->name);
}

static void test_permission(struct coachtest *c)
{
    struct framework head = {.words = {str_of("Theirs"), str_of("")}, .language = str_of("en")};
    struct frameworks_item *items;
    int64_t id = 0, ann = coachtest_person(c, "Ann", "Abel");
    int32_t n = 0;
    coachtest_as(c, ann);
    tap_ok(coachtest_write(c, frameworks_create(&c->coach, &head, &c->complaints, &id)) ==
               ERR_FORBIDDEN,
           "%s: a participant may not make one", c->name);
    enum err err = coachtest_read(c, frameworks_list(&c->coach, str_of("es"), &items, &n));
    tap_ok(err == ERR_OK && n >= 4, "%s: but reads all %d", c->name, n);
    bool spanish = false;
    for (int32_t k = 0; k < n; k++) {
        spanish = spanish || (items[k].n_skills == 18 && items[k].n_domains == 6 &&
                              strstr(items[k].words.name.p, "ense\303\261anza"));
    }
    tap_ok(spanish, "%s: the list is in the reader's language", c->name);
    coachtest_as(c, 0);
    tap_ok(coachtest_read(c, frameworks_list(&c->coach, str_of(""), &items, &n)) == ERR_FORBIDDEN,
           "%s: nobody signed in reads nothing", c->name);
    coachtest_as_system(c);
}

static void suite(const struct dbtest *t)
{
    struct coachtest c;
    coachtest_open(&c, t);
    test_shipped(&c);
    test_bring(&c);
    test_codes_change_hands(&c);
    test_edit(&c);
    test_used(&c);
    test_permission(&c);
    coachtest_close(&c);
}

int main(void)
{
    dbtest_both(suite);
    return tap_done();
}
