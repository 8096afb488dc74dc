-- How many pairs of a round are locked stands on every page of its list.
CREATE INDEX proposal_locked ON proposal (round_id, pair) WHERE locked = 1;
