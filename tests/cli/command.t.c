/* The declarations of all commands hold what the parser and the manual rely on. */
#include "tap.h"

#include "cli/args.h"
#include "cli/command.h"

#include <ctype.h>
#include <stdlib.h>

/* The words of a choice, or a number in its range, must accept the initial value. */
static bool initial_is_valid(const struct option_spec *option)
{
    if (!option->initial) {
        return true;
    }
    if (option->type == OPTION_NUMBER) {
        long long number = strtoll(option->initial, NULL, 10);
        return number >= option->min && number <= option->max;
    }
    return option->type == OPTION_CHOICE ? strstr(option->choices, option->initial) != NULL
                                         : option->type == OPTION_TEXT;
}

static bool option_is_sound(const struct option_spec *option)
{
    size_t n = option->help ? strlen(option->help) : 0;
    return option->name && n > 0 && option->help[n - 1] != '.' && initial_is_valid(option) &&
           (option->type == OPTION_FLAG) == (option->value == NULL) &&
           (option->type == OPTION_CHOICE) == (option->choices != NULL) &&
           (option->type != OPTION_NUMBER || option->min < option->max) &&
           !(option->required && option->initial);
}

static void test_command(const struct command *command)
{
    const struct option_spec *option, *other;
    int n = 0, unsound = 0, twice = 0;
    for (int i = 0; (option = command_option(command, i)) != NULL; i++, n++) {
        unsound += !option_is_sound(option);
        for (int j = 0; (other = command_option(command, j)) != NULL && j < i; j++) {
            twice += strcmp(option->name, other->name) == 0;
        }
    }
    tap_ok(n <= ARGS_MAX_OPTIONS, "%s: %d options fit", command->name, n);
    tap_ok(unsound == 0, "%s: every option is sound", command->name);
    tap_ok(twice == 0, "%s: no option twice", command->name);
    tap_ok(islower((unsigned char)command->summary[0]), "%s: the summary begins in lower case",
           command->name);
    tap_ok(command->description && command->run, "%s: described and callable", command->name);
    tap_ok(command_find(command->name) == command, "%s: found by its name", command->name);
}

/* argv holds changeable text. */
#define WORD(text) ((char[]){text})

static void test_parse(void)
{
    const struct command *demo = command_find("demo");
    struct args args;
    char *const words[] = {WORD("--seed=7"), WORD("there"), WORD("--people"), WORD("30")};
    tap_ok(args_parse(&args, demo, 4, words) == STATUS_OK, "parses options and operands mixed");
    tap_ok(args_number(&args, "seed") == 7 && args_number(&args, "people") == 30, "numbers");
    tap_text(args.operands[0], "there", "the operand");
    tap_ok(!args_flag(&args, "force") && args_given(&args, "seed"), "what was given");
    char *const few[] = {WORD("there")};
    tap_ok(args_parse(&args, demo, 1, few) == STATUS_OK && args_number(&args, "people") == 120 &&
               !args_given(&args, "people"),
           "the initial value of what was not given");
    char *const help[] = {WORD("--help"), WORD("--nonsense")};
    tap_ok(args_parse(&args, demo, 2, help) == STATUS_OK && args.help, "--help ends the parsing");
    char *const form[] = {WORD("--format"), WORD("markdown")};
    tap_ok(args_parse(&args, command_find("help"), 2, form) == STATUS_OK &&
               args_choice(&args, "format") == 3,
           "a choice as an index");
}

int main(void)
{
    for (int i = 0; command_list[i]; i++) {
        test_command(command_list[i]);
    }
    for (int e = 0; e < ERR__MAX; e++) {
        tap_ok((e == ERR_OK) == (command_status_of((enum err)e) == STATUS_OK),
               "%s has an exit status", err_name((enum err)e));
    }
    test_parse();
    return tap_done();
}
