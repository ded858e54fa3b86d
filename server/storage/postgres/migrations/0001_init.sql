-- Times are microseconds since 1970 in UTC, as everywhere in the server. `bucket` is the key of a device modulo 256. It leads the
-- keys of everything that belongs to readings, so that these tables can be divided by it alike.

CREATE TABLE users (
    id              bigint   GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    email           text     COLLATE "C" NOT NULL UNIQUE,
    role            smallint NOT NULL CHECK (role IN (0, 1)), -- 0 user, 1 admin
    password_hash   text     NOT NULL,
    session_version bigint   NOT NULL,
    created_at      bigint   NOT NULL,
    disabled_at     bigint
);

-- `key` is what readings refer to: eight bytes instead of sixteen, and never used twice.
CREATE TABLE devices (
    key                     bigint   GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id                      uuid     NOT NULL UNIQUE,
    owner                   bigint   NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name                    text     NOT NULL,
    folded_name             text     NOT NULL, -- without case and accents, for searches
    category                smallint NOT NULL,
    status                  smallint NOT NULL CHECK (status IN (0, 1)), -- 0 active, 1 blocked
    token_version           bigint   NOT NULL,
    created_at              bigint   NOT NULL,
    updated_at              bigint   NOT NULL,
    deactivated_at          bigint,
    simulated               boolean  NOT NULL,
    signed_in_at            bigint,
    first_reading_at        bigint,
    block_author            smallint CHECK (block_author IN (0, 1, 2)), -- 0 owner, 1 rule, 2 administrator; null: not blocked
    block_owner_may_release boolean  NOT NULL,
    blocked_by_user         bigint   NOT NULL,
    blocked_by              text     NOT NULL,
    block_reason            text     NOT NULL,
    blocked_at              bigint,
    block_alert             bigint
);
CREATE INDEX devices_by_creation ON devices (created_at, id);
CREATE INDEX devices_by_owner ON devices (owner, created_at, id);

-- Keys of deleted devices that still have readings. Nothing leads to these readings any more; they are removed in small steps.
CREATE TABLE removed_devices (
    key bigint PRIMARY KEY
);

-- What a device or a person proves its identity with. Kind 0 is the secret of a device: its verifier is crypt(5) text.
CREATE TABLE credentials (
    id           bigint   GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    device       bigint   REFERENCES devices (key) ON DELETE CASCADE,
    "user"       bigint   REFERENCES users (id) ON DELETE CASCADE,
    kind         smallint NOT NULL,
    verifier     text     NOT NULL,
    scopes       text     NOT NULL, -- empty: everything that the device or person may do
    created_at   bigint,
    expires_at   bigint,            -- null: never
    last_used_at bigint,            -- null: never
    CHECK ((device IS NULL) <> ("user" IS NULL))
);
CREATE INDEX credentials_of_device ON credentials (device, kind) WHERE device IS NOT NULL;
CREATE INDEX credentials_of_user ON credentials ("user", kind) WHERE "user" IS NOT NULL;

CREATE TABLE refresh_tokens (
    hash              bytea   PRIMARY KEY CHECK (length(hash) = 32),
    family            uuid    NOT NULL,
    "user"            bigint  NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    issued_at         bigint  NOT NULL,
    expires_at        bigint  NOT NULL,
    family_expires_at bigint  NOT NULL,
    used_at           bigint,
    revoked           boolean NOT NULL
);
CREATE INDEX refresh_tokens_by_family ON refresh_tokens (family);
CREATE INDEX refresh_tokens_by_user ON refresh_tokens ("user");
CREATE INDEX refresh_tokens_by_family_expiry ON refresh_tokens (family_expires_at);
CREATE INDEX refresh_tokens_live ON refresh_tokens ("user", issued_at) WHERE NOT revoked AND used_at IS NULL;

-- The link alone contains the token. created_by: 0 at the server's shell. email: empty for anybody.
CREATE TABLE invitations (
    id         bigint   GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    token_hash bytea    NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    email      text     NOT NULL,
    role       smallint NOT NULL CHECK (role IN (0, 1)),
    created_by bigint   NOT NULL,
    created_at bigint   NOT NULL,
    expires_at bigint   NOT NULL,
    used_at    bigint
);
CREATE INDEX invitations_by_expiry ON invitations (expires_at);

-- Policies beside the settings of the server. NULL: nothing is set.
CREATE TABLE category_policies (
    category            smallint PRIMARY KEY,
    min_interval        bigint,
    payload_limit_bytes bigint,
    backfill_per_second bigint,
    backfill_burst      bigint,
    keep_readings_days  bigint,
    keep_rollups_days   bigint
);
CREATE TABLE device_policies (
    device              bigint PRIMARY KEY REFERENCES devices (key) ON DELETE CASCADE,
    min_interval        bigint,
    payload_limit_bytes bigint,
    backfill_per_second bigint,
    backfill_burst      bigint,
    keep_readings_days  bigint,
    keep_rollups_days   bigint
);

-- What was left of a device's allowance for late readings, in thousandths, and when.
CREATE TABLE limit_states (
    device      bigint PRIMARY KEY REFERENCES devices (key) ON DELETE CASCADE,
    millitokens bigint NOT NULL,
    at          bigint NOT NULL
);

-- kind: 0 field, 1 silence, 2 security; the columns of the other kinds are NULL. Times within a rule are seconds.
CREATE TABLE alert_rules (
    id                bigint   GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name              text     NOT NULL,
    severity          smallint NOT NULL CHECK (severity IN (0, 1, 2)),
    enabled           boolean  NOT NULL,
    category          smallint,
    device            bigint   REFERENCES devices (key) ON DELETE CASCADE,
    quarantine        boolean  NOT NULL,
    owner_may_release boolean  NOT NULL, -- of a device that the rule put into quarantine
    created_at        bigint   NOT NULL,
    updated_at        bigint   NOT NULL,
    kind              smallint NOT NULL CHECK (kind IN (0, 1, 2)),
    field             text,
    test              smallint,
    low               double precision,
    high              double precision,
    value             text,
    hysteresis        double precision,
    hold              bigint,
    intervals         bigint,
    incident          smallint,
    count             bigint,
    within            bigint
);
CREATE INDEX alert_rules_by_device ON alert_rules (device) WHERE device IS NOT NULL;

-- Alerts stay when their device is deleted, with its id and its name, and when their rule is deleted, with its name.
CREATE TABLE alerts (
    id              bigint   GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    rule            bigint   REFERENCES alert_rules (id) ON DELETE SET NULL,
    rule_name       text     NOT NULL,
    kind            smallint NOT NULL,
    severity        smallint NOT NULL,
    device          bigint   REFERENCES devices (key) ON DELETE SET NULL, -- while it exists
    device_id       uuid,                                                -- null: an alert of the server itself
    device_name     text     NOT NULL DEFAULT '',                        -- of a device that was deleted
    subject         text     COLLATE "C" NOT NULL,
    summary         text     NOT NULL,
    state           smallint NOT NULL CHECK (state IN (0, 1, 2)),
    count           bigint   NOT NULL CHECK (count > 0),
    quarantined     boolean  NOT NULL,
    late            boolean  NOT NULL, -- it was over before anybody heard of it
    simulated       boolean  NOT NULL,
    raised_at       bigint   NOT NULL,
    last_raised_at  bigint   NOT NULL,
    acknowledged_at bigint,
    acknowledged_by text     NOT NULL,
    resolved_at     bigint,
    resolved_by     text     NOT NULL,
    note            text     NOT NULL
);
-- One at a time, however often it is raised.
CREATE UNIQUE INDEX alerts_live
    ON alerts (rule, coalesce(device_id, '00000000-0000-0000-0000-000000000000'), subject) WHERE state < 2;
CREATE INDEX alerts_by_rule ON alerts (rule, device_id, subject, late, id);
CREATE INDEX alerts_by_device ON alerts (device_id, id);
CREATE INDEX alerts_by_device_key ON alerts (device) WHERE device IS NOT NULL;
CREATE INDEX alerts_unresolved ON alerts (id) WHERE state < 2;
CREATE INDEX alerts_by_state ON alerts (state, id);
CREATE INDEX alerts_by_severity ON alerts (severity, id);
CREATE INDEX alerts_by_resolution ON alerts (resolved_at) WHERE resolved_at IS NOT NULL;

CREATE FUNCTION keep_name_in_alerts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE alerts SET device = NULL, device_name = OLD.name WHERE device = OLD.key;
    RETURN OLD;
END $$;
CREATE TRIGGER devices_keep_name BEFORE DELETE ON devices FOR EACH ROW EXECUTE FUNCTION keep_name_in_alerts();

-- The first rules of a new database.
-- category: 0 weather_station, 1 indoor_thermometer, 2 ip_camera, 3 air_quality, 4 smart_lock
-- test: 0 above, 1 below, 2 outside, 3 changes_to
INSERT INTO alert_rules (name, severity, enabled, category, quarantine, owner_may_release, created_at, updated_at, kind,
                         field, test, low, high, value, hysteresis, hold)
SELECT name, severity, true, category, false, false, t, t, 0, field, test, low, high, value, hysteresis, hold
FROM (VALUES
    ('Frost or heat outdoors',        1, 0, 'metrics.temperature_c',   2, -25.0,   42.0, '',     2.0,   0),
    ('Storm',                         2, 0, 'metrics.wind_speed_ms',   0,   0.0,   25.0, '',     5.0,   0),
    ('Too cold or too warm indoors',  1, 1, 'metrics.temperature_c',   2,  12.0,   32.0, '',     1.0,   0),
    ('Damp air indoors',              0, 1, 'metrics.humidity_pct',    0,   0.0,   80.0, '',     5.0, 300),
    ('Camera loses packets',          1, 2, 'metrics.packet_loss_pct', 0,   0.0,   10.0, '',     5.0,  30),
    ('Camera answers late',           0, 2, 'metrics.latency_ms',      0,   0.0,  500.0, '',   100.0,  30),
    ('Bad air: carbon dioxide',       1, 3, 'metrics.co2_ppm',         0,   0.0, 2000.0, '',   400.0, 300),
    ('Bad air: fine dust',            1, 3, 'metrics.pm2_5',           0,   0.0,   75.0, '',    20.0, 300),
    ('Lock is jammed',                2, 4, 'jam_detected',            3,   0.0,    0.0, 'true', 0.0,   0),
    ('Lock''s battery is low',        1, 4, 'battery_pct',             1,  15.0,    0.0, '',     5.0,   0)
) AS first_rules (name, severity, category, field, test, low, high, value, hysteresis, hold),
    (SELECT extract(epoch FROM date_trunc('second', now()))::bigint * 1000000) AS created (t);
INSERT INTO alert_rules (name, severity, enabled, quarantine, owner_may_release, created_at, updated_at, kind, intervals)
SELECT 'Device is silent', 1, true, false, false, t, t, 1, 3
FROM (SELECT extract(epoch FROM date_trunc('second', now()))::bigint * 1000000) AS created (t);
INSERT INTO alert_rules (name, severity, enabled, quarantine, owner_may_release, created_at, updated_at, kind, incident, count,
                         within)
SELECT name, severity, true, false, false, t, t, 2, incident, count, within
FROM (VALUES
    ('Refused sign-ins from one address',     1, 0,  10,  300),
    ('Refresh token used twice',              2, 1,   1,   60),
    ('Forged tokens from one address',        2, 2,  20,   60),
    ('Flood from one device',                 1, 3, 100,   60),
    ('Passwords tried on many accounts',      2, 4,  15, 3600),
    ('One user tries many others'' devices',  1, 5,  10,  600),
    ('Administrators'' calls by a user',      1, 6,  10,  600),
    ('Wrong device secrets from one address', 1, 7,  30,  600)
) AS first_rules (name, severity, incident, count, within),
    (SELECT extract(epoch FROM date_trunc('second', now()))::bigint * 1000000) AS created (t);

-- secret: not encrypted, because it signs messages. An id is never used twice: a message may outlive its webhook.
CREATE TABLE webhooks (
    id           bigint   GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name         text     NOT NULL,
    url          text     NOT NULL,
    secret       text     NOT NULL,
    min_severity smallint NOT NULL CHECK (min_severity IN (0, 1, 2)),
    enabled      boolean  NOT NULL,
    created_at   bigint   NOT NULL,
    updated_at   bigint   NOT NULL
);

-- kind: 0 webhook. destination: its id within the kind. state: 0 pending, 1 delivered, 2 dead.
CREATE TABLE outbox (
    id              bigint   GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind            smallint NOT NULL,
    destination     bigint   NOT NULL,
    payload         text     NOT NULL,
    state           smallint NOT NULL CHECK (state IN (0, 1, 2)),
    attempts        bigint   NOT NULL,
    next_attempt_at bigint,
    created_at      bigint   NOT NULL,
    finished_at     bigint,
    last_error      text     NOT NULL,
    last_status     bigint,
    withdrawal_key  bigint, -- what a held message is about: for webhooks the alert
    CHECK ((state = 0) = (next_attempt_at IS NOT NULL))
);
CREATE INDEX outbox_pending_by_time ON outbox (kind, destination, next_attempt_at, id) WHERE state = 0;
CREATE INDEX outbox_held ON outbox (withdrawal_key) WHERE state = 0 AND withdrawal_key IS NOT NULL;
CREATE INDEX outbox_by_destination_and_state ON outbox (kind, destination, state, id);
CREATE INDEX outbox_by_state ON outbox (kind, state, id);
CREATE INDEX outbox_by_creation ON outbox (created_at);

-- Destinations that were removed while messages to them were stored. These messages are shown to nobody, and removed in small
-- steps.
CREATE TABLE outbox_removed (
    kind        smallint NOT NULL,
    destination bigint   NOT NULL,
    PRIMARY KEY (kind, destination)
);

-- The pending messages of each destination, and the bytes of their payloads. The trigger keeps it up to date, because counting
-- many messages would delay the writer.
CREATE TABLE outbox_pending (
    kind        smallint NOT NULL,
    destination bigint   NOT NULL,
    count       bigint   NOT NULL CHECK (count >= 0),
    bytes       bigint   NOT NULL CHECK (bytes >= 0),
    PRIMARY KEY (kind, destination)
);
CREATE FUNCTION count_pending_messages() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.state = 0 THEN
        UPDATE outbox_pending SET count = count - 1, bytes = bytes - octet_length(OLD.payload)
            WHERE kind = OLD.kind AND destination = OLD.destination;
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.state = 0 THEN
        INSERT INTO outbox_pending AS p VALUES (NEW.kind, NEW.destination, 1, octet_length(NEW.payload))
            ON CONFLICT (kind, destination) DO UPDATE SET count = p.count + 1, bytes = p.bytes + excluded.bytes;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER outbox_count_pending AFTER INSERT OR DELETE OR UPDATE OF state ON outbox
    FOR EACH ROW EXECUTE FUNCTION count_pending_messages();

-- How far each file was imported. digest: SHA-256 of how it is read, and of its first `bytes`.
CREATE TABLE imports (
    id       bigint  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    digest   bytea   NOT NULL CHECK (length(digest) = 32),
    bytes    bigint  NOT NULL,
    lines    bigint  NOT NULL,
    readings bigint  NOT NULL,
    complete boolean NOT NULL,
    at       bigint  NOT NULL
);

-- What the server knew of its clock when it last ran. One row.
CREATE TABLE clock_state (
    id       smallint PRIMARY KEY CHECK (id = 1),
    seen_at  bigint   NOT NULL,
    held_for bigint,           -- microseconds of running until retention resumes
    ahead    bigint   NOT NULL -- microseconds: the jumps since retention is held
);

-- What changed, in the order of the commits: a transaction that adds a row locks the table until its commit. A row names the
-- object. Only the newest rows are kept.
CREATE TABLE changes (
    position bigint PRIMARY KEY,
    kind     text   NOT NULL,
    key      text   NOT NULL
);

CREATE TABLE security_events (
    id               bigint  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    created_at       bigint  NOT NULL,
    actor_type       text    COLLATE "C" NOT NULL,
    actor_id         text    COLLATE "C" NOT NULL,
    event_type       text    COLLATE "C" NOT NULL,
    status           text    COLLATE "C" NOT NULL,
    detail           text    NOT NULL,
    source_address   text    NOT NULL,
    request_id       text    NOT NULL,
    route            text    NOT NULL,
    simulated        boolean NOT NULL,
    count            bigint  NOT NULL CHECK (count > 0),
    target_type      text    COLLATE "C" NOT NULL,
    target_id        text    COLLATE "C" NOT NULL,
    other_targets    text    NOT NULL, -- [["device","…"], …]
    unlisted_targets bigint  NOT NULL,
    routine          boolean NOT NULL GENERATED ALWAYS AS -- `is_routine` in server/domain/security_event.hpp
        (status = 'success' AND event_type IN ('device_auth', 'reading_accept', 'refresh')) STORED
);
-- The log is listed by time (ties by id), narrowed by any of these.
CREATE INDEX security_events_by_time ON security_events (created_at, id);
CREATE INDEX security_events_by_actor ON security_events (actor_id, created_at, id);
CREATE INDEX security_events_by_actor_type ON security_events (actor_type, created_at, id);
CREATE INDEX security_events_by_type ON security_events (event_type, created_at, id);
CREATE INDEX security_events_by_status ON security_events (status, created_at, id);
CREATE INDEX security_events_by_target_type ON security_events (target_type, created_at, id);
CREATE INDEX security_events_notable ON security_events (created_at, id) WHERE NOT routine;

-- The events of each target in the order of the log, whether it is the first target of the event or another.
CREATE TABLE event_targets (
    kind    text    COLLATE "C" NOT NULL,
    object  text    COLLATE "C" NOT NULL,
    at      bigint  NOT NULL,
    event   bigint  NOT NULL,
    routine boolean NOT NULL,
    PRIMARY KEY (kind, object, at, event)
);
CREATE INDEX event_targets_notable ON event_targets (kind, object, at, event) WHERE NOT routine;
CREATE INDEX event_targets_of_event ON event_targets (event);

-- Events that retention removed and that no event reports yet. One row.
CREATE TABLE expired_events (
    count bigint NOT NULL
);
INSERT INTO expired_events VALUES (0);

-- The log is append-only, whoever asks. Retention sets `breakwater.expire_before` for its transaction.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    expire_before bigint := nullif(current_setting('breakwater.expire_before', true), '')::bigint;
BEGIN
    IF TG_OP = 'DELETE' AND expire_before IS NOT NULL THEN
        IF TG_TABLE_NAME = 'event_targets' AND (to_jsonb(OLD) ->> 'at')::bigint < expire_before THEN
            RETURN OLD;
        ELSIF TG_TABLE_NAME = 'security_events' AND (to_jsonb(OLD) ->> 'created_at')::bigint < expire_before THEN
            RETURN OLD;
        END IF;
    END IF;
    RAISE EXCEPTION 'the audit log is append-only';
END $$;
CREATE TRIGGER security_events_append_only BEFORE UPDATE OR DELETE ON security_events
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER security_events_no_truncate BEFORE TRUNCATE ON security_events EXECUTE FUNCTION refuse_change();
CREATE TRIGGER event_targets_append_only BEFORE UPDATE OR DELETE ON event_targets
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER event_targets_no_truncate BEFORE TRUNCATE ON event_targets EXECUTE FUNCTION refuse_change();

-- A lane is one connection that writes, with one transaction in flight. Each of its commits stores its number in `seq`, so that the
-- outcome of a commit can be asked for after the connection was lost. Whoever takes the lane over counts `epoch` up, which
-- keeps the former writer from committing. last_id: the highest id among the readings in the lane's chunks.
CREATE TABLE lanes (
    lane    bigint PRIMARY KEY,
    server  uuid   NOT NULL, -- the process that writes
    epoch   bigint NOT NULL,
    seq     bigint NOT NULL,
    last_id bigint NOT NULL
);
CREATE FUNCTION record_commit(of_lane bigint, of_epoch bigint, new_seq bigint, new_last_id bigint) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    UPDATE lanes SET seq = new_seq, last_id = greatest(last_id, new_last_id) WHERE lane = of_lane AND epoch = of_epoch;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'another server has taken over lane %', of_lane USING ERRCODE = 'BW001';
    END IF;
END $$;

-- The ids of readings are assigned in runs of 65536.
CREATE SEQUENCE reading_id_runs MINVALUE 0 START 0;

-- The write buffer: the readings of a commit of a lane, in the order of their ids. What `heads` and `body` hold:
-- server/storage/postgres/chunk.hpp. Ids of a lane ascend from chunk to chunk. The bytes are compressed already.
CREATE TABLE chunks (
    bucket         smallint NOT NULL,
    lane           bigint   NOT NULL,
    epoch          bigint   NOT NULL,
    seq            bigint   NOT NULL,
    first_id       bigint   NOT NULL,
    last_id        bigint   NOT NULL,
    count          integer  NOT NULL CHECK (count > 0),
    first_received bigint   NOT NULL,
    last_received  bigint   NOT NULL,
    heads          bytea    NOT NULL,
    body           bytea    NOT NULL,
    PRIMARY KEY (bucket, lane, epoch, seq)
);
ALTER TABLE chunks ALTER heads SET STORAGE EXTERNAL, ALTER body SET STORAGE EXTERNAL;
CREATE UNIQUE INDEX chunks_by_id ON chunks (bucket, lane, first_id);

-- `through`: readings of the device up to this id are in blocks. Their chunks are removed later.
CREATE TABLE compactions (
    bucket  smallint NOT NULL,
    device  bigint   NOT NULL,
    through bigint   NOT NULL,
    PRIMARY KEY (bucket, device)
);

-- A block of a device's readings: server/storage/blocks/block.hpp. The blocks of a device don't overlap in (received_at, id).
-- `real`: of the readings that aren't simulated. `measured`: by the devices' clocks; `span` is the bit width of that interval in
-- microseconds, so that the blocks that meet a range are found by one search for each width.
CREATE TABLE blocks (
    bucket         smallint NOT NULL,
    device         bigint   NOT NULL,
    first_received bigint   NOT NULL,
    first_id       bigint   NOT NULL,
    last_received  bigint   NOT NULL,
    last_id        bigint   NOT NULL,
    count          bigint   NOT NULL CHECK (count > 0),
    simulated      bigint   NOT NULL CHECK (simulated BETWEEN 0 AND count),
    first_real     bigint,
    last_real      bigint,
    first_measured bigint   NOT NULL,
    last_measured  bigint   NOT NULL,
    span           smallint NOT NULL,
    key            bigint   GENERATED ALWAYS AS IDENTITY,
    bytes          bytea    NOT NULL,
    PRIMARY KEY (bucket, device, first_received, first_id)
) WITH (toast_tuple_target = 256); -- the bytes stay out of the rows, which are searched
ALTER TABLE blocks ALTER bytes SET STORAGE EXTERNAL;
CREATE UNIQUE INDEX blocks_by_key ON blocks (bucket, key);
CREATE INDEX blocks_by_measure ON blocks (bucket, device, span, first_measured);
CREATE INDEX blocks_by_arrival ON blocks (last_received, device);

-- Aggregates by minute (level 0), hour (1) and day (2): server/storage/blocks/rollup.hpp. Empty bytes: a finer level is as quick.
CREATE TABLE rollups (
    bucket    smallint NOT NULL,
    device    bigint   NOT NULL,
    level     smallint NOT NULL CHECK (level BETWEEN 0 AND 2),
    simulated boolean  NOT NULL,
    begins    bigint   NOT NULL,
    key       bigint   GENERATED ALWAYS AS IDENTITY,
    bytes     bytea    NOT NULL,
    PRIMARY KEY (bucket, device, level, simulated, begins)
);
ALTER TABLE rollups ALTER bytes SET STORAGE EXTERNAL;
CREATE UNIQUE INDEX rollups_by_key ON rollups (bucket, key);

-- The last value of each field among the readings in blocks: server/storage/blocks/latest_values.hpp.
CREATE TABLE latest (
    bucket smallint NOT NULL,
    device bigint   NOT NULL,
    bytes  bytea    NOT NULL,
    PRIMARY KEY (bucket, device)
);

-- The ids that senders gave their readings, for as long as they may send them again.
CREATE TABLE message_ids (
    bucket      smallint NOT NULL,
    device      bigint   NOT NULL,
    message_id  text     COLLATE "C" NOT NULL,
    reading     bigint   NOT NULL,
    received_at bigint   NOT NULL,
    stored_at   bigint   NOT NULL,
    PRIMARY KEY (bucket, device, message_id)
);
CREATE INDEX message_ids_by_time ON message_ids (stored_at);
