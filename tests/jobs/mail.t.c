/* Mail from the queue to a mail server on loopback, which this test plays: what arrives, that links
 * in it work, and what becomes of the job when the server says no. */
#include "coach/mail.h"
#include "coach/coachtest.h"
#include "coach/invitations.h"
#include "coach/notices_mail.h"
#include "coach/settings.h"
#include "jobs/jobs.h"
#include "jobs/smtp.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <sys/wait.h>

/* ---- a mail server for one connection ---- */

enum play { ACCEPT, REFUSE, LATER, DROP, GREET_NO, PLAY__MAX };

struct server {
    int listening, port;
    pid_t pid;
    int from; /* the pipe with what it was told */
    char heard[20000];
};

static void say(int to, const char *line)
{
    char text[200];
    int n = snprintf(text, sizeof text, "%s\r\n", line);
    if (write(to, text, (size_t)n) != n) {
        _exit(1);
    }
}

/* What is answered to a command, or NULL: hang up. */
static const char *answer(const char *line, enum play play, bool *data)
{
    if (strncmp(line, "EHLO", 4) == 0) {
        return "250 test";
    }
    if (strncmp(line, "RCPT", 4) == 0) {
        return play == REFUSE ? "550 no such mailbox" : play == LATER ? "450 later" : "250 ok";
    }
    if (strncmp(line, "DATA", 4) == 0) {
        *data = play != DROP;
        return play == DROP ? NULL : "354 go on";
    }
    return strncmp(line, "QUIT", 4) == 0 ? "221 bye" : "250 ok";
}

static void serve(int listening, enum play play, int to)
{
    int c = accept(listening, NULL, NULL);
    FILE *in = c < 0 ? NULL : fdopen(c, "r");
    char line[2000];
    bool data = false;
    if (!in) {
        _exit(1);
    }
    say(c, play == GREET_NO ? "554 not here" : "220 test");
    while (fgets(line, sizeof line, in)) {
        if (write(to, line, strlen(line)) < 0) {
            _exit(1);
        }
        if (data && strcmp(line, ".\r\n") == 0) {
            data = false;
            say(c, "250 taken");
        } else if (!data) {
            const char *said = answer(line, play, &data);
            if (!said) {
                _exit(0);
            }
            say(c, said);
            if (strncmp(line, "QUIT", 4) == 0) {
                break;
            }
        }
    }
    _exit(0);
}

static void start_server(struct server *s, enum play play)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof address;
    int pipes[2];
    s->listening = socket(AF_INET, SOCK_STREAM, 0);
    if (s->listening < 0 || bind(s->listening, (struct sockaddr *)&address, n) ||
        listen(s->listening, 4) || getsockname(s->listening, (struct sockaddr *)&address, &n) ||
        pipe(pipes)) {
        printf("Bail out! no socket\n");
        exit(1);
    }
    s->port = ntohs(address.sin_port);
    fflush(stdout);
    s->pid = fork();
    if (s->pid == 0) {
        close(pipes[0]);
        serve(s->listening, play, pipes[1]);
    }
    close(pipes[1]);
    close(s->listening);
    s->from = pipes[0];
}

static void stop_server(struct server *s)
{
    size_t n = 0;
    ssize_t got;
    while (n < sizeof s->heard - 1 &&
           (got = read(s->from, s->heard + n, sizeof s->heard - 1 - n)) > 0) {
        n += (size_t)got;
    }
    s->heard[n] = '\0';
    close(s->from);
    waitpid(s->pid, NULL, 0);
}

/* ---- the jobs ---- */

static int64_t clock_now = COACHTEST_NOW;

static int64_t test_clock(void)
{
    return clock_now;
}

static void set(struct coachtest *c, enum setting setting, const char *value)
{
    coachtest_as_system(c);
    coachtest_do(c, settings_set(&c->coach, setting, str_of(value), &c->complaints));
}

static void queue_mail(struct coachtest *c, enum mail_kind kind, int64_t person, const char *key)
{
    c->coach.now_ms = clock_now;
    coachtest_as_system(c);
    coachtest_do(c, mail_queue(&c->coach, kind, person, str_of(key)));
}

/* Plays the server for one job. */
static void play(struct coachtest *c, struct jobs *jobs, struct server *s, enum play how)
{
    char url[60];
    bool worked = false;
    start_server(s, how);
    snprintf(url, sizeof url, "smtp://127.0.0.1:%d", s->port);
    set(c, SETTING_SMTP_URL, url);
    coachtest_must(c, jobs_step(jobs, &worked), "step");
    if (!worked) {
        printf("Bail out! no job\n");
        exit(1);
    }
    stop_server(s);
}

static int64_t jobs_in(struct coachtest *c, const char *state)
{
    char sql[200];
    snprintf(sql, sizeof sql, "SELECT count(*) FROM job WHERE kind = 'mail' AND state = '%s'",
             state);
    return coachtest_number(c, sql);
}

/* The key in the link of a mail, its soft line breaks undone. */
static bool key_in(const char *mail, char key[INVITATIONS_TEXT])
{
    static char whole[20000];
    char *to = whole;
    for (const char *p = mail; *p;) {
        if (strncmp(p, "=\r\n", 3) == 0) {
            p += 3;
        } else {
            *to++ = *p++;
        }
    }
    *to = '\0';
    const char *at = strstr(whole, "https://duet.example.org/welcome/");
    if (!at || strlen(at) < 33 + INVITATIONS_TOKEN) {
        return false;
    }
    memcpy(key, at + 33, INVITATIONS_TOKEN);
    key[INVITATIONS_TOKEN] = '\0';
    return true;
}

static void test_delivered(struct coachtest *c, struct jobs *jobs, int64_t ann)
{
    struct server s;
    struct invitation invitation = {0};
    char key[INVITATIONS_TEXT] = "";
    queue_mail(c, MAIL_INVITE, ann, "");
    play(c, jobs, &s, ACCEPT);
    tap_ok(jobs_in(c, "done") == 1 && strstr(s.heard, "MAIL FROM:<duet@example.org>") &&
               strstr(s.heard, "RCPT TO:<p1@example.org>"),
           "%s: a mail is handed over", c->name);
    tap_ok(strstr(s.heard, "Your invitation to Duet at Riverside") &&
               strstr(s.heard, "Hello Ann Abel,") &&
               strstr(s.heard, "Message-ID: <job-1.1700000000000@example.org>"),
           "%s: in English, with its number", c->name);
    tap_ok(key_in(s.heard, key) &&
               coachtest_read(c, invitations_peek(&c->coach, str_of(key), &invitation)) == ERR_OK &&
               invitation.person_id == ann && invitation.purpose == INVITATION_INVITE,
           "%s: the link in it opens the door", c->name);
    tap_ok(coachtest_number(c, "SELECT count(*) FROM job WHERE payload LIKE '%welcome%' "
                               "OR length(payload) > 30 OR last_error <> ''") == 0,
           "%s: and stands nowhere in the queue", c->name);
    queue_mail(c, MAIL_RESET, ann, "");
    play(c, jobs, &s, ACCEPT);
    char reset[INVITATIONS_TEXT] = "";
    tap_ok(key_in(s.heard, reset) &&
               coachtest_read(c, invitations_peek(&c->coach, str_of(reset), &invitation)) ==
                   ERR_OK &&
               invitation.purpose == INVITATION_RESET && strstr(s.heard, "A new password for Duet"),
           "%s: a new password", c->name);
    coachtest_script(c, "UPDATE person SET locale = 'es' WHERE id = 1");
    queue_mail(c, MAIL_NOTICE, ann, "");
    play(c, jobs, &s, ACCEPT);
    tap_ok(strstr(s.heard, "Hola") && strstr(s.heard, "contrase=C3=B1a"),
           "%s: in the reader's language", c->name);
    queue_mail(c, MAIL_TEST, ann, "once");
    queue_mail(c, MAIL_TEST, ann, "once");
    play(c, jobs, &s, ACCEPT);
    tap_ok(jobs_in(c, "ready") == 0 && jobs_in(c, "done") == 4, "%s: the same key, one mail",
           c->name);
}

/* What is new, collected, with the link that ends it; not what was seen meanwhile. */
static void test_digest(struct coachtest *c, struct jobs *jobs, int64_t ann)
{
    struct server s;
    const struct notice_settings now = {.mail = NOTICE_MAIL_NOW};
    int64_t after = 0, n = 0;
    coachtest_script(c, "DELETE FROM job; UPDATE person SET locale = '' WHERE id = 1");
    coachtest_as_system(c);
    coachtest_do(c, notices_settings_save(&c->coach, ann, &now, &c->complaints));
    coachtest_do(c, notices_add(&c->coach, ann, NOTICE_PROPOSED, 7, 0));
    coachtest_do(c, notices_add(&c->coach, ann, NOTICE_MEETING_PAST, 7, 12));
    coachtest_do(c, notices_queue(&c->coach, &after, &n));
    coachtest_do(c, notices_done(&c->coach, 0, NOTICE_MEETING_PAST, 7, 12));
    play(c, jobs, &s, ACCEPT);
    tap_ok(jobs_in(c, "done") == 1 && strstr(s.heard, "Subject: New for you in Duet") &&
               strstr(s.heard, "A partner is proposed to you.") &&
               strstr(s.heard, "https://duet.example.org/partnerships/7\r\n"),
           "%s: what is new, and where", c->name);
    tap_ok(!strstr(s.heard, "take place"), "%s: but not what is done", c->name);
    char *link = strstr(s.heard, "List-Unsubscribe: <https://duet.example.org/unsubscribe/");
    char key[NOTICES_KEY_TEXT] = "";
    if (link) {
        snprintf(key, sizeof key, "%.*s", NOTICES_KEY_TEXT - 1, strstr(link, "/unsubscribe/") + 13);
    }
    tap_ok(strstr(s.heard, "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n") &&
               coachtest_read(c, notices_leave_check(&c->coach, str_of(key), &n)) == ERR_OK &&
               n == ann,
           "%s: one click ends them (RFC 8058)", c->name);
    coachtest_do(c, notices_add(&c->coach, ann, NOTICE_ENDED, 7, 0));
    c->coach.now_ms = ++clock_now;
    coachtest_do(c, notices_queue(&c->coach, &after, &n));
    coachtest_do(c, notices_done_all(&c->coach, 7));
    bool worked = false;
    set(c, SETTING_SMTP_URL, "smtp://127.0.0.1:1");
    coachtest_must(c, jobs_step(jobs, &worked), "step");
    tap_ok(worked && jobs_in(c, "done") == 2, "%s: with nothing to say, no mail", c->name);
}

static void test_trouble(struct coachtest *c, struct jobs *jobs, int64_t ann)
{
    struct server s;
    struct job_list list = {0};
    static const struct {
        enum play play;
        const char *state, *error;
    } cases[] = {
        {LATER, "ready", "the mail server refuses the mail (450)"},
        {DROP, "ready", NULL},
        {GREET_NO, "ready", NULL},
        {REFUSE, "dead", "the mail server refuses the mail (550)"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        coachtest_script(c, "DELETE FROM job");
        queue_mail(c, MAIL_TEST, ann, "");
        play(c, jobs, &s, cases[i].play);
        bool dead = strcmp(cases[i].state, "dead") == 0;
        coachtest_must(
            c, coachtest_read(c, queue_list(&c->coach, dead ? QUEUE_DEAD : QUEUE_READY, &list)),
            "list");
        bool right = list.n == 1 && list.items[0].last_error.n > 10 &&
                     (!cases[i].error || str_is(list.items[0].last_error, cases[i].error));
        tap_ok(right, "%s: %s: %s", c->name, dead ? "for good" : "tried again later",
               list.n ? list.items[0].last_error.p : "?");
    }
    coachtest_script(c, "DELETE FROM job");
    queue_mail(c, MAIL_TEST, ann, "");
    play(c, jobs, &s, LATER);
    clock_now += COACH_HOUR_MS;
    play(c, jobs, &s, ACCEPT);
    tap_ok(jobs_in(c, "done") == 1 && strstr(s.heard, "Message-ID"), "%s: and arrives then",
           c->name);
}

static bool once(struct coachtest *c, struct jobs *jobs)
{
    bool worked = false;
    coachtest_must(c, jobs_step(jobs, &worked), "step");
    return worked;
}

static void test_nobody(struct coachtest *c, struct jobs *jobs, int64_t ann)
{
    struct job_list list = {0};
    coachtest_script(c, "DELETE FROM job");
    set(c, SETTING_SMTP_URL, "smtp://127.0.0.1:1");
    queue_mail(c, MAIL_TEST, ann, "");
    once(c, jobs);
    coachtest_must(c, coachtest_read(c, queue_list(&c->coach, QUEUE_READY, &list)), "list");
    tap_ok(list.n == 1 && str_is(list.items[0].last_error, "the mail server cannot be reached"),
           "%s: no server", c->name);
    coachtest_script(c, "DELETE FROM job");
    set(c, SETTING_BASE_URL, "");
    queue_mail(c, MAIL_INVITE, ann, "");
    once(c, jobs);
    coachtest_must(c, coachtest_read(c, queue_list(&c->coach, QUEUE_READY, &list)), "list");
    tap_ok(list.n == 1 && strstr(list.items[0].last_error.p, "the address of Duet is not set"),
           "%s: no link without an address of Duet", c->name);
    coachtest_script(c, "DELETE FROM job");
    queue_mail(c, MAIL_TEST, ann, "");
    coachtest_do(c, people_leave(&c->coach, ann));
    once(c, jobs);
    tap_ok(jobs_in(c, "done") == 1, "%s: whoever has left gets no mail, and that is all right",
           c->name);
}

static void test_urls(void)
{
    struct smtp_result result;
    static const char *const bad[] = {"https://x.org", "", "file:///etc/passwd",
                                      "smtp://u:p@x.org"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const struct smtp_server server = {.url = bad[i]};
        tap_ok(smtp_send(&server, "a@b.org", "c@d.org", str_of("x\r\n"), &result) == ERR_INVALID,
               "\"%s\" is no mail server", bad[i]);
    }
}

static void suite(const struct dbtest *t)
{
    struct coachtest c;
    struct jobs *jobs;
    char message[400];
    clock_now = COACHTEST_NOW;
    coachtest_open(&c, t);
    int64_t ann = coachtest_person(&c, "Ann", "Abel");
    set(&c, SETTING_SMTP_URL, "smtp://127.0.0.1:1");
    set(&c, SETTING_SMTP_FROM, "duet@example.org");
    set(&c, SETTING_ORGANISATION, "Riverside");
    set(&c, SETTING_BASE_URL, "https://duet.example.org");
    struct jobs_options options = {.database = t->where, .clock_ms = test_clock};
    if (jobs_open(&options, &jobs, message, sizeof message)) {
        printf("Bail out! %s\n", message);
        exit(1);
    }
    test_delivered(&c, jobs, ann);
    test_digest(&c, jobs, ann);
    test_trouble(&c, jobs, ann);
    test_nobody(&c, jobs, ann);
    jobs_close(jobs);
    coachtest_close(&c);
}

int main(void)
{
    test_urls();
    dbtest_both(suite);
    return tap_done();
}
