/* A meeting in words, and the frame of pages about meetings. */
#ifndef DUET_WEB_MEETING_VIEW_H
#define DUET_WEB_MEETING_VIEW_H

#include "coach/meetings.h"
#include "html/part_text.h"

struct page;

/* "settled", "proposed" ... and how it is to be seen. */
struct str meeting_view_state(struct page *page, const struct meeting *meeting,
                              enum part_tone *tone);

/* Its subject, or with whom it is. */
struct str meeting_view_title(struct page *page, const struct meeting *meeting);

/* A card with state, time, place, and the way to its page. */
void meeting_view_card(struct page *page, const struct meeting *meeting);

#endif
