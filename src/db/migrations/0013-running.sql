-- Pages about a whole programme read who takes part, and what runs, from indexes alone.
CREATE INDEX programme_person_in ON programme_person (programme_id, person_id) WHERE state = 'in';
CREATE INDEX partnership_running ON partnership (state, kind, programme_id, still_ms);
CREATE INDEX focus_running ON focus (partnership_id, active, learner_id, helper_id, skill_id);
DROP INDEX focus_partnership;
-- Few have left: whoever takes part is held against them, not looked up.
CREATE INDEX person_gone ON person (id) WHERE active = 0;
