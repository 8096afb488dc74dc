/* What processes stand on: the table of children, shared counters, the sandbox, passwords. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/crew.h"
#include "http/child.h"
#include "http/hasher.h"
#include "http/listen.h"
#include "http/metrics.h"
#include "http/sandbox.h"
#include "tap.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sodium.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void test_children(void)
{
    struct child_table *table = calloc(1, sizeof *table);
    struct child *child = child_add(table, CHILD_WORKER, 0, 0);
    child_take_slot(table, child);
    child->pid = 11;
    child->started_ms = 0;
    tap_ok(child_of_pid(table, 11) == child && !child_of_pid(table, 12) && !child_of_pid(table, 0),
           "found by its pid");
    tap_ok(child_ended(table, child, CHILD_END_FAILED, 60000) == 0 && child->pid == 0,
           "after a long life it starts again at once");
    int64_t pauses[10], now = 60000;
    for (int i = 0; i < 10; i++) {
        child->started_ms = now;
        pauses[i] = child_ended(table, child, CHILD_END_FAILED, now + 5);
    }
    tap_ok(pauses[0] == 100 && pauses[1] == 200 && pauses[2] == 400 && pauses[9] == CHILD_MOST_MS,
           "when it cannot begin, the pause doubles, up to a limit");
    child->started_ms = now;
    tap_ok(child_ended(table, child, CHILD_END_BROKEN, now + 5) == 100 && child->failures == 0,
           "one that had begun does not wait for what failed before");
    child->started_ms = now;
    tap_ok(child_ended(table, child, CHILD_END_BROKEN, now + 5) == 100,
           "however often it is killed");
    child->started_ms = now;
    tap_ok(child_ended(table, child, CHILD_END_BROKEN, now + 1000) == 0,
           "and starts at once when it had worked for a second");
    child->started_ms = now;
    tap_ok(child_ended(table, child, CHILD_END_WANTED, now + 1000) == 0 && child->failures == 0,
           "at once when it asked for it");
    child->started_ms = now;
    tap_ok(child_ended(table, child, CHILD_END_WANTED, now + 1) == 100,
           "but not in a tight circle");
    struct child *second = child_add(table, CHILD_WORKER, 0, 0);
    child_take_slot(table, child);
    child_take_slot(table, second);
    tap_ok(child->slot != second->slot, "two at once do not share a slot");
    second->pid = 5;
    tap_ok(child_running(table, CHILD_WORKER) == 1 && child_running(table, CHILD_SERVICE) == 0,
           "how many run");
    second->retiring = true;
    tap_ok(child_ended(table, second, CHILD_END_BROKEN, 0) == -1 && table->n == 1,
           "a retiring one leaves");
    while (child_add(table, CHILD_WORKER, 0, 0)) {}
    tap_ok(table->n == CHILD_MAX, "the table is bounded");
    free(table);
}

static const struct metrics_spec own[] = {
    {"test_a_total", "a", "x=\"1\"", METRICS_COUNTER},
    {"test_a_total", "a", "x=\"2\"", METRICS_COUNTER},
    {"test_open", "b", NULL, METRICS_GAUGE},
};

static void test_metrics(void)
{
    struct metrics *metrics = metrics_new(4, own, 3);
    for (int slot = 0; slot < 3; slot++) {
        if (fork() == 0) {
            metrics_use_slot(metrics, slot);
            for (int i = 0; i < 1000; i++) {
                metrics_add(metrics, METRICS_REQUESTS_2XX, 1);
                metrics_add_app(metrics, 1, 2);
                metrics_observe(metrics, i < 500 ? 900 : 30000);
            }
            metrics_add_app(metrics, 2, 5);
            _exit(0);
        }
    }
    while (wait(NULL) > 0) {}
    tap_ok(metrics_value(metrics, METRICS_REQUESTS_2XX) == 3000 &&
               metrics_value_app(metrics, 1) == 6000 && metrics_value_app(metrics, 0) == 0,
           "the sum over processes");
    tap_ok(metrics_value_app(metrics, 2) == 15, "a gauge too");
    metrics_use_slot(metrics, 1);
    tap_ok(metrics_value_app(metrics, 2) == 10 && metrics_value_app(metrics, 1) == 6000,
           "a new process begins with gauges of 0 and goes on counting");
    metrics_add(metrics, METRICS_READY, 1);
    metrics_add(metrics, METRICS_OPEN, 3);
    tap_ok(metrics_leave_slot(metrics, 1) && !metrics_leave_slot(metrics, 2),
           "whether one that ended had been ready");
    tap_ok(metrics_value(metrics, METRICS_OPEN) == 0 &&
               metrics_value(metrics, METRICS_READY) == 0 && metrics_value_app(metrics, 2) == 5,
           "its gauges go with it");
    metrics_add_app(metrics, 99, 1);
    struct arena *arena = arena_new(0);
    struct buf buf;
    struct str text;
    buf_init(&buf, arena, 1 << 20);
    metrics_write(metrics, &buf);
    tap_ok(buf_end(&buf, &text) == ERR_OK &&
               strstr(text.p, "\nduet_http_requests_total{class=\"2xx\"} 3000\n") &&
               strstr(text.p, "\ntest_a_total{x=\"2\"} 6000\n") &&
               strstr(text.p, "# TYPE test_open gauge\ntest_open 5\n"),
           "as text");
    tap_ok(strstr(text.p, "_bucket{le=\"0.0010\"} 1500\n") &&
               strstr(text.p, "_bucket{le=\"0.0250\"} 1500\n") &&
               strstr(text.p, "_bucket{le=\"0.0500\"} 3000\n") &&
               strstr(text.p, "_bucket{le=\"+Inf\"} 3000\n") && strstr(text.p, "_count 3000\n"),
           "a histogram that adds up");
    int helps = 0;
    for (const char *at = text.p; (at = strstr(at, "# HELP test_a_total")); at++) {
        helps++;
    }
    tap_ok(helps == 1, "rows of one name stand under one heading");
    arena_free(arena);
    metrics_free(metrics);
}

static struct crew crew_outside;

enum {
    TRY_EXEC,
    TRY_FORK,
    TRY_PTRACE,
    TRY_READ,
    TRY_OUTSIDE,
    TRY_INET,
    TRY_UNIX,
    TRY_CODE,
    TRY_KILL,
    TRY_INSIDE,
    TRY_CLONE,
    TRY_THREADS,
    TRY__MAX
};

/* Two pieces that each wait for the other, for two seconds at most; 4: in vain. */
static void meet(void *ctx, uint32_t piece)
{
    _Atomic uint32_t *here = ctx;
    atomic_fetch_or(here, 1U << piece);
    for (int i = 0; i < 200 && atomic_load(here) < 3; i++) {
        nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
    }
    if (atomic_load(here) != 3) {
        atomic_fetch_or(here, 4);
    }
}

/* As many threads as outside, and two of them at the same time. */
static bool has_threads(void)
{
    _Atomic uint32_t here = 0;
    struct crew crew = crew_of_machine();
    bool all = crew.n_threads == crew_outside.n_threads;
    crew.n_threads = 2;
    crew_run(&crew, 2, meet, &here);
    return all && atomic_load(&here) == 3;
}

/* In a child: 0 it worked, 1 it was refused.  A deadly call does not come back. */
static int attempt(int what, const char *dir)
{
    char *const words[] = {NULL};
    char path[512];
    snprintf(path, sizeof path, "%s/inside", dir);
    switch (what) {
    case TRY_EXEC:
        return execve("/bin/true", words, words) < 0;
    case TRY_FORK:
        return syscall(SYS_fork) < 0;
    case TRY_CLONE:
        return syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0) < 0;
    case TRY_PTRACE:
        return syscall(SYS_ptrace, 0, 0, 0, 0) < 0;
    case TRY_READ:
        return open("/etc/passwd", O_RDONLY) < 0;
    case TRY_OUTSIDE:
        return open("outside-the-sandbox", O_WRONLY | O_CREAT, 0600) < 0;
    case TRY_INET:
        return socket(AF_INET, SOCK_STREAM, 0) < 0;
    case TRY_UNIX:
        return socket(AF_UNIX, SOCK_STREAM, 0) < 0;
    case TRY_CODE:
        return mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1,
                    0) == MAP_FAILED;
    case TRY_THREADS:
        return !has_threads();
    case TRY_KILL:
        return kill(getppid(), 0) < 0;
    default:
        return open(path, O_RDWR | O_CREAT | O_TRUNC, 0600) < 0 || unlink(path) != 0;
    }
}

/* The status of a child that tries `what` in a sandbox: 0, 1, minus the signal, 9 no sandbox. */
static int try_it(const struct sandbox_rules *rules, int what, const char *dir)
{
    int status;
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) {
        struct sandbox_state state;
        _exit(sandbox_enter(rules, &state) != ERR_OK ? 9 : attempt(what, dir));
    }
    waitpid(pid, &status, 0);
    return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

static bool has_landlock(void)
{
    struct sandbox_rules rules = {.write = {"."}};
    struct sandbox_state state = {0};
    int pipe_fds[2];
    if (pipe(pipe_fds) != 0) {
        return false;
    }
    if (fork() == 0) {
        bool entered = sandbox_enter(&rules, &state) == ERR_OK;
        char version = (char)(entered ? state.landlock : -1);
        _exit(write(pipe_fds[1], &version, 1) != 1);
    }
    char version = 0;
    ssize_t n = read(pipe_fds[0], &version, 1);
    wait(NULL);
    printf("# landlock version %d\n", version);
    return n == 1 && version > 0;
}

static void test_sandbox(void)
{
    static const struct {
        int what;
        const char *name;
        int strict, open; /* what comes back in a strict sandbox, and with sockets allowed */
        bool landlock;    /* only where the kernel has it */
    } cases[] = {
        {TRY_INSIDE, "write in its own folder", 0, 0, false},
        {TRY_EXEC, "exec", -SIGSYS, -SIGSYS, false},
        {TRY_FORK, "fork", -SIGSYS, -SIGSYS, false},
        {TRY_CLONE, "clone into a process", 1, 1, false},
        {TRY_PTRACE, "ptrace", -SIGSYS, -SIGSYS, false},
        {TRY_READ, "read /etc/passwd", 1, 1, true},
        {TRY_OUTSIDE, "write elsewhere", 1, 1, true},
        {TRY_INET, "an internet socket", 1, 0, false},
        {TRY_UNIX, "a unix socket", 1, 0, false},
        {TRY_CODE, "memory to write and execute", 1, 0, false},
        {TRY_KILL, "a signal to another process", 1, 1, false},
    };
    crew_outside = crew_of_machine();
    char dir[] = "http-sandbox.XXXXXX";
    if (!mkdtemp(dir)) {
        return;
    }
    struct sandbox_rules strict = {.read = {"not-there"}}, open_rules;
    tap_ok(sandbox_add_write(&strict, dir) == ERR_OK && strict.write[0] == dir, "a folder added");
    open_rules = strict;
    open_rules.internet = open_rules.unix_sockets = true;
    bool landlock = has_landlock();
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        if (cases[i].landlock && !landlock) {
            tap_skip("the kernel has no landlock");
            continue;
        }
        int a = try_it(&strict, cases[i].what, dir), b = try_it(&open_rules, cases[i].what, dir);
        tap_ok(a == cases[i].strict && b == cases[i].open, "%s: %d, %d", cases[i].name, a, b);
    }
    struct sandbox_rules threads = strict;
    threads.threads = true;
    tap_ok(try_it(&strict, TRY_THREADS, dir) == 1 && try_it(&threads, TRY_THREADS, dir) == 0,
           "threads only where they are allowed");
    tap_ok(try_it(&threads, TRY_CLONE, dir) == 1 && try_it(&threads, TRY_FORK, dir) == -SIGSYS,
           "and never a process");
    struct sandbox_rules missing = {.write = {"not-there-at-all"}};
    tap_ok(!landlock || try_it(&missing, TRY_INSIDE, dir) == 9, "a folder that is not there");
    rmdir(dir);
}

static void test_passwords(void)
{
    struct arena *arena = arena_new(0);
    struct str hash;
    bool stale = true;
    tap_ok(hasher_hash_now(str_of("correct horse"), arena, &hash) == ERR_OK &&
               strstr(hash.p, "$argon2id$v=19$m=19456,t=2,p=1$") == hash.p,
           "Argon2id with the declared cost");
    tap_ok(hasher_verify_now(hash, str_of("correct horse"), &stale) == ERR_OK && !stale, "right");
    tap_ok(hasher_verify_now(hash, str_of("correct horsf"), &stale) == ERR_REFUSED, "wrong");
    tap_ok(hasher_verify_now(str_of(hasher_nobody), str_of(""), &stale) == ERR_REFUSED, "nobody");
    tap_ok(hasher_verify_now((struct str){NULL, 0}, str_of("x"), &stale) == ERR_REFUSED,
           "no hash is nobody");
    tap_ok(hasher_verify_now(str_of("$argon2id$nonsense"), str_of("x"), &stale) == ERR_REFUSED,
           "a damaged hash");
    char weak[crypto_pwhash_STRBYTES];
    tap_ok(crypto_pwhash_str(weak, "x", 1, 1, 8u << 20) == 0 &&
               hasher_verify_now(str_of(weak), str_of("x"), &stale) == ERR_OK && stale,
           "a hash of lower cost is to be made anew");
    char longest[HASHER_MAX_PASSWORD + 2];
    memset(longest, 'a', sizeof longest);
    tap_ok(hasher_hash_now((struct str){longest, HASHER_MAX_PASSWORD + 1}, arena, &hash) ==
               ERR_RANGE,
           "a password that is too long");
    arena_free(arena);
}

static void test_listen(void)
{
    static const struct {
        const char *where, *wrong;
    } bad[] = {
        {"127.0.0.1", "is no address to listen on"},
        {"127.0.0.1:", "is no address"},
        {"127.0.0.1:x", "is no address"},
        {"127.0.0.1:99999", "is no address"},
        {"::1:80", "is no address"},
        {":80", "is no address"},
        {"203.0.113.200:0", "cannot listen"},
        {"unix:", "empty or too long"},
        {"unix:not-there/socket", "cannot listen"},
        {"systemd", "systemd passed no socket"},
    };
    struct listen_set set;
    char message[512];
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        const char *where[] = {bad[i].where, NULL};
        message[0] = '\0';
        tap_ok(listen_open(where, &set, message, sizeof message) != ERR_OK && set.n == 0 &&
                   strstr(message, bad[i].wrong),
               "%s: %s", bad[i].where, message);
    }
    const char *good[] = {"127.0.0.1:0", "*:0", "unix:http-test.sock", NULL};
    struct stat about;
    tap_ok(listen_open(good, &set, message, sizeof message) == ERR_OK && set.n == 3, "opened");
    tap_ok(strncmp(set.names[0], "http://127.0.0.1:", 17) == 0 && !strstr(set.names[0], ":0"),
           "says which port it got: %s", set.names[0]);
    tap_ok(stat("http-test.sock", &about) == 0 && (about.st_mode & 0777) == 0660, "mode 0660");
    const char *again[] = {"unix:http-test.sock", NULL};
    struct listen_set other;
    tap_ok(listen_open(again, &other, message, sizeof message) == ERR_IO, "a live socket stays");
    close(set.fds[2]);
    set.n = 2;
    tap_ok(listen_open(again, &other, message, sizeof message) == ERR_OK, "a dead one is replaced");
    listen_close(&other, 1);
    listen_close(&set, 1);
    tap_ok(stat("http-test.sock", &about) != 0, "and removed at the end");
}

/* A socket passed as systemd does, and the word that all is well. */
static void test_systemd(void)
{
    struct listen_set first, passed;
    char message[512], pid[24], word[32] = "";
    const char *some[] = {"127.0.0.1:0", NULL}, *systemd[] = {"systemd", NULL};
    struct sockaddr_un name = {.sun_family = AF_UNIX, .sun_path = "http-notify.sock"};
    int notify = socket(AF_UNIX, SOCK_DGRAM, 0), status;
    unlink(name.sun_path);
    tap_ok(listen_open(some, &first, message, sizeof message) == ERR_OK &&
               bind(notify, (struct sockaddr *)&name, sizeof name) == 0,
           "sockets");
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        char absolute[512];
        snprintf(pid, sizeof pid, "%ld", (long)getpid());
        snprintf(absolute, sizeof absolute, "%s/%s", getcwd(message, 400), name.sun_path);
        setenv("LISTEN_PID", pid, 1);
        setenv("LISTEN_FDS", "1", 1);
        setenv("NOTIFY_SOCKET", absolute, 1);
        dup2(first.fds[0], 3);
        enum err err = listen_open(systemd, &passed, message, sizeof message);
        listen_tell_systemd("READY=1");
        setenv("LISTEN_PID", "1", 1);
        struct listen_set other;
        _exit(err != ERR_OK || strcmp(passed.names[0], first.names[0]) != 0 ||
              listen_open(systemd, &other, message, sizeof message) == ERR_OK);
    }
    waitpid(child, &status, 0);
    tap_ok(status == 0, "a socket of systemd's, and none that is meant for another process");
    tap_ok(recv(notify, word, sizeof word - 1, MSG_DONTWAIT) == 7 && strcmp(word, "READY=1") == 0,
           "systemd is told");
    close(notify);
    unlink(name.sun_path);
    listen_close(&first, 1);
}

int main(void)
{
    if (sodium_init() < 0) {
        return 1;
    }
    test_children();
    test_metrics();
    test_sandbox();
    test_passwords();
    test_listen();
    test_systemd();
    return tap_done();
}
