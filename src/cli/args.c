/* Parses a command line against the declared options; see args.h. */
#include "cli/args.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Where an option's value stands, or -1. */
static int find(const struct command *command, const char *name, size_t length)
{
    const struct option_spec *option;
    for (int i = 0; (option = command_option(command, i)) != NULL; i++) {
        if (strlen(option->name) == length && memcmp(option->name, name, length) == 0) {
            return i;
        }
    }
    return -1;
}

__attribute__((format(printf, 2, 3))) static enum status complain(const struct command *command,
                                                                  const char *fmt, ...)
{
    va_list list;
    va_start(list, fmt);
    fprintf(stderr, "duet %s: ", command->name);
    vfprintf(stderr, fmt, list);
    fprintf(stderr, "\nTry 'duet %s --help'.\n", command->name);
    va_end(list);
    return STATUS_USAGE;
}

/* The index of a word in "one|two|three", or -1. */
static int choice_index(const char *choices, const char *word)
{
    size_t n = strlen(word);
    int index = 0;
    for (const char *p = choices; p; p = strchr(p, '|')) {
        p += *p == '|';
        if (n > 0 && strncmp(p, word, n) == 0 && (p[n] == '\0' || p[n] == '|')) {
            return index;
        }
        index++;
    }
    return -1;
}

/* Reads one value into its type. */
static enum status convert(const struct command *command, const struct option_spec *option,
                           const char *text, struct arg_value *value)
{
    value->text = text;
    if (option->type == OPTION_NUMBER) {
        char *end;
        errno = 0;
        long long number = strtoll(text, &end, 10);
        if (end == text || *end != '\0' || errno != 0 || number < option->min ||
            number > option->max) {
            return complain(command,
                            "--%s: \"%s\" is not a whole number from %" PRId64 " to %" PRId64,
                            option->name, text, option->min, option->max);
        }
        value->number = number;
    } else if (option->type == OPTION_CHOICE) {
        value->number = choice_index(option->choices, text);
        if (value->number < 0) {
            return complain(command, "--%s: \"%s\" is none of %s", option->name, text,
                            option->choices);
        }
    } else if (text[0] == '\0') {
        return complain(command, "--%s: the value is empty", option->name);
    }
    return STATUS_OK;
}

/* One word that begins with "--"; *next is the index of the word after it. */
static enum status parse_option(struct args *args, int argc, char *const argv[], int *next)
{
    const struct command *command = args->command;
    const char *word = argv[*next] + 2;
    const char *equals = strchr(word, '=');
    size_t length = equals ? (size_t)(equals - word) : strlen(word);
    (*next)++;
    if (length == 4 && memcmp(word, "help", 4) == 0) {
        args->help = true;
        return STATUS_OK;
    }
    int at = find(command, word, length);
    if (at < 0) {
        char typed[64];
        snprintf(typed, sizeof typed, "%.*s", (int)(length < 63 ? length : 63), word);
        const char *meant = command_suggest_option(command, typed);
        return meant ? complain(command, "unknown option --%s; did you mean --%s?", typed, meant)
                     : complain(command, "unknown option --%s", typed);
    }
    const struct option_spec *option = command_option(command, at);
    struct arg_value *value = &args->values[at];
    if (value->given) {
        return complain(command, "--%s is given twice", option->name);
    }
    value->given = true;
    if (option->type == OPTION_FLAG) {
        return equals ? complain(command, "--%s takes no value", option->name) : STATUS_OK;
    }
    if (equals) {
        return convert(command, option, equals + 1, value);
    }
    if (*next >= argc) {
        return complain(command, "--%s needs a value: --%s %s", option->name, option->name,
                        option->value);
    }
    return convert(command, option, argv[(*next)++], value);
}

/* The initial value of what was not given; what is required must have been. */
static enum status fill_in(struct args *args)
{
    const struct command *command = args->command;
    const struct option_spec *option;
    for (int i = 0; (option = command_option(command, i)) != NULL; i++) {
        struct arg_value *value = &args->values[i];
        if (value->given) {
            continue;
        }
        if (option->required) {
            return complain(command, "--%s %s is missing: %s", option->name, option->value,
                            option->help);
        }
        value->number = option->type == OPTION_CHOICE ? -1 : 0;
        if (option->initial) {
            enum status status = convert(command, option, option->initial, value);
            assert(status == STATUS_OK);
        }
    }
    for (int i = 0; i < COMMAND_MAX_OPERANDS; i++) {
        const struct operand_spec *operand = &command->operands[i];
        if (operand->name && operand->required && !args->operands[i]) {
            return complain(command, "%s is missing: %s", operand->name, operand->help);
        }
    }
    return STATUS_OK;
}

/* Every OPTION_OUTPUT against every OPTION_INPUT and the outputs before it. */
static enum status check_outputs(const struct args *args)
{
    const char *paths[ARGS_MAX_OPTIONS];
    int n = 0;
    const struct option_spec *option;
    for (int i = 0; (option = command_option(args->command, i)) != NULL; i++) {
        if (option->type == OPTION_INPUT && args->values[i].text) {
            paths[n++] = args->values[i].text;
        }
    }
    for (int i = 0; (option = command_option(args->command, i)) != NULL; i++) {
        if (option->type == OPTION_OUTPUT && args->values[i].text) {
            enum status status =
                args_check_output(args, option->name, args->values[i].text, paths, n);
            if (status != STATUS_OK) {
                return status;
            }
            paths[n++] = args->values[i].text;
        }
    }
    return STATUS_OK;
}

enum status args_check_output(const struct args *args, const char *option, const char *path,
                              const char *const inputs[], int n_inputs)
{
    struct stat out, in;
    bool exists = stat(path, &out) == 0;
    for (int i = 0; i < n_inputs; i++) {
        bool same = strcmp(path, inputs[i]) == 0;
        if (!same && exists && S_ISREG(out.st_mode) && stat(inputs[i], &in) == 0) {
            same = in.st_dev == out.st_dev && in.st_ino == out.st_ino;
        }
        if (same) {
            return complain(args->command,
                            "--%s: \"%s\" would write over %s, another file of this "
                            "command; choose another name",
                            option, path, inputs[i]);
        }
    }
    return STATUS_OK;
}

enum status args_parse(struct args *args, const struct command *command, int argc,
                       char *const argv[])
{
    *args = (struct args){.command = command};
    int n_operands = 0, next = 0;
    bool options = true;
    while (next < argc) {
        const char *word = argv[next];
        if (options && strcmp(word, "--") == 0) {
            options = false;
            next++;
        } else if (options && strncmp(word, "--", 2) == 0) {
            enum status status = parse_option(args, argc, argv, &next);
            if (status != STATUS_OK || args->help) {
                return status;
            }
        } else if (options && word[0] == '-' && word[1] != '\0') {
            if (strcmp(word, "-h") == 0) {
                args->help = true;
                return STATUS_OK;
            }
            return complain(command, "unknown option %s; options begin with two dashes", word);
        } else {
            if (n_operands == COMMAND_MAX_OPERANDS || !command->operands[n_operands].name) {
                return complain(command, "\"%s\" is one word too many", word);
            }
            args->operands[n_operands++] = word;
            next++;
        }
    }
    enum status status = fill_in(args);
    return status == STATUS_OK ? check_outputs(args) : status;
}

static const struct arg_value *value_of(const struct args *args, const char *name)
{
    int at = find(args->command, name, strlen(name));
    assert(at >= 0);
    return &args->values[at];
}

bool args_has(const struct args *args, const char *name)
{
    return find(args->command, name, strlen(name)) >= 0;
}

bool args_flag(const struct args *args, const char *name)
{
    return value_of(args, name)->given;
}

bool args_given(const struct args *args, const char *name)
{
    return value_of(args, name)->given;
}

const char *args_text(const struct args *args, const char *name)
{
    return value_of(args, name)->text;
}

int64_t args_number(const struct args *args, const char *name)
{
    return value_of(args, name)->number;
}

int args_choice(const struct args *args, const char *name)
{
    return (int)value_of(args, name)->number;
}
