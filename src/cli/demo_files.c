/* The demonstration district as the files that the other commands read; see demo.h. */
#include "cli/demo.h"

#include "base/day.h"
#include "base/num.h"
#include "cli/csvout.h"

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

static void write_languages(const struct demo_person *person, struct csvout *csv)
{
    char text[64];
    snprintf(text, sizeof text, "English%s%s", person->language ? "; " : "",
             person->language ? person->language : "");
    csvout_text(csv, str_of(text));
}

static void write_periods(const struct demo_person *person, struct csvout *csv)
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
    csvout_text(csv, str_of(text));
}

void demo_write_people(struct demo *demo, struct csvout *csv)
{
    fputs("id,name,unit,district,position,subject,languages,free_periods,max_helps,max_learns\n",
          csv->out);
    for (int32_t p = 0; p < demo->n_people; p++) {
        const struct demo_person *person = &demo->people[p];
        char id[ID_SIZE], name[96];
        /* Family names stand first where both are in Chinese or Korean letters. */
        bool turn = (unsigned char)person->family[0] >= 0xE3;
        snprintf(name, sizeof name, "%s%s%s", turn ? person->family : person->given,
                 turn ? "" : " ", turn ? person->given : person->family);
        csvout_text(csv, str_of(id_of(p, id)));
        csvout_text(csv, str_of(name));
        csvout_text(csv, str_of(demo->school_names[person->school]));
        csvout_text(csv, str_of(demo_districts[person->school * 2 / demo->n_schools]));
        csvout_text(csv, str_of(positions[person->position]));
        bool teaches = person->position != DEMO_PARENT && person->position != DEMO_HEAD;
        csvout_text(csv, str_of(teaches ? demo_subjects[person->subject] : ""));
        write_languages(person, csv);
        write_periods(person, csv);
        csvout_int(csv, person->position == DEMO_COACH ? 4 : 1);
        csvout_int(csv, 1);
        csvout_row(csv);
    }
}

void demo_write_skills(struct demo *demo, struct csvout *csv)
{
    (void)demo;
    fputs("id,name,domain,levels\n", csv->out);
    for (int s = 0; s < DEMO_SKILLS; s++) {
        csvout_text(csv, str_of(demo_skills[s].id));
        csvout_text(csv, str_of(demo_skills[s].name));
        csvout_text(csv, str_of(demo_skills[s].domain));
        csvout_int(csv, 4);
        csvout_row(csv);
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

static void write_row(struct csvout *csv, const struct row *row)
{
    char id[ID_SIZE], date[DAY_TEXT_SIZE];
    day_write(row->day, date);
    csvout_text(csv, str_of(id_of(row->person, id)));
    csvout_text(csv, str_of(demo_skills[row->skill].id));
    csvout_int(csv, row->level);
    csvout_text(csv, str_of(row->kind));
    csvout_text(csv, str_of(row->rater));
    csvout_text(csv, str_of(row->occasion));
    csvout_text(csv, str_of(row->support));
    csvout_text(csv, str_of(row->task));
    csvout_text(csv, str_of(date));
    csvout_row(csv);
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
static void write_visit(struct demo *demo, struct csvout *csv, int32_t person, int32_t visitor,
                        int nth)
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
        write_row(csv, &(struct row){.kind = "observed",
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

static void write_self(struct demo *demo, struct csvout *csv, int32_t person)
{
    const struct demo_person *self = &demo->people[person];
    for (int s = 0; s < DEMO_SKILLS; s++) {
        double eta = 0.3 * self->ability[s] + self->self_bias + 0.7 * rng_normal(&demo->rng) -
                     demo_skills[s].difficulty;
        write_row(csv, &(struct row){.kind = "self",
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
static void write_task(struct demo *demo, struct csvout *csv, int32_t person)
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
        write_row(csv, &(struct row){.kind = "task",
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

void demo_write_evidence(struct demo *demo, struct csvout *csv)
{
    fputs("person,skill,level,kind,rater,occasion,support,task,date\n", csv->out);
    for (int32_t p = 0; p < demo->n_people; p++) {
        /* Some have started late: one visit, or none yet. */
        uint32_t luck = rng_below(&demo->rng, 20);
        int visits = luck == 0 ? 0 : luck < 3 ? 1 : VISITS + (luck > 15);
        for (int v = 0; v < visits; v++) {
            write_visit(demo, csv, p, draw_visitor(demo, p), v);
        }
        if (rng_below(&demo->rng, 10) < 8) {
            write_self(demo, csv, p);
        }
        for (uint32_t tasks = rng_below(&demo->rng, 6); tasks > 0; tasks--) {
            write_task(demo, csv, p);
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

void demo_write_needs(struct demo *demo, struct csvout *csv)
{
    fputs("person,skill,priority\n", csv->out);
    for (int32_t p = 0; p < demo->n_people; p++) {
        int picked[PICK_MAX];
        if (rng_below(&demo->rng, 20) < 3 || demo->people[p].position == DEMO_HEAD) {
            continue;
        }
        int n = 1 + (int)rng_below(&demo->rng, 3);
        pick_skills(demo, &demo->people[p], -1, n, picked);
        for (int k = 0; k < n; k++) {
            char id[ID_SIZE];
            csvout_text(csv, str_of(id_of(p, id)));
            csvout_text(csv, str_of(demo_skills[picked[k]].id));
            csvout_int(csv, k + 1);
            csvout_row(csv);
        }
    }
}

void demo_write_offers(struct demo *demo, struct csvout *csv)
{
    fputs("person,skill\n", csv->out);
    for (int32_t p = 0; p < demo->n_people; p++) {
        int picked[PICK_MAX];
        if (rng_below(&demo->rng, 20) < 2) {
            continue;
        }
        int n = 3 + (int)rng_below(&demo->rng, PICK_MAX - 2);
        pick_skills(demo, &demo->people[p], 1, n, picked);
        for (int k = 0; k < n; k++) {
            char id[ID_SIZE];
            csvout_text(csv, str_of(id_of(p, id)));
            csvout_text(csv, str_of(demo_skills[picked[k]].id));
            csvout_row(csv);
        }
    }
}

static void write_rule(struct csvout *csv, const char *kind, int32_t person, int32_t other)
{
    char id[ID_SIZE];
    csvout_text(csv, str_of(kind));
    csvout_text(csv, str_of(id_of(person, id)));
    csvout_text(csv, str_of(id_of(other, id)));
    csvout_row(csv);
}

void demo_write_rules(struct demo *demo, struct csvout *csv)
{
    fputs("rule,person,other\n", csv->out);
    for (int32_t s = 0; s < demo->n_schools; s++) {
        int32_t first = demo->first[s], end = demo->first[s + 1];
        for (int32_t p = first + 1; p < end; p++) {
            write_rule(csv, "evaluator", p, first);
        }
        /* Two who had better not, in some schools. */
        if (s % 3 == 0 && end - first > 4) {
            write_rule(csv, "never", first + 3, first + 4);
        }
    }
    assert(demo->n_people >= DEMO_MIN_PEOPLE);
    write_rule(csv, "keep", 3, demo->n_people - 1);
}
