/* Within the room: passwords that are guessed first.  Pure. */
#ifndef DUET_COACH_CREDENTIALS_COMMON_H
#define DUET_COACH_CREDENTIALS_COMMON_H

#include "base/str.h"

#include <stdbool.h>

/* Few different characters, one short piece again and again, or mostly neighbours on the keyboard,
 * in the alphabet or among the numbers.  `plain`: folded, without accents. */
bool credentials_is_monotonous(struct str plain);

/* Up to three common words with figures and signs around them and in place of letters
 * ("P4ssw0rd!2024"), and nothing else. */
bool credentials_is_common(struct str plain);

#endif
