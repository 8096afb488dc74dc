/* Single sign-on: flows under way, and whom an identity belongs to. */
#include "coach/oidc.h"

#include "coach/allow.h"
#include "coach/audit.h"
#include "coach/people.h"
#include "coach/secret.h"
#include "coach/sql.h"

#include <assert.h>
#include <sodium.h>

#define PATH_MAX_BYTES 500 /* of where to go back to */
#define CLAIM_MAX 1000     /* bytes of an issuer or a subject */

static_assert(OIDC_SECRET == SECRET_TEXT, "the secrets of a flow are those of secret.h");

void oidc_challenge(const char *verifier, char challenge[OIDC_SECRET + 1])
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(hash, (const unsigned char *)verifier, strlen(verifier));
    sodium_bin2base64(challenge, OIDC_SECRET + 1, hash, sizeof hash,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

/* A path of ours: one slash in front, so that it leads to no other host. */
static bool is_path(struct str path)
{
    if (path.n == 0 || path.n > PATH_MAX_BYTES || path.p[0] != '/') {
        return false;
    }
    for (size_t i = 0; i < path.n; i++) {
        if (path.p[i] <= ' ' || path.p[i] > '~' || path.p[i] == '\\') {
            return false;
        }
    }
    return path.n == 1 || path.p[1] != '/';
}

enum err oidc_keep(struct coach *coach, const struct oidc_flow *flow)
{
    unsigned char hash[SECRET_HASH];
    struct str return_to = is_path(flow->return_to) ? flow->return_to : (struct str){"/", 1};
    secret_hash(str_of(flow->state), NULL, 0, hash);
    return sql_run(coach, SQL_OIDC_ADD,
                   SQL_ARGS(sql_blob(hash, sizeof hash), sql_word(flow->nonce),
                            sql_word(flow->verifier), sql_text(return_to), sql_int(coach->now_ms)),
                   NULL);
}

enum err oidc_begin(struct coach *coach, struct str return_to, struct oidc_flow *flow)
{
    struct oidc_flow made = {.return_to = is_path(return_to) ? return_to : (struct str){"/", 1}};
    secret_make(made.state);
    secret_make(made.nonce);
    secret_make(made.verifier);
    oidc_challenge(made.verifier, made.challenge);
    enum err err = oidc_keep(coach, &made);
    if (err == ERR_OK) {
        *flow = made;
    }
    return err;
}

static bool copy_secret(struct str from, char to[OIDC_SECRET + 1])
{
    if (!secret_looks_right(from)) {
        return false;
    }
    memcpy(to, from.p, from.n);
    to[from.n] = '\0';
    return true;
}

enum err oidc_finish(struct coach *coach, struct str state, struct oidc_flow *flow)
{
    struct oidc_flow found = {.return_to = {"/", 1}};
    unsigned char hash[SECRET_HASH];
    struct db_query *q;
    if (!copy_secret(state, found.state)) {
        return ERR_NOT_FOUND;
    }
    secret_hash(state, NULL, 0, hash);
    enum err err = sql_first(coach, SQL_OIDC_GET, SQL_ARGS(sql_blob(hash, sizeof hash)), &q);
    if (err) {
        return err;
    }
    bool sound =
        copy_secret(db_text(q, 0), found.nonce) && copy_secret(db_text(q, 1), found.verifier);
    found.return_to = sql_copy(coach, q, 2, &err);
    bool late = coach->now_ms - db_int(q, 3) >= OIDC_FLOW_MS;
    db_finish(q);
    err = err ? err : sql_run(coach, SQL_OIDC_END, SQL_ARGS(sql_blob(hash, sizeof hash)), NULL);
    if (err || !sound || late) {
        return err ? err : sound ? ERR_NOT_FOUND : ERR_INVALID;
    }
    *flow = found;
    return ERR_OK;
}

/* The person of an identity that is known; ERR_FORBIDDEN: has left. */
static enum err by_identity(struct coach *coach, const struct oidc_claims *claims,
                            int64_t *person_id)
{
    struct db_query *q;
    enum err err = sql_first(coach, SQL_OIDC_IDENTITY,
                             SQL_ARGS(sql_text(claims->issuer), sql_text(claims->subject)), &q);
    if (err) {
        return err;
    }
    bool active = db_int(q, 1) == 1;
    *person_id = db_int(q, 0);
    db_finish(q);
    return active ? ERR_OK : ERR_FORBIDDEN;
}

enum err oidc_find_person(struct coach *coach, const struct oidc_claims *claims, int64_t *person_id)
{
    struct str key;
    int64_t id = 0;
    if (claims->issuer.n == 0 || claims->issuer.n > CLAIM_MAX || claims->subject.n == 0 ||
        claims->subject.n > CLAIM_MAX) {
        return ERR_INVALID;
    }
    enum err err = by_identity(coach, claims, &id);
    if (err == ERR_OK) {
        *person_id = id;
    }
    if (err != ERR_NOT_FOUND) {
        return err == ERR_FORBIDDEN ? ERR_NOT_FOUND : err;
    }
    if (!claims->email_verified || people_email_key(coach, claims->email, &key)) {
        return ERR_NOT_FOUND;
    }
    err = sql_number(coach, SQL_OIDC_BY_EMAIL, SQL_ARGS(sql_text(key), sql_text(claims->issuer)),
                     &id);
    err = err ? err
              : sql_run(coach, SQL_OIDC_LINK,
                        SQL_ARGS(sql_text(claims->issuer), sql_text(claims->subject), sql_int(id),
                                 sql_int(coach->now_ms)),
                        NULL);
    err = err ? err
              : audit_note_word(coach, "link", allow_of(ALLOW_ON_CREDENTIAL, id, 0), false, "oidc");
    if (err == ERR_OK) {
        *person_id = id;
    }
    return err;
}

enum err oidc_unlink(struct coach *coach, int64_t person_id)
{
    struct allow_object object = allow_of(ALLOW_ON_ACCOUNT, person_id, 0);
    enum err err = allowed(coach, ALLOW_EDIT, object);
    err = err ? err : sql_run(coach, SQL_OIDC_UNLINK, SQL_ARGS(sql_int(person_id)), NULL);
    return err ? err : audit_note(coach, ALLOW_EDIT, object, "unlink");
}

enum err oidc_clean(struct coach *coach, int64_t limit, int64_t *n)
{
    if (!coach->actor.system) {
        return ERR_FORBIDDEN;
    }
    return sql_run(coach, SQL_OIDC_CLEAN,
                   SQL_ARGS(sql_int(coach->now_ms - OIDC_FLOW_MS), sql_int(limit)), n);
}
