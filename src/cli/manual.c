/* The help on the terminal; see manual.h. */
#include "cli/manual.h"

#include "base/utf8.h"
#include "cli/report.h"
#include "cli/text.h"

#include <string.h>

#define MANUAL_OPTION_COLUMN 24 /* where the words about an option begin */

void manual_overview(FILE *out, const struct term *term)
{
    report_paragraph(out, term, 0,
                     "Duet finds every educator a colleague who can help with the one skill they "
                     "want to grow in, and shows why.");
    report_heading(out, term, "Commands");
    for (int i = 0; command_list[i]; i++) {
        report_fact(out, term, command_list[i]->name, "%s", command_list[i]->summary);
    }
    report_heading(out, term, "First steps");
    fprintf(out, "  duet demo district              make a district to play with\n"
                 "  duet zone --from district       what each person can do\n"
                 "  duet match --from district      who should work with whom\n"
                 "  duet COMMAND --help             all about one command\n");
}

/* "--out FILE", with what must be typed. */
static void option_name(const struct option_spec *option, char *text, size_t room)
{
    snprintf(text, room, "--%s%s%s", option->name, option->value ? " " : "",
             option->value ? option->value : "");
}

static void print_usage(FILE *out, const struct term *term, const struct command *command)
{
    char text[MANUAL_WORDS_MAX];
    int n = snprintf(text, sizeof text, "Usage: duet %s", command->name);
    const struct option_spec *option;
    for (int i = 0; (option = command_option(command, i)) != NULL; i++) {
        if (option->required) {
            n += snprintf(text + n, sizeof text - (size_t)n, " --%s %s", option->name,
                          option->value);
        }
    }
    n += snprintf(text + n, sizeof text - (size_t)n, "%s", " [options]");
    for (int i = 0; i < COMMAND_MAX_OPERANDS && command->operands[i].name; i++) {
        const struct operand_spec *operand = &command->operands[i];
        n += snprintf(text + n, sizeof text - (size_t)n, operand->required ? " %s" : " [%s]",
                      operand->name);
    }
    report_paragraph(out, term, 0, "%s", text);
}

/* A name on the left, wrapped words on the right. */
static void print_entry(FILE *out, const struct term *term, const char *name, const char *words)
{
    int width = term->width < 100 ? term->width : 100;
    struct str rest = str_of(words);
    int used = 2 + (int)utf8_width(str_of(name));
    fprintf(out, "  %s%s%s", term_style(term, TERM_BOLD), name, term_style(term, TERM_PLAIN));
    if (used + 2 > MANUAL_OPTION_COLUMN) {
        fprintf(out, "\n");
        used = 0;
    }
    do {
        struct str line = text_line(&rest, width - MANUAL_OPTION_COLUMN);
        fprintf(out, "%*s%.*s\n", MANUAL_OPTION_COLUMN - used, "", (int)line.n, line.p);
        used = 0;
    } while (rest.n > 0);
}

/* Whether a help text names every choice itself. */
static bool names_all(const char *help, const char *choices)
{
    while (*choices) {
        char word[32];
        size_t n = strcspn(choices, "|");
        snprintf(word, sizeof word, "%.*s", (int)n, choices);
        if (!strstr(help, word)) {
            return false;
        }
        choices += n + (choices[n] == '|');
    }
    return true;
}

void manual_option_words(const struct option_spec *option, char words[MANUAL_WORDS_MAX])
{
    int n = snprintf(words, MANUAL_WORDS_MAX, "%s", option->help);
    if (option->choices && !names_all(option->help, option->choices)) {
        n += snprintf(words + n, MANUAL_WORDS_MAX - (size_t)n, ":");
        for (const char *p = option->choices, *end; p; p = end ? end + 1 : NULL) {
            end = strchr(p, '|');
            n += snprintf(words + n, MANUAL_WORDS_MAX - (size_t)n, "%s %.*s",
                          p > option->choices ? "," : "", end ? (int)(end - p) : (int)strlen(p), p);
        }
    }
    if (option->required) {
        snprintf(words + n, MANUAL_WORDS_MAX - (size_t)n, " (required)");
    } else if (option->initial || option->fallback) {
        snprintf(words + n, MANUAL_WORDS_MAX - (size_t)n, " (otherwise %s)",
                 option->fallback ? option->fallback : option->initial);
    }
}

static void print_option(FILE *out, const struct term *term, const struct option_spec *option)
{
    char name[96], words[MANUAL_WORDS_MAX];
    option_name(option, name, sizeof name);
    manual_option_words(option, words);
    print_entry(out, term, name, words);
}

/* Paragraphs separated by an empty line. */
static void print_paragraphs(FILE *out, const struct term *term, const char *text)
{
    while (*text) {
        const char *end = strstr(text, "\n\n");
        size_t n = end ? (size_t)(end - text) : strlen(text);
        fprintf(out, "\n");
        report_paragraph(out, term, 0, "%.*s", (int)n, text);
        text += n + (end ? 2 : 0);
    }
}

/* Command lines, one a line; a long one goes on as a shell wants it. */
static void print_examples(FILE *out, const struct term *term, const char *lines)
{
    while (*lines) {
        size_t n = strcspn(lines, "\n");
        struct str rest = {lines, n};
        for (int indent = 2; rest.n > 0; indent = 6) {
            struct str line = text_line(&rest, term->width - indent - 2);
            fprintf(out, "%*s%.*s%s\n", indent, "", (int)line.n, line.p, rest.n > 0 ? " \\" : "");
        }
        lines += n + (lines[n] == '\n');
    }
}

void manual_command(FILE *out, const struct term *term, const struct command *command)
{
    report_paragraph(out, term, 0, "duet %s: %s", command->name, command->summary);
    fprintf(out, "\n");
    print_usage(out, term, command);
    print_paragraphs(out, term, command->description);
    if (command->operands[0].name) {
        report_heading(out, term, "Words");
        for (int i = 0; i < COMMAND_MAX_OPERANDS && command->operands[i].name; i++) {
            print_entry(out, term, command->operands[i].name, command->operands[i].help);
        }
    }
    report_heading(out, term, "Options");
    const struct option_spec *option;
    for (int i = 0; (option = command_option(command, i)) != NULL; i++) {
        print_option(out, term, option);
    }
    print_entry(out, term, "--help", "show this text");
    if (command->examples) {
        report_heading(out, term, "Examples");
        print_examples(out, term, command->examples);
    }
}
