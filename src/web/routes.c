/* The list of all sets, and the page of the documentation that is made from it. */
#include "web/routes.h"

#include "web/language.h"
#include "web/page_sets.h"

/* One a line, so that two additions do not touch each other. */
/* clang-format off */
const struct route_set *const routes_all[] = {
    &page_today_routes,
    &page_skills_routes,
    &page_rate_routes,
    &page_evidence_routes,
    &page_wishes_routes,
    &page_coaching_routes,
    &page_partnership_routes,
    &page_agreement_routes,
    &page_cycle_routes,
    &page_notes_routes,
    &page_pad_routes,
    &page_people_routes,
    &page_person_routes,
    &page_programmes_routes,
    &page_programme_plan_routes,
    &page_programme_people_routes,
    &page_programme_match_routes,
    &page_programme_cycle_routes,
    &page_overview_routes,
    &page_figures_routes,
    &page_compare_routes,
    &page_round_routes,
    &page_round_left_routes,
    &page_round_person_routes,
    &page_round_proof_routes,
    &page_profile_routes,
    &page_meeting_routes,
    &page_meeting_times_routes,
    &page_messages_routes,
    &page_calendar_routes,
    &page_notices_routes,
    &page_sharing_routes,
    &page_written_routes,
    &page_devices_routes,
    &page_mydata_routes,
    &page_sign_in_routes,
    &page_sign_on_routes,
    &page_welcome_routes,
    &page_start_routes,
    &page_setup_routes,
    &page_setup_people_routes,
    &page_setup_person_routes,
    &page_setup_invitations_routes,
    &page_setup_units_routes,
    &page_setup_import_routes,
    &page_setup_settings_routes,
    &page_setup_days_routes,
    &page_setup_backups_routes,
    &page_setup_jobs_routes,
    &page_setup_security_routes,
    &page_setup_frameworks_routes,
    &page_setup_skills_routes,
    &page_setup_tasks_routes,
    &page_site_routes,
    &language_routes,
    NULL,
};
/* clang-format on */

void routes_markdown(FILE *out)
{
    fputs("# Addresses of the web pages\n\n"
          "Made from the declarations in `src/web/page_*.c` by `tools/manual`; do not edit.\n\n"
          "Whoever a page is not for is sent to the sign-in page or gets an answer in words (403). "
          "What a\npage then shows of other people is decided once more by the rules in "
          "`src/coach/allow.c`. A POST must\ncome from a page of Duet in the same session.\n",
          out);
    for (const struct route_set *const *set = routes_all; *set; set++) {
        fprintf(out, "\n## %s\n\n| address | for | what |\n|---|---|---|\n", (*set)->title);
        for (size_t i = 0; i < (*set)->n; i++) {
            const struct route *route = &(*set)->routes[i];
            fprintf(out, "| `%s %s` | %s | %s |\n", route_method_word(route->method),
                    route->pattern, route_access_words(route->access), route->about);
        }
    }
}
