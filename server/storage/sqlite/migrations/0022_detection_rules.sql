-- Rules for four more kinds of incident: of a new database, and of one that is there already.
-- incident: 4 password_spraying, 5 device_probing, 6 admin_probing, 7 wrong_device_secrets
INSERT INTO alert_rules (name, severity, enabled, quarantine, created_at, updated_at, kind, incident, count, within)
SELECT column1, column2, 1, 0, t, t, 2, column3, column4, column5
FROM (VALUES
    ('Passwords tried on many accounts',      2, 4, 15, 3600),
    ('One user tries many others'' devices',   1, 5, 10,  600),
    ('Administrators'' calls by a user',       1, 6, 10,  600),
    ('Wrong device secrets from one address', 1, 7, 30,  600)
), (SELECT CAST(strftime('%s', 'now') AS INTEGER) * 1000000 AS t);
