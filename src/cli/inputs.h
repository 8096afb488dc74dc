/* The files that most commands read: people, skills, evidence, needs, offers, rules.
 *
 * `--from DIR` takes those files from one folder by their usual names; an option of its own takes
 * the place of one of them.  What is wrong in them is said on stderr, and nothing is written. */
#ifndef DUET_CLI_INPUTS_H
#define DUET_CLI_INPUTS_H

#include "cli/command.h"

#include <stdint.h>

struct roster;
struct roster_problems;

/* --from --people --skills --evidence */
extern const struct option_set inputs_ratings;

/* --needs --offers --rules; commands that use these also use inputs_ratings. */
extern const struct option_set inputs_wishes;

/* Reads the files that the command's sets name into cli->arena and explains what is wrong with
 * them.  Also refuses outputs that would write over them.  Notes ("12 rows without a level") are
 * printed on stderr. */
enum status inputs_read(struct cli *cli, struct roster **roster);

/* The person of this id, or of this name where nobody else has it; when there is none, says so and
 * who was probably meant. */
enum status inputs_find_person(const struct roster *roster, const char *id, int32_t *person);

/* The path of an input of the command, "rules" or the like, also where --from names it; NULL where
 * it is left out or there is no memory. */
const char *inputs_path(struct cli *cli, const char *name);

/* Every problem on stderr, one a line: file:line: column (heading): "value": message. hint */
void inputs_print_problems(const struct roster_problems *problems);

/* The notes on stderr. */
void inputs_print_notes(const struct cli *cli, const struct roster_problems *problems);

#endif
