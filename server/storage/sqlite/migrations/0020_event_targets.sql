-- What an event is about: the thing itself; the others, of a row that is about several, as [["device","…"], …]; and how many
-- more there were.
ALTER TABLE security_events ADD COLUMN target_type TEXT NOT NULL DEFAULT '';
ALTER TABLE security_events ADD COLUMN target_id TEXT NOT NULL DEFAULT '';
ALTER TABLE security_events ADD COLUMN other_targets TEXT NOT NULL DEFAULT '[]';
ALTER TABLE security_events ADD COLUMN unlisted_targets INTEGER NOT NULL DEFAULT 0;
-- What devices and clients do right all the time: `is_routine` in server/domain/security_event.hpp.
ALTER TABLE security_events ADD COLUMN routine INTEGER GENERATED ALWAYS AS
    (status = 'success' AND event_type IN ('device_auth', 'reading_accept', 'refresh')) VIRTUAL;
CREATE INDEX security_events_by_target_type ON security_events (target_type, created_at);
CREATE INDEX security_events_notable ON security_events (created_at) WHERE routine = 0;

-- Each thing's events in the order of the log, whichever place it has among what a row is about.
CREATE TABLE event_targets (
    kind    TEXT    NOT NULL,
    object  TEXT    NOT NULL,
    at      INTEGER NOT NULL,
    event   INTEGER NOT NULL,
    routine INTEGER NOT NULL,
    PRIMARY KEY (kind, object, at, event)
) STRICT, WITHOUT ROWID;
-- A device signs in every few minutes: what else happened to it is found without a walk over that.
CREATE INDEX event_targets_notable ON event_targets (kind, object, at, event) WHERE routine = 0;

-- What devices did before.
INSERT INTO event_targets SELECT 'device', actor_id, created_at, id, routine FROM security_events
WHERE actor_type = 'device' AND actor_id <> '' ORDER BY actor_id, created_at, id;

-- As append-only as the log itself: retention takes both along.
CREATE TRIGGER event_targets_no_update BEFORE UPDATE ON event_targets BEGIN
    SELECT raise(ABORT, 'the audit log is append-only');
END;
CREATE TRIGGER event_targets_no_delete BEFORE DELETE ON event_targets
WHEN NOT EXISTS (SELECT 1 FROM retention_gate WHERE OLD.at < before) BEGIN
    SELECT raise(ABORT, 'the audit log is append-only');
END;
