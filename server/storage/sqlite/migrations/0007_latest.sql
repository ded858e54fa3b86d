-- The last value of every field of what is in blocks; what is still hot is added when somebody asks. What `bytes` hold:
-- server/storage/blocks/latest_values.hpp.
CREATE TABLE latest (
    device INTEGER PRIMARY KEY,
    bytes  BLOB    NOT NULL
) STRICT;
