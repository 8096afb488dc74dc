/* A round as JSON. */
#include "base/arena.h"
#include "base/buf.h"
#include "cli/roundview.h"
#include "coach/reason.h"
#include "match/gain.h"
#include "match/source.h"

#include <jansson.h>
#include <stdio.h>

#define REASON_MAX 4096

static json_t *json_gain(int64_t gain)
{
    return json_real((double)gain / MATCH_ONE);
}

static json_t *json_proposal(const struct roundview *view, const struct round_proposal *p,
                             struct buf *buf)
{
    struct str reason;
    buf_clear(buf);
    reason_write(buf, view->round, p);
    if (buf_end(buf, &reason) != ERR_OK) {
        return NULL;
    }
    const struct roster *roster = view->roster;
    return json_pack("{s:i, s:s, s:s, s:s?, s:o, s:s}", "pair", (int)p->pair, "learner",
                     roster->people[p->learner].id.p, "helper", roster->people[p->helper].id.p,
                     "skill", p->skill == ROSTER_NONE ? NULL : roster->skills[p->skill].id.p,
                     "gain", json_gain(p->gain), "reason", reason.p);
}

static json_t *json_proposals(const struct roundview *view)
{
    json_t *list = json_array();
    struct buf buf;
    buf_init(&buf, view->cli->arena, REASON_MAX);
    for (int32_t k = 0; k < view->result.n_proposals; k++) {
        if (json_array_append_new(list, json_proposal(view, &view->result.proposals[k], &buf))) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

static json_t *json_alone(const struct roundview *view)
{
    json_t *list = json_array();
    for (int32_t u = 0; u < view->result.n_people; u++) {
        enum round_state state = view->result.state[u];
        if (state >= ROUND_NO_NEED &&
            json_array_append_new(list, json_pack("{s:s, s:s, s:s}", "person",
                                                  view->roster->people[u].id.p, "why",
                                                  reason_state_words(state), "what_helps",
                                                  reason_state_remedy(state)))) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

enum err roundview_print_json(const struct roundview *view)
{
    const struct round_result *r = &view->result;
    json_t *bound =
        r->bound < 0 ? json_null() : json_real((double)r->bound / (MATCH_DUAL_SCALE * MATCH_ONE));
    json_t *root =
        json_pack("{s:s, s:s, s:i, s:i, s:i, s:i, s:i, s:i, s:o, s:o, s:o, s:b, s:o, s:o}",
                  "strategy", round_strategy_name(r->options.strategy), "objective",
                  r->options.objective == ROUND_GAIN ? "gain" : "served", "people",
                  (int)r->n_people, "learners", (int)r->n_learners, "served", (int)r->n_served,
                  "needs", (int)r->n_needs, "covered", (int)r->n_covered, "partnerships",
                  (int)r->n_pairs, "total_gain", json_gain(r->total_gain), "smallest_gain",
                  json_gain(r->smallest_gain), "bound", bound, "proved", r->proved, "proposals",
                  json_proposals(view), "without_partner", json_alone(view));
    if (!root) {
        return ERR_NOMEM;
    }
    int failed = json_dumpf(root, stdout, JSON_INDENT(1) | JSON_REAL_PRECISION(10));
    json_decref(root);
    putchar('\n');
    return failed && !ferror(stdout) ? ERR_NOMEM : ERR_OK;
}
