/* Reading all files of a roster, and looking things up in it. */
#include "coach/roster.h"

#include "base/arena.h"
#include "coach/roster_build.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static enum err (*const readers[ROSTER_FILE__MAX])(struct roster_build *build,
                                                   struct csv_source source, const char *file) = {
    [ROSTER_FILE_PEOPLE] = roster_read_people,     [ROSTER_FILE_SKILLS] = roster_read_skills,
    [ROSTER_FILE_EVIDENCE] = roster_read_evidence, [ROSTER_FILE_NEEDS] = roster_read_needs,
    [ROSTER_FILE_OFFERS] = roster_read_offers,     [ROSTER_FILE_RULES] = roster_read_rules,
};

static enum err roster_read_path(struct roster_build *build, enum roster_file which,
                                 const struct roster_source *source)
{
    bool standard = strcmp(source->path, "-") == 0;
    int fd = standard ? STDIN_FILENO : open(source->path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        const char *why = strerror(errno);
        enum err err = roster_problems_add(build->problems, source->name, 0, 0, "", str_of(""), "",
                                           "the file cannot be opened: %s", why);
        return err ? err : ERR_IO;
    }
    enum err err = readers[which](build, csv_source_file(&fd), source->name);
    if (!standard) {
        close(fd);
    }
    return err;
}

static enum err roster_read_one(struct roster_build *build, enum roster_file which,
                                const struct roster_source *source)
{
    if (source->path) {
        return roster_read_path(build, which, source);
    }
    struct str bytes = source->bytes;
    return readers[which](build, csv_source_memory(&bytes), source->name);
}

/* Reads every file, also after one that cannot be opened, so that all problems are told at once. */
static enum err roster_read_all(struct roster_build *build,
                                const struct roster_source sources[ROSTER_FILE__MAX])
{
    enum err result = ERR_OK;
    for (int which = 0; which < ROSTER_FILE__MAX; which++) {
        if (!sources[which].name) {
            continue;
        }
        enum err err = roster_read_one(build, (enum roster_file)which, &sources[which]);
        if (err && err != ERR_IO) {
            return err;
        }
        if (err == ERR_IO) {
            result = err;
            build->people_incomplete |= which == ROSTER_FILE_PEOPLE;
            build->skills_incomplete |= which == ROSTER_FILE_SKILLS;
        }
    }
    return !result && build->problems->total > 0 ? ERR_INVALID : result;
}

enum err roster_read_crew(struct arena *arena, const struct roster_source sources[ROSTER_FILE__MAX],
                          const struct crew *crew, size_t piece, struct roster_problems *problems,
                          struct roster **roster)
{
    assert(sources[ROSTER_FILE_PEOPLE].name && sources[ROSTER_FILE_SKILLS].name);
    enum err err = ERR_NOMEM;
    struct roster_build build = {.problems = problems, .crew = crew, .piece = piece};
    build.arena = arena_child(arena);
    if (!build.arena) {
        return ERR_NOMEM;
    }
    build.work = arena_child(arena);
    if (!build.work) {
        goto drop;
    }
    build.roster = arena_alloc(build.arena, 1, sizeof *build.roster);
    build.people = intern_new(build.arena, ROSTER_MAX_PEOPLE);
    build.skills = intern_new(build.arena, ROSTER_MAX_SKILLS);
    if (!build.roster || !build.people || !build.skills) {
        goto drop;
    }
    if (roster_naming_init(&build.person_names, build.work) ||
        roster_naming_init(&build.skill_names, build.work)) {
        goto drop;
    }
    build.roster->first_day = build.roster->last_day = ZONE_DAY_UNKNOWN;
    build.roster->unit_column = ROSTER_NONE;
    build.roster->find_person = build.people;
    build.roster->find_skill = build.skills;
    err = roster_read_all(&build, sources);
    if (err) {
        goto drop;
    }
    arena_free(build.work);
    *roster = build.roster;
    return ERR_OK;
drop:
    arena_free(build.work);
    arena_free(build.arena);
    return err;
}

enum err roster_read_sources(struct arena *arena,
                             const struct roster_source sources[ROSTER_FILE__MAX],
                             struct roster_problems *problems, struct roster **roster)
{
    return roster_read_crew(arena, sources, NULL, ROSTER_PIECE, problems, roster);
}

enum err roster_read(struct arena *arena, const struct roster_files *files,
                     struct roster_problems *problems, struct roster **roster)
{
    const char *const paths[ROSTER_FILE__MAX] = {
        [ROSTER_FILE_PEOPLE] = files->people,     [ROSTER_FILE_SKILLS] = files->skills,
        [ROSTER_FILE_EVIDENCE] = files->evidence, [ROSTER_FILE_NEEDS] = files->needs,
        [ROSTER_FILE_OFFERS] = files->offers,     [ROSTER_FILE_RULES] = files->rules,
    };
    struct roster_source sources[ROSTER_FILE__MAX] = {{0}};
    int n_standard = 0;
    for (int which = 0; which < ROSTER_FILE__MAX; which++) {
        bool standard = paths[which] && strcmp(paths[which], "-") == 0;
        n_standard += standard;
        sources[which].path = paths[which];
        sources[which].name = standard ? "standard input" : paths[which];
    }
    if (n_standard > 1) {
        enum err err = roster_problems_add(problems, "standard input", 0, 0, "", str_of("-"), "",
                                           "only one file can come from the standard input");
        return err ? err : ERR_INVALID;
    }
    return roster_read_crew(arena, sources, files->crew, ROSTER_PIECE, problems, roster);
}

struct zone_data roster_zone_data(const struct roster *roster)
{
    return (struct zone_data){
        .n_people = roster->n_people,
        .n_skills = roster->n_skills,
        .n_domains = roster->n_domains,
        .n_raters = roster->n_raters,
        .n_occasions = roster->n_occasions,
        .n_items = roster->n_items,
        .skill_domain = roster->skill_domain,
        .skill_levels = roster->skill_levels,
        .evidence = roster->evidence,
        .n_evidence = roster->n_evidence,
    };
}

static int32_t roster_find(const struct intern *ids, struct str id)
{
    char out[UTF8_MAX_FORM];
    struct str form;
    return utf8_nfc(csv_unguard(utf8_trim(id)), out, &form) ? ROSTER_NONE : intern_find(ids, form);
}

int32_t roster_find_person(const struct roster *roster, struct str id)
{
    return roster_find(roster->find_person, id);
}

int32_t roster_find_skill(const struct roster *roster, struct str id)
{
    return roster_find(roster->find_skill, id);
}

int32_t roster_find_column(const struct roster *roster, struct str name)
{
    char wanted[UTF8_MAX_FORM], found[UTF8_MAX_FORM];
    struct str form = roster_table_fold(name, wanted);
    for (int32_t k = 0; k < roster->n_columns && form.n > 0; k++) {
        if (str_equal(form, roster_table_fold(roster->columns[k].name, found))) {
            return k;
        }
    }
    return ROSTER_NONE;
}

struct str roster_value(const struct roster *roster, int32_t person, int32_t column)
{
    size_t at = (size_t)person * (size_t)roster->n_columns + (size_t)column;
    int32_t value = roster->values[at];
    return value == ROSTER_NONE ? (struct str){"", 0} : roster->columns[column].values[value];
}

double roster_priority_weight(int32_t priority)
{
    static const double weights[ROSTER_MAX_PRIORITY] = {1.0, 0.7, 0.5};
    int32_t k = priority < 1 ? 1 : priority > ROSTER_MAX_PRIORITY ? ROSTER_MAX_PRIORITY : priority;
    return weights[k - 1];
}
