/* Names of the error codes. */
#include "base/err.h"

static const char *const names[ERR__MAX] = {
    [ERR_OK] = "ok",
    [ERR_NOMEM] = "out of memory",
    [ERR_INVALID] = "invalid",
    [ERR_RANGE] = "out of range",
    [ERR_LIMIT] = "limit reached",
    [ERR_IO] = "input or output failed",
    [ERR_NOT_FOUND] = "not found",
    [ERR_FORBIDDEN] = "forbidden",
    [ERR_CONFLICT] = "conflict",
    [ERR_REFUSED] = "refused",
    [ERR_BUSY] = "busy",
    [ERR_UNIQUE] = "already there",
    [ERR_REFERENCE] = "refers to something that is not there",
    [ERR_CHECK] = "value not accepted",
    [ERR_PENDING] = "not there yet",
};

const char *err_name(enum err code)
{
    return (unsigned)code < ERR__MAX ? names[code] : "unknown";
}
