/* Set-up: the steps to practise of one skill. */
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

static void write_task_form(struct page *page, const struct framework *framework,
                            const struct framework_skill *skill, const struct framework_task *task)
{
    struct html *h = &page->html;
    int64_t number = task ? task->id : 0;
    struct str difficulty = {"", 0};
    if (task && task->has_difficulty) {
        struct buf buf;
        buf_init(&buf, page->arena, 32);
        buf_add_fixed(&buf, task->difficulty, 2);
        h->err = h->err ? h->err : buf_end(&buf, &difficulty);
    }
    page_form_open(page, page_path(page, "/setup/frameworks/{}/skills/{}/task",
                                   html_int(framework->id), html_int(skill->id)));
    if (task) {
        part_hidden(h, str_of("task"), page_digits(page, task->id));
    }
    part_input(h, &(struct part_field){.id = html_id(h, "task-{}", html_int(number)),
                                       .name = str_of("name"),
                                       .label = task ? T(page, "Step") : T(page, "A new step"),
                                       .value = task ? task->words.name : str_of("")});
    part_input(h, &(struct part_field){.id = html_id(h, "difficulty-{}", html_int(number)),
                                       .name = str_of("difficulty"),
                                       .label = T(page, "Difficulty"),
                                       .hint = T(page, "In logits; 0 is middling. Leave it empty "
                                                       "when you do not know."),
                                       .optional = T(page, "optional"),
                                       .inputmode = "decimal",
                                       .value = difficulty,
                                       .width = PART_FIELD_SHORT});
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
        part_details_open(h, task->words.name, false);
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
    page->tried = false; /* the fields of the skill's own form were not sent */
    return setup_framework_go(page, err, setup_framework_show_skill,
                              setup_framework_skill_url(page));
}

static enum err retire_task(struct page *page)
{
    struct framework *framework;
    int64_t id = page_id(page, "task");
    bool retired, ours = false;
    enum err err = setup_framework_load(page, &framework);
    for (int32_t d = 0; err == ERR_OK && d < framework->n_domains; d++) {
        for (int32_t s = 0; s < framework->domains[d].n_skills; s++) {
            ours = ours || find_task(&framework->domains[d].skills[s], id);
        }
    }
    if (err == ERR_OK && !ours) {
        return ERR_NOT_FOUND;
    }
    err = err ? err : frameworks_retire_task(&page->coach, id, &retired);
    return err == ERR_OK ? page_go(page, FLASH_SAVED, 0, setup_framework_url(page)) : err;
}

static const struct route routes[] = {
    {ROUTE_POST, SETUP_FRAMEWORK "/skills/:skill/task", ROUTE_ADMINISTRATOR, .handle = save_task,
     .fields = task_fields, .n_fields = F_TASK__MAX, .about = "Adds or saves a step to practise"},
    {ROUTE_POST, SETUP_FRAMEWORK "/tasks/:task/retire", ROUTE_ADMINISTRATOR, .handle = retire_task,
     .about = "Takes a step out"},
};
const struct route_set page_setup_tasks_routes = ROUTE_SET("Set-up: steps to practise", routes);
