/* Finding the way inside a page or a task: tabs, steps, pages of a list, filters. */
#ifndef DUET_HTML_PART_NAV_H
#define DUET_HTML_PART_NAV_H

#include "base/str.h"
#include "html/part_frame.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct html;

/* Parts of one subject, each with its own address; `label` names the group for screen readers. */
void part_tabs(struct html *h, struct str label, const struct part_link *links, size_t n);

/* The steps of a task; `at` is the one shown, those before are done (links where they have an
 * address), those after are to come. */
struct part_steps {
    struct str label;         /* "Steps" */
    struct str done, current; /* said by screen readers: "done", "now" */
    const struct part_link *steps;
    size_t n, at;
};
void part_steps(struct html *h, const struct part_steps *steps);

/* Pages of a list.  Empty addresses: there is no such page. */
struct part_pages {
    struct str label;          /* "Pages" */
    struct str previous, next; /* words */
    struct str previous_url, next_url;
    struct str position; /* "21 to 40 of 118" */
};
void part_pages(struct html *h, const struct part_pages *pages);

/* Contents of a long page: links to its sections. */
void part_contents(struct html *h, struct str label, const struct part_link *links, size_t n);

/* A search with filters above a list: a form (GET) in one row; controls go in between. */
void part_filters_open(struct html *h, struct str action, struct str label);
void part_filters_close(struct html *h);

#endif
