-- Counts the commits after which what processes remember of a topic is no longer so: 'helpers' is who
-- offers what in which unit, and their names.  No row: nothing has changed yet.
CREATE TABLE stamp (
    topic TEXT PRIMARY KEY NOT NULL CHECK (topic IN ('helpers')),
    n BIGINT NOT NULL
) @strict;
