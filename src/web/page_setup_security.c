/* Set-up: is this installation safe?  Each line says how it stands, why it matters, what to do. */
#include "coach/audit.h"
#include "coach/backups.h"
#include "coach/queue.h"
#include "coach/roles.h"
#include "coach/settings.h"
#include "web/page.h"
#include "web/page_sets.h"
#include "web/web.h"

#include <sys/statvfs.h>

#define BACKUP_OLD_DAYS 2
#define LISTS_OLD_DAYS 30
#define PACKAGE_OLD_DAYS 120
#define DISK_LEAST_MB 500

/* One line. */
static void write_line(struct page *page, bool good, struct str heading, struct str text)
{
    struct html *h = &page->html;
    part_cards_item(h);
    part_card_open(h, &(struct part_card){.heading = heading, .level = 2});
    part_badge(h, good ? PART_TONE_GOOD : PART_TONE_CARE,
               good ? T(page, "In order") : T(page, "Look at this"));
    part_paragraph(h, text);
    part_card_close(h);
}

static enum err check_tls(struct page *page)
{
    struct str base;
    enum err err = settings_get(&page->coach, SETTING_BASE_URL, &base);
    bool https = base.n > 8 && memcmp(base.p, "https://", 8) == 0;
    if (err != ERR_OK) {
        return err;
    }
    if (page->req->secure && https) {
        write_line(page, true, T(page, "Encrypted on the way"),
                   T(page, "This page came over https, and links in mail lead to https."));
    } else if (page->req->loopback) {
        write_line(page, false, T(page, "Encrypted on the way"),
                   T(page, "You are on the machine itself. Before others use Duet from elsewhere, "
                           "put a web server with https in front of it; the administrators' guide "
                           "has a file for nginx. Then enter the address under The organisation."));
    } else {
        write_line(page, false, T(page, "Encrypted on the way"),
                   T(page, "This page did not come over https, or the address under The "
                           "organisation is not an https address. What people write can be read on "
                           "the way. Put a web server with https in front of Duet."));
    }
    return ERR_OK;
}

static void check_sandbox(struct page *page)
{
    struct sandbox_state state = {0};
    if (page->web->worker) {
        state = server_sandbox(page->web->worker);
    }
    if (state.seccomp && state.landlock) {
        write_line(page, true, T(page, "Shut in"),
                   T(page, "The processes that answer requests can start no program and touch no "
                           "file outside Duet's folder."));
    } else if (state.seccomp) {
        write_line(page, false, T(page, "Shut in"),
                   T(page, "The processes that answer requests can start no program. This kernel "
                           "cannot keep them from other files (landlock); a newer one can."));
    } else {
        write_line(page, false, T(page, "Shut in"),
                   T(page, "The processes that answer requests are not shut in. Start duet serve "
                           "without --no-sandbox."));
    }
}

static enum err check_backups(struct page *page)
{
    struct backups_list list;
    enum err err = backups_list(&page->coach, page->web->options->data_dir, &list);
    if (err != ERR_OK) {
        return err;
    }
    int64_t age = list.n ? (page->coach.now_ms - list.items[0].at_ms) / COACH_DAY_MS : 0;
    bool good = list.n && age < BACKUP_OLD_DAYS;
    struct str text =
        T(page, "The newest is of today or yesterday. Take one to another machine now "
                "and then.");
    if (!list.n) {
        text = T(page, "There is none. Make one under Backups.");
    } else if (!good) {
        text = FILL(page,
                    TN(page, "The newest is {n} day old. Look under Background work why.",
                       "The newest is {n} days old. Look under Background work why.", age),
                    CATALOG_INT("n", age));
    }
    write_line(page, good, T(page, "Backups"), text);
    return ERR_OK;
}

static enum err check_people(struct page *page)
{
    int64_t n;
    enum err err = roles_count_administrators(&page->coach, &n);
    if (err != ERR_OK) {
        return err;
    }
    struct str text =
        TN(page, "{n} person administers Duet. A second one can help when the first cannot.",
           "{n} people administer Duet. Whoever does not need to should not.", n);
    write_line(page, n >= 2 && n <= 5, T(page, "Administrators"),
               FILL(page, text, CATALOG_INT("n", n)));
    return ERR_OK;
}

static enum err check_queue(struct page *page)
{
    struct queue_counts counts;
    enum err err = queue_count(&page->coach, &counts);
    if (err != ERR_OK) {
        return err;
    }
    bool good = !counts.n[QUEUE_DEAD] && counts.oldest_due_ms < COACH_HOUR_MS;
    write_line(page, good, T(page, "Background work"),
               good
                   ? T(page, "Nothing has failed, nothing waits for long.")
                   : T(page, "Something has failed or has waited for more than an hour. Look under "
                             "Background work."));
    return ERR_OK;
}

static void check_packages(struct page *page)
{
    const struct packages *packages = &page->web->packages;
    struct packages now;
    int64_t newest = 0;
    int stale = 0;
    packages_read(&now, page->coach.now_ms);
    for (size_t i = 0; i < packages->n; i++) {
        int64_t then = packages->items[i].changed_ms;
        newest = then > newest ? then : newest;
        stale += then > packages->read_ms;
        stale += now.items[i].changed_ms > packages->read_ms;
    }
    int64_t days = (page->coach.now_ms - newest) / COACH_DAY_MS;
    int64_t lists = (page->coach.now_ms - packages->lists_ms) / COACH_DAY_MS;
    if (!newest) {
        write_line(page, false, T(page, "Libraries"),
                   T(page, "The package manager's notes cannot be read here, so nobody can say how "
                           "old the libraries are."));
    } else if (stale) {
        write_line(page, false, T(page, "Libraries"),
                   T(page, "Libraries were upgraded after Duet started. Start it again, so that it "
                           "uses the new ones."));
    } else if (packages->lists_ms && lists > LISTS_OLD_DAYS) {
        write_line(page, false, T(page, "Libraries"),
                   FILL(page,
                        TN(page,
                           "Nobody has looked for upgrades for {n} day: apt-get update, then "
                           "apt-get upgrade.",
                           "Nobody has looked for upgrades for {n} days: apt-get update, then "
                           "apt-get upgrade.",
                           lists),
                        CATALOG_INT("n", lists)));
    } else if (days < 1) {
        write_line(page, true, T(page, "Libraries"),
                   T(page, "A library that Duet uses was upgraded within the last day."));
    } else {
        write_line(page, days < PACKAGE_OLD_DAYS, T(page, "Libraries"),
                   FILL(page,
                        TN(page, "The last upgrade of a library that Duet uses was {n} day ago.",
                           "The last upgrade of a library that Duet uses was {n} days ago.", days),
                        CATALOG_INT("n", days)));
    }
}

static void check_disk(struct page *page)
{
    struct statvfs disk;
    if (statvfs(page->web->options->data_dir, &disk) != 0) {
        write_line(page, false, T(page, "Room on the disk"),
                   T(page, "It cannot be read how much room there is."));
        return;
    }
    int64_t free_mb = (int64_t)((double)disk.f_bavail * (double)disk.f_frsize / 1e6);
    struct str text =
        free_mb < 10000 ? FILL(page, T(page, "{n} MB are free."), CATALOG_INT("n", free_mb))
                        : FILL(page, T(page, "{n} GB are free."), CATALOG_INT("n", free_mb / 1000));
    write_line(page, free_mb >= DISK_LEAST_MB, T(page, "Room on the disk"), text);
}

static void write_audit(struct page *page)
{
    struct html *h = &page->html;
    part_section_open(h, str_of("log"), T(page, "The log of who did what"));
    part_paragraph(h, T(page, "Every entry vouches for the one before it, so that none can be "
                              "changed or left out unseen."));
    part_buttons_open(h);
    part_button_link(h, PART_BUTTON_PLAIN, PART_ICON_CHECK, T(page, "Check the whole log"),
                     str_of("/setup/security/log"));
    part_buttons_close(h);
    part_section_close(h);
}

static enum err show(struct page *page)
{
    struct html *h = page_open(
        page,
        &(struct page_head){.title = T(page, "Is everything safe?"),
                            .lead = T(page, "What Duet can see of its own installation, as of "
                                            "this moment."),
                            .back = T(page, "Set-up"),
                            .back_url = str_of("/setup"),
                            .nav = PAGE_NAV_SETUP});
    part_cards_open(h);
    enum err err = check_tls(page);
    check_sandbox(page);
    err = err ? err : check_backups(page);
    err = err ? err : check_people(page);
    err = err ? err : check_queue(page);
    if (err != ERR_OK) {
        return err;
    }
    check_packages(page);
    check_disk(page);
    part_cards_close(h);
    write_audit(page);
    return page_close(page);
}

static enum err show_log(struct page *page)
{
    struct audit_report report;
    enum err err = audit_verify(&page->coach, &report);
    if (err != ERR_OK && err != ERR_REFUSED) {
        return err;
    }
    struct html *h =
        page_open(page, &(struct page_head){.title = T(page, "The log of who did what"),
                                            .back = T(page, "Is everything safe?"),
                                            .back_url = str_of("/setup/security"),
                                            .nav = PAGE_NAV_SETUP});
    if (err == ERR_OK) {
        struct str text =
            TN(page, "{n} entry was read, and it is as it was written.",
               "{n} entries were read, and each is as it was written.", report.n_entries);
        part_notice(h, PART_TONE_GOOD, T(page, "The log is whole"),
                    FILL(page, text, CATALOG_INT("n", report.n_entries)));
    } else {
        part_notice(h, PART_TONE_BAD, T(page, "The log was changed"),
                    FILL(page,
                         T(page, "Entry {id} does not fit the one before it: somebody changed the "
                                 "database beside Duet. Keep a copy of the database and find out "
                                 "who could."),
                         CATALOG_INT("id", report.broken_id)));
    }
    return page_close(page);
}

static const struct route routes[] = {
    {ROUTE_GET, "/setup/security", ROUTE_ADMINISTRATOR, .handle = show,
     .about = "The security check"},
    {ROUTE_GET, "/setup/security/log", ROUTE_ADMINISTRATOR, .handle = show_log,
     .about = "Checks the audit's chain"},
};
const struct route_set page_setup_security_routes = ROUTE_SET("Set-up: security", routes);
