/* Evidence read in pieces on several threads is what one thread reads, and so is what is said about
 * it: random files, good ones and with something wrong at a random place. */
#include "base/buf.h"
#include "base/crew.h"
#include "base/rng.h"
#include "roster_test.h"
#include "tap.h"

#define FILES 1500
#define N_PEOPLE 9
#define N_SKILLS 5

static const char people[] =
    "id,name\np1,Ann\np2,Ben\np3,Cem\np4,\xC3\x89va\nperson-with-a-long-id-5,Finn\np6,Gus\n"
    "p7,Ann\np8,Ida\np9,Jan\n";
static const char skills[] = "id,name,levels\ns1,Asking,4\ns2,,5\ns3,,3\ns44,,4\ns54,,12\n";
static const char *const person_cells[] = {"p1", "p2", "p3", "p4",        "person-with-a-long-id-5",
                                           "p6", "p7", "p8", "\xC3\x89va"};
static const char *const skill_cells[] = {"s1", "s2", "s3", "s44", "Asking"};
static const char *const headings[] = {"person", "skill", "level",     "rater",      "occasion",
                                       "kind",   "date",  "indicator", "difficulty", "notes"};
enum { PERSON, SKILL, LEVEL, RATER, OCCASION, KIND, DATE, INDICATOR, DIFFICULTY, NOTES, N_COLUMNS };

/* What a file is made with. */
struct made {
    struct rng rng;
    struct buf buf;
    int order[N_COLUMNS], n_columns;
    char delimiter;
    const char *end; /* of a line */
    bool wide, tasks, quoted;
};

static uint32_t below(struct made *m, uint32_t n)
{
    return rng_below(&m->rng, n);
}

static bool one_in(struct made *m, uint32_t n)
{
    return below(m, n) == 0;
}

/* A cell of a good file, mostly like that of the row before. */
static void add_cell(struct made *m, int column, uint32_t row)
{
    uint32_t group = row / 4;
    bool task = m->tasks && row % 3 == 0;
    switch (column) {
    case PERSON:
        buf_add_text(&m->buf, person_cells[one_in(m, 6) ? below(m, N_PEOPLE) : group % N_PEOPLE]);
        break;
    case SKILL:
        buf_add_text(&m->buf, skill_cells[below(m, N_SKILLS)]);
        break;
    case LEVEL:
        if (!one_in(m, 30)) {
            buf_addf(&m->buf, task ? "%u" : "%u.0", task ? below(m, 2) : 1 + below(m, 3));
        }
        break;
    case RATER:
        if (!task && !one_in(m, 9)) {
            buf_addf(&m->buf, one_in(m, 5) ? "p%u" : "r%u", 1 + (group + below(m, 2)) % 9);
        }
        break;
    case OCCASION:
        if (!one_in(m, 5)) {
            buf_addf(&m->buf, "v%u", group / 3);
        }
        break;
    case KIND:
        buf_add_text(&m->buf, task ? "Task" : one_in(m, 3) ? "observed" : "");
        break;
    case DATE:
        if (!one_in(m, 3)) {
            buf_addf(&m->buf, "2026-0%u-1%u", 1 + group % 9, below(m, 3));
        }
        break;
    case INDICATOR:
        if (one_in(m, 3)) {
            buf_addf(&m->buf, "i%u", below(m, 4));
        }
        break;
    case DIFFICULTY:
        if (task && one_in(m, 2)) {
            buf_add_text(&m->buf, one_in(m, 15) ? "0.75" : "0.5");
        }
        break;
    default:
        buf_add_text(&m->buf, one_in(m, 9) ? "\xC3\xA9" : "x");
    }
}

/* The header, in which `wide` files have a column for each of two skills. */
static void add_header(struct made *m)
{
    for (int k = 0; k < m->n_columns; k++) {
        const char *name = headings[m->order[k]];
        if (m->wide && m->order[k] == SKILL) {
            name = "s2";
        } else if (m->wide && m->order[k] == LEVEL) {
            name = "Asking";
        }
        if (k) {
            buf_add_char(&m->buf, m->delimiter);
        }
        buf_add_text(&m->buf, name);
    }
    buf_add_text(&m->buf, m->end);
}

static void add_row(struct made *m, uint32_t row)
{
    for (int k = 0; k < m->n_columns; k++) {
        int column = m->order[k];
        if (k) {
            buf_add_char(&m->buf, m->delimiter);
        }
        if (one_in(m, 60)) {
            buf_add_char(&m->buf, ' ');
        }
        if (m->quoted) {
            buf_add_char(&m->buf, '"');
        }
        add_cell(m, m->wide && column == SKILL ? LEVEL : column, row);
        if (m->quoted) {
            buf_add_text(&m->buf, column == NOTES && one_in(m, 30) ? "\n\"\"\"" : "\"");
        }
        if (one_in(m, 60)) {
            buf_add_char(&m->buf, ' ');
        }
    }
    buf_add_text(&m->buf, one_in(m, 200) ? "\r" : m->end);
    if (one_in(m, 40)) {
        buf_add_text(&m->buf, one_in(m, 2) ? m->end : ",,");
        buf_add_text(&m->buf, m->end);
    }
}

/* Something wrong, or at least not plain, in place of some bytes. */
static void spoil(struct made *m)
{
    static const char *const odd[] = {"\"",     "\"p1\"",     "\"\"",
                                      "\n",     "\r",         "\r\n",
                                      "\n\n",   ",",          ",,,,,,,,,,,,",
                                      "\xFF",   "\xC3",       "9",
                                      "nobody", "=",          "'",
                                      ";",      "\t",         "self",
                                      "task",   "2026-02-30", "03/04/2026",
                                      "-1",     "2.5",        "s9",
                                      " ",      "e\xCC\x81",  "\xEF\xBB\xBF",
                                      "x\"y",   "7.25"};
    struct str piece = str_of(odd[below(m, sizeof odd / sizeof *odd)]);
    size_t at = below(m, (uint32_t)m->buf.n), n = piece.n;
    if (one_in(m, 12)) { /* a NUL, or a line too long to be read in a piece */
        m->buf.p[at] = '\0';
        return;
    }
    if (one_in(m, 40)) {
        size_t room = 20000;
        size_t end = m->buf.n;
        char *place = buf_grow(&m->buf, room);
        if (place) {
            memmove(m->buf.p + at + room, m->buf.p + at, end - at);
            memset(m->buf.p + at, 'y', room);
        }
        return;
    }
    for (size_t i = 0; i < n && at + i < m->buf.n; i++) {
        m->buf.p[at + i] = piece.p[i];
    }
}

static struct str make_file(struct made *m, struct arena *arena, uint64_t seed)
{
    static const char delimiters[] = {',', ';', '\t'};
    static const char *const ends[] = {"\n", "\n", "\r\n"};
    *m = (struct made){.rng = rng_seed(seed)};
    buf_init(&m->buf, arena, 1u << 24);
    m->delimiter = delimiters[below(m, 3)];
    m->end = ends[below(m, 3)];
    m->wide = one_in(m, 5);
    m->tasks = !m->wide && one_in(m, 3);
    m->quoted = one_in(m, 4);
    for (int k = 0; k < N_COLUMNS; k++) {
        int at = m->n_columns ? (int)below(m, (uint32_t)m->n_columns + 1) : 0;
        bool needed = k <= LEVEL || (m->tasks && k == KIND);
        if (!needed && one_in(m, 2)) {
            continue;
        }
        memmove(m->order + at + 1, m->order + at, (size_t)(m->n_columns - at) * sizeof *m->order);
        m->order[at] = k;
        m->n_columns++;
    }
    if (one_in(m, 8)) {
        buf_add_text(&m->buf, "\xEF\xBB\xBF");
    }
    add_header(m);
    uint32_t n = 1 + below(m, one_in(m, 4) ? 400 : 60);
    for (uint32_t row = 0; row < n; row++) {
        add_row(m, row);
    }
    if (one_in(m, 3) && m->buf.n > 0) {
        m->buf.n--; /* no line end at the end */
    }
    for (uint32_t k = below(m, 5); k > 2; k--) {
        spoil(m);
    }
    return (struct str){m->buf.p, m->buf.n};
}

/* Everything that reading gives, as text. */
static struct str told(struct arena *arena, struct str file, const struct crew *crew, size_t piece,
                       enum err *err)
{
    const struct roster_source sources[ROSTER_FILE__MAX] = {
        {"people", NULL, str_of(people)}, {"skills", NULL, str_of(skills)}, {"e", NULL, file}};
    struct roster_problems problems;
    struct roster *r = NULL;
    struct buf buf;
    struct str text = {"", 0};
    buf_init(&buf, arena, 1u << 24);
    *err = roster_problems_init(&problems, arena, 7);
    *err = *err ? *err : roster_read_crew(arena, sources, crew, piece, &problems, &r);
    buf_addf(&buf, "%s %d %d\n", err_name(*err), (int)problems.total, (int)problems.alike);
    for (size_t k = 0; k < problems.n; k++) {
        const struct roster_problem *p = &problems.items[k];
        buf_addf(&buf, "%s:%d:%d %s \"%s\" %s (%s) %d\n", p->file, (int)p->line, (int)p->column,
                 p->heading, p->value, p->message, p->hint, (int)p->n_like);
    }
    for (size_t k = 0; k < problems.n_notes; k++) {
        const struct roster_note *note = &problems.notes[k];
        buf_addf(&buf, "%s:%d %d %s\n", note->file, (int)note->line, (int)note->count, note->text);
    }
    for (size_t k = 0; r && k < r->n_evidence; k++) {
        const struct zone_evidence *e = &r->evidence[k];
        buf_addf(&buf, "%d %d %d %d %d %d %.9g %d %d %d\n", e->person, e->skill, e->rater,
                 e->occasion, e->item, e->day, (double)e->difficulty, e->kind, e->support,
                 e->level);
    }
    for (int32_t k = 0; r && k < r->n_raters; k++) {
        buf_addf(&buf, "rater %s %d\n", r->raters[k].id.p, r->raters[k].person);
    }
    for (int32_t k = 0; r && k < r->n_occasions; k++) {
        buf_addf(&buf, "occasion %s %d\n", r->occasions[k].id.p, r->occasions[k].person);
    }
    for (int32_t k = 0; r && k < r->n_items; k++) {
        const struct roster_item *item = &r->items[k];
        buf_addf(&buf, "item %s %d %d %.9g\n", item->id.p, item->skill, item->task,
                 (double)item->difficulty);
    }
    if (r) {
        buf_addf(&buf, "days %d to %d\n", r->first_day, r->last_day);
    }
    return buf_end(&buf, &text) ? (struct str){"(too long)", 10} : text;
}

static void test_random(void)
{
    int different = 0, n_good = 0, n_bad = 0;
    for (uint64_t seed = 1; seed <= FILES; seed++) {
        struct arena *arena = arena_new(0);
        struct made made;
        enum err one, several;
        struct str file = make_file(&made, arena, seed);
        size_t piece = 1 + below(&made, one_in(&made, 3) ? 20 : one_in(&made, 2) ? 200 : 3000);
        struct crew crew = {2 + (int)below(&made, 3)};
        struct str serial = told(arena, file, NULL, ROSTER_PIECE, &one);
        struct str pieces = told(arena, file, &crew, piece, &several);
        n_good += one == ERR_OK;
        n_bad += one == ERR_INVALID;
        if (one != several || !str_equal(serial, pieces)) {
            different++;
            printf("# seed %d, pieces of %d bytes, %d threads:\n# %.900s\n# but\n# %.900s\n",
                   (int)seed, (int)piece, crew.n_threads, serial.p, pieces.p);
        }
        arena_free(arena);
    }
    tap_ok(different == 0, "%d files read alike", FILES);
    tap_ok(n_good > FILES / 3 && n_bad > FILES / 10, "%d of them good, %d with problems", n_good,
           n_bad);
}

/* The whole of a plain file is read in pieces: behind them nothing is left. */
static void test_pieces(struct arena *arena)
{
    struct buf buf;
    struct str file = {"", 0};
    buf_init(&buf, arena, 1u << 24);
    buf_add_text(&buf, "a,b\n");
    for (int k = 0; k < 2000; k++) {
        buf_addf(&buf, "%d,%d\n", k, k * k);
    }
    tap_ok(!buf_end(&buf, &file), "a file");
    struct str view = file;
    struct csv_reader *whole = csv_reader_open(arena, csv_source_memory(&view));
    struct csv_reader *piece = csv_reader_open(arena, csv_source_memory(&view));
    struct csv_row row = {0};
    bool good = csv_reader_next(whole, &row) == ERR_OK;
    const uint32_t n = csv_reader_pieces(whole, 50);
    int64_t next = 0;
    uint64_t lines = 0;
    for (uint32_t k = 0; k < n && good; k++) {
        enum err err = csv_piece_open(piece, whole, 50, k);
        while (!err && !(err = csv_reader_next(piece, &row))) {
            char digits[BUF_DIGITS];
            good = good && row.n == 2 && str_equal(row.cells[0], buf_digits(digits, next++));
        }
        good = good && err == ERR_NOT_FOUND;
        lines += csv_reader_place(piece).line - 1;
    }
    tap_ok(good && next == 2000 && lines == 2000, "every line in one piece, %d pieces", (int)n);
    tap_ok(csv_reader_place(piece).at == file.n, "the last one ends where the file does");
    csv_reader_go(whole, csv_reader_place(piece));
    tap_ok(csv_reader_next(whole, &row) == ERR_NOT_FOUND, "nothing is left");
    csv_reader_close(whole);
    csv_reader_close(piece);
}

/* Every allocation of the roster fails in turn, also while pieces are taken: told, nothing
 * returned, nothing left. */
static void test_no_memory(struct arena *arena)
{
    struct made made;
    struct str file = make_file(&made, arena, 6);
    const struct roster_source sources[ROSTER_FILE__MAX] = {
        {"people", NULL, str_of(people)}, {"skills", NULL, str_of(skills)}, {"e", NULL, file}};
    const struct crew crew = {3};
    int n = 0, wrong = 0;
    for (enum err err = ERR_NOMEM; err; n++) {
        struct arena *own = arena_new(0), *list = arena_new(0);
        struct roster_problems problems;
        struct roster *roster = NULL;
        wrong += roster_problems_init(&problems, list, 20) != ERR_OK;
        arena_fail_after(own, (uint64_t)n + 1);
        err = roster_read_crew(own, sources, &crew, 100, &problems, &roster);
        wrong += err ? err != ERR_NOMEM || roster || arena_bytes(own) > 0 : !roster;
        arena_free(own);
        arena_free(list);
        if (err == ERR_INVALID) {
            break;
        }
    }
    tap_ok(wrong == 0 && n > 50, "each of %d allocations may fail", n - 1);
}

int main(void)
{
    struct arena *arena = arena_new(0);
    test_pieces(arena);
    test_random();
    test_no_memory(arena);
    arena_free(arena);
    return tap_done();
}
