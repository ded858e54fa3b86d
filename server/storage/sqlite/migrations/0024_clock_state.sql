-- What the server knew of its clock when it last ran: decision 20.
CREATE TABLE clock_state (
    id       INTEGER PRIMARY KEY CHECK (id = 1),
    seen_at  INTEGER NOT NULL, -- by the wall clock
    held_for INTEGER,          -- microseconds of running, until retention goes on
    ahead    INTEGER NOT NULL  -- microseconds: the jumps since it is held
) STRICT;
-- A jump that held retention and that nothing ended holds it for another day: how much of it is left was not written down.
INSERT INTO clock_state
SELECT 1, created_at,
       CASE WHEN ifnull((SELECT max(id) FROM security_events WHERE event_type = 'clock_forward' AND status = 'error'), 0) >
                 ifnull((SELECT max(id) FROM security_events WHERE event_type IN ('clock_back', 'retention_release')
                         AND status = 'success'), 0)
            THEN 86400000000 END,
       0
FROM security_events ORDER BY id DESC LIMIT 1;
