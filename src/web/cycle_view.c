/* Parts of the page of a cycle: where it is, what was said, the protocol of its stage; see
 * cycle_view.h. */
#include "web/cycle_view.h"

#include "coach/cycle_template.h"
#include "coach/frameworks.h"
#include "coach/zones.h"
#include "web/coaching_view.h"
#include "web/cycle_words.h"
#include "web/page.h"
#include "web/skill_view.h"

void cycle_view_steps(struct page *page, const struct cycle *cycle)
{
    struct part_link links[CYCLE_STAGE__MAX];
    for (int s = 0; s < CYCLE_STAGE__MAX; s++) {
        links[s] = (struct part_link){
            .text = T(page, cycle_words((enum cycle_stage)s, cycle->way)->name), .url = str_of("")};
    }
    part_steps(&page->html,
               &(struct part_steps){.label = T(page, "Stages of the cycle"),
                                    .done = T(page, "done"),
                                    .current = T(page, "now"),
                                    .steps = links,
                                    .n = CYCLE_STAGE__MAX,
                                    .at = cycle->state == CYCLE_DONE ? CYCLE_STAGE__MAX
                                                                     : (size_t)cycle->stage});
}

static struct str outcome(struct page *page, enum cycle_outcome outcome)
{
    switch (outcome) {
    case CYCLE_OUTCOME_DONE:
        return T(page, "Done");
    case CYCLE_OUTCOME_PARTLY:
        return T(page, "Partly");
    case CYCLE_OUTCOME_NOT_YET:
        return T(page, "Not yet");
    default:
        return str_of("");
    }
}

/* What can have been said; bits of a set. */
enum {
    GOAL = 1 << 0,
    TASK = 1 << 1,
    LOOK_FOR = 1 << 2,
    STRENGTH = 1 << 3,
    HELP = 1 << 4,
    STEP = 1 << 5,
    STEP_DAY = 1 << 6,
    OUTCOME = 1 << 7,
    FOUND = 1 << 8,
};

/* What a stage goes on from, to have at hand when one begins; what is written in its form. */
static const unsigned at_hand[CYCLE_STAGE__MAX] = {
    [CYCLE_VISIT] = GOAL | TASK | LOOK_FOR,   [CYCLE_FEEDBACK] = GOAL | LOOK_FOR,
    [CYCLE_SOLVE] = GOAL | STRENGTH,          [CYCLE_CHECK] = STEP | STEP_DAY,
    [CYCLE_REFLECT] = GOAL | OUTCOME | FOUND,
};
static const unsigned in_form[CYCLE_STAGE__MAX] = {
    [CYCLE_PLAN] = GOAL | TASK | LOOK_FOR,
    [CYCLE_FEEDBACK] = STRENGTH | HELP,
    [CYCLE_SOLVE] = STEP | STEP_DAY,
    [CYCLE_CHECK] = OUTCOME | FOUND,
};

static unsigned said(const struct cycle *cycle)
{
    return (cycle->goal.n ? GOAL : 0u) | (cycle->task.n ? TASK : 0u) |
           (cycle->look_for.n ? LOOK_FOR : 0u) | (cycle->strength.n ? STRENGTH : 0u) |
           (cycle->has_support_given ? HELP : 0u) | (cycle->step.n ? STEP : 0u) |
           (cycle->step_day ? STEP_DAY : 0u) |
           (cycle->outcome != CYCLE_OUTCOME_NONE ? OUTCOME : 0u) | (cycle->found.n ? FOUND : 0u);
}

static void term(struct page *page, unsigned shown, const char *name, struct str value)
{
    if (shown) {
        part_term_open(&page->html, T(page, name));
        part_written(&page->html, value);
        part_term_close(&page->html);
    }
}

static void write_terms(struct page *page, const struct cycle *cycle, unsigned set)
{
    struct html *h = &page->html;
    part_terms_open(h);
    term(page, set & GOAL, N_("Goal"), cycle->goal);
    term(page, set & TASK, N_("Task"), cycle->task);
    term(page, set & LOOK_FOR, N_("To look for"), cycle->look_for);
    term(page, set & STRENGTH, N_("A strength"), cycle->strength);
    term(page, set & HELP, N_("How much help"), skill_view_support(page, cycle->support_given));
    term(page, set & STEP, N_("Next step"), cycle->step);
    if (set & STEP_DAY) {
        part_term_open(h, cycle->outcome == CYCLE_OUTCOME_NONE ? T(page, "To be looked at again")
                                                               : T(page, "Looked at again"));
        page_write_day(page, cycle->step_day);
        part_term_close(h);
    }
    term(page, set & OUTCOME, N_("How far it went"), outcome(page, cycle->outcome));
    term(page, set & FOUND, N_("What happened"), cycle->found);
    part_terms_close(h);
}

void cycle_view_at_hand(struct page *page, const struct cycle *cycle)
{
    unsigned set = said(cycle) & at_hand[cycle->stage];
    if (set) {
        write_terms(page, cycle, set);
    }
}

void cycle_view_said(struct page *page, const struct cycle *cycle)
{
    unsigned set = said(cycle);
    if (cycle->state == CYCLE_OPEN) {
        set &= ~at_hand[cycle->stage];
        set &= cycle->runs && cycle_view_writes(page, cycle) ? ~in_form[cycle->stage] : ~0u;
    }
    if (set) {
        part_section_open(&page->html, str_of("said"), T(page, "So far"));
        write_terms(page, cycle, set);
        part_section_close(&page->html);
    }
}

/* ---- the protocol ---- */

/* A model to read: how the next level of the skill looks. */
static void write_model(struct page *page, const struct cycle *cycle)
{
    struct html *h = &page->html;
    struct framework *framework;
    struct zones_skill zone;
    int64_t id;
    enum err err = frameworks_of_skill(&page->coach, cycle->skill_id, &id);
    err = err ? err
              : frameworks_get(&page->coach, id, page->locale,
                               FRAMEWORKS_LEVELS | FRAMEWORKS_RETIRED, &framework);
    err =
        err ? err : zones_of_skill(&page->coach, page->me.id, cycle->skill_id, page->locale, &zone);
    const struct framework_skill *skill =
        err ? NULL : framework_find_skill(framework, cycle->skill_id);
    if (err || !skill || !skill->levels) {
        h->err = h->err ? h->err : err;
        return;
    }
    int32_t level = zone.enough ? (int32_t)zone.alone_level + 1 : skill->n_levels - 1;
    level = level < 2 ? 2 : level > skill->n_levels ? skill->n_levels : level;
    struct str text = skill->levels[level - 1].words.description;
    if (text.n) {
        part_heading(h, 3, str_of("model"), T(page, "How it looks when it works"));
        part_written(h, text);
    }
}

static void write_guide(struct page *page, const struct cycle *cycle,
                        const struct cycle_words *words)
{
    struct html *h = &page->html;
    enum evidence_support support = cycle->support_planned;
    part_section_open(h, str_of("guide"), T(page, "From the guide"));
    part_paragraph(h, T(page, cycle_words_support[support]));
    bool shows = support == EVIDENCE_JOINT || support == EVIDENCE_MODELLED;
    if (shows && (cycle->stage == CYCLE_PLAN || cycle->stage == CYCLE_VISIT)) {
        write_model(page, cycle);
    }
    if (support != EVIDENCE_INDEPENDENT) {
        coaching_view_lines(page, words->guide, false);
    }
    part_section_close(h);
}

/* The programme's own lines, or those that Duet brings. */
static void lines(struct page *page, const struct cycle_own_words *own,
                  const struct cycle_lines *theirs, const char *const *ours, bool numbered)
{
    struct html *h = &page->html;
    if (!own->own) {
        coaching_view_lines(page, ours, numbered);
        return;
    }
    if (theirs->n == 0) {
        return;
    }
    part_list_open(h, numbered);
    for (int32_t k = 0; k < theirs->n; k++) {
        part_list_item(h);
        html_text(h, theirs->items[k]);
    }
    part_list_close(h);
}

static const struct cycle_own_words *own_words(struct page *page, const struct cycle *cycle,
                                               const struct cycle_template *template)
{
    return cycle_template_words(template, cycle_template_part(cycle->stage, cycle->way),
                                page->locale);
}

struct str cycle_view_purpose(struct page *page, const struct cycle *cycle)
{
    struct cycle_template template;
    enum err err = cycle_template_of(&page->coach, cycle->partnership_id, &template);
    if (err) {
        page->html.err = page->html.err ? page->html.err : err;
        return str_of("");
    }
    const struct cycle_own_words *own = own_words(page, cycle, &template);
    const struct cycle_words *words = cycle_words(cycle->stage, cycle->way);
    if (cycle->guide && words->alone) {
        return T(page, words->alone);
    }
    return own->own ? own->purpose : T(page, words->purpose);
}

void cycle_view_who(struct page *page, const struct cycle *cycle)
{
    bool learns = cycle->learner_id == page->me.id, helps = cycle->helper_id == page->me.id;
    bool watches = cycle->stage == CYCLE_VISIT && cycle->way == CYCLE_OBSERVE;
    bool models = cycle->stage == CYCLE_VISIT && cycle->way == CYCLE_MODEL;
    const char *text =
        learns
            ? (watches  ? N_("{name} visits you. What follows is for {name}; you teach as always.")
               : models ? N_("You visit {name}, and watch how it can be done.")
                        : N_("{name} helps you in this cycle."))
            : (watches  ? N_("You visit {name}.")
               : models ? N_("{name} visits you, and watches how you do it.")
                        : N_("You help {name} in this cycle."));
    if (!cycle->guide && (learns || helps)) {
        part_paragraph(&page->html,
                       FILL(page, T(page, text),
                            CATALOG_TEXT("name", learns ? cycle->helper : cycle->learner)));
    }
}

void cycle_view_protocol(struct page *page, const struct cycle *cycle)
{
    struct html *h = &page->html;
    const struct cycle_words *words = cycle_words(cycle->stage, cycle->way);
    struct cycle_template template;
    enum err err = cycle_template_of(&page->coach, cycle->partnership_id, &template);
    if (err) {
        h->err = h->err ? h->err : err;
        return;
    }
    if (cycle->guide) {
        write_guide(page, cycle, words);
        return;
    }
    if (template.prepare && cycle->helper_id == page->me.id &&
        (cycle->stage == CYCLE_PLAN || cycle->stage == CYCLE_VISIT)) {
        part_section_open(h, str_of("prepare"), T(page, "To prepare"));
        part_paragraph(h, T(page, "A quarter of an hour, some days before. Who prepares to help "
                                  "learns most."));
        coaching_view_lines(page, cycle_words_prepare, false);
        part_buttons_open(h);
        part_button_link(h, PART_BUTTON_QUIET, PART_ICON_NONE, T(page, "Levels and tasks"),
                         page_path(page, "/skills/{}", html_int(cycle->skill_id)));
        if (!cycle->prepared_ms && cycle->runs) {
            page_button_form(page, page_path(page, "/cycles/{}/prepared", html_int(cycle->id)),
                             &(struct part_button){.text = T(page, "I have prepared"),
                                                   .kind = PART_BUTTON_PLAIN,
                                                   .icon = PART_ICON_CHECK});
        }
        part_buttons_close(h);
        part_section_close(h);
    }
    part_section_open(h, str_of("protocol"), T(page, "How to do it"));
    const struct cycle_own_words *own = own_words(page, cycle, &template);
    if (!own->own || own->before.n) {
        bool theirs = !own->own && words->learners && cycle->helper_id == page->me.id;
        part_heading(h, 3, str_of("before"),
                     theirs ? FILL(page, T(page, "Before you meet, {name} thinks of this"),
                                   CATALOG_TEXT("name", cycle->learner))
                            : T(page, "Before you meet"));
        lines(page, own, &own->before, words->before, false);
    }
    part_heading(h, 3, str_of("talk"),
                 cycle->stage == CYCLE_VISIT ? T(page, "During the visit")
                                             : T(page, "In the talk"));
    lines(page, own, &own->talk, words->talk, true);
    if (!own->own || own->stems.n) {
        part_details_open(h, T(page, "Ways to begin a sentence"), false);
        lines(page, own, &own->stems, words->stems, false);
        part_details_close(h);
    }
    if (cycle->stage != CYCLE_VISIT) {
        part_details_open(h, T(page, "Help as little as is needed"), false);
        coaching_view_lines(page, cycle_words_least, true);
        part_details_close(h);
        part_quiet(h,
                   T(page, "Put the screen away while you talk. What matters can be written down "
                           "afterwards."));
    }
    part_section_close(h);
}
