-- +goose Up
-- The number of the payment document belongs to a line of the ledger: one payment at the gateway may have been taken twice, on one day or on another,
-- and each taking is a line of its own (I10).

ALTER TABLE ledger_entries ADD COLUMN receipt text NOT NULL DEFAULT '';

-- The lines booked so far get the document that is known of them; nothing else of them changes.
ALTER TABLE ledger_entries DISABLE TRIGGER ledger_entries_append_only;
UPDATE ledger_entries e SET receipt = p.receipt FROM gateway_payments p WHERE e.kind = 'fee_paid' AND p.invoice_id = e.invoice_id;
UPDATE ledger_entries e SET receipt = c.theirs_receipt FROM money_cases c
    WHERE e.kind IN ('parked', 'parked_twice') AND c.gateway_id = e.gateway_id AND c.theirs_receipt <> '' AND (e.kind = 'parked_twice') = (c.reason = 'doubled');
ALTER TABLE ledger_entries ENABLE TRIGGER ledger_entries_append_only;

-- 'difference': what the gateway's book has more or less of a payment than ours; a person finds out why.
ALTER TABLE ledger_entries DROP CONSTRAINT ledger_entries_kind_check;
ALTER TABLE ledger_entries ADD CONSTRAINT ledger_entries_kind_check CHECK (kind IN ('fee_paid', 'parked', 'parked_twice', 'refunded', 'difference'));
ALTER TABLE ledger_entries DROP CONSTRAINT ledger_entries_gateway_once;
CREATE UNIQUE INDEX ledger_entries_gateway_fee_once ON ledger_entries (gateway_id) WHERE kind = 'fee_paid';
CREATE UNIQUE INDEX ledger_entries_line_once ON ledger_entries (gateway_id, kind, receipt) WHERE kind <> 'difference';
CREATE INDEX ledger_entries_paid_at ON ledger_entries (paid_at);

-- The version under which the gateway said that it gave the money of a payment back; a word before it is late. 0: it said no such thing.
ALTER TABLE gateway_payments ADD COLUMN refunded_version bigint NOT NULL DEFAULT 0;

-- What the report of the day came to, for the nightly check; and how many of its lines could not be dealt with: such a day is compared again.
ALTER TABLE reconciled_days ADD COLUMN balance_tiyn bigint;
ALTER TABLE reconciled_days ADD COLUMN failed int NOT NULL DEFAULT 0;

-- Looked up by what the gateway says of a payment: its cases.
CREATE INDEX money_cases_payment ON money_cases (gateway_id);
