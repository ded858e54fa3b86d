-- A node is a server process that uses the database. It writes through the lane of its number. The row exists as long as the
-- process runs, or until other nodes find that `beat` stands still. Whoever removes the row of another process counts the epoch
-- of its lane up in the same transaction, so that the process can't write any more, should it still run.
CREATE TABLE nodes (
    lane       bigint PRIMARY KEY REFERENCES lanes (lane),
    server     uuid   NOT NULL, -- the process
    name       text   NOT NULL, -- of its host, or what the operator chose
    address    text   NOT NULL, -- where it listens
    version    text   NOT NULL,
    started_at bigint NOT NULL, -- by the node's clock
    beat       bigint NOT NULL, -- counts up while the process runs
    beat_at    bigint NOT NULL, -- by the node's clock
    clock_lead bigint NOT NULL  -- microseconds that the node's clock is ahead of the database's
);
-- A lane is a byte in the index of the write buffer.
ALTER TABLE lanes ADD CHECK (lane BETWEEN 1 AND 255);

-- The node that appends, compacts and expires the readings of a device. If there is no such node, any node may take the device.
-- Lane 0: a node released the device.
CREATE TABLE device_owners (
    bucket smallint NOT NULL,
    device bigint   NOT NULL REFERENCES devices (key) ON DELETE CASCADE,
    lane   bigint   NOT NULL,
    PRIMARY KEY (bucket, device)
);
CREATE INDEX device_owners_by_lane ON device_owners (lane);

-- Work that one node at a time does. As with devices, a node that isn't in `nodes` holds nothing.
CREATE TABLE leases (
    name text   COLLATE "C" PRIMARY KEY,
    lane bigint NOT NULL
);

-- The commit that moved the readings: other nodes read what is new.
ALTER TABLE compactions ADD lane bigint NOT NULL DEFAULT 0, ADD seq bigint NOT NULL DEFAULT 0;
CREATE INDEX compactions_by_commit ON compactions (lane, seq);

-- A chunk is in the bucket of its lane. Its ids are from one run of 16384, which belongs to one lane.
DROP INDEX chunks_by_id;
CREATE UNIQUE INDEX chunks_by_id ON chunks (bucket, first_id);
CREATE INDEX chunks_by_seq ON chunks (lane, seq);
SELECT setval('reading_id_runs', CASE WHEN is_called THEN (last_value + 1) * 4 ELSE 0 END, is_called) FROM reading_id_runs;

-- `action` and `owner`: `change_subject` in server/domain/change.hpp. `lane`: the node that made the change.
ALTER TABLE changes ADD action smallint NOT NULL DEFAULT 0, ADD owner bigint NOT NULL DEFAULT 0,
    ADD lane bigint NOT NULL DEFAULT 0;
