-- What a person should know of: an event that concerns them, seen and answered or not, and whether
-- they want mail about it.

-- One row per person and thing; the same thing again makes the row new again.  partnership_id and
-- object_id are 0 where there is none; what object_id is depends on the kind
-- (src/coach/notice_kinds.def).  done_ms: what was asked for has been done, or is not needed any
-- more.
CREATE TABLE notice (
    id @id,
    person_id BIGINT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    partnership_id BIGINT NOT NULL DEFAULT 0,
    object_id BIGINT NOT NULL DEFAULT 0,
    from_id BIGINT REFERENCES person (id) ON DELETE SET NULL,
    created_ms BIGINT NOT NULL,
    seen_ms BIGINT,
    done_ms BIGINT,
    mailed_ms BIGINT,
    UNIQUE (person_id, kind, partnership_id, object_id)
) @strict;
CREATE INDEX notice_new ON notice (person_id) WHERE seen_ms IS NULL AND done_ms IS NULL;
CREATE INDEX notice_person ON notice (person_id, created_ms);
CREATE INDEX notice_unmailed ON notice (person_id) WHERE mailed_ms IS NULL AND done_ms IS NULL;
CREATE INDEX notice_of ON notice (partnership_id, kind);
CREATE INDEX notice_created ON notice (created_ms);

-- No row: the defaults of src/coach/notices.h.  Quiet hours are minutes of the person's day.
-- mailed_ms is when the last collected mail went out.
CREATE TABLE notice_setting (
    person_id BIGINT PRIMARY KEY REFERENCES person (id) ON DELETE CASCADE,
    mail TEXT NOT NULL CHECK (mail IN ('now', 'daily', 'weekly', 'never')),
    invites INTEGER NOT NULL CHECK (invites IN (0, 1)),
    quiet_from INTEGER NOT NULL CHECK (quiet_from BETWEEN 0 AND 1439),
    quiet_until INTEGER NOT NULL CHECK (quiet_until BETWEEN 0 AND 1439),
    quiet_weekend INTEGER NOT NULL CHECK (quiet_weekend IN (0, 1)),
    changed_ms BIGINT NOT NULL
) @strict;
