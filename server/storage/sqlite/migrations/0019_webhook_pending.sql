-- How many messages wait for each webhook, kept as they come and go: counting them held the writer up where there were many.
CREATE TABLE webhook_pending (
    webhook INTEGER PRIMARY KEY,
    count   INTEGER NOT NULL CHECK (count >= 0)
) STRICT;
INSERT INTO webhook_pending SELECT webhook, count(*) FROM webhook_deliveries WHERE state = 0 GROUP BY webhook;

CREATE TRIGGER webhook_deliveries_pending_insert AFTER INSERT ON webhook_deliveries WHEN NEW.state = 0 BEGIN
    INSERT INTO webhook_pending VALUES (NEW.webhook, 1) ON CONFLICT (webhook) DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER webhook_deliveries_pending_delete AFTER DELETE ON webhook_deliveries WHEN OLD.state = 0 BEGIN
    UPDATE webhook_pending SET count = count - 1 WHERE webhook = OLD.webhook;
END;
CREATE TRIGGER webhook_deliveries_pending_update AFTER UPDATE OF state ON webhook_deliveries WHEN OLD.state <> NEW.state BEGIN
    UPDATE webhook_pending SET count = count - 1 WHERE webhook = OLD.webhook AND OLD.state = 0;
    INSERT INTO webhook_pending SELECT NEW.webhook, 1 WHERE NEW.state = 0
        ON CONFLICT (webhook) DO UPDATE SET count = count + 1;
END;
