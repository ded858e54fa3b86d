-- secret: in the clear, since messages are signed with it. A number is never used twice: a delivery may outlive its webhook.
CREATE TABLE webhooks (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    name         TEXT    NOT NULL,
    url          TEXT    NOT NULL,
    secret       TEXT    NOT NULL,
    min_severity INTEGER NOT NULL CHECK (min_severity IN (0, 1, 2)),
    enabled      INTEGER NOT NULL CHECK (enabled IN (0, 1)),
    created_at   INTEGER NOT NULL,
    updated_at   INTEGER NOT NULL
) STRICT;

-- state: 0 pending, 1 delivered, 2 dead. No foreign key: deliveries of a webhook that is gone are shown to nobody, and removed
-- in small steps.
CREATE TABLE webhook_deliveries (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    webhook         INTEGER NOT NULL,
    body            TEXT    NOT NULL,
    state           INTEGER NOT NULL CHECK (state IN (0, 1, 2)),
    attempts        INTEGER NOT NULL,
    next_attempt_at INTEGER,
    created_at      INTEGER NOT NULL,
    delivered_at    INTEGER,
    last_error      TEXT    NOT NULL,
    last_status     INTEGER,
    about           INTEGER, -- the alert, of a message that is held back for a while
    CHECK ((state = 0) = (next_attempt_at IS NOT NULL))
) STRICT;
CREATE INDEX webhook_deliveries_pending ON webhook_deliveries (webhook, next_attempt_at) WHERE state = 0;
CREATE INDEX webhook_deliveries_held ON webhook_deliveries (about) WHERE state = 0 AND about IS NOT NULL;
CREATE INDEX webhook_deliveries_by_webhook ON webhook_deliveries (webhook);
CREATE INDEX webhook_deliveries_by_webhook_and_state ON webhook_deliveries (webhook, state);
CREATE INDEX webhook_deliveries_by_state ON webhook_deliveries (state);
CREATE INDEX webhook_deliveries_by_creation ON webhook_deliveries (created_at);
