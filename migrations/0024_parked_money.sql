-- Money that waited for a person goes in the ledger to where his decision says it belongs, so that the accounts "parked" and "difference" are empty
-- when no case is open (I10); a request for the certificate of non-submission ends when the gateway gives the money back by itself (S7.1); and an official
-- sees when the scan of a bank's receipt was attached before.

-- +goose Up

-- 'settled': from an account of waiting money to where it belongs. One document may be settled more than once: a report may change afterwards.
ALTER TABLE ledger_entries DROP CONSTRAINT ledger_entries_kind_check;
ALTER TABLE ledger_entries ADD CONSTRAINT ledger_entries_kind_check CHECK (kind IN ('fee_paid', 'parked', 'parked_twice', 'refunded', 'difference', 'settled'));
DROP INDEX ledger_entries_line_once;
CREATE UNIQUE INDEX ledger_entries_line_once ON ledger_entries (gateway_id, kind, receipt) WHERE kind NOT IN ('difference', 'settled');
CREATE INDEX ledger_entries_document ON ledger_entries (gateway_id, receipt);

CREATE OR REPLACE VIEW ledger_lines AS
    SELECT id AS entry_id, invoice_id, debit AS account, amount_tiyn, gateway_id, receipt FROM ledger_entries
    UNION ALL
    SELECT id, invoice_id, credit, -amount_tiyn, gateway_id, receipt FROM ledger_entries;

-- The account on which the money of a case belongs by its decision; what is booked of it later goes there too.
ALTER TABLE money_cases ADD COLUMN settled_to text NOT NULL DEFAULT '';
ALTER TABLE money_cases ADD CONSTRAINT money_cases_settled CHECK (settled_to = '' OR closed_at IS NOT NULL);

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION money_cases_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'UPDATE' THEN
        RAISE EXCEPTION 'a case about money is closed, never deleted' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF OLD.closed_at IS NOT NULL THEN
        RAISE EXCEPTION 'case % is closed', OLD.id USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF to_jsonb(NEW) - ARRAY['refund_asked_at', 'closed_at', 'closed_how', 'closed_by', 'note', 'settled_to']
        IS DISTINCT FROM to_jsonb(OLD) - ARRAY['refund_asked_at', 'closed_at', 'closed_how', 'closed_by', 'note', 'settled_to'] THEN
        RAISE EXCEPTION 'case %: what was found does not change', OLD.id USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
-- +goose StatementEnd

-- What stands without a case from before goes where its case was closed to: to the tax office by a certificate, else it was explained and nothing
-- more is expected of it.
INSERT INTO ledger_entries (invoice_id, gateway_id, receipt, kind, debit, credit, amount_tiyn, paid_at, recorded_at)
    SELECT w.invoice_id, w.gateway_id, w.receipt, 'settled', CASE WHEN w.held > 0 THEN w.account ELSE w.belongs END, CASE WHEN w.held > 0 THEN w.belongs ELSE w.account END,
        abs(w.held), now(), now()
    FROM (SELECT l.invoice_id, l.gateway_id, l.receipt, l.account, (-sum(l.amount_tiyn))::bigint AS held,
            coalesce((SELECT 'tax_office/' || i.budget_code || '/' || i.tax_office_code FROM money_cases c JOIN invoices i ON i.id = c.invoice_id
                WHERE c.gateway_id = l.gateway_id AND c.closed_how = 'certificate' LIMIT 1), 'written_off') AS belongs
        FROM ledger_lines l
        WHERE l.account IN ('parked', 'difference') AND NOT EXISTS (SELECT FROM money_cases c WHERE c.gateway_id = l.gateway_id AND c.closed_at IS NULL)
        GROUP BY l.invoice_id, l.gateway_id, l.receipt, l.account HAVING sum(l.amount_tiyn) <> 0) w
    ORDER BY w.gateway_id, w.receipt, w.account;

-- 'returned': the gateway gave the money back by itself, so that nobody has to sign anything.
ALTER TABLE refund_requests DROP CONSTRAINT refund_requests_state_check;
ALTER TABLE refund_requests ADD CONSTRAINT refund_requests_state_check CHECK (state IN ('asked', 'signed', 'declined', 'withdrawn', 'returned'));
ALTER TABLE refund_requests DROP CONSTRAINT refund_requests_ended;
ALTER TABLE refund_requests ADD CONSTRAINT refund_requests_ended CHECK
    ((state IN ('declined', 'withdrawn', 'returned')) = (ended_at IS NOT NULL) AND (ended_at IS NULL) = (ended_by = '') AND (state <> 'declined' OR remark <> ''));

-- The same scan under another number or bank is the same document all the same: an official should look.
ALTER TABLE bank_receipts ADD COLUMN content_digest bytea GENERATED ALWAYS AS (sha256(content)) STORED;
CREATE INDEX bank_receipts_content ON bank_receipts (content_digest);
