/* Set-up: the backups that Duet keeps, making one now, taking one away to another machine. */
#include "coach/backups.h"
#include "web/page.h"
#include "web/page_sets.h"
#include "web/web.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define MEGABYTE 1000000.0

enum { F_NAME, F_SURE, F_TAKE__MAX };
static const struct field_spec take_fields[F_TAKE__MAX] = {
    [F_NAME] = {.name = "name", .type = FIELD_TEXT, .max = BACKUPS_NAME, .required = true},
    [F_SURE] = {.name = "sure", .type = FIELD_BOOL},
};

static struct str size_words(struct page *page, int64_t size)
{
    struct buf buf;
    struct str text;
    buf_init(&buf, page->arena, 32);
    buf_add_fixed(&buf, (double)size / MEGABYTE, 1);
    if (buf_end(&buf, &text) != ERR_OK) {
        page->html.err = ERR_NOMEM;
        return str_of("");
    }
    return FILL(page, T(page, "{n} MB"), CATALOG_TEXT("n", text));
}

static void write_item(struct page *page, struct part_table *table, const struct backups_item *item)
{
    struct html *h = &page->html;
    part_row_open(h, table);
    part_cell_open(h, table);
    page_write_moment(page, item->at_ms);
    part_cell_close(h, table);
    part_cell(h, table, size_words(page, item->size));
    part_row_close(h, table);
}

static void write_list(struct page *page, const struct backups_list *list)
{
    struct html *h = &page->html;
    const struct part_column columns[] = {
        {.heading = T(page, "Made")},
        {.heading = T(page, "Size"), .align = PART_ALIGN_NUMBER},
    };
    struct part_table table = {.caption = T(page, "Backups"),
                               .hide_caption = true,
                               .columns = columns,
                               .n_columns = sizeof columns / sizeof *columns};
    part_table_open(h, &table);
    for (size_t i = 0; i < list->n; i++) {
        write_item(page, &table, &list->items[i]);
    }
    part_table_close(h, &table);
}

static void write_take(struct page *page, const struct backups_list *list)
{
    struct html *h = &page->html;
    part_section_open(h, str_of("take"), T(page, "Take one to another machine"));
    part_paragraph(h,
                   T(page, "A backup on this disk helps against mistakes, not against the loss of "
                           "the machine. The file holds everything that people trusted to Duet: "
                           "keep it encrypted, and where only you can read it. That you took it "
                           "is noted."));
    page_form_open(page, str_of("/setup/backups/take"));
    part_hidden(h, str_of("name"), str_of(list->items[0].name));
    part_check(h,
               &(struct part_field){.id = str_of("sure"),
                                    .label = T(page, "I shall keep it safe"),
                                    .error = page_error(page, "sure")},
               false);
    part_buttons_open(h);
    part_button(h, &(struct part_button){.text = T(page, "Download the newest"),
                                         .kind = PART_BUTTON_PLAIN,
                                         .icon = PART_ICON_DOWNLOAD});
    part_buttons_close(h);
    page_form_close(page);
    part_section_close(h);
}

static enum err show(struct page *page)
{
    struct backups_list list;
    enum err err = backups_list(&page->coach, page->web->options->data_dir, &list);
    if (err != ERR_OK) {
        return err;
    }
    struct html *h = page_open(
        page,
        &(struct page_head){.title = T(page, "Backups"),
                            .lead = T(page, "Duet makes one every day while people go on working, "
                                            "reads it again to be sure, and keeps the last "
                                            "fourteen."),
                            .back = T(page, "Set-up"),
                            .back_url = str_of("/setup"),
                            .nav = PAGE_NAV_SETUP});
    page_errors(page);
    page_button_form(
        page, str_of("/setup/backups/now"),
        &(struct part_button){.text = T(page, "Make one now"), .kind = PART_BUTTON_MAIN});
    if (list.n) {
        write_list(page, &list);
        write_take(page, &list);
    } else {
        part_paragraph(h, T(page, "There is none yet."));
    }
    part_section_open(h, str_of("restore"), T(page, "Going back to one"));
    part_paragraph(h, T(page, "On the machine itself, with Duet stopped:"));
    part_code(h, str_of("duet restore FILE --db WHERE --force"));
    part_section_close(h);
    return page_close(page);
}

static enum err now(struct page *page)
{
    enum err err = backups_ask(&page->coach);
    return err == ERR_OK ? page_go(page, FLASH_BACKUP_ASKED, 0, str_of("/setup/backups")) : err;
}

static enum err take(struct page *page)
{
    const char *path;
    struct stat found;
    struct http_response *res = page->res;
    if (!page_number(page, F_SURE)) {
        complaint_add(&page->complaints, "sure", N_("Tick the box first."));
    }
    if (page->complaints.n) {
        return page_again(page, show);
    }
    enum err err =
        backups_path(&page->coach, page->web->options->data_dir, page_text(page, F_NAME), &path);
    if (err != ERR_OK) {
        return err;
    }
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return ERR_NOT_FOUND;
    }
    if (fstat(fd, &found) != 0) {
        close(fd);
        return ERR_IO;
    }
    response_type(res, "application/vnd.sqlite3");
    response_header(res, "Content-Disposition", str_of("attachment; filename=\"duet-backup.db\""));
    res->fd = fd;
    res->fd_offset = 0;
    res->fd_length = found.st_size;
    return res->err;
}

static const struct route routes[] = {
    {ROUTE_GET, "/setup/backups", ROUTE_ADMINISTRATOR, .handle = show, .about = "Backups"},
    {ROUTE_POST, "/setup/backups/now", ROUTE_ADMINISTRATOR, .handle = now,
     .about = "Makes a backup in the background"},
    {ROUTE_POST, "/setup/backups/take", ROUTE_ADMINISTRATOR, .handle = take, .fields = take_fields,
     .n_fields = F_TAKE__MAX, .about = "Hands out a backup"},
};
const struct route_set page_setup_backups_routes = ROUTE_SET("Set-up: backups", routes);
