/* What people of the demonstration district can, want and have shown, in a database; see
 * demo_world.h. */
#include "cli/demo_world.h"

#include "base/arena.h"
#include "coach/evidence.h"
#include "coach/frameworks.h"
#include "coach/wishes.h"
#include "coach/zones.h"

#include <stdio.h>

#define NOTED_EVERY 3 /* pieces with a note */
#define NOTE_MOST 200 /* bytes of one */
#define WEEK_DAYS 7
#define FIT_PEOPLE 40 /* whose estimates are fitted together */

/* ---- drawing ---- */

/* Who comes instead: every third of the visitor's school, so that each of them sees enough to be
 * known as a rater; never the head, who evaluates. */
static int32_t visitor_of(const struct demo *demo, const struct demo_row *row)
{
    int32_t school = demo->people[row->rater].school, first = demo->first[school];
    int32_t n = demo->first[school + 1] - first, visitors = (n - 2) / 3 + 1;
    int32_t nth = (row->rater - first) % visitors, visitor = first + 1 + 3 * nth;
    if (visitor == row->person) {
        visitor = visitors > 1 ? first + 1 + 3 * ((nth + 1) % visitors) : visitor + 1;
    }
    return visitor;
}

static enum err keep_row(void *ctx, const struct demo_row *row)
{
    struct demo_world *w = ctx;
    struct demo_row kept = *row;
    kept.rater = row->kind == DEMO_OBSERVED ? visitor_of(w->demo, row) : -1;
    return list_add(&w->rows, &kept) ? ERR_OK : w->rows.err;
}

/* Somebody of that position who is nobody else yet; their place in the list, or -1. */
static int32_t somebody(const struct demo_world *w, enum demo_position position)
{
    for (int32_t p = 0; p < w->demo->n_people; p++) {
        bool taken = false;
        for (int role = 0; role < DEMO_ROLE__MAX; role++) {
            taken = taken || w->personas[role] == p;
        }
        if (!taken && w->demo->people[p].position == position) {
            return p;
        }
    }
    return -1;
}

/* The teacher of whom there is most to see: seen, tried, needing and offering.  Rows stand person
 * by person. */
static int32_t best_teacher(const struct demo_world *w)
{
    const struct demo_row *rows = w->rows.items;
    int32_t best = -1;
    int most = -1;
    size_t k = 0;
    for (int32_t p = 0; p < w->demo->n_people; p++) {
        int score = 10 * (w->needs[p].n > 1) + 10 * (w->offers[p].n > 2);
        for (; k < w->rows.n && rows[k].person == p; k++) {
            score += rows[k].kind == DEMO_TASK ? 2 : 1;
        }
        if (w->demo->people[p].position == DEMO_TEACHER && score > most) {
            most = score;
            best = p;
        }
    }
    return best;
}

static enum err choose_personas(struct demo_world *w)
{
    static const enum demo_position instead[] = {DEMO_COACH, DEMO_SPECIALIST, DEMO_ASSISTANT,
                                                 DEMO_TEACHER, DEMO_PARENT};
    for (int role = 0; role < DEMO_ROLE__MAX; role++) {
        w->personas[role] = -1;
    }
    w->personas[DEMO_ROLE_TEACHER] = best_teacher(w);
    for (int role = DEMO_ROLE_COORDINATOR; role < DEMO_ROLE__MAX; role++) {
        for (int k = role == DEMO_ROLE_COORDINATOR ? 0 : 1; k < 5 && w->personas[role] < 0; k++) {
            w->personas[role] = somebody(w, instead[k]);
        }
    }
    for (int role = 0; role < DEMO_ROLE__MAX; role++) {
        if (w->personas[role] < 0) {
            return ERR_RANGE;
        }
    }
    return ERR_OK;
}

enum err demo_world_make(struct coach *coach, struct demo *demo, const char *url,
                         struct demo_world **world)
{
    size_t n = (size_t)demo->n_people;
    struct demo_world *w = arena_alloc(coach->arena, 1, sizeof *w);
    if (!w) {
        return ERR_NOMEM;
    }
    *w = (struct demo_world){.coach = coach, .demo = demo, .url = url};
    w->ids = arena_alloc(coach->arena, n, sizeof *w->ids);
    w->schools = arena_alloc(coach->arena, (size_t)demo->n_schools, sizeof *w->schools);
    w->needs = arena_alloc(coach->arena, n, sizeof *w->needs);
    w->offers = arena_alloc(coach->arena, n, sizeof *w->offers);
    if (!w->ids || !w->schools || !w->needs || !w->offers) {
        return ERR_NOMEM;
    }
    list_init(&w->rows, coach->arena, sizeof(struct demo_row), SIZE_MAX);
    enum err err = demo_evidence(demo, keep_row, w);
    for (int32_t p = 0; p < demo->n_people && !err; p++) {
        demo_needs(demo, p, &w->needs[p]);
    }
    for (int32_t p = 0; p < demo->n_people && !err; p++) {
        demo_offers(demo, p, &w->offers[p]);
    }
    /* Whole weeks, so that Mondays stay Mondays; the last of them is over. */
    int32_t today = (int32_t)(coach->now_ms / COACH_DAY_MS);
    int32_t after = DEMO_FIRST_DAY + WEEK_DAYS * DEMO_WEEKS;
    w->shift = (today - after) / WEEK_DAYS * WEEK_DAYS - (today < after ? WEEK_DAYS : 0);
    *world = w;
    return err ? err : choose_personas(w);
}

/* ---- frameworks ---- */

/* The first sentence of a text. */
static struct str sentence(struct str text)
{
    size_t n = text.n < NOTE_MOST ? text.n : 0;
    for (size_t i = 0; i + 1 < text.n && i < NOTE_MOST; i++) {
        if (text.p[i] == '.' && text.p[i + 1] == ' ') {
            n = i + 1;
            break;
        }
    }
    return (struct str){text.p, n};
}

static enum err find_skills(struct demo_world *w)
{
    struct framework *f;
    enum err err = frameworks_get(w->coach, w->framework, (struct str){"", 0},
                                  FRAMEWORKS_LEVELS | FRAMEWORKS_TASKS, &f);
    for (int s = 0; s < DEMO_SKILLS && !err; s++) {
        const struct framework_skill *skill = framework_find_code(f, str_of(demo_skills[s].id));
        if (!skill || !skill->levels || skill->n_levels != 4 || skill->n_tasks < DEMO_TASKS) {
            return ERR_INVALID;
        }
        w->skills[s] = skill->id;
        for (int k = 0; k < DEMO_TASKS; k++) { /* the easiest, the middle one, the hardest */
            w->tasks[s][k] = skill->tasks[k * (skill->n_tasks - 1) / (DEMO_TASKS - 1)].id;
        }
        for (int k = 0; k < 4; k++) {
            w->seen[s][k] = sentence(skill->levels[k].words.description);
        }
    }
    return err;
}

enum err demo_world_frameworks(struct coach *coach, void *world)
{
    struct demo_world *w = world;
    for (int k = 0; k < frameworks_n_shipped(); k++) {
        struct framework *tree;
        struct frameworks_summary summary;
        enum err err = frameworks_read_shipped(coach->arena, k, &tree);
        err = err ? err : frameworks_bring(coach, tree, 0, &summary);
        if (err) {
            return err;
        }
        w->framework = k == 0 ? summary.id : w->framework;
    }
    return find_skills(w);
}

/* ---- needs and offers ---- */

static int32_t wishes_from(const struct demo_world *w, const struct demo_picked *picked,
                           struct wish wishes[DEMO_PICKED])
{
    for (int k = 0; k < picked->n; k++) {
        wishes[k] = (struct wish){.skill_id = w->skills[picked->skills[k]],
                                  .priority = k < WISHES_MAX_NEEDS ? k + 1 : 0,
                                  .note = {"", 0}};
    }
    return picked->n;
}

enum err demo_world_wishes(struct coach *coach, void *world)
{
    struct demo_world *w = world;
    enum err err = ERR_OK;
    complaint_init(&w->complaints, coach->arena);
    for (int32_t p = w->begin; p < w->end && !err; p++) {
        struct wish needs[DEMO_PICKED], offers[DEMO_PICKED];
        struct wishes wishes = {.needs = needs, .offers = offers};
        wishes.n_needs = wishes_from(w, &w->needs[p], needs);
        wishes.n_offers = wishes_from(w, &w->offers[p], offers);
        err = wishes_save(coach, w->ids[p], w->framework, &wishes, &w->complaints);
    }
    return err;
}

/* ---- evidence ---- */

static enum err add_row(struct demo_world *w, const struct demo_row *from, size_t nth)
{
    char visit[32];
    bool fresh, task = from->kind == DEMO_TASK, seen = from->kind == DEMO_OBSERVED;
    snprintf(visit, sizeof visit, "Visit %d", from->visit);
    struct evidence_row row = {
        .piece = {.person_id = w->ids[from->person],
                  .skill_id = w->skills[from->skill],
                  .kind = seen   ? EVIDENCE_OBSERVED
                          : task ? EVIDENCE_TASK
                                 : EVIDENCE_SELF,
                  .support = (enum evidence_support)from->support,
                  .level = from->level,
                  .task_id = task ? w->tasks[from->skill][from->task] : 0,
                  .task_name = {"", 0},
                  .occasion = str_of(seen ? visit : ""),
                  .day = from->day + w->shift,
                  .note = seen && nth % NOTED_EVERY == 0 ? w->seen[from->skill][from->level - 1]
                                                         : (struct str){"", 0}},
        .rater_person_id = seen ? w->ids[from->rater] : 0,
        .rater_name = {"", 0},
        .segment = {"", 0},
        .source = DEMO_SOURCE,
    };
    return evidence_add_row(w->coach, &row, &fresh);
}

/* Some of every school, whatever their place in it. */
static bool in_fit(const struct demo_world *w, int32_t p)
{
    int32_t every = w->whole ? 1 : (w->demo->n_people + FIT_PEOPLE - 1) / FIT_PEOPLE;
    return p % every == p / every % every;
}

/* The evidence of those of the batch who are in the fit, or of those who are not. */
static enum err add_evidence(struct demo_world *w, bool fit)
{
    const struct demo_row *rows = w->rows.items;
    size_t row = w->row;
    enum err err = ERR_OK;
    for (int32_t p = w->begin; p < w->end && !err; p++) {
        size_t first = row;
        bool mine = in_fit(w, p) == fit;
        for (; row < w->rows.n && rows[row].person == p && !err; row++) {
            err = mine ? add_row(w, &rows[row], row) : ERR_OK;
        }
        if (!err && mine && !fit && row > first) {
            err = zones_update(w->coach, w->ids[p], w->framework);
        }
    }
    w->next_row = row;
    return err;
}

enum err demo_world_evidence(struct coach *coach, void *world)
{
    (void)coach;
    return add_evidence(world, true);
}

enum err demo_world_followers(struct coach *coach, void *world)
{
    (void)coach;
    return add_evidence(world, false);
}

enum err demo_world_fit(struct demo_world *world)
{
    struct zones_refit report;
    return zones_refit(world->coach, world->framework, NULL, NULL, &report);
}
