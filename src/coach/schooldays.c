/* School days and days off; see schooldays.h. */
#include "coach/schooldays.h"

#include "base/day.h"
#include "base/list.h"
#include "coach/allow.h"
#include "coach/audit.h"
#include "coach/complaint.h"
#include "coach/settings.h"
#include "coach/sql.h"

#define WEEK 7
#define DATE 10 /* bytes of YYYY-MM-DD */
#define AHEAD (3 * 366)

/* ---- counting ---- */

static bool is_weekend(int32_t day)
{
    return ((day + 3) % WEEK + WEEK) % WEEK >= 5; /* 1970-01-01 was a Thursday */
}

bool schooldays_is_off(const struct schooldays *days, int32_t day)
{
    for (size_t i = 0; i < days->n && days->items[i].from <= day; i++) {
        if (day <= days->items[i].until) {
            return true;
        }
    }
    return false;
}

bool schooldays_is(const struct schooldays *days, int32_t day)
{
    return !is_weekend(day) && !schooldays_is_off(days, day);
}

int32_t schooldays_count(const struct schooldays *days, int32_t from, int32_t until, int32_t most)
{
    int32_t n = 0;
    for (int32_t day = from + 1; day <= until && n < most; day++) {
        n += schooldays_is(days, day);
    }
    return n;
}

int32_t schooldays_next(const struct schooldays *days, int32_t day)
{
    for (int32_t next = day; next <= day + AHEAD; next++) {
        if (schooldays_is(days, next)) {
            return next;
        }
    }
    return day;
}

int32_t schooldays_day(const struct schooldays *days, int64_t at_ms)
{
    int32_t day, minute;
    clock_read(days->zone, at_ms, &day, &minute);
    return day;
}

/* ---- reading ---- */

static enum err read_zone(struct coach *coach, struct clock_zone **zone)
{
    struct str name;
    *zone = NULL;
    enum err err = settings_get(coach, SETTING_TIME_ZONE, &name);
    if (err || name.n == 0) {
        return err;
    }
    /* a name without a file: UTC, as everywhere */
    return clock_open(coach->arena, name, zone) == ERR_NOMEM ? ERR_NOMEM : ERR_OK;
}

static enum err read_day_off(struct coach *coach, const struct db_query *q, void *item)
{
    enum err err = ERR_OK;
    *(struct day_off *)item = (struct day_off){.id = db_int(q, 0),
                                               .name = sql_copy(coach, q, 1, &err),
                                               .from = (int32_t)db_int(q, 2),
                                               .until = (int32_t)db_int(q, 3)};
    return err;
}

enum err schooldays_load(struct coach *coach, struct schooldays *days)
{
    struct list rows;
    *days = (struct schooldays){0};
    list_init(&rows, coach->arena, sizeof(struct day_off), SCHOOLDAYS_RANGES);
    enum err err = read_zone(coach, &days->zone);
    err = err ? err
              : sql_list(coach, SQL_DAY_OFF_LIST, SQL_ARGS(sql_int(SCHOOLDAYS_RANGES)),
                         read_day_off, &rows);
    days->items = rows.items;
    days->n = rows.n;
    return err;
}

/* ---- changing ---- */

static enum err may(struct coach *coach)
{
    return allowed(coach, ALLOW_EDIT, allow_on(ALLOW_ON_SETTINGS, 0));
}

/* What is wrong with two days, or NULL. */
static const char *trouble(int32_t from, int32_t until)
{
    if (until < from) {
        return N_("The last day is before the first.");
    }
    if (until - from >= SCHOOLDAYS_LONGEST) {
        return N_("A year at most.");
    }
    return NULL;
}

/* Adds a range that is not there yet; ERR_LIMIT: there are too many. */
static enum err put(struct coach *coach, struct str name, int32_t from, int32_t until, bool *added)
{
    int64_t n;
    struct sql_arg first = sql_int(from), last = sql_int(until);
    *added = false;
    enum err err = sql_number(coach, SQL_DAY_OFF_SAME, SQL_ARGS(first, last), &n);
    if (err != ERR_NOT_FOUND) {
        return err;
    }
    err = sql_number(coach, SQL_DAY_OFF_COUNT, SQL_NONE, &n);
    if (!err && n >= SCHOOLDAYS_RANGES) {
        return ERR_LIMIT;
    }
    err = err ? err : sql_run(coach, SQL_DAY_OFF_ADD, SQL_ARGS(sql_text(name), first, last), NULL);
    *added = err == ERR_OK;
    return err;
}

static enum err note(struct coach *coach, enum allow_verb verb)
{
    return audit_note(coach, verb, allow_on(ALLOW_ON_SETTINGS, 0), "day-off");
}

static void too_many(struct complaints *complaints, const char *field)
{
    complaint_add_int(complaints, field, N_("At most {n} ranges of days off."), "n",
                      SCHOOLDAYS_RANGES);
}

enum err schooldays_add(struct coach *coach, struct str name, int32_t from, int32_t until,
                        struct complaints *complaints)
{
    struct str clean;
    bool added;
    enum err err = may(coach);
    if (err) {
        return err;
    }
    complaint_clean(complaints, "name", name, true, false, SCHOOLDAYS_NAME, &clean);
    const char *why = trouble(from, until);
    if (why) {
        complaint_add(complaints, "until", why);
    }
    err = complaint_result(complaints);
    err = err ? err : put(coach, clean, from, until, &added);
    if (err == ERR_LIMIT) {
        too_many(complaints, "name");
        return complaint_result(complaints);
    }
    return err || !added ? err : note(coach, ALLOW_ADD);
}

/* ---- a list ---- */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == ',' || c == ';';
}

static struct str skip_blanks(struct str text)
{
    while (text.n && is_blank(text.p[0])) {
        text = (struct str){text.p + 1, text.n - 1};
    }
    return text;
}

/* A date at the beginning of the text, which is moved past it. */
static bool take_date(struct str *text, int32_t *day)
{
    if (text->n < DATE || (text->n > DATE && !is_blank(text->p[DATE])) ||
        day_parse((struct str){text->p, DATE}, day)) {
        return false;
    }
    *text = skip_blanks((struct str){text->p + DATE, text->n - DATE});
    return true;
}

static const char *read_line(struct complaints *complaints, struct str line, struct day_off *off)
{
    if (!take_date(&line, &off->from)) {
        return N_("Line {n}: it begins with a date such as 2026-12-21.");
    }
    if (!take_date(&line, &off->until)) {
        off->until = off->from;
    }
    if (trouble(off->from, off->until)) {
        return N_("Line {n}: the last day is before the first, or more than a year after it.");
    }
    struct complaints own; /* the name's, for which there is one sentence */
    complaint_init(&own, complaints->arena);
    if (!complaint_clean(&own, "", line, true, false, SCHOOLDAYS_NAME, &off->name)) {
        return N_("Line {n}: a short name follows the dates.");
    }
    return NULL;
}

static struct str next_line(struct str *rest)
{
    size_t n = 0;
    while (n < rest->n && rest->p[n] != '\n') {
        n++;
    }
    struct str line = {rest->p, n};
    *rest = (struct str){rest->p + n + (n < rest->n), rest->n - n - (n < rest->n)};
    if (line.n && line.p[line.n - 1] == '\r') {
        line.n--;
    }
    return skip_blanks(line);
}

static enum err read_lines(struct complaints *complaints, struct str rest, struct list *ranges)
{
    for (int64_t number = 1; rest.n; number++) {
        struct str line = next_line(&rest);
        struct day_off off = {0};
        if (line.n == 0) {
            continue;
        }
        const char *why = read_line(complaints, line, &off);
        if (why) {
            complaint_add_int(complaints, "lines", why, "n", number);
        } else if (!list_add(ranges, &off)) {
            if (ranges->err != ERR_LIMIT) {
                return ranges->err;
            }
            too_many(complaints, "lines");
            break;
        }
    }
    if (ranges->n == 0 && complaints->n == 0) {
        complaint_add(complaints, "lines", N_("There is no line yet."));
    }
    return complaint_result(complaints);
}

enum err schooldays_add_lines(struct coach *coach, struct str lines, struct complaints *complaints,
                              int32_t *n)
{
    struct list ranges;
    *n = 0;
    enum err err = may(coach);
    if (err) {
        return err;
    }
    list_init(&ranges, coach->arena, sizeof(struct day_off), SCHOOLDAYS_RANGES);
    err = read_lines(complaints, lines, &ranges);
    for (size_t i = 0; i < ranges.n && !err; i++) {
        const struct day_off *off = &((const struct day_off *)ranges.items)[i];
        bool added;
        err = put(coach, off->name, off->from, off->until, &added);
        *n += err == ERR_OK && added;
    }
    if (err == ERR_LIMIT) {
        too_many(complaints, "lines");
        return complaint_result(complaints);
    }
    return err || *n == 0 ? err : note(coach, ALLOW_ADD);
}

enum err schooldays_remove(struct coach *coach, int64_t id)
{
    int64_t n = 0;
    enum err err = may(coach);
    err = err ? err : sql_run(coach, SQL_DAY_OFF_REMOVE, SQL_ARGS(sql_int(id)), &n);
    if (!err && n == 0) {
        return ERR_NOT_FOUND;
    }
    return err ? err : note(coach, ALLOW_REMOVE);
}
