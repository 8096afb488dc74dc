/* The directory, and the list of accounts: pages by name, with units and offers. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "coach/allow.h"
#include "coach/people.h"
#include "coach/people_read.h"
#include "coach/sql.h"

#define WORDS PEOPLE_WORDS
#define AT_ONCE PEOPLE_AT_ONCE
#define JOINED 2000  /* bytes of names joined */
#define AFTER_ID 16  /* hexadecimal digits of the id at the start of `after` */
#define PATTERN 2048 /* bytes of a pattern */

/* ---- where a page begins ---- */

/* `after` is the id in hexadecimal and the key that the last line was sorted by. */
static bool read_after(struct str after, struct people_asked *asked)
{
    uint64_t id = 0;
    if (after.n == 0) {
        asked->search = (struct str){"", 0};
        asked->id = 0;
        return true;
    }
    size_t bad;
    if (after.n < AFTER_ID || !utf8_is_valid(after, &bad)) {
        return false;
    }
    for (size_t i = 0; i < AFTER_ID; i++) {
        char c = after.p[i];
        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
            return false;
        }
        id = id << 4 | (uint64_t)(c <= '9' ? c - '0' : c - 'a' + 10);
    }
    asked->id = (int64_t)id;
    asked->search = (struct str){after.p + AFTER_ID, after.n - AFTER_ID};
    return id <= INT64_MAX;
}

enum err people_write_after(struct coach *coach, int64_t id, struct str search, struct str *after)
{
    struct buf buf;
    buf_init(&buf, coach->arena, AFTER_ID + 2 * UTF8_MAX_FORM + 1);
    buf_addf(&buf, "%016llx", (unsigned long long)id);
    buf_add(&buf, search);
    return buf_end(&buf, after);
}

/* ---- the words ---- */

/* "%word%", with what LIKE reads as a sign taken literally. */
static enum err pattern_of(struct coach *coach, struct str word, struct str *pattern)
{
    struct buf buf;
    buf_init(&buf, coach->arena, PATTERN);
    buf_add_char(&buf, '%');
    for (size_t i = 0; i < word.n; i++) {
        if (strchr("%_\\", word.p[i])) {
            buf_add_char(&buf, '\\');
        }
        buf_add_char(&buf, word.p[i]);
    }
    buf_add_char(&buf, '%');
    return buf_end(&buf, pattern);
}

static enum err read_words(struct coach *coach, struct str words, struct people_asked *asked)
{
    char out[UTF8_MAX_FORM];
    struct str form;
    size_t n = 0;
    enum err err = utf8_search(words, out, &form);
    for (size_t at = 0; !err && at < form.n && n < WORDS;) {
        size_t from = at;
        while (at < form.n && form.p[at] != ' ') {
            at++;
        }
        if (at > from) {
            err = pattern_of(coach, (struct str){form.p + from, at - from}, &asked->patterns[n++]);
        }
        at++;
    }
    while (n < WORDS) {
        asked->patterns[n++] = (struct str){"%", 1};
    }
    return err;
}

enum err people_ask(struct coach *coach, const struct people_query *query,
                    struct people_asked *asked)
{
    asked->limit = query->limit ? query->limit : PEOPLE_PAGE;
    if (asked->limit > PEOPLE_MAX_PAGE) {
        return ERR_LIMIT;
    }
    if (!read_after(query->after, asked)) {
        return ERR_INVALID;
    }
    return read_words(coach, query->words, asked);
}

/* ---- units and offers ---- */

/* Appends a name to those that the person has already. */
static void join(struct buf *buf, struct str name)
{
    if (buf->n) {
        buf_add_text(buf, ", ");
    }
    buf_add(buf, name);
}

/* What belongs to `ids` (sorted as asked for, AT_ONCE at most), joined into one text each.  Column
 * 0 is the person, column 1 a name, `better` (0: none) one that is preferred when it is there. */
static enum err read_joined(struct coach *coach, enum sql_id id, const struct sql_arg *args,
                            int n_args, const int64_t *ids, size_t n, int better, struct buf *texts,
                            int32_t *counts)
{
    struct db_query *q;
    enum err err = sql_rows(coach, id, args, n_args, &q);
    if (err) {
        return err;
    }
    while ((err = db_step(q)) == ERR_OK) {
        int64_t person = db_int(q, 0);
        struct str name = better && !db_is_null(q, better) && db_text(q, better).n
                              ? db_text(q, better)
                              : db_text(q, 1);
        for (size_t i = 0; i < n; i++) {
            if (ids[i] == person) {
                join(&texts[i], name);
                counts[i]++;
            }
        }
    }
    db_finish(q);
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

/* The texts for up to AT_ONCE people; a text that grew too long is cut at its maximum. */
static enum err joined(struct coach *coach, enum sql_id id, const int64_t *ids, size_t n,
                       struct str locale, struct str *texts, int32_t *counts)
{
    struct sql_arg args[AT_ONCE + 1];
    struct buf bufs[AT_ONCE];
    int better = id == SQL_PERSON_OFFERS ? 2 : 0;
    for (size_t i = 0; i < AT_ONCE; i++) {
        args[i] = sql_int(i < n ? ids[i] : 0);
        buf_init(&bufs[i], coach->arena, JOINED);
        counts[i] = 0;
    }
    args[AT_ONCE] = sql_text(locale);
    enum err err =
        read_joined(coach, id, args, AT_ONCE + (better ? 1 : 0), ids, n, better, bufs, counts);
    for (size_t i = 0; i < n && !err; i++) {
        err = bufs[i].err == ERR_NOMEM ? ERR_NOMEM : ERR_OK;
        texts[i] = bufs[i].p ? (struct str){bufs[i].p, bufs[i].n} : (struct str){"", 0};
    }
    return err;
}

enum err people_units_of(struct coach *coach, const int64_t *ids, size_t n, struct str *texts)
{
    int32_t counts[AT_ONCE];
    enum err err = ERR_OK;
    for (size_t from = 0; from < n && !err; from += AT_ONCE) {
        size_t some = n - from < AT_ONCE ? n - from : AT_ONCE;
        err = joined(coach, SQL_PERSON_UNITS, ids + from, some, (struct str){"", 0}, texts + from,
                     counts);
    }
    return err;
}

/* ---- the directory ---- */

static enum err read_line(struct coach *coach, const struct db_query *q, struct person_line *line)
{
    enum err err = ERR_OK;
    *line = (struct person_line){
        .id = db_int(q, 0),
        .name = sql_copy_name(coach, q, 1, 2, &err),
        .position = sql_copy(coach, q, 3, &err),
        .units = {"", 0},
        .offers = {"", 0},
    };
    return err;
}

static enum err fill_lines(struct coach *coach, struct str locale, struct person_line *lines,
                           size_t n)
{
    for (size_t from = 0; from < n; from += AT_ONCE) {
        size_t some = n - from < AT_ONCE ? n - from : AT_ONCE;
        int64_t ids[AT_ONCE];
        struct str units[AT_ONCE], offers[AT_ONCE];
        int32_t counts[AT_ONCE], n_offers[AT_ONCE];
        for (size_t i = 0; i < some; i++) {
            ids[i] = lines[from + i].id;
        }
        enum err err = joined(coach, SQL_PERSON_UNITS, ids, some, locale, units, counts);
        err = err ? err : joined(coach, SQL_PERSON_OFFERS, ids, some, locale, offers, n_offers);
        if (err) {
            return err;
        }
        for (size_t i = 0; i < some; i++) {
            lines[from + i].units = units[i];
            lines[from + i].offers = offers[i];
            lines[from + i].n_offers = n_offers[i];
        }
    }
    return ERR_OK;
}

enum err people_list(struct coach *coach, const struct people_query *query,
                     struct person_lines *lines)
{
    struct person_lines found = {.next = {"", 0}};
    struct people_asked asked = {0};
    struct str last = {"", 0};
    struct db_query *q;
    enum err err = allowed(coach, ALLOW_VIEW, allow_on(ALLOW_ON_PERSON, 0));
    err = err ? err : people_ask(coach, query, &asked);
    if (err) {
        return err;
    }
    found.items = arena_alloc(coach->arena, asked.limit, sizeof *found.items);
    if (!found.items) {
        return ERR_NOMEM;
    }
    err = sql_rows(coach, SQL_PERSON_LINES,
                   SQL_ARGS(sql_text(asked.search), sql_int(asked.id),
                            sql_int((int64_t)asked.limit + 1), sql_int(query->unit_id),
                            sql_text(asked.patterns[0]), sql_text(asked.patterns[1]),
                            sql_text(asked.patterns[2]), sql_text(asked.patterns[3]),
                            sql_int(query->skill_id)),
                   &q);
    if (err) {
        return err;
    }
    while ((err = db_step(q)) == ERR_OK && found.n < asked.limit) {
        err = read_line(coach, q, &found.items[found.n++]);
        last = sql_copy(coach, q, 4, &err);
        if (err) {
            break;
        }
    }
    db_finish(q);
    if (err && err != ERR_NOT_FOUND) {
        return err;
    }
    if (err == ERR_OK && found.n) {
        err = people_write_after(coach, found.items[found.n - 1].id, last, &found.next);
    } else {
        err = ERR_OK;
    }
    err = err ? err : fill_lines(coach, query->locale, found.items, found.n);
    if (err == ERR_OK) {
        *lines = found;
    }
    return err;
}

enum err people_line(struct coach *coach, int64_t id, struct str locale, struct person_line *line)
{
    struct person_line found;
    struct db_query *q;
    enum err err = allowed(coach, ALLOW_VIEW, allow_of(ALLOW_ON_PERSON, id, 0));
    err = err ? err : sql_first(coach, SQL_PERSON_LINE, SQL_ARGS(sql_int(id)), &q);
    if (err) {
        return err;
    }
    err = read_line(coach, q, &found);
    db_finish(q);
    err = err ? err : fill_lines(coach, locale, &found, 1);
    if (err == ERR_OK) {
        *line = found;
    }
    return err;
}

/* ---- accounts ---- */

static enum err read_account(struct coach *coach, const struct db_query *q,
                             struct person_account *account)
{
    enum err err = people_read(coach, q, &account->person);
    account->units = (struct str){"", 0};
    account->seen = !db_is_null(q, PEOPLE_COLUMNS + 1);
    account->seen_day = (int32_t)db_int(q, PEOPLE_COLUMNS + 1);
    account->has_password = db_int(q, PEOPLE_COLUMNS + 2) == 1;
    account->has_identity = db_int(q, PEOPLE_COLUMNS + 3) == 1;
    account->invited_ms = db_int(q, PEOPLE_COLUMNS + 4);
    return err;
}

static enum err fill_accounts(struct coach *coach, struct person_account *accounts, size_t n)
{
    for (size_t from = 0; from < n; from += AT_ONCE) {
        size_t some = n - from < AT_ONCE ? n - from : AT_ONCE;
        int64_t ids[AT_ONCE];
        struct str units[AT_ONCE];
        int32_t counts[AT_ONCE];
        for (size_t i = 0; i < some; i++) {
            ids[i] = accounts[from + i].person.id;
        }
        enum err err =
            joined(coach, SQL_PERSON_UNITS, ids, some, (struct str){"", 0}, units, counts);
        if (err) {
            return err;
        }
        for (size_t i = 0; i < some; i++) {
            accounts[from + i].units = units[i];
        }
    }
    return ERR_OK;
}

/* Administrators and the server see all, coordinators (*coordinator) those of their units. */
static enum err may_list(struct coach *coach, int64_t *coordinator)
{
    const struct actor *actor = &coach->actor;
    *coordinator = actor->system || actor->administrator ? 0 : actor->person_id;
    return allowed(coach, ALLOW_VIEW, allow_on(ALLOW_ON_ACCOUNT, 0));
}

static enum err open_accounts(struct coach *coach, const struct people_query *query,
                              enum people_state state, const struct people_asked *asked,
                              int64_t coordinator, struct db_query **q)
{
    return sql_rows(coach, SQL_PERSON_ACCOUNTS,
                    SQL_ARGS(sql_text(asked->search), sql_int(asked->id),
                             sql_int((int64_t)asked->limit + 1), sql_int(query->unit_id),
                             sql_text(asked->patterns[0]), sql_text(asked->patterns[1]),
                             sql_text(asked->patterns[2]), sql_text(asked->patterns[3]),
                             sql_int(state != PEOPLE_LEFT), sql_int(state == PEOPLE_NEVER_SEEN),
                             sql_int(coordinator)),
                    q);
}

enum err people_accounts(struct coach *coach, const struct people_query *query,
                         enum people_state state, struct person_accounts *accounts)
{
    struct person_accounts found = {.next = {"", 0}};
    struct people_asked asked = {0};
    struct str last = {"", 0};
    struct db_query *q;
    int64_t coordinator;
    enum err err = may_list(coach, &coordinator);
    err = err ? err : people_ask(coach, query, &asked);
    if (err) {
        return err;
    }
    found.items = arena_alloc(coach->arena, asked.limit, sizeof *found.items);
    err = found.items ? open_accounts(coach, query, state, &asked, coordinator, &q) : ERR_NOMEM;
    if (err) {
        return err;
    }
    while ((err = db_step(q)) == ERR_OK && found.n < asked.limit) {
        err = read_account(coach, q, &found.items[found.n++]);
        last = sql_copy(coach, q, PEOPLE_COLUMNS, &err);
        if (err) {
            break;
        }
    }
    db_finish(q);
    if (err && err != ERR_NOT_FOUND) {
        return err;
    }
    if (err == ERR_OK && found.n) {
        err = people_write_after(coach, found.items[found.n - 1].person.id, last, &found.next);
    } else {
        err = ERR_OK;
    }
    err = err ? err : fill_accounts(coach, found.items, found.n);
    if (err == ERR_OK) {
        *accounts = found;
    }
    return err;
}
