-- Aggregates by minute (level 0), hour (1) and day (2) of what is in blocks; what is still hot is added when somebody asks.
-- What `bytes` hold: server/storage/blocks/rollup.hpp. Empty: look at what is finer, for there it is as quick.
CREATE TABLE rollups (
    key       INTEGER PRIMARY KEY,
    device    INTEGER NOT NULL,
    level     INTEGER NOT NULL CHECK (level BETWEEN 0 AND 2),
    simulated INTEGER NOT NULL CHECK (simulated IN (0, 1)),
    begins    INTEGER NOT NULL,
    bytes     BLOB    NOT NULL
) STRICT;
CREATE UNIQUE INDEX rollups_by_place ON rollups (device, level, simulated, begins);
