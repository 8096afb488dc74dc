/* One partnership: its story, what is worked on, and what its members may do. */
#include "base/arena.h"
#include "coach/messages.h"
#include "coach/wishes.h"
#include "web/coaching_view.h"
#include "web/page.h"
#include "web/page_sets.h"
#include "web/skill_view.h"

enum { F_ANSWER, F_ANSWER__MAX };
static const struct field_spec answer_fields[F_ANSWER__MAX] = {
    [F_ANSWER] = {.name = "answer", .type = FIELD_CHOICE, .choices = "no|yes"},
};
enum { F_HOW, F_END__MAX };
static const struct field_spec end_fields[F_END__MAX] = {
    [F_HOW] = {.name = "how",
               .type = FIELD_CHOICE,
               .choices = "finished|ended|rematch",
               .required = true},
};
enum { F_SKILL, F_HELPER, F_FOCUS__MAX };
static const struct field_spec focus_fields[F_FOCUS__MAX] = {
    [F_SKILL] = {.name = "skill", .type = FIELD_ID, .required = true},
    [F_HELPER] = {.name = "helper", .type = FIELD_ID},
};

static struct str own_path(struct page *page)
{
    return page_path(page, "/partnerships/{}", html_int(page_id(page, "id")));
}

static enum err load(struct page *page, struct partnership *p)
{
    return partnerships_get(&page->coach, page_id(page, "id"), page->locale, p);
}

/* -- A proposal ----------------------------------------------------------------------------------
 */

static void write_proposal(struct page *page, const struct partnership *p)
{
    struct html *h = &page->html;
    bool mine = p->asked_by == page->me.id;
    for (int32_t k = 0; k < p->n_members; k++) {
        const struct partnership_member *m = &p->members[k];
        if (m->person_id != page->me.id && !m->left) {
            page_link(page, FILL(page, T(page, "Who {name} is"), CATALOG_TEXT("name", m->name)),
                      page_path(page, "/people/{}", html_int(m->person_id)));
        }
    }
    if (p->words.n) {
        part_section_open(h, str_of("words"), T(page, "In their words"));
        part_written(h, p->words);
        part_section_close(h);
    }
    if (p->accepted) {
        part_notice(h, PART_TONE_PLAIN, str_of(""),
                    mine ? T(page, "You have asked. You will see here when there is an answer.")
                         : T(page, "You have said yes. As soon as everybody has, you agree on how "
                                   "to work together."));
    } else {
        part_paragraph(h, T(page,
                            "Either answer is fine. A no needs no reason, and nobody is told who "
                            "said it."));
    }
    page_form_open(page, page_path(page, "/partnerships/{}/answer", html_int(p->id)));
    part_buttons_open(h);
    if (!p->accepted) {
        part_button(h, &(struct part_button){.text = T(page, "Yes, gladly"),
                                             .kind = PART_BUTTON_MAIN,
                                             .icon = PART_ICON_CHECK,
                                             .name = str_of("answer"),
                                             .value = str_of("yes")});
    }
    part_button(h, &(struct part_button){.text = mine          ? T(page, "Take the question back")
                                                 : p->accepted ? T(page, "No after all")
                                                               : T(page, "No, thank you"),
                                         .kind = PART_BUTTON_PLAIN,
                                         .name = str_of("answer"),
                                         .value = str_of("no")});
    part_buttons_close(h);
    page_form_close(page);
}

/* -- What is worked on ---------------------------------------------------------------------------
 */

static void write_focus(struct page *page, const struct partnership *p, const struct focus *f)
{
    struct html *h = &page->html;
    bool mine = f->learner_id == page->me.id || f->helper_id == page->me.id;
    part_cards_item(h);
    part_card_open(h, &(struct part_card){.heading = coaching_view_focus(page, f)});
    if (f->peers) {
        part_badge(h, PART_TONE_GOOD, T(page, "You are peers now"));
        part_paragraph(
            h,
            f->learner_id == page->me.id
                ? T(page, "As far as the evidence says, you now do this alone where your partner "
                          "does. You could offer help with it to the next colleague.")
                : T(page, "As far as the evidence says, your partner now does this alone where "
                          "you do."));
    }
    if (f->n_done) {
        part_quiet(h, FILL(page, TN(page, "{n} cycle done", "{n} cycles done", f->n_done),
                           CATALOG_INT("n", f->n_done)));
    }
    part_buttons_open(h);
    if (f->open_cycle_id) {
        part_button_link(h, PART_BUTTON_MAIN, PART_ICON_ARROW, T(page, "Go on with the cycle"),
                         page_path(page, "/cycles/{}", html_int(f->open_cycle_id)));
    } else if (mine && p->state == PARTNERSHIP_ACTIVE) {
        page_button_form(page, page_path(page, "/focuses/{}/cycle", html_int(f->id)),
                         &(struct part_button){.text = T(page, "Begin a cycle"),
                                               .kind = PART_BUTTON_PLAIN,
                                               .icon = PART_ICON_SEED,
                                               .about = f->skill});
    }
    if (f->peers && f->learner_id == page->me.id) {
        page_button_form(page, page_path(page, "/offers/{}/add", html_int(f->skill_id)),
                         &(struct part_button){.text = T(page, "I can help with this"),
                                               .kind = PART_BUTTON_PLAIN,
                                               .icon = PART_ICON_HAND});
    }
    if (f->learner_id == page->me.id && !f->open_cycle_id && p->n_focuses > 1 &&
        p->state == PARTNERSHIP_ACTIVE) {
        page_button_form(page, page_path(page, "/focuses/{}/drop", html_int(f->id)),
                         &(struct part_button){.text = T(page, "No longer work on this"),
                                               .kind = PART_BUTTON_QUIET,
                                               .about = f->skill});
    }
    part_buttons_close(h);
    part_card_close(h);
}

static void write_work(struct page *page, const struct partnership *p)
{
    struct html *h = &page->html;
    part_section_open(h, str_of("work"), T(page, "What you work on"));
    part_cards_open(h);
    for (int32_t k = 0; k < p->n_focuses; k++) {
        if (p->focuses[k].active) {
            write_focus(page, p, &p->focuses[k]);
        }
    }
    part_cards_close(h);
    if (p->state == PARTNERSHIP_ACTIVE || p->state == PARTNERSHIP_AGREEING) {
        page_link(page,
                  p->kind == PARTNERSHIP_GUIDE
                      ? T(page, "Work on something else too")
                      : T(page, "Swap roles, or work on something else too"),
                  page_path(page, "/partnerships/{}/focus", html_int(p->id)));
    }
    part_section_close(h);
}

/* -- The story -----------------------------------------------------------------------------------
 */

/* {name}: who; {skill}: of the cycle. */
static const char *const told[PARTNERSHIP_EVENT__MAX] = {
    [PARTNERSHIP_EVENT_PROPOSED] = N_("You were proposed to each other"),
    [PARTNERSHIP_EVENT_ACCEPTED] = N_("Said yes: {name}"),
    [PARTNERSHIP_EVENT_AGREEMENT] = N_("Agreement changed: {name}"),
    [PARTNERSHIP_EVENT_SIGNED] = N_("Agreement signed: {name}"),
    [PARTNERSHIP_EVENT_STARTED] = N_("Your work together began"),
    [PARTNERSHIP_EVENT_PAUSED] = N_("Paused: {name}"),
    [PARTNERSHIP_EVENT_RESUMED] = N_("Taken up again: {name}"),
    [PARTNERSHIP_EVENT_FOCUS] = N_("Something to work on chosen: {name}"),
    [PARTNERSHIP_EVENT_CYCLE] = N_("Cycle {number} began: {skill}"),
    [PARTNERSHIP_EVENT_PREPARED] = N_("Prepared: {name}"),
    [PARTNERSHIP_EVENT_PLANNED] = N_("Plan made: {name}"),
    [PARTNERSHIP_EVENT_VISITED] = N_("The visit took place"),
    [PARTNERSHIP_EVENT_FEEDBACK] = N_("You talked about it, a strength first"),
    [PARTNERSHIP_EVENT_SOLVED] = N_("Next step chosen: {name}"),
    [PARTNERSHIP_EVENT_CHECKED] = N_("Step looked at again: {name}"),
    [PARTNERSHIP_EVENT_REFLECTED] = N_("Cycle {number} is done: {skill}"),
    [PARTNERSHIP_EVENT_STEPPED_BACK] = N_("One stage back: {name}"),
    [PARTNERSHIP_EVENT_EVIDENCE] = N_("Evidence for {skill}: {name}"),
    [PARTNERSHIP_EVENT_SHARED] = N_("Lines of a visit shared: {name}"),
    [PARTNERSHIP_EVENT_STOPPED_CYCLE] = N_("Cycle {number} stopped: {name}"),
    [PARTNERSHIP_EVENT_ENDED] = N_("The partnership ended"),
};

/* Who asked, or that one chose the guide, where it was no round that brought people together. */
static const char *beginning(const struct partnership *p, struct partnership_event *e)
{
    for (int32_t k = 0; p->asked_by && k < p->n_members; k++) {
        if (p->members[k].person_id == p->asked_by) {
            e->person_id = p->asked_by;
            e->name = p->members[k].name;
        }
    }
    return p->kind == PARTNERSHIP_GUIDE ? N_("You chose the guide")
           : p->asked_by                ? N_("Asked: {name}")
                                        : told[e->kind];
}

static void write_event(struct page *page, const struct partnership *p, struct partnership_event *e)
{
    struct html *h = &page->html;
    const char *id = e->kind == PARTNERSHIP_EVENT_PROPOSED ? beginning(p, e) : told[e->kind];
    struct str name = e->person_id == page->me.id ? TX(page, "who did it", "you")
                      : e->name.n                 ? e->name
                                                  : T(page, "somebody");
    struct str text = FILL(page, T(page, id), CATALOG_TEXT("name", name),
                           CATALOG_TEXT("skill", e->skill), CATALOG_INT("number", e->cycle_number));
    if (p->kind == PARTNERSHIP_GUIDE && e->kind == PARTNERSHIP_EVENT_ACCEPTED) {
        return; /* the guide asks nobody */
    }
    part_list_item(h);
    if (e->cycle_id) {
        html_open(h, EL_A);
        html_attr_url(h, AT_HREF, page_path(page, "/cycles/{}", html_int(e->cycle_id)));
        html_text(h, text);
        html_close(h, EL_A);
    } else {
        html_text(h, text);
    }
    html_open_class(h, EL_DIV, "quiet");
    page_write_moment(page, e->at_ms);
    html_close(h, EL_DIV);
}

static enum err write_story(struct page *page, const struct partnership *p)
{
    struct html *h = &page->html;
    struct partnership_event *events;
    size_t n;
    enum err err = partnerships_story(&page->coach, p->id, page->locale, &events, &n);
    if (err || n == 0) {
        return err;
    }
    part_section_open(h, str_of("story"), T(page, "Your story"));
    part_list_open(h, true);
    for (size_t k = 0; k < n; k++) {
        write_event(page, p, &events[k]);
    }
    part_list_close(h);
    part_section_close(h);
    return ERR_OK;
}

/* -- The page ------------------------------------------------------------------------------------
 */

static void write_actions(struct page *page, const struct partnership *p)
{
    struct html *h = &page->html;
    bool paused = p->state == PARTNERSHIP_PAUSED;
    part_buttons_open(h);
    if (p->kind != PARTNERSHIP_GUIDE && p->agreement_version) {
        part_button_link(h, PART_BUTTON_PLAIN, PART_ICON_EYE, T(page, "The agreement"),
                         page_path(page, "/partnerships/{}/agreement", html_int(p->id)));
    }
    if (paused || p->state == PARTNERSHIP_ACTIVE) {
        page_button_form(
            page,
            page_path_of(page, paused ? "/partnerships/{}/resume" : "/partnerships/{}/pause",
                         (const struct html_arg[]){html_int(p->id)}, 1),
            &(struct part_button){.text = paused ? T(page, "Take it up again") : T(page, "Pause"),
                                  .kind = PART_BUTTON_PLAIN});
    }
    if (p->state != PARTNERSHIP_ENDED) {
        part_button_link(h, PART_BUTTON_QUIET, PART_ICON_NONE,
                         T(page, "End it, or ask for another"),
                         page_path(page, "/partnerships/{}/end", html_int(p->id)));
    }
    part_buttons_close(h);
}

static void write_next(struct page *page, const struct partnership *p)
{
    struct html *h = &page->html;
    struct coaching_next next;
    if (p->state == PARTNERSHIP_PAUSED) {
        part_notice(h, PART_TONE_CARE, T(page, "This is paused"),
                    T(page, "Nothing is lost. Take it up again when it suits you both."));
    } else if (p->state == PARTNERSHIP_ENDED) {
        part_notice(h, PART_TONE_PLAIN, T(page, "This has ended"),
                    p->ending == PARTNERSHIP_FINISHED
                        ? T(page, "You had what you wanted from it. What you wrote stays here for "
                                  "you.")
                        : T(page, "It is nobody's fault. What you wrote stays here for you; you "
                                  "will be considered again in the next round."));
        page_link(page, T(page, "Ask a colleague"), str_of("/coaching/ask"));
    } else if (coaching_view_next(page, p, &next)) {
        part_next_open(h, T(page, "Next"), next.heading);
        part_paragraph(h, next.text);
        if (next.url.n) {
            part_buttons_open(h);
            part_button_link(h, PART_BUTTON_MAIN, PART_ICON_ARROW, next.action, next.url);
            part_buttons_close(h);
        }
        part_next_close(h);
    }
}

/* The ways to meet and to write, with what is new there. */
static enum err write_together(struct page *page, int64_t id)
{
    struct html *h = &page->html;
    int64_t n;
    enum err err = messages_count_new(&page->coach, id, &n);
    if (err) {
        return err;
    }
    part_buttons_open(h);
    part_button_link(h, PART_BUTTON_PLAIN, PART_ICON_CALENDAR, T(page, "Meetings"),
                     page_path(page, "/partnerships/{}/meetings", html_int(id)));
    part_button_link(
        h, PART_BUTTON_PLAIN, PART_ICON_MAIL,
        n ? FILL(page, TN(page, "{n} new message", "{n} new messages", n), CATALOG_INT("n", n))
          : T(page, "Messages"),
        page_path(page, "/partnerships/{}/messages#newest", html_int(id)));
    part_buttons_close(h);
    return ERR_OK;
}

static enum err show(struct page *page)
{
    struct partnership p;
    enum err err = load(page, &p);
    if (err) {
        return err;
    }
    struct html *h = page_open(page, &(struct page_head){.title = coaching_view_with(page, &p),
                                                         .back = T(page, "Coaching"),
                                                         .back_url = str_of("/coaching"),
                                                         .nav = PAGE_NAV_COACHING});
    if (p.kind == PARTNERSHIP_GUIDE) {
        coaching_view_guide(page);
    }
    if (p.state == PARTNERSHIP_PROPOSED) {
        part_list_open(h, false);
        for (int32_t k = 0; k < p.n_focuses; k++) {
            part_list_item(h);
            html_text(h, coaching_view_focus(page, &p.focuses[k]));
        }
        part_list_close(h);
        write_proposal(page, &p);
        return page_close(page);
    }
    write_next(page, &p);
    write_work(page, &p);
    if (p.accepted && p.agreement_version && p.kind != PARTNERSHIP_GUIDE) {
        err = write_together(page, p.id);
    }
    if (err) {
        return err;
    }
    err = p.accepted ? write_story(page, &p) : ERR_OK;
    write_actions(page, &p);
    return err ? err : page_close(page);
}

static enum err answer(struct page *page)
{
    bool yes = page_given(page, F_ANSWER) && page_number(page, F_ANSWER) == 1;
    if (!page_given(page, F_ANSWER)) {
        struct partnership p;
        enum err read = load(page, &p);
        return read ? read : page_go(page, FLASH_COACHING_MOVED, 0, own_path(page));
    }
    enum err err = partnerships_answer(&page->coach, page_id(page, "id"), yes);
    return coaching_view_go(page, err, yes ? FLASH_SAID_YES : FLASH_SAID_NO,
                            yes ? own_path(page) : str_of("/coaching"));
}

static enum err pause_it(struct page *page)
{
    enum err err = partnerships_pause(&page->coach, page_id(page, "id"));
    return coaching_view_go(page, err, FLASH_SAVED, own_path(page));
}

static enum err resume_it(struct page *page)
{
    enum err err = partnerships_resume(&page->coach, page_id(page, "id"));
    return coaching_view_go(page, err, FLASH_SAVED, own_path(page));
}

/* -- The end -------------------------------------------------------------------------------------
 */

static enum err show_end(struct page *page)
{
    struct partnership p;
    enum err err = load(page, &p);
    if (err) {
        return err;
    }
    struct html *h = page_open(
        page,
        &(struct page_head){.title = T(page, "End it, or ask for another"),
                            .lead = T(page, "Without a reason and without fault. Your partner "
                                            "is told that it ended, not by whom or why."),
                            .back = coaching_view_with(page, &p),
                            .back_url = own_path(page),
                            .nav = PAGE_NAV_COACHING});
    page_errors(page);
    const struct part_option options[] = {
        {.value = str_of("finished"),
         .text = T(page, "We are done: I have what I wanted"),
         .hint = str_of("")},
        {.value = str_of("ended"), .text = T(page, "I would like to end it"), .hint = str_of("")},
        {.value = str_of("rematch"),
         .text = T(page, "I would like to work with somebody else"),
         .hint = T(page, "You are in the next round of the programme. Your coordinator learns that "
                         "you would like another partner, nothing else.")},
    };
    page_form_open(page, page_path(page, "/partnerships/{}/end", html_int(p.id)));
    part_choose(h,
                &(struct part_field){.id = str_of("how"),
                                     .label = T(page, "How does it end?"),
                                     .error = page_error(page, "how")},
                PART_CHOICES_LIST, false, options, sizeof options / sizeof *options);
    part_buttons_open(h);
    part_button(h, &(struct part_button){.text = T(page, "End it"), .kind = PART_BUTTON_DANGER});
    part_buttons_close(h);
    page_form_close(page);
    return page_close(page);
}

static enum err end_it(struct page *page)
{
    static const enum partnership_ending how[] = {PARTNERSHIP_FINISHED, PARTNERSHIP_STOPPED,
                                                  PARTNERSHIP_REMATCH};
    if (page->complaints.n) {
        return page_again(page, show_end);
    }
    enum err err =
        partnerships_end(&page->coach, page_id(page, "id"), how[page_number(page, F_HOW)]);
    return coaching_view_go(page, err, FLASH_PARTNERSHIP_ENDED, str_of("/coaching"));
}

/* -- Something more to work on -------------------------------------------------------------------
 */

static void write_focus_skills(struct page *page, const struct framework *framework)
{
    struct html *h = &page->html;
    size_t n = 0;
    struct part_option *options =
        arena_alloc(page->arena, (size_t)framework->n_skills, sizeof *options);
    int64_t chosen = page_value_number(page, F_SKILL, 0);
    if (!options) {
        h->err = h->err ? h->err : ERR_NOMEM;
        return;
    }
    for (int32_t d = 0; d < framework->n_domains; d++) {
        const struct framework_domain *domain = &framework->domains[d];
        for (int32_t s = 0; s < domain->n_skills; s++) {
            options[n++] = (struct part_option){.value = page_digits(page, domain->skills[s].id),
                                                .text = domain->skills[s].words.name,
                                                .group = domain->words.name,
                                                .chosen = domain->skills[s].id == chosen};
        }
    }
    part_select(h,
                &(struct part_field){.id = str_of("skill"),
                                     .label = T(page, "What would you like to learn?"),
                                     .error = page_error(page, "skill")},
                T(page, "choose"), options, n);
}

static enum err show_focus(struct page *page)
{
    struct partnership p;
    struct skill_frameworks frameworks;
    struct framework *framework;
    struct part_option people[PARTNERSHIPS_MEMBERS];
    size_t n = 0;
    enum err err = load(page, &p);
    int64_t framework_id = 0;
    if (!err && p.n_focuses) {
        err = frameworks_of_skill(&page->coach, p.focuses[0].skill_id, &framework_id);
    }
    err = err ? err : skill_view_frameworks(page, framework_id, &frameworks);
    err = err ? err : frameworks_get(&page->coach, frameworks.id, page->locale, 0, &framework);
    if (err) {
        return err;
    }
    struct html *h = page_open(
        page,
        &(struct page_head){.title = T(page, "Something more to work on"),
                            .lead = T(page, "You say what you would like to learn, and who of "
                                            "you helps. Your partner can do the same."),
                            .back = coaching_view_with(page, &p),
                            .back_url = own_path(page),
                            .nav = PAGE_NAV_COACHING});
    page_errors(page);
    page_form_open(page, page_path(page, "/partnerships/{}/focus", html_int(p.id)));
    write_focus_skills(page, framework);
    for (int32_t k = 0; k < p.n_members; k++) {
        if (p.members[k].person_id != page->me.id) {
            people[n] = (struct part_option){.value = page_digits(page, p.members[k].person_id),
                                             .text = p.members[k].name,
                                             .hint = str_of(""),
                                             .chosen = n == 0};
            n++;
        }
    }
    if (n) {
        part_choose(h,
                    &(struct part_field){.id = str_of("helper"),
                                         .label = T(page, "Who helps?"),
                                         .error = page_error(page, "helper")},
                    PART_CHOICES_LIST, false, people, n);
        part_quiet(h, T(page, "The one who helps sees your zone and evidence of this skill."));
    }
    part_buttons_open(h);
    part_button(h, &(struct part_button){.text = T(page, "Add it"), .kind = PART_BUTTON_MAIN});
    part_buttons_close(h);
    page_form_close(page);
    return page_close(page);
}

static enum err add_focus(struct page *page)
{
    int64_t focus, helper = page_given(page, F_HELPER) ? page_number(page, F_HELPER) : 0;
    enum err err = page->complaints.n ? ERR_INVALID
                                      : partnerships_add_focus(&page->coach, page_id(page, "id"),
                                                               helper, page_number(page, F_SKILL),
                                                               &page->complaints, &focus);
    if (err == ERR_INVALID && page->complaints.n) {
        return page_again(page, show_focus);
    }
    return coaching_view_go(page, err, FLASH_SAVED, own_path(page));
}

static const struct route routes[] = {
    {ROUTE_GET, "/partnerships/:id", ROUTE_OWN, .handle = show,
     .about = "A partnership: what is next, what is worked on, its story"},
    {ROUTE_POST, "/partnerships/:id/answer", ROUTE_OWN, .handle = answer, .fields = answer_fields,
     .n_fields = F_ANSWER__MAX, .about = "Accepts or declines it"},
    {ROUTE_POST, "/partnerships/:id/pause", ROUTE_OWN, .enter = coaching_view_enter_running,
     .handle = pause_it, .about = "Pauses it"},
    {ROUTE_POST, "/partnerships/:id/resume", ROUTE_OWN, .enter = coaching_view_enter_running,
     .handle = resume_it, .about = "Takes it up again"},
    {ROUTE_GET, "/partnerships/:id/end", ROUTE_OWN, .enter = coaching_view_enter_running,
     .handle = show_end, .about = "How it ends"},
    {ROUTE_POST, "/partnerships/:id/end", ROUTE_OWN, .enter = coaching_view_enter_running,
     .handle = end_it, .fields = end_fields, .n_fields = F_END__MAX, .about = "Ends it"},
    {ROUTE_GET, "/partnerships/:id/focus", ROUTE_OWN, .enter = coaching_view_enter_running,
     .handle = show_focus, .about = "Something more to work on"},
    {ROUTE_POST, "/partnerships/:id/focus", ROUTE_OWN, .enter = coaching_view_enter_running,
     .handle = add_focus, .fields = focus_fields, .n_fields = F_FOCUS__MAX, .about = "Adds it"},
};
const struct route_set page_partnership_routes = ROUTE_SET("Partnerships", routes);
