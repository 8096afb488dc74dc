/* What a server_process gets: a way to wait that ends when it is told to stop. */
#include "http/process.h"

#include "base/log.h"
#include "http/metrics.h"
#include "http/sandbox.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

struct server_child {
    const struct server_process *process;
    const struct server_options *options;
    struct metrics *metrics;
    int signals;
    bool ready, stopping;
};

bool server_child_wait(struct server_child *child, int fd, int ms)
{
    if (!child->ready) { /* whoever can wait has what it needs */
        child->ready = true;
        metrics_add(child->metrics, METRICS_READY, 1);
    }
    struct pollfd polls[2] = {{.fd = child->signals, .events = POLLIN},
                              {.fd = fd, .events = POLLIN}};
    if (!child->stopping && poll(polls, fd >= 0 ? 2 : 1, ms) > 0 && (polls[0].revents & POLLIN)) {
        child->stopping = true;
    }
    return child->stopping;
}

bool server_child_stopping(struct server_child *child)
{
    return server_child_wait(child, -1, 0);
}

struct metrics *server_child_metrics(struct server_child *child)
{
    return child->metrics;
}

enum err server_child_enclose(struct server_child *child)
{
    struct sandbox_rules rules = child->process->sandbox;
    struct sandbox_state state;
    if (child->options->no_sandbox) {
        return ERR_OK;
    }
    enum err err = sandbox_add_write(&rules, child->options->data_dir);
    return err == ERR_OK ? sandbox_enter(&rules, &state) : err;
}

int process_run(const struct server_process *process, const struct server_options *options,
                void *ctx, struct metrics *metrics)
{
    struct server_child child = {.process = process, .options = options, .metrics = metrics};
    sigset_t term;
    sigemptyset(&term);
    sigaddset(&term, SIGTERM);
    child.signals = signalfd(-1, &term, SFD_CLOEXEC | SFD_NONBLOCK);
    if (child.signals < 0) {
        log_event("process cannot begin", process->name);
        return 70;
    }
    process->run(ctx, &child);
    return child.stopping ? 0 : 70;
}
