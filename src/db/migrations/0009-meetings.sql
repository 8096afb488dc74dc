-- Meetings and messages of a partnership, and private calendar feeds.  Subject, place and messages
-- are content: the members' alone.

-- Settled: 'confirmed' with starts_ms.  Proposed times are rows of meeting_time; a confirmed meeting
-- that has some is to be moved, and stays where it is until one of them is chosen.  sequence grows
-- with each change that calendars must know of.
CREATE TABLE meeting (
    id @id,
    partnership_id BIGINT NOT NULL REFERENCES partnership (id) ON DELETE CASCADE,
    state TEXT NOT NULL CHECK (state IN ('proposed', 'confirmed', 'held', 'missed', 'cancelled')),
    uid TEXT NOT NULL UNIQUE,
    sequence INTEGER NOT NULL DEFAULT 0,
    subject TEXT NOT NULL DEFAULT '',
    place TEXT NOT NULL DEFAULT '',
    minutes INTEGER NOT NULL CHECK (minutes BETWEEN 5 AND 480),
    starts_ms BIGINT,
    proposed_by BIGINT REFERENCES person (id) ON DELETE SET NULL,
    created_ms BIGINT NOT NULL,
    changed_ms BIGINT NOT NULL,
    CHECK (state IN ('proposed', 'cancelled') OR starts_ms IS NOT NULL)
) @strict;
CREATE INDEX meeting_partnership ON meeting (partnership_id, id);
CREATE INDEX meeting_start ON meeting (state, starts_ms);
CREATE INDEX meeting_proposer ON meeting (proposed_by) WHERE proposed_by IS NOT NULL;

CREATE TABLE meeting_time (
    meeting_id BIGINT NOT NULL REFERENCES meeting (id) ON DELETE CASCADE,
    starts_ms BIGINT NOT NULL,
    PRIMARY KEY (meeting_id, starts_ms)
) @strict;

-- Whoever holds the secret reads the person's meetings; here is its hash only.
CREATE TABLE calendar_feed (
    person_id BIGINT PRIMARY KEY REFERENCES person (id) ON DELETE CASCADE,
    secret_hash BYTEA NOT NULL UNIQUE,
    created_ms BIGINT NOT NULL
) @strict;

-- A message taken back is empty, and stands as taken back.
CREATE TABLE message (
    id @id,
    partnership_id BIGINT NOT NULL REFERENCES partnership (id) ON DELETE CASCADE,
    author_id BIGINT REFERENCES person (id) ON DELETE SET NULL,
    words TEXT NOT NULL,
    created_ms BIGINT NOT NULL,
    retracted_ms BIGINT
) @strict;
CREATE INDEX message_partnership ON message (partnership_id, id);
CREATE INDEX message_author ON message (author_id) WHERE author_id IS NOT NULL;

-- How far a member has read.
CREATE TABLE message_seen (
    partnership_id BIGINT NOT NULL REFERENCES partnership (id) ON DELETE CASCADE,
    person_id BIGINT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    message_id BIGINT NOT NULL,
    PRIMARY KEY (partnership_id, person_id)
) @strict;
CREATE INDEX message_seen_person ON message_seen (person_id);
