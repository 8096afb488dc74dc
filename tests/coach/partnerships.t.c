/* Partnerships: a proposal, an agreement, signing, pausing, ending, asking; what is told to whom.
 */
#include "coach/wishes.h"
#include "partners_test.h"

static enum err answer(struct school *s, enum who who, int64_t id, bool yes)
{
    struct coach *coach = as(s, who);
    return coachtest_write(&s->c, partnerships_answer(coach, id, yes));
}

static void test_beginning(struct school *s)
{
    struct coachtest *c = &s->c;
    struct partnership_new made = school_pair(s);
    int64_t id = school_propose(s, &made);
    struct coach *coach = as(s, ANN);
    struct partnership p = school_get(s, ANN, id);
    tap_ok(p.state == PARTNERSHIP_PROPOSED && p.n_focuses == 2 && !p.accepted &&
               p.members[0].person_id == s->people[ANN] && str_is(p.focuses[0].skill, "Asking"),
           "%s: who is asked sees who and what", c->name);
    tap_ok(coachtest_number(c, "SELECT count(*) FROM notice WHERE kind = 'proposed'") == 2,
           "%s: both are told", c->name);
    coach = as(s, CAT);
    tap_ok(coachtest_read(c, partnerships_get(coach, id, str_of(""), &p)) == ERR_FORBIDDEN &&
               answer(s, COORDINATOR, id, true) == ERR_FORBIDDEN &&
               answer(s, ADMIN, id, true) == ERR_FORBIDDEN,
           "%s: others neither see it nor answer for them", c->name);
    tap_ok(answer(s, ANN, id, true) == ERR_OK && answer(s, ANN, id, true) == ERR_OK,
           "%s: one says yes, also twice", c->name);
    p = school_get(s, BOB, id);
    tap_ok(!p.members[1].accepted && p.state == PARTNERSHIP_PROPOSED,
           "%s: the other is not told before answering", c->name);
    tap_ok(answer(s, BOB, id, true) == ERR_OK && school_get(s, ANN, id).agreement_version == 1 &&
               school_get(s, ANN, id).state == PARTNERSHIP_AGREEING,
           "%s: both: there is something to agree on", c->name);
    coach = as(s, ANN);
    tap_ok(coachtest_write(c, partnerships_sign(coach, id, 1)) == ERR_OK &&
               school_get(s, ANN, id).state == PARTNERSHIP_AGREEING,
           "%s: one signature is not enough", c->name);
    coach = as(s, BOB);
    tap_ok(coachtest_write(c, partnerships_agree(coach, id, 1, str_of("  We meet on Mondays. "),
                                                 &c->complaints)) == ERR_OK,
           "%s: the other changes it", c->name);
    p = school_get(s, ANN, id);
    tap_ok(!p.signed_now && p.agreement_version == 2 && str_is(p.agreement, "We meet on Mondays."),
           "%s: and that takes the signature back", c->name);
    coach = as(s, ANN);
    tap_ok(coachtest_write(c, partnerships_sign(coach, id, 1)) == ERR_CONFLICT &&
               coachtest_write(c, partnerships_agree(coach, id, 1, str_of("Else."),
                                                     &c->complaints)) == ERR_CONFLICT,
           "%s: nobody signs or changes what is no longer there", c->name);
    school_sign(s, ANN, id, 2);
    tap_ok(coachtest_number(c, "SELECT count(*) FROM share WHERE revoked_ms IS NULL") == 0,
           "%s: nothing can be seen before both have signed", c->name);
    school_sign(s, BOB, id, 2);
    p = school_get(s, BOB, id);
    tap_ok(p.state == PARTNERSHIP_ACTIVE && p.signed_now && p.started_ms > 0, "%s: then it begins",
           c->name);
    tap_ok(coachtest_number(c, "SELECT count(*) FROM share WHERE revoked_ms IS NULL") == 4,
           "%s: and each sees the other's zone of the skills they work on", c->name);
    coach = as(s, ANN);
    coachtest_do(c, partnerships_end(coach, id, PARTNERSHIP_REMATCH));
    p = school_get(s, BOB, id);
    tap_ok(p.state == PARTNERSHIP_ENDED && p.ending == PARTNERSHIP_STOPPED,
           "%s: who asks for another ends it; the other is told only that it ended", c->name);
    tap_ok(coachtest_number(c, "SELECT count(*) FROM share WHERE revoked_ms IS NULL") == 0 &&
               coachtest_number(c, "SELECT count(*) FROM partnership_event WHERE kind = 'ended' "
                                   "AND person_id IS NULL") == 1,
           "%s: what signing let be seen is taken back; the story names nobody", c->name);
}

/* Ann learns from Bob, Cat from Ann, Bob from Cat; `around`: only around the third. */
static int64_t propose_three(struct school *s, bool around)
{
    struct partnership_new made = school_pair(s);
    made.kind = PARTNERSHIP_TRIO;
    made.members[2] = s->people[CAT];
    made.n_members = 3;
    made.focuses[1] = (struct focus_new){
        .learner_id = s->people[CAT], .helper_id = s->people[ANN], .skill_id = s->skills[1]};
    made.focuses[2] = (struct focus_new){
        .learner_id = s->people[BOB], .helper_id = s->people[CAT], .skill_id = s->skills[0]};
    made.n_focuses = 3;
    if (around) {
        made.focuses[0] = made.focuses[2];
        made.n_focuses = 2;
    }
    return school_propose(s, &made);
}

static int64_t count_of(struct school *s, const char *what, int64_t id)
{
    char sql[300];
    snprintf(sql, sizeof sql, "SELECT count(*) FROM %s partnership_id = %d", what, (int)id);
    return coachtest_number(&s->c, sql);
}

static void test_three(struct school *s)
{
    struct coachtest *c = &s->c;
    int64_t id = propose_three(s, false), pair = id + 1;
    school_answer(s, ANN, id, true);
    school_answer(s, CAT, id, false);
    struct partnership p = school_get(s, ANN, pair), three = school_get(s, ANN, id);
    tap_ok(three.state == PARTNERSHIP_ENDED && three.ending == PARTNERSHIP_STOPPED,
           "%s: one of three declines: the proposal of three ends", c->name);
    tap_ok(p.kind == PARTNERSHIP_PAIR && p.state == PARTNERSHIP_PROPOSED && p.n_members == 2 &&
               p.accepted && p.n_focuses == 1 && str_is(p.focuses[0].learner, "Ann Person") &&
               count_of(s, "focus WHERE gain = 800 AND reach = 900 AND", pair) == 1,
           "%s: the other two are proposed as a pair, with what they have in common", c->name);
    tap_ok(count_of(s, "notice WHERE kind = 'goes-on' AND done_ms IS NULL AND", pair) == 1 &&
               count_of(s, "notice WHERE kind = 'proposed' AND done_ms IS NULL AND", pair) == 1 &&
               count_of(s, "notice WHERE kind = 'not-formed' AND", id) == 0,
           "%s: who had said yes is told, who had not is asked", c->name);
    tap_ok(answer(s, CAT, pair, true) == ERR_FORBIDDEN, "%s: the third has no part in it", c->name);
    school_answer(s, BOB, pair, true);
    p = school_get(s, BOB, pair);
    tap_ok(p.state == PARTNERSHIP_AGREEING && p.agreement_version == 1, "%s: and it comes about",
           c->name);
    struct coach *coach = as(s, ANN);
    coachtest_do(c, partnerships_end(coach, pair, PARTNERSHIP_STOPPED));

    id = propose_three(s, false);
    pair = id + 1;
    school_answer(s, ANN, id, true);
    school_answer(s, BOB, id, true);
    school_answer(s, CAT, id, false);
    p = school_get(s, ANN, pair);
    tap_ok(p.kind == PARTNERSHIP_PAIR && p.state == PARTNERSHIP_AGREEING && p.members[1].accepted,
           "%s: when both had said yes it comes about at once", c->name);
    coach = as(s, ANN);
    coachtest_do(c, partnerships_end(coach, pair, PARTNERSHIP_STOPPED));

    id = propose_three(s, true);
    school_answer(s, ANN, id, true);
    school_answer(s, CAT, id, false);
    tap_ok(coachtest_number(c, "SELECT max(id) FROM partnership") == id &&
               count_of(s, "notice WHERE kind = 'not-formed' AND", id) == 2,
           "%s: when nothing is left without the third, that is the end of it", c->name);

    id = propose_three(s, false);
    pair = id + 1;
    coachtest_script(c, "UPDATE skill SET active = 0");
    school_answer(s, CAT, id, false);
    tap_ok(coachtest_number(c, "SELECT max(id) FROM partnership") == id,
           "%s: nor on a skill that is retired", c->name);
    coachtest_script(c, "UPDATE skill SET active = 1");
}

static void test_declining(struct school *s)
{
    struct coachtest *c = &s->c;
    struct partnership_new made = school_pair(s);
    int64_t id = school_propose(s, &made);
    struct partnerships list;
    school_answer(s, ANN, id, true);
    school_answer(s, BOB, id, false);
    struct partnership p = school_get(s, ANN, id);
    tap_ok(p.state == PARTNERSHIP_ENDED && p.ending == PARTNERSHIP_STOPPED,
           "%s: declined: it does not come about", c->name);
    struct partnership_event *events;
    size_t n = 1;
    struct coach *coach = as(s, ANN);
    coachtest_must(c, coachtest_read(c, partnerships_story(coach, id, str_of(""), &events, &n)),
                   "story");
    tap_ok(n == 0, "%s: and there is no story that would say who", c->name);
    tap_ok(answer(s, ANN, id, true) == ERR_CONFLICT && answer(s, BOB, id, true) == ERR_FORBIDDEN,
           "%s: nothing to answer any more", c->name);
    coach = as(s, BOB);
    coachtest_must(c, coachtest_read(c, partnerships_of_actor(coach, true, str_of(""), &list)),
                   "list");
    bool there = false;
    for (size_t k = 0; k < list.n; k++) {
        there |= list.items[k].id == id;
    }
    tap_ok(!there, "%s: who declined is not reminded of it", c->name);
}

static void test_refused(struct school *s)
{
    struct coachtest *c = &s->c;
    struct partnership_new made = school_pair(s);
    int64_t id = 0;
    made.members[1] = s->people[ANN];
    coachtest_as_system(c);
    tap_ok(coachtest_write(c, partnerships_propose(&c->coach, &made, &id)) == ERR_INVALID,
           "%s: nobody is paired with themselves", c->name);
    made = school_pair(s);
    made.focuses[0].helper_id = s->people[CAT];
    tap_ok(coachtest_write(c, partnerships_propose(&c->coach, &made, &id)) == ERR_INVALID,
           "%s: helpers are members", c->name);
    made = school_pair(s);
    made.focuses[0].skill_id = 99;
    tap_ok(coachtest_write(c, partnerships_propose(&c->coach, &made, &id)) == ERR_INVALID,
           "%s: skills are there", c->name);
    coachtest_do(c, evaluators_add(&c->coach, s->people[EVE], s->people[ANN]));
    made = school_pair(s);
    made.members[1] = s->people[EVE];
    made.focuses[0].helper_id = made.focuses[1].learner_id = s->people[EVE];
    tap_ok(coachtest_write(c, partnerships_propose(&c->coach, &made, &id)) == ERR_CONFLICT,
           "%s: no evaluator is paired with whom they evaluate", c->name);
    coachtest_as(c, s->people[DAN]);
    made = school_pair(s);
    tap_ok(coachtest_write(c, partnerships_propose(&c->coach, &made, &id)) == ERR_FORBIDDEN,
           "%s: participants do not arrange others", c->name);
    id = school_active(s);
    struct coach *coach = as(s, BOB);
    coachtest_as_system(c);
    coachtest_do(c, evaluators_add(&c->coach, s->people[BOB], s->people[ANN]));
    struct partnership p;
    coach = as(s, BOB);
    tap_ok(coachtest_read(c, partnerships_get(coach, id, str_of(""), &p)) == ERR_FORBIDDEN &&
               school_get(s, ANN, id).ending == PARTNERSHIP_PARTED,
           "%s: who becomes an evaluator is out of it at once, and it ends", c->name);
    coachtest_as_system(c);
    coachtest_do(c, evaluators_remove(&c->coach, s->people[BOB], s->people[ANN]));
    coachtest_do(c, evaluators_remove(&c->coach, s->people[EVE], s->people[ANN]));
}

static void test_pause_and_focus(struct school *s)
{
    struct coachtest *c = &s->c;
    int64_t id = school_active(s), focus = 0, cycle = 0;
    struct coach *coach = as(s, ANN);
    coachtest_do(c, partnerships_pause(coach, id));
    struct partnership p = school_get(s, BOB, id);
    coach = as(s, BOB);
    tap_ok(p.state == PARTNERSHIP_PAUSED &&
               coachtest_write(c, cycles_begin(coach, p.focuses[0].id, &cycle)) == ERR_CONFLICT,
           "%s: nothing begins while it is paused", c->name);
    coachtest_do(c, partnerships_resume(coach, id));
    coachtest_do(
        c, partnerships_add_focus(coach, id, s->people[ANN], s->skills[0], &c->complaints, &focus));
    p = school_get(s, ANN, id);
    tap_ok(p.state == PARTNERSHIP_ACTIVE && p.n_focuses == 3 &&
               p.focuses[2].learner_id == s->people[BOB],
           "%s: roles are swapped: the helper wants to learn it too", c->name);
    tap_ok(count_of(s, "notice WHERE kind = 'focus' AND done_ms IS NULL AND", id) == 1 &&
               coachtest_number(c, "SELECT person_id FROM notice WHERE kind = 'focus'") ==
                   s->people[ANN],
           "%s: and who is to help is told", c->name);
    coach = as(s, ANN);
    tap_ok(coachtest_write(c, partnerships_drop_focus(coach, focus)) == ERR_FORBIDDEN,
           "%s: what somebody learns is theirs to say", c->name);
    coach = as(s, BOB);
    coachtest_do(c, cycles_begin(coach, focus, &cycle));
    tap_ok(coachtest_write(c, partnerships_drop_focus(coach, focus)) == ERR_CONFLICT &&
               coachtest_write(c, cycles_begin(coach, focus, &cycle)) == ERR_CONFLICT,
           "%s: not dropped and not begun twice while a cycle is open", c->name);
    tap_ok(coachtest_write(c, partnerships_add_focus(coach, id, s->people[CAT], s->skills[0],
                                                     &c->complaints, &focus)) == ERR_INVALID,
           "%s: only members help", c->name);
    coachtest_do(c, partnerships_agree(coach, id, 1, str_of("New."), &c->complaints));
    tap_ok(!school_cycle(s, BOB, cycle).runs,
           "%s: a changed agreement is signed before the work goes on", c->name);
    coachtest_as_system(c);
    coachtest_do(c, people_leave(&c->coach, s->people[ANN]));
    p = school_get(s, BOB, id);
    tap_ok(p.state == PARTNERSHIP_ENDED && p.ending == PARTNERSHIP_LEFT &&
               school_cycle(s, BOB, cycle).state == CYCLE_STOPPED,
           "%s: when somebody leaves it ends, and its cycles stop", c->name);
    coachtest_as_system(c);
    coachtest_do(c, people_return(&c->coach, s->people[ANN]));
}

/* Where somebody stands among those who could help Ann: -1 not; then 0, 1 ... */
static int place_of(struct school *s, enum who who, bool earlier, struct suggestion *shown)
{
    struct suggestions found;
    coachtest_must(
        &s->c, coachtest_read(&s->c, asks_suggest(as(s, ANN), s->skills[0], earlier, 0, &found)),
        "suggest");
    *shown = (struct suggestion){0};
    for (int32_t k = 0; k < found.n; k++) {
        if (found.items[k].person_id == s->people[who]) {
            *shown = found.items[k];
            return k;
        }
    }
    return found.n_earlier ? -2 : -1;
}

/* Whether the first page names them to Ann. */
static bool is_named(struct school *s, enum who who)
{
    struct wishes_help help;
    bool named = false;
    coachtest_must(&s->c, coachtest_read(&s->c, wishes_helpers(as(s, ANN), s->skills, 1, 9, &help)),
                   "helpers");
    for (int32_t k = 0; k < help.n; k++) {
        named |= help.helpers[k].person_id == s->people[who];
    }
    return named;
}

/* Dan offers what Ann wants to learn; they have parted, or not. */
static void test_earlier(struct school *s)
{
    struct coachtest *c = &s->c;
    struct suggestion shown;
    int64_t id = 0;
    tap_ok(is_named(s, DAN) && place_of(s, DAN, false, &shown) >= 0 && !shown.earlier &&
               !shown.together_ms,
           "%s: a colleague is suggested", c->name);
    coachtest_do(
        c, asks_send(as(s, ANN), s->people[DAN], s->skills[0], str_of(""), &c->complaints, &id));
    school_answer(s, DAN, id, false);
    tap_ok(!is_named(s, DAN), "%s: not once one of the two said no", c->name);
    tap_ok(place_of(s, DAN, false, &shown) == -2, "%s: nor to whom could be asked, who are told so",
           c->name);
    tap_ok(place_of(s, EVE, true, &shown) >= 0 && !shown.earlier &&
               place_of(s, BOB, true, &shown) >= 0 && place_of(s, DAN, true, &shown) == 2 &&
               shown.earlier,
           "%s: who looks for them finds them, last", c->name);
    coachtest_do(
        c, asks_send(as(s, DAN), s->people[ANN], s->skills[1], str_of(""), &c->complaints, &id));
    tap_ok(is_named(s, DAN), "%s: they are at work again: both want it", c->name);
    school_answer(s, ANN, id, true);
    coachtest_do(c, partnerships_end(as(s, ANN), id, PARTNERSHIP_FINISHED));
    int64_t ended_ms = c->coach.now_ms;
    tap_ok(is_named(s, DAN), "%s: and who ended well may go on", c->name);
    bool found = place_of(s, DAN, false, &shown) >= 0;
    tap_ok(found && !shown.earlier && shown.together_ms == ended_ms,
           "%s: and it is said until when they worked together", c->name);
    coachtest_do(
        c, asks_send(as(s, DAN), s->people[ANN], s->skills[1], str_of(""), &c->complaints, &id));
    school_answer(s, ANN, id, true);
    coachtest_do(c, partnerships_end(as(s, DAN), id, PARTNERSHIP_REMATCH));
    tap_ok(!is_named(s, DAN), "%s: nor who would like another, whoever of the two it is", c->name);
}

static void test_asking(struct school *s)
{
    struct coachtest *c = &s->c;
    int64_t id = 0, again = 0;
    struct suggestions found;
    coachtest_script(c, "INSERT INTO offer (person_id, skill_id, note, created_ms) "
                        "SELECT id, 1, 'gladly', 1 FROM person WHERE given_name IN ('Bob', 'Cat', "
                        "'Dan', 'Eve')");
    coachtest_script(c, "INSERT INTO evaluator (evaluator_id, person_id, created_ms) "
                        "SELECT e.id, a.id, 1 FROM person e, person a WHERE e.given_name = 'Eve' "
                        "AND a.given_name = 'Ann'");
    struct coach *coach = as(s, ANN);
    coachtest_must(c, coachtest_read(c, asks_suggest(coach, s->skills[0], false, 0, &found)),
                   "suggest");
    tap_ok(found.n + found.n_earlier == 3, "%s: those who offer it, but no evaluator (%d)", c->name,
           found.n);
    tap_ok(coachtest_write(c, asks_send(coach, s->people[EVE], s->skills[0], str_of("?"),
                                        &c->complaints, &id)) == ERR_INVALID,
           "%s: who cannot be asked", c->name);
    coachtest_do(c, asks_send(coach, s->people[CAT], s->skills[0], str_of("Would you?"),
                              &c->complaints, &id));
    coachtest_do(
        c, asks_send(coach, s->people[CAT], s->skills[0], str_of("Again"), &c->complaints, &again));
    struct partnership p = school_get(s, CAT, id);
    tap_ok(id == again && str_is(p.words, "Would you?") && p.members[1].accepted && !p.accepted,
           "%s: one question, with who asks and in their words", c->name);
    coachtest_must(c, coachtest_read(c, asks_suggest(as(s, ANN), s->skills[0], false, 0, &found)),
                   "suggest");
    tap_ok(found.n == 2, "%s: who has been asked is not suggested again", c->name);
    school_answer(s, CAT, id, true);
    tap_ok(school_get(s, ANN, id).state == PARTNERSHIP_AGREEING, "%s: yes", c->name);
    coachtest_must(c, coachtest_read(c, asks_suggest(as(s, DAN), s->skills[0], false, 0, &found)),
                   "suggest");
    bool full = true;
    for (int32_t k = 0; k < found.n; k++) {
        full = full && found.items[k].person_id != s->people[CAT];
    }
    tap_ok(full, "%s: nor who helps as many as they want to", c->name);
    coach = as(s, ANN);
    coachtest_do(c, asks_guide(coach, s->skills[1], &c->complaints, &id));
    coachtest_do(c, asks_guide(coach, s->skills[1], &c->complaints, &again));
    p = school_get(s, ANN, id);
    tap_ok(id == again && p.kind == PARTNERSHIP_GUIDE && p.state == PARTNERSHIP_ACTIVE &&
               p.focuses[0].helper_id == 0,
           "%s: the guide is there at once", c->name);
    coachtest_script(c, "DELETE FROM evaluator");
    test_earlier(s);
}

static void suite(const struct dbtest *t)
{
    struct school s;
    school_make(&s, t);
    test_beginning(&s);
    test_three(&s);
    test_declining(&s);
    test_refused(&s);
    test_pause_and_focus(&s);
    test_asking(&s);
    coachtest_close(&s.c);
}

int main(void)
{
    dbtest_both(suite);
    return tap_done();
}
