/* What the pages of a framework's parts share. */
#include "web/setup_framework.h"

#include "coach/frameworks.h"
#include "web/page.h"

enum err setup_framework_load(struct page *page, struct framework **framework)
{
    return frameworks_get(&page->coach, page_id(page, "id"), str_of(""),
                          FRAMEWORKS_LEVELS | FRAMEWORKS_TASKS | FRAMEWORKS_RETIRED, framework);
}

/* The domain named in the address; it must be the framework's. */
enum err setup_framework_domain(struct page *page, struct framework **framework,
                                struct framework_domain **domain)
{
    int64_t id = page_id(page, "domain");
    enum err err = setup_framework_load(page, framework);
    for (int32_t i = 0; err == ERR_OK && i < (*framework)->n_domains; i++) {
        if ((*framework)->domains[i].id == id) {
            *domain = &(*framework)->domains[i];
            return ERR_OK;
        }
    }
    return err == ERR_OK ? ERR_NOT_FOUND : err;
}

enum err setup_framework_skill(struct page *page, struct framework **framework,
                               struct framework_skill **skill)
{
    int64_t id = page_id(page, "skill");
    enum err err = setup_framework_load(page, framework);
    for (int32_t d = 0; err == ERR_OK && d < (*framework)->n_domains; d++) {
        struct framework_domain *domain = &(*framework)->domains[d];
        for (int32_t i = 0; i < domain->n_skills; i++) {
            if (domain->skills[i].id == id) {
                *skill = &domain->skills[i];
                return ERR_OK;
            }
        }
    }
    return err == ERR_OK ? ERR_NOT_FOUND : err;
}

struct str setup_framework_url(struct page *page)
{
    return page_path(page, "/setup/frameworks/{}", html_int(page_id(page, "id")));
}

struct framework_words setup_framework_words(const struct page *page,
                                             const struct framework *framework)
{
    for (int32_t k = 0; k < framework->n_languages; k++) {
        if (str_equal(framework->languages[k], page->locale) && framework->others) {
            return framework->others[k];
        }
    }
    return framework->words;
}

enum err setup_framework_go(struct page *page, enum err err, enum err (*again)(struct page *page),
                            struct str to)
{
    if (err == ERR_INVALID && page->complaints.n) {
        return page_again(page, again);
    }
    return err == ERR_OK ? page_go(page, FLASH_SAVED, 0, to) : err;
}

struct str setup_framework_skill_url(struct page *page)
{
    return page_path(page, "/setup/frameworks/{}/skills/{}", html_int(page_id(page, "id")),
                     html_int(page_id(page, "skill")));
}

void setup_framework_write_save(struct page *page)
{
    part_buttons_open(&page->html);
    part_button(&page->html,
                &(struct part_button){.text = T(page, "Save"), .kind = PART_BUTTON_MAIN});
    part_buttons_close(&page->html);
}

/* Up and down, as two small forms. */
void setup_framework_write_moves(struct page *page, const char *kind, int64_t id, struct str about)
{
    static const struct {
        const char *by, *text;
    } ways[] = {{"up", N_("Move up")}, {"down", N_("Move down")}};
    struct html *h = &page->html;
    page_form_open(page,
                   page_path(page, "/setup/frameworks/{}/move", html_int(page_id(page, "id"))));
    part_hidden(h, str_of("kind"), str_of(kind));
    part_hidden(h, str_of("which"), page_digits(page, id));
    part_buttons_open(h);
    for (int i = 0; i < 2; i++) {
        part_button(h, &(struct part_button){.text = T(page, ways[i].text),
                                             .about = about,
                                             .name = str_of("by"),
                                             .value = str_of(ways[i].by),
                                             .kind = PART_BUTTON_QUIET});
    }
    part_buttons_close(h);
    page_form_close(page);
}
