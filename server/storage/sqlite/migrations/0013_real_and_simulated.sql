-- A device is simulated until it signs in itself, or a reading of its own comes; then it is real, for good.
ALTER TABLE devices ADD COLUMN simulated INTEGER NOT NULL DEFAULT 0 CHECK (simulated IN (0, 1));
ALTER TABLE devices ADD COLUMN signed_in_at INTEGER;   -- for the first time
ALTER TABLE devices ADD COLUMN first_heard_at INTEGER; -- its first reading that isn't simulated

UPDATE devices SET first_heard_at = heard.at
FROM (SELECT device, min(at) AS at
      FROM (SELECT device, first_real AS at FROM block_entries WHERE first_real IS NOT NULL
            UNION ALL
            SELECT device, received_at FROM hot_readings WHERE simulated = 0)
      GROUP BY device) AS heard
WHERE heard.device = devices.key;

UPDATE devices SET signed_in_at = known.at
FROM (SELECT replace(actor_id, '-', '') AS device, min(created_at) AS at FROM security_events
      WHERE event_type = 'device_auth' AND status = 'success' AND actor_type = 'device' GROUP BY actor_id) AS known
WHERE known.device = lower(hex(devices.id));

-- More simulated readings than the six samples of a new device: the simulator spoke for it, and nobody else did.
UPDATE devices SET simulated = 1
WHERE signed_in_at IS NULL AND first_heard_at IS NULL AND key IN
    (SELECT device FROM (SELECT device, simulated AS n FROM block_entries
                         UNION ALL
                         SELECT h.device, 1 FROM hot_readings AS h LEFT JOIN folds AS f ON f.device = h.device
                         WHERE h.simulated = 1 AND h.id > coalesce(f.through, 0))
     GROUP BY device HAVING sum(n) > 6);
