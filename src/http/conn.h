/* One connection of a worker: a state machine between a socket and exchanges. */
#ifndef DUET_HTTP_CONN_H
#define DUET_HTTP_CONN_H

#include <stdbool.h>

struct peer;
struct server_worker;

/* Takes the socket over; closes it when there is no memory. */
void conn_open(struct server_worker *worker, int fd, const struct peer *peer);

/* Closes the connections that wait for another request; those that have just been made get a moment
 * for their first, and the others close after their answer. */
void conn_close_idle(struct server_worker *worker);

/* Closes the connection that has waited longest for a request; false when none does. */
bool conn_make_room(struct server_worker *worker);

/* Closes all, whatever they do. */
void conn_close_all(struct server_worker *worker);

#endif
