-- People of a unit in the order of their ids, for the first page.
CREATE INDEX membership_person ON membership (unit_id, person_id);
