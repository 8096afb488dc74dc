/* Writing an answer to a socket, as far as it takes it. */
#ifndef DUET_HTTP_SEND_H
#define DUET_HTTP_SEND_H

#include "base/str.h"

#include <stdint.h>

struct send {
    struct str head, body; /* body: from memory */
    int fd;                /* and then this much of a file; -1: none; not closed here */
    int64_t offset, left;
    int64_t sent; /* bytes so far */
};

enum send_result { SEND_DONE, SEND_AGAIN, SEND_FAILED };

/* Writes until all is written, the socket is full, or SEND_TURN bytes of a file have gone (so that
 * one fast client does not keep the others waiting; SEND_AGAIN then too). */
#define SEND_TURN (512 << 10)
enum send_result send_push(struct send *send, int socket);

#endif
