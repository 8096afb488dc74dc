/* The living style guide: contents, tokens, words and boxes; styleguide.h is the manual. */
#include "html/styleguide.h"

#include "html/parts.h"
#include "html/styleguide_pages.h"

#define S(text) ((struct str){text, sizeof(text) - 1})

static const char *const colours[] = {
    "paper",  "surface",       "sunken",      "line", "edge",      "ink", "soft",
    "accent", "accent-strong", "accent-soft", "care", "care-soft", "bad", "bad-soft",
};
/* Class names are constants of the program: "swatch swatch-" + colour. */
static const char *const swatches[] = {
    "swatch swatch-paper",       "swatch swatch-surface",  "swatch swatch-sunken",
    "swatch swatch-line",        "swatch swatch-edge",     "swatch swatch-ink",
    "swatch swatch-soft",        "swatch swatch-accent",   "swatch swatch-accent-strong",
    "swatch swatch-accent-soft", "swatch swatch-care",     "swatch swatch-care-soft",
    "swatch swatch-bad",         "swatch swatch-bad-soft",
};

void styleguide_tokens(struct html *h)
{
    part_section_open(h, S("tokens"), S("Colour and type"));
    part_paragraph(h, S("Paper, ink, and one accent. Amber asks for care, red is for what went "
                        "wrong; neither decorates. Text on its ground has a contrast of at least "
                        "4.5 to 1, in light and in dark."));
    html_open_class(h, EL_UL, "swatches");
    for (size_t i = 0; i < sizeof colours / sizeof *colours; i++) {
        html_open(h, EL_LI);
        html_open_class(h, EL_SPAN, swatches[i]);
        html_close(h, EL_SPAN);
        html_element(h, EL_CODE, NULL, str_of(colours[i]));
        html_close(h, EL_LI);
    }
    html_close(h, EL_UL);
    part_heading(h, 3, S("type"), S("A heading of the third level"));
    part_lead(h, S("The lead: one or two sentences that answer the page's question."));
    part_paragraph(h, S("Body text is set for reading: a line holds about seventy signs, and a "
                        "paragraph says one thing. Headings are serif, everything else is not; "
                        "scripts other than Latin are shown in the reader's own faces."));
    part_quiet(h, S("Quiet text is for what is by the way."));
    part_heading(h, 4, S("type-small"), S("A heading of the fourth level"));
    part_list_open(h, false);
    part_list_item(h);
    html_text(h, S("Lists keep their items short."));
    part_list_item(h);
    html_text(h, S("Each item is a whole thought."));
    part_list_close(h);
    part_section_close(h);
}

static void write_sentence(struct html *h)
{
    const struct html_slot slots[] = {
        {.name = "name", .kind = HTML_SLOT_PERSON, .text = S("Amina Diallo")},
        {.name = "skill", .kind = HTML_SLOT_STRONG, .text = S("Questioning")},
        {.name = "link", .kind = HTML_SLOT_LINK, .text = S("#words")},
        {.name = "when", .kind = HTML_SLOT_TIME, .text = S("12 March"), .detail = S("2027-03-12")},
    };
    html_open(h, EL_P);
    html_sentence(
        h,
        S("{name} can help with {skill}. {link}Ask for a first talk{/link}, or wait until "
          "{when}."),
        slots, sizeof slots / sizeof *slots);
    html_close(h, EL_P);
}

void styleguide_words(struct html *h)
{
    part_section_open(h, S("words"), S("Words"));
    write_sentence(h);
    part_terms_open(h);
    part_term(h, S("School"), S("Riverside Primary"));
    part_term(h, S("Subjects"), S("Mathematics, Science"));
    part_term_open(h, S("Last seen"));
    part_time(h, S("2027-03-12"), S("12 March 2027"));
    part_term_close(h);
    part_terms_close(h);
    html_open(h, EL_P);
    html_text(h, S("Badges: "));
    part_badge(h, PART_TONE_PLAIN, S("Draft"));
    html_text(h, S(" "));
    part_badge(h, PART_TONE_ACCENT, S("Your goal"));
    html_text(h, S(" "));
    part_badge(h, PART_TONE_GOOD, S("Offered"));
    html_text(h, S(" "));
    part_badge(h, PART_TONE_CARE, S("Two weeks old"));
    html_text(h, S(" "));
    part_badge(h, PART_TONE_BAD, S("Failed"));
    html_close(h, EL_P);
    html_open(h, EL_P);
    html_text(h, S("A one-time code: "));
    part_code(h, S("K7QM-2XHD-94TP"));
    html_close(h, EL_P);
    part_progress(h, S("3 of 5 steps done"), 3, 5, 0);
    part_details_open(h, S("More for those who want it"), false);
    part_paragraph(h, S("What opens here is never needed to go on."));
    part_details_close(h);
    part_details_open(h, S("The same, open"), true);
    part_written(h, S("What people write keeps its lines:\none,\ntwo."));
    part_details_close(h);
    html_open_class(h, EL_P, "icons");
    for (int icon = PART_ICON_NONE + 1; icon < PART_ICON__MAX; icon++) {
        part_icon(h, (enum part_icon)icon);
    }
    html_close(h, EL_P);
    part_section_close(h);
}

static void write_cards(struct html *h)
{
    part_cards_open(h);
    part_cards_item(h);
    part_card_open(h, &(struct part_card){.heading = S("Questioning"),
                                          .url = S("#boxes"),
                                          .eyebrow = S("Instruction")});
    part_paragraph(h, S("The whole card is one link."));
    part_card_close(h);
    part_cards_item(h);
    part_card_open(h, &(struct part_card){.heading = S("A plain card")});
    part_paragraph(h, S("Holds what belongs together."));
    part_buttons_open(h);
    part_button_link(h, PART_BUTTON_PLAIN, PART_ICON_NONE, S("Open"), S("#boxes"));
    part_buttons_close(h);
    part_card_close(h);
    part_cards_item(h);
    part_card_open(h, &(struct part_card){.tone = PART_TONE_ACCENT, .heading = S("Accent")});
    part_paragraph(h, S("For the one that matters most."));
    part_card_close(h);
    part_cards_item(h);
    part_card_open(h, &(struct part_card){.tone = PART_TONE_CARE, .heading = S("Care")});
    part_paragraph(h, S("The last backup is nine days old."));
    part_card_close(h);
    part_cards_close(h);
}

static void write_notices(struct html *h)
{
    part_status(h, PART_TONE_GOOD, S("Saved. Your colleagues see your new offers."));
    part_notice(h, PART_TONE_PLAIN, S(""), S("Only you see this page."));
    part_notice(h, PART_TONE_ACCENT, S("You can change this later"),
                S("Nothing is sent before you say so."));
    part_notice(h, PART_TONE_CARE, S("Six lines could not be read"),
                S("They are listed below, each with what to do about it."));
    part_notice(h, PART_TONE_BAD, S("Nothing was saved"),
                S("The server could not write to its disk. Please try again in a minute."));
}

void styleguide_boxes(struct html *h)
{
    part_section_open(h, S("boxes"), S("Boxes"));
    part_next_open(h, S("Next for you"), S("Tell us where you would like help"));
    part_paragraph(h, S("It takes three minutes. With it, colleagues who are good at what you want "
                        "to learn can find you."));
    part_buttons_open(h);
    part_button_link(h, PART_BUTTON_MAIN, PART_ICON_ARROW, S("Choose my goals"), S("#boxes"));
    part_button_link(h, PART_BUTTON_QUIET, PART_ICON_NONE, S("Later"), S("#boxes"));
    part_buttons_close(h);
    part_next_close(h);
    write_cards(h);
    part_question_open(h, S("question"), S("Am I a knowledgeable other?"),
                       S("Yes, in three skills that you offer."));
    part_columns_open(h, PART_COLUMNS_TWO);
    part_person(h, &(struct part_person){.name = S("Amina Diallo"),
                                         .url = S("#boxes"),
                                         .detail = S("Teacher, Riverside Primary")});
    part_person(h, &(struct part_person){.name = S("\xC3\x89lodie Nguy\xE1\xBB\x85n-Okafor"),
                                         .detail = S("Coach, Hillside Academy")});
    part_columns_close(h);
    part_question_close(h);
    part_person(h, &(struct part_person){
                       .name = S("Jos\xC3\xA9"), .detail = S("Coordinator"), .large = true});
    part_heading(h, 3, S("notices"), S("Notices"));
    write_notices(h);
    part_heading(h, 3, S("messages"), S("Messages"));
    part_message_open(h, S("Amina Diallo"), false);
    part_badge(h, PART_TONE_ACCENT, S("new"));
    part_message_words(h);
    part_written(h, S("Shall we look at the questions together on Tuesday?"));
    part_message_close(h);
    part_message_open(h, S("You"), true);
    html_text(h, S("today, 14:05"));
    part_message_words(h);
    part_written(h, S("Yes, gladly."));
    part_message_close(h);
    part_heading(h, 3, S("empty"), S("Nothing here yet"));
    part_empty(h, &(struct part_empty){.icon = PART_ICON_SEED,
                                       .heading = S("No evidence yet"),
                                       .text = S("A first rating, by yourself or by a colleague, "
                                                 "gives Duet something to go by."),
                                       .action = S("Rate myself"),
                                       .url = S("#boxes")});
    part_section_close(h);
}

void styleguide_write(struct html *h, const struct catalog *catalog)
{
    const struct part_link links[] = {
        {.text = S("Colour and type"), .url = S("#tokens")},
        {.text = S("Words"), .url = S("#words")},
        {.text = S("Boxes"), .url = S("#boxes")},
        {.text = S("Forms"), .url = S("#forms")},
        {.text = S("Tables"), .url = S("#tables")},
        {.text = S("Finding the way"), .url = S("#ways")},
        {.text = S("The zone band"), .url = S("#bands")},
    };
    part_title(h, &(struct part_title){.eyebrow = S("For people who work on Duet"),
                                       .title = S("Style guide"),
                                       .lead = S("Every component in every state, written by the "
                                                 "components themselves.")});
    part_contents(h, S("Contents"), links, sizeof links / sizeof *links);
    styleguide_tokens(h);
    styleguide_words(h);
    styleguide_boxes(h);
    styleguide_forms(h);
    styleguide_tables(h);
    styleguide_ways(h);
    styleguide_bands(h, catalog);
}
