/* A command of the `duet` program, declared once beside its code.
 *
 * Everything that a person can type or read about a command comes from its `struct command`:
 * dispatch and option parsing (args.h), `--help`, the man page, the shell completion and
 * docs/commands.md (manual.h).  To add a command, define a `const struct command cmd_<name>` in
 * cmd_<name>.c and add it to the list in command.c.
 *
 *     static const struct option_spec options[] = {
 *         {.name = "out", .type = OPTION_OUTPUT, .value = "FILE", .help = "write the zones here"},
 *     };
 *     static const struct option_set set = {options, 1};
 *     const struct command cmd_zone = {.name = "zone", .summary = "...", .sets = {&set},
 *                                      .run = zone_run}; */
#ifndef DUET_CLI_COMMAND_H
#define DUET_CLI_COMMAND_H

#include "base/err.h"
#include "cli/term.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct args;

/* What the program's exit status says; documented in the man page from command_status_text. */
enum status {
    STATUS_OK = 0,
    STATUS_INPUT,   /* the input files are wrong; nothing was written */
    STATUS_USAGE,   /* the command line is wrong */
    STATUS_REFUSED, /* a certificate does not hold */
    STATUS_LIMIT,   /* out of memory, or a named limit was reached */
    STATUS_IO,      /* the system refused to read or write */
    STATUS__MAX
};

enum option_type {
    OPTION_FLAG,   /* no value */
    OPTION_TEXT,   /* any text */
    OPTION_NUMBER, /* a whole number, min .. max */
    OPTION_CHOICE, /* one word of `choices` */
    OPTION_INPUT,  /* a file to read */
    OPTION_OUTPUT, /* a file to write; must be none of the inputs and no other output */
    OPTION_FOLDER, /* a folder to read from */
    OPTION_TYPE__MAX
};

struct option_spec {
    const char *name; /* without the dashes */
    enum option_type type;
    bool required;
    const char *value;    /* what stands for the value in the help: FILE, N; NULL for a flag */
    int64_t min, max;     /* OPTION_NUMBER */
    const char *choices;  /* OPTION_CHOICE: words separated by '|' */
    const char *initial;  /* the value when the option is not given, as typed; may be NULL */
    const char *fallback; /* what happens without the option, in words, for the help; may be NULL */
    const char *help;     /* one sentence fragment, lower case, no period */
};

/* Options that several commands share stand in one set. */
struct option_set {
    const struct option_spec *options;
    int n;
};

struct operand_spec {
    const char *name; /* LEARNER */
    bool required;
    const char *help;
};

#define COMMAND_MAX_SETS 6
#define COMMAND_MAX_OPERANDS 3

/* What a running command holds; memory in `arena` is freed after it. */
struct cli {
    const struct args *args;
    struct arena *arena;
    struct term out, err; /* what stdout and stderr can show */
};

struct command {
    const char *name;
    const char *summary;     /* one line, lower case, no period */
    const char *description; /* paragraphs separated by an empty line */
    const char *examples;    /* command lines, one a line */
    struct operand_spec operands[COMMAND_MAX_OPERANDS];
    const struct option_set *sets[COMMAND_MAX_SETS]; /* NULL-terminated unless full */
    enum status (*run)(struct cli *cli);
};

/* The commands in the order of the help, ended by NULL. */
extern const struct command *const command_list[];

/* The command of this name, or NULL. */
const struct command *command_find(const char *name);

/* The i-th option over all sets, or NULL after the last. */
const struct option_spec *command_option(const struct command *command, int i);

/* The meaning of an exit status, for the manual. */
const char *command_status_text(enum status status);

/* The exit status that stands for a failed call; ERR_OK gives STATUS_OK. */
enum status command_status_of(enum err code);

/* The name most like `typed` among the commands (or the options of a command), when one is near
 * enough to be a typing mistake, else NULL. */
const char *command_suggest(const char *typed);
const char *command_suggest_option(const struct command *command, const char *typed);

#endif
