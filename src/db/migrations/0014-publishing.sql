-- A large round is published some pairs at a time.  Until all are asked its state is 'published' with
-- the pair up to which that has got (NULL: done); and how many pairs were dealt with.
ALTER TABLE round ADD COLUMN publish_pair INTEGER;
ALTER TABLE round ADD COLUMN n_dealt INTEGER NOT NULL DEFAULT 0;
