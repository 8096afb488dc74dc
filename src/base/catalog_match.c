/* The languages there are, and which of them a browser asks for. */
#include "base/catalog.h"

#include "base/arena.h"
#include "base/utf8.h"

enum err catalogs_open(struct arena *arena, const struct catalog_file *files, size_t n, bool pseudo,
                       struct catalogs *catalogs)
{
    const struct catalog **list = arena_alloc(arena, n + 1, sizeof(const struct catalog *));
    size_t used = 0;
    if (!list) {
        return ERR_NOMEM;
    }
    list[used++] = catalog_english();
    for (size_t i = 0; i < n; i++) {
        if (files[i].tag[0] == 'q' && !pseudo) {
            continue;
        }
        enum err err = catalog_open(arena, str_of(files[i].tag), files[i].bytes, &list[used]);
        if (err) {
            return err;
        }
        used++;
    }
    *catalogs = (struct catalogs){.list = list, .n = used};
    return ERR_OK;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static bool is_same(struct str a, struct str b)
{
    if (a.n != b.n) {
        return false;
    }
    for (size_t i = 0; i < a.n; i++) {
        if (lower(a.p[i]) != lower(b.p[i])) {
            return false;
        }
    }
    return true;
}

const struct catalog *catalogs_find(const struct catalogs *catalogs, struct str tag)
{
    for (size_t i = 0; i < catalogs->n; i++) {
        if (is_same(catalog_tag(catalogs->list[i]), tag)) {
            return catalogs->list[i];
        }
    }
    return NULL;
}

/* The tag, or the longest beginning of it that we have: "zh-Hant-TW", "zh-Hant", "zh". */
static const struct catalog *look_up(const struct catalogs *catalogs, struct str tag)
{
    while (tag.n > 0) {
        const struct catalog *found = catalogs_find(catalogs, tag);
        if (found) {
            return found;
        }
        while (tag.n > 0 && tag.p[tag.n - 1] != '-') {
            tag.n--;
        }
        tag.n -= tag.n > 0;
    }
    return NULL;
}

/* The quality of "q=0.8" in thousandths; 1000 when there is none, 0 when it makes no sense. */
static int quality_of(struct str text)
{
    static const int weight[] = {1000, 0, 100, 10, 1}; /* of the digits of "1.000" */
    int quality = 0;
    text = utf8_trim(text);
    if (text.n == 0) {
        return 1000;
    }
    if (text.n < 3 || text.n > 7 || lower(text.p[0]) != 'q' || text.p[1] != '=') {
        return 0;
    }
    for (size_t i = 2; i < text.n; i++) {
        char c = text.p[i];
        if (i == 3 ? c != '.' : c < '0' || c > '9') {
            return 0;
        }
        quality += i == 3 ? 0 : (c - '0') * weight[i - 2];
    }
    return quality > 1000 ? 0 : quality;
}

/* Splits off what stands before a sign. */
static struct str next_part(struct str *text, char sign)
{
    const char *end = memchr(text->p, sign, text->n);
    struct str part = {text->p, end ? (size_t)(end - text->p) : text->n};
    size_t used = end ? part.n + 1 : part.n;
    *text = (struct str){text->p + used, text->n - used};
    return part;
}

const struct catalog *catalogs_match(const struct catalogs *catalogs, struct str accept,
                                     const struct catalog *fallback)
{
    const struct catalog *best = NULL;
    int best_quality = 0;
    for (int i = 0; accept.n > 0 && i < CATALOG_MAX_LANGUAGES; i++) {
        struct str range = next_part(&accept, ',');
        struct str tag = utf8_trim(next_part(&range, ';'));
        int quality = quality_of(range);
        const struct catalog *found = quality > best_quality ? look_up(catalogs, tag) : NULL;
        if (found) {
            best = found;
            best_quality = quality;
        }
    }
    return best ? best : fallback ? fallback : catalog_english();
}
