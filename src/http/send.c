/* One writev for head and body together; sendfile for files. */
#include "http/send.h"

#include <errno.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>

static void advance(struct str *text, size_t *n)
{
    size_t take = *n < text->n ? *n : text->n;
    *text = (struct str){text->p + take, text->n - take};
    *n -= take;
}

static enum send_result failed(void)
{
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR ? SEND_AGAIN : SEND_FAILED;
}

static enum send_result push_memory(struct send *send, int socket)
{
    while (send->head.n + send->body.n > 0) {
        struct iovec parts[2] = {{(void *)(uintptr_t)send->head.p, send->head.n},
                                 {(void *)(uintptr_t)send->body.p, send->body.n}};
        struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};
        ssize_t n = sendmsg(socket, &message, MSG_NOSIGNAL | (send->left > 0 ? MSG_MORE : 0));
        if (n < 0) {
            return failed();
        }
        size_t taken = (size_t)n;
        send->sent += n;
        advance(&send->head, &taken);
        advance(&send->body, &taken);
    }
    return SEND_DONE;
}

enum send_result send_push(struct send *send, int socket)
{
    enum send_result result = push_memory(send, socket);
    int64_t turn = 0;
    while (result == SEND_DONE && send->left > 0) {
        if (turn >= SEND_TURN) {
            return SEND_AGAIN;
        }
        size_t most = send->left < SEND_TURN ? (size_t)send->left : SEND_TURN;
        off_t offset = send->offset;
        ssize_t n = sendfile(socket, send->fd, &offset, most);
        if (n < 0) {
            return failed();
        }
        if (n == 0) {
            return SEND_FAILED; /* the file has become shorter than we said */
        }
        send->offset += n;
        send->left -= n;
        send->sent += n;
        turn += n;
    }
    return result;
}
