/* Times of day. */
#include "web/daytime.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/day.h"
#include "web/page.h"
#include "web/web.h"

int32_t daytime_read(struct str text)
{
    int32_t number[2] = {0, 0}, digits[2] = {0, 0};
    int part = 0;
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == ':' && part == 0) {
            part = 1;
        } else if (text.p[i] >= '0' && text.p[i] <= '9' && digits[part] < 2) {
            number[part] = 10 * number[part] + (text.p[i] - '0');
            digits[part]++;
        } else {
            return -1;
        }
    }
    bool right = digits[0] > 0 && digits[1] == 2 && number[0] < 24 && number[1] < 60;
    return right ? 60 * number[0] + number[1] : -1;
}

struct str daytime_text(struct page *page, int32_t minute)
{
    struct buf buf;
    struct str text;
    buf_init(&buf, page->arena, 16);
    buf_addf(&buf, "%02d:%02d", (int)(minute / 60), (int)(minute % 60));
    return buf_end(&buf, &text) == ERR_OK ? text : str_of("");
}

struct str daytime_moment(struct page *page, int64_t at_ms)
{
    int32_t day, minute;
    clock_read(page->web->site.zone, at_ms, &day, &minute);
    return FILL(
        page, T(page, "{day}, {time}"),
        CATALOG_TEXT("day", catalog_day(page->arena, page->catalog, day, CATALOG_DAY_WEEKDAY)),
        CATALOG_TEXT("time", daytime_text(page, minute)));
}

void daytime_write(struct page *page, int64_t at_ms)
{
    char date[DAY_TEXT_SIZE];
    int32_t day, minute;
    struct buf buf;
    struct str iso;
    clock_read(NULL, at_ms, &day, &minute);
    day_write(day, date);
    buf_init(&buf, page->arena, 32);
    buf_addf(&buf, "%sT%02d:%02dZ", date, (int)(minute / 60), (int)(minute % 60));
    if (buf_end(&buf, &iso) == ERR_OK) {
        part_time(&page->html, iso, daytime_moment(page, at_ms));
    }
}
