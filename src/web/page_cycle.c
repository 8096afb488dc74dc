/* One cycle: its stage with how to do it, what was said, notes, evidence. */
#include "web/coaching_view.h"
#include "web/cycle_view.h"
#include "web/cycle_words.h"
#include "web/page.h"
#include "web/page_sets.h"

static const struct field_spec fields[CYCLE_F__MAX] = {
    [CYCLE_F_GOAL] = {.name = "goal", .type = FIELD_LINES, .max = CYCLES_TEXT},
    [CYCLE_F_LOOK_FOR] = {.name = "look_for", .type = FIELD_LINES, .max = CYCLES_TEXT},
    [CYCLE_F_TASK] = {.name = "task_id", .type = FIELD_ID},
    [CYCLE_F_OWN_TASK] = {.name = "task", .type = FIELD_TEXT, .max = 300},
    [CYCLE_F_WAY] = {.name = "way", .type = FIELD_CHOICE, .choices = "observe|model"},
    [CYCLE_F_SUPPORT_PLANNED] = {.name = "support_planned",
                                 .type = FIELD_CHOICE,
                                 .choices = "independent|prompted|modelled|joint"},
    [CYCLE_F_STRENGTH] = {.name = "strength", .type = FIELD_LINES, .max = CYCLES_TEXT},
    [CYCLE_F_SUPPORT_GIVEN] = {.name = "support_given",
                               .type = FIELD_CHOICE,
                               .choices = "independent|prompted|modelled|joint"},
    [CYCLE_F_STEP] = {.name = "step", .type = FIELD_LINES, .max = CYCLES_TEXT},
    [CYCLE_F_STEP_DAY] = {.name = "step_day", .type = FIELD_DATE},
    [CYCLE_F_OUTCOME] = {.name = "outcome", .type = FIELD_CHOICE, .choices = "done|partly|not_yet"},
    [CYCLE_F_FOUND] = {.name = "found", .type = FIELD_LINES, .max = CYCLES_TEXT},
    [CYCLE_F_COMPLETE] = {.name = "complete", .type = FIELD_BOOL},
};

enum { F_LEVEL, F_NOTE, F_EVIDENCE__MAX };
static const struct field_spec evidence_fields[F_EVIDENCE__MAX] = {
    [F_LEVEL] = {.name = "level", .type = FIELD_INT, .least = 0, .most = 12},
    [F_NOTE] = {.name = "note", .type = FIELD_LINES, .max = 500},
};

static struct str own_path(struct page *page)
{
    return page_path(page, "/cycles/{}", html_int(page_id(page, "id")));
}

/* ---- the page ---- */

static void write_state(struct page *page, const struct cycle *cycle)
{
    struct html *h = &page->html;
    if (cycle->state == CYCLE_STOPPED) {
        part_notice(h, PART_TONE_PLAIN, T(page, "This cycle was stopped"),
                    T(page, "What was written stays. You can begin another at any time."));
    } else if (cycle->state == CYCLE_DONE) {
        part_next_open(h, T(page, "Next"), T(page, "This cycle is done"));
        part_paragraph(h, cycle->guide
                              ? T(page, "Go on with another cycle, or end it here.")
                              : T(page, "Swap roles, go on with another cycle, or end it here."));
        part_buttons_open(h);
        part_button_link(h, PART_BUTTON_MAIN, PART_ICON_ARROW, T(page, "Choose what comes next"),
                         page_path(page, "/partnerships/{}#work", html_int(cycle->partnership_id)));
        part_buttons_close(h);
        part_next_close(h);
    } else if (!cycle->runs) {
        part_notice(h, PART_TONE_CARE, T(page, "This waits"),
                    T(page, "It goes on when the agreement is signed and nothing is paused."));
    }
}

static void write_actions(struct page *page, const struct cycle *cycle)
{
    struct html *h = &page->html;
    if (cycle->state != CYCLE_OPEN) {
        return;
    }
    part_buttons_open(h);
    if (cycle->can_go_back) {
        page_button_form(page, page_path(page, "/cycles/{}/back", html_int(cycle->id)),
                         &(struct part_button){.text = T(page, "One stage back"),
                                               .kind = PART_BUTTON_QUIET,
                                               .icon = PART_ICON_BACK});
    }
    page_button_ask(
        page, page_path(page, "/cycles/{}/stop", html_int(cycle->id)),
        &(struct part_button){.text = T(page, "Stop this cycle"), .kind = PART_BUTTON_QUIET},
        T(page, "Stop this cycle? What you wrote stays."));
    part_buttons_close(h);
}

static enum err show(struct page *page)
{
    struct cycle cycle;
    enum err err = cycles_get(&page->coach, page_id(page, "id"), page->locale, &cycle);
    if (err) {
        return err;
    }
    const struct cycle_words *words = cycle_words(cycle.stage, cycle.way);
    bool open = cycle.state == CYCLE_OPEN;
    page_open(page,
              &(struct page_head){
                  .title = open ? T(page, words->name) : cycle.skill,
                  .eyebrow =
                      FILL(page, T(page, "Cycle {number}: {skill}"),
                           CATALOG_INT("number", cycle.number), CATALOG_TEXT("skill", cycle.skill)),
                  .lead = open ? cycle_view_purpose(page, &cycle) : str_of(""),
                  .back = T(page, "Partnership"),
                  .back_url = page_path(page, "/partnerships/{}", html_int(cycle.partnership_id)),
                  .nav = PAGE_NAV_COACHING});
    page_errors(page);
    cycle_view_steps(page, &cycle);
    if (cycle.guide) {
        part_quiet(&page->html, T(page, "The guide is a program. It does not understand what you "
                                        "write, and nobody else reads it."));
    }
    write_state(page, &cycle);
    if (open) {
        cycle_view_who(page, &cycle);
        cycle_view_at_hand(page, &cycle);
        cycle_view_to_form(page, &cycle);
        cycle_view_protocol(page, &cycle);
    }
    bool notes_first = open && cycle.stage == CYCLE_REFLECT; /* what one writes in this stage */
    err = notes_first ? cycle_view_notes(page, &cycle) : ERR_OK;
    err = !err && cycle.runs ? cycle_view_form(page, &cycle) : err;
    cycle_view_said(page, &cycle);
    err = err ? err : cycle_view_visits(page, &cycle);
    err = err ? err : cycle_view_evidence(page, &cycle);
    err = err || notes_first ? err : cycle_view_notes(page, &cycle);
    write_actions(page, &cycle);
    return err ? err : page_close(page);
}

/* ---- writing ---- */

static struct cycle_input read_input(struct page *page)
{
    bool given = page_given(page, CYCLE_F_SUPPORT_GIVEN);
    return (struct cycle_input){
        .goal = page_text(page, CYCLE_F_GOAL),
        .look_for = page_text(page, CYCLE_F_LOOK_FOR),
        .task = page_text(page, CYCLE_F_OWN_TASK),
        .task_id = page_given(page, CYCLE_F_TASK) ? page_number(page, CYCLE_F_TASK) : 0,
        .way = page_given(page, CYCLE_F_WAY) ? (enum cycle_way)page_number(page, CYCLE_F_WAY)
                                             : CYCLE_OBSERVE,
        .support_planned = page_given(page, CYCLE_F_SUPPORT_PLANNED)
                               ? (enum evidence_support)page_number(page, CYCLE_F_SUPPORT_PLANNED)
                               : EVIDENCE_JOINT,
        .strength = page_text(page, CYCLE_F_STRENGTH),
        .has_support_given = given,
        .support_given = given ? (enum evidence_support)page_number(page, CYCLE_F_SUPPORT_GIVEN)
                               : EVIDENCE_JOINT,
        .step = page_text(page, CYCLE_F_STEP),
        .step_day =
            page_given(page, CYCLE_F_STEP_DAY) ? (int32_t)page_number(page, CYCLE_F_STEP_DAY) : 0,
        .today = page->today,
        .outcome = page_given(page, CYCLE_F_OUTCOME)
                       ? (enum cycle_outcome)(page_number(page, CYCLE_F_OUTCOME) + 1)
                       : CYCLE_OUTCOME_NONE,
        .found = page_text(page, CYCLE_F_FOUND),
    };
}

static enum err write_stage(struct page *page)
{
    struct str word = page_word(page, "stage");
    int stage = 0;
    while (stage < CYCLE_STAGE__MAX && !str_is(word, cycles_stage_word((enum cycle_stage)stage))) {
        stage++;
    }
    if (stage == CYCLE_STAGE__MAX) {
        return ERR_NOT_FOUND;
    }
    struct cycle_input in = read_input(page);
    bool complete = page_number(page, CYCLE_F_COMPLETE) != 0;
    enum err err = page->complaints.n
                       ? ERR_INVALID
                       : cycles_write(&page->coach, page_id(page, "id"), (enum cycle_stage)stage,
                                      &in, complete, &page->complaints);
    if (err == ERR_INVALID && page->complaints.n) {
        return page_again(page, show);
    }
    return coaching_view_go(page, err, complete ? FLASH_STAGE_DONE : FLASH_SAVED, own_path(page));
}

static enum err back(struct page *page)
{
    enum err err = cycles_back(&page->coach, page_id(page, "id"));
    return coaching_view_go(page, err, FLASH_NONE, own_path(page));
}

static enum err prepared(struct page *page)
{
    enum err err = cycles_prepared(&page->coach, page_id(page, "id"));
    return coaching_view_go(page, err, FLASH_SAVED, own_path(page));
}

static enum err stop(struct page *page)
{
    enum err err = cycles_stop(&page->coach, page_id(page, "id"));
    return coaching_view_go(page, err, FLASH_SAVED, own_path(page));
}

static enum err add_evidence(struct page *page)
{
    if (!page_given(page, F_LEVEL)) {
        complaint_add(&page->complaints, "level", N_("Choose one."));
    }
    enum err err = page->complaints.n ? ERR_INVALID
                                      : cycles_evidence(&page->coach, page_id(page, "id"),
                                                        (int32_t)page_number(page, F_LEVEL),
                                                        page_text(page, F_NOTE), &page->complaints);
    if (err == ERR_INVALID && page->complaints.n) {
        page->tried = false; /* the fields of another form */
        return page_again(page, show);
    }
    return coaching_view_go(page, err, FLASH_EVIDENCE_ADDED, own_path(page));
}

static const struct route routes[] = {
    {ROUTE_GET, "/cycles/:id", ROUTE_OWN, .handle = show,
     .about = "A cycle: the present stage, how to do it, what was said"},
    {ROUTE_POST, "/cycles/:id/stages/*stage", ROUTE_OWN, .handle = write_stage, .fields = fields,
     .n_fields = CYCLE_F__MAX, .about = "Writes in the present stage, or completes it"},
    {ROUTE_POST, "/cycles/:id/back", ROUTE_OWN, .handle = back, .about = "Goes one stage back"},
    {ROUTE_POST, "/cycles/:id/prepared", ROUTE_OWN, .handle = prepared,
     .about = "The helper has prepared"},
    {ROUTE_POST, "/cycles/:id/stop", ROUTE_OWN, .handle = stop, .about = "Stops it"},
    {ROUTE_POST, "/cycles/:id/evidence", ROUTE_OWN, .handle = add_evidence,
     .fields = evidence_fields, .n_fields = F_EVIDENCE__MAX,
     .about = "Records what it showed, for the zone"},
};
const struct route_set page_cycle_routes = ROUTE_SET("Cycles", routes);
