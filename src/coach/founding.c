/* The first start. */
#include "coach/founding.h"

#include "coach/coach.h"
#include "coach/complaint.h"
#include "coach/people.h"
#include "coach/roles.h"
#include "coach/settings.h"
#include "coach/sql.h"
#include "coach/units.h"

enum err founding_is_open(struct coach *coach, bool *yes)
{
    int64_t done;
    enum err err = settings_get_int(coach, SETTING_SETUP_DONE, &done);
    if (err == ERR_OK) {
        *yes = done == 0;
    }
    return err;
}

/* The unit at the top; made, named for now, when there is none. */
static enum err top_unit(struct coach *coach, int64_t *id)
{
    const struct unit_input input = {.kind = UNIT_ORGANISATION,
                                     .name = {"Organisation", 12},
                                     .external_id = {"", 0},
                                     .source = {"", 0}};
    struct complaints complaints;
    enum err err = sql_number(coach, SQL_FOUNDING_TOP, SQL_NONE, id);
    if (err != ERR_NOT_FOUND) {
        return err;
    }
    complaint_init(&complaints, coach->arena);
    return units_add(coach, &input, &complaints, id);
}

static enum err administrator(struct coach *coach, int64_t *id)
{
    const struct person_input input = {.external_id = {"", 0},
                                       .given_name = {"Administrator", 13},
                                       .family_name = {"", 0},
                                       .email = {"", 0},
                                       .position = {"administrator", 13},
                                       .source = {"", 0}};
    struct complaints complaints;
    int64_t unit;
    enum err err = sql_number(coach, SQL_FOUNDING_ADMINISTRATOR, SQL_NONE, id);
    if (err != ERR_NOT_FOUND) {
        return err;
    }
    complaint_init(&complaints, coach->arena);
    err = top_unit(coach, &unit);
    err = err ? err : people_add(coach, &input, &complaints, id);
    return err ? err : roles_add(coach, *id, unit, ROLE_ADMINISTRATOR, NULL);
}

enum err founding_link(struct coach *coach, char text[INVITATIONS_TEXT])
{
    bool open = false;
    int64_t id = 0;
    if (!coach->actor.system) {
        return ERR_FORBIDDEN;
    }
    enum err err = founding_is_open(coach, &open);
    if (err || !open) {
        return err ? err : ERR_CONFLICT;
    }
    err = administrator(coach, &id);
    return err ? err : invitations_make(coach, id, INVITATION_SETUP, text);
}
