-- Rounds that were worked out before it was kept what was locked then (0015): of them a check cannot
-- tell whether what they were made from has changed.  Working one out again makes it like any other.
ALTER TABLE round ADD COLUMN locks_kept INTEGER NOT NULL DEFAULT 1 CHECK (locks_kept IN (0, 1));
UPDATE round SET locks_kept = 0
    WHERE ready_ms <= (SELECT m.applied_ms FROM migration m WHERE m.number = 15);
