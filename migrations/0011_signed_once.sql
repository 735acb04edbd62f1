-- +goose Up
-- The value of an ECDSA signature has two forms that are equally good, and the second can be made without the key. So what the signature is over
-- tells whether it was used (I5), not its value alone.
ALTER TABLE signatures ADD COLUMN signed_digest bytea CHECK (octet_length(signed_digest) = 32);
CREATE UNIQUE INDEX signatures_signed ON signatures (signed_digest);
