/* The security headers, in one table. */
#include "http/header.h"

#include <stdbool.h>

const char header_policy[] =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'";

const char header_foreign_policy[] = "default-src 'none'; style-src 'unsafe-inline'; "
                                     "img-src data:; frame-ancestors 'self'; sandbox";

static const struct {
    const char *name, *value;
    bool secure_only;
} table[] = {
    {"Content-Security-Policy", header_policy, false},
    {"X-Content-Type-Options", "nosniff", false},
    {"X-Frame-Options", "DENY", false},
    {"Referrer-Policy", "same-origin", false},
    {"Permissions-Policy",
     "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), hid=(), "
     "magnetometer=(), microphone=(), midi=(), payment=(), serial=(), usb=()",
     false},
    {"Cross-Origin-Opener-Policy", "same-origin", false},
    {"Cross-Origin-Resource-Policy", "same-origin", false},
    {"Strict-Transport-Security", "max-age=63072000; includeSubDomains", true},
};

void header_secure(const struct http_request *req, struct http_response *res)
{
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        if (req->secure || !table[i].secure_only) {
            response_constant(res, table[i].name, table[i].value);
        }
    }
}
