-- Money: invoices, the one payment of each at the gateway, the gateway's notices,
-- what was parked for a person, and the ledger. An invoice names its application by
-- id alone: this schema knows nothing of applications.

-- +goose Up

-- Gaps are harmless in invoice numbers (a cancelled signing leaves one), so a
-- sequence serves; application numbers are gapless and live elsewhere.
CREATE SEQUENCE invoice_numbers AS bigint;

CREATE TABLE invoices (
    id               uuid PRIMARY KEY,
    number           text NOT NULL UNIQUE,
    application_id   uuid NOT NULL,
    kind             text NOT NULL CHECK (kind <> ''),
    payer_iin        text NOT NULL CHECK (payer_iin ~ '^([0-9]{12})?$'),
    payer_bin        text NOT NULL CHECK (payer_bin ~ '^([0-9]{12})?$'),
    payer_name       text NOT NULL CHECK (payer_name <> ''),
    purpose          text NOT NULL CHECK (purpose <> ''),
    tax_office_code  text NOT NULL CHECK (tax_office_code <> ''),
    budget_code      text NOT NULL CHECK (budget_code ~ '^[0-9]{6}$'),
    purpose_code     text NOT NULL CHECK (purpose_code ~ '^[0-9]{3}$'),
    beneficiary      text NOT NULL CHECK (beneficiary <> ''),
    beneficiary_bin  text NOT NULL CHECK (beneficiary_bin ~ '^[0-9]{12}$'),
    account          text NOT NULL CHECK (account <> ''),
    bank_code        text NOT NULL CHECK (bank_code <> ''),
    mci_tiyn         bigint NOT NULL CHECK (mci_tiyn > 0),
    coefficient      bigint NOT NULL CHECK (coefficient > 0),
    amount_tiyn      bigint NOT NULL CHECK (amount_tiyn > 0),
    rate_day         text NOT NULL CHECK (rate_day ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$'),
    pay_before       timestamptz NOT NULL,
    state            text NOT NULL CHECK (state IN ('open', 'paid', 'cancelled')),
    opened_at        timestamptz NOT NULL,
    paid_at          timestamptz,
    cancelled_at     timestamptz,
    CONSTRAINT invoices_payer CHECK (payer_iin <> '' OR payer_bin <> ''),
    CONSTRAINT invoices_arithmetic CHECK (amount_tiyn * 100 = mci_tiyn * coefficient),
    CONSTRAINT invoices_paid_at CHECK ((state = 'paid') = (paid_at IS NOT NULL)),
    CONSTRAINT invoices_cancelled_at CHECK ((state = 'cancelled') = (cancelled_at IS NOT NULL))
);

-- One invoice per application that can be or was paid: the fee is never asked for
-- twice, whatever the code does.
CREATE UNIQUE INDEX invoices_one_live ON invoices (application_id) WHERE state <> 'cancelled';
CREATE INDEX invoices_application ON invoices (application_id, opened_at);

-- The primary key is the rule "one payment at the gateway per invoice, for ever".
CREATE TABLE gateway_payments (
    invoice_id  uuid PRIMARY KEY REFERENCES invoices (id),
    gateway_id  text UNIQUE CHECK (gateway_id <> ''),
    page_url    text NOT NULL DEFAULT '',
    return_url  text NOT NULL,
    state       text NOT NULL CHECK (state IN
                ('created', 'pending', 'refused', 'cancelled_by_payer', 'paid', 'voided')),
    version     bigint NOT NULL DEFAULT 0,
    receipt     text NOT NULL DEFAULT '',
    begun_at    timestamptz NOT NULL,
    changed_at  timestamptz NOT NULL,
    checked_at  timestamptz NOT NULL,
    CONSTRAINT gateway_payments_paid_known CHECK (state <> 'paid' OR gateway_id IS NOT NULL)
);
CREATE INDEX gateway_payments_unsettled ON gateway_payments (checked_at)
    WHERE state NOT IN ('paid', 'voided');

-- Every authentic notice once, as it came: the evidence of what the gateway said.
CREATE TABLE gateway_notices (
    id           text PRIMARY KEY CHECK (id <> ''),
    reference    text NOT NULL,
    gateway_id   text NOT NULL,
    state        text NOT NULL,
    version      bigint NOT NULL,
    body         bytea NOT NULL,
    received_at  timestamptz NOT NULL
);

-- What the gateway says and we do not accept: a person decides. The fingerprint keeps
-- a fact that is told many times from being parked many times.
CREATE TABLE parked_notices (
    id           uuid PRIMARY KEY,
    fingerprint  bytea NOT NULL UNIQUE,
    reason       text NOT NULL CHECK (reason <> ''),
    notice_id    text REFERENCES gateway_notices (id),
    invoice_id   uuid REFERENCES invoices (id),
    reference    text NOT NULL,
    gateway_id   text NOT NULL,
    state        text NOT NULL,
    amount_tiyn  bigint NOT NULL,
    currency     text NOT NULL,
    budget_code  text NOT NULL,
    purpose_code text NOT NULL,
    payer_id     text NOT NULL,
    paid_at      timestamptz,
    parked_at    timestamptz NOT NULL
);
CREATE INDEX parked_notices_invoice ON parked_notices (invoice_id);

-- Double entry with both sides in one row: a one-sided entry cannot be written, so the
-- ledger sums to zero by its shape. The unique keys keep a fee from being booked twice.
CREATE TABLE ledger_entries (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    invoice_id   uuid NOT NULL REFERENCES invoices (id),
    gateway_id   text NOT NULL CHECK (gateway_id <> ''),
    kind         text NOT NULL CHECK (kind IN ('fee_paid')),
    debit        text NOT NULL CHECK (debit <> ''),
    credit       text NOT NULL CHECK (credit <> ''),
    amount_tiyn  bigint NOT NULL CHECK (amount_tiyn > 0),
    paid_at      timestamptz NOT NULL,
    recorded_at  timestamptz NOT NULL,
    CONSTRAINT ledger_entries_two_accounts CHECK (debit <> credit),
    CONSTRAINT ledger_entries_once UNIQUE (invoice_id, kind),
    CONSTRAINT ledger_entries_gateway_once UNIQUE (gateway_id, kind)
);

CREATE VIEW ledger_lines AS
    SELECT id AS entry_id, invoice_id, debit AS account, amount_tiyn FROM ledger_entries
    UNION ALL
    SELECT id, invoice_id, credit, -amount_tiyn FROM ledger_entries;

-- +goose StatementBegin
CREATE FUNCTION payments_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on % is not permitted: the table is append-only', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;
-- +goose StatementEnd

CREATE TRIGGER ledger_entries_append_only BEFORE UPDATE OR DELETE ON ledger_entries
    FOR EACH ROW EXECUTE FUNCTION payments_append_only();
CREATE TRIGGER ledger_entries_no_truncate BEFORE TRUNCATE ON ledger_entries
    FOR EACH STATEMENT EXECUTE FUNCTION payments_append_only();
CREATE TRIGGER gateway_notices_append_only BEFORE UPDATE OR DELETE ON gateway_notices
    FOR EACH ROW EXECUTE FUNCTION payments_append_only();
CREATE TRIGGER gateway_notices_no_truncate BEFORE TRUNCATE ON gateway_notices
    FOR EACH STATEMENT EXECUTE FUNCTION payments_append_only();

-- An invoice leaves 'open' once and carries what it was opened with for ever.
-- +goose StatementBegin
CREATE FUNCTION invoices_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'an invoice is cancelled, never deleted'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF OLD.state <> 'open' THEN
        RAISE EXCEPTION 'invoice % is % and does not change any more', OLD.id, OLD.state
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF to_jsonb(NEW) - ARRAY['state', 'paid_at', 'cancelled_at']
        IS DISTINCT FROM to_jsonb(OLD) - ARRAY['state', 'paid_at', 'cancelled_at'] THEN
        RAISE EXCEPTION 'invoice %: only its state may change', OLD.id
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
-- +goose StatementEnd

CREATE TRIGGER invoices_guard BEFORE UPDATE OR DELETE ON invoices
    FOR EACH ROW EXECUTE FUNCTION invoices_guard();

-- +goose StatementBegin
CREATE FUNCTION gateway_payments_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a payment at the gateway is never forgotten'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NEW.invoice_id <> OLD.invoice_id
        OR (OLD.gateway_id IS NOT NULL AND NEW.gateway_id IS DISTINCT FROM OLD.gateway_id) THEN
        RAISE EXCEPTION 'the payment of invoice % at the gateway is another', OLD.invoice_id
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF OLD.state = 'paid' AND NEW.state <> 'paid' THEN
        RAISE EXCEPTION 'the payment of invoice % is paid', OLD.invoice_id
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
-- +goose StatementEnd

CREATE TRIGGER gateway_payments_guard BEFORE UPDATE OR DELETE ON gateway_payments
    FOR EACH ROW EXECUTE FUNCTION gateway_payments_guard();
