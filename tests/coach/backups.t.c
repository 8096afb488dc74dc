/* Backups that Duet keeps: written and readable, listed by their moment, thinned out, handed out to
 * administrators only and noted, other files of the folder left alone. */
#include "coach/backups.h"
#include "coach/coachtest.h"
#include "db/backup.h"

#include <string.h>
#include <sys/stat.h>

#define DAY INT64_C(86400000)

static struct backups_list list_of(struct coachtest *c)
{
    struct backups_list list;
    coachtest_must(c, coachtest_read(c, backups_list(&c->coach, c->t->folder, &list)), "list");
    return list;
}

static enum err write_at(struct coachtest *c, const char *data_dir, int64_t now_ms, char *message,
                         size_t size)
{
    c->coach.now_ms = now_ms;
    return backups_write(&c->coach, data_dir, c->t->where, message, size);
}

static void path_in(const struct coachtest *c, const char *name, char *path, size_t size)
{
    snprintf(path, size, "%s/backups/%s", c->t->folder, name);
}

static void make_file(const struct coachtest *c, const char *name)
{
    char path[400];
    path_in(c, name, path, sizeof path);
    FILE *file = fopen(path, "w");
    if (file) {
        fclose(file);
    }
}

static bool drop_file(const struct coachtest *c, const char *name)
{
    char path[400];
    path_in(c, name, path, sizeof path);
    return unlink(path) == 0;
}

static void test_write(struct coachtest *c)
{
    char message[300] = "", path[400];
    struct copy_report report;
    struct stat found;
    int version;
    tap_ok(list_of(c).n == 0, "%s: without a folder there are none", c->name);
    enum err err = write_at(c, c->t->folder, COACHTEST_NOW, message, sizeof message);
    struct backups_list list = list_of(c);
    tap_ok(err == ERR_OK && list.n == 1 &&
               strcmp(list.items[0].name, "duet-20231114-221320.db") == 0 &&
               list.items[0].at_ms == COACHTEST_NOW && list.items[0].size > 0,
           "%s: one is written, called by its moment", c->name);
    path_in(c, "duet-20231114-221320.db", path, sizeof path);
    err = backup_check(path, c->coach.arena, &report, &version, message, sizeof message);
    tap_ok(err == ERR_OK && stat(path, &found) == 0 && (found.st_mode & 077) == 0,
           "%s: it is sound, and its owner's only", c->name);
    err = write_at(c, "/nowhere/at/all", COACHTEST_NOW, message, sizeof message);
    tap_ok(err == ERR_IO && message[0] != '\0', "%s: without a place it says why", c->name);
}

static void test_who(struct coachtest *c)
{
    struct backups_list list;
    const char *path;
    char message[300];
    int64_t ann = coachtest_person(c, "Ann", "Abel"), ada = coachtest_person(c, "Ada", "Min");
    int64_t top = coachtest_unit(c, 0, UNIT_ORGANISATION, "Org");
    coachtest_as_system(c);
    coachtest_do(c, roles_add(&c->coach, ada, top, ROLE_ADMINISTRATOR, NULL));
    struct str name = str_of("duet-20231114-221320.db");
    coachtest_as(c, ann);
    tap_ok(coachtest_read(c, backups_list(&c->coach, c->t->folder, &list)) == ERR_FORBIDDEN &&
               coachtest_write(c, backups_path(&c->coach, c->t->folder, name, &path)) ==
                   ERR_FORBIDDEN &&
               coachtest_write(c, backups_ask(&c->coach)) == ERR_FORBIDDEN &&
               write_at(c, c->t->folder, COACHTEST_NOW, message, sizeof message) == ERR_FORBIDDEN,
           "%s: a participant sees, takes and makes none", c->name);
    coachtest_as(c, ada);
    int64_t before = coachtest_number(c, "SELECT count(*) FROM audit");
    tap_ok(coachtest_write(c, backups_path(&c->coach, c->t->folder, name, &path)) == ERR_OK &&
               strstr(path, "/backups/duet-20231114-221320.db") &&
               coachtest_number(c, "SELECT count(*) FROM audit") == before + 1,
           "%s: an administrator takes one, and it is noted", c->name);
    static const char *const wrong[] = {"../duet.db", "duet-20231114-221321.db", "", "other.db"};
    bool refused = true;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        refused =
            refused && coachtest_write(c, backups_path(&c->coach, c->t->folder, str_of(wrong[i]),
                                                       &path)) == ERR_NOT_FOUND;
    }
    tap_ok(refused, "%s: and nothing else of the disk", c->name);
    tap_ok(coachtest_write(c, backups_ask(&c->coach)) == ERR_OK &&
               coachtest_write(c, backups_ask(&c->coach)) == ERR_OK &&
               coachtest_number(c, "SELECT count(*) FROM job WHERE kind = 'backup'") == 1,
           "%s: asked for twice it is queued once", c->name);
    coachtest_as_system(c);
}

static void test_thinning(struct coachtest *c)
{
    char message[300], name[BACKUPS_NAME];
    static const char *const others[] = {"notes.txt", "duet-20231314-221320.db",
                                         "duet-20200101-000000.db-wal"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        make_file(c, others[i]);
    }
    for (int i = 1; i <= BACKUPS_KEPT; i++) { /* days before the one that is there */
        snprintf(name, sizeof name, "duet-202310%02d-000000.db", i);
        make_file(c, name);
    }
    enum err err = write_at(c, c->t->folder, COACHTEST_NOW + DAY, message, sizeof message);
    struct backups_list list = list_of(c);
    tap_ok(err == ERR_OK && list.n == BACKUPS_KEPT &&
               strcmp(list.items[0].name, "duet-20231115-221320.db") == 0 &&
               strcmp(list.items[BACKUPS_KEPT - 1].name, "duet-20231003-000000.db") == 0,
           "%s: the last %d are kept, the newest first", c->name, BACKUPS_KEPT);
    bool there = true;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        there = drop_file(c, others[i]) && there;
    }
    tap_ok(there, "%s: other files stay", c->name);
    for (size_t i = 0; i < list.n; i++) {
        drop_file(c, list.items[i].name);
    }
    char folder[400];
    snprintf(folder, sizeof folder, "%s/backups", c->t->folder);
    rmdir(folder);
}

static void suite(const struct dbtest *t)
{
    struct coachtest c;
    coachtest_open(&c, t);
    test_write(&c);
    test_who(&c);
    test_thinning(&c);
    coachtest_close(&c);
}

int main(void)
{
    dbtest_both(suite);
    return tap_done();
}
