/* The way to single sign-on, on the sign-in page. */
#ifndef DUET_WEB_PAGE_SIGN_ON_H
#define DUET_WEB_PAGE_SIGN_ON_H

#include "base/err.h"
#include "base/str.h"

struct openid_provider;
struct page;

/* A button that leads to the organisation's provider, and from there back to `to` (may be empty).
 */
void page_write_sign_on(struct page *page, struct str to);

/* Where the provider sends people back to: what an administrator registers there. */
MUST_CHECK enum err page_sign_on_address(struct page *page, struct str *address);

/* The settings of the provider, the secret among them, for openid_service.h; never for a page.
 * ERR_NOT_FOUND: there is none. */
MUST_CHECK enum err page_sign_on_provider(struct page *page, struct openid_provider *provider);

#endif
