-- How far each file was imported: digest is SHA-256 of how it is read, and of its first `bytes`.
CREATE TABLE imports (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    digest   BLOB    NOT NULL CHECK (length(digest) = 32),
    bytes    INTEGER NOT NULL,
    lines    INTEGER NOT NULL,
    readings INTEGER NOT NULL,
    complete INTEGER NOT NULL CHECK (complete IN (0, 1)),
    at       INTEGER NOT NULL
) STRICT;
