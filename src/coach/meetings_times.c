/* Times that suit everybody. */
#include "coach/meetings_times.h"

#include "base/list.h"
#include "coach/allow.h"
#include "coach/meetings_read.h"
#include "coach/schooldays.h"
#include "coach/settings.h"
#include "coach/timetable.h"

#define BUSY 1000 /* meetings of the members that are looked at */
#define MINUTE_MS INT64_C(60000)

struct busy {
    int64_t from_ms, until_ms;
};

struct search {
    struct timetable timetable;
    struct schooldays days;
    unsigned bits[PROFILE_DAYS]; /* common periods: bit period - 1 */
    struct list busy;
};

static enum err read_site(struct coach *coach, struct search *s)
{
    struct str text;
    enum err err = settings_get(coach, SETTING_TIMETABLE, &text);
    if (!err && !timetable_read(text, &s->timetable)) {
        s->timetable.n = 0;
    }
    return err ? err : schooldays_load(coach, &s->days);
}

/* "mon-3" */
static void add_period(struct search *s, struct str value)
{
    static const char *const days[PROFILE_DAYS] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
    for (size_t day = 0; day < PROFILE_DAYS && value.n > 4; day++) {
        if (memcmp(value.p, days[day], 3) == 0) {
            unsigned period = (unsigned)(value.p[4] - '0');
            period = value.n > 5 ? 10 * period + (unsigned)(value.p[5] - '0') : period;
            s->bits[day] |= period >= 1 && period <= PROFILE_PERIODS ? 1u << (period - 1) : 0;
        }
    }
}

static enum err read_periods(struct coach *coach, int64_t partnership_id, struct search *s,
                             bool *common)
{
    struct meeting_member people[MEETINGS_MEMBERS];
    struct db_query *q;
    int32_t n = 0;
    enum err err = meetings_members(coach, partnership_id, people, &n);
    err = err ? err
              : sql_rows(coach, SQL_MEETING_PERIODS, SQL_ARGS(sql_int(partnership_id), sql_int(n)),
                         &q);
    if (err) {
        return err;
    }
    while ((err = db_step(q)) == ERR_OK) {
        add_period(s, db_text(q, 0));
        *common = true;
    }
    db_finish(q);
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

static enum err read_busy(struct coach *coach, int64_t partnership_id, struct search *s)
{
    struct db_query *q;
    list_init(&s->busy, coach->arena, sizeof(struct busy), BUSY);
    int64_t until = coach->now_ms + (MEETINGS_SUGGEST_DAYS + 2) * COACH_DAY_MS;
    enum err err = sql_rows(
        coach, SQL_MEETING_BUSY,
        SQL_ARGS(sql_int(partnership_id), sql_int(coach->now_ms - COACH_DAY_MS), sql_int(until)),
        &q);
    if (err) {
        return err;
    }
    while (s->busy.n < BUSY && (err = db_step(q)) == ERR_OK) {
        int64_t from = db_int(q, 0);
        struct busy busy = {from, from + db_int(q, 1) * MINUTE_MS};
        if (!list_add(&s->busy, &busy)) {
            err = s->busy.err;
            break;
        }
    }
    db_finish(q);
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

static bool is_free(const struct search *s, int64_t from_ms, int64_t until_ms)
{
    const struct busy *busy = s->busy.items;
    for (size_t i = 0; i < s->busy.n; i++) {
        if (busy[i].from_ms < until_ms && from_ms < busy[i].until_ms) {
            return false;
        }
    }
    return true;
}

/* The periods of one day; false: there is no memory. */
static bool add_day(const struct search *s, int32_t day, struct list *times)
{
    unsigned bits = s->bits[(day + 3) % PROFILE_DAYS]; /* 1970-01-01 was a Thursday */
    for (int32_t i = 0; i < s->timetable.n && times->n < MEETINGS_SUGGESTED; i++) {
        int32_t from = s->timetable.periods[i].from, until = s->timetable.periods[i].until;
        struct meeting_time time = {.starts_ms = clock_moment(s->days.zone, day, from),
                                    .minutes = until - from,
                                    .day = day,
                                    .period = i + 1};
        if ((bits & 1u << i) &&
            is_free(s, time.starts_ms, time.starts_ms + time.minutes * MINUTE_MS) &&
            !list_add(times, &time)) {
            return false;
        }
    }
    return true;
}

enum err meetings_suggest(struct coach *coach, int64_t partnership_id, struct meeting_times *times)
{
    struct search s = {0};
    struct list found;
    bool common = false;
    enum err err =
        allowed(coach, ALLOW_VIEW, allow_within(ALLOW_ON_PARTNERSHIP, partnership_id, 0));
    err = err ? err : read_site(coach, &s);
    err = err ? err : read_periods(coach, partnership_id, &s, &common);
    err = err ? err : read_busy(coach, partnership_id, &s);
    if (err) {
        return err;
    }
    list_init(&found, coach->arena, sizeof(struct meeting_time), MEETINGS_SUGGESTED);
    int32_t today = schooldays_day(&s.days, coach->now_ms);
    for (int32_t day = today + 1; day <= today + MEETINGS_SUGGEST_DAYS; day++) {
        if (!schooldays_is_off(&s.days, day) && !add_day(&s, day, &found)) {
            return found.err;
        }
    }
    *times = (struct meeting_times){
        .items = found.items, .n = found.n, .timetable = s.timetable.n > 0, .common = common};
    return ERR_OK;
}
