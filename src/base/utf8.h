/* Text in UTF-8: is it valid, which form, how wide, how similar.  libutf8proc does the tables.
 *
 * Nothing here allocates but utf8_nfc_copy.  Texts longer than UTF8_MAX_TEXT are refused by what
 * needs a copy. */
#ifndef DUET_BASE_UTF8_H
#define DUET_BASE_UTF8_H

#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define UTF8_MAX_TEXT 512 /* longest text of the functions that say so, bytes */
#define UTF8_MAX_FORM                                                                              \
    (4 * UTF8_MAX_TEXT + 1) /* room for any normal form of such a text, and NUL                    \
                             */

struct arena;
struct buf;

/* Reads the character at the start of a text that is not empty into *code; its length in bytes, or
 * 0 when it is not valid. */
size_t utf8_next(struct str text, int32_t *code);

/* Whether all bytes are below 0x80, and none is NUL. */
bool utf8_is_plain(struct str text);

/* Whether the text is valid UTF-8 (no overlong forms, surrogates or code points above U+10FFFF) and
 * has no NUL.  When not, *bad is the offset of the first byte that is wrong. */
bool utf8_is_valid(struct str text, size_t *bad);

/* The NFC form, written to `out`, NUL-terminated; *form views it, or `text` itself where that is
 * plain ASCII.  utf8_fold also folds case (for comparing, not for showing).  ERR_LIMIT: longer than
 * UTF8_MAX_TEXT; ERR_INVALID: not valid. */
MUST_CHECK enum err utf8_nfc(struct str text, char out[UTF8_MAX_FORM], struct str *form);
MUST_CHECK enum err utf8_fold(struct str text, char out[UTF8_MAX_FORM], struct str *form);

/* The form to search by: case folded and without accents, "jose" for "Jose" with or without one.
 * Errors as above. */
MUST_CHECK enum err utf8_search(struct str text, char out[UTF8_MAX_FORM], struct str *form);

/* The NFC form of a text of any length, copied into the arena, NUL-terminated.  ERR_INVALID: not
 * valid; ERR_NOMEM. */
MUST_CHECK enum err utf8_nfc_copy(struct arena *arena, struct str text, struct str *copy);

/* Without spaces, tabs, line ends and no-break spaces (U+00A0, U+FEFF) at both ends. */
struct str utf8_trim(struct str text);

/* Columns on a terminal; invalid bytes and control characters count 1. */
size_t utf8_width(struct str text);

/* The longest part from the start that fits in `width` terminal columns, whole characters. */
struct str utf8_take(struct str text, size_t width);

/* Appends a text so that it is safe to show anywhere, in at most `width` columns: line ends and
 * tabs as \n, \r, \t, other control characters, marks that change the direction of writing and
 * bytes that are not UTF-8 as \xNN or \u{NNNN}; a text that is longer ends in "...". */
void utf8_add_shown(struct buf *buf, struct str text, size_t width);

/* How many characters must be changed, added, left out or swapped with their neighbour to turn one
 * text into the other, without regard to case (optimal string alignment), at most `most` + 1.
 * Texts of more than UTF8_MAX_LIKE characters are like nothing.  O(length squared). */
#define UTF8_MAX_LIKE 64
int utf8_distance(struct str a, struct str b, int most);

#endif
