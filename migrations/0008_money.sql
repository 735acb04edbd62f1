-- Money that does not fit: cases for a person, reconciliation with the gateway's book, the receipt from a bank as a second
-- way to pay (S7.1, S9.A1), and the certificate of non-submission with which a tax office refunds a fee (S7.1).

-- +goose Up

-- Which gateway an invoice's one payment is at.
ALTER TABLE gateway_payments ADD COLUMN gateway text NOT NULL DEFAULT 'online' CHECK (gateway IN ('online', 'receipt'));

-- Money in the gateway's book that no invoice accounts for stands on an account of its own until a person decides, so that
-- the ledger equals the gateway's book at any moment (I10).
ALTER TABLE ledger_entries ALTER COLUMN invoice_id DROP NOT NULL;
ALTER TABLE ledger_entries DROP CONSTRAINT ledger_entries_kind_check;
ALTER TABLE ledger_entries ADD CONSTRAINT ledger_entries_kind_check CHECK (kind IN ('fee_paid', 'parked', 'parked_twice', 'refunded'));
ALTER TABLE ledger_entries ADD CONSTRAINT ledger_entries_fee_has_invoice CHECK (kind <> 'fee_paid' OR invoice_id IS NOT NULL);
ALTER TABLE ledger_entries DROP CONSTRAINT ledger_entries_once;
CREATE UNIQUE INDEX ledger_entries_fee_once ON ledger_entries (invoice_id) WHERE kind = 'fee_paid';

-- What differs between the two books, both sides as they were found. A case is closed by a person, or by a later answer of
-- the gateway that explains it; it is never deleted.
CREATE TABLE money_cases (
    id                 uuid PRIMARY KEY,
    fingerprint        bytea NOT NULL UNIQUE,
    list               text NOT NULL CHECK (list IN ('paid_without_application', 'application_without_payment', 'amounts_differ')),
    reason             text NOT NULL CHECK (reason <> ''),
    gateway            text NOT NULL,
    gateway_id         text NOT NULL,
    reference          text NOT NULL,
    invoice_id         uuid REFERENCES invoices (id),
    day                text NOT NULL DEFAULT '', -- of the report in which it was found; empty: a notice or an answer
    ours_amount_tiyn   bigint,
    ours_state         text NOT NULL DEFAULT '',
    ours_paid_at       timestamptz,
    theirs_amount_tiyn bigint,
    theirs_state       text NOT NULL DEFAULT '',
    theirs_paid_at     timestamptz,
    theirs_receipt     text NOT NULL DEFAULT '',
    found_at           timestamptz NOT NULL,
    refund_asked_at    timestamptz, -- noted before the gateway is asked
    closed_at          timestamptz,
    closed_how         text NOT NULL DEFAULT '',
    closed_by          text NOT NULL DEFAULT '',
    note               text NOT NULL DEFAULT '',
    CONSTRAINT money_cases_closed CHECK ((closed_at IS NULL) = (closed_how = '') AND (closed_how = '') = (closed_by = ''))
);
CREATE INDEX money_cases_open ON money_cases (found_at) WHERE closed_at IS NULL;
CREATE INDEX money_cases_invoice ON money_cases (invoice_id);

-- +goose StatementBegin
CREATE FUNCTION money_cases_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'UPDATE' THEN
        RAISE EXCEPTION 'a case about money is closed, never deleted' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF OLD.closed_at IS NOT NULL THEN
        RAISE EXCEPTION 'case % is closed', OLD.id USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF to_jsonb(NEW) - ARRAY['refund_asked_at', 'closed_at', 'closed_how', 'closed_by', 'note']
        IS DISTINCT FROM to_jsonb(OLD) - ARRAY['refund_asked_at', 'closed_at', 'closed_how', 'closed_by', 'note'] THEN
        RAISE EXCEPTION 'case %: what was found does not change', OLD.id USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER money_cases_guard BEFORE UPDATE OR DELETE ON money_cases FOR EACH ROW EXECUTE FUNCTION money_cases_guard();
CREATE TRIGGER money_cases_no_truncate BEFORE TRUNCATE ON money_cases FOR EACH STATEMENT EXECUTE FUNCTION payments_append_only();

-- The days whose report was compared. The last comparison counts.
CREATE TABLE reconciled_days (
    gateway        text NOT NULL,
    day            text NOT NULL CHECK (day ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$'),
    reconciled_at  timestamptz NOT NULL,
    lines          int NOT NULL,
    healed         int NOT NULL,
    cases          int NOT NULL,
    PRIMARY KEY (gateway, day)
);

-- The receipt from a bank as a gateway: its own book, which payments reads only through the interface.
CREATE TABLE receipt_orders (
    id               uuid PRIMARY KEY,
    reference        text NOT NULL UNIQUE CHECK (reference <> ''),
    amount_tiyn      bigint NOT NULL CHECK (amount_tiyn > 0),
    currency         text NOT NULL,
    budget_code      text NOT NULL,
    purpose_code     text NOT NULL,
    payer_id         text NOT NULL,
    return_url       text NOT NULL,
    state            text NOT NULL CHECK (state IN ('created', 'pending', 'refused', 'paid', 'voided')),
    version          bigint NOT NULL,
    created_at       timestamptz NOT NULL
);
CREATE TABLE bank_receipts (
    id               uuid PRIMARY KEY,
    order_id         uuid NOT NULL REFERENCES receipt_orders (id),
    bank             text NOT NULL CHECK (bank <> ''),
    number           text NOT NULL CHECK (number <> ''),
    paid_on          text NOT NULL CHECK (paid_on ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$'),
    amount_tiyn      bigint NOT NULL CHECK (amount_tiyn > 0),
    media_type       text NOT NULL,
    content          bytea NOT NULL CHECK (length(content) <= 5242880),
    state            text NOT NULL CHECK (state IN ('waiting', 'confirmed', 'rejected', 'given_up')),
    attached_at      timestamptz NOT NULL,
    judged_at        timestamptz,
    judged_by        text NOT NULL DEFAULT '',
    remark           text NOT NULL DEFAULT '',
    CONSTRAINT bank_receipts_judged CHECK ((judged_at IS NULL) = (state IN ('waiting', 'given_up')))
);
-- One at a time waits for an official; one payment document of a bank pays one fee, also after it was given up.
CREATE UNIQUE INDEX bank_receipts_one_waiting ON bank_receipts (order_id) WHERE state = 'waiting';
CREATE UNIQUE INDEX bank_receipts_document_once ON bank_receipts (lower(bank), lower(number), paid_on) WHERE state <> 'rejected';

-- A payer who gives up before filing asks for the certificate of non-submission; the head of the authority signs it.
CREATE TABLE refund_requests (
    id               uuid PRIMARY KEY,
    application_id   uuid NOT NULL,
    invoice_id       uuid NOT NULL REFERENCES invoices (id),
    authority_code   text NOT NULL REFERENCES authorities,
    source           text NOT NULL CHECK (source IN ('receipt', 'case')),
    source_id        uuid NOT NULL UNIQUE,
    payer_kind       text NOT NULL,
    payer_id         text NOT NULL CHECK (payer_id ~ '^[0-9]{12}$'),
    payer_name       text NOT NULL,
    amount_tiyn      bigint NOT NULL CHECK (amount_tiyn > 0),
    paid_at          timestamptz NOT NULL,
    payment_number   text NOT NULL,
    state            text NOT NULL CHECK (state IN ('asked', 'signed')),
    asked_at         timestamptz NOT NULL,
    signed_at        timestamptz,
    signer_name      text NOT NULL DEFAULT '',
    out_number       text NOT NULL DEFAULT '',
    pdf              bytea,
    CONSTRAINT refund_requests_signed CHECK ((state = 'signed') = (signed_at IS NOT NULL) AND (signed_at IS NULL) = (pdf IS NULL))
);
CREATE INDEX refund_requests_application ON refund_requests (application_id);
CREATE INDEX refund_requests_authority ON refund_requests (authority_code, asked_at);
CREATE TABLE refund_documents (
    id               uuid PRIMARY KEY,
    request_id       uuid NOT NULL REFERENCES refund_requests (id),
    prepared_pdf     bytea NOT NULL,
    digest           bytea NOT NULL,
    prepared_for     uuid NOT NULL,
    out_number       text NOT NULL,
    created_at       timestamptz NOT NULL
);
CREATE INDEX refund_documents_request ON refund_documents (request_id);
