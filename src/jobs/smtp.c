/* SMTP by libcurl, one handle per mail. */
#include "jobs/smtp.h"

#include <curl/curl.h>
#include <stdio.h>
#include <string.h>

struct upload {
    struct str left;
};

static size_t give(char *to, size_t size, size_t n, void *ctx)
{
    struct upload *upload = ctx;
    size_t room = size * n, some = upload->left.n < room ? upload->left.n : room;
    memcpy(to, upload->left.p, some);
    upload->left.p += some;
    upload->left.n -= some;
    return some;
}

/* Reads whether the URL is a mail server's, and whether that is this machine. */
static bool read_url(const char *url, bool *local)
{
    static const char *const hosts[] = {"127.0.0.1", "[::1]", "localhost"};
    char *scheme = NULL, *host = NULL;
    CURLU *parsed = curl_url();
    bool good = parsed &&
                curl_url_set(parsed, CURLUPART_URL, url,
                             CURLU_NON_SUPPORT_SCHEME | CURLU_DISALLOW_USER) == CURLUE_OK &&
                curl_url_get(parsed, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK &&
                curl_url_get(parsed, CURLUPART_HOST, &host, 0) == CURLUE_OK &&
                (strcmp(scheme, "smtp") == 0 || strcmp(scheme, "smtps") == 0);
    *local = false;
    for (size_t i = 0; good && i < sizeof hosts / sizeof *hosts; i++) {
        *local |= strcmp(host, hosts[i]) == 0;
    }
    curl_free(scheme);
    curl_free(host);
    curl_url_cleanup(parsed);
    return good;
}

static bool set_up(CURL *curl, const struct smtp_server *server, bool local, const char *from,
                   struct curl_slist *to, struct upload *upload)
{
    long tls = local ? (long)CURLUSESSL_NONE : (long)CURLUSESSL_ALL;
    bool ok = curl_easy_setopt(curl, CURLOPT_URL, server->url) == CURLE_OK;
    ok = ok && curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps") == CURLE_OK;
    ok = ok && curl_easy_setopt(curl, CURLOPT_USE_SSL, tls) == CURLE_OK;
    ok = ok && curl_easy_setopt(curl, CURLOPT_PROXY, "") == CURLE_OK;
    ok = ok && curl_easy_setopt(curl, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED) == CURLE_OK;
    ok = ok && curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L) == CURLE_OK;
    ok = ok && curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, SMTP_CONNECT_MS) == CURLE_OK;
    ok = ok && curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, SMTP_TOTAL_MS) == CURLE_OK;
    ok = ok && curl_easy_setopt(curl, CURLOPT_MAIL_FROM, from) == CURLE_OK;
    ok = ok && curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, to) == CURLE_OK;
    ok = ok && curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L) == CURLE_OK;
    ok = ok && curl_easy_setopt(curl, CURLOPT_READFUNCTION, give) == CURLE_OK;
    ok = ok && curl_easy_setopt(curl, CURLOPT_READDATA, upload) == CURLE_OK;
    if (server->user && *server->user) {
        ok = ok && curl_easy_setopt(curl, CURLOPT_USERNAME, server->user) == CURLE_OK;
        ok = ok && curl_easy_setopt(curl, CURLOPT_PASSWORD,
                                    server->password ? server->password : "") == CURLE_OK;
    }
    return ok;
}

/* What happened, in words that name nobody. */
static const char *words_of(CURLcode code)
{
    switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
        return "the mail server's name is not known";
    case CURLE_COULDNT_CONNECT:
        return "the mail server cannot be reached";
    case CURLE_OPERATION_TIMEDOUT:
        return "the mail server takes too long";
    case CURLE_LOGIN_DENIED:
        return "the mail server refuses the user name or password";
    case CURLE_USE_SSL_FAILED:
        return "the mail server offers no encryption";
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CONNECT_ERROR:
        return "the mail server's certificate cannot be trusted";
    case CURLE_SEND_ERROR:
        return "the mail server refuses the mail";
    default:
        return "the mail could not be handed over";
    }
}

static enum err outcome(CURL *curl, CURLcode code, struct smtp_result *result)
{
    long answer = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer);
    result->code = (int)answer;
    if (code == CURLE_OK) {
        return ERR_OK;
    }
    if (code == CURLE_OUT_OF_MEMORY) {
        return ERR_NOMEM;
    }
    if (answer >= 400) {
        snprintf(result->reason, sizeof result->reason, "%s (%ld)", words_of(code), answer);
    } else {
        snprintf(result->reason, sizeof result->reason, "%s", words_of(code));
    }
    /* 5xx for this sender or this address is for good; for the greeting or the sign-in it is the
     * set-up that is wrong, which somebody may put right. */
    result->refused = code == CURLE_SEND_ERROR && answer >= 500 && answer < 600;
    return result->refused ? ERR_REFUSED : ERR_IO;
}

enum err smtp_send(const struct smtp_server *server, const char *from, const char *to,
                   struct str mail, struct smtp_result *result)
{
    struct upload upload = {mail};
    bool local = false;
    *result = (struct smtp_result){0};
    if (!read_url(server->url, &local)) {
        snprintf(result->reason, sizeof result->reason,
                 "the mail server's address does not begin with smtp:// or smtps://");
        return ERR_INVALID;
    }
    CURL *curl = curl_easy_init();
    struct curl_slist *list = curl ? curl_slist_append(NULL, to) : NULL;
    enum err err = ERR_NOMEM;
    if (list && set_up(curl, server, local, from, list, &upload)) {
        err = outcome(curl, curl_easy_perform(curl), result);
    }
    curl_slist_free_all(list);
    curl_easy_cleanup(curl);
    return err;
}
