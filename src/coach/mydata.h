/* Everything of one person's in one file, and its deletion by that person. */
#ifndef DUET_COACH_MYDATA_H
#define DUET_COACH_MYDATA_H

#include "base/err.h"
#include "base/str.h"

#include <stddef.h>
#include <stdint.h>

struct coach;

#define MYDATA_MAX (64u << 20) /* bytes of the file */

/* JSON: what Duet holds about the person asking, in full.  ERR_LIMIT beyond MYDATA_MAX. */
MUST_CHECK enum err mydata_export(struct coach *coach, struct str *json);

/* The same for people: a zip of README.txt, which says in the reader's language what is in it, a
 * CSV sheet for each part that has something ("tables/needs.csv"), and the JSON. */
MUST_CHECK enum err mydata_bundle(struct coach *coach, struct str *zip);

/* Within the room: one part of the person asking as a sheet; the caller has asked who may.  `part`
 * from 0; ERR_NOT_FOUND: there are no more.  And the msgid of what a sheet is about, or NULL. */
MUST_CHECK enum err mydata_sheet(struct coach *coach, int part, const char **name, struct str *csv);
const char *mydata_about(const char *sheet);

struct mydata_deleted {
    int64_t n_evidence, n_needs, n_offers, n_tags, n_shares, n_notes, n_visits;
};

/* Deletes the content of the person asking: needs, offers, evidence about them, zones, tags, what
 * they say about themselves, what they share, what rounds proposed to them, notes and visits they
 * wrote, goals and steps of their cycles, what they asked of colleagues; and takes them out of all
 * programmes.  The account, roles and the audit stay: who is a member is
 * the organisation's to say; so do partnerships and agreements, which are others' too. */
MUST_CHECK enum err mydata_delete(struct coach *coach, struct mydata_deleted *deleted);

#endif
