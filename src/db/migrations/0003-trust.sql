-- Who may see what of somebody else's, who did, and the work that runs in the background.

-- The owner lets a named person see: 'zones' (object 0: all skills, else one skill's estimates and
-- evidence).  Taken back by revoked_ms.
CREATE TABLE share (
    id @id,
    owner_id BIGINT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    person_id BIGINT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('zones')),
    object_id BIGINT NOT NULL,
    created_ms BIGINT NOT NULL,
    revoked_ms BIGINT,
    CHECK (owner_id <> person_id)
) @strict;
CREATE INDEX share_owner ON share (owner_id, kind, object_id);
CREATE INDEX share_person ON share (person_id, kind);

-- Append-only; every entry's hash covers the one before it.  Ids only, no names and no content.
CREATE TABLE audit (
    id @id,
    at_ms BIGINT NOT NULL,
    actor_id BIGINT,
    verb TEXT NOT NULL,
    object TEXT NOT NULL,
    object_id BIGINT NOT NULL,
    owner_id BIGINT,
    result TEXT NOT NULL CHECK (result IN ('done', 'refused')),
    detail TEXT NOT NULL DEFAULT '',
    hash BYTEA NOT NULL UNIQUE
) @strict;
CREATE INDEX audit_owner ON audit (owner_id, id);
CREATE INDEX audit_actor ON audit (actor_id, id);

-- Uploaded files waiting for a yes: read, previewed, then applied or discarded.
CREATE TABLE import (
    id @id,
    kind TEXT NOT NULL CHECK (kind IN ('oneroster', 'people', 'evidence', 'framework')),
    file_name TEXT NOT NULL,
    stored_as TEXT NOT NULL,
    options TEXT NOT NULL DEFAULT '',
    state TEXT NOT NULL CHECK (state IN ('waiting', 'applied', 'discarded')),
    summary TEXT NOT NULL DEFAULT '',
    created_by BIGINT REFERENCES person (id),
    created_ms BIGINT NOT NULL,
    finished_ms BIGINT
) @strict;

CREATE TABLE job (
    id @id,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL DEFAULT '',
    unique_key TEXT UNIQUE,
    state TEXT NOT NULL CHECK (state IN ('ready', 'running', 'done', 'dead')),
    run_at_ms BIGINT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    locked_by TEXT NOT NULL DEFAULT '',
    locked_until_ms BIGINT NOT NULL DEFAULT 0,
    last_error TEXT NOT NULL DEFAULT '',
    created_ms BIGINT NOT NULL,
    finished_ms BIGINT
) @strict;
CREATE INDEX job_ready ON job (run_at_ms) WHERE state IN ('ready', 'running');
