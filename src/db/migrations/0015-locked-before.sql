-- What was locked when a round was worked out belongs to the problem that its certificate is about, in
-- its order; what is locked afterwards does not.  0: it was not.
ALTER TABLE proposal ADD COLUMN was_locked BIGINT NOT NULL DEFAULT 0;
UPDATE proposal SET was_locked = id WHERE locked = 1;
