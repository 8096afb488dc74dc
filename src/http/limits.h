/* Every limit of the room, with its unit and what happens beyond it.  Times are milliseconds.
 *
 * What an operator may change is in struct server_options; these are the walls. */
#ifndef DUET_HTTP_LIMITS_H
#define DUET_HTTP_LIMITS_H

/* The head of a request: its first line and its headers. */
#define HTTP_MAX_HEAD 16384  /* bytes, 431 beyond */
#define HTTP_MAX_TARGET 4096 /* bytes of path and query as sent, 414 beyond */
#define HTTP_MAX_HEADERS 64  /* 431 beyond */
#define HTTP_MAX_COOKIES 32  /* 400 beyond */
#define HTTP_MAX_COOKIE 4096 /* bytes of one cookie's value */

/* Fields of query, form and multipart. */
#define HTTP_MAX_PAIRS 2048        /* fields of one query or form, 413 beyond */
#define HTTP_MAX_NAME 128          /* bytes of a field's name */
#define HTTP_MAX_VALUE (256 << 10) /* bytes of one field of a multipart form that is no file */
#define HTTP_MAX_FILES 16          /* files of one multipart form */
#define HTTP_MAX_FILENAME 255      /* bytes, the rest is cut */
#define HTTP_MAX_BOUNDARY 70       /* RFC 2046, section 5.1.1 */
#define HTTP_MAX_PART_HEAD 4096    /* bytes of the headers of one part */

/* Bodies, by what the route admits (server.h); 413 beyond. */
#define HTTP_MAX_FORM (1 << 20)          /* held in memory */
#define HTTP_MAX_FILE_FORM (65LL << 20)  /* a multipart form with its files, which go to disk */
#define HTTP_MAX_UPLOAD_PART (8LL << 20) /* one part of a resumable upload */

/* Answers. */
#define HTTP_MAX_PAGE (16 << 20) /* bytes of a body that is built in memory */
#define HTTP_MAX_ANSWER_HEADERS 48
#define HTTP_MAX_ARENA (256 << 20) /* bytes of a request's arena while it is handled */

/* Times. */
#define HTTP_HEAD_MS 10000   /* from the first byte of a head to its end */
#define HTTP_IDLE_MS 15000   /* without a byte between requests, or before the first */
#define HTTP_BODY_MS 30000   /* for a body, and in addition: */
#define HTTP_BODY_RATE 16    /* bytes a millisecond (16 kB/s) that a sender must reach */
#define HTTP_WRITE_MS 30000  /* without the client taking a byte of the answer */
#define HTTP_LINGER_MS 2000  /* reading on after a refusal, so that the client sees it */
#define HTTP_ANSWER_MS 30000 /* that a suspended request waits for its answers */

/* Connections. */
#define HTTP_MAX_CONNECTIONS 1000 /* of one worker; beyond, idle ones give way */
#define HTTP_MAX_KEPT 10000       /* requests of one connection */

#endif
