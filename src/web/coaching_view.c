/* What the pages of coaching share; see coaching_view.h. */
#include "web/coaching_view.h"

#include "web/cycle_words.h"
#include "web/page.h"

struct str coaching_view_with(struct page *page, const struct partnership *p)
{
    struct str others[PARTNERSHIPS_MEMBERS] = {{"", 0}, {"", 0}, {"", 0}};
    int n = 0;
    if (p->kind == PARTNERSHIP_GUIDE) {
        return T(page, "With the guide");
    }
    for (int32_t k = 0; k < p->n_members; k++) {
        if (p->members[k].person_id != page->me.id) {
            others[n++] = p->members[k].name;
        }
    }
    return n == 2 ? FILL(page, T(page, "With {name} and {other}"), CATALOG_TEXT("name", others[0]),
                         CATALOG_TEXT("other", others[1]))
                  : FILL(page, T(page, "With {name}"), CATALOG_TEXT("name", others[0]));
}

struct str coaching_view_focus(struct page *page, const struct focus *focus)
{
    struct str skill = focus->skill;
    if (focus->helper_id == 0) {
        return FILL(page, T(page, "The guide helps you with {skill}"),
                    CATALOG_TEXT("skill", skill));
    }
    if (focus->learner_id == page->me.id) {
        return FILL(page, T(page, "{name} helps you with {skill}"),
                    CATALOG_TEXT("name", focus->helper), CATALOG_TEXT("skill", skill));
    }
    if (focus->helper_id == page->me.id) {
        return FILL(page, T(page, "You help {name} with {skill}"),
                    CATALOG_TEXT("name", focus->learner), CATALOG_TEXT("skill", skill));
    }
    return FILL(page, T(page, "{name} helps {other} with {skill}"),
                CATALOG_TEXT("name", focus->helper), CATALOG_TEXT("other", focus->learner),
                CATALOG_TEXT("skill", skill));
}

void coaching_view_state(struct page *page, const struct partnership *p)
{
    static const struct {
        enum part_tone tone;
        const char *text;
    } states[PARTNERSHIP_STATE__MAX] = {
        [PARTNERSHIP_PROPOSED] = {PART_TONE_ACCENT, N_("proposed")},
        [PARTNERSHIP_AGREEING] = {PART_TONE_ACCENT, N_("agreement to sign")},
        [PARTNERSHIP_ACTIVE] = {PART_TONE_GOOD, N_("at work")},
        [PARTNERSHIP_PAUSED] = {PART_TONE_CARE, N_("paused")},
        [PARTNERSHIP_ENDED] = {PART_TONE_PLAIN, N_("ended")},
    };
    part_badge(&page->html, states[p->state].tone, T(page, states[p->state].text));
}

/* ---- the one next thing ---- */

static bool next_proposed(struct page *page, const struct partnership *p,
                          struct coaching_next *next)
{
    if (p->accepted) {
        next->heading = T(page, "You have said yes");
        next->text = T(page, "As soon as everybody has, you agree on how to work together.");
        return true;
    }
    next->heading = p->asked_by ? T(page, "A colleague asks you") : T(page, "A partner for you");
    next->text = T(page, "Look at it, and say yes or no. A no needs no reason.");
    next->action = T(page, "Look at it");
    next->url = page_path(page, "/partnerships/{}", html_int(p->id));
    return true;
}

static bool next_agreeing(struct page *page, const struct partnership *p,
                          struct coaching_next *next)
{
    if (p->signed_now) {
        next->heading = T(page, "You have signed");
        next->text = T(page, "When your partner has signed too, you plan the first cycle.");
        return true;
    }
    next->heading = T(page, "Agree on how you work together");
    next->text = T(page, "Read the agreement, change what you would like otherwise, and sign it.");
    next->action = T(page, "Read the agreement");
    next->url = page_path(page, "/partnerships/{}/agreement", html_int(p->id));
    return true;
}

/* What comes next in a cycle: for the one who writes it, and for the others. */
static struct str turn(struct page *page, const struct focus *f)
{
    static const char *const both[CYCLE_STAGE__MAX] = {
        [CYCLE_VISIT] = N_("The visit comes next. The pad takes what you see and hear."),
        [CYCLE_FEEDBACK] = N_("Talk about the visit, a strength first."),
        [CYCLE_CHECK] = N_("Look at the step together: how far did it go?"),
        [CYCLE_REFLECT] = N_("What has each of you learned? Then close the cycle."),
    };
    static const char *const own[CYCLE_STAGE__MAX] = {
        [CYCLE_PLAN] = N_("Make a plan: one goal, small enough for one lesson."),
        [CYCLE_VISIT] = N_("The visit comes next. Your partner is there, or lets you watch."),
        [CYCLE_SOLVE] = N_("Choose one step, and the day on which you look at it again."),
    };
    static const char *const theirs[CYCLE_STAGE__MAX] = {
        [CYCLE_PLAN] = N_("{name} makes the plan. You can prepare meanwhile."),
        [CYCLE_SOLVE] = N_("{name} chooses the next step. You can ask what would make it easier."),
    };
    static const char *const guided[CYCLE_STAGE__MAX] = {
        [CYCLE_VISIT] = N_("Try it in a lesson, and watch what you wanted to watch."),
        [CYCLE_FEEDBACK] = N_("Write down what worked, and the moment in which you noticed."),
        [CYCLE_CHECK] = N_("Look at the step again: how far did it go?"),
        [CYCLE_REFLECT] = N_("What have you learned? Then close the cycle."),
    };
    bool learner = f->learner_id == page->me.id;
    const char *text = f->helper_id == 0 ? guided[f->open_stage] : NULL;
    text = text ? text : learner ? own[f->open_stage] : theirs[f->open_stage];
    text = text ? text : both[f->open_stage];
    return FILL(page, T(page, text), CATALOG_TEXT("name", f->learner));
}

static bool next_active(struct page *page, const struct partnership *p, struct coaching_next *next)
{
    for (int32_t k = 0; k < p->n_focuses; k++) {
        const struct focus *f = &p->focuses[k];
        bool mine = f->learner_id == page->me.id || f->helper_id == page->me.id;
        if (mine && f->open_cycle_id) {
            next->heading = coaching_view_focus(page, f);
            next->text = turn(page, f);
            next->action = T(page, "Go on with the cycle");
            next->url = page_path(page, "/cycles/{}", html_int(f->open_cycle_id));
            return true;
        }
    }
    next->heading = T(page, "Begin a cycle");
    next->text = T(page, "A cycle is one goal, one visit, one step: about two hours in two weeks.");
    next->action = T(page, "Choose what to work on");
    next->url = page_path(page, "/partnerships/{}#work", html_int(p->id));
    return true;
}

bool coaching_view_next(struct page *page, const struct partnership *p, struct coaching_next *next)
{
    *next = (struct coaching_next){{"", 0}, {"", 0}, {"", 0}, {"", 0}};
    switch (p->state) {
    case PARTNERSHIP_PROPOSED:
        return next_proposed(page, p, next);
    case PARTNERSHIP_AGREEING:
        return next_agreeing(page, p, next);
    case PARTNERSHIP_ACTIVE:
        return next_active(page, p, next);
    default:
        return false;
    }
}

bool coaching_view_first(struct page *page, const struct partnerships *list,
                         struct coaching_next *next)
{
    static const enum partnership_state order[] = {PARTNERSHIP_PROPOSED, PARTNERSHIP_AGREEING,
                                                   PARTNERSHIP_ACTIVE};
    for (int i = 0; i < 6; i++) {
        for (size_t k = 0; k < list->n; k++) {
            const struct partnership *p = &list->items[k];
            bool guide = p->kind == PARTNERSHIP_GUIDE;
            if (p->state == order[i % 3] && guide == (i >= 3) &&
                coaching_view_next(page, p, next) && next->url.n) {
                return true;
            }
        }
    }
    return false;
}

void coaching_view_guide(struct page *page)
{
    part_notice(&page->html, PART_TONE_PLAIN, T(page, "The guide is a program"),
                T(page,
                  "It asks questions, shows examples and proposes tasks that may suit you. It "
                  "does not understand what you write, and nobody else reads it. A colleague "
                  "can do more: you can ask one at any time."));
}

static enum err enter(struct page *page, bool running, bool *gone)
{
    int64_t id = page_id(page, "id");
    enum partnership_state state;
    bool together;
    enum err err = partnerships_mine(&page->coach, id, &state, &together);
    if (err) { /* no member: the rules decide */
        return err == ERR_NOT_FOUND ? ERR_OK : err;
    }
    *gone = !together || (running && state == PARTNERSHIP_ENDED);
    return !*gone ? ERR_OK
                  : page_go(page,
                            state == PARTNERSHIP_PROPOSED ? FLASH_NOT_TOGETHER_YET
                                                          : FLASH_COACHING_MOVED,
                            0, page_path(page, "/partnerships/{}", html_int(id)));
}

enum err coaching_view_enter(struct page *page, bool *gone)
{
    return enter(page, false, gone);
}

enum err coaching_view_enter_running(struct page *page, bool *gone)
{
    return enter(page, true, gone);
}

void coaching_view_lines(struct page *page, const char *const *lines, bool numbered)
{
    struct html *h = &page->html;
    part_list_open(h, numbered);
    for (int i = 0; lines[i]; i++) {
        part_list_item(h);
        html_text(h, T(page, lines[i]));
    }
    part_list_close(h);
}

enum err coaching_view_go(struct page *page, enum err err, enum flash flash, struct str path)
{
    if (err == ERR_CONFLICT || err == ERR_LIMIT) {
        return page_go(page, FLASH_COACHING_MOVED, 0, path);
    }
    return err ? err : page_go(page, flash, 0, path);
}
