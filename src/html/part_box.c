/* Boxes around words: cards, the next thing, questions, notices, people, badges. */
#include "html/part_text.h"

#include "base/arena.h"
#include "base/utf8.h"
#include "html/html.h"
#include "html/part_form.h"

#define INITIALS_MAX 10 /* bytes: two characters and the NUL */

static const char *const badge_of[PART_TONE__MAX] = {
    "badge", "badge badge-accent", "badge badge-good", "badge badge-care", "badge badge-bad",
};
static const char *const card_of[PART_TONE__MAX] = {
    "card", "card card-accent", "card card-good", "card card-care", "card card-bad",
};
static const char *const notice_of[PART_TONE__MAX] = {
    "notice",
    "notice notice-accent",
    "notice notice-good",
    "notice notice-care",
    "notice notice-bad",
};
static const enum part_icon icon_of[PART_TONE__MAX] = {
    PART_ICON_INFO, PART_ICON_INFO, PART_ICON_CHECK, PART_ICON_WARNING, PART_ICON_WARNING,
};

void part_card_open(struct html *h, const struct part_card *card)
{
    html_open_class(h, EL_ARTICLE, card_of[card->tone]);
    if (card->id.n > 0) {
        html_attr_id(h, AT_ID, card->id);
    }
    if (card->eyebrow.n > 0) {
        html_element(h, EL_P, "eyebrow", card->eyebrow);
    }
    if (card->heading.n == 0) {
        return;
    }
    int level = card->level ? card->level : 3;
    enum html_element element = level == 2 ? EL_H2 : level == 4 ? EL_H4 : EL_H3;
    html_open_class(h, element, "card-heading");
    if (card->url.n > 0) {
        html_open(h, EL_A);
        html_attr_url(h, AT_HREF, card->url);
        html_text(h, card->heading);
        html_close(h, EL_A);
    } else {
        html_text(h, card->heading);
    }
    html_close(h, element);
}

void part_card_close(struct html *h)
{
    html_close(h, EL_ARTICLE);
}

void part_cards_open(struct html *h)
{
    html_open_class(h, EL_UL, "cards");
}

void part_cards_item(struct html *h)
{
    if (h->levels[h->depth].element == EL_LI) {
        html_close(h, EL_LI);
    }
    html_open(h, EL_LI);
}

void part_cards_close(struct html *h)
{
    if (h->levels[h->depth].element == EL_LI) {
        html_close(h, EL_LI);
    }
    html_close(h, EL_UL);
}

void part_next_open(struct html *h, struct str eyebrow, struct str heading)
{
    html_open_class(h, EL_SECTION, "next");
    html_attr_id(h, AT_ARIA_LABELLEDBY, str_of("next-heading"));
    if (eyebrow.n > 0) {
        html_element(h, EL_P, "eyebrow", eyebrow);
    }
    part_heading(h, 2, str_of("next-heading"), heading);
}

void part_next_close(struct html *h)
{
    html_close(h, EL_SECTION);
}

void part_question_open(struct html *h, struct str id, struct str question, struct str answer)
{
    html_open_class(h, EL_SECTION, "question");
    html_attr_id(h, AT_ARIA_LABELLEDBY, id);
    part_heading(h, 2, id, question);
    if (answer.n > 0) {
        html_element(h, EL_P, "answer", answer);
    }
}

void part_question_close(struct html *h)
{
    html_close(h, EL_SECTION);
}

void part_badge(struct html *h, enum part_tone tone, struct str text)
{
    html_element(h, EL_SPAN, badge_of[tone], text);
}

/* The first character of a word, at least its bytes up to the next that begins a character. */
static struct str first_of(struct str word)
{
    int32_t code;
    size_t n = utf8_next(word, &code);
    return (struct str){word.p, n};
}

struct str part_initials(struct html *h, struct str name)
{
    char text[INITIALS_MAX];
    size_t n = 0, last = 0;
    struct str trimmed = utf8_trim(name);
    for (size_t i = 0; i < trimmed.n; i++) {
        last = trimmed.p[i] == ' ' ? i + 1 : last;
    }
    for (int i = 0; i < 2; i++) {
        size_t from = i == 0 ? 0 : last;
        struct str letter = {"", 0};
        if (from < trimmed.n && (i == 0 || last > 0)) {
            letter = first_of((struct str){trimmed.p + from, trimmed.n - from});
        }
        memcpy(text + n, letter.p, letter.n);
        n += letter.n;
    }
    const char *copy = arena_text(h->arena, text, n);
    if (!copy) {
        h->err = h->err ? h->err : ERR_NOMEM;
        return (struct str){"", 0};
    }
    return (struct str){copy, n};
}

void part_person(struct html *h, const struct part_person *person)
{
    html_open_class(h, EL_DIV, person->large ? "person person-large" : "person");
    html_open_class(h, EL_SPAN, "initials");
    html_attr_bool(h, AT_ARIA_HIDDEN, true);
    html_text(h, part_initials(h, person->name));
    html_close(h, EL_SPAN);
    html_open_class(h, EL_SPAN, "person-words");
    html_open_class(h, person->url.n > 0 ? EL_A : EL_SPAN, "person-name");
    if (person->url.n > 0) {
        html_attr_url(h, AT_HREF, person->url);
    }
    html_element(h, EL_BDI, NULL, person->name);
    html_close(h, person->url.n > 0 ? EL_A : EL_SPAN);
    if (person->detail.n > 0) {
        html_element(h, EL_SPAN, "person-detail", person->detail);
    }
    html_close(h, EL_SPAN);
    html_close(h, EL_DIV);
}

void part_status(struct html *h, enum part_tone tone, struct str text)
{
    html_open_class(h, EL_DIV, "status");
    html_attr_word(h, AT_ROLE, "status");
    if (text.n > 0) {
        html_open_class(h, EL_P, notice_of[tone]);
        part_icon(h, icon_of[tone]);
        html_element(h, EL_SPAN, NULL, text);
        html_close(h, EL_P);
    }
    html_close(h, EL_DIV);
}

void part_notice_open(struct html *h, enum part_tone tone, struct str heading)
{
    html_open_class(h, EL_DIV, notice_of[tone]);
    part_icon(h, icon_of[tone]);
    html_open_class(h, EL_DIV, "notice-words");
    if (heading.n > 0) {
        html_open_class(h, EL_P, "notice-heading");
        html_element(h, EL_STRONG, NULL, heading);
        html_close(h, EL_P);
    }
}

void part_notice_close(struct html *h)
{
    html_close(h, EL_DIV);
    html_close(h, EL_DIV);
}

void part_notice(struct html *h, enum part_tone tone, struct str heading, struct str text)
{
    part_notice_open(h, tone, heading);
    part_paragraph(h, text);
    part_notice_close(h);
}

void part_empty(struct html *h, const struct part_empty *empty)
{
    html_open_class(h, EL_DIV, "empty");
    part_icon(h, empty->icon);
    html_element(h, EL_P, "empty-heading", empty->heading);
    if (empty->text.n > 0) {
        part_paragraph(h, empty->text);
    }
    if (empty->action.n > 0) {
        part_buttons_open(h);
        part_button_link(h, PART_BUTTON_PLAIN, PART_ICON_NONE, empty->action, empty->url);
        part_buttons_close(h);
    }
    html_close(h, EL_DIV);
}

void part_message_open(struct html *h, struct str name, bool mine)
{
    html_open_class(h, EL_ARTICLE, mine ? "message message-mine" : "message");
    html_open_class(h, EL_P, "message-head");
    html_open(h, EL_STRONG);
    html_element(h, EL_BDI, NULL, name);
    html_close(h, EL_STRONG);
    html_text(h, str_of(" "));
}

void part_message_words(struct html *h)
{
    html_close(h, EL_P);
}

void part_message_close(struct html *h)
{
    html_close(h, EL_ARTICLE);
}
