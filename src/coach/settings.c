/* The table of settings, what each may be, and the secret keys. */
#include "coach/settings.h"

#include "base/arena.h"
#include "coach/allow.h"
#include "coach/audit.h"
#include "coach/complaint.h"
#include "coach/people.h"
#include "coach/sql.h"
#include "coach/timetable.h"

#include <sodium.h>

enum shape { LINE, WEB, ISSUER, MAIL_SERVER, EMAIL, SWITCH, LOCALE, ZONE, TIMETABLE };

static const struct {
    const char *name, *standard;
    enum settings_audience audience;
    enum shape shape;
    size_t max; /* characters */
} table[SETTING__MAX] = {
    [SETTING_ORGANISATION] = {"organisation", "", SETTINGS_FOR_ALL, LINE, 200},
    [SETTING_LOCALE] = {"locale", "en", SETTINGS_FOR_ALL, LOCALE, 20},
    [SETTING_TIME_ZONE] = {"time_zone", "", SETTINGS_FOR_ALL, ZONE, 60},
    [SETTING_TIMETABLE] = {"timetable", "", SETTINGS_FOR_ALL, TIMETABLE, 200},
    [SETTING_BASE_URL] = {"base_url", "", SETTINGS_FOR_ALL, WEB, 200},
    [SETTING_SETUP_DONE] = {"setup_done", "0", SETTINGS_FOR_ALL, SWITCH, 1},
    [SETTING_SUPPORT_EMAIL] = {"support_email", "", SETTINGS_FOR_ALL, EMAIL, PEOPLE_EMAIL},
    [SETTING_PASSWORDS] = {"passwords", "1", SETTINGS_FOR_ALL, SWITCH, 1},
    [SETTING_SMTP_URL] = {"smtp_url", "", SETTINGS_FOR_ADMIN, MAIL_SERVER, 200},
    [SETTING_SMTP_USER] = {"smtp_user", "", SETTINGS_FOR_ADMIN, LINE, 200},
    [SETTING_SMTP_PASSWORD] = {"smtp_password", "", SETTINGS_SECRET, LINE, 500},
    [SETTING_SMTP_FROM] = {"smtp_from", "", SETTINGS_FOR_ADMIN, EMAIL, PEOPLE_EMAIL},
    [SETTING_OIDC_ISSUER] = {"oidc_issuer", "", SETTINGS_FOR_ALL, ISSUER, 200},
    [SETTING_OIDC_CLIENT_ID] = {"oidc_client_id", "", SETTINGS_FOR_ADMIN, LINE, 200},
    [SETTING_OIDC_CLIENT_SECRET] = {"oidc_client_secret", "", SETTINGS_SECRET, LINE, 500},
    [SETTING_OIDC_NAME] = {"oidc_name", "", SETTINGS_FOR_ALL, LINE, 60},
};

static const char *const key_names[SETTINGS_KEY__MAX] = {
    [SETTINGS_KEY_RATES] = "key_rates",
    [SETTINGS_KEY_INVITATIONS] = "key_invitations",
    [SETTINGS_KEY_LINKS] = "key_links",
};

const char *settings_name(enum setting setting)
{
    return table[setting].name;
}

enum settings_audience settings_audience(enum setting setting)
{
    return table[setting].audience;
}

/* The stored value; empty where there is none. */
static enum err stored(struct coach *coach, const char *name, struct str *value)
{
    struct db_query *q;
    *value = (struct str){"", 0};
    enum err err = sql_first(coach, SQL_SETTING_GET, SQL_ARGS(sql_word(name)), &q);
    if (err) {
        return err == ERR_NOT_FOUND ? ERR_OK : err;
    }
    *value = sql_copy(coach, q, 0, &err);
    db_finish(q);
    return err;
}

enum err settings_get(struct coach *coach, enum setting setting, struct str *value)
{
    enum settings_audience audience = table[setting].audience;
    enum err err = ERR_OK;
    if (audience == SETTINGS_SECRET && !coach->actor.system) {
        return ERR_FORBIDDEN;
    }
    if (audience == SETTINGS_FOR_ADMIN) {
        err = allowed(coach, ALLOW_VIEW, allow_on(ALLOW_ON_SETTINGS, 0));
    }
    if (err) {
        return err;
    }
    err = stored(coach, table[setting].name, value);
    if (err == ERR_OK && value->n == 0) {
        *value = str_of(table[setting].standard);
    }
    return err;
}

enum err settings_get_int(struct coach *coach, enum setting setting, int64_t *value)
{
    struct str text;
    enum err err = settings_get(coach, setting, &text);
    if (err) {
        return err;
    }
    int64_t number = 0;
    for (size_t i = 0; i < text.n && i < 18; i++) {
        if (text.p[i] < '0' || text.p[i] > '9') {
            return ERR_INVALID;
        }
        number = 10 * number + (text.p[i] - '0');
    }
    *value = number;
    return ERR_OK;
}

enum err settings_is_set(struct coach *coach, enum setting setting, bool *yes)
{
    struct str text;
    enum err err = stored(coach, table[setting].name, &text);
    if (err == ERR_OK) {
        *yes = text.n > 0;
    }
    return err;
}

static bool starts(struct str text, const char *with)
{
    size_t n = strlen(with);
    return text.n > n && memcmp(text.p, with, n) == 0;
}

static bool only(struct str text, const char *others)
{
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!plain && !(c && strchr(others, c))) {
            return false;
        }
    }
    return true;
}

/* What is wrong with a value that is not empty, or NULL. */
static const char *trouble(struct coach *coach, enum shape shape, struct str value)
{
    struct str key;
    struct timetable timetable;
    switch (shape) {
    case LINE:
        return NULL;
    case WEB:
        return (starts(value, "https://") || starts(value, "http://")) && only(value, ":/.-_~%") &&
                       value.p[value.n - 1] != '/'
                   ? NULL
                   : N_("This is an address such as https://duet.example.org, without a slash at "
                        "the "
                        "end.");
    case ISSUER: /* some end with a slash, and it is part of the name */
        return (starts(value, "https://") || starts(value, "http://")) && only(value, ":/.-_~%")
                   ? NULL
                   : N_("This is an address such as https://login.example.org.");
    case MAIL_SERVER:
        return (starts(value, "smtp://") || starts(value, "smtps://")) && only(value, ":/.-_[]")
                   ? NULL
                   : N_("This is an address such as smtps://mail.example.org:465 or "
                        "smtp://mail.example.org:587.");
    case EMAIL:
        return people_email_key(coach, value, &key) ? N_("This is not an e-mail address.") : NULL;
    case SWITCH:
        return str_is(value, "0") || str_is(value, "1") ? NULL : N_("Please choose yes or no.");
    case LOCALE:
        return only(value, "-") ? NULL : N_("This is not a language that Duet knows.");
    case ZONE:
        return only(value, "/_+-") ? NULL : N_("This is a time zone such as Europe/Madrid.");
    case TIMETABLE:
        return timetable_read(value, &timetable)
                   ? NULL
                   : N_("These are times in order, such as 08:30-09:20 09:25-10:15, one for each "
                        "period of the day.");
    }
    return NULL;
}

enum err settings_set(struct coach *coach, enum setting setting, struct str value,
                      struct complaints *complaints)
{
    struct allow_object object = allow_on(ALLOW_ON_SETTINGS, (int64_t)setting);
    const char *name = table[setting].name;
    struct str clean;
    enum err err = allowed(coach, ALLOW_EDIT, object);
    if (err) {
        return err;
    }
    if (!complaint_clean(complaints, name, value, false, false, table[setting].max, &clean)) {
        return complaint_result(complaints);
    }
    const char *why = clean.n ? trouble(coach, table[setting].shape, clean) : NULL;
    if (why) {
        complaint_add(complaints, name, why);
        return complaint_result(complaints);
    }
    err = sql_run(coach, SQL_SETTING_SET,
                  SQL_ARGS(sql_word(name), sql_text(clean), sql_int(coach->now_ms)), NULL);
    return err ? err : audit_note(coach, ALLOW_EDIT, object, name);
}

enum err settings_key(struct coach *coach, enum settings_key which, unsigned char key[SETTINGS_KEY])
{
    struct str hex;
    size_t n = 0;
    enum err err = stored(coach, key_names[which], &hex);
    if (err) {
        return err;
    }
    if (hex.n == 0) {
        return ERR_NOT_FOUND;
    }
    if (sodium_hex2bin(key, SETTINGS_KEY, hex.p, hex.n, NULL, &n, NULL) || n != SETTINGS_KEY) {
        return ERR_INVALID;
    }
    return ERR_OK;
}

enum err settings_make_keys(struct coach *coach)
{
    enum err err = ERR_OK;
    for (int i = 0; i < SETTINGS_KEY__MAX && err == ERR_OK; i++) {
        unsigned char key[SETTINGS_KEY];
        char hex[2 * SETTINGS_KEY + 1];
        randombytes_buf(key, sizeof key);
        sodium_bin2hex(hex, sizeof hex, key, sizeof key);
        err =
            sql_run(coach, SQL_SETTING_MAKE,
                    SQL_ARGS(sql_word(key_names[i]), sql_word(hex), sql_int(coach->now_ms)), NULL);
        sodium_memzero(key, sizeof key);
        sodium_memzero(hex, sizeof hex);
    }
    return err;
}
