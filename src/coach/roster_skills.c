/* skills.csv: what is learned, and on which scale it is rated. */
#include "base/arena.h"
#include "coach/roster_build.h"

#include <inttypes.h>

enum { ID, NAME, DOMAIN, LEVELS };

static const struct roster_heading headings[] = {
    {"id", true, "name"},    {"name", false, NULL}, {"domain", false, NULL},
    {"levels", false, NULL}, {NULL, false, NULL},
};

struct skills {
    struct roster_build *build;
    struct roster_table table;
    struct list rows;  /* struct roster_skill */
    struct list lines; /* uint64_t */
    struct roster_names domains;
};

static enum err skills_domain(struct skills *skills, int32_t *domain)
{
    enum err err = roster_names_add(&skills->domains, skills->build->arena,
                                    roster_table_cell(&skills->table, DOMAIN), domain);
    if (err == ERR_RANGE) {
        err = roster_table_bad(&skills->table, DOMAIN, "", "domain may have at most %d bytes",
                               ROSTER_MAX_ID);
    }
    return err;
}

static enum err skills_row(struct skills *skills)
{
    struct roster_build *build = skills->build;
    struct roster_table *table = &skills->table;
    struct roster_skill skill = {.domain = 0};
    struct str id, name;
    int32_t k = 0;
    bool fresh = false;
    enum err err = roster_table_id(table, ID, &id);
    if (err || id.n == 0) {
        table->n_skipped++;
        return err;
    }
    err = intern_add(build->skills, id, &k, &fresh);
    if (err == ERR_LIMIT) {
        table->broken = true;
        return roster_table_bad(table, ID, "", "there are more than %d skills", ROSTER_MAX_SKILLS);
    }
    if (err) {
        return err;
    }
    if (!fresh) {
        return roster_table_bad(table, ID, "each skill stands in one row; delete or rename one",
                                "this id was already used in line %" PRIu64,
                                ((const uint64_t *)skills->lines.items)[k]);
    }
    skill.id = skill.name = intern_text(build->skills, k);
    int64_t levels = ROSTER_DEFAULT_LEVELS;
    err = roster_table_id(table, NAME, &name);
    if (!err && name.n > 0) {
        skill.name = (struct str){arena_text(build->arena, name.p, name.n), name.n};
        err = skill.name.p ? ERR_OK : ERR_NOMEM;
    }
    err = err ? err : roster_naming_add(&build->skill_names, skill.name, k);
    err = err ? err : skills_domain(skills, &skill.domain);
    err = err ? err
              : roster_build_number(table, LEVELS, 2, ZONE_MAX_LEVELS,
                                    "levels is how many levels the rubric has; empty means 4",
                                    &levels);
    skill.levels = (int32_t)levels;
    if (!err && (!list_add(&skills->rows, &skill) || !list_add(&skills->lines, &table->row.line))) {
        err = ERR_NOMEM;
    }
    return err;
}

static enum err skills_end(struct skills *skills)
{
    struct roster_build *build = skills->build;
    struct roster *roster = build->roster;
    size_t n = skills->rows.n;
    roster->skills = skills->rows.items;
    roster->n_skills = (int32_t)n;
    roster->domains = skills->domains.spellings.items;
    roster->n_domains = (int32_t)skills->domains.spellings.n;
    roster->skill_domain = arena_alloc(build->arena, n, sizeof *roster->skill_domain);
    roster->skill_levels = arena_alloc(build->arena, n, sizeof *roster->skill_levels);
    if (!roster->skill_domain || !roster->skill_levels) {
        return ERR_NOMEM;
    }
    for (size_t k = 0; k < n; k++) {
        roster->skill_domain[k] = roster->skills[k].domain;
        roster->skill_levels[k] = (uint8_t)roster->skills[k].levels;
    }
    build->skills_incomplete = skills->table.broken || skills->table.n_skipped > 0;
    enum err err = roster_build_no_rows(&skills->table);
    return err ? err : roster_table_note_unused(&skills->table);
}

enum err roster_read_skills(struct roster_build *build, struct csv_source source, const char *file)
{
    struct skills *skills = arena_alloc(build->work, 1, sizeof *skills);
    if (!skills) {
        return ERR_NOMEM;
    }
    skills->build = build;
    list_init(&skills->rows, build->arena, sizeof(struct roster_skill), ROSTER_MAX_SKILLS);
    list_init(&skills->lines, build->work, sizeof(uint64_t), ROSTER_MAX_SKILLS);
    struct roster_table *table = &skills->table;
    enum err err = roster_table_open(table, build->work, source, file, headings, build->problems);
    if (!err && table->broken) {
        build->skills_incomplete = true;
        goto out;
    }
    err = err ? err : roster_names_init(&skills->domains, build->arena, ROSTER_MAX_SKILLS);
    while (!err && !(err = roster_table_next(table))) {
        err = skills_row(skills);
    }
    if (err == ERR_NOT_FOUND) {
        err = skills_end(skills);
    }
out:
    roster_table_close(table);
    return err;
}
