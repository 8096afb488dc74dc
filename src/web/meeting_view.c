/* A meeting in words. */
#include "web/meeting_view.h"

#include "web/daytime.h"
#include "web/page.h"

struct str meeting_view_state(struct page *page, const struct meeting *meeting,
                              enum part_tone *tone)
{
    switch (meeting->state) {
    case MEETING_PROPOSED:
        *tone = meeting->mine ? PART_TONE_PLAIN : PART_TONE_ACCENT;
        return meeting->mine ? T(page, "waiting for an answer") : T(page, "choose a time");
    case MEETING_CONFIRMED:
        if (meeting->n_times) {
            *tone = meeting->mine ? PART_TONE_GOOD : PART_TONE_ACCENT;
            return meeting->mine ? T(page, "settled; another time is proposed")
                                 : T(page, "another time is proposed");
        }
        *tone = meeting->begun ? PART_TONE_ACCENT : PART_TONE_GOOD;
        return meeting->begun ? T(page, "did it take place?") : T(page, "settled");
    case MEETING_HELD:
        *tone = PART_TONE_PLAIN;
        return T(page, "took place");
    case MEETING_MISSED:
        *tone = PART_TONE_CARE;
        return T(page, "did not take place");
    default:
        *tone = PART_TONE_PLAIN;
        return T(page, "cancelled");
    }
}

struct str meeting_view_title(struct page *page, const struct meeting *meeting)
{
    return meeting->subject.n
               ? meeting->subject
               : FILL(page, T(page, "Meeting with {name}"), CATALOG_TEXT("name", meeting->others));
}

void meeting_view_card(struct page *page, const struct meeting *meeting)
{
    struct html *h = &page->html;
    enum part_tone tone;
    struct str state = meeting_view_state(page, meeting, &tone);
    part_card_open(
        h, &(struct part_card){.heading = meeting_view_title(page, meeting),
                               .url = page_path(page, "/meetings/{}", html_int(meeting->id))});
    html_open(h, EL_P);
    part_badge(h, tone, state);
    html_close(h, EL_P);
    if (meeting->starts_ms) {
        html_open(h, EL_P);
        daytime_write(page, meeting->starts_ms);
        html_close(h, EL_P);
    } else if (meeting->n_times) {
        part_paragraph(
            h,
            FILL(page, TN(page, "{n} time is proposed", "{n} times are proposed", meeting->n_times),
                 CATALOG_INT("n", meeting->n_times)));
    }
    if (meeting->place.n) {
        part_quiet(h, meeting->place);
    }
    part_card_close(h);
}
