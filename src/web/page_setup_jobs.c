/* Set-up: work in the background - what waits, and what failed for good. */
#include "coach/queue.h"
#include "web/page.h"
#include "web/page_sets.h"

/* What a kind of job is called; kinds that are not listed are shown as they are. */
static struct str kind_words(struct page *page, struct str kind)
{
    static const struct {
        const char *kind, *words;
    } kinds[] = {
        {"mail", N_("Sending a message")},
        {"refit", N_("Estimating zones anew")},
        {"backup", N_("Writing a backup")},
        {"clean", N_("Removing what is out of date")},
        {"stalled", N_("Looking for partnerships that stand still")},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (str_is(kind, kinds[i].kind)) {
            return T(page, kinds[i].words);
        }
    }
    return kind;
}

static void write_counts(struct page *page, const struct queue_counts *counts)
{
    struct html *h = &page->html;
    int64_t waiting = counts->n[QUEUE_READY], running = counts->n[QUEUE_RUNNING];
    int64_t minutes = counts->oldest_due_ms / COACH_MINUTE_MS;
    part_terms_open(h);
    part_term(h, T(page, "Waiting"), page_digits(page, waiting));
    part_term(h, T(page, "Being done"), page_digits(page, running));
    part_term(h, T(page, "Failed for good"), page_digits(page, counts->n[QUEUE_DEAD]));
    part_terms_close(h);
    if (minutes > 10) {
        struct str text = TN(page,
                             "The oldest has waited for {n} minute. Is the process that does it "
                             "running? The log of duet serve says.",
                             "The oldest has waited for {n} minutes. Is the process that does it "
                             "running? The log of duet serve says.",
                             minutes);
        part_notice(h, PART_TONE_CARE, T(page, "Work is piling up"),
                    FILL(page, text, CATALOG_INT("n", minutes)));
    }
}

static void write_dead(struct page *page, const struct job *job)
{
    struct html *h = &page->html;
    struct str words = kind_words(page, job->kind);
    struct str tried = TN(page, "Tried {n} time.", "Tried {n} times.", job->attempts);
    part_cards_item(h);
    part_card_open(h, &(struct part_card){.heading = words, .tone = PART_TONE_CARE});
    html_open(h, EL_P);
    page_write_moment(page, job->created_ms);
    html_close(h, EL_P);
    part_paragraph(h, FILL(page, tried, CATALOG_INT("n", job->attempts)));
    if (job->last_error.n) {
        part_quiet(h, job->last_error);
    }
    part_buttons_open(h);
    page_button_form(page, page_path(page, "/setup/jobs/{}/retry", html_int(job->id)),
                     &(struct part_button){
                         .text = T(page, "Try again"), .about = words, .kind = PART_BUTTON_PLAIN});
    page_button_form(page, page_path(page, "/setup/jobs/{}/discard", html_int(job->id)),
                     &(struct part_button){
                         .text = T(page, "Give it up"), .about = words, .kind = PART_BUTTON_QUIET});
    part_buttons_close(h);
    part_card_close(h);
}

static enum err show(struct page *page)
{
    struct queue_counts counts;
    struct job_list dead;
    enum err err = queue_count(&page->coach, &counts);
    err = err ? err : queue_list(&page->coach, QUEUE_DEAD, &dead);
    if (err != ERR_OK) {
        return err;
    }
    struct html *h = page_open(
        page, &(struct page_head){.title = T(page, "Background work"),
                                  .lead = T(page, "Mail, estimates and backups are made beside the "
                                                  "pages, so that nobody waits for them."),
                                  .back = T(page, "Set-up"),
                                  .back_url = str_of("/setup"),
                                  .nav = PAGE_NAV_SETUP});
    write_counts(page, &counts);
    if (dead.n) {
        part_heading(h, 2, str_of("dead"), T(page, "Failed for good"));
        part_cards_open(h);
        for (size_t i = 0; i < dead.n; i++) {
            write_dead(page, &dead.items[i]);
        }
        part_cards_close(h);
    } else {
        part_paragraph(h, T(page, "Nothing has failed."));
    }
    return page_close(page);
}

static enum err retry(struct page *page)
{
    enum err err = queue_retry(&page->coach, page_id(page, "id"));
    return err == ERR_OK ? page_go(page, FLASH_SAVED, 0, str_of("/setup/jobs")) : err;
}

static enum err discard(struct page *page)
{
    enum err err = queue_discard(&page->coach, page_id(page, "id"));
    return err == ERR_OK ? page_go(page, FLASH_SAVED, 0, str_of("/setup/jobs")) : err;
}

static const struct route routes[] = {
    {ROUTE_GET, "/setup/jobs", ROUTE_ADMINISTRATOR, .handle = show,
     .about = "Work in the background"},
    {ROUTE_POST, "/setup/jobs/:id/retry", ROUTE_ADMINISTRATOR, .handle = retry,
     .about = "Tries a failed job again"},
    {ROUTE_POST, "/setup/jobs/:id/discard", ROUTE_ADMINISTRATOR, .handle = discard,
     .about = "Gives a failed job up"},
};
const struct route_set page_setup_jobs_routes = ROUTE_SET("Set-up: background work", routes);
