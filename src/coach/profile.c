/* Profiles: what people say about themselves, checked and kept. */
#include "coach/profile.h"

#include "base/arena.h"
#include "base/list.h"
#include "base/utf8.h"
#include "coach/allow.h"
#include "coach/audit.h"
#include "coach/complaint.h"
#include "coach/sql.h"

#include <stdlib.h>

#define PERIODS (PROFILE_DAYS * PROFILE_PERIODS)
#define LOCALE 35 /* characters of a language's name, BCP 47 */
#define ZONE 60   /* characters of a time zone's name */

static const char *const words[PROFILE_KIND__MAX] = {
    [PROFILE_SUBJECT] = "subject",
    [PROFILE_GRADE] = "grade",
    [PROFILE_LANGUAGE] = "language",
    [PROFILE_PERIOD] = "period",
};

static const char *const days[PROFILE_DAYS] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

const char *profile_kind_word(enum profile_kind kind)
{
    return words[kind];
}

static bool kind_of(struct str word, enum profile_kind *kind)
{
    for (int i = 0; i < PROFILE_KIND__MAX; i++) {
        if (str_is(word, words[i])) {
            *kind = (enum profile_kind)i;
            return true;
        }
    }
    return false;
}

/* ---- what a tag may be ---- */

/* The place of "mon-1" in the week, or -1. */
static int period_of(struct str text)
{
    if (text.n < 5 || text.n > 6 || text.p[3] != '-' || text.p[4] == '0') {
        return -1;
    }
    int number = 0;
    for (size_t i = 4; i < text.n; i++) {
        if (text.p[i] < '0' || text.p[i] > '9') {
            return -1;
        }
        number = 10 * number + (text.p[i] - '0');
    }
    for (int day = 0; day < PROFILE_DAYS; day++) {
        if (memcmp(text.p, days[day], 3) == 0 && number <= PROFILE_PERIODS) {
            return day * PROFILE_PERIODS + number - 1;
        }
    }
    return -1;
}

static char in_case(char c, bool upper)
{
    if (upper) {
        return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
    }
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* The shape of BCP 47 ("zh-Hant-TW"), in its usual case: parts of 2 to 8 letters and figures; the
 * language of 2 or 3 letters, a script of 4, a region of 2. */
static bool language_of(struct str text, char out[LOCALE + 1])
{
    size_t part = 0, from = 0;
    if (text.n == 0 || text.n > LOCALE) {
        return false;
    }
    for (size_t i = 0; i <= text.n; i++) {
        if (i < text.n && text.p[i] != '-') {
            char c = in_case(text.p[i], false);
            if (!((c >= 'a' && c <= 'z') || (part && c >= '0' && c <= '9'))) {
                return false;
            }
            out[i] = c;
            continue;
        }
        size_t n = i - from;
        if (n < 2 || n > 8 || (part == 0 && n > 3)) {
            return false;
        }
        for (size_t k = from; part && k < i; k++) {
            out[k] = in_case(out[k], n == 2 || (n == 4 && k == from));
        }
        out[i] = i < text.n ? '-' : '\0';
        from = i + 1;
        part++;
    }
    return true;
}

/* The tag as it is kept, in the arena; false: it is not one (ERR_OK), or *err. */
static bool tag_of(struct coach *coach, enum profile_kind kind, struct str given, struct str *tag,
                   enum err *err)
{
    struct complaints silent;
    char out[LOCALE + 1];
    complaint_init(&silent, coach->arena);
    if (!complaint_clean(&silent, "", given, true, false, PROFILE_TAG, tag)) {
        *err = silent.err;
        return false;
    }
    if (kind == PROFILE_PERIOD) {
        return period_of(*tag) >= 0;
    }
    if (kind != PROFILE_LANGUAGE) {
        return true;
    }
    if (!language_of(*tag, out)) {
        return false;
    }
    if (!coach_copy(coach, str_of(out), tag)) {
        *err = ERR_NOMEM;
        return false;
    }
    return true;
}

static int compare_text(struct str a, struct str b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int order = n ? memcmp(a.p, b.p, n) : 0;
    return order ? order : (a.n > b.n) - (a.n < b.n);
}

/* Periods in order of the week, other tags by their bytes. */
static int compare_tags(const void *a, const void *b)
{
    const struct str *x = a, *y = b;
    int p = period_of(*x), q = period_of(*y);
    return p >= 0 && q >= 0 ? (p > q) - (p < q) : compare_text(*x, *y);
}

/* ---- reading ---- */

static enum err read_tags(struct coach *coach, int64_t person_id, struct profile *profile)
{
    struct list lists[PROFILE_KIND__MAX];
    struct db_query *q;
    for (int i = 0; i < PROFILE_KIND__MAX; i++) {
        list_init(&lists[i], coach->arena, sizeof(struct str), PERIODS + PROFILE_TAGS);
    }
    enum err err = sql_rows(coach, SQL_PROFILE_TAGS, SQL_ARGS(sql_int(person_id)), &q);
    if (err) {
        return err;
    }
    while ((err = db_step(q)) == ERR_OK) {
        enum profile_kind kind;
        if (!kind_of(db_text(q, 0), &kind)) {
            err = ERR_INVALID;
            break;
        }
        struct str value = sql_copy(coach, q, 1, &err);
        if (!err && !list_add(&lists[kind], &value)) {
            err = lists[kind].err;
        }
        if (err) {
            break;
        }
    }
    db_finish(q);
    if (err != ERR_NOT_FOUND) {
        return err;
    }
    for (int i = 0; i < PROFILE_KIND__MAX; i++) {
        if (lists[i].n) {
            qsort(lists[i].items, lists[i].n, sizeof(struct str), compare_tags);
        }
        profile->tags[i] = (struct profile_tags){lists[i].items, lists[i].n};
    }
    return ERR_OK;
}

enum err profile_get(struct coach *coach, int64_t person_id, struct profile *profile)
{
    struct profile found = {.person_id = person_id};
    bool own = coach->actor.system || coach->actor.person_id == person_id;
    struct db_query *q;
    enum err err = allowed(coach, ALLOW_VIEW, allow_of(ALLOW_ON_PERSON, person_id, 0));
    err = err ? err : sql_first(coach, SQL_PROFILE_PERSON, SQL_ARGS(sql_int(person_id)), &q);
    if (err) {
        return err;
    }
    found.about = sql_copy(coach, q, 0, &err);
    found.locale = own ? sql_copy(coach, q, 1, &err) : (struct str){"", 0};
    found.time_zone = own ? sql_copy(coach, q, 2, &err) : (struct str){"", 0};
    found.max_helps = (int32_t)db_int(q, 3);
    found.max_learns = (int32_t)db_int(q, 4);
    db_finish(q);
    err = err ? err : read_tags(coach, person_id, &found);
    if (err == ERR_OK) {
        *profile = found;
    }
    return err;
}

static enum err read_word(struct coach *coach, const struct db_query *q, void *item)
{
    enum err err = ERR_OK;
    *(struct str *)item = sql_copy(coach, q, 0, &err);
    return err;
}

enum err profile_used(struct coach *coach, enum profile_kind kind, size_t limit,
                      struct profile_tags *tags)
{
    struct list rows;
    list_init(&rows, coach->arena, sizeof(struct str), limit);
    enum err err = allowed(coach, ALLOW_VIEW, allow_on(ALLOW_ON_PERSON, 0));
    err =
        err ? err
            : sql_list(coach, SQL_PROFILE_USED,
                       SQL_ARGS(sql_word(words[kind]), sql_int((int64_t)limit)), read_word, &rows);
    if (err) {
        return err;
    }
    *tags = (struct profile_tags){rows.items, rows.n};
    return ERR_OK;
}

/* ---- writing ---- */

static const char *not_one(enum profile_kind kind)
{
    static const char *const texts[PROFILE_KIND__MAX] = {
        [PROFILE_SUBJECT] = N_("\"{value}\" is too long for a subject."),
        [PROFILE_GRADE] = N_("\"{value}\" is too long for a grade."),
        [PROFILE_LANGUAGE] = N_("\"{value}\" is not a language that Duet knows."),
        [PROFILE_PERIOD] = N_("\"{value}\" is not a period of the week."),
    };
    return texts[kind];
}

/* Checks the tags of one kind into *clean, sorted, each once. */
static enum err check_tags(struct coach *coach, enum profile_kind kind,
                           const struct profile_tags *given, struct complaints *complaints,
                           struct profile_tags *clean)
{
    size_t most = kind == PROFILE_PERIOD ? PERIODS : PROFILE_TAGS, n = 0;
    enum err err = ERR_OK;
    if (given->n > most) {
        complaint_add_int(complaints, words[kind], N_("Please choose at most {n}."), "n",
                          (int64_t)most);
        return ERR_OK;
    }
    clean->items = arena_alloc(coach->arena, given->n, sizeof *clean->items);
    if (!clean->items) {
        return ERR_NOMEM;
    }
    for (size_t i = 0; i < given->n; i++) {
        struct str tag;
        if (tag_of(coach, kind, given->items[i], &tag, &err)) {
            clean->items[n++] = tag;
        } else if (err) {
            return err;
        } else {
            size_t bad;
            bool shown = utf8_is_valid(given->items[i], &bad) && given->items[i].n < 200;
            complaint_add_text(complaints, words[kind], not_one(kind), "value",
                               shown ? given->items[i] : str_of("..."));
        }
    }
    if (n) {
        qsort(clean->items, n, sizeof *clean->items, compare_tags);
    }
    for (size_t i = 0; i < n; i++) {
        if (clean->n == 0 || !str_equal(clean->items[clean->n - 1], clean->items[i])) {
            clean->items[clean->n++] = clean->items[i];
        }
    }
    return ERR_OK;
}

static bool is_zone(struct str zone)
{
    for (size_t i = 0; i < zone.n; i++) {
        char c = zone.p[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
              strchr("/_+-", c))) {
            return false;
        }
    }
    return zone.n == 0 || zone.p[0] != '/';
}

static enum err check(struct coach *coach, const struct profile *given,
                      struct complaints *complaints, struct profile *clean)
{
    char out[LOCALE + 1];
    enum err err = ERR_OK;
    *clean = *given;
    complaint_clean(complaints, "about", given->about, false, true, PROFILE_ABOUT, &clean->about);
    if (complaint_clean(complaints, "locale", given->locale, false, false, LOCALE,
                        &clean->locale) &&
        clean->locale.n && !language_of(clean->locale, out)) {
        complaint_add(complaints, "locale", N_("This is not a language that Duet knows."));
    }
    if (complaint_clean(complaints, "time_zone", given->time_zone, false, false, ZONE,
                        &clean->time_zone) &&
        !is_zone(clean->time_zone)) {
        complaint_add(complaints, "time_zone", N_("This is a time zone such as Europe/Madrid."));
    }
    if (given->max_helps < 0 || given->max_helps > PROFILE_PARTNERS) {
        complaint_add_int(complaints, "max_helps", N_("Please choose a number from 0 to {n}."), "n",
                          PROFILE_PARTNERS);
    }
    if (given->max_learns < 0 || given->max_learns > PROFILE_PARTNERS) {
        complaint_add_int(complaints, "max_learns", N_("Please choose a number from 0 to {n}."),
                          "n", PROFILE_PARTNERS);
    }
    for (int i = 0; i < PROFILE_KIND__MAX && !err; i++) {
        clean->tags[i] = (struct profile_tags){0};
        err = check_tags(coach, (enum profile_kind)i, &given->tags[i], complaints, &clean->tags[i]);
    }
    return err ? err : complaint_result(complaints);
}

static enum err add_tags(struct coach *coach, int64_t person_id, enum profile_kind kind,
                         const struct profile_tags *tags)
{
    enum err err = ERR_OK;
    for (size_t i = 0; i < tags->n && !err; i++) {
        err = sql_run(coach, SQL_PROFILE_ADD,
                      SQL_ARGS(sql_int(person_id), sql_word(words[kind]), sql_text(tags->items[i])),
                      NULL);
    }
    return err;
}

enum err profile_edit(struct coach *coach, const struct profile *profile,
                      struct complaints *complaints)
{
    struct allow_object object = allow_of(ALLOW_ON_PERSON, profile->person_id, 0);
    struct profile clean;
    int64_t changed = 0;
    enum err err = allowed(coach, ALLOW_EDIT, object);
    err = err ? err : check(coach, profile, complaints, &clean);
    err = err ? err
              : sql_run(coach, SQL_PROFILE_SAVE,
                        SQL_ARGS(sql_int(clean.person_id), sql_text(clean.about),
                                 sql_text(clean.locale), sql_text(clean.time_zone),
                                 sql_int(clean.max_helps), sql_int(clean.max_learns),
                                 sql_int(coach->now_ms)),
                        &changed);
    if (err || changed == 0) {
        return err ? err : ERR_NOT_FOUND;
    }
    err = sql_run(coach, SQL_PROFILE_CLEAR, SQL_ARGS(sql_int(clean.person_id)), NULL);
    for (int i = 0; i < PROFILE_KIND__MAX && !err; i++) {
        err = add_tags(coach, clean.person_id, (enum profile_kind)i, &clean.tags[i]);
    }
    return err ? err : audit_note(coach, ALLOW_EDIT, object, "profile");
}

enum err profile_fill(struct coach *coach, int64_t person_id, enum profile_kind kind,
                      const struct str *values, size_t n, bool *added, size_t *refused)
{
    struct allow_object object = allow_of(ALLOW_ON_PERSON, person_id, 0);
    struct profile_tags clean = {0};
    size_t most = kind == PROFILE_PERIOD ? PERIODS : PROFILE_TAGS, no = 0;
    int64_t has = 0;
    enum err err = allowed(coach, ALLOW_ADD, object);
    err = err ? err
              : sql_number(coach, SQL_PROFILE_HAS_KIND,
                           SQL_ARGS(sql_int(person_id), sql_word(words[kind])), &has);
    *added = false;
    *refused = 0;
    if (err || has) {
        return err;
    }
    clean.items = arena_alloc(coach->arena, n < most ? n : most, sizeof *clean.items);
    if (!clean.items) {
        return ERR_NOMEM;
    }
    for (size_t i = 0; i < n && !err; i++) {
        struct str tag;
        bool good = clean.n < most && tag_of(coach, kind, values[i], &tag, &err);
        no += !good;
        if (good) {
            clean.items[clean.n++] = tag;
        }
    }
    err = err ? err : add_tags(coach, person_id, kind, &clean);
    if (err) {
        return err;
    }
    *added = clean.n > 0;
    *refused = no;
    return clean.n ? audit_note(coach, ALLOW_ADD, object, words[kind]) : ERR_OK;
}
