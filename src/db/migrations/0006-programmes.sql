-- Programmes of peer coaching: who takes part and under which rules; and rounds of matching with
-- what they propose.

CREATE TABLE programme (
    id @id,
    name TEXT NOT NULL,
    about TEXT NOT NULL DEFAULT '',
    framework_id BIGINT NOT NULL REFERENCES framework (id),
    starts_day INTEGER NOT NULL,
    ends_day INTEGER NOT NULL,
    state TEXT NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'open', 'running', 'closed')),
    strategy TEXT NOT NULL DEFAULT 'reciprocal'
        CHECK (strategy IN ('reciprocal', 'guide', 'trio', 'self', 'random')),
    objective TEXT NOT NULL DEFAULT 'served' CHECK (objective IN ('served', 'gain')),
    lift INTEGER NOT NULL DEFAULT 0 CHECK (lift IN (0, 1)),
    -- whether partners belong to the same unit
    within TEXT NOT NULL DEFAULT 'any' CHECK (within IN ('any', 'unit')),
    same_language INTEGER NOT NULL DEFAULT 0 CHECK (same_language IN (0, 1)),
    same_period INTEGER NOT NULL DEFAULT 0 CHECK (same_period IN (0, 1)),
    -- partners of an earlier programme who ended well go on, if they like
    keep_good INTEGER NOT NULL DEFAULT 0 CHECK (keep_good IN (0, 1)),
    -- people are asked whether they want to take part, before they are matched
    opt_in INTEGER NOT NULL DEFAULT 1 CHECK (opt_in IN (0, 1)),
    -- how many a person helps and learns from at most, where the person has not said; NULL: as in
    -- the person's profile
    max_helps INTEGER CHECK (max_helps BETWEEN 0 AND 1000),
    max_learns INTEGER CHECK (max_learns BETWEEN 0 AND 1000),
    -- stages, questions and stems of the cycle where they differ from what Duet brings (JSON)
    template TEXT NOT NULL DEFAULT '',
    created_by BIGINT REFERENCES person (id),
    created_ms BIGINT NOT NULL,
    changed_ms BIGINT NOT NULL,
    CHECK (ends_day >= starts_day)
) @strict;
CREATE INDEX programme_framework ON programme (framework_id);

-- The skills it is about; none: all of the framework.
CREATE TABLE programme_skill (
    programme_id BIGINT NOT NULL REFERENCES programme (id) ON DELETE CASCADE,
    skill_id BIGINT NOT NULL REFERENCES skill (id) ON DELETE CASCADE,
    PRIMARY KEY (programme_id, skill_id)
) @strict;
CREATE INDEX programme_skill_of ON programme_skill (skill_id);

-- The units whose people are asked.
CREATE TABLE programme_unit (
    programme_id BIGINT NOT NULL REFERENCES programme (id) ON DELETE CASCADE,
    unit_id BIGINT NOT NULL REFERENCES unit (id),
    PRIMARY KEY (programme_id, unit_id)
) @strict;
CREATE INDEX programme_unit_of ON programme_unit (unit_id);

CREATE TABLE programme_person (
    programme_id BIGINT NOT NULL REFERENCES programme (id) ON DELETE CASCADE,
    person_id BIGINT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    state TEXT NOT NULL CHECK (state IN ('invited', 'in', 'out')),
    source TEXT NOT NULL CHECK (source IN ('unit', 'added')),
    -- the person's own for this programme; NULL: the programme's
    max_helps INTEGER CHECK (max_helps BETWEEN 0 AND 1000),
    max_learns INTEGER CHECK (max_learns BETWEEN 0 AND 1000),
    created_ms BIGINT NOT NULL,
    answered_ms BIGINT,
    PRIMARY KEY (programme_id, person_id)
) @strict;
CREATE INDEX programme_person_of ON programme_person (person_id);

-- never: the two never work together; must: other helps person (in the skill, if there is one).
CREATE TABLE programme_rule (
    id @id,
    programme_id BIGINT NOT NULL REFERENCES programme (id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('never', 'must')),
    person_id BIGINT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    other_id BIGINT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    skill_id BIGINT REFERENCES skill (id) ON DELETE CASCADE,
    created_by BIGINT REFERENCES person (id),
    created_ms BIGINT NOT NULL,
    UNIQUE (programme_id, kind, person_id, other_id),
    CHECK (person_id <> other_id)
) @strict;
CREATE INDEX programme_rule_person ON programme_rule (person_id);
CREATE INDEX programme_rule_other ON programme_rule (other_id);

-- Strategies tried on the people of a programme, side by side; progress in thousandths.
CREATE TABLE comparison (
    id @id,
    programme_id BIGINT NOT NULL REFERENCES programme (id) ON DELETE CASCADE,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'ready', 'failed')),
    progress INTEGER NOT NULL DEFAULT 0 CHECK (progress BETWEEN 0 AND 1000),
    result TEXT NOT NULL DEFAULT '',
    problem TEXT NOT NULL DEFAULT '',
    created_by BIGINT REFERENCES person (id),
    created_ms BIGINT NOT NULL,
    ready_ms BIGINT
) @strict;
CREATE INDEX comparison_programme ON comparison (programme_id, id);

-- One run of matching, with the options that it used and what came out.  Gains are in ten
-- thousandths of a zone (src/coach/round.h).
CREATE TABLE round (
    id @id,
    programme_id BIGINT NOT NULL REFERENCES programme (id) ON DELETE CASCADE,
    state TEXT NOT NULL
        CHECK (state IN ('waiting', 'running', 'ready', 'published', 'discarded', 'failed')),
    progress INTEGER NOT NULL DEFAULT 0 CHECK (progress BETWEEN 0 AND 1000),
    strategy TEXT NOT NULL,
    objective TEXT NOT NULL,
    lift INTEGER NOT NULL DEFAULT 0 CHECK (lift IN (0, 1)),
    within TEXT NOT NULL DEFAULT 'any',
    seed BIGINT NOT NULL DEFAULT 1,
    n_people INTEGER NOT NULL DEFAULT 0,
    n_learners INTEGER NOT NULL DEFAULT 0,
    n_served INTEGER NOT NULL DEFAULT 0,
    n_needs INTEGER NOT NULL DEFAULT 0,
    n_covered INTEGER NOT NULL DEFAULT 0,
    n_pairs INTEGER NOT NULL DEFAULT 0,
    total_gain BIGINT NOT NULL DEFAULT 0,
    smallest_gain INTEGER NOT NULL DEFAULT 0,
    lift_floor INTEGER NOT NULL DEFAULT 0,
    bound BIGINT NOT NULL DEFAULT -1, -- no arrangement of the kind gains more; -1: not known
    proved INTEGER NOT NULL DEFAULT 0 CHECK (proved IN (0, 1)),
    certificate TEXT NOT NULL DEFAULT '',
    -- what the arrangement reached before it was changed by hand, and how often it was
    best_served INTEGER NOT NULL DEFAULT 0,
    best_gain BIGINT NOT NULL DEFAULT 0,
    n_changed INTEGER NOT NULL DEFAULT 0,
    problem TEXT NOT NULL DEFAULT '',
    created_by BIGINT REFERENCES person (id),
    created_ms BIGINT NOT NULL,
    ready_ms BIGINT,
    published_by BIGINT REFERENCES person (id),
    published_ms BIGINT
) @strict;
CREATE INDEX round_programme ON round (programme_id, id);

-- One direction of help inside a pair (a group of three has up to six).  What stands behind the
-- words of its reason is kept as it was when the round was worked out.
CREATE TABLE proposal (
    id @id,
    round_id BIGINT NOT NULL REFERENCES round (id) ON DELETE CASCADE,
    pair INTEGER NOT NULL,
    learner_id BIGINT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    helper_id BIGINT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    skill_id BIGINT REFERENCES skill (id) ON DELETE CASCADE, -- NULL: no useful skill is known
    gain INTEGER NOT NULL,
    reach INTEGER NOT NULL,
    origin TEXT NOT NULL CHECK (origin IN ('chosen', 'must', 'kept', 'hand')),
    locked INTEGER NOT NULL DEFAULT 0 CHECK (locked IN (0, 1)),
    priority INTEGER NOT NULL DEFAULT 0, -- of the learner's need; 0: none given
    n_visits INTEGER NOT NULL DEFAULT 0, -- behind the helper's estimate
    n_raters INTEGER NOT NULL DEFAULT 0,
    n_evidence INTEGER NOT NULL DEFAULT 0,
    unit_id BIGINT REFERENCES unit (id), -- both belong to it
    language TEXT NOT NULL DEFAULT '',   -- both speak it
    period TEXT NOT NULL DEFAULT ''      -- both are free then
) @strict;
CREATE INDEX proposal_round ON proposal (round_id, pair);
CREATE INDEX proposal_learner ON proposal (learner_id, round_id);
CREATE INDEX proposal_helper ON proposal (helper_id, round_id);

-- What a round means for each of its people.
CREATE TABLE round_person (
    round_id BIGINT NOT NULL REFERENCES round (id) ON DELETE CASCADE,
    person_id BIGINT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    state TEXT NOT NULL CHECK (state IN ('served', 'only-helps', 'no-need', 'no-wish',
        'nobody-can', 'ruled-out', 'all-taken', 'partnered')),
    n_helps INTEGER NOT NULL DEFAULT 0,
    n_learns INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (round_id, person_id)
) @strict;
CREATE INDEX round_person_of ON round_person (person_id);
CREATE INDEX round_person_state ON round_person (round_id, state);
