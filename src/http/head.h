/* The guard: the head of a request (first line and headers), read strictly.  Pure.
 *
 * RFC 9112 lets a server repair much; every repair is a place where two programs on the way can
 * read one request differently, so nothing is repaired.  Refused, beside what no grammar allows: a
 * line that ends in LF alone, a bare CR or NUL anywhere, a folded line, a blank before the colon;
 *   no Host or two in HTTP/1.1, a Host that is no name, address and port;
 *   any Transfer-Encoding (browsers send none), two Content-Length, one that is not all digits;
 *   a target that does not begin with '/', or holds anything but visible ASCII.
 *
 * A caller collects bytes until head_end finds the end, and gives them to head_parse:
 *     size_t n = head_end(bytes, &bad);           // 0: more is needed, or `bad`
 *     int status = head_parse(head, arena, &parsed);   // 0, or what to answer */
#ifndef DUET_HTTP_HEAD_H
#define DUET_HTTP_HEAD_H

#include "base/str.h"
#include "http/request.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

struct head {
    enum http_method method;
    bool method_known;         /* it was read, whatever came after */
    struct str target;         /* as sent */
    struct str host;           /* empty when HTTP/1.0 sent none */
    struct http_pairs headers; /* names in lower case, values trimmed; same names joined with ", "
                                  (Cookie with "; ") */
    struct http_pairs cookies;
    int64_t length;        /* of the body; 0 when there is none */
    bool keep_alive;       /* the client can go on with this connection */
    bool expects_continue; /* it waits for our word before it sends the body */
};

/* How many bytes the head takes, with its empty line, or 0 when it is not complete.  *bad: it never
 * will be, whatever comes: a control character, a lone LF or CR, or no letter at the start.  `seen`
 * is how many bytes an earlier call has looked at. */
size_t head_end(struct str bytes, size_t seen, bool *bad);

/* Parses a complete head.  Returns 0, or the status of the refusal: 400, 405 (a method that nobody
 * here uses), 411 (chunked), 414, 417, 431, 500 (no memory), 505.  What is in `head` is complete
 * only with 0; text that it views stays in `arena`. */
int head_parse(struct str text, struct arena *arena, struct head *head);

#endif
