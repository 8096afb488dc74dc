/* What the demonstration district is made of: names, schools, skills.  All of it is made up; any
 * likeness to a person is chance. */
#ifndef DUET_CLI_DEMO_CONTENT_H
#define DUET_CLI_DEMO_CONTENT_H

#define DEMO_NAMES 10

/* Names that are given in one part of the world, and the language spoken at home there. */
struct demo_culture {
    const char *language; /* NULL: only the district's own */
    const char *given[DEMO_NAMES];
    const char *family[DEMO_NAMES];
    int share; /* how many of a hundred people */
};

struct demo_skill {
    const char *id, *name, *domain;
    double difficulty; /* logits; real rubrics differ as much from skill to skill */
};

#define DEMO_SKILLS 18
#define DEMO_DOMAINS 6
#define DEMO_PER_DOMAIN (DEMO_SKILLS / DEMO_DOMAINS) /* skills of a domain stand together */
#define DEMO_SUBJECTS 10
#define DEMO_SCHOOLS 24
#define DEMO_DISTRICTS 4
#define DEMO_SCHOOL_KINDS 3

extern const struct demo_culture demo_cultures[];
extern const int demo_n_cultures;
extern const struct demo_skill demo_skills[DEMO_SKILLS];
extern const char *const demo_subjects[DEMO_SUBJECTS];
extern const char *const demo_schools[DEMO_SCHOOLS];
extern const char *const demo_districts[DEMO_DISTRICTS];
extern const char *const demo_school_kinds[DEMO_SCHOOL_KINDS];

#endif
