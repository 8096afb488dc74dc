/* orgs.csv and roles.csv: units, and who works where as what. */
#include "base/arena.h"
#include "coach/oneroster_read.h"
#include "coach/roster_cell.h"

#include <inttypes.h>

enum { ORG_ID, ORG_STATUS, ORG_DATE, ORG_NAME, ORG_TYPE, ORG_IDENTIFIER, ORG_PARENT };

static const struct roster_heading org_headings[] = {
    {"sourcedId", true, NULL},
    {"status", false, NULL},
    {"dateLastModified", false, NULL},
    {"name", true, NULL},
    {"type", false, NULL},
    {"identifier", false, NULL},
    {"parentSourcedId", false, NULL},
    {NULL, false, NULL},
};

/* States and nations are levels above districts; Duet knows one kind for all of these. */
static const char *const org_types[] = {"department", "school",   "district", "local",
                                        "state",      "national", NULL};
static const enum unit_kind org_kinds[] = {UNIT_GROUP,    UNIT_SCHOOL,   UNIT_DISTRICT,
                                           UNIT_DISTRICT, UNIT_DISTRICT, UNIT_DISTRICT};

struct orgs {
    struct oneroster *oneroster;
    struct roster_table *table;
    struct oneroster_tally dates, kinds;
};

static enum err org_row(struct orgs *orgs)
{
    struct roster_table *table = orgs->table;
    struct import_set *set = orgs->oneroster->set;
    struct import_unit unit = {.place = {table->file, table->row.line}};
    struct str type = roster_table_cell(table, ORG_TYPE);
    enum err err = oneroster_status(table, ORG_STATUS, &unit.gone);
    err = err ? err : import_cell_id(set, table, ORG_ID, &unit.id);
    err = err ? err : import_cell_name(set, table, ORG_NAME, UNITS_NAME, &unit.name);
    err = err ? err : import_cell_id(set, table, ORG_PARENT, &unit.parent_id);
    int word = roster_cell_word(type, org_types);
    unit.kind = word >= 0 ? org_kinds[word] : UNIT_GROUP;
    if (word < 0) {
        oneroster_tally(&orgs->kinds, table);
    }
    oneroster_check_date(table, ORG_DATE, &orgs->dates);
    if (!err && unit.name.n == 0 && !unit.gone && table->row_problems == 0) {
        err = roster_table_bad(table, ORG_NAME, "", N_("name may not be empty"));
    }
    if (err || table->row_problems > 0) {
        table->n_skipped += !err;
        return err;
    }
    bool fresh;
    int32_t at;
    err = import_set_unit(set, unit.id, &at, &fresh);
    if (err) {
        return err;
    }
    if (!fresh) {
        table->n_skipped++;
        return roster_table_bad(table, ORG_ID, N_("each organisation stands in one row"),
                                N_("this sourcedId was already used in line %llu"),
                                (unsigned long long)import_set_unit_at(set, at)->place.line);
    }
    *import_set_unit_at(set, at) = unit;
    return ERR_OK;
}

enum err oneroster_read_orgs(struct oneroster *oneroster)
{
    struct orgs orgs = {.oneroster = oneroster};
    if (!oneroster_has(oneroster, ONEROSTER_ORGS)) {
        return ERR_OK;
    }
    enum err err = oneroster_open(oneroster, ONEROSTER_ORGS, org_headings, &orgs.table);
    while (!err && !(err = oneroster_next(orgs.table))) {
        err = org_row(&orgs);
    }
    if (err == ERR_NOT_FOUND && orgs.table) {
        err =
            oneroster_note(orgs.table, &orgs.kinds,
                           N_("organisation has a type that is none of OneRoster's; it becomes a "
                              "group."),
                           N_("organisations have types that are none of OneRoster's; they become "
                              "groups."));
        err = err ? err : oneroster_note_dates(orgs.table, &orgs.dates);
    }
    oneroster_close(oneroster, ONEROSTER_ORGS, orgs.table);
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum {
    ROLE_ID,
    ROLE_STATUS,
    ROLE_DATE,
    ROLE_USER,
    ROLE_TYPE,
    ROLE_WORD,
    ROLE_BEGIN,
    ROLE_END,
    ROLE_ORG,
    ROLE_PROFILE,
    ROLE_IS_PRIMARY,
};

static const struct roster_heading role_headings[] = {
    {"sourcedId", false, NULL},
    {"status", false, NULL},
    {"dateLastModified", false, NULL},
    {"userSourcedId", true, NULL},
    {"roleType", false, NULL},
    {"role", true, NULL},
    {"beginDate", false, "roleStartDate"},
    {"endDate", false, "roleEndDate"},
    {"orgSourcedId", false, NULL},
    {"userProfileSourcedId", false, NULL},
    {"isPrimary", false, NULL},
    {"sessionSourcedId", false, NULL},
    {"grade", false, NULL},
    {"roleStartDate", false, NULL},
    {"roleEndDate", false, NULL},
    {NULL, false, NULL},
};

struct roles {
    struct oneroster *oneroster;
    struct roster_table *table;
    struct intern *ids; /* role ids, in the order of set->roles */
    struct oneroster_tally dates, ended, types, nowhere;
};

/* Asked before a row is looked at: rows of students and families are not read. */
static bool role_drop(const struct roster_table *table, void *ctx)
{
    struct roles *roles = ctx;
    return oneroster_drop(roles->oneroster, roster_table_cell(table, ROLE_WORD));
}

static enum err role_word(struct roles *roles, enum import_work *work)
{
    struct roster_table *table = roles->table;
    const char *like;
    if (oneroster_who(roster_table_cell(table, ROLE_WORD), work, &like) == ONEROSTER_STAFF) {
        return ERR_OK;
    }
    return oneroster_bad_role(table, ROLE_WORD, like);
}

static void role_primary(struct roles *roles, bool *primary)
{
    static const char *const types[] = {"primary", "true", "1",  "yes", "secondary",
                                        "false",   "0",    "no", "",    NULL};
    struct roster_table *table = roles->table;
    struct str type = roster_table_cell(table, ROLE_TYPE);
    if (type.n == 0) {
        type = roster_table_cell(table, ROLE_IS_PRIMARY);
    }
    int word = roster_cell_word(type, types);
    *primary = word >= 0 && word < 4;
    if (word < 0) {
        oneroster_tally(&roles->types, table);
    }
}

/* The row's own id, or one made of what it says. */
static enum err role_id(struct roles *roles, struct str user, struct import_role *role)
{
    struct roster_table *table = roles->table;
    struct import_set *set = roles->oneroster->set;
    enum err err = import_cell_id(set, table, ROLE_ID, &role->id);
    if (err || role->id.n > 0 || table->row_problems > 0) {
        return err;
    }
    return oneroster_made_id(set, user, role->unit_id, role->work, &role->id);
}

static enum err role_take(struct roles *roles, struct str user, struct import_role *role)
{
    struct roster_table *table = roles->table;
    struct import_set *set = roles->oneroster->set;
    const struct import_role *before = set->roles.items;
    int32_t at = 0;
    bool fresh;
    enum err err = import_set_person(set, user, &role->person, NULL);
    err = err ? err : intern_add(roles->ids, role->id, &at, &fresh);
    if (err) {
        return err;
    }
    if (fresh) {
        return list_add(&set->roles, role) ? ERR_OK : set->roles.err;
    }
    before += at;
    if (before->person == role->person && before->work == role->work &&
        before->gone == role->gone && str_equal(before->unit_id, role->unit_id)) {
        return ERR_OK; /* a copy */
    }
    table->n_skipped++;
    return roster_table_bad(table, roster_table_has(table, ROLE_ID) ? ROLE_ID : ROLE_USER,
                            N_("each role stands in one row"),
                            N_("line %llu has another role with this sourcedId"),
                            (unsigned long long)before->place.line);
}

static enum err role_row(struct roles *roles)
{
    struct roster_table *table = roles->table;
    struct import_set *set = roles->oneroster->set;
    struct import_role role = {.place = {table->file, table->row.line}};
    struct str user = {"", 0};
    int32_t day;
    enum err err = role_word(roles, &role.work);
    err = err ? err : oneroster_status(table, ROLE_STATUS, &role.gone);
    err = err ? err : import_cell_id(set, table, ROLE_USER, &user);
    err = err ? err : import_cell_id(set, table, ROLE_ORG, &role.unit_id);
    role_primary(roles, &role.primary);
    if (role.unit_id.n == 0) {
        oneroster_tally(&roles->nowhere, table);
    }
    oneroster_check_date(table, ROLE_DATE, &roles->dates);
    oneroster_check_date(table, ROLE_BEGIN, &roles->dates);
    oneroster_check_date(table, ROLE_END, &roles->dates);
    if (roster_cell_date(roster_table_cell(table, ROLE_END), &day) == ROSTER_DATE_OK &&
        day < roles->oneroster->options.today && !role.gone) {
        oneroster_tally(&roles->ended, table);
    }
    err = err || table->row_problems > 0 ? err : role_id(roles, user, &role);
    if (err || table->row_problems > 0) {
        table->n_skipped += !err;
        return err;
    }
    return role_take(roles, user, &role);
}

static enum err roles_notes(struct roles *roles)
{
    struct roster_table *table = roles->table;
    enum err err = oneroster_note(
        table, &roles->ended,
        N_("role ended before today by its endDate; it counts, since its row is active."),
        N_("roles ended before today by their endDate; they count, since their rows are active."));
    err = err ? err
              : oneroster_note(table, &roles->nowhere,
                               N_("role names no organisation; it counts at the top."),
                               N_("roles name no organisation; they count at the top."));
    err = err ? err
              : oneroster_note(table, &roles->types,
                               N_("roleType is neither primary nor secondary; it was read as "
                                  "secondary."),
                               N_("roleTypes are neither primary nor secondary; they were read as "
                                  "secondary."));
    return err ? err : oneroster_note_dates(table, &roles->dates);
}

enum err oneroster_read_roles(struct oneroster *oneroster)
{
    struct roles roles = {.oneroster = oneroster};
    if (!oneroster_has(oneroster, ONEROSTER_ROLES)) {
        return ERR_OK;
    }
    roles.ids = intern_new(oneroster->work, INTERN_MAX);
    if (!roles.ids) {
        return ERR_NOMEM;
    }
    enum err err = oneroster_open(oneroster, ONEROSTER_ROLES, role_headings, &roles.table);
    if (!err) {
        roles.table->drop = role_drop;
        roles.table->drop_ctx = &roles;
    }
    while (!err && !(err = oneroster_next(roles.table))) {
        err = role_row(&roles);
    }
    if (err == ERR_NOT_FOUND && roles.table) {
        err = roles_notes(&roles);
    }
    oneroster_close(oneroster, ONEROSTER_ROLES, roles.table);
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}
