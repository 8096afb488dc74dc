/* The band, and what stands behind it and would move it, in words. */
#include "web/skill_view.h"

#include "base/arena.h"
#include "base/buf.h"
#include "coach/memory.h"
#include "web/page.h"

void skill_view_band(struct page *page, const struct zones_skill *skill, enum zoneband_size size,
                     struct str person)
{
    struct html *h = &page->html;
    zoneband_draw(h, page->catalog,
                  &(struct zoneband){.id = html_id(h, "band-{}", html_int(skill->skill_id)),
                                     .skill = skill->name,
                                     .person = person,
                                     .size = size,
                                     .n_levels = skill->n_levels,
                                     .level_names = skill->level_names,
                                     .enough = skill->enough,
                                     .alone = skill->alone_level,
                                     .alone_lo = skill->alone_level_lo,
                                     .alone_hi = skill->alone_level_hi,
                                     .has_help = skill->enough && skill->has_zone,
                                     .helped = skill->helped_level,
                                     .helped_lo = skill->helped_level_lo,
                                     .helped_hi = skill->helped_level_hi,
                                     .has_zone = skill->has_zone,
                                     .zone_lo = skill->zone_level_lo,
                                     .zone_hi = skill->zone_level_hi,
                                     .n_evidence = skill->n_evidence,
                                     .n_raters = skill->n_colleagues});
}

/* One phrase of the line; the dots between are drawn by the style sheet. */
static void phrase(struct html *h, struct str text)
{
    html_element(h, EL_LI, NULL, text);
}

static void write_phrases(struct page *page, const struct zones_skill *skill)
{
    struct html *h = &page->html;
    const struct {
        int32_t n;
        const char *one, *many;
    } counts[] = {
        {skill->n_visits, N2_("{n} visit", "{n} visits")},
        {skill->n_colleagues, N2_("{n} colleague", "{n} colleagues")},
        {skill->n_done_alone, N2_("{n} task done alone", "{n} tasks done alone")},
        {skill->n_done_helped, N2_("{n} task done with help", "{n} tasks done with help")},
        {skill->n_not_yet, N2_("{n} task not yet", "{n} tasks not yet")},
    };
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        if (counts[i].n) {
            phrase(h, FILL(page, TN(page, counts[i].one, counts[i].many, counts[i].n),
                           CATALOG_INT("n", counts[i].n)));
        }
    }
    if (skill->self_level >= 1 && skill->self_level <= skill->n_levels) {
        phrase(h, FILL(page, T(page, "own view: {level}"),
                       CATALOG_TEXT("level", skill->level_names[skill->self_level - 1])));
    }
    if (skill->last_day != EVIDENCE_DAY_UNKNOWN) {
        phrase(h, FILL(page, T(page, "newest: {day}"),
                       CATALOG_TEXT("day", page_day_from_today(page, skill->last_day))));
    }
}

void skill_view_behind(struct page *page, const struct zones_skill *skill)
{
    struct html *h = &page->html;
    if (!skill->n_evidence) {
        part_quiet(h, T(page, "Nothing is written down yet."));
        return;
    }
    html_open_class(h, EL_UL, "phrases");
    write_phrases(page, skill);
    html_close(h, EL_UL);
}

struct str skill_view_move(struct page *page, const struct zones_skill *skill)
{
    switch (skill->move) {
    case ZONES_MOVE_VISIT:
        return T(page, "A visit by a colleague would tell most.");
    case ZONES_MOVE_COLLEAGUE:
        return T(page, "A visit by another colleague than before would tell most.");
    case ZONES_MOVE_TASK:
        return T(page, "Try a task and write down how much help it took: nothing shows yet what "
                       "help does for you.");
    case ZONES_MOVE_RECENT:
        return T(page, "The newest piece is more than a year old: something new would tell most.");
    default:
        return T(page, "This is known well; another visit would change little.");
    }
}

void skill_view_wishes(struct page *page, const struct zones_skill *skill)
{
    struct html *h = &page->html;
    if (skill->need) {
        part_badge(h, PART_TONE_ACCENT, T(page, "I want to grow in this"));
    }
    if (skill->offer) {
        part_badge(h, PART_TONE_GOOD, T(page, "I help with this"));
    }
    if (skill->retired) {
        part_badge(h, PART_TONE_PLAIN, T(page, "no longer in the framework"));
    }
}

/* -- Evidence ------------------------------------------------------------------------------------
 */

struct str skill_view_support(struct page *page, enum evidence_support support)
{
    switch (support) {
    case EVIDENCE_PROMPTED:
        return T(page, "With a prompt");
    case EVIDENCE_MODELLED:
        return T(page, "After a model");
    case EVIDENCE_JOINT:
        return T(page, "Together");
    default:
        return T(page, "Alone");
    }
}

struct str skill_view_support_hint(struct page *page, enum evidence_support support)
{
    switch (support) {
    case EVIDENCE_PROMPTED:
        return T(page, "A question or a hint was enough.");
    case EVIDENCE_MODELLED:
        return T(page, "Somebody showed it first.");
    case EVIDENCE_JOINT:
        return T(page, "Done side by side.");
    default:
        return T(page, "Nobody helped.");
    }
}

static struct str task_said(struct page *page, const struct evidence_piece *piece)
{
    static const char *const done[EVIDENCE_SUPPORT__MAX] = {
        [EVIDENCE_INDEPENDENT] = N_("Done alone: {task}"),
        [EVIDENCE_PROMPTED] = N_("Done with a prompt: {task}"),
        [EVIDENCE_MODELLED] = N_("Done after a model: {task}"),
        [EVIDENCE_JOINT] = N_("Done together: {task}"),
    };
    const char *text = piece->level ? done[piece->support] : N_("Not yet: {task}");
    struct str task = piece->task.n ? piece->task : T(page, "a task");
    return FILL(page, T(page, text), CATALOG_TEXT("task", task));
}

struct str skill_view_said(struct page *page, const struct evidence_piece *piece)
{
    static const char *const seen[EVIDENCE_SUPPORT__MAX] = {
        [EVIDENCE_INDEPENDENT] = N_("Seen: {level}, alone"),
        [EVIDENCE_PROMPTED] = N_("Seen: {level}, with a prompt"),
        [EVIDENCE_MODELLED] = N_("Seen: {level}, after a model"),
        [EVIDENCE_JOINT] = N_("Seen: {level}, together"),
    };
    if (piece->kind == EVIDENCE_TASK) {
        return task_said(page, piece);
    }
    const char *text =
        piece->kind == EVIDENCE_SELF ? N_("Own view: {level}") : seen[piece->support];
    return FILL(page, T(page, text), CATALOG_TEXT("level", piece->level_name));
}

static void write_source(struct page *page, const struct evidence_piece *piece)
{
    struct html *h = &page->html;
    html_open_class(h, EL_P, "quiet");
    if (piece->day != EVIDENCE_DAY_UNKNOWN) {
        page_write_day(page, piece->day);
    } else {
        html_text(h, T(page, "day not known"));
    }
    if (piece->kind == EVIDENCE_OBSERVED) {
        html_text(h, str_of(" "));
        html_text(h, piece->rater.n
                         ? FILL(page, T(page, "by {name}"), CATALOG_TEXT("name", piece->rater))
                         : T(page, "by somebody unnamed"));
    }
    if (piece->occasion.n) {
        html_text(h, str_of(" "));
        html_text(h,
                  FILL(page, T(page, "({occasion})"), CATALOG_TEXT("occasion", piece->occasion)));
    }
    html_close(h, EL_P);
}

static void write_buttons(struct page *page, const struct evidence_piece *piece, bool own)
{
    struct html *h = &page->html;
    if (!piece->can_withdraw || (piece->withdrawn_ms && !own)) {
        return;
    }
    part_buttons_open(h);
    if (!piece->withdrawn_ms) {
        page_button_form(page,
                         page_path(page, "/skills/{}/evidence/{}/withdraw",
                                   html_int(piece->skill_id), html_int(piece->id)),
                         &(struct part_button){.text = T(page, "Withdraw"),
                                               .kind = PART_BUTTON_QUIET,
                                               .about = skill_view_said(page, piece)});
    }
    if (own) {
        page_button_ask(page,
                        page_path(page, "/skills/{}/evidence/{}/delete", html_int(piece->skill_id),
                                  html_int(piece->id)),
                        &(struct part_button){.text = T(page, "Delete"),
                                              .kind = PART_BUTTON_QUIET,
                                              .about = skill_view_said(page, piece)},
                        T(page, "Delete this piece for good?"));
    }
    part_buttons_close(h);
}

void skill_view_evidence(struct page *page, const struct evidence_piece *pieces, int32_t n,
                         bool own)
{
    struct html *h = &page->html;
    html_open_class(h, EL_OL, "pieces");
    for (int32_t i = 0; i < n; i++) {
        const struct evidence_piece *piece = &pieces[i];
        html_open_class(h, EL_LI, piece->withdrawn_ms ? "piece piece-withdrawn" : "piece");
        html_element(h, EL_P, "piece-said", skill_view_said(page, piece));
        if (piece->withdrawn_ms) {
            part_badge(h, PART_TONE_PLAIN, T(page, "withdrawn, does not count"));
        }
        write_source(page, piece);
        if (piece->note.n) {
            part_written(h, piece->note);
        }
        write_buttons(page, piece, own);
        html_close(h, EL_LI);
    }
    html_close(h, EL_OL);
}

/* -- Frameworks -----------------------------------------------------------------------------------
 */

enum err skill_view_frameworks(struct page *page, int64_t asked,
                               struct skill_frameworks *frameworks)
{
    const struct frameworks_item *all;
    struct skill_frameworks found = {0};
    int32_t n_all;
    enum err err = memory_frameworks(&page->coach, page->locale, &all, &n_all);
    if (err != ERR_OK) {
        return err;
    }
    found.items = arena_alloc(page->arena, (size_t)n_all, sizeof *found.items);
    if (!found.items) {
        return ERR_NOMEM;
    }
    bool there = !asked;
    for (int32_t i = 0; i < n_all; i++) {
        if (all[i].active) {
            there = there || all[i].id == asked;
            found.items[found.n++] = all[i];
        }
    }
    if (!there) {
        return ERR_NOT_FOUND;
    }
    found.id = asked ? asked : found.n ? found.items[0].id : 0;
    *frameworks = found;
    return ERR_OK;
}

void skill_view_tabs(struct page *page, const struct skill_frameworks *frameworks,
                     const char *pattern)
{
    struct html *h = &page->html;
    if (frameworks->n < 2) {
        return;
    }
    struct part_link *links = arena_alloc(page->arena, (size_t)frameworks->n, sizeof *links);
    if (!links) {
        h->err = h->err ? h->err : ERR_NOMEM;
        return;
    }
    for (int32_t i = 0; i < frameworks->n; i++) {
        const struct html_arg id = html_int(frameworks->items[i].id);
        links[i].text = frameworks->items[i].words.name;
        links[i].url = page_path_of(page, pattern, &id, 1);
        links[i].current = frameworks->items[i].id == frameworks->id;
    }
    part_tabs(h, T(page, "Frameworks"), links, (size_t)frameworks->n);
}

enum err skill_view_none(struct page *page, struct str title)
{
    bool can = page->coach.actor.administrator;
    struct html *h = page_open(page, &(struct page_head){.title = title, .nav = PAGE_NAV_SKILLS});
    part_empty(h, &(struct part_empty){
                      .icon = PART_ICON_SEED,
                      .heading = T(page, "There are no skills here yet"),
                      .text = can ? T(page, "Choose a framework of skills first; one for teaching "
                                            "and one for peer coaching come with Duet.")
                                  : T(page, "Your administrator has not chosen a framework of "
                                            "skills yet. Come back a little later."),
                      .action = can ? T(page, "Choose a framework") : str_of(""),
                      .url = can ? str_of("/setup/frameworks") : str_of("")});
    return page_close(page);
}
