/* The demonstration district as the files that the other commands read; see demo.h. */
#include "cli/demo.h"

#include "base/day.h"
#include "cli/csvout.h"

#include <assert.h>

#define ID_SIZE 16

static const char *const supports[] = {"independent", "prompted", "modelled", "joint"};

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
        csvout_text(csv, str_of(demo_position_word(person->position)));
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

static enum err write_row(void *ctx, const struct demo_row *row)
{
    static const char *const kinds[] = {"observed", "self", "task"};
    struct csvout *csv = ctx;
    char id[ID_SIZE], occasion[ID_SIZE + 8] = "", task[64] = "", date[DAY_TEXT_SIZE];
    day_write(row->day, date);
    if (row->kind == DEMO_OBSERVED) {
        snprintf(occasion, sizeof occasion, "%s-v%d", id_of(row->person, id), row->visit);
    }
    if (row->kind == DEMO_TASK) {
        snprintf(task, sizeof task, "%s-%d", demo_skills[row->skill].id, row->task + 1);
    }
    csvout_text(csv, str_of(id_of(row->person, id)));
    csvout_text(csv, str_of(demo_skills[row->skill].id));
    csvout_int(csv, row->level);
    csvout_text(csv, str_of(kinds[row->kind]));
    csvout_text(csv, str_of(row->rater >= 0 ? id_of(row->rater, id) : ""));
    csvout_text(csv, str_of(occasion));
    csvout_text(csv, str_of(supports[row->support]));
    csvout_text(csv, str_of(task));
    csvout_text(csv, str_of(date));
    csvout_row(csv);
    return ERR_OK;
}

void demo_write_evidence(struct demo *demo, struct csvout *csv)
{
    fputs("person,skill,level,kind,rater,occasion,support,task,date\n", csv->out);
    enum err err = demo_evidence(demo, write_row, csv);
    assert(err == ERR_OK); /* write_row does not fail; the file's own failures wait for its end */
}

static void write_picked(struct csvout *csv, int32_t person, const struct demo_picked *picked,
                         bool priority)
{
    for (int k = 0; k < picked->n; k++) {
        char id[ID_SIZE];
        csvout_text(csv, str_of(id_of(person, id)));
        csvout_text(csv, str_of(demo_skills[picked->skills[k]].id));
        if (priority) {
            csvout_int(csv, k + 1);
        }
        csvout_row(csv);
    }
}

void demo_write_needs(struct demo *demo, struct csvout *csv)
{
    fputs("person,skill,priority\n", csv->out);
    for (int32_t p = 0; p < demo->n_people; p++) {
        struct demo_picked picked;
        demo_needs(demo, p, &picked);
        write_picked(csv, p, &picked, true);
    }
}

void demo_write_offers(struct demo *demo, struct csvout *csv)
{
    fputs("person,skill\n", csv->out);
    for (int32_t p = 0; p < demo->n_people; p++) {
        struct demo_picked picked;
        demo_offers(demo, p, &picked);
        write_picked(csv, p, &picked, false);
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
