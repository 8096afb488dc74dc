/* Outgoing requests through libcurl, one handle per request. */
#include "http/fetch.h"

#include "base/arena.h"
#include "base/buf.h"

#include <curl/curl.h>
#include <stdio.h>
#include <string.h>

struct receipt {
    struct buf buf;
    enum err err;
};

static size_t receive(char *data, size_t size, size_t n, void *ctx)
{
    struct receipt *receipt = ctx;
    buf_add(&receipt->buf, (struct str){data, size * n});
    receipt->err = receipt->buf.err;
    return receipt->err ? 0 : size * n;
}

/* Whether an http URL names this machine. */
static bool is_local(const char *host)
{
    static const char *const hosts[] = {"127.0.0.1", "[::1]", "localhost"};
    bool local = false;
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
        local = local || strcmp(host, hosts[i]) == 0;
    }
    return local;
}

bool fetch_allowed(const char *url)
{
    char *scheme = NULL, *host = NULL, *user = NULL;
    bool allowed = false;
    CURLU *parsed = curl_url();
    if (parsed && strlen(url) <= FETCH_MAX_URL &&
        curl_url_set(parsed, CURLUPART_URL, url, CURLU_DISALLOW_USER) == CURLUE_OK &&
        curl_url_get(parsed, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK &&
        curl_url_get(parsed, CURLUPART_HOST, &host, 0) == CURLUE_OK) {
        allowed = strcmp(scheme, "https") == 0 || (strcmp(scheme, "http") == 0 && is_local(host));
    }
    curl_free(scheme);
    curl_free(host);
    curl_free(user);
    curl_url_cleanup(parsed);
    return allowed;
}

/* All that is asked of a handle; false when the library does not know one of them. */
static bool set_up(CURL *curl, const struct fetch_request *request, struct receipt *receipt,
                   char *message)
{
    bool ok = curl_easy_setopt(curl, CURLOPT_URL, request->url) == CURLE_OK;
    ok = ok && curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, message) == CURLE_OK;
    ok = ok && curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, receive) == CURLE_OK;
    ok = ok && curl_easy_setopt(curl, CURLOPT_WRITEDATA, receipt) == CURLE_OK;
    ok = ok && curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https") == CURLE_OK;
    ok = ok && curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK;
    ok = ok && curl_easy_setopt(curl, CURLOPT_PROXY, "") == CURLE_OK;
    ok = ok && curl_easy_setopt(curl, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED) == CURLE_OK;
    ok = ok && curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L) == CURLE_OK;
    ok = ok && curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, FETCH_CONNECT_MS) == CURLE_OK;
    ok = ok && curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, FETCH_TOTAL_MS) == CURLE_OK;
    ok = ok && curl_easy_setopt(curl, CURLOPT_USERAGENT, "Duet") == CURLE_OK;
    if (request->form) {
        ok = ok && curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request->form) == CURLE_OK;
    }
    if (request->user) {
        ok = ok && curl_easy_setopt(curl, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC) == CURLE_OK;
        ok = ok && curl_easy_setopt(curl, CURLOPT_USERNAME, request->user) == CURLE_OK;
        ok = ok && curl_easy_setopt(curl, CURLOPT_PASSWORD, request->password) == CURLE_OK;
    }
    return ok;
}

static enum err failure(const struct receipt *receipt, CURLcode code, const char *message,
                        char reason[FETCH_REASON])
{
    if (receipt->err) {
        snprintf(reason, FETCH_REASON, "the answer is too long");
        return receipt->err;
    }
    snprintf(reason, FETCH_REASON, "%s", *message ? message : curl_easy_strerror(code));
    for (char *p = reason; *p; p++) {
        *p = (unsigned char)*p < ' ' ? ' ' : *p;
    }
    return code == CURLE_PEER_FAILED_VERIFICATION ? ERR_REFUSED : ERR_IO;
}

enum err fetch(struct arena *arena, const struct fetch_request *request, struct fetch_reply *reply,
               char reason[FETCH_REASON])
{
    char message[CURL_ERROR_SIZE] = "";
    struct receipt receipt = {.err = ERR_OK};
    enum err err = ERR_OK;
    *reason = '\0';
    if (!fetch_allowed(request->url)) {
        snprintf(reason, FETCH_REASON, "only https addresses are asked");
        return ERR_FORBIDDEN;
    }
    buf_init(&receipt.buf, arena, FETCH_MAX_REPLY);
    CURL *curl = curl_easy_init();
    if (!curl) {
        return ERR_NOMEM;
    }
    CURLcode code = set_up(curl, request, &receipt, message) ? curl_easy_perform(curl)
                                                             : CURLE_BAD_FUNCTION_ARGUMENT;
    if (code == CURLE_OK) {
        code = curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &reply->status);
    }
    if (code != CURLE_OK) {
        err = failure(&receipt, code, message, reason);
    } else {
        err = buf_end(&receipt.buf, &reply->body);
    }
    curl_easy_cleanup(curl);
    return err;
}
