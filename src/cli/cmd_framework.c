/* duet framework: looking at a framework's file, and turning it into another kind. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "cli/args.h"
#include "cli/command.h"
#include "cli/inputs.h"
#include "cli/outfile.h"
#include "cli/report.h"
#include "coach/framework_case.h"
#include "coach/framework_csv.h"
#include "coach/framework_file.h"
#include "coach/roster.h"

#include <errno.h>
#include <string.h>

#define FIRST_ROOM 65536

static const struct option_spec options[] = {
    {.name = "out",
     .type = OPTION_OUTPUT,
     .value = "FILE",
     .help = "write the framework here: a sheet, or a CASE package when the name ends in .json"},
    {.name = "name",
     .type = OPTION_TEXT,
     .value = "NAME",
     .help = "which one, where the file has several observation guides"},
    {.name = "url",
     .type = OPTION_TEXT,
     .value = "URL",
     .initial = "https://duet.example.org",
     .help = "where the addresses in a CASE package point"},
};
static const struct option_set set = {options, 3};

/* The whole file, at most one byte more than may be read. */
static enum status read_file(struct cli *cli, const char *path, struct str *bytes)
{
    FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");
    if (!file) {
        return report_failure(STATUS_INPUT, "%s: %s", path, strerror(errno));
    }
    struct buf buf;
    buf_init(&buf, cli->arena, FRAMEWORK_FILE_MAX + FIRST_ROOM);
    char *piece = arena_alloc(cli->arena, FIRST_ROOM, 1);
    size_t n = 0;
    while (piece && buf.n <= FRAMEWORK_FILE_MAX && (n = fread(piece, 1, FIRST_ROOM, file)) > 0) {
        buf_add(&buf, (struct str){piece, n});
    }
    bool bad = ferror(file) != 0;
    if (file != stdin) {
        fclose(file);
    }
    if (bad || !piece || buf_end(&buf, bytes) != ERR_OK) {
        return report_failure(bad ? STATUS_IO : STATUS_LIMIT, "%s could not be read", path);
    }
    return STATUS_OK;
}

static void describe(struct cli *cli, const struct framework *f)
{
    int32_t described = 0, tasks = 0;
    for (int32_t d = 0; d < f->n_domains; d++) {
        for (int32_t s = 0; s < f->domains[d].n_skills; s++) {
            described += f->domains[d].skills[s].levels != NULL;
            tasks += f->domains[d].skills[s].n_tasks;
        }
    }
    report_heading(stdout, &cli->out, f->words.name.p);
    report_paragraph(stdout, &cli->out, 2, "%s in %s; %s with texts of levels; %s.",
                     report_many(f->n_skills, "skill", "skills").text,
                     report_many(f->n_domains, "domain", "domains").text,
                     described == f->n_skills ? "all" : report_count(described).text,
                     report_many(tasks, "practice task", "practice tasks").text);
    for (int32_t d = 0; d < f->n_domains; d++) {
        const struct framework_domain *domain = &f->domains[d];
        printf("  %s\n", domain->words.name.n ? domain->words.name.p : "Skills");
        for (int32_t s = 0; s < domain->n_skills; s++) {
            printf("    %-24s %s\n", domain->skills[s].code.p, domain->skills[s].words.name.p);
        }
    }
}

static bool ends_in(const char *path, const char *ending)
{
    size_t n = strlen(path), m = strlen(ending);
    return n >= m && strcmp(path + n - m, ending) == 0;
}

static enum status write_file(struct cli *cli, const struct framework *f, const char *path)
{
    struct buf buf;
    struct str text;
    struct outfile *file;
    enum err err = ERR_OK;
    buf_init(&buf, cli->arena, FRAMEWORK_CASE_SIZE);
    if (ends_in(path, ".json")) {
        err = framework_case_write(f, str_of(args_text(cli->args, "url")), &buf);
    } else {
        framework_csv_write(f, &buf);
    }
    err = err ? err : buf_end(&buf, &text);
    if (err) {
        return report_error(err, path);
    }
    err = outfile_open(&file, path);
    if (err) {
        return command_status_of(err);
    }
    fwrite(text.p, 1, text.n, outfile_stream(file));
    return command_status_of(outfile_commit(file));
}

/* The one that is named, or the only one. */
static enum status choose(struct cli *cli, struct framework **all, int32_t n,
                          const struct framework **chosen)
{
    const char *name = args_text(cli->args, "name");
    *chosen = n == 1 && !name ? all[0] : NULL;
    for (int32_t k = 0; k < n && name; k++) {
        *chosen = str_is(all[k]->words.name, name) ? all[k] : *chosen;
    }
    if (*chosen) {
        return STATUS_OK;
    }
    return name ? report_failure(STATUS_USAGE, "there is no \"%s\" in the file", name)
                : report_failure(STATUS_USAGE, "the file has %s; say which one with --name",
                                 report_many(n, "guide", "guides").text);
}

static enum status framework_run(struct cli *cli)
{
    const char *path = cli->args->operands[0], *out = args_text(cli->args, "out");
    struct roster_problems problems;
    struct framework **all;
    const struct framework *chosen;
    struct str bytes;
    int32_t n = 0;
    enum status status = read_file(cli, path, &bytes);
    if (status == STATUS_OK && out) {
        status = args_check_output(cli->args, "out", out, &path, 1);
    }
    if (status != STATUS_OK) {
        return status;
    }
    enum err err = roster_problems_init(&problems, cli->arena, ROSTER_PROBLEMS_SHOWN);
    err = err ? err : framework_file_read(cli->arena, bytes, path, &problems, &all, &n);
    if (err == ERR_INVALID) {
        inputs_print_problems(&problems);
        return STATUS_INPUT;
    }
    if (err) {
        return report_error(err, path);
    }
    for (size_t k = 0; k < problems.n_notes; k++) {
        report_note(stderr, &cli->err, "%s: %s", problems.notes[k].file, problems.notes[k].text);
    }
    if (!out) {
        for (int32_t k = 0; k < n; k++) {
            describe(cli, all[k]);
        }
        return STATUS_OK;
    }
    status = choose(cli, all, n, &chosen);
    return status == STATUS_OK ? write_file(cli, chosen, out) : status;
}

const struct command cmd_framework = {
    .name = "framework",
    .summary = "look at a framework of skills, or turn it into another kind of file",
    .description =
        "Reads a framework from a sheet (CSV), a CASE v1.1 package (JSON) or a file of observation "
        "guides (JSON), and says what is in it, or line by line what is wrong with it. docs/"
        "frameworks.md describes the files.\n\n"
        "With --out, writes it as a sheet, or as a CASE package when the name ends in .json. "
        "What Duet writes as one kind and reads back is the same.",
    .examples = "duet framework our-rubric.csv\nduet framework standards.json --out standards.csv\n"
                "duet framework our-rubric.csv --out our-rubric.json",
    .operands = {{.name = "FILE", .required = true, .help = "the file; - is the standard input"}},
    .sets = {&set},
    .run = framework_run,
};
