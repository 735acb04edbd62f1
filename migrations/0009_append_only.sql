-- +goose Up
-- What the program's role may not do by its rights (server/database/rights.go), an owner that is the program as well may not do by these.

CREATE TRIGGER licences_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON licences FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER parked_notices_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON parked_notices FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER refund_documents_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON refund_documents FOR EACH STATEMENT EXECUTE FUNCTION append_only();

-- Rows of these are marked, cancelled or discarded one by one, by rules of their own; nobody cuts the whole table off.
CREATE TRIGGER applications_no_truncate BEFORE TRUNCATE ON applications FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER signatures_no_truncate BEFORE TRUNCATE ON signatures FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER licence_numbers_no_truncate BEFORE TRUNCATE ON licence_numbers FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER outgoing_numbers_no_truncate BEFORE TRUNCATE ON outgoing_numbers FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER invoices_no_truncate BEFORE TRUNCATE ON invoices FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER gateway_payments_no_truncate BEFORE TRUNCATE ON gateway_payments FOR EACH STATEMENT EXECUTE FUNCTION append_only();

-- A number that was taken stays taken: it is used, or voided once with a reason (I1).
-- +goose StatementBegin
CREATE FUNCTION taken_numbers_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a number is voided, never deleted' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF OLD.voided_at IS NOT NULL OR to_jsonb(NEW) - ARRAY['voided_at', 'void_reason'] IS DISTINCT FROM to_jsonb(OLD) - ARRAY['voided_at', 'void_reason'] THEN
        RAISE EXCEPTION 'a number can only be voided, once' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER licence_numbers_guard BEFORE UPDATE OR DELETE ON licence_numbers FOR EACH ROW EXECUTE FUNCTION taken_numbers_guard();
CREATE TRIGGER outgoing_numbers_guard BEFORE UPDATE OR DELETE ON outgoing_numbers FOR EACH ROW EXECUTE FUNCTION taken_numbers_guard();

-- A signature stays as it was accepted (I2). It is set aside when its request is reopened, and goes only with a draft that is discarded.
-- +goose StatementBegin
CREATE FUNCTION signatures_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.set_aside_at IS NULL THEN
            RAISE EXCEPTION 'a signature in force is never deleted' USING ERRCODE = 'insufficient_privilege';
        END IF;
        RETURN OLD;
    END IF;
    IF OLD.set_aside_at IS NOT NULL OR to_jsonb(NEW) - 'set_aside_at' IS DISTINCT FROM to_jsonb(OLD) - 'set_aside_at' THEN
        RAISE EXCEPTION 'a signature can only be set aside, once' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER signatures_guard BEFORE UPDATE OR DELETE ON signatures FOR EACH ROW EXECUTE FUNCTION signatures_guard();
