/* Within the room: the words with which our CASE packages say what CASE leaves open. */
#ifndef DUET_COACH_FRAMEWORK_CASE_WORDS_H
#define DUET_COACH_FRAMEWORK_CASE_WORDS_H

/* CFItemType */
#define CASE_TYPE_DOMAIN "Domain"
#define CASE_TYPE_SKILL "Skill"
#define CASE_TYPE_TASK "Practice task"

/* Members of extensions. */
#define CASE_WORDS "duet:words"           /* { "es": { "name": ..., "description": ... } } */
#define CASE_LANGUAGES "duet:languages"   /* of CFDocument: [ "es" ] */
#define CASE_RETIRED "duet:retired"       /* of an item: true */
#define CASE_DIFFICULTY "duet:difficulty" /* of a task: logits */

#define CASE_DEPRECATED "Deprecated" /* adoptionStatus: no longer in use */
#define CASE_NO_CREATOR "Not stated" /* CASE demands a creator */

#endif
