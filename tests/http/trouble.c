/* Handlers of the site that do what must not work, and handlers that fail. */
#include "trouble.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Each does one thing that a worker must not be able to do, and says how it went. */
enum err trouble_escape(const struct http_request *req, struct http_response *res)
{
    char *const words[] = {NULL};
    struct str how = request_find(&req->query, "how");
    errno = 0;
    long result = -1;
    if (str_is(how, "exec")) {
        result = execve("/bin/true", words, words);
    } else if (str_is(how, "fork")) {
        result = syscall(SYS_fork);
    } else if (str_is(how, "ptrace")) {
        result = syscall(SYS_ptrace, 0, 0, 0, 0);
    } else if (str_is(how, "passwd")) {
        result = open("/etc/passwd", O_RDONLY | O_CLOEXEC);
    } else if (str_is(how, "write")) {
        result = open("escaped-from-the-sandbox", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    } else if (str_is(how, "socket")) {
        result = socket(AF_INET, SOCK_STREAM, 0);
    } else if (str_is(how, "kill")) {
        result = kill(getppid(), 0);
    } else if (str_is(how, "none")) {
        result = 0;
    }
    response_type(res, "text/plain; charset=utf-8");
    buf_addf(&res->body, "%s\n", result < 0 ? "refused" : "done");
    return ERR_OK;
}

enum err trouble_fail(const struct http_request *req, struct http_response *res)
{
    struct str how = request_find(&req->query, "how");
    buf_add_text(&res->body, "half a page");
    if (str_is(how, "split")) {
        response_header(res, "X-Test", str_of("a\r\nSet-Cookie: b=c"));
        return ERR_OK;
    }
    if (str_is(how, "redirect")) {
        response_redirect(res, str_of("//evil.example/"));
        return ERR_OK;
    }
    if (str_is(how, "crash")) {
        abort();
    }
    return str_is(how, "nomem") ? ERR_NOMEM : str_is(how, "busy") ? ERR_BUSY : ERR_IO;
}
