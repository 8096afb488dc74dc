/* The texts of the interface in a language: gettext catalogues (.mo), read in place.
 *
 * English text in the source is the key; what has no translation is shown in English.  A catalogue
 * is passed explicitly: nothing here depends on the process's locale or environment.
 *
 *     struct str hello = catalog_text(c, "Good morning");
 *     struct str many = catalog_plural(c, "{n} person", "{n} people", n);
 *     struct str whole = catalog_fill(arena, many, CATALOG_INT("n", n));
 *
 * Words for xgettext (tools/messages): catalog_text:2, catalog_plural:2,3, catalog_context:2c,3,
 * and the marks N_, N2_ and NX_ of constants that are looked up later.  Rooms with much text
 * shorten these by macros of the same meaning: T(page, id), TN(page, one, many, n), TX(page,
 * context, id). Write whole sentences with {named} placeholders; never glue a sentence from pieces.
 * A text that html_sentence shows may enclose words for a link: "{link}Ask now{/link}".
 *
 * A catalogue borrows the bytes it was opened on.  Opening checks everything (offsets, order,
 * UTF-8, the plural rule), so that looking up cannot fail; it costs O(bytes), a lookup O(log
 * texts). */
#ifndef DUET_BASE_CATALOG_H
#define DUET_BASE_CATALOG_H

#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct buf;

/* Marks of constant English texts: the text itself.  N2_ has the singular first, NX_ a context. */
#define N_(text) text
#define N2_(one, many) one, many
#define NX_(context, text) text

#define CATALOG_MAX_BYTES (8u << 20)
#define CATALOG_MAX_TEXTS 65536
#define CATALOG_MAX_FORMS 6      /* plural forms */
#define CATALOG_MAX_RULE 128     /* steps of a plural rule */
#define CATALOG_MAX_LANGUAGES 32 /* of an Accept-Language header that are looked at */

struct catalog;

/* English: no translations, plural of English.  Never NULL. */
const struct catalog *catalog_english(void);

/* Opens the bytes of a .mo file, which must stay, as `tag` ("es", "pt-BR").  ERR_INVALID when they
 * are damaged, ERR_LIMIT, ERR_NOMEM. */
MUST_CHECK enum err catalog_open(struct arena *arena, struct str tag, struct str bytes,
                                 const struct catalog **catalog);

/* The translation of a text, or the text.  `id` is a constant of the program. */
struct str catalog_text(const struct catalog *catalog, const char *id);

/* The same where one English text means different things: "context" is not shown. */
struct str catalog_context(const struct catalog *catalog, const char *context, const char *id);

/* The form of a text for a number of things: "{n} person", "{n} people". */
struct str catalog_plural(const struct catalog *catalog, const char *one, const char *many,
                          int64_t n);

/* Whether a text has a translation (English has all). */
bool catalog_has(const struct catalog *catalog, const char *id);

/* The language's tag for lang="", its own name ("Deutsch"), whether it is written from right to
 * left, and the sign of its decimals: the header fields Language, X-Name, X-Direction and X-Decimal
 * of the .po file. */
struct str catalog_tag(const struct catalog *catalog);
struct str catalog_name(const struct catalog *catalog);
struct str catalog_decimal(const struct catalog *catalog);
bool catalog_is_rtl(const struct catalog *catalog);

/* -- Placeholders ------------------------------------------------------------------------------ */

struct catalog_value {
    const char *name; /* of the placeholder, without braces */
    enum { CATALOG_VALUE_TEXT, CATALOG_VALUE_INT } kind;
    struct str text;
    int64_t number;
};

#define CATALOG_TEXT(name_, text_)                                                                 \
    ((struct catalog_value){.name = (name_), .kind = CATALOG_VALUE_TEXT, .text = (text_)})
#define CATALOG_INT(name_, number_)                                                                \
    ((struct catalog_value){.name = (name_), .kind = CATALOG_VALUE_INT, .number = (number_)})

/* The text with its {placeholders} replaced; one that no value names stays as it is.  Not escaped:
 * the HTML builder does that.  Lives in `arena`; the text itself when there is no memory, so that a
 * page still says something (the arena's owner ends the request anyway). */
#define catalog_fill(arena, text, ...)                                                             \
    catalog_fill_of((arena), (text), (const struct catalog_value[]){__VA_ARGS__},                  \
                    sizeof((const struct catalog_value[]){__VA_ARGS__}) /                          \
                        sizeof(struct catalog_value))
struct str catalog_fill_of(struct arena *arena, struct str text, const struct catalog_value *values,
                           size_t n);

/* The next placeholder of a text: true, and what stands before it, its name (a view into the text,
 * without braces) and what is left.  False: no more; *before is the rest.  A name is lower-case
 * letters, digits and '_', after a '/' or not. */
bool catalog_next_slot(struct str text, struct str *before, struct str *name, struct str *rest);

/* -- Numbers and days -------------------------------------------------------------------------- */

/* A number with the language's decimal sign. */
void catalog_add_number(struct buf *buf, const struct catalog *catalog, double value, int decimals);

/* The name of a weekday: 1 is Monday, 7 Sunday. */
struct str catalog_weekday(const struct catalog *catalog, int weekday);

/* A day (day.h) in words: "12 March 2027", "12 Mar", "Friday 12 March".  Lives in `arena`. */
enum catalog_day_style { CATALOG_DAY_LONG, CATALOG_DAY_SHORT, CATALOG_DAY_WEEKDAY };
struct str catalog_day(struct arena *arena, const struct catalog *catalog, int32_t day,
                       enum catalog_day_style style);

/* The day relative to another: "today", "yesterday", "3 days ago", "in 2 weeks"; beyond 8 weeks
 * the long form. */
struct str catalog_day_from(struct arena *arena, const struct catalog *catalog, int32_t day,
                            int32_t today);

/* -- The languages there are --------------------------------------------------------------------
 */

/* One embedded catalogue; po/meson.build makes the table. */
struct catalog_file {
    const char *tag;
    struct str bytes;
};
extern const struct catalog_file catalog_files[];
extern const size_t catalog_n_files;

struct catalogs {
    const struct catalog *const *list; /* English first, then by tag; tests may see "qps" */
    size_t n;
};

/* Opens the catalogues of a table, once per process.  `pseudo`: also those whose tag begins with
 * "q" (made-up languages for tests). */
MUST_CHECK enum err catalogs_open(struct arena *arena, const struct catalog_file *files, size_t n,
                                  bool pseudo, struct catalogs *catalogs);

/* The catalogue of a tag, without regard to case; NULL: none. */
const struct catalog *catalogs_find(const struct catalogs *catalogs, struct str tag);

/* The best match for an Accept-Language header, English when nothing fits; `fallback` (may be
 * NULL) instead of English where the header names nothing we have.  RFC 9110, 12.5.4, and RFC 4647
 * lookup ("es-MX" finds "es"). */
const struct catalog *catalogs_match(const struct catalogs *catalogs, struct str accept,
                                     const struct catalog *fallback);

#endif
