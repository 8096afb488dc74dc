/* Sentences of the catalogue with links, names and emphasis in their placeholders. */
#include "base/catalog.h"
#include "html/html.h"

static const struct html_slot *slot_of(const struct html_slot *slots, size_t n, struct str name)
{
    for (size_t i = 0; i < n; i++) {
        if (str_is(name, slots[i].name)) {
            return &slots[i];
        }
    }
    return NULL;
}

static void write_slot(struct html *h, const struct html_slot *slot)
{
    switch (slot->kind) {
    case HTML_SLOT_PERSON:
        html_element(h, EL_BDI, NULL, slot->text);
        break;
    case HTML_SLOT_STRONG:
        html_element(h, EL_STRONG, NULL, slot->text);
        break;
    case HTML_SLOT_TIME:
        html_open(h, EL_TIME);
        html_attr_text(h, AT_DATETIME, slot->detail);
        html_text(h, slot->text);
        html_close(h, EL_TIME);
        break;
    case HTML_SLOT_LINK: /* opened and closed by the sentence */
    case HTML_SLOT_TEXT:
        html_text(h, slot->text);
        break;
    }
}

void html_sentence(struct html *h, struct str text, const struct html_slot *slots, size_t n)
{
    struct str before, name, rest = text;
    const struct html_slot *link = NULL; /* the one that is open */
    while (catalog_next_slot(rest, &before, &name, &rest)) {
        html_text(h, before);
        bool ends = name.n > 0 && name.p[0] == '/';
        struct str bare = ends ? (struct str){name.p + 1, name.n - 1} : name;
        const struct html_slot *slot = slot_of(slots, n, bare);
        bool encloses = slot && slot->kind == HTML_SLOT_LINK;
        if (encloses && !ends && !link) {
            html_open(h, EL_A);
            html_attr_url(h, AT_HREF, slot->text);
            link = slot;
        } else if (encloses && ends && slot == link) {
            html_close(h, EL_A);
            link = NULL;
        } else if (slot && !encloses && !ends) {
            write_slot(h, slot);
        } else { /* with its braces */
            html_text(h, (struct str){name.p - 1, name.n + 2});
        }
    }
    html_text(h, before);
    if (link) {
        html_close(h, EL_A);
    }
}
