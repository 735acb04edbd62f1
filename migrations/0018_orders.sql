-- +goose Up
-- Orders of an authority to issue a licence: the basis that its annex names (facts.md §10). Gapless per authority and year: used, or voided with the
-- reason (I1).
CREATE TABLE order_numbers (
    authority_code text NOT NULL REFERENCES authorities,
    year           int NOT NULL,
    number         int NOT NULL CHECK (number > 0),
    application_id uuid NOT NULL REFERENCES applications,
    taken_at       timestamptz NOT NULL,
    voided_at      timestamptz,
    void_reason    text,
    PRIMARY KEY (authority_code, year, number),
    CHECK ((voided_at IS NULL) = (void_reason IS NULL))
);
CREATE UNIQUE INDEX order_numbers_one_in_force ON order_numbers (application_id) WHERE voided_at IS NULL;
CREATE TRIGGER order_numbers_no_truncate BEFORE TRUNCATE ON order_numbers FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER order_numbers_guard BEFORE UPDATE OR DELETE ON order_numbers FOR EACH ROW EXECUTE FUNCTION taken_numbers_guard();

-- The order that a drawn licence names; NULL for refusals, and for what was drawn before this edition. Such a licence that nobody has signed is drawn
-- anew when the head asks for it.
ALTER TABLE result_documents ADD COLUMN order_number text;
