/* What is new for me, what I want of it by mail, and the link in mails that ends them. */
#include "coach/notices.h"
#include "coach/notices_mail.h"
#include "web/daytime.h"
#include "web/page.h"
#include "web/page_sets.h"

enum { F_MAIL, F_INVITES, F_FROM, F_UNTIL, F_WEEKEND, F__MAX };
static const struct field_spec fields[F__MAX] = {
    [F_MAIL] = {.name = "mail",
                .type = FIELD_CHOICE,
                .choices = "now|daily|weekly|never",
                .required = true},
    [F_INVITES] = {.name = "invites", .type = FIELD_BOOL},
    [F_FROM] = {.name = "quiet_from", .type = FIELD_TEXT, .max = 5, .required = true},
    [F_UNTIL] = {.name = "quiet_until", .type = FIELD_TEXT, .max = 5, .required = true},
    [F_WEEKEND] = {.name = "quiet_weekend", .type = FIELD_BOOL},
};

/* -- The list ------------------------------------------------------------------------------------
 */

static enum err have_seen(struct coach *coach, const int64_t values[2])
{
    return notices_seen(coach, values[0]);
}

static void write_notice(struct page *page, const struct notice *notice)
{
    struct html *h = &page->html;
    struct str name = notice->name.n ? notice->name : T(page, "Somebody who is no longer here");
    struct str text = FILL(page, T(page, notices_text(notice->kind)), CATALOG_TEXT("name", name));
    html_open(h, EL_DIV);
    html_open(h, EL_A);
    html_attr_url(h, AT_HREF, notices_path(page->arena, notice));
    html_text(h, text);
    html_close(h, EL_A);
    if (!notice->seen && !notice->done) {
        html_text(h, str_of(" "));
        part_badge(h, PART_TONE_ACCENT, T(page, "new"));
    }
    html_open_class(h, EL_DIV, "quiet");
    page_write_moment(page, notice->created_ms);
    html_close(h, EL_DIV);
    html_close(h, EL_DIV);
}

/* Those that ask for something, or those that only tell; what was asked and answered is over. */
static size_t write_some(struct page *page, const struct notice_list *list, bool asks)
{
    struct html *h = &page->html;
    size_t n = 0;
    for (size_t i = 0; i < list->n; i++) {
        const struct notice *notice = &list->items[i];
        if (notices_asks(notice->kind) != asks || (asks && notice->done)) {
            continue;
        }
        if (n++ == 0) {
            part_section_open(h, asks ? str_of("asks") : str_of("lately"),
                              asks ? T(page, "Waiting for you") : T(page, "Lately"));
            part_cards_open(h);
        }
        part_cards_item(h);
        write_notice(page, notice);
    }
    if (n) {
        part_cards_close(h);
        part_section_close(h);
    }
    return n;
}

static enum err show(struct page *page)
{
    struct notice_list list;
    enum err err = notices_list(&page->coach, &list);
    if (err != ERR_OK) {
        return err;
    }
    struct html *h = page_open(
        page, &(struct page_head){.title = T(page, "Notices"),
                                  .lead = T(page, "What has happened in your partnerships. What "
                                                  "was written stays where it was written."),
                                  .nav = PAGE_NAV_ME});
    if (write_some(page, &list, true) + write_some(page, &list, false) == 0) {
        part_empty(h, &(struct part_empty){
                          .icon = PART_ICON_BELL,
                          .heading = T(page, "Nothing new"),
                          .text = T(page, "When a partner proposes a time, writes to you or moves "
                                          "on, it stands here.")});
    }
    page_link(page, T(page, "When Duet may write to me"), str_of("/notices/settings"));
    page->after = have_seen;
    page->after_values[0] = page->coach.now_ms;
    return page_close(page);
}

/* -- Settings ------------------------------------------------------------------------------------
 */

static void write_mail(struct page *page, const struct notice_settings *settings)
{
    static const struct {
        const char *text, *hint;
    } words[NOTICE_MAIL__MAX] = {
        {N_("As it happens"), N_("Outside of your quiet hours, within a few minutes.")},
        {N_("Once a day"), N_("One mail at the end of your quiet hours, when there is something.")},
        {N_("Once a week"), N_("One mail on Monday, when there is something.")},
        {N_("Never"), N_("You find it all in Duet.")},
    };
    struct part_option options[NOTICE_MAIL__MAX];
    int64_t chosen = page_value_number(page, F_MAIL, settings->mail);
    for (int i = 0; i < NOTICE_MAIL__MAX; i++) {
        options[i] = (struct part_option){.value = str_of(notices_mail_word((enum notice_mail)i)),
                                          .text = T(page, words[i].text),
                                          .hint = T(page, words[i].hint),
                                          .chosen = i == chosen};
    }
    part_choose(&page->html,
                &(struct part_field){.id = str_of("mail"),
                                     .label = T(page, "When should Duet write to you?"),
                                     .hint = T(page, "A mail says that something has happened, "
                                                     "never what was written, and only what you "
                                                     "have not seen yet."),
                                     .error = page_error(page, "mail")},
                PART_CHOICES_LIST, false, options, NOTICE_MAIL__MAX);
}

static void write_time(struct page *page, int field, struct str label, int32_t minute)
{
    part_input(&page->html,
               &(struct part_field){.id = str_of(fields[field].name),
                                    .label = label,
                                    .type = "time",
                                    .value = page_value(page, field, daytime_text(page, minute)),
                                    .width = PART_FIELD_SHORT,
                                    .error = page_error(page, fields[field].name)});
}

static enum err show_settings(struct page *page)
{
    struct notice_settings s;
    enum err err = notices_settings(&page->coach, page->me.id, &s);
    if (err != ERR_OK) {
        return err;
    }
    struct html *h = page_open(page, &(struct page_head){.title = T(page, "Mail and quiet hours"),
                                                         .back = T(page, "Notices"),
                                                         .back_url = str_of("/notices"),
                                                         .nav = PAGE_NAV_ME});
    page_errors(page);
    page_form_open(page, str_of("/notices/settings"));
    write_mail(page, &s);
    part_check(h,
               &(struct part_field){.id = str_of("invites"),
                                    .label = T(page, "Invitations to meetings by mail"),
                                    .hint = T(page, "Your calendar takes them. They come as soon "
                                                    "as a time is settled, moved or cancelled.")},
               page->tried ? page_number(page, F_INVITES) != 0 : s.invites);
    part_fieldset_open(h, T(page, "Quiet hours"),
                       T(page, "The same time twice means that there are none. The times are "
                               "those of your time zone."));
    write_time(page, F_FROM, T(page, "From"), s.quiet_from);
    write_time(page, F_UNTIL, T(page, "Until"), s.quiet_until);
    part_check(h,
               &(struct part_field){.id = str_of("quiet_weekend"),
                                    .label = T(page, "Also all of Saturday and Sunday")},
               page->tried ? page_number(page, F_WEEKEND) != 0 : s.quiet_weekend);
    part_fieldset_close(h);
    part_buttons_open(h);
    part_button(h, &(struct part_button){.text = T(page, "Save"), .kind = PART_BUTTON_MAIN});
    part_buttons_close(h);
    page_form_close(page);
    return page_close(page);
}

static enum err save(struct page *page)
{
    const struct notice_settings s = {
        .mail = (enum notice_mail)(page_given(page, F_MAIL) ? page_number(page, F_MAIL) : 0),
        .invites = page_number(page, F_INVITES) != 0,
        .quiet_from = daytime_read(page_text(page, F_FROM)),
        .quiet_until = daytime_read(page_text(page, F_UNTIL)),
        .quiet_weekend = page_number(page, F_WEEKEND) != 0,
    };
    enum err err = page->complaints.n
                       ? ERR_INVALID
                       : notices_settings_save(&page->coach, page->me.id, &s, &page->complaints);
    if (err == ERR_INVALID && page->complaints.n) {
        return page_again(page, show_settings);
    }
    return err == ERR_OK ? page_go(page, FLASH_SAVED, 0, str_of("/notices/settings")) : err;
}

/* -- The link in mails ---------------------------------------------------------------------------
 */

static enum err show_leave(struct page *page)
{
    int64_t person_id;
    enum err err = notices_leave_check(&page->coach, page_word(page, "key"), &person_id);
    if (err != ERR_OK) {
        return err;
    }
    struct html *h =
        page_open(page, &(struct page_head){.title = T(page, "No more mails about what is new?"),
                                            .plain = true});
    part_paragraph(h, T(page, "You will still find everything in Duet, and invitations to meetings "
                              "come as before."));
    page_button_form(
        page, page_path(page, "/unsubscribe/{}", html_part(page_word(page, "key"))),
        &(struct part_button){.text = T(page, "Stop these mails"), .kind = PART_BUTTON_MAIN});
    return page_close(page);
}

/* Answers with a page, not with an address to go to: mail programs send this, and follow nothing
 * (RFC 8058, 3.2). */
static enum err leave(struct page *page)
{
    enum err err = notices_leave(&page->coach, page_word(page, "key"));
    if (err != ERR_OK) {
        return err;
    }
    struct html *h = page_open(
        page, &(struct page_head){.title = T(page, "These mails have stopped"), .plain = true});
    part_paragraph(h, T(page, "You can have them again at any time."));
    page_link(page, T(page, "When Duet may write to me"), str_of("/notices/settings"));
    return page_close(page);
}

static const struct route routes[] = {
    {ROUTE_GET, "/notices", ROUTE_OWN, .handle = show, .about = "What is new for me"},
    {ROUTE_GET, "/notices/settings", ROUTE_OWN, .handle = show_settings,
     .about = "When Duet may write to me"},
    {ROUTE_POST, "/notices/settings", ROUTE_OWN, .handle = save, .fields = fields,
     .n_fields = F__MAX, .about = "Saves it"},
    {ROUTE_GET, "/unsubscribe/*key", ROUTE_PUBLIC, .handle = show_leave,
     .about = "Asks whether the mails shall end, for a link in them"},
    {ROUTE_POST, "/unsubscribe/*key", ROUTE_PUBLIC, .handle = leave, .keyed = true,
     .about = "Ends them with one click (RFC 8058)"},
};
const struct route_set page_notices_routes = ROUTE_SET("Notices", routes);
