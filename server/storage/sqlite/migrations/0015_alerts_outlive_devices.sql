-- Alerts stay when their device is deleted, with its id and its name. SQLite changes no foreign key: the table is made anew.
CREATE TABLE alerts_of_all (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    rule            INTEGER REFERENCES alert_rules (id) ON DELETE SET NULL,
    rule_name       TEXT    NOT NULL,
    kind            INTEGER NOT NULL,
    severity        INTEGER NOT NULL,
    device          INTEGER REFERENCES devices (key) ON DELETE SET NULL, -- while it exists
    device_id       BLOB,                                                -- NULL: of the server itself
    device_name     TEXT    NOT NULL DEFAULT '',                         -- of a device that was deleted
    subject         TEXT    NOT NULL,
    summary         TEXT    NOT NULL,
    state           INTEGER NOT NULL CHECK (state IN (0, 1, 2)),
    count           INTEGER NOT NULL CHECK (count > 0),
    quarantined     INTEGER NOT NULL CHECK (quarantined IN (0, 1)),
    late            INTEGER NOT NULL CHECK (late IN (0, 1)), -- it was over before anybody heard of it
    simulated       INTEGER NOT NULL CHECK (simulated IN (0, 1)),
    raised_at       INTEGER NOT NULL,
    last_raised_at  INTEGER NOT NULL,
    acknowledged_at INTEGER,
    acknowledged_by TEXT    NOT NULL,
    resolved_at     INTEGER,
    resolved_by     TEXT    NOT NULL,
    note            TEXT    NOT NULL
) STRICT;
INSERT INTO alerts_of_all
    SELECT a.id, a.rule, a.rule_name, a.kind, a.severity, a.device, d.id, '', a.subject, a.summary, a.state, a.count,
           a.quarantined, a.late, 0, a.raised_at, a.last_raised_at, a.acknowledged_at, a.acknowledged_by, a.resolved_at, a.resolved_by,
           a.note
    FROM alerts AS a LEFT JOIN devices AS d ON d.key = a.device;
-- A number is never used twice, not even that of the newest that is gone.
UPDATE sqlite_sequence SET seq = (SELECT seq FROM sqlite_sequence WHERE name = 'alerts') WHERE name = 'alerts_of_all';
INSERT INTO sqlite_sequence (name, seq)
    SELECT 'alerts_of_all', seq FROM sqlite_sequence
    WHERE name = 'alerts' AND NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'alerts_of_all');
DROP TABLE alerts;
ALTER TABLE alerts_of_all RENAME TO alerts;
-- One at a time, however often it is raised.
CREATE UNIQUE INDEX alerts_live ON alerts (rule, coalesce(device_id, x''), subject) WHERE state < 2;
CREATE INDEX alerts_by_rule ON alerts (rule, device_id, subject, late);
CREATE INDEX alerts_by_device ON alerts (device_id);
CREATE INDEX alerts_by_device_key ON alerts (device) WHERE device IS NOT NULL;
-- The row's number follows in each by itself: lists are in its order.
CREATE INDEX alerts_unresolved ON alerts (id) WHERE state < 2;
CREATE INDEX alerts_by_state ON alerts (state);
CREATE INDEX alerts_by_severity ON alerts (severity);
CREATE INDEX alerts_by_resolution ON alerts (resolved_at) WHERE resolved_at IS NOT NULL;

CREATE TRIGGER devices_leave_their_name BEFORE DELETE ON devices BEGIN
    UPDATE alerts SET device = NULL, device_name = OLD.name WHERE device = OLD.key;
END;
