/* Looking things up in a framework's tree, and telling two trees apart; see framework.h. */
#include "coach/framework.h"

const struct framework_skill *framework_find_code(const struct framework *framework,
                                                  struct str code)
{
    for (int32_t d = 0; d < framework->n_domains; d++) {
        const struct framework_domain *domain = &framework->domains[d];
        for (int32_t s = 0; s < domain->n_skills; s++) {
            if (str_equal(domain->skills[s].code, code)) {
                return &domain->skills[s];
            }
        }
    }
    return NULL;
}

const struct framework_skill *framework_find_skill(const struct framework *framework, int64_t id)
{
    for (int32_t d = 0; d < framework->n_domains; d++) {
        const struct framework_domain *domain = &framework->domains[d];
        for (int32_t s = 0; s < domain->n_skills; s++) {
            if (domain->skills[s].id == id) {
                return &domain->skills[s];
            }
        }
    }
    return NULL;
}

/* What two trees are compared by. */
struct compared {
    bool but_case_ids;
    int32_t n_languages;
    const char *where;
};

static bool same_at(struct compared *c, bool same, const char *where)
{
    c->where = same || c->where ? c->where : where;
    return same;
}

static bool same_words_of(struct framework_words a, struct framework_words b)
{
    return str_equal(a.name, b.name) && str_equal(a.description, b.description);
}

static bool same_words(struct compared *c, struct framework_words a,
                       const struct framework_words *a_others, struct framework_words b,
                       const struct framework_words *b_others, const char *where)
{
    static const struct framework_words none = {{"", 0}, {"", 0}};
    bool same = same_words_of(a, b);
    for (int32_t k = 0; k < c->n_languages; k++) {
        same = same && same_words_of(a_others ? a_others[k] : none, b_others ? b_others[k] : none);
    }
    return same_at(c, same, where);
}

static bool same_case_id(struct compared *c, struct str a, struct str b, const char *where)
{
    return c->but_case_ids || same_at(c, str_equal(a, b), where);
}

static bool same_task(struct compared *c, const struct framework_task *a,
                      const struct framework_task *b)
{
    return same_words(c, a->words, a->others, b->words, b->others, "words of a task") &&
           same_case_id(c, a->case_id, b->case_id, "identifier of a task") &&
           same_at(c, a->has_difficulty == b->has_difficulty, "whether a task has a difficulty") &&
           same_at(c, !a->has_difficulty || a->difficulty == b->difficulty,
                   "difficulty of a task") &&
           same_at(c, a->active == b->active, "whether a task is retired");
}

static bool same_skill(struct compared *c, const struct framework_skill *a,
                       const struct framework_skill *b)
{
    bool same = same_words(c, a->words, a->others, b->words, b->others, "words of a skill") &&
                same_case_id(c, a->case_id, b->case_id, "identifier of a skill") &&
                same_at(c, str_equal(a->code, b->code), "code of a skill") &&
                same_at(c, a->n_levels == b->n_levels, "number of levels") &&
                same_at(c, a->n_tasks == b->n_tasks, "number of tasks") &&
                same_at(c, a->active == b->active, "whether a skill is retired") &&
                same_at(c, !a->levels == !b->levels, "whether levels have texts");
    for (int32_t k = 0; same && a->levels && k < a->n_levels; k++) {
        same = same_words(c, a->levels[k].words, a->levels[k].others, b->levels[k].words,
                          b->levels[k].others, "words of a level") &&
               same_at(c, a->levels[k].level == b->levels[k].level, "number of a level");
    }
    for (int32_t k = 0; same && k < a->n_tasks; k++) {
        same = same_task(c, &a->tasks[k], &b->tasks[k]);
    }
    return same;
}

static bool same_domain(struct compared *c, const struct framework_domain *a,
                        const struct framework_domain *b)
{
    bool same = same_words(c, a->words, a->others, b->words, b->others, "words of a domain") &&
                same_case_id(c, a->case_id, b->case_id, "identifier of a domain") &&
                same_at(c, a->n_skills == b->n_skills, "number of skills");
    for (int32_t k = 0; same && k < a->n_skills; k++) {
        same = same_skill(c, &a->skills[k], &b->skills[k]);
    }
    return same;
}

bool framework_same(const struct framework *a, const struct framework *b, bool but_case_ids,
                    const char **where)
{
    struct compared c = {.but_case_ids = but_case_ids, .n_languages = a->n_languages};
    bool same = same_at(&c, a->n_languages == b->n_languages, "number of languages");
    for (int32_t k = 0; same && k < a->n_languages; k++) {
        same = same_at(&c, str_equal(a->languages[k], b->languages[k]), "further languages");
    }
    same = same &&
           same_words(&c, a->words, a->others, b->words, b->others, "words of the framework") &&
           same_case_id(&c, a->case_id, b->case_id, "identifier of the framework") &&
           same_at(&c, str_equal(a->language, b->language), "language") &&
           same_at(&c, str_equal(a->publisher, b->publisher), "publisher") &&
           same_at(&c, str_equal(a->licence, b->licence), "licence") &&
           same_at(&c, a->active == b->active, "whether it is in use") &&
           same_at(&c, a->n_domains == b->n_domains, "number of domains");
    for (int32_t k = 0; same && k < a->n_domains; k++) {
        same = same_domain(&c, &a->domains[k], &b->domains[k]);
    }
    if (where && !same) {
        *where = c.where;
    }
    return same;
}
