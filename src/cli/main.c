/* The `duet` program: finds the command, parses its words, runs it, and answers for what could not
 * be written. */
#include "base/arena.h"
#include "cli/args.h"
#include "cli/command.h"
#include "cli/manual.h"
#include "cli/report.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* True when the reader of our output has gone away (`duet ... | head`), which is his right. */
static bool reader_left(void)
{
    struct pollfd out = {.fd = STDOUT_FILENO, .events = POLLOUT};
    return poll(&out, 1, 0) == 1 && (out.revents & POLLERR) != 0;
}

/* Flushes stdout; a full disk must not look like success. */
static enum status finish(enum status status)
{
    int flushed = fflush(stdout);
    int reason = errno;
    if (flushed == 0 && !ferror(stdout)) {
        return status;
    }
    if (reader_left()) {
        return status;
    }
    return report_failure(STATUS_IO, "the output could not be written: %s",
                          flushed != 0 ? strerror(reason) : "an earlier write failed");
}

static enum status run(const struct command *command, int argc, char *const argv[])
{
    struct args args;
    struct cli cli = {.args = &args, .out = term_of(stdout), .err = term_of(stderr)};
    enum status status = args_parse(&args, command, argc, argv);
    if (status != STATUS_OK) {
        return status;
    }
    if (args.help) {
        manual_command(stdout, &cli.out, command);
        return STATUS_OK;
    }
    cli.arena = arena_new(0);
    if (!cli.arena) {
        return report_error(ERR_NOMEM, "starting");
    }
    status = command->run(&cli);
    arena_free(cli.arena);
    return status;
}

/* What is no command: --help, --version, a typing error, nothing. */
static enum status other(const char *word)
{
    struct term out = term_of(stdout);
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) {
        manual_overview(stdout, &out);
        return STATUS_OK;
    }
    if (strcmp(word, "--version") == 0) {
        printf("duet %s\n", DUET_VERSION);
        return STATUS_OK;
    }
    const char *meant = command_suggest(word);
    if (meant) {
        return report_failure(STATUS_USAGE, "no command \"%s\"; did you mean \"%s\"?", word, meant);
    }
    return report_failure(STATUS_USAGE, "no command \"%s\"; 'duet --help' lists them", word);
}

int main(int argc, char *argv[])
{
    signal(SIGPIPE, SIG_IGN);
    if (argc < 2) {
        struct term err = term_of(stderr);
        manual_overview(stderr, &err);
        return STATUS_USAGE;
    }
    const struct command *command = command_find(argv[1]);
    return (int)finish(command ? run(command, argc - 2, argv + 2) : other(argv[1]));
}
