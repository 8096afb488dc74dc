/* Days of the week and their words. */
#include "web/periods.h"

#include "web/page.h"

static const char *const words[PROFILE_DAYS] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

const char *periods_day_word(size_t day)
{
    return words[day];
}

struct str periods_day_name(struct page *page, size_t day)
{
    static const char *const names[PROFILE_DAYS] = {N_("Monday"),   N_("Tuesday"), N_("Wednesday"),
                                                    N_("Thursday"), N_("Friday"),  N_("Saturday"),
                                                    N_("Sunday")};
    return T(page, names[day]);
}

struct str periods_day_short(struct page *page, size_t day)
{
    static const char *const names[PROFILE_DAYS] = {N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"),
                                                    N_("Fri"), N_("Sat"), N_("Sun")};
    return T(page, names[day]);
}

bool periods_read(struct str text, size_t *day, size_t *period)
{
    if (text.n < 5 || text.n > 6 || text.p[3] != '-') {
        return false;
    }
    size_t d = 0, number = 0;
    while (d < PROFILE_DAYS && memcmp(words[d], text.p, 3) != 0) {
        d++;
    }
    for (size_t i = 4; i < text.n; i++) {
        if (text.p[i] < '0' || text.p[i] > '9') {
            return false;
        }
        number = number * 10 + (size_t)(text.p[i] - '0');
    }
    *day = d;
    *period = number;
    return d < PROFILE_DAYS && number >= 1 && number <= PROFILE_PERIODS;
}

struct periods periods_of(const struct profile_tags *tags)
{
    struct periods periods = {{0}};
    for (size_t i = 0; i < tags->n; i++) {
        size_t day, period;
        if (periods_read(tags->items[i], &day, &period)) {
            periods.bits[day] |= 1u << (period - 1);
        }
    }
    return periods;
}
