/* Two small tables, the first that fits: browsers name those they descend from as well. */
#include "web/agent.h"

#include "base/arena.h"
#include "base/buf.h"

#include <stddef.h>

struct sign {
    const char *in, *name;
};

static const struct sign browsers[] = {
    {"Edg", "Edge"},         {"OPR/", "Opera"},         {"SamsungBrowser/", "Samsung Internet"},
    {"Firefox/", "Firefox"}, {"FxiOS/", "Firefox"},     {"CriOS/", "Chrome"},
    {"Chrome/", "Chrome"},   {"Chromium/", "Chromium"}, {"Safari/", "Safari"},
};

static const struct sign systems[] = {
    {"iPhone", "iPhone"},   {"iPad", "iPad"},      {"Android", "Android"}, {"CrOS", "ChromeOS"},
    {"Windows", "Windows"}, {"Mac OS X", "macOS"}, {"Linux", "Linux"},
};

static bool has(struct str text, const char *part)
{
    struct str wanted = str_of(part);
    for (size_t i = 0; i + wanted.n <= text.n; i++) {
        if (memcmp(text.p + i, wanted.p, wanted.n) == 0) {
            return true;
        }
    }
    return false;
}

static const char *find(const struct sign *signs, size_t n, struct str text)
{
    for (size_t i = 0; i < n; i++) {
        if (has(text, signs[i].in)) {
            return signs[i].name;
        }
    }
    return NULL;
}

struct str agent_words(struct arena *arena, struct str user_agent)
{
    const char *browser = find(browsers, sizeof browsers / sizeof *browsers, user_agent);
    const char *system = find(systems, sizeof systems / sizeof *systems, user_agent);
    struct buf buf;
    struct str words;
    buf_init(&buf, arena, 80);
    if (browser) {
        buf_add_text(&buf, browser);
    }
    if (system) {
        buf_add_text(&buf, browser ? ", " : "");
        buf_add_text(&buf, system);
    }
    return buf_end(&buf, &words) == ERR_OK ? words : str_of("");
}
