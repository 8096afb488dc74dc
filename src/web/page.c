/* What came with the request, words about time, and going on.  Writing: layout.c, page_form.c. */
#include "web/page.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/day.h"
#include "http/cookie.h"
#include "web/agent.h"
#include "web/web.h"

#include <assert.h>

/* -- What came with the request --------------------------------------------------------------- */

static int place_of(const struct page *page, const char *name)
{
    int i = 0;
    while (i < page->match.n_places && !str_is(page->match.places[i].name, name)) {
        i++;
    }
    assert(i < page->match.n_places);
    return i;
}

int64_t page_id(const struct page *page, const char *name)
{
    return page->match.places[place_of(page, name)].number;
}

struct str page_word(const struct page *page, const char *name)
{
    return page->match.places[place_of(page, name)].text;
}

static const struct field_value *value_of(const struct page *page, int field)
{
    assert(field >= 0 && field < page->fields.n);
    return &page->fields.values[field];
}

bool page_given(const struct page *page, int field)
{
    return value_of(page, field)->given;
}

struct str page_text(const struct page *page, int field)
{
    const struct field_value *value = value_of(page, field);
    return value->given ? value->text : str_of("");
}

int64_t page_number(const struct page *page, int field)
{
    return value_of(page, field)->number;
}

int64_t *page_ids(const struct page *page, int field, size_t *n)
{
    const struct field_value *list = value_of(page, field);
    int64_t *ids = arena_alloc(page->arena, (size_t)list->n_items + 1, sizeof *ids);
    *n = ids ? (size_t)list->n_items : 0;
    for (size_t k = 0; k < *n; k++) {
        ids[k] = list->items[k].number;
    }
    return ids;
}

struct str page_typed(const struct page *page, int field)
{
    return value_of(page, field)->typed;
}

struct str page_value(const struct page *page, int field, struct str stored)
{
    return page->tried ? value_of(page, field)->typed : stored;
}

int64_t page_value_number(const struct page *page, int field, int64_t stored)
{
    return page->tried ? value_of(page, field)->number : stored;
}

bool page_value_has(const struct page *page, int field, int64_t value, bool stored)
{
    if (!page->tried) {
        return stored;
    }
    const struct field_value *list = value_of(page, field);
    for (int i = 0; i < list->n_items; i++) {
        if (list->items[i].number == value) {
            return true;
        }
    }
    return false;
}

/* -- Time in words ----------------------------------------------------------------------------- */

struct str page_day(struct page *page, int32_t day)
{
    return catalog_day(page->arena, page->catalog, day, CATALOG_DAY_LONG);
}

struct str page_day_from_today(struct page *page, int32_t day)
{
    return catalog_day_from(page->arena, page->catalog, day, page->today);
}

int32_t page_day_of(const struct page *page, int64_t at_ms)
{
    int32_t day, minute;
    clock_read(page->web->site.zone, at_ms, &day, &minute);
    return day;
}

static struct str written(struct page *page, struct buf *buf)
{
    struct str text;
    if (buf_end(buf, &text) != ERR_OK) {
        page->html.err = page->html.err ? page->html.err : ERR_NOMEM;
        return str_of("");
    }
    return text;
}

struct str page_digits(struct page *page, int64_t number)
{
    struct buf buf;
    buf_init(&buf, page->arena, 24);
    buf_add_int(&buf, number);
    return written(page, &buf);
}

struct str page_moment(struct page *page, int64_t at_ms)
{
    int32_t day, minute;
    struct buf buf;
    clock_read(page->web->site.zone, at_ms, &day, &minute);
    buf_init(&buf, page->arena, 16);
    buf_addf(&buf, "%02d:%02d", (int)(minute / 60), (int)(minute % 60));
    return FILL(page, T(page, "{day}, {time}"), CATALOG_TEXT("day", page_day_from_today(page, day)),
                CATALOG_TEXT("time", written(page, &buf)));
}

void page_write_day(struct page *page, int32_t day)
{
    char iso[DAY_TEXT_SIZE];
    day_write(day, iso);
    part_time(&page->html, str_of(iso), page_day_from_today(page, day));
}

void page_write_moment(struct page *page, int64_t at_ms)
{
    char date[DAY_TEXT_SIZE];
    int32_t day, minute;
    struct buf buf;
    clock_read(NULL, at_ms, &day, &minute);
    day_write(day, date);
    buf_init(&buf, page->arena, 32);
    buf_addf(&buf, "%sT%02d:%02dZ", date, (int)(minute / 60), (int)(minute % 60));
    part_time(&page->html, written(page, &buf), page_moment(page, at_ms));
}

/* -- Going on -----------------------------------------------------------------------------------
 */

struct str page_path_of(struct page *page, const char *pattern, const struct html_arg *args,
                        size_t n)
{
    struct html scratch; /* html_path needs a builder for its failures only */
    struct buf none;
    buf_init(&none, page->arena, 1);
    html_init(&scratch, &none, page->arena);
    struct str path = html_path_of(&scratch, pattern, args, n);
    if (scratch.err != ERR_OK) {
        page->res->err = page->res->err ? page->res->err : scratch.err;
        return str_of("/");
    }
    return path;
}

enum err page_served(struct page *page, enum err err)
{
    page->unserved = err == ERR_IO || err == ERR_LIMIT;
    return err;
}

enum err page_go(struct page *page, enum flash flash, int64_t n, struct str path)
{
    flash_set(page, flash, n);
    response_redirect(page->res, path);
    return page->res->err;
}

enum err page_download(struct page *page, const char *type, const char *name, struct str bytes)
{
    struct buf disposition;
    struct str value;
    buf_init(&disposition, page->arena, 256);
    buf_add_text(&disposition, "attachment; filename=\"");
    buf_add_text(&disposition, name);
    buf_add_char(&disposition, '"');
    enum err err = buf_end(&disposition, &value);
    if (err != ERR_OK) {
        return err;
    }
    response_type(page->res, type);
    response_header(page->res, "Content-Disposition", value);
    page->res->fixed = bytes;
    return page->res->err;
}

enum err page_sign_in(struct page *page, int64_t person_id, enum session_how how, bool stay)
{
    char token[SESSIONS_TOKEN + 1];
    struct session session;
    struct str agent = agent_words(page->arena, request_header(page->req, "user-agent"));
    enum err err = sessions_start(&page->coach, person_id, how, agent, token, &session);
    if (err != ERR_OK) {
        return err;
    }
    cookie_set(page->res, WEB_SESSION_COOKIE, str_of(token),
               stay ? SESSIONS_ABSOLUTE_MS / 1000 : 0);
    return page->res->err;
}
