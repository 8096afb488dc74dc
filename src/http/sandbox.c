/* seccomp through libseccomp, landlock through its three system calls (the C library has none). */
#include "http/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* What any process of ours goes on needing: memory, time, descriptors, files, its own signals. */
static const int allowed[] = {
    SCMP_SYS(accept),
    SCMP_SYS(accept4),
    SCMP_SYS(access),
    SCMP_SYS(brk),
    SCMP_SYS(clock_getres),
    SCMP_SYS(clock_gettime),
    SCMP_SYS(clock_nanosleep),
    SCMP_SYS(close),
    SCMP_SYS(connect),
    SCMP_SYS(dup),
    SCMP_SYS(dup2),
    SCMP_SYS(dup3),
    SCMP_SYS(epoll_create1),
    SCMP_SYS(epoll_ctl),
    SCMP_SYS(epoll_pwait),
    SCMP_SYS(epoll_wait),
    SCMP_SYS(eventfd2),
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
    SCMP_SYS(faccessat),
    SCMP_SYS(faccessat2),
    SCMP_SYS(fadvise64),
    SCMP_SYS(fallocate),
    SCMP_SYS(fchmod),
    SCMP_SYS(fchown),
    SCMP_SYS(fcntl),
    SCMP_SYS(fdatasync),
    SCMP_SYS(flock),
    SCMP_SYS(fstat),
    SCMP_SYS(fstatfs),
    SCMP_SYS(fsync),
    SCMP_SYS(ftruncate),
    SCMP_SYS(futex),
    SCMP_SYS(getcwd),
    SCMP_SYS(getdents64),
    SCMP_SYS(getegid),
    SCMP_SYS(geteuid),
    SCMP_SYS(getgid),
    SCMP_SYS(getpeername),
    SCMP_SYS(getpid),
    SCMP_SYS(getppid),
    SCMP_SYS(getrandom),
    SCMP_SYS(getrusage),
    SCMP_SYS(getsockname),
    SCMP_SYS(getsockopt),
    SCMP_SYS(gettid),
    SCMP_SYS(gettimeofday),
    SCMP_SYS(getuid),
    SCMP_SYS(link),
    SCMP_SYS(linkat),
    SCMP_SYS(listen),
    SCMP_SYS(lseek),
    SCMP_SYS(lstat),
    SCMP_SYS(madvise),
    SCMP_SYS(mkdir),
    SCMP_SYS(mkdirat),
    SCMP_SYS(mremap),
    SCMP_SYS(msync),
    SCMP_SYS(munmap),
    SCMP_SYS(nanosleep),
    SCMP_SYS(newfstatat),
    SCMP_SYS(open),
    SCMP_SYS(openat),
    SCMP_SYS(pipe2),
    SCMP_SYS(poll),
    SCMP_SYS(ppoll),
    SCMP_SYS(pread64),
    SCMP_SYS(pselect6),
    SCMP_SYS(pwrite64),
    SCMP_SYS(read),
    SCMP_SYS(readlink),
    SCMP_SYS(readlinkat),
    SCMP_SYS(readv),
    SCMP_SYS(recvfrom),
    SCMP_SYS(recvmsg),
    SCMP_SYS(rename),
    SCMP_SYS(renameat),
    SCMP_SYS(renameat2),
    SCMP_SYS(restart_syscall),
    SCMP_SYS(rmdir),
    SCMP_SYS(rseq),
    SCMP_SYS(rt_sigaction),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(sched_getaffinity),
    SCMP_SYS(sched_yield),
    SCMP_SYS(select),
    SCMP_SYS(sendfile),
    SCMP_SYS(sendmsg),
    SCMP_SYS(sendto),
    SCMP_SYS(set_robust_list),
    SCMP_SYS(setsockopt),
    SCMP_SYS(shutdown),
    SCMP_SYS(sigaltstack),
    SCMP_SYS(signalfd4),
    SCMP_SYS(stat),
    SCMP_SYS(statfs),
    SCMP_SYS(statx),
    SCMP_SYS(sysinfo),
    SCMP_SYS(timerfd_create),
    SCMP_SYS(timerfd_settime),
    SCMP_SYS(umask),
    SCMP_SYS(uname),
    SCMP_SYS(unlink),
    SCMP_SYS(unlinkat),
    SCMP_SYS(utimensat),
    SCMP_SYS(wait4),
    SCMP_SYS(write),
    SCMP_SYS(writev),
};

/* What only an intruder would call. */
static const int deadly[] = {
    SCMP_SYS(execve),
    SCMP_SYS(execveat),
    SCMP_SYS(ptrace),
    SCMP_SYS(process_vm_readv),
    SCMP_SYS(process_vm_writev),
    SCMP_SYS(fork),
    SCMP_SYS(vfork),
    SCMP_SYS(unshare),
    SCMP_SYS(setns),
    SCMP_SYS(mount),
    SCMP_SYS(umount2),
    SCMP_SYS(pivot_root),
    SCMP_SYS(chroot),
    SCMP_SYS(bpf),
    SCMP_SYS(perf_event_open),
    SCMP_SYS(init_module),
    SCMP_SYS(finit_module),
    SCMP_SYS(kexec_load),
    SCMP_SYS(add_key),
    SCMP_SYS(keyctl),
    SCMP_SYS(request_key),
    SCMP_SYS(userfaultfd),
    SCMP_SYS(io_uring_setup),
    SCMP_SYS(setuid),
    SCMP_SYS(setgid),
    SCMP_SYS(setresuid),
    SCMP_SYS(setresgid),
};

enum err sandbox_add_write(struct sandbox_rules *rules, const char *path)
{
    for (int i = 0; i < SANDBOX_MAX_PATHS; i++) {
        if (!rules->write[i]) {
            rules->write[i] = path;
            return ERR_OK;
        }
    }
    return ERR_LIMIT;
}

/* Lets a call through when an argument is `value` (of the bits in `mask`).  0, or negative as
 * libseccomp has it. */
static int allow_when(scmp_filter_ctx filter, int call, unsigned argument, uint64_t value)
{
    const struct scmp_arg_cmp when = {
        .arg = argument, .op = SCMP_CMP_EQ, .datum_a = value, .datum_b = 0};
    return seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, call, 1, &when);
}

static int allow_masked(scmp_filter_ctx filter, int call, unsigned argument, uint64_t mask,
                        uint64_t value)
{
    const struct scmp_arg_cmp when = {
        .arg = argument, .op = SCMP_CMP_MASKED_EQ, .datum_a = mask, .datum_b = value};
    return seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, call, 1, &when);
}

static int allow_sockets(scmp_filter_ctx filter, const struct sandbox_rules *rules)
{
    const struct {
        int family;
        bool on;
    } families[] = {{AF_UNIX, rules->unix_sockets},
                    {AF_INET, rules->internet},
                    {AF_INET6, rules->internet},
                    {AF_NETLINK, rules->internet}};
    const int calls[] = {SCMP_SYS(bind), SCMP_SYS(recvmmsg), SCMP_SYS(sendmmsg)};
    int wrong = allow_when(filter, SCMP_SYS(socketpair), 0, AF_UNIX);
    for (size_t i = 0; i < sizeof families / sizeof families[0] && !wrong; i++) {
        if (families[i].on) {
            wrong = allow_when(filter, SCMP_SYS(socket), 0, (uint64_t)families[i].family);
        }
    }
    for (size_t i = 0; i < sizeof calls / sizeof calls[0] && !wrong && rules->internet; i++) {
        wrong = seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls[i], 0);
    }
    return wrong;
}

#define CLONE_A_THREAD 0x10100 /* CLONE_VM and CLONE_THREAD: never a new process */

/* Memory that can be executed, signals to others, and the like. */
static int allow_with_care(scmp_filter_ctx filter, const struct sandbox_rules *rules)
{
    const int maps[] = {SCMP_SYS(mmap), SCMP_SYS(mprotect)};
    const unsigned long requests[] = {FIONREAD, FIONBIO, TCGETS};
    int wrong = 0;
    for (size_t i = 0; i < sizeof maps / sizeof maps[0] && !wrong; i++) {
        wrong = rules->internet ? seccomp_rule_add(filter, SCMP_ACT_ALLOW, maps[i], 0)
                                : allow_masked(filter, maps[i], 2, PROT_EXEC, 0);
    }
    for (size_t i = 0; i < sizeof requests / sizeof requests[0] && !wrong; i++) {
        wrong = allow_when(filter, SCMP_SYS(ioctl), 1, requests[i]);
    }
    wrong = wrong ? wrong : allow_when(filter, SCMP_SYS(tgkill), 0, (uint64_t)getpid());
    wrong = wrong ? wrong : allow_when(filter, SCMP_SYS(prctl), 0, PR_SET_NAME);
    wrong = wrong ? wrong : allow_when(filter, SCMP_SYS(prlimit64), 2, 0); /* read, not set */
    if (!wrong && (rules->threads || rules->internet)) { /* the resolver of libcurl has one */
        wrong = allow_masked(filter, SCMP_SYS(clone), 0, CLONE_A_THREAD, CLONE_A_THREAD);
    }
    return wrong;
}

static enum err close_calls(const struct sandbox_rules *rules)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(ENOSYS));
    if (!filter) {
        return ERR_NOMEM;
    }
    int wrong = 0;
    for (size_t i = 0; i < sizeof allowed / sizeof allowed[0] && !wrong; i++) {
        wrong = seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed[i], 0);
    }
    for (size_t i = 0; i < sizeof deadly / sizeof deadly[0] && !wrong; i++) {
        wrong = seccomp_rule_add(filter, SCMP_ACT_KILL_PROCESS, deadly[i], 0);
    }
    wrong = wrong ? wrong : allow_sockets(filter, rules);
    wrong = wrong ? wrong : allow_with_care(filter, rules);
    if (!wrong) { /* a search tree, so that each call costs a few comparisons instead of a hundred
                   */
        wrong = seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2);
    }
    wrong = wrong ? wrong : seccomp_load(filter);
    seccomp_release(filter);
    return wrong ? ERR_IO : ERR_OK;
}

#define ACCESS_READ (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define ACCESS_REFER (1ULL << 13)    /* version 2: move between folders */
#define ACCESS_TRUNCATE (1ULL << 14) /* version 3 */
#define ACCESS_FILE (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE | ACCESS_TRUNCATE)
#define ACCESS_WRITE                                                                               \
    (ACCESS_READ | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR |                 \
     LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG |  \
     ACCESS_REFER | ACCESS_TRUNCATE)

static uint64_t known_access(int version)
{
    uint64_t all = (1ULL << 13) - 1; /* version 1 */
    return all | (version >= 2 ? ACCESS_REFER : 0) | (version >= 3 ? ACCESS_TRUNCATE : 0);
}

/* `missing` says whether the path may be absent. */
static enum err allow_path(int ruleset, const char *path, uint64_t access, bool missing)
{
    struct landlock_path_beneath_attr rule = {.allowed_access = access};
    struct stat about;
    int fd = open(path, O_PATH | O_CLOEXEC);
    if (fd < 0) {
        return missing ? ERR_OK : ERR_IO;
    }
    if (fstat(fd, &about) == 0 && !S_ISDIR(about.st_mode)) {
        rule.allowed_access &= ACCESS_FILE;
    }
    rule.parent_fd = fd;
    long wrong = syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
    close(fd);
    return wrong ? ERR_IO : ERR_OK;
}

static enum err close_files(const struct sandbox_rules *rules, int version)
{
    uint64_t known = known_access(version);
    struct landlock_ruleset_attr attr = {.handled_access_fs = known};
    int ruleset = (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof attr, 0);
    if (ruleset < 0) {
        return ERR_IO;
    }
    enum err err = ERR_OK;
    for (int i = 0; i < SANDBOX_MAX_PATHS && err == ERR_OK; i++) {
        if (rules->write[i]) {
            err = allow_path(ruleset, rules->write[i], ACCESS_WRITE & known, false);
        }
        if (err == ERR_OK && rules->read[i]) {
            err = allow_path(ruleset, rules->read[i], ACCESS_READ & known, true);
        }
    }
    if (err == ERR_OK && syscall(SYS_landlock_restrict_self, ruleset, 0) != 0) {
        err = ERR_IO;
    }
    close(ruleset);
    return err;
}

enum err sandbox_enter(const struct sandbox_rules *rules, struct sandbox_state *state)
{
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    *state = (struct sandbox_state){.landlock = version > 0 ? (int)version : 0};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
        return ERR_IO;
    }
    enum err err = state->landlock ? close_files(rules, state->landlock) : ERR_OK;
    if (err == ERR_OK) {
        err = close_calls(rules);
    }
    state->seccomp = err == ERR_OK;
    return err;
}
