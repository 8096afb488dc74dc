/* The files of backups. */
#include "db/backup_file.h"

#include "db/sqlite.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum err backup_say(const struct backup_note *note, enum err code, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    vsnprintf(note->message, note->size, fmt, args);
    va_end(args);
    return code;
}

static enum err say_errno(const struct backup_note *note, const char *file)
{
    return backup_say(note, ERR_IO, "%s: %s", file, strerror(errno));
}

enum err backup_file_new(const char *path, char new_name[BACKUP_MAX_PATH],
                         const struct backup_note *note)
{
    int n = snprintf(new_name, BACKUP_MAX_PATH, "%s.new-XXXXXX", path);
    if (n < 0 || n >= BACKUP_MAX_PATH) {
        return backup_say(note, ERR_LIMIT, "the path is too long");
    }
    int fd = mkstemp(new_name);
    if (fd < 0) {
        return say_errno(note, path);
    }
    close(fd);
    return ERR_OK;
}

/* Opens a file by a path that SQLite takes for nothing else, and runs statements on it. */
static int open_raw(const char *file, sqlite3 **connection)
{
    char path[BACKUP_MAX_PATH + 2];
    snprintf(path, sizeof path, "%s%s", file[0] == '/' ? "" : "./", file);
    return sqlite3_open_v2(path, connection, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
}

static enum err say_sqlite(const struct backup_note *note, const char *file, sqlite3 *connection,
                           int rc)
{
    return backup_say(note, (rc & 0xff) == SQLITE_NOMEM ? ERR_NOMEM : ERR_IO, "%s: %s", file,
                      connection ? sqlite3_errmsg(connection) : "out of memory");
}

enum err backup_file_seal(const char *file, const struct backup_note *note)
{
    sqlite3 *connection = NULL;
    enum err err = ERR_OK;
    int rc = open_raw(file, &connection);
    if (rc == SQLITE_OK) {
        rc = sqlite3_exec(connection, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL);
    }
    if (rc != SQLITE_OK) {
        err = say_sqlite(note, file, connection, rc);
    }
    sqlite3_close_v2(connection);
    return err;
}

enum err backup_file_pages(struct db *db, const char *file, const struct backup_note *note)
{
    struct sqlite *own = db->handle;
    sqlite3 *connection = NULL;
    sqlite3_backup *backup = NULL;
    int rc = open_raw(file, &connection);
    if (rc == SQLITE_OK) {
        backup = sqlite3_backup_init(connection, "main", own->connection, "main");
        own->deadline_ms = 0;
        rc = backup ? sqlite3_backup_step(backup, -1) : sqlite3_errcode(connection);
    }
    if (backup) {
        int finished = sqlite3_backup_finish(backup);
        rc = finished == SQLITE_OK && rc == SQLITE_DONE ? SQLITE_OK : rc;
    }
    enum err err = rc == SQLITE_OK ? ERR_OK : say_sqlite(note, file, connection, rc);
    sqlite3_close_v2(connection);
    return err == ERR_OK ? backup_file_seal(file, note) : err;
}

enum err backup_file_place(const char *new_name, const char *file, const struct backup_note *note)
{
    int fd = open(new_name, O_RDWR | O_CLOEXEC);
    if (fd < 0) {
        return say_errno(note, new_name);
    }
    bool ok = fsync(fd) == 0;
    ok = close(fd) == 0 && ok;
    if (!ok || rename(new_name, file) != 0 || sqlite_sync_folder(file) != 0) {
        return say_errno(note, file);
    }
    return ERR_OK;
}

static const char *const beside[] = {"-wal", "-shm", "-journal"};

static void remove_beside(const char *file)
{
    for (size_t i = 0; i < sizeof beside / sizeof *beside; i++) {
        char path[BACKUP_MAX_PATH + 16];
        snprintf(path, sizeof path, "%s%s", file, beside[i]);
        unlink(path);
    }
}

void backup_file_remove(const char *file)
{
    remove_beside(file);
    unlink(file);
}

/* Takes a database for itself, its write-ahead log folded in.  One that is damaged, or no database,
 * is in nobody's use. */
static enum err take_alone(const char *file, sqlite3 **connection, const struct backup_note *note)
{
    int rc = open_raw(file, connection);
    if (rc == SQLITE_OK) {
        sqlite3_busy_timeout(*connection, 1000);
        rc = sqlite3_exec(*connection, "PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE", NULL, NULL,
                          NULL);
    }
    if ((rc & 0xff) == SQLITE_BUSY || (rc & 0xff) == SQLITE_LOCKED) {
        return backup_say(note, ERR_BUSY, "%s is in use: stop Duet first", file);
    }
    bool gone = (rc & 0xff) == SQLITE_CORRUPT || (rc & 0xff) == SQLITE_NOTADB;
    return rc == SQLITE_OK || gone ? ERR_OK : say_sqlite(note, file, *connection, rc);
}

enum err backup_file_replace(const char *new_name, const char *file, const struct backup_note *note)
{
    sqlite3 *old = NULL;
    enum err err = access(file, F_OK) == 0 ? take_alone(file, &old, note) : ERR_OK;
    if (err == ERR_OK) {
        remove_beside(file);
        err = backup_file_place(new_name, file, note);
    }
    sqlite3_close_v2(old);
    return err;
}
