-- The names that senders gave their readings, for as long as they may send them again.
CREATE TABLE message_ids (
    device      INTEGER NOT NULL,
    message_id  TEXT    NOT NULL,
    reading     INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    PRIMARY KEY (device, message_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX message_ids_by_time ON message_ids (received_at);
