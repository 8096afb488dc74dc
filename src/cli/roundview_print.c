/* What a person sees of a round on the terminal. */
#include "base/arena.h"
#include "base/buf.h"
#include "cli/report.h"
#include "cli/roundview.h"
#include "cli/table.h"
#include "coach/reason.h"
#include "coach/round_warn.h"

#include <inttypes.h>
#include <stdio.h>

#define ROWS_SHOWN 200 /* proposals on the terminal; --out has all */
#define NAMES_SHOWN 5  /* names after a count */
#define CELL_MAX 1024
#define NO_BREAK_SPACE "\xC2\xA0"
#define TABLE_LEAST 70 /* columns of the table of pairs; narrower, each pair is a sentence */

static const char *person_name(const struct roundview *view, int32_t person)
{
    return view->roster->people[person].label.p;
}

/* "0.73": enough for a table. */
static void write_gain(char *out, size_t size, int64_t gain)
{
    int64_t hundredths = (gain + 50) / 100;
    snprintf(out, size, "%" PRId64 ".%02" PRId64, hundredths / 100, hundredths % 100);
}

static void print_sentence(const struct roundview *view, const struct round_proposal *p,
                           const char *gain, const char *why)
{
    const struct term *term = &view->cli->out;
    if (p->skill == ROSTER_NONE) {
        report_paragraph(stdout, term, 0, "%" PRId32 ". %s with %s: %s.", p->pair,
                         person_name(view, p->learner), person_name(view, p->helper), why);
    } else {
        report_paragraph(stdout, term, 0,
                         "%" PRId32 ". %s learns %s from %s. Gain %s; the helper can do alone %s.",
                         p->pair, person_name(view, p->learner),
                         view->roster->skills[p->skill].name.p, person_name(view, p->helper), gain,
                         why);
    }
}

enum err roundview_print_pairs(const struct roundview *view)
{
    static const struct table_column columns[] = {
        {"Pair", TABLE_RIGHT}, {"Learner", TABLE_WRAP}, {"Helper", TABLE_WRAP},
        {"Skill", TABLE_WRAP}, {"Gain", TABLE_RIGHT},   {"Helper can do alone", TABLE_WRAP},
    };
    const char *space = view->cli->out.utf8 ? NO_BREAK_SPACE : " ";
    const bool narrow = view->cli->out.width < TABLE_LEAST;
    const struct round_result *result = &view->result;
    struct table *table = table_new(view->cli->arena, columns, 6);
    struct buf why;
    buf_init(&why, view->cli->arena, CELL_MAX);
    for (int32_t k = 0; table && k < result->n_proposals && k < ROWS_SHOWN; k++) {
        const struct round_proposal *p = &result->proposals[k];
        char number[16] = "", gain[32];
        struct str text;
        if (k == 0 || result->proposals[k - 1].pair != p->pair) {
            snprintf(number, sizeof number, "%" PRId32, p->pair);
        }
        buf_clear(&why);
        reason_write_short(&why, view->round, p, space);
        enum err err = buf_end(&why, &text);
        write_gain(gain, sizeof gain, p->gain);
        const char *cells[] = {
            number,
            person_name(view, p->learner),
            person_name(view, p->helper),
            p->skill == ROSTER_NONE ? "-" : view->roster->skills[p->skill].name.p,
            gain,
            text.p,
        };
        if (err == ERR_OK && narrow) {
            print_sentence(view, p, gain, text.p);
        } else if (err == ERR_OK) {
            err = table_add(table, cells);
        }
        if (err != ERR_OK) {
            return err;
        }
    }
    if (!table) {
        return ERR_NOMEM;
    }
    if (result->n_proposals == 0) {
        printf("No partners are proposed.\n");
    } else if (!narrow) {
        table_print(table, stdout, &view->cli->out);
    }
    if (result->n_proposals > 0) {
        printf("\n");
        report_paragraph(
            stdout, &view->cli->out, 0,
            "Gain: 1 would be a perfect helper. What the helper can do alone: how much "
            "of what the learner is ready for; in brackets the visits behind that, and "
            "by how many colleagues.");
    }
    if (result->n_proposals > ROWS_SHOWN) {
        printf("... and %s more; --out FILE has them all.\n",
               report_count(result->n_proposals - ROWS_SHOWN).text);
    }
    return ERR_OK;
}

/* "a, b, c and 9 more" of the people in a state. */
static enum err state_names(const struct roundview *view, enum round_state state, struct buf *buf)
{
    int n = 0;
    struct str text;
    buf_clear(buf);
    for (int32_t u = 0; u < view->result.n_people; u++) {
        if (view->result.state[u] == state && n++ < NAMES_SHOWN) {
            buf_add_text(buf, n > 1 ? ", " : "");
            buf_add(buf, view->roster->people[u].label);
        }
    }
    if (n > NAMES_SHOWN) {
        buf_addf(buf, " and %s more", report_count(n - NAMES_SHOWN).text);
    }
    return buf_end(buf, &text);
}

static enum err print_alone(const struct roundview *view)
{
    const struct term *term = &view->cli->out;
    int32_t count[ROUND_STATE__MAX] = {0};
    struct buf names;
    buf_init(&names, view->cli->arena, CELL_MAX * 8);
    for (int32_t u = 0; u < view->result.n_people; u++) {
        count[view->result.state[u]]++;
    }
    bool all = count[ROUND_IS_SERVED] == view->result.n_people;
    report_heading(stdout, term, all ? "Everybody receives help" : "Who receives no help, and why");
    for (int s = ROUND_ONLY_HELPS; s < ROUND_STATE__MAX; s++) {
        enum round_state state = (enum round_state)s;
        if (count[s] == 0) {
            continue;
        }
        enum err err = state_names(view, state, &names);
        if (err != ERR_OK) {
            return err;
        }
        report_paragraph(stdout, term, 2, "%s: %s (%s). %s",
                         report_many(count[s], "person", "people").text, reason_state_words(state),
                         names.p, reason_state_remedy(state));
    }
    if (count[ROUND_ONLY_HELPS] > 0 && view->options.strategy == ROUND_RECIPROCAL) {
        report_paragraph(stdout, term, 2,
                         "Not every two can help each other. duet compare shows whether "
                         "--strategy guide or trio would reach more people.");
    }
    return ERR_OK;
}

static void print_busiest(const struct roundview *view)
{
    const struct round_result *result = &view->result;
    int32_t most = 0, n = 0;
    for (int32_t u = 0; u < result->n_people; u++) {
        if (result->n_helps[u] > most) {
            most = result->n_helps[u];
            n = 0;
        }
        n += result->n_helps[u] == most;
    }
    if (most == 0) {
        report_fact(stdout, &view->cli->out, "Busiest helpers", "nobody helps");
    } else {
        report_fact(stdout, &view->cli->out, "Busiest helpers", "%s: %s each",
                    report_many(n, "person", "people").text,
                    report_many(most, "colleague helped", "colleagues helped").text);
    }
}

static enum err print_warnings(const struct roundview *view)
{
    const struct term *term = &view->cli->out;
    struct round_warnings w;
    enum err err = round_warn(view->cli->arena, view->round, &w);
    if (err != ERR_OK) {
        return err;
    }
    if (w.n_small_pool > 0) {
        report_warning(stdout, term,
                       "%s fewer than %d others to choose from. Forced partners in small pools do "
                       "harm: %s, or form groups of three.",
                       report_many(w.n_small_pool, "person has", "people have").text,
                       ROUND_SMALL_POOL,
                       view->options.within != ROSTER_NONE ? "match without --within"
                                                           : "bring in another school");
    }
    if (w.n_unlinked > 0) {
        report_warning(stdout, term,
                       "The raters of %s share nobody with the raters of the others they may be "
                       "paired with, so their levels are comparable only by assumption. Linked "
                       "visits would help.",
                       report_many(w.n_unlinked, "person", "people").text);
    }
    if (w.n_stale > 0) {
        report_warning(stdout, term,
                       "The newest evidence about %s is more than a year older than the newest of "
                       "all.",
                       report_many(w.n_stale, "person", "people").text);
    }
    if (w.n_unsure > 0) {
        report_warning(stdout, term, "%s on little evidence; the gains allow for that.",
                       report_many(w.n_unsure, "need rests", "needs rest").text);
    }
    for (int32_t k = 0; k < w.n_unhelped; k++) {
        report_warning(stdout, term, "Nobody offers help in %s, which %s.",
                       view->roster->skills[w.unhelped[k]].name.p,
                       report_many(round_count_needs(view->round, w.unhelped[k]), "person needs",
                                   "people need")
                           .text);
    }
    if (w.n_kept_dropped > 0) {
        report_warning(stdout, term, "%s not go on: other rules do not allow it any more.",
                       report_many(w.n_kept_dropped, "partnership does", "partnerships do").text);
    }
    return ERR_OK;
}

static double percent(int64_t part, int64_t whole)
{
    return whole > 0 ? 100.0 * (double)part / (double)whole : 0;
}

enum err roundview_print_summary(const struct roundview *view)
{
    const struct term *term = &view->cli->out;
    const struct round_result *result = &view->result;
    report_heading(stdout, term, "Summary");
    report_fact(stdout, term, "Useful partner", "%s of %s with a need (%.0f %%)",
                report_count(result->n_served).text,
                report_many(result->n_learners, "person", "people").text,
                percent(result->n_served, result->n_learners));
    report_fact(stdout, term, "Needs covered", "%s of %s", report_count(result->n_covered).text,
                report_many(result->n_needs, "need", "needs").text);
    report_fact(stdout, term, result->options.strategy == ROUND_TRIO ? "Groups" : "Partnerships",
                "%s", report_count(result->n_pairs).text);
    report_fact(stdout, term, "Total gain", "%s; %s", roundview_gain(result->total_gain).text,
                roundview_share(result).text);
    if (result->n_served > 0) {
        report_fact(stdout, term, "Smallest gain", "%s%s",
                    roundview_gain(result->smallest_gain).text,
                    result->options.lift ? ", as large as it can be" : "");
    }
    if (result->options.strategy == ROUND_STABLE) {
        static const char *const stability[MATCH_STABLE_KIND__MAX] = {
            [MATCH_STABLE_OWN] = "nobody would rather leave for somebody who would have them",
            [MATCH_STABLE_JOINT] = "no arrangement is stable by what each gains alone; this one is "
                                   "by what each pair gains together",
            [MATCH_STABLE_MANY] = "no two would gain more together, both of them added; among so "
                                  "many people, pairs by what each gains alone are not looked for",
        };
        report_fact(stdout, term, "Stability", "%s", stability[result->stable_kind]);
    }
    print_busiest(view);
    enum err err = print_alone(view);
    return err == ERR_OK ? print_warnings(view) : err;
}
