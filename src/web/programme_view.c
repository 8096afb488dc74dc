/* Programmes and rounds in words; see programme_view.h. */
#include "web/programme_view.h"

#include "base/buf.h"
#include "web/page.h"
#include "web/periods.h"

#include <stdlib.h>

#define MOST 7000       /* of what the learner is ready for, in 1 / MATCH_ONE */
#define NEARLY_ALL 9000 /* as in coach/reason.c */

struct str programme_view_state(struct page *page, enum programme_state state)
{
    static const char *const words[PROGRAMME_STATE__MAX] = {
        [PROGRAMME_DRAFT] = N_("Draft"),
        [PROGRAMME_OPEN] = N_("Open"),
        [PROGRAMME_RUNNING] = N_("Under way"),
        [PROGRAMME_CLOSED] = N_("Closed"),
    };
    return T(page, words[state]);
}

struct str programme_view_strategy(struct page *page, enum programme_strategy strategy)
{
    static const char *const words[PROGRAMME_STRATEGY__MAX] = {
        [PROGRAMME_RECIPROCAL] = N_("Pairs who help each other"),
        [PROGRAMME_GUIDE] = N_("Helpers and learners"),
        [PROGRAMME_TRIO] = N_("Groups of three"),
        [PROGRAMME_SELF] = N_("People choose themselves"),
        [PROGRAMME_RANDOM] = N_("Drawn by lot"),
    };
    return T(page, words[strategy]);
}

struct str programme_view_strategy_about(struct page *page, enum programme_strategy strategy)
{
    static const char *const words[PROGRAMME_STRATEGY__MAX] = {
        [PROGRAMME_RECIPROCAL] =
            N_("Two people, each of whom can help the other where possible. Everybody both helps "
               "and is helped; nobody has more than one partner."),
        [PROGRAMME_GUIDE] =
            N_("Whoever can help guides one or several colleagues, each in one skill. Reaches the "
               "most people where few can help; the load is uneven."),
        [PROGRAMME_TRIO] =
            N_("Three people who help each other. More views and less depends on one person, but "
               "harder to find a time for."),
        [PROGRAMME_SELF] =
            N_("Nobody is matched: people ask colleagues, with suggestions. In the comparison: "
               "what comes about when everybody asks whoever can help them most."),
        [PROGRAMME_RANDOM] =
            N_("Pairs by chance within the rules. A floor to compare with, and a way to get to "
               "know each other."),
    };
    return T(page, words[strategy]);
}

struct str programme_view_dates(struct page *page, const struct programme *programme)
{
    return FILL(page, T(page, "{from} to {until}"),
                CATALOG_TEXT("from", page_day(page, programme->starts_day)),
                CATALOG_TEXT("until", page_day(page, programme->ends_day)));
}

struct str programme_view_part(struct page *page, enum taking_part part)
{
    static const char *const words[PART__MAX] = {
        [PART_INVITED] = N_("asked, no answer yet"),
        [PART_IN] = N_("takes part"),
        [PART_OUT] = N_("does not take part"),
    };
    return T(page, words[part]);
}

enum err programme_view_problem(struct page *page, int64_t programme_id,
                                enum rounds_problem problem, int64_t rule_id, struct str *text)
{
    static const char *const words[ROUNDS_PROBLEM__MAX] = {
        [ROUNDS_FINE] = "",
        [ROUNDS_RULE] =
            N_("An exception says that somebody must help somebody, but that does not go "
               "together with the other rules. Look at the exceptions."),
        [ROUNDS_LOCKED] = N_("What is locked no longer goes together with the rules. Unlock it, or "
                             "discard the round and begin a new one."),
        [ROUNDS_FEW] = N_("Fewer than two people take part so far."),
        [ROUNDS_LARGE] =
            N_("This way of matching cannot do so many people at once. Choose another, "
               "or make programmes of fewer units."),
        [ROUNDS_BROKEN] = N_("Something went wrong that should not. Try again; if it stays, tell "
                             "whoever runs this server."),
    };
    struct programme_rules rules = {0};
    *text = words[problem][0] ? T(page, words[problem]) : str_of("");
    if (problem != ROUNDS_RULE) {
        return ERR_OK;
    }
    enum err err = programmes_rules(&page->coach, programme_id, &rules);
    for (size_t k = 0; k < rules.n && !err; k++) {
        if (rules.items[k].id == rule_id) {
            *text = FILL(page,
                         T(page, "An exception says that {helper} must help {learner}, but that "
                                 "does not go together with the other rules: whom they may work "
                                 "with, how many each takes on, or another exception for one of "
                                 "them."),
                         CATALOG_TEXT("helper", rules.items[k].other),
                         CATALOG_TEXT("learner", rules.items[k].person));
        }
    }
    return err;
}

static const struct {
    const char *why, *remedy;
} states[ROUND_STATE__MAX] = {
    [ROUND_IS_SERVED] = {N_("Receives help"), ""},
    [ROUND_ONLY_HELPS] = {N_("Helps a colleague, and receives no help in turn"),
                          N_("A goal where none was given, more offers in the skills they need, or "
                             "a wider choice of "
                             "partners would change that.")},
    [ROUND_NO_NEED] = {N_("Has not said what they want to grow in"),
                       N_("One goal in a skill of this programme is enough.")},
    [ROUND_NO_WISH] = {N_("Has no room for a partner to learn from"),
                       N_("They can change how many partners they take.")},
    [ROUND_NOBODY_CAN] = {N_("Nobody who offers help, and has room for it, can help enough yet"),
                          N_("An offer from elsewhere, another goal, or the built-in guide.")},
    [ROUND_RULED_OUT] = {N_("The rules leave out everybody who could help"),
                         N_("A wider choice of partners or fewer rules would change that.")},
    [ROUND_ALL_TAKEN] = {N_("Everybody who could help is needed more elsewhere"),
                         N_("Helpers who take on more people, another offer, or groups of three.")},
};

struct str programme_view_why(struct page *page, enum round_state state)
{
    return T(page, states[state].why);
}

struct str programme_view_remedy(struct page *page, enum round_state state)
{
    return states[state].remedy[0] ? T(page, states[state].remedy) : str_of("");
}

/* ---- one direction of help ---- */

static struct str fit_words(struct page *page, const struct rounds_row *row)
{
    const char *text =
        row->reach >= NEARLY_ALL
            ? N_("{helper} offers it and brings nearly all of what {learner} is ready for.")
        : row->reach >= MOST
            ? N_("{helper} offers it and brings most of what {learner} is ready for.")
            : N_("{helper} offers it and brings a good part of what {learner} is ready for.");
    return FILL(page, T(page, text), CATALOG_TEXT("helper", row->helper),
                CATALOG_TEXT("learner", row->learner));
}

static struct str goal_words(struct page *page, const struct rounds_row *row)
{
    static const char *const words[] = {N_("It is {learner}'s first goal."),
                                        N_("It is {learner}'s second goal."),
                                        N_("It is {learner}'s third goal.")};
    if (row->priority < 1 || row->priority > 3) {
        return str_of("");
    }
    return FILL(page, T(page, words[row->priority - 1]), CATALOG_TEXT("learner", row->learner));
}

static struct str evidence_words(struct page *page, const struct rounds_row *row)
{
    if (row->n_raters > 0) {
        int32_t n = row->n_visits > 0 ? row->n_visits : 1;
        return FILL(page, TN(page, "That rests on {n} visit.", "That rests on {n} visits.", n),
                    CATALOG_INT("n", n));
    }
    return row->n_evidence > 0 ? T(page, "That rests on own ratings or tasks, not on visits yet.")
                               : T(page, "Nobody has seen this yet: it rests on the offer alone.");
}

static struct str period_words(struct page *page, struct str period)
{
    size_t day, number;
    if (!periods_read(period, &day, &number)) {
        return str_of("");
    }
    return FILL(page, T(page, "Both are free on {day}, period {n}."),
                CATALOG_TEXT("day", periods_day_name(page, day)),
                CATALOG_INT("n", (int64_t)number));
}

static void sentence(struct page *page, struct str text)
{
    if (text.n) {
        html_text(&page->html, text);
        html_text(&page->html, str_of(" "));
    }
}

static struct str origin_words(struct page *page, const struct rounds_row *row)
{
    return row->by_hand                ? T(page, "Put together by hand.")
           : row->origin == ROUND_MUST ? T(page, "An exception asks for it.")
           : row->origin == ROUND_KEPT ? T(page, "They go on from an earlier programme.")
                                       : str_of("");
}

void programme_view_row(struct page *page, const struct rounds_row *row)
{
    struct html *h = &page->html;
    html_open(h, EL_P);
    html_sentence(h,
                  row->skill.n ? T(page, "{helper} helps {learner} with {skill}.")
                               : T(page, "{helper} and {learner} work together."),
                  (const struct html_slot[]){
                      {.name = "helper", .kind = HTML_SLOT_PERSON, .text = row->helper},
                      {.name = "learner", .kind = HTML_SLOT_PERSON, .text = row->learner},
                      {.name = "skill", .kind = HTML_SLOT_STRONG, .text = row->skill}},
                  3);
    html_close(h, EL_P);
    html_open_class(h, EL_P, "quiet");
    sentence(page, origin_words(page, row));
    if (row->skill.n) {
        sentence(page, goal_words(page, row));
        sentence(page, fit_words(page, row));
        sentence(page, evidence_words(page, row));
    } else {
        sentence(page, T(page, "No skill is known in which one can help the other."));
    }
    if (row->unit.n) {
        sentence(page, FILL(page, T(page, "Both are at {unit}."), CATALOG_TEXT("unit", row->unit)));
    }
    sentence(page, row->period.n ? period_words(page, row->period) : str_of(""));
    html_close(h, EL_P);
}

struct str programme_view_gain(struct page *page, int64_t gain)
{
    struct buf buf;
    struct str text;
    int64_t tenths = (llabs(gain) + 500) / 1000;
    buf_init(&buf, page->arena, 40);
    buf_add_text(&buf, gain < 0 && tenths > 0 ? "\xE2\x88\x92" : "");
    buf_add_int(&buf, tenths / 10);
    buf_add(&buf, catalog_decimal(page->catalog));
    buf_add_int(&buf, tenths % 10);
    return buf_end(&buf, &text) == ERR_OK ? text : str_of("");
}

/* ---- the frame of the pages ---- */

void programme_view_tabs(struct page *page, int64_t id, enum programme_tab at)
{
    static const struct {
        const char *text, *path;
    } tabs[PROGRAMME_TAB__MAX] = {
        [PROGRAMME_TAB_PLAN] = {N_("Overview"), "/programmes/{}/plan"},
        [PROGRAMME_TAB_PEOPLE] = {N_("People"), "/programmes/{}/people"},
        [PROGRAMME_TAB_SKILLS] = {N_("Skills"), "/programmes/{}/skills"},
        [PROGRAMME_TAB_MATCHING] = {N_("Matching"), "/programmes/{}/matching"},
        [PROGRAMME_TAB_EXCEPTIONS] = {N_("Exceptions"), "/programmes/{}/exceptions"},
        [PROGRAMME_TAB_COMPARE] = {N_("Compare"), "/programmes/{}/compare"},
        [PROGRAMME_TAB_ACTIVITY] = {N_("Where people stand"), "/programmes/{}/overview"},
        [PROGRAMME_TAB_CYCLE] = {N_("The cycle"), "/programmes/{}/cycle"},
        [PROGRAMME_TAB_FIGURES] = {N_("Figures"), "/programmes/{}/figures"},
    };
    struct part_link links[PROGRAMME_TAB__MAX];
    for (int k = 0; k < PROGRAMME_TAB__MAX; k++) {
        links[k] = (struct part_link){T(page, tabs[k].text),
                                      page_path(page, tabs[k].path, html_int(id)), k == (int)at};
    }
    part_tabs(&page->html, T(page, "Parts of the programme"), links, PROGRAMME_TAB__MAX);
}

struct html *programme_view_open(struct page *page, const struct programme *programme,
                                 enum programme_tab at)
{
    struct html *h =
        page_open(page, &(struct page_head){.title = programme->name,
                                            .eyebrow = programme_view_state(page, programme->state),
                                            .lead = programme_view_dates(page, programme),
                                            .back = T(page, "Programmes"),
                                            .back_url = str_of("/programmes"),
                                            .nav = PAGE_NAV_PROGRAMMES,
                                            .width = PART_WIDTH_WIDE});
    programme_view_tabs(page, programme->id, at);
    return h;
}

void programme_view_others(struct page *page, int64_t round_id, int64_t person_id, struct str name)
{
    part_button_link(
        &page->html, PART_BUTTON_QUIET, PART_ICON_NONE,
        FILL(page, T(page, "Other partners for {name}"), CATALOG_TEXT("name", name)),
        page_path(page, "/rounds/{}/people/{}", html_int(round_id), html_int(person_id)));
}

enum err programme_view_refused(struct page *page, int64_t round_id)
{
    struct rounds_round round;
    enum err err = rounds_get(&page->coach, round_id, &round);
    bool told = !err && (round.state == ROUNDS_PUBLISHING || round.state == ROUNDS_PUBLISHED);
    return err ? err
               : page_go(page, told ? FLASH_ROUND_IS_PUBLISHED : FLASH_ROUND_CANNOT, 0,
                         page_path(page, "/rounds/{}", html_int(round_id)));
}
