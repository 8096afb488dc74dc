/* The table of imports, and the files that wait; see imports.h. */
#include "coach/imports.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/list.h"
#include "base/utf8.h"
#include "coach/allow.h"
#include "coach/audit.h"
#include "coach/coach.h"
#include "coach/complaint.h"
#include "coach/imports_options.h"
#include "coach/imports_view.h"
#include "coach/secret.h"
#include "coach/sql.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define FOLDER "/imports/"
#define PATH_ROOM 4096

static const char *const kind_words[IMPORTS_KIND__MAX] = {"oneroster", "people", "evidence"};
static const char *const state_words[IMPORTS_STATE__MAX] = {"waiting", "applied", "discarded"};

const char *imports_kind_word(enum imports_kind kind)
{
    return kind_words[kind];
}

bool imports_kind_of(struct str word, enum imports_kind *kind)
{
    for (int k = 0; k < IMPORTS_KIND__MAX; k++) {
        if (str_is(word, kind_words[k])) {
            *kind = (enum imports_kind)k;
            return true;
        }
    }
    return false;
}

/* ---- files ---- */

static enum err path_of(struct arena *arena, const char *data_dir, struct str name,
                        struct str *path)
{
    struct buf buf;
    buf_init(&buf, arena, PATH_ROOM);
    buf_add_text(&buf, data_dir);
    buf_add_text(&buf, FOLDER);
    buf_add(&buf, name);
    return buf_end(&buf, path);
}

enum err imports_place(struct coach *coach, const char *data_dir, struct str *path)
{
    char name[SECRET_TEXT + 1];
    struct str folder;
    enum err err = allowed(coach, ALLOW_ADD, allow_on(ALLOW_ON_IMPORT, 0));
    err = err ? err : path_of(coach->arena, data_dir, str_of(""), &folder);
    if (err) {
        return err;
    }
    if (mkdir(folder.p, 0700) != 0 && errno != EEXIST) {
        return ERR_IO;
    }
    secret_make(name);
    return path_of(coach->arena, data_dir, str_of(name), path);
}

void imports_drop_file(const char *data_dir, const struct imports_item *item)
{
    char path[PATH_ROOM];
    int n = snprintf(path, sizeof path, "%s%s%s", data_dir, FOLDER, item->stored_as.p);
    if (item->stored_as.n > 0 && n > 0 && (size_t)n < sizeof path) {
        unlink(path); /* gone already, or swept later */
    }
}

/* ---- rows ---- */

static enum err read_item(struct coach *coach, const struct db_query *q, struct imports_item *item)
{
    enum err err = ERR_OK;
    *item = (struct imports_item){
        .id = db_int(q, 0),
        .file_name = sql_copy(coach, q, 2, &err),
        .stored_as = sql_copy(coach, q, 3, &err),
        .summary = sql_copy(coach, q, 6, &err),
        .created_by = db_int(q, 7),
        .created_ms = db_int(q, 8),
        .finished_ms = db_int(q, 9),
    };
    struct str options = sql_copy(coach, q, 4, &err);
    imports_options_read(options, &item->options);
    for (int k = 0; k < IMPORTS_STATE__MAX; k++) {
        if (str_is(db_text(q, 5), state_words[k])) {
            item->state = (enum imports_state)k;
        }
    }
    if (!err && !imports_kind_of(db_text(q, 1), &item->kind)) {
        err = ERR_NOT_FOUND; /* of a kind that is not ours */
    }
    return err;
}

static enum err find(struct coach *coach, int64_t id, struct imports_item *item)
{
    struct db_query *q;
    enum err err = sql_first(coach, SQL_IMPORT_GET, SQL_ARGS(sql_int(id)), &q);
    if (err) {
        return err;
    }
    err = read_item(coach, q, item);
    db_finish(q);
    return err;
}

static enum err find_waiting(struct coach *coach, enum allow_verb verb, int64_t id,
                             struct imports_item *item)
{
    enum err err = allowed(coach, verb, allow_on(ALLOW_ON_IMPORT, id));
    err = err ? err : find(coach, id, item);
    return !err && item->state != IMPORTS_WAITING ? ERR_CONFLICT : err;
}

enum err imports_add(struct coach *coach, enum imports_kind kind, struct str file_name,
                     struct str path, int64_t *id)
{
    struct buf buf;
    struct str shown;
    const char *slash = path.n > 0 ? strrchr(path.p, '/') : NULL;
    struct str name = slash ? str_of(slash + 1) : path;
    enum err err = allowed(coach, ALLOW_ADD, allow_on(ALLOW_ON_IMPORT, 0));
    if (err) {
        return err;
    }
    if (!secret_looks_right(name)) {
        return ERR_INVALID;
    }
    buf_init(&buf, coach->arena, 16 * IMPORTS_MAX_FILE_NAME);
    utf8_add_shown(&buf, file_name, IMPORTS_MAX_FILE_NAME);
    err = buf_end(&buf, &shown);
    err = err ? err
              : sql_number(coach, SQL_IMPORT_ADD,
                           SQL_ARGS(sql_word(kind_words[kind]),
                                    shown.n > 0 ? sql_text(shown) : sql_word(kind_words[kind]),
                                    sql_text(name), sql_id_or_null(coach->actor.person_id),
                                    sql_int(coach->now_ms)),
                           id);
    return err ? err
               : audit_note(coach, ALLOW_ADD, allow_on(ALLOW_ON_IMPORT, *id), kind_words[kind]);
}

/* The rows of a statement; those of kinds that are not ours are left out. */
static enum err read_items(struct coach *coach, enum sql_id statement, const struct sql_arg *args,
                           int n, struct list *items)
{
    struct db_query *q;
    enum err err = sql_rows(coach, statement, args, n, &q);
    if (err) {
        return err;
    }
    while (!err && !(err = db_step(q))) {
        struct imports_item item;
        err = read_item(coach, q, &item);
        if (err == ERR_NOT_FOUND) {
            err = ERR_OK;
        } else if (!err && !list_add(items, &item)) {
            err = items->err;
        }
    }
    db_finish(q);
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err imports_list(struct coach *coach, int32_t limit, struct imports_item **items, size_t *n)
{
    struct list list;
    list_init(&list, coach->arena, sizeof(struct imports_item), INT32_MAX);
    enum err err = allowed(coach, ALLOW_VIEW, allow_on(ALLOW_ON_IMPORT, 0));
    err = err ? err : read_items(coach, SQL_IMPORT_LIST, SQL_ARGS(sql_int(limit)), &list);
    *items = list.items;
    *n = err ? 0 : list.n;
    return err;
}

enum err imports_get(struct coach *coach, int64_t id, struct imports_item *item)
{
    enum err err = allowed(coach, ALLOW_VIEW, allow_on(ALLOW_ON_IMPORT, id));
    return err ? err : find(coach, id, item);
}

enum err imports_set_options(struct coach *coach, int64_t id, const struct imports_options *options)
{
    struct imports_item item;
    struct str text;
    enum err err = find_waiting(coach, ALLOW_EDIT, id, &item);
    err = err ? err : imports_options_write(coach->arena, options, &text);
    return err ? err
               : sql_run(coach, SQL_IMPORT_SET_OPTIONS, SQL_ARGS(sql_int(id), sql_text(text)),
                         NULL);
}

/* ---- looking and applying ---- */

static enum err look(struct coach *coach, const char *data_dir, enum allow_verb verb, int64_t id,
                     struct imports_view *view)
{
    struct str path;
    *view = (struct imports_view){0};
    enum err err = find_waiting(coach, verb, id, &view->item);
    err = err ? err : path_of(coach->arena, data_dir, view->item.stored_as, &path);
    if (err) {
        return err;
    }
    return access(path.p, R_OK) == 0 ? imports_view_read(coach, path.p, view) : ERR_IO;
}

enum err imports_look(struct coach *coach, const char *data_dir, int64_t id,
                      struct imports_view *view)
{
    return look(coach, data_dir, ALLOW_VIEW, id, view);
}

/* The words of a summary. */
static const char *const summary_words[IMPORT_WHAT__MAX] = {
    [IMPORT_UNIT_ADD] = "unit_add",           [IMPORT_UNIT_CHANGE] = "unit_change",
    [IMPORT_UNIT_RETURN] = "unit_return",     [IMPORT_PERSON_ADD] = "person_add",
    [IMPORT_PERSON_LINK] = "person_link",     [IMPORT_PERSON_CHANGE] = "person_change",
    [IMPORT_PERSON_RETURN] = "person_return", [IMPORT_PERSON_LEAVE] = "person_leave",
    [IMPORT_MEMBER_ADD] = "member_add",       [IMPORT_MEMBER_REMOVE] = "member_remove",
    [IMPORT_TAG_FILL] = "tag_fill",           [IMPORT_EVALUATOR_ADD] = "evaluator_add",
    [IMPORT_UNIT_LEAVE] = "unit_leave",
};
#define SUMMARY_LEFT_OUT "left_out"
#define SUMMARY_EVIDENCE "evidence"

static const char *summary_heading(struct str word)
{
    for (int k = 0; k < IMPORT_WHAT__MAX; k++) {
        if (summary_words[k] && str_is(word, summary_words[k])) {
            return import_plan_what_text((enum import_what)k);
        }
    }
    return str_is(word, SUMMARY_EVIDENCE) ? N_("New pieces of evidence") : N_("Rows left out");
}

bool imports_summary_next(struct str *rest, const char **heading, struct str *number)
{
    size_t equals = 0, end;
    while (rest->n && *rest->p == ' ') {
        rest->p++;
        rest->n--;
    }
    while (equals < rest->n && rest->p[equals] != '=') {
        equals++;
    }
    for (end = equals; end < rest->n && rest->p[end] != ' '; end++) {}
    if (end == 0 || equals == end) {
        return false;
    }
    *heading = summary_heading((struct str){rest->p, equals});
    *number = (struct str){rest->p + equals + 1, end - equals - 1};
    rest->p += end;
    rest->n -= end;
    return true;
}

static enum err summary_of(struct coach *coach, const struct imports_view *view,
                           struct str *summary)
{
    struct buf buf;
    buf_init(&buf, coach->arena, PATH_ROOM);
    for (int k = 0; view->plan && k < IMPORT_WHAT__MAX; k++) {
        if (view->plan->n[k] > 0 && summary_words[k]) {
            buf_addf(&buf, "%s%s=%d", buf.n > 0 ? " " : "", summary_words[k],
                     (int)view->plan->n[k]);
        }
    }
    if (view->plan && view->plan->n_left_out > 0) {
        buf_add_text(&buf, buf.n > 0 ? " " SUMMARY_LEFT_OUT "=" : SUMMARY_LEFT_OUT "=");
        buf_add_int(&buf, (int64_t)view->plan->n_left_out);
    }
    if (view->rows) {
        buf_add_text(&buf, buf.n > 0 ? " " SUMMARY_EVIDENCE "=" : SUMMARY_EVIDENCE "=");
        buf_add_int(&buf, (int64_t)view->rows->n_rows);
    }
    return buf_end(&buf, summary);
}

static enum err finish(struct coach *coach, int64_t id, enum imports_state state,
                       struct str summary)
{
    int64_t changed = 0;
    enum err err = sql_run(coach, SQL_IMPORT_FINISH,
                           SQL_ARGS(sql_int(id), sql_word(state_words[state]), sql_text(summary),
                                    sql_int(coach->now_ms)),
                           &changed);
    return err ? err : changed == 1 ? ERR_OK : ERR_CONFLICT;
}

enum err imports_apply(struct coach *coach, const char *data_dir, int64_t id,
                       struct imports_view *view)
{
    struct str summary;
    enum err err = look(coach, data_dir, ALLOW_EDIT, id, view);
    err = err ? err : imports_view_apply(coach, view);
    err = err ? err : summary_of(coach, view, &summary);
    err = err ? err : finish(coach, id, IMPORTS_APPLIED, summary);
    if (!err) {
        view->item.state = IMPORTS_APPLIED;
        view->item.summary = summary;
    }
    return err ? err : audit_note(coach, ALLOW_EDIT, allow_on(ALLOW_ON_IMPORT, id), "applied");
}

enum err imports_discard(struct coach *coach, int64_t id, struct imports_item *item)
{
    enum err err = find_waiting(coach, ALLOW_REMOVE, id, item);
    err = err ? err : finish(coach, id, IMPORTS_DISCARDED, str_of(""));
    return err ? err : audit_note(coach, ALLOW_REMOVE, allow_on(ALLOW_ON_IMPORT, id), "");
}

static void name_file(struct imports_view *view, enum imports_kind kind, const char *path,
                      const struct imports_options *options)
{
    *view = (struct imports_view){0};
    view->item = (struct imports_item){
        .kind = kind, .file_name = str_of(path), .stored_as = {"", 0}, .options = *options};
}

enum err imports_look_at(struct coach *coach, enum imports_kind kind, const char *path,
                         const struct imports_options *options, struct imports_view *view)
{
    enum err err = allowed(coach, ALLOW_VIEW, allow_on(ALLOW_ON_IMPORT, 0));
    name_file(view, kind, path, options);
    return err ? err : imports_view_read(coach, path, view);
}

enum err imports_apply_from(struct coach *coach, enum imports_kind kind, const char *path,
                            const struct imports_options *options, struct imports_view *view)
{
    enum err err = allowed(coach, ALLOW_ADD, allow_on(ALLOW_ON_IMPORT, 0));
    name_file(view, kind, path, options);
    err = err ? err : imports_view_read(coach, path, view);
    err = err ? err : imports_view_apply(coach, view);
    return err ? err : audit_note(coach, ALLOW_ADD, allow_on(ALLOW_ON_IMPORT, 0), kind_words[kind]);
}

/* ---- sweeping ---- */

/* Whether an import that waits has the file. */
static bool is_waited_for(const struct list *waiting, const char *name)
{
    const struct imports_item *items = waiting->items;
    for (size_t k = 0; k < waiting->n; k++) {
        if (str_is(items[k].stored_as, name)) {
            return true;
        }
    }
    return false;
}

/* Removes the files that nobody waits for and that are a day old: a younger one may be on its way
 * into the table. */
static void sweep_files(DIR *folder, const struct list *waiting, int64_t now_ms, int32_t *n)
{
    const struct dirent *entry;
    while ((entry = readdir(folder)) != NULL) {
        struct stat stat;
        if (!secret_looks_right(str_of(entry->d_name)) || is_waited_for(waiting, entry->d_name) ||
            fstatat(dirfd(folder), entry->d_name, &stat, AT_SYMLINK_NOFOLLOW) != 0 ||
            (int64_t)stat.st_mtime * 1000 > now_ms - COACH_DAY_MS) {
            continue;
        }
        *n += unlinkat(dirfd(folder), entry->d_name, 0) == 0;
    }
}

enum err imports_sweep(struct coach *coach, const char *data_dir, int32_t *n)
{
    struct list waiting;
    struct str path;
    *n = 0;
    list_init(&waiting, coach->arena, sizeof(struct imports_item), INT32_MAX);
    enum err err = allowed(coach, ALLOW_REMOVE, allow_on(ALLOW_ON_IMPORT, 0));
    err = err ? err : path_of(coach->arena, data_dir, str_of(""), &path);
    err = err ? err : read_items(coach, SQL_IMPORT_WAITING, SQL_NONE, &waiting);
    struct imports_item *items = waiting.items;
    for (size_t k = 0; k < waiting.n && !err; k++) {
        if (items[k].created_ms < coach->now_ms - IMPORTS_KEEP_DAYS * COACH_DAY_MS) {
            err = finish(coach, items[k].id, IMPORTS_DISCARDED, str_of(""));
            items[k].stored_as = str_of("");
        }
    }
    DIR *folder = err ? NULL : opendir(path.p);
    if (folder) {
        sweep_files(folder, &waiting, coach->now_ms, n);
        closedir(folder);
    }
    return err;
}
