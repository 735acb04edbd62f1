-- A report that has money which the gateway does not confirm yet is a reason of its own: it is no notice that contradicts another (I9, I10).

-- +goose Up

ALTER TABLE money_cases DISABLE TRIGGER money_cases_guard;
UPDATE money_cases SET reason = 'unconfirmed' WHERE reason = 'notice_reused' AND day <> '';
ALTER TABLE money_cases ENABLE TRIGGER money_cases_guard;
