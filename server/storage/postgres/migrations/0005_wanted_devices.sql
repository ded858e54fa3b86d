-- The lane of the node that asks the owner for the device; 0: none.
ALTER TABLE device_owners ADD wanted bigint NOT NULL DEFAULT 0;
CREATE INDEX device_owners_wanted ON device_owners (lane) WHERE wanted <> 0;
CREATE INDEX device_owners_by_asker ON device_owners (wanted) WHERE wanted <> 0;
