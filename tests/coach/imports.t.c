/* Files that wait, looking at them, applying them; evidence from a file. */
#include "coach/imports.h"

#include "base/catalog.h"

#include "coach/imports_options.h"
#include "skills_test.h"
#include "zip_test.h"

static struct world w;
static struct coachtest *const c = &w.c;
static const char *data;

static void write_file(const char *path, struct str bytes)
{
    FILE *out = fopen(path, "wb");
    zip_test_require(out && fwrite(bytes.p, 1, bytes.n, out) == bytes.n && !fclose(out), path);
}

/* Keeps a file that waits. */
static int64_t keep(enum imports_kind kind, const char *name, struct str bytes)
{
    struct str path;
    int64_t id = 0;
    coachtest_must(c, coachtest_read(c, imports_place(&c->coach, data, &path)), "place");
    write_file(path.p, bytes);
    coachtest_do(c, imports_add(&c->coach, kind, str_of(name), path, &id));
    return id;
}

static struct imports_view look(int64_t id)
{
    struct imports_view view;
    coachtest_must(c, coachtest_read(c, imports_look(&c->coach, data, id, &view)), "look");
    return view;
}

static bool there(const struct imports_item *item)
{
    char path[600];
    snprintf(path, sizeof path, "%s/imports/%s", data, item->stored_as.p);
    return access(path, F_OK) == 0;
}

#define SHEET "name,email,school,subjects\nAnn Okafor,ann@x.org,North,Art\nBen Sorel,bad,North,\n"

static void test_life(void)
{
    struct imports_view view;
    struct imports_item *items, item;
    struct imports_options options = {.skip_bad = true, .system = {"", 0}};
    size_t n;
    int64_t people = coachtest_number(c, "SELECT count(*) FROM person");
    int64_t id = keep(IMPORTS_PEOPLE, "C:\\staff\n.csv", str_of(SHEET));
    view = look(id);
    tap_ok(view.stop == IMPORTS_STOP_ROWS && view.problems.total == 1 && view.plan &&
               view.plan->n[IMPORT_PERSON_ADD] == 1 && view.sheet->n_columns == 4,
           "%s: a look shows columns, plan and problems", c->name);
    tap_text(view.item.file_name.p, "C:\\staff\\n.csv", "%s: its name is safe to show", c->name);
    tap_text(view.problems.items[0].file, "C:\\staff\\n.csv", "%s: also in problems", c->name);
    tap_ok(coachtest_write(c, imports_apply(&c->coach, data, id, &view)) == ERR_REFUSED &&
               view.stop == IMPORTS_STOP_ROWS,
           "%s: it is not applied with problems", c->name);
    coachtest_do(c, imports_set_options(&c->coach, id, &options));
    view = look(id);
    tap_ok(view.stop == IMPORTS_GO && view.item.options.skip_bad, "%s: unless told to", c->name);
    tap_ok(coachtest_number(c, "SELECT count(*) FROM person") == people, "%s: nothing yet",
           c->name);
    coachtest_do(c, imports_apply(&c->coach, data, id, &view));
    tap_text(view.item.summary.p, "unit_add=1 person_add=1 member_add=1 tag_fill=1 left_out=1",
             "%s: applied", c->name);
    tap_ok(coachtest_number(c, "SELECT count(*) FROM person") == people + 1, "%s: and there",
           c->name);
    tap_ok(coachtest_write(c, imports_apply(&c->coach, data, id, &view)) == ERR_CONFLICT,
           "%s: once only", c->name);
    tap_ok(there(&view.item), "%s: the file is there until after the commit", c->name);
    imports_drop_file(data, &view.item);
    tap_ok(!there(&view.item), "%s: then it goes", c->name);

    id = keep(IMPORTS_PEOPLE, "again.csv", str_of(SHEET));
    coachtest_do(c, imports_set_options(&c->coach, id, &options));
    view = look(id);
    tap_ok(view.stop == IMPORTS_STOP_EMPTY, "%s: the same again would change nothing", c->name);
    coachtest_do(c, imports_discard(&c->coach, id, &item));
    imports_drop_file(data, &item);
    tap_ok(coachtest_read(c, imports_look(&c->coach, data, id, &view)) == ERR_CONFLICT,
           "%s: discarded", c->name);
    coachtest_must(c, coachtest_read(c, imports_list(&c->coach, 10, &items, &n)), "list");
    tap_ok(n == 2 && items[0].state == IMPORTS_DISCARDED && items[1].state == IMPORTS_APPLIED &&
               items[1].finished_ms == COACHTEST_NOW,
           "%s: the list has both, the newest first", c->name);
    tap_ok(coachtest_read(c, imports_get(&c->coach, 999, &item)) == ERR_NOT_FOUND,
           "%s: one that is not there", c->name);
}

static void test_columns(void)
{
    struct imports_options options = {.system = {"", 0}};
    int64_t id = keep(IMPORTS_PEOPLE, "odd.csv", str_of("a,b\nZoe Zeta,North\n"));
    struct imports_view view = look(id);
    tap_ok(view.stop == IMPORTS_STOP_FILE && view.sheet && view.sheet->n_columns == 2 &&
               str_is(view.sheet->columns[1].samples[0], "North"),
           "%s: columns that nobody knows, with samples", c->name);
    options.columns =
        (struct people_sheet_mapping){.fields = {PEOPLE_SHEET_NAME, PEOPLE_SHEET_UNIT}, .n = 2};
    coachtest_do(c, imports_set_options(&c->coach, id, &options));
    view = look(id);
    tap_ok(view.stop == IMPORTS_GO && view.plan->n[IMPORT_PERSON_ADD] == 1,
           "%s: are what somebody says", c->name);
    coachtest_do(c, imports_discard(&c->coach, id, &view.item));
    imports_drop_file(data, &view.item);
}

static void test_roster(void)
{
    const struct zip_test_file files[] = {
        {"orgs.csv", "sourcedId,name,type\ns1,North,school\n"},
        {"users.csv", "sourcedId,givenName,familyName,role,orgSourcedIds\nt1,A,B,teacher,s1\n"},
        {NULL, NULL}};
    struct imports_options options = {.system = str_of("My SIS"), .complete = true};
    struct str zip = zip_test_make(c->coach.arena, files, NULL);
    int64_t id = keep(IMPORTS_ONEROSTER, "export.zip", zip);
    coachtest_do(c, imports_set_options(&c->coach, id, &options));
    struct imports_view view = look(id);
    tap_ok(view.stop == IMPORTS_GO && str_is(view.source, "oneroster:My SIS") &&
               view.plan->set->people_complete,
           "%s: a roster, with a name for its system", c->name);
    imports_drop_file(data, &view.item);
    tap_ok(coachtest_read(c, imports_look(&c->coach, data, id, &view)) == ERR_IO,
           "%s: whose file is gone", c->name);
    id = keep(IMPORTS_ONEROSTER, "export.zip", (struct str){zip.p, zip.n / 2});
    view = look(id);
    tap_ok(view.stop == IMPORTS_STOP_FILE && view.problems.total == 1 &&
               strstr(view.problems.items[0].message, "not a zip file, or its end is missing") &&
               strcmp(view.problems.items[0].file, "export.zip") == 0,
           "%s: half a zip", c->name);
    imports_drop_file(data, &view.item);

    char path[600];
    snprintf(path, sizeof path, "%s/x.zip", data);
    write_file(path, zip);
    enum err err =
        coachtest_read(c, imports_look_at(&c->coach, IMPORTS_ONEROSTER, path, &options, &view));
    tap_ok(!err && view.stop == IMPORTS_GO && strcmp(view.item.file_name.p, path) == 0,
           "%s: a file that is not kept", c->name);
    coachtest_do(c, imports_apply_from(&c->coach, IMPORTS_ONEROSTER, path, &options, &view));
    err = coachtest_read(c, imports_look_at(&c->coach, IMPORTS_ONEROSTER, path, &options, &view));
    tap_ok(!err && view.stop == IMPORTS_STOP_EMPTY, "%s: applied from where it is", c->name);
    unlink(path);
    err = coachtest_read(c, imports_look_at(&c->coach, IMPORTS_ONEROSTER, path, &options, &view));
    tap_ok(!err && view.stop == IMPORTS_STOP_FILE &&
               strstr(view.problems.items[0].message, "cannot be opened"),
           "%s: one that is not there", c->name);
    err = coachtest_read(c, imports_look_at(&c->coach, IMPORTS_PEOPLE, path, &options, &view));
    tap_ok(!err && view.stop == IMPORTS_STOP_FILE, "%s: nor as a sheet", c->name);
}

static void test_options(void)
{
    struct imports_options options = {
        .skip_bad = true,
        .accept_leavers = true,
        .complete = true,
        .system = str_of("a=b, c"),
        .framework_id = 77,
        .columns = {.fields = {PEOPLE_SHEET_ID, PEOPLE_SHEET_NOTHING, PEOPLE_SHEET_ACTIVE},
                    .n = 3}};
    struct imports_options read;
    struct str text;
    coachtest_must(c, imports_options_write(c->coach.arena, &options, &text), "options");
    imports_options_read(text, &read);
    tap_ok(read.skip_bad && read.accept_leavers && read.complete && str_is(read.system, "a=b, c") &&
               read.framework_id == 77 && read.columns.n == 3 &&
               memcmp(read.columns.fields, options.columns.fields, 3 * sizeof(int)) == 0,
           "%s: options as text and back", c->name);
    imports_options_read(str_of("x\n=\ncolumns=id,what\nframework=x\nskip_bad=2"), &read);
    tap_ok(!read.skip_bad && read.framework_id == 0 && read.columns.n == 2 &&
               read.columns.fields[1] == PEOPLE_SHEET_NOTHING,
           "%s: what is no option is left out", c->name);
}

/* ---- evidence ---- */

#define HEAD "person,skill,level,rater,occasion,date,support,kind,task,difficulty\n"

static struct imports_view evidence(const char *rows, bool apply)
{
    struct imports_options options = {.framework_id = w.framework, .system = {"", 0}};
    struct imports_view view;
    char path[600];
    snprintf(path, sizeof path, "%s/evidence.csv", data);
    write_file(path, str_of(rows));
    enum err err = apply ? coachtest_write(c, imports_apply_from(&c->coach, IMPORTS_EVIDENCE, path,
                                                                 &options, &view))
                         : coachtest_read(c, imports_look_at(&c->coach, IMPORTS_EVIDENCE, path,
                                                             &options, &view));
    coachtest_must(c, err == ERR_REFUSED ? ERR_OK : err, "evidence");
    unlink(path);
    return view;
}

static const char *code_of(int skill)
{
    static char code[64];
    struct framework *tree;
    coachtest_must(c,
                   coachtest_read(c, frameworks_get(&c->coach, w.framework, str_of(""), 0, &tree)),
                   "framework");
    snprintf(code, sizeof code, "%s", framework_find_skill(tree, w.skills[skill])->code.p);
    return code;
}

static void test_evidence(void)
{
    char rows[2048], shuffled[2048], code[64];
    snprintf(code, sizeof code, "%s", code_of(0));
    coachtest_script(c, "UPDATE person SET external_id = 'x1' WHERE given_name = 'P01'");
    snprintf(rows, sizeof rows,
             HEAD "x1,%s,3,P02 Person,v1,2026-10-05,,,,\n"
                  "P3@example.org,%s,2,Somebody Else,,2026-10-06,prompted,,,\n"
                  "x1,%s,2,,,,,self,,\nx1,%s,2,,,,,self,,\n"
                  "x1,%s,1,,,2026-10-07,joint,task,A task of ours,0.5\n",
             code, code, code, code, code);
    int64_t before = coachtest_number(c, "SELECT count(*) FROM evidence");
    struct imports_view view = evidence(rows, false);
    tap_ok(view.stop == IMPORTS_GO && view.rows && view.rows->n_rows == 5 &&
               view.rows->n_there == 0 && view.rows->n_people == 2 && view.rows->n_skills == 1 &&
               view.rows->n_raters == 2 && view.rows->n_raters_unknown == 1 &&
               view.rows->last_day - view.rows->first_day == 2,
           "%s: a look at evidence", c->name);
    tap_ok(coachtest_number(c, "SELECT count(*) FROM evidence") == before, "%s: only a look",
           c->name);
    view = evidence(rows, true);
    tap_ok(coachtest_number(c, "SELECT count(*) FROM evidence") == before + 5, "%s: applied",
           c->name);
    tap_ok(coachtest_number(c, "SELECT count(*) FROM evidence e JOIN rater r ON r.id = e.rater_id "
                               "JOIN person p ON p.id = r.person_id WHERE p.given_name = 'P02' "
                               "AND e.level = 3 AND e.occasion = 'v1' AND e.day = 20731 "
                               "AND e.support = 'independent' AND e.source = 'file' "
                               "AND e.entered_by IS NULL") == 1,
           "%s: a person as rater, by name; entered by nobody", c->name);
    tap_ok(coachtest_number(c, "SELECT count(*) FROM evidence e JOIN rater r ON r.id = e.rater_id "
                               "WHERE r.name = 'Somebody Else' AND e.occasion = '' AND e.support = "
                               "'prompted' AND e.level = 2") == 1,
           "%s: a rater by name only", c->name);
    tap_ok(coachtest_number(c, "SELECT count(*) FROM evidence WHERE kind = 'task' AND level = 1 "
                               "AND task_name = 'A task of ours' AND difficulty = 0.5") == 1,
           "%s: a task with its difficulty", c->name);
    tap_ok(coachtest_number(c, "SELECT count(*) FROM job WHERE kind = 'refit'") == 1,
           "%s: a refit waits", c->name);
    view = evidence(rows, true);
    tap_ok(view.stop == IMPORTS_STOP_EMPTY && view.rows->n_there == 5 &&
               coachtest_number(c, "SELECT count(*) FROM evidence") == before + 5,
           "%s: the same again changes nothing", c->name);
    snprintf(shuffled, sizeof shuffled,
             HEAD "x1,%s,2,,,,,self,,\nx1,%s,2,,,,,self,,\nx1,%s,2,,,,,self,,\n"
                  "P01 Person,%s,3,P02 Person,v1,5.10.2026,independent,observed,,\n",
             code, code, code, code);
    view = evidence(shuffled, true);
    tap_ok(view.rows->n_there == 3 && view.rows->n_rows == 1 &&
               coachtest_number(c, "SELECT count(*) FROM evidence") == before + 6,
           "%s: in another order and spelling only what is new: a third of equal rows", c->name);
}

static void test_bad_evidence(void)
{
    struct imports_options options = {.system = {"", 0}};
    struct imports_view view;
    char rows[1024];
    snprintf(rows, sizeof rows, HEAD "P99,%s,2,,,,,,,\nx1,%s,9,,,,,,,\nx1,nothing,2,,,,,,,\n",
             code_of(0), code_of(0));
    view = evidence(rows, false);
    tap_ok(view.stop == IMPORTS_STOP_WHOLE && view.problems.total == 3 &&
               strstr(view.problems.items[0].message, "no person with this id, e-mail address or "
                                                      "name in Duet") &&
               strstr(view.problems.items[1].hint, "the framework says how many") &&
               strstr(view.problems.items[2].message, "no skill with this code or name in Duet"),
           "%s: people, levels and skills that are not there", c->name);
    view = evidence(HEAD, false);
    tap_ok(view.stop == IMPORTS_STOP_FILE, "%s: no rows", c->name);
    coachtest_must(
        c, coachtest_read(c, imports_look_at(&c->coach, IMPORTS_EVIDENCE, "x", &options, &view)),
        "look");
    tap_ok(view.stop == IMPORTS_STOP_OPTIONS, "%s: which framework?", c->name);
}

static void test_permission(void)
{
    struct str path;
    struct imports_view view;
    struct imports_item item;
    struct imports_options options = {.system = {"", 0}};
    struct imports_item *items;
    size_t n;
    int64_t id = keep(IMPORTS_PEOPLE, "a.csv", str_of("name\nMallory M\n"));
    view = look(id);
    coachtest_as(c, w.people[0]);
    tap_ok(coachtest_read(c, imports_place(&c->coach, data, &path)) == ERR_FORBIDDEN &&
               coachtest_write(c, imports_add(&c->coach, IMPORTS_PEOPLE, str_of("x"), str_of("y"),
                                              &id)) == ERR_FORBIDDEN &&
               coachtest_read(c, imports_look(&c->coach, data, id, &view)) == ERR_FORBIDDEN &&
               coachtest_write(c, imports_apply(&c->coach, data, id, &view)) == ERR_FORBIDDEN &&
               coachtest_write(c, imports_discard(&c->coach, id, &item)) == ERR_FORBIDDEN &&
               coachtest_write(c, imports_set_options(&c->coach, id, &options)) == ERR_FORBIDDEN &&
               coachtest_read(c, imports_list(&c->coach, 9, &items, &n)) == ERR_FORBIDDEN &&
               coachtest_read(c, imports_get(&c->coach, id, &item)) == ERR_FORBIDDEN,
           "%s: a participant may do nothing with imports", c->name);
    coachtest_as_system(c);
    int64_t root = coachtest_number(c, "SELECT id FROM unit WHERE parent_id IS NULL");
    coachtest_role(c, w.people[1], root, ROLE_ADMINISTRATOR);
    coachtest_as(c, w.people[1]);
    id = keep(IMPORTS_PEOPLE, "a.csv", str_of("name\nZed Z\n"));
    view = look(id);
    coachtest_do(c, imports_apply(&c->coach, data, id, &view));
    tap_ok(view.item.state == IMPORTS_APPLIED && view.item.created_by == w.people[1],
           "%s: an administrator may", c->name);
    coachtest_as_system(c);
    tap_ok(coachtest_write(c, imports_add(&c->coach, IMPORTS_PEOPLE, str_of("x"),
                                          str_of("/etc/passwd"), &id)) == ERR_INVALID,
           "%s: a path that is not from here", c->name);
}

/* What is wrong is said in the language of whoever looks. */
static void test_language(void)
{
    struct imports_options options = {.skip_bad = true, .system = {"", 0}};
    struct imports_view view;
    struct catalogs catalogs;
    char path[600];
    coachtest_must(c,
                   catalogs_open(c->coach.arena, catalog_files, catalog_n_files, true, &catalogs),
                   "catalogues");
    snprintf(path, sizeof path, "%s/x.csv", data);
    write_file(path, str_of("name,email,notes\nAnn,none,\n"));
    c->coach.catalog = catalogs_find(&catalogs, str_of("es"));
    coachtest_must(
        c, coachtest_read(c, imports_look_at(&c->coach, IMPORTS_PEOPLE, path, &options, &view)),
        "look");
    tap_text(view.problems.items[0].message, "no es una direcci\xC3\xB3n de correo",
             "%s: in Spanish", c->name);
    tap_text(view.problems.notes[0].text, "La columna \xC2\xABnotes\xC2\xBB no se usa.",
             "%s: notes too", c->name);
    c->coach.catalog = catalogs_find(&catalogs, str_of("qps"));
    coachtest_must(
        c, coachtest_read(c, imports_look_at(&c->coach, IMPORTS_PEOPLE, path, &options, &view)),
        "look");
    tap_ok(strstr(view.problems.notes[0].text, "\"notes\"") != NULL,
           "%s: values stay in a made-up language", c->name);
    c->coach.catalog = NULL;
    unlink(path);
}

#define WAITING "SELECT count(*) FROM import WHERE state = 'waiting'"

static void test_sweep(void)
{
    struct imports_item *items;
    size_t n;
    int32_t removed = 0;
    char path[600];
    coachtest_must(c, coachtest_read(c, imports_list(&c->coach, 1, &items, &n)), "list");
    coachtest_do(c, imports_sweep(&c->coach, data, &removed));
    tap_ok(removed == 0 && there(&items[0]), "%s: young files stay", c->name);
    int64_t waiting = coachtest_number(c, WAITING);
    c->coach.now_ms = items[0].created_ms + COACH_DAY_MS - COACH_MINUTE_MS;
    coachtest_do(c, imports_sweep(&c->coach, data, &removed));
    tap_ok(waiting > 0 && coachtest_number(c, WAITING) == waiting,
           "%s: what nobody has confirmed waits for a day", c->name);
    c->coach.now_ms = items[0].created_ms + COACH_DAY_MS + COACH_MINUTE_MS;
    coachtest_do(c, imports_sweep(&c->coach, data, &removed));
    tap_ok(coachtest_number(c, WAITING) == 0, "%s: and is discarded then", c->name);
    c->coach.now_ms = coach_clock_ms() + 2 * COACH_DAY_MS;
    coachtest_do(c, imports_sweep(&c->coach, data, &removed));
    tap_ok(removed > 0 && !there(&items[0]), "%s: old ones that nobody waits for go", c->name);
    c->coach.now_ms = COACHTEST_NOW;
    snprintf(path, sizeof path, "%s/imports", data);
    tap_ok(rmdir(path) == 0, "%s: nothing is left", c->name);
}

static void suite(const struct dbtest *t)
{
    world_make(&w, t, 5);
    data = t->folder;
    test_life();
    test_columns();
    test_roster();
    test_options();
    test_evidence();
    test_bad_evidence();
    test_permission();
    test_language();
    test_sweep();
    coachtest_close(c);
}

int main(void)
{
    dbtest_both(suite);
    return tap_done();
}
