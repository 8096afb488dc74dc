/* A round: progress, then the list to review page by page, with what can be done about each pair.
 */
#include "base/arena.h"
#include "coach/programmes.h"
#include "coach/rounds.h"
#include "coach/units.h"
#include "web/page.h"
#include "web/page_sets.h"
#include "web/programme_view.h"

#define REFRESH_S 1 /* seconds between two looks while it is worked out */

enum { F_WORDS, F_UNIT, F_AFTER, F_LIST__MAX };
static const struct field_spec list_fields[F_LIST__MAX] = {
    [F_WORDS] = {.name = "q", .type = FIELD_TEXT, .max = 100},
    [F_UNIT] = {.name = "unit", .type = FIELD_ID},
    [F_AFTER] = {.name = "after", .type = FIELD_INT, .least = 0, .most = INT32_MAX},
};

static struct str path_of(struct page *page, const char *pattern)
{
    return page_path(page, pattern, html_int(page_id(page, "id")));
}

static struct html *open_page(struct page *page, const struct rounds_round *round, struct str title,
                              struct str lead)
{
    return page_open(page, &(struct page_head){.title = title,
                                               .eyebrow = round->programme,
                                               .lead = lead,
                                               .back = T(page, "The programme"),
                                               .back_url = page_path(page, "/programmes/{}/plan",
                                                                     html_int(round->programme_id)),
                                               .nav = PAGE_NAV_PROGRAMMES,
                                               .width = PART_WIDTH_WIDE});
}

/* ---- counts ---- */

/* What changing by hand has cost; nothing when nothing was changed. */
static void write_cost(struct page *page, const struct rounds_round *round)
{
    struct html *h = &page->html;
    int32_t fewer = round->best_served - round->n_served;
    if (!round->n_changed) {
        return;
    }
    part_notice_open(h, fewer > 0 ? PART_TONE_CARE : PART_TONE_PLAIN, T(page, "Changed by hand"));
    part_paragraph(h, FILL(page,
                           TN(page, "{n} change since it was worked out.",
                              "{n} changes since it was worked out.", round->n_changed),
                           CATALOG_INT("n", round->n_changed)));
    part_paragraph(
        h, fewer > 0
               ? FILL(page,
                      TN(page, "{n} person fewer receives help than in the best arrangement.",
                         "{n} people fewer receive help than in the best arrangement.", fewer),
                      CATALOG_INT("n", fewer))
               : FILL(page,
                      T(page, "As many receive help as before; the benefit in all is {now}, "
                              "it was {best}."),
                      CATALOG_TEXT("now", programme_view_gain(page, round->total_gain)),
                      CATALOG_TEXT("best", programme_view_gain(page, round->best_gain))));
    part_notice_close(h);
}

static void write_counts(struct page *page, const struct rounds_round *round)
{
    struct html *h = &page->html;
    part_terms_open(h);
    part_term(h, T(page, "Receive help"),
              FILL(page, T(page, "{n} of {all} who have said what they want to grow in"),
                   CATALOG_INT("n", round->n_served), CATALOG_INT("all", round->n_learners)));
    part_term(h, T(page, "Goals covered"),
              FILL(page, T(page, "{n} of {all}"), CATALOG_INT("n", round->n_covered),
                   CATALOG_INT("all", round->n_needs)));
    part_term(h, T(page, "Pairs or groups"), page_digits(page, round->n_pairs));
    part_term(h, T(page, "Locked"), page_digits(page, round->n_locked));
    part_term(h, T(page, "How"), programme_view_strategy(page, round->strategy));
    part_terms_close(h);
    if (round->proved && !round->n_changed) {
        page_link(page,
                  T(page, "Proved: no arrangement under these rules is better. What that means"),
                  path_of(page, "/rounds/{}/proof"));
    } else if (round->has_certificate) {
        page_link(page, T(page, "How good this arrangement is"), path_of(page, "/rounds/{}/proof"));
    }
    page_link(page, T(page, "Who stays without help, and why"), path_of(page, "/rounds/{}/left"));
}

/* ---- one pair ---- */

/* What one does about a pair leads back to the same part of the list. */
static void button(struct page *page, const struct rounds_pair *pair, const char *pattern,
                   struct str text, struct str about)
{
    struct html *h = &page->html;
    page_form_open(page,
                   page_path(page, pattern, html_int(page_id(page, "id")), html_int(pair->pair)));
    for (int k = 0; k < F_LIST__MAX; k++) {
        if (page_given(page, k)) {
            part_hidden(h, str_of(list_fields[k].name), page_text(page, k));
        }
    }
    part_button(h, &(struct part_button){.text = text, .kind = PART_BUTTON_QUIET, .about = about});
    page_form_close(page);
}

/* For each member; where helpers guide, for the learner. */
static void others_links(struct page *page, const struct rounds_round *round,
                         const struct rounds_pair *pair)
{
    int64_t seen[ROUNDS_MEMBERS];
    size_t n = 0;
    for (size_t k = 0; k < 2 * pair->n_rows; k++) {
        const struct rounds_row *row = &pair->rows[k / 2];
        int64_t id = k % 2 ? row->helper_id : row->learner_id;
        size_t at = 0;
        while (at < n && seen[at] != id) {
            at++;
        }
        if (at == n && n < ROUNDS_MEMBERS && (k == 0 || round->strategy != PROGRAMME_GUIDE)) {
            seen[n++] = id;
            programme_view_others(page, round->id, id, k % 2 ? row->helper : row->learner);
        }
    }
}

static void write_actions(struct page *page, const struct rounds_round *round,
                          const struct rounds_pair *pair)
{
    struct html *h = &page->html;
    const struct rounds_row *first = &pair->rows[0];
    struct str about = FILL(page, T(page, "{one} and {other}"), CATALOG_TEXT("one", first->learner),
                            CATALOG_TEXT("other", first->helper));
    part_buttons_open(h);
    if (pair->locked) {
        button(page, pair, "/rounds/{}/pairs/{}/unlock", T(page, "Unlock"), about);
    } else {
        button(page, pair, "/rounds/{}/pairs/{}/lock", T(page, "Lock"), about);
        button(page, pair, "/rounds/{}/pairs/{}/part", T(page, "Take apart"), about);
        others_links(page, round, pair);
    }
    part_buttons_close(h);
}

static void write_pair(struct page *page, const struct rounds_round *round,
                       const struct rounds_pair *pair)
{
    struct html *h = &page->html;
    const struct rounds_row *first = &pair->rows[0];
    part_cards_item(h);
    part_card_open(h, &(struct part_card){.id = html_id(h, "pair-{}", html_int(pair->pair)),
                                          .heading = FILL(page, T(page, "{one} and {other}"),
                                                          CATALOG_TEXT("one", first->learner),
                                                          CATALOG_TEXT("other", first->helper))});
    if (pair->locked) {
        part_badge(h, PART_TONE_ACCENT, T(page, "Locked"));
    }
    if (pair->withheld) {
        part_quiet(h,
                   T(page, "You evaluate one of them: what they work on is not shown to you, and "
                           "another coordinator takes care of it."));
    }
    for (size_t k = 0; k < pair->n_rows && !pair->withheld; k++) {
        programme_view_row(page, &pair->rows[k]);
    }
    if (round->state == ROUNDS_READY && !pair->withheld) {
        write_actions(page, round, pair);
    }
    part_card_close(h);
}

/* ---- the list ---- */

static enum err write_filters(struct page *page)
{
    struct html *h = &page->html;
    struct unit_list units;
    enum err err = units_list(&page->coach, false, &units);
    if (err) {
        return err;
    }
    struct part_option *options = arena_alloc(page->arena, units.n + 1, sizeof *options);
    for (size_t k = 0; options && k < units.n; k++) {
        options[k] = (struct part_option){.value = page_digits(page, units.items[k].id),
                                          .text = units.items[k].name,
                                          .chosen = page_given(page, F_UNIT) &&
                                                    page_number(page, F_UNIT) == units.items[k].id};
    }
    part_filters_open(h, path_of(page, "/rounds/{}#pairs"), T(page, "Find pairs"));
    part_input(h, &(struct part_field){.id = str_of("q"),
                                       .label = T(page, "Name"),
                                       .type = "search",
                                       .value = page_text(page, F_WORDS)});
    part_select(h, &(struct part_field){.id = str_of("unit"), .label = T(page, "Works at")},
                T(page, "anywhere"), options, options ? units.n : 0);
    part_button(h, &(struct part_button){.text = T(page, "Show"),
                                         .kind = PART_BUTTON_PLAIN,
                                         .icon = PART_ICON_SEARCH});
    part_filters_close(h);
    return options ? ERR_OK : ERR_NOMEM;
}

static struct str next_page(struct page *page, const struct rounds_pairs *pairs)
{
    if (!pairs->next) {
        return str_of("");
    }
    return page_path(page, "/rounds/{}?q={}&unit={}&after={}#pairs", html_int(page_id(page, "id")),
                     html_part(page_text(page, F_WORDS)), html_part(page_text(page, F_UNIT)),
                     html_int(pairs->next));
}

static enum err write_list(struct page *page, const struct rounds_round *round)
{
    struct html *h = &page->html;
    struct rounds_pairs pairs;
    const struct rounds_filter filter = {
        .unit_id = page_given(page, F_UNIT) ? page_number(page, F_UNIT) : 0,
        .words = page_text(page, F_WORDS),
        .after = page_given(page, F_AFTER) ? (int32_t)page_number(page, F_AFTER) : 0,
        .locale = page->locale};
    enum err err = rounds_pairs(&page->coach, round->id, &filter, &pairs);
    if (err) {
        return err;
    }
    part_section_open(h, str_of("pairs"), T(page, "Proposals"));
    err = write_filters(page);
    if (!pairs.n) {
        part_quiet(h, T(page, "Nobody fits."));
    }
    part_cards_open(h);
    for (size_t k = 0; k < pairs.n; k++) {
        write_pair(page, round, &pairs.items[k]);
    }
    part_cards_close(h);
    page_turns(page, filter.after ? path_of(page, "/rounds/{}#pairs") : str_of(""),
               next_page(page, &pairs));
    part_section_close(h);
    return err;
}

/* ---- the page ---- */

static void write_next(struct page *page)
{
    struct html *h = &page->html;
    part_next_open(h, T(page, "Next"), T(page, "Review, then publish"));
    part_paragraph(h, T(page, "Nobody has been told yet. When you publish, each pair is asked "
                              "whether they would like to work together; everybody may decline."));
    part_buttons_open(h);
    page_button_ask(page, path_of(page, "/rounds/{}/publish"),
                    &(struct part_button){.text = T(page, "Publish"), .kind = PART_BUTTON_MAIN},
                    T(page, "Publish these proposals? The people concerned are asked at once."));
    page_button_form(
        page, path_of(page, "/rounds/{}/again"),
        &(struct part_button){.text = T(page, "Work it out again around what is locked"),
                              .kind = PART_BUTTON_PLAIN});
    page_button_ask(page, path_of(page, "/rounds/{}/discard"),
                    &(struct part_button){.text = T(page, "Discard"), .kind = PART_BUTTON_QUIET},
                    T(page, "Discard this round? Nobody has been told of it."));
    part_buttons_close(h);
    part_next_close(h);
}

static enum err write_failed(struct page *page, const struct rounds_round *round)
{
    struct html *h = &page->html;
    struct str problem;
    enum err err = programme_view_problem(page, round->programme_id, round->problem,
                                          round->problem_rule_id, &problem);
    part_notice(h, PART_TONE_CARE, T(page, "It could not be worked out"), problem);
    part_buttons_open(h);
    page_button_form(page, path_of(page, "/rounds/{}/again"),
                     &(struct part_button){.text = T(page, "Try again"), .kind = PART_BUTTON_MAIN});
    page_button_form(page, path_of(page, "/rounds/{}/discard"),
                     &(struct part_button){.text = T(page, "Discard"), .kind = PART_BUTTON_PLAIN});
    part_buttons_close(h);
    return err;
}

static void write_progress(struct page *page, const struct rounds_round *round)
{
    page_progress(page,
                  T(page, "The best arrangement is being worked out. This page looks again by "
                          "itself; you can also close it."),
                  round->progress, 1000);
    page_button_form(page, path_of(page, "/rounds/{}/discard"),
                     &(struct part_button){.text = T(page, "Stop"), .kind = PART_BUTTON_PLAIN});
}

/* Nobody is at it any more. */
static void write_stopped(struct page *page, const struct rounds_round *round)
{
    struct html *h = &page->html;
    part_next_open(h, T(page, "Next"), T(page, "Publishing has stopped"));
    part_paragraph(h,
                   FILL(page,
                        T(page, "{n} of {all} pairs or groups have been dealt with. It was tried "
                                "several times and did not work. You can let it go on from there; "
                                "nobody is asked twice. If it stops again, tell whoever runs this "
                                "server."),
                        CATALOG_INT("n", round->n_dealt), CATALOG_INT("all", round->n_pairs)));
    part_buttons_open(h);
    page_button_form(page, path_of(page, "/rounds/{}/publish"),
                     &(struct part_button){.text = T(page, "Go on"), .kind = PART_BUTTON_MAIN});
    part_buttons_close(h);
    part_next_close(h);
}

static void write_publishing(struct page *page, const struct rounds_round *round, int64_t next_ms)
{
    struct html *h = &page->html;
    if (next_ms) {
        part_notice(h, PART_TONE_CARE, T(page, "The last try did not work"),
                    FILL(page, T(page, "It goes on by itself: {when}."),
                         CATALOG_TEXT("when", page_moment(page, next_ms))));
    }
    part_paragraph(h, T(page, "People are asked some at a time, so that everybody else can go on "
                              "working. It goes on by itself, also after the server was started "
                              "again; nobody is asked twice. Nothing in this round can be changed "
                              "any more."));
    page_progress(page,
                  FILL(page,
                       T(page, "Being published: {n} of {all} pairs or groups. This page looks "
                               "again by itself; you can also close it."),
                       CATALOG_INT("n", round->n_dealt), CATALOG_INT("all", round->n_pairs)),
                  round->n_dealt, round->n_pairs);
}

static enum err show(struct page *page)
{
    struct rounds_round round;
    enum rounds_pace pace = ROUNDS_GOES_ON;
    int64_t next_ms = 0;
    enum err err = rounds_get(&page->coach, page_id(page, "id"), &round);
    if (!err && round.state == ROUNDS_PUBLISHING) {
        err = rounds_publish_pace(&page->coach, round.id, &pace, &next_ms);
    }
    if (err) {
        return err;
    }
    struct str lead = round.state == ROUNDS_PUBLISHED
                          ? FILL(page, T(page, "Published: {when}"),
                                 CATALOG_TEXT("when", page_moment(page, round.published_ms)))
                          : FILL(page, T(page, "Started: {when}"),
                                 CATALOG_TEXT("when", page_moment(page, round.created_ms)));
    bool works = round.state == ROUNDS_WAITING || round.state == ROUNDS_RUNNING ||
                 (round.state == ROUNDS_PUBLISHING && pace != ROUNDS_STOPPED);
    page->again_s = works ? REFRESH_S : 0;
    struct html *h = open_page(page, &round, T(page, "A round of matching"), lead);
    switch (round.state) {
    case ROUNDS_WAITING:
    case ROUNDS_RUNNING:
        write_progress(page, &round);
        break;
    case ROUNDS_PUBLISHING:
        if (pace == ROUNDS_STOPPED) {
            write_stopped(page, &round);
        } else {
            write_publishing(page, &round, next_ms);
        }
        break;
    case ROUNDS_FAILED:
        err = write_failed(page, &round);
        break;
    case ROUNDS_DISCARDED:
        part_paragraph(h, T(page, "This round was discarded; nobody was told of it."));
        break;
    default:
        if (round.state == ROUNDS_READY) {
            write_next(page);
        }
        write_cost(page, &round);
        write_counts(page, &round);
        err = write_list(page, &round);
        break;
    }
    return err ? err : page_close(page);
}

/* ---- what is done with it ---- */

static enum err done(struct page *page, enum err err, enum flash flash, int64_t n)
{
    if (err == ERR_CONFLICT) {
        return programme_view_refused(page, page_id(page, "id"));
    }
    return err ? err : page_go(page, flash, n, path_of(page, "/rounds/{}"));
}

static enum err again(struct page *page)
{
    return done(page, rounds_again(&page->coach, page_id(page, "id")), FLASH_ROUND_AGAIN, 0);
}

static enum err discard(struct page *page)
{
    return done(page, rounds_discard(&page->coach, page_id(page, "id")), FLASH_ROUND_DISCARDED, 0);
}

static enum err publish(struct page *page)
{
    int64_t n = 0;
    enum err err = rounds_publish(&page->coach, page_id(page, "id"), ROUNDS_AT_ONCE, &n);
    return n == ROUNDS_LATER ? done(page, err, FLASH_ROUND_PUBLISHING, 0)
                             : done(page, err, FLASH_ROUND_PUBLISHED, n);
}

/* Back to where one was in the list; to the pair itself, while it is there. */
static enum err done_pair(struct page *page, enum err err, enum flash flash, bool stays)
{
    struct html_arg id = html_int(page_id(page, "id")), words = html_part(page_text(page, F_WORDS)),
                    unit = html_part(page_text(page, F_UNIT)),
                    after = html_part(page_text(page, F_AFTER));
    if (err) {
        return done(page, err, flash, 0);
    }
    return page_go(
        page, flash, 0,
        stays ? page_path(page, "/rounds/{}?q={}&unit={}&after={}#pair-{}", id, words, unit, after,
                          html_int(page_id(page, "pair")))
              : page_path(page, "/rounds/{}?q={}&unit={}&after={}", id, words, unit, after));
}

static enum err lock(struct page *page)
{
    enum err err =
        rounds_lock(&page->coach, page_id(page, "id"), (int32_t)page_id(page, "pair"), true);
    return done_pair(page, err, FLASH_ROUND_LOCKED, true);
}

static enum err unlock(struct page *page)
{
    enum err err =
        rounds_lock(&page->coach, page_id(page, "id"), (int32_t)page_id(page, "pair"), false);
    return done_pair(page, err, FLASH_ROUND_UNLOCKED, true);
}

/* What it costs stands above the list. */
static enum err part(struct page *page)
{
    enum err err = rounds_part(&page->coach, page_id(page, "id"), (int32_t)page_id(page, "pair"));
    return done_pair(page, err, FLASH_ROUND_PARTED, false);
}

static const struct route routes[] = {
    {ROUTE_GET, "/rounds/:id", ROUTE_COORDINATOR, .handle = show, .fields = list_fields,
     .n_fields = F_LIST__MAX, .about = "A round: progress, then the proposals to review"},
    {ROUTE_POST, "/rounds/:id/again", ROUTE_COORDINATOR, .handle = again,
     .about = "Works it out again around what is locked"},
    {ROUTE_POST, "/rounds/:id/discard", ROUTE_COORDINATOR, .handle = discard,
     .about = "Throws it away"},
    {ROUTE_POST, "/rounds/:id/publish", ROUTE_COORDINATOR, .handle = publish,
     .about = "Proposes the partnerships to people"},
    {ROUTE_POST, "/rounds/:id/pairs/:pair/lock", ROUTE_COORDINATOR, .handle = lock,
     .fields = list_fields, .n_fields = F_LIST__MAX, .about = "A pair stays together"},
    {ROUTE_POST, "/rounds/:id/pairs/:pair/unlock", ROUTE_COORDINATOR, .handle = unlock,
     .fields = list_fields, .n_fields = F_LIST__MAX, .about = "Takes that back"},
    {ROUTE_POST, "/rounds/:id/pairs/:pair/part", ROUTE_COORDINATOR, .handle = part,
     .fields = list_fields, .n_fields = F_LIST__MAX, .about = "Takes a pair apart"},
};
const struct route_set page_round_routes = ROUTE_SET("Rounds", routes);
