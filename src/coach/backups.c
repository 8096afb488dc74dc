/* The folder of backups: names hold the moment, so that no other list is needed. */
#include "coach/backups.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/day.h"
#include "base/list.h"
#include "coach/allow.h"
#include "coach/audit.h"
#include "coach/coach.h"
#include "coach/queue.h"
#include "db/backup.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FOLDER "backups"
#define PATTERN "duet-dddddddd-dddddd.db" /* d: a digit */
#define MOST 10000                        /* files of a folder that are looked at */
#define PATH_MAX_BYTES 4096

static bool is_name(const char *name)
{
    static const char pattern[] = PATTERN;
    size_t i = 0;
    for (; pattern[i] && name[i]; i++) {
        bool digit = pattern[i] == 'd' && i > 4 && i < 20;
        if (digit ? name[i] < '0' || name[i] > '9' : name[i] != pattern[i]) {
            return false;
        }
    }
    return !pattern[i] && !name[i];
}

static int32_t number(const char *digits, int n)
{
    int32_t value = 0;
    for (int i = 0; i < n; i++) {
        value = value * 10 + (digits[i] - '0');
    }
    return value;
}

/* The moment in a name; ERR_RANGE: there is no such date. */
static enum err moment_of(const char *name, int64_t *at_ms)
{
    const char *day = name + 5, *time = name + 14;
    int32_t days;
    enum err err = day_of_date(
        (struct day_date){number(day, 4), number(day + 4, 2), number(day + 6, 2)}, &days);
    if (err == ERR_OK) {
        int64_t seconds = number(time, 2) * 3600 + number(time + 2, 2) * 60 + number(time + 4, 2);
        *at_ms = days * COACH_DAY_MS + seconds * 1000;
    }
    return err;
}

static void name_of(int64_t at_ms, char name[BACKUPS_NAME])
{
    int32_t days = (int32_t)(at_ms / COACH_DAY_MS);
    int seconds = (int)(at_ms % COACH_DAY_MS / 1000);
    struct day_date date = day_date(days);
    snprintf(name, BACKUPS_NAME, "duet-%04d%02d%02d-%02d%02d%02d.db", (int)date.year % 10000,
             (int)date.month % 100, (int)date.day % 100, seconds / 3600, seconds / 60 % 60,
             seconds % 60);
}

/* "<data_dir>/backups" or "<data_dir>/backups/<name>", in the arena. */
static enum err path_of(struct coach *coach, const char *data_dir, const char *name,
                        const char **path)
{
    struct buf buf;
    struct str text;
    buf_init(&buf, coach->arena, PATH_MAX_BYTES);
    buf_add_text(&buf, data_dir);
    buf_add_text(&buf, "/" FOLDER);
    if (name) {
        buf_add_char(&buf, '/');
        buf_add_text(&buf, name);
    }
    enum err err = buf_end(&buf, &text);
    *path = text.p;
    return err;
}

static int newest_first(const void *a, const void *b)
{
    return strcmp(((const struct backups_item *)b)->name, ((const struct backups_item *)a)->name);
}

static enum err read_folder(struct coach *coach, const char *data_dir, struct backups_list *list)
{
    struct list items;
    const char *folder, *path;
    *list = (struct backups_list){0};
    enum err err = path_of(coach, data_dir, NULL, &folder);
    if (err != ERR_OK) {
        return err;
    }
    DIR *dir = opendir(folder);
    if (!dir) {
        return errno == ENOENT ? ERR_OK : ERR_IO;
    }
    list_init(&items, coach->arena, sizeof(struct backups_item), MOST);
    for (const struct dirent *entry; err == ERR_OK && (entry = readdir(dir)) != NULL;) {
        struct stat found;
        struct backups_item item = {0};
        if (!is_name(entry->d_name) || moment_of(entry->d_name, &item.at_ms)) {
            continue;
        }
        err = path_of(coach, data_dir, entry->d_name, &path);
        if (err == ERR_OK && stat(path, &found) == 0) {
            snprintf(item.name, sizeof item.name, "%.*s", (int)sizeof item.name - 1, entry->d_name);
            item.size = found.st_size;
            err = list_add(&items, &item) ? ERR_OK : items.err;
        }
    }
    closedir(dir);
    if (err == ERR_OK && items.n) {
        qsort(items.items, items.n, sizeof(struct backups_item), newest_first);
    }
    *list = (struct backups_list){items.items, items.n};
    return err;
}

enum err backups_list(struct coach *coach, const char *data_dir, struct backups_list *list)
{
    enum err err = allowed(coach, ALLOW_VIEW, allow_on(ALLOW_ON_SETTINGS, 0));
    return err ? err : read_folder(coach, data_dir, list);
}

enum err backups_path(struct coach *coach, const char *data_dir, struct str name, const char **path)
{
    struct backups_list list;
    struct allow_object object = allow_on(ALLOW_ON_SETTINGS, 0);
    enum err err = allowed(coach, ALLOW_EDIT, object);
    err = err ? err : read_folder(coach, data_dir, &list);
    for (size_t i = 0; err == ERR_OK && i < list.n; i++) {
        if (str_is(name, list.items[i].name)) {
            err = path_of(coach, data_dir, list.items[i].name, path);
            return err ? err : audit_note(coach, ALLOW_EXPORT, object, "backup");
        }
    }
    return err ? err : ERR_NOT_FOUND;
}

enum err backups_ask(struct coach *coach)
{
    enum err err = allowed(coach, ALLOW_EDIT, allow_on(ALLOW_ON_SETTINGS, 0));
    return err ? err
               : queue_add(coach, BACKUPS_JOB, str_of(""), QUEUE_COALESCE, str_of(BACKUPS_JOB),
                           coach->now_ms, NULL);
}

/* Removes all but the newest. */
static enum err thin_out(struct coach *coach, const char *data_dir)
{
    struct backups_list list;
    const char *path;
    enum err err = read_folder(coach, data_dir, &list);
    for (size_t i = BACKUPS_KEPT; err == ERR_OK && i < list.n; i++) {
        err = path_of(coach, data_dir, list.items[i].name, &path);
        if (err == ERR_OK && unlink(path) != 0 && errno != ENOENT) {
            err = ERR_IO;
        }
    }
    return err;
}

enum err backups_write(struct coach *coach, const char *data_dir, const char *where, char *message,
                       size_t size)
{
    struct copy_report report;
    char name[BACKUPS_NAME];
    const char *folder, *path;
    if (!coach->actor.system) {
        snprintf(message, size, "only the server makes backups");
        return ERR_FORBIDDEN;
    }
    name_of(coach->now_ms, name);
    enum err err = path_of(coach, data_dir, NULL, &folder);
    err = err ? err : path_of(coach, data_dir, name, &path);
    if (err == ERR_OK && mkdir(folder, 0700) != 0 && errno != EEXIST) {
        snprintf(message, size, "the folder of backups cannot be made: %s", strerror(errno));
        return ERR_IO;
    }
    err = err ? err : backup_write(where, path, true, coach->arena, &report, message, size);
    if (err == ERR_OK) {
        err = thin_out(coach, data_dir);
        snprintf(message, size, err ? "old backups cannot be removed" : "");
    }
    return err;
}
