-- +goose Up
-- What jobs sweep away by age is found by an index.
CREATE INDEX sessions_expiry ON sessions (expires_at);
