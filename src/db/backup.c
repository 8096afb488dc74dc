/* Writing, checking and restoring backups. */
#include "db/backup.h"

#include "db/backup_file.h"
#include "db/migrate.h"
#include "db/schema.h"

#include <sys/stat.h>
#include <unistd.h>

static bool is_there(const char *path)
{
    return access(path, F_OK) == 0;
}

/* A file must not be written over itself. */
static bool same_file(const char *a, const char *b)
{
    struct stat sa, sb;
    return stat(a, &sa) == 0 && stat(b, &sb) == 0 && sa.st_dev == sb.st_dev &&
           sa.st_ino == sb.st_ino;
}

/* Whether `to` may be written from `from`. */
static enum err check_target(const char *from, const char *to, bool replace,
                             const struct backup_note *note)
{
    if (!replace && is_there(to)) {
        return backup_say(note, ERR_REFUSED, "%s is there already", to);
    }
    if (same_file(from, to)) {
        return backup_say(note, ERR_REFUSED, "%s and %s are the same file", from, to);
    }
    return ERR_OK;
}

/* The failure of a connection. */
static enum err said(const struct backup_note *note, enum err err, const struct db *db)
{
    return err == ERR_OK ? ERR_OK : backup_say(note, err, "%s: %s", db_place(db), db_message(db));
}

static enum err check_pages(struct db *db)
{
    struct db_query *query;
    enum err err = db_prepare_text(db, DB_READ, "backup",
                                   "SELECT integrity_check FROM pragma_integrity_check(1)", &query);
    if (err == ERR_OK) {
        err = db_step(query);
    }
    if (err == ERR_OK && !str_is(db_text(query, 0), "ok")) {
        err = db_fail(db, NULL, ERR_IO, "is damaged: %.*s", (int)db_text(query, 0).n,
                      db_text(query, 0).p);
    }
    int64_t n_dangling = 0;
    if (err == ERR_OK) {
        err = schema_ask(db, "SELECT count(*) FROM pragma_foreign_key_check", &n_dangling);
    }
    if (err == ERR_OK && n_dangling > 0) {
        err =
            db_fail(db, NULL, ERR_REFERENCE, "%d of its references lead nowhere", (int)n_dangling);
    }
    return err;
}

/* The migrations of an open database; an empty one is refused. */
static enum err check_version(struct db *db, int *version)
{
    enum err err = migrate_version(db, version);
    return err == ERR_OK && *version == 0 ? db_fail(db, NULL, ERR_REFUSED, "has no Duet in it")
                                          : err;
}

enum err backup_check(const char *file, struct arena *arena, struct copy_report *report,
                      int *version, char *message, size_t size)
{
    const struct backup_note note = {message, size};
    struct db *db;
    enum err err = db_open_sealed(file, &db, message, size);
    if (err != ERR_OK) {
        return err;
    }
    err = db_begin(db, DB_READ);
    if (err == ERR_OK) {
        err = check_pages(db);
        db_rollback(db);
    }
    if (err == ERR_OK) {
        err = check_version(db, version);
    }
    if (err == ERR_OK) {
        err = db_begin(db, DB_READ);
    }
    if (err == ERR_OK) {
        err = copy_checksums(db, arena, report);
    }
    err = said(&note, err, db);
    db_close(db);
    return err;
}

/* The new file must hold what the source held. */
static enum err check_copy(const char *file, struct arena *arena, const struct copy_report *source,
                           const struct backup_note *note)
{
    struct copy_report copy;
    const char *table;
    int version;
    enum err err = backup_check(file, arena, &copy, &version, note->message, note->size);
    if (err == ERR_OK && !copy_same(source, &copy, &table)) {
        err = backup_say(note, ERR_IO, "table %s of the copy is not what was copied", table);
    }
    return err;
}

/* The pages of an open database as they stand, while its report is made. */
static enum err copy_pages(struct db *db, const char *file, struct arena *arena,
                           struct copy_report *report, const struct backup_note *note)
{
    int version;
    enum err err = check_version(db, &version);
    if (err == ERR_OK) {
        err = db_begin(db, DB_READ);
    }
    if (err == ERR_OK) {
        err = copy_checksums(db, arena, report);
    }
    err = said(note, err, db);
    if (err == ERR_OK) {
        err = backup_file_pages(db, file, note);
    }
    db_rollback(db);
    return err;
}

static enum err copy_rows(struct db *db, const char *file, struct arena *arena,
                          struct copy_report *report, const struct backup_note *note)
{
    struct db *to;
    int version;
    enum err err = said(note, check_version(db, &version), db);
    if (err == ERR_OK) {
        err = db_open(file, NULL, 0, &to, note->message, note->size);
    }
    if (err == ERR_OK) {
        err = copy_database(db, to, arena, report, note->message, note->size);
        db_close(to);
    }
    return err == ERR_OK ? backup_file_seal(file, note) : err;
}

/* A copy of the open database under the new name; the name is what is left to do. */
static enum err make_copy(struct db *db, const char *new_name, struct arena *arena,
                          struct copy_report *report, const struct backup_note *note)
{
    enum err err = db_kind(db) == DB_SQLITE ? copy_pages(db, new_name, arena, report, note)
                                            : copy_rows(db, new_name, arena, report, note);
    return err == ERR_OK ? check_copy(new_name, arena, report, note) : err;
}

static enum err open_source(const char *where, struct db **db, const struct backup_note *note)
{
    if (!db_is_address(where) && !is_there(where)) {
        return backup_say(note, ERR_NOT_FOUND, "there is no database %s", where);
    }
    return db_open(where, NULL, 0, db, note->message, note->size);
}

enum err backup_write(const char *where, const char *file, bool replace, struct arena *arena,
                      struct copy_report *report, char *message, size_t size)
{
    const struct backup_note note = {message, size};
    char new_name[BACKUP_MAX_PATH];
    struct db *db;
    enum err err = check_target(where, file, replace, &note);
    if (err == ERR_OK) {
        err = open_source(where, &db, &note);
    }
    if (err != ERR_OK) {
        return err;
    }
    err = backup_file_new(file, new_name, &note);
    if (err == ERR_OK) {
        err = make_copy(db, new_name, arena, report, &note);
        if (err == ERR_OK) {
            err = backup_file_place(new_name, file, &note);
        }
        if (err != ERR_OK) {
            backup_file_remove(new_name);
        }
    }
    db_close(db);
    return err;
}

static enum err restore_to_file(struct db *db, const char *where, bool replace, struct arena *arena,
                                struct copy_report *report, const struct backup_note *note)
{
    char new_name[BACKUP_MAX_PATH];
    enum err err = check_target(db_place(db), where, replace, note);
    if (err == ERR_OK) {
        err = backup_file_new(where, new_name, note);
    }
    if (err != ERR_OK) {
        return err;
    }
    err = make_copy(db, new_name, arena, report, note);
    if (err == ERR_OK) {
        err = backup_file_replace(new_name, where, note);
    }
    if (err != ERR_OK) {
        backup_file_remove(new_name);
    }
    return err;
}

static enum err restore_to_server(struct db *db, const char *where, struct arena *arena,
                                  struct copy_report *report, const struct backup_note *note)
{
    struct db *to;
    enum err err = db_open(where, NULL, 0, &to, note->message, note->size);
    if (err == ERR_OK) {
        err = copy_database(db, to, arena, report, note->message, note->size);
        db_close(to);
    }
    return err;
}

enum err backup_restore(const char *file, const char *where, bool replace, struct arena *arena,
                        struct copy_report *report, char *message, size_t size)
{
    const struct backup_note note = {message, size};
    struct db *db;
    int version;
    if (!is_there(file)) {
        return backup_say(&note, ERR_NOT_FOUND, "there is no backup %s", file);
    }
    enum err err = backup_check(file, arena, report, &version, message, size);
    if (err == ERR_OK) {
        err = db_open_sealed(file, &db, message, size);
    }
    if (err == ERR_OK) {
        err = db_is_address(where) ? restore_to_server(db, where, arena, report, &note)
                                   : restore_to_file(db, where, replace, arena, report, &note);
        db_close(db);
    }
    return err;
}
