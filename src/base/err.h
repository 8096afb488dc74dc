/* The results of fallible calls, and what a person is told about them.
 *
 * Every call that can fail returns enum err; results come through out-parameters, which are left
 * untouched on failure unless the call says otherwise.  Not-found, forbidden and conflict are
 * values, never NULL.  An err_info travels beside the code when a person will read the failure. */
#ifndef DUET_BASE_ERR_H
#define DUET_BASE_ERR_H

enum err {
    ERR_OK = 0,
    ERR_NOMEM,     /* an allocation failed or an arena reached its limit */
    ERR_INVALID,   /* the input is malformed */
    ERR_RANGE,     /* a number is outside what the call accepts */
    ERR_LIMIT,     /* a named limit was reached */
    ERR_IO,        /* the system refused to read or write */
    ERR_NOT_FOUND, /* what was asked for does not exist */
    ERR_FORBIDDEN, /* the rules do not allow it */
    ERR_CONFLICT,  /* two wishes exclude each other */
    ERR_REFUSED,   /* a check said no (a certificate that does not hold) */
    ERR_BUSY,      /* somebody else is at it; the same again later may succeed */
    ERR_UNIQUE,    /* the database: something of that name is there already */
    ERR_REFERENCE, /* the database: what is referred to is not there, or is still referred to */
    ERR_CHECK,     /* the database: a value that a column does not take */
    ERR_PENDING,   /* the answer is on its way; the same again when it is there will succeed */
    ERR__MAX
};

#define MUST_CHECK __attribute__((warn_unused_result))

/* A short lower-case name for logs and tests, never NULL. */
const char *err_name(enum err code);

#endif
