/* Within the room: passwords that are guessed first.  Pure, but zxcvbn takes memory from malloc.
 *
 * NIST SP 800-63B-4, 3.1.1.2: a new password is held against what is commonly used, expected or
 * known from breaches, the names of the service and of the person included; nothing is asked of its
 * composition.  OWASP ASVS 5.0, 6.2.4: at least the 3,000 commonest that are long enough.  Here it
 * is an estimate of how many guesses somebody needs who tries the commonest passwords, words and
 * names, their combinations and the usual changes of them first (Wheeler 2016, "zxcvbn: Low-Budget
 * Password Strength Estimation", whose lists have 30,000 passwords and as many words and names).
 * 10^11 guesses are needed, ten times that paper's bound for a stolen hash that is slow. */
#ifndef DUET_COACH_CREDENTIALS_COMMON_H
#define DUET_COACH_CREDENTIALS_COMMON_H

#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>

#define CREDENTIALS_ABOUT 24 /* words about the owner that are looked at */

/* Few different characters, one short piece again and again, or mostly neighbours on the keyboard,
 * in the alphabet or among the numbers.  `plain`: folded, without accents. */
bool credentials_is_monotonous(struct str plain);

/* Needs less than 10^11 guesses ("P4ssw0rd!2024").  `about`: words that somebody who
 * knows the owner tries first, folded, without accents, NUL-terminated.  A few milliseconds at
 * most: only the first 256 bytes are looked at. */
bool credentials_is_common(struct str plain, const struct str *about, size_t n_about);

#endif
