-- Readings are appended to `hot_readings` in the order of their arrival and without an index: the pages of an index by
-- device would be as many as the devices that report. Soon after, they move into `blocks`, compressed, some hundred of a
-- device in each (docs/storage.md).
DROP INDEX readings_by_device;
ALTER TABLE readings RENAME TO hot_readings;

-- What a block holds: server/storage/blocks/block.hpp.
CREATE TABLE blocks (
    key   INTEGER PRIMARY KEY,
    bytes BLOB    NOT NULL
) STRICT;

-- Where it belongs. The blocks of a device don't overlap in (received_at, id), which makes the first of both its key.
-- `measured`: from when its readings are by the devices' clocks; `span` is the bit width of that interval in microseconds, so
-- that the blocks that meet a range are found by one look for each width. `real`: of those that aren't simulated.
CREATE TABLE block_entries (
    device         INTEGER NOT NULL,
    first_received INTEGER NOT NULL,
    first_id       INTEGER NOT NULL,
    last_received  INTEGER NOT NULL,
    last_id        INTEGER NOT NULL,
    count          INTEGER NOT NULL CHECK (count > 0),
    simulated      INTEGER NOT NULL CHECK (simulated BETWEEN 0 AND count),
    first_real     INTEGER,
    last_real      INTEGER,
    first_measured INTEGER NOT NULL,
    last_measured  INTEGER NOT NULL,
    span           INTEGER NOT NULL,
    block          INTEGER NOT NULL REFERENCES blocks (key),
    PRIMARY KEY (device, first_received, first_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX block_entries_by_measure ON block_entries (device, span, first_measured);

-- Through which id the readings of a device are in blocks: what is left of them in `hot_readings` doesn't count any more and
-- is swept away later, in the order it came.
CREATE TABLE folds (
    device  INTEGER PRIMARY KEY,
    through INTEGER NOT NULL
) STRICT;

-- Through which id the hot readings were searched for those of the device.
ALTER TABLE removed_devices ADD COLUMN swept_through INTEGER NOT NULL DEFAULT 0;
