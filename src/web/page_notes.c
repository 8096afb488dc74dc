/* Notes in a cycle: showing and writing them. */
#include "coach/notes.h"
#include "web/coaching_view.h"
#include "web/cycle_view.h"
#include "web/page.h"
#include "web/page_sets.h"

enum { F_STAGE, F_KIND, F_WORDS, F_CHANGED, F_CYCLE, F__MAX };
static const struct field_spec fields[F__MAX] = {
    [F_STAGE] = {.name = "stage",
                 .type = FIELD_CHOICE,
                 .choices = "plan|visit|feedback|solve|check|reflect"},
    [F_KIND] = {.name = "kind", .type = FIELD_CHOICE, .choices = "private|shared|joint"},
    [F_WORDS] = {.name = "words", .type = FIELD_LINES, .max = NOTES_WORDS},
    [F_CHANGED] = {.name = "changed", .type = FIELD_INT},
    [F_CYCLE] = {.name = "cycle", .type = FIELD_ID},
};

/* Where one came from; a form without it leads to the list. */
static struct str back_to(struct page *page)
{
    return page_given(page, F_CYCLE)
               ? page_path(page, "/cycles/{}#notes", html_int(page_number(page, F_CYCLE)))
               : str_of("/coaching");
}

/* ---- showing them ---- */

static struct str kind_text(struct page *page, enum note_kind kind)
{
    return kind == NOTE_PRIVATE  ? T(page, "only for you")
           : kind == NOTE_SHARED ? T(page, "shared")
                                 : T(page, "joint");
}

static void hidden_cycle(struct page *page, const struct cycle *cycle)
{
    part_hidden(&page->html, str_of("cycle"), page_digits(page, cycle->id));
}

static void note_button(struct page *page, const struct cycle *cycle, const struct note *note,
                        const char *pattern, struct str text)
{
    page_form_open(page,
                   page_path_of(page, pattern, (const struct html_arg[]){html_int(note->id)}, 1));
    hidden_cycle(page, cycle);
    part_button(&page->html, &(struct part_button){.text = text, .kind = PART_BUTTON_QUIET});
    page_form_close(page);
}

static void write_edit(struct page *page, const struct cycle *cycle, const struct note *note)
{
    struct html *h = &page->html;
    part_details_open(h, T(page, "Change"), false);
    page_form_open(page, page_path(page, "/notes/{}", html_int(note->id)));
    hidden_cycle(page, cycle);
    part_hidden(h, str_of("changed"), page_digits(page, note->changed_ms));
    part_textarea(h, &(struct part_field){.id = html_id(h, "note-{}", html_int(note->id)),
                                          .name = str_of("words"),
                                          .label = T(page, "Note"),
                                          .value = note->words,
                                          .max_length = NOTES_WORDS});
    part_button(h, &(struct part_button){.text = T(page, "Save"), .kind = PART_BUTTON_PLAIN});
    page_form_close(page);
    part_details_close(h);
}

static void write_note(struct page *page, const struct cycle *cycle, const struct note *note)
{
    struct html *h = &page->html;
    bool own = note->author_id == page->me.id;
    part_cards_item(h);
    part_card_open(h, &(struct part_card){.eyebrow = own ? T(page, "You") : note->author});
    part_badge(h, note->kind == NOTE_PRIVATE ? PART_TONE_PLAIN : PART_TONE_ACCENT,
               kind_text(page, note->kind));
    part_written(h, note->words);
    if (note->can_edit) {
        write_edit(page, cycle, note);
    }
    bool shares = own && note->kind == NOTE_PRIVATE && cycle->runs;
    bool unshares = own && note->kind == NOTE_SHARED;
    if (shares || unshares || note->can_remove) {
        part_buttons_open(h);
        if (shares) {
            note_button(page, cycle, note, "/notes/{}/share", T(page, "Share it"));
        }
        if (unshares) {
            note_button(page, cycle, note, "/notes/{}/unshare", T(page, "No longer share it"));
        }
        if (note->can_remove) {
            note_button(page, cycle, note, "/notes/{}/remove", T(page, "Remove it"));
        }
        part_buttons_close(h);
    }
    part_card_close(h);
}

static void write_new(struct page *page, const struct cycle *cycle)
{
    struct html *h = &page->html;
    const struct part_option kinds[] = {
        {.value = str_of("private"),
         .text = T(page, "Only for me"),
         .hint = str_of(""),
         .chosen = true},
        {.value = str_of("shared"),
         .text = T(page, "My partner reads it"),
         .hint = str_of(""),
         .disabled = cycle->guide},
        {.value = str_of("joint"),
         .text = T(page, "We both write it"),
         .hint = str_of(""),
         .disabled = cycle->guide},
    };
    page_form_open(page, page_path(page, "/cycles/{}/notes", html_int(cycle->id)));
    part_hidden(h, str_of("stage"), str_of(cycles_stage_word(cycle->stage)));
    hidden_cycle(page, cycle);
    part_textarea(h, &(struct part_field){.id = str_of("words"),
                                          .label = T(page, "A note"),
                                          .error = page_error(page, "words"),
                                          .value = str_of(""),
                                          .max_length = NOTES_WORDS});
    if (!cycle->guide) {
        part_choose(h,
                    &(struct part_field){.id = str_of("kind"), .label = T(page, "Who reads it?")},
                    PART_CHOICES_INLINE, false, kinds, 3);
    }
    part_buttons_open(h);
    part_button(h, &(struct part_button){.text = T(page, "Write it"), .kind = PART_BUTTON_PLAIN});
    part_buttons_close(h);
    page_form_close(page);
}

enum err cycle_view_notes(struct page *page, const struct cycle *cycle)
{
    struct html *h = &page->html;
    struct note_list list;
    enum err err = notes_of_cycle(&page->coach, cycle->id, &list);
    if (err || (list.n == 0 && !cycle->runs && cycle->state == CYCLE_OPEN)) {
        return err;
    }
    part_section_open(h, str_of("notes"), T(page, "Notes"));
    if (list.n) {
        part_cards_open(h);
        for (size_t k = 0; k < list.n; k++) {
            write_note(page, cycle, &list.items[k]);
        }
        part_cards_close(h);
    }
    if (cycle->runs || cycle->state == CYCLE_DONE) {
        write_new(page, cycle);
    }
    part_section_close(h);
    return ERR_OK;
}

/* ---- writing them ---- */

static enum err add(struct page *page)
{
    int64_t id;
    enum cycle_stage stage =
        page_given(page, F_STAGE) ? (enum cycle_stage)page_number(page, F_STAGE) : CYCLE_PLAN;
    enum note_kind kind =
        page_given(page, F_KIND) ? (enum note_kind)page_number(page, F_KIND) : NOTE_PRIVATE;
    struct str to = page_path(page, "/cycles/{}#notes", html_int(page_id(page, "id")));
    enum err err = page->complaints.n ? ERR_INVALID
                                      : notes_add(&page->coach, page_id(page, "id"), stage, kind,
                                                  page_text(page, F_WORDS), &page->complaints, &id);
    if (err == ERR_INVALID && page->complaints.n) {
        return page_go(page, FLASH_NOTE_EMPTY, 0, to);
    }
    return coaching_view_go(page, err, FLASH_SAVED, to);
}

static enum err edit(struct page *page)
{
    int64_t changed = page_given(page, F_CHANGED) ? page_number(page, F_CHANGED) : 0;
    enum err err = page->complaints.n ? ERR_INVALID
                                      : notes_edit(&page->coach, page_id(page, "id"), changed,
                                                   page_text(page, F_WORDS), &page->complaints);
    if (err == ERR_INVALID && page->complaints.n) {
        return page_go(page, FLASH_NOTE_EMPTY, 0, back_to(page));
    }
    return coaching_view_go(page, err, FLASH_SAVED, back_to(page));
}

static enum err share(struct page *page)
{
    enum err err = notes_share(&page->coach, page_id(page, "id"), true);
    return coaching_view_go(page, err, FLASH_SHARED, back_to(page));
}

static enum err unshare(struct page *page)
{
    enum err err = notes_share(&page->coach, page_id(page, "id"), false);
    return coaching_view_go(page, err, FLASH_UNSHARED, back_to(page));
}

static enum err remove_it(struct page *page)
{
    enum err err = notes_remove(&page->coach, page_id(page, "id"));
    return coaching_view_go(page, err, FLASH_EVIDENCE_DELETED, back_to(page));
}

static const struct route routes[] = {
    {ROUTE_POST, "/cycles/:id/notes", ROUTE_OWN, .handle = add, .fields = fields,
     .n_fields = F__MAX, .about = "Writes a note"},
    {ROUTE_POST, "/notes/:id", ROUTE_OWN, .handle = edit, .fields = fields, .n_fields = F__MAX,
     .about = "Changes a note"},
    {ROUTE_POST, "/notes/:id/share", ROUTE_OWN, .handle = share, .fields = fields,
     .n_fields = F__MAX, .about = "Lets the partner read a note"},
    {ROUTE_POST, "/notes/:id/unshare", ROUTE_OWN, .handle = unshare, .fields = fields,
     .n_fields = F__MAX, .about = "Takes that back"},
    {ROUTE_POST, "/notes/:id/remove", ROUTE_OWN, .handle = remove_it, .fields = fields,
     .n_fields = F__MAX, .about = "Deletes a note"},
};
const struct route_set page_notes_routes = ROUTE_SET("Notes", routes);
