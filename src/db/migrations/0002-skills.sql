-- Frameworks of skills, what people need and offer, the evidence, and the estimates made of it.

CREATE TABLE framework (
    id @id,
    case_id TEXT UNIQUE,
    name TEXT NOT NULL,
    description TEXT NOT NULL DEFAULT '',
    language TEXT NOT NULL DEFAULT 'en',
    publisher TEXT NOT NULL DEFAULT '',
    licence TEXT NOT NULL DEFAULT '',
    active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
    created_ms BIGINT NOT NULL,
    changed_ms BIGINT NOT NULL
) @strict;

CREATE TABLE domain (
    id @id,
    framework_id BIGINT NOT NULL REFERENCES framework (id),
    case_id TEXT,
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    description TEXT NOT NULL DEFAULT ''
) @strict;
CREATE INDEX domain_framework ON domain (framework_id, position);

CREATE TABLE skill (
    id @id,
    framework_id BIGINT NOT NULL REFERENCES framework (id),
    domain_id BIGINT NOT NULL REFERENCES domain (id),
    case_id TEXT,
    code TEXT NOT NULL,
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    description TEXT NOT NULL DEFAULT '',
    levels INTEGER NOT NULL CHECK (levels BETWEEN 2 AND 12),
    active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
    UNIQUE (framework_id, code)
) @strict;
CREATE INDEX skill_domain ON skill (domain_id, position);

CREATE TABLE skill_level (
    skill_id BIGINT NOT NULL REFERENCES skill (id) ON DELETE CASCADE,
    level INTEGER NOT NULL CHECK (level BETWEEN 1 AND 12),
    name TEXT NOT NULL,
    descriptor TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (skill_id, level)
) @strict;

-- A practice step; its difficulty in logits on the skill's scale, where it is known.
CREATE TABLE task (
    id @id,
    skill_id BIGINT NOT NULL REFERENCES skill (id),
    case_id TEXT,
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    difficulty DOUBLE PRECISION,
    active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1))
) @strict;
CREATE INDEX task_skill ON task (skill_id, position);

CREATE TABLE need (
    person_id BIGINT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    skill_id BIGINT NOT NULL REFERENCES skill (id),
    priority INTEGER NOT NULL CHECK (priority BETWEEN 1 AND 3),
    note TEXT NOT NULL DEFAULT '',
    created_ms BIGINT NOT NULL,
    PRIMARY KEY (person_id, skill_id)
) @strict;
CREATE INDEX need_skill ON need (skill_id, person_id);

CREATE TABLE offer (
    person_id BIGINT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    skill_id BIGINT NOT NULL REFERENCES skill (id),
    note TEXT NOT NULL DEFAULT '',
    created_ms BIGINT NOT NULL,
    PRIMARY KEY (person_id, skill_id)
) @strict;
CREATE INDEX offer_skill ON offer (skill_id, person_id);

-- The words of a framework in further languages; `level` is 0 but for levels, whose object is the
-- skill.  An empty text falls back on the framework's own language.
CREATE TABLE framework_text (
    framework_id BIGINT NOT NULL REFERENCES framework (id) ON DELETE CASCADE,
    locale TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('framework', 'domain', 'skill', 'level', 'task')),
    object_id BIGINT NOT NULL,
    level INTEGER NOT NULL DEFAULT 0,
    name TEXT NOT NULL DEFAULT '',
    description TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (framework_id, locale, kind, object_id, level)
) @strict;

-- Who rated, when that is nobody of the organisation: a name from an imported file.
CREATE TABLE rater (
    id @id,
    person_id BIGINT UNIQUE REFERENCES person (id),
    name TEXT UNIQUE,
    CHECK ((person_id IS NULL) <> (name IS NULL))
) @strict;

CREATE TABLE evidence (
    id @id,
    person_id BIGINT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    skill_id BIGINT NOT NULL REFERENCES skill (id),
    kind TEXT NOT NULL CHECK (kind IN ('observed', 'self', 'task')),
    support TEXT NOT NULL CHECK (support IN ('independent', 'prompted', 'modelled', 'joint')),
    level INTEGER NOT NULL CHECK (level BETWEEN 0 AND 12),
    rater_id BIGINT REFERENCES rater (id),
    occasion TEXT NOT NULL DEFAULT '',
    segment TEXT NOT NULL DEFAULT '',
    task_id BIGINT REFERENCES task (id),
    task_name TEXT NOT NULL DEFAULT '',
    difficulty DOUBLE PRECISION,
    day INTEGER,
    source TEXT NOT NULL,
    note TEXT NOT NULL DEFAULT '',
    entered_by BIGINT REFERENCES person (id),
    created_ms BIGINT NOT NULL,
    withdrawn_ms BIGINT,
    -- the same row of the same file gives the same key, so that importing twice changes nothing
    import_key BYTEA UNIQUE
) @strict;
CREATE INDEX evidence_person ON evidence (person_id, skill_id, id);
CREATE INDEX evidence_skill ON evidence (skill_id, person_id);
CREATE INDEX evidence_entered ON evidence (entered_by) WHERE entered_by IS NOT NULL;
CREATE INDEX evidence_task ON evidence (task_id) WHERE task_id IS NOT NULL;

-- One refit of one framework: what the estimates below came from.
CREATE TABLE fit (
    framework_id BIGINT PRIMARY KEY REFERENCES framework (id) ON DELETE CASCADE,
    finished_ms BIGINT NOT NULL,
    last_evidence_id BIGINT NOT NULL,
    n_evidence BIGINT NOT NULL,
    evidence_ids BIGINT NOT NULL, -- their sum: whether the same pieces still count
    n_subsets INTEGER NOT NULL,
    model TEXT NOT NULL
) @strict;

CREATE TABLE skill_fit (
    skill_id BIGINT PRIMARY KEY REFERENCES skill (id) ON DELETE CASCADE,
    difficulty DOUBLE PRECISION NOT NULL,
    thresholds TEXT NOT NULL,
    mean DOUBLE PRECISION NOT NULL,
    sd DOUBLE PRECISION NOT NULL,
    n_people INTEGER NOT NULL,
    -- of somebody of whom nothing is known yet
    prior_alone DOUBLE PRECISION NOT NULL,
    prior_alone_sd DOUBLE PRECISION NOT NULL,
    prior_gain DOUBLE PRECISION NOT NULL,
    prior_gain_sd DOUBLE PRECISION NOT NULL,
    prior_cov DOUBLE PRECISION NOT NULL
) @strict;

CREATE TABLE rater_fit (
    framework_id BIGINT NOT NULL REFERENCES framework (id) ON DELETE CASCADE,
    rater_id BIGINT NOT NULL REFERENCES rater (id) ON DELETE CASCADE,
    severity DOUBLE PRECISION NOT NULL,
    severity_sd DOUBLE PRECISION NOT NULL,
    infit DOUBLE PRECISION,
    outfit DOUBLE PRECISION,
    n_ratings INTEGER NOT NULL,
    n_people INTEGER NOT NULL,
    subset INTEGER NOT NULL,
    PRIMARY KEY (framework_id, rater_id)
) @strict;

-- What a person can do alone and with help in one skill, as the last refit and the pieces of
-- evidence since then have it; the columns are those of struct zone_estimate.  base_* is what the
-- last refit said, from the pieces up to base_last_id: base_n of them, whose ids add up to base_ids.
CREATE TABLE zone (
    person_id BIGINT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    skill_id BIGINT NOT NULL REFERENCES skill (id) ON DELETE CASCADE,
    alone DOUBLE PRECISION NOT NULL,
    alone_sd DOUBLE PRECISION NOT NULL,
    helped DOUBLE PRECISION NOT NULL,
    helped_sd DOUBLE PRECISION NOT NULL,
    gain DOUBLE PRECISION NOT NULL,
    gain_sd DOUBLE PRECISION NOT NULL,
    alone_gain_cov DOUBLE PRECISION NOT NULL,
    alone_level DOUBLE PRECISION NOT NULL,
    helped_level DOUBLE PRECISION NOT NULL,
    alone_level_lo DOUBLE PRECISION NOT NULL,
    alone_level_hi DOUBLE PRECISION NOT NULL,
    zone_lo DOUBLE PRECISION NOT NULL,
    zone_hi DOUBLE PRECISION NOT NULL,
    n_evidence INTEGER NOT NULL,
    n_raters INTEGER NOT NULL,
    n_occasions INTEGER NOT NULL,
    last_day INTEGER,
    enough INTEGER NOT NULL CHECK (enough IN (0, 1)),
    updated_ms BIGINT NOT NULL,
    base_alone DOUBLE PRECISION NOT NULL,
    base_alone_sd DOUBLE PRECISION NOT NULL,
    base_gain DOUBLE PRECISION NOT NULL,
    base_gain_sd DOUBLE PRECISION NOT NULL,
    base_cov DOUBLE PRECISION NOT NULL,
    base_n BIGINT NOT NULL,
    base_ids BIGINT NOT NULL,
    base_last_id BIGINT NOT NULL,
    base_fit_ms BIGINT NOT NULL, -- fit.finished_ms of that refit; 0: there was none
    PRIMARY KEY (person_id, skill_id)
) @strict;
CREATE INDEX zone_skill ON zone (skill_id);
