/* Sockets of messages: each question is one message, so is its answer. */
#include "http/service_process.h"

#include "base/arena.h"
#include "base/log.h"
#include "http/metrics.h"
#include "http/sandbox.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#define MAX_CONNECTIONS 256
#define BACKLOG 128
#define QUESTION_MEMORY ((size_t)64 << 20) /* of the arena that an answer is made in */
#define TICK_MS 1000
#define LEAVE_MS 25000 /* after SIGTERM, for those who still ask */

struct process {
    const struct service_spec *spec;
    void *state;
    struct pollfd polls[2 + MAX_CONNECTIONS]; /* signals, listening, connections */
    nfds_t n;
    bool stopping;
    int stop_rounds;
    char message[sizeof(struct service_header) + SERVICE_MAX_MESSAGE];
};

enum { POLL_SIGNAL, POLL_LISTEN, POLL_FIRST };

/* A listening socket with a name that the kernel chooses (autobind, unix(7)). */
static enum err open_address(struct service_address *address, int service)
{
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    socklen_t length = sizeof address->name;
    int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) {
        return ERR_IO;
    }
    if (bind(fd, (const struct sockaddr *)&name, sizeof name.sun_family) != 0 ||
        listen(fd, BACKLOG) != 0 ||
        getsockname(fd, (struct sockaddr *)&address->name, &length) != 0) {
        close(fd);
        return ERR_IO;
    }
    address->service = service;
    address->fd = fd;
    address->name_length = length;
    return ERR_OK;
}

enum err service_process_listen(const struct service_spec *const *services, struct service_set *set)
{
    set->n = 0;
    for (int s = 0; services && services[s]; s++) {
        int wanted = services[s]->n_processes > 0 ? services[s]->n_processes : 1;
        for (int i = 0; i < wanted; i++) {
            if (set->n == SERVICE_MAX_PROCESSES) {
                return ERR_LIMIT;
            }
            enum err err = open_address(&set->addresses[set->n], s);
            if (err != ERR_OK) {
                return err;
            }
            set->n++;
        }
    }
    return ERR_OK;
}

static void drop(struct process *process, nfds_t i)
{
    close(process->polls[i].fd);
    process->polls[i] = process->polls[--process->n];
}

static void take_connection(struct process *process)
{
    struct ucred peer;
    socklen_t length = sizeof peer;
    int fd = accept4(process->polls[POLL_LISTEN].fd, NULL, NULL, SOCK_CLOEXEC);
    if (fd < 0) {
        return;
    }
    bool ours =
        getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &length) == 0 && peer.uid == geteuid();
    if (!ours || process->n == POLL_FIRST + MAX_CONNECTIONS) {
        close(fd);
        return;
    }
    process->polls[process->n++] = (struct pollfd){.fd = fd, .events = POLLIN};
}

/* Answers one question.  False: the connection is of no more use. */
static bool serve(struct process *process, int fd)
{
    struct service_header header;
    ssize_t n = recv(fd, process->message, sizeof process->message, MSG_DONTWAIT);
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) {
        return true;
    }
    if (n < (ssize_t)sizeof header) {
        return false;
    }
    memcpy(&header, process->message, sizeof header);
    struct arena *arena = arena_new(QUESTION_MEMORY);
    struct buf answer;
    struct str text = {"", 0};
    enum err err = arena ? ERR_OK : ERR_NOMEM;
    if (arena) {
        struct str question = {process->message + sizeof header, (size_t)n - sizeof header};
        buf_init(&answer, arena, SERVICE_MAX_MESSAGE);
        err = process->spec->answer(process->state, question, arena, &answer);
        err = err == ERR_OK ? buf_end(&answer, &text) : err;
    }
    header.err = (int32_t)err;
    header.n = (uint32_t)text.n;
    struct iovec parts[2] = {{&header, sizeof header}, {(void *)(uintptr_t)text.p, text.n}};
    struct msghdr reply = {.msg_iov = parts, .msg_iovlen = 2};
    bool sent = sendmsg(fd, &reply, MSG_NOSIGNAL) == (ssize_t)(sizeof header + text.n);
    explicit_bzero(process->message, (size_t)n);
    arena_free(arena);
    return sent;
}

/* One question of each connection that has one, so that no worker waits for another's many. */
static void serve_round(struct process *process)
{
    for (nfds_t i = process->n; i-- > POLL_FIRST;) {
        short what = process->polls[i].revents;
        if (what == 0) {
            continue;
        }
        if (!(what & POLLIN) || !serve(process, process->polls[i].fd)) {
            drop(process, i);
        }
    }
}

static enum err begin(struct process *process, bool no_sandbox)
{
    struct sandbox_state state;
    const struct service_spec *spec = process->spec;
    enum err err = spec->begin ? spec->begin(spec->ctx, &process->state) : ERR_OK;
    if (err == ERR_OK && !no_sandbox) {
        err = sandbox_enter(&spec->sandbox, &state);
    }
    return err;
}

int service_process_run(const struct service_spec *spec, const struct service_address *address,
                        bool no_sandbox, struct metrics *metrics)
{
    static const int failed = 70;
    struct process process = {.spec = spec, .n = POLL_FIRST};
    sigset_t term;
    sigemptyset(&term);
    sigaddset(&term, SIGTERM);
    int signals = signalfd(-1, &term, SFD_CLOEXEC | SFD_NONBLOCK);
    process.polls[POLL_SIGNAL] = (struct pollfd){.fd = signals, .events = POLLIN};
    process.polls[POLL_LISTEN] = (struct pollfd){.fd = address->fd, .events = POLLIN};
    enum err err = signals < 0 ? ERR_IO : begin(&process, no_sandbox);
    if (err != ERR_OK) {
        struct log line;
        log_begin(&line, "service cannot begin");
        log_text(&line, "service", str_of(spec->name));
        log_text(&line, "error", str_of(err_name(err)));
        log_end(&line);
        return failed;
    }
    metrics_add(metrics, METRICS_READY, 1);
    while (!process.stopping || process.n > POLL_FIRST) {
        int ready = poll(process.polls, process.n, TICK_MS);
        if (ready == 0 && spec->tick) {
            spec->tick(process.state);
        }
        if (process.stopping && ready == 0 && ++process.stop_rounds > LEAVE_MS / TICK_MS) {
            break;
        }
        if (ready <= 0) {
            continue;
        }
        serve_round(&process);
        if (process.polls[POLL_LISTEN].revents & POLLIN) {
            take_connection(&process);
        }
        if (process.polls[POLL_SIGNAL].revents & POLLIN) {
            process.stopping = true;
            process.polls[POLL_SIGNAL].fd = -1;
        }
    }
    if (spec->end) {
        spec->end(process.state);
    }
    return 0;
}
