/* `duet zone --person`: one person, skill by skill, in plain words; see zoneview.h. */
#include "base/arena.h"
#include "cli/bandtext.h"
#include "cli/report.h"
#include "cli/text.h"
#include "cli/zoneview.h"

#include <inttypes.h>

#define LINE_MAX_TEXT 300
#define INDENT 4

/* The person's evidence by skill; NULL without memory. */
static struct zoneview_evidence *collect(const struct zoneview *view, int32_t person)
{
    struct zoneview_evidence *all =
        arena_alloc(view->arena, (size_t)view->roster->n_skills, sizeof *all);
    for (size_t i = 0; all && i < view->roster->n_evidence; i++) {
        const struct zone_evidence *piece = &view->roster->evidence[i];
        struct zoneview_evidence *e = &all[piece->skill];
        int32_t level = piece->level + 1;
        if (piece->person != person) {
            continue;
        }
        if (piece->kind == ZONE_OBSERVED) {
            e->level_min = e->observed == 0 || level < e->level_min ? level : e->level_min;
            e->level_max = level > e->level_max ? level : e->level_max;
            e->observed++;
        } else if (piece->kind == ZONE_SELF) {
            e->self++;
            e->self_level = level;
        } else if (piece->level == 0) {
            e->not_yet += piece->support == ZONE_JOINT;
        } else if (piece->support == ZONE_INDEPENDENT) {
            e->done_alone++;
        } else {
            e->done_helped++;
        }
    }
    return all;
}

/* "2 visits by 2 colleagues (levels 2 to 3); own view: level 4; tasks: 1 done alone, 2 with help"
 */
static void evidence_words(char *text, size_t room, const struct zoneview_evidence *e,
                           const struct zone_estimate *estimate)
{
    int n = 0;
    text[0] = '\0';
    if (e->observed > 0) {
        char levels[40];
        snprintf(levels, sizeof levels,
                 e->level_min == e->level_max ? "level %" PRId32 : "levels %" PRId32 " to %" PRId32,
                 e->level_min, e->level_max);
        n = snprintf(text, room, "%s by %s (%s)",
                     estimate->n_occasions > 0
                         ? report_many(estimate->n_occasions, "visit", "visits").text
                         : report_many(e->observed, "rating", "ratings").text,
                     report_many(estimate->n_raters, "colleague", "colleagues").text, levels);
    }
    if (e->self > 0) {
        n += snprintf(text + n, room - (size_t)n, "%sown view: level %" PRId32, n > 0 ? "; " : "",
                      e->self_level);
    }
    if (e->done_alone + e->done_helped + e->not_yet > 0) {
        n += snprintf(text + n, room - (size_t)n, "%stasks: ", n > 0 ? "; " : "");
        const char *gap = "";
        if (e->done_alone > 0) {
            n += snprintf(text + n, room - (size_t)n, "%" PRId32 " done alone", e->done_alone);
            gap = ", ";
        }
        if (e->done_helped > 0) {
            n += snprintf(text + n, room - (size_t)n, "%s%" PRId32 " done with help", gap,
                          e->done_helped);
            gap = ", ";
        }
        if (e->not_yet > 0) {
            n += snprintf(text + n, room - (size_t)n, "%s%" PRId32 " not yet", gap, e->not_yet);
        }
    }
    if (estimate->last_day != ZONE_DAY_UNKNOWN) {
        snprintf(text + n, room - (size_t)n, "; last on %.12s",
                 report_date(estimate->last_day).text);
    }
}

static void print_skill(const struct zoneview *view, int32_t person, int32_t skill,
                        const struct zoneview_evidence *evidence)
{
    const struct zone_estimate *e = zoneview_estimate(view, person, skill);
    const struct roster_skill *about = &view->roster->skills[skill];
    char words[BANDTEXT_WORDS_MAX], behind[LINE_MAX_TEXT];
    evidence_words(behind, sizeof behind, evidence, e);
    printf("  %s\n", about->name.p);
    if (!e->enough) {
        report_paragraph(stdout, view->out, INDENT, "Not enough evidence yet%s%s.",
                         behind[0] ? ": " : "", behind);
        return;
    }
    printf("%*s1 ", INDENT, "");
    bandtext_draw(stdout, view->out, e, about->levels);
    printf(" %" PRId32 "   alone %.1f (%.1f to %.1f), with help %.1f\n", about->levels,
           e->alone_level, e->alone_level_lo, e->alone_level_hi, e->helped_level);
    bandtext_words(words, e, &view->fit->skills[skill], about->levels);
    report_paragraph(stdout, view->out, INDENT, "%c%s.",
                     words[0] >= 'a' && words[0] <= 'z' ? words[0] - ('a' - 'A') : words[0],
                     words + 1);
    report_paragraph(stdout, view->out, INDENT, "Evidence: %s.", behind);
}

enum err zoneview_print_person(const struct zoneview *view, int32_t person)
{
    const struct roster *roster = view->roster;
    struct zoneview_evidence *evidence = collect(view, person);
    if (!evidence) {
        return ERR_NOMEM;
    }
    printf("%s%s%s\n", term_style(view->out, TERM_BOLD), roster->people[person].label.p,
           term_style(view->out, TERM_PLAIN));
    report_paragraph(stdout, view->out, 0,
                     "Levels are those of the rubric. The range says where the level lies with 8 "
                     "chances in 10. What colleagues see and what people think of themselves "
                     "seldom agree; both are shown.");
    printf("%s\n", bandtext_legend(view->out));
    int32_t domain = ROSTER_NONE;
    for (int32_t s = 0; s < roster->n_skills; s++) {
        if (roster->skills[s].domain != domain) {
            domain = roster->skills[s].domain;
            const char *name = roster->domains[domain].p;
            report_heading(stdout, view->out, name[0] ? name : "Skills");
        }
        print_skill(view, person, s, &evidence[s]);
    }
    return ERR_OK;
}
