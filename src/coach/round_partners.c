/* Writing and reading partners.csv; see round_partners.h. */
#include "coach/round_partners.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/csv.h"
#include "base/list.h"
#include "coach/reason.h"
#include "coach/roster_table.h"
#include "coach/round_data.h"

#include <stdio.h>

enum heading { PAIR, LEARNER, HELPER, SKILL, GAIN, REASON };

static const struct roster_heading headings[] = {
    {"pair", true, NULL}, {"learner", true, NULL}, {"helper", true, NULL}, {"skill", true, NULL},
    {"gain", true, NULL}, {"reason", false, NULL}, {NULL, false, NULL},
};

#define PARTNERS_REASON_MAX 4096

void round_partners_write(struct buf *buf, const struct round *round,
                          const struct round_proposal *proposals, int32_t n)
{
    const struct roster *roster = round->roster;
    struct csv_writer writer = {.buf = buf};
    struct buf reason;
    buf_init(&reason, round->arena, PARTNERS_REASON_MAX);
    for (const struct roster_heading *h = headings; h->name; h++) {
        csv_writer_plain(&writer, str_of(h->name));
    }
    csv_writer_end(&writer);
    for (int32_t k = 0; k < n; k++) {
        const struct round_proposal *p = &proposals[k];
        char number[32];
        struct str text = {"", 0};
        buf_clear(&reason);
        reason_write(&reason, round, p);
        if (buf_end(&reason, &text) != ERR_OK) {
            buf->err = reason.err;
            return;
        }
        snprintf(number, sizeof number, "%d", (int)p->pair);
        csv_writer_plain(&writer, str_of(number));
        csv_writer_text(&writer, roster->people[p->learner].id);
        csv_writer_text(&writer, roster->people[p->helper].id);
        csv_writer_text(&writer,
                        p->skill == ROSTER_NONE ? str_of("") : roster->skills[p->skill].id);
        snprintf(number, sizeof number, "%d.%04d", (int)(p->gain / MATCH_ONE),
                 (int)(p->gain % MATCH_ONE));
        csv_writer_plain(&writer, str_of(number));
        csv_writer_text(&writer, text);
        csv_writer_end(&writer);
    }
}

/* Digits with exactly `decimals` of them behind a point; -1 when the text is something else. */
static int64_t partners_number(struct str text, int decimals)
{
    int64_t value = 0;
    size_t point = decimals > 0 ? text.n - (size_t)decimals - 1 : text.n;
    if (text.n > 12 || text.n < (decimals > 0 ? (size_t)decimals + 2 : 1)) {
        return -1;
    }
    for (size_t k = 0; k < text.n; k++) {
        if (k == point) {
            if (text.p[k] != '.') {
                return -1;
            }
        } else if (text.p[k] < '0' || text.p[k] > '9') {
            return -1;
        } else {
            value = value * 10 + (text.p[k] - '0');
        }
    }
    return value;
}

static enum err partners_person(struct roster_table *table, const struct roster *roster,
                                enum heading heading, int32_t *person)
{
    struct str id;
    *person = ROSTER_NONE;
    enum err err = roster_table_id(table, (int)heading, &id);
    if (err != ERR_OK || id.n == 0) {
        return err;
    }
    *person = roster_find_person(roster, id);
    return *person != ROSTER_NONE
               ? ERR_OK
               : roster_table_bad(table, (int)heading, "Is this the file of another roster?",
                                  "expected the id of a person in the people file");
}

static enum err partners_row(struct roster_table *table, const struct roster *roster,
                             struct round_proposal *p)
{
    enum err err = partners_person(table, roster, LEARNER, &p->learner);
    if (err == ERR_OK) {
        err = partners_person(table, roster, HELPER, &p->helper);
    }
    if (err == ERR_OK && p->learner != ROSTER_NONE && p->learner == p->helper) {
        err = roster_table_bad(table, HELPER, "", "expected somebody other than the learner");
    }
    struct str skill = roster_table_cell(table, SKILL);
    p->skill = skill.n == 0 ? ROSTER_NONE : roster_find_skill(roster, skill);
    if (err == ERR_OK && skill.n > 0 && p->skill == ROSTER_NONE) {
        err = roster_table_bad(table, SKILL, "", "expected the id of a skill in the skills file");
    }
    int64_t pair = partners_number(roster_table_cell(table, PAIR), 0);
    int64_t gain = partners_number(roster_table_cell(table, GAIN), 4);
    if (err == ERR_OK && (pair < 1 || pair > INT32_MAX)) {
        err = roster_table_bad(table, PAIR, "", "expected a number from 1");
    }
    if (err == ERR_OK && (gain < 0 || gain > MATCH_GAIN_MAX)) {
        err =
            roster_table_bad(table, GAIN, "", "expected a number with four decimals, like 0.7312");
    }
    p->pair = (int32_t)pair;
    p->gain = (int32_t)gain;
    return err;
}

enum err round_partners_read(struct arena *arena, const struct roster *roster,
                             struct csv_source source, const char *file,
                             struct roster_problems *problems, struct round_proposal **proposals,
                             int32_t *n)
{
    struct roster_table *table = arena_alloc(arena, 1, sizeof *table);
    struct list rows;
    uint64_t before = problems->total;
    if (!table) {
        return ERR_NOMEM;
    }
    list_init(&rows, arena, sizeof(struct round_proposal), ROSTER_MAX_WISHES);
    enum err err = roster_table_open(table, arena, source, file, headings, problems);
    while (err == ERR_OK) {
        struct round_proposal p = {0};
        err = roster_table_next(table);
        if (err == ERR_OK) {
            err = partners_row(table, roster, &p);
        }
        if (err == ERR_OK && !list_add(&rows, &p)) {
            err = rows.err;
        }
    }
    roster_table_close(table);
    if (err != ERR_NOT_FOUND) {
        return err;
    }
    if (problems->total > before) {
        return ERR_INVALID;
    }
    *proposals = rows.items;
    *n = (int32_t)rows.n;
    return ERR_OK;
}
