/* One-time keys. */
#include "coach/invitations.h"

#include "base/list.h"
#include "coach/allow.h"
#include "coach/audit.h"
#include "coach/mail.h"
#include "coach/people.h"
#include "coach/secret.h"
#include "coach/settings.h"
#include "coach/sql.h"

#include <sodium.h>

#define CODE_LETTERS 12 /* in groups of four */
#define CODE_GROUP 4
#define CODE_TYPED 40 /* bytes of a code as typed, at most */

/* Without what is taken for something else: I, L, O, U. */
static const char alphabet[] = "ABCDEFGHJKMNPQRSTVWXYZ";

static const struct {
    const char *word;
    int64_t lifetime_ms;
} table[INVITATION_PURPOSE__MAX] = {
    [INVITATION_INVITE] = {"invite", 14 * COACH_DAY_MS},
    [INVITATION_CODE] = {"code", 30 * COACH_DAY_MS},
    [INVITATION_RESET] = {"reset", COACH_HOUR_MS},
    [INVITATION_SETUP] = {"setup", 7 * COACH_DAY_MS},
    [INVITATION_DEMO] = {"demo", 30 * COACH_DAY_MS},
};

int64_t invitations_lifetime(enum invitation_purpose purpose)
{
    return table[purpose].lifetime_ms;
}

static bool purpose_of(struct str word, enum invitation_purpose *purpose)
{
    for (int i = 0; i < INVITATION_PURPOSE__MAX; i++) {
        if (str_is(word, table[i].word)) {
            *purpose = (enum invitation_purpose)i;
            return true;
        }
    }
    return false;
}

/* ---- keys ---- */

static void make_code(char text[INVITATIONS_TEXT])
{
    size_t n = 0;
    for (int i = 0; i < CODE_LETTERS; i++) {
        if (i > 0 && i % CODE_GROUP == 0) {
            text[n++] = '-';
        }
        text[n++] = alphabet[randombytes_uniform(sizeof alphabet - 1)];
    }
    text[n] = '\0';
}

/* A code as typed, brought into the form that is hashed: the letters only, in upper case. */
static bool read_code(struct str typed, char letters[CODE_LETTERS])
{
    int n = 0;
    if (typed.n > CODE_TYPED) {
        return false;
    }
    for (size_t i = 0; i < typed.n; i++) {
        char c = typed.p[i];
        if (c == '-' || c == ' ') {
            continue;
        }
        c = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
        if (n == CODE_LETTERS || c == '\0' || !strchr(alphabet, c)) {
            return false;
        }
        letters[n++] = c;
    }
    return n == CODE_LETTERS;
}

/* ERR_NOT_FOUND: neither a link's key nor a code. */
static enum err key_hash(struct coach *coach, struct str text, unsigned char hash[SECRET_HASH])
{
    unsigned char secret[SETTINGS_KEY];
    char letters[CODE_LETTERS];
    if (read_code(text, letters)) {
        text = (struct str){letters, CODE_LETTERS};
    } else if (!secret_looks_right(text)) {
        return ERR_NOT_FOUND;
    }
    enum err err = settings_key(coach, SETTINGS_KEY_INVITATIONS, secret);
    if (err == ERR_OK) {
        secret_hash(text, secret, sizeof secret, hash);
    }
    return err == ERR_NOT_FOUND ? ERR_INVALID : err;
}

/* ---- making ---- */

static enum err may_make(struct coach *coach, int64_t person_id, enum invitation_purpose purpose)
{
    struct allow_object object = allow_of(ALLOW_ON_INVITATION, person_id, 0);
    int64_t can = 0;
    if (coach->actor.system) {
        return ERR_OK;
    }
    if (purpose != INVITATION_INVITE && purpose != INVITATION_CODE) {
        return ERR_FORBIDDEN;
    }
    enum err err = allowed(coach, ALLOW_ADD, object);
    err = err ? err
              : sql_number(coach, SQL_INVITATION_CAN_SIGN_IN, SQL_ARGS(sql_int(person_id)), &can);
    return err || !can ? err : allowed(coach, ALLOW_EDIT, object);
}

static enum err keep(struct coach *coach, int64_t person_id, enum invitation_purpose purpose,
                     struct str text)
{
    unsigned char hash[SECRET_HASH];
    int64_t id;
    enum err err = key_hash(coach, text, hash);
    err = err ? err
              : sql_run(coach, SQL_INVITATION_REPLACE,
                        SQL_ARGS(sql_int(person_id), sql_word(table[purpose].word)), NULL);
    err = err ? err
              : sql_number(coach, SQL_INVITATION_ADD,
                           SQL_ARGS(sql_blob(hash, sizeof hash), sql_int(person_id),
                                    sql_word(table[purpose].word),
                                    sql_id_or_null(coach->actor.person_id), sql_int(coach->now_ms),
                                    sql_int(coach->now_ms + table[purpose].lifetime_ms)),
                           &id);
    return err ? err
               : audit_note(coach, ALLOW_ADD, allow_of(ALLOW_ON_INVITATION, person_id, id),
                            table[purpose].word);
}

enum err invitations_make(struct coach *coach, int64_t person_id, enum invitation_purpose purpose,
                          char text[INVITATIONS_TEXT])
{
    char made[INVITATIONS_TEXT];
    struct person person;
    enum err err = may_make(coach, person_id, purpose);
    err = err ? err : people_find(coach, person_id, &person);
    if (err || !person.active) {
        return err ? err : ERR_CONFLICT;
    }
    if (purpose == INVITATION_CODE) {
        make_code(made);
    } else {
        secret_make(made);
    }
    err = keep(coach, person_id, purpose, str_of(made));
    if (err == ERR_OK) {
        memcpy(text, made, sizeof made);
    }
    sodium_memzero(made, sizeof made);
    return err;
}

enum err invitations_mail(struct coach *coach, int64_t person_id)
{
    struct person person;
    enum err err = may_make(coach, person_id, INVITATION_INVITE);
    err = err ? err : people_find(coach, person_id, &person);
    if (err || !person.active) {
        return err ? err : ERR_CONFLICT;
    }
    if (person.email.n == 0) {
        return ERR_NOT_FOUND;
    }
    return mail_queue(coach, MAIL_INVITE, person_id, (struct str){"", 0});
}

enum err invitations_forgotten(struct coach *coach, struct str email)
{
    struct person person;
    struct db_query *q;
    struct str key;
    int64_t passwords = 0;
    enum err err = settings_get_int(coach, SETTING_PASSWORDS, &passwords);
    err = err ? err : people_email_key(coach, email, &key);
    if (err || !passwords) {
        return err == ERR_INVALID ? ERR_OK : err;
    }
    err = sql_first(coach, SQL_PERSON_BY_EMAIL, SQL_ARGS(sql_text(key)), &q);
    if (err) {
        return err == ERR_NOT_FOUND ? ERR_OK : err;
    }
    int64_t id = db_int(q, 0);
    db_finish(q);
    err = people_find(coach, id, &person);
    if (err || !person.active) {
        return err;
    }
    return mail_queue(coach, MAIL_RESET, id, (struct str){"", 0});
}

/* ---- using ---- */

static enum err read_invitation(struct coach *coach, const struct db_query *q, void *item)
{
    struct invitation *invitation = item;
    enum err err = ERR_OK;
    *invitation = (struct invitation){
        .id = db_int(q, 0),
        .person_id = db_int(q, 1),
        .created_ms = db_int(q, 3),
        .expires_ms = db_int(q, 4),
        .used_ms = db_int(q, 5),
        .person_name = sql_copy_name(coach, q, 6, 7, &err),
    };
    return purpose_of(db_text(q, 2), &invitation->purpose) ? err : ERR_INVALID;
}

enum err invitations_peek(struct coach *coach, struct str text, struct invitation *invitation)
{
    unsigned char hash[SECRET_HASH];
    struct invitation found;
    struct db_query *q;
    enum err err = key_hash(coach, text, hash);
    err = err ? err
              : sql_first(coach, SQL_INVITATION_BY_HASH, SQL_ARGS(sql_blob(hash, sizeof hash)), &q);
    if (err) {
        return err;
    }
    err = read_invitation(coach, q, &found);
    bool active = db_int(q, 8) == 1;
    db_finish(q);
    if (err) {
        return err;
    }
    bool used = found.used_ms && found.purpose != INVITATION_DEMO;
    if (!active || used || coach->now_ms >= found.expires_ms) {
        return ERR_NOT_FOUND;
    }
    *invitation = found;
    return ERR_OK;
}

enum err invitations_use(struct coach *coach, struct str text, struct invitation *invitation)
{
    struct invitation found;
    enum err err = invitations_peek(coach, text, &found);
    err = err ? err
              : sql_run(coach, SQL_INVITATION_USE,
                        SQL_ARGS(sql_int(found.id), sql_int(coach->now_ms)), NULL);
    if (!err && found.purpose != INVITATION_DEMO) {
        err = sql_run(coach, SQL_INVITATION_END_OTHERS,
                      SQL_ARGS(sql_int(found.person_id), sql_int(found.id)), NULL);
    }
    err = err ? err
              : audit_note_word(coach, "use",
                                allow_of(ALLOW_ON_INVITATION, found.person_id, found.id), false,
                                table[found.purpose].word);
    if (err == ERR_OK) {
        *invitation = found;
    }
    return err;
}

/* ---- lists ---- */

enum err invitations_list(struct coach *coach, int64_t person_id, struct invitation_list *list)
{
    struct list rows;
    list_init(&rows, coach->arena, sizeof(struct invitation), 100);
    enum err err = allowed(coach, ALLOW_VIEW, allow_of(ALLOW_ON_INVITATION, person_id, 0));
    err = err ? err
              : sql_list(coach, SQL_INVITATION_OF_PERSON,
                         SQL_ARGS(sql_int(person_id), sql_int(coach->now_ms)), read_invitation,
                         &rows);
    if (err) {
        return err;
    }
    *list = (struct invitation_list){rows.items, rows.n};
    return ERR_OK;
}

enum err invitations_end_all(struct coach *coach, int64_t person_id)
{
    struct allow_object object = allow_of(ALLOW_ON_INVITATION, person_id, 0);
    int64_t n = 0;
    enum err err = allowed(coach, ALLOW_REMOVE, object);
    err = err ? err : sql_run(coach, SQL_INVITATION_END_ALL, SQL_ARGS(sql_int(person_id)), &n);
    return err || n == 0 ? err : audit_note(coach, ALLOW_REMOVE, object, "");
}

enum err invitations_count_live(struct coach *coach, enum invitation_purpose purpose, int64_t *n)
{
    return sql_number(coach, SQL_INVITATION_COUNT_LIVE,
                      SQL_ARGS(sql_word(table[purpose].word), sql_int(coach->now_ms)), n);
}

enum err invitations_clean(struct coach *coach, int64_t limit, int64_t *n)
{
    if (!coach->actor.system) {
        return ERR_FORBIDDEN;
    }
    return sql_run(
        coach, SQL_INVITATION_CLEAN,
        SQL_ARGS(sql_int(coach->now_ms), sql_int(coach->now_ms - COACH_DAY_MS), sql_int(limit)), n);
}
