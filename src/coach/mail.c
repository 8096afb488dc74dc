/* Queueing mail: the payload is "kind person", "kind person object" or "kind person object
 * version". */
#include "coach/mail.h"

#include "base/buf.h"
#include "coach/coach.h"
#include "coach/queue.h"
#include "coach/settings.h"

static const char *const words[MAIL_KIND__MAX] = {
    [MAIL_INVITE] = "invite", [MAIL_RESET] = "reset",   [MAIL_NOTICE] = "notice",
    [MAIL_TEST] = "test",     [MAIL_DIGEST] = "digest", [MAIL_MEETING] = "meeting",
};

enum err mail_queue_about(struct coach *coach, const struct mail *mail, struct str key)
{
    const int64_t numbers[] = {mail->person_id, mail->object, mail->version};
    bool set = false;
    struct buf buf;
    struct str payload;
    enum err err = settings_is_set(coach, SETTING_SMTP_URL, &set);
    if (err || !set) {
        return err;
    }
    buf_init(&buf, coach->arena, 64);
    buf_add_text(&buf, words[mail->kind]);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers && (i == 0 || numbers[i]); i++) {
        buf_add_char(&buf, ' ');
        buf_add_int(&buf, numbers[i]);
    }
    err = buf_end(&buf, &payload);
    return err ? err : queue_add(coach, MAIL_JOB, payload, QUEUE_ONCE, key, coach->now_ms, NULL);
}

enum err mail_queue(struct coach *coach, enum mail_kind kind, int64_t person_id, struct str key)
{
    return mail_queue_about(coach, &(struct mail){.kind = kind, .person_id = person_id}, key);
}

/* The number at the beginning of a text, up to a blank or the end; the rest is what follows. */
static bool read_number(struct str *text, int64_t *number)
{
    size_t i = 0;
    *number = 0;
    for (; i < text->n && text->p[i] != ' '; i++) {
        if (i >= 18 || text->p[i] < '0' || text->p[i] > '9') {
            return false;
        }
        *number = 10 * *number + (text->p[i] - '0');
    }
    size_t skip = i + (i < text->n);
    *text = (struct str){text->p + skip, text->n - skip};
    return i > 0 && *number > 0;
}

enum err mail_read(struct str payload, struct mail *mail)
{
    const char *space = payload.n ? memchr(payload.p, ' ', payload.n) : NULL;
    if (!space) {
        return ERR_INVALID;
    }
    struct str word = {payload.p, (size_t)(space - payload.p)};
    struct str rest = {space + 1, payload.n - word.n - 1};
    int64_t id = 0, object = 0, version = 0;
    if (!read_number(&rest, &id) || (rest.n && !read_number(&rest, &object)) ||
        (rest.n && !read_number(&rest, &version)) || rest.n) {
        return ERR_INVALID;
    }
    for (int i = 0; i < MAIL_KIND__MAX; i++) {
        if (str_is(word, words[i])) {
            *mail = (struct mail){(enum mail_kind)i, id, object, version};
            return ERR_OK;
        }
    }
    return ERR_INVALID;
}
