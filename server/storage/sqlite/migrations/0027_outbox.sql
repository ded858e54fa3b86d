-- One outbox for all kinds of destinations, instead of a table for webhooks.
-- kind: 0 webhook. destination: its id within the kind. state: 0 pending, 1 delivered, 2 dead.
CREATE TABLE outbox (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    kind            INTEGER NOT NULL,
    destination     INTEGER NOT NULL,
    payload         TEXT    NOT NULL,
    state           INTEGER NOT NULL CHECK (state IN (0, 1, 2)),
    attempts        INTEGER NOT NULL,
    next_attempt_at INTEGER,
    created_at      INTEGER NOT NULL,
    finished_at     INTEGER, -- NULL also for messages that died before this migration
    last_error      TEXT    NOT NULL,
    last_status     INTEGER,
    withdrawal_key  INTEGER, -- what a held message is about: for webhooks the alert
    CHECK ((state = 0) = (next_attempt_at IS NOT NULL))
) STRICT;
INSERT INTO outbox
    SELECT id, 0, webhook, body, state, attempts, next_attempt_at, created_at, delivered_at, last_error, last_status, about
    FROM webhook_deliveries;
-- An id is never used twice, not even that of the newest message that was removed.
DELETE FROM sqlite_sequence WHERE name = 'outbox';
INSERT INTO sqlite_sequence (name, seq) SELECT 'outbox', seq FROM sqlite_sequence WHERE name = 'webhook_deliveries';

-- Destinations that were removed while messages to them were stored. Those messages are shown to nobody, and removed in small
-- steps.
CREATE TABLE outbox_removed (
    kind        INTEGER NOT NULL,
    destination INTEGER NOT NULL,
    PRIMARY KEY (kind, destination)
) STRICT, WITHOUT ROWID;
INSERT INTO outbox_removed
    SELECT DISTINCT 0, webhook FROM webhook_deliveries WHERE webhook NOT IN (SELECT id FROM webhooks);

DROP TABLE webhook_deliveries;
DROP TABLE webhook_pending;

CREATE INDEX outbox_pending_by_time ON outbox (kind, destination, next_attempt_at) WHERE state = 0;
CREATE INDEX outbox_held ON outbox (withdrawal_key) WHERE state = 0 AND withdrawal_key IS NOT NULL;
CREATE INDEX outbox_by_kind ON outbox (kind);
CREATE INDEX outbox_by_destination ON outbox (kind, destination);
CREATE INDEX outbox_by_destination_and_state ON outbox (kind, destination, state);
CREATE INDEX outbox_by_state ON outbox (kind, state);
CREATE INDEX outbox_by_creation ON outbox (created_at);

-- The pending messages of each destination, and the bytes of their payloads. The triggers keep it up to date, because counting
-- many messages would delay the writer.
CREATE TABLE outbox_pending (
    kind        INTEGER NOT NULL,
    destination INTEGER NOT NULL,
    count       INTEGER NOT NULL CHECK (count >= 0),
    bytes       INTEGER NOT NULL CHECK (bytes >= 0),
    PRIMARY KEY (kind, destination)
) STRICT, WITHOUT ROWID;
INSERT INTO outbox_pending
    SELECT kind, destination, count(*), sum(length(CAST(payload AS BLOB))) FROM outbox WHERE state = 0 GROUP BY kind, destination;

CREATE TRIGGER outbox_pending_insert AFTER INSERT ON outbox WHEN NEW.state = 0 BEGIN
    INSERT INTO outbox_pending VALUES (NEW.kind, NEW.destination, 1, length(CAST(NEW.payload AS BLOB)))
        ON CONFLICT (kind, destination) DO UPDATE SET count = count + 1, bytes = bytes + excluded.bytes;
END;
CREATE TRIGGER outbox_pending_delete AFTER DELETE ON outbox WHEN OLD.state = 0 BEGIN
    UPDATE outbox_pending SET count = count - 1, bytes = bytes - length(CAST(OLD.payload AS BLOB))
        WHERE kind = OLD.kind AND destination = OLD.destination;
END;
CREATE TRIGGER outbox_pending_update AFTER UPDATE OF state ON outbox WHEN OLD.state <> NEW.state BEGIN
    UPDATE outbox_pending SET count = count - 1, bytes = bytes - length(CAST(OLD.payload AS BLOB))
        WHERE kind = OLD.kind AND destination = OLD.destination AND OLD.state = 0;
    INSERT INTO outbox_pending SELECT NEW.kind, NEW.destination, 1, length(CAST(NEW.payload AS BLOB)) WHERE NEW.state = 0
        ON CONFLICT (kind, destination) DO UPDATE SET count = count + 1, bytes = bytes + excluded.bytes;
END;
