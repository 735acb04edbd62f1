-- +goose Up
-- How much of an upload has come is the size of its blob; a second number here differed from it after a crash, and the upload stood still.
ALTER TABLE uploads DROP COLUMN received;
