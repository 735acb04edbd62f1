-- +goose Up
-- Anyone may drop a file to be checked, and a draft may be discarded: neither reads the whole table of signatures.
CREATE INDEX signatures_content ON signatures (content_digest);
CREATE INDEX signatures_application ON signatures (application_id);
