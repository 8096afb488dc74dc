/* Reading the file of an import and saying what it would change. */
#include "coach/imports_view.h"
#include "base/arena.h"
#include "coach/archive.h"
#include "coach/coach.h"
#include "coach/complaint.h"
#include "coach/import_apply.h"
#include "coach/import_known.h"
#include "coach/imports.h"
#include "coach/oneroster.h"
#include "coach/roster_problems.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const stops[IMPORTS_STOP__MAX] = {
    [IMPORTS_GO] = N_("This can be brought in."),
    [IMPORTS_STOP_FILE] = N_("The file cannot be read. Nothing can be brought in."),
    [IMPORTS_STOP_WHOLE] = N_("Ratings come in all together or not at all. Correct the rows below "
                              "and bring the file again."),
    [IMPORTS_STOP_ROWS] =
        N_("Some rows have problems. Correct the file, or choose to leave these rows out."),
    [IMPORTS_STOP_LEAVERS] =
        N_("Many people would be deactivated at once. Please confirm that this is right."),
    [IMPORTS_STOP_OPTIONS] = N_("Please choose the framework that the evidence belongs to."),
    [IMPORTS_STOP_EMPTY] = N_("Everything in this file is here already. Nothing would change."),
};

const char *imports_stop_text(enum imports_stop stop)
{
    return stops[stop];
}

static enum err cannot_open(struct imports_view *view, const char *name, int why)
{
    view->stop = IMPORTS_STOP_FILE;
    return roster_problems_add(&view->problems, name, 0, 0, "", str_of(""), "",
                               N_("the file cannot be opened: %s"), strerror(why));
}

/* A whole file in memory. ERR_IO: errno says why; ERR_LIMIT: larger than IMPORTS_MAX_SHEET. */
static enum err read_whole(struct arena *arena, const char *path, struct str *bytes)
{
    struct stat stat;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &stat) != 0) {
        int why = errno;
        if (fd >= 0) {
            close(fd);
        }
        errno = why;
        return ERR_IO;
    }
    size_t size = stat.st_size > 0 ? (size_t)stat.st_size : 0, n = 0, got = 1;
    char *room = size <= IMPORTS_MAX_SHEET ? arena_alloc(arena, size + 1, 1) : NULL;
    enum err err = size > IMPORTS_MAX_SHEET ? ERR_LIMIT : room ? ERR_OK : ERR_NOMEM;
    struct csv_source source = csv_source_file(&fd);
    while (!err && n < size && got > 0) {
        err = source.read(source.ctx, room + n, size - n, &got);
        n += err ? 0 : got;
    }
    int why = errno;
    close(fd);
    errno = why;
    *bytes = (struct str){room, n};
    return err;
}

/* ---- the three kinds ---- */

static enum err make_plan(struct coach *coach, const struct import_set *set,
                          const struct import_known *known, struct imports_view *view)
{
    struct import_plan *plan = NULL;
    enum err err = import_plan_make(coach->arena, set, known, &view->problems, &plan);
    view->plan = plan;
    view->source = set->source;
    return err;
}

static enum err read_archive(struct coach *coach, struct archive *archive,
                             struct imports_view *view)
{
    struct oneroster *oneroster = NULL;
    struct import_known *known = NULL;
    struct import_set *set = NULL;
    struct oneroster_options options = {
        .system = view->item.options.system,
        .complete = view->item.options.complete,
        .today = (int32_t)(coach->now_ms / COACH_DAY_MS),
    };
    enum err err = oneroster_begin(coach->arena, archive, &options, &view->problems, &oneroster);
    err = err ? err : import_known_load(coach, coach->arena, oneroster_source(oneroster), &known);
    err = err ? err : oneroster_read(oneroster, known->own_ids, &set);
    if (err == ERR_INVALID) {
        view->stop = IMPORTS_STOP_FILE;
        return ERR_OK;
    }
    return err ? err : make_plan(coach, set, known, view);
}

static enum err read_roster(struct coach *coach, const char *path, struct imports_view *view)
{
    struct archive *archive = NULL;
    struct archive_fault fault;
    struct stat stat_of;
    bool folder = stat(path, &stat_of) == 0 && S_ISDIR(stat_of.st_mode);
    const char *name = view->item.file_name.p;
    enum err err = folder ? archive_open_folder(coach->arena, path, &archive, &fault)
                          : archive_open_zip(coach->arena, path, &archive, &fault);
    if (err == ERR_IO) {
        return cannot_open(view, name, fault.system);
    }
    if (err == ERR_INVALID) {
        view->stop = IMPORTS_STOP_FILE;
        return roster_problems_add(
            &view->problems, name, 0, 0, "", str_of(""), archive_fault_hint(fault.kind), "%s%s%s",
            fault.entry.p, fault.entry.n > 0 ? ": " : "", archive_fault_message(fault.kind));
    }
    err = err ? err : read_archive(coach, archive, view);
    archive_close(archive);
    return err;
}

/* The bytes of a sheet; a problem and .p NULL where they cannot be read. */
static enum err read_bytes(struct coach *coach, const char *path, struct imports_view *view,
                           struct str *bytes)
{
    enum err err = read_whole(coach->arena, path, bytes);
    if (err != ERR_IO && err != ERR_LIMIT) {
        return err;
    }
    *bytes = (struct str){NULL, 0};
    if (err == ERR_IO) {
        return cannot_open(view, view->item.file_name.p, errno);
    }
    view->stop = IMPORTS_STOP_FILE;
    return roster_problems_add(&view->problems, view->item.file_name.p, 0, 0, "", str_of(""),
                               N_("split it into several files"),
                               N_("the file is larger than %d MiB"),
                               (int)(IMPORTS_MAX_SHEET >> 20));
}

static enum err read_people(struct coach *coach, const char *path, struct imports_view *view)
{
    struct import_known *known = NULL;
    struct people_sheet *sheet = arena_alloc(coach->arena, 1, sizeof *sheet);
    struct str bytes;
    enum err err = sheet ? read_bytes(coach, path, view, &bytes) : ERR_NOMEM;
    if (err || !bytes.p) {
        return err;
    }
    err = people_sheet_read(coach->arena, bytes, view->item.file_name.p,
                            &view->item.options.columns, &view->problems, sheet);
    view->sheet = sheet;
    if (err == ERR_INVALID) {
        view->stop = IMPORTS_STOP_FILE;
        return ERR_OK;
    }
    err = err ? err : import_known_load(coach, coach->arena, str_of("sheet"), &known);
    return err ? err : make_plan(coach, sheet->set, known, view);
}

static enum err read_evidence(struct coach *coach, const char *path, struct imports_view *view)
{
    struct evidence_sheet *sheet = arena_alloc(coach->arena, 1, sizeof *sheet);
    int fd;
    if (!sheet) {
        return ERR_NOMEM;
    }
    if (view->item.options.framework_id <= 0) {
        view->stop = IMPORTS_STOP_OPTIONS;
        return ERR_OK;
    }
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return cannot_open(view, view->item.file_name.p, errno);
    }
    enum err err = evidence_sheet_read(coach, view->item.options.framework_id, csv_source_file(&fd),
                                       view->item.file_name.p, &view->problems, sheet);
    close(fd);
    if (err == ERR_INVALID || err == ERR_IO) {
        bool rows = err == ERR_INVALID && view->problems.n && view->problems.items[0].line > 1;
        view->stop = rows ? IMPORTS_STOP_WHOLE : IMPORTS_STOP_FILE;
        return ERR_OK;
    }
    view->rows = err ? NULL : sheet;
    view->source = str_of("file");
    return err;
}

/* ---- whether it can be applied ---- */

static enum imports_stop stop_of(const struct imports_view *view)
{
    const struct imports_options *options = &view->item.options;
    if (view->stop != IMPORTS_GO) {
        return view->stop;
    }
    if (view->plan) {
        if (view->plan->n_left_out > 0 && !options->skip_bad) {
            return IMPORTS_STOP_ROWS;
        }
        if (view->plan->many_leavers && !options->accept_leavers) {
            return IMPORTS_STOP_LEAVERS;
        }
        return import_plan_is_empty(view->plan) ? IMPORTS_STOP_EMPTY : IMPORTS_GO;
    }
    return view->rows && view->rows->n_rows > 0 ? IMPORTS_GO : IMPORTS_STOP_EMPTY;
}

enum err imports_view_read(struct coach *coach, const char *path, struct imports_view *view)
{
    static enum err (*const readers[IMPORTS_KIND__MAX])(struct coach *, const char *,
                                                        struct imports_view *) = {
        [IMPORTS_ONEROSTER] = read_roster,
        [IMPORTS_PEOPLE] = read_people,
        [IMPORTS_EVIDENCE] = read_evidence,
    };
    enum err err = roster_problems_init(&view->problems, coach->arena, IMPORTS_PROBLEMS);
    view->problems.catalog = coach->catalog;
    view->source = str_of("");
    err = err ? err : readers[view->item.kind](coach, path, view);
    view->stop = stop_of(view);
    return err;
}

enum err imports_view_apply(struct coach *coach, struct imports_view *view)
{
    if (view->stop != IMPORTS_GO) {
        return ERR_REFUSED;
    }
    if (view->rows) {
        return evidence_sheet_apply(coach, view->rows);
    }
    enum err err = import_apply(coach, view->plan, &view->problems);
    if (err == ERR_REFUSED) {
        view->stop = IMPORTS_STOP_ROWS;
    }
    return err;
}
