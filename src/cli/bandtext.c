/* The zone band as text; see bandtext.h. */
#include "cli/bandtext.h"

#include "zone/band.h"
#include "zone/zone.h"

enum sign { SIGN_TRACK, SIGN_LIKELY, SIGN_SWEET, SIGN_ALONE, SIGN_HELPED, SIGN__MAX };

static const char *const plain[SIGN__MAX] = {".", "-", "=", "O", "H"};
static const char *const pretty[SIGN__MAX] = {
    "\xC2\xB7", "\xE2\x94\x80", "\xE2\x96\x91", "\xE2\x97\x8F", "\xE2\x97\x8B",
};

/* The column of a level on the band. */
static int column_of(double level, int levels)
{
    double at = (level - 1) / (levels - 1) * (BANDTEXT_WIDTH - 1);
    int column = (int)(at + 0.5);
    if (!(at > 0)) {
        return 0;
    }
    return column < BANDTEXT_WIDTH ? column : BANDTEXT_WIDTH - 1;
}

static void fill(enum sign *signs, int from, int to, enum sign sign)
{
    for (int i = from; i <= to; i++) {
        signs[i] = sign;
    }
}

void bandtext_draw(FILE *out, const struct term *term, const struct zone_estimate *estimate,
                   int levels)
{
    enum sign signs[BANDTEXT_WIDTH] = {SIGN_TRACK};
    const char *const *glyph = term->utf8 ? pretty : plain;
    int alone = column_of(estimate->alone_level, levels);
    int helped = column_of(estimate->helped_level, levels);
    fill(signs, column_of(estimate->alone_level_lo, levels),
         column_of(estimate->alone_level_hi, levels), SIGN_LIKELY);
    fill(signs, alone + 1, helped - 1, SIGN_SWEET);
    signs[helped] = SIGN_HELPED;
    signs[alone] = SIGN_ALONE;
    fprintf(out, "%s", term_style(term, TERM_ACCENT));
    for (int i = 0; i < BANDTEXT_WIDTH; i++) {
        fputs(glyph[signs[i]], out);
    }
    fprintf(out, "%s", term_style(term, TERM_PLAIN));
}

const char *bandtext_legend(const struct term *term)
{
    return term->utf8 ? "\xE2\x97\x8F alone (\xE2\x94\x80 likely range), \xE2\x97\x8B with help, "
                        "\xE2\x96\x91 the sweet spot between"
                      : "O alone (- likely range), H with help, = the sweet spot between";
}

void bandtext_words(char words[BANDTEXT_WORDS_MAX], const struct zone_estimate *estimate,
                    const struct zone_skill *skill, int levels)
{
    struct band_known known = {.alone = estimate->alone,
                               .alone_sd = estimate->alone_sd,
                               .gain = estimate->gain,
                               .gain_sd = estimate->gain_sd,
                               .cov = estimate->alone_gain_cov};
    int alone = 1, helped, n = 0;
    while (alone < levels && band_say(&known, 1, skill->threshold[alone - 1]) == BAND_ALONE) {
        alone++;
    }
    helped = alone;
    while (helped < levels && band_say(&known, 1, skill->threshold[helped - 1]) != BAND_UNKNOWN) {
        helped++;
    }
    if (alone == 1 && helped == 1) {
        snprintf(words, BANDTEXT_WORDS_MAX,
                 "which levels alone and which with help is not known "
                 "yet");
        return;
    }
    if (alone > 1) {
        n = snprintf(words, BANDTEXT_WORDS_MAX, "level %d alone", alone);
    }
    if (helped > alone) {
        n += snprintf(words + n, BANDTEXT_WORDS_MAX - (size_t)n, "%slevel %d with help",
                      n > 0 ? ", " : "", helped);
    }
    if (helped < levels) {
        snprintf(words + n, BANDTEXT_WORDS_MAX - (size_t)n, "; level %d is not known yet",
                 helped + 1);
    }
}
