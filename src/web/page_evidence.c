/* Adding evidence: how I see myself, what I tried, what I saw of a colleague; and taking a piece
 * back. */
#include "base/day.h"
#include "coach/allow.h"
#include "coach/evidence.h"
#include "web/page.h"
#include "web/page_sets.h"
#include "web/skill_view.h"

/* A skill with its level texts and tasks. */
static enum err load_skill(struct page *page, int64_t id, const struct framework_skill **skill)
{
    struct framework *framework;
    int64_t framework_id;
    enum err err = frameworks_of_skill(&page->coach, id, &framework_id);
    if (err == ERR_OK) {
        err = frameworks_get(&page->coach, framework_id, page->locale,
                             FRAMEWORKS_LEVELS | FRAMEWORKS_TASKS, &framework);
    }
    if (err != ERR_OK) {
        return err;
    }
    *skill = framework_find_skill(framework, id);
    return *skill ? ERR_OK : ERR_NOT_FOUND;
}

/* -- Parts of the forms --------------------------------------------------------------------------
 */

/* The levels of a rubric as radio buttons, each with its description. */
static void write_levels(struct page *page, const char *id, struct str label, struct str hint,
                         const struct framework_skill *skill, int64_t chosen, struct str error)
{
    struct html *h = &page->html;
    struct part_option options[FRAMEWORK_MAX_LEVELS];
    for (int32_t i = 0; i < skill->n_levels; i++) {
        options[i] = (struct part_option){.value = page_digits(page, i + 1),
                                          .text = skill->levels[i].words.name,
                                          .hint = skill->levels[i].words.description,
                                          .chosen = chosen == i + 1};
    }
    part_choose(
        h, &(struct part_field){.id = str_of(id), .label = label, .hint = hint, .error = error},
        PART_CHOICES_LEVELS, false, options, (size_t)skill->n_levels);
}

#define SUPPORTS "independent|prompted|modelled|joint" /* in the order of enum evidence_support */

static void write_support(struct page *page, struct str label, int64_t chosen)
{
    struct part_option options[EVIDENCE_SUPPORT__MAX];
    for (int i = 0; i < EVIDENCE_SUPPORT__MAX; i++) {
        enum evidence_support support = (enum evidence_support)i;
        options[i] = (struct part_option){.value = str_of(evidence_support_word(support)),
                                          .text = skill_view_support(page, support),
                                          .hint = skill_view_support_hint(page, support),
                                          .chosen = chosen == i};
    }
    part_choose(&page->html,
                &(struct part_field){
                    .id = str_of("support"), .label = label, .error = page_error(page, "support")},
                PART_CHOICES_LIST, false, options, EVIDENCE_SUPPORT__MAX);
}

static void write_day(struct page *page, int field)
{
    char today[DAY_TEXT_SIZE];
    day_write(page->today, today);
    part_input(&page->html, &(struct part_field){.id = str_of("day"),
                                                 .label = T(page, "Day"),
                                                 .type = "date",
                                                 .max = str_of(today),
                                                 .value = page_value(page, field, str_of(today)),
                                                 .error = page_error(page, "day"),
                                                 .width = PART_FIELD_SHORT});
}

static void write_note(struct page *page, int field, struct str label, struct str hint)
{
    part_textarea(&page->html, &(struct part_field){.id = str_of("note"),
                                                    .label = label,
                                                    .hint = hint,
                                                    .optional = T(page, "optional"),
                                                    .value = page_value(page, field, str_of("")),
                                                    .error = page_error(page, "note"),
                                                    .rows = 3,
                                                    .max_length = EVIDENCE_MAX_NOTE});
}

static void write_send(struct page *page, struct str text)
{
    struct html *h = &page->html;
    part_buttons_open(h);
    part_button(h, &(struct part_button){.text = text, .kind = PART_BUTTON_MAIN});
    part_buttons_close(h);
}

static struct page_head head_of(struct page *page, const struct framework_skill *skill,
                                struct str title, struct str lead)
{
    return (struct page_head){.title = title,
                              .lead = lead,
                              .eyebrow = skill->words.name,
                              .back = skill->words.name,
                              .back_url = page_path(page, "/skills/{}", html_int(skill->id)),
                              .nav = PAGE_NAV_SKILLS};
}

/* Adds the piece, then goes to `url`; shows the form again when something is wrong. */
static enum err add(struct page *page, const struct evidence_new *piece,
                    enum err (*show)(struct page *page), enum flash flash, struct str url)
{
    enum err err = page->complaints.n ? ERR_INVALID
                                      : evidence_add(&page->coach, piece, &page->complaints, NULL);
    if (err == ERR_INVALID && page->complaints.n) {
        return page_again(page, show);
    }
    return err == ERR_OK ? page_go(page, flash, 0, url) : err;
}

/* -- How I see myself -----------------------------------------------------------------------------
 */

enum { F_SELF_LEVEL, F_SELF_NOTE, F_SELF__MAX };
static const struct field_spec self_fields[F_SELF__MAX] = {
    [F_SELF_LEVEL] = {.name = "level",
                      .type = FIELD_INT,
                      .least = 1,
                      .most = FRAMEWORK_MAX_LEVELS,
                      .required = true},
    [F_SELF_NOTE] = {.name = "note", .type = FIELD_LINES, .max = EVIDENCE_MAX_NOTE},
};

static enum err show_self(struct page *page)
{
    const struct framework_skill *skill;
    enum err err = load_skill(page, page_id(page, "id"), &skill);
    if (err != ERR_OK) {
        return err;
    }
    struct page_head head =
        head_of(page, skill, T(page, "How I see myself"),
                T(page, "Choose the level that is most like your usual practice, not your best "
                        "day. It is one piece among others, and only yours."));
    page_open(page, &head);
    page_errors(page);
    page_form_open(page, page_path(page, "/skills/{}/self", html_int(skill->id)));
    write_levels(page, "level", T(page, "My usual practice"), str_of(""), skill,
                 page_value_number(page, F_SELF_LEVEL, 0), page_error(page, "level"));
    write_note(page, F_SELF_NOTE, T(page, "What makes you think so?"),
               T(page, "A lesson you remember, what pupils did."));
    write_send(page, T(page, "Add"));
    page_form_close(page);
    return page_close(page);
}

static enum err add_self(struct page *page)
{
    int64_t id = page_id(page, "id");
    struct evidence_new piece = {.person_id = page->me.id,
                                 .skill_id = id,
                                 .kind = EVIDENCE_SELF,
                                 .support = EVIDENCE_INDEPENDENT,
                                 .level = (int32_t)page_number(page, F_SELF_LEVEL),
                                 .day = page->today,
                                 .note = page_text(page, F_SELF_NOTE)};
    return add(page, &piece, show_self, FLASH_EVIDENCE_ADDED,
               page_path(page, "/skills/{}", html_int(id)));
}

/* -- What I tried
 * ---------------------------------------------------------------------------------- */

enum { F_TASK, F_TASK_NAME, F_TASK_DONE, F_TASK_SUPPORT, F_TASK_DAY, F_TASK_NOTE, F_TASK__MAX };
static const struct field_spec task_fields[F_TASK__MAX] = {
    [F_TASK] = {.name = "task", .type = FIELD_ID},
    [F_TASK_NAME] = {.name = "task_name", .type = FIELD_TEXT, .max = FRAMEWORK_MAX_NAME},
    [F_TASK_DONE] = {.name = "done", .type = FIELD_CHOICE, .choices = "no|yes", .required = true},
    [F_TASK_SUPPORT] = {.name = "support",
                        .type = FIELD_CHOICE,
                        .choices = SUPPORTS,
                        .required = true},
    [F_TASK_DAY] = {.name = "day", .type = FIELD_DATE},
    [F_TASK_NOTE] = {.name = "note", .type = FIELD_LINES, .max = EVIDENCE_MAX_NOTE},
};

enum { F_CHOSEN_TASK, F_CHOSEN__MAX };
static const struct field_spec chosen_fields[F_CHOSEN__MAX] = {
    [F_CHOSEN_TASK] = {.name = "task", .type = FIELD_ID},
};

static void write_task_choice(struct page *page, const struct framework_skill *skill)
{
    struct html *h = &page->html;
    /* the first field of both routes is the task */
    int64_t chosen = page_given(page, F_TASK) ? page_number(page, F_TASK) : 0;
    struct part_option options[FRAMEWORK_MAX_TASKS];
    int32_t n = skill->n_tasks < FRAMEWORK_MAX_TASKS ? skill->n_tasks : FRAMEWORK_MAX_TASKS;
    for (int32_t i = 0; i < n; i++) {
        options[i] = (struct part_option){.value = page_digits(page, skill->tasks[i].id),
                                          .text = skill->tasks[i].words.name,
                                          .chosen = chosen == skill->tasks[i].id};
    }
    if (n) {
        part_select(h,
                    &(struct part_field){.id = str_of("task"),
                                         .label = T(page, "What did you try?"),
                                         .error = page_error(page, "task")},
                    T(page, "Something else"), options, (size_t)n);
    }
    part_input(h, &(struct part_field){
                      .id = str_of("task_name"),
                      .label = n ? T(page, "Something else, in a few words")
                                 : T(page, "What did you try?"),
                      .optional = n ? T(page, "optional") : str_of(""),
                      .value = page->tried ? page_value(page, F_TASK_NAME, str_of("")) : str_of(""),
                      .error = n ? str_of("") : page_error(page, "task")});
}

static enum err show_task(struct page *page)
{
    const struct framework_skill *skill;
    enum err err = load_skill(page, page_id(page, "id"), &skill);
    if (err != ERR_OK) {
        return err;
    }
    struct page_head head = head_of(
        page, skill, T(page, "I tried something"),
        T(page, "Write down what happened while you remember it. Trying with help counts as much "
                "as alone: it shows where help makes a difference."));
    struct html *h = page_open(page, &head);
    int64_t done = page->tried ? page_number(page, F_TASK_DONE) : -1;
    page_errors(page);
    page_form_open(page, page_path(page, "/skills/{}/task", html_int(skill->id)));
    write_task_choice(page, skill);
    const struct part_option answers[] = {
        {.value = str_of("yes"), .text = T(page, "It worked"), .chosen = done == 1},
        {.value = str_of("no"), .text = T(page, "Not yet"), .chosen = done == 0},
    };
    part_choose(h,
                &(struct part_field){.id = str_of("done"),
                                     .label = T(page, "How did it go?"),
                                     .error = page_error(page, "done")},
                PART_CHOICES_INLINE, false, answers, 2);
    write_support(page, T(page, "How much help did you have?"),
                  page->tried ? page_number(page, F_TASK_SUPPORT) : -1);
    write_day(page, F_TASK_DAY);
    write_note(page, F_TASK_NOTE, T(page, "What did you notice?"), str_of(""));
    write_send(page, T(page, "Add"));
    page_form_close(page);
    return page_close(page);
}

static enum err add_task(struct page *page)
{
    int64_t id = page_id(page, "id");
    bool listed = page_given(page, F_TASK);
    struct evidence_new piece = {
        .person_id = page->me.id,
        .skill_id = id,
        .kind = EVIDENCE_TASK,
        .support = (enum evidence_support)page_number(page, F_TASK_SUPPORT),
        .level = (int32_t)page_number(page, F_TASK_DONE),
        .task_id = listed ? page_number(page, F_TASK) : 0,
        .task_name = listed ? str_of("") : page_text(page, F_TASK_NAME),
        .day = page_given(page, F_TASK_DAY) ? (int32_t)page_number(page, F_TASK_DAY) : page->today,
        .note = page_text(page, F_TASK_NOTE)};
    return add(page, &piece, show_task, FLASH_EVIDENCE_ADDED,
               page_path(page, "/skills/{}", html_int(id)));
}

/* -- What I saw of a colleague
 * --------------------------------------------------------------------- */

enum { F_SEEN_LEVEL, F_SEEN_SUPPORT, F_SEEN_DAY, F_SEEN_OCCASION, F_SEEN_NOTE, F_SEEN__MAX };
static const struct field_spec seen_fields[F_SEEN__MAX] = {
    [F_SEEN_LEVEL] = {.name = "level",
                      .type = FIELD_INT,
                      .least = 1,
                      .most = FRAMEWORK_MAX_LEVELS,
                      .required = true},
    [F_SEEN_SUPPORT] = {.name = "support",
                        .type = FIELD_CHOICE,
                        .choices = SUPPORTS,
                        .required = true},
    [F_SEEN_DAY] = {.name = "day", .type = FIELD_DATE},
    [F_SEEN_OCCASION] = {.name = "occasion", .type = FIELD_TEXT, .max = EVIDENCE_MAX_OCCASION},
    [F_SEEN_NOTE] = {.name = "note", .type = FIELD_LINES, .max = EVIDENCE_MAX_NOTE},
};

static enum err show_seen(struct page *page)
{
    const struct framework_skill *skill;
    struct person_line person;
    int64_t id = page_id(page, "id"), skill_id = page_id(page, "skill");
    if (id == page->me.id) {
        return ERR_FORBIDDEN; /* nobody observes themselves */
    }
    enum err err =
        allowed(&page->coach, ALLOW_ADD, allow_by(ALLOW_ON_EVIDENCE, id, skill_id, page->me.id));
    if (err == ERR_OK) {
        err = people_line(&page->coach, id, page->locale, &person);
    }
    if (err == ERR_OK) {
        err = load_skill(page, skill_id, &skill);
    }
    if (err != ERR_OK) {
        return err;
    }
    struct html *h = page_open(
        page, &(struct page_head){
                  .title = T(page, "What I saw"),
                  .eyebrow = skill->words.name,
                  .lead = FILL(page,
                               T(page, "Write what you saw and heard, not what you think of it. "
                                       "{name} reads it, and nobody else unless {name} shares it."),
                               CATALOG_TEXT("name", person.name)),
                  .back = person.name,
                  .back_url = page_path(page, "/people/{}/skills", html_int(id)),
                  .nav = PAGE_NAV_PEOPLE});
    page_errors(page);
    page_form_open(
        page, page_path(page, "/people/{}/skills/{}/observe", html_int(id), html_int(skill_id)));
    part_input(h, &(struct part_field){.id = str_of("occasion"),
                                       .label = T(page, "Which lesson?"),
                                       .hint = T(page, "What was seen in the same lesson gets "
                                                       "the same words here."),
                                       .optional = T(page, "optional"),
                                       .value = page_value(page, F_SEEN_OCCASION, str_of("")),
                                       .error = page_error(page, "occasion")});
    write_day(page, F_SEEN_DAY);
    write_levels(page, "level", T(page, "What you saw is most like"), str_of(""), skill,
                 page_value_number(page, F_SEEN_LEVEL, 0), page_error(page, "level"));
    write_support(page, T(page, "How much help was there?"),
                  page->tried ? page_number(page, F_SEEN_SUPPORT) : EVIDENCE_INDEPENDENT);
    write_note(page, F_SEEN_NOTE, T(page, "What did you see and hear?"),
               T(page, "Begin with something that worked."));
    write_send(page, T(page, "Add"));
    page_form_close(page);
    return page_close(page);
}

static enum err add_seen(struct page *page)
{
    int64_t id = page_id(page, "id"), skill_id = page_id(page, "skill");
    if (id == page->me.id) {
        return ERR_FORBIDDEN;
    }
    struct evidence_new piece = {
        .person_id = id,
        .skill_id = skill_id,
        .kind = EVIDENCE_OBSERVED,
        .support = (enum evidence_support)page_number(page, F_SEEN_SUPPORT),
        .level = (int32_t)page_number(page, F_SEEN_LEVEL),
        .occasion = page_text(page, F_SEEN_OCCASION),
        .day = page_given(page, F_SEEN_DAY) ? (int32_t)page_number(page, F_SEEN_DAY) : page->today,
        .note = page_text(page, F_SEEN_NOTE)};
    return add(page, &piece, show_seen, FLASH_OBSERVATION_ADDED,
               page_path(page, "/people/{}/skills", html_int(id)));
}

/* -- Taking a piece back
 * ---------------------------------------------------------------------------- */

static struct str back_to_skill(struct page *page)
{
    return page_path(page, "/skills/{}", html_int(page_id(page, "skill")));
}

static enum err withdraw(struct page *page)
{
    enum err err = evidence_withdraw(&page->coach, page_id(page, "id"));
    return err == ERR_OK ? page_go(page, FLASH_EVIDENCE_WITHDRAWN, 0, back_to_skill(page)) : err;
}

static enum err remove_piece(struct page *page)
{
    enum err err = evidence_delete(&page->coach, page_id(page, "id"));
    return err == ERR_OK ? page_go(page, FLASH_EVIDENCE_DELETED, 0, back_to_skill(page)) : err;
}

static const struct route routes[] = {
    {ROUTE_GET, "/skills/:id/self", ROUTE_OWN, .handle = show_self, .about = "Rating oneself"},
    {ROUTE_POST, "/skills/:id/self", ROUTE_OWN, .handle = add_self, .fields = self_fields,
     .n_fields = F_SELF__MAX, .about = "Adds a self-rating"},
    {ROUTE_GET, "/skills/:id/task", ROUTE_OWN, .handle = show_task, .fields = chosen_fields,
     .n_fields = F_CHOSEN__MAX, .about = "Writing down how a task went"},
    {ROUTE_POST, "/skills/:id/task", ROUTE_OWN, .handle = add_task, .fields = task_fields,
     .n_fields = F_TASK__MAX, .about = "Adds a task's outcome"},
    {ROUTE_GET, "/people/:id/skills/:skill/observe", ROUTE_SHARED, .handle = show_seen,
     .about = "Writing down what was seen of a colleague"},
    {ROUTE_POST, "/people/:id/skills/:skill/observe", ROUTE_SHARED, .handle = add_seen,
     .fields = seen_fields, .n_fields = F_SEEN__MAX, .about = "Adds an observation"},
    {ROUTE_POST, "/skills/:skill/evidence/:id/withdraw", ROUTE_OWN, .handle = withdraw,
     .about = "Takes a piece of evidence out of the count"},
    {ROUTE_POST, "/skills/:skill/evidence/:id/delete", ROUTE_OWN, .handle = remove_piece,
     .about = "Deletes a piece of one's own evidence"},
};
const struct route_set page_evidence_routes = ROUTE_SET("Evidence", routes);
