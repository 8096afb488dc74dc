/* The list of commands, and questions about it. */
#include "cli/command.h"

#include "base/utf8.h"

#include <string.h>

extern const struct command cmd_zone, cmd_match, cmd_compare, cmd_verify, cmd_explain, cmd_demo,
    cmd_framework, cmd_db, cmd_import, cmd_backup, cmd_restore, cmd_serve, cmd_help;

const struct command *const command_list[] = {
    &cmd_zone, &cmd_match,  &cmd_compare, &cmd_verify,  &cmd_explain, &cmd_demo, &cmd_framework,
    &cmd_db,   &cmd_import, &cmd_backup,  &cmd_restore, &cmd_serve,   &cmd_help, NULL,
};

const struct command *command_find(const char *name)
{
    for (int i = 0; command_list[i]; i++) {
        if (strcmp(command_list[i]->name, name) == 0) {
            return command_list[i];
        }
    }
    return NULL;
}

const struct option_spec *command_option(const struct command *command, int i)
{
    for (int s = 0; s < COMMAND_MAX_SETS && command->sets[s]; s++) {
        if (i < command->sets[s]->n) {
            return &command->sets[s]->options[i];
        }
        i -= command->sets[s]->n;
    }
    return NULL;
}

const char *command_status_text(enum status status)
{
    static const char *const text[STATUS__MAX] = {
        [STATUS_OK] = "all went well",
        [STATUS_INPUT] = "an input file is wrong; what is wrong was said, nothing was written",
        [STATUS_USAGE] = "the command line is wrong",
        [STATUS_REFUSED] = "a certificate does not hold",
        [STATUS_LIMIT] = "out of memory, or a limit was reached",
        [STATUS_IO] = "a file could not be read or written",
    };
    return text[status];
}

enum status command_status_of(enum err code)
{
    static const enum status status[ERR__MAX] = {
        [ERR_OK] = STATUS_OK,           [ERR_NOMEM] = STATUS_LIMIT,
        [ERR_INVALID] = STATUS_INPUT,   [ERR_RANGE] = STATUS_INPUT,
        [ERR_LIMIT] = STATUS_LIMIT,     [ERR_IO] = STATUS_IO,
        [ERR_NOT_FOUND] = STATUS_INPUT, [ERR_FORBIDDEN] = STATUS_INPUT,
        [ERR_CONFLICT] = STATUS_INPUT,  [ERR_REFUSED] = STATUS_REFUSED,
        [ERR_BUSY] = STATUS_IO,         [ERR_UNIQUE] = STATUS_INPUT,
        [ERR_REFERENCE] = STATUS_INPUT, [ERR_CHECK] = STATUS_INPUT,
        [ERR_PENDING] = STATUS_IO,
    };
    return status[code];
}

/* Keeps the nearer of two names; a third of the letters may be wrong. */
static void nearer(const char *typed, const char *name, const char **best, int *best_distance)
{
    int d = utf8_distance(str_of(typed), str_of(name), *best_distance);
    if (d < *best_distance && d * 3 <= (int)strlen(name) + 2) {
        *best = name;
        *best_distance = d;
    }
}

const char *command_suggest(const char *typed)
{
    const char *best = NULL;
    int best_distance = UTF8_MAX_LIKE;
    for (int i = 0; command_list[i]; i++) {
        nearer(typed, command_list[i]->name, &best, &best_distance);
    }
    return best;
}

const char *command_suggest_option(const struct command *command, const char *typed)
{
    const char *best = NULL;
    int best_distance = UTF8_MAX_LIKE;
    const struct option_spec *option;
    for (int i = 0; (option = command_option(command, i)) != NULL; i++) {
        nearer(typed, option->name, &best, &best_distance);
    }
    nearer(typed, "help", &best, &best_distance);
    return best;
}
