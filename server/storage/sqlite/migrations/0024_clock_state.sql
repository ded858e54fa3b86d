-- What the server knew of its clock when it last ran: decision 20.
CREATE TABLE clock_state (
    id       INTEGER PRIMARY KEY CHECK (id = 1),
    seen_at  INTEGER NOT NULL, -- by the wall clock
    held_for INTEGER,          -- microseconds of running, until retention goes on
    ahead    INTEGER NOT NULL  -- microseconds: the jumps since it is held
) STRICT;
INSERT INTO clock_state SELECT 1, created_at, NULL, 0 FROM security_events ORDER BY id DESC LIMIT 1;
