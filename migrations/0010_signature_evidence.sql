-- +goose Up
-- A signature is kept with its evidence: time stamp, certificates, answers about revocation. These stand beside what is signed, so the stored
-- message differs each time; that a signature works once (I5) is told by its value, which nothing added can change.
ALTER TABLE signatures ADD COLUMN value_digest bytea CHECK (octet_length(value_digest) = 32);
CREATE UNIQUE INDEX signatures_value ON signatures (value_digest);
