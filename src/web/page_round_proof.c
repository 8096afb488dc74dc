/* What the certificate of a round means, how it can be checked again, and the certificate as a
 * file. */
#include "coach/rounds.h"
#include "web/page.h"
#include "web/page_sets.h"
#include "web/programme_view.h"

static struct str path_of(struct page *page, const char *pattern)
{
    return page_path(page, pattern, html_int(page_id(page, "id")));
}

static void write_how(struct page *page)
{
    struct html *h = &page->html;
    part_heading(h, 2, str_of("how"), T(page, "How that can be proved"));
    part_paragraph(h, T(page, "Along with the pairs the program works out a price for each person. "
                              "The prices are such that no two people together are worth more than "
                              "the sum of their prices. So no arrangement at all can be worth more "
                              "than all prices together, and this one is worth exactly that."));
    part_paragraph(h, T(page, "Every round is checked before you see it, by a part of the program "
                              "that shares nothing with the one that found the pairs: it computes "
                              "each benefit again and holds the prices against every possible "
                              "pair."));
    part_heading(h, 2, str_of("limits"), T(page, "What it does not prove"));
    part_paragraph(h,
                   T(page, "That two people will get on, or that estimates are right. It says that "
                           "nobody was overlooked, given what people want, what they offer, what "
                           "is known, and your rules."));
}

static void write_check(struct page *page, const struct rounds_round *round)
{
    struct html *h = &page->html;
    part_heading(h, 2, str_of("check"), T(page, "How to have it checked again"));
    part_paragraph(h,
                   T(page, "Whoever runs the server can hold this list and its certificate against "
                           "the database once more. The command only reads, also while Duet runs, "
                           "and what it prints names nobody:"));
    html_element(
        h, EL_PRE, NULL,
        FILL(page, str_of("duet verify --db WHERE --round {n}"), CATALOG_INT("n", round->id)));
    if (!round->locks_kept) {
        part_notice(h, PART_TONE_PLAIN, T(page, "Worked out by an earlier version"),
                    T(page, "That version did not keep which pairs were locked then. Where some "
                            "were, this round cannot be checked again, and the command says so."));
    }
    part_paragraph(h,
                   T(page, "Have it done before you publish, or soon after: once people, wishes, "
                           "evidence or rules have changed, it says that, and nothing else can be "
                           "said. The evidence itself is not for you to see, so it is not in any "
                           "file here."));
}

static enum err show_proof(struct page *page)
{
    struct rounds_round round;
    enum err err = rounds_get(&page->coach, page_id(page, "id"), &round);
    if (err) {
        return err;
    }
    struct html *h =
        page_open(page, &(struct page_head){.title = T(page, "How good this arrangement is"),
                                            .eyebrow = round.programme,
                                            .back = T(page, "The round"),
                                            .back_url = path_of(page, "/rounds/{}"),
                                            .nav = PAGE_NAV_PROGRAMMES});
    if (!round.has_certificate) {
        part_paragraph(h, T(page, "This way of matching does not look for the best arrangement, so "
                                  "there is nothing to prove."));
        return page_close(page);
    }
    part_lead(h, round.proved
                     ? T(page, "As it was worked out, no other arrangement under the same rules "
                               "is better. That is proved, not just believed.")
                     : T(page, "As it was worked out, it may not be the very best, but how much "
                               "better another could be at most is known."));
    if (round.n_changed) {
        part_paragraph(h, T(page, "You have changed it by hand since; the proof is about the "
                                  "arrangement before that. The page of the round says what the "
                                  "changes cost."));
    }
    part_paragraph(h, round.most_gain
                          ? T(page, "Better means: the benefit of all help together is larger.")
                          : T(page, "Better means: more people receive help; among arrangements "
                                    "with as many, that the benefit of all help together is "
                                    "larger."));
    if (!round.proved && round.bound >= 0) {
        part_paragraph(h, FILL(page,
                               T(page, "Its benefit in all is {gain}; no arrangement of this kind "
                                       "reaches more than {bound}."),
                               CATALOG_TEXT("gain", programme_view_gain(page, round.best_gain)),
                               CATALOG_TEXT("bound", programme_view_gain(page, round.bound / 4))));
    }
    write_how(page);
    write_check(page, &round);
    part_buttons_open(h);
    part_button_link(h, PART_BUTTON_PLAIN, PART_ICON_DOWNLOAD, T(page, "Save the certificate"),
                     path_of(page, "/rounds/{}/export"));
    part_buttons_close(h);
    return page_close(page);
}

static enum err download(struct page *page)
{
    struct str text;
    enum err err = rounds_certificate(&page->coach, page_id(page, "id"), &text);
    return err ? err
               : page_download(page, "text/plain; charset=utf-8", "round-certificate.txt", text);
}

static const struct route routes[] = {
    {ROUTE_GET, "/rounds/:id/proof", ROUTE_COORDINATOR, .handle = show_proof,
     .about = "What the certificate of a round means"},
    {ROUTE_GET, "/rounds/:id/export", ROUTE_COORDINATOR, .handle = download,
     .about = "The certificate as a file"},
};
const struct route_set page_round_proof_routes = ROUTE_SET("Rounds: the certificate", routes);
