/* The routes of each page family, page_<family>.c; routes.c puts them in order. */
#ifndef DUET_WEB_PAGE_SETS_H
#define DUET_WEB_PAGE_SETS_H

#include "web/route.h"

extern const struct route_set page_agreement_routes;
extern const struct route_set page_coaching_routes;
extern const struct route_set page_cycle_routes;
extern const struct route_set page_devices_routes;
extern const struct route_set page_evidence_routes;
extern const struct route_set page_calendar_routes;
extern const struct route_set page_meeting_routes;
extern const struct route_set page_meeting_times_routes;
extern const struct route_set page_messages_routes;
extern const struct route_set page_mydata_routes;
extern const struct route_set page_notes_routes;
extern const struct route_set page_notices_routes;
extern const struct route_set page_pad_routes;
extern const struct route_set page_partnership_routes;
extern const struct route_set page_people_routes;
extern const struct route_set page_person_routes;
extern const struct route_set page_compare_routes;
extern const struct route_set page_figures_routes;
extern const struct route_set page_overview_routes;
extern const struct route_set page_programme_cycle_routes;
extern const struct route_set page_programmes_routes;
extern const struct route_set page_programme_plan_routes;
extern const struct route_set page_programme_people_routes;
extern const struct route_set page_programme_match_routes;
extern const struct route_set page_round_routes;
extern const struct route_set page_round_left_routes;
extern const struct route_set page_round_person_routes;
extern const struct route_set page_round_proof_routes;
extern const struct route_set page_profile_routes;
extern const struct route_set page_rate_routes;
extern const struct route_set page_setup_routes;
extern const struct route_set page_setup_backups_routes;
extern const struct route_set page_setup_days_routes;
extern const struct route_set page_setup_frameworks_routes;
extern const struct route_set page_setup_import_routes;
extern const struct route_set page_setup_invitations_routes;
extern const struct route_set page_setup_jobs_routes;
extern const struct route_set page_setup_people_routes;
extern const struct route_set page_setup_person_routes;
extern const struct route_set page_setup_security_routes;
extern const struct route_set page_setup_settings_routes;
extern const struct route_set page_setup_skills_routes;
extern const struct route_set page_setup_tasks_routes;
extern const struct route_set page_setup_units_routes;
extern const struct route_set page_sharing_routes;
extern const struct route_set page_sign_in_routes;
extern const struct route_set page_sign_on_routes;
extern const struct route_set page_site_routes;
extern const struct route_set page_skills_routes;
extern const struct route_set page_start_routes;
extern const struct route_set page_today_routes;
extern const struct route_set page_welcome_routes;
extern const struct route_set page_wishes_routes;
extern const struct route_set page_written_routes;

#endif
