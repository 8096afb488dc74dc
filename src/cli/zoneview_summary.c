/* `duet zone`: the summary, the skills and the raters on the terminal; see zoneview.h. */
#include "base/arena.h"
#include "cli/report.h"
#include "cli/table.h"
#include "cli/zoneview.h"

#include <inttypes.h>

#define GROUP_MIN 5        /* people behind every figure about a group */
#define RATER_WORDS_MIN 30 /* ratings before anything is said about a rater */
#define RATER_FEW 12       /* below this, severity is mostly a guess */
#define STALE_DAYS 365
#define SETS_SHOWN 5

/* The person's name where the rater is one of the people. */
static const char *rater_name(const struct zoneview *view, int32_t rater)
{
    int32_t person = view->roster->raters[rater].person;
    return person == ROSTER_NONE ? view->roster->raters[rater].id.p
                                 : view->roster->people[person].label.p;
}

static int percent(int64_t part, int64_t whole)
{
    return whole > 0 ? (int)((200 * part + whole) / (2 * whole)) : 0;
}

static void print_evidence(const struct zoneview *view)
{
    const struct roster *roster = view->roster;
    int64_t kind[ZONE_KIND__MAX] = {0};
    char dates[80] = "";
    for (size_t i = 0; i < roster->n_evidence; i++) {
        kind[roster->evidence[i].kind]++;
    }
    if (roster->last_day != ZONE_DAY_UNKNOWN) {
        snprintf(dates, sizeof dates, "; %.12s to %.12s", report_date(roster->first_day).text,
                 report_date(roster->last_day).text);
    }
    const char *gap = ":";
    char text[400];
    int n = snprintf(text, sizeof text, "%s",
                     report_many((int64_t)roster->n_evidence, "piece", "pieces").text);
    if (kind[ZONE_OBSERVED] > 0) {
        n += snprintf(text + n, sizeof text - (size_t)n, "%s %s by colleagues on %s", gap,
                      report_many(kind[ZONE_OBSERVED], "rating", "ratings").text,
                      report_many(roster->n_occasions, "visit", "visits").text);
        gap = ",";
    }
    if (kind[ZONE_SELF] > 0) {
        n += snprintf(text + n, sizeof text - (size_t)n, "%s %s", gap,
                      report_many(kind[ZONE_SELF], "self-rating", "self-ratings").text);
        gap = ",";
    }
    if (kind[ZONE_TASK] > 0) {
        snprintf(text + n, sizeof text - (size_t)n, "%s %s", gap,
                 report_many(kind[ZONE_TASK], "attempt at a task", "attempts at tasks").text);
    }
    report_fact(stdout, view->out, "Evidence", "%s%s", text, dates);
}

static void print_raters_fact(const struct zoneview *view)
{
    int32_t few = 0;
    for (int32_t r = 0; r < view->roster->n_raters; r++) {
        few += view->fit->raters[r].n_ratings < RATER_FEW;
    }
    if (few > 0) {
        report_fact(stdout, view->out, "Raters",
                    "%s; %s fewer than %d ratings, so how severe they are is mostly a guess",
                    report_count(view->roster->n_raters).text,
                    report_many(few, "has given", "have given").text, RATER_FEW);
    } else {
        report_fact(stdout, view->out, "Raters", "%s", report_count(view->roster->n_raters).text);
    }
}

/* Sets of raters and people that nothing links, and what to do about it. */
static void print_sets(const struct zoneview *view)
{
    const struct zone_fit *fit = view->fit;
    if (fit->n_subsets < 2) {
        return;
    }
    printf("\n");
    report_warning(stdout, view->out,
                   "The raters fall into %s sets that have seen nobody in common. Whether one set "
                   "is more severe than another cannot be known, so levels are comparable inside "
                   "a set only. To link them, let a rater of each set visit somebody of another, "
                   "or let all of them rate one shared video.",
                   report_count(fit->n_subsets).text);
    for (int32_t set = 0; set < fit->n_subsets && set < SETS_SHOWN; set++) {
        int32_t people = 0, raters = 0, example = ROSTER_NONE;
        for (int32_t p = 0; p < view->roster->n_people; p++) {
            people += fit->person_subset[p] == set;
        }
        for (int32_t r = view->roster->n_raters - 1; r >= 0; r--) {
            if (fit->raters[r].subset == set) {
                raters++;
                example = r;
            }
        }
        report_paragraph(stdout, view->out, 4, "Set %" PRId32 ": %s seen by %s%s%s%s", set + 1,
                         report_many(people, "person", "people").text,
                         report_many(raters, "rater", "raters").text,
                         example != ROSTER_NONE ? " (" : "",
                         example != ROSTER_NONE ? rater_name(view, example) : "",
                         example == ROSTER_NONE ? ""
                         : raters > 1           ? " and others)"
                                                : ")");
    }
    if (fit->n_subsets > SETS_SHOWN) {
        report_paragraph(stdout, view->out, 4, "... and %s more",
                         report_count(fit->n_subsets - SETS_SHOWN).text);
    }
}

/* People whose newest evidence is more than a year older than the newest of all. */
static void print_stale(const struct zoneview *view)
{
    int32_t stale = 0, none = 0;
    for (int32_t p = 0; p < view->roster->n_people; p++) {
        int32_t last = ZONE_DAY_UNKNOWN, pieces = 0;
        for (int32_t s = 0; s < view->roster->n_skills; s++) {
            const struct zone_estimate *e = zoneview_estimate(view, p, s);
            last = e->last_day > last ? e->last_day : last;
            pieces += e->n_evidence;
        }
        none += pieces == 0;
        stale += last != ZONE_DAY_UNKNOWN && view->roster->last_day - last > STALE_DAYS;
    }
    if (none > 0) {
        report_warning(stdout, view->out, "%s no evidence at all yet.",
                       report_many(none, "person has", "people have").text);
    }
    if (stale > 0) {
        report_warning(stdout, view->out,
                       "For %s the newest evidence is more than a year older than the newest in "
                       "the file.",
                       report_many(stale, "person", "people").text);
    }
}

void zoneview_print_summary(const struct zoneview *view)
{
    const struct roster *roster = view->roster;
    int64_t enough = 0, zones = 0;
    int32_t seen = 0;
    for (int32_t p = 0; p < roster->n_people; p++) {
        seen += view->fit->person_subset[p] != ZONE_NONE;
        for (int32_t s = 0; s < roster->n_skills; s++) {
            const struct zone_estimate *e = zoneview_estimate(view, p, s);
            enough += e->enough;
            zones += e->enough && e->zone_lo <= e->zone_hi;
        }
    }
    int64_t all = (int64_t)roster->n_people * roster->n_skills;
    printf("%sWhat people can do, alone and with help%s\n\n", term_style(view->out, TERM_BOLD),
           term_style(view->out, TERM_PLAIN));
    report_fact(stdout, view->out, "People", "%s, %s of them observed by somebody",
                report_count(roster->n_people).text, report_count(seen).text);
    report_fact(stdout, view->out, "Skills", "%s in %s", report_count(roster->n_skills).text,
                report_many(roster->n_domains, "domain", "domains").text);
    print_evidence(view);
    print_raters_fact(view);
    report_fact(stdout, view->out, "Enough evidence",
                "for %s of %s pairs of a person and a skill (%d %%)%s", report_count(enough).text,
                report_count(all).text, percent(enough, all),
                enough < all ? "; for the others the answer is \"not enough evidence yet\"" : "");
    report_fact(stdout, view->out, "Sweet spot",
                "known well enough to name for %s of those; more visits and tasks narrow it",
                report_count(zones).text);
    if (!view->fit->converged) {
        report_warning(stdout, view->out,
                       "The estimates had not settled after %" PRId32 " rounds; treat them as "
                       "rough.",
                       view->fit->n_iterations);
    }
    print_sets(view);
    print_stale(view);
}

enum err zoneview_print_skills(const struct zoneview *view)
{
    static const struct table_column columns[] = {{"Skill", TABLE_CUT},
                                                  {"enough evidence", TABLE_RIGHT},
                                                  {"alone", TABLE_RIGHT},
                                                  {"with help", TABLE_RIGHT},
                                                  {"levels", TABLE_RIGHT}};
    struct table *table = table_new(view->arena, columns, 5);
    if (!table) {
        return ERR_NOMEM;
    }
    for (int32_t s = 0; s < view->roster->n_skills; s++) {
        double alone = 0, helped = 0;
        int32_t n = 0;
        char alone_text[32] = "-", helped_text[32] = "-", levels[16];
        for (int32_t p = 0; p < view->roster->n_people; p++) {
            const struct zone_estimate *e = zoneview_estimate(view, p, s);
            if (e->enough) {
                alone += e->alone_level;
                helped += e->helped_level;
                n++;
            }
        }
        if (n >= GROUP_MIN) {
            snprintf(alone_text, sizeof alone_text, "%.1f", alone / n);
            snprintf(helped_text, sizeof helped_text, "%.1f", helped / n);
        }
        snprintf(levels, sizeof levels, "1 to %" PRId32, view->roster->skills[s].levels);
        const char *cells[] = {view->roster->skills[s].name.p,
                               report_many(n, "person", "people").text, alone_text, helped_text,
                               levels};
        enum err err = table_add(table, cells);
        if (err != ERR_OK) {
            return err;
        }
    }
    report_heading(stdout, view->out, "Skills: the mean level of those with enough evidence");
    table_print(table, stdout, view->out);
    return ERR_OK;
}

/* A hint for training in words; never a judgement, and nothing from few ratings. */
static const char *severity_words(const struct zone_rater *rater)
{
    double sure = 1.28 * rater->severity_sd;
    if (rater->n_ratings < RATER_WORDS_MIN) {
        return "too few ratings to say";
    }
    if (rater->severity - sure > 0.25) {
        return "tends to rate lower than others would";
    }
    if (rater->severity + sure < -0.25) {
        return "tends to rate higher than others would";
    }
    return "much like others";
}

static const char *fit_words(const struct zone_rater *rater)
{
    if (rater->n_ratings < RATER_WORDS_MIN) {
        return "";
    }
    if (rater->infit > 1.4) {
        return "; some ratings surprise: rate a shared video together";
    }
    if (rater->infit < 0.6) {
        return "; uses few of the levels: look at examples of each level";
    }
    return "";
}

enum err zoneview_print_raters(const struct zoneview *view)
{
    static const struct table_column columns[] = {{"Rater", TABLE_CUT},
                                                  {"ratings", TABLE_RIGHT},
                                                  {"people", TABLE_RIGHT},
                                                  {"hint for training", TABLE_WRAP}};
    struct table *table = table_new(view->arena, columns, 4);
    if (!table) {
        return ERR_NOMEM;
    }
    for (int32_t r = 0; r < view->roster->n_raters; r++) {
        const struct zone_rater *rater = &view->fit->raters[r];
        char words[160];
        snprintf(words, sizeof words, "%s%s", severity_words(rater), fit_words(rater));
        struct report_text ratings = report_count(rater->n_ratings);
        struct report_text people = report_count(rater->n_people);
        const char *cells[] = {rater_name(view, r), ratings.text, people.text, words};
        enum err err = table_add(table, cells);
        if (err != ERR_OK) {
            return err;
        }
    }
    report_heading(stdout, view->out, "Raters, for their training only");
    report_paragraph(stdout, view->out, 0,
                     "Raters differ, trained ones too, and the estimates allow for it. Show each "
                     "rater their own line only.");
    printf("\n");
    table_print(table, stdout, view->out);
    return ERR_OK;
}
