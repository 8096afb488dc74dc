/* Words and the boxes around them: titles, cards, badges, people, notices, lists of terms. */
#ifndef DUET_HTML_PART_TEXT_H
#define DUET_HTML_PART_TEXT_H

#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

struct html;

enum part_tone {
    PART_TONE_PLAIN,
    PART_TONE_ACCENT, /* the one thing */
    PART_TONE_GOOD,
    PART_TONE_CARE, /* needs attention */
    PART_TONE_BAD,
    PART_TONE__MAX
};

enum part_icon {
    PART_ICON_NONE,
    PART_ICON_ADD,
    PART_ICON_ARROW, /* onwards, in the direction of writing */
    PART_ICON_BACK,
    PART_ICON_BELL,
    PART_ICON_CALENDAR,
    PART_ICON_CHECK,
    PART_ICON_CLOSE,
    PART_ICON_DOWN,
    PART_ICON_DOWNLOAD,
    PART_ICON_EDIT,
    PART_ICON_EYE,
    PART_ICON_HAND, /* help */
    PART_ICON_INFO,
    PART_ICON_KEY,
    PART_ICON_LOCK,
    PART_ICON_MAIL,
    PART_ICON_PEOPLE,
    PART_ICON_PRINT,
    PART_ICON_REMOVE,
    PART_ICON_SEARCH,
    PART_ICON_SEED, /* growth */
    PART_ICON_SETTINGS,
    PART_ICON_SHARE,
    PART_ICON_UPLOAD,
    PART_ICON_WARNING,
    PART_ICON__MAX
};

/* A picture beside words, hidden from assistive technology.  24 units, drawn in the text's colour
 * and size. */
void part_icon(struct html *h, enum part_icon icon);

/* The head of a page: what it answers.  Writes the page's only <h1>. */
struct part_title {
    struct str back, back_url; /* where one came from; may be empty */
    struct str eyebrow;        /* small line above: "Week 3 of 12"; may be empty */
    struct str title;
    struct str lead; /* one or two sentences; may be empty */
};
void part_title(struct html *h, const struct part_title *title);

/* A heading of level 2 .. 4; id may be empty. */
void part_heading(struct html *h, int level, struct str id, struct str text);

void part_paragraph(struct html *h, struct str text);
void part_lead(struct html *h, struct str text);  /* larger, for the first sentence */
void part_quiet(struct html *h, struct str text); /* smaller and paler, for what is by the way */

/* A section with a heading of level 2 that labels it. */
void part_section_open(struct html *h, struct str id, struct str heading);
void part_section_close(struct html *h);

/* A card; `heading` (level 3, may be empty) labels it, url (may be empty) makes it a link. */
struct part_card {
    struct str id; /* to be led to; may be empty */
    enum part_tone tone;
    int level; /* of the heading: 2 .. 4, 0: 3 */
    struct str heading, url;
    struct str eyebrow; /* may be empty */
};
void part_card_open(struct html *h, const struct part_card *card);
void part_card_close(struct html *h);

/* Cards in a list: <ul>, each <li> holds one card. */
void part_cards_open(struct html *h);
void part_cards_item(struct html *h); /* before each card */
void part_cards_close(struct html *h);

/* The one next thing to do: large, accented, at the top of Today.  Between open and close:
 * paragraphs and part_buttons. */
void part_next_open(struct html *h, struct str eyebrow, struct str heading);
void part_next_close(struct html *h);

/* One of the three questions: the question as heading, an answer in a sentence, then content. */
void part_question_open(struct html *h, struct str id, struct str question, struct str answer);
void part_question_close(struct html *h);

void part_badge(struct html *h, enum part_tone tone, struct str text);

/* A person: initials in a circle, name, a line of detail.  url may be empty (no link). */
struct part_person {
    struct str name, url, detail;
    bool large;
};
void part_person(struct html *h, const struct part_person *person);

/* The first letters of the first and last word of a name, at most two characters; lives in
 * h->arena. */
struct str part_initials(struct html *h, struct str name);

/* What just happened (after a redirect).  Always write it, with an empty text when there is
 * nothing: a live region must exist before it is filled. */
void part_status(struct html *h, enum part_tone tone, struct str text);

/* Something to know before reading on; heading may be empty. */
void part_notice_open(struct html *h, enum part_tone tone, struct str heading);
void part_notice_close(struct html *h);
void part_notice(struct html *h, enum part_tone tone, struct str heading, struct str text);

/* Nothing here yet: why, and what to do about it (action may be empty). */
struct part_empty {
    enum part_icon icon;
    struct str heading, text, action, url;
};
void part_empty(struct html *h, const struct part_empty *empty);

/* Terms and what they are: <dl>.  Between part_term_open and part_term_close stands any content. */
void part_terms_open(struct html *h);
void part_term(struct html *h, struct str term, struct str value);
void part_term_open(struct html *h, struct str term);
void part_term_close(struct html *h);
void part_terms_close(struct html *h);

/* A list of plain items; each item is open until the next or the end. */
void part_list_open(struct html *h, bool numbered);
void part_list_item(struct html *h);
void part_list_close(struct html *h);

/* More for those who want it: a summary line that opens. */
void part_details_open(struct html *h, struct str summary, bool open);
void part_details_close(struct html *h);

/* How far something is: words first, then a bar.  0 <= done <= of.  again_s: where scripts run it
 * looks for itself every so many seconds, and the page is loaded anew when it is gone (the page's
 * part_document says the same); 0: it stays as it is. */
void part_progress(struct html *h, struct str label, int64_t done, int64_t of, int again_s);

/* A point in time: `iso` for machines (2027-03-12 or 2027-03-12T09:30Z), words for people. */
void part_time(struct html *h, struct str iso, struct str text);

/* A one-time code or a key, in a face where every sign is distinct. */
void part_code(struct html *h, struct str code);

/* Text that people wrote: paragraphs kept, direction of its own. */
void part_written(struct html *h, struct str text);

/* One message of a conversation: who wrote it, then (still in its first line) when and what else is
 * to be said of it, then after part_message_words its text. */
void part_message_open(struct html *h, struct str name, bool mine);
void part_message_words(struct html *h);
void part_message_close(struct html *h);

/* For screen readers only. */
void part_hidden_text(struct html *h, struct str text);

#endif
