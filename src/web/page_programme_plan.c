/* Arranging a programme: where it stands and the one next step; its name and period; opening,
 * closing, removing it. */
#include "base/arena.h"
#include "base/day.h"
#include "coach/frameworks.h"
#include "coach/programmes.h"
#include "coach/rounds.h"
#include "web/page.h"
#include "web/page_sets.h"
#include "web/programme_view.h"

enum { F_NAME, F_ABOUT, F_FRAMEWORK, F_STARTS, F_ENDS, F_OPT_IN, F_FORM__MAX };
static const struct field_spec form_fields[F_FORM__MAX] = {
    [F_NAME] = {.name = "name", .type = FIELD_TEXT, .max = 4 * PROGRAMMES_NAME, .required = true},
    [F_ABOUT] = {.name = "about", .type = FIELD_LINES, .max = 4 * PROGRAMMES_ABOUT},
    [F_FRAMEWORK] = {.name = "framework", .type = FIELD_ID, .required = true},
    [F_STARTS] = {.name = "starts", .type = FIELD_DATE, .required = true},
    [F_ENDS] = {.name = "ends", .type = FIELD_DATE, .required = true},
    [F_OPT_IN] = {.name = "opt_in", .type = FIELD_BOOL},
};

#define TERM 90 /* days that are proposed */

/* ---- the form ---- */

static enum err write_frameworks(struct page *page, int64_t stored)
{
    struct frameworks_item *items;
    int32_t n;
    int64_t chosen = page_value_number(page, F_FRAMEWORK, stored);
    enum err err = frameworks_list(&page->coach, page->locale, &items, &n);
    if (err) {
        return err;
    }
    struct part_option *options = arena_alloc(page->arena, (size_t)n + 1, sizeof *options);
    size_t n_options = 0;
    for (int32_t k = 0; options && k < n; k++) {
        if (items[k].active || items[k].id == stored) {
            options[n_options++] = (struct part_option){.value = page_digits(page, items[k].id),
                                                        .text = items[k].words.name,
                                                        .chosen = items[k].id == chosen};
        }
    }
    part_select(&page->html,
                &(struct part_field){.id = str_of("framework"),
                                     .label = T(page, "Skills from"),
                                     .error = page_error(page, "framework")},
                str_of(""), options, n_options);
    return options ? ERR_OK : ERR_NOMEM;
}

static void write_date(struct page *page, int field, const char *id, struct str label, int32_t day)
{
    char iso[DAY_TEXT_SIZE];
    struct str now = {"", 0};
    day_write(day, iso);
    (void)coach_copy(&page->coach, str_of(iso), &now);
    part_input(&page->html, &(struct part_field){.id = str_of(id),
                                                 .label = label,
                                                 .type = "date",
                                                 .value = page_value(page, field, now),
                                                 .error = page_error(page, id),
                                                 .width = PART_FIELD_HALF});
}

static enum err write_form(struct page *page, const struct programme *p, struct str action)
{
    struct html *h = &page->html;
    page_errors(page);
    page_form_open(page, action);
    part_input(h, &(struct part_field){.id = str_of("name"),
                                       .label = T(page, "Name"),
                                       .hint = T(page, "\"Autumn pairs\", \"New colleagues\""),
                                       .value = page_value(page, F_NAME, p->name),
                                       .error = page_error(page, "name")});
    part_textarea(h,
                  &(struct part_field){.id = str_of("about"),
                                       .label = T(page, "What it is about"),
                                       .hint = T(page, "For those who are asked: why, how much "
                                                       "time it takes, what they get out of it."),
                                       .optional = T(page, "optional"),
                                       .value = page_value(page, F_ABOUT, p->about),
                                       .error = page_error(page, "about")});
    enum err err = write_frameworks(page, p->framework_id);
    write_date(page, F_STARTS, "starts", T(page, "From"), p->starts_day);
    write_date(page, F_ENDS, "ends", T(page, "Until"), p->ends_day);
    part_check(h,
               &(struct part_field){.id = str_of("opt_in"),
                                    .label = T(page, "Ask people first"),
                                    .hint = T(page, "Only those who say yes are matched. Without "
                                                    "this everybody is counted in, and can leave "
                                                    "at any time.")},
               page_value_number(page, F_OPT_IN, p->opt_in) != 0);
    part_buttons_open(h);
    part_button(h, &(struct part_button){.text = T(page, "Save"), .kind = PART_BUTTON_MAIN});
    part_buttons_close(h);
    page_form_close(page);
    return err;
}

static enum err show_new(struct page *page)
{
    const struct programme blank = {.name = {"", 0},
                                    .about = {"", 0},
                                    .starts_day = page->today + 14,
                                    .ends_day = page->today + 14 + TERM,
                                    .opt_in = true};
    page_open(page, &(struct page_head){.title = T(page, "Plan a programme"),
                                        .lead = T(page, "Nobody is asked before you open it."),
                                        .back = T(page, "Programmes"),
                                        .back_url = str_of("/programmes"),
                                        .nav = PAGE_NAV_PROGRAMMES});
    enum err err = write_form(page, &blank, str_of("/programmes/new"));
    return err ? err : page_close(page);
}

static void take_form(const struct page *page, struct programme *p)
{
    p->name = page_text(page, F_NAME);
    p->about = page_text(page, F_ABOUT);
    p->framework_id = page_number(page, F_FRAMEWORK);
    p->starts_day = (int32_t)page_number(page, F_STARTS);
    p->ends_day = (int32_t)page_number(page, F_ENDS);
    p->opt_in = page_number(page, F_OPT_IN) != 0;
}

static enum err add(struct page *page)
{
    struct programme p = {.max_helps = -1, .max_learns = -1};
    int64_t id = 0;
    take_form(page, &p);
    enum err err =
        page->complaints.n ? ERR_INVALID : programmes_add(&page->coach, &p, &page->complaints, &id);
    if (err == ERR_INVALID) {
        return page_again(page, show_new);
    }
    return err ? err
               : page_go(page, FLASH_SAVED, 0,
                         page_path(page, "/programmes/{}/people", html_int(id)));
}

static enum err show_edit(struct page *page)
{
    struct programme p;
    int64_t id = page_id(page, "id");
    enum err err = programmes_get(&page->coach, id, &p);
    if (err) {
        return err;
    }
    programme_view_open(page, &p, PROGRAMME_TAB_PLAN);
    err = write_form(page, &p, page_path(page, "/programmes/{}/edit", html_int(id)));
    return err ? err : page_close(page);
}

static enum err plan_of(struct page *page, enum flash flash, int64_t n)
{
    return page_go(page, flash, n,
                   page_path(page, "/programmes/{}/plan", html_int(page_id(page, "id"))));
}

static enum err save(struct page *page)
{
    struct programme p;
    enum err err = programmes_get(&page->coach, page_id(page, "id"), &p);
    if (err) {
        return err;
    }
    take_form(page, &p);
    err = page->complaints.n ? ERR_INVALID : programmes_edit(&page->coach, &p, &page->complaints);
    if (err == ERR_INVALID) {
        return page_again(page, show_edit);
    }
    return err ? err : plan_of(page, FLASH_SAVED, 0);
}

/* ---- the overview ---- */

struct overview {
    struct programme programme;
    struct programme_reach reach;
    struct rounds_list rounds;
    size_t n_units, n_skills;
};

static enum err read_overview(struct page *page, struct overview *o)
{
    int64_t id = page_id(page, "id"), *ids;
    enum err err = programmes_reach(&page->coach, id, &o->reach);
    err = err ? err : programmes_get(&page->coach, id, &o->programme);
    err = err ? err : programmes_units(&page->coach, id, &ids, &o->n_units);
    err = err ? err : programmes_skills(&page->coach, id, &ids, &o->n_skills);
    return err ? err : rounds_list(&page->coach, id, &o->rounds);
}

static void next(struct page *page, struct str heading, struct str text)
{
    part_next_open(&page->html, T(page, "Next"), heading);
    part_paragraph(&page->html, text);
    part_buttons_open(&page->html);
}

static void end_next(struct page *page)
{
    part_buttons_close(&page->html);
    part_next_close(&page->html);
}

static void link(struct page *page, const char *path, struct str text)
{
    part_button_link(&page->html, PART_BUTTON_MAIN, PART_ICON_ARROW, text,
                     page_path(page, path, html_int(page_id(page, "id"))));
}

static void post(struct page *page, const char *path, struct str text)
{
    page_button_form(page, page_path(page, path, html_int(page_id(page, "id"))),
                     &(struct part_button){.text = text, .kind = PART_BUTTON_MAIN});
}

/* A round that is under way or waits to be looked at. */
static const struct rounds_round *current_round(const struct overview *o)
{
    for (size_t k = 0; k < o->rounds.n; k++) {
        enum rounds_state state = o->rounds.items[k].state;
        if (state == ROUNDS_WAITING || state == ROUNDS_RUNNING || state == ROUNDS_READY ||
            state == ROUNDS_PUBLISHING) {
            return &o->rounds.items[k];
        }
    }
    return NULL;
}

/* The newest that people were asked about; NULL: none yet. */
static const struct rounds_round *last_published(const struct overview *o)
{
    for (size_t k = 0; k < o->rounds.n; k++) {
        if (o->rounds.items[k].state == ROUNDS_PUBLISHED) {
            return &o->rounds.items[k];
        }
    }
    return NULL;
}

static void next_after_round(struct page *page, const struct rounds_round *round)
{
    next(
        page, T(page, "See how it goes"),
        FILL(page,
             T(page, "People were asked: {when}. Another round is for those who have no partner by "
                     "then; it leaves partnerships that run alone."),
             CATALOG_TEXT("when", page_moment(page, round->published_ms))));
    link(page, "/programmes/{}/overview", T(page, "Where people stand"));
    page_button_form(
        page, page_path(page, "/programmes/{}/rounds", html_int(page_id(page, "id"))),
        &(struct part_button){.text = T(page, "Start another round"), .kind = PART_BUTTON_PLAIN});
}

static void next_when_open(struct page *page, const struct overview *o)
{
    const struct programme *p = &o->programme;
    const struct rounds_round *round = current_round(o);
    if (round) {
        next(page, T(page, "Look at the proposals"),
             round->state == ROUNDS_PUBLISHING
                 ? T(page, "They are being published: people are asked, some at a time.")
             : round->state == ROUNDS_READY
                 ? T(page, "They are ready: review, change what you know better, and publish.")
                 : T(page, "They are being worked out."));
        part_button_link(&page->html, PART_BUTTON_MAIN, PART_ICON_ARROW, T(page, "The round"),
                         page_path(page, "/rounds/{}", html_int(round->id)));
    } else if (p->n_in < 2) {
        next(page, T(page, "Wait for answers"),
             T(page, "Partners can be found once two people or more take part. Whoever was asked "
                     "sees it on their first page."));
        link(page, "/programmes/{}/people", T(page, "Who was asked"));
    } else if (p->strategy == PROGRAMME_SELF) {
        next(page, T(page, "People choose themselves"),
             T(page, "Nobody is matched in this programme: whoever takes part asks a colleague. "
                     "Compare what a round would bring before you leave it at that."));
        link(page, "/programmes/{}/compare", T(page, "Compare strategies"));
    } else if (last_published(o)) {
        next_after_round(page, last_published(o));
    } else {
        next(page, T(page, "Find partners"),
             FILL(page, TN(page, "{n} person takes part.", "{n} people take part.", p->n_in),
                  CATALOG_INT("n", p->n_in)));
        post(page, "/programmes/{}/rounds", T(page, "Start a round"));
        part_button_link(&page->html, PART_BUTTON_PLAIN, PART_ICON_NONE,
                         T(page, "Compare strategies first"),
                         page_path(page, "/programmes/{}/compare", html_int(p->id)));
    }
}

static void write_next(struct page *page, const struct overview *o)
{
    if (o->programme.state == PROGRAMME_CLOSED) {
        part_paragraph(&page->html, T(page, "This programme is closed."));
        return;
    }
    if (o->programme.state != PROGRAMME_DRAFT) {
        next_when_open(page, o);
    } else if (o->reach.n_people < 2) {
        next(page, T(page, "Choose who is asked"),
             T(page, "Choose units, or add people one by one."));
        link(page, "/programmes/{}/people", T(page, "Choose people"));
    } else {
        next(page, T(page, "Open the programme"),
             FILL(page,
                  o->programme.opt_in ? TN(page, "{n} person will be asked.",
                                           "{n} people will be asked.", o->reach.n_people)
                                      : TN(page, "{n} person will be counted in.",
                                           "{n} people will be counted in.", o->reach.n_people),
                  CATALOG_INT("n", o->reach.n_people)));
        post(page, "/programmes/{}/open", T(page, "Open it"));
    }
    end_next(page);
}

static void write_facts(struct page *page, const struct overview *o)
{
    struct html *h = &page->html;
    const struct programme *p = &o->programme;
    part_terms_open(h);
    part_term(h, T(page, "Take part"), page_digits(page, p->n_in));
    part_term(h, T(page, "Asked, no answer yet"), page_digits(page, p->n_invited));
    part_term(h, T(page, "Have said what they want to grow in"),
              FILL(page, T(page, "{n} of {all}"), CATALOG_INT("n", o->reach.n_with_need),
                   CATALOG_INT("all", o->reach.n_people)));
    part_term(h, T(page, "Offer help"),
              FILL(page, T(page, "{n} of {all}"), CATALOG_INT("n", o->reach.n_with_offer),
                   CATALOG_INT("all", o->reach.n_people)));
    part_term(h, T(page, "Units"), page_digits(page, (int64_t)o->n_units));
    part_term(h, T(page, "Skills"),
              o->n_skills ? page_digits(page, (int64_t)o->n_skills)
                          : FILL(page, T(page, "all of {framework}"),
                                 CATALOG_TEXT("framework", p->framework)));
    part_term(h, T(page, "Matching"), programme_view_strategy(page, p->strategy));
    part_terms_close(h);
    if (p->state != PROGRAMME_CLOSED) {
        page_link(page, T(page, "Change name, period or description"),
                  page_path(page, "/programmes/{}/edit", html_int(p->id)));
    }
}

static struct str round_state(struct page *page, enum rounds_state state)
{
    static const char *const words[ROUNDS_STATE__MAX] = {
        [ROUNDS_WAITING] = N_("Waiting"),
        [ROUNDS_RUNNING] = N_("Being worked out"),
        [ROUNDS_READY] = N_("To be reviewed"),
        [ROUNDS_PUBLISHING] = N_("Being published"),
        [ROUNDS_PUBLISHED] = N_("Published"),
        [ROUNDS_DISCARDED] = N_("Discarded"),
        [ROUNDS_FAILED] = N_("Could not be worked out"),
    };
    return T(page, words[state]);
}

static void write_rounds(struct page *page, const struct overview *o)
{
    struct html *h = &page->html;
    const struct part_column columns[] = {
        {.heading = T(page, "Round")},
        {.heading = T(page, "State")},
        {.heading = T(page, "Pairs"), .align = PART_ALIGN_NUMBER},
        {.heading = T(page, "Receive help"), .align = PART_ALIGN_NUMBER},
    };
    struct part_table table = {.caption = T(page, "Rounds"),
                               .hide_caption = true,
                               .columns = columns,
                               .n_columns = sizeof columns / sizeof *columns};
    if (!o->rounds.n) {
        return;
    }
    part_section_open(h, str_of("rounds"), T(page, "Rounds"));
    part_table_open(h, &table);
    for (size_t k = 0; k < o->rounds.n; k++) {
        const struct rounds_round *round = &o->rounds.items[k];
        part_row_open(h, &table);
        part_cell_open(h, &table);
        html_open(h, EL_A);
        html_attr_url(h, AT_HREF, page_path(page, "/rounds/{}", html_int(round->id)));
        html_text(h, page_moment(page, round->created_ms));
        html_close(h, EL_A);
        part_cell_close(h, &table);
        part_cell(h, &table, round_state(page, round->state));
        part_cell(h, &table, page_digits(page, round->n_pairs));
        part_cell(h, &table, page_digits(page, round->n_served));
        part_row_close(h, &table);
    }
    part_table_close(h, &table);
    part_section_close(h);
}

static void write_end(struct page *page, const struct programme *p)
{
    struct html *h = &page->html;
    if (p->state == PROGRAMME_CLOSED) {
        return;
    }
    part_section_open(h, str_of("end"), T(page, "End"));
    if (p->state == PROGRAMME_DRAFT) {
        page_button_ask(
            page, page_path(page, "/programmes/{}/remove", html_int(p->id)),
            &(struct part_button){.text = T(page, "Remove this draft"), .kind = PART_BUTTON_DANGER},
            T(page, "Remove this draft? Nobody has been asked yet."));
    } else {
        part_buttons_open(h);
        page_button_form(page, page_path(page, "/programmes/{}/refresh", html_int(p->id)),
                         &(struct part_button){.text = T(page, "Ask colleagues who are new"),
                                               .kind = PART_BUTTON_PLAIN});
        page_button_ask(page, page_path(page, "/programmes/{}/close", html_int(p->id)),
                        &(struct part_button){.text = T(page, "Close the programme"),
                                              .kind = PART_BUTTON_DANGER},
                        T(page, "Close the programme? No further round can be started, and what "
                                "waits to be published is discarded."));
        part_buttons_close(h);
    }
    part_section_close(h);
}

static enum err show_plan(struct page *page)
{
    struct overview o = {0};
    enum err err = read_overview(page, &o);
    if (err) {
        return err;
    }
    programme_view_open(page, &o.programme, PROGRAMME_TAB_PLAN);
    page_errors(page);
    write_next(page, &o);
    write_facts(page, &o);
    write_rounds(page, &o);
    write_end(page, &o.programme);
    return page_close(page);
}

/* ---- what it goes through ---- */

static enum err open_it(struct page *page)
{
    enum err err = programmes_open(&page->coach, page_id(page, "id"), &page->complaints);
    if (err == ERR_INVALID) {
        return page_again(page, show_plan);
    }
    return err ? err : plan_of(page, FLASH_PROGRAMME_OPENED, 0);
}

static enum err refresh(struct page *page)
{
    int64_t n = 0;
    enum err err = programmes_refresh(&page->coach, page_id(page, "id"), &n);
    return err ? err : plan_of(page, FLASH_PROGRAMME_ASKED, n);
}

static enum err close_it(struct page *page)
{
    enum err err = programmes_close(&page->coach, page_id(page, "id"));
    if (err == ERR_CONFLICT) {
        struct programme programme;
        err = programmes_get(&page->coach, page_id(page, "id"), &programme);
        bool runs = !err && programme.state != PROGRAMME_CLOSED;
        return err ? err : plan_of(page, runs ? FLASH_PROGRAMME_PUBLISHING : FLASH_NONE, 0);
    }
    return err ? err : plan_of(page, FLASH_SAVED, 0);
}

static enum err remove_it(struct page *page)
{
    enum err err = programmes_remove(&page->coach, page_id(page, "id"));
    return err ? err : page_go(page, FLASH_SAVED, 0, str_of("/programmes"));
}

static enum err start_round(struct page *page)
{
    int64_t id = 0;
    enum err err = rounds_start(&page->coach, page_id(page, "id"), &id);
    if (err == ERR_CONFLICT) {
        return plan_of(page, FLASH_ROUND_NOT_NOW, 0);
    }
    return err ? err : page_go(page, FLASH_NONE, 0, page_path(page, "/rounds/{}", html_int(id)));
}

static const struct route routes[] = {
    {ROUTE_GET, "/programmes/new", ROUTE_COORDINATOR, .handle = show_new,
     .about = "Form for a new programme"},
    {ROUTE_POST, "/programmes/new", ROUTE_COORDINATOR, .handle = add, .fields = form_fields,
     .n_fields = F_FORM__MAX, .about = "Makes a draft"},
    {ROUTE_GET, "/programmes/:id/plan", ROUTE_COORDINATOR, .handle = show_plan,
     .about = "Where a programme stands, and the next step"},
    {ROUTE_GET, "/programmes/:id/edit", ROUTE_COORDINATOR, .handle = show_edit,
     .about = "Form for name, period, description"},
    {ROUTE_POST, "/programmes/:id/edit", ROUTE_COORDINATOR, .handle = save, .fields = form_fields,
     .n_fields = F_FORM__MAX, .about = "Saves it"},
    {ROUTE_POST, "/programmes/:id/open", ROUTE_COORDINATOR, .handle = open_it,
     .about = "Asks everybody of its units"},
    {ROUTE_POST, "/programmes/:id/refresh", ROUTE_COORDINATOR, .handle = refresh,
     .about = "Asks those who have come since"},
    {ROUTE_POST, "/programmes/:id/close", ROUTE_COORDINATOR, .handle = close_it,
     .about = "Closes it"},
    {ROUTE_POST, "/programmes/:id/remove", ROUTE_COORDINATOR, .handle = remove_it,
     .about = "Removes a draft"},
    {ROUTE_POST, "/programmes/:id/rounds", ROUTE_COORDINATOR, .handle = start_round,
     .about = "Starts a round of matching"},
};
const struct route_set page_programme_plan_routes = ROUTE_SET("Programmes: arranging", routes);
