-- Times are microseconds since 1970 in UTC; UUIDs and hashes are blobs.

CREATE TABLE users (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    email           TEXT    NOT NULL UNIQUE,
    role            INTEGER NOT NULL CHECK (role IN (0, 1)),
    password_hash   TEXT    NOT NULL,
    session_version INTEGER NOT NULL,
    created_at      INTEGER NOT NULL
) STRICT;

-- `key` is what readings refer to: a few bytes instead of sixteen, and never used twice.
CREATE TABLE devices (
    key            INTEGER PRIMARY KEY AUTOINCREMENT,
    id             BLOB    NOT NULL UNIQUE CHECK (length(id) = 16),
    owner          INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name           TEXT    NOT NULL,
    category       INTEGER NOT NULL,
    status         INTEGER NOT NULL CHECK (status IN (0, 1)),
    secret_hash    TEXT    NOT NULL,
    token_version  INTEGER NOT NULL,
    created_at     INTEGER NOT NULL,
    updated_at     INTEGER NOT NULL,
    deactivated_at INTEGER
) STRICT;
CREATE INDEX devices_by_creation ON devices (created_at, id);
CREATE INDEX devices_by_owner ON devices (owner, created_at, id);

CREATE TABLE refresh_tokens (
    hash              BLOB    PRIMARY KEY CHECK (length(hash) = 32),
    family            BLOB    NOT NULL CHECK (length(family) = 16),
    user              INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    issued_at         INTEGER NOT NULL,
    expires_at        INTEGER NOT NULL,
    family_expires_at INTEGER NOT NULL,
    used_at           INTEGER,
    revoked           INTEGER NOT NULL CHECK (revoked IN (0, 1))
) STRICT, WITHOUT ROWID;
CREATE INDEX refresh_tokens_by_family ON refresh_tokens (family);
CREATE INDEX refresh_tokens_by_user ON refresh_tokens (user);
CREATE INDEX refresh_tokens_by_family_expiry ON refresh_tokens (family_expires_at);

-- No foreign key: the store has resolved the device already, and removes its readings itself. The id comes from the
-- store too (see `counters`).
CREATE TABLE readings (
    id               INTEGER PRIMARY KEY,
    device           INTEGER NOT NULL,
    simulated        INTEGER NOT NULL,
    received_at      INTEGER NOT NULL,
    device_timestamp INTEGER,
    payload          TEXT    NOT NULL
) STRICT;
-- `simulated` before the time: leaving simulated readings out must not cost a walk over them. The row's id follows by itself.
CREATE INDEX readings_by_device ON readings (device, simulated, received_at);

CREATE TABLE security_events (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    created_at     INTEGER NOT NULL,
    actor_type     TEXT    NOT NULL,
    actor_id       TEXT    NOT NULL,
    event_type     TEXT    NOT NULL,
    status         TEXT    NOT NULL,
    detail         TEXT    NOT NULL,
    source_address TEXT    NOT NULL,
    request_id     TEXT    NOT NULL,
    route          TEXT    NOT NULL,
    simulated      INTEGER NOT NULL CHECK (simulated IN (0, 1)),
    count          INTEGER NOT NULL CHECK (count > 0)
) STRICT;
CREATE INDEX security_events_by_time ON security_events (created_at);
CREATE INDEX security_events_by_actor ON security_events (actor_id, actor_type);
CREATE INDEX security_events_by_type ON security_events (event_type);
CREATE INDEX security_events_by_status ON security_events (status);

-- The log is append-only, whoever asks. Retention opens the gate for what is older than `before`, deletes, and closes it,
-- in one transaction: a gate left open can't be committed by accident.
CREATE TABLE retention_gate (
    before INTEGER
) STRICT;
INSERT INTO retention_gate VALUES (NULL);

CREATE TRIGGER security_events_no_update BEFORE UPDATE ON security_events BEGIN
    SELECT raise(ABORT, 'the audit log is append-only');
END;
CREATE TRIGGER security_events_no_delete BEFORE DELETE ON security_events
WHEN NOT EXISTS (SELECT 1 FROM retention_gate WHERE OLD.created_at < before) BEGIN
    SELECT raise(ABORT, 'the audit log is append-only');
END;
-- INSERT OR REPLACE deletes without telling the trigger above.
CREATE TRIGGER security_events_no_replace BEFORE INSERT ON security_events
WHEN EXISTS (SELECT 1 FROM security_events WHERE id = NEW.id) BEGIN
    SELECT raise(ABORT, 'the audit log is append-only');
END;

-- last_reading_id: written when readings are deleted, so that the highest id is not given out again after a restart.
-- medium_recoveries: how often the writer had to overwrite what a failed fsync left behind.
CREATE TABLE counters (
    name  TEXT    PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO counters VALUES ('last_reading_id', 0), ('medium_recoveries', 0);
