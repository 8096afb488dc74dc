/* My data: everything in one file, and deleting it. */
#include "coach/mydata.h"
#include "web/page.h"
#include "web/page_sets.h"

enum { F_SURE, F_DELETE__MAX };
static const struct field_spec delete_fields[F_DELETE__MAX] = {
    [F_SURE] = {.name = "sure", .type = FIELD_BOOL},
};

static void write_delete(struct page *page)
{
    struct html *h = &page->html;
    part_section_open(h, str_of("delete"), T(page, "Delete my content"));
    part_paragraph(h, T(page, "This removes the evidence about you, your zones, what you want and "
                              "offer, your profile, and what you share. It cannot be undone. Your "
                              "account stays: whether you are a member is for your organisation to "
                              "say. The log of who did what stays too; it holds no content."));
    page_form_open(page, str_of("/my-data/delete"));
    part_check(h,
               &(struct part_field){.id = str_of("sure"),
                                    .label = T(page, "Yes, delete it for good"),
                                    .error = page_error(page, "sure")},
               false);
    part_buttons_open(h);
    part_button(h, &(struct part_button){.text = T(page, "Delete my content"),
                                         .kind = PART_BUTTON_DANGER,
                                         .icon = PART_ICON_REMOVE});
    part_buttons_close(h);
    page_form_close(page);
    part_section_close(h);
}

static enum err show(struct page *page)
{
    struct html *h = page_open(
        page,
        &(struct page_head){
            .title = T(page, "My data"),
            .lead = T(page, "Everything that you may see of yourself you may take with you, and "
                            "remove."),
            .nav = PAGE_NAV_ME});
    page_errors(page);
    part_section_open(h, str_of("export"), T(page, "Take it with me"));
    part_paragraph(h,
                   T(page, "One zip with everything that Duet holds about you: tables that any "
                           "spreadsheet program opens, a text that says what is in them, and all "
                           "of it once more for programs (JSON)."));
    part_buttons_open(h);
    part_button_link(h, PART_BUTTON_MAIN, PART_ICON_DOWNLOAD, T(page, "Download my data"),
                     str_of("/my-data/export"));
    part_buttons_close(h);
    part_section_close(h);
    write_delete(page);
    return page_close(page);
}

static enum err export_data(struct page *page)
{
    struct str zip;
    enum err err = mydata_bundle(&page->coach, &zip);
    return err == ERR_OK ? page_download(page, "application/zip", "duet-my-data.zip", zip) : err;
}

static enum err delete_data(struct page *page)
{
    struct mydata_deleted deleted;
    if (!page_given(page, F_SURE) || !page_number(page, F_SURE)) {
        complaint_add(&page->complaints, "sure", N_("Tick the box if you are sure."));
        return page_again(page, show);
    }
    enum err err = mydata_delete(&page->coach, &deleted);
    return err == ERR_OK ? page_go(page, FLASH_DATA_DELETED, 0, str_of("/my-data")) : err;
}

static const struct route routes[] = {
    {ROUTE_GET, "/my-data", ROUTE_OWN, .handle = show, .about = "Export and deletion"},
    {ROUTE_GET, "/my-data/export", ROUTE_OWN, .handle = export_data,
     .about = "Everything about me, as tables and JSON in a zip"},
    {ROUTE_POST, "/my-data/delete", ROUTE_OWN, .handle = delete_data, .fields = delete_fields,
     .n_fields = F_DELETE__MAX, .about = "Deletes my content"},
};
const struct route_set page_mydata_routes = ROUTE_SET("My data", routes);
