/* Reasons in words; see reason.h. */
#include "coach/reason.h"

#include "base/buf.h"
#include "coach/round_data.h"

static const struct {
    int32_t from;
    const char *words;
} reaches[] = {{9000, "nearly all"},
               {7000, "most"},
               {MATCH_REACH_USEFUL, "a good part"},
               {2500, "some"},
               {0, "little"}};

const char *reason_reach_words(int32_t reach)
{
    size_t k = 0;
    while (reach < reaches[k].from) {
        k++;
    }
    return reaches[k].words;
}

static const struct {
    const char *words, *remedy;
} states[ROUND_STATE__MAX] = {
    [ROUND_IS_SERVED] = {"receives help", ""},
    [ROUND_ONLY_HELPS] = {"helps a colleague, but nobody who is free can help in turn",
                          "More offers in the needed skills, or a wider choice of partners, would "
                          "change that."},
    [ROUND_NO_NEED] = {"no need was given, and none could be proposed",
                       "A row in the needs file, or, without such a file, a first rating."},
    [ROUND_NO_WISH] = {"wants no help in this round (max_learns is 0)",
                       "A larger max_learns in the people file."},
    [ROUND_NOBODY_CAN] =
        {"nobody who offers help, and has room for it, can do enough of it alone yet",
         "An offer from outside this group, or another need."},
    [ROUND_RULED_OUT] = {"the rules exclude everybody who could help",
                         "Without --within, or with fewer rules, a partner may be found."},
    [ROUND_ALL_TAKEN] = {"everybody who could help is needed more elsewhere",
                         "A larger max_helps for helpers, another offer, or a group of three."},
};

const char *reason_state_words(enum round_state state)
{
    return states[state].words;
}

const char *reason_state_remedy(enum round_state state)
{
    return states[state].remedy;
}

static void reason_count(struct buf *buf, int32_t n, const char *one, const char *many)
{
    buf_addf(buf, "%d %s", (int)n, n == 1 ? one : many);
}

static const struct zone_estimate *reason_estimate(const struct round *round, int32_t person,
                                                   int32_t skill)
{
    return &round->fit->estimates[(size_t)person * (size_t)round->n_skills + (size_t)skill];
}

void reason_write_evidence(struct buf *buf, const struct round *round, int32_t person,
                           int32_t skill)
{
    const struct zone_estimate *e = reason_estimate(round, person, skill);
    if (e->n_evidence == 0) {
        buf_add_text(buf, "not rated in this skill yet");
    } else if (e->n_raters == 0) {
        buf_add_text(buf, "known from ");
        reason_count(buf, e->n_evidence, "own rating or task", "own ratings or tasks");
    } else {
        buf_add_text(buf, "seen on ");
        reason_count(buf, e->n_occasions > 0 ? e->n_occasions : 1, "visit", "visits");
        buf_add_text(buf, " by ");
        reason_count(buf, e->n_raters, "colleague", "colleagues");
    }
}

static void reason_add_names(struct buf *buf, uint64_t bits, int32_t offset,
                             const struct str *names, int32_t n_names, int *n)
{
    for (int32_t k = 0; k < 64 && k + offset < n_names; k++) {
        if (bits >> k & 1 && *n < 2) {
            buf_add_text(buf, *n > 0 ? ", " : "");
            buf_add(buf, names[k + offset]);
            ++*n;
        }
    }
}

/* Joins parts with ", ". */
static void reason_part(struct buf *buf, bool *any)
{
    buf_add_text(buf, *any ? ", " : "both ");
    *any = true;
}

bool reason_write_common(struct buf *buf, const struct round *round, int32_t u, int32_t v)
{
    const struct roster *roster = round->roster;
    const struct roster_person *a = &roster->people[u], *b = &roster->people[v];
    bool any = false;
    int32_t column =
        roster->unit_column != ROSTER_NONE ? roster->unit_column : round->options.within;
    if (column != ROSTER_NONE) {
        struct str mine = roster_value(roster, u, column);
        if (mine.n > 0 && str_equal(mine, roster_value(roster, v, column))) {
            reason_part(buf, &any);
            buf_add_text(buf, "in ");
            buf_add(buf, mine);
        }
    }
    if ((a->languages & b->languages) != 0 && roster->n_languages > 1) {
        int n = 0;
        reason_part(buf, &any);
        buf_add_text(buf, "speak ");
        reason_add_names(buf, a->languages & b->languages, 0, roster->languages,
                         roster->n_languages, &n);
    }
    int free = 0;
    for (int w = 0; w < ROSTER_PERIOD_WORDS; w++) {
        uint64_t bits = a->free_periods[w] & b->free_periods[w];
        if (bits != 0 && free == 0) {
            reason_part(buf, &any);
            buf_add_text(buf, "free at ");
        }
        reason_add_names(buf, bits, 64 * w, roster->periods, roster->n_periods, &free);
    }
    return any;
}

static const char *const origin_words[ROUND_ORIGIN__MAX] = {
    [ROUND_CHOSEN] = "",
    [ROUND_MUST] = "Asked for by a rule. ",
    [ROUND_KEPT] = "Goes on from before. ",
};

void reason_write(struct buf *buf, const struct round *round, const struct round_proposal *p)
{
    const struct roster *roster = round->roster;
    const struct roster_person *learner = &roster->people[p->learner];
    const struct roster_person *helper = &roster->people[p->helper];
    buf_add_text(buf, origin_words[p->origin]);
    if (p->skill == ROSTER_NONE) {
        buf_add_text(buf, round->options.strategy == ROUND_RANDOM ? "Drawn by lot; " : "");
        buf_add_text(buf, "no skill is known in which one can help the other");
    } else {
        buf_add(buf, helper->label);
        buf_addf(buf, " can do alone %s of what ", reason_reach_words(p->reach));
        buf_add(buf, learner->label);
        buf_add_text(buf, " is ready for in ");
        buf_add(buf, roster->skills[p->skill].name);
        buf_add_text(buf, "; ");
        reason_write_evidence(buf, round, p->helper, p->skill);
    }
    buf_add_text(buf, ".");
    size_t before = buf->n;
    buf_add_text(buf, " ");
    if (reason_write_common(buf, round, p->learner, p->helper)) {
        buf_add_text(buf, ".");
        if (buf->err == ERR_OK) {
            buf->p[before + 1] = 'B'; /* "both ..." begins the sentence */
        }
    } else if (buf->err == ERR_OK) {
        buf->p[buf->n = before] = '\0';
    }
}

void reason_write_short(struct buf *buf, const struct round *round, const struct round_proposal *p,
                        const char *space)
{
    if (p->origin != ROUND_CHOSEN) {
        buf_add_text(buf, p->origin == ROUND_MUST ? "by rule; " : "goes on; ");
    }
    if (p->skill == ROSTER_NONE) {
        buf_add_text(buf, "no skill is known");
        return;
    }
    const struct zone_estimate *e = reason_estimate(round, p->helper, p->skill);
    buf_addf(buf, "%s (", reason_reach_words(p->reach));
    int visits = e->n_occasions > 0 ? (int)e->n_occasions : 1;
    if (e->n_raters > 0) {
        buf_addf(buf, "%d%s%s%sby%s%d)", visits, space, visits == 1 ? "visit" : "visits", space,
                 space, (int)e->n_raters);
    } else {
        buf_add_text(buf, e->n_evidence > 0 ? "own view or tasks)" : "not rated yet)");
    }
}

void reason_write_bar(struct buf *buf, const struct round *round, int32_t u, int32_t v)
{
    const struct roster *roster = round->roster;
    int32_t column;
    switch (round_bar_of(round, u, v, &column)) {
    case ROUND_BAR_SELF:
        buf_add_text(buf, "nobody can be their own partner");
        break;
    case ROUND_BAR_NEVER:
        buf_add_text(buf, "a rule says that they never work together");
        break;
    case ROUND_BAR_EVALUATOR:
        buf_add_text(buf, "one of them evaluates the other, and an evaluator is never a partner");
        break;
    case ROUND_BAR_COLUMN:
        buf_add_text(buf, "partners must agree in ");
        buf_add(buf, roster->columns[column].name);
        buf_add_text(buf, ", and they do not");
        break;
    case ROUND_BAR_LANGUAGE:
        buf_add_text(buf, "they share no language");
        break;
    case ROUND_BAR_PERIOD:
        buf_add_text(buf, "they share no free period");
        break;
    default:
        buf_add_text(buf, "the rules allow it");
        break;
    }
}
