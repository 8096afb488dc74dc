/* Writing one mail. */
#include "jobs/message.h"

#include "base/buf.h"
#include "base/day.h"
#include "base/utf8.h"

#include <sodium.h>

#define WORD                                                                                       \
    42 /* bytes in one encoded word: 56 in base64, 68 with what is around it; at most 75           \
        */
#define BINARY 57 /* bytes in one line of base64 */
#define LINE 76   /* of quoted-printable, without the line end */
#define LINE_END "\r\n"

/* ---- headers ---- */

/* Whether a text can stand in a header as it is. */
static bool is_plain(struct str text)
{
    for (size_t i = 0; i < text.n; i++) {
        bool word = text.p[i] == '=' && i + 1 < text.n && text.p[i + 1] == '?';
        if (text.p[i] < ' ' || text.p[i] > '~' || word) {
            return false;
        }
    }
    return text.n <= WORD;
}

/* Encoded words, folded; each has whole characters. */
static void add_encoded(struct buf *buf, struct str text)
{
    char base64[sodium_base64_ENCODED_LEN(WORD, sodium_base64_VARIANT_ORIGINAL)];
    for (size_t at = 0; at < text.n;) {
        size_t n = 0;
        while (at + n < text.n) {
            int32_t c;
            size_t one = utf8_next((struct str){text.p + at + n, text.n - at - n}, &c);
            one = one ? one : 1;
            if (n + one > WORD) {
                break;
            }
            n += one;
        }
        sodium_bin2base64(base64, sizeof base64, (const unsigned char *)text.p + at, n,
                          sodium_base64_VARIANT_ORIGINAL);
        if (at > 0) {
            buf_add_text(buf, LINE_END " ");
        }
        buf_add_text(buf, "=?UTF-8?B?");
        buf_add_text(buf, base64);
        buf_add_text(buf, "?=");
        at += n;
    }
}

static void add_subject(struct buf *buf, struct str subject)
{
    buf_add_text(buf, "Subject: ");
    if (is_plain(subject)) {
        buf_add(buf, subject);
    } else {
        add_encoded(buf, subject);
    }
    buf_add_text(buf, LINE_END);
}

static void add_mailbox(struct buf *buf, const char *header, struct str name, struct str address)
{
    buf_add_text(buf, header);
    if (name.n && is_plain(name)) {
        buf_add_char(buf, '"');
        for (size_t i = 0; i < name.n; i++) {
            if (name.p[i] == '"' || name.p[i] == '\\') {
                buf_add_char(buf, '\\');
            }
            buf_add_char(buf, name.p[i]);
        }
        buf_add_text(buf, "\"" LINE_END " ");
    } else if (name.n) {
        add_encoded(buf, name);
        buf_add_text(buf, LINE_END " ");
    }
    buf_add_char(buf, '<');
    buf_add(buf, address);
    buf_add_text(buf, ">" LINE_END);
}

/* "Date: Tue, 14 Nov 2023 22:13:20 +0000" */
static void add_date(struct buf *buf, int64_t at_ms)
{
    static const char *const weekdays[] = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    int64_t seconds = at_ms / 1000, day = seconds / 86400;
    struct day_date date = day_date((int32_t)day);
    int rest = (int)(seconds % 86400);
    buf_addf(buf, "Date: %s, %d %s %04d %02d:%02d:%02d +0000" LINE_END, weekdays[day % 7], date.day,
             months[date.month - 1], date.year, rest / 3600, rest / 60 % 60, rest % 60);
}

/* An address or an id: one @, nothing that could end it. */
static bool is_address(struct str address)
{
    size_t ats = 0, bad;
    for (size_t i = 0; i < address.n; i++) {
        unsigned char c = (unsigned char)address.p[i];
        ats += c == '@';
        if (c <= ' ' || c == 0x7f || strchr("<>()[],;:\\\"", c)) {
            return false;
        }
    }
    return ats == 1 && address.n <= MESSAGE_ADDRESS && utf8_is_valid(address, &bad);
}

/* ---- the text ---- */

/* Whether a byte can stand as it is; a blank not at the end of a line, and a dot not at its
 * beginning, where it is taken for something else. */
static bool stands(unsigned char c, size_t column, bool last)
{
    if (c == ' ' || c == '\t') {
        return !last;
    }
    return c > ' ' && c <= '~' && c != '=' && !(c == '.' && column == 0);
}

/* One line as quoted-printable, with soft breaks before LINE bytes. */
static void add_line(struct buf *buf, struct str line)
{
    static const char digits[] = "0123456789ABCDEF";
    size_t column = 0;
    for (size_t i = 0; i < line.n; i++) {
        unsigned char c = (unsigned char)line.p[i];
        bool last = i + 1 == line.n;
        if (column + (stands(c, column, last) ? 1 : 3) > LINE - (last ? 0 : 1)) {
            buf_add_text(buf, "=" LINE_END);
            column = 0;
        }
        if (stands(c, column, last)) {
            buf_add_char(buf, (char)c);
            column++;
        } else {
            buf_addf(buf, "=%c%c", digits[c >> 4], digits[c & 15]);
            column += 3;
        }
    }
    buf_add_text(buf, LINE_END);
}

static void add_text(struct buf *buf, struct str text)
{
    for (size_t at = 0; at < text.n;) {
        size_t end = at;
        while (end < text.n && text.p[end] != '\n') {
            end++;
        }
        size_t n = end - at;
        n -= n && text.p[end - 1] == '\r';
        add_line(buf, (struct str){text.p + at, n});
        at = end + 1;
    }
}

static void add_text_part(struct buf *buf, struct str text)
{
    buf_add_text(buf, "Content-Type: text/plain; charset=utf-8" LINE_END
                      "Content-Transfer-Encoding: quoted-printable" LINE_END LINE_END);
    add_text(buf, text);
}

static void add_base64(struct buf *buf, struct str bytes)
{
    char base64[sodium_base64_ENCODED_LEN(BINARY, sodium_base64_VARIANT_ORIGINAL)];
    for (size_t at = 0; at < bytes.n; at += BINARY) {
        size_t n = bytes.n - at < BINARY ? bytes.n - at : BINARY;
        sodium_bin2base64(base64, sizeof base64, (const unsigned char *)bytes.p + at, n,
                          sodium_base64_VARIANT_ORIGINAL);
        buf_add_text(buf, base64);
        buf_add_text(buf, LINE_END);
    }
}

/* "=_" stands in neither quoted-printable nor base64, so that no text can be taken for a boundary.
 */
#define BOUNDARY "=_duet"

static void add_body(struct buf *buf, const struct message *m)
{
    if (m->calendar.n == 0) {
        add_text_part(buf, m->text);
        return;
    }
    buf_add_text(buf, "Content-Type: multipart/alternative; boundary=\"" BOUNDARY
                      "\"" LINE_END LINE_END "--" BOUNDARY LINE_END);
    add_text_part(buf, m->text);
    buf_add_text(buf, LINE_END "--" BOUNDARY LINE_END "Content-Type: text/calendar; charset=utf-8; "
                               "method=");
    buf_add_text(buf, m->calendar_method);
    buf_add_text(buf, LINE_END "Content-Transfer-Encoding: base64" LINE_END LINE_END);
    add_base64(buf, m->calendar);
    buf_add_text(buf, LINE_END "--" BOUNDARY "--" LINE_END);
}

/* An address that stands between angle brackets in a header. */
static bool is_link(struct str url)
{
    for (size_t i = 0; i < url.n; i++) {
        if (url.p[i] <= ' ' || url.p[i] > '~' || url.p[i] == '<' || url.p[i] == '>') {
            return false;
        }
    }
    return url.n < 900;
}

enum err message_write(struct buf *buf, const struct message *m)
{
    const struct str texts[] = {m->from_name, m->to_name, m->subject, m->text};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        size_t bad;
        if (!utf8_is_valid(texts[i], &bad)) {
            return ERR_INVALID;
        }
    }
    if (!is_address(m->from) || !is_address(m->to) || !is_address(m->id) ||
        !is_link(m->unsubscribe)) {
        return ERR_INVALID;
    }
    add_date(buf, m->at_ms);
    add_mailbox(buf, "From: ", m->from_name, m->from);
    add_mailbox(buf, "To: ", m->to_name, m->to);
    add_subject(buf, m->subject);
    buf_add_text(buf, "Message-ID: <");
    buf_add(buf, m->id);
    buf_add_text(buf, ">" LINE_END "MIME-Version: 1.0" LINE_END);
    if (m->unsubscribe.n) {
        buf_add_text(buf, "List-Unsubscribe: <");
        buf_add(buf, m->unsubscribe);
        buf_add_text(buf,
                     ">" LINE_END "List-Unsubscribe-Post: List-Unsubscribe=One-Click" LINE_END);
    }
    buf_add_text(buf, "Auto-Submitted: auto-generated" LINE_END);
    add_body(buf, m);
    struct str all;
    return buf_end(buf, &all);
}
