-- The log is listed by time (ties by id): with the time behind each filter's column, a page is read off one index however
-- old it is, and nothing is sorted.
DROP INDEX security_events_by_actor;
DROP INDEX security_events_by_type;
DROP INDEX security_events_by_status;
CREATE INDEX security_events_by_actor ON security_events (actor_id, created_at);
CREATE INDEX security_events_by_actor_type ON security_events (actor_type, created_at);
CREATE INDEX security_events_by_type ON security_events (event_type, created_at);
CREATE INDEX security_events_by_status ON security_events (status, created_at);
