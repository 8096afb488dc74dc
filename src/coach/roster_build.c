/* What the readers of the single files share. */
#include "coach/roster_build.h"

#include "base/arena.h"
#include "coach/roster_cell.h"

#include <inttypes.h>
#include <stdio.h>

#define LIKE_MOST 2 /* changes between an unknown id and what may have been meant */

enum err roster_names_init(struct roster_names *names, struct arena *arena, int32_t max)
{
    names->forms = intern_new(arena, max);
    list_init(&names->spellings, arena, sizeof(struct str), (size_t)max);
    return names->forms ? ERR_OK : ERR_NOMEM;
}

enum err roster_names_add(struct roster_names *names, struct arena *arena, struct str name,
                          int32_t *id)
{
    char folded[UTF8_MAX_FORM], composed[UTF8_MAX_FORM];
    struct str form, spelling;
    bool fresh;
    if (name.n > ROSTER_MAX_ID || utf8_fold(name, folded, &form) ||
        utf8_nfc(name, composed, &spelling)) {
        return ERR_RANGE;
    }
    enum err err = intern_add(names->forms, form, id, &fresh);
    if (err || !fresh) {
        return err;
    }
    struct str copy = {arena_text(arena, spelling.p, spelling.n), spelling.n};
    return copy.p && list_add(&names->spellings, &copy) ? ERR_OK : ERR_NOMEM;
}

void roster_recent_set(struct roster_recent *recent, struct str cell, int32_t id)
{
    recent->known = cell.n <= sizeof recent->cell;
    if (recent->known) {
        memcpy(recent->cell, cell.p, cell.n);
        recent->n = cell.n;
        recent->id = id;
    }
}

/* The known id that is nearest to `id`, or -1. */
static int32_t build_like(const struct intern *known, struct str id)
{
    int32_t best = -1;
    int least = id.n > 3 ? LIKE_MOST + 1 : id.n > 1 ? 2 : 1;
    for (int32_t k = 0; k < intern_count(known) && least > 0; k++) {
        int distance = utf8_distance(id, intern_text(known, k), least - 1);
        if (distance < least) {
            least = distance;
            best = k;
        }
    }
    return best;
}

static enum err build_unknown(struct roster_build *build, struct roster_table *table, int heading,
                              struct str id, bool person)
{
    const struct intern *known = person ? build->people : build->skills;
    if (person ? build->people_incomplete : build->skills_incomplete) {
        return ERR_OK;
    }
    char hint[3 * ROSTER_MAX_ID] = "";
    const char *what = person ? "person" : "skill", *list = person ? "people" : "skills";
    /* Only what will be shown is worth the search. */
    if (build->problems->n < build->problems->limit) {
        const struct roster *roster = build->roster;
        int32_t n = person ? roster->n_people : roster->n_skills, like = -1;
        for (int32_t k = 0; k < n && like < 0; k++) {
            struct str name = person ? roster->people[k].name : roster->skills[k].name;
            like = str_equal(name, id) ? k : -1;
        }
        if (like >= 0) {
            snprintf(hint, sizeof hint, "this is the name of %s; write the id",
                     intern_text(known, like).p);
        } else if ((like = build_like(known, id)) >= 0) {
            snprintf(hint, sizeof hint, "is %s meant?", intern_text(known, like).p);
        } else {
            snprintf(hint, sizeof hint, "add the %s to the %s file or correct the id", what, list);
        }
    }
    return roster_table_bad(table, heading, hint, "there is no %s with this id in the %s file",
                            what, list);
}

static enum err build_known(struct roster_build *build, struct roster_table *table, int heading,
                            struct roster_recent *recent, int32_t *id, bool person)
{
    struct str cell = roster_table_cell(table, heading), text;
    if (cell.n > 0 && roster_recent_is(recent, cell)) {
        *id = recent->id;
        return ERR_OK;
    }
    *id = ROSTER_NONE;
    enum err err = roster_table_id(table, heading, &text);
    if (err || text.n == 0) {
        return err;
    }
    *id = intern_find(person ? build->people : build->skills, text);
    if (*id == ROSTER_NONE) {
        return build_unknown(build, table, heading, text, person);
    }
    roster_recent_set(recent, cell, *id);
    return ERR_OK;
}

enum err roster_build_person(struct roster_build *build, struct roster_table *table, int heading,
                             struct roster_recent *recent, int32_t *id)
{
    return build_known(build, table, heading, recent, id, true);
}

enum err roster_build_skill(struct roster_build *build, struct roster_table *table, int heading,
                            struct roster_recent *recent, int32_t *id)
{
    return build_known(build, table, heading, recent, id, false);
}

enum err roster_build_number(struct roster_table *table, int heading, int64_t from, int64_t to,
                             const char *hint, int64_t *value)
{
    struct str cell = roster_table_cell(table, heading);
    int64_t number = 0;
    if (cell.n == 0) {
        return ERR_OK;
    }
    if (roster_cell_whole(cell, &number) || number < from || number > to) {
        return roster_table_bad(table, heading, hint,
                                "%s must be a whole number from %" PRId64 " to %" PRId64,
                                table->headings[heading].name, from, to);
    }
    *value = number;
    return ERR_OK;
}

enum err roster_build_no_rows(struct roster_table *table)
{
    if (table->broken || table->n_rows > 0 || table->n_skipped > 0) {
        return ERR_OK;
    }
    return roster_problems_add(table->problems, table->file, 0, 0, "", str_of(""), "",
                               "the file names its columns but has no rows");
}
