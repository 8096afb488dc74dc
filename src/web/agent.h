/* What a browser calls itself, in a few plain words, for the list of devices. */
#ifndef DUET_WEB_AGENT_H
#define DUET_WEB_AGENT_H

#include "base/str.h"

struct arena;

/* "Firefox, Windows"; "" when nothing is known.  Names of products only: nothing to translate. */
struct str agent_words(struct arena *arena, struct str user_agent);

#endif
