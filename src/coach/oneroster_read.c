/* What the readers of OneRoster's files share; see oneroster_read.h. */
#include "coach/oneroster_read.h"

#include "base/arena.h"
#include "coach/roster_cell.h"

#include <inttypes.h>
#include <stdio.h>

#define NEAR_LEAST 5 /* letters of a word that may be misspelt */

enum err oneroster_open(struct oneroster *oneroster, enum oneroster_file file,
                        const struct roster_heading *headings, struct roster_table **result)
{
    struct csv_source source;
    *result = NULL;
    struct arena *arena = arena_child(oneroster->work);
    struct roster_table *table = arena ? arena_alloc(arena, 1, sizeof *table) : NULL;
    if (!table) {
        return ERR_NOMEM;
    }
    enum err err = archive_begin(oneroster->archive, oneroster->at[file], &source);
    if (err) {
        oneroster->unreadable = true;
        err =
            roster_problems_add(oneroster->problems, oneroster_file_name(file), 0, 0, "",
                                str_of(""), "", N_("the file cannot be read: %s"),
                                roster_problems_text(oneroster->problems, source.why(source.ctx)));
        return err ? err : ERR_NOT_FOUND;
    }
    err = roster_table_begin(table, arena, source, oneroster_file_name(file), headings,
                             oneroster->problems);
    *result = table;
    err = err ? err : roster_table_take_misspelt(table);
    err = err ? err : roster_table_check_missing(table);
    if (!err && !table->broken && table->n_unnamed > 0) {
        err = roster_problems_note(oneroster->problems, table->file, table->header_line, 1,
                                   N_("Columns without a name at the end of the first line were "
                                      "left out: %d."),
                                   (int)table->n_unnamed);
    }
    return err == ERR_IO ? ERR_NOT_FOUND : err;
}

void oneroster_close(struct oneroster *oneroster, enum oneroster_file file,
                     struct roster_table *table)
{
    if (table) {
        oneroster->left_out[file] += table->n_skipped;
        oneroster->unreadable = oneroster->unreadable || table->broken;
        roster_table_close(table);
    }
    archive_end(oneroster->archive);
}

enum err oneroster_next(struct roster_table *table)
{
    enum err err = roster_table_next(table);
    return err == ERR_IO ? ERR_NOT_FOUND : err;
}

enum err oneroster_status(struct roster_table *table, int heading, bool *gone)
{
    static const char *const words[] = {"active",        "tobedeleted", "inactive",
                                        "to be deleted", "deleted",     NULL};
    struct str cell = roster_table_cell(table, heading);
    int word = cell.n > 0 ? roster_cell_word(cell, words) : 0;
    *gone = word > 0;
    if (word >= 0) {
        return ERR_OK;
    }
    return roster_table_bad(table, heading, N_("an empty cell means active"),
                            N_("status must be active or tobedeleted"));
}

void oneroster_tally(struct oneroster_tally *tally, const struct roster_table *table)
{
    if (tally->count++ == 0) {
        tally->line = table->row.line;
    }
}

void oneroster_check_date(const struct roster_table *table, int heading,
                          struct oneroster_tally *tally)
{
    int32_t day;
    struct str cell = roster_table_cell(table, heading);
    if (cell.n > 0 && roster_cell_date(cell, &day) != ROSTER_DATE_OK) {
        oneroster_tally(tally, table);
    }
}

enum err oneroster_note(struct roster_table *table, const struct oneroster_tally *tally,
                        const char *one, const char *many)
{
    if (tally->count == 0) {
        return ERR_OK;
    }
    return roster_problems_note(
        table->problems, table->file, tally->line, tally->count, "%" PRIu64 " %s", tally->count,
        roster_problems_text(table->problems, tally->count == 1 ? one : many));
}

/* Words of other exporters for the same work. */
static const struct {
    const char *word;
    enum import_work work;
} aliases[] = {
    {"faculty", IMPORT_TEACHER},        {"instructor", IMPORT_TEACHER},
    {"lecturer", IMPORT_TEACHER},       {"professor", IMPORT_TEACHER},
    {"adjunct", IMPORT_TEACHER},        {"paraprofessional", IMPORT_AIDE},
    {"teachingAssistant", IMPORT_AIDE}, {"counsellor", IMPORT_COUNSELOR},
};
enum { N_ALIASES = sizeof aliases / sizeof *aliases };

static const char *const not_staff[] = {"student", "parent", "guardian", "relative", NULL};

/* Whether the word is nearly this one. */
static bool is_near(struct str word, const char *known)
{
    return word.n >= NEAR_LEAST && utf8_distance(word, str_of(known), 1) <= 1;
}

/* The word that may have been meant, or NULL. */
static const char *role_like(struct str role)
{
    for (int k = 0; k < IMPORT_WORK__MAX; k++) {
        const char *word = import_set_work_word((enum import_work)k);
        if (is_near(role, word)) {
            return word;
        }
    }
    for (int k = 0; not_staff[k]; k++) {
        if (is_near(role, not_staff[k])) {
            return not_staff[k];
        }
    }
    return NULL;
}

enum oneroster_who oneroster_who(struct str role, enum import_work *work, const char **like)
{
    *like = NULL;
    if (role.n > 4 && memcmp(role.p, "ext:", 4) == 0) {
        role = (struct str){role.p + 4, role.n - 4};
    }
    int word = roster_cell_word(role, not_staff);
    if (word >= 0) {
        return word == 0 ? ONEROSTER_STUDENT : ONEROSTER_FAMILY;
    }
    *work = import_set_work_of(role);
    for (int k = 0; k < N_ALIASES && *work == IMPORT_WORK__MAX; k++) {
        /* No change at all, but for case. */
        if (utf8_distance(role, str_of(aliases[k].word), 0) == 0) {
            *work = aliases[k].work;
        }
    }
    if (*work != IMPORT_WORK__MAX) {
        return ONEROSTER_STAFF;
    }
    *like = role_like(role);
    return role.n == 0 || *like ? ONEROSTER_UNCLEAR : ONEROSTER_OTHER;
}

bool oneroster_drop(struct oneroster *oneroster, struct str role)
{
    enum import_work work;
    const char *like;
    int32_t id;
    switch (oneroster_who(role, &work, &like)) {
    case ONEROSTER_STUDENT:
        oneroster->n_students++;
        return true;
    case ONEROSTER_FAMILY:
        oneroster->n_family++;
        return true;
    case ONEROSTER_OTHER:
        if (role.n <= ROSTER_MAX_ID && intern_add(oneroster->other_words, role, &id, NULL)) {
            oneroster->no_memory = true;
        }
        return true;
    default:
        return false;
    }
}

enum err oneroster_bad_role(struct roster_table *table, int heading, const char *like)
{
    char hint[200];
    if (!like) {
        return roster_table_bad(table, heading, N_("every row has a role"),
                                N_("role may not be empty"));
    }
    snprintf(hint, sizeof hint, roster_problems_text(table->problems, N_("is %s meant?")), like);
    return roster_table_bad(table, heading, hint, N_("this is none of OneRoster's roles"));
}

enum err oneroster_made_id(struct import_set *set, struct str user, struct str unit,
                           enum import_work work, struct str *id)
{
    char made[3 * ROSTER_MAX_ID];
    int n = snprintf(made, sizeof made, "%.*s\t%.*s\t%s", (int)user.n, user.p, (int)unit.n, unit.p,
                     import_set_work_word(work));
    *id = import_set_text(set, (struct str){made, (size_t)n});
    return id->p ? ERR_OK : ERR_NOMEM;
}

enum err oneroster_note_dates(struct roster_table *table, const struct oneroster_tally *tally)
{
    return oneroster_note(table, tally, N_("date is not written YYYY-MM-DD; it is not used."),
                          N_("dates are not written YYYY-MM-DD; they are not used."));
}

struct str oneroster_id(const struct roster_table *table, int heading, char out[UTF8_MAX_FORM])
{
    struct str form;
    if (utf8_nfc(roster_table_cell(table, heading), out, &form) || form.n > ROSTER_MAX_ID) {
        return (struct str){"", 0};
    }
    return form;
}
