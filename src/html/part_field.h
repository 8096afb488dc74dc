/* What all fields share, for the files that write them (part_form.c, part_choose.c). */
#ifndef DUET_HTML_PART_FIELD_H
#define DUET_HTML_PART_FIELD_H

#include "html/part_form.h"

/* <div class="field"> with label, hint and error; the control and </div> follow. */
void part_field_open(struct html *h, const struct part_field *field);

/* "optional" after a label or legend. */
void part_field_optional(struct html *h, const struct part_field *field);

/* Hint and error, each with the id that part_field_described refers to. */
void part_field_notes(struct html *h, const struct part_field *field);
void part_field_described(struct html *h, const struct part_field *field);

/* The name under which the field is sent. */
struct str part_field_name(const struct part_field *field);

#endif
