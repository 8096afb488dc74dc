/* Accounts: one person at a time, joining and leaving. */
#include "coach/people.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "coach/allow.h"
#include "coach/audit.h"
#include "coach/complaint.h"
#include "coach/partnerships.h"
#include "coach/people_read.h"
#include "coach/roles.h"
#include "coach/sql.h"

#define EXTERNAL_ID 256 /* characters */
#define POSITION 60     /* characters */

/* ---- reading ---- */

enum err people_read(struct coach *coach, const struct db_query *q, struct person *person)
{
    enum err err = ERR_OK;
    *person = (struct person){
        .id = db_int(q, 0),
        .external_id = sql_copy(coach, q, 1, &err),
        .given_name = sql_copy(coach, q, 2, &err),
        .family_name = sql_copy(coach, q, 3, &err),
        .name = sql_copy_name(coach, q, 2, 3, &err),
        .email = sql_copy(coach, q, 4, &err),
        .position = sql_copy(coach, q, 5, &err),
        .source = sql_copy(coach, q, 6, &err),
        .locale = sql_copy(coach, q, 7, &err),
        .time_zone = sql_copy(coach, q, 8, &err),
        .active = db_int(q, 9) == 1,
        .created_ms = db_int(q, 10),
        .changed_ms = db_int(q, 11),
        .left_ms = db_int(q, 12),
    };
    return err;
}

static enum err find(struct coach *coach, enum sql_id id, struct sql_arg key, struct person *person)
{
    struct db_query *q;
    struct person found;
    enum err err = sql_first(coach, id, &key, 1, &q);
    if (err) {
        return err;
    }
    err = people_read(coach, q, &found);
    db_finish(q);
    if (err == ERR_OK) {
        *person = found;
    }
    return err;
}

enum err people_find(struct coach *coach, int64_t id, struct person *person)
{
    return find(coach, SQL_PERSON_BY_ID, sql_int(id), person);
}

/* Asks whether the actor may see the account that was found. */
static enum err get(struct coach *coach, enum sql_id id, struct sql_arg key, struct person *person)
{
    struct person found;
    enum err err = find(coach, id, key, &found);
    err = err ? err : allowed(coach, ALLOW_VIEW, allow_of(ALLOW_ON_ACCOUNT, found.id, 0));
    if (err == ERR_OK) {
        *person = found;
    }
    return err;
}

enum err people_get(struct coach *coach, int64_t id, struct person *person)
{
    return get(coach, SQL_PERSON_BY_ID, sql_int(id), person);
}

enum err people_by_external_id(struct coach *coach, struct str external_id, struct person *person)
{
    return get(coach, SQL_PERSON_BY_EXTERNAL_ID, sql_text(external_id), person);
}

enum err people_by_email(struct coach *coach, struct str email, struct person *person)
{
    struct str key;
    enum err err = people_email_key(coach, email, &key);
    if (err) {
        return err == ERR_INVALID ? ERR_NOT_FOUND : err;
    }
    return get(coach, SQL_PERSON_BY_EMAIL, sql_text(key), person);
}

enum err people_each(struct coach *coach, people_each_fn *each, void *ctx)
{
    struct arena *arena = coach->arena;
    struct db_query *q;
    enum err err = allowed(coach, ALLOW_VIEW, allow_on(ALLOW_ON_IMPORT, 0));
    err = err ? err : sql_rows(coach, SQL_PERSON_EACH, SQL_NONE, &q);
    if (err) {
        return err;
    }
    while ((err = db_step(q)) == ERR_OK) {
        struct person person;
        coach->arena = arena_child(arena); /* what one person needs, and no more */
        err = coach->arena ? people_read(coach, q, &person) : ERR_NOMEM;
        err = err ? err : each(ctx, &person);
        arena_free(coach->arena);
        coach->arena = arena;
        if (err) {
            break;
        }
    }
    db_finish(q);
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

/* ---- keys ---- */

enum err people_search_key(struct coach *coach, struct str text, struct str *key)
{
    char out[UTF8_MAX_FORM];
    struct str form;
    enum err err = utf8_search(text, out, &form);
    if (err) {
        return err;
    }
    return coach_copy(coach, form, key) ? ERR_OK : ERR_NOMEM;
}

/* One @ with something sensible on both sides; the rest is the mail server's business. */
static bool is_email(struct str email)
{
    const char *at = email.n ? memchr(email.p, '@', email.n) : NULL;
    if (!at || email.n > PEOPLE_EMAIL) {
        return false;
    }
    struct str local = {email.p, (size_t)(at - email.p)};
    struct str domain = {at + 1, email.n - local.n - 1};
    for (size_t i = 0; i < email.n; i++) {
        unsigned char c = (unsigned char)email.p[i];
        if (c <= ' ' || c == 0x7f || strchr("()<>[],;:\\\"", c)) {
            return false;
        }
    }
    bool dots = false;
    for (size_t i = 0; i < domain.n; i++) {
        bool dot = domain.p[i] == '.';
        if (domain.p[i] == '@' ||
            (dot && (i == 0 || i + 1 == domain.n || domain.p[i - 1] == '.'))) {
            return false;
        }
        dots |= dot;
    }
    return local.n >= 1 && local.n <= 64 && dots;
}

enum err people_email_key(struct coach *coach, struct str email, struct str *key)
{
    char out[UTF8_MAX_FORM];
    struct str form;
    email = utf8_trim(email);
    if (!is_email(email) || utf8_fold(email, out, &form)) {
        return ERR_INVALID;
    }
    return coach_copy(coach, form, key) ? ERR_OK : ERR_NOMEM;
}

/* ---- adding and editing ---- */

struct checked {
    struct person_input input;
    struct str search, email_key;
};

static enum err check_names(struct coach *coach, struct checked *c, struct complaints *complaints)
{
    struct str family = {"", 0}, given = {"", 0};
    struct buf buf;
    complaint_clean(complaints, "given_name", c->input.given_name, false, false, PEOPLE_NAME,
                    &c->input.given_name);
    complaint_clean(complaints, "family_name", c->input.family_name, false, false, PEOPLE_NAME,
                    &c->input.family_name);
    if (c->input.given_name.n + c->input.family_name.n == 0) {
        if (complaints->total == 0) {
            complaint_add(complaints, "family_name", N_("Please give a name."));
        }
        return ERR_OK;
    }
    enum err err = people_search_key(coach, c->input.family_name, &family);
    err = err ? err : people_search_key(coach, c->input.given_name, &given);
    if (err) {
        return err;
    }
    buf_init(&buf, coach->arena, 2 * UTF8_MAX_FORM);
    buf_add(&buf, family);
    if (family.n && given.n) {
        buf_add_char(&buf, ' ');
    }
    buf_add(&buf, given);
    return buf_end(&buf, &c->search);
}

/* Complains when the key belongs to somebody else. */
static enum err check_taken(struct coach *coach, enum sql_id id, struct str key, int64_t self,
                            const char *field, const char *msgid, struct complaints *complaints)
{
    struct person other;
    enum err err = find(coach, id, sql_text(key), &other);
    if (err == ERR_OK && other.id != self) {
        complaint_add_text(complaints, field, msgid, "name", other.name);
    }
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

static enum err check(struct coach *coach, int64_t self, struct checked *c,
                      struct complaints *complaints)
{
    struct person_input *in = &c->input;
    enum err err = check_names(coach, c, complaints);
    if (err) {
        return err;
    }
    complaint_clean(complaints, "position", in->position, false, false, POSITION, &in->position);
    if (complaint_clean(complaints, "external_id", in->external_id, false, false, EXTERNAL_ID,
                        &in->external_id) &&
        in->external_id.n) {
        err = check_taken(coach, SQL_PERSON_BY_EXTERNAL_ID, in->external_id, self, "external_id",
                          N_("{name} has this id already."), complaints);
    }
    if (!err &&
        complaint_clean(complaints, "email", in->email, false, false, PEOPLE_EMAIL, &in->email) &&
        in->email.n) {
        err = people_email_key(coach, in->email, &c->email_key);
        if (err == ERR_INVALID) {
            complaint_add(complaints, "email", N_("This is not an e-mail address."));
            err = ERR_OK;
        } else if (!err) {
            err = check_taken(coach, SQL_PERSON_BY_EMAIL, c->email_key, self, "email",
                              N_("{name} has this e-mail address already."), complaints);
        }
    }
    return err ? err : complaint_result(complaints);
}

enum err people_add(struct coach *coach, const struct person_input *input,
                    struct complaints *complaints, int64_t *id)
{
    struct checked c = {.input = *input};
    int64_t made;
    enum err err = allowed(coach, ALLOW_ADD, allow_on(ALLOW_ON_PERSON, 0));
    err = err ? err : check(coach, 0, &c, complaints);
    if (err) {
        return err;
    }
    const struct person_input *in = &c.input;
    err = sql_number(coach, SQL_PERSON_ADD,
                     SQL_ARGS(sql_text_or_null(in->external_id), sql_text(in->given_name),
                              sql_text(in->family_name), sql_text(c.search),
                              sql_text_or_null(in->email), sql_text_or_null(c.email_key),
                              in->position.n ? sql_text(in->position) : sql_word("teacher"),
                              in->source.n ? sql_text(in->source) : sql_word("entered"),
                              sql_int(coach->now_ms)),
                     &made);
    if (err) {
        return err;
    }
    *id = made;
    return audit_note(coach, ALLOW_ADD, allow_of(ALLOW_ON_PERSON, made, 0), "");
}

enum err people_edit(struct coach *coach, int64_t id, const struct person_input *input,
                     struct complaints *complaints)
{
    struct allow_object account = allow_of(ALLOW_ON_ACCOUNT, id, 0);
    struct checked c = {.input = *input};
    struct person old;
    enum err err = allowed(coach, ALLOW_EDIT, account);
    err = err ? err : people_find(coach, id, &old);
    err = err ? err : check(coach, id, &c, complaints);
    if (err) {
        return err;
    }
    const struct person_input *in = &c.input;
    bool moved = !str_equal(in->email, old.email);
    err =
        sql_run(coach, SQL_PERSON_EDIT,
                SQL_ARGS(sql_int(id), sql_text_or_null(in->external_id), sql_text(in->given_name),
                         sql_text(in->family_name), sql_text(c.search), sql_text_or_null(in->email),
                         sql_text_or_null(c.email_key),
                         sql_text(in->position.n ? in->position : old.position),
                         sql_text(in->source.n ? in->source : old.source), sql_int(coach->now_ms)),
                NULL);
    if (!err && moved) {
        err = sql_run(coach, SQL_PERSON_END_INVITATIONS, SQL_ARGS(sql_int(id)), NULL);
    }
    return err ? err : audit_note(coach, ALLOW_EDIT, account, moved ? "email" : "");
}

/* ---- leaving and coming back ---- */

enum err people_leave(struct coach *coach, int64_t id)
{
    struct allow_object object = allow_of(ALLOW_ON_PERSON, id, 0);
    struct sql_arg self = sql_int(id), now = sql_int(coach->now_ms);
    struct person person;
    bool last = false;
    enum err err = allowed(coach, ALLOW_REMOVE, object);
    err = err ? err : people_find(coach, id, &person);
    if (err || !person.active) {
        return err;
    }
    struct membership_list roles;
    err = roles_of_person(coach, id, &roles);
    for (size_t i = 0; !err && i < roles.n; i++) {
        if (roles.items[i].role == ROLE_ADMINISTRATOR) {
            err = roles_is_last_administrator(coach, id, 0, &last);
            break;
        }
    }
    if (err || last) {
        return err ? err : ERR_CONFLICT;
    }
    err = sql_run(coach, SQL_PERSON_LEAVE, SQL_ARGS(self, now), NULL);
    err = err ? err : sql_run(coach, SQL_PERSON_END_SESSIONS, SQL_ARGS(self), NULL);
    err = err ? err : sql_run(coach, SQL_PERSON_END_INVITATIONS, SQL_ARGS(self), NULL);
    err = err ? err : sql_run(coach, SQL_PERSON_END_SHARES, SQL_ARGS(self, now), NULL);
    err = err ? err : partnerships_person_left(coach, id);
    return err ? err : audit_note(coach, ALLOW_REMOVE, object, "left");
}

enum err people_return(struct coach *coach, int64_t id)
{
    struct allow_object object = allow_of(ALLOW_ON_PERSON, id, 0);
    struct person person;
    enum err err = allowed(coach, ALLOW_REMOVE, object);
    err = err ? err : people_find(coach, id, &person);
    if (err || person.active) {
        return err;
    }
    err = sql_run(coach, SQL_PERSON_RETURN, SQL_ARGS(sql_int(id), sql_int(coach->now_ms)), NULL);
    return err ? err : audit_note(coach, ALLOW_EDIT, object, "returned");
}
