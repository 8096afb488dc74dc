/* Settings of the organisation, declared once in the table of settings.c: name, what it may be,
 * default.
 *
 * Administrators change them; the server reads all.  Some are for everybody (name, language);
 * secrets are never shown again, only whether they are set. */
#ifndef DUET_COACH_SETTINGS_H
#define DUET_COACH_SETTINGS_H

#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct coach;
struct complaints;

enum setting {
    SETTING_ORGANISATION,  /* the organisation's name */
    SETTING_LOCALE,        /* "en" */
    SETTING_TIME_ZONE,     /* "Europe/Madrid"; empty: UTC */
    SETTING_TIMETABLE,     /* when the periods of a day are: "08:30-09:20 09:25-10:15" */
    SETTING_BASE_URL,      /* "https://duet.example.org", for links in mail */
    SETTING_SETUP_DONE,    /* the first set-up is finished: "1" */
    SETTING_SUPPORT_EMAIL, /* whom people ask */
    SETTING_PASSWORDS,     /* signing in with a password is possible: "1" or "0" */
    SETTING_SMTP_URL,      /* "smtps://mail.example.org:465"; empty: no mail */
    SETTING_SMTP_USER,
    SETTING_SMTP_PASSWORD, /* secret */
    SETTING_SMTP_FROM,     /* "duet@example.org" */
    SETTING_OIDC_ISSUER,   /* "https://login.example.org"; empty: no single sign-on */
    SETTING_OIDC_CLIENT_ID,
    SETTING_OIDC_CLIENT_SECRET, /* secret */
    SETTING_OIDC_NAME,          /* on the button: "Riverside account" */
    SETTING__MAX
};

/* The value, or the default.  Who may: settings_audience(). */
enum settings_audience {
    SETTINGS_FOR_ALL, /* also before signing in: name, language, which ways to sign in there are */
    SETTINGS_FOR_ADMIN, /* administrators and the server */
    SETTINGS_SECRET,    /* the server */
};
enum settings_audience settings_audience(enum setting setting);
MUST_CHECK enum err settings_get(struct coach *coach, enum setting setting, struct str *value);
MUST_CHECK enum err settings_get_int(struct coach *coach, enum setting setting, int64_t *value);
/* Whether it was ever set to something that is not empty; also of secrets. */
MUST_CHECK enum err settings_is_set(struct coach *coach, enum setting setting, bool *yes);

/* Trims; empty brings the default back.  ERR_INVALID with a complaint about the field of the
 * setting's name.  For administrators and the server. */
MUST_CHECK enum err settings_set(struct coach *coach, enum setting setting, struct str value,
                                 struct complaints *complaints);

const char *settings_name(enum setting setting); /* "smtp_url": in the database and in forms */

/* Secret keys, made by coach_found(). */
#define SETTINGS_KEY 32
enum settings_key {
    SETTINGS_KEY_RATES,       /* keys of buckets */
    SETTINGS_KEY_INVITATIONS, /* one-time keys */
    SETTINGS_KEY_LINKS,       /* signed links in mail */
    SETTINGS_KEY__MAX
};
/* Ungated.  ERR_NOT_FOUND: coach_found() has not run. */
MUST_CHECK enum err settings_key(struct coach *coach, enum settings_key which,
                                 unsigned char key[SETTINGS_KEY]);
/* Within the room, for coach_found(): makes those that are not there. */
MUST_CHECK enum err settings_make_keys(struct coach *coach);

#endif
