/* enrollments.csv, classes.csv and courses.csv: what teachers teach.
 *
 * Of enrollments only the rows of teachers who were kept are looked at, of classes and courses only
 * those that they teach.  A class without subjects or grades takes those of its course. */
#include "base/arena.h"
#include "coach/oneroster_read.h"
#include "coach/roster_cell.h"

enum { ENROLLED_CLASS, ENROLLED_USER, ENROLLED_ROLE, ENROLLED_STATUS };

static const struct roster_heading enrollment_headings[] = {
    {"classSourcedId", true, NULL},
    {"userSourcedId", true, NULL},
    {"role", true, NULL},
    {"status", false, NULL},
    {"sourcedId", false, NULL},
    {"schoolSourcedId", false, NULL},
    {"primary", false, NULL},
    {"dateLastModified", false, NULL},
    {NULL, false, NULL},
};

enum { CLASS_ID, CLASS_STATUS, CLASS_COURSE, CLASS_SUBJECTS, CLASS_GRADES };

static const struct roster_heading class_headings[] = {
    {"sourcedId", true, NULL},
    {"status", false, NULL},
    {"courseSourcedId", false, NULL},
    {"subjects", false, "subject"},
    {"grades", false, "grade"},
    {"subject", false, NULL},
    {"grade", false, NULL},
    {"title", false, NULL},
    {"subjectCodes", false, NULL},
    {"dateLastModified", false, NULL},
    {NULL, false, NULL},
};

enum { COURSE_ID, COURSE_STATUS, COURSE_SUBJECTS, COURSE_GRADES };

static const struct roster_heading course_headings[] = {
    {"sourcedId", true, NULL},  {"status", false, NULL},       {"subjects", false, "subject"},
    {"grades", false, "grade"}, {"subject", false, NULL},      {"grade", false, NULL},
    {"title", false, NULL},     {"subjectCodes", false, NULL}, {"dateLastModified", false, NULL},
    {NULL, false, NULL},
};

/* Somebody teaches a class, or through a class a course. */
struct taught {
    int32_t person, next; /* the next of the same class, or -1 */
};

/* Who teaches what, by the id of a class or course. */
struct teaching {
    struct intern *ids;
    struct list first; /* int32_t beside ids: into `links`, -1: none */
    struct list links; /* struct taught */
};

struct classes {
    struct oneroster *oneroster;
    struct roster_table *table;
    struct teaching by_class, subjects_by_course, grades_by_course;
};

static enum err teaching_init(struct teaching *teaching, struct arena *arena)
{
    teaching->ids = intern_new(arena, INTERN_MAX);
    list_init(&teaching->first, arena, sizeof(int32_t), INTERN_MAX);
    list_init(&teaching->links, arena, sizeof(struct taught), INTERN_MAX);
    return teaching->ids ? ERR_OK : ERR_NOMEM;
}

static enum err teaching_add(struct teaching *teaching, struct str id, int32_t person)
{
    const int32_t none = -1;
    int32_t at = 0;
    bool fresh;
    enum err err = intern_add(teaching->ids, id, &at, &fresh);
    if (!err && fresh && !list_add(&teaching->first, &none)) {
        err = ERR_NOMEM;
    }
    if (err) {
        return err;
    }
    int32_t *first = (int32_t *)teaching->first.items + at;
    struct taught link = {person, *first};
    *first = (int32_t)teaching->links.n;
    return list_add(&teaching->links, &link) ? ERR_OK : teaching->links.err;
}

/* The first who teaches it, as an index into the links, or -1. */
static int32_t teaching_find(const struct teaching *teaching, struct str id)
{
    int32_t at = id.n > 0 ? intern_find(teaching->ids, id) : -1;
    return at < 0 ? -1 : ((const int32_t *)teaching->first.items)[at];
}

static const struct taught *teaching_at(const struct teaching *teaching, int32_t link)
{
    return (const struct taught *)teaching->links.items + link;
}

/* The values of a cell as tags of everybody who teaches `id`. */
static enum err classes_tag(struct classes *classes, const struct teaching *teaching, struct str id,
                            int heading, enum profile_kind kind)
{
    struct roster_table *table = classes->table;
    struct import_set *set = classes->oneroster->set;
    struct roster_cell_list values = {roster_table_cell(table, heading), false};
    struct str value, form;
    while (roster_cell_next_value(&values, &value)) {
        if (utf8_nfc(value, table->scratch, &form)) {
            continue; /* longer than any tag may be */
        }
        struct import_tag tag = {.kind = kind, .value = import_set_text(set, form)};
        if (!tag.value.p) {
            return ERR_NOMEM;
        }
        for (int32_t k = teaching_find(teaching, id); k >= 0; k = teaching_at(teaching, k)->next) {
            tag.person = teaching_at(teaching, k)->person;
            if (!list_add(&set->tags, &tag)) {
                return set->tags.err;
            }
        }
    }
    return ERR_OK;
}

static bool enrollment_drop(const struct roster_table *table, void *ctx)
{
    struct classes *classes = ctx;
    enum import_work work;
    const char *like;
    char out[UTF8_MAX_FORM];
    if (oneroster_who(roster_table_cell(table, ENROLLED_ROLE), &work, &like) != ONEROSTER_STAFF ||
        work != IMPORT_TEACHER) {
        return true;
    }
    const struct import_set *set = classes->oneroster->set;
    int32_t person = import_set_find_person(set, oneroster_id(table, ENROLLED_USER, out));
    return person < 0 || import_set_person_at(set, person)->gone;
}

static enum err enrollment_row(struct classes *classes)
{
    struct roster_table *table = classes->table;
    char user[UTF8_MAX_FORM], class[UTF8_MAX_FORM];
    bool gone;
    enum err err = oneroster_status(table, ENROLLED_STATUS, &gone);
    struct str id = oneroster_id(table, ENROLLED_CLASS, class);
    int32_t person =
        import_set_find_person(classes->oneroster->set, oneroster_id(table, ENROLLED_USER, user));
    return err || gone || id.n == 0 ? err : teaching_add(&classes->by_class, id, person);
}

static bool class_drop(const struct roster_table *table, void *ctx)
{
    struct classes *classes = ctx;
    char out[UTF8_MAX_FORM];
    return teaching_find(&classes->by_class, oneroster_id(table, CLASS_ID, out)) < 0;
}

/* What the class does not say its course may. */
static enum err class_defer(struct classes *classes, struct str id, struct str course, int heading,
                            struct teaching *by_course)
{
    enum err err = ERR_OK;
    const struct teaching *by_class = &classes->by_class;
    if (course.n == 0 || roster_table_cell(classes->table, heading).n > 0) {
        return ERR_OK;
    }
    for (int32_t k = teaching_find(by_class, id); k >= 0 && !err;
         k = teaching_at(by_class, k)->next) {
        err = teaching_add(by_course, course, teaching_at(by_class, k)->person);
    }
    return err;
}

static enum err class_row(struct classes *classes)
{
    struct roster_table *table = classes->table;
    char out[UTF8_MAX_FORM], other[UTF8_MAX_FORM];
    bool gone;
    enum err err = oneroster_status(table, CLASS_STATUS, &gone);
    if (err || gone || table->row_problems > 0) {
        return err;
    }
    struct str id = oneroster_id(table, CLASS_ID, out);
    struct str course = oneroster_id(table, CLASS_COURSE, other);
    err = classes_tag(classes, &classes->by_class, id, CLASS_SUBJECTS, PROFILE_SUBJECT);
    err = err ? err : classes_tag(classes, &classes->by_class, id, CLASS_GRADES, PROFILE_GRADE);
    err =
        err ? err : class_defer(classes, id, course, CLASS_SUBJECTS, &classes->subjects_by_course);
    return err ? err : class_defer(classes, id, course, CLASS_GRADES, &classes->grades_by_course);
}

static bool course_drop(const struct roster_table *table, void *ctx)
{
    struct classes *classes = ctx;
    char out[UTF8_MAX_FORM];
    struct str id = oneroster_id(table, COURSE_ID, out);
    return teaching_find(&classes->subjects_by_course, id) < 0 &&
           teaching_find(&classes->grades_by_course, id) < 0;
}

static enum err course_row(struct classes *classes)
{
    struct roster_table *table = classes->table;
    char out[UTF8_MAX_FORM];
    bool gone;
    enum err err = oneroster_status(table, COURSE_STATUS, &gone);
    if (err || gone || table->row_problems > 0) {
        return err;
    }
    struct str id = oneroster_id(table, COURSE_ID, out);
    err = classes_tag(classes, &classes->subjects_by_course, id, COURSE_SUBJECTS, PROFILE_SUBJECT);
    return err ? err
               : classes_tag(classes, &classes->grades_by_course, id, COURSE_GRADES, PROFILE_GRADE);
}

/* The three files, in the order in which each says what is needed of the next. */
static const struct {
    enum oneroster_file file;
    const struct roster_heading *headings;
    bool (*drop)(const struct roster_table *table, void *ctx);
    enum err (*row)(struct classes *classes);
} steps[] = {
    {ONEROSTER_ENROLLMENTS, enrollment_headings, enrollment_drop, enrollment_row},
    {ONEROSTER_CLASSES, class_headings, class_drop, class_row},
    {ONEROSTER_COURSES, course_headings, course_drop, course_row},
};
enum { N_STEPS = sizeof steps / sizeof *steps };

enum err oneroster_read_classes(struct oneroster *oneroster)
{
    struct classes classes = {.oneroster = oneroster};
    enum err err = teaching_init(&classes.by_class, oneroster->work);
    err = err ? err : teaching_init(&classes.subjects_by_course, oneroster->work);
    err = err ? err : teaching_init(&classes.grades_by_course, oneroster->work);
    for (int k = 0; k < N_STEPS && !err; k++) {
        if (!oneroster_has(oneroster, steps[k].file)) {
            continue;
        }
        err = oneroster_open(oneroster, steps[k].file, steps[k].headings, &classes.table);
        if (!err) {
            classes.table->drop = steps[k].drop;
            classes.table->drop_ctx = &classes;
        }
        while (!err && !(err = oneroster_next(classes.table))) {
            err = steps[k].row(&classes);
            classes.table->n_skipped += classes.table->row_problems > 0;
        }
        oneroster_close(oneroster, steps[k].file, classes.table);
        err = err == ERR_NOT_FOUND ? ERR_OK : err;
    }
    return err ? err : import_cell_tidy_tags(oneroster->set);
}
