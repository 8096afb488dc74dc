/* Set-up: frameworks of skills - the list, one framework as a tree, bringing one in, taking one
 * out. Editing what is inside is page_setup_skills.c. */
#include "base/arena.h"
#include "base/buf.h"
#include "coach/framework_case.h"
#include "coach/framework_csv.h"
#include "coach/frameworks.h"
#include "coach/roster.h"
#include "coach/settings.h"
#include "web/page.h"
#include "web/page_sets.h"
#include "web/problem_view.h"
#include "web/setup_framework.h"

#include <unistd.h>

#define LIST "/setup/frameworks"
#define LANGUAGE_MAX 35
#define EXPORT_MAX ((size_t)16 << 20)
#define PROBLEMS_KEPT 50

enum { F_NAME, F_DESCRIPTION, F_LANGUAGE, F_HEAD__MAX };
static const struct field_spec head_fields[F_HEAD__MAX] = {
    [F_NAME] = {.name = "name", .type = FIELD_TEXT, .max = FRAMEWORK_MAX_NAME, .required = true},
    [F_DESCRIPTION] = {.name = "description", .type = FIELD_LINES, .max = FRAMEWORK_MAX_TEXT},
    [F_LANGUAGE] = {.name = "language", .type = FIELD_TOKEN, .max = LANGUAGE_MAX},
};

enum { F_SHIPPED, F_SHIP__MAX };
static const struct field_spec ship_fields[F_SHIP__MAX] = {
    [F_SHIPPED] = {.name = "shipped", .type = FIELD_INT, .least = 0, .most = 15, .required = true},
};

enum { F_ACTIVE, F_USE__MAX };
static const struct field_spec use_fields[F_USE__MAX] = {
    [F_ACTIVE] = {.name = "active", .type = FIELD_BOOL},
};

/* -- The list -----------------------------------------------------------------------------------
 */

static void write_item(struct page *page, const struct frameworks_item *item)
{
    struct html *h = &page->html;
    part_cards_item(h);
    part_card_open(h, &(struct part_card){.heading = item->words.name,
                                          .level = 2,
                                          .url = page_path(page, LIST "/{}", html_int(item->id))});
    struct str skills = TN(page, "{n} skill", "{n} skills", item->n_skills);
    part_quiet(h, FILL(page, skills, CATALOG_INT("n", item->n_skills)));
    part_badge(h, item->active ? PART_TONE_GOOD : PART_TONE_PLAIN,
               item->active ? T(page, "In use") : T(page, "Not in use"));
    part_card_close(h);
}

/* The one that a shipped framework has become here, or NULL. */
static const struct frameworks_item *brought_in(const struct framework *shipped,
                                                const struct frameworks_item *items, int32_t n)
{
    for (int32_t i = 0; i < n; i++) {
        if (shipped->case_id.n && str_equal(items[i].case_id, shipped->case_id)) {
            return &items[i];
        }
    }
    return NULL;
}

/* What can be done with one that ships with Duet. */
static void write_offer(struct page *page, int which, struct str name,
                        const struct frameworks_item *here)
{
    struct html *h = &page->html;
    if (here) {
        struct html_slot link = {.name = "link",
                                 .kind = HTML_SLOT_LINK,
                                 .text = page_path(page, LIST "/{}", html_int(here->id))};
        html_open(h, EL_P);
        html_sentence(h,
                      here->active ? T(page, "It is in use: {link}look at it{/link}.")
                                   : T(page, "It has been brought in and is not in use: {link}look "
                                             "at it{/link}."),
                      &link, 1);
        html_close(h, EL_P);
        return;
    }
    page_form_open(page, str_of(LIST "/ship"));
    part_hidden(h, str_of("shipped"), page_digits(page, which));
    part_button(h, &(struct part_button){.text = T(page, "Bring it in"),
                                         .about = name,
                                         .kind = PART_BUTTON_PLAIN,
                                         .icon = PART_ICON_ADD});
    page_form_close(page);
}

static enum err write_shipped(struct page *page, const struct frameworks_item *items, int32_t n)
{
    struct html *h = &page->html;
    part_section_open(h, str_of("shipped"), T(page, "Frameworks that come with Duet"));
    for (int i = 0; i < frameworks_n_shipped(); i++) {
        struct framework *tree;
        enum err err = frameworks_read_shipped(page->arena, i, &tree);
        if (err != ERR_OK) {
            return err;
        }
        struct framework_words words = setup_framework_words(page, tree);
        part_heading(h, 3, str_of(""), words.name);
        part_paragraph(h, words.description);
        write_offer(page, i, words.name, brought_in(tree, items, n));
    }
    part_section_close(h);
    return ERR_OK;
}

static void write_upload(struct page *page)
{
    struct html *h = &page->html;
    part_section_open(h, str_of("upload"), T(page, "From a file"));
    page_upload_open(page, str_of(LIST "/file"));
    part_file(h,
              &(struct part_field){
                  .id = str_of("file"),
                  .label = T(page, "A sheet (CSV) or a CASE package (JSON)"),
                  .hint = T(page, "One row for each skill with a column for each level will do. It "
                                  "comes in unused, so that you can read it first."),
                  .error = page_error(page, "file")},
              ".csv,.json,text/csv,application/json", false);
    part_buttons_open(h);
    part_button(h, &(struct part_button){.text = T(page, "Read the file"),
                                         .kind = PART_BUTTON_PLAIN,
                                         .icon = PART_ICON_UPLOAD});
    part_buttons_close(h);
    page_form_close(page);
    part_section_close(h);
}

static enum err write_lists(struct page *page, const struct roster_problems *problems)
{
    struct frameworks_item *items;
    int32_t n;
    enum err err = frameworks_list(&page->coach, page->locale, &items, &n);
    if (err != ERR_OK) {
        return err;
    }
    struct html *h = page_open(
        page,
        &(struct page_head){.title = T(page, "Frameworks"),
                            .lead = T(page, "The skills that people grow in, with words for each "
                                            "level and steps to practise."),
                            .back = T(page, "Set-up"),
                            .back_url = str_of("/setup"),
                            .nav = PAGE_NAV_SETUP});
    page_errors(page);
    if (problems) {
        problem_view_write(page, problems);
    }
    if (n) {
        part_cards_open(h);
        for (int32_t i = 0; i < n; i++) {
            write_item(page, &items[i]);
        }
        part_cards_close(h);
    }
    err = write_shipped(page, items, n);
    write_upload(page);
    part_section_open(h, str_of("own"), T(page, "Your own"));
    part_buttons_open(h);
    part_button_link(h, PART_BUTTON_PLAIN, PART_ICON_ADD, T(page, "Begin an empty framework"),
                     str_of(LIST "/new"));
    part_buttons_close(h);
    part_section_close(h);
    return err == ERR_OK ? page_close(page) : err;
}

static enum err show_list(struct page *page)
{
    return write_lists(page, NULL);
}

/* -- Bringing one in ----------------------------------------------------------------------------
 */

static enum err bring(struct page *page, const struct framework *tree)
{
    struct frameworks_summary summary;
    enum err err = frameworks_bring(&page->coach, tree, 0, &summary);
    if (err == ERR_CONFLICT) {
        complaint_add_text(&page->complaints, "file",
                           N_("There is evidence about the skill {code}, so its number of levels "
                              "cannot change. Give the new one another code."),
                           "code", summary.clash);
        return page_again(page, show_list);
    }
    return err == ERR_OK
               ? page_go(page, FLASH_SAVED, 0, page_path(page, LIST "/{}", html_int(summary.id)))
               : err;
}

static enum err ship(struct page *page)
{
    struct framework *tree;
    int64_t which = page_number(page, F_SHIPPED);
    if (page->complaints.n || which >= frameworks_n_shipped()) {
        return ERR_NOT_FOUND;
    }
    enum err err = frameworks_read_shipped(page->arena, (int)which, &tree);
    return err == ERR_OK ? bring(page, tree) : err;
}

/* The whole file, NUL-terminated; ERR_LIMIT when it is longer than a package may be. */
static enum err read_whole(struct page *page, const struct http_upload *upload, struct str *text)
{
    if (upload->size > (int64_t)FRAMEWORK_CASE_MAX) {
        return ERR_LIMIT;
    }
    size_t size = (size_t)upload->size, got = 0;
    char *bytes = arena_alloc(page->arena, size + 1, 1);
    while (bytes && got < size) {
        ssize_t n = pread(upload->fd, bytes + got, size - got, (off_t)got);
        if (n <= 0) {
            return ERR_IO;
        }
        got += (size_t)n;
    }
    *text = (struct str){bytes, got};
    return bytes ? ERR_OK : ERR_NOMEM;
}

/* A package begins with a brace, whatever its name is. */
static bool is_json(struct str text)
{
    size_t i = text.n >= 3 && memcmp(text.p, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    while (i < text.n && (text.p[i] == ' ' || text.p[i] == '\n' || text.p[i] == '\r')) {
        i++;
    }
    return i < text.n && text.p[i] == '{';
}

static enum err read_tree(struct page *page, const struct http_upload *upload,
                          struct roster_problems *problems, struct framework **tree)
{
    struct str text;
    enum err err = roster_problems_init(problems, page->arena, PROBLEMS_KEPT);
    problems->catalog = page->catalog;
    err = err ? err : read_whole(page, upload, &text);
    if (err != ERR_OK) {
        return err;
    }
    if (is_json(text)) {
        return framework_case_read(page->arena, text, upload->filename.p, problems, tree);
    }
    return framework_csv_read(page->arena, csv_source_memory(&text), upload->filename.p, problems,
                              tree);
}

/* What a file without a framework row is called: its name without the ending. */
static struct str name_of_file(struct str filename)
{
    size_t n = filename.n;
    while (n > 1 && filename.p[n - 1] != '.') {
        n--;
    }
    return n > 1 ? (struct str){filename.p, n - 1} : filename;
}

static enum err take_file(struct page *page)
{
    struct roster_problems problems;
    struct framework *tree;
    const struct http_request *req = page->req;
    if (req->n_uploads == 0 || req->uploads[0].size == 0) {
        complaint_add(&page->complaints, "file", N_("Choose a file first."));
        return page_again(page, show_list);
    }
    enum err err = read_tree(page, &req->uploads[0], &problems, &tree);
    if (err == ERR_LIMIT) {
        complaint_add(&page->complaints, "file", N_("That file is too large for a framework."));
        return page_again(page, show_list);
    }
    if (err == ERR_INVALID) {
        page->res->status = 422;
        complaint_add(&page->complaints, "file",
                      N_("The file could not be taken. What is wrong stands below; nothing was "
                         "changed."));
        err = write_lists(page, &problems);
        page->shown = err == ERR_OK;
        return err == ERR_OK ? ERR_INVALID : err;
    }
    if (err != ERR_OK) {
        return err;
    }
    if (!tree->words.name.n) {
        tree->words.name = name_of_file(req->uploads[0].filename);
    }
    tree->active = false;
    return bring(page, tree);
}

/* -- One framework ------------------------------------------------------------------------------
 */

static void write_skill(struct page *page, const struct framework *framework,
                        const struct framework_skill *skill)
{
    struct html *h = &page->html;
    part_list_item(h);
    html_open(h, EL_A);
    html_attr_url(
        h, AT_HREF,
        page_path(page, LIST "/{}/skills/{}", html_int(framework->id), html_int(skill->id)));
    html_text(h, skill->words.name);
    html_close(h, EL_A);
    html_text(h, str_of(" "));
    html_element(h, EL_SPAN, "quiet", skill->code);
    if (!skill->active) {
        html_text(h, str_of(" "));
        part_badge(h, PART_TONE_PLAIN, T(page, "Retired"));
    }
}

static void write_domain(struct page *page, const struct framework *framework,
                         const struct framework_domain *domain)
{
    struct html *h = &page->html;
    struct str url =
        page_path(page, LIST "/{}/domains/{}", html_int(framework->id), html_int(domain->id));
    part_section_open(h, html_id(h, "domain-{}", html_int(domain->id)),
                      domain->words.name.n ? domain->words.name : T(page, "Skills"));
    if (domain->words.description.n) {
        part_paragraph(h, domain->words.description);
    }
    part_list_open(h, false);
    for (int32_t i = 0; i < domain->n_skills; i++) {
        write_skill(page, framework, &domain->skills[i]);
    }
    part_list_close(h);
    part_buttons_open(h);
    part_button_link(h, PART_BUTTON_QUIET, PART_ICON_EDIT, T(page, "Change this domain"), url);
    part_button_link(
        h, PART_BUTTON_QUIET, PART_ICON_ADD, T(page, "Add a skill"),
        page_path(page, LIST "/{}/domains/{}/new", html_int(framework->id), html_int(domain->id)));
    part_buttons_close(h);
    part_section_close(h);
}

static void write_use(struct page *page, const struct framework *framework)
{
    struct html *h = &page->html;
    page_form_open(page, page_path(page, LIST "/{}/use", html_int(framework->id)));
    part_hidden(h, str_of("active"), str_of(framework->active ? "0" : "1"));
    part_buttons_open(h);
    part_button(h, &(struct part_button){
                       .text = framework->active ? T(page, "Stop using it") : T(page, "Use it"),
                       .kind = framework->active ? PART_BUTTON_PLAIN : PART_BUTTON_MAIN});
    part_button_link(h, PART_BUTTON_QUIET, PART_ICON_EDIT, T(page, "Name and description"),
                     page_path(page, LIST "/{}/edit", html_int(framework->id)));
    part_button_link(h, PART_BUTTON_QUIET, PART_ICON_DOWNLOAD, T(page, "As a sheet (CSV)"),
                     page_path(page, LIST "/{}/csv", html_int(framework->id)));
    part_button_link(h, PART_BUTTON_QUIET, PART_ICON_DOWNLOAD, T(page, "As a CASE package (JSON)"),
                     page_path(page, LIST "/{}/case", html_int(framework->id)));
    part_buttons_close(h);
    page_form_close(page);
}

static enum err show_one(struct page *page)
{
    struct framework *framework;
    enum err err = frameworks_get(&page->coach, page_id(page, "id"), str_of(""), FRAMEWORKS_RETIRED,
                                  &framework);
    if (err != ERR_OK) {
        return err;
    }
    struct html *h = page_open(page, &(struct page_head){.title = framework->words.name,
                                                         .lead = framework->words.description,
                                                         .back = T(page, "Frameworks"),
                                                         .back_url = str_of(LIST),
                                                         .nav = PAGE_NAV_SETUP});
    if (!framework->active) {
        part_notice(h, PART_TONE_CARE, T(page, "Not in use"),
                    T(page, "People do not see it. Read it through, change what does not fit, then "
                            "use it."));
    }
    write_use(page, framework);
    for (int32_t i = 0; i < framework->n_domains; i++) {
        write_domain(page, framework, &framework->domains[i]);
    }
    part_buttons_open(h);
    part_button_link(h, PART_BUTTON_PLAIN, PART_ICON_ADD, T(page, "Add a domain"),
                     page_path(page, LIST "/{}/new", html_int(framework->id)));
    part_buttons_close(h);
    return page_close(page);
}

static enum err use(struct page *page)
{
    struct framework *framework;
    int64_t id = page_id(page, "id");
    enum err err = frameworks_get(&page->coach, id, str_of(""), 0, &framework);
    if (err != ERR_OK) {
        return err;
    }
    framework->active = page_number(page, F_ACTIVE) != 0;
    err = frameworks_edit(&page->coach, framework, &page->complaints);
    return err == ERR_OK ? page_go(page, FLASH_SAVED, 0, page_path(page, LIST "/{}", html_int(id)))
                         : err;
}

/* -- Its head -----------------------------------------------------------------------------------
 */

static enum err write_head_form(struct page *page, const struct framework *stored,
                                struct str action, struct str title, struct str back)
{
    struct html *h = page_open(page, &(struct page_head){.title = title,
                                                         .back = T(page, "Frameworks"),
                                                         .back_url = back,
                                                         .nav = PAGE_NAV_SETUP});
    page_errors(page);
    page_form_open(page, action);
    part_input(h, &(struct part_field){.id = str_of("name"),
                                       .label = T(page, "Name"),
                                       .value = page_value(page, F_NAME, stored->words.name),
                                       .error = page_error(page, "name")});
    part_textarea(
        h, &(struct part_field){.id = str_of("description"),
                                .label = T(page, "Description"),
                                .optional = T(page, "optional"),
                                .value = page_value(page, F_DESCRIPTION, stored->words.description),
                                .error = page_error(page, "description")});
    part_input(h,
               &(struct part_field){.id = str_of("language"),
                                    .label = T(page, "Language"),
                                    .hint = T(page, "Of the texts in it, as a short code: en, es"),
                                    .value = page_value(page, F_LANGUAGE, stored->language),
                                    .error = page_error(page, "language"),
                                    .width = PART_FIELD_SHORT});
    part_buttons_open(h);
    part_button(h, &(struct part_button){.text = T(page, "Save"), .kind = PART_BUTTON_MAIN});
    part_buttons_close(h);
    page_form_close(page);
    return page_close(page);
}

static enum err show_new(struct page *page)
{
    struct framework empty = {.language = page->locale};
    return write_head_form(page, &empty, str_of(LIST "/new"), T(page, "A framework of your own"),
                           str_of(LIST));
}

static enum err show_head(struct page *page)
{
    struct framework *framework;
    int64_t id = page_id(page, "id");
    enum err err = frameworks_get(&page->coach, id, str_of(""), 0, &framework);
    if (err != ERR_OK) {
        return err;
    }
    return write_head_form(page, framework, page_path(page, LIST "/{}/edit", html_int(id)),
                           T(page, "Name and description"),
                           page_path(page, LIST "/{}", html_int(id)));
}

static void read_head(struct page *page, struct framework *framework)
{
    framework->words.name = page_text(page, F_NAME);
    framework->words.description = page_text(page, F_DESCRIPTION);
    framework->language =
        page_given(page, F_LANGUAGE) ? page_text(page, F_LANGUAGE) : framework->language;
}

static enum err create(struct page *page)
{
    struct framework head = {.language = page->locale};
    int64_t id = 0;
    read_head(page, &head);
    enum err err = page->complaints.n
                       ? ERR_INVALID
                       : frameworks_create(&page->coach, &head, &page->complaints, &id);
    if (err == ERR_INVALID && page->complaints.n) {
        return page_again(page, show_new);
    }
    return err == ERR_OK ? page_go(page, FLASH_SAVED, 0, page_path(page, LIST "/{}", html_int(id)))
                         : err;
}

static enum err save_head(struct page *page)
{
    struct framework *framework;
    int64_t id = page_id(page, "id");
    enum err err = frameworks_get(&page->coach, id, str_of(""), 0, &framework);
    if (err != ERR_OK) {
        return err;
    }
    read_head(page, framework);
    err = page->complaints.n ? ERR_INVALID
                             : frameworks_edit(&page->coach, framework, &page->complaints);
    if (err == ERR_INVALID && page->complaints.n) {
        return page_again(page, show_head);
    }
    return err == ERR_OK ? page_go(page, FLASH_SAVED, 0, page_path(page, LIST "/{}", html_int(id)))
                         : err;
}

/* -- Taking one out -----------------------------------------------------------------------------
 */

static enum err load_all(struct page *page, struct framework **framework)
{
    return frameworks_get(
        &page->coach, page_id(page, "id"), str_of(""),
        FRAMEWORKS_LEVELS | FRAMEWORKS_TASKS | FRAMEWORKS_RETIRED | FRAMEWORKS_OTHERS, framework);
}

static enum err export_csv(struct page *page)
{
    struct framework *framework;
    struct buf buf;
    struct str text;
    enum err err = load_all(page, &framework);
    if (err != ERR_OK) {
        return err;
    }
    buf_init(&buf, page->arena, EXPORT_MAX);
    framework_csv_write(framework, &buf);
    err = buf_end(&buf, &text);
    return err == ERR_OK
               ? page_download(page, "text/csv; charset=utf-8", "duet-framework.csv", text)
               : err;
}

static enum err export_case(struct page *page)
{
    struct framework *framework;
    struct buf buf;
    struct str text, base;
    enum err err = load_all(page, &framework);
    err = err ? err : settings_get(&page->coach, SETTING_BASE_URL, &base);
    if (err == ERR_OK && !base.n) {
        err = request_origin(page->req, &base);
    }
    if (err != ERR_OK) {
        return err;
    }
    buf_init(&buf, page->arena, FRAMEWORK_CASE_SIZE);
    err = framework_case_write(framework, base, &buf);
    err = err ? err : buf_end(&buf, &text);
    return err == ERR_OK ? page_download(page, "application/json", "duet-framework.json", text)
                         : err;
}

static const struct route routes[] = {
    {ROUTE_GET, LIST, ROUTE_ADMINISTRATOR, .handle = show_list, .about = "All frameworks"},
    {ROUTE_POST, LIST "/ship", ROUTE_ADMINISTRATOR, .handle = ship, .fields = ship_fields,
     .n_fields = F_SHIP__MAX, .about = "Brings in one that comes with Duet"},
    {ROUTE_POST, LIST "/file", ROUTE_ADMINISTRATOR, .handle = take_file, .body = ROUTE_BODY_FILES,
     .about = "Brings in one from a sheet or a CASE package"},
    {ROUTE_GET, LIST "/new", ROUTE_ADMINISTRATOR, .handle = show_new,
     .about = "Form for an empty framework"},
    {ROUTE_POST, LIST "/new", ROUTE_ADMINISTRATOR, .handle = create, .fields = head_fields,
     .n_fields = F_HEAD__MAX, .about = "Begins an empty framework"},
    {ROUTE_GET, LIST "/:id", ROUTE_ADMINISTRATOR, .handle = show_one, .about = "One framework"},
    {ROUTE_POST, LIST "/:id/use", ROUTE_ADMINISTRATOR, .handle = use, .fields = use_fields,
     .n_fields = F_USE__MAX, .about = "Begins or ends its use"},
    {ROUTE_GET, LIST "/:id/edit", ROUTE_ADMINISTRATOR, .handle = show_head,
     .about = "Form for its name and description"},
    {ROUTE_POST, LIST "/:id/edit", ROUTE_ADMINISTRATOR, .handle = save_head, .fields = head_fields,
     .n_fields = F_HEAD__MAX, .about = "Saves them"},
    {ROUTE_GET, LIST "/:id/csv", ROUTE_ADMINISTRATOR, .handle = export_csv,
     .about = "The framework as a sheet"},
    {ROUTE_GET, LIST "/:id/case", ROUTE_ADMINISTRATOR, .handle = export_case,
     .about = "The framework as a CASE package"},
};
const struct route_set page_setup_frameworks_routes = ROUTE_SET("Set-up: frameworks", routes);
