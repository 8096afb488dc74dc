/* Every route of the site with who may enter and whose things its address names, written down for
 * themselves beside what the pages declare; for access.t.c.  A new route needs a new row.
 *
 * In a path, %p is the owner, %k a skill, %e a piece of the owner's evidence, %s a session of the
 * owner's, %h something the owner shares, %u a unit, %f a framework, %d a domain and %t a step of
 * it, %g a programme that the owner is asked to take part in; %q a partnership of the owner with
 * the guide, %o its focus, %c its cycle, %n a note and %v a visit in that; %w a partnership of the
 * owner and the colleague, %m a meeting and %x a message in that; 999999 is nothing. */
#ifndef DUET_TESTS_WEB_ACCESS_ROWS_H
#define DUET_TESTS_WEB_ACCESS_ROWS_H

enum whom {
    ANYBODY,
    SIGNED_IN,
    SHARED,  /* the owner, and the friend with whom they share */
    SHARERS, /* the friend only */
    COORDINATORS,
    ADMINISTRATORS,
    WHOM__MAX
};

enum whose {
    NOT_PERSONAL, /* of the organisation, or the address itself says nothing of a person */
    OF_OWNER,     /* only the owner may: everybody else is refused or finds nothing */
    OF_OWNER_TOO, /* the owner may, and an administrator */
    OF_GUIDE,     /* only the helper may, and that is the guide: nobody */
    OF_PAIR,      /* the owner may, and the colleague who is their partner */
};

struct access_row {
    const char *route;
    enum whom whom;
    const char *path; /* NULL: the route itself */
    enum whose whose;
};

/* clang-format off */
static const struct access_row access_rows[] = {
    /* Today */
    {"GET /", SIGNED_IN, NULL, NOT_PERSONAL},
    /* My skills */
    {"GET /skills", SIGNED_IN, NULL, NOT_PERSONAL},
    {"GET /skills/:id", SIGNED_IN, "/skills/%k", NOT_PERSONAL},
    /* Rating oneself */
    {"GET /skills/rate", SIGNED_IN, NULL, NOT_PERSONAL},
    {"POST /skills/rate", SIGNED_IN, NULL, NOT_PERSONAL},
    /* Evidence */
    {"GET /skills/:id/self", SIGNED_IN, "/skills/%k/self", NOT_PERSONAL},
    {"POST /skills/:id/self", SIGNED_IN, "/skills/%k/self", NOT_PERSONAL},
    {"GET /skills/:id/task", SIGNED_IN, "/skills/%k/task", NOT_PERSONAL},
    {"POST /skills/:id/task", SIGNED_IN, "/skills/%k/task", NOT_PERSONAL},
    {"GET /people/:id/skills/:skill/observe", SHARERS,
     "/people/%p/skills/%k/observe", NOT_PERSONAL},
    {"POST /people/:id/skills/:skill/observe", SHARERS,
     "/people/%p/skills/%k/observe", NOT_PERSONAL},
    {"POST /skills/:skill/evidence/:id/withdraw", SIGNED_IN,
     "/skills/%k/evidence/%e/withdraw", OF_OWNER},
    {"POST /skills/:skill/evidence/:id/delete", SIGNED_IN,
     "/skills/%k/evidence/%e/delete", OF_OWNER},
    /* Needs and offers */
    {"GET /wishes", SIGNED_IN, NULL, NOT_PERSONAL},
    {"POST /wishes", SIGNED_IN, NULL, NOT_PERSONAL},
    {"POST /needs/:id/add", SIGNED_IN, "/needs/%k/add", NOT_PERSONAL},
    {"POST /needs/:id/drop", SIGNED_IN, "/needs/%k/drop", NOT_PERSONAL},
    {"POST /offers/:id/add", SIGNED_IN, "/offers/%k/add", NOT_PERSONAL},
    {"POST /offers/:id/drop", SIGNED_IN, "/offers/%k/drop", NOT_PERSONAL},
    /* Coaching: partnerships, agreements, cycles, notes, the pad */
    {"GET /coaching", SIGNED_IN, NULL, NOT_PERSONAL},
    {"GET /coaching/ask", SIGNED_IN, NULL, NOT_PERSONAL},
    {"POST /coaching/ask", SIGNED_IN, NULL, NOT_PERSONAL},
    {"POST /coaching/guide/:skill", SIGNED_IN, "/coaching/guide/%k", NOT_PERSONAL},
    {"GET /partnerships/:id", SIGNED_IN, "/partnerships/%q", OF_OWNER},
    {"POST /partnerships/:id/answer", SIGNED_IN, "/partnerships/%q/answer", OF_OWNER},
    {"POST /partnerships/:id/pause", SIGNED_IN, "/partnerships/%q/pause", OF_OWNER},
    {"POST /partnerships/:id/resume", SIGNED_IN, "/partnerships/%q/resume", OF_OWNER},
    {"GET /partnerships/:id/end", SIGNED_IN, "/partnerships/%q/end", OF_OWNER},
    {"POST /partnerships/:id/end", SIGNED_IN, "/partnerships/%q/end", OF_OWNER},
    {"GET /partnerships/:id/focus", SIGNED_IN, "/partnerships/%q/focus", OF_OWNER},
    {"POST /partnerships/:id/focus", SIGNED_IN, "/partnerships/%q/focus", OF_OWNER},
    {"GET /partnerships/:id/agreement", SIGNED_IN, "/partnerships/%q/agreement", OF_OWNER},
    {"POST /partnerships/:id/agreement", SIGNED_IN, "/partnerships/%q/agreement", OF_OWNER},
    {"POST /partnerships/:id/sign", SIGNED_IN, "/partnerships/%q/sign", OF_OWNER},
    {"POST /focuses/:id/cycle", SIGNED_IN, "/focuses/%o/cycle", OF_OWNER},
    {"POST /focuses/:id/drop", SIGNED_IN, "/focuses/%o/drop", OF_OWNER},
    {"GET /cycles/:id", SIGNED_IN, "/cycles/%c", OF_OWNER},
    {"POST /cycles/:id/stages/*stage", SIGNED_IN, "/cycles/%c/stages/plan", OF_OWNER},
    {"POST /cycles/:id/back", SIGNED_IN, "/cycles/%c/back", OF_OWNER},
    {"POST /cycles/:id/prepared", SIGNED_IN, "/cycles/%c/prepared", OF_GUIDE},
    {"POST /cycles/:id/stop", SIGNED_IN, "/cycles/%c/stop", OF_OWNER},
    {"POST /cycles/:id/evidence", SIGNED_IN, "/cycles/%c/evidence", OF_OWNER},
    {"POST /cycles/:id/notes", SIGNED_IN, "/cycles/%c/notes", OF_OWNER},
    {"GET /cycles/:id/pad", SIGNED_IN, "/cycles/%c/pad", OF_OWNER},
    {"POST /cycles/:id/pad", SIGNED_IN, "/cycles/%c/pad", OF_OWNER},
    {"POST /notes/:id", SIGNED_IN, "/notes/%n", OF_OWNER},
    {"POST /notes/:id/share", SIGNED_IN, "/notes/%n/share", OF_OWNER},
    {"POST /notes/:id/unshare", SIGNED_IN, "/notes/%n/unshare", OF_OWNER},
    {"POST /notes/:id/remove", SIGNED_IN, "/notes/%n/remove", OF_OWNER},
    {"POST /visits/:id/share", SIGNED_IN, "/visits/%v/share", OF_OWNER},
    {"POST /visits/:id/unshare", SIGNED_IN, "/visits/%v/unshare", OF_OWNER},
    {"POST /visits/:id/remove", SIGNED_IN, "/visits/%v/remove", OF_OWNER},
    /* Programmes and rounds */
    {"GET /programmes", SIGNED_IN, NULL, NOT_PERSONAL},
    {"GET /programmes/:id", SIGNED_IN, "/programmes/%g", OF_OWNER},
    {"POST /programmes/:id/answer", SIGNED_IN, "/programmes/%g/answer", OF_OWNER},
    {"GET /programmes/new", COORDINATORS, NULL, NOT_PERSONAL},
    {"POST /programmes/new", COORDINATORS, NULL, NOT_PERSONAL},
    {"GET /programmes/:id/plan", COORDINATORS, "/programmes/999999/plan", NOT_PERSONAL},
    {"GET /programmes/:id/edit", COORDINATORS, "/programmes/999999/edit", NOT_PERSONAL},
    {"POST /programmes/:id/edit", COORDINATORS, "/programmes/999999/edit", NOT_PERSONAL},
    {"POST /programmes/:id/open", COORDINATORS, "/programmes/999999/open", NOT_PERSONAL},
    {"POST /programmes/:id/refresh", COORDINATORS, "/programmes/999999/refresh", NOT_PERSONAL},
    {"POST /programmes/:id/close", COORDINATORS, "/programmes/999999/close", NOT_PERSONAL},
    {"POST /programmes/:id/remove", COORDINATORS, "/programmes/999999/remove", NOT_PERSONAL},
    {"POST /programmes/:id/rounds", COORDINATORS, "/programmes/999999/rounds", NOT_PERSONAL},
    {"GET /programmes/:id/people", COORDINATORS, "/programmes/999999/people", NOT_PERSONAL},
    {"POST /programmes/:id/people", COORDINATORS, "/programmes/999999/people", NOT_PERSONAL},
    {"POST /programmes/:id/units", COORDINATORS, "/programmes/999999/units", NOT_PERSONAL},
    {"POST /programmes/:id/people/:person/drop", COORDINATORS, "/programmes/999999/people/999999/drop", NOT_PERSONAL},
    {"GET /programmes/:id/skills", COORDINATORS, "/programmes/999999/skills", NOT_PERSONAL},
    {"POST /programmes/:id/skills", COORDINATORS, "/programmes/999999/skills", NOT_PERSONAL},
    {"GET /programmes/:id/matching", COORDINATORS, "/programmes/999999/matching", NOT_PERSONAL},
    {"POST /programmes/:id/matching", COORDINATORS, "/programmes/999999/matching", NOT_PERSONAL},
    {"GET /programmes/:id/exceptions", COORDINATORS, "/programmes/999999/exceptions", NOT_PERSONAL},
    {"POST /programmes/:id/exceptions", COORDINATORS, "/programmes/999999/exceptions", NOT_PERSONAL},
    {"POST /programmes/:id/exceptions/:rule/drop", COORDINATORS, "/programmes/999999/exceptions/999999/drop", NOT_PERSONAL},
    {"GET /programmes/:id/cycle", COORDINATORS, "/programmes/999999/cycle", NOT_PERSONAL},
    {"POST /programmes/:id/cycle", COORDINATORS, "/programmes/999999/cycle", NOT_PERSONAL},
    {"GET /programmes/:id/cycle/*part", COORDINATORS, "/programmes/999999/cycle/plan", NOT_PERSONAL},
    {"POST /programmes/:id/cycle/*part", COORDINATORS, "/programmes/999999/cycle/plan", NOT_PERSONAL},
    {"POST /programmes/:id/cycle/*part/default", COORDINATORS, "/programmes/999999/cycle/plan/default", NOT_PERSONAL},
    {"GET /programmes/:id/overview", COORDINATORS, "/programmes/999999/overview", NOT_PERSONAL},
    {"GET /programmes/:id/overview/csv", COORDINATORS, "/programmes/999999/overview/csv",
     NOT_PERSONAL},
    {"GET /programmes/:id/figures", COORDINATORS, "/programmes/999999/figures", NOT_PERSONAL},
    {"GET /programmes/:id/figures/csv", COORDINATORS, "/programmes/999999/figures/csv", NOT_PERSONAL},
    {"GET /programmes/:id/board", COORDINATORS, "/programmes/999999/board", NOT_PERSONAL},
    {"GET /programmes/:id/compare", COORDINATORS, "/programmes/999999/compare", NOT_PERSONAL},
    {"POST /programmes/:id/compare", COORDINATORS, "/programmes/999999/compare", NOT_PERSONAL},
    {"GET /rounds/:id", COORDINATORS, "/rounds/999999", NOT_PERSONAL},
    {"GET /rounds/:id/left", COORDINATORS, "/rounds/999999/left", NOT_PERSONAL},
    {"GET /rounds/:id/proof", COORDINATORS, "/rounds/999999/proof", NOT_PERSONAL},
    {"GET /rounds/:id/export", COORDINATORS, "/rounds/999999/export", NOT_PERSONAL},
    {"POST /rounds/:id/again", COORDINATORS, "/rounds/999999/again", NOT_PERSONAL},
    {"POST /rounds/:id/discard", COORDINATORS, "/rounds/999999/discard", NOT_PERSONAL},
    {"POST /rounds/:id/publish", COORDINATORS, "/rounds/999999/publish", NOT_PERSONAL},
    {"POST /rounds/:id/pairs/:pair/lock", COORDINATORS, "/rounds/999999/pairs/999999/lock", NOT_PERSONAL},
    {"POST /rounds/:id/pairs/:pair/unlock", COORDINATORS, "/rounds/999999/pairs/999999/unlock", NOT_PERSONAL},
    {"POST /rounds/:id/pairs/:pair/part", COORDINATORS, "/rounds/999999/pairs/999999/part", NOT_PERSONAL},
    {"GET /rounds/:id/people/:person", COORDINATORS, "/rounds/999999/people/999999", NOT_PERSONAL},
    {"POST /rounds/:id/people/:person", COORDINATORS, "/rounds/999999/people/999999", NOT_PERSONAL},
    /* People */
    {"GET /people", SIGNED_IN, NULL, NOT_PERSONAL},
    /* One person */
    {"GET /people/:id", SIGNED_IN, "/people/%p", NOT_PERSONAL},
    {"GET /people/:id/skills", SHARED, "/people/%p/skills", NOT_PERSONAL},
    {"GET /people/:id/skills/:skill", SHARED, "/people/%p/skills/%k", NOT_PERSONAL},
    /* My profile */
    {"GET /profile", SIGNED_IN, NULL, NOT_PERSONAL},
    {"POST /profile", SIGNED_IN, NULL, NOT_PERSONAL},
    /* Notices */
    /* Meetings */
    {"GET /partnerships/:id/meetings", SIGNED_IN, "/partnerships/%w/meetings", OF_PAIR},
    {"GET /meetings/:id", SIGNED_IN, "/meetings/%m", OF_PAIR},
    {"POST /meetings/:id/choose", SIGNED_IN, "/meetings/%m/choose", OF_PAIR},
    {"GET /meetings/:id/edit", SIGNED_IN, "/meetings/%m/edit", OF_PAIR},
    {"POST /meetings/:id/edit", SIGNED_IN, "/meetings/%m/edit", OF_PAIR},
    {"POST /meetings/:id/cancel", SIGNED_IN, "/meetings/%m/cancel", OF_PAIR},
    {"POST /meetings/:id/held", SIGNED_IN, "/meetings/%m/held", OF_PAIR},
    {"POST /meetings/:id/missed", SIGNED_IN, "/meetings/%m/missed", OF_PAIR},
    {"GET /meetings/:id/calendar", SIGNED_IN, "/meetings/%m/calendar", OF_PAIR},
    {"GET /partnerships/:id/meetings/new", SIGNED_IN, "/partnerships/%w/meetings/new", OF_PAIR},
    {"POST /partnerships/:id/meetings/new", SIGNED_IN, "/partnerships/%w/meetings/new", OF_PAIR},
    {"GET /meetings/:id/times", SIGNED_IN, "/meetings/%m/times", OF_PAIR},
    {"POST /meetings/:id/times", SIGNED_IN, "/meetings/%m/times", OF_PAIR},
    /* Messages */
    {"GET /partnerships/:id/messages", SIGNED_IN, "/partnerships/%w/messages", OF_PAIR},
    {"POST /partnerships/:id/messages", SIGNED_IN, "/partnerships/%w/messages", OF_PAIR},
    {"POST /messages/:id/retract", SIGNED_IN, "/messages/%x/retract", OF_OWNER},
    /* Calendar */
    {"GET /calendar", SIGNED_IN, NULL, NOT_PERSONAL},
    {"POST /calendar/renew", SIGNED_IN, NULL, NOT_PERSONAL},
    {"POST /calendar/revoke", SIGNED_IN, NULL, NOT_PERSONAL},
    {"GET /calendar/*key/duet.ics", ANYBODY,
     "/calendar/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/duet.ics", NOT_PERSONAL},
    {"GET /notices", SIGNED_IN, NULL, NOT_PERSONAL},
    {"GET /notices/settings", SIGNED_IN, NULL, NOT_PERSONAL},
    {"POST /notices/settings", SIGNED_IN, NULL, NOT_PERSONAL},
    {"GET /unsubscribe/*key", ANYBODY,
     "/unsubscribe/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", NOT_PERSONAL},
    {"POST /unsubscribe/*key", ANYBODY,
     "/unsubscribe/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", NOT_PERSONAL},
    /* Sharing */
    {"GET /sharing", SIGNED_IN, NULL, NOT_PERSONAL},
    {"POST /sharing", SIGNED_IN, NULL, NOT_PERSONAL},
    {"POST /sharing/:id/take-back", SIGNED_IN, "/sharing/%h/take-back", OF_OWNER},
    {"GET /opened", SIGNED_IN, NULL, NOT_PERSONAL},
    /* What I wrote */
    {"GET /written", SIGNED_IN, NULL, NOT_PERSONAL},
    {"POST /written/:id/withdraw", SIGNED_IN, "/written/%e/withdraw", OF_OWNER},
    /* Password and devices */
    {"GET /devices", SIGNED_IN, NULL, NOT_PERSONAL},
    {"POST /devices/:id/end", SIGNED_IN, "/devices/%s/end", OF_OWNER_TOO},
    {"POST /devices/end-others", SIGNED_IN, NULL, NOT_PERSONAL},
    {"POST /devices/password", SIGNED_IN, NULL, NOT_PERSONAL},
    /* My data */
    {"GET /my-data", SIGNED_IN, NULL, NOT_PERSONAL},
    {"GET /my-data/export", SIGNED_IN, NULL, NOT_PERSONAL},
    {"POST /my-data/delete", SIGNED_IN, NULL, NOT_PERSONAL},
    /* Signing in */
    {"GET /sign-in", ANYBODY, NULL, NOT_PERSONAL},
    {"POST /sign-in", ANYBODY, NULL, NOT_PERSONAL},
    {"POST /sign-out", SIGNED_IN, NULL, NOT_PERSONAL},
    {"GET /forgotten", ANYBODY, NULL, NOT_PERSONAL},
    {"POST /forgotten", ANYBODY, NULL, NOT_PERSONAL},
    /* Single sign-on */
    {"GET /sign-in/oidc", ANYBODY, NULL, NOT_PERSONAL},
    {"GET /sign-in/oidc/back", ANYBODY, NULL, NOT_PERSONAL},
    /* Invitations */
    {"GET /welcome/*key", ANYBODY,
     "/welcome/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", NOT_PERSONAL},
    {"POST /welcome", ANYBODY, NULL, NOT_PERSONAL},
    {"GET /code", ANYBODY, NULL, NOT_PERSONAL},
    {"POST /code", ANYBODY, NULL, NOT_PERSONAL},
    /* First set-up */
    {"GET /start", ADMINISTRATORS, NULL, NOT_PERSONAL},
    {"POST /start", ADMINISTRATORS, NULL, NOT_PERSONAL},
    {"GET /start/schools", ADMINISTRATORS, NULL, NOT_PERSONAL},
    {"POST /start/schools", ADMINISTRATORS, NULL, NOT_PERSONAL},
    {"GET /start/skills", ADMINISTRATORS, NULL, NOT_PERSONAL},
    {"POST /start/skills", ADMINISTRATORS, NULL, NOT_PERSONAL},
    {"GET /start/people", ADMINISTRATORS, NULL, NOT_PERSONAL},
    {"POST /start/people", ADMINISTRATORS, NULL, NOT_PERSONAL},
    /* Set-up */
    {"GET /setup", COORDINATORS, NULL, NOT_PERSONAL},
    /* Set-up: people */
    {"GET /setup/people", COORDINATORS, NULL, NOT_PERSONAL},
    {"GET /setup/people/new", ADMINISTRATORS, NULL, NOT_PERSONAL},
    {"POST /setup/people/new", ADMINISTRATORS, NULL, NOT_PERSONAL},
    {"GET /setup/people/:id", ADMINISTRATORS, "/setup/people/%p", NOT_PERSONAL},
    {"POST /setup/people/:id", ADMINISTRATORS, "/setup/people/%p", NOT_PERSONAL},
    /* Set-up: one person */
    {"POST /setup/people/:id/roles", ADMINISTRATORS, "/setup/people/%p/roles", NOT_PERSONAL},
    {"POST /setup/people/:id/roles/end", ADMINISTRATORS,
     "/setup/people/%p/roles/end", NOT_PERSONAL},
    {"POST /setup/people/:id/evaluators", ADMINISTRATORS,
     "/setup/people/%p/evaluators", NOT_PERSONAL},
    {"POST /setup/people/:id/evaluators/end", ADMINISTRATORS,
     "/setup/people/%p/evaluators/end", NOT_PERSONAL},
    {"POST /setup/people/:id/leave", ADMINISTRATORS, "/setup/people/%p/leave", NOT_PERSONAL},
    {"POST /setup/people/:id/return", ADMINISTRATORS, "/setup/people/%p/return", NOT_PERSONAL},
    {"POST /setup/people/:id/invite", ADMINISTRATORS, "/setup/people/%p/invite", NOT_PERSONAL},
    {"POST /setup/people/:id/keys/end", ADMINISTRATORS, "/setup/people/%p/keys/end", NOT_PERSONAL},
    {"POST /setup/people/:id/unlink", ADMINISTRATORS, "/setup/people/%p/unlink", NOT_PERSONAL},
    /* Set-up: invitations */
    {"GET /setup/invitations", COORDINATORS, NULL, NOT_PERSONAL},
    {"POST /setup/invitations", COORDINATORS, NULL, NOT_PERSONAL},
    {"POST /setup/people/:id/code", ADMINISTRATORS, "/setup/people/%p/code", NOT_PERSONAL},
    /* Set-up: units */
    {"GET /setup/units", ADMINISTRATORS, NULL, NOT_PERSONAL},
    {"GET /setup/units/new", ADMINISTRATORS, NULL, NOT_PERSONAL},
    {"POST /setup/units/new", ADMINISTRATORS, NULL, NOT_PERSONAL},
    {"GET /setup/units/:id", ADMINISTRATORS, "/setup/units/%u", NOT_PERSONAL},
    {"POST /setup/units/:id", ADMINISTRATORS, "/setup/units/%u", NOT_PERSONAL},
    {"POST /setup/units/:id/state", ADMINISTRATORS, "/setup/units/%u/state", NOT_PERSONAL},
    /* Set-up: files */
    {"GET /setup/import", ADMINISTRATORS, NULL, NOT_PERSONAL},
    {"POST /setup/import", ADMINISTRATORS, NULL, NOT_PERSONAL},
    {"GET /setup/import/:id", ADMINISTRATORS, "/setup/import/999999", NOT_PERSONAL},
    {"POST /setup/import/:id/options", ADMINISTRATORS,
     "/setup/import/999999/options", NOT_PERSONAL},
    {"POST /setup/import/:id/apply", ADMINISTRATORS, "/setup/import/999999/apply", NOT_PERSONAL},
    {"POST /setup/import/:id/discard", ADMINISTRATORS,
     "/setup/import/999999/discard", NOT_PERSONAL},
    /* Set-up: settings */
    {"GET /setup/organisation", ADMINISTRATORS, NULL, NOT_PERSONAL},
    {"POST /setup/organisation", ADMINISTRATORS, NULL, NOT_PERSONAL},
    {"GET /setup/sign-in", ADMINISTRATORS, NULL, NOT_PERSONAL},
    {"POST /setup/sign-in", ADMINISTRATORS, NULL, NOT_PERSONAL},
    {"POST /setup/sign-in/try", ADMINISTRATORS, NULL, NOT_PERSONAL},
    {"GET /setup/mail", ADMINISTRATORS, NULL, NOT_PERSONAL},
    {"POST /setup/mail", ADMINISTRATORS, NULL, NOT_PERSONAL},
    {"POST /setup/mail/test", ADMINISTRATORS, NULL, NOT_PERSONAL},
    /* Set-up: backups */
    {"GET /setup/days", ADMINISTRATORS, NULL, NOT_PERSONAL},
    {"POST /setup/days", ADMINISTRATORS, NULL, NOT_PERSONAL},
    {"POST /setup/days/lines", ADMINISTRATORS, NULL, NOT_PERSONAL},
    {"POST /setup/days/:id/remove", ADMINISTRATORS, "/setup/days/999999/remove", NOT_PERSONAL},
    {"GET /setup/backups", ADMINISTRATORS, NULL, NOT_PERSONAL},
    {"POST /setup/backups/now", ADMINISTRATORS, NULL, NOT_PERSONAL},
    {"POST /setup/backups/take", ADMINISTRATORS, NULL, NOT_PERSONAL},
    /* Set-up: background work */
    {"GET /setup/jobs", ADMINISTRATORS, NULL, NOT_PERSONAL},
    {"POST /setup/jobs/:id/retry", ADMINISTRATORS, "/setup/jobs/999999/retry", NOT_PERSONAL},
    {"POST /setup/jobs/:id/discard", ADMINISTRATORS, "/setup/jobs/999999/discard", NOT_PERSONAL},
    /* Set-up: security */
    {"GET /setup/security", ADMINISTRATORS, NULL, NOT_PERSONAL},
    {"GET /setup/security/log", ADMINISTRATORS, NULL, NOT_PERSONAL},
    /* Set-up: frameworks */
    {"GET /setup/frameworks", ADMINISTRATORS, NULL, NOT_PERSONAL},
    {"POST /setup/frameworks/ship", ADMINISTRATORS, NULL, NOT_PERSONAL},
    {"POST /setup/frameworks/file", ADMINISTRATORS, NULL, NOT_PERSONAL},
    {"GET /setup/frameworks/new", ADMINISTRATORS, NULL, NOT_PERSONAL},
    {"POST /setup/frameworks/new", ADMINISTRATORS, NULL, NOT_PERSONAL},
    {"GET /setup/frameworks/:id", ADMINISTRATORS, "/setup/frameworks/%f", NOT_PERSONAL},
    {"POST /setup/frameworks/:id/use", ADMINISTRATORS, "/setup/frameworks/%f/use", NOT_PERSONAL},
    {"GET /setup/frameworks/:id/edit", ADMINISTRATORS, "/setup/frameworks/%f/edit", NOT_PERSONAL},
    {"POST /setup/frameworks/:id/edit", ADMINISTRATORS, "/setup/frameworks/%f/edit", NOT_PERSONAL},
    {"GET /setup/frameworks/:id/csv", ADMINISTRATORS, "/setup/frameworks/%f/csv", NOT_PERSONAL},
    {"GET /setup/frameworks/:id/case", ADMINISTRATORS, "/setup/frameworks/%f/case", NOT_PERSONAL},
    /* Set-up: skills */
    {"POST /setup/frameworks/:id/move", ADMINISTRATORS, "/setup/frameworks/%f/move", NOT_PERSONAL},
    {"GET /setup/frameworks/:id/new", ADMINISTRATORS, "/setup/frameworks/%f/new", NOT_PERSONAL},
    {"POST /setup/frameworks/:id/new", ADMINISTRATORS, "/setup/frameworks/%f/new", NOT_PERSONAL},
    {"GET /setup/frameworks/:id/domains/:domain", ADMINISTRATORS,
     "/setup/frameworks/%f/domains/%d", NOT_PERSONAL},
    {"POST /setup/frameworks/:id/domains/:domain", ADMINISTRATORS,
     "/setup/frameworks/%f/domains/%d", NOT_PERSONAL},
    {"POST /setup/frameworks/:id/domains/:domain/delete", ADMINISTRATORS,
     "/setup/frameworks/%f/domains/%d/delete", NOT_PERSONAL},
    {"GET /setup/frameworks/:id/domains/:domain/new", ADMINISTRATORS,
     "/setup/frameworks/%f/domains/%d/new", NOT_PERSONAL},
    {"POST /setup/frameworks/:id/domains/:domain/new", ADMINISTRATORS,
     "/setup/frameworks/%f/domains/%d/new", NOT_PERSONAL},
    {"GET /setup/frameworks/:id/skills/:skill", ADMINISTRATORS,
     "/setup/frameworks/%f/skills/%k", NOT_PERSONAL},
    {"POST /setup/frameworks/:id/skills/:skill", ADMINISTRATORS,
     "/setup/frameworks/%f/skills/%k", NOT_PERSONAL},
    {"POST /setup/frameworks/:id/skills/:skill/retire", ADMINISTRATORS,
     "/setup/frameworks/%f/skills/%k/retire", NOT_PERSONAL},
    {"POST /setup/frameworks/:id/skills/:skill/restore", ADMINISTRATORS,
     "/setup/frameworks/%f/skills/%k/restore", NOT_PERSONAL},
    /* Set-up: steps to practise */
    {"POST /setup/frameworks/:id/skills/:skill/task", ADMINISTRATORS,
     "/setup/frameworks/%f/skills/%k/task", NOT_PERSONAL},
    {"POST /setup/frameworks/:id/tasks/:task/retire", ADMINISTRATORS,
     "/setup/frameworks/%f/tasks/%t/retire", NOT_PERSONAL},
    /* About Duet */
    {"GET /privacy", ANYBODY, NULL, NOT_PERSONAL},
    {"GET /styleguide", ANYBODY, NULL, NOT_PERSONAL},
    /* Language and look */
    {"POST /language", ANYBODY, NULL, NOT_PERSONAL},
    {"POST /look", ANYBODY, NULL, NOT_PERSONAL},
};
/* clang-format on */

#endif
