/* The demonstration district in a database; see demo_fill.h. */
#include "cli/demo_fill.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/list.h"
#include "cli/demo_world.h"
#include "coach/coach.h"
#include "coach/complaint.h"
#include "coach/evaluators.h"
#include "coach/frameworks.h"
#include "coach/invitations.h"
#include "coach/people.h"
#include "coach/profile.h"
#include "coach/roles.h"
#include "coach/settings.h"
#include "coach/shares.h"
#include "coach/units.h"

#include <stdio.h>

#define BATCH 30 /* people of one transaction: each leaves some entries in the audit */

const char *demo_role_word(enum demo_role role)
{
    static const char *const words[DEMO_ROLE__MAX] = {
        [DEMO_ROLE_TEACHER] = "teacher",
        [DEMO_ROLE_COORDINATOR] = "coordinator",
        [DEMO_ROLE_ADMINISTRATOR] = "administrator",
    };
    return words[role];
}

static struct str role_email(enum demo_role role, char room[64])
{
    snprintf(room, 64, "%s@example.org", demo_role_word(role));
    return str_of(room);
}

/* ---- what is there ---- */

static enum err look(struct coach *coach, void *ctx)
{
    enum demo_state *state = ctx;
    struct unit_list units;
    struct frameworks_item *items;
    struct person person;
    char room[64];
    int32_t n = 0;
    enum err err = units_list(coach, true, &units);
    err = err ? err : frameworks_list(coach, (struct str){"", 0}, &items, &n);
    if (err) {
        return err;
    }
    *state = units.n == 0 && n == 0 ? DEMO_STATE_EMPTY : DEMO_STATE_OTHER;
    err = people_by_email(coach, role_email(DEMO_ROLE_ADMINISTRATOR, room), &person);
    if (!err && str_is(person.source, DEMO_SOURCE)) {
        *state = DEMO_STATE_DEMO;
    }
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err demo_look(struct coach *coach, enum demo_state *state)
{
    return coach_transact(coach, COACH_READ, look, state);
}

/* ---- the organisation ---- */

static enum err add_unit(struct demo_world *w, int64_t parent, enum unit_kind kind,
                         const char *name, int64_t *id)
{
    struct unit_input input = {.parent_id = parent,
                               .kind = kind,
                               .name = str_of(name),
                               .external_id = {"", 0},
                               .source = str_of(DEMO_SOURCE)};
    return units_add(w->coach, &input, &w->complaints, id);
}

static enum err set(struct demo_world *w, enum setting setting, const char *value)
{
    return settings_set(w->coach, setting, str_of(value), &w->complaints);
}

static enum err add_organisation(struct coach *coach, void *ctx)
{
    struct demo_world *w = ctx;
    int64_t districts[DEMO_DISTRICTS] = {0};
    complaint_init(&w->complaints, coach->arena);
    enum err err = coach_found(coach);
    err = err ? err : set(w, SETTING_ORGANISATION, "Riverbend Schools");
    err = err ? err : set(w, SETTING_BASE_URL, w->url);
    err = err ? err
              : set(w, SETTING_TIMETABLE,
                    "08:30-09:20 09:25-10:15 10:35-11:25 11:30-12:20 13:20-14:10");
    err = err ? err : set(w, SETTING_SETUP_DONE, "1");
    err = err ? err : add_unit(w, 0, UNIT_ORGANISATION, "Riverbend Schools", &w->top);
    for (int32_t s = 0; s < w->demo->n_schools && !err; s++) {
        int d = (int)(s * 2 / w->demo->n_schools);
        if (districts[d] == 0) {
            err = add_unit(w, w->top, UNIT_DISTRICT, demo_districts[d], &districts[d]);
        }
        err =
            err ? err
                : add_unit(w, districts[d], UNIT_SCHOOL, w->demo->school_names[s], &w->schools[s]);
    }
    return err;
}

/* ---- people ---- */

/* BCP 47 of the languages that names come with. */
static const struct {
    const char *name, *tag;
} languages[] = {
    {"Spanish", "es"},    {"Portuguese", "pt"}, {"Yoruba", "yo"}, {"Somali", "so"},
    {"Arabic", "ar"},     {"Turkish", "tr"},    {"Hindi", "hi"},  {"Tamil", "ta"},
    {"Vietnamese", "vi"}, {"Chinese", "zh"},    {"Korean", "ko"}, {"Polish", "pl"},
    {"Ukrainian", "uk"},  {"French", "fr"},     {"German", "de"},
};

static const char *language_tag(const char *name)
{
    for (size_t k = 0; name && k < sizeof languages / sizeof *languages; k++) {
        if (strcmp(languages[k].name, name) == 0) {
            return languages[k].tag;
        }
    }
    return NULL;
}

/* The grades of the school, by its kind: primary, middle, secondary. */
static const char *grade_of(const struct demo_person *person, int32_t nth)
{
    static const char *const bands[DEMO_SCHOOL_KINDS][3] = {
        {"Grades 1-2", "Grades 3-4", "Grades 5-6"},
        {"Grade 6", "Grade 7", "Grade 8"},
        {"Grades 7-8", "Grades 9-10", "Grades 11-12"},
    };
    return bands[person->school % DEMO_SCHOOL_KINDS][nth % 3];
}

static enum err add_profile(struct demo_world *w, int32_t p)
{
    static const char *const days[] = {"mon", "tue", "wed", "thu", "fri"};
    const struct demo_person *person = &w->demo->people[p];
    bool teaches = person->position != DEMO_PARENT && person->position != DEMO_HEAD;
    const char *tag = language_tag(person->language);
    struct str subject = str_of(demo_subjects[person->subject]), spoken[2] = {str_of("en")};
    struct str grade = str_of(grade_of(person, p)), periods[DEMO_PERIODS];
    char room[DEMO_PERIODS][8], about[200];
    size_t n_periods = 0;
    for (int bit = 0; bit < DEMO_PERIODS; bit++) {
        if (person->free_periods >> bit & 1) {
            snprintf(room[n_periods], sizeof room[0], "%s-%d", days[bit / 5], bit % 5 + 1);
            periods[n_periods] = str_of(room[n_periods]);
            n_periods++;
        }
    }
    spoken[1] = str_of(tag ? tag : "");
    about[0] = '\0';
    if (w->offers[p].n > 0 && p % 3 != 2) {
        snprintf(about, sizeof about, "Happy to be asked about: %s.",
                 demo_skills[w->offers[p].skills[0]].name);
    }
    struct profile profile = {
        .person_id = w->ids[p],
        .about = str_of(about),
        .locale = {"", 0},
        .time_zone = {"", 0},
        .max_helps = person->position == DEMO_COACH ? 4 : 1,
        .max_learns = 1,
        .tags = {[PROFILE_SUBJECT] = {&subject, teaches},
                 [PROFILE_GRADE] = {&grade, teaches},
                 [PROFILE_LANGUAGE] = {spoken, tag ? 2 : 1},
                 [PROFILE_PERIOD] = {periods, n_periods}},
    };
    return profile_edit(w->coach, &profile, &w->complaints);
}

static enum err add_person(struct demo_world *w, int32_t p)
{
    const struct demo_person *person = &w->demo->people[p];
    char id[24], email[64];
    snprintf(id, sizeof id, "p%03d", (int)p + 1);
    snprintf(email, sizeof email, "%s@example.org", id);
    struct person_input input = {
        .external_id = str_of(id),
        .given_name = str_of(person->given),
        .family_name = str_of(person->family),
        .email = str_of(email),
        .position = str_of(demo_position_word(person->position)),
        .source = str_of(DEMO_SOURCE),
    };
    for (int role = 0; role < DEMO_ROLE__MAX; role++) {
        if (w->personas[role] == p) {
            input.email = role_email((enum demo_role)role, email);
        }
    }
    enum err err = people_add(w->coach, &input, &w->complaints, &w->ids[p]);
    err = err ? err
              : roles_add(w->coach, w->ids[p], w->schools[person->school], ROLE_PARTICIPANT,
                          DEMO_SOURCE);
    if (!err && w->personas[DEMO_ROLE_COORDINATOR] == p) {
        err = roles_add(w->coach, w->ids[p], w->top, ROLE_COORDINATOR, DEMO_SOURCE);
    }
    if (!err && w->personas[DEMO_ROLE_ADMINISTRATOR] == p) {
        err = roles_add(w->coach, w->ids[p], w->top, ROLE_ADMINISTRATOR, DEMO_SOURCE);
    }
    int32_t head = w->demo->first[person->school];
    if (!err && p != head) {
        err = evaluators_add(w->coach, w->ids[head], w->ids[p]);
    }
    return err ? err : add_profile(w, p);
}

static enum err add_people(struct coach *coach, void *ctx)
{
    struct demo_world *w = ctx;
    int32_t end = w->begin + BATCH < w->demo->n_people ? w->begin + BATCH : w->demo->n_people;
    enum err err = ERR_OK;
    complaint_init(&w->complaints, coach->arena);
    for (int32_t p = w->begin; p < end && !err; p++) {
        err = add_person(w, p);
    }
    return err;
}

/* ---- what some let others see ---- */

/* The teacher shares with two colleagues, and two others with the teacher; never with the head. */
static enum err add_shares(struct coach *coach, void *ctx)
{
    struct demo_world *w = ctx;
    int32_t me = w->personas[DEMO_ROLE_TEACHER], school = w->demo->people[me].school;
    int32_t first = w->demo->first[school] + 1, n = w->demo->first[school + 1] - first;
    enum err err = ERR_OK;
    for (int32_t k = 1, shared = 0; k < n && shared < 4 && !err; k++) {
        int32_t other = first + (me - first + k * 3) % n;
        if (other == me) {
            continue;
        }
        bool mine = shared % 2 == 0;
        int64_t share;
        err = coach_act_as(coach, w->ids[mine ? me : other]);
        err = err ? err
                  : shares_give(coach, w->ids[mine ? other : me], SHARE_ZONES,
                                shared < 2 ? 0 : w->skills[w->needs[mine ? me : other].skills[0]],
                                &share);
        shared++;
    }
    coach_act_as_system(coach);
    return err;
}

/* ---- all of it ---- */

/* Some people after the other; the memory of a batch is given back after it. */
static enum err in_batches(struct demo_world *w, coach_work_fn *work)
{
    struct coach *coach = w->coach;
    struct arena *before = coach->arena;
    int32_t n = w->demo->n_people;
    enum err err = ERR_OK;
    w->row = w->next_row = 0;
    for (w->begin = 0; !err && w->begin < n; w->begin += BATCH) {
        w->end = w->begin + BATCH < n ? w->begin + BATCH : n;
        coach->arena = arena_child(before);
        err = coach->arena ? coach_transact(coach, COACH_WRITE, work, w) : ERR_NOMEM;
        arena_free(coach->arena);
        coach->arena = before;
        w->row = w->next_row;
    }
    return err;
}

enum err demo_fill(struct coach *coach, struct demo *demo, const char *url, bool whole,
                   struct demo_filled *filled)
{
    struct demo_world *w;
    enum err err = demo_world_make(coach, demo, url, &w);
    if (err) {
        return err;
    }
    w->whole = whole;
    err = coach_transact(coach, COACH_WRITE, add_organisation, w);
    err = err ? err : coach_transact(coach, COACH_WRITE, demo_world_frameworks, w);
    err = err ? err : in_batches(w, add_people);
    err = err ? err : in_batches(w, demo_world_wishes);
    err = err ? err : in_batches(w, demo_world_evidence);
    err = err ? err : demo_world_fit(w);
    err = err ? err : in_batches(w, demo_world_followers);
    *filled = (struct demo_filled){.n_evidence = (int64_t)w->rows.n};
    err = err ? err : coach_transact(coach, COACH_WRITE, add_shares, w);
    err = err ? err : coach_transact(coach, COACH_WRITE, demo_world_partnerships, w);
    err = err ? err : coach_transact(coach, COACH_WRITE, demo_world_running, w);
    return err ? err : demo_programmes(w);
}

/* ---- signing in ---- */

static enum err make_keys(struct coach *coach, void *ctx)
{
    struct demo_persona *personas = ctx;
    enum err err = ERR_OK;
    for (int role = 0; role < DEMO_ROLE__MAX && !err; role++) {
        struct person person;
        char room[64], key[INVITATIONS_TEXT];
        err = people_by_email(coach, role_email((enum demo_role)role, room), &person);
        err = err ? err : invitations_make(coach, person.id, INVITATION_DEMO, key);
        if (!err) {
            personas[role].name = person.name;
            err = coach_copy(coach, str_of(key), &personas[role].key) ? ERR_OK : ERR_NOMEM;
        }
    }
    return err;
}

enum err demo_personas(struct coach *coach, struct demo_persona personas[DEMO_ROLE__MAX])
{
    return coach_transact(coach, COACH_WRITE, make_keys, personas);
}
