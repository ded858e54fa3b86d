-- Unused one-time tickets for live connections, which live for seconds. role: 0 user, 1 admin.
CREATE TABLE live_tickets (
    digest             bytea    PRIMARY KEY CHECK (length(digest) = 32),
    "user"             bigint   NOT NULL,
    role               smallint NOT NULL CHECK (role IN (0, 1)),
    session_version    bigint   NOT NULL,
    session            uuid     NOT NULL,
    session_expires_at bigint   NOT NULL,
    expires_at         bigint   NOT NULL
);
