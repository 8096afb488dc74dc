/* Handing one mail to a mail server; libcurl speaks SMTP.
 *
 * The connection is encrypted (smtps, or STARTTLS with smtp) and the server's certificate is
 * checked; only with a server on this machine there is neither. */
#ifndef DUET_JOBS_SMTP_H
#define DUET_JOBS_SMTP_H

#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>

#define SMTP_CONNECT_MS 10000L
#define SMTP_TOTAL_MS 60000L
#define SMTP_REASON 200 /* bytes of a reason with its NUL */

struct smtp_server {
    const char *url;  /* "smtps://mail.example.org:465", "smtp://mail.example.org:587" */
    const char *user; /* NULL or "": does not sign in */
    const char *password;
};

struct smtp_result {
    bool refused;             /* the server said no for good: trying again will not help */
    int code;                 /* of its last answer; 0: none */
    char reason[SMTP_REASON]; /* constant words and the code: no address, nothing from the server */
};

/* `mail` as message.h writes it.  ERR_OK: the server has taken it.  ERR_REFUSED: see result.
 * ERR_IO: could not be delivered now.  ERR_INVALID: the URL is not one.  ERR_NOMEM. */
MUST_CHECK enum err smtp_send(const struct smtp_server *server, const char *from, const char *to,
                              struct str mail, struct smtp_result *result);

#endif
