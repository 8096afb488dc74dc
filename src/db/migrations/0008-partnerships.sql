-- Who works together, what they agreed, their cycles, and what they wrote.
-- The texts here are content: they belong to the members of the partnership (some to their author
-- alone) and no coordinator or administrator reads them.

-- Without a programme the people chose each other, or the guide.
CREATE TABLE partnership (
    id @id,
    kind TEXT NOT NULL CHECK (kind IN ('pair', 'trio', 'guide')),
    programme_id BIGINT REFERENCES programme (id),
    round_id BIGINT REFERENCES round (id) ON DELETE SET NULL,
    -- one of the members asks the others directly, in these words
    asked_by BIGINT REFERENCES person (id) ON DELETE SET NULL,
    words TEXT NOT NULL DEFAULT '',
    state TEXT NOT NULL CHECK (state IN ('proposed', 'agreeing', 'active', 'paused', 'ended')),
    ending TEXT NOT NULL DEFAULT ''
        CHECK (ending IN ('', 'declined', 'finished', 'ended', 'rematch', 'closed', 'left', 'parted')),
    agreement TEXT NOT NULL DEFAULT '',
    agreement_version INTEGER NOT NULL DEFAULT 0,
    created_ms BIGINT NOT NULL,
    started_ms BIGINT, -- when it was first active
    moved_ms BIGINT NOT NULL, -- when somebody last did something in it
    ended_ms BIGINT,
    CHECK ((state = 'ended') = (ending <> '')),
    CHECK ((state = 'ended') = (ended_ms IS NOT NULL))
) @strict;
CREATE INDEX partnership_programme ON partnership (programme_id) WHERE programme_id IS NOT NULL;
CREATE INDEX partnership_asked_by ON partnership (asked_by) WHERE asked_by IS NOT NULL;
CREATE INDEX partnership_round ON partnership (round_id) WHERE round_id IS NOT NULL;
CREATE INDEX partnership_state ON partnership (state, moved_ms);

-- joined_ms: when they accepted; what was written before is not theirs.  signed_version: of the
-- agreement; 0: none.  wants_another: they ended it to be matched again, which the others are not
-- told.
CREATE TABLE partnership_member (
    partnership_id BIGINT NOT NULL REFERENCES partnership (id) ON DELETE CASCADE,
    person_id BIGINT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    answer TEXT NOT NULL CHECK (answer IN ('waiting', 'accepted', 'declined')),
    answered_ms BIGINT,
    joined_ms BIGINT,
    left_ms BIGINT,
    signed_version INTEGER NOT NULL DEFAULT 0,
    signed_ms BIGINT,
    wants_another INTEGER NOT NULL DEFAULT 0 CHECK (wants_another IN (0, 1)),
    PRIMARY KEY (partnership_id, person_id)
) @strict;
CREATE INDEX partnership_member_person ON partnership_member (person_id, partnership_id);

-- Who helps whom in what; helper_id NULL: the guide that is built in.
CREATE TABLE focus (
    id @id,
    partnership_id BIGINT NOT NULL REFERENCES partnership (id) ON DELETE CASCADE,
    learner_id BIGINT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    helper_id BIGINT REFERENCES person (id) ON DELETE CASCADE,
    skill_id BIGINT NOT NULL REFERENCES skill (id),
    gain INTEGER, -- as the round had it
    reach INTEGER,
    active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
    created_ms BIGINT NOT NULL,
    CHECK (helper_id IS NULL OR helper_id <> learner_id)
) @strict;
CREATE INDEX focus_partnership ON focus (partnership_id);
CREATE INDEX focus_learner ON focus (learner_id);
CREATE INDEX focus_helper ON focus (helper_id) WHERE helper_id IS NOT NULL;
CREATE INDEX focus_skill ON focus (skill_id);

-- Zones that members let each other see because they signed; taken back when it ends.
CREATE TABLE partnership_share (
    partnership_id BIGINT NOT NULL REFERENCES partnership (id) ON DELETE CASCADE,
    share_id BIGINT NOT NULL REFERENCES share (id) ON DELETE CASCADE,
    PRIMARY KEY (partnership_id, share_id)
) @strict;
CREATE INDEX partnership_share_share ON partnership_share (share_id);

-- The stages are plan, visit (observe or model), feedback, solve, check, reflect.  began: whether
-- something was written in the stage that it is in.
CREATE TABLE cycle (
    id @id,
    partnership_id BIGINT NOT NULL REFERENCES partnership (id) ON DELETE CASCADE,
    focus_id BIGINT NOT NULL REFERENCES focus (id),
    number INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'done', 'stopped')),
    stage TEXT NOT NULL
        CHECK (stage IN ('plan', 'visit', 'feedback', 'solve', 'check', 'reflect')),
    began INTEGER NOT NULL DEFAULT 0 CHECK (began IN (0, 1)),
    way TEXT NOT NULL DEFAULT 'observe' CHECK (way IN ('observe', 'model')),
    goal TEXT NOT NULL DEFAULT '',
    look_for TEXT NOT NULL DEFAULT '',
    task_id BIGINT REFERENCES task (id),
    task_name TEXT NOT NULL DEFAULT '',
    support_planned TEXT NOT NULL DEFAULT 'joint'
        CHECK (support_planned IN ('independent', 'prompted', 'modelled', 'joint')),
    support_given TEXT CHECK (support_given IN ('independent', 'prompted', 'modelled', 'joint')),
    prepared_ms BIGINT, -- the helper has prepared
    strength TEXT NOT NULL DEFAULT '',
    step TEXT NOT NULL DEFAULT '',
    step_day INTEGER,
    outcome TEXT CHECK (outcome IN ('done', 'partly', 'not_yet')),
    found TEXT NOT NULL DEFAULT '', -- at the check: what happened
    created_ms BIGINT NOT NULL,
    changed_ms BIGINT NOT NULL,
    ended_ms BIGINT,
    UNIQUE (partnership_id, number),
    CHECK ((state = 'open') = (ended_ms IS NULL))
) @strict;
CREATE UNIQUE INDEX cycle_open ON cycle (focus_id) WHERE state = 'open';
CREATE INDEX cycle_focus ON cycle (focus_id);
CREATE INDEX cycle_task ON cycle (task_id) WHERE task_id IS NOT NULL;

-- Evidence that a member recorded in a cycle: one piece each.
CREATE TABLE cycle_evidence (
    cycle_id BIGINT NOT NULL REFERENCES cycle (id) ON DELETE CASCADE,
    person_id BIGINT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    evidence_id BIGINT NOT NULL REFERENCES evidence (id) ON DELETE CASCADE,
    PRIMARY KEY (cycle_id, person_id)
) @strict;
CREATE INDEX cycle_evidence_person ON cycle_evidence (person_id);
CREATE INDEX cycle_evidence_evidence ON cycle_evidence (evidence_id);

-- private: the author's alone; shared: the author's, the others read it; joint: theirs together.
CREATE TABLE note (
    id @id,
    cycle_id BIGINT NOT NULL REFERENCES cycle (id) ON DELETE CASCADE,
    author_id BIGINT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    stage TEXT NOT NULL
        CHECK (stage IN ('plan', 'visit', 'feedback', 'solve', 'check', 'reflect')),
    kind TEXT NOT NULL CHECK (kind IN ('private', 'shared', 'joint')),
    words TEXT NOT NULL,
    created_ms BIGINT NOT NULL,
    changed_ms BIGINT NOT NULL
) @strict;
CREATE INDEX note_cycle ON note (cycle_id, id);
CREATE INDEX note_author ON note (author_id);

-- One visit: what one person saw and wrote down in it; the author's alone until it is shared.
CREATE TABLE observation (
    id @id,
    cycle_id BIGINT NOT NULL REFERENCES cycle (id) ON DELETE CASCADE,
    author_id BIGINT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    started_ms BIGINT NOT NULL,
    shared_ms BIGINT,
    UNIQUE (cycle_id, author_id)
) @strict;
CREATE INDEX observation_author ON observation (author_id);

-- client_key: made where the line was written, so that the same line sent twice is one line.
CREATE TABLE observation_line (
    observation_id BIGINT NOT NULL REFERENCES observation (id) ON DELETE CASCADE,
    client_key TEXT NOT NULL,
    at_ms BIGINT NOT NULL, -- on the clock of the visit, from its start
    words TEXT NOT NULL,
    created_ms BIGINT NOT NULL,
    PRIMARY KEY (observation_id, client_key)
) @strict;

-- What happened when, for the story of a partnership: no content, and no name where somebody should
-- not be told who it was (person_id NULL).
CREATE TABLE partnership_event (
    id @id,
    partnership_id BIGINT NOT NULL REFERENCES partnership (id) ON DELETE CASCADE,
    at_ms BIGINT NOT NULL,
    person_id BIGINT REFERENCES person (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    cycle_id BIGINT REFERENCES cycle (id) ON DELETE CASCADE
) @strict;
CREATE INDEX partnership_event_of ON partnership_event (partnership_id, id);
CREATE INDEX partnership_event_person ON partnership_event (person_id);
CREATE INDEX partnership_event_cycle ON partnership_event (cycle_id);
