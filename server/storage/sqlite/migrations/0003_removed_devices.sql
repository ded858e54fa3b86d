-- Keys of devices that are gone, while readings of theirs are left: nothing leads to those any more, and they are removed in
-- small steps, so that no transaction holds the writer for long.
CREATE TABLE removed_devices (
    key INTEGER PRIMARY KEY
) STRICT;
