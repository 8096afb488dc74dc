/* Everything of one person's: read by one table of parts, as JSON or as sheets; and deleted. */
#include "coach/mydata.h"

#include "base/buf.h"
#include "base/csv.h"
#include "base/day.h"
#include "base/json_writer.h"
#include "coach/allow.h"
#include "coach/audit.h"
#include "coach/coach.h"
#include "coach/sql.h"
#include "coach/zones.h"

#include <stdio.h>

#define COLUMNS 18
#define FRAMEWORKS 1000 /* in which one person has evidence */
#define TIME_SIZE 32

enum type { TEXT = 1, NUMBER, REAL, FLAG, DAY, TIME };

/* One part: a statement, and what its columns are. */
static const struct part {
    const char *name;
    enum sql_id id;
    struct {
        const char *name;
        enum type type;
    } columns[COLUMNS];
} parts[] = {
    {"account",
     SQL_MYDATA_PERSON,
     {{"given_name", TEXT},
      {"family_name", TEXT},
      {"email", TEXT},
      {"external_id", TEXT},
      {"position", TEXT},
      {"about", TEXT},
      {"language", TEXT},
      {"time_zone", TEXT},
      {"max_helps", NUMBER},
      {"max_learns", NUMBER},
      {"source", TEXT},
      {"created", TIME},
      {"changed", TIME},
      {"last_here", DAY}}},
    {"profile", SQL_MYDATA_TAGS, {{"kind", TEXT}, {"value", TEXT}}},
    {"roles",
     SQL_MYDATA_ROLES,
     {{"unit", TEXT}, {"role", TEXT}, {"source", TEXT}, {"since", TIME}}},
    {"evaluators",
     SQL_MYDATA_EVALUATORS,
     {{"given_name", TEXT}, {"family_name", TEXT}, {"since", TIME}}},
    {"needs",
     SQL_MYDATA_NEEDS,
     {{"framework", TEXT},
      {"code", TEXT},
      {"skill", TEXT},
      {"priority", NUMBER},
      {"note", TEXT},
      {"since", TIME}}},
    {"offers",
     SQL_MYDATA_OFFERS,
     {{"framework", TEXT}, {"code", TEXT}, {"skill", TEXT}, {"note", TEXT}, {"since", TIME}}},
    {"evidence",
     SQL_MYDATA_EVIDENCE,
     {{"framework", TEXT},
      {"code", TEXT},
      {"skill", TEXT},
      {"kind", TEXT},
      {"support", TEXT},
      {"level", NUMBER},
      {"rater", TEXT},
      {"task", TEXT},
      {"difficulty", REAL},
      {"occasion", TEXT},
      {"segment", TEXT},
      {"day", DAY},
      {"note", TEXT},
      {"source", TEXT},
      {"entered", TIME},
      {"withdrawn", TIME}}},
    {"written_about_others",
     SQL_MYDATA_WRITTEN,
     {{"given_name", TEXT},
      {"family_name", TEXT},
      {"framework", TEXT},
      {"code", TEXT},
      {"skill", TEXT},
      {"kind", TEXT},
      {"support", TEXT},
      {"level", NUMBER},
      {"rater", TEXT},
      {"task", TEXT},
      {"difficulty", REAL},
      {"occasion", TEXT},
      {"segment", TEXT},
      {"day", DAY},
      {"note", TEXT},
      {"source", TEXT},
      {"entered", TIME},
      {"withdrawn", TIME}}},
    {"zones",
     SQL_MYDATA_ZONES,
     {{"framework", TEXT},
      {"code", TEXT},
      {"skill", TEXT},
      {"alone", REAL},
      {"alone_sd", REAL},
      {"with_help", REAL},
      {"with_help_sd", REAL},
      {"alone_level", REAL},
      {"with_help_level", REAL},
      {"pieces_of_evidence", NUMBER},
      {"enough_evidence", FLAG},
      {"updated", TIME}}},
    {"shared_with",
     SQL_MYDATA_GIVEN,
     {{"given_name", TEXT},
      {"family_name", TEXT},
      {"what", TEXT},
      {"skill", TEXT},
      {"from", TIME},
      {"until", TIME}}},
    {"shared_by_others",
     SQL_MYDATA_RECEIVED,
     {{"given_name", TEXT},
      {"family_name", TEXT},
      {"what", TEXT},
      {"skill", TEXT},
      {"from", TIME},
      {"until", TIME}}},
    {"programmes",
     SQL_MYDATA_PROGRAMMES,
     {{"programme", TEXT},
      {"from", DAY},
      {"until", DAY},
      {"programme_is", TEXT},
      {"takes_part", TEXT},
      {"max_helps", NUMBER},
      {"max_learns", NUMBER},
      {"asked", TIME},
      {"answered", TIME}}},
    {"programme_rules", SQL_MYDATA_RULES, {{"programme", TEXT}, {"rule", TEXT}, {"since", TIME}}},
    {"proposed_to_me",
     SQL_MYDATA_PROPOSALS,
     {{"programme", TEXT},
      {"as", TEXT},
      {"given_name", TEXT},
      {"family_name", TEXT},
      {"skill", TEXT},
      {"published", TIME}}},
    {"rounds",
     SQL_MYDATA_ROUNDS,
     {{"programme", TEXT},
      {"outcome", TEXT},
      {"helps", NUMBER},
      {"learns", NUMBER},
      {"published", TIME}}},
    {"meetings",
     SQL_MYDATA_MEETINGS,
     {{"partnership", NUMBER},
      {"state", TEXT},
      {"subject", TEXT},
      {"place", TEXT},
      {"starts", TIME},
      {"minutes", NUMBER},
      {"times_proposed_by_me", FLAG},
      {"made", TIME},
      {"changed", TIME}}},
    {"messages",
     SQL_MYDATA_MESSAGES,
     {{"partnership", NUMBER},
      {"given_name", TEXT},
      {"family_name", TEXT},
      {"written_by_me", FLAG},
      {"words", TEXT},
      {"at", TIME},
      {"taken_back", TIME}}},
    {"messages_read",
     SQL_MYDATA_MESSAGES_READ,
     {{"partnership", NUMBER}, {"up_to_message", NUMBER}}},
    {"calendar_feed", SQL_MYDATA_FEED, {{"since", TIME}}},
    {"notices",
     SQL_MYDATA_NOTICES,
     {{"kind", TEXT},
      {"given_name", TEXT},
      {"family_name", TEXT},
      {"at", TIME},
      {"seen", TIME},
      {"done", TIME},
      {"mailed", TIME}}},
    {"notice_settings",
     SQL_MYDATA_NOTICE_SETTINGS,
     {{"mail", TEXT},
      {"invitations", FLAG},
      {"quiet_from_minute", NUMBER},
      {"quiet_until_minute", NUMBER},
      {"quiet_weekend", FLAG},
      {"changed", TIME}}},
    {"partnerships",
     SQL_MYDATA_PARTNERSHIPS,
     {{"partnership", NUMBER},
      {"kind", TEXT},
      {"state", TEXT},
      {"asked_in_words", TEXT},
      {"agreement", TEXT},
      {"proposed", TIME},
      {"began", TIME},
      {"ended", TIME},
      {"joined", TIME},
      {"signed", TIME}}},
    {"who_helps_whom",
     SQL_MYDATA_FOCUSES,
     {{"partnership", NUMBER},
      {"learner_given_name", TEXT},
      {"learner_family_name", TEXT},
      {"helper_given_name", TEXT},
      {"helper_family_name", TEXT},
      {"skill", TEXT},
      {"since", TIME}}},
    {"cycles",
     SQL_MYDATA_CYCLES,
     {{"partnership", NUMBER},
      {"cycle", NUMBER},
      {"skill", TEXT},
      {"state", TEXT},
      {"stage", TEXT},
      {"way", TEXT},
      {"goal", TEXT},
      {"look_for", TEXT},
      {"task", TEXT},
      {"support", TEXT},
      {"strength", TEXT},
      {"step", TEXT},
      {"step_day", DAY},
      {"outcome", TEXT},
      {"found", TEXT},
      {"began", TIME},
      {"ended", TIME}}},
    {"notes",
     SQL_MYDATA_NOTES,
     {{"partnership", NUMBER},
      {"cycle", NUMBER},
      {"stage", TEXT},
      {"kind", TEXT},
      {"author_given_name", TEXT},
      {"author_family_name", TEXT},
      {"words", TEXT},
      {"written", TIME},
      {"changed", TIME}}},
    {"visits",
     SQL_MYDATA_OBSERVATIONS,
     {{"partnership", NUMBER},
      {"cycle", NUMBER},
      {"author_given_name", TEXT},
      {"author_family_name", TEXT},
      {"began", TIME},
      {"after_ms", NUMBER},
      {"words", TEXT},
      {"shared", TIME}}},
    {"sessions",
     SQL_MYDATA_SESSIONS,
     {{"how", TEXT}, {"device", TEXT}, {"began", TIME}, {"last_seen", TIME}, {"ends", TIME}}},
    {"single_sign_on",
     SQL_MYDATA_IDENTITIES,
     {{"provider", TEXT}, {"subject", TEXT}, {"since", TIME}}},
    {"password", SQL_MYDATA_PASSWORD, {{"changed", TIME}}},
    {"invitations",
     SQL_MYDATA_INVITATIONS,
     {{"purpose", TEXT}, {"made", TIME}, {"ends", TIME}, {"used", TIME}}},
    {"opened_by_others",
     SQL_MYDATA_ACCESS,
     {{"at", TIME},
      {"given_name", TEXT},
      {"family_name", TEXT},
      {"did", TEXT},
      {"what", TEXT},
      {"result", TEXT},
      {"detail", TEXT}}},
    {"done_by_me",
     SQL_MYDATA_ACTIONS,
     {{"at", TIME},
      {"did", TEXT},
      {"what", TEXT},
      {"id", NUMBER},
      {"result", TEXT},
      {"detail", TEXT}}},
};
#define PARTS (sizeof parts / sizeof *parts)

/* ---- values ---- */

/* "2026-11-25T20:15:30Z" */
static struct str time_text(int64_t ms, char text[TIME_SIZE])
{
    int64_t seconds = ms / 1000, day = seconds / 86400, rest = seconds % 86400;
    char date[DAY_TEXT_SIZE];
    if (rest < 0) {
        rest += 86400;
        day--;
    }
    day_write((int32_t)day, date);
    snprintf(text, TIME_SIZE, "%sT%02d:%02d:%02dZ", date, (int)(rest / 3600), (int)(rest / 60 % 60),
             (int)(rest % 60));
    return str_of(text);
}

static struct str day_text(int64_t day, char text[TIME_SIZE])
{
    char date[DAY_TEXT_SIZE];
    day_write((int32_t)day, date);
    memcpy(text, date, sizeof date);
    return str_of(text);
}

static void write_json(struct json_writer *json, const struct db_query *q, int column,
                       enum type type)
{
    char text[TIME_SIZE];
    if (db_is_null(q, column)) {
        json_writer_null(json);
        return;
    }
    switch (type) {
    case TEXT:
        json_writer_text(json, db_text(q, column));
        break;
    case NUMBER:
        json_writer_int(json, db_int(q, column));
        break;
    case REAL:
        json_writer_double(json, db_double(q, column));
        break;
    case FLAG:
        json_writer_bool(json, db_int(q, column) != 0);
        break;
    case DAY:
        json_writer_text(json, day_text(db_int(q, column), text));
        break;
    case TIME:
        json_writer_text(json, time_text(db_int(q, column), text));
        break;
    }
}

static void write_cell(struct csv_writer *csv, struct buf *work, const struct db_query *q,
                       int column, enum type type)
{
    char text[TIME_SIZE];
    struct str cell = {"", 0};
    if (!db_is_null(q, column)) {
        switch (type) {
        case TEXT:
            csv_writer_text(csv, db_text(q, column));
            return;
        case NUMBER:
        case FLAG:
        case REAL:
            buf_clear(work);
            if (type == REAL) {
                buf_add_exact(work, db_double(q, column));
            } else {
                buf_add_int(work, db_int(q, column));
            }
            cell = work->p ? (struct str){work->p, work->n} : cell;
            break;
        case DAY:
            cell = day_text(db_int(q, column), text);
            break;
        case TIME:
            cell = time_text(db_int(q, column), text);
            break;
        }
    }
    csv_writer_plain(csv, cell);
}

/* ---- the files ---- */

static enum err open_part(struct coach *coach, const struct part *part, struct db_query **q)
{
    return sql_rows(coach, part->id, SQL_ARGS(sql_int(coach->actor.person_id)), q);
}

static enum err part_json(struct coach *coach, const struct part *part, struct json_writer *json)
{
    struct db_query *q;
    enum err err = open_part(coach, part, &q);
    if (err) {
        return err;
    }
    json_writer_key(json, part->name);
    json_writer_array(json);
    while (json->buf->err == ERR_OK && (err = db_step(q)) == ERR_OK) {
        json_writer_object(json);
        for (int i = 0; i < COLUMNS && part->columns[i].name; i++) {
            json_writer_key(json, part->columns[i].name);
            write_json(json, q, i, part->columns[i].type);
        }
        json_writer_end_object(json);
    }
    json_writer_end_array(json);
    db_finish(q);
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

static enum err may_export(struct coach *coach)
{
    int64_t self = coach->actor.person_id;
    struct allow_object object = allow_of(ALLOW_ON_OWN_DATA, self, 0);
    enum err err = self ? allowed(coach, ALLOW_EXPORT, object) : ERR_FORBIDDEN;
    return err ? err : audit_note(coach, ALLOW_EXPORT, object, "");
}

enum err mydata_export(struct coach *coach, struct str *text)
{
    struct buf buf;
    char now[TIME_SIZE];
    enum err err = may_export(coach);
    buf_init(&buf, coach->arena, MYDATA_MAX);
    struct json_writer json = json_writer_begin(&buf);
    json_writer_object(&json);
    json_writer_key(&json, "made_by");
    json_writer_text(&json, str_of("Duet"));
    json_writer_key(&json, "made_at");
    json_writer_text(&json, time_text(coach->now_ms, now));
    for (size_t i = 0; i < PARTS && !err; i++) {
        err = part_json(coach, &parts[i], &json);
    }
    json_writer_end_object(&json);
    return err ? err : buf_end(&buf, text);
}

enum err mydata_sheet(struct coach *coach, int number, const char **name, struct str *sheet)
{
    struct buf buf, work;
    struct db_query *q;
    if (number < 0 || (size_t)number >= PARTS) {
        return ERR_NOT_FOUND;
    }
    const struct part *part = &parts[number];
    enum err err = open_part(coach, part, &q);
    if (err) {
        return err;
    }
    buf_init(&buf, coach->arena, MYDATA_MAX);
    buf_init(&work, coach->arena, TIME_SIZE);
    struct csv_writer csv = {.buf = &buf};
    for (int i = 0; i < COLUMNS && part->columns[i].name; i++) {
        csv_writer_plain(&csv, str_of(part->columns[i].name));
    }
    csv_writer_end(&csv);
    while (buf.err == ERR_OK && (err = db_step(q)) == ERR_OK) {
        for (int i = 0; i < COLUMNS && part->columns[i].name; i++) {
            write_cell(&csv, &work, q, i, part->columns[i].type);
        }
        csv_writer_end(&csv);
    }
    db_finish(q);
    if (err && err != ERR_NOT_FOUND) {
        return err;
    }
    *name = part->name;
    return buf_end(&buf, sheet);
}

/* ---- deletion ---- */

enum err mydata_delete(struct coach *coach, struct mydata_deleted *deleted)
{
    int64_t self = coach->actor.person_id, frameworks[FRAMEWORKS];
    struct allow_object object = allow_of(ALLOW_ON_OWN_DATA, self, 0);
    struct mydata_deleted d = {0};
    int64_t n = 0;
    const struct {
        enum sql_id id;
        int64_t *count;
    } steps[] = {
        {SQL_MYDATA_DELETE_NEEDS, &d.n_needs},
        {SQL_MYDATA_DELETE_OFFERS, &d.n_offers},
        {SQL_MYDATA_DELETE_EVIDENCE, &d.n_evidence},
        {SQL_MYDATA_DELETE_ZONES, NULL},
        {SQL_MYDATA_DELETE_TAGS, &d.n_tags},
        {SQL_MYDATA_DELETE_SHARES, &d.n_shares},
        {SQL_MYDATA_DELETE_PROPOSALS, NULL},
        {SQL_MYDATA_DELETE_ROUNDS, NULL},
        {SQL_MYDATA_DELETE_NOTICES, NULL},
        {SQL_MYDATA_DELETE_MESSAGES, NULL},
        {SQL_MYDATA_DELETE_FEED, NULL},
        {SQL_MYDATA_DELETE_MEETINGS, NULL},
        {SQL_MYDATA_DELETE_NOTES, &d.n_notes},
        {SQL_MYDATA_DELETE_OBSERVATIONS, &d.n_visits},
        {SQL_MYDATA_DELETE_ASKS, NULL},
        {SQL_MYDATA_DELETE_GOALS, NULL},
    };
    enum err err = self ? allowed(coach, ALLOW_REMOVE, object) : ERR_FORBIDDEN;
    err = err ? err
              : sql_ids(coach, SQL_MYDATA_FRAMEWORKS, SQL_ARGS(sql_int(self)), frameworks,
                        FRAMEWORKS, &n);
    for (size_t i = 0; i < sizeof steps / sizeof *steps && !err; i++) {
        err = sql_run(coach, steps[i].id, SQL_ARGS(sql_int(self)), steps[i].count);
    }
    err = err ? err
              : sql_run(coach, SQL_MYDATA_LEAVE_PROGRAMMES,
                        SQL_ARGS(sql_int(self), sql_int(coach->now_ms)), NULL);
    err = err ? err
              : sql_run(coach, SQL_MYDATA_DELETE_ABOUT,
                        SQL_ARGS(sql_int(self), sql_int(coach->now_ms)), NULL);
    for (int64_t i = 0; i < n && !err; i++) {
        err = zones_touch(coach, frameworks[i]);
    }
    err = err ? err : audit_note(coach, ALLOW_REMOVE, object, "");
    if (err == ERR_OK) {
        *deleted = d;
    }
    return err;
}
