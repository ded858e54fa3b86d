-- Readings wait in the write buffer until the compactor moves them into blocks.
ALTER TABLE hot_readings RENAME TO write_buffer;
-- `through`: readings of the device up to this id are in blocks. Their rows in `write_buffer` are removed later.
ALTER TABLE folds RENAME TO compactions;
