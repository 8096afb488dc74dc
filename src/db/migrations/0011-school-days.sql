-- When nobody works: days off of the organisation, beside Saturdays and Sundays.  And partnerships
-- in which nothing happens for a time.

-- Both days belong to it.
CREATE TABLE day_off (
    id @id,
    name TEXT NOT NULL,
    from_day INTEGER NOT NULL,
    until_day INTEGER NOT NULL,
    CHECK (until_day >= from_day)
) @strict;
CREATE INDEX day_off_from ON day_off (from_day);

-- still_ms: since when nothing happens in an active one, as the daily look found it; nudged_ms: when
-- its members were reminded of that; told_ms: when who arranges the programme was told.  All NULL
-- once something happens.
ALTER TABLE partnership ADD COLUMN still_ms BIGINT;
ALTER TABLE partnership ADD COLUMN nudged_ms BIGINT;
ALTER TABLE partnership ADD COLUMN told_ms BIGINT;
