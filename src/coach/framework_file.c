/* A framework's file, whatever kind it is; see framework_file.h. */
#include "coach/framework_file.h"

#include "base/arena.h"
#include "base/csv.h"
#include "base/utf8.h"
#include "coach/framework_build.h"
#include "coach/framework_case.h"
#include "coach/framework_csv.h"
#include "coach/framework_guide.h"
#include "coach/roster_problems.h"

enum framework_kind framework_file_kind(struct str bytes)
{
    struct str rest = utf8_trim(bytes); /* a byte order mark too */
    if (rest.n == 0 || (rest.p[0] != '{' && rest.p[0] != '[')) {
        return FRAMEWORK_SHEET;
    }
    return framework_guide_is(rest) ? FRAMEWORK_GUIDES : FRAMEWORK_CASE;
}

/* "strategies.csv" of a path -> "strategies". */
static enum err name_after(struct arena *arena, const char *file, struct framework *framework)
{
    struct str name = str_of(file);
    if (framework->words.name.n > 0) {
        return ERR_OK;
    }
    for (size_t i = name.n; i-- > 0;) {
        if (name.p[i] == '/' || name.p[i] == '\\') {
            name = (struct str){name.p + i + 1, name.n - i - 1};
            break;
        }
    }
    for (size_t i = name.n; i-- > 1;) {
        if (name.p[i] == '.') {
            name.n = i;
            break;
        }
    }
    enum err err =
        framework_build_clean(arena, name, FRAMEWORK_MAX_NAME, false, &framework->words.name);
    return err == ERR_LIMIT || err == ERR_INVALID ? ERR_OK : err;
}

enum err framework_file_read(struct arena *arena, struct str bytes, const char *file,
                             struct roster_problems *problems, struct framework ***frameworks,
                             int32_t *n)
{
    enum framework_kind kind = framework_file_kind(bytes);
    struct framework **trees = arena_alloc(arena, 1, sizeof(struct framework *));
    int32_t count = 1;
    enum err err = trees ? ERR_OK : ERR_NOMEM;
    if (!err && bytes.n > FRAMEWORK_FILE_MAX) {
        err = roster_problems_add(problems, file, 0, 0, "", (struct str){"", 0},
                                  N_("a framework is a few hundred kilobytes at most"),
                                  N_("the file is larger than 8 megabytes"));
        err = err ? err : ERR_INVALID;
    } else if (!err && kind == FRAMEWORK_GUIDES) {
        err = framework_guide_read(arena, bytes, file, problems, &trees, &count);
    } else if (!err && kind == FRAMEWORK_CASE) {
        err = framework_case_read(arena, bytes, file, problems, &trees[0]);
    } else if (!err) {
        err = framework_csv_read(arena, csv_source_memory(&bytes), file, problems, &trees[0]);
    }
    for (int32_t k = 0; k < count && !err; k++) {
        err = name_after(arena, file, trees[k]);
    }
    if (!err) {
        *frameworks = trees;
        *n = count;
    }
    return err;
}
