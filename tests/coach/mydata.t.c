/* My data: every marked text about a person is in their file, none of anybody else's; sheets say
 * the same; deletion takes the content of one person and nothing more. */
#include "coach/mydata.h"
#include "base/csv.h"
#include "coachtest.h"

#include <jansson.h>
#include <zip.h>

/* Content of the person %1$lld, marked with "mark%1$lld-..."; the other one is %2$lld. */
static const char *const content[] = {
    "UPDATE person SET about = 'mark%1$lld-about', locale = 'es', seen_day = 19000 WHERE id = "
    "%1$lld",
    "INSERT INTO person_tag (person_id, kind, value) VALUES (%1$lld, 'subject', 'mark%1$lld-tag')",
    "INSERT INTO need (person_id, skill_id, priority, note, created_ms) "
    "VALUES (%1$lld, 1, 1, 'mark%1$lld-need', 1)",
    "INSERT INTO offer (person_id, skill_id, note, created_ms) "
    "VALUES (%1$lld, 1, 'mark%1$lld-offer', 1)",
    "INSERT INTO evidence (person_id, skill_id, kind, support, level, occasion, segment, "
    "task_name, "
    "day, source, note, entered_by, created_ms) VALUES (%1$lld, 1, 'task', 'joint', 1, "
    "'mark%1$lld-occasion', 'mark%1$lld-segment', 'mark%1$lld-task', 19000, 'entered', "
    "'mark%1$lld-note', %1$lld, 1)",
    "INSERT INTO evidence (person_id, skill_id, kind, support, level, source, note, entered_by, "
    "created_ms) VALUES (%2$lld, 1, 'observed', 'joint', 1, 'entered', 'mark%1$lld-written', "
    "%1$lld, "
    "1)",
    "INSERT INTO zone VALUES (%1$lld, 1, 0.5, 1, 1.5, 1, 1, 1, 0, 2, 3, 1, 2, 2, 3, 5, 1, 1, NULL, "
    "1, "
    "1%%ZONE%%)",
    "INSERT INTO share (owner_id, person_id, kind, object_id, created_ms) "
    "VALUES (%1$lld, %2$lld, 'zones', 1, 1)",
    "INSERT INTO session (token_hash, csrf_key, person_id, how, agent, created_ms, seen_ms, "
    "expires_ms) VALUES (CAST('t%1$lld' AS %%BYTES%%), CAST('k' AS %%BYTES%%), %1$lld, 'password', "
    "'mark%1$lld-agent', 1, 1, 1)",
    "INSERT INTO identity (issuer, subject, person_id, created_ms) "
    "VALUES ('https://x', 'mark%1$lld-subject', %1$lld, 1)",
    "INSERT INTO notice (person_id, kind, from_id, created_ms) "
    "VALUES (%1$lld, 'mark%1$lld-notice', %2$lld, 1)",
    "INSERT INTO notice_setting (person_id, mail, invites, quiet_from, quiet_until, quiet_weekend, "
    "changed_ms) VALUES (%1$lld, 'weekly', 1, 1080, 420, 1, 1)",
    "INSERT INTO credential (person_id, password_hash, changed_ms) "
    "VALUES (%1$lld, 'secret-hash', 1)",
    "INSERT INTO programme (name, framework_id, starts_day, ends_day, state, created_ms, "
    "changed_ms) "
    "VALUES ('mark%1$lld-programme', 1, 19000, 19100, 'open', 1, 1)",
    "INSERT INTO programme_person (programme_id, person_id, state, source, created_ms) "
    "SELECT id, %1$lld, 'in', 'added', 1 FROM programme WHERE name = 'mark%1$lld-programme'",
    "INSERT INTO programme (name, framework_id, starts_day, ends_day, state, created_ms, "
    "changed_ms) "
    "VALUES ('mark%1$lld-ruled', 1, 19000, 19100, 'open', 1, 1)",
    "INSERT INTO programme_rule (programme_id, kind, person_id, other_id, created_ms) "
    "SELECT p.id, 'never', %1$lld, x.id, 1 FROM programme p, person x "
    "WHERE p.name = 'mark%1$lld-ruled' AND x.given_name = 'Zed'",
    "INSERT INTO programme (name, framework_id, starts_day, ends_day, state, created_ms, "
    "changed_ms) "
    "VALUES ('mark%1$lld-round', 1, 19000, 19100, 'open', 1, 1)",
    "INSERT INTO round (programme_id, state, strategy, objective, created_ms, published_ms) "
    "SELECT id, 'published', 'reciprocal', 'served', 1, 1 FROM programme "
    "WHERE name = 'mark%1$lld-round'",
    "INSERT INTO proposal (round_id, pair, learner_id, helper_id, skill_id, gain, reach, origin) "
    "SELECT max(r.id), 1, %1$lld, max(x.id), 1, 1, 1, 'chosen' FROM round r, person x "
    "WHERE x.given_name = 'Zed'",
    "INSERT INTO round_person (round_id, person_id, state) "
    "SELECT max(id), %1$lld, 'served' FROM round",
    "INSERT INTO invitation (token_hash, person_id, purpose, created_ms, expires_ms) "
    "VALUES (CAST('i%1$lld' AS %%BYTES%%), %1$lld, 'code', 1, 1)",
    "INSERT INTO partnership (id, kind, state, agreement, created_ms, moved_ms, asked_by, words) "
    "VALUES (10%1$lld, 'guide', 'active', 'mark%1$lld-agreement', 1, 1, %1$lld, "
    "'mark%1$lld-ask')",
    "INSERT INTO partnership_member (partnership_id, person_id, answer, joined_ms) "
    "VALUES (10%1$lld, %1$lld, 'accepted', 1)",
    "INSERT INTO focus (id, partnership_id, learner_id, skill_id, created_ms) "
    "VALUES (10%1$lld, 10%1$lld, %1$lld, 1, 1)",
    "INSERT INTO cycle (id, partnership_id, focus_id, number, state, stage, goal, look_for, "
    "task_name, strength, step, found, created_ms, changed_ms) "
    "VALUES (10%1$lld, 10%1$lld, 10%1$lld, 1, 'open', 'plan', 'mark%1$lld-goal', "
    "'mark%1$lld-lookfor', 'mark%1$lld-try', 'mark%1$lld-strength', 'mark%1$lld-step', "
    "'mark%1$lld-found', 1, 1)",
    "INSERT INTO note (cycle_id, author_id, stage, kind, words, created_ms, changed_ms) "
    "VALUES (10%1$lld, %1$lld, 'plan', 'private', 'mark%1$lld-private', 1, 1)",
    "INSERT INTO observation (id, cycle_id, author_id, started_ms) "
    "VALUES (10%1$lld, 10%1$lld, %1$lld, 1)",
    "INSERT INTO observation_line (observation_id, client_key, at_ms, words, created_ms) "
    "VALUES (10%1$lld, 'k', 1, 'mark%1$lld-line', 1)",
    "INSERT INTO meeting (partnership_id, state, uid, subject, place, minutes, proposed_by, "
    "created_ms, changed_ms) VALUES (10%1$lld, 'proposed', 'u%1$lld', 'mark%1$lld-topic', "
    "'mark%1$lld-room', 30, %1$lld, 1, 1)",
    "INSERT INTO message (partnership_id, author_id, words, created_ms) "
    "VALUES (10%1$lld, %1$lld, 'mark%1$lld-message', 1)",
    "INSERT INTO message_seen (partnership_id, person_id, message_id) VALUES (10%1$lld, %1$lld, "
    "77)",
    "INSERT INTO calendar_feed (person_id, secret_hash, created_ms) "
    "VALUES (%1$lld, CAST('f%1$lld' AS %%BYTES%%), 1)",
};
static const char *const marks[] = {
    "about",     "tag",   "need",    "offer",   "occasion",  "segment", "task",
    "note",      "agent", "subject", "written", "programme", "ruled",   "round",
    "agreement", "goal",  "lookfor", "try",     "strength",  "step",    "found",
    "private",   "line",  "ask",     "notice",  "topic",     "room",    "message"};
/* What is about the other as well, or by them. */
static bool is_both(const char *mark)
{
    return strcmp(mark, "written") == 0;
}

/* Puts `to` in place of `from`, once. */
static void put(char *text, size_t size, const char *from, const char *to)
{
    char *at = strstr(text, from);
    if (at) {
        char rest[2000];
        snprintf(rest, sizeof rest, "%s", at + strlen(from));
        snprintf(at, size - (size_t)(at - text), "%s%s", to, rest);
    }
}

static void fill(struct coachtest *c, int64_t person, int64_t other, const char *zone)
{
    for (size_t i = 0; i < sizeof content / sizeof *content; i++) {
        char sql[2000] = "", a[24], b[24];
        snprintf(a, sizeof a, "%lld", (long long)person);
        snprintf(b, sizeof b, "%lld", (long long)other);
        snprintf(sql, sizeof sql, "%s", content[i]);
        while (strstr(sql, "%1$lld")) {
            put(sql, sizeof sql, "%1$lld", a);
        }
        while (strstr(sql, "%2$lld")) {
            put(sql, sizeof sql, "%2$lld", b);
        }
        put(sql, sizeof sql, "%%ZONE%%", zone);
        for (int k = 0; k < 2; k++) {
            put(sql, sizeof sql, "%%BYTES%%", c->t->kind == DB_SQLITE ? "BLOB" : "BYTEA");
        }
        coachtest_script(c, sql);
    }
}

static bool has(struct str text, int64_t person, const char *mark)
{
    char needle[60];
    snprintf(needle, sizeof needle, "mark%lld-%s", (long long)person, mark);
    return strstr(text.p, needle) != NULL;
}

static void test_export(struct coachtest *c, int64_t ann, int64_t bob)
{
    struct str json = {"", 0};
    coachtest_as(c, ann);
    coachtest_must(c, coachtest_read(c, mydata_export(&c->coach, &json)), "export");
    json_t *read = json_loadb(json.p, json.n, JSON_REJECT_DUPLICATES, NULL);
    tap_ok(read && json_is_object(read), "%s: the file is JSON", c->name);
    int wrong = 0;
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        wrong += !has(json, ann, marks[i]);
        bool shown = has(json, bob, marks[i]);
        /* What Bob wrote about Ann, or to her, is about Ann. */
        wrong += shown != is_both(marks[i]);
    }
    tap_ok(wrong == 0, "%s: all that is marked as hers is there, nothing that is his", c->name);
    tap_ok(!strstr(json.p, "secret-hash"), "%s: but no secret", c->name);
    json_t *rule = json_array_get(json_object_get(read, "programme_rules"), 0);
    tap_ok(json_object_size(rule) == 3, "%s: of a rule not whom it is about beside her", c->name);
    const json_t *zones = json_object_get(read, "zones");
    tap_ok(json_array_size(zones) == 1 &&
               json_real_value(json_object_get(json_array_get(zones, 0), "alone")) == 0.5 &&
               json_is_true(json_object_get(json_array_get(zones, 0), "enough_evidence")),
           "%s: numbers are numbers", c->name);
    tap_ok(strcmp(json_string_value(json_object_get(read, "made_at")), "2023-11-14T22:13:20Z") ==
                   0 &&
               strstr(json.p, "\"last_here\":\"2022-01-08\""),
           "%s: times and days are ISO 8601", c->name);
    json_decref(read);
    tap_ok(coach_settle(&c->coach) == ERR_OK &&
               coachtest_number(c, "SELECT count(*) FROM audit WHERE verb = 'export'") == 1,
           "%s: it is written down that the file was made", c->name);
    coachtest_as(c, 0);
    tap_ok(coachtest_read(c, mydata_export(&c->coach, &json)) == ERR_FORBIDDEN,
           "%s: for those who have signed in", c->name);
}

static struct str entry(struct arena *arena, struct str zip, const char *name)
{
    zip_error_t error;
    zip_stat_t stat;
    struct str text = {"", 0};
    zip_error_init(&error);
    zip_source_t *source = zip_source_buffer_create(zip.p, zip.n, 0, &error);
    zip_t *archive = source ? zip_open_from_source(source, ZIP_RDONLY, &error) : NULL;
    if (!archive) {
        return text;
    }
    zip_file_t *file = zip_fopen(archive, name, 0);
    if (file && zip_stat(archive, name, 0, &stat) == 0) {
        char *bytes = arena_alloc(arena, stat.size + 1, 1);
        if (zip_fread(file, bytes, stat.size) == (zip_int64_t)stat.size) {
            text = (struct str){bytes, stat.size};
        }
        zip_fclose(file);
    }
    zip_discard(archive);
    return text;
}

/* The zip: every sheet that has something, said what it is, and the same JSON as by itself. */
static void test_bundle(struct coachtest *c, int64_t ann)
{
    struct str zip, json, sheet;
    const char *name;
    char path[100];
    int wrong = 0, unsaid = 0, n = 0;
    coachtest_as(c, ann);
    coachtest_must(c, coachtest_read(c, mydata_bundle(&c->coach, &zip)), "bundle");
    coachtest_must(c, coachtest_read(c, mydata_export(&c->coach, &json)), "export");
    struct arena *arena = c->coach.arena;
    struct str readme = entry(arena, zip, "README.txt");
    for (; coachtest_read(c, mydata_sheet(&c->coach, n, &name, &sheet)) == ERR_OK; n++) {
        snprintf(path, sizeof path, "tables/%s.csv", name);
        struct str table = entry(arena, zip, path);
        bool empty = strchr(sheet.p, '\n') == sheet.p + sheet.n - 1;
        bool same = table.n == sheet.n + 3 && memcmp(table.p, "\xEF\xBB\xBF", 3) == 0 &&
                    memcmp(table.p + 3, sheet.p, sheet.n) == 0;
        if (empty ? table.n != 0 || strstr(readme.p, path) : !same || !strstr(readme.p, path)) {
            printf("# %s\n", path);
            wrong++;
        }
        if (!mydata_about(name)) {
            printf("# mydata_bundle.c does not say what %s is\n", name);
            unsaid++;
        }
    }
    tap_ok(n > 12 && wrong == 0, "%s: the zip has the sheets, and its README names them", c->name);
    tap_ok(unsaid == 0, "%s: and says what they are", c->name);
    tap_ok(str_equal(entry(arena, zip, "everything.json"), json), "%s: and the JSON", c->name);
    coachtest_as(c, 0);
    tap_ok(coachtest_read(c, mydata_bundle(&c->coach, &zip)) == ERR_FORBIDDEN,
           "%s: nobody's is nobody's", c->name);
    coachtest_as(c, ann);
}

static void test_sheets(struct coachtest *c, int64_t ann)
{
    bool found[sizeof marks / sizeof *marks] = {false};
    const char *name = NULL;
    struct str sheet;
    int n = 0, missing = 0, short_ones = 0;
    coachtest_as(c, ann);
    while (coachtest_read(c, mydata_sheet(&c->coach, n, &name, &sheet)) == ERR_OK) {
        for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
            found[i] |= has(sheet, ann, marks[i]);
        }
        short_ones += strlen(name) < 4 || !strchr(sheet.p, '\n');
        n++;
    }
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        missing += !found[i];
    }
    tap_ok(n > 12 && missing == 0 && short_ones == 0, "%s: %d sheets have it all too", c->name, n);
}

static void test_delete(struct coachtest *c, int64_t ann, int64_t bob)
{
    static const char *const tables[] = {"need",       "offer",  "zone",
                                         "person_tag", "notice", "calendar_feed"};
    struct mydata_deleted deleted = {0};
    struct str json;
    char sql[200];
    int wrong = 0;
    coachtest_as(c, ann);
    coachtest_do(c, mydata_delete(&c->coach, &deleted));
    tap_ok(deleted.n_evidence == 2 && deleted.n_needs == 1 && deleted.n_offers == 1 &&
               deleted.n_tags == 1 && deleted.n_shares == 1 && deleted.n_notes == 1 &&
               deleted.n_visits == 1,
           "%s: deletion says what it deleted", c->name);
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        snprintf(sql, sizeof sql, "SELECT count(*) FROM %s WHERE person_id = %lld", tables[i],
                 (long long)ann);
        wrong += coachtest_number(c, sql) != 0;
        snprintf(sql, sizeof sql, "SELECT count(*) FROM %s WHERE person_id = %lld", tables[i],
                 (long long)bob);
        wrong += coachtest_number(c, sql) != 1;
    }
    tap_ok(wrong == 0, "%s: hers is gone, his is there", c->name);
    coachtest_must(c, coachtest_read(c, mydata_export(&c->coach, &json)), "export");
    wrong = 0;
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        bool stays = strcmp(marks[i], "agent") == 0 || strcmp(marks[i], "subject") == 0 ||
                     strcmp(marks[i], "written") == 0 || strcmp(marks[i], "programme") == 0 ||
                     strcmp(marks[i], "ruled") == 0 || strcmp(marks[i], "agreement") == 0;
        wrong += has(json, ann, marks[i]) != stays;
    }
    tap_ok(wrong == 0, "%s: what is left is the account, and what she wrote about others", c->name);
    tap_ok(coachtest_number(c, "SELECT count(*) FROM job WHERE kind = 'refit'") == 1,
           "%s: estimates are made anew", c->name);
    tap_ok(coachtest_number(c, "SELECT count(*) FROM audit WHERE object = 'own-data' "
                               "AND verb = 'remove'") == 1,
           "%s: the audit stays and knows", c->name);
}

/* Every column that refers to a person, and why the file and the deletion are right about it:
 * whoever adds one decides that here. */
static const char *const known[] = {
    "person_tag.person_id: profile, deleted",
    "membership.person_id: roles, the organisation's",
    "roster_role.person_id: the roster's ids of the roles above",
    "evaluator.evaluator_id: the other's",
    "evaluator.person_id: evaluators, the organisation's",
    "credential.person_id: password, without the hash",
    "identity.person_id: single_sign_on",
    "invitation.person_id: invitations, without the key",
    "invitation.created_by: done_by_me",
    "session.person_id: sessions, without keys",
    "need.person_id: needs, deleted",
    "offer.person_id: offers, deleted",
    "rater.person_id: says that they rated; evidence has it",
    "evidence.person_id: evidence, deleted",
    "evidence.entered_by: written_about_others",
    "zone.person_id: zones, deleted",
    "share.owner_id: shared_with, deleted",
    "share.person_id: shared_by_others",
    "import.created_by: done_by_me",
    "programme.created_by: done_by_me",
    "programme_person.person_id: programmes, out of them",
    "programme_rule.person_id: programme_rules, without the other's name; the organisation's",
    "programme_rule.other_id: programme_rules, as above",
    "programme_rule.created_by: done_by_me",
    "comparison.created_by: done_by_me",
    "round.created_by: done_by_me",
    "round.published_by: done_by_me",
    "proposal.learner_id: proposed_to_me",
    "proposal.helper_id: proposed_to_me",
    "round_person.person_id: proposed_to_me",
    "notice.person_id: notices, deleted",
    "notice.from_id: who caused it, in the other's notices",
    "notice_setting.person_id: notice_settings, how the account is used",
    "meeting.proposed_by: meetings; what they wrote of it deleted",
    "message.author_id: messages, deleted",
    "message_seen.person_id: messages_read, how far they have read",
    "calendar_feed.person_id: calendar_feed without the secret, deleted",
    "partnership_member.person_id: partnerships, the others' too",
    "focus.learner_id: who_helps_whom",
    "focus.helper_id: who_helps_whom",
    "partnership.asked_by: partnerships, with the words, which are deleted",
    "cycle_evidence.person_id: says that they recorded a piece; evidence has it",
    "note.author_id: notes, deleted",
    "observation.author_id: visits, deleted",
    "partnership_event.person_id: when what happened; cycles have it",
};

static void test_complete(struct coachtest *c)
{
    static const char sql[] = "SELECT m.name || '.' || f.\"from\" FROM sqlite_master m, "
                              "pragma_foreign_key_list(m.name) f "
                              "WHERE m.type = 'table' AND f.\"table\" = 'person' ORDER BY 1";
    if (c->t->kind != DB_SQLITE) {
        return; /* the same tables */
    }
    struct db *db = coachtest_beside(c);
    struct db_query *q;
    size_t n = 0;
    coachtest_must(c, db_begin(db, DB_READ), "begin");
    coachtest_must(c, db_prepare_text(db, DB_READ, "REFERENCES", sql, &q), "prepare");
    while (db_step(q) == ERR_OK) {
        struct str column = db_text(q, 0);
        bool found = false;
        for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
            found |= strncmp(known[i], column.p, column.n) == 0 && known[i][column.n] == ':';
        }
        n++;
        if (!found) {
            tap_ok(false, "%.*s is not said to be exported, deleted or neither", (int)column.n,
                   column.p);
        }
    }
    db_drop(q);
    db_rollback(db);
    tap_ok(n == sizeof known / sizeof *known, "%s: all %zu columns that refer to people are known",
           c->name, n);
}

static void suite(const struct dbtest *t)
{
    struct coachtest c;
    char zone[200] = "";
    coachtest_open(&c, t);
    coachtest_script(&c,
                     "INSERT INTO framework (name, created_ms, changed_ms) VALUES ('F', 1, 1);"
                     "INSERT INTO domain (framework_id, position, name) VALUES (1, 1, 'D');"
                     "INSERT INTO skill (framework_id, domain_id, code, position, name, levels) "
                     "VALUES (1, 1, 'A', 1, 'Asking', 4)");
    int64_t ann = coachtest_person(&c, "Ann", "Abel"), bob = coachtest_person(&c, "Bob", "Bell");
    (void)coachtest_person(&c, "Zed", "Zimmer");
    for (int i = 0; i < 9; i++) { /* what the last refit knew */
        snprintf(zone + strlen(zone), sizeof zone - strlen(zone), ", 0");
    }
    fill(&c, ann, bob, zone);
    fill(&c, bob, ann, zone);
    test_complete(&c);
    test_export(&c, ann, bob);
    test_sheets(&c, ann);
    test_bundle(&c, ann);
    test_delete(&c, ann, bob);
    coachtest_close(&c);
}

int main(void)
{
    dbtest_both(suite);
    return tap_done();
}
