/* The form of each stage of a cycle, and of evidence from it; see cycle_view.h. */
#include "base/arena.h"
#include "base/day.h"
#include "coach/cycle_template.h"
#include "coach/frameworks.h"
#include "coach/schooldays.h"
#include "web/coaching_view.h"
#include "web/cycle_view.h"
#include "web/cycle_words.h"
#include "web/page.h"
#include "web/skill_view.h"

static void text(struct page *page, int field, const char *id, struct str label, struct str hint,
                 struct str stored, bool optional)
{
    part_textarea(&page->html,
                  &(struct part_field){.id = str_of(id),
                                       .label = label,
                                       .hint = hint,
                                       .error = page_error(page, id),
                                       .optional = optional ? T(page, "optional") : str_of(""),
                                       .value = page_value(page, field, stored),
                                       .max_length = CYCLES_TEXT,
                                       .rows = 3});
}

static void supports(struct page *page, int field, const char *id, struct str label,
                     struct str hint, int64_t stored)
{
    struct part_option options[EVIDENCE_SUPPORT__MAX];
    int64_t chosen = page_value_number(page, field, stored);
    for (int k = 0; k < EVIDENCE_SUPPORT__MAX; k++) {
        enum evidence_support s = (enum evidence_support)k;
        options[k] = (struct part_option){.value = str_of(evidence_support_word(s)),
                                          .text = skill_view_support(page, s),
                                          .hint = skill_view_support_hint(page, s),
                                          .chosen = chosen == k};
    }
    part_choose(&page->html,
                &(struct part_field){
                    .id = str_of(id), .label = label, .hint = hint, .error = page_error(page, id)},
                PART_CHOICES_LIST, false, options, EVIDENCE_SUPPORT__MAX);
}

/* ---- plan ---- */

static enum err write_tasks(struct page *page, const struct cycle *cycle)
{
    struct html *h = &page->html;
    struct cycle_task *tasks;
    int32_t n;
    enum err err = cycles_tasks(&page->coach, cycle->id, page->locale, &tasks, &n);
    if (err || n == 0) {
        return err;
    }
    struct part_option *options = arena_alloc(page->arena, (size_t)n, sizeof *options);
    if (!options) {
        return ERR_NOMEM;
    }
    int64_t chosen = page_value_number(page, CYCLE_F_TASK, cycle->task_id);
    for (int32_t k = 0; k < n; k++) {
        options[k] = (struct part_option){.value = page_digits(page, tasks[k].id),
                                          .text = tasks[k].name,
                                          .group = tasks[k].in_zone
                                                       ? T(page, "Where help makes most difference")
                                                       : T(page, "Other tasks"),
                                          .chosen = tasks[k].id == chosen};
    }
    part_select(h,
                &(struct part_field){.id = str_of("task_id"),
                                     .label = T(page, "A task to try"),
                                     .optional = T(page, "optional"),
                                     .error = page_error(page, "task")},
                T(page, "in my own words"), options, (size_t)n);
    return ERR_OK;
}

static void write_way(struct page *page, const struct cycle *cycle)
{
    int64_t chosen = page_value_number(page, CYCLE_F_WAY, cycle->way);
    const struct part_option options[] = {
        {.value = str_of("observe"),
         .text = T(page, "My partner visits me"),
         .hint = T(page, "and watches what I ask for"),
         .chosen = chosen == CYCLE_OBSERVE},
        {.value = str_of("model"),
         .text = T(page, "I watch my partner first"),
         .hint = T(page, "and borrow what suits me"),
         .chosen = chosen == CYCLE_MODEL},
    };
    part_choose(&page->html,
                &(struct part_field){.id = str_of("way"), .label = T(page, "Who visits whom?")},
                PART_CHOICES_LIST, false, options, 2);
}

static enum err form_plan(struct page *page, const struct cycle *cycle)
{
    struct html *h = &page->html;
    text(page, CYCLE_F_GOAL, "goal", T(page, "My goal"),
         T(page, "What will be seen or heard when it works?"), cycle->goal, false);
    enum err err = write_tasks(page, cycle);
    part_input(
        h, &(struct part_field){.id = str_of("task"),
                                .label = T(page, "What I will try, in my own words"),
                                .optional = T(page, "optional"),
                                .value = page_value(page, CYCLE_F_OWN_TASK,
                                                    cycle->task_id ? str_of("") : cycle->task)});
    text(page, CYCLE_F_LOOK_FOR, "look_for",
         cycle->guide ? T(page, "What I will watch for")
                      : T(page, "What my partner shall watch for"),
         str_of(""), cycle->look_for, true);
    struct cycle_template template;
    err = err ? err : cycle_template_of(&page->coach, cycle->partnership_id, &template);
    if (!err && !cycle->guide && template.model) {
        write_way(page, cycle);
    }
    supports(
        page, CYCLE_F_SUPPORT_PLANNED, "support_planned", T(page, "How much help shall there be?"),
        cycle->first ? T(page, "Much at first, and less from one cycle to the next. You decide.")
                     : T(page, "Proposed: a little less than last time. You decide."),
        cycle->support_planned);
    return err;
}

/* ---- the others ---- */

/* Who watches and keeps lines: the helper who observes, the learner who watches a model, who works
 * with the guide. */
static bool visits(struct page *page, const struct cycle *cycle)
{
    bool helper = cycle->way == CYCLE_OBSERVE && !cycle->guide;
    return page->me.id == (helper ? cycle->helper_id : cycle->learner_id);
}

static enum err form_visit(struct page *page, const struct cycle *cycle)
{
    struct html *h = &page->html;
    if (visits(page, cycle)) {
        part_buttons_open(h);
        part_button_link(h, PART_BUTTON_PLAIN, PART_ICON_EDIT, T(page, "Open the pad"),
                         page_path(page, "/cycles/{}/pad", html_int(cycle->id)));
        part_buttons_close(h);
    }
    return ERR_OK;
}

static enum err form_feedback(struct page *page, const struct cycle *cycle)
{
    text(page, CYCLE_F_STRENGTH, "strength", T(page, "A strength that was seen"),
         T(page, "With the moment in which it was seen."), cycle->strength, false);
    supports(page, CYCLE_F_SUPPORT_GIVEN, "support_given", T(page, "How much help was there?"),
             str_of(""), cycle->has_support_given ? (int64_t)cycle->support_given : -1);
    return ERR_OK;
}

static enum err form_solve(struct page *page, const struct cycle *cycle)
{
    char first[DAY_TEXT_SIZE], last[DAY_TEXT_SIZE], stored[DAY_TEXT_SIZE];
    struct schooldays days;
    struct cycle_template template;
    enum err err = cycle_template_of(&page->coach, cycle->partnership_id, &template);
    err = err ? err : schooldays_load(&page->coach, &days);
    if (err) {
        return err;
    }
    int32_t last_day = page->today + template.step_days;
    int32_t next = schooldays_next(&days, page->today + 7);
    if (next > last_day) { /* holidays begin: before them */
        next = page->today + 7 < last_day ? page->today + 7 : last_day;
    }
    day_write(page->today, first);
    day_write(last_day, last);
    day_write(cycle->step_day ? cycle->step_day : next, stored);
    text(page, CYCLE_F_STEP, "step", T(page, "My next step"),
         T(page, "One thing: when, with which class, what exactly."), cycle->step, false);
    part_input(&page->html,
               &(struct part_field){.id = str_of("step_day"),
                                    .label = T(page, "We look at it again on"),
                                    .type = "date",
                                    .min = str_of(first),
                                    .max = str_of(last),
                                    .width = PART_FIELD_HALF,
                                    .error = page_error(page, "step_day"),
                                    .value = page_value(page, CYCLE_F_STEP_DAY, str_of(stored))});
    return ERR_OK;
}

static enum err form_check(struct page *page, const struct cycle *cycle)
{
    int64_t chosen = page_value_number(page, CYCLE_F_OUTCOME, (int64_t)cycle->outcome - 1);
    const struct part_option options[] = {
        {.value = str_of("done"),
         .text = T(page, "Done"),
         .hint = str_of(""),
         .chosen = chosen == 0},
        {.value = str_of("partly"),
         .text = T(page, "Partly"),
         .hint = str_of(""),
         .chosen = chosen == 1},
        {.value = str_of("not_yet"),
         .text = T(page, "Not yet"),
         .hint = str_of(""),
         .chosen = chosen == 2},
    };
    part_choose(&page->html,
                &(struct part_field){.id = str_of("outcome"),
                                     .label = T(page, "How far did it go?"),
                                     .error = page_error(page, "outcome")},
                PART_CHOICES_LIST, false, options, 3);
    text(page, CYCLE_F_FOUND, "found", T(page, "What happened"), str_of(""), cycle->found, true);
    return ERR_OK;
}

static enum err form_reflect(struct page *page, const struct cycle *cycle)
{
    part_paragraph(
        &page->html,
        cycle->guide ? T(page, "When you have written what you learned as a note, close the cycle.")
                     : T(page, "When each of you has written what they learned as a note, close "
                               "the cycle."));
    return ERR_OK;
}

static const struct {
    enum err (*write)(struct page *page, const struct cycle *cycle);
    const char *learner; /* what the learner alone writes, said to the others; NULL: both */
    const char *complete, *alone; /* said with a partner; with the guide (NULL: the same) */
    bool keeps;                   /* there is something to keep for later */
} forms[CYCLE_STAGE__MAX] = {
    [CYCLE_PLAN] = {form_plan,
                    N_("{name} writes down the plan after your talk, and goes on from here. You "
                       "see it on this page."),
                    N_("The plan is made"), NULL, true},
    [CYCLE_VISIT] = {form_visit, NULL, N_("The visit has taken place"), N_("I have done that"),
                     false},
    [CYCLE_FEEDBACK] = {form_feedback, NULL, N_("We have talked about it"),
                        N_("I have thought about it"), true},
    [CYCLE_SOLVE] = {form_solve,
                     N_("{name} writes down the step after your talk, and goes on from here. You "
                        "see it on this page."),
                     N_("That is the step"), NULL, true},
    [CYCLE_CHECK] = {form_check,
                     N_("{name} writes down what came of the step, and goes on from here. You see "
                        "it on this page."),
                     N_("We have looked at it"), N_("I have looked at it"), true},
    [CYCLE_REFLECT] = {form_reflect, NULL, N_("Close the cycle"), NULL, false},
};

bool cycle_view_writes(struct page *page, const struct cycle *cycle)
{
    return cycle->learner_id == page->me.id ||
           (cycle->helper_id == page->me.id && !forms[cycle->stage].learner);
}

static struct str form_heading(struct page *page, const struct cycle *cycle)
{
    return cycle->stage == CYCLE_VISIT
               ? visits(page, cycle) ? T(page, "Pad") : T(page, "Afterwards")
           : cycle->stage == CYCLE_REFLECT ? T(page, "To close the cycle")
           : cycle->guide                  ? T(page, "To write down")
                                           : T(page, "To write down, afterwards");
}

void cycle_view_to_form(struct page *page, const struct cycle *cycle)
{
    if (!cycle->runs || !cycle_view_writes(page, cycle)) {
        return;
    }
    if (cycle->stage == CYCLE_VISIT) {
        if (visits(page, cycle)) {
            page_link(page, T(page, "Open the pad"),
                      page_path(page, "/cycles/{}/pad", html_int(cycle->id)));
        }
    } else if (cycle->stage == CYCLE_REFLECT) {
        page_link(page, T(page, "Write what you learned"), str_of("#notes"));
    } else {
        page_link(page, form_heading(page, cycle), str_of("#write"));
    }
}

enum err cycle_view_form(struct page *page, const struct cycle *cycle)
{
    struct html *h = &page->html;
    if (!cycle_view_writes(page, cycle)) {
        const char *text = cycle->helper_id == page->me.id ? forms[cycle->stage].learner
                                                           : N_("This is for {name} to write.");
        part_notice(h, PART_TONE_PLAIN, str_of(""),
                    FILL(page, T(page, text), CATALOG_TEXT("name", cycle->learner)));
        return ERR_OK;
    }
    part_section_open(h, str_of("write"), form_heading(page, cycle));
    page_form_open(page, page_path(page, "/cycles/{}/stages/{}", html_int(cycle->id),
                                   html_part(str_of(cycles_stage_word(cycle->stage)))));
    enum err err = forms[cycle->stage].write(page, cycle);
    const char *alone = cycle->guide ? forms[cycle->stage].alone : NULL;
    part_buttons_open(h);
    part_button(h,
                &(struct part_button){.text = T(page, alone ? alone : forms[cycle->stage].complete),
                                      .kind = PART_BUTTON_MAIN,
                                      .icon = PART_ICON_CHECK,
                                      .name = str_of("complete"),
                                      .value = str_of("1")});
    if (forms[cycle->stage].keeps) {
        part_button(h, &(struct part_button){.text = T(page, "Keep it for later"),
                                             .kind = PART_BUTTON_PLAIN});
    }
    part_buttons_close(h);
    page_form_close(page);
    part_section_close(h);
    return err;
}

/* ---- evidence ---- */

static enum err seen_levels(struct page *page, const struct cycle *cycle,
                            const struct framework_skill **skill)
{
    struct framework *framework;
    int64_t id;
    enum err err = frameworks_of_skill(&page->coach, cycle->skill_id, &id);
    err = err ? err
              : frameworks_get(&page->coach, id, page->locale,
                               FRAMEWORKS_LEVELS | FRAMEWORKS_RETIRED, &framework);
    *skill = err ? NULL : framework_find_skill(framework, cycle->skill_id);
    return err ? err : *skill && (*skill)->levels ? ERR_OK : ERR_NOT_FOUND;
}

static enum err write_levels(struct page *page, const struct cycle *cycle)
{
    const struct framework_skill *skill;
    struct part_option options[FRAMEWORK_MAX_LEVELS];
    enum err err = seen_levels(page, cycle, &skill);
    if (err) {
        return err;
    }
    for (int32_t k = 0; k < skill->n_levels; k++) {
        options[k] = (struct part_option){.value = page_digits(page, k + 1),
                                          .text = skill->levels[k].words.name,
                                          .hint = skill->levels[k].words.description};
    }
    part_choose(&page->html,
                &(struct part_field){.id = str_of("level"),
                                     .label = T(page, "What did you see?"),
                                     .hint = T(page, "It belongs to your partner, who sees it and "
                                                     "can take it out again.")},
                PART_CHOICES_LEVELS, false, options, (size_t)skill->n_levels);
    return ERR_OK;
}

enum err cycle_view_evidence(struct page *page, const struct cycle *cycle)
{
    struct html *h = &page->html;
    enum err err = ERR_OK;
    bool learner = cycle->learner_id == page->me.id, helper = cycle->helper_id == page->me.id;
    if (!cycle->has_support_given || cycle->state == CYCLE_STOPPED || (!learner && !helper)) {
        return ERR_OK;
    }
    part_section_open(h, str_of("evidence"), T(page, "For the zone"));
    if (cycle->own_evidence) {
        part_paragraph(h, T(page, "You have recorded what you saw in this cycle. It counts."));
        part_section_close(h);
        return ERR_OK;
    }
    part_details_open(h, T(page, "Record what it showed"), false);
    page_form_open(page, page_path(page, "/cycles/{}/evidence", html_int(cycle->id)));
    if (learner) {
        const struct part_option options[] = {
            {.value = str_of("1"), .text = T(page, "It worked"), .hint = str_of("")},
            {.value = str_of("0"), .text = T(page, "Not yet"), .hint = str_of("")},
        };
        part_choose(h,
                    &(struct part_field){.id = str_of("level"),
                                         .label = T(page, "What I tried: did it work?"),
                                         .hint = T(page, "It counts with the help there was.")},
                    PART_CHOICES_LIST, false, options, 2);
    } else {
        err = write_levels(page, cycle);
    }
    part_textarea(h, &(struct part_field){.id = str_of("note"),
                                          .label = T(page, "What was seen, in a sentence"),
                                          .optional = T(page, "optional"),
                                          .max_length = 500,
                                          .rows = 2,
                                          .value = str_of("")});
    part_buttons_open(h);
    part_button(h, &(struct part_button){.text = T(page, "Record it"), .kind = PART_BUTTON_PLAIN});
    part_buttons_close(h);
    page_form_close(page);
    part_details_close(h);
    part_section_close(h);
    return err;
}
