/* Tests of src/db/sqltext.c: what is quoted, what is a parameter, and what becomes of it. */
#include "db/sqltext.h"
#include "tap.h"

#include <stdlib.h>

static void rewriting(void)
{
    static const struct {
        const char *sql, *postgres;
        int n; /* parameters; -1: not ours */
    } cases[] = {
        {"", "", 0},
        {"SELECT 1", "SELECT 1", 0},
        {"SELECT ?1, ?2", "SELECT $1, $2", 2},
        {"SELECT ?12,?3", "SELECT $12,$3", 12},
        {"a = ?1 AND b = ?1", "a = $1 AND b = $1", 1},
        {"SELECT '?1' || ?1", "SELECT '?1' || $1", 1},
        {"SELECT 'it''s ?2' || ?1", "SELECT 'it''s ?2' || $1", 1},
        {"SELECT \"?2\" FROM t", "SELECT \"?2\" FROM t", 0},
        {"SELECT ?1 -- ?2\n, ?3", "SELECT $1 -- ?2\n, $3", 3},
        {"SELECT ?1 -- ?2", "SELECT $1 -- ?2", 1},
        {"SELECT /* ?2 ' */ ?1", "SELECT /* ?2 ' */ $1", 1},
        {"SELECT $$ ?2 $$, ?1", "SELECT $$ ?2 $$, $1", 1},
        {"SELECT $x$ ?2 $$ $x$, ?1", "SELECT $x$ ?2 $$ $x$, $1", 1},
        {"SELECT 'open ?1", "SELECT 'open ?1", 0},
        {"SELECT /* open ?1", "SELECT /* open ?1", 0},
        {"SELECT $$ open ?1", "SELECT $$ open ?1", 0},
        {"SELECT 1 - -?1", "SELECT 1 - -$1", 1},
        {"SELECT ?1::text, 4 / 2", "SELECT $1::text, 4 / 2", 1},
        {"SELECT a?1", "SELECT a$1", 1},
        {"SELECT ?", NULL, -1},
        {"SELECT ?0", NULL, -1},
        {"SELECT ?1000", NULL, -1},
        {"SELECT ?1a", NULL, -1},
        {"SELECT $1", NULL, -1},
        {"SELECT :name", NULL, -1},
        {"SELECT @name", NULL, -1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int n = sqltext_n_parameters(cases[i].sql);
        tap_ok(n == cases[i].n, "%d parameters: %s", cases[i].n, cases[i].sql);
        if (cases[i].postgres) {
            char *got = sqltext_for_postgres(cases[i].sql);
            tap_text(got, cases[i].postgres, "for PostgreSQL");
            free(got);
        }
    }
}

/* Whatever the text, its parts are the text. */
static void parts(void)
{
    static const char letters[] = "a1'\"$-/*?@;: \n_";
    unsigned state = 1;
    int wrong = 0;
    for (int i = 0; i < 20000; i++) {
        char text[24];
        size_t n = 0, sum = 0;
        for (; n < (size_t)(i % 20); n++) {
            state = state * 1664525u + 1013904223u;
            text[n] = letters[(state >> 24) % (sizeof letters - 1)];
        }
        text[n] = '\0';
        struct str rest = {text, n}, part;
        while (sqltext_next(&rest, &part) != SQLTEXT_END) {
            wrong += part.n == 0 || part.p != text + sum;
            sum += part.n;
        }
        wrong += sum != n;
        char *got = sqltext_for_postgres(text);
        wrong += !got || strlen(got) != n;
        free(got);
    }
    tap_ok(wrong == 0, "20,000 texts of quotes and marks come apart without a gap");
}

int main(void)
{
    rewriting();
    parts();
    return tap_done();
}
