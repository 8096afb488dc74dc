/* Set-up: the steps to practise of one skill. */
#include "base/arena.h"
#include "base/buf.h"
#include "coach/frameworks.h"
#include "web/page.h"
#include "web/page_sets.h"
#include "web/setup_framework.h"

enum { F_TASK, F_TASK_NAME, F_DIFFICULTY, F_TASK__MAX };
static const struct field_spec task_fields[F_TASK__MAX] = {
    [F_TASK] = {.name = "task", .type = FIELD_ID},
    [F_TASK_NAME] = {.name = "name",
                     .type = FIELD_TEXT,
                     .max = FRAMEWORK_MAX_NAME,
                     .required = true},
    [F_DIFFICULTY] = {.name = "difficulty", .type = FIELD_NUMBER, .least = -10, .most = 10},
};

/* A field of the form of the step `number`, 0: a new one, as complaints name it. */
static const char *field_of(struct page *page, const char *name, int64_t number)
{
    struct buf buf;
    struct str text;
    buf_init(&buf, page->arena, 64);
    buf_add_text(&buf, name);
    buf_add_char(&buf, '.');
    buf_add_int(&buf, number);
    if (buf_end(&buf, &text) != ERR_OK) {
        page->html.err = ERR_NOMEM;
        return name;
    }
    return text.p;
}

/* Whether this one of the forms was sent, and was not right. */
static bool is_again(const struct page *page, int64_t number)
{
    const int64_t *tried = page->kept;
    return tried && *tried == number;
}

static struct str difficulty_of(struct page *page, const struct framework_task *task)
{
    struct buf buf;
    struct str text = {"", 0};
    if (task && task->has_difficulty) {
        buf_init(&buf, page->arena, 32);
        buf_add_fixed(&buf, task->difficulty, 2);
        page->html.err = page->html.err ? page->html.err : buf_end(&buf, &text);
    }
    return text;
}

static void write_task_fields(struct page *page, const struct framework_task *task, int64_t number)
{
    struct html *h = &page->html;
    bool again = is_again(page, number);
    struct str name = task ? task->words.name : str_of("");
    part_input(h, &(struct part_field){.id = html_id(h, "task-{}", html_int(number)),
                                       .name = str_of("name"),
                                       .label = task ? T(page, "Step") : T(page, "A new step"),
                                       .value = again ? page_typed(page, F_TASK_NAME) : name,
                                       .error = page_error(page, field_of(page, "task", number))});
    part_input(h, &(struct part_field){
                      .id = html_id(h, "difficulty-{}", html_int(number)),
                      .name = str_of("difficulty"),
                      .label = T(page, "Difficulty"),
                      .hint = T(page, "In logits; 0 is middling. Leave it empty "
                                      "when you do not know."),
                      .optional = T(page, "optional"),
                      .inputmode = "decimal",
                      .value = again ? page_typed(page, F_DIFFICULTY) : difficulty_of(page, task),
                      .error = page_error(page, field_of(page, "difficulty", number)),
                      .width = PART_FIELD_SHORT});
}

static void write_task_form(struct page *page, const struct framework *framework,
                            const struct framework_skill *skill, const struct framework_task *task)
{
    struct html *h = &page->html;
    page_form_open(page, page_path(page, "/setup/frameworks/{}/skills/{}/task",
                                   html_int(framework->id), html_int(skill->id)));
    if (task) {
        part_hidden(h, str_of("task"), page_digits(page, task->id));
    }
    write_task_fields(page, task, task ? task->id : 0);
    part_buttons_open(h);
    part_button(h, &(struct part_button){.text = task ? T(page, "Save") : T(page, "Add the step"),
                                         .about = task ? task->words.name : str_of(""),
                                         .kind = PART_BUTTON_PLAIN});
    part_buttons_close(h);
    page_form_close(page);
}

void setup_framework_write_tasks(struct page *page, const struct framework *framework,
                                 const struct framework_skill *skill)
{
    struct html *h = &page->html;
    part_section_open(h, str_of("tasks"), T(page, "Steps to practise"));
    for (int32_t i = 0; i < skill->n_tasks; i++) {
        const struct framework_task *task = &skill->tasks[i];
        if (!task->active) {
            continue;
        }
        part_details_open(h, task->words.name, is_again(page, task->id));
        write_task_form(page, framework, skill, task);
        setup_framework_write_moves(page, "task", task->id, task->words.name);
        page_button_form(page,
                         page_path(page, "/setup/frameworks/{}/tasks/{}/retire",
                                   html_int(framework->id), html_int(task->id)),
                         &(struct part_button){.text = T(page, "Take it out"),
                                               .about = task->words.name,
                                               .kind = PART_BUTTON_QUIET,
                                               .icon = PART_ICON_REMOVE});
        part_details_close(h);
    }
    write_task_form(page, framework, skill, NULL);
    part_section_close(h);
}

static const struct framework_task *find_task(const struct framework_skill *skill, int64_t id)
{
    for (int32_t i = 0; i < skill->n_tasks; i++) {
        if (skill->tasks[i].id == id) {
            return &skill->tasks[i];
        }
    }
    return NULL;
}

/* Shows the skill once more: the complaints are about this step's form, not about the skill's. */
static enum err show_again(struct page *page, int64_t number)
{
    int64_t *tried = arena_alloc(page->arena, 1, sizeof *tried);
    if (!tried) {
        return ERR_NOMEM;
    }
    *tried = number;
    for (size_t i = 0; i < page->complaints.n; i++) {
        struct complaint *complaint = &page->complaints.items[i];
        bool difficulty = str_is(str_of("difficulty"), complaint->field);
        complaint->field = field_of(page, difficulty ? "difficulty" : "task", number);
    }
    page->kept = tried;
    page->tried = false;
    return page_again(page, setup_framework_show_skill);
}

static enum err save_task(struct page *page)
{
    struct framework *framework;
    struct framework_skill *skill;
    struct framework_task task = {.active = true};
    int64_t id;
    enum err err = setup_framework_skill(page, &framework, &skill);
    if (err != ERR_OK) {
        return err;
    }
    if (page_given(page, F_TASK)) {
        const struct framework_task *stored = find_task(skill, page_number(page, F_TASK));
        if (!stored) {
            return ERR_NOT_FOUND;
        }
        task = *stored;
    }
    task.words.name = page_text(page, F_TASK_NAME);
    task.has_difficulty = page_given(page, F_DIFFICULTY);
    task.difficulty = task.has_difficulty ? page->fields.values[F_DIFFICULTY].real : 0;
    if (page->complaints.n) {
        err = ERR_INVALID;
    } else if (task.id) {
        err = frameworks_edit_task(&page->coach, &task, &page->complaints);
    } else {
        err = frameworks_add_task(&page->coach, skill->id, &task, &page->complaints, &id);
    }
    if (err == ERR_INVALID && page->complaints.n) {
        return show_again(page, task.id);
    }
    return setup_framework_go(page, err, setup_framework_show_skill,
                              setup_framework_skill_url(page));
}

static enum err retire_task(struct page *page)
{
    struct framework *framework;
    int64_t id = page_id(page, "task"), skill_id = 0;
    bool retired;
    enum err err = setup_framework_load(page, &framework);
    for (int32_t d = 0; err == ERR_OK && d < framework->n_domains; d++) {
        for (int32_t s = 0; s < framework->domains[d].n_skills; s++) {
            const struct framework_skill *skill = &framework->domains[d].skills[s];
            skill_id = find_task(skill, id) ? skill->id : skill_id;
        }
    }
    if (err == ERR_OK && !skill_id) {
        return ERR_NOT_FOUND;
    }
    err = err ? err : frameworks_retire_task(&page->coach, id, &retired);
    return err == ERR_OK ? page_go(page, FLASH_SAVED, 0,
                                   page_path(page, "/setup/frameworks/{}/skills/{}",
                                             html_int(framework->id), html_int(skill_id)))
                         : err;
}

static const struct route routes[] = {
    {ROUTE_POST, SETUP_FRAMEWORK "/skills/:skill/task", ROUTE_ADMINISTRATOR, .handle = save_task,
     .fields = task_fields, .n_fields = F_TASK__MAX, .about = "Adds or saves a step to practise"},
    {ROUTE_POST, SETUP_FRAMEWORK "/tasks/:task/retire", ROUTE_ADMINISTRATOR, .handle = retire_task,
     .about = "Takes a step out"},
};
const struct route_set page_setup_tasks_routes = ROUTE_SET("Set-up: steps to practise", routes);
