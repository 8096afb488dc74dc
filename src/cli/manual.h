/* Everything that is written about the commands, made from their declarations: the help on the
 * terminal, the man page, the completion for bash and docs/commands.md. */
#ifndef DUET_CLI_MANUAL_H
#define DUET_CLI_MANUAL_H

#include "cli/command.h"

#include <stdio.h>

/* What the program is and which commands it has. */
void manual_overview(FILE *out, const struct term *term);

/* `duet COMMAND --help`. */
void manual_command(FILE *out, const struct term *term, const struct command *command);

/* What an option does, with its choices, and what happens without it. */
#define MANUAL_WORDS_MAX 600
void manual_option_words(const struct option_spec *option, char words[MANUAL_WORDS_MAX]);

void manual_man(FILE *out);      /* duet.1, man(7) macros */
void manual_bash(FILE *out);     /* completion for bash */
void manual_markdown(FILE *out); /* docs/commands.md */

#endif
