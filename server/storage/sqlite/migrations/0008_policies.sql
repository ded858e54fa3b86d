-- What was decided beside the server's settings: for a category, and for a device, which counts more. NULL: nothing.
CREATE TABLE category_policies (
    category            INTEGER PRIMARY KEY,
    min_interval        INTEGER,
    payload_limit_bytes INTEGER,
    backfill_per_second INTEGER,
    backfill_burst      INTEGER,
    keep_readings_days  INTEGER,
    keep_rollups_days   INTEGER
) STRICT;
CREATE TABLE device_policies (
    device              INTEGER PRIMARY KEY REFERENCES devices (key) ON DELETE CASCADE,
    min_interval        INTEGER,
    payload_limit_bytes INTEGER,
    backfill_per_second INTEGER,
    backfill_burst      INTEGER,
    keep_readings_days  INTEGER,
    keep_rollups_days   INTEGER
) STRICT;
