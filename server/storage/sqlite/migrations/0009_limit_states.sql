-- What was left of a device's allowance for late readings, in thousandths, and when: so that a restart fills no bucket.
CREATE TABLE limit_states (
    device      INTEGER PRIMARY KEY REFERENCES devices (key) ON DELETE CASCADE,
    millitokens INTEGER NOT NULL,
    at          INTEGER NOT NULL
) STRICT;
