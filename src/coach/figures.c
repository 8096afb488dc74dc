/* Figures that tell of nobody; see figures.h. */
#include "coach/figures.h"

#include "base/list.h"
#include "coach/allow.h"
#include "coach/programmes_read.h"
#include "coach/sql.h"
#include "coach/wishes.h"

#include <stdlib.h>

/* ---- the rule ---- */

static void tell(struct figure *figure, enum figure_told told)
{
    figure->told = told;
    figure->n = told == FIGURE_SHOWN ? figure->n : 0;
}

/* A part of a whole of `whole` people, that itself is told as `how`. */
static enum figure_told part_of(int32_t n, int32_t whole, enum figure_told how)
{
    if (how == FIGURE_FEW) {
        return FIGURE_FEW;
    }
    if (how == FIGURE_HIDDEN || whole < 2 * FIGURES_LEAST) {
        return FIGURE_HIDDEN;
    }
    return n < FIGURES_LEAST ? FIGURE_FEW : whole - n < FIGURES_LEAST ? FIGURE_MOST : FIGURE_SHOWN;
}

/* Figures of skills that add up to no less than a total of people. */
struct sum {
    int64_t shown, largest; /* sums: of what is shown, of the most that hidden ones may be */
    int64_t widest, top;    /* of one hidden: how far its words go, the most it may be */
};

static void add_up(struct sum *sum, const struct figure *figure, int64_t whole)
{
    int64_t max = figure->told == FIGURE_FEW ? FIGURES_LEAST - 1 : whole;
    int64_t width = figure->told == FIGURE_HIDDEN ? whole : FIGURES_LEAST - 1;
    if (figure->told == FIGURE_SHOWN) {
        sum->shown += figure->n;
        return;
    }
    sum->largest += max;
    sum->widest = width > sum->widest ? width : sum->widest;
    sum->top = max > sum->top ? max : sum->top;
}

/* Whether a total between `least` and `most` people tells nothing of what is hidden. */
static bool is_safe(const struct sum *sum, int64_t least, int64_t most, int64_t each)
{
    return sum->largest == 0 || (least <= sum->shown + sum->largest - sum->widest &&
                                 most >= sum->top && each * most >= sum->shown + sum->largest);
}

/* A total that is part of a whole that is told. */
static void tell_total(struct figure *total, int32_t whole, enum figure_told how,
                       const struct sum *sum, int64_t each)
{
    enum figure_told told = part_of(total->n, whole, how);
    bool most = told == FIGURE_MOST;
    int64_t least = most ? whole - (FIGURES_LEAST - 1) : total->n;
    if (told != FIGURE_FEW && !is_safe(sum, least, most ? whole : total->n, each)) {
        told = FIGURE_HIDDEN;
    }
    tell(total, told);
}

static void protect_skill(struct figures_skill *s, int32_t people, enum figure_told whole,
                          struct sum sums[3])
{
    int32_t n = s->want.n;
    enum figure_told told = part_of(n, people, whole), served = part_of(s->served.n, n, told);
    int32_t limit = told == FIGURE_SHOWN ? n : told == FIGURE_FEW ? FIGURES_LEAST - 1 : people;
    tell(&s->want, told);
    tell(&s->served, told == FIGURE_SHOWN || served == FIGURE_FEW ? served : FIGURE_HIDDEN);
    tell(&s->offer, part_of(s->offer.n, people, whole));
    add_up(&sums[0], &s->want, people);
    add_up(&sums[1], &s->offer, people);
    add_up(&sums[2], &s->served, limit);
}

void figures_protect(struct figures_map *map, int32_t needs_each)
{
    struct sum sums[3] = {0};
    int32_t people = map->people.n, wanting = map->want.n;
    enum figure_told whole = people < FIGURES_LEAST ? FIGURE_FEW : FIGURE_SHOWN;
    for (size_t k = 0; k < map->n; k++) {
        protect_skill(&map->skills[k], people, whole, sums);
    }
    tell(&map->people, whole);
    tell_total(&map->want, people, whole, &sums[0], needs_each);
    tell_total(&map->offer, people, whole, &sums[1], (int64_t)map->n);
    if (map->want.told == FIGURE_SHOWN) {
        tell_total(&map->served, wanting, FIGURE_SHOWN, &sums[2], needs_each);
    } else {
        bool few = map->served.n < FIGURES_LEAST && people >= 2 * FIGURES_LEAST;
        tell(&map->served, few || whole == FIGURE_FEW ? FIGURE_FEW : FIGURE_HIDDEN);
    }
}

void figures_protect_board(struct figures_board *board)
{
    int32_t people = board->people.n, partners = board->partners.n;
    enum figure_told whole = people < FIGURES_LEAST ? FIGURE_FEW : FIGURE_SHOWN;
    enum figure_told some = part_of(partners, people, whole);
    enum figure_told done = part_of(board->cycled.n, partners, some);
    bool few = partners < FIGURES_LEAST, none = board->cycled.n < FIGURES_LEAST;
    tell(&board->people, whole);
    tell(&board->partners, some);
    /* the whole is not known exactly: neither is a part of nearly all of it told */
    tell(&board->cycled, some == FIGURE_SHOWN || done == FIGURE_FEW ? done : FIGURE_HIDDEN);
    tell(&board->partnerships,
         few || board->partnerships.n < FIGURES_LEAST ? FIGURE_FEW : FIGURE_SHOWN);
    tell(&board->meetings, few || board->meetings.n < FIGURES_LEAST ? FIGURE_FEW : FIGURE_SHOWN);
    tell(&board->cycles, none || board->cycles.n < FIGURES_LEAST ? FIGURE_FEW : FIGURE_SHOWN);
}

/* ---- reading ---- */

/* Who takes part, by id, and what is known of each. */
struct taker {
    int64_t person_id;
    bool partner, cycled;
};

/* A skill of the programme that one of them wants. */
struct want {
    int64_t person_id;
    size_t skill; /* in the map */
    bool served;
};

/* One of them in a partnership that has begun. */
struct member {
    int64_t partnership_id;
    size_t taker;
};

struct reading {
    struct coach *coach;
    int64_t programme_id;
    struct figures_map *map;
    struct figures_board *board;
    struct list takers, wants, members;
    size_t at;        /* where rows that come in order have got to */
    int64_t offering; /* who was counted last among those who offer */
};

typedef enum err take_fn(struct reading *r, const struct db_query *q);

static enum err read_with(struct reading *r, enum sql_id id, int64_t one, int64_t other,
                          take_fn *take)
{
    struct db_query *q;
    const struct sql_arg args[] = {sql_int(one), sql_int(other)};
    enum err failed = ERR_OK, err = sql_rows(r->coach, id, args, other ? 2 : 1, &q);
    if (err) {
        return err;
    }
    r->at = 0;
    while (!failed && (err = db_step(q)) == ERR_OK) {
        failed = take(r, q);
    }
    db_finish(q);
    return failed ? failed : err == ERR_NOT_FOUND ? ERR_OK : err;
}

static enum err read_rows(struct reading *r, enum sql_id id, take_fn *take)
{
    return read_with(r, id, r->programme_id, 0, take);
}

static enum err take_skill(struct coach *coach, const struct db_query *q, void *item)
{
    (void)coach;
    ((struct figures_skill *)item)->skill_id = db_int(q, 0);
    return ERR_OK;
}

static enum err read_skills(struct reading *r)
{
    struct list skills;
    list_init(&skills, r->coach->arena, sizeof(struct figures_skill), PROGRAMMES_SKILLS);
    enum err err = sql_list(r->coach, SQL_FIGURES_SKILLS, SQL_ARGS(sql_int(r->programme_id)),
                            take_skill, &skills);
    r->map->skills = skills.items;
    r->map->n = skills.n;
    return err;
}

static size_t find_skill(const struct figures_map *map, int64_t skill_id)
{
    size_t k = 0;
    while (k < map->n && map->skills[k].skill_id != skill_id) {
        k++;
    }
    return k;
}

static enum err take_taker(struct reading *r, const struct db_query *q)
{
    const struct taker taker = {.person_id = db_int(q, 0)};
    return list_add(&r->takers, &taker) ? ERR_OK : r->takers.err;
}

/* For rows by person: whether this one takes part. */
static bool takes_part(struct reading *r, int64_t person_id)
{
    const struct taker *takers = r->takers.items;
    while (r->at < r->takers.n && takers[r->at].person_id < person_id) {
        r->at++;
    }
    return r->at < r->takers.n && takers[r->at].person_id == person_id;
}

static enum err take_want(struct reading *r, const struct db_query *q)
{
    const struct want want = {db_int(q, 0), find_skill(r->map, db_int(q, 1)), false};
    const struct want *wants = r->wants.items;
    if (want.skill == r->map->n || !takes_part(r, want.person_id)) {
        return ERR_OK;
    }
    r->map->skills[want.skill].want.n++;
    r->map->want.n += !r->wants.n || wants[r->wants.n - 1].person_id != want.person_id;
    return list_add(&r->wants, &want) ? ERR_OK : r->wants.err;
}

static enum err take_offer(struct reading *r, const struct db_query *q)
{
    int64_t person_id = db_int(q, 0);
    size_t skill = find_skill(r->map, db_int(q, 1));
    if (skill < r->map->n && takes_part(r, person_id)) {
        r->map->skills[skill].offer.n++;
        r->map->offer.n += r->offering != person_id;
        r->offering = person_id;
    }
    return ERR_OK;
}

/* The first of a person's wants, or where it would be. */
static size_t first_want(const struct reading *r, int64_t person_id)
{
    const struct want *wants = r->wants.items;
    size_t low = 0, high = r->wants.n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (wants[middle].person_id < person_id) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* Rows in no order, and the same may come twice. */
static enum err take_served(struct reading *r, const struct db_query *q)
{
    struct want *wants = r->wants.items;
    int64_t person_id = db_int(q, 0), skill_id = db_int(q, 1);
    bool before = false;
    struct want *found = NULL;
    for (size_t k = first_want(r, person_id); k < r->wants.n && wants[k].person_id == person_id;
         k++) {
        before = before || wants[k].served;
        found = r->map->skills[wants[k].skill].skill_id == skill_id ? &wants[k] : found;
    }
    if (found && !found->served) {
        found->served = true;
        r->map->skills[found->skill].served.n++;
        r->map->served.n += !before;
    }
    return ERR_OK;
}

/* Rows of those who take part; or, where these are most of the people, of all between them. */
static enum err read_theirs(struct reading *r, enum sql_id theirs, enum sql_id all, take_fn *take)
{
    const struct taker *takers = r->takers.items;
    size_t n = r->takers.n;
    int64_t first = n ? takers[0].person_id : 0, last = n ? takers[n - 1].person_id : 0;
    return last - first < 2 * (int64_t)n && n ? read_with(r, all, first, last, take)
                                              : read_rows(r, theirs, take);
}

static enum err read_map(struct reading *r)
{
    list_init(&r->takers, r->coach->arena, sizeof(struct taker), PROGRAMMES_PEOPLE);
    list_init(&r->wants, r->coach->arena, sizeof(struct want), SIZE_MAX);
    *r->map = (struct figures_map){0};
    enum err err = programmes_may(r->coach, ALLOW_VIEW, r->programme_id);
    err = err ? err : read_skills(r);
    err = err ? err : read_rows(r, SQL_FIGURES_PEOPLE, take_taker);
    err = err ? err : read_theirs(r, SQL_FIGURES_WANT, SQL_FIGURES_WANT_BETWEEN, take_want);
    err = err ? err : read_theirs(r, SQL_FIGURES_OFFER, SQL_FIGURES_OFFER_BETWEEN, take_offer);
    err = err ? err : read_rows(r, SQL_FIGURES_SERVED, take_served);
    r->map->people.n = (int32_t)r->takers.n;
    return err;
}

enum err figures_map(struct coach *coach, int64_t programme_id, struct figures_map *map)
{
    struct reading r = {.coach = coach, .programme_id = programme_id, .map = map};
    enum err err = read_map(&r);
    if (!err) {
        figures_protect(map, WISHES_MAX_NEEDS);
    }
    return err;
}

/* ---- what was done ---- */

static int compare_taker(const void *key, const void *item)
{
    int64_t person_id = *(const int64_t *)key;
    const struct taker *taker = item;
    return (person_id > taker->person_id) - (person_id < taker->person_id);
}

static struct taker *find_taker(const struct reading *r, int64_t person_id)
{
    return r->takers.n == 0 ? NULL
                            : bsearch(&person_id, r->takers.items, r->takers.n,
                                      sizeof(struct taker), compare_taker);
}

/* By partnership, as all that follows. */
static enum err take_member(struct reading *r, const struct db_query *q)
{
    const struct member *members = r->members.items;
    struct taker *taker = find_taker(r, db_int(q, 1));
    if (!taker) {
        return ERR_OK;
    }
    const struct member now = {db_int(q, 0), (size_t)(taker - (struct taker *)r->takers.items)};
    r->board->partners.n += !taker->partner;
    taker->partner = true;
    r->board->partnerships.n +=
        !r->members.n || members[r->members.n - 1].partnership_id != now.partnership_id;
    return list_add(&r->members, &now) ? ERR_OK : r->members.err;
}

/* Goes to the first of those in a partnership; NULL: nobody in it takes part. */
static const struct member *first_member(struct reading *r, int64_t partnership_id)
{
    const struct member *members = r->members.items;
    while (r->at < r->members.n && members[r->at].partnership_id < partnership_id) {
        r->at++;
    }
    bool found = r->at < r->members.n && members[r->at].partnership_id == partnership_id;
    return found ? &members[r->at] : NULL;
}

static enum err take_cycle(struct reading *r, const struct db_query *q)
{
    struct taker *takers = r->takers.items;
    const struct member *member = first_member(r, db_int(q, 0));
    if (!member) {
        return ERR_OK;
    }
    r->board->cycles.n++;
    for (size_t k = 0; r->at + k < r->members.n; k++) {
        if (member[k].partnership_id != member->partnership_id) {
            break;
        }
        r->board->cycled.n += !takers[member[k].taker].cycled;
        takers[member[k].taker].cycled = true;
    }
    return ERR_OK;
}

static enum err take_meeting(struct reading *r, const struct db_query *q)
{
    r->board->meetings.n += first_member(r, db_int(q, 0)) != NULL;
    return ERR_OK;
}

enum err figures_board(struct coach *coach, int64_t programme_id, struct figures_map *map,
                       struct figures_board *board)
{
    struct reading r = {.coach = coach, .programme_id = programme_id, .map = map, .board = board};
    *board = (struct figures_board){0};
    list_init(&r.members, coach->arena, sizeof(struct member), SIZE_MAX);
    enum err err = read_map(&r);
    err = err ? err : read_rows(&r, SQL_FIGURES_MEMBERS, take_member);
    err = err ? err : read_rows(&r, SQL_FIGURES_CYCLES, take_cycle);
    err = err ? err : read_rows(&r, SQL_FIGURES_MEETINGS, take_meeting);
    if (!err) {
        board->people.n = map->people.n;
        figures_protect(map, WISHES_MAX_NEEDS);
        figures_protect_board(board);
    }
    return err;
}
