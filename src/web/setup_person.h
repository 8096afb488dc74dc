/* What hangs on an account: roles, evaluators, how the person signs in, leaving. */
#ifndef DUET_WEB_SETUP_PERSON_H
#define DUET_WEB_SETUP_PERSON_H

#include "base/err.h"

#include <stdint.h>

struct page;
struct person;

/* The choice of a unit, `chosen` or 0, as the field "unit": of all for administrators, of their own
 * and those below for coordinators. */
MUST_CHECK enum err setup_person_write_units(struct page *page, int64_t chosen);

/* The page of the account ":id" (page_setup_people.c). */
MUST_CHECK enum err setup_person_show(struct page *page);

/* All sections below the form of the account. */
MUST_CHECK enum err setup_person_write(struct page *page, const struct person *person);

#endif
