/* What the readers of the single files share. */
#include "coach/roster_build.h"

#include "base/arena.h"
#include "base/catalog.h"
#include "coach/roster_cell.h"

#include <inttypes.h>
#include <stdio.h>

#define SEARCHES_MAX 200 /* problems for which a likely id is looked for */
#define LIKE_MOST 2      /* changes between an unknown id and what may have been meant */

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

enum err roster_naming_init(struct roster_naming *naming, struct arena *arena)
{
    naming->texts = intern_new(arena, INTERN_MAX);
    list_init(&naming->owners, arena, sizeof(int32_t), INTERN_MAX);
    return naming->texts ? ERR_OK : ERR_NOMEM;
}

enum err roster_naming_add(struct roster_naming *naming, struct str name, int32_t owner)
{
    int32_t k = 0;
    bool fresh;
    enum err err = intern_add(naming->texts, name, &k, &fresh);
    if (err) {
        return err;
    }
    if (fresh) {
        return list_add(&naming->owners, &owner) ? ERR_OK : ERR_NOMEM;
    }
    ((int32_t *)naming->owners.items)[k] = ROSTER_SEVERAL;
    return ERR_OK;
}

int32_t roster_naming_find(const struct roster_naming *naming, struct str name)
{
    int32_t k = intern_find(naming->texts, name);
    return k < 0 ? ROSTER_NONE : ((const int32_t *)naming->owners.items)[k];
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

int32_t roster_build_who(const struct roster_build *build, struct str who)
{
    char folded[UTF8_MAX_FORM];
    struct str form;
    int32_t found = intern_find(build->people, who);
    if (found < 0 && build->person_emails && !utf8_fold(who, folded, &form)) {
        found = roster_naming_find(build->person_emails, form);
    }
    return found == ROSTER_NONE ? roster_naming_find(&build->person_names, who) : found;
}

/* The likeliest of the known ones, or what to do with one that is not known. */
static void build_hint(const struct roster_build *build, struct str id, bool person, char *hint,
                       size_t size)
{
    const struct intern *known = person ? build->people : build->skills;
    const struct roster_problems *problems = build->problems;
    const char *what = person ? "person" : "skill", *list = person ? "people" : "skills";
    int32_t like = build_like(known, id);
    if (like >= 0) {
        snprintf(hint, size, roster_problems_text(problems, N_("is %s meant?")),
                 intern_text(known, like).p);
    } else if (build->in_duet) {
        const char *text = person ? N_("add the person in Duet, correct the cell or delete the row")
                                  : N_("add the skill in Duet, correct the cell or delete the row");
        snprintf(hint, size, "%s", roster_problems_text(problems, text));
    } else {
        snprintf(hint, size, "add the %s to the %s file, correct the cell or delete the row", what,
                 list);
    }
}

static enum err build_unknown(struct roster_build *build, struct roster_table *table, int heading,
                              struct str id, bool person, bool several)
{
    char hint[3 * ROSTER_MAX_ID] = "";
    const char *what = person ? "person" : "skill", *list = person ? "people" : "skills";
    if (person ? build->people_incomplete : build->skills_incomplete) {
        return ERR_OK;
    }
    if (several) {
        return roster_table_bad(
            table, heading, N_("write the id of the one who is meant"), "%s",
            roster_problems_text(build->problems, person ? N_("several people have this name")
                                                         : N_("several skills have this name")));
    }
    /* The search is slow, and few problems are shown. */
    if (build->problems->total < SEARCHES_MAX) {
        build_hint(build, id, person, hint, sizeof hint);
    }
    if (build->in_duet) {
        return roster_table_bad(
            table, heading, hint, "%s",
            roster_problems_text(
                build->problems,
                person ? N_("there is no person with this id, e-mail address or name in Duet")
                       : N_("there is no skill with this code or name in Duet")));
    }
    return roster_table_bad(table, heading, hint,
                            "there is no %s with this id or name in the %s file", what, list);
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
    int32_t found = person ? roster_build_who(build, text) : intern_find(build->skills, text);
    if (!person && found == ROSTER_NONE) {
        found = roster_naming_find(&build->skill_names, text);
    }
    if (found < 0) {
        return build_unknown(build, table, heading, text, person, found == ROSTER_SEVERAL);
    }
    *id = found;
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
                                N_("%s must be a whole number from %lld to %lld"),
                                table->headings[heading].name, (long long)from, (long long)to);
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
                               N_("the file names its columns but has no rows"));
}
