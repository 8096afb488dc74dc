/* bench-zone [--data DIR] [--duet PROGRAM] [--only ROW]: every promise about the zone model,
 * measured, beside its peer.  Exit status 1 when a figure is outside its bounds. */
#include "rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct bench_row rows[] = {
    {"3mile", "joint maximum likelihood against a published FACETS run", row_facets_3mile},
    {"baseball", "paired comparisons against a published FACETS run", row_facets_baseball},
    {"cqc04", "many facets against TAM", row_tam_cqc04},
    {"immer05", "many facets against TAM", row_tam_immer05},
    {"ej1", "many facets against TAM", row_tam_ej1},
    {"ej2", "many facets against TAM", row_tam_ej2},
    {"ptam4", "many facets against TAM", row_tam_ptam4},
    {"rasch", "2,000 people, 40 items, against TAM", row_rasch},
    {"gti", "held-out observers of real lessons", row_gti},
    {"peer", "simulated peers, two observers each: honesty of intervals", row_peer},
    {"school", "a school where everybody observes everybody: time", row_school},
    {"million", "duet zone on a million ratings of 50,000 people: time and memory", row_million},
    {"joint", "a million ratings, the bare fit to a tight tolerance: intervals", row_joint},
    {"cloze", "tutoring log: held-out learners, beside Elo", row_cloze},
    {"sim", "simulated coaching, 20 seeds: honesty of intervals", row_sim},
    {"lessons", "the whole coaching model on real lessons: time", row_lessons},
    {"districts", "the whole coaching model on synthetic districts: time and memory",
     row_districts},
    {"online", "evidence as it arrives: time", row_online},
    {"numerics", "order of the evidence, degenerate data", row_numerics},
};

/* A row runs in a process of its own, so that its peak memory is its own. */
static bool run_row(const struct bench *options, const struct bench_row *row)
{
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        struct bench ctx = *options;
        ctx.row = row->name;
        row->run(&ctx);
        fflush(stdout);
        _exit(ctx.n_failures ? 1 : 0);
    }
    int status;
    if (child < 0 || waitpid(child, &status, 0) != child) {
        perror("bench-zone");
        return false;
    }
    if (!WIFEXITED(status) || WEXITSTATUS(status) > 1) {
        printf("FAIL %-10s ended abnormally (status %d)\n", row->name, status);
    }
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

int main(int argc, char **argv)
{
    struct bench ctx = {.data = "../shared/data/zone", .duet = "src/cli/duet"};
    const char *only = NULL;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--data") == 0 && i + 1 < argc) {
            ctx.data = argv[++i];
        } else if (strcmp(argv[i], "--only") == 0 && i + 1 < argc) {
            only = argv[++i];
        } else if (strcmp(argv[i], "--duet") == 0 && i + 1 < argc) {
            ctx.duet = argv[++i];
        } else if (strcmp(argv[i], "--kt") == 0 && i + 1 < argc) {
            const char *file = argv[++i], *slash = strrchr(file, '/');
            ctx.data = file[0] == '/' ? "" : ".";
            ctx.row = "kt";
            bench_practice(&ctx, file, slash ? slash + 1 : file);
            return ctx.n_failures ? 1 : 0;
        } else if (strcmp(argv[i], "--verbose") == 0) {
            ctx.verbose = true;
        } else {
            fprintf(stderr,
                    "usage: bench-zone [--data DIR] [--duet PROGRAM] [--only ROW] [--kt FILE] "
                    "[--verbose]\n");
            return 2;
        }
    }
    printf("%-4s %-10s %-44s %10s  %-14s %s\n", "", "row", "what", "figure", "must", "peer");
    int n_failed = 0, n_run = 0;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (!only || strncmp(rows[i].name, only, strlen(only)) == 0) {
            n_run++;
            n_failed += !run_row(&ctx, &rows[i]);
        }
    }
    printf("%d of %d rows failed\n", n_failed, n_run);
    return n_failed || !n_run ? 1 : 0;
}
