/* The demonstration district as the files that the other commands read; see demo.h. */
#include "cli/demo.h"

#include "base/day.h"
#include "base/num.h"
#include "cli/outfile.h"

#include <assert.h>

#define VISITS 3        /* a colleague's visits to each person */
#define SKILLS_SEEN 7   /* rated on one visit */
#define FIRST_DAY 20696 /* 2026-08-31, a Monday */
#define WEEKS 12
#define PICK_MAX 6 /* most needs or offers of one person */
#define ID_SIZE 16

static const double thresholds[] = {-1.9, 0.0, 1.9};  /* of the four levels */
static const double helps[] = {0.0, 0.45, 0.75, 1.0}; /* share of the gain at each support */
static const char *const supports[] = {"independent", "prompted", "modelled", "joint"};
static const char *const positions[DEMO_POSITION__MAX] = {
    [DEMO_TEACHER] = "teacher", [DEMO_ASSISTANT] = "assistant", [DEMO_SPECIALIST] = "specialist",
    [DEMO_PARENT] = "parent",   [DEMO_COACH] = "coach",         [DEMO_HEAD] = "head",
};

static const char *id_of(int32_t person, char id[ID_SIZE])
{
    snprintf(id, ID_SIZE, "p%03d", person + 1);
    return id;
}

static void write_languages(const struct demo_person *person, FILE *out, int *column)
{
    char text[64];
    snprintf(text, sizeof text, "English%s%s", person->language ? "; " : "",
             person->language ? person->language : "");
    outfile_cell(out, text, column);
}

static void write_periods(const struct demo_person *person, FILE *out, int *column)
{
    static const char *const days[] = {"Mon", "Tue", "Wed", "Thu", "Fri"};
    char text[DEMO_PERIODS * 8] = "";
    int n = 0;
    for (int bit = 0; bit < DEMO_PERIODS; bit++) {
        if (person->free_periods >> bit & 1) {
            n += snprintf(text + n, sizeof text - (size_t)n, "%s%s%d", n > 0 ? "; " : "",
                          days[bit / 5], bit % 5 + 1);
        }
    }
    outfile_cell(out, text, column);
}

void demo_write_people(struct demo *demo, FILE *out)
{
    int column = 0;
    fputs("id,name,unit,district,position,subject,languages,free_periods,max_helps,max_learns\n",
          out);
    for (int32_t p = 0; p < demo->n_people; p++) {
        const struct demo_person *person = &demo->people[p];
        char id[ID_SIZE], name[96];
        /* Family names stand first where both are in Chinese or Korean letters. */
        bool turn = (unsigned char)person->family[0] >= 0xE3;
        snprintf(name, sizeof name, "%s%s%s", turn ? person->family : person->given,
                 turn ? "" : " ", turn ? person->given : person->family);
        outfile_cell(out, id_of(p, id), &column);
        outfile_cell(out, name, &column);
        outfile_cell(out, demo->school_names[person->school], &column);
        outfile_cell(out, demo_districts[person->school * 2 / demo->n_schools], &column);
        outfile_cell(out, positions[person->position], &column);
        bool teaches = person->position != DEMO_PARENT && person->position != DEMO_HEAD;
        outfile_cell(out, teaches ? demo_subjects[person->subject] : "", &column);
        write_languages(person, out, &column);
        write_periods(person, out, &column);
        outfile_cell_int(out, person->position == DEMO_COACH ? 4 : 1, &column);
        outfile_cell_int(out, 1, &column);
        outfile_end_row(out, &column);
    }
}

void demo_write_skills(FILE *out)
{
    int column = 0;
    fputs("id,name,domain,levels\n", out);
    for (int s = 0; s < DEMO_SKILLS; s++) {
        outfile_cell(out, demo_skills[s].id, &column);
        outfile_cell(out, demo_skills[s].name, &column);
        outfile_cell(out, demo_skills[s].domain, &column);
        outfile_cell_int(out, 4, &column);
        outfile_end_row(out, &column);
    }
}

/* A level 1 .. 4 drawn from the partial-credit model at `eta`. */
static int draw_level(struct rng *rng, double eta)
{
    double weight[4] = {1, 0, 0, 0}, total = 1;
    for (int k = 1; k < 4; k++) {
        weight[k] = weight[k - 1] * num_exp(eta - thresholds[k - 1]);
        total += weight[k];
    }
    double at = rng_unit(rng) * total;
    for (int k = 0; k < 3; k++) {
        if (at < weight[k]) {
            return k + 1;
        }
        at -= weight[k];
    }
    return 4;
}

struct row {
    const char *kind, *rater, *occasion, *support, *task;
    int32_t person, day;
    int skill, level;
};

static void write_row(FILE *out, const struct row *row)
{
    int column = 0;
    char id[ID_SIZE], date[DAY_TEXT_SIZE];
    day_write(row->day, date);
    outfile_cell(out, id_of(row->person, id), &column);
    outfile_cell(out, demo_skills[row->skill].id, &column);
    outfile_cell_int(out, row->level, &column);
    outfile_cell(out, row->kind, &column);
    outfile_cell(out, row->rater, &column);
    outfile_cell(out, row->occasion, &column);
    outfile_cell(out, row->support, &column);
    outfile_cell(out, row->task, &column);
    outfile_cell(out, date, &column);
    outfile_end_row(out, &column);
}

/* Somebody else of the same school; now and then of another, so that all raters are linked. */
static int32_t draw_visitor(struct demo *demo, int32_t person)
{
    int32_t school = demo->people[person].school;
    if (rng_below(&demo->rng, 8) == 0) {
        school = (int32_t)rng_below(&demo->rng, (uint32_t)demo->n_schools);
    }
    int32_t first = demo->first[school], n = demo->first[school + 1] - first;
    int32_t visitor = first + (int32_t)rng_below(&demo->rng, (uint32_t)n);
    return visitor != person ? visitor : visitor > 0 ? visitor - 1 : visitor + 1;
}

/* One visit: a few skills of one or two domains, seen in one lesson. */
static void write_visit(struct demo *demo, FILE *out, int32_t person, int32_t visitor, int nth)
{
    struct rng *rng = &demo->rng;
    const struct demo_person *seen = &demo->people[person];
    char rater[ID_SIZE], occasion[ID_SIZE + 8];
    double lesson = 0.3 * rng_normal(rng);
    int skill = (int)rng_below(rng, DEMO_SKILLS);
    int32_t day = FIRST_DAY + 7 * (int32_t)rng_below(rng, WEEKS) + (int32_t)rng_below(rng, 5);
    snprintf(occasion, sizeof occasion, "%s-v%d", id_of(person, rater), nth + 1);
    id_of(visitor, rater);
    for (int k = 0; k < SKILLS_SEEN; k++) {
        /* How this rater uses this skill's rubric is a lasting habit: drawn from its own seed. */
        struct rng habit = rng_seed((uint64_t)visitor * 1009 + (uint64_t)skill);
        double eta = seen->ability[skill] + lesson + 0.4 * rng_normal(rng) -
                     demo->people[visitor].severity - 0.6 * rng_normal(&habit) -
                     demo_skills[skill].difficulty;
        write_row(out, &(struct row){.kind = "observed",
                                     .rater = rater,
                                     .occasion = occasion,
                                     .support = "independent",
                                     .task = "",
                                     .person = person,
                                     .day = day,
                                     .skill = skill,
                                     .level = draw_level(rng, eta)});
        skill = (skill + 1) % DEMO_SKILLS;
    }
}

static void write_self(struct demo *demo, FILE *out, int32_t person)
{
    const struct demo_person *self = &demo->people[person];
    for (int s = 0; s < DEMO_SKILLS; s++) {
        double eta = 0.3 * self->ability[s] + self->self_bias + 0.7 * rng_normal(&demo->rng) -
                     demo_skills[s].difficulty;
        write_row(out, &(struct row){.kind = "self",
                                     .rater = "",
                                     .occasion = "",
                                     .support = "independent",
                                     .task = "",
                                     .person = person,
                                     .day = FIRST_DAY + person % 5,
                                     .skill = s,
                                     .level = draw_level(&demo->rng, eta)});
    }
}

/* One practice task, tried with more and more help until it is done. */
static void write_task(struct demo *demo, FILE *out, int32_t person)
{
    struct rng *rng = &demo->rng;
    const struct demo_person *who = &demo->people[person];
    int skill = (int)rng_below(rng, DEMO_SKILLS), which = (int)rng_below(rng, 3);
    int32_t day = FIRST_DAY + 7 * (int32_t)rng_below(rng, WEEKS) + (int32_t)rng_below(rng, 5);
    double difficulty = demo_skills[skill].difficulty + 1.2 * (which - 1);
    char task[64];
    snprintf(task, sizeof task, "%s-%d", demo_skills[skill].id, which + 1);
    for (int h = 0, done = 0; h < 4 && !done; h++) {
        double odds = who->ability[skill] + who->gain * helps[h] - difficulty;
        done = rng_unit(rng) < num_logistic(odds);
        write_row(out, &(struct row){.kind = "task",
                                     .rater = "",
                                     .occasion = "",
                                     .support = supports[h],
                                     .task = task,
                                     .person = person,
                                     .day = day,
                                     .skill = skill,
                                     .level = done});
    }
}

void demo_write_evidence(struct demo *demo, FILE *out)
{
    fputs("person,skill,level,kind,rater,occasion,support,task,date\n", out);
    for (int32_t p = 0; p < demo->n_people; p++) {
        /* Some have started late: one visit, or none yet. */
        uint32_t luck = rng_below(&demo->rng, 20);
        int visits = luck == 0 ? 0 : luck < 3 ? 1 : VISITS + (luck > 15);
        for (int v = 0; v < visits; v++) {
            write_visit(demo, out, p, draw_visitor(demo, p), v);
        }
        if (rng_below(&demo->rng, 10) < 8) {
            write_self(demo, out, p);
        }
        for (uint32_t tasks = rng_below(&demo->rng, 6); tasks > 0; tasks--) {
            write_task(demo, out, p);
        }
    }
}

/* Up to PICK_MAX different skills, the extreme ones of what the person can do, seen through doubt.
 */
static void pick_skills(struct demo *demo, const struct demo_person *person, double sign, int n,
                        int picked[PICK_MAX])
{
    double felt[DEMO_SKILLS];
    for (int s = 0; s < DEMO_SKILLS; s++) {
        felt[s] = sign * person->ability[s] + 0.5 * rng_normal(&demo->rng);
    }
    for (int k = 0; k < n; k++) {
        int best = 0;
        for (int s = 1; s < DEMO_SKILLS; s++) {
            best = felt[s] > felt[best] ? s : best;
        }
        picked[k] = best;
        felt[best] = -1e9;
    }
}

void demo_write_needs(struct demo *demo, FILE *out)
{
    int column = 0;
    fputs("person,skill,priority\n", out);
    for (int32_t p = 0; p < demo->n_people; p++) {
        int picked[PICK_MAX];
        if (rng_below(&demo->rng, 20) < 3 || demo->people[p].position == DEMO_HEAD) {
            continue;
        }
        int n = 1 + (int)rng_below(&demo->rng, 3);
        pick_skills(demo, &demo->people[p], -1, n, picked);
        for (int k = 0; k < n; k++) {
            char id[ID_SIZE];
            outfile_cell(out, id_of(p, id), &column);
            outfile_cell(out, demo_skills[picked[k]].id, &column);
            outfile_cell_int(out, k + 1, &column);
            outfile_end_row(out, &column);
        }
    }
}

void demo_write_offers(struct demo *demo, FILE *out)
{
    int column = 0;
    fputs("person,skill\n", out);
    for (int32_t p = 0; p < demo->n_people; p++) {
        int picked[PICK_MAX];
        if (rng_below(&demo->rng, 20) < 2) {
            continue;
        }
        int n = 3 + (int)rng_below(&demo->rng, PICK_MAX - 2);
        pick_skills(demo, &demo->people[p], 1, n, picked);
        for (int k = 0; k < n; k++) {
            char id[ID_SIZE];
            outfile_cell(out, id_of(p, id), &column);
            outfile_cell(out, demo_skills[picked[k]].id, &column);
            outfile_end_row(out, &column);
        }
    }
}

static void write_rule(FILE *out, const char *kind, int32_t person, int32_t other)
{
    int column = 0;
    char id[ID_SIZE];
    outfile_cell(out, kind, &column);
    outfile_cell(out, id_of(person, id), &column);
    outfile_cell(out, id_of(other, id), &column);
    outfile_end_row(out, &column);
}

void demo_write_rules(struct demo *demo, FILE *out)
{
    fputs("rule,person,other\n", out);
    for (int32_t s = 0; s < demo->n_schools; s++) {
        int32_t first = demo->first[s], end = demo->first[s + 1];
        for (int32_t p = first + 1; p < end; p++) {
            write_rule(out, "evaluator", p, first);
        }
        /* Two who had better not, in some schools. */
        if (s % 3 == 0 && end - first > 4) {
            write_rule(out, "never", first + 3, first + 4);
        }
    }
    assert(demo->n_people >= DEMO_MIN_PEOPLE);
    write_rule(out, "keep", 3, demo->n_people - 1);
}
