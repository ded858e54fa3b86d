-- kind: 0 field, 1 silence, 2 security; the columns of the other kinds are NULL. Times within a rule are seconds.
CREATE TABLE alert_rules (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    name        TEXT    NOT NULL,
    severity    INTEGER NOT NULL CHECK (severity IN (0, 1, 2)),
    enabled     INTEGER NOT NULL CHECK (enabled IN (0, 1)),
    category    INTEGER,
    device      INTEGER REFERENCES devices (key) ON DELETE CASCADE,
    quarantine  INTEGER NOT NULL CHECK (quarantine IN (0, 1)),
    created_at  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL,
    kind        INTEGER NOT NULL CHECK (kind IN (0, 1, 2)),
    field       TEXT,
    test        INTEGER,
    low         REAL,
    high        REAL,
    value       TEXT,
    hysteresis  REAL,
    hold        INTEGER,
    intervals   INTEGER,
    incident    INTEGER,
    count       INTEGER,
    within      INTEGER
) STRICT;
CREATE INDEX alert_rules_by_device ON alert_rules (device) WHERE device IS NOT NULL;

-- A device's alerts go with it; that they were raised is in the audit log. What a rule was called stays when it is gone.
CREATE TABLE alerts (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    rule            INTEGER REFERENCES alert_rules (id) ON DELETE SET NULL,
    rule_name       TEXT    NOT NULL,
    kind            INTEGER NOT NULL,
    severity        INTEGER NOT NULL,
    device          INTEGER REFERENCES devices (key) ON DELETE CASCADE,
    subject         TEXT    NOT NULL,
    summary         TEXT    NOT NULL,
    state           INTEGER NOT NULL CHECK (state IN (0, 1, 2)),
    count           INTEGER NOT NULL CHECK (count > 0),
    quarantined     INTEGER NOT NULL CHECK (quarantined IN (0, 1)),
    raised_at       INTEGER NOT NULL,
    last_raised_at  INTEGER NOT NULL,
    acknowledged_at INTEGER,
    acknowledged_by TEXT    NOT NULL,
    resolved_at     INTEGER,
    resolved_by     TEXT    NOT NULL,
    note            TEXT    NOT NULL
) STRICT;
-- One at a time, however often it is raised.
CREATE UNIQUE INDEX alerts_live ON alerts (rule, coalesce(device, 0), subject) WHERE state < 2;
CREATE INDEX alerts_by_rule ON alerts (rule, device, subject);
CREATE INDEX alerts_by_device ON alerts (device);
-- The row's number follows in each by itself: lists are in its order.
CREATE INDEX alerts_unresolved ON alerts (id) WHERE state < 2;
CREATE INDEX alerts_by_state ON alerts (state);
CREATE INDEX alerts_by_severity ON alerts (severity);
CREATE INDEX alerts_by_resolution ON alerts (resolved_at) WHERE resolved_at IS NOT NULL;

-- Where one may begin: a few rules for every category, for silence, and for what attackers do.
-- category: 0 weather_station, 1 indoor_thermometer, 2 ip_camera, 3 air_quality, 4 smart_lock
-- test: 0 above, 1 below, 2 outside, 3 changes_to, 4 changes_faster
INSERT INTO alert_rules
    (name, severity, enabled, category, quarantine, created_at, updated_at, kind, field, test, low, high, value, hysteresis, hold)
SELECT column1, column2, 1, column3, 0, t, t, 0, column4, column5, column6, column7, column8, column9, column10
FROM (VALUES
    ('Frost or heat outdoors',        1, 0, 'metrics.temperature_c',   2, -25.0,   42.0, '',     2.0,   0),
    ('Storm',                         2, 0, 'metrics.wind_speed_ms',   0,   0.0,   25.0, '',     5.0,   0),
    ('Too cold or too warm indoors',  1, 1, 'metrics.temperature_c',   2,  12.0,   32.0, '',     1.0,   0),
    ('Damp air indoors',              0, 1, 'metrics.humidity_pct',    0,   0.0,   80.0, '',     5.0, 300),
    ('Camera loses packets',          1, 2, 'metrics.packet_loss_pct', 0,   0.0,   10.0, '',     5.0,  30),
    ('Camera answers late',           0, 2, 'metrics.latency_ms',      0,   0.0,  500.0, '',   100.0,  30),
    ('Bad air: carbon dioxide',       1, 3, 'metrics.co2_ppm',         0,   0.0, 2000.0, '',   400.0, 300),
    ('Bad air: fine dust',            1, 3, 'metrics.pm2_5',           0,   0.0,   75.0, '',    20.0, 300),
    ('Lock is jammed',                2, 4, 'jam_detected',            3,   0.0,    0.0, 'true', 0.0,   0),
    ('Lock''s battery is low',        1, 4, 'battery_pct',             1,  15.0,    0.0, '',     5.0,   0)
), (SELECT CAST(strftime('%s', 'now') AS INTEGER) * 1000000 AS t);
INSERT INTO alert_rules (name, severity, enabled, quarantine, created_at, updated_at, kind, intervals)
SELECT 'Device is silent', 1, 1, 0, t, t, 1, 3
FROM (SELECT CAST(strftime('%s', 'now') AS INTEGER) * 1000000 AS t);
INSERT INTO alert_rules (name, severity, enabled, quarantine, created_at, updated_at, kind, incident, count, within)
SELECT column1, column2, 1, 0, t, t, 2, column3, column4, column5
FROM (VALUES
    ('Refused sign-ins from one address', 1, 0,  10,  300),
    ('Refresh token used twice',          2, 1,   1,   60),
    ('Forged tokens from one address',    2, 2,  20,   60),
    ('Flood from one device',             1, 3, 100,   60)
), (SELECT CAST(strftime('%s', 'now') AS INTEGER) * 1000000 AS t);
