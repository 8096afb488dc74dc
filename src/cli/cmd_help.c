/* duet help: what can be read about the program, in the form asked for. */
#include "cli/args.h"
#include "cli/command.h"
#include "cli/manual.h"
#include "cli/report.h"
#include "web/routes.h"

static const struct option_spec options[] = {
    {.name = "format",
     .type = OPTION_CHOICE,
     .value = "FORMAT",
     .choices = "text|man|bash|markdown|routes",
     .initial = "text",
     .help = "in which form: text on the terminal, the man page, completion for bash, or "
             "docs/commands.md, or docs/routes.md"},
};
static const struct option_set set = {options, 1};

static enum status help_run(struct cli *cli)
{
    static void (*const whole[])(FILE *) = {manual_man, manual_bash, manual_markdown,
                                            routes_markdown};
    const char *name = cli->args->operands[0];
    int format = args_choice(cli->args, "format");
    if (format > 0) {
        whole[format - 1](stdout);
        return STATUS_OK;
    }
    if (!name) {
        manual_overview(stdout, &cli->out);
        return STATUS_OK;
    }
    const struct command *command = command_find(name);
    if (!command) {
        const char *meant = command_suggest(name);
        return report_failure(
            STATUS_USAGE, meant ? "no command \"%s\"; did you mean \"%s\"?" : "no command \"%s\"",
            name, meant);
    }
    manual_command(stdout, &cli->out, command);
    return STATUS_OK;
}

const struct command cmd_help = {
    .name = "help",
    .summary = "explain the program or one command",
    .description = "Without a word, lists the commands. With the name of a command, says the same "
                   "as\n`duet COMMAND --help`.",
    .examples = "duet help match\nduet help --format man | man -l -",
    .operands = {{.name = "COMMAND", .help = "the command to explain"}},
    .sets = {&set},
    .run = help_run,
};
