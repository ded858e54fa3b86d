-- late: it was over before anybody heard of it. Those stand beside the one that tells how things are now.
ALTER TABLE alerts ADD COLUMN late INTEGER NOT NULL DEFAULT 0 CHECK (late IN (0, 1));
DROP INDEX alerts_by_rule;
CREATE INDEX alerts_by_rule ON alerts (rule, device, subject, late);
