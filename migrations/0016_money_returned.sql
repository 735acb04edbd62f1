-- Which authority an invoice belongs to, whatever becomes of its application; and requests for the certificate of non-submission that end
-- without one (S7.1).

-- +goose Up

ALTER TABLE invoices ADD COLUMN authority_code text NOT NULL DEFAULT '';
ALTER TABLE invoices DISABLE TRIGGER invoices_guard;
UPDATE invoices i SET authority_code = a.authority_code FROM applications a WHERE a.id = i.application_id AND a.authority_code IS NOT NULL;
UPDATE invoices i SET authority_code = r.authority_code FROM refund_requests r WHERE r.invoice_id = i.id AND i.authority_code = '';
ALTER TABLE invoices ENABLE TRIGGER invoices_guard;
CREATE INDEX invoices_authority ON invoices (authority_code);
CREATE INDEX invoices_payer ON invoices (payer_bin, payer_iin);

ALTER TABLE refund_requests
    ADD COLUMN ended_at timestamptz,
    ADD COLUMN ended_by text NOT NULL DEFAULT '',
    ADD COLUMN remark   text NOT NULL DEFAULT '';
ALTER TABLE refund_requests DROP CONSTRAINT refund_requests_state_check;
ALTER TABLE refund_requests ADD CONSTRAINT refund_requests_state_check CHECK (state IN ('asked', 'signed', 'declined', 'withdrawn'));
ALTER TABLE refund_requests ADD CONSTRAINT refund_requests_ended CHECK
    ((state IN ('declined', 'withdrawn')) = (ended_at IS NOT NULL) AND (ended_at IS NULL) = (ended_by = '') AND (state <> 'declined' OR remark <> ''));
-- One living request for one payment; after one that ended without a certificate there may be another.
ALTER TABLE refund_requests DROP CONSTRAINT refund_requests_source_id_key;
CREATE UNIQUE INDEX refund_requests_source_once ON refund_requests (source_id) WHERE state IN ('asked', 'signed');
CREATE INDEX refund_requests_source ON refund_requests (source_id);

-- A request leaves 'asked' once. What it is about does not change: the certificate says it.
-- +goose StatementBegin
CREATE FUNCTION refund_requests_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a request for a refund is never deleted' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF OLD.state <> 'asked' THEN
        RAISE EXCEPTION 'request % is % and does not change any more', OLD.id, OLD.state USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF to_jsonb(NEW) - ARRAY['state', 'signed_at', 'signer_name', 'out_number', 'pdf', 'ended_at', 'ended_by', 'remark']
        IS DISTINCT FROM to_jsonb(OLD) - ARRAY['state', 'signed_at', 'signer_name', 'out_number', 'pdf', 'ended_at', 'ended_by', 'remark'] THEN
        RAISE EXCEPTION 'request %: what it is about does not change', OLD.id USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER refund_requests_guard BEFORE UPDATE OR DELETE ON refund_requests FOR EACH ROW EXECUTE FUNCTION refund_requests_guard();

-- Money goes back by one road: the gateway is not asked for what a certificate lets the tax office refund, and no certificate is asked for what the
-- gateway was asked to give back. It is the payment that counts, under however many cases it stands.
-- +goose StatementBegin
CREATE FUNCTION money_goes_back_once() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE payment text;
BEGIN
    IF TG_TABLE_NAME = 'money_cases' THEN
        IF NEW.refund_asked_at IS NULL OR OLD.refund_asked_at IS NOT NULL THEN
            RETURN NEW;
        END IF;
        payment := NEW.gateway || '/' || NEW.gateway_id;
    ELSIF NEW.source <> 'case' THEN
        RETURN NEW;
    ELSE
        SELECT gateway || '/' || gateway_id INTO payment FROM money_cases WHERE id = NEW.source_id;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended(payment, 0));
    IF TG_TABLE_NAME = 'money_cases' THEN
        IF EXISTS (SELECT FROM refund_requests r JOIN money_cases c ON c.id = r.source_id WHERE c.gateway || '/' || c.gateway_id = payment AND r.state IN ('asked', 'signed')) THEN
            RAISE EXCEPTION 'a certificate is asked for this money' USING ERRCODE = 'unique_violation', CONSTRAINT = 'money_goes_back_once';
        END IF;
    ELSIF EXISTS (SELECT FROM money_cases c WHERE c.gateway || '/' || c.gateway_id = payment AND c.refund_asked_at IS NOT NULL) THEN
        RAISE EXCEPTION 'the gateway was asked to give this money back' USING ERRCODE = 'unique_violation', CONSTRAINT = 'money_goes_back_once';
    END IF;
    RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER money_cases_back_once BEFORE UPDATE ON money_cases FOR EACH ROW EXECUTE FUNCTION money_goes_back_once();
CREATE TRIGGER refund_requests_back_once BEFORE INSERT ON refund_requests FOR EACH ROW EXECUTE FUNCTION money_goes_back_once();
