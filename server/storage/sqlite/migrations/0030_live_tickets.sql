-- Unused one-time tickets for live connections, which live for seconds. role: 0 user, 1 admin.
CREATE TABLE live_tickets (
    digest             BLOB    PRIMARY KEY CHECK (length(digest) = 32),
    user               INTEGER NOT NULL,
    role               INTEGER NOT NULL CHECK (role IN (0, 1)),
    session_version    INTEGER NOT NULL,
    session            BLOB    NOT NULL CHECK (length(session) = 16),
    session_expires_at INTEGER NOT NULL,
    expires_at         INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
