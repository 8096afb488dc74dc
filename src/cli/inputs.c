/* The files that most commands read; see inputs.h. */
#include "cli/inputs.h"

#include "base/arena.h"
#include "base/crew.h"
#include "base/utf8.h"
#include "cli/args.h"
#include "cli/report.h"
#include "coach/roster.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#define NEAR_ID 3 /* ids this many changes apart are not alike any more */

static const struct option_spec rating_options[] = {
    {.name = "from",
     .type = OPTION_FOLDER,
     .value = "DIR",
     .help = "take people.csv, skills.csv, evidence.csv and, where they are, needs.csv, offers.csv "
             "and rules.csv from this folder"},
    {.name = "people",
     .type = OPTION_INPUT,
     .value = "FILE",
     .help = "the people: id (or only name) and any of name, unit, max_helps, max_learns, "
             "languages, free_periods, further columns"},
    {.name = "skills",
     .type = OPTION_INPUT,
     .value = "FILE",
     .help = "the skills: id, name, domain, levels"},
    {.name = "evidence",
     .type = OPTION_INPUT,
     .value = "FILE",
     .help = "the ratings: person, skill, level (or person and a column for each skill) and any of "
             "rater, occasion, segment, support, kind, task, date"},
};
const struct option_set inputs_ratings = {rating_options, 4};

static const struct option_spec wish_options[] = {
    {.name = "needs",
     .type = OPTION_INPUT,
     .value = "FILE",
     .fallback = "each person's lowest skills are proposed",
     .help = "what people want to learn: person, skill, priority"},
    {.name = "offers",
     .type = OPTION_INPUT,
     .value = "FILE",
     .fallback = "everybody may help where they are able to",
     .help = "what people are willing to help with: person, skill"},
    {.name = "rules",
     .type = OPTION_INPUT,
     .value = "FILE",
     .fallback = "no rules",
     .help = "who must, must not or already does work with whom"},
};
const struct option_set inputs_wishes = {wish_options, 3};

/* The files in the order of struct roster_files. */
static const char *const names[] = {"people", "skills", "evidence", "needs", "offers", "rules"};
enum { N_FILES = sizeof names / sizeof *names, N_REQUIRED = 3 };

/* DIR/name.csv, or NULL when there is no memory. */
static const char *in_folder(struct arena *arena, const char *folder, const char *name)
{
    size_t room = strlen(folder) + strlen(name) + sizeof "/.csv";
    char *path = arena_alloc(arena, room, 1);
    if (path) {
        snprintf(path, room, "%s/%s.csv", folder, name);
    }
    return path;
}

/* Finds each file's path, NULL where it is left out. */
static enum status locate(struct cli *cli, const char *paths[N_FILES])
{
    const char *folder = args_text(cli->args, "from");
    for (int i = 0; i < N_FILES; i++) {
        paths[i] = NULL;
        if (!args_has(cli->args, names[i])) {
            continue;
        }
        paths[i] = inputs_path(cli, names[i]);
        bool found_in_folder = folder && !args_text(cli->args, names[i]);
        if (found_in_folder && !paths[i]) {
            return report_error(ERR_NOMEM, "reading the command line");
        }
        if (found_in_folder && i >= N_REQUIRED && access(paths[i], F_OK) != 0) {
            paths[i] = NULL;
        }
        if (!paths[i] && i < N_REQUIRED) {
            return report_failure(STATUS_USAGE,
                                  "--%s FILE is missing (or --from DIR, a folder that holds %s.csv)"
                                  "\nTry 'duet %s --help'.",
                                  names[i], names[i], cli->args->command->name);
        }
    }
    return STATUS_OK;
}

const char *inputs_path(struct cli *cli, const char *name)
{
    const char *path = args_text(cli->args, name), *folder = args_text(cli->args, "from");
    return !path && folder ? in_folder(cli->arena, folder, name) : path;
}

/* The outputs of the command against the files found in the folder. */
static enum status check_outputs(struct cli *cli, const char *const paths[N_FILES])
{
    const struct option_spec *option;
    for (int i = 0; (option = command_option(cli->args->command, i)) != NULL; i++) {
        const char *path = cli->args->values[i].text;
        for (int k = 0; option->type == OPTION_OUTPUT && path && k < N_FILES; k++) {
            enum status status =
                paths[k] ? args_check_output(cli->args, option->name, path, &paths[k], 1)
                         : STATUS_OK;
            if (status != STATUS_OK) {
                return status;
            }
        }
    }
    return STATUS_OK;
}

/* The first letter as a capital, where it is a plain letter. */
static int capital(char letter)
{
    return letter >= 'a' && letter <= 'z' ? letter - ('a' - 'A') : letter;
}

void inputs_print_problems(const struct roster_problems *problems)
{
    for (size_t i = 0; i < problems->n; i++) {
        const struct roster_problem *p = &problems->items[i];
        fprintf(stderr, "%s", p->file);
        if (p->line > 0) {
            fprintf(stderr, ":%" PRIu64, p->line);
        }
        if (p->column > 0) {
            fprintf(stderr, ": column %" PRId32 " (%s): \"%s\"", p->column, p->heading, p->value);
        }
        fprintf(stderr, ": %s.", p->message);
        bool told = false; /* once is enough */
        for (size_t k = 0; k < i && !told; k++) {
            told = strcmp(problems->items[k].hint, p->hint) == 0;
        }
        if (p->hint[0] && !told) {
            fprintf(stderr, " %c%s%s", capital(p->hint[0]), p->hint + 1,
                    p->hint[strlen(p->hint) - 1] == '?' ? "" : ".");
        }
        fprintf(stderr, "\n");
        if (p->n_like > 0) {
            fprintf(stderr, "%s: column %" PRId32 " (%s): ... and %s like that.\n", p->file,
                    p->column, p->heading,
                    report_many((int64_t)p->n_like, "more cell", "more cells").text);
        }
    }
    uint64_t told = problems->n + problems->alike;
    if (problems->total > told) {
        fprintf(stderr, "... and %s more.\n",
                report_many((int64_t)(problems->total - told), "problem", "problems").text);
    }
}

void inputs_print_notes(const struct cli *cli, const struct roster_problems *problems)
{
    for (size_t i = 0; i < problems->n_notes; i++) {
        const struct roster_note *note = &problems->notes[i];
        char line[32] = "";
        if (note->line > 0) {
            snprintf(line, sizeof line, ":%" PRIu64, note->line);
        }
        report_note(stderr, &cli->err, "%s%s: %s", note->file, line, note->text);
    }
}

enum status inputs_read(struct cli *cli, struct roster **roster)
{
    const char *paths[N_FILES];
    struct roster_problems problems;
    enum status status = locate(cli, paths);
    if (status == STATUS_OK) {
        status = check_outputs(cli, paths);
    }
    if (status != STATUS_OK) {
        return status;
    }
    struct crew crew = crew_of_machine();
    struct roster_files files = {.people = paths[0],
                                 .skills = paths[1],
                                 .evidence = paths[2],
                                 .needs = paths[3],
                                 .offers = paths[4],
                                 .rules = paths[5],
                                 .crew = &crew};
    enum err err = roster_problems_init(&problems, cli->arena, ROSTER_PROBLEMS_SHOWN);
    if (err != ERR_OK) {
        return report_error(err, "reading the files");
    }
    err = roster_read(cli->arena, &files, &problems, roster);
    inputs_print_problems(&problems);
    if (err != ERR_OK && problems.total == 0) {
        return report_error(err, "reading the files");
    }
    if (err == ERR_OK) {
        inputs_print_notes(cli, &problems);
    }
    return command_status_of(err);
}

/* The id most like `id` among those near enough to be meant, or NULL. */
static const char *nearest_id(const struct roster *roster, const char *id)
{
    int best = NEAR_ID;
    const char *meant = NULL;
    for (int32_t p = 0; p < roster->n_people; p++) {
        int d = utf8_distance(str_of(id), roster->people[p].id, best);
        if (d < best) {
            best = d;
            meant = roster->people[p].id.p;
        }
    }
    return meant;
}

enum status inputs_find_person(const struct roster *roster, const char *id, int32_t *person)
{
    int32_t found = roster_find_person(roster, str_of(id)), n = found != ROSTER_NONE;
    for (int32_t p = 0; found == ROSTER_NONE && p < roster->n_people; p++) {
        if (str_is(roster->people[p].name, id)) {
            *person = p;
            n++;
        }
    }
    if (n > 1) {
        return report_failure(STATUS_INPUT, "%s are called \"%s\"; give the id",
                              report_many(n, "person", "people").text, id);
    }
    if (n == 1) {
        *person = found != ROSTER_NONE ? found : *person;
        return STATUS_OK;
    }
    const char *meant = nearest_id(roster, id);
    return meant ? report_failure(STATUS_INPUT, "no person \"%s\"; did you mean \"%s\"?", id, meant)
                 : report_failure(STATUS_INPUT, "no person \"%s\" in the people file", id);
}
