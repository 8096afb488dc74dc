/* One mail on the wire: read back by a reader written from the RFCs, for random texts; headers that
 * cannot be broken into. */
#include "jobs/message.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/rng.h"
#include "jobs/letter.h"
#include "tap.h"

#include <sodium.h>
#include <stdlib.h>

#define S(text) ((struct str){(text), sizeof(text) - 1})

static struct message sample(void)
{
    return (struct message){.id = S("job-1.2@example.org"),
                            .from = S("duet@example.org"),
                            .from_name = S("Riverside"),
                            .to = S("ann@example.org"),
                            .to_name = S("Ann Abel"),
                            .subject = S("Hello"),
                            .text = S("Hello,\n\nhere I am.\n"),
                            .at_ms = INT64_C(1700000000000)};
}

static enum err write_one(struct arena *arena, const struct message *m, struct str *text)
{
    struct buf buf;
    buf_init(&buf, arena, MESSAGE_MAX);
    enum err err = message_write(&buf, m);
    return err ? err : buf_end(&buf, text);
}

static void test_plain(struct arena *arena)
{
    struct message m = sample();
    struct str text = {"", 0};
    tap_ok(write_one(arena, &m, &text) == ERR_OK, "a mail is written");
    tap_text(text.p,
             "Date: Tue, 14 Nov 2023 22:13:20 +0000\r\n"
             "From: \"Riverside\"\r\n <duet@example.org>\r\n"
             "To: \"Ann Abel\"\r\n <ann@example.org>\r\n"
             "Subject: Hello\r\n"
             "Message-ID: <job-1.2@example.org>\r\n"
             "MIME-Version: 1.0\r\n"
             "Auto-Submitted: auto-generated\r\n"
             "Content-Type: text/plain; charset=utf-8\r\n"
             "Content-Transfer-Encoding: quoted-printable\r\n"
             "\r\n"
             "Hello,\r\n\r\nhere I am.\r\n",
             "and looks like one");
}

static void test_calendar(struct arena *arena)
{
    struct message m = sample();
    struct str text = {"", 0};
    char calendar[] = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nX:0123456789012345678901234567890\r\n";
    m.calendar = str_of(calendar);
    m.calendar_method = "REQUEST";
    m.unsubscribe = S("https://duet.example.org/unsubscribe/AbC");
    tap_ok(write_one(arena, &m, &text) == ERR_OK, "an invitation is written");
    tap_text(strstr(text.p, "MIME-Version"),
             "MIME-Version: 1.0\r\n"
             "List-Unsubscribe: <https://duet.example.org/unsubscribe/AbC>\r\n"
             "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
             "Auto-Submitted: auto-generated\r\n"
             "Content-Type: multipart/alternative; boundary=\"=_duet\"\r\n"
             "\r\n"
             "--=_duet\r\n"
             "Content-Type: text/plain; charset=utf-8\r\n"
             "Content-Transfer-Encoding: quoted-printable\r\n"
             "\r\n"
             "Hello,\r\n\r\nhere I am.\r\n"
             "\r\n"
             "--=_duet\r\n"
             "Content-Type: text/calendar; charset=utf-8; method=REQUEST\r\n"
             "Content-Transfer-Encoding: base64\r\n"
             "\r\n"
             "QkVHSU46VkNBTEVOREFSDQpNRVRIT0Q6UkVRVUVTVA0KWDowMTIzNDU2Nzg5MDEyMzQ1Njc4OTAx\r\n"
             "MjM0NTY3ODkwDQo=\r\n"
             "\r\n"
             "--=_duet--\r\n",
             "with its two parts, and the link that ends such mails");
    m.unsubscribe = S("https://x>\r\nBcc: y");
    tap_ok(write_one(arena, &m, &text) == ERR_INVALID, "which cannot end its header");
}

/* ---- reading back ---- */

static int hex(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Undoes quoted-printable (RFC 2045, 6.7); CR LF become LF.  False: not well-formed. */
static bool read_text(const char *p, char *out)
{
    int column = 0;
    while (*p) {
        if (p[0] == '\r' && p[1] == '\n') {
            if (column > 0 && (p[-1] == ' ' || p[-1] == '\t')) {
                return false;
            }
            *out++ = '\n';
            p += 2;
            column = 0;
        } else if (p[0] == '=' && p[1] == '\r' && p[2] == '\n') {
            p += 3;
            column = 0;
        } else if (p[0] == '=') {
            if (hex(p[1]) < 0 || hex(p[2]) < 0) {
                return false;
            }
            *out++ = (char)(hex(p[1]) * 16 + hex(p[2]));
            p += 3;
            column += 3;
        } else {
            if ((p[0] < ' ' && p[0] != '\t') || p[0] > '~') {
                return false;
            }
            *out++ = *p++;
            column++;
        }
        if (column > 76) {
            return false;
        }
    }
    *out = '\0';
    return true;
}

/* The value of a header, unfolded, encoded words decoded (RFC 2047), up to the address. */
static bool read_header(const char *mail, const char *name, char *out)
{
    char start[30];
    snprintf(start, sizeof start, "\r\n%s: ", name);
    const char *p = strstr(mail, start);
    if (!p) {
        return false;
    }
    p += strlen(start);
    bool was_word = false;
    while (*p && !(p[0] == '\r' && p[1] == '\n' && p[2] != ' ')) {
        if (p[0] == '\r') {
            p += 2;
        } else if (was_word && p[0] == ' ' && strncmp(p, " =?", 3) == 0) {
            p++; /* blanks between encoded words are not shown */
        } else if (strncmp(p, "=?UTF-8?B?", 10) == 0) {
            const char *end = strstr(p + 10, "?=");
            size_t n = 0;
            if (!end || end - p > 73 ||
                sodium_base642bin((unsigned char *)out, 100, p + 10, (size_t)(end - p - 10), NULL,
                                  &n, NULL, sodium_base64_VARIANT_ORIGINAL)) {
                return false;
            }
            out += n;
            p = end + 2;
            was_word = true;
        } else {
            *out++ = *p++;
            was_word = false;
        }
    }
    *out = '\0';
    return true;
}

static size_t random_text(struct rng *rng, char *text, size_t max, bool lines)
{
    static const char *const parts[] = {
        "a",  "word ", " ",  ".",  "=",   "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x98\x80",
        "?=", "\"",    "\\", "\t", ".\n", "\n",       "=3D",          "<x>"};
    size_t n = 0;
    for (uint32_t k = rng_below(rng, 120); k > 0; k--) {
        const char *part = parts[rng_below(rng, 16)];
        if (!lines && strpbrk(part, "\n\t")) {
            continue;
        }
        if (n + strlen(part) >= max) {
            break;
        }
        memcpy(text + n, part, strlen(part));
        n += strlen(part);
    }
    text[n] = '\0';
    return n;
}

static void test_random(struct arena *arena)
{
    static char text[1000], subject[300], back[4000];
    struct rng rng = rng_seed(6);
    int wrong = 0, longest = 0, n = 3000;
    for (int i = 0; i < n; i++) {
        struct arena *one = arena_child(arena);
        struct message m = sample();
        struct str mail = {"", 0};
        m.text = (struct str){text, random_text(&rng, text, sizeof text, true)};
        m.subject = (struct str){subject, random_text(&rng, subject, sizeof subject, false)};
        wrong += write_one(one, &m, &mail) != ERR_OK;
        int column = 0;
        for (const char *p = mail.p; *p; p++) {
            column = *p == '\n' ? 0 : column + 1;
            longest = column > longest ? column : longest;
            wrong += *p == '\n' && p[-1] != '\r';
            wrong += (unsigned char)*p >= 0x80;
        }
        const char *body = strstr(mail.p, "\r\n\r\n");
        wrong += !body || !read_text(body + 4, back);
        size_t length = strlen(text);
        /* A last line without its end has one. */
        bool same = strncmp(back, text, length) == 0 &&
                    (strcmp(back + length, "") == 0 || strcmp(back + length, "\n") == 0);
        wrong += !same;
        wrong += !read_header(mail.p, "Subject", back) || strcmp(back, subject) != 0;
        wrong += strstr(mail.p, "\r\n.") != NULL; /* no dot is taken for the end */
        arena_free(one);
    }
    tap_ok(wrong == 0, "%d random texts and subjects are read back as they were", n);
    tap_ok(longest <= 80, "no line is longer than 80 bytes (%d)", longest);
}

static void test_headers(struct arena *arena)
{
    static const char *const bad[] = {"ann@example.org\r\nBcc: x@y.org",
                                      "ann",
                                      "a b@c.org",
                                      "",
                                      "a@b@c",
                                      "<a@b.org>",
                                      "a@b.org\n",
                                      "\"a\"@b.org"};
    struct str mail;
    char back[300];
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct message m = sample();
        m.to = str_of(bad[i]);
        tap_ok(write_one(arena, &m, &mail) == ERR_INVALID, "what is no address is refused");
    }
    struct message m = sample();
    m.subject = S("x\r\nBcc: eve@example.org\r\n\r\nbody");
    m.to_name = S("Ann\r\nBcc: eve@example.org");
    tap_ok(write_one(arena, &m, &mail) == ERR_OK && !strstr(mail.p, "Bcc") &&
               read_header(mail.p, "Subject", back) && strstr(back, "Bcc: eve"),
           "a line end in a subject or a name ends no header");
    m = sample();
    m.from_name = S("Escuela \"R\xC3\xADo\"");
    m.to_name = S("O'Neil, \"Al\" \\ x");
    tap_ok(write_one(arena, &m, &mail) == ERR_OK &&
               strstr(mail.p, "\"O'Neil, \\\"Al\\\" \\\\ x\"") &&
               read_header(mail.p, "From", back) &&
               strcmp(back, "Escuela \"R\xC3\xADo\" <duet@example.org>") == 0,
           "names are quoted or encoded");
    m.text = S("\xFF");
    tap_ok(write_one(arena, &m, &mail) == ERR_INVALID, "what is no text is refused");
}

/* ---- no memory ---- */

#define MOST 400 /* allocations of one mail */

/* A letter of each kind, in Spanish; the catalogues live elsewhere. */
static enum err write_letter(struct arena *arena, const struct catalogs *catalogs,
                             enum mail_kind kind, struct str *wire)
{
    struct coach coach = {.arena = arena, .now_ms = INT64_C(1700000000000)};
    struct notice news[] = {{.kind = NOTICE_ASKED, .partnership_id = 1, .name = S("Bob")},
                            {.kind = NOTICE_MESSAGE, .partnership_id = 1, .name = S("Bob")}};
    const struct job job = {.id = 1, .kind = S("mail"), .payload = S("")};
    const struct letter letter = {
        .coach = &coach,
        .catalogs = catalogs,
        .job = &job,
        .catalog = catalogs_find(catalogs, S("es")),
        .mail = {kind, 1, 1, 1},
        .person = {.id = 1,
                   .name = S("Ann Abel"),
                   .given_name = S("Ann"),
                   .email = S("ann@example.org")},
        .url = S(""),
        .user = S(""),
        .password = S(""),
        .from = S("duet@example.org"),
        .organisation = S("Riverside"),
        .base_url = S("https://duet.example.org"),
        .support = S("help@example.org"),
        .locale = S("en"),
        .link = S("https://duet.example.org/welcome/AbC"),
        .until = S("1 May"),
        .news = {news, 2},
        .meeting = {.id = 1,
                    .state = MEETING_CONFIRMED,
                    .uid = S("u@duet"),
                    .subject = S("Plan"),
                    .place = S("Room 12"),
                    .minutes = 30,
                    .starts_ms = INT64_C(1700000000000),
                    .proposer = S("Bob"),
                    .others = S("Bob")},
        .leave = S("https://duet.example.org/unsubscribe/AbC"),
    };
    struct message m = sample();
    enum err err = letter_write(&letter, &m);
    return err ? err : write_one(arena, &m, wire);
}

/* Every allocation failing in turn: no mail at all, or the same as with enough memory. */
static void test_memory(void)
{
    struct arena *home = arena_new(0);
    struct catalogs catalogs;
    int wrong = catalogs_open(home, catalog_files, catalog_n_files, false, &catalogs) != ERR_OK;
    int failed = 0;
    for (int kind = 0; kind < MAIL_KIND__MAX; kind++) {
        struct str whole = {"", 0}, text = {"", 0};
        enum err err = write_letter(home, &catalogs, (enum mail_kind)kind, &whole);
        wrong += err != ERR_OK || whole.n < 200;
        uint64_t n = 0;
        do {
            struct arena *arena = arena_new(0);
            arena_fail_after(arena, ++n);
            err = write_letter(arena, &catalogs, (enum mail_kind)kind, &text);
            arena_fail_after(arena, 0);
            wrong += err == ERR_OK ? !str_equal(text, whole) : err != ERR_NOMEM;
            failed += err == ERR_NOMEM;
            arena_free(arena);
        } while (err != ERR_OK && n < MOST);
        wrong += err != ERR_OK;
    }
    tap_ok(wrong == 0 && failed > MAIL_KIND__MAX,
           "a mail of each kind, every allocation failing in turn: whole or not at all (%d wrong)",
           wrong);
    arena_free(home);
}

int main(void)
{
    struct arena *arena = arena_new(0);
    test_memory();
    test_calendar(arena);
    test_plain(arena);
    test_random(arena);
    test_headers(arena);
    arena_free(arena);
    return tap_done();
}
