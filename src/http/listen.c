/* Binding. */
#include "http/listen.h"

#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define BACKLOG 511
#define SYSTEMD_FIRST 3
/* An earlier server may still be closing: a tenth of a second apart, and told after a second. */
#define BIND_ATTEMPTS 100
#define BIND_TOLD 10

/* "HOST:PORT", "[HOST]:PORT", "*:PORT". False: not of that form. */
static bool split(const char *text, char host[64], char port[8])
{
    const char *colon = strrchr(text, ':');
    size_t n = colon ? (size_t)(colon - text) : 0;
    if (n == 0 || strlen(colon + 1) == 0 || strlen(colon + 1) > 5 ||
        strspn(colon + 1, "0123456789") != strlen(colon + 1)) {
        return false;
    }
    if (text[0] == '[' && text[n - 1] == ']') {
        text++;
        n -= 2;
    } else if (memchr(text, ':', n)) {
        return false;
    }
    if (n == 0 || n >= 64) {
        return false;
    }
    memcpy(host, text, n);
    host[n] = '\0';
    memcpy(port, colon + 1, strlen(colon + 1) + 1);
    return strtol(port, NULL, 10) <= 65535;
}

/* The address as it is now, with the port that the system chose for port 0. */
static void name_inet(int fd, char *name, size_t size)
{
    struct sockaddr_storage storage;
    socklen_t length = sizeof storage;
    char host[64] = "?", port[8] = "?";
    if (getsockname(fd, (struct sockaddr *)&storage, &length) == 0) {
        getnameinfo((struct sockaddr *)&storage, length, host, sizeof host, port, sizeof port,
                    NI_NUMERICHOST | NI_NUMERICSERV);
    }
    bool six = storage.ss_family == AF_INET6;
    snprintf(name, size, six ? "http://[%s]:%s" : "http://%s:%s", host, port);
}

/* A socket file that nobody listens on any more is in the way. */
static void remove_stale(const struct sockaddr_un *address)
{
    struct stat about;
    if (lstat(address->sun_path, &about) != 0 || !S_ISSOCK(about.st_mode)) {
        return;
    }
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd >= 0) {
        if (connect(fd, (const struct sockaddr *)address, sizeof *address) != 0 &&
            errno == ECONNREFUSED) {
            unlink(address->sun_path);
        }
        close(fd);
    }
}

static int bind_patiently(int fd, const struct sockaddr *address, socklen_t length)
{
    struct timespec pause = {.tv_nsec = 100000000};
    for (int attempt = 0;; attempt++) {
        if (address->sa_family == AF_UNIX) {
            remove_stale((const struct sockaddr_un *)address);
        }
        if (bind(fd, address, length) == 0) {
            return 0;
        }
        if (errno != EADDRINUSE || attempt == BIND_ATTEMPTS) {
            return -1;
        }
        if (attempt == BIND_TOLD) {
            log_event("waiting", "another process still listens there; 9 seconds more");
        }
        nanosleep(&pause, NULL);
    }
}

static int open_inet(const struct addrinfo *info)
{
    int on = 1, off = 0;
    int fd = socket(info->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) {
        return -1;
    }
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on); /* connections inherit it */
    if (info->ai_family == AF_INET6) {
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
    }
    if (bind_patiently(fd, info->ai_addr, info->ai_addrlen) != 0 || listen(fd, BACKLOG) != 0) {
        int reason = errno;
        close(fd);
        errno = reason;
        return -1;
    }
    return fd;
}

static enum err add_inet(struct listen_set *set, const char *text, char *message, size_t size)
{
    char host[64], port[8];
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV};
    struct addrinfo *found = NULL;
    if (!split(text, host, port)) {
        snprintf(message, size, "\"%s\" is no address to listen on, like 127.0.0.1:8080", text);
        return ERR_INVALID;
    }
    bool any = strcmp(host, "*") == 0;
    hints.ai_family = any ? AF_INET6 : AF_UNSPEC;
    int wrong = getaddrinfo(any ? NULL : host, port, &hints, &found);
    if (wrong) {
        snprintf(message, size, "\"%s\" is no address of this machine: %s", host,
                 gai_strerror(wrong));
        return ERR_INVALID;
    }
    int fd = open_inet(found);
    if (fd < 0 && any) { /* a machine without IPv6 */
        freeaddrinfo(found);
        hints.ai_family = AF_INET;
        wrong = getaddrinfo(NULL, port, &hints, &found);
        fd = wrong ? -1 : open_inet(found);
    }
    int reason = errno;
    if (!wrong) {
        freeaddrinfo(found);
    }
    if (fd < 0) {
        snprintf(message, size, "cannot listen on %s: %s", text, strerror(reason));
        return ERR_IO;
    }
    name_inet(fd, set->names[set->n], sizeof set->names[0]);
    set->fds[set->n++] = fd;
    return ERR_OK;
}

static enum err add_unix(struct listen_set *set, const char *path, char *message, size_t size)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (path[0] == '\0' || strlen(path) >= sizeof address.sun_path) {
        snprintf(message, size, "the path of the socket \"%s\" is empty or too long", path);
        return ERR_INVALID;
    }
    memcpy(address.sun_path, path, strlen(path) + 1);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    mode_t mask = umask(0117);
    int bound = fd < 0 ? -1 : bind_patiently(fd, (const struct sockaddr *)&address, sizeof address);
    int reason = errno;
    umask(mask);
    if (bound == 0 && listen(fd, BACKLOG) != 0) {
        reason = errno;
        bound = -1;
    }
    if (bound != 0) {
        snprintf(message, size, "cannot listen on unix:%s: %s", path, strerror(reason));
        if (fd >= 0) {
            close(fd);
        }
        return ERR_IO;
    }
    snprintf(set->names[set->n], sizeof set->names[0], "unix:%s", path);
    set->fds[set->n++] = fd;
    return ERR_OK;
}

/* Sockets that systemd opened for us (sd_listen_fds(3)). */
static enum err add_systemd(struct listen_set *set, char *message, size_t size)
{
    const char *pid = getenv("LISTEN_PID"), *count = getenv("LISTEN_FDS");
    long n = count ? strtol(count, NULL, 10) : 0;
    if (!pid || strtol(pid, NULL, 10) != (long)getpid() || n < 1) {
        snprintf(message, size, "systemd passed no socket (LISTEN_FDS)");
        return ERR_INVALID;
    }
    for (int fd = SYSTEMD_FIRST; fd < SYSTEMD_FIRST + n && set->n < LISTEN_MAX; fd++) {
        int listening = 0;
        socklen_t length = sizeof listening;
        if (getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &length) != 0 || !listening) {
            snprintf(message, size, "what systemd passed as %d is no listening socket", fd);
            return ERR_INVALID;
        }
        /* Shared with systemd: only our own flags may change. */
        int copy = fcntl(fd, F_DUPFD_CLOEXEC, SYSTEMD_FIRST + n);
        if (copy < 0 || fcntl(copy, F_SETFL, fcntl(copy, F_GETFL) | O_NONBLOCK) != 0) {
            snprintf(message, size, "the socket of systemd cannot be used: %s", strerror(errno));
            return ERR_IO;
        }
        name_inet(copy, set->names[set->n], sizeof set->names[0]);
        set->fds[set->n++] = copy;
    }
    return ERR_OK;
}

enum err listen_open(const char *const *where, struct listen_set *set, char *message, size_t size)
{
    *set = (struct listen_set){.n = 0};
    for (int i = 0; where[i]; i++) {
        enum err err = ERR_LIMIT;
        if (set->n == LISTEN_MAX) {
            snprintf(message, size, "more than %d addresses to listen on", LISTEN_MAX);
        } else if (strcmp(where[i], "systemd") == 0) {
            err = add_systemd(set, message, size);
        } else if (strncmp(where[i], "unix:", 5) == 0) {
            err = add_unix(set, where[i] + 5, message, size);
        } else {
            err = add_inet(set, where[i], message, size);
        }
        if (err != ERR_OK) {
            listen_close(set, 1);
            return err;
        }
    }
    if (set->n == 0) {
        snprintf(message, size, "no address to listen on");
        return ERR_INVALID;
    }
    return ERR_OK;
}

void listen_close(struct listen_set *set, int remove)
{
    for (int i = 0; i < set->n; i++) {
        if (remove && strncmp(set->names[i], "unix:", 5) == 0) {
            unlink(set->names[i] + 5);
        }
        close(set->fds[i]);
    }
    set->n = 0;
}

void listen_tell_systemd(const char *state)
{
    const char *path = getenv("NOTIFY_SOCKET");
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (!path || (path[0] != '/' && path[0] != '@') || strlen(path) >= sizeof address.sun_path) {
        return;
    }
    memcpy(address.sun_path, path, strlen(path));
    if (path[0] == '@') {
        address.sun_path[0] = '\0';
    }
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd >= 0) {
        socklen_t length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(path));
        ssize_t sent = sendto(fd, state, strlen(state), MSG_NOSIGNAL,
                              (const struct sockaddr *)&address, length);
        (void)sent; /* systemd has a time limit of its own for us */
        close(fd);
    }
}
