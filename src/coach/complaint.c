/* Collecting complaints, and the commonest reasons for one. */
#include "coach/complaint.h"

#include "base/arena.h"
#include "base/utf8.h"

static const char not_text[] =
    N_("Some characters of this text cannot be read. Please type it again.");
static const char controls[] =
    N_("This text has characters that cannot be shown. Please type it again.");
static const char empty[] = N_("Please fill in this field.");
static const char too_long[] = N_("Please use at most {n} characters.");

void complaint_init(struct complaints *complaints, struct arena *arena)
{
    *complaints = (struct complaints){.arena = arena};
}

static void add(struct complaints *complaints, struct complaint complaint)
{
    complaints->total++;
    if (complaints->n == COMPLAINT_MAX || complaints->err) {
        return;
    }
    if (!complaints->items) {
        complaints->items =
            arena_alloc(complaints->arena, COMPLAINT_MAX, sizeof *complaints->items);
    }
    char *text =
        arena_text(complaints->arena, complaint.text.p ? complaint.text.p : "", complaint.text.n);
    if (!complaints->items || !text) {
        complaints->err = ERR_NOMEM;
        return;
    }
    complaint.text.p = text;
    complaints->items[complaints->n++] = complaint;
}

void complaint_add(struct complaints *complaints, const char *field, const char *msgid)
{
    add(complaints, (struct complaint){.field = field, .msgid = msgid});
}

void complaint_add_int(struct complaints *complaints, const char *field, const char *msgid,
                       const char *name, int64_t number)
{
    add(complaints,
        (struct complaint){
            .field = field, .msgid = msgid, .name = name, .number = number, .is_number = true});
}

void complaint_add_text(struct complaints *complaints, const char *field, const char *msgid,
                        const char *name, struct str text)
{
    add(complaints, (struct complaint){.field = field, .msgid = msgid, .name = name, .text = text});
}

enum err complaint_result(const struct complaints *complaints)
{
    if (complaints->err) {
        return complaints->err;
    }
    return complaints->total ? ERR_INVALID : ERR_OK;
}

/* Why the text cannot be kept, or NULL. */
static const char *trouble(struct str text, bool lines)
{
    size_t bad;
    if (!utf8_is_valid(text, &bad)) {
        return not_text;
    }
    for (size_t at = 0; at < text.n;) {
        int32_t c;
        at += utf8_next((struct str){text.p + at, text.n - at}, &c);
        bool line = c == '\n' || c == '\r' || c == '\t';
        if (((c < 0x20 || (c >= 0x7f && c < 0xa0)) && !(line && lines)) || c == 0x2028 ||
            c == 0x2029 || (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069)) {
            return controls;
        }
    }
    return NULL;
}

static size_t count_characters(struct str text)
{
    size_t n = 0;
    for (size_t i = 0; i < text.n; i++) {
        n += ((unsigned char)text.p[i] & 0xc0) != 0x80;
    }
    return n;
}

bool complaint_clean(struct complaints *complaints, const char *field, struct str text,
                     bool required, bool lines, size_t max, struct str *clean)
{
    struct str form;
    *clean = (struct str){"", 0};
    text = utf8_trim(text);
    const char *why = trouble(text, lines);
    if (why) {
        complaint_add(complaints, field, why);
        return false;
    }
    if (text.n == 0 && required) {
        complaint_add(complaints, field, empty);
        return false;
    }
    if (utf8_nfc_copy(complaints->arena, text, &form)) {
        complaints->err = ERR_NOMEM;
        return false;
    }
    if (count_characters(form) > max) {
        complaint_add_int(complaints, field, too_long, "n", (int64_t)max);
        return false;
    }
    *clean = form;
    return true;
}
