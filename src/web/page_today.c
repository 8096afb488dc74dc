/* Today: the one next thing to do, then the three questions with the reader's own data. */
#include "base/arena.h"
#include "coach/partnerships.h"
#include "coach/profile.h"
#include "coach/programmes.h"
#include "coach/wishes.h"
#include "coach/zones.h"
#include "web/coaching_view.h"
#include "web/page.h"
#include "web/page_sets.h"
#include "web/skill_view.h"
#include "web/web.h"

#define HINTS 3   /* skills proposed */
#define HELPERS 3 /* people shown of each goal */

struct today {
    struct skill_frameworks frameworks;
    struct zones_first first;
    struct wishes wishes;
    struct wishes_wanted *wanted;               /* beside wishes.offers */
    struct wishes_help goals[WISHES_MAX_NEEDS]; /* beside wishes.needs */
    int32_t n_goals, n_served;                  /* goals that somebody offers help with */
    int32_t n_known;                            /* skills with enough evidence */
    struct partnerships partnerships;           /* that run */
    struct programme_parts programmes;
    bool knows_when; /* the profile says when the reader is free */
};

static enum err load(struct page *page, struct today *today)
{
    struct coach *coach = &page->coach;
    int64_t framework_id = today->frameworks.id;
    enum err err = wishes_of(coach, page->me.id, framework_id, page->locale, &today->wishes);
    if (err == ERR_OK) {
        err = zones_first(coach, framework_id, page->locale, &today->wishes, HINTS, &today->first);
    }
    if (err == ERR_OK) {
        err = wishes_wanted(coach, &today->wishes, &today->wanted);
    }
    int64_t skill_ids[WISHES_MAX_NEEDS];
    while (err == ERR_OK && today->n_goals < today->wishes.n_needs &&
           today->n_goals < WISHES_MAX_NEEDS) {
        skill_ids[today->n_goals] = today->wishes.needs[today->n_goals].skill_id;
        today->n_goals++;
    }
    if (err == ERR_OK) {
        err = wishes_helpers(coach, skill_ids, today->n_goals, HELPERS, today->goals);
    }
    for (int32_t i = 0; err == ERR_OK && i < today->n_goals; i++) {
        today->n_served += today->goals[i].n > 0;
    }
    for (int32_t i = 0; err == ERR_OK && i < today->first.zones.n_skills; i++) {
        today->n_known += today->first.zones.skills[i].enough;
    }
    return err;
}

/* -- The one next thing
 * ---------------------------------------------------------------------------- */

static void next(struct page *page, struct str heading, struct str text, struct str action,
                 struct str url)
{
    struct html *h = &page->html;
    part_next_open(h, T(page, "Next"), heading);
    part_paragraph(h, text);
    part_buttons_open(h);
    part_button_link(h, PART_BUTTON_MAIN, PART_ICON_ARROW, action, url);
    part_buttons_close(h);
    part_next_close(h);
}

static void next_for_goal(struct page *page, const struct today *today)
{
    const struct wish *need = &today->wishes.needs[0];
    const struct wishes_help *goal = &today->goals[0];
    if (goal->n) {
        struct str name = goal->helpers[0].name;
        next(page,
             FILL(page, T(page, "Talk to {name} about {skill}"), CATALOG_TEXT("name", name),
                  CATALOG_TEXT("skill", need->skill)),
             FILL(page,
                  T(page, "It is your first goal, and {name} offers help with it. Ask for a "
                          "quarter of an hour, and choose one thing to try."),
                  CATALOG_TEXT("name", name)),
             FILL(page, T(page, "See {name}"), CATALOG_TEXT("name", name)),
             page_path(page, "/people/{}", html_int(goal->helpers[0].person_id)));
        return;
    }
    next(page, FILL(page, T(page, "Try one thing in {skill}"), CATALOG_TEXT("skill", need->skill)),
         T(page, "It is your first goal. Choose a task, try it in a lesson, and write down how it "
                 "went and how much help it took."),
         T(page, "Choose a task"), page_path(page, "/skills/{}#tasks", html_int(need->skill_id)));
}

static void write_next(struct page *page, const struct today *today)
{
    if (page->coach.actor.administrator && !page->web->site.set_up) {
        next(page, T(page, "Finish setting up Duet"),
             T(page, "A few steps are left before colleagues can come in."), T(page, "Go on"),
             str_of("/start"));
    } else if (!today->wishes.n_needs && !today->wishes.n_offers) {
        next(page, T(page, "Say what you want to grow in and what you can help with"),
             T(page, "Two short questions. With them, colleagues who fit each other can be found; "
                     "it takes three minutes."),
             T(page, "Answer the two questions"), str_of("/wishes"));
    } else if (!today->wishes.n_needs) {
        next(page, T(page, "Choose one thing to grow in"),
             T(page, "You already help others. Most people who help have something they want to "
                     "learn too."),
             T(page, "Choose a goal"), str_of("/wishes"));
    } else if (!today->n_known && !today->first.zones.updated_ms) {
        next(page, T(page, "Say where you stand"),
             T(page, "Go through the skills once and choose what is most like your usual practice. "
                     "It takes about ten minutes, and only you see it."),
             T(page, "Begin"), str_of("/skills/rate"));
    } else {
        next_for_goal(page, today);
    }
}

/* -- Am I a knowledgeable other?
 * -------------------------------------------------------------------- */

static struct str wanted_words(struct page *page, const struct wishes_wanted *wanted)
{
    if (wanted->n_people) {
        return FILL(page,
                    TN(page, "{n} colleague wants to grow in this",
                       "{n} colleagues want to grow in this", wanted->n_people),
                    CATALOG_INT("n", wanted->n_people));
    }
    return wanted->some ? T(page, "some colleagues want to grow in this") : str_of("");
}

static void write_hints(struct page *page, const struct today *today)
{
    struct html *h = &page->html;
    if (!today->first.n_help) {
        return;
    }
    part_heading(h, 3, str_of("could-help"), T(page, "You could also help with"));
    part_paragraph(h, T(page, "The evidence about you suggests it. Only you see this."));
    html_open_class(h, EL_UL, "offers");
    for (int32_t i = 0; i < today->first.n_help; i++) {
        html_open(h, EL_LI);
        html_element(h, EL_P, NULL, today->first.help[i].name);
        page_button_form(page,
                         page_path(page, "/offers/{}/add", html_int(today->first.help[i].skill_id)),
                         &(struct part_button){.text = T(page, "Yes, I can help"),
                                               .kind = PART_BUTTON_PLAIN,
                                               .icon = PART_ICON_HAND,
                                               .about = today->first.help[i].name});
        html_close(h, EL_LI);
    }
    html_close(h, EL_UL);
}

static void write_am_i(struct page *page, const struct today *today)
{
    struct html *h = &page->html;
    int32_t n = today->wishes.n_offers;
    struct str answer =
        n ? FILL(page,
                 TN(page, "Yes: you help with {n} skill.", "Yes: you help with {n} skills.", n),
                 CATALOG_INT("n", n))
          : T(page, "You have not offered anything yet. Nine of ten who want to learn something "
                    "could also help somebody else.");
    part_question_open(h, str_of("am-i"), T(page, "Am I a knowledgeable other?"), answer);
    if (n) {
        part_list_open(h, false);
        for (int32_t i = 0; i < n; i++) {
            const struct wish *offer = &today->wishes.offers[i];
            struct str wanted = wanted_words(page, &today->wanted[i]);
            part_list_item(h);
            html_element(h, EL_STRONG, NULL, offer->skill);
            if (wanted.n) {
                part_quiet(h, wanted);
            }
        }
        part_list_close(h);
    }
    write_hints(page, today);
    page_link(page, n ? T(page, "Change what I offer") : T(page, "Say what I can help with"),
              str_of("/wishes#offers"));
    part_question_close(h);
}

/* -- Do I have one?
 * --------------------------------------------------------------------------------- */

static const struct zones_skill *zone_of(const struct today *today, int64_t skill_id)
{
    for (int32_t i = 0; i < today->first.zones.n_skills; i++) {
        if (today->first.zones.skills[i].skill_id == skill_id) {
            return &today->first.zones.skills[i];
        }
    }
    return NULL;
}

static void write_helpers(struct page *page, const struct wishes_help *goal)
{
    struct html *h = &page->html;
    if (!goal->n) {
        return;
    }
    html_open_class(h, EL_UL, "people-few");
    for (int32_t i = 0; i < goal->n; i++) {
        const struct wishes_helper *helper = &goal->helpers[i];
        html_open(h, EL_LI);
        part_person(h, &(struct part_person){
                           .name = helper->name,
                           .url = page_path(page, "/people/{}", html_int(helper->person_id)),
                           .detail = helper->unit});
        html_close(h, EL_LI);
    }
    html_close(h, EL_UL);
}

static void write_goal(struct page *page, const struct today *today, int32_t i)
{
    struct html *h = &page->html;
    const struct wish *need = &today->wishes.needs[i];
    const struct wishes_help *goal = &today->goals[i];
    const struct zones_skill *skill = zone_of(today, need->skill_id);
    part_cards_item(h);
    part_card_open(
        h, &(struct part_card){.heading = need->skill,
                               .url = page_path(page, "/skills/{}", html_int(need->skill_id))});
    if (need->note.n) {
        part_written(h, need->note);
    }
    if (skill) {
        skill_view_band(page, skill, ZONEBAND_COMPACT, str_of(""));
    }
    write_helpers(page, goal);
    if (!goal->n) {
        part_quiet(h, T(page, "Nobody offers help with this yet."));
    } else if (goal->more) {
        page_link(page, T(page, "Everybody who helps with this"),
                  page_path(page, "/people?skill={}", html_int(need->skill_id)));
    }
    part_card_close(h);
}

static void write_have_i(struct page *page, const struct today *today)
{
    struct html *h = &page->html;
    struct str answer;
    if (!today->n_goals) {
        answer = T(page, "That depends on what you want to grow in. You have not said it yet.");
    } else if (!today->n_served) {
        answer = T(page, "Not yet: nobody offers help with your goals so far.");
    } else {
        answer = FILL(page,
                      TN(page, "Colleagues offer help with {n} of your goals.",
                         "Colleagues offer help with {n} of your goals.", today->n_served),
                      CATALOG_INT("n", today->n_served));
    }
    part_question_open(h, str_of("have-i"), T(page, "Do I have one?"), answer);
    if (today->n_goals) {
        part_cards_open(h);
        for (int32_t i = 0; i < today->n_goals; i++) {
            write_goal(page, today, i);
        }
        part_cards_close(h);
    }
    page_link(page, today->n_goals ? T(page, "Change my goals") : T(page, "Choose a goal"),
              str_of("/wishes#needs"));
    part_question_close(h);
}

/* -- How do I get one?
 * ------------------------------------------------------------------------------ */

static void step(struct page *page, bool done, struct str text, const char *url)
{
    struct html *h = &page->html;
    part_list_item(h);
    html_open(h, EL_A);
    html_attr_url(h, AT_HREF, str_of(url));
    html_text(h, text);
    html_close(h, EL_A);
    html_text(h, str_of(" "));
    if (done) {
        part_badge(h, PART_TONE_GOOD, T(page, "done"));
    }
}

static void write_how(struct page *page, const struct today *today)
{
    struct html *h = &page->html;
    part_question_open(h, str_of("how"), T(page, "How do I get one?"),
                       T(page, "In four steps, in any order."));
    part_list_open(h, true);
    step(page, today->wishes.n_needs > 0, T(page, "Say what you want to grow in"), "/wishes#needs");
    step(page, today->n_known > 0 || today->first.zones.updated_ms > 0,
         T(page, "Find out where help makes most difference for you"), "/skills");
    step(page, today->knows_when, T(page, "Say when you are free and how many partners suit you"),
         "/profile");
    step(page, false, T(page, "Show a skill to somebody you trust, and ask them to look"),
         "/sharing");
    part_list_close(h);
    if (today->first.n_grow) {
        part_heading(h, 3, str_of("could-grow"), T(page, "Where help would make most difference"));
        part_list_open(h, false);
        for (int32_t i = 0; i < today->first.n_grow; i++) {
            part_list_item(h);
            page_link(page, today->first.grow[i].name,
                      page_path(page, "/skills/{}", html_int(today->first.grow[i].skill_id)));
        }
        part_list_close(h);
    }
    part_question_close(h);
}

/* What there is to do with a partner comes before what there is to prepare. */
static bool write_next_coaching(struct page *page, const struct today *today)
{
    struct coaching_next what;
    bool some = coaching_view_first(page, &today->partnerships, &what);
    if (some) {
        next(page, what.heading, what.text, what.action, what.url);
    }
    return some;
}

/* So does the question whether one takes part in a programme. */
static bool write_next_programme(struct page *page, const struct today *today)
{
    for (size_t i = 0; i < today->programmes.n; i++) {
        const struct programme_part *part = &today->programmes.items[i];
        if (part->state == PART_INVITED && part->programme.state != PROGRAMME_CLOSED) {
            next(page,
                 FILL(page, T(page, "Would you like to take part in {programme}?"),
                      CATALOG_TEXT("programme", part->programme.name)),
                 T(page, "Look at what it is about, and say yes or no. A no needs no reason."),
                 T(page, "Look at it"),
                 page_path(page, "/programmes/{}", html_int(part->programme.id)));
            return true;
        }
    }
    return false;
}

static enum err load_coaching(struct page *page, struct today *today)
{
    struct profile profile;
    enum err err = partnerships_of_actor(&page->coach, false, page->locale, &today->partnerships);
    err = err ? err : programmes_mine(&page->coach, &today->programmes);
    err = err ? err : profile_get(&page->coach, page->me.id, &profile);
    today->knows_when = !err && profile.tags[PROFILE_PERIOD].n > 0;
    return err;
}

/* For who arranges programmes: the way to where people stand. */
static enum err write_arranged(struct page *page)
{
    struct html *h = &page->html;
    struct programme_list list;
    enum err err = programmes_at_work(&page->coach, &list);
    if (err || list.n == 0) {
        return err;
    }
    part_section_open(h, str_of("arranged"), T(page, "Programmes that you arrange"));
    part_list_open(h, false);
    for (size_t k = 0; k < list.n; k++) {
        part_list_item(h);
        page_link(page,
                  FILL(page, T(page, "{name}: where people stand"),
                       CATALOG_TEXT("name", list.items[k].name)),
                  page_path(page, "/programmes/{}/overview", html_int(list.items[k].id)));
    }
    part_list_close(h);
    part_section_close(h);
    return ERR_OK;
}

static enum err show(struct page *page)
{
    struct today today = {0};
    enum err err = skill_view_frameworks(page, 0, &today.frameworks);
    err = err ? err : load_coaching(page, &today);
    if (err == ERR_OK && today.frameworks.id) {
        err = load(page, &today);
    }
    if (err != ERR_OK) {
        return err;
    }
    struct html *h = page_open(
        page,
        &(struct page_head){
            .title = FILL(
                page, T(page, "Hello, {name}"),
                CATALOG_TEXT("name", page->me.given_name.n ? page->me.given_name : page->me.name)),
            .eyebrow = catalog_day(page->arena, page->catalog, page->today, CATALOG_DAY_WEEKDAY),
            .nav = PAGE_NAV_TODAY,
            .width = PART_WIDTH_WIDE,
            .browser_title = T(page, "Today")});
    if (!write_next_coaching(page, &today) && !write_next_programme(page, &today)) {
        write_next(page, &today);
    }
    part_columns_open(h, PART_COLUMNS_THREE);
    write_am_i(page, &today);
    write_have_i(page, &today);
    write_how(page, &today);
    part_columns_close(h);
    err = write_arranged(page);
    return err ? err : page_close(page);
}

static const struct route routes[] = {
    {ROUTE_GET, "/", ROUTE_OWN, .handle = show,
     .about = "Today: the next thing to do, and the three questions"},
};
const struct route_set page_today_routes = ROUTE_SET("Today", routes);
