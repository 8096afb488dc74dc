/* Icons: 24 units, strokes of the text's colour. */
#include "html/html.h"
#include "html/part_text.h"

static const struct {
    const char *path;
    bool flips; /* points in the direction of writing */
} icons[PART_ICON__MAX] = {
    [PART_ICON_ADD] = {"M12 5v14M5 12h14", false},
    [PART_ICON_ARROW] = {"M5 12h14M13 6l6 6-6 6", true},
    [PART_ICON_BACK] = {"M19 12H5M11 6l-6 6 6 6", true},
    [PART_ICON_BELL] = {"M6 17V11a6 6 0 0 1 12 0v6M4 17h16M10.5 20a1.7 1.7 0 0 0 3 0M12 5V3.5",
                        false},
    [PART_ICON_CALENDAR] = {"M4 6h16v14H4zM4 10h16M8 3v4M16 3v4", false},
    [PART_ICON_CHECK] = {"M4 12.5l5.5 5.5L20 7", false},
    [PART_ICON_CLOSE] = {"M6 6l12 12M18 6L6 18", false},
    [PART_ICON_DOWN] = {"M6 9.5l6 6 6-6", false},
    [PART_ICON_DOWNLOAD] = {"M12 4v11M7 10.5l5 5 5-5M5 20h14", false},
    [PART_ICON_EDIT] = {"M4 20l1-4L16 5l3 3L8 19zM14 7l3 3", false},
    [PART_ICON_EYE] = {"M2.5 12C6 6.5 18 6.5 21.5 12 18 17.5 6 17.5 2.5 12zM12 9a3 3 0 1 1 0 6 3 3 "
                       "0 1 1 0-6",
                       false},
    [PART_ICON_HAND] =
        {"M3 14l4-4c1-1 2-1 3 0l1 1 3-3c1-1 2-1 3 0l4 4M7 18l3 2c1 .6 2 .6 3 0l7-5M3 "
         "14v5",
         false},
    [PART_ICON_INFO] = {"M12 3a9 9 0 1 1 0 18 9 9 0 1 1 0-18M12 11v5.5M12 7.4v.2", false},
    [PART_ICON_KEY] = {"M8 11a4 4 0 1 1 0 8 4 4 0 1 1 0-8M11 12l8-8M16 7l3 3M13.5 9.5l2 2", false},
    [PART_ICON_LOCK] = {"M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3", false},
    [PART_ICON_MAIL] = {"M3.5 6h17v12h-17zM4 7l8 6 8-6", false},
    [PART_ICON_PEOPLE] = {"M9 5a3 3 0 1 1 0 6 3 3 0 1 1 0-6M3 19c0-3.5 2.5-5.5 6-5.5s6 2 6 5.5M16 "
                          "5.5a3 3 0 0 1 0 5.5M17.5 14c2.3.6 3.5 2.3 3.5 5",
                          false},
    [PART_ICON_PRINT] = {"M7 9V4h10v5M7 17H4V9h16v8h-3M7 14h10v6H7z", false},
    [PART_ICON_REMOVE] = {"M5 7h14M9 7V4h6v3M7 7l1 13h8l1-13M10.5 11v5M13.5 11v5", false},
    [PART_ICON_SEARCH] = {"M10.5 4a6.5 6.5 0 1 1 0 13 6.5 6.5 0 1 1 0-13M15.5 15.5L20 20", false},
    [PART_ICON_SEED] = {"M12 21v-9M12 12c0-4 3-6.5 8-6.5 0 4.5-3 7-8 6.5M12 15c0-3-2.5-5-7-5 0 3.5 "
                        "2.5 5.5 7 5",
                        false},
    [PART_ICON_SETTINGS] = {"M4 7h9M19 7h1M4 17h1M11 17h9M16 4.5a2.5 2.5 0 1 1 0 5 2.5 2.5 0 1 1 "
                            "0-5M8 14.5a2.5 2.5 0 1 1 0 5 2.5 2.5 0 1 1 0-5",
                            false},
    [PART_ICON_SHARE] = {"M12 15V4M8 7.5L12 3.5l4 4M6 11H5v9h14v-9h-1", false},
    [PART_ICON_UPLOAD] = {"M12 16V5M7 9.5l5-5 5 5M5 20h14", false},
    [PART_ICON_WARNING] = {"M12 4L2.5 20h19zM12 10v5M12 17.4v.2", false},
};

void part_icon(struct html *h, enum part_icon icon)
{
    if (icon == PART_ICON_NONE) {
        return;
    }
    html_open_class(h, EL_SVG, icons[icon].flips ? "icon icon-flips" : "icon");
    html_attr_word(h, AT_VIEWBOX, "0 0 24 24");
    html_attr_bool(h, AT_ARIA_HIDDEN, true);
    html_attr_bool(h, AT_FOCUSABLE, false);
    html_open(h, EL_SVG_PATH);
    html_attr_word(h, AT_D, icons[icon].path);
    html_close(h, EL_SVG);
}
