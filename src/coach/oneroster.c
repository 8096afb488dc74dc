/* The manifest of a OneRoster export, and its files in order; see oneroster.h. */
#include "coach/oneroster.h"

#include "base/arena.h"
#include "base/buf.h"
#include "coach/oneroster_read.h"
#include "coach/roster_cell.h"

#include <inttypes.h>
#include <stdio.h>

#define OTHER_WORDS_SHOWN 5

static const char *const file_names[ONEROSTER_FILE__MAX] = {
    [ONEROSTER_MANIFEST] = "manifest.csv",
    [ONEROSTER_ORGS] = "orgs.csv",
    [ONEROSTER_ROLES] = "roles.csv",
    [ONEROSTER_USERS] = "users.csv",
    [ONEROSTER_ENROLLMENTS] = "enrollments.csv",
    [ONEROSTER_CLASSES] = "classes.csv",
    [ONEROSTER_COURSES] = "courses.csv",
    [ONEROSTER_DEMOGRAPHICS] = "demographics.csv",
};

const char *oneroster_file_name(enum oneroster_file file)
{
    return file_names[file];
}

bool oneroster_has(const struct oneroster *oneroster, enum oneroster_file file)
{
    return oneroster->at[file] >= 0 && oneroster->mode[file] != ONEROSTER_ABSENT;
}

bool oneroster_is_complete(const struct oneroster *oneroster, enum oneroster_file file)
{
    bool said = oneroster->mode[file] == ONEROSTER_BULK ||
                (!oneroster->has_manifest && oneroster->options.complete);
    return said && oneroster_has(oneroster, file) && oneroster->left_out[file] == 0;
}

enum { PROPERTY, VALUE };

static const struct roster_heading headings[] = {
    {"propertyName", true, NULL},
    {"value", true, NULL},
    {NULL, false, NULL},
};

/* The file that "file.users" names, or ONEROSTER_FILE__MAX. */
static enum oneroster_file manifest_file(struct str property)
{
    for (int k = ONEROSTER_ORGS; k < ONEROSTER_FILE__MAX; k++) {
        struct str name = str_of(file_names[k]);
        char wanted[32];
        int n = snprintf(wanted, sizeof wanted, "file.%.*s", (int)(name.n - 4), name.p);
        char folded[UTF8_MAX_FORM], known[UTF8_MAX_FORM];
        struct str form, other;
        if (!utf8_fold(property, folded, &form) &&
            !utf8_fold((struct str){wanted, (size_t)n}, known, &other) && str_equal(form, other)) {
            return (enum oneroster_file)k;
        }
    }
    return ONEROSTER_FILE__MAX;
}

static enum err manifest_mode(struct oneroster *oneroster, struct roster_table *table,
                              enum oneroster_file file, struct str value)
{
    static const char *const words[] = {"absent", "bulk", "delta", NULL};
    static const enum oneroster_mode modes[] = {ONEROSTER_ABSENT, ONEROSTER_BULK, ONEROSTER_DELTA};
    int word = value.n > 0 ? roster_cell_word(value, words) : 0;
    if (word >= 0) {
        oneroster->mode[file] = modes[word];
        return ERR_OK;
    }
    return roster_table_bad(table, VALUE,
                            N_("bulk means that the file holds everything, delta that it holds "
                               "changes only"),
                            N_("%s must be bulk, delta or absent"), file_names[file]);
}

/* The name of the system behind the export. */
static enum err manifest_system(struct oneroster *oneroster, struct str value)
{
    static const char *const nothing[] = {"absent", "none", "n/a", NULL};
    if (oneroster->options.system.n > 0 || value.n == 0 || value.n > ONEROSTER_MAX_SOURCE ||
        roster_cell_word(value, nothing) >= 0) {
        return ERR_OK;
    }
    const char *copy = arena_text(oneroster->arena, value.p, value.n);
    oneroster->options.system = (struct str){copy, value.n};
    return copy ? ERR_OK : ERR_NOMEM;
}

static enum err manifest_row(struct oneroster *oneroster, struct roster_table *table,
                             struct str *system_name)
{
    static const char *const properties[] = {"oneroster.version", "source.systemcode",
                                             "source.systemname", NULL};
    static const char *const versions[] = {"1.1", "1.2", "1.1.0", "1.2.0", "1.2.1", NULL};
    struct str property = roster_table_cell(table, PROPERTY);
    struct str value = roster_table_cell(table, VALUE), form;
    enum oneroster_file file = manifest_file(property);
    if (file != ONEROSTER_FILE__MAX) {
        return manifest_mode(oneroster, table, file, value);
    }
    switch (roster_cell_word(property, properties)) {
    case 0:
        return roster_cell_word(value, versions) >= 0
                   ? ERR_OK
                   : roster_problems_note(
                         table->problems, table->file, table->row.line, 1,
                         N_("The version is neither 1.1 nor 1.2; the files were read "
                            "by their columns."));
    case 1:
        return manifest_system(oneroster, value);
    case 2:
        if (!utf8_nfc(value, table->scratch, &form)) {
            *system_name = (struct str){arena_text(oneroster->work, form.p, form.n), form.n};
            return system_name->p ? ERR_OK : ERR_NOMEM;
        }
        return ERR_OK;
    default:
        return ERR_OK;
    }
}

static enum err manifest_read(struct oneroster *oneroster)
{
    struct roster_table *table;
    struct str system_name = {"", 0};
    enum err err = oneroster_open(oneroster, ONEROSTER_MANIFEST, headings, &table);
    while (!err && !(err = oneroster_next(table))) {
        err = manifest_row(oneroster, table, &system_name);
        table->n_skipped += table->row_problems > 0;
    }
    oneroster_close(oneroster, ONEROSTER_MANIFEST, table);
    if (err && err != ERR_NOT_FOUND) {
        return err;
    }
    oneroster->has_manifest = !oneroster->unreadable;
    return manifest_system(oneroster, system_name);
}

static enum err missing(struct oneroster *oneroster, enum oneroster_file file, const char *hint,
                        const char *message)
{
    oneroster->unreadable = true;
    return roster_problems_add(oneroster->problems, file_names[file], 0, 0, "", str_of(""), hint,
                               "%s", message);
}

/* Holds the files that are there against the manifest. */
static enum err check_files(struct oneroster *oneroster)
{
    enum err err = ERR_OK;
    for (int k = ONEROSTER_ORGS; k < ONEROSTER_DEMOGRAPHICS && !err; k++) {
        enum oneroster_file file = (enum oneroster_file)k;
        bool there = oneroster->at[k] >= 0;
        bool promised =
            oneroster->mode[k] == ONEROSTER_BULK || oneroster->mode[k] == ONEROSTER_DELTA;
        if (there && oneroster->mode[k] == ONEROSTER_ABSENT) {
            err =
                roster_problems_note(oneroster->problems, file_names[k], 0, 1,
                                     N_("The manifest says that this file is absent, so it was not "
                                        "read."));
        } else if (!there && promised && k <= ONEROSTER_USERS) {
            err = missing(oneroster, file, N_("export again, or write absent in the manifest"),
                          N_("the manifest promises this file, and it is not there"));
        } else if (!there && promised) {
            err = roster_problems_note(oneroster->problems, file_names[k], 0, 1,
                                       N_("The manifest promises this file, and it is not there: "
                                          "subjects and grades may be missing."));
        }
    }
    bool anything = oneroster_has(oneroster, ONEROSTER_ORGS) ||
                    oneroster_has(oneroster, ONEROSTER_ROLES) ||
                    oneroster_has(oneroster, ONEROSTER_USERS);
    if (!err && !anything && !oneroster->unreadable) {
        err = missing(oneroster, ONEROSTER_USERS,
                      N_("a OneRoster export has at least users.csv; for a spreadsheet of your own "
                         "use the import of people"),
                      N_("there is no file of organisations, roles or users here"));
    }
    return err;
}

/* Says which manifest was missing and what follows. */
static enum err note_manifest(struct oneroster *oneroster)
{
    if (oneroster->has_manifest) {
        return ERR_OK;
    }
    return roster_problems_note(
        oneroster->problems, file_names[ONEROSTER_MANIFEST], 0, 1,
        oneroster->options.complete
            ? N_("There is no manifest; the files were read as holding everything.")
            : N_("There is no manifest, so it is not known whether the files hold everything: "
                 "nobody is taken to have left."));
}

static enum err find_files(struct oneroster *oneroster)
{
    enum err err = ERR_OK;
    for (int k = 0; k < ONEROSTER_FILE__MAX && !err; k++) {
        oneroster->at[k] = archive_find(oneroster->archive, str_of(file_names[k]));
        if (oneroster->at[k] < 0) {
            continue;
        }
        struct str name = archive_at(oneroster->archive, oneroster->at[k]).name;
        if (!str_is(name, file_names[k])) {
            err = roster_problems_note(oneroster->problems, file_names[k], 0, 1,
                                       N_("The file is called %.*s; it was read all the same."),
                                       (int)name.n, name.p);
        }
    }
    return err;
}

static enum err name_source(struct oneroster *oneroster)
{
    struct buf buf;
    buf_init(&buf, oneroster->arena, ONEROSTER_MAX_SOURCE + 32);
    buf_add_text(&buf, "oneroster");
    if (oneroster->options.system.n > 0) {
        buf_add_char(&buf, ':');
        buf_add(&buf, oneroster->options.system);
    }
    return buf_end(&buf, &oneroster->source);
}

enum err oneroster_begin(struct arena *arena, struct archive *archive,
                         const struct oneroster_options *options, struct roster_problems *problems,
                         struct oneroster **result)
{
    struct oneroster *oneroster = arena_alloc(arena, 1, sizeof *oneroster);
    if (!oneroster) {
        return ERR_NOMEM;
    }
    *oneroster = (struct oneroster){
        .arena = arena, .archive = archive, .options = *options, .problems = problems};
    oneroster->work = arena_child(arena);
    oneroster->set = arena_alloc(arena, 1, sizeof *oneroster->set);
    if (!oneroster->work || !oneroster->set) {
        return ERR_NOMEM;
    }
    oneroster->other_words = intern_new(oneroster->work, INTERN_MAX);
    enum err err = oneroster->other_words ? import_set_init(oneroster->set, arena) : ERR_NOMEM;
    err = err ? err : find_files(oneroster);
    if (!err && oneroster->at[ONEROSTER_MANIFEST] >= 0) {
        err = manifest_read(oneroster);
    }
    err = err ? err : check_files(oneroster);
    err = err ? err : note_manifest(oneroster);
    err = err ? err : name_source(oneroster);
    if (!err) {
        *result = oneroster;
    }
    return err;
}

struct str oneroster_source(const struct oneroster *oneroster)
{
    return oneroster->source;
}

/* What was left unread, in numbers only. */
static enum err note_unread(struct oneroster *oneroster)
{
    struct roster_problems *problems = oneroster->problems;
    const char *file = file_names[oneroster->roles_in_users ? ONEROSTER_USERS : ONEROSTER_ROLES];
    enum err err = ERR_OK;
    uint64_t n = oneroster->n_students + oneroster->n_family;
    if (n > 0) {
        err = roster_problems_note(
            problems, file, 0, n,
            n == 1
                ? N_("%llu row was left unread: %llu of students, %llu of parents, guardians and "
                     "relatives.")
                : N_("%llu rows were left unread: %llu of students, %llu of parents, guardians "
                     "and relatives."),
            (unsigned long long)n, (unsigned long long)oneroster->n_students,
            (unsigned long long)oneroster->n_family);
    }
    if (!err && oneroster->n_without_role > 0) {
        uint64_t others = oneroster->n_without_role;
        err = roster_problems_note(problems, file_names[ONEROSTER_USERS], 0, others,
                                   others == 1 ? N_("%llu row was left unread: who is no staff.")
                                               : N_("%llu rows were left unread: who is no staff."),
                                   (unsigned long long)others);
    }
    if (!err && oneroster->at[ONEROSTER_DEMOGRAPHICS] >= 0) {
        err = roster_problems_note(problems, file_names[ONEROSTER_DEMOGRAPHICS], 0, 1,
                                   N_("The file was not opened: Duet needs nothing of it."));
    }
    return err;
}

static enum err note_other_words(struct oneroster *oneroster)
{
    int32_t n = intern_count(oneroster->other_words);
    struct buf buf;
    struct str words;
    if (n == 0) {
        return ERR_OK;
    }
    buf_init(&buf, oneroster->work, OTHER_WORDS_SHOWN * (ROSTER_MAX_ID + 4) + 8);
    for (int32_t k = 0; k < n && k < OTHER_WORDS_SHOWN; k++) {
        buf_add_text(&buf, k > 0 ? ", " : "");
        buf_add(&buf, intern_text(oneroster->other_words, k));
    }
    buf_add_text(&buf, n > OTHER_WORDS_SHOWN ? " ..." : "");
    enum err err = buf_end(&buf, &words);
    return err ? err
               : roster_problems_note(
                     oneroster->problems,
                     file_names[oneroster->roles_in_users ? ONEROSTER_USERS : ONEROSTER_ROLES], 0,
                     (uint64_t)n,
                     N_("Roles that are none of OneRoster's were left out with their people: %s."),
                     words.p);
}

/* In a complete file of users everybody who has a role must be there. */
static enum err check_mentioned(struct oneroster *oneroster)
{
    struct import_set *set = oneroster->set;
    const struct import_role *roles = set->roles.items;
    enum err err = ERR_OK;
    if (!oneroster_is_complete(oneroster, ONEROSTER_USERS)) {
        return ERR_OK;
    }
    for (size_t k = 0; k < set->roles.n && !err; k++) {
        const struct import_person *person = import_set_person_at(set, roles[k].person);
        if (person->mentioned && !roles[k].gone) {
            oneroster->left_out[ONEROSTER_ROLES]++;
            err = roster_problems_add(oneroster->problems, roles[k].place.file, roles[k].place.line,
                                      0, "", str_of(""), N_("correct the id, or leave the row out"),
                                      N_("there is no user with the sourcedId %s in users.csv"),
                                      person->id.p);
        }
    }
    return err;
}

enum err oneroster_read(struct oneroster *oneroster, const struct intern *known,
                        struct import_set **result)
{
    struct import_set *set = oneroster->set;
    oneroster->known = known;
    oneroster->roles_in_users =
        !oneroster_has(oneroster, ONEROSTER_ROLES) && oneroster_has(oneroster, ONEROSTER_USERS);
    enum err err = oneroster_read_orgs(oneroster);
    err = err ? err : oneroster_read_roles(oneroster);
    err = err ? err : oneroster_read_users(oneroster);
    err = err ? err : check_mentioned(oneroster);
    err = err ? err : oneroster_read_classes(oneroster);
    err = err ? err : note_unread(oneroster);
    err = err ? err : note_other_words(oneroster);
    if (err || oneroster->no_memory) {
        return err ? err : ERR_NOMEM;
    }
    bool roles_read = oneroster->left_out[ONEROSTER_ROLES] == 0;
    set->source = oneroster->source;
    set->roster = true;
    set->units_complete = oneroster_is_complete(oneroster, ONEROSTER_ORGS);
    set->people_complete = oneroster_is_complete(oneroster, ONEROSTER_USERS) && roles_read;
    set->roles_complete = oneroster_is_complete(
        oneroster, oneroster->roles_in_users ? ONEROSTER_USERS : ONEROSTER_ROLES);
    for (int k = 0; k < ONEROSTER_FILE__MAX; k++) {
        set->n_left_out += oneroster->left_out[k];
    }
    arena_free(oneroster->work);
    if (oneroster->unreadable) {
        return ERR_INVALID;
    }
    *result = set;
    return ERR_OK;
}
