/* users.csv: the staff among them.  Who is staff follows from roles.csv, or in version 1.1 from the
 * row's own role; everybody else's row is dropped before it is looked at. */
#include "base/arena.h"
#include "coach/oneroster_read.h"
#include "coach/people.h"
#include "coach/roster_cell.h"

#include <inttypes.h>

enum {
    ID,
    STATUS,
    DATE,
    ENABLED,
    ORGS,
    ROLE,
    USERNAME,
    USER_IDS,
    GIVEN,
    FAMILY,
    MIDDLE,
    IDENTIFIER,
    EMAIL,
    PREFERRED_GIVEN,
    PREFERRED_MIDDLE,
    PREFERRED_FAMILY,
    PRIMARY_ORG,
};

static const struct roster_heading headings[] = {
    {"sourcedId", true, NULL},
    {"status", false, NULL},
    {"dateLastModified", false, NULL},
    {"enabledUser", false, NULL},
    {"orgSourcedIds", false, "orgSourcedId"},
    {"role", false, NULL},
    {"username", false, NULL},
    {"userIds", false, NULL},
    {"givenName", true, NULL},
    {"familyName", true, NULL},
    {"middleName", false, NULL},
    {"identifier", false, NULL},
    {"email", false, NULL},
    {"preferredGivenName", false, NULL},
    {"preferredMiddleName", false, NULL},
    {"preferredFamilyName", false, NULL},
    {"primaryOrgSourcedId", false, NULL},
    {"orgSourcedId", false, NULL},
    {NULL, false, NULL},
};

struct users {
    struct oneroster *oneroster;
    struct roster_table *table;
    struct intern *emails;    /* folded addresses */
    struct list email_owners; /* int32_t beside emails: the person, or SHARED */
    struct list staff;        /* bool beside set->people: has a role that is not over */
    struct oneroster_tally dates, bad_emails, several;
    uint64_t n_shared;
};
#define SHARED (-2)

/* Whether a person of this id was brought in before. */
static bool is_known(const struct oneroster *oneroster, struct str id)
{
    return oneroster->known && id.n > 0 && intern_find(oneroster->known, id) >= 0;
}

/* A person who was brought in before is no staff any more. */
static void note_gone(struct users *users, struct str id)
{
    struct import_set *set = users->oneroster->set;
    int32_t person;
    bool fresh;
    if (import_set_person(set, id, &person, &fresh)) {
        users->oneroster->no_memory = true;
    } else if (fresh) {
        struct import_person *gone = import_set_person_at(set, person);
        gone->gone = true;
        gone->place = (struct import_place){users->table->file, users->table->row.line};
    }
}

static bool user_drop(const struct roster_table *table, void *ctx)
{
    struct users *users = ctx;
    struct oneroster *oneroster = users->oneroster;
    char out[UTF8_MAX_FORM];
    struct str id = oneroster_id(table, ID, out);
    if (oneroster->roles_in_users) {
        if (!oneroster_drop(oneroster, roster_table_cell(table, ROLE))) {
            return false;
        }
        if (is_known(oneroster, id)) {
            note_gone(users, id);
        }
        return true;
    }
    int32_t person = import_set_find_person(oneroster->set, id);
    bool staff = person >= 0 && (size_t)person < users->staff.n &&
                 ((const bool *)users->staff.items)[person];
    bool keeps_role = !oneroster_is_complete(oneroster, ONEROSTER_ROLES) && is_known(oneroster, id);
    oneroster->n_without_role += !staff && !keeps_role;
    return !staff && !keeps_role;
}

/* enabledUser: an account that is switched off is one of somebody who has left. */
static enum err user_enabled(struct roster_table *table, bool *gone)
{
    static const char *const words[] = {"true", "1", "yes", "y", "false", "0", "no", "n", NULL};
    struct str cell = roster_table_cell(table, ENABLED);
    int word = cell.n > 0 ? roster_cell_word(cell, words) : 0;
    *gone = *gone || word >= 4;
    return word >= 0 ? ERR_OK
                     : roster_table_bad(table, ENABLED, N_("an empty cell means true"),
                                        N_("enabledUser must be true or false"));
}

/* The address; one that is none, or that several people have, is left out with a note. */
static enum err user_email(struct users *users, struct str *email)
{
    struct roster_table *table = users->table;
    struct import_set *set = users->oneroster->set;
    struct str cell = roster_table_cell(table, EMAIL);
    *email = (struct str){"", 0};
    if (cell.n == 0) {
        return ERR_OK;
    }
    if (!import_cell_is_email(cell)) {
        oneroster_tally(&users->bad_emails, table);
        return ERR_OK;
    }
    *email = import_set_text(set, cell);
    return email->p ? ERR_OK : ERR_NOMEM;
}

/* Remembers who has the address, for users_share_emails(). */
static enum err user_own_email(struct users *users, int32_t person, struct str email)
{
    char folded[UTF8_MAX_FORM];
    struct str form;
    int32_t at = 0;
    bool fresh;
    if (email.n == 0 || utf8_fold(email, folded, &form)) {
        return ERR_OK;
    }
    enum err err = intern_add(users->emails, form, &at, &fresh);
    if (err) {
        return err;
    }
    if (fresh) {
        return list_add(&users->email_owners, &person) ? ERR_OK : ERR_NOMEM;
    }
    int32_t *owner = (int32_t *)users->email_owners.items + at;
    *owner = *owner == person ? person : SHARED;
    return ERR_OK;
}

/* An address that several people have belongs to none of them. */
static void users_share_emails(struct users *users)
{
    struct import_set *set = users->oneroster->set;
    char folded[UTF8_MAX_FORM];
    struct str form;
    for (size_t k = 0; k < set->people.n; k++) {
        struct import_person *person = import_set_person_at(set, (int32_t)k);
        if (person->email.n == 0 || utf8_fold(person->email, folded, &form)) {
            continue;
        }
        int32_t at = intern_find(users->emails, form);
        if (at >= 0 && ((const int32_t *)users->email_owners.items)[at] == SHARED) {
            person->email = (struct str){"", 0};
            users->n_shared++;
        }
    }
}

/* Version 1.1: one role in each organisation of the list. */
static enum err user_roles(struct users *users, int32_t person, struct str id)
{
    struct roster_table *table = users->table;
    struct import_set *set = users->oneroster->set;
    struct import_role role = {.place = {table->file, table->row.line}, .person = person};
    struct roster_cell_list orgs = {roster_table_cell(table, ORGS), false};
    const char *like;
    struct str org = {"", 0}, form;
    bool any = false;
    (void)oneroster_who(roster_table_cell(table, ROLE), &role.work, &like);
    /* Nobody without an organisation: they belong to the one at the top. */
    while (roster_cell_next_value(&orgs, &org) || !any) {
        any = true;
        if (utf8_nfc(org, table->scratch, &form) || form.n > ROSTER_MAX_ID) {
            return roster_table_bad(table, ORGS, "", N_("a sourcedId may have at most %d bytes"),
                                    ROSTER_MAX_ID);
        }
        role.unit_id = import_set_text(set, form);
        enum err err =
            role.unit_id.p ? oneroster_made_id(set, id, form, role.work, &role.id) : ERR_NOMEM;
        if (err || !list_add(&set->roles, &role)) {
            return err ? err : set->roles.err;
        }
    }
    return ERR_OK;
}

/* What the row says of the person, in the set's memory. */
static enum err user_read(struct users *users, struct import_person *person)
{
    struct roster_table *table = users->table;
    struct import_set *set = users->oneroster->set;
    struct str given = {"", 0}, family = {"", 0};
    enum import_work work;
    const char *like;
    enum err err = oneroster_status(table, STATUS, &person->gone);
    err = err ? err : user_enabled(table, &person->gone);
    err = err ? err : import_cell_name(set, table, GIVEN, PEOPLE_NAME, &person->given_name);
    err = err ? err : import_cell_name(set, table, FAMILY, PEOPLE_NAME, &person->family_name);
    err = err ? err : import_cell_name(set, table, PREFERRED_GIVEN, PEOPLE_NAME, &given);
    err = err ? err : import_cell_name(set, table, PREFERRED_FAMILY, PEOPLE_NAME, &family);
    err = err ? err : user_email(users, &person->email);
    if (!err && users->oneroster->roles_in_users &&
        oneroster_who(roster_table_cell(table, ROLE), &work, &like) != ONEROSTER_STAFF) {
        err = oneroster_bad_role(table, ROLE, like);
    }
    oneroster_check_date(table, DATE, &users->dates);
    person->given_name = given.n > 0 ? given : person->given_name;
    person->family_name = family.n > 0 ? family : person->family_name;
    if (!err && table->row_problems == 0 && !person->gone && person->given_name.n == 0 &&
        person->family_name.n == 0) {
        err = roster_table_bad(table, GIVEN, "", N_("a person needs a givenName or a familyName"));
    }
    return err;
}

/* A second row of the same person may add organisations, as some exporters write them. */
static enum err user_again(struct users *users, const struct import_person *before,
                           const struct import_person *now)
{
    struct roster_table *table = users->table;
    bool same = str_equal(before->given_name, now->given_name) &&
                str_equal(before->family_name, now->family_name) &&
                str_equal(before->email, now->email) && before->gone == now->gone;
    if (same) {
        oneroster_tally(&users->several, table);
        return ERR_OK;
    }
    table->n_skipped++;
    return roster_table_bad(table, ID, N_("each user stands in one row"),
                            N_("line %llu says something else of this sourcedId"),
                            (unsigned long long)before->place.line);
}

static enum err user_row(struct users *users)
{
    struct roster_table *table = users->table;
    struct import_set *set = users->oneroster->set;
    struct import_person now = {.place = {table->file, table->row.line},
                                .position = {"", 0},
                                .max_helps = IMPORT_UNSAID,
                                .max_learns = IMPORT_UNSAID};
    int32_t person = IMPORT_NONE;
    enum err err = import_cell_id(set, table, ID, &now.id);
    err = err ? err : user_read(users, &now);
    if (err || table->row_problems > 0) {
        table->n_skipped += !err;
        return err;
    }
    now.complete = users->oneroster->roles_in_users;
    err = import_set_person(set, now.id, &person, NULL);
    if (err) {
        return err;
    }
    struct import_person *place = import_set_person_at(set, person);
    if (place->mentioned) {
        *place = now;
        err = user_own_email(users, person, now.email);
    } else {
        err = user_again(users, place, &now);
    }
    if (!err && table->row_problems == 0 && users->oneroster->roles_in_users && !now.gone) {
        err = user_roles(users, person, now.id);
        table->n_skipped += table->row_problems > 0;
    }
    return err;
}

static enum err users_notes(struct users *users)
{
    struct roster_table *table = users->table;
    enum err err =
        oneroster_note(table, &users->bad_emails, N_("e-mail address is none and was left out."),
                       N_("e-mail addresses are none and were left out."));
    err = err ? err
              : oneroster_note(
                    table, &users->several,
                    N_("row repeats a person, perhaps in another organisation; both count."),
                    N_("rows repeat a person, perhaps in another organisation; all count."));
    if (!err && users->n_shared > 0) {
        err = roster_problems_note(table->problems, table->file, 0, users->n_shared,
                                   N_("%llu people share an e-mail address with somebody else; "
                                      "none of them gets it."),
                                   (unsigned long long)users->n_shared);
    }
    return err ? err : oneroster_note_dates(table, &users->dates);
}

static enum err users_begin(struct users *users)
{
    struct oneroster *oneroster = users->oneroster;
    const struct import_set *set = oneroster->set;
    const struct import_role *roles = set->roles.items;
    const bool none = false;
    users->emails = intern_new(oneroster->work, INTERN_MAX);
    list_init(&users->email_owners, oneroster->work, sizeof(int32_t), INTERN_MAX);
    list_init(&users->staff, oneroster->work, sizeof(bool), IMPORT_MAX_PEOPLE);
    for (size_t k = 0; k < set->people.n; k++) {
        if (!list_add(&users->staff, &none)) {
            return ERR_NOMEM;
        }
    }
    for (size_t k = 0; k < set->roles.n; k++) {
        bool *staff = (bool *)users->staff.items + roles[k].person;
        *staff = *staff || !roles[k].gone;
    }
    return users->emails ? ERR_OK : ERR_NOMEM;
}

/* Without roles.csv the users' rows must say who is staff. */
static enum err users_need_role(struct users *users)
{
    struct roster_table *table = users->table;
    if (table->broken || !users->oneroster->roles_in_users || roster_table_has(table, ROLE)) {
        return ERR_OK;
    }
    table->broken = true;
    return roster_problems_add(
        table->problems, table->file, table->header_line, 0, "", str_of(""),
        N_("export roles.csv too (version 1.2), or the column role (1.1)"),
        N_("there is neither roles.csv nor a column \"role\", so it is not known "
           "who is a student: nothing is read"));
}

enum err oneroster_read_users(struct oneroster *oneroster)
{
    struct users users = {.oneroster = oneroster};
    if (!oneroster_has(oneroster, ONEROSTER_USERS)) {
        return ERR_OK;
    }
    enum err err = users_begin(&users);
    err = err ? err : oneroster_open(oneroster, ONEROSTER_USERS, headings, &users.table);
    err = err ? err : users_need_role(&users);
    if (!err) {
        users.table->drop = user_drop;
        users.table->drop_ctx = &users;
    }
    while (!err && !(err = oneroster_next(users.table))) {
        err = user_row(&users);
    }
    if (err == ERR_NOT_FOUND && users.table) {
        users_share_emails(&users);
        err = users_notes(&users);
    }
    oneroster_close(oneroster, ONEROSTER_USERS, users.table);
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}
