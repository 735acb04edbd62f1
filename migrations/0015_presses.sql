-- The answer of a press stands beside its key, written in the transaction of its action: the same press again is answered byte for byte.

-- +goose Up

-- Presses from before carry no answer; nobody repeats one over a new edition of the portal, and the states themselves refuse it.
DELETE FROM idempotency_keys;
ALTER TABLE idempotency_keys
    DROP COLUMN application_id,
    ADD COLUMN claim      uuid NOT NULL,        -- who carries the press out now: only he may write its answer
    ADD COLUMN claimed_at timestamptz NOT NULL, -- since when; one that was cut short may be carried out again
    ADD COLUMN status     smallint,
    ADD COLUMN answer     bytea,
    ADD CONSTRAINT idempotency_keys_answered CHECK ((status IS NULL) = (answer IS NULL));

-- What was answered is never answered otherwise.
-- +goose StatementBegin
CREATE FUNCTION idempotency_keys_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status IS NOT NULL OR to_jsonb(NEW) - ARRAY['claim', 'claimed_at', 'status', 'answer']
        IS DISTINCT FROM to_jsonb(OLD) - ARRAY['claim', 'claimed_at', 'status', 'answer'] THEN
        RAISE EXCEPTION 'a press that was answered does not change' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER idempotency_keys_guard BEFORE UPDATE ON idempotency_keys FOR EACH ROW EXECUTE FUNCTION idempotency_keys_guard();
