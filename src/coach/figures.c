/* Figures that tell of nobody; see figures.h. */
#include "coach/figures.h"

#include "base/list.h"
#include "coach/allow.h"
#include "coach/programmes_read.h"
#include "coach/sql.h"
#include "coach/wishes.h"

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

static enum err read_one(struct coach *coach, enum sql_id id, int64_t programme_id,
                         struct figure *figure)
{
    int64_t n = 0;
    enum err err = sql_number(coach, id, SQL_ARGS(sql_int(programme_id)), &n);
    *figure = (struct figure){.n = (int32_t)n};
    return err;
}

enum cell { WANT, OFFER, SERVED };

static struct figure *cell_of(struct figures_skill *s, enum cell cell)
{
    return cell == WANT ? &s->want : cell == OFFER ? &s->offer : &s->served;
}

/* Person by person, so that each counts once in the total. */
static enum err read_cells(struct coach *coach, enum sql_id id, int64_t programme_id,
                           struct figures_map *map, enum cell cell, struct figure *total)
{
    struct db_query *q;
    int64_t last = 0;
    enum err err = sql_rows(coach, id, SQL_ARGS(sql_int(programme_id)), &q);
    if (err) {
        return err;
    }
    while ((err = db_step(q)) == ERR_OK) {
        int64_t person_id = db_int(q, 0), skill_id = db_int(q, 1);
        for (size_t k = 0; k < map->n; k++) {
            if (map->skills[k].skill_id == skill_id) {
                cell_of(&map->skills[k], cell)->n++;
                total->n += person_id != last;
                last = person_id;
                break;
            }
        }
    }
    db_finish(q);
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

static enum err read_skill(struct coach *coach, const struct db_query *q, void *item)
{
    (void)coach;
    ((struct figures_skill *)item)->skill_id = db_int(q, 0);
    return ERR_OK;
}

static enum err read_skills(struct coach *coach, int64_t programme_id, struct figures_map *map)
{
    struct list skills;
    list_init(&skills, coach->arena, sizeof(struct figures_skill), PROGRAMMES_SKILLS);
    enum err err =
        sql_list(coach, SQL_FIGURES_SKILLS, SQL_ARGS(sql_int(programme_id)), read_skill, &skills);
    map->skills = skills.items;
    map->n = skills.n;
    return err;
}

enum err figures_map(struct coach *coach, int64_t programme_id, struct figures_map *map)
{
    *map = (struct figures_map){0};
    enum err err = programmes_may(coach, ALLOW_VIEW, programme_id);
    err = err ? err : read_skills(coach, programme_id, map);
    err = err ? err : read_one(coach, SQL_FIGURES_PEOPLE, programme_id, &map->people);
    err = err ? err : read_cells(coach, SQL_FIGURES_WANT, programme_id, map, WANT, &map->want);
    err = err ? err : read_cells(coach, SQL_FIGURES_OFFER, programme_id, map, OFFER, &map->offer);
    err =
        err ? err : read_cells(coach, SQL_FIGURES_SERVED, programme_id, map, SERVED, &map->served);
    if (!err) {
        figures_protect(map, WISHES_MAX_NEEDS);
    }
    return err;
}

enum err figures_board(struct coach *coach, int64_t programme_id, struct figures_board *board)
{
    *board = (struct figures_board){0};
    enum err err = programmes_may(coach, ALLOW_VIEW, programme_id);
    err = err ? err : read_one(coach, SQL_FIGURES_PEOPLE, programme_id, &board->people);
    err = err ? err : read_one(coach, SQL_FIGURES_PARTNERS, programme_id, &board->partners);
    err = err ? err : read_one(coach, SQL_FIGURES_CYCLED, programme_id, &board->cycled);
    err = err ? err : read_one(coach, SQL_FIGURES_PARTNERSHIPS, programme_id, &board->partnerships);
    err = err ? err : read_one(coach, SQL_FIGURES_CYCLES, programme_id, &board->cycles);
    err = err ? err : read_one(coach, SQL_FIGURES_MEETINGS, programme_id, &board->meetings);
    if (!err) {
        figures_protect_board(board);
    }
    return err;
}
