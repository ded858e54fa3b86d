-- Whoever was heard lately, without a look at each device: the start recalls their limits.
CREATE INDEX block_entries_by_arrival ON block_entries (last_received, device);
