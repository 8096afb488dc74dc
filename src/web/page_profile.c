/* My profile: what colleagues and matching need to know of me. */
#include "base/arena.h"
#include "base/buf.h"
#include "coach/profile.h"
#include "web/page.h"
#include "web/page_sets.h"
#include "web/periods.h"

enum { F_ABOUT, F_SUBJECTS, F_GRADES, F_LANGUAGES, F_PERIODS, F_HELPS, F_LEARNS, F_PROFILE__MAX };
#define MAX_LINE (PROFILE_TAGS * (PROFILE_TAG * 4 + 2))
static const struct field_spec fields[F_PROFILE__MAX] = {
    [F_ABOUT] = {.name = "about", .type = FIELD_LINES, .max = 4 * PROFILE_ABOUT},
    [F_SUBJECTS] = {.name = "subject", .type = FIELD_TEXT, .max = MAX_LINE},
    [F_GRADES] = {.name = "grade", .type = FIELD_TEXT, .max = MAX_LINE},
    [F_LANGUAGES] = {.name = "language", .type = FIELD_TEXT, .max = MAX_LINE},
    [F_PERIODS] = {.name = "period",
                   .type = FIELD_TOKEN,
                   .max = 8,
                   .max_items = PROFILE_DAYS * PROFILE_PERIODS},
    [F_HELPS] = {.name = "max_helps",
                 .type = FIELD_INT,
                 .least = 0,
                 .most = PROFILE_PARTNERS,
                 .required = true},
    [F_LEARNS] = {.name = "max_learns",
                  .type = FIELD_INT,
                  .least = 0,
                  .most = PROFILE_PARTNERS,
                  .required = true},
};

/* -- The form ------------------------------------------------------------------------------------
 */

static struct str joined(struct page *page, const struct profile_tags *tags)
{
    struct buf buf;
    struct str text;
    buf_init(&buf, page->arena, MAX_LINE);
    for (size_t i = 0; i < tags->n; i++) {
        buf_add_text(&buf, i ? ", " : "");
        buf_add(&buf, tags->items[i]);
    }
    return buf_end(&buf, &text) == ERR_OK ? text : str_of("");
}

struct grid {
    struct page *page;
    struct periods stored;
};

/* Column: day; row: period.  The value of a box is "1-3"; see read_periods. */
static bool is_free(void *ctx, size_t row, size_t column)
{
    const struct grid *grid = ctx;
    if (!grid->page->tried) {
        return grid->stored.bits[column] & 1u << row;
    }
    const struct field_value *list = &grid->page->fields.values[F_PERIODS];
    for (int i = 0; i < list->n_items; i++) {
        size_t at = 0, day = 0, period = 0;
        struct str text = list->items[i].text;
        for (; at < text.n && text.p[at] != '-'; at++) {
            day = day * 10 + (size_t)(text.p[at] - '0');
        }
        for (at++; at < text.n; at++) {
            period = period * 10 + (size_t)(text.p[at] - '0');
        }
        if (day == column + 1 && period == row + 1) {
            return true;
        }
    }
    return false;
}

#define SHOWN_DAYS 5
#define SHOWN_PERIODS 8

static void write_periods(struct page *page, const struct profile *profile)
{
    struct grid grid = {page, periods_of(&profile->tags[PROFILE_PERIOD])};
    struct str days[PROFILE_DAYS], rows[PROFILE_PERIODS];
    size_t n_days = SHOWN_DAYS, n_rows = SHOWN_PERIODS;
    for (size_t day = 0; day < PROFILE_DAYS; day++) {
        days[day] = periods_day_short(page, day);
        n_days = grid.stored.bits[day] && day >= n_days ? PROFILE_DAYS : n_days;
        n_rows = grid.stored.bits[day] >> SHOWN_PERIODS ? PROFILE_PERIODS : n_rows;
    }
    for (size_t row = 0; row < PROFILE_PERIODS; row++) {
        rows[row] = FILL(page, T(page, "Period {n}"), CATALOG_INT("n", (int64_t)row + 1));
    }
    part_grid(&page->html,
              &(struct part_grid){.id = str_of("period"),
                                  .name = str_of("period"),
                                  .legend = T(page, "When am I free?"),
                                  .hint = T(page, "In an ordinary week. Partners are found who "
                                                  "are free at the same time."),
                                  .error = page_error(page, "period"),
                                  .columns = days,
                                  .n_columns = n_days,
                                  .rows = rows,
                                  .n_rows = n_rows,
                                  .on = is_free,
                                  .ctx = &grid});
}

static void write_tags(struct page *page, const struct profile *profile)
{
    static const struct {
        enum profile_kind kind;
        int field;
        const char *label, *hint;
    } tags[] = {
        {PROFILE_SUBJECT, F_SUBJECTS, N_("Subjects"), N_("With commas between them.")},
        {PROFILE_GRADE, F_GRADES, N_("Years or grades"), N_("For example: 7, 8, 9")},
        {PROFILE_LANGUAGE, F_LANGUAGES, N_("Languages"),
         N_("Languages you can talk about work in, as short codes: en, es, ar")},
    };
    struct html *h = &page->html;
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
        const char *name = fields[tags[i].field].name;
        part_input(
            h, &(struct part_field){.id = str_of(name),
                                    .label = T(page, tags[i].label),
                                    .hint = T(page, tags[i].hint),
                                    .optional = T(page, "optional"),
                                    .value = page_value(page, tags[i].field,
                                                        joined(page, &profile->tags[tags[i].kind])),
                                    .error = page_error(page, name)});
    }
}

static void write_capacity(struct page *page, int field, struct str label, int32_t stored)
{
    part_input(&page->html,
               &(struct part_field){.id = str_of(fields[field].name),
                                    .label = label,
                                    .type = "number",
                                    .inputmode = "numeric",
                                    .min = str_of("0"),
                                    .max = page_digits(page, PROFILE_PARTNERS),
                                    .value = page_value(page, field, page_digits(page, stored)),
                                    .error = page_error(page, fields[field].name),
                                    .width = PART_FIELD_SHORT});
}

static enum err show(struct page *page)
{
    struct profile profile;
    enum err err = profile_get(&page->coach, page->me.id, &profile);
    if (err != ERR_OK) {
        return err;
    }
    struct html *h = page_open(
        page,
        &(struct page_head){
            .title = T(page, "My profile"),
            .lead = T(page, "What colleagues see of you, and what is looked at when partners are "
                            "found. Nothing here is compulsory."),
            .nav = PAGE_NAV_ME});
    page_link(page, T(page, "How colleagues see me"),
              page_path(page, "/people/{}", html_int(page->me.id)));
    page_errors(page);
    page_form_open(page, str_of("/profile"));
    part_textarea(h, &(struct part_field){.id = str_of("about"),
                                          .label = T(page, "What I like to be asked about"),
                                          .hint = T(page, "A few sentences, in your own words."),
                                          .optional = T(page, "optional"),
                                          .value = page_value(page, F_ABOUT, profile.about),
                                          .error = page_error(page, "about"),
                                          .rows = 4,
                                          .max_length = PROFILE_ABOUT});
    write_tags(page, &profile);
    write_periods(page, &profile);
    part_fieldset_open(h, T(page, "How many partners at a time?"),
                       T(page, "0 means: not at the moment."));
    write_capacity(page, F_HELPS, T(page, "Whom I help"), profile.max_helps);
    write_capacity(page, F_LEARNS, T(page, "Who help me"), profile.max_learns);
    part_fieldset_close(h);
    part_buttons_open(h);
    part_button(h, &(struct part_button){.text = T(page, "Save"), .kind = PART_BUTTON_MAIN});
    part_buttons_close(h);
    page_form_close(page);
    return page_close(page);
}

/* -- Saving --------------------------------------------------------------------------------------
 */

static struct str trimmed(struct str text)
{
    while (text.n && (*text.p == ' ' || *text.p == '\t')) {
        text.p++;
        text.n--;
    }
    while (text.n && (text.p[text.n - 1] == ' ' || text.p[text.n - 1] == '\t')) {
        text.n--;
    }
    return text;
}

/* "Maths, Physics; Art" into its parts. */
static enum err read_tags(struct page *page, struct str line, struct profile_tags *tags)
{
    size_t most = 1;
    for (size_t i = 0; i < line.n; i++) {
        most += line.p[i] == ',' || line.p[i] == ';';
    }
    tags->items = arena_alloc(page->arena, most, sizeof *tags->items);
    tags->n = 0;
    if (!tags->items) {
        return ERR_NOMEM;
    }
    size_t begin = 0;
    for (size_t i = 0; i <= line.n; i++) {
        if (i < line.n && line.p[i] != ',' && line.p[i] != ';') {
            continue;
        }
        struct str tag = trimmed((struct str){line.p + begin, i - begin});
        if (tag.n) {
            tags->items[tags->n++] = tag;
        }
        begin = i + 1;
    }
    return ERR_OK;
}

static enum err read_periods(struct page *page, struct profile_tags *tags)
{
    struct grid grid = {.page = page};
    size_t most = PROFILE_DAYS * PROFILE_PERIODS;
    tags->items = arena_alloc(page->arena, most, sizeof *tags->items);
    tags->n = 0;
    if (!tags->items) {
        return ERR_NOMEM;
    }
    for (size_t day = 0; day < PROFILE_DAYS; day++) {
        for (size_t period = 0; period < PROFILE_PERIODS; period++) {
            if (is_free(&grid, period, day)) {
                struct buf buf;
                buf_init(&buf, page->arena, 16);
                buf_addf(&buf, "%s-%d", periods_day_word(day), (int)period + 1);
                enum err err = buf_end(&buf, &tags->items[tags->n++]);
                if (err != ERR_OK) {
                    return err;
                }
            }
        }
    }
    return ERR_OK;
}

static enum err save(struct page *page)
{
    struct profile profile;
    enum err err = profile_get(&page->coach, page->me.id, &profile);
    if (err == ERR_OK) {
        err = read_tags(page, page_text(page, F_SUBJECTS), &profile.tags[PROFILE_SUBJECT]);
    }
    if (err == ERR_OK) {
        err = read_tags(page, page_text(page, F_GRADES), &profile.tags[PROFILE_GRADE]);
    }
    if (err == ERR_OK) {
        err = read_tags(page, page_text(page, F_LANGUAGES), &profile.tags[PROFILE_LANGUAGE]);
    }
    if (err == ERR_OK) {
        err = read_periods(page, &profile.tags[PROFILE_PERIOD]);
    }
    if (err != ERR_OK) {
        return err;
    }
    profile.about = page_text(page, F_ABOUT);
    profile.max_helps = (int32_t)page_number(page, F_HELPS);
    profile.max_learns = (int32_t)page_number(page, F_LEARNS);
    err =
        page->complaints.n ? ERR_INVALID : profile_edit(&page->coach, &profile, &page->complaints);
    if (err == ERR_INVALID && page->complaints.n) {
        return page_again(page, show);
    }
    return err == ERR_OK ? page_go(page, FLASH_SAVED, 0, str_of("/profile")) : err;
}

static const struct route routes[] = {
    {ROUTE_GET, "/profile", ROUTE_OWN, .handle = show, .about = "My profile"},
    {ROUTE_POST, "/profile", ROUTE_OWN, .handle = save, .fields = fields,
     .n_fields = F_PROFILE__MAX, .about = "Saves it"},
};
const struct route_set page_profile_routes = ROUTE_SET("My profile", routes);
