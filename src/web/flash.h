/* What just happened, said once on the page that follows.
 *
 * A message is carried over the redirect in a cookie that holds its code and a number, so nothing
 * that a client sends becomes text on a page. */
#ifndef DUET_WEB_FLASH_H
#define DUET_WEB_FLASH_H

#include "base/str.h"
#include "html/part_text.h"

#include <stdint.h>

struct page;

enum flash {
    FLASH_NONE,
    FLASH_SAVED,
    FLASH_WELCOME,
    FLASH_SIGNED_OUT,
    FLASH_PASSWORD_SET,
    FLASH_PASSWORD_CHANGED,
    FLASH_WISHES_SAVED,
    FLASH_OFFER_ADDED,
    FLASH_OFFER_DROPPED,
    FLASH_NEED_ADDED,
    FLASH_NEED_DROPPED,
    FLASH_NEEDS_FULL,
    FLASH_EVIDENCE_ADDED,
    FLASH_OBSERVATION_ADDED,
    FLASH_RATED,
    FLASH_EVIDENCE_WITHDRAWN,
    FLASH_EVIDENCE_DELETED,
    FLASH_SHARED,
    FLASH_UNSHARED,
    FLASH_SHARE_NOBODY,
    FLASH_SHARE_REFUSED,
    FLASH_SESSION_ENDED,
    FLASH_SESSIONS_ENDED,
    FLASH_DATA_DELETED,
    FLASH_LANGUAGE_SET,
    FLASH_SIGN_ON_CANCELLED,
    FLASH_SIGN_ON_LATE,
    FLASH_SIGN_ON_NOBODY,
    FLASH_SIGN_ON_REFUSED,
    FLASH_SIGN_ON_UNREACHABLE,
    FLASH_PROVIDER_FINE,
    FLASH_PROVIDER_SILENT,
    FLASH_PROVIDER_WRONG,
    FLASH_PROVIDER_UNTRUSTED,
    FLASH_TEST_MAIL,
    FLASH_BACKUP_ASKED,
    FLASH_UNIT_IN_USE,
    FLASH_LAST_ADMINISTRATOR,
    FLASH_ADMINISTRATOR_AT_TOP,
    FLASH_CHOOSE_UNIT,
    FLASH_NO_SUCH_ADDRESS,
    FLASH_INVITED,
    FLASH_INVITED_MANY,
    FLASH_IMPORTED,
    FLASH_IMPORT_REFUSED,
    FLASH_IMPORT_DISCARDED,
    FLASH_PROGRAMME_IN,
    FLASH_PROGRAMME_OUT,
    FLASH_PROGRAMME_OPENED,
    FLASH_PROGRAMME_ASKED,
    FLASH_PROGRAMME_NOBODY,
    FLASH_PROGRAMME_SEVERAL,
    FLASH_ROUND_NOT_NOW,
    FLASH_ROUND_AGAIN,
    FLASH_ROUND_DISCARDED,
    FLASH_ROUND_PUBLISHED,
    FLASH_ROUND_LOCKED,
    FLASH_ROUND_UNLOCKED,
    FLASH_ROUND_MOVED,
    FLASH_ROUND_PARTED,
    FLASH_ROUND_CANNOT,
    FLASH__MAX
};

#define FLASH_COOKIE "said"

/* Sets the cookie for the next page. */
void flash_set(struct page *page, enum flash flash, int64_t n);

/* The message that came with the request, translated, and its tone; empty: none.  Clears the
 * cookie. */
struct str flash_take(struct page *page, enum part_tone *tone);

#endif
