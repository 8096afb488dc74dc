/* Every allocation failing in turn: each call says ERR_NOMEM or does its work, and a call that
 * failed leaves nothing behind. */
#include "coach/audit.h"
#include "coach/credentials.h"
#include "coach/evaluators.h"
#include "coach/invitations.h"
#include "coach/mydata.h"
#include "coach/oidc.h"
#include "coach/profile.h"
#include "coach/queue.h"
#include "coach/rates.h"
#include "coach/sessions.h"
#include "coach/settings.h"
#include "coach/shares.h"
#include "coachtest.h"

#define S(text) ((struct str){(text), sizeof(text) - 1})
#define MOST 400 /* allocations of one call */

struct world {
    int64_t unit, admin, ann, bob;
};

typedef enum err call_fn(struct coachtest *c, const struct world *w);

static enum err add_person(struct coachtest *c, const struct world *w)
{
    const struct person_input in = {.given_name = S("Jos\xC3\xA9"),
                                    .family_name = S("N"),
                                    .email = S("new@example.org"),
                                    .external_id = S("X1"),
                                    .position = S("coach"),
                                    .source = S("sheet")};
    int64_t id;
    (void)w;
    return people_add(&c->coach, &in, &c->complaints, &id);
}

static enum err list_people(struct coachtest *c, const struct world *w)
{
    const struct people_query query = {.words = S("a b"), .after = S(""), .locale = S("es")};
    struct person_lines lines;
    struct person_accounts accounts;
    struct membership_list roles;
    struct unit_list units;
    struct profile profile;
    enum err err = people_list(&c->coach, &query, &lines);
    err = err ? err : people_accounts(&c->coach, &query, PEOPLE_ACTIVE, &accounts);
    err = err ? err : roles_of_person(&c->coach, w->admin, &roles);
    err = err ? err : units_list(&c->coach, true, &units);
    return err ? err : profile_get(&c->coach, w->bob, &profile);
}

static enum err edit_profile(struct coachtest *c, const struct world *w)
{
    struct str subjects[] = {S("Art"), S("Music")}, languages[] = {S("es-mx")};
    struct profile p = {
        .person_id = w->admin,
        .about = S("caf\xC3\xA9"),
        .locale = S("es"),
        .time_zone = S("Europe/Madrid"),
        .tags = {[PROFILE_SUBJECT] = {subjects, 2}, [PROFILE_LANGUAGE] = {languages, 1}}};
    return profile_edit(&c->coach, &p, &c->complaints);
}

static enum err sign_in(struct coachtest *c, const struct world *w)
{
    char token[SESSIONS_TOKEN + 1];
    struct session session;
    struct session_list list;
    struct actor actor = c->coach.actor;
    enum err err =
        sessions_start(&c->coach, w->admin, SESSION_PASSWORD, S("Browser"), token, &session);
    err = err ? err : sessions_open(&c->coach, str_of(token), &session);
    err = err ? err : sessions_list(&c->coach, w->admin, &list);
    err = err ? err : sessions_end(&c->coach, session.id);
    c->coach.actor = actor;
    return err;
}

static enum err make_keys(struct coachtest *c, const struct world *w)
{
    char text[INVITATIONS_TEXT];
    struct invitation invitation;
    struct invitation_list list;
    struct oidc_flow flow;
    int64_t wait;
    enum err err = invitations_make(&c->coach, w->bob, INVITATION_CODE, text);
    err = err ? err : invitations_use(&c->coach, str_of(text), &invitation);
    err = err ? err : invitations_list(&c->coach, w->bob, &list);
    err = err ? err : invitations_forgotten(&c->coach, S("p2@example.org"));
    err = err ? err : oidc_begin(&c->coach, S("/x"), &flow);
    err = err ? err : oidc_finish(&c->coach, str_of(flow.state), &flow);
    return err ? err : rates_take(&c->coach, RATES_KEY_ADDRESS, S("2001:db8::1"), &wait);
}

static enum err check_password(struct coachtest *c, const struct world *w)
{
    const struct credential_owner owner = {S("Ann"), S("Abel"), S("p2@example.org"),
                                           S("Riverside")};
    struct credential found;
    struct str normal;
    enum err err = credentials_check(&c->complaints, "password",
                                     S("lamp orbit v\xC3\xA9lvet tuesday"), &owner, &normal);
    err = err ? err : credentials_find(&c->coach, S("p2@example.org"), &found);
    return err ? err : credentials_set_hash(&c->coach, w->admin, S("$argon2id$x"));
}

static enum err share(struct coachtest *c, const struct world *w)
{
    struct share_list shares;
    struct evaluator_list evaluators;
    int64_t id;
    enum err err = shares_give(&c->coach, w->bob, SHARE_ZONES, 0, &id);
    err = err ? err : shares_given(&c->coach, &shares);
    err = err ? err : evaluators_add(&c->coach, w->ann, w->bob);
    return err ? err : evaluators_of_person(&c->coach, w->bob, &evaluators);
}

static enum err export_all(struct coachtest *c, const struct world *w)
{
    struct str text;
    const char *name;
    struct audit_list list;
    struct audit_report report;
    (void)w;
    enum err err = mydata_export(&c->coach, &text);
    err = err ? err : mydata_sheet(&c->coach, 0, &name, &text);
    err = err ? err : audit_all(&c->coach, 0, &list);
    return err ? err : audit_verify(&c->coach, &report);
}

static enum err work(struct coachtest *c, const struct world *w)
{
    struct str value;
    struct job_list jobs;
    (void)w;
    enum err err = queue_add(&c->coach, "test", S("payload"), QUEUE_ONCE, S("key"), 1, NULL);
    err = err ? err : queue_list(&c->coach, QUEUE_READY, &jobs);
    err =
        err ? err : settings_set(&c->coach, SETTING_ORGANISATION, S("R\xC3\xADo"), &c->complaints);
    return err ? err : settings_get(&c->coach, SETTING_ORGANISATION, &value);
}

static const struct {
    const char *name;
    call_fn *call;
} calls[] = {
    {"adding a person", add_person},
    {"lists", list_people},
    {"a profile", edit_profile},
    {"signing in", sign_in},
    {"one-time keys", make_keys},
    {"passwords", check_password},
    {"sharing", share},
    {"exports", export_all},
    {"jobs and settings", work},
};

static int64_t rows(struct coachtest *c)
{
    return coachtest_number(
        c, "SELECT (SELECT count(*) FROM person) + (SELECT count(*) FROM person_tag) + "
           "(SELECT count(*) FROM session) + (SELECT count(*) FROM invitation) + "
           "(SELECT count(*) FROM share) + (SELECT count(*) FROM evaluator) + "
           "(SELECT count(*) FROM job) + (SELECT count(*) FROM audit) + "
           "(SELECT count(*) FROM setting) + (SELECT count(*) FROM oidc_flow) + "
           "(SELECT count(*) FROM rate)");
}

static void test_call(struct coachtest *c, const struct world *w, size_t i)
{
    struct arena *all = c->coach.arena;
    int64_t before = rows(c);
    uint64_t n = 0;
    enum err err = ERR_NOMEM;
    int wrong = 0;
    while (err != ERR_OK && n < MOST) {
        struct actor actor = c->coach.actor;
        c->coach.arena = arena_new(0);
        c->coach.pending = NULL;
        coachtest_begin(c, COACH_WRITE);
        arena_fail_after(c->coach.arena, ++n);
        err = calls[i].call(c, w);
        arena_fail_after(c->coach.arena, 0);
        /* A complaint that could not be kept is a failure too, told by the form's owner. */
        wrong += err != ERR_OK && err != ERR_NOMEM;
        coach_rollback(&c->coach);
        wrong += err && rows(c) != before;
        arena_free(c->coach.arena);
        c->coach.actor = actor;
        c->coach.pending = NULL;
    }
    c->coach.arena = all;
    tap_ok(err == ERR_OK && wrong == 0, "%s: %s, with each of %d allocations failing (%s)", c->name,
           calls[i].name, (int)n - 1, err_name(err));
}

static void suite(const struct dbtest *t)
{
    struct coachtest c;
    struct world w;
    coachtest_open(&c, t);
    w.unit = coachtest_unit(&c, 0, UNIT_ORGANISATION, "All");
    w.admin = coachtest_person(&c, "Ada", "Admin");
    w.ann = coachtest_person(&c, "Ann", "Abel");
    w.bob = coachtest_person(&c, "Bob", "Bell");
    coachtest_role(&c, w.admin, w.unit, ROLE_ADMINISTRATOR);
    coachtest_role(&c, w.admin, w.unit, ROLE_COORDINATOR);
    coachtest_as_system(&c);
    coachtest_do(&c, settings_set(&c.coach, SETTING_SMTP_URL, S("smtp://x.org"), &c.complaints));
    coachtest_as(&c, w.admin);
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        test_call(&c, &w, i);
    }
    coachtest_close(&c);
}

int main(void)
{
    dbtest_sqlite(suite); /* the memory is ours, whichever database */
    return tap_done();
}
