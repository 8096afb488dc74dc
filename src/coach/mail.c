/* Queueing mail: the payload is "kind person". */
#include "coach/mail.h"

#include "base/buf.h"
#include "coach/coach.h"
#include "coach/queue.h"
#include "coach/settings.h"

#include <stdlib.h>

static const char *const words[MAIL_KIND__MAX] = {
    [MAIL_INVITE] = "invite",
    [MAIL_RESET] = "reset",
    [MAIL_NOTICE] = "notice",
    [MAIL_TEST] = "test",
};

enum err mail_queue(struct coach *coach, enum mail_kind kind, int64_t person_id, struct str key)
{
    bool set = false;
    struct buf buf;
    struct str payload;
    enum err err = settings_is_set(coach, SETTING_SMTP_URL, &set);
    if (err || !set) {
        return err;
    }
    buf_init(&buf, coach->arena, 64);
    buf_addf(&buf, "%s ", words[kind]);
    buf_add_int(&buf, person_id);
    err = buf_end(&buf, &payload);
    return err ? err : queue_add(coach, MAIL_JOB, payload, QUEUE_ONCE, key, coach->now_ms, NULL);
}

enum err mail_read(struct str payload, struct mail *mail)
{
    const char *space = payload.n ? memchr(payload.p, ' ', payload.n) : NULL;
    if (!space) {
        return ERR_INVALID;
    }
    struct str word = {payload.p, (size_t)(space - payload.p)};
    int64_t id = 0;
    for (size_t i = word.n + 1; i < payload.n && i < word.n + 19; i++) {
        if (payload.p[i] < '0' || payload.p[i] > '9') {
            return ERR_INVALID;
        }
        id = 10 * id + (payload.p[i] - '0');
    }
    for (int i = 0; i < MAIL_KIND__MAX; i++) {
        if (str_is(word, words[i]) && id > 0) {
            *mail = (struct mail){(enum mail_kind)i, id};
            return ERR_OK;
        }
    }
    return ERR_INVALID;
}
