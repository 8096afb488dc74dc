/* Passwords: their hashes, and which are good ones. */
#include "coach/credentials.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "coach/allow.h"
#include "coach/audit.h"
#include "coach/complaint.h"
#include "coach/credentials_common.h"
#include "coach/mail.h"
#include "coach/people.h"
#include "coach/sessions.h"
#include "coach/settings.h"
#include "coach/sql.h"

/* Of a hash whose cost nothing in the database tells. */
#define COST "$argon2id$v=19$m=19456,t=2,p=1$"
#define SHORTEST_WORD 3 /* of a name that is looked for by itself */
/* Salt and hash that no password has. */
#define NOBODY "AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

/* ---- hashes ---- */

/* The part of a hash that says its cost: up to the fourth dollar sign, which it includes. */
static struct str cost_of(struct str hash)
{
    int dollars = 0;
    for (size_t i = 0; i < hash.n; i++) {
        dollars += hash.p[i] == '$';
        if (dollars == 4) {
            return (struct str){hash.p, i + 1};
        }
    }
    return str_of(COST);
}

static enum err nobody(struct coach *coach, struct str *hash)
{
    struct str latest = {"", 0};
    struct db_query *q;
    struct buf buf;
    enum err err = sql_first(coach, SQL_CREDENTIAL_LATEST, SQL_NONE, &q);
    if (err == ERR_OK) {
        latest = sql_copy(coach, q, 0, &err);
        db_finish(q);
    }
    if (err && err != ERR_NOT_FOUND) {
        return err;
    }
    buf_init(&buf, coach->arena, 2 * CREDENTIALS_HASH);
    buf_add(&buf, cost_of(latest));
    buf_add_text(&buf, NOBODY);
    return buf_end(&buf, hash);
}

enum err credentials_find(struct coach *coach, struct str email, struct credential *credential)
{
    struct credential found = {0};
    struct db_query *q;
    struct str key;
    int64_t passwords = 0;
    enum err err = settings_get_int(coach, SETTING_PASSWORDS, &passwords);
    err = err ? err : nobody(coach, &found.hash);
    if (err) {
        return err;
    }
    err = people_email_key(coach, email, &key);
    if (err == ERR_INVALID) {
        key = (struct str){"nobody", 6}; /* the same work as for an address */
    } else if (err) {
        return err;
    }
    err = sql_first(coach, SQL_CREDENTIAL_BY_EMAIL, SQL_ARGS(sql_text(key)), &q);
    if (err && err != ERR_NOT_FOUND) {
        return err;
    }
    if (err == ERR_OK) {
        struct str hash = sql_copy(coach, q, 1, &err);
        if (passwords) {
            found = (struct credential){db_int(q, 0), hash};
        }
        db_finish(q);
        if (err) {
            return err;
        }
    }
    *credential = found;
    return ERR_OK;
}

enum err credentials_get_hash(struct coach *coach, int64_t person_id, struct str *hash)
{
    struct db_query *q;
    enum err err = allowed(coach, ALLOW_EDIT, allow_of(ALLOW_ON_CREDENTIAL, person_id, 0));
    err = err ? err : sql_first(coach, SQL_CREDENTIAL_BY_PERSON, SQL_ARGS(sql_int(person_id)), &q);
    if (err) {
        return err;
    }
    *hash = sql_copy(coach, q, 0, &err);
    db_finish(q);
    return err;
}

enum err credentials_set_hash(struct coach *coach, int64_t person_id, struct str hash)
{
    struct allow_object object = allow_of(ALLOW_ON_CREDENTIAL, person_id, 0);
    struct db_query *q;
    enum err err = allowed(coach, ALLOW_EDIT, object);
    if (err) {
        return err;
    }
    if (hash.n == 0 || hash.n >= CREDENTIALS_HASH || hash.p[0] != '$') {
        return ERR_INVALID;
    }
    err = sql_first(coach, SQL_CREDENTIAL_BY_PERSON, SQL_ARGS(sql_int(person_id)), &q);
    bool change = err == ERR_OK;
    if (change) {
        db_finish(q);
    }
    if (err && err != ERR_NOT_FOUND) {
        return err;
    }
    err = sql_run(coach, SQL_CREDENTIAL_SET,
                  SQL_ARGS(sql_int(person_id), sql_text(hash), sql_int(coach->now_ms)), NULL);
    err = err ? err : sql_run(coach, SQL_CREDENTIAL_END_RESETS, SQL_ARGS(sql_int(person_id)), NULL);
    err = err ? err : sessions_end_all(coach, person_id, coach->actor.session_id, NULL);
    if (!err && change) {
        err = mail_queue(coach, MAIL_NOTICE, person_id, (struct str){"", 0});
    }
    return err ? err : audit_note(coach, ALLOW_EDIT, object, change ? "changed" : "first");
}

/* ---- what is a good one ---- */

enum err credentials_normal(struct coach *coach, struct str password, struct str *normal)
{
    size_t bad;
    if (password.n > CREDENTIALS_MAX || !utf8_is_valid(password, &bad)) {
        return ERR_INVALID;
    }
    return utf8_nfc_copy(coach->arena, password, normal);
}

static size_t count_characters(struct str text)
{
    size_t n = 0;
    for (size_t i = 0; i < text.n; i++) {
        n += ((unsigned char)text.p[i] & 0xc0) != 0x80;
    }
    return n;
}

/* Takes every occurrence of `part` out of `text`; parts of less than four bytes are no help. */
static void take_out(char *text, size_t *n, struct str part)
{
    for (size_t i = 0; part.n >= 4 && i + part.n <= *n;) {
        if (memcmp(text + i, part.p, part.n) == 0) {
            memmove(text + i, text + i + part.n, *n - i - part.n);
            *n -= part.n;
        } else {
            i++;
        }
    }
}

/* What is known of the owner, in the form to search by. */
struct about {
    struct arena *arena;
    struct str parts[CREDENTIALS_ABOUT];
    size_t n;
};

static enum err know(struct about *about, struct str part)
{
    char out[UTF8_MAX_FORM];
    struct str form;
    if (part.n == 0 || about->n == CREDENTIALS_ABOUT || utf8_search(part, out, &form)) {
        return ERR_OK;
    }
    char *copy = arena_text(about->arena, form.p, form.n);
    if (!copy) {
        return ERR_NOMEM;
    }
    about->parts[about->n++] = (struct str){copy, form.n};
    return ERR_OK;
}

/* A name as a whole, and its words. */
static enum err know_name(struct about *about, struct str name)
{
    enum err err = know(about, name);
    for (size_t i = 0; i < name.n && !err;) {
        size_t end = i;
        while (end < name.n && name.p[end] != ' ' && name.p[end] != '-') {
            end++;
        }
        err = end - i >= SHORTEST_WORD && end - i < name.n
                  ? know(about, (struct str){name.p + i, end - i})
                  : ERR_OK;
        i = end + 1;
    }
    return err;
}

/* The whole before its parts, as they are taken out in this order. */
static enum err know_owner(struct about *about, const struct credential_owner *owner)
{
    struct str email = owner->email;
    const char *at = email.n ? memchr(email.p, '@', email.n) : NULL;
    enum err err = know(about, email);
    if (at) {
        size_t local = (size_t)(at - email.p);
        const char *dot = memchr(at, '.', email.n - local);
        err = err ? err : know(about, (struct str){email.p, local});
        err = err ? err
                  : know(about,
                         (struct str){at + 1, dot ? (size_t)(dot - at - 1) : email.n - local - 1});
    }
    err = err ? err : know_name(about, owner->family_name);
    err = err ? err : know_name(about, owner->given_name);
    return err ? err : know_name(about, owner->organisation);
}

/* Whether less than eight bytes are left without what is known of the owner. */
static bool about_owner(struct str plain, const struct about *about)
{
    char left[UTF8_MAX_FORM];
    size_t n = plain.n;
    memcpy(left, plain.p, plain.n);
    for (size_t i = 0; i < about->n; i++) {
        take_out(left, &n, about->parts[i]);
    }
    return n < plain.n && n < 8;
}

/* Why it is not a good one, or NULL. */
static const char *weakness(struct str plain, const struct about *about)
{
    if (credentials_is_monotonous(plain)) {
        return N_(
            "This password repeats itself or follows the keyboard, so it is easy to guess. Four "
            "words that do not belong together make a good one.");
    }
    if (about_owner(plain, about)) {
        return N_("This password has your name, e-mail address or organisation in it and little "
                  "else. Four words that do not belong together make a good one.");
    }
    if (credentials_is_common(plain, about->parts, about->n)) {
        return N_(
            "This password is one of the first that attackers try. Four words that do not belong "
            "together make a good one.");
    }
    return NULL;
}

enum err credentials_check(struct complaints *complaints, const char *field, struct str password,
                           const struct credential_owner *owner, struct str *normal)
{
    char out[UTF8_MAX_FORM];
    struct about about = {.arena = complaints->arena};
    struct str nfc, plain;
    size_t bad;
    if (password.n > CREDENTIALS_MAX) {
        complaint_add_int(complaints, field, N_("Please use at most {n} characters."), "n",
                          CREDENTIALS_MAX);
        return complaint_result(complaints);
    }
    if (!utf8_is_valid(password, &bad)) {
        complaint_add(complaints, field,
                      N_("Some characters of this text cannot be read. Please type it again."));
        return complaint_result(complaints);
    }
    enum err err = utf8_nfc_copy(complaints->arena, password, &nfc);
    if (err) {
        return err;
    }
    if (count_characters(nfc) < CREDENTIALS_MIN) {
        complaint_add_int(
            complaints, field,
            N_("Please use at least {n} characters. Length is what counts: four words "
               "that do not belong together make a good password."),
            "n", CREDENTIALS_MIN);
        return complaint_result(complaints);
    }
    err = know_owner(&about, owner);
    err = err ? err : utf8_search(nfc, out, &plain);
    const char *why = err ? NULL : weakness(plain, &about);
    if (why) {
        complaint_add(complaints, field, why);
    }
    err = err ? err : complaint_result(complaints);
    if (err == ERR_OK) {
        *normal = nfc;
    }
    return err;
}
