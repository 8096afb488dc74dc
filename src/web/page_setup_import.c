/* Set-up: bringing people, units and evidence in from a file.  Upload, look, say what the columns
 * are, confirm; nothing changes before that. */
#include "base/arena.h"
#include "coach/frameworks.h"
#include "coach/imports.h"
#include "coach/rates.h"
#include "http/upload.h"
#include "web/import_view.h"
#include "web/page.h"
#include "web/page_sets.h"
#include "web/web.h"

#define LISTED 20

enum { F_KIND, F_UPLOAD__MAX };
static const struct field_spec upload_fields[F_UPLOAD__MAX] = {
    [F_KIND] = {.name = "kind",
                .type = FIELD_CHOICE,
                .choices = "oneroster|people|evidence",
                .required = true},
};

enum { F_COLUMNS, F_FRAMEWORK, F_SYSTEM, F_SKIP, F_LEAVERS, F_COMPLETE, F_OPTIONS__MAX };
static const struct field_spec option_fields[F_OPTIONS__MAX] = {
    [F_COLUMNS] = {.name = "column", .type = FIELD_TOKEN, .max_items = PEOPLE_SHEET_MAX_COLUMNS},
    [F_FRAMEWORK] = {.name = "framework", .type = FIELD_ID},
    [F_SYSTEM] = {.name = "system", .type = FIELD_TEXT, .max = 100},
    [F_SKIP] = {.name = "skip_bad", .type = FIELD_BOOL},
    [F_LEAVERS] = {.name = "accept_leavers", .type = FIELD_BOOL},
    [F_COMPLETE] = {.name = "complete", .type = FIELD_BOOL},
};

static const char *data_dir(const struct page *page)
{
    return page->web->options->data_dir;
}

static struct str item_url(struct page *page, int64_t id)
{
    return page_path(page, "/setup/import/{}", html_int(id));
}

/* -- Upload -------------------------------------------------------------------------------------
 */

static void write_upload(struct page *page)
{
    struct html *h = &page->html;
    int64_t chosen = page->tried ? page_number(page, F_KIND) : (int64_t)IMPORTS_PEOPLE;
    struct part_option kinds[IMPORTS_KIND__MAX];
    for (int i = 0; i < IMPORTS_KIND__MAX; i++) {
        enum imports_kind kind = (enum imports_kind)i;
        kinds[i] = (struct part_option){.value = str_of(imports_kind_word(kind)),
                                        .text = import_view_kind(page, kind),
                                        .hint = import_view_kind_hint(page, kind),
                                        .chosen = chosen == i};
    }
    page_upload_open(page, str_of("/setup/import"));
    part_choose(h,
                &(struct part_field){.id = str_of("kind"),
                                     .label = T(page, "What is in the file?"),
                                     .error = page_error(page, "kind")},
                PART_CHOICES_LIST, false, kinds, IMPORTS_KIND__MAX);
    part_file(
        h,
        &(struct part_field){.id = str_of("file"),
                             .label = T(page, "The file"),
                             .hint = T(page, "Nothing changes yet: you see first what would. A "
                                             "file that nobody confirms is removed after a day."),
                             .error = page_error(page, "file")},
        ".csv,.zip,text/csv,application/zip", false);
    part_buttons_open(h);
    part_button(h, &(struct part_button){.text = T(page, "Look at the file"),
                                         .kind = PART_BUTTON_MAIN,
                                         .icon = PART_ICON_UPLOAD});
    part_buttons_close(h);
    page_form_close(page);
}

static void write_item(struct page *page, const struct imports_item *item)
{
    struct html *h = &page->html;
    part_list_item(h);
    html_open(h, EL_A);
    html_attr_url(h, AT_HREF, item_url(page, item->id));
    html_text(h, item->file_name);
    html_close(h, EL_A);
    html_text(h, str_of(" "));
    part_badge(h, item->state == IMPORTS_WAITING ? PART_TONE_CARE : PART_TONE_PLAIN,
               import_view_state(page, item->state));
    html_text(h, str_of(" "));
    page_write_moment(page, item->created_ms);
}

static enum err show(struct page *page)
{
    struct imports_item *items;
    size_t n;
    enum err err = imports_list(&page->coach, LISTED, &items, &n);
    if (err != ERR_OK) {
        return err;
    }
    struct html *h = page_open(
        page, &(struct page_head){.title = T(page, "Bring people in"),
                                  .lead = T(page, "From the school's roster, from a sheet of your "
                                                  "own, or ratings that you already have."),
                                  .back = T(page, "Set-up"),
                                  .back_url = str_of("/setup"),
                                  .nav = PAGE_NAV_SETUP});
    page_errors(page);
    write_upload(page);
    if (n) {
        part_section_open(h, str_of("earlier"), T(page, "Earlier files"));
        part_list_open(h, false);
        for (size_t i = 0; i < n; i++) {
            write_item(page, &items[i]);
        }
        part_list_close(h);
        part_section_close(h);
    }
    return page_close(page);
}

/* Moves the file to its place, once however often the transaction runs. */
static enum err keep_file(struct page *page, const char **path)
{
    struct str place;
    if (page->kept) {
        *path = page->kept;
        return ERR_OK;
    }
    enum err err = imports_place(&page->coach, data_dir(page), &place);
    err = err ? err : upload_keep(&page->req->uploads[0], place.p);
    if (err == ERR_OK) {
        page->kept = (void *)(uintptr_t)place.p;
        *path = place.p;
    }
    return err;
}

static enum err upload(struct page *page)
{
    const char *path;
    int64_t id;
    struct coach *coach = &page->coach;
    if (page->req->n_uploads == 0 || page->req->uploads[0].size == 0) {
        complaint_add(&page->complaints, "file", N_("Choose a file first."));
    }
    if (page->complaints.n) {
        return page_again(page, show);
    }
    enum err err =
        rates_take(coach, RATES_UPLOAD_PERSON, page_digits(page, page->me.id), &page->wait_ms);
    err = err ? err : keep_file(page, &path);
    err = err ? err
              : imports_add(coach, (enum imports_kind)page_number(page, F_KIND),
                            page->req->uploads[0].filename, str_of(path), &id);
    return err == ERR_OK ? page_go(page, FLASH_NONE, 0, item_url(page, id)) : err;
}

/* -- Looking ------------------------------------------------------------------------------------
 */

static void write_columns(struct page *page, const struct people_sheet *sheet)
{
    struct html *h = &page->html;
    struct part_option options[PEOPLE_SHEET_FIELD__MAX];
    part_fieldset_open(h, T(page, "What the columns are"),
                       T(page, "Duet has guessed. Change what is not right."));
    for (int32_t c = 0; c < sheet->n_columns && c < PEOPLE_SHEET_MAX_COLUMNS; c++) {
        const struct people_sheet_column *column = &sheet->columns[c];
        for (int f = 0; f < PEOPLE_SHEET_FIELD__MAX; f++) {
            enum people_sheet_field field = (enum people_sheet_field)f;
            options[f] = (struct part_option){.value = str_of(people_sheet_field_word(field)),
                                              .text = T(page, people_sheet_field_text(field)),
                                              .chosen = column->field == field};
        }
        struct str label = column->heading;
        if (!label.n) {
            label = FILL(page, T(page, "Column {n}"), CATALOG_INT("n", c + 1));
        }
        part_select(h,
                    &(struct part_field){.id = html_id(h, "column-{}", html_int(c + 1)),
                                         .name = str_of("column"),
                                         .label = label,
                                         .hint = import_view_samples(page, column),
                                         .width = PART_FIELD_HALF},
                    str_of(""), options, PEOPLE_SHEET_FIELD__MAX);
    }
    part_fieldset_close(h);
}

static enum err write_framework_choice(struct page *page, int64_t chosen)
{
    struct frameworks_item *items;
    int32_t n;
    enum err err = frameworks_list(&page->coach, page->locale, &items, &n);
    if (err != ERR_OK) {
        return err;
    }
    struct part_option *options = arena_alloc(page->arena, (size_t)n, sizeof *options);
    for (int32_t i = 0; options && i < n; i++) {
        options[i] = (struct part_option){.value = page_digits(page, items[i].id),
                                          .text = items[i].words.name,
                                          .chosen = items[i].id == chosen};
    }
    part_select(&page->html,
                &(struct part_field){.id = str_of("framework"),
                                     .label = T(page, "Whose skills are these?"),
                                     .width = PART_FIELD_HALF},
                T(page, "Choose a framework"), options, (size_t)n);
    return options ? ERR_OK : ERR_NOMEM;
}

static void write_box(struct page *page, const char *name, struct str label, bool on)
{
    part_check(&page->html, &(struct part_field){.id = str_of(name), .label = label}, on);
}

static enum err write_options(struct page *page, const struct imports_view *view)
{
    struct html *h = &page->html;
    const struct imports_options *options = &view->item.options;
    enum imports_kind kind = view->item.kind;
    enum err err = ERR_OK;
    page_form_open(page, page_path(page, "/setup/import/{}/options", html_int(view->item.id)));
    if (kind == IMPORTS_PEOPLE && view->sheet) {
        write_columns(page, view->sheet);
    } else if (kind == IMPORTS_EVIDENCE) {
        err = write_framework_choice(page, options->framework_id);
    } else if (kind == IMPORTS_ONEROSTER) {
        write_box(page, "complete", T(page, "Whoever is not in the files has left"),
                  options->complete);
    }
    bool rows = view->stop != IMPORTS_STOP_FILE && view->stop != IMPORTS_STOP_WHOLE;
    if (rows && (view->problems.total || options->skip_bad)) {
        write_box(page, "skip_bad", T(page, "Leave out the rows with problems"), options->skip_bad);
    }
    if (view->stop == IMPORTS_STOP_LEAVERS || options->accept_leavers) {
        write_box(page, "accept_leavers", T(page, "It is right that so many leave"),
                  options->accept_leavers);
    }
    part_buttons_open(h);
    part_button(h, &(struct part_button){.text = T(page, "Look again"), .kind = PART_BUTTON_PLAIN});
    part_buttons_close(h);
    page_form_close(page);
    return err;
}

static void write_yes(struct page *page, const struct imports_view *view)
{
    struct html *h = &page->html;
    if (view->stop == IMPORTS_GO) {
        part_buttons_open(h);
        page_button_form(page, page_path(page, "/setup/import/{}/apply", html_int(view->item.id)),
                         &(struct part_button){.text = T(page, "Do it"),
                                               .kind = PART_BUTTON_MAIN,
                                               .icon = PART_ICON_CHECK});
        part_buttons_close(h);
    }
}

static void write_no(struct page *page, const struct imports_view *view)
{
    page_button_form(page, page_path(page, "/setup/import/{}/discard", html_int(view->item.id)),
                     &(struct part_button){.text = T(page, "Throw the file away"),
                                           .kind = PART_BUTTON_QUIET,
                                           .icon = PART_ICON_REMOVE});
}

static struct html *open_item(struct page *page, const struct imports_item *item, struct str lead)
{
    return page_open(page, &(struct page_head){.title = item->file_name,
                                               .eyebrow = import_view_kind(page, item->kind),
                                               .lead = lead,
                                               .back = T(page, "Bring people in"),
                                               .back_url = str_of("/setup/import"),
                                               .nav = PAGE_NAV_SETUP});
}

static enum err show_over(struct page *page, const struct imports_item *item)
{
    imports_drop_file(data_dir(page), item); /* by now the transaction is committed */
    struct html *h = open_item(page, item, import_view_state(page, item->state));
    if (item->state == IMPORTS_APPLIED) {
        import_view_summary(page, item->summary);
        part_buttons_open(h);
        part_button_link(h, PART_BUTTON_MAIN, PART_ICON_PEOPLE, T(page, "See the people"),
                         str_of("/setup/people"));
        part_buttons_close(h);
    }
    return page_close(page);
}

static enum err show_one(struct page *page)
{
    struct imports_item item;
    struct imports_view view;
    int64_t id = page_id(page, "id");
    enum err err = imports_get(&page->coach, id, &item);
    if (err == ERR_OK && item.state != IMPORTS_WAITING) {
        return show_over(page, &item);
    }
    err = err ? err : imports_look(&page->coach, data_dir(page), id, &view);
    if (err != ERR_OK) {
        return err;
    }
    struct str lead = view.plan || view.rows
                          ? T(page, "This is what would change. Nothing has changed yet.")
                          : T(page, "Nothing has changed yet.");
    struct html *h = open_item(page, &view.item, lead);
    if (view.stop != IMPORTS_GO) {
        part_notice(h, PART_TONE_CARE, T(page, "Not yet"), T(page, imports_stop_text(view.stop)));
    }
    import_view_write(page, &view);
    write_yes(page, &view);
    err = write_options(page, &view);
    write_no(page, &view);
    return err == ERR_OK ? page_close(page) : err;
}

/* -- Deciding -----------------------------------------------------------------------------------
 */

static void read_columns(struct page *page, struct people_sheet_mapping *mapping)
{
    const struct field_value *list = &page->fields.values[F_COLUMNS];
    mapping->n = 0;
    for (int i = 0; i < list->n_items && mapping->n < PEOPLE_SHEET_MAX_COLUMNS; i++) {
        enum people_sheet_field field = people_sheet_field_of(list->items[i].text);
        mapping->fields[mapping->n++] =
            field == PEOPLE_SHEET_FIELD__MAX ? PEOPLE_SHEET_NOTHING : field;
    }
}

static enum err save_options(struct page *page)
{
    struct imports_item item;
    int64_t id = page_id(page, "id");
    enum err err = imports_get(&page->coach, id, &item);
    if (err != ERR_OK) {
        return err;
    }
    struct imports_options options = item.options;
    read_columns(page, &options.columns);
    options.framework_id = page_given(page, F_FRAMEWORK) ? page_number(page, F_FRAMEWORK) : 0;
    options.skip_bad = page_number(page, F_SKIP) != 0;
    options.accept_leavers = page_number(page, F_LEAVERS) != 0;
    options.complete = page_number(page, F_COMPLETE) != 0;
    if (page_given(page, F_SYSTEM)) {
        options.system = page_text(page, F_SYSTEM);
    }
    err = imports_set_options(&page->coach, id, &options);
    return err == ERR_OK ? page_go(page, FLASH_NONE, 0, item_url(page, id)) : err;
}

static enum err apply(struct page *page)
{
    struct imports_view view;
    int64_t id = page_id(page, "id");
    enum err err = imports_apply(&page->coach, data_dir(page), id, &view);
    if (err == ERR_REFUSED) {
        return page_go(page, FLASH_IMPORT_REFUSED, 0, item_url(page, id));
    }
    return err == ERR_OK ? page_go(page, FLASH_IMPORTED, 0, item_url(page, id)) : err;
}

static enum err discard(struct page *page)
{
    struct imports_item item;
    int64_t id = page_id(page, "id");
    enum err err = imports_discard(&page->coach, id, &item);
    /* The page that follows removes the file, when this is committed. */
    return err == ERR_OK ? page_go(page, FLASH_IMPORT_DISCARDED, 0, item_url(page, id)) : err;
}

static const struct route routes[] = {
    {ROUTE_GET, "/setup/import", ROUTE_ADMINISTRATOR, .handle = show,
     .about = "Bringing people, units and evidence in from a file"},
    {ROUTE_POST, "/setup/import", ROUTE_ADMINISTRATOR, .handle = upload, .fields = upload_fields,
     .n_fields = F_UPLOAD__MAX, .body = ROUTE_BODY_FILES, .about = "Takes a file in, to look at"},
    {ROUTE_GET, "/setup/import/:id", ROUTE_ADMINISTRATOR, .handle = show_one,
     .about = "What a file would change"},
    {ROUTE_POST, "/setup/import/:id/options", ROUTE_ADMINISTRATOR, .handle = save_options,
     .fields = option_fields, .n_fields = F_OPTIONS__MAX, .about = "Says what its columns are"},
    {ROUTE_POST, "/setup/import/:id/apply", ROUTE_ADMINISTRATOR, .handle = apply,
     .about = "Applies it"},
    {ROUTE_POST, "/setup/import/:id/discard", ROUTE_ADMINISTRATOR, .handle = discard,
     .about = "Throws it away"},
};
const struct route_set page_setup_import_routes = ROUTE_SET("Set-up: files", routes);
