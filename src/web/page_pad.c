/* The pad: what is seen in a visit, line by line.  Works as a plain form, one line at a time;
 * assets/pad.js keeps lines in the browser first and sends them when there is a connection. */
#include "base/arena.h"
#include "base/buf.h"
#include "coach/observations.h"
#include "web/coaching_view.h"
#include "web/cycle_view.h"
#include "web/page.h"
#include "web/page_sets.h"

enum { F_STARTED, F_KEY, F_AT, F_WORDS, F__MAX };
static const struct field_spec fields[F__MAX] = {
    [F_STARTED] = {.name = "started", .type = FIELD_INT},
    [F_KEY] = {.name = "key",
               .type = FIELD_TOKEN,
               .max = OBSERVATIONS_KEY,
               .max_items = OBSERVATIONS_BATCH},
    [F_AT] = {.name = "at", .type = FIELD_INT, .max_items = OBSERVATIONS_BATCH},
    [F_WORDS] = {.name = "words",
                 .type = FIELD_TEXT,
                 .max = OBSERVATIONS_WORDS,
                 .max_items = OBSERVATIONS_BATCH},
};
enum { F_CYCLE, F_BACK__MAX };
static const struct field_spec back_fields[F_BACK__MAX] = {
    [F_CYCLE] = {.name = "cycle", .type = FIELD_ID},
};

static struct str pad_path(struct page *page, int64_t cycle)
{
    return page_path(page, "/cycles/{}/pad", html_int(cycle));
}

/* "12:05": minutes and seconds on the clock of the visit. */
static struct str clock_text(struct page *page, int64_t at_ms)
{
    struct buf buf;
    struct str text;
    buf_init(&buf, page->arena, 24);
    buf_addf(&buf, "%d:%02d", (int)(at_ms / 60000), (int)(at_ms / 1000 % 60));
    return buf_end(&buf, &text) == ERR_OK ? text : str_of("");
}

static void write_lines(struct page *page, const struct observation *o, bool with_keys)
{
    struct html *h = &page->html;
    html_open_class(h, EL_OL, "pad-lines");
    if (with_keys) {
        html_attr_id(h, AT_ID, str_of("pad-lines"));
    }
    for (size_t k = 0; o && k < o->n; k++) {
        html_open(h, EL_LI);
        if (with_keys) {
            html_attr_text(h, AT_DATA_KEY, o->lines[k].key);
        }
        html_open_class(h, EL_SPAN, "pad-time");
        html_text(h, clock_text(page, o->lines[k].at_ms));
        html_close(h, EL_SPAN);
        html_text(h, str_of(" "));
        html_text(h, o->lines[k].words);
        html_close(h, EL_LI);
    }
    html_close(h, EL_OL);
}

/* What the island says, translated here; {n} is put in there. */
static void say(struct page *page, const char *id, struct str text)
{
    struct html *h = &page->html;
    html_open(h, EL_P);
    html_attr_id(h, AT_ID, str_of(id));
    html_attr_bool(h, AT_HIDDEN, true);
    html_text(h, text);
    html_close(h, EL_P);
}

static void write_pad(struct page *page, const struct cycle *cycle, const struct observation *own)
{
    struct html *h = &page->html;
    struct buf key;
    struct str text = str_of("");
    buf_init(&key, page->arena, 48);
    buf_addf(&key, "s%lld", (long long)page->coach.now_ms);
    h->err = h->err ? h->err : buf_end(&key, &text);
    html_open_class(h, EL_DIV, "pad");
    html_attr_word(h, AT_DATA_ISLAND, "pad");
    /* whose and of which cycle, so that nobody's lines are sent as another's; when it began */
    html_attr_text(h, AT_DATA_KEY, html_id(h, "{}-{}", html_int(page->me.id), html_int(cycle->id)));
    html_attr_text(h, AT_DATA_STATE, page_digits(page, own ? own->started_ms : 0));
    write_lines(page, own, true);
    html_open_class(h, EL_P, "pad-clock");
    html_attr_id(h, AT_ID, str_of("pad-clock"));
    html_attr_bool(h, AT_HIDDEN, true);
    html_close(h, EL_P);
    page_form_open(page, pad_path(page, cycle->id));
    part_hidden(h, str_of("key"), text);
    part_input(h,
               &(struct part_field){.id = str_of("words"),
                                    .label = T(page, "What do you see and hear?"),
                                    .hint = T(page, "Words that are said, what is done, numbers. "
                                                    "Enter keeps the line."),
                                    .error = page_error(page, "words"),
                                    .value = str_of(""),
                                    .autocomplete = "off",
                                    .max_length = OBSERVATIONS_WORDS,
                                    .focus = true});
    part_buttons_open(h);
    part_button(h,
                &(struct part_button){.text = T(page, "Keep this line"), .kind = PART_BUTTON_MAIN});
    part_buttons_close(h);
    page_form_close(page);
    html_open_class(h, EL_P, "pad-said");
    html_attr_id(h, AT_ID, str_of("pad-said"));
    html_attr_word(h, AT_ROLE, "status");
    html_close(h, EL_P);
    say(page, "pad-waiting",
        T(page, "Lines that wait for the connection: {n}. They are kept in this browser."));
    say(page, "pad-sent", T(page, "All lines are sent."));
    say(page, "pad-signed-out",
        T(page, "You are signed out. Sign in again in another window; the lines are kept here and "
                "sent then."));
    say(page, "pad-refused",
        T(page, "Duet cannot take these lines. They are kept in this browser: "
                "{n}. Copy what you need."));
    html_close(h, EL_DIV);
}

static const struct observation *own_of(const struct page *page, const struct observation *list,
                                        size_t n)
{
    for (size_t k = 0; k < n; k++) {
        if (list[k].author_id == page->me.id) {
            return &list[k];
        }
    }
    return NULL;
}

static enum err show(struct page *page)
{
    struct cycle cycle;
    struct observation *list;
    size_t n;
    enum err err = cycles_get(&page->coach, page_id(page, "id"), page->locale, &cycle);
    err = err ? err : observations_of_cycle(&page->coach, cycle.id, &list, &n);
    if (err) {
        return err;
    }
    page_open(
        page,
        &(struct page_head){
            .title = T(page, "Pad"),
            .lead = T(page, "Only you see these lines until you share them. They are also "
                            "kept when the connection is lost."),
            .back = FILL(page, T(page, "Cycle {number}: {skill}"),
                         CATALOG_INT("number", cycle.number), CATALOG_TEXT("skill", cycle.skill)),
            .back_url = page_path(page, "/cycles/{}", html_int(cycle.id)),
            .nav = PAGE_NAV_COACHING});
    page_errors(page);
    if (cycle.look_for.n) {
        part_notice(&page->html, PART_TONE_ACCENT, T(page, "To look for"), cycle.look_for);
    }
    write_pad(page, &cycle, own_of(page, list, n));
    return page_close(page);
}

/* ---- keeping lines ---- */

static enum err read_lines(struct page *page, const struct observation *own,
                           struct observation_line **lines, size_t *n)
{
    const struct field_value *keys = &page->fields.values[F_KEY];
    const struct field_value *ats = &page->fields.values[F_AT];
    const struct field_value *words = &page->fields.values[F_WORDS];
    int count = words->n_items;
    *n = 0;
    if (keys->n_items != count || (ats->n_items != count && ats->n_items != 0)) {
        return ERR_RANGE; /* no page of ours sends this */
    }
    *lines = arena_alloc(page->arena, (size_t)count, sizeof **lines);
    if (!*lines) {
        return ERR_NOMEM;
    }
    for (int k = 0; k < count; k++) {
        int64_t at = own ? page->coach.now_ms - own->started_ms : 0;
        at = at < 0 || at > OBSERVATIONS_LONGEST ? 0 : at;
        (*lines)[(*n)++] =
            (struct observation_line){.key = keys->items[k].text,
                                      .at_ms = ats->n_items ? ats->items[k].number : at,
                                      .words = words->items[k].text};
    }
    return ERR_OK;
}

static enum err keep(struct page *page)
{
    struct observation *list;
    struct observation_line *lines = NULL;
    size_t n = 0, n_new = 0;
    int64_t id = page_id(page, "id");
    int64_t started = page_given(page, F_STARTED) ? page_number(page, F_STARTED) : 0;
    enum err err = observations_of_cycle(&page->coach, id, &list, &n);
    const struct observation *own = err ? NULL : own_of(page, list, n);
    err = err ? err : page->complaints.n ? ERR_INVALID : read_lines(page, own, &lines, &n);
    err = err ? err
              : observations_add(&page->coach, id, started, lines, n, &page->complaints, &n_new);
    if (err == ERR_INVALID && page->complaints.n) {
        return page_again(page, show);
    }
    return coaching_view_go(page, err, FLASH_NONE, pad_path(page, id));
}

/* ---- visits on the page of the cycle ---- */

static void visit_button(struct page *page, const struct cycle *cycle, const struct observation *o,
                         const char *pattern, struct str text)
{
    page_form_open(page,
                   page_path_of(page, pattern, (const struct html_arg[]){html_int(o->id)}, 1));
    part_hidden(&page->html, str_of("cycle"), page_digits(page, cycle->id));
    part_button(&page->html, &(struct part_button){.text = text, .kind = PART_BUTTON_QUIET});
    page_form_close(page);
}

enum err cycle_view_visits(struct page *page, const struct cycle *cycle)
{
    struct html *h = &page->html;
    struct observation *list;
    size_t n;
    enum err err = observations_of_cycle(&page->coach, cycle->id, &list, &n);
    for (size_t k = 0; !err && k < n; k++) {
        bool own = list[k].author_id == page->me.id;
        part_section_open(
            h, html_id(h, "visit-{}", html_int(list[k].id)),
            own ? T(page, "What I saw")
                : FILL(page, T(page, "What {name} saw"), CATALOG_TEXT("name", list[k].author)));
        write_lines(page, &list[k], false);
        if (own) {
            part_badge(h, list[k].shared ? PART_TONE_ACCENT : PART_TONE_PLAIN,
                       list[k].shared ? T(page, "shared") : T(page, "only for you"));
            part_buttons_open(h);
            if (!cycle->guide) {
                visit_button(page, cycle, &list[k],
                             list[k].shared ? "/visits/{}/unshare" : "/visits/{}/share",
                             list[k].shared ? T(page, "No longer share it") : T(page, "Share it"));
            }
            visit_button(page, cycle, &list[k], "/visits/{}/remove", T(page, "Remove it"));
            part_buttons_close(h);
        }
        part_section_close(h);
    }
    return err;
}

static struct str back_to(struct page *page)
{
    return page_given(page, F_CYCLE)
               ? page_path(page, "/cycles/{}", html_int(page_number(page, F_CYCLE)))
               : str_of("/coaching");
}

static enum err share(struct page *page)
{
    enum err err = observations_share(&page->coach, page_id(page, "id"), true);
    return coaching_view_go(page, err, FLASH_SHARED, back_to(page));
}

static enum err unshare(struct page *page)
{
    enum err err = observations_share(&page->coach, page_id(page, "id"), false);
    return coaching_view_go(page, err, FLASH_UNSHARED, back_to(page));
}

static enum err remove_it(struct page *page)
{
    enum err err = observations_remove(&page->coach, page_id(page, "id"));
    return coaching_view_go(page, err, FLASH_EVIDENCE_DELETED, back_to(page));
}

static const struct route routes[] = {
    {ROUTE_GET, "/cycles/:id/pad", ROUTE_OWN, .handle = show,
     .about = "A pad for what is seen in a visit"},
    {ROUTE_POST, "/cycles/:id/pad", ROUTE_OWN, .handle = keep, .fields = fields, .n_fields = F__MAX,
     .about = "Keeps lines of it; the same line twice is one"},
    {ROUTE_POST, "/visits/:id/share", ROUTE_OWN, .handle = share, .fields = back_fields,
     .n_fields = F_BACK__MAX, .about = "Lets the partner read the lines of a visit"},
    {ROUTE_POST, "/visits/:id/unshare", ROUTE_OWN, .handle = unshare, .fields = back_fields,
     .n_fields = F_BACK__MAX, .about = "Takes that back"},
    {ROUTE_POST, "/visits/:id/remove", ROUTE_OWN, .handle = remove_it, .fields = back_fields,
     .n_fields = F_BACK__MAX, .about = "Deletes the lines of a visit"},
};
const struct route_set page_pad_routes = ROUTE_SET("The pad", routes);
