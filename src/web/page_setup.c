/* Set-up: what is still missing, the one next thing, and the way to every part.  Coordinators find
 * what they can do for the people of their units. */
#include "coach/backups.h"
#include "coach/frameworks.h"
#include "coach/people.h"
#include "coach/settings.h"
#include "web/page.h"
#include "web/page_sets.h"
#include "web/web.h"

/* What stands of an installation. */
struct state {
    bool framework, people, invited, address, backup;
};

static enum err read_frameworks(struct page *page, struct state *state)
{
    struct frameworks_item *items;
    int32_t n;
    enum err err = frameworks_list(&page->coach, page->locale, &items, &n);
    for (int32_t i = 0; err == ERR_OK && i < n; i++) {
        state->framework |= items[i].active && items[i].n_skills > 0;
    }
    return err;
}

static enum err read_people(struct page *page, struct state *state)
{
    const struct people_query query = {.words = {"", 0}, .after = {"", 0}, .limit = PEOPLE_PAGE};
    struct person_accounts accounts;
    enum err err = people_accounts(&page->coach, &query, PEOPLE_ACTIVE, &accounts);
    for (size_t i = 0; err == ERR_OK && i < accounts.n; i++) {
        const struct person_account *account = &accounts.items[i];
        bool other = account->person.id != page->me.id;
        state->people |= other;
        state->invited |= other && (account->seen || account->invited_ms > 0);
    }
    return err;
}

static enum err read_state(struct page *page, struct state *state)
{
    struct backups_list backups;
    enum err err = read_frameworks(page, state);
    err = err ? err : read_people(page, state);
    err = err ? err : settings_is_set(&page->coach, SETTING_BASE_URL, &state->address);
    err = err ? err : backups_list(&page->coach, page->web->options->data_dir, &backups);
    if (err == ERR_OK) {
        state->backup = backups.n > 0;
    }
    return err;
}

/* The first thing that is missing. */
static void write_next(struct page *page, const struct state *state)
{
    const struct {
        bool done;
        const char *heading, *why, *button, *url;
    } steps[] = {
        {state->framework, N_("Choose the skills"),
         N_("People grow in the skills of a framework. Two come with Duet; you can bring your "
            "own."),
         N_("Frameworks"), "/setup/frameworks"},
        {state->people, N_("Bring people in"),
         N_("From the school's roster, from a sheet of your own, or one by one."),
         N_("Bring people in"), "/setup/import"},
        {state->invited, N_("Invite them"),
         N_("Each person gets a link by mail or a code on paper, and chooses a password."),
         N_("Invitations"), "/setup/invitations"},
        {state->address, N_("Say where these pages are"),
         N_("Links in mail and single sign-on need the address that people type."),
         N_("The organisation"), "/setup/organisation"},
        {state->backup, N_("Make a first backup"),
         N_("Duet makes one every day; see once that it works."), N_("Backups"), "/setup/backups"},
    };
    struct html *h = &page->html;
    size_t i = 0, n = sizeof steps / sizeof *steps;
    while (i < n && steps[i].done) {
        i++;
    }
    if (i == n) {
        part_notice(h, PART_TONE_GOOD, T(page, "Everything is set up"),
                    T(page, "Look now and then whether everything is safe."));
        return;
    }
    part_next_open(h, T(page, "Next"), T(page, steps[i].heading));
    part_paragraph(h, T(page, steps[i].why));
    part_buttons_open(h);
    part_button_link(h, PART_BUTTON_MAIN, PART_ICON_ARROW, T(page, steps[i].button),
                     str_of(steps[i].url));
    part_buttons_close(h);
    part_next_close(h);
}

static void write_parts(struct page *page)
{
    static const struct {
        bool coordinators; /* theirs too */
        const char *heading, *text, *url;
    } parts[] = {
        {true, N_("People"), N_("Accounts, roles, who evaluates whom"), "/setup/people"},
        {false, N_("Bring people in"), N_("Rosters, sheets, ratings"), "/setup/import"},
        {true, N_("Invitations"), N_("Links by mail, codes on paper"), "/setup/invitations"},
        {false, N_("Units"), N_("Schools, departments, groups"), "/setup/units"},
        {false, N_("Frameworks"), N_("Skills, levels, steps to practise"), "/setup/frameworks"},
        {false, N_("The organisation"), N_("Name, language, address"), "/setup/organisation"},
        {false, N_("Days off"), N_("Holidays, when nobody is reminded"), "/setup/days"},
        {false, N_("How people sign in"), N_("Passwords and single sign-on"), "/setup/sign-in"},
        {false, N_("Mail"), N_("The server that sends it"), "/setup/mail"},
        {false, N_("Backups"), N_("Every day, and when you ask"), "/setup/backups"},
        {false, N_("Background work"), N_("What waits, what failed"), "/setup/jobs"},
        {false, N_("Is everything safe?"), N_("A look at the installation"), "/setup/security"},
    };
    struct html *h = &page->html;
    part_cards_open(h);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (!page->coach.actor.administrator && !parts[i].coordinators) {
            continue;
        }
        part_cards_item(h);
        part_card_open(h, &(struct part_card){.heading = T(page, parts[i].heading),
                                              .level = 2,
                                              .url = str_of(parts[i].url)});
        part_quiet(h, T(page, parts[i].text));
        part_card_close(h);
    }
    part_cards_close(h);
}

/* Whether somebody of the coordinator's units has never signed in. */
static enum err read_waiting(struct page *page, bool *waiting)
{
    const struct people_query query = {.words = {"", 0}, .after = {"", 0}, .limit = 1};
    struct person_accounts accounts;
    enum err err = people_accounts(&page->coach, &query, PEOPLE_NEVER_SEEN, &accounts);
    *waiting = err == ERR_OK && accounts.n > 0;
    return err;
}

static enum err show_to_coordinator(struct page *page)
{
    bool waiting;
    enum err err = read_waiting(page, &waiting);
    if (err != ERR_OK) {
        return err;
    }
    struct html *h = page_open(page, &(struct page_head){.title = T(page, "Set-up"),
                                                         .lead = T(page, "What you can do for the "
                                                                         "people of your units."),
                                                         .nav = PAGE_NAV_SETUP});
    if (waiting) {
        part_next_open(h, T(page, "Next"), T(page, "Invite those who have never signed in"));
        part_paragraph(h, T(page, "Each person gets a link by mail or a code on paper, and chooses "
                                  "a password."));
        part_buttons_open(h);
        part_button_link(h, PART_BUTTON_MAIN, PART_ICON_ARROW, T(page, "Invitations"),
                         str_of("/setup/invitations"));
        part_buttons_close(h);
        part_next_close(h);
    }
    write_parts(page);
    return page_close(page);
}

static enum err show(struct page *page)
{
    struct state state = {0};
    if (!page->coach.actor.administrator) {
        return show_to_coordinator(page);
    }
    enum err err = read_state(page, &state);
    if (err != ERR_OK) {
        return err;
    }
    page_open(page, &(struct page_head){.title = T(page, "Set-up"), .nav = PAGE_NAV_SETUP});
    write_next(page, &state);
    write_parts(page);
    return page_close(page);
}

static const struct route routes[] = {
    {ROUTE_GET, "/setup", ROUTE_COORDINATOR, .handle = show,
     .about = "What is left to set up, and the way to every part"},
};
const struct route_set page_setup_routes = ROUTE_SET("Set-up", routes);
