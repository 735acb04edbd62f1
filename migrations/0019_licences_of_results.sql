-- +goose Up
-- I15, whatever the code does: no licence without the signed result that bears its number, in the same transaction.
-- +goose StatementBegin
CREATE FUNCTION licences_of_results() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM results r WHERE r.application_id = NEW.application_id AND r.licence_number = NEW.number AND r.kind = 'licence') THEN
        RAISE EXCEPTION 'a licence has a signed result' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE CONSTRAINT TRIGGER licences_of_results AFTER INSERT ON licences DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION licences_of_results();
