/* Drives openid.h from a test: one command a line on the standard input, one answer a line.
 *
 *     openid_probe ISSUER CLIENT_ID CLIENT_SECRET REDIRECT_URI
 *     authorize SECONDS           a fresh flow; prints the address to go to
 *     exchange SECONDS CODE ISS   with the flow of the last authorize ("-" for no iss)
 *
 * SECONDS are added to the clock, so that a test need not wait. */
#include "http/openid.h"

#include "base/arena.h"
#include "http/fetch.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct probe {
    struct openid *openid;
    struct openid_flow flow;
    char secrets[3][44];
};

/* The secrets of a fresh flow. */
static void begin(struct probe *probe)
{
    for (int i = 0; i < 3; i++) {
        unsigned char bytes[32];
        randombytes_buf(bytes, sizeof bytes);
        sodium_bin2base64(probe->secrets[i], sizeof probe->secrets[i], bytes, sizeof bytes,
                          sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    }
    probe->flow = (struct openid_flow){probe->secrets[0], probe->secrets[1], probe->secrets[2]};
}

static void authorize(struct probe *probe, struct arena *arena, int64_t now_s)
{
    struct str url;
    begin(probe);
    enum err err = openid_authorize(probe->openid, arena, now_s, &probe->flow, &url);
    if (err) {
        printf("%s: %s\n", err_name(err), openid_reason(probe->openid));
    } else {
        printf("%s\n", url.p);
    }
}

static void exchange(struct probe *probe, struct arena *arena, int64_t now_s, const char *code,
                     const char *iss)
{
    struct openid_claims claims;
    struct str issuer = strcmp(iss, "-") == 0 ? str_of("") : str_of(iss);
    enum err err =
        openid_exchange(probe->openid, arena, now_s, &probe->flow, str_of(code), issuer, &claims);
    if (err) {
        printf("%s: %s\n", err_name(err), openid_reason(probe->openid));
    } else {
        printf("ok %s %s %s %s\n", claims.subject.p, claims.email.p,
               claims.email_verified ? "verified" : "unverified", claims.name.p);
    }
}

/* One line: words separated by single blanks. */
static void obey(struct probe *probe, char *line)
{
    const char *words[4] = {line, "", "", ""};
    int n = 1;
    for (char *p = line; *p && n < 4; p++) {
        if (*p == ' ') {
            *p = '\0';
            words[n++] = p + 1;
        }
    }
    struct arena *arena = arena_new(16u << 20);
    int64_t now_s = (int64_t)time(NULL) + strtoll(words[1], NULL, 10);
    if (strcmp(words[0], "authorize") == 0) {
        authorize(probe, arena, now_s);
    } else {
        exchange(probe, arena, now_s, words[2], words[3]);
    }
    arena_free(arena);
    fflush(stdout);
}

int main(int argc, char *argv[])
{
    char line[8192];
    struct probe probe = {0};
    struct arena *arena = arena_new(16u << 20);
    if (argc != 5 || sodium_init() < 0 || !arena) {
        return 2;
    }
    struct openid_provider provider = {argv[1], argv[2], argv[3], argv[4]};
    enum err err = openid_new(arena, &provider, fetch, &probe.openid);
    if (err) {
        printf("%s\n", err_name(err));
    }
    while (!err && fgets(line, sizeof line, stdin)) {
        line[strcspn(line, "\n")] = '\0';
        obey(&probe, line);
    }
    arena_free(arena);
    return err ? 1 : 0;
}
