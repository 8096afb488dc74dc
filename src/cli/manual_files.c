/* The man page, the completion and docs/commands.md; see manual.h. */
#include "cli/manual.h"

#include <string.h>

static const char about[] =
    "Duet finds every educator a colleague who can help with the one skill they want to grow in. "
    "From a spreadsheet of people, skills and ratings it estimates what each person can do alone "
    "and with help, arranges who should work with whom, proves that no arrangement is better, and "
    "gives the reasons in words.";

/* Text for man(7): backslashes and dashes as they are, no line that begins with a dot. */
static void roff(FILE *out, const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (text[i] == '\n' && (i + 1 == n || text[i + 1] == '\n')) {
            continue;
        }
        if ((i == 0 || text[i - 1] == '\n') && (text[i] == '.' || text[i] == '\'')) {
            fputs("\\&", out);
        }
        if (text[i] == '\\') {
            fputs("\\e", out);
        } else if (text[i] == '-') {
            fputs("\\-", out);
        } else {
            fputc(text[i], out);
        }
    }
    fputc('\n', out);
}

static void roff_text(FILE *out, const char *text)
{
    while (*text) {
        const char *end = strstr(text, "\n\n");
        size_t n = end ? (size_t)(end - text) : strlen(text);
        roff(out, text, n);
        if (end) {
            fputs(".PP\n", out);
            n += 2;
        }
        text += n;
    }
}

static void man_option(FILE *out, const struct option_spec *option)
{
    fputs(".TP\n\\fB\\-\\-", out);
    for (const char *p = option->name; *p; p++) {
        fprintf(out, *p == '-' ? "\\-" : "%c", *p);
    }
    fprintf(out, "\\fR%s%s%s\n", option->value ? " \\fI" : "", option->value ? option->value : "",
            option->value ? "\\fR" : "");
    char words[MANUAL_WORDS_MAX];
    manual_option_words(option, words);
    roff(out, words, strlen(words));
}

static void man_command(FILE *out, const struct command *command)
{
    const struct option_spec *option;
    fprintf(out, ".SS duet %s", command->name);
    for (int i = 0; i < COMMAND_MAX_OPERANDS && command->operands[i].name; i++) {
        fprintf(out, command->operands[i].required ? " %s" : " [%s]", command->operands[i].name);
    }
    fputs("\n", out);
    fputc(command->summary[0] - ('a' - 'A'), out);
    roff(out, command->summary + 1, strlen(command->summary) - 1);
    fputs(".PP\n", out);
    roff_text(out, command->description);
    for (int i = 0; i < COMMAND_MAX_OPERANDS && command->operands[i].name; i++) {
        fprintf(out, ".TP\n\\fI%s\\fR\n", command->operands[i].name);
        roff(out, command->operands[i].help, strlen(command->operands[i].help));
    }
    for (int i = 0; (option = command_option(command, i)) != NULL; i++) {
        man_option(out, option);
    }
}

void manual_man(FILE *out)
{
    fprintf(out,
            ".TH DUET 1 \"\" \"Duet %s\" \"User Commands\"\n"
            ".SH NAME\nduet \\- self\\-hosted peer coaching on the command line\n"
            ".SH SYNOPSIS\n.B duet\n.I COMMAND\n[\\fIoptions\\fR]\n"
            ".SH DESCRIPTION\n%s\n.SH COMMANDS\n",
            DUET_VERSION, about);
    for (int i = 0; command_list[i]; i++) {
        man_command(out, command_list[i]);
    }
    fputs(".SH EXIT STATUS\n", out);
    for (int s = 0; s < STATUS__MAX; s++) {
        fprintf(out, ".TP\n%d\n", s);
        roff(out, command_status_text((enum status)s), strlen(command_status_text((enum status)s)));
    }
    fputs(".SH ENVIRONMENT\n.TP\nNO_COLOR\nWhen set and not empty, no colours are used.\n"
          ".TP\nCOLUMNS\nThe width of tables when the output is not a terminal (80 otherwise).\n"
          ".SH FILES\nThe files that are read and written are described in docs/files.md.\n",
          out);
}

/* The words that may follow one command. */
static void bash_command(FILE *out, const struct command *command)
{
    const struct option_spec *option;
    fprintf(out, "    %s)\n        case $previous in\n", command->name);
    for (int i = 0; (option = command_option(command, i)) != NULL; i++) {
        fprintf(out, "        --%s) ", option->name);
        switch (option->type) {
        case OPTION_CHOICE:
            fprintf(out, "words='");
            for (const char *p = option->choices; *p; p++) {
                fputc(*p == '|' ? ' ' : *p, out);
            }
            fprintf(out, "'; _duet_finish; return ;;\n");
            break;
        case OPTION_INPUT:
        case OPTION_OUTPUT:
            fprintf(out, "COMPREPLY=($(compgen -f -- \"$current\")); return ;;\n");
            break;
        case OPTION_FOLDER:
            fprintf(out, "COMPREPLY=($(compgen -d -- \"$current\")); return ;;\n");
            break;
        case OPTION_FLAG:
            fprintf(out, ";;\n");
            break;
        default:
            fprintf(out, "return ;;\n");
        }
    }
    fprintf(out, "        esac\n        words='");
    for (int i = 0; (option = command_option(command, i)) != NULL; i++) {
        fprintf(out, "--%s ", option->name);
    }
    fprintf(out, "--help' ;;\n");
}

void manual_bash(FILE *out)
{
    fputs("# Completion of duet for bash, made by `duet help --format bash`.\n"
          "_duet() {\n"
          "    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}\n"
          "    local words\n"
          "    _duet_finish() { COMPREPLY=($(compgen -W \"$words\" -- \"$current\")); }\n"
          "    if [ \"$COMP_CWORD\" -eq 1 ]; then\n        words='",
          out);
    for (int i = 0; command_list[i]; i++) {
        fprintf(out, "%s ", command_list[i]->name);
    }
    fputs("--help --version'\n        _duet_finish\n        return\n    fi\n"
          "    case ${COMP_WORDS[1]} in\n",
          out);
    for (int i = 0; command_list[i]; i++) {
        bash_command(out, command_list[i]);
    }
    fputs("    esac\n    _duet_finish\n}\ncomplete -o default -F _duet duet\n", out);
}

static void markdown_command(FILE *out, const struct command *command)
{
    const struct option_spec *option;
    fprintf(out, "\n## duet %s\n\n%c%s.\n\n%s\n", command->name, command->summary[0] - ('a' - 'A'),
            command->summary + 1, command->description);
    fprintf(out, "\n| option | what it does |\n|---|---|\n");
    for (int i = 0; i < COMMAND_MAX_OPERANDS && command->operands[i].name; i++) {
        fprintf(out, "| `%s` | %s%s |\n", command->operands[i].name, command->operands[i].help,
                command->operands[i].required ? " (required)" : "");
    }
    for (int i = 0; (option = command_option(command, i)) != NULL; i++) {
        char words[MANUAL_WORDS_MAX];
        manual_option_words(option, words);
        fprintf(out, "| `--%s%s%s` | %s |\n", option->name, option->value ? " " : "",
                option->value ? option->value : "", words);
    }
    if (command->examples) {
        fprintf(out, "\n```\n%s\n```\n", command->examples);
    }
}

void manual_markdown(FILE *out)
{
    fprintf(out,
            "# The commands\n\nMade by `duet help --format markdown`; do not edit.\n\n%s\n\n"
            "Colours appear only on a terminal and never when `NO_COLOR` is set. Progress is shown "
            "on a terminal\nfor work that takes more than a second. Files are written whole or not "
            "at all.\n",
            about);
    for (int i = 0; command_list[i]; i++) {
        markdown_command(out, command_list[i]);
    }
    fputs("\n## Exit status\n\n| status | meaning |\n|---|---|\n", out);
    for (int s = 0; s < STATUS__MAX; s++) {
        fprintf(out, "| %d | %s |\n", s, command_status_text((enum status)s));
    }
}
