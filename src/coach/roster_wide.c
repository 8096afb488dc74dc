/* Evidence with a column for each skill; see roster_wide.h. */
#include "coach/roster_wide.h"

void roster_wide_find(struct roster_wide *wide, const struct roster_build *build,
                      struct roster_table *table)
{
    wide->n = 0;
    for (int32_t i = 0; i < table->n_names; i++) {
        struct str name;
        if (!roster_table_is_further(table, i) ||
            utf8_nfc(table->names[i], table->scratch, &name)) {
            continue;
        }
        int32_t skill = intern_find(build->skills, name);
        skill = skill < 0 ? roster_naming_find(&build->skill_names, name) : skill;
        if (skill >= 0) {
            wide->fields[wide->n] = i;
            wide->skills[wide->n++] = skill;
            table->taken[i] = true;
        }
    }
}

enum err roster_wide_note(const struct roster_wide *wide, const struct roster_table *table)
{
    if (wide->n == 0) {
        return ERR_OK;
    }
    return roster_problems_note(
        table->problems, table->file, table->header_line, (uint64_t)wide->n,
        wide->n == 1 ? N_("%d column has the name of a skill: each cell below it was "
                          "read as a rating.")
                     : N_("%d columns have the name of a skill: each cell below them "
                          "was read as a rating."),
        (int)wide->n);
}
