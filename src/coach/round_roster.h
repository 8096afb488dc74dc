/* Within the room: a programme of the database as what the engine of rounds takes.
 *
 * The people who are in, by name; their needs and offers in the programme's skills; languages (by
 * their first part: "es" for "es-MX"), free periods, and one unit each: the school that they are in
 * or below, else the very unit.  Estimates are those that are stored; whoever has none in a skill
 * has what is known of somebody new.
 *
 * Partnerships that run are left alone: what they take up is no longer free, whoever has nothing
 * left is not among the people (in a programme of pairs, whoever is in one of its pairs), and who
 * works together is not proposed to each other; nor who parted, or said no, in this programme.  The
 * same as `duet match` reads from files of the same people (tests/coach/rounds.t.c), so the same
 * engine gives the same answer. */
#ifndef DUET_COACH_ROUND_ROSTER_H
#define DUET_COACH_ROUND_ROSTER_H

#include "coach/programmes.h"
#include "coach/roster.h"
#include "coach/round.h"
#include "zone/zone.h"

struct coach;

/* Somebody stays with somebody: what is locked in a list. */
struct round_lock {
    int64_t learner_id, helper_id, skill_id; /* skill 0: none */
};

struct round_roster {
    struct roster roster;
    struct zone_fit fit;
    int64_t *person_ids; /* of roster.people */
    int64_t *skill_ids;  /* of roster.skills, in the framework's order */
    int64_t *unit_ids;   /* of the values of the column unit, which is the only one */
    int64_t *rule_ids;   /* of the rules with a line, from 1; what is locked has line 0 */
    int32_t n_full;      /* people left out: no room beside what runs */
    int64_t *full_ids;

    int32_t *by_person, *by_skill; /* indices in the order of ids */
};

/* Reads it all into coach->arena; read transaction.  `links` also finds out whose raters are linked
 * with whose (round_warn.h).  ERR_LIMIT: more than ROUNDS_MAX_PEOPLE. */
MUST_CHECK enum err round_roster_read(struct coach *coach, const struct programme *programme,
                                      const struct round_lock *locks, size_t n_locks, bool links,
                                      struct round_roster *roster);

/* The same as the round found it: without the partnerships that it has made itself. */
MUST_CHECK enum err round_roster_read_before(struct coach *coach, const struct programme *programme,
                                             int64_t round_id, const struct round_lock *locks,
                                             size_t n_locks, struct round_roster *roster);

/* The options of a programme, for one strategy; PROGRAMME_SELF gives stable pairs: what comes about
 * when everybody asks whoever can help them most. */
struct round_options round_roster_options(const struct programme *programme,
                                          enum programme_strategy strategy);

/* Indices, or ROSTER_NONE. */
int32_t round_roster_person(const struct round_roster *roster, int64_t person_id);
int32_t round_roster_skill(const struct round_roster *roster, int64_t skill_id);

/* Within round_roster*.c: the estimates. */
MUST_CHECK enum err round_roster_zones(struct coach *coach, const struct programme *programme,
                                       bool links, struct round_roster *roster);

#endif
