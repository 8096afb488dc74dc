/* Private calendar feeds. */
#include "coach/feeds.h"

#include "coach/allow.h"
#include "coach/audit.h"
#include "coach/meetings.h"
#include "coach/secret.h"
#include "coach/sql.h"

static enum err may(struct coach *coach, enum allow_verb verb)
{
    int64_t self = coach->actor.person_id;
    return self ? allowed(coach, verb, allow_of(ALLOW_ON_NOTICE, self, 0)) : ERR_FORBIDDEN;
}

static enum err note(struct coach *coach, const char *what)
{
    return audit_note(coach, ALLOW_EDIT, allow_of(ALLOW_ON_NOTICE, coach->actor.person_id, 0),
                      what);
}

enum err feeds_renew(struct coach *coach, char text[FEEDS_TEXT])
{
    unsigned char hash[SECRET_HASH];
    enum err err = may(coach, ALLOW_EDIT);
    if (err) {
        return err;
    }
    secret_make(text);
    secret_hash(str_of(text), NULL, 0, hash);
    err = sql_run(coach, SQL_FEED_SAVE,
                  SQL_ARGS(sql_int(coach->actor.person_id), sql_blob(hash, sizeof hash),
                           sql_int(coach->now_ms)),
                  NULL);
    return err ? err : note(coach, "feed");
}

enum err feeds_revoke(struct coach *coach)
{
    int64_t changed = 0;
    enum err err = may(coach, ALLOW_EDIT);
    err = err ? err
              : sql_run(coach, SQL_FEED_DROP, SQL_ARGS(sql_int(coach->actor.person_id)), &changed);
    return err || !changed ? err : note(coach, "no-feed");
}

enum err feeds_since(struct coach *coach, int64_t *since_ms)
{
    enum err err = may(coach, ALLOW_VIEW);
    *since_ms = 0;
    if (err) {
        return err;
    }
    err = sql_number(coach, SQL_FEED_SINCE, SQL_ARGS(sql_int(coach->actor.person_id)), since_ms);
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err feeds_open(struct coach *coach, struct str secret, struct meeting_list *list)
{
    unsigned char hash[SECRET_HASH];
    int64_t person_id;
    if (!secret_looks_right(secret)) {
        return ERR_NOT_FOUND;
    }
    secret_hash(secret, NULL, 0, hash);
    enum err err =
        sql_number(coach, SQL_FEED_PERSON, SQL_ARGS(sql_blob(hash, sizeof hash)), &person_id);
    err = err ? err : coach_act_as(coach, person_id);
    return err ? err
               : meetings_of_actor(coach, coach->now_ms - FEEDS_PAST_DAYS * COACH_DAY_MS,
                                   FEEDS_MOST, list);
}
