-- Chunks that could not be read, when the other readings of their time were all in blocks. The operator may delete them.
CREATE TABLE damaged_chunks (
    bucket         smallint NOT NULL,
    lane           bigint   NOT NULL,
    epoch          bigint   NOT NULL,
    seq            bigint   NOT NULL,
    first_id       bigint   NOT NULL,
    last_id        bigint   NOT NULL,
    count          integer  NOT NULL,
    first_received bigint   NOT NULL,
    last_received  bigint   NOT NULL,
    heads          bytea    NOT NULL,
    body           bytea    NOT NULL,
    PRIMARY KEY (bucket, lane, epoch, seq)
);
