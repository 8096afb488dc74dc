/* The first start: an organisation, its first administrator, and the link with which they set it
 * up. */
#ifndef DUET_COACH_FOUNDING_H
#define DUET_COACH_FOUNDING_H

#include "base/err.h"
#include "coach/invitations.h"

#include <stdbool.h>

struct coach;

/* Whether set-up has not been finished (SETTING_SETUP_DONE).  Ungated. */
MUST_CHECK enum err founding_is_open(struct coach *coach, bool *yes);

/* Makes what is missing of the organisation's unit and of an administrator to sign in as (names are
 * chosen in the set-up), and a new key of the purpose 'setup'; earlier ones end.  For the server,
 * while set-up is open: ERR_CONFLICT afterwards.  COACH_WRITE. */
MUST_CHECK enum err founding_link(struct coach *coach, char text[INVITATIONS_TEXT]);

#endif
