/* What I wrote down about others, and taking it back. */
#include "coach/evidence.h"
#include "web/page.h"
#include "web/page_sets.h"
#include "web/skill_view.h"

#define PIECES 20

enum { F_BEFORE, F_LIST__MAX };
static const struct field_spec list_fields[F_LIST__MAX] = {
    [F_BEFORE] = {.name = "before", .type = FIELD_ID},
};

static enum err write_piece(struct page *page, const struct evidence_piece *piece)
{
    struct html *h = &page->html;
    struct person_line line;
    struct str name = T(page, "somebody who has left");
    enum err err = people_line(&page->coach, piece->person_id, page->locale, &line);
    if (err == ERR_OK) {
        name = line.name;
    } else if (err != ERR_NOT_FOUND) {
        return err;
    }
    html_open_class(h, EL_LI, piece->withdrawn_ms ? "piece piece-withdrawn" : "piece");
    html_element(h, EL_P, "piece-said", skill_view_said(page, piece));
    html_open_class(h, EL_P, "quiet");
    html_text(h, FILL(page, T(page, "about {name}"), CATALOG_TEXT("name", name)));
    if (piece->day != EVIDENCE_DAY_UNKNOWN) {
        html_text(h, str_of(" "));
        page_write_day(page, piece->day);
    }
    html_close(h, EL_P);
    if (piece->note.n) {
        part_written(h, piece->note);
    }
    if (piece->withdrawn_ms) {
        part_badge(h, PART_TONE_PLAIN, T(page, "withdrawn, does not count"));
    } else if (piece->can_withdraw) {
        page_button_form(page, page_path(page, "/written/{}/withdraw", html_int(piece->id)),
                         &(struct part_button){.text = T(page, "Withdraw"),
                                               .kind = PART_BUTTON_QUIET,
                                               .about = name});
    }
    html_close(h, EL_LI);
    return ERR_OK;
}

static enum err show(struct page *page)
{
    struct evidence_piece *pieces;
    int32_t n;
    bool more;
    int64_t before = page_given(page, F_BEFORE) ? page_number(page, F_BEFORE) : 0;
    enum err err =
        evidence_list_entered(&page->coach, page->locale, before, PIECES, &pieces, &n, &more);
    if (err != ERR_OK) {
        return err;
    }
    struct html *h = page_open(
        page, &(struct page_head){
                  .title = T(page, "What I wrote about others"),
                  .lead = T(page, "Those it is about read it. What you withdraw no longer counts."),
                  .back = T(page, "Who sees what"),
                  .back_url = str_of("/sharing"),
                  .nav = PAGE_NAV_ME});
    if (!n) {
        part_empty(h, &(struct part_empty){
                          .icon = PART_ICON_EYE,
                          .heading = T(page, "Nothing yet"),
                          .text = T(page, "When a colleague shares a skill with you, you can write "
                                          "down what you see in their lessons.")});
        return page_close(page);
    }
    html_open_class(h, EL_OL, "pieces");
    for (int32_t i = 0; i < n; i++) {
        err = write_piece(page, &pieces[i]);
        if (err != ERR_OK) {
            return err;
        }
    }
    html_close(h, EL_OL);
    if (more) {
        page_link(page, T(page, "Older pieces"),
                  page_path(page, "/written?before={}", html_int(pieces[n - 1].id)));
    }
    return page_close(page);
}

static enum err withdraw(struct page *page)
{
    enum err err = evidence_withdraw(&page->coach, page_id(page, "id"));
    return err == ERR_OK ? page_go(page, FLASH_EVIDENCE_WITHDRAWN, 0, str_of("/written")) : err;
}

static const struct route routes[] = {
    {ROUTE_GET, "/written", ROUTE_OWN, .handle = show, .fields = list_fields,
     .n_fields = F_LIST__MAX, .about = "What I wrote down about others"},
    {ROUTE_POST, "/written/:id/withdraw", ROUTE_OWN, .handle = withdraw,
     .about = "Takes one of these back"},
};
const struct route_set page_written_routes = ROUTE_SET("What I wrote", routes);
