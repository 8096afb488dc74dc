/* A scanner of SQL that knows what is quoted, and the rewriting of parameters. */
#include "db/sqltext.h"

#include <stdbool.h>
#include <stdlib.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || is_digit(c);
}

/* The length of a run of word characters from `at`. */
static size_t word_length(struct str text, size_t at)
{
    size_t n = at;
    while (n < text.n && is_word(text.p[n])) {
        n++;
    }
    return n - at;
}

static bool stands_at(struct str text, size_t at, struct str what)
{
    return text.n - at >= what.n && memcmp(text.p + at, what.p, what.n) == 0;
}

/* The length up to and with the first `what` from `at`, or the whole text. */
static size_t through(struct str text, size_t at, struct str what)
{
    for (; at < text.n; at++) {
        if (stands_at(text, at, what)) {
            return at + what.n;
        }
    }
    return text.n;
}

/* A doubled quote inside a text needs no care: it reads as two texts side by side. */
static size_t quoted_length(struct str text)
{
    char c = text.p[0];
    if (c == '\'' || c == '"') {
        return through(text, 1, (struct str){text.p, 1});
    }
    if (stands_at(text, 0, str_of("--"))) {
        return through(text, 2, str_of("\n"));
    }
    if (stands_at(text, 0, str_of("/*"))) {
        return through(text, 2, str_of("*/"));
    }
    if (c == '$' && !(text.n > 1 && is_digit(text.p[1]))) {
        size_t tag = 2 + word_length(text, 1);
        if (tag <= text.n && text.p[tag - 1] == '$') {
            return through(text, tag, (struct str){text.p, tag});
        }
    }
    return 0;
}

enum sqltext_kind sqltext_next(struct str *rest, struct str *part)
{
    enum sqltext_kind kind = SQLTEXT_OTHER;
    size_t n = 1;
    if (rest->n == 0) {
        *part = *rest;
        return SQLTEXT_END;
    }
    size_t quoted = quoted_length(*rest);
    if (quoted > 0) {
        kind = SQLTEXT_QUOTED;
        n = quoted;
    } else if (is_word(rest->p[0])) {
        kind = SQLTEXT_WORD;
        n = word_length(*rest, 0);
    } else if (rest->p[0] == '?' || rest->p[0] == '@') {
        kind = rest->p[0] == '?' ? SQLTEXT_PARAMETER : SQLTEXT_TOKEN;
        n = 1 + word_length(*rest, 1);
    }
    *part = (struct str){rest->p, n};
    *rest = (struct str){rest->p + n, rest->n - n};
    return kind;
}

int sqltext_parameter(struct str part)
{
    int number = 0;
    if (part.n < 2 || part.n > 4 || part.p[0] != '?') {
        return 0;
    }
    for (size_t i = 1; i < part.n; i++) {
        if (!is_digit(part.p[i])) {
            return 0;
        }
        number = number * 10 + (part.p[i] - '0');
    }
    return number;
}

int sqltext_n_parameters(const char *sql)
{
    struct str rest = str_of(sql), part;
    int highest = 0;
    char before = ' ';
    for (enum sqltext_kind kind; (kind = sqltext_next(&rest, &part)) != SQLTEXT_END;) {
        char after = rest.n ? rest.p[0] : ' ';
        if (kind == SQLTEXT_PARAMETER) {
            int number = sqltext_parameter(part);
            if (number == 0) {
                return -1;
            }
            highest = number > highest ? number : highest;
        } else if (kind == SQLTEXT_TOKEN || (part.p[0] == '$' && is_digit(after)) ||
                   (kind == SQLTEXT_OTHER && part.p[0] == ':' && before != ':' && is_word(after))) {
            return -1;
        }
        before = part.p[part.n - 1];
    }
    return highest;
}

char *sqltext_for_postgres(const char *sql)
{
    struct str rest = str_of(sql), part;
    char *text = malloc(rest.n + 1), *at = text;
    if (!text) {
        return NULL;
    }
    for (enum sqltext_kind kind; (kind = sqltext_next(&rest, &part)) != SQLTEXT_END;) {
        memcpy(at, part.p, part.n);
        if (kind == SQLTEXT_PARAMETER) {
            *at = '$';
        }
        at += part.n;
    }
    *at = '\0';
    return text;
}
