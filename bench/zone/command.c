/* The whole command, `duet zone`: from files to a file, on the clock of the wall. */
#include "district.h"
#include "rows.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define DOMAIN_SKILLS 3

/* The folder of the files; freed by nobody: a row is a process. */
struct folder {
    char path[512];
    char people[600], skills[600], evidence[600], first[600], second[600];
};

static bool folder_make(struct folder *f)
{
    const char *parent = getenv("TMPDIR");
    snprintf(f->path, sizeof f->path, "%s/duet-bench.XXXXXX", parent ? parent : "/tmp");
    if (!mkdtemp(f->path)) {
        return false;
    }
    snprintf(f->people, sizeof f->people, "%s/people.csv", f->path);
    snprintf(f->skills, sizeof f->skills, "%s/skills.csv", f->path);
    snprintf(f->evidence, sizeof f->evidence, "%s/evidence.csv", f->path);
    snprintf(f->first, sizeof f->first, "%s/first.csv", f->path);
    snprintf(f->second, sizeof f->second, "%s/second.csv", f->path);
    return true;
}

static void folder_remove(const struct folder *f)
{
    const char *const files[] = {f->people, f->skills, f->evidence, f->first, f->second};
    for (size_t k = 0; k < sizeof files / sizeof *files; k++) {
        (void)remove(files[k]);
    }
    (void)rmdir(f->path);
}

static bool write_people(const struct folder *f, const struct district *d)
{
    FILE *people = fopen(f->people, "w"), *skills = fopen(f->skills, "w");
    if (people && skills) {
        fputs("id\n", people);
        for (int32_t p = 0; p < d->n_people; p++) {
            fprintf(people, "p%d\n", (int)p);
        }
        fputs("id,name,domain,levels\n", skills);
        for (int32_t s = 0; s < d->n_skills; s++) {
            fprintf(skills, "s%d,Skill %d,D%d,4\n", (int)s, (int)s, (int)s / DOMAIN_SKILLS);
        }
    }
    bool good = people && skills && fflush(people) == 0 && fflush(skills) == 0;
    if (people) {
        fclose(people);
    }
    if (skills) {
        fclose(skills);
    }
    return good;
}

static bool write_evidence(const struct folder *f, const struct district *d)
{
    size_t n = (size_t)d->n_people * (size_t)(d->n_visits * d->skills_per_visit);
    struct zone_evidence *rows = calloc(n, sizeof *rows);
    double *truth = calloc((size_t)d->n_people * (size_t)d->n_skills, sizeof *truth);
    FILE *out = fopen(f->evidence, "w");
    bool good = rows && truth && out;
    if (good) {
        n = district_make(d, rows, truth);
        fputs("person,skill,level,rater,occasion\n", out);
        for (size_t k = 0; k < n; k++) {
            fprintf(out, "p%d,s%d,%d,r%d,v%d\n", (int)rows[k].person, (int)rows[k].skill,
                    rows[k].level + 1, (int)rows[k].rater, (int)rows[k].occasion);
        }
        good = fflush(out) == 0;
    }
    if (out) {
        fclose(out);
    }
    free(rows);
    free(truth);
    return good;
}

struct cost {
    double wall, cpu, mb;
    bool good;
};

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double seconds(struct timeval t)
{
    return (double)t.tv_sec + 1e-6 * (double)t.tv_usec;
}

static struct cost run_duet(const struct bench *ctx, const struct folder *f, const char *out)
{
    struct rusage before, after;
    double start = now();
    int status = -1;
    getrusage(RUSAGE_CHILDREN, &before);
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        if (freopen("/dev/null", "w", stdout)) {
            execl(ctx->duet, ctx->duet, "zone", "--people", f->people, "--skills", f->skills,
                  "--evidence", f->evidence, "--out", out, (char *)NULL);
        }
        _exit(127);
    }
    bool good = child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) &&
                WEXITSTATUS(status) == 0;
    getrusage(RUSAGE_CHILDREN, &after);
    return (struct cost){now() - start,
                         seconds(after.ru_utime) + seconds(after.ru_stime) -
                             seconds(before.ru_utime) - seconds(before.ru_stime),
                         (double)after.ru_maxrss / 1024, good};
}

static bool same_bytes(const char *a, const char *b)
{
    FILE *x = fopen(a, "r"), *y = fopen(b, "r");
    bool same = x && y;
    static char from_x[1 << 16], from_y[1 << 16];
    for (size_t n = 1; same && n > 0;) {
        n = fread(from_x, 1, sizeof from_x, x);
        same = fread(from_y, 1, sizeof from_y, y) == n && memcmp(from_x, from_y, n) == 0;
    }
    if (x) {
        fclose(x);
    }
    if (y) {
        fclose(y);
    }
    return same;
}

void row_million(struct bench *ctx)
{
    const struct district d = {
        .n_people = 50000, .n_skills = 18, .n_raters = 2500, .n_visits = 2, .skills_per_visit = 10};
    struct folder f;
    if (!folder_make(&f) || !write_people(&f, &d) || !write_evidence(&f, &d)) {
        bench_report(ctx, "the files could not be written", NAN, 0, 0, "");
        return;
    }
    struct cost once = run_duet(ctx, &f, f.first), again = run_duet(ctx, &f, f.second);
    bool good = once.good && again.good;
    bench_report(ctx, "wall seconds of duet zone, files to file",
                 good ? fmin(once.wall, again.wall) : NAN, -INFINITY, 5,
                 "needs a quiet machine; the better of two");
    bench_note(ctx, "CPU seconds %.1f and %.1f on %ld processors; wall %.1f and %.1f", once.cpu,
               again.cpu, sysconf(_SC_NPROCESSORS_ONLN), once.wall, again.wall);
    bench_report(ctx, "its memory, MB", good ? again.mb : NAN, -INFINITY, 1000, "");
    bench_report(ctx, "the same bytes twice", good && same_bytes(f.first, f.second), 1, 1, "");
    folder_remove(&f);
}
