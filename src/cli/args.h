/* The command line of one command, parsed into typed values at the door.
 *
 * `--name value` and `--name=value`; options and operands in any order; `--` ends the options; an
 * option given twice is a mistake.  A mistake is explained on stderr with what was expected and,
 * for a typing error, what was probably meant.  Asking for an option that the command does not
 * declare, or by the wrong type, is a bug and ends the program. */
#ifndef DUET_CLI_ARGS_H
#define DUET_CLI_ARGS_H

#include "cli/command.h"

#include <stdbool.h>
#include <stdint.h>

#define ARGS_MAX_OPTIONS 48

struct arg_value {
    bool given;       /* typed by the person */
    const char *text; /* as typed, or the initial value, or NULL */
    int64_t number;   /* OPTION_NUMBER; OPTION_CHOICE: index of the word */
};

struct args {
    const struct command *command;
    struct arg_value values[ARGS_MAX_OPTIONS]; /* in the order of command_option */
    const char *operands[COMMAND_MAX_OPERANDS];
    bool help; /* --help was given; nothing else is checked then */
};

/* Parses the words after the command's name.  STATUS_OK, or STATUS_USAGE with the reason on stderr.
 * `args` borrows from argv. */
enum status args_parse(struct args *args, const struct command *command, int argc,
                       char *const argv[]);

/* Refuses to write over an input, or two outputs over each other, also by another name of the same
 * file.  `text` may be NULL. */
enum status args_check_output(const struct args *args, const char *option, const char *path,
                              const char *const inputs[], int n_inputs);

/* Whether the command declares this option. */
bool args_has(const struct args *args, const char *name);

bool args_flag(const struct args *args, const char *name);
bool args_given(const struct args *args, const char *name);
/* The value as typed, the initial value, or NULL. */
const char *args_text(const struct args *args, const char *name);
int64_t args_number(const struct args *args, const char *name);
/* The index of the chosen word among the choices, -1 when none was given and there is no initial.
 */
int args_choice(const struct args *args, const char *name);

#endif
