/* The files of a round: partners.csv and the certificate. */
#include "base/arena.h"
#include "base/buf.h"
#include "cli/inputs.h"
#include "cli/outfile.h"
#include "cli/report.h"
#include "cli/roundview.h"
#include "coach/round_partners.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#define FILE_MAX ((size_t)1 << 32) /* bytes of a partners file or certificate */

static enum status write_text(const char *path, struct str text)
{
    struct outfile *file;
    enum err err = outfile_open(&file, path);
    if (err == ERR_OK) {
        fwrite(text.p, 1, text.n, outfile_stream(file));
        err = outfile_commit(file);
    }
    return command_status_of(err);
}

enum status roundview_write_partners(const struct roundview *view, const char *path)
{
    struct buf buf;
    struct str text;
    buf_init(&buf, view->cli->arena, FILE_MAX);
    round_partners_write(&buf, view->round, view->result.proposals, view->result.n_proposals);
    enum err err = buf_end(&buf, &text);
    return err == ERR_OK ? write_text(path, text) : report_error(err, "writing the partners");
}

enum status roundview_write_certificate(const struct roundview *view, const char *path)
{
    struct buf buf;
    struct str text;
    if (!view->result.certificate) {
        return report_failure(STATUS_USAGE,
                              "the strategy %s has no certificate; duet verify checks its partners "
                              "file without one",
                              round_strategy_name(view->options.strategy));
    }
    buf_init(&buf, view->cli->arena, FILE_MAX);
    enum err err = match_certificate_write(view->result.certificate, &buf);
    if (err == ERR_OK) {
        err = buf_end(&buf, &text);
    }
    return err == ERR_OK ? write_text(path, text) : report_error(err, "writing the certificate");
}

static enum status cannot_read(const char *path)
{
    return report_failure(STATUS_IO, "cannot read %s: %s", path, strerror(errno));
}

enum status roundview_read_partners(struct roundview *view, const char *path,
                                    struct round_proposal **rows, int32_t *n)
{
    struct roster_problems problems;
    int fd = strcmp(path, "-") == 0 ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return cannot_read(path);
    }
    enum err err = roster_problems_init(&problems, view->cli->arena, ROSTER_PROBLEMS_SHOWN);
    if (err == ERR_OK) {
        err = round_partners_read(view->cli->arena, view->roster, csv_source_file(&fd),
                                  strcmp(path, "-") == 0 ? "standard input" : path, &problems, rows,
                                  n);
    }
    if (err == ERR_IO) {
        enum status status = cannot_read(path);
        close(fd);
        return status;
    }
    close(fd);
    if (problems.total > 0) {
        inputs_print_problems(&problems);
        return report_failure(STATUS_REFUSED, "%s is not a partners file of this roster.", path);
    }
    return err == ERR_OK ? STATUS_OK : report_error(err, "reading the partners");
}

/* A whole file in memory. */
static enum err read_all(struct buf *buf, const char *path)
{
    char piece[65536];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return ERR_IO;
    }
    ssize_t got;
    while ((got = read(fd, piece, sizeof piece)) > 0 || (got < 0 && errno == EINTR)) {
        if (got > 0) {
            buf_add(buf, (struct str){piece, (size_t)got});
        }
    }
    int why = errno;
    close(fd);
    errno = why;
    return got < 0 ? ERR_IO : buf->err;
}

enum status roundview_read_certificate(struct roundview *view, const char *path,
                                       struct match_certificate **certificate)
{
    struct buf buf;
    struct str text;
    struct match_certificate_error where;
    buf_init(&buf, view->cli->arena, FILE_MAX);
    enum err err = read_all(&buf, path);
    if (err == ERR_IO) {
        return cannot_read(path);
    }
    err = buf_end(&buf, &text);
    if (err == ERR_OK) {
        err = match_certificate_read(view->cli->arena, text, certificate, &where);
    }
    if (err == ERR_INVALID) {
        return report_failure(STATUS_REFUSED,
                              "%s:%" PRId64 ": column %" PRId64 ": expected %s. This is not a "
                              "certificate as duet writes it.",
                              path, where.line, where.column, where.expected);
    }
    return err == ERR_OK ? STATUS_OK : report_error(err, "reading the certificate");
}
