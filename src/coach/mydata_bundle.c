/* Everything of one person's in one zip: a text that says what is in it, the tables as sheets, and
 * all of it once more for programs. */
#include "coach/mydata.h"

#include "base/buf.h"
#include "base/catalog.h"
#include "base/day.h"
#include "coach/archive_write.h"
#include "coach/coach.h"

#include <stdio.h>
#include <string.h>

#define README_MAX ((size_t)64 << 10)
#define PATH_SIZE 80
#define MARK "\xEF\xBB\xBF" /* so that spreadsheet programs take the sheet as UTF-8 */

static const struct {
    const char *name, *about;
} sheets[] = {
    {"account", N_("Your account: names, address, position, and how many people you help.")},
    {"profile", N_("Your profile: subjects, grades, languages, free periods.")},
    {"roles", N_("Where you belong, and in which role.")},
    {"evaluators", N_("Who evaluates you; they see nothing of your coaching.")},
    {"needs", N_("What you want to grow in.")},
    {"offers", N_("What you offer to help with.")},
    {"evidence",
     N_("Evidence about you: what colleagues saw, your own view, tasks that you tried.")},
    {"written_about_others", N_("What you wrote down about others.")},
    {"zones", N_("What the evidence says that you can do alone and with help, skill by skill.")},
    {"shared_with", N_("Whom you let see what.")},
    {"shared_by_others", N_("Who lets you see what.")},
    {"programmes", N_("Programmes that you are in or were asked to join.")},
    {"programme_rules", N_("Rules about whom you work with; who else is in them remains between "
                           "those who made them.")},
    {"proposed_to_me", N_("Partners who were proposed to you.")},
    {"rounds", N_("Rounds of proposals that you were part of.")},
    {"meetings", N_("Meetings in your partnerships: proposed, settled, held.")},
    {"messages", N_("Messages in your partnerships, as far as you may read them.")},
    {"messages_read", N_("How far you have read them.")},
    {"calendar_feed", N_("Since when your meetings have a private address for calendars.")},
    {"notices", N_("What Duet told you.")},
    {"notice_settings", N_("What you want to be told by mail, and when.")},
    {"partnerships", N_("Your partnerships and what you agreed on.")},
    {"who_helps_whom", N_("Who helps whom with what in your partnerships.")},
    {"cycles", N_("Your cycles: goals, steps, and what came of them.")},
    {"notes", N_("Notes in your partnerships: your own, and those that you may read.")},
    {"visits", N_("What was written down during visits, as far as you may read it.")},
    {"sessions", N_("Where you are signed in.")},
    {"single_sign_on", N_("The single sign-on that opens your account.")},
    {"password", N_("When you last changed your password. The password itself is not kept.")},
    {"invitations", N_("Links and codes to sign in with that were made for you.")},
    {"opened_by_others", N_("Who opened or changed what of yours.")},
    {"done_by_me", N_("What you did in Duet.")},
};

const char *mydata_about(const char *sheet)
{
    for (size_t i = 0; i < sizeof sheets / sizeof *sheets; i++) {
        if (strcmp(sheets[i].name, sheet) == 0) {
            return sheets[i].about;
        }
    }
    return NULL;
}

static struct str say(const struct coach *coach, const char *text)
{
    return coach->catalog ? catalog_text(coach->catalog, text) : str_of(text);
}

static void begin_readme(struct coach *coach, struct buf *readme)
{
    char day[DAY_TEXT_SIZE];
    day_write((int32_t)(coach->now_ms / COACH_DAY_MS), day);
    buf_add(readme, catalog_fill(coach->arena,
                                 say(coach, N_("Everything that Duet holds about you, on {day}.")),
                                 CATALOG_TEXT("day", str_of(day))));
    buf_add_text(readme, "\n\n");
    buf_add(readme,
            say(coach, N_("The tables open in any spreadsheet program; a table with nothing "
                          "in it is left out. Times are in UTC.")));
    buf_add_text(readme, "\n\n");
}

static void add_line(struct coach *coach, struct buf *readme, const char *path, const char *about)
{
    buf_add_text(readme, path);
    buf_add_text(readme, "\n    ");
    buf_add(readme, about ? say(coach, about) : str_of(""));
    buf_add_text(readme, "\n");
}

/* A table with its head only is not worth a file. */
static bool has_rows(struct str sheet)
{
    const char *end = memchr(sheet.p, '\n', sheet.n);
    return end && (size_t)(end - sheet.p) + 1 < sheet.n;
}

static enum err add_sheet(struct coach *coach, struct archive_writer *writer, struct buf *readme,
                          const char *name, struct str sheet)
{
    struct buf buf;
    struct str text;
    char path[PATH_SIZE];
    if (!has_rows(sheet)) {
        return ERR_OK;
    }
    snprintf(path, sizeof path, "tables/%s.csv", name);
    add_line(coach, readme, path, mydata_about(name));
    buf_init(&buf, coach->arena, MYDATA_MAX);
    buf_add_text(&buf, MARK);
    buf_add(&buf, sheet);
    enum err err = buf_end(&buf, &text);
    return err ? err : archive_write_add(writer, path, text);
}

static enum err fill(struct coach *coach, struct archive_writer *writer)
{
    struct buf readme;
    struct str json, sheet, text;
    const char *name;
    buf_init(&readme, coach->arena, README_MAX);
    enum err err = mydata_export(coach, &json); /* asks who may, and notes it */
    begin_readme(coach, &readme);
    for (int part = 0; !err && (err = mydata_sheet(coach, part, &name, &sheet)) == ERR_OK; part++) {
        err = add_sheet(coach, writer, &readme, name, sheet);
    }
    if (err != ERR_NOT_FOUND) {
        return err;
    }
    add_line(coach, &readme, "everything.json", N_("All of it once more, for programs."));
    err = buf_end(&readme, &text);
    err = err ? err : archive_write_add(writer, "README.txt", text);
    return err ? err : archive_write_add(writer, "everything.json", json);
}

enum err mydata_bundle(struct coach *coach, struct str *zip)
{
    struct archive_writer *writer;
    enum err err = archive_write_begin(coach->arena, coach->now_ms, &writer);
    err = err ? err : fill(coach, writer);
    err = err ? err : archive_write_end(writer, zip);
    archive_write_close(writer);
    return err;
}
