-- A message_id is remembered from when it came, not from when its reading arrived: what is imported arrived long ago.
ALTER TABLE message_ids ADD COLUMN noted_at INTEGER NOT NULL DEFAULT 0;
UPDATE message_ids SET noted_at = received_at;
DROP INDEX message_ids_by_time;
CREATE INDEX message_ids_by_time ON message_ids (noted_at);
