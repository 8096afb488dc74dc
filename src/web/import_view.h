/* A file that waits to be brought in, in words: what it is, what would change, what is wrong. */
#ifndef DUET_WEB_IMPORT_VIEW_H
#define DUET_WEB_IMPORT_VIEW_H

#include "base/str.h"
#include "coach/imports.h"

struct page;

struct str import_view_kind(struct page *page, enum imports_kind kind);
struct str import_view_kind_hint(struct page *page, enum imports_kind kind);
struct str import_view_state(struct page *page, enum imports_state state);

/* "for example: Ana, Li, Omar"; empty where the column is. */
struct str import_view_samples(struct page *page, const struct people_sheet_column *column);

/* What would change, kind by kind, the first of each by name; what is wrong. */
void import_view_write(struct page *page, const struct imports_view *view);

/* The counts of one that was applied ("person_add=12 person_leave=3") as a list. */
void import_view_summary(struct page *page, struct str summary);

#endif
