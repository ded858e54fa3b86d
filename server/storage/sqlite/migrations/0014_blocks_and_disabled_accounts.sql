-- Of a blocked device: who blocked it (0 its owner, 1 a rule, 2 an administrator), and why. Its author's rank, or a higher one,
-- releases it. Not null exactly while it is blocked.
ALTER TABLE devices ADD COLUMN block_author INTEGER CHECK (block_author IN (0, 1, 2));
ALTER TABLE devices ADD COLUMN block_owner_may_release INTEGER NOT NULL DEFAULT 0 CHECK (block_owner_may_release IN (0, 1));
ALTER TABLE devices ADD COLUMN blocked_by_user INTEGER NOT NULL DEFAULT 0;
ALTER TABLE devices ADD COLUMN blocked_by TEXT NOT NULL DEFAULT '';
ALTER TABLE devices ADD COLUMN block_reason TEXT NOT NULL DEFAULT '';
ALTER TABLE devices ADD COLUMN blocked_at INTEGER;
ALTER TABLE devices ADD COLUMN block_alert INTEGER;

-- What is blocked already: its author as the audit log has it, else an administrator, who may look at it.
CREATE TEMP TABLE last_blocks AS
    SELECT d.key, d.owner,
           (SELECT e.id FROM security_events AS e
            WHERE e.event_type = 'device_block' AND e.status = 'success' AND
                  instr(e.detail, lower(printf('%s-%s-%s-%s-%s', substr(hex(d.id), 1, 8), substr(hex(d.id), 9, 4),
                                               substr(hex(d.id), 13, 4), substr(hex(d.id), 17, 4), substr(hex(d.id), 21)))) > 0
            ORDER BY e.id DESC LIMIT 1) AS event
    FROM devices AS d WHERE d.status = 1;
UPDATE devices
SET block_author = CASE WHEN e.actor_type = 'user' AND e.actor_id = CAST(b.owner AS TEXT) THEN 0
                        WHEN e.actor_type = 'system' AND instr(e.detail, 'quarantine by alert rule') > 0 THEN 1
                        ELSE 2 END,
    block_owner_may_release = coalesce(e.actor_type = 'user' AND e.actor_id = CAST(b.owner AS TEXT), 0),
    blocked_by_user = CASE WHEN e.actor_type = 'user' THEN CAST(e.actor_id AS INTEGER) ELSE 0 END,
    blocked_by = coalesce((SELECT email FROM users WHERE e.actor_type = 'user' AND id = CAST(e.actor_id AS INTEGER)), ''),
    blocked_at = coalesce(deactivated_at, updated_at)
FROM last_blocks AS b LEFT JOIN security_events AS e ON e.id = b.event
WHERE b.key = devices.key;
DROP TABLE last_blocks;

-- Whether the owner of a device may release it from the rule's quarantine.
ALTER TABLE alert_rules ADD COLUMN owner_may_release INTEGER NOT NULL DEFAULT 0 CHECK (owner_may_release IN (0, 1));

ALTER TABLE users ADD COLUMN disabled_at INTEGER; -- nobody signs in with it since then
