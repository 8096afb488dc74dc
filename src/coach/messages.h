/* Messages inside a partnership: text among its members, nobody else's.
 *
 * A message can be taken back by whoever wrote it: its text is deleted, and that there was one
 * stays.  Members who joined later do not see what was written before.  While a partnership is
 * proposed or has ended nobody writes; what was written stays readable. */
#ifndef DUET_COACH_MESSAGES_H
#define DUET_COACH_MESSAGES_H

#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct coach;
struct complaints;

#define MESSAGES_WORDS 4000 /* characters */
#define MESSAGES_PAGE 50

struct message_line {
    int64_t id;
    int64_t author_id; /* 0: nobody any more */
    struct str name;
    struct str words; /* empty: taken back */
    int64_t created_ms;
    bool mine, retracted;
    bool fresh; /* the actor has not seen it yet */
};

struct message_list {
    struct message_line *items; /* the oldest first */
    size_t n;
    int64_t before_id; /* hand this back for older ones; 0: there are none */
    bool open;         /* it can be written to */
};

/* The newest MESSAGES_PAGE older than before_id (0: the newest).  For members; read. */
MUST_CHECK enum err messages_list(struct coach *coach, int64_t partnership_id, int64_t before_id,
                                  struct message_list *list);

/* Field of complaints: "words".  ERR_CONFLICT: the partnership does not run.  COACH_WRITE. */
MUST_CHECK enum err messages_send(struct coach *coach, int64_t partnership_id, struct str words,
                                  struct complaints *complaints, int64_t *id);

/* The actor's own.  Twice changes nothing.  COACH_WRITE. */
MUST_CHECK enum err messages_retract(struct coach *coach, int64_t id, int64_t *partnership_id);

/* The actor has read up to that message.  COACH_WRITE. */
MUST_CHECK enum err messages_seen(struct coach *coach, int64_t partnership_id, int64_t id);

/* How many of a partnership the actor has not seen.  Read. */
MUST_CHECK enum err messages_count_new(struct coach *coach, int64_t partnership_id, int64_t *n);

#endif
