/* The master: opens, forks, waits.  It reads nothing that comes from outside. */
#include "http/server.h"

#include "base/log.h"
#include "http/child.h"
#include "http/listen.h"
#include "http/metrics.h"
#include "http/process.h"
#include "http/service_process.h"
#include "http/upload.h"
#include "http/worker.h"

#include <errno.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define SWEEP_MS (60LL * 60 * 1000)
#define STOP_MS 20000
#define STOP_GRACE_MS 5000 /* beyond stop_ms, before children are killed */
#define MAX_FILES 16384    /* descriptors that a worker may have, if the system lets us */

struct master {
    const struct server_options *options;
    const struct server_app *app;
    int n_workers;
    struct listen_set listeners;
    struct service_set services;
    struct metrics *metrics;
    struct child_table children;
    sigset_t signals, before; /* that we wait for; the mask we came with */
    pid_t pid;
    bool stopping;
    int64_t kill_at_ms, sweep_at_ms;
};

static const char *name_of(const struct master *master, const struct child *child)
{
    switch (child->kind) {
    case CHILD_SERVICE:
        return master->app->services[master->services.addresses[child->index].service]->name;
    case CHILD_PROCESS:
        return master->app->processes[child->index]->name;
    default:
        return "worker";
    }
}

/* What a child must not have: sockets that are others' to read. */
static void close_foreign(struct master *master, const struct child *child)
{
    for (int i = 0; i < master->services.n; i++) {
        if (child->kind != CHILD_SERVICE || child->index != i) {
            close(master->services.addresses[i].fd);
        }
    }
    if (child->kind != CHILD_WORKER) {
        listen_close(&master->listeners, 0);
    }
}

/* What ps and top call it: duet-worker, duet-jobs ... */
static void take_name(const struct master *master, const struct child *child)
{
    char name[16];
    snprintf(name, sizeof name, "duet-%s", name_of(master, child));
    prctl(PR_SET_NAME, name);
}

static int child_main(struct master *master, const struct child *child)
{
    /* Ends with the master, even if that was killed. */
    if (prctl(PR_SET_PDEATHSIG, SIGTERM) != 0 || getppid() != master->pid) {
        return WORKER_EXIT_FAILED;
    }
    signal(SIGINT, SIG_IGN); /* a terminal sends it to all: the master decides */
    signal(SIGHUP, SIG_IGN);
    signal(SIGPIPE, SIG_IGN);
    sigset_t mask = master->before;
    if (child->kind != CHILD_WORKER) {
        sigaddset(&mask, SIGTERM); /* they read it from a descriptor */
    }
    sigprocmask(SIG_SETMASK, &mask, NULL);
    metrics_use_slot(master->metrics, child->slot);
    take_name(master, child);
    close_foreign(master, child);
    const struct server_options *options = master->options;
    const struct server_app *app = master->app;
    switch (child->kind) {
    case CHILD_SERVICE: {
        const struct service_address *address = &master->services.addresses[child->index];
        return service_process_run(app->services[address->service], address, options->no_sandbox,
                                   master->metrics);
    }
    case CHILD_PROCESS:
        return process_run(app->processes[child->index], options, app->ctx, master->metrics);
    default:
        return worker_run(options, app, child->index, &master->listeners, &master->services,
                          master->metrics);
    }
}

static void start(struct master *master, struct child *child)
{
    child_take_slot(&master->children, child);
    fflush(NULL);
    child->started_ms = worker_clock_ms();
    pid_t pid = fork();
    if (pid == 0) {
        int status = child_main(master, child);
        if (master->options->no_sandbox) {
            exit(status); /* what checks at exit for leaks may do so */
        }
        _exit(status);
    }
    if (pid < 0) {
        log_event("cannot start a process", strerror(errno));
        child_ended(&master->children, child, CHILD_END_FAILED, child->started_ms);
        return;
    }
    child->pid = pid;
}

/* Starts what is due; how long until the next is, in ms. */
static int64_t start_due(struct master *master)
{
    int64_t now = worker_clock_ms(), next = SWEEP_MS;
    for (int i = 0; i < master->children.n && !master->stopping; i++) {
        struct child *child = &master->children.items[i];
        if (child->pid == 0 && child->start_at_ms <= now) {
            start(master, child);
        }
        if (child->pid == 0 && child->start_at_ms - now < next) {
            next = child->start_at_ms - now;
        }
    }
    return next > 0 ? next : 1;
}

/* `pause`: until it is started again; -1: it is not. */
static void log_end_of(const struct master *master, const struct child *child, int status,
                       int64_t pause)
{
    struct log line;
    log_begin(&line, "process ended");
    log_text(&line, "name", str_of(name_of(master, child)));
    log_int(&line, "pid", child->pid);
    if (WIFSIGNALED(status)) {
        log_int(&line, "signal", WTERMSIG(status));
    } else {
        log_int(&line, "status", WEXITSTATUS(status));
    }
    if (pause >= 0) {
        log_int(&line, "again_in_ms", pause);
    }
    log_end(&line);
}

static void reap(struct master *master)
{
    int status;
    pid_t pid;
    while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
        struct child *child = child_of_pid(&master->children, pid);
        if (!child) {
            continue;
        }
        struct child ended = *child;
        bool clean = WIFEXITED(status) && WEXITSTATUS(status) == 0;
        bool wanted = WIFEXITED(status) && WEXITSTATUS(status) == WORKER_EXIT_RECYCLE;
        bool ready = metrics_leave_slot(master->metrics, child->slot);
        enum child_end how = wanted  ? CHILD_END_WANTED
                             : ready ? CHILD_END_BROKEN
                                     : CHILD_END_FAILED;
        int64_t pause = child_ended(&master->children, child, how, worker_clock_ms());
        pause = master->stopping ? -1 : pause;
        if (pause >= 0) {
            metrics_add(master->metrics, METRICS_RESTARTS, 1);
        }
        if (!clean || pause >= 0) {
            log_end_of(master, &ended, status, pause);
        }
    }
}

static void signal_children(struct master *master, enum child_kind kind, int number)
{
    for (int i = 0; i < master->children.n; i++) {
        struct child *child = &master->children.items[i];
        if (child->kind == kind && child->pid > 0) {
            kill(child->pid, number);
        }
    }
}

/* New workers and processes; the old ones finish what they have and go. */
static void reload(struct master *master)
{
    int64_t now = worker_clock_ms();
    int n = master->children.n;
    log_event("reload", "new workers start, the old ones finish");
    for (int i = 0; i < n; i++) {
        struct child *old = &master->children.items[i];
        if (old->kind == CHILD_SERVICE || old->retiring || old->pid == 0) {
            continue;
        }
        if (!child_add(&master->children, old->kind, old->index, now)) {
            log_event("reload", "too many processes still finish; try again later");
            return;
        }
        old->retiring = true;
        kill(old->pid, SIGTERM);
    }
}

static void begin_stop(struct master *master)
{
    int64_t ms = master->options->stop_ms > 0 ? master->options->stop_ms : STOP_MS;
    if (master->stopping) {
        return;
    }
    log_event("stop", "requests in flight are finished");
    master->stopping = true;
    master->kill_at_ms = worker_clock_ms() + ms + STOP_GRACE_MS;
    listen_tell_systemd("STOPPING=1");
    listen_close(&master->listeners, 1);
    signal_children(master, CHILD_WORKER, SIGTERM);
    signal_children(master, CHILD_PROCESS, SIGTERM);
}

/* Services leave last, because workers may still ask them.  True: nobody is left. */
static bool go_on_stopping(struct master *master)
{
    const struct child_table *children = &master->children;
    bool others = child_running(children, CHILD_WORKER) + child_running(children, CHILD_PROCESS);
    if (!others) {
        signal_children(master, CHILD_SERVICE, SIGTERM);
    }
    if (worker_clock_ms() > master->kill_at_ms) {
        for (int kind = 0; kind < CHILD_KIND__MAX; kind++) {
            signal_children(master, (enum child_kind)kind, SIGKILL);
        }
    }
    return !others && child_running(children, CHILD_SERVICE) == 0;
}

static void sweep(struct master *master)
{
    int64_t now = worker_clock_ms();
    if (now >= master->sweep_at_ms) {
        master->sweep_at_ms = now + SWEEP_MS;
        upload_sweep(master->options->data_dir, worker_time_ms());
    }
}

static void wait_for_signal(struct master *master, int64_t ms)
{
    struct timespec wait = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
    switch (sigtimedwait(&master->signals, NULL, &wait)) {
    case SIGTERM:
    case SIGINT:
        begin_stop(master);
        break;
    case SIGHUP:
        if (!master->stopping) {
            reload(master);
        }
        break;
    default:
        break;
    }
}

static void supervise(struct master *master)
{
    for (;;) {
        sweep(master);
        int64_t next = start_due(master);
        wait_for_signal(master, master->stopping ? 200 : next);
        reap(master);
        if (master->stopping && go_on_stopping(master)) {
            return;
        }
    }
}

static enum err plan_children(struct master *master)
{
    int64_t now = worker_clock_ms();
    bool fits = true;
    for (int i = 0; i < master->services.n; i++) {
        fits = fits && child_add(&master->children, CHILD_SERVICE, i, now);
    }
    for (int i = 0; i < master->n_workers; i++) {
        fits = fits && child_add(&master->children, CHILD_WORKER, i, now);
    }
    for (int i = 0; master->app->processes && master->app->processes[i]; i++) {
        fits = fits && child_add(&master->children, CHILD_PROCESS, i, now);
    }
    return fits ? ERR_OK : ERR_LIMIT;
}

static int fail(const char *message)
{
    fprintf(stderr, "duet: %s\n", message);
    return 1;
}

static void raise_limits(void)
{
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < MAX_FILES) {
        files.rlim_cur = files.rlim_max < MAX_FILES ? files.rlim_max : MAX_FILES;
        /* Where it is refused the worker takes fewer connections: accept then says EMFILE. */
        int refused = setrlimit(RLIMIT_NOFILE, &files);
        (void)refused;
    }
}

static int prepare_folder(const struct server_options *options)
{
    char message[512];
    struct stat about;
    if (mkdir(options->data_dir, 0700) != 0 && errno != EEXIST) {
        snprintf(message, sizeof message, "cannot make the folder %s: %s", options->data_dir,
                 strerror(errno));
        return fail(message);
    }
    if (stat(options->data_dir, &about) != 0 || !S_ISDIR(about.st_mode) ||
        upload_prepare(options->data_dir) != ERR_OK) {
        snprintf(message, sizeof message, "%s is no folder that can be written to",
                 options->data_dir);
        return fail(message);
    }
    return 0;
}

static int open_all(struct master *master)
{
    char message[512];
    if (sodium_init() < 0) {
        return fail("the library of cryptography (libsodium) cannot be used");
    }
    if (prepare_folder(master->options) != 0) {
        return 1;
    }
    raise_limits();
    if (listen_open(master->options->listen, &master->listeners, message, sizeof message) !=
        ERR_OK) {
        return fail(message);
    }
    master->metrics = metrics_new(CHILD_MAX + 1, master->app->metrics, master->app->n_metrics);
    if (!master->metrics ||
        service_process_listen(master->app->services, &master->services) != ERR_OK ||
        plan_children(master) != ERR_OK) {
        return fail("not enough memory or descriptors to start");
    }
    metrics_use_slot(master->metrics, CHILD_MAX); /* the master's own */
    return 0;
}

static void announce(struct master *master)
{
    const char *names[LISTEN_MAX];
    for (int i = 0; i < master->listeners.n; i++) {
        struct log line;
        names[i] = master->listeners.names[i];
        log_begin(&line, "listening");
        log_text(&line, "address", str_of(names[i]));
        log_int(&line, "workers", master->n_workers);
        log_end(&line);
    }
    if (master->app->ready) {
        master->app->ready(master->app->ctx, names, master->listeners.n);
    }
    listen_tell_systemd("READY=1");
}

static int worker_count(const struct server_options *options)
{
    long n = options->n_workers > 0 ? options->n_workers : sysconf(_SC_NPROCESSORS_ONLN);
    return n < 1 ? 1 : n > SERVER_MAX_WORKERS ? SERVER_MAX_WORKERS : (int)n;
}

static void block_signals(struct master *master)
{
    const int numbers[] = {SIGCHLD, SIGTERM, SIGINT, SIGHUP};
    sigemptyset(&master->signals);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        sigaddset(&master->signals, numbers[i]);
    }
    signal(SIGPIPE, SIG_IGN);
    sigprocmask(SIG_BLOCK, &master->signals, &master->before);
}

int server_run(const struct server_options *options, const struct server_app *app)
{
    struct master *master = calloc(1, sizeof *master);
    if (!master) {
        return fail("out of memory");
    }
    master->options = options;
    master->app = app;
    master->n_workers = worker_count(options);
    master->pid = getpid();
    block_signals(master);
    int status = open_all(master);
    if (status == 0) {
        if (options->no_sandbox) {
            log_event("sandbox", "off: for debugging only");
        }
        start_due(master);
        announce(master);
        supervise(master);
        log_event("stopped", "all processes have ended");
    }
    listen_close(&master->listeners, 1);
    for (int i = 0; i < master->services.n; i++) {
        close(master->services.addresses[i].fd);
    }
    sigprocmask(SIG_SETMASK, &master->before, NULL);
    metrics_free(master->metrics);
    free(master);
    return status;
}

struct metrics *server_metrics(struct server_worker *worker)
{
    return worker->metrics;
}

int server_worker_number(const struct server_worker *worker)
{
    return worker->number;
}

struct sandbox_state server_sandbox(const struct server_worker *worker)
{
    return worker->sandbox;
}
