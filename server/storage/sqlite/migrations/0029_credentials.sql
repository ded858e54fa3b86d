-- What a device or a person proves its identity with. kind 0 is the secret of a device: its verifier is crypt(5) text.
CREATE TABLE credentials (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    device       INTEGER REFERENCES devices (key) ON DELETE CASCADE,
    user         INTEGER REFERENCES users (id) ON DELETE CASCADE,
    kind         INTEGER NOT NULL,
    verifier     TEXT    NOT NULL,
    scopes       TEXT    NOT NULL, -- empty: everything that the device or person may do
    created_at   INTEGER,          -- null: created by a build that did not record it
    expires_at   INTEGER,          -- null: never
    last_used_at INTEGER,          -- null: never
    CHECK ((device IS NULL) <> (user IS NULL))
) STRICT;
CREATE INDEX credentials_of_device ON credentials (device, kind) WHERE device IS NOT NULL;
CREATE INDEX credentials_of_user ON credentials (user, kind) WHERE user IS NOT NULL;

INSERT INTO credentials (device, kind, verifier, scopes) SELECT key, 0, secret_hash, '' FROM devices;
ALTER TABLE devices DROP COLUMN secret_hash;
