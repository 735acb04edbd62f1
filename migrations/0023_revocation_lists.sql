-- +goose Up
-- When OCSP was silent a verdict rests on a revocation list, and the national one has 20 MB. A list is kept once for all signatures that it
-- vouched for; what fits into a message stands there as well.
CREATE TABLE revocation_lists (
    digest bytea PRIMARY KEY CHECK (digest = sha256(der)),
    der    bytea NOT NULL
);
CREATE TRIGGER revocation_lists_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON revocation_lists FOR EACH STATEMENT EXECUTE FUNCTION append_only();

CREATE TABLE signature_lists (
    signature_id uuid NOT NULL REFERENCES signatures ON DELETE CASCADE, -- goes with a draft that was reopened and discarded
    position     smallint NOT NULL CHECK (position >= 0),               -- a complete list before its delta
    digest       bytea NOT NULL REFERENCES revocation_lists,
    PRIMARY KEY (signature_id, position)
);
CREATE TRIGGER signature_lists_no_truncate BEFORE TRUNCATE ON signature_lists FOR EACH STATEMENT EXECUTE FUNCTION append_only();
