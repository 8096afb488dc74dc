-- The organisation, its units, its people, what they are to each other, and how they sign in.
-- Tokens: @id is the primary key of a table (an integer that is never given out twice); @strict ends
-- a table (src/db/migrate.h).
-- Times are epoch milliseconds UTC, days are days since 1970-01-01, made by the application.
-- Search keys are case-folded by the application; booleans are integers 0 and 1.

CREATE TABLE setting (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL,
    changed_ms BIGINT NOT NULL
) @strict;

-- The source of units, people and memberships is 'entered' by somebody here, 'sheet', or the roster
-- that they came from ('oneroster:...'): a roster's leavers are looked for among its own people only.
CREATE TABLE unit (
    id @id,
    parent_id BIGINT REFERENCES unit (id),
    kind TEXT NOT NULL CHECK (kind IN ('organisation', 'district', 'school', 'group')),
    name TEXT NOT NULL,
    external_id TEXT UNIQUE,
    source TEXT NOT NULL DEFAULT 'entered',
    active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
    created_ms BIGINT NOT NULL
) @strict;
CREATE INDEX unit_parent ON unit (parent_id);

CREATE TABLE person (
    id @id,
    external_id TEXT UNIQUE,
    source TEXT NOT NULL DEFAULT 'entered',
    given_name TEXT NOT NULL,
    family_name TEXT NOT NULL,
    search TEXT NOT NULL,
    email TEXT,
    email_key TEXT UNIQUE,
    position TEXT NOT NULL DEFAULT 'teacher',
    about TEXT NOT NULL DEFAULT '',
    locale TEXT NOT NULL DEFAULT '',
    time_zone TEXT NOT NULL DEFAULT '',
    max_helps INTEGER NOT NULL DEFAULT 1 CHECK (max_helps BETWEEN 0 AND 1000),
    max_learns INTEGER NOT NULL DEFAULT 1 CHECK (max_learns BETWEEN 0 AND 1000),
    active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
    created_ms BIGINT NOT NULL,
    changed_ms BIGINT NOT NULL,
    left_ms BIGINT,
    -- the day on which the person was last here
    seen_day INTEGER
) @strict;
CREATE INDEX person_search ON person (search, id);

-- What a person can be matched on, several of each kind: subjects, grade bands, languages (BCP 47)
-- and weekly free periods ('mon-1' .. 'sun-12').
CREATE TABLE person_tag (
    person_id BIGINT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('subject', 'grade', 'language', 'period')),
    value TEXT NOT NULL,
    PRIMARY KEY (person_id, kind, value)
) @strict;

CREATE TABLE membership (
    person_id BIGINT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    unit_id BIGINT NOT NULL REFERENCES unit (id),
    role TEXT NOT NULL CHECK (role IN ('participant', 'coordinator', 'administrator')),
    source TEXT NOT NULL DEFAULT 'entered',
    created_ms BIGINT NOT NULL,
    PRIMARY KEY (person_id, unit_id, role)
) @strict;
CREATE INDEX membership_unit ON membership (unit_id, role);

-- The roles that a roster gives, by its own ids, so that a list of changes can take one back: a
-- membership of that source stands as long as one of its roles does.
CREATE TABLE roster_role (
    source TEXT NOT NULL,
    external_id TEXT NOT NULL,
    person_id BIGINT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    unit_id BIGINT NOT NULL REFERENCES unit (id),
    role TEXT NOT NULL,
    is_primary INTEGER NOT NULL CHECK (is_primary IN (0, 1)),
    PRIMARY KEY (source, external_id)
) @strict;
CREATE INDEX roster_role_person ON roster_role (person_id);
CREATE INDEX roster_role_unit ON roster_role (unit_id);

-- Who evaluates whom: an evaluator never enters the other's coaching space.
CREATE TABLE evaluator (
    evaluator_id BIGINT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    person_id BIGINT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    created_ms BIGINT NOT NULL,
    PRIMARY KEY (person_id, evaluator_id),
    CHECK (person_id <> evaluator_id)
) @strict;
CREATE INDEX evaluator_of ON evaluator (evaluator_id);

CREATE TABLE credential (
    person_id BIGINT PRIMARY KEY REFERENCES person (id) ON DELETE CASCADE,
    password_hash TEXT NOT NULL,
    changed_ms BIGINT NOT NULL
) @strict;

-- A person as a single sign-on provider knows them.
CREATE TABLE identity (
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    person_id BIGINT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    created_ms BIGINT NOT NULL,
    PRIMARY KEY (issuer, subject)
) @strict;
CREATE INDEX identity_person ON identity (person_id);

-- One-time keys: invitation links, printed codes, new passwords, the first set-up.
CREATE TABLE invitation (
    id @id,
    token_hash BYTEA NOT NULL UNIQUE,
    person_id BIGINT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    purpose TEXT NOT NULL CHECK (purpose IN ('invite', 'code', 'reset', 'setup', 'demo')),
    created_by BIGINT REFERENCES person (id),
    created_ms BIGINT NOT NULL,
    expires_ms BIGINT NOT NULL,
    used_ms BIGINT
) @strict;
CREATE INDEX invitation_person ON invitation (person_id);

CREATE TABLE session (
    id @id,
    token_hash BYTEA NOT NULL UNIQUE,
    csrf_key BYTEA NOT NULL,
    person_id BIGINT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    how TEXT NOT NULL CHECK (how IN ('password', 'invitation', 'oidc')),
    agent TEXT NOT NULL DEFAULT '',
    created_ms BIGINT NOT NULL,
    seen_ms BIGINT NOT NULL,
    expires_ms BIGINT NOT NULL,
    -- the person's roles have changed: the next request gets a new token
    renew INTEGER NOT NULL DEFAULT 0 CHECK (renew IN (0, 1))
) @strict;
CREATE INDEX session_person ON session (person_id);
CREATE INDEX session_expires ON session (expires_ms);

-- Single sign-on under way: from the redirect to the provider until it comes back.
CREATE TABLE oidc_flow (
    state_hash BYTEA PRIMARY KEY,
    nonce TEXT NOT NULL,
    verifier TEXT NOT NULL,
    return_to TEXT NOT NULL,
    created_ms BIGINT NOT NULL
) @strict;

-- Attempts per account and per address; the key is a keyed hash, so no address is stored.
CREATE TABLE rate (
    key_hash BYTEA PRIMARY KEY,
    tokens DOUBLE PRECISION NOT NULL,
    at_ms BIGINT NOT NULL
) @strict;
