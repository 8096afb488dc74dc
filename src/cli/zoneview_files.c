/* `duet zone`: the files and JSON; see zoneview.h. */
#include "base/arena.h"
#include "base/crew.h"
#include "cli/csvout.h"
#include "cli/outfile.h"
#include "cli/report.h"
#include "cli/zoneview.h"

#include <jansson.h>

#define DIGITS 4
#define PIECE_PEOPLE 128 /* written at once */
#define HASTEN_PIECES 64 /* after so many the disk shall begin */

static const char *status_of(const struct zone_estimate *e)
{
    return e->enough ? "ok" : "not enough evidence";
}

static void write_zone(const struct zoneview *view, struct csvout *csv, int32_t person,
                       int32_t skill)
{
    const struct zone_estimate *e = zoneview_estimate(view, person, skill);
    csvout_text(csv, view->roster->people[person].id);
    csvout_text(csv, view->roster->skills[skill].id);
    csvout_real(csv, e->alone, DIGITS);
    csvout_real(csv, e->alone_sd, DIGITS);
    csvout_real(csv, e->helped, DIGITS);
    csvout_real(csv, e->helped_sd, DIGITS);
    csvout_real(csv, e->alone_level, 2);
    csvout_real(csv, e->alone_level_lo, 2);
    csvout_real(csv, e->alone_level_hi, 2);
    csvout_real(csv, e->helped_level, 2);
    if (e->zone_lo <= e->zone_hi) {
        csvout_real(csv, e->zone_lo, DIGITS);
        csvout_real(csv, e->zone_hi, DIGITS);
    } else {
        csvout_text(csv, str_of(""));
        csvout_text(csv, str_of(""));
    }
    csvout_int(csv, e->n_evidence);
    csvout_int(csv, e->n_raters);
    csvout_int(csv, e->n_occasions);
    csvout_text(csv, str_of(e->last_day == ZONE_DAY_UNKNOWN ? "" : report_date(e->last_day).text));
    csvout_text(csv, str_of(status_of(e)));
    csvout_row(csv);
}

/* The rows of people, so many at once, made on several threads. */
struct zones {
    const struct zoneview *view;
    struct csvout *out;
    struct {
        struct csvout rows;
        char apart[CREW_APART];
    } made[CREW_MOST];
    uint32_t n_pieces;
};

static void make_zones(void *ctx, uint32_t piece, int slot)
{
    struct zones *zones = ctx;
    const struct roster *roster = zones->view->roster;
    uint32_t n = (uint32_t)roster->n_people;
    int32_t end = (int32_t)crew_first(piece + 1, zones->n_pieces, n);
    for (int32_t p = (int32_t)crew_first(piece, zones->n_pieces, n); p < end; p++) {
        for (int32_t s = 0; s < roster->n_skills; s++) {
            write_zone(zones->view, &zones->made[slot].rows, p, s);
        }
    }
}

static void take_zones(void *ctx, uint32_t piece, int slot)
{
    struct zones *zones = ctx;
    csvout_append(zones->out, &zones->made[slot].rows);
    if (piece % HASTEN_PIECES == HASTEN_PIECES - 1) {
        outfile_hasten(zones->out->out);
    }
}

enum err zoneview_write_zones(const struct zoneview *view, FILE *out)
{
    struct csvout csv;
    struct zones zones = {.view = view, .out = &csv};
    struct arena *arenas[CREW_MOST] = {NULL}; /* one for each thread */
    enum err err = ERR_OK;
    csvout_begin(&csv, view->arena, out);
    fputs("person,skill,alone,alone_se,helped,helped_se,alone_level,alone_level_lo,alone_level_hi,"
          "helped_level,zone_lo,zone_hi,evidence,raters,occasions,last_date,status\n",
          out);
    zones.n_pieces = 1 + (uint32_t)view->roster->n_people / PIECE_PEOPLE;
    for (int k = 0; k < CREW_MOST; k++) {
        arenas[k] = arena_new(0);
        err = arenas[k] ? err : ERR_NOMEM;
        csvout_begin(&zones.made[k].rows, arenas[k], NULL);
    }
    if (err == ERR_OK) {
        crew_run_in_order(view->crew, zones.n_pieces, make_zones, take_zones, &zones);
        err = csvout_end(&csv);
    }
    for (int k = 0; k < CREW_MOST; k++) {
        arena_free(arenas[k]);
    }
    return err;
}

enum err zoneview_write_raters(const struct zoneview *view, FILE *out)
{
    struct csvout csv;
    csvout_begin(&csv, view->arena, out);
    fputs("rater,severity,severity_se,infit,outfit,ratings,people,subset\n", out);
    for (int32_t r = 0; r < view->roster->n_raters; r++) {
        const struct zone_rater *rater = &view->fit->raters[r];
        csvout_text(&csv, view->roster->raters[r].id);
        csvout_real(&csv, rater->severity, DIGITS);
        csvout_real(&csv, rater->severity_sd, DIGITS);
        csvout_real(&csv, rater->infit, DIGITS);
        csvout_real(&csv, rater->outfit, DIGITS);
        csvout_int(&csv, rater->n_ratings);
        csvout_int(&csv, rater->n_people);
        csvout_int(&csv, rater->subset + 1);
        csvout_row(&csv);
    }
    return csvout_end(&csv);
}

/* One skill of one person; NULL without memory. */
static json_t *zone_json(const struct zoneview *view, int32_t person, int32_t skill)
{
    const struct zone_estimate *e = zoneview_estimate(view, person, skill);
    json_t *zone =
        e->zone_lo <= e->zone_hi ? json_pack("[f,f]", e->zone_lo, e->zone_hi) : json_null();
    json_t *date =
        e->last_day == ZONE_DAY_UNKNOWN ? json_null() : json_string(report_date(e->last_day).text);
    return json_pack(
        "{s:s, s:s, s:{s:f, s:f, s:f, s:f, s:f}, s:{s:f, s:f, s:f}, s:o, s:i, s:i, s:i, s:o}",
        "skill", view->roster->skills[skill].id.p, "status", status_of(e), "alone", "mean",
        e->alone, "se", e->alone_sd, "level", e->alone_level, "level_lo", e->alone_level_lo,
        "level_hi", e->alone_level_hi, "helped", "mean", e->helped, "se", e->helped_sd, "level",
        e->helped_level, "zone", zone, "evidence", e->n_evidence, "raters", e->n_raters,
        "occasions", e->n_occasions, "last_date", date);
}

static enum err print_json(json_t *value, FILE *out)
{
    if (!value) {
        return ERR_NOMEM;
    }
    int failed = json_dumpf(value, out, JSON_COMPACT | JSON_REAL_PRECISION(10));
    json_decref(value);
    return failed && !ferror(out) ? ERR_NOMEM : ERR_OK;
}

static enum err print_person_json(const struct zoneview *view, int32_t person, FILE *out)
{
    json_t *skills = json_array();
    for (int32_t s = 0; s < view->roster->n_skills; s++) {
        if (json_array_append_new(skills, zone_json(view, person, s)) != 0) {
            json_decref(skills);
            return ERR_NOMEM;
        }
    }
    const struct roster_person *who = &view->roster->people[person];
    return print_json(
        json_pack("{s:s, s:s, s:o}", "person", who->id.p, "name", who->name.p, "skills", skills),
        out);
}

static json_t *head_json(const struct zoneview *view)
{
    return json_pack("{s:i, s:i, s:I, s:i, s:i, s:b}", "people", view->roster->n_people, "skills",
                     view->roster->n_skills, "evidence", (json_int_t)view->roster->n_evidence,
                     "raters", view->roster->n_raters, "connected_sets", view->fit->n_subsets,
                     "converged", view->fit->converged);
}

/* One object a person, written as it is made: a large roster need not fit in memory twice. */
enum err zoneview_write_json(const struct zoneview *view, int32_t person, FILE *out)
{
    int32_t first = person == ROSTER_NONE ? 0 : person;
    int32_t end = person == ROSTER_NONE ? view->roster->n_people : person + 1;
    fputs("{\"summary\":", out);
    enum err err = print_json(head_json(view), out);
    fputs(",\n\"zones\":[", out);
    for (int32_t p = first; p < end && err == ERR_OK; p++) {
        fputs(p > first ? ",\n" : "\n", out);
        err = print_person_json(view, p, out);
    }
    fputs("]}\n", out);
    return err;
}
