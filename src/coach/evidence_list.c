/* Evidence: reading pieces page by page; see evidence.h. */
#include "base/list.h"
#include "coach/allow.h"
#include "coach/evidence.h"
#include "coach/frameworks_store.h"
#include "coach/sql.h"

/* The index of a word among those of an enum. */
static int word_of(struct str word, const char *(*word_at)(int i), int n)
{
    for (int i = 0; i < n; i++) {
        if (str_is(word, word_at(i))) {
            return i;
        }
    }
    return 0;
}

static const char *kind_at(int i)
{
    return evidence_kind_word((enum evidence_kind)i);
}

static const char *support_at(int i)
{
    return evidence_support_word((enum evidence_support)i);
}

static enum err read_piece(struct coach *coach, const struct db_query *q,
                           struct evidence_piece *piece)
{
    enum err failed = ERR_OK;
    int64_t me = coach->actor.person_id, entered_by = db_int(q, 18);
    *piece = (struct evidence_piece){
        .id = db_int(q, 0),
        .person_id = db_int(q, 1),
        .skill_id = db_int(q, 2),
        .kind = (enum evidence_kind)word_of(db_text(q, 3), kind_at, EVIDENCE_KIND__MAX),
        .support = (enum evidence_support)word_of(db_text(q, 4), support_at, EVIDENCE_SUPPORT__MAX),
        .level = (int32_t)db_int(q, 5),
        .level_name = sql_copy(coach, q, 6, &failed),
        .rater_person_id = db_int(q, 7),
        .rater = db_is_null(q, 7) ? sql_copy(coach, q, 10, &failed)
                                  : sql_copy_name(coach, q, 8, 9, &failed),
        .occasion = sql_copy(coach, q, 11, &failed),
        .task = sql_copy(coach, q, 12, &failed),
        .note = sql_copy(coach, q, 13, &failed),
        .source = sql_copy(coach, q, 14, &failed),
        .day = db_is_null(q, 15) ? EVIDENCE_DAY_UNKNOWN : (int32_t)db_int(q, 15),
        .created_ms = db_int(q, 16),
        .withdrawn_ms = db_int(q, 17),
    };
    piece->can_withdraw =
        piece->withdrawn_ms == 0 && me != 0 && (me == piece->person_id || me == entered_by);
    return failed;
}

/* Reads one piece more than asked for, to know whether there are more. */
static enum err read_page(struct coach *coach, enum sql_id id, const struct sql_arg *args, int n,
                          int32_t limit, struct evidence_piece **pieces, int32_t *n_pieces,
                          bool *more)
{
    struct list list;
    struct db_query *q;
    enum err failed = ERR_OK, err = sql_rows(coach, id, args, n, &q);
    if (err) {
        return err;
    }
    list_init(&list, coach->arena, sizeof(struct evidence_piece), SIZE_MAX);
    *more = false;
    while (!failed && (err = db_step(q)) == ERR_OK) {
        if (list.n == (size_t)limit) {
            *more = true;
            continue;
        }
        struct evidence_piece *piece = list_push(&list);
        failed = piece ? read_piece(coach, q, piece) : list.err;
    }
    db_finish(q);
    *pieces = list.items;
    *n_pieces = (int32_t)list.n;
    return failed ? failed : err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err evidence_list(struct coach *coach, int64_t person_id, int64_t skill_id, struct str locale,
                       int64_t before, int32_t limit, struct evidence_piece **pieces, int32_t *n,
                       bool *more)
{
    enum err err = allowed(coach, ALLOW_VIEW, allow_of(ALLOW_ON_EVIDENCE, person_id, skill_id));
    return err ? err
               : read_page(coach, SQL_EVIDENCE_OF_PERSON,
                           SQL_ARGS(sql_int(person_id), sql_text(locale),
                                    sql_text(frameworks_base_locale(locale)), sql_int(before),
                                    sql_int((int64_t)limit + 1), sql_int(skill_id)),
                           limit, pieces, n, more);
}

enum err evidence_list_entered(struct coach *coach, struct str locale, int64_t before,
                               int32_t limit, struct evidence_piece **pieces, int32_t *n,
                               bool *more)
{
    int64_t me = coach->actor.person_id;
    if (me == 0) {
        return ERR_FORBIDDEN;
    }
    return read_page(coach, SQL_EVIDENCE_ENTERED,
                     SQL_ARGS(sql_int(me), sql_text(locale),
                              sql_text(frameworks_base_locale(locale)), sql_int(before),
                              sql_int((int64_t)limit + 1)),
                     limit, pieces, n, more);
}
