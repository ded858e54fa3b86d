-- What changed, in the order of the commits. A row names the object; its state is in the object's own table, or nowhere if the
-- object was removed. Only the newest rows are kept.
CREATE TABLE changes (
    position INTEGER PRIMARY KEY,
    kind     TEXT NOT NULL,
    key      TEXT NOT NULL
) STRICT;
