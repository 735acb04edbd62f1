-- +goose Up
-- One payment document of a bank pays one fee, however the bank's name is spelt: case, quotes, legal form, the word "bank", look-alike letters and
-- Kazakh letters typed as Russian ones make no other document. Written with explicit alphabets, so that it is the same under every locale; bound at
-- creation, so that a restored backup computes it too.

CREATE FUNCTION receipt_letters(written text, gap text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN regexp_replace(
        translate(written,
            'abcdefghijklmnopqrstuvwxyzабвгдеёжзийклмнопрстуфхцчшщъыьэюяәғқңөұүһіАВЕЁКМНОРСТУХІҚҒҢӨӘҰҮҺ',
            'ABCDEFGHIJKLMNOPQRSTUVWXYZAБBГДEEЖЗИЙKЛMHOПPCTYФXЦЧШЩЪЫЬЭЮЯAГKHOYYHIABEEKMHOPCTYXIKГHOAYYH'),
        '[^0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZБГДЖЗИЙЛПФЦЧШЩЪЫЬЭЮЯ]+', gap, 'g');

-- The name without what names no bank; a name of nothing else stays.
CREATE FUNCTION receipt_bank(written text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN coalesce(
        nullif(replace(regexp_replace('  ' || replace(receipt_letters(written, ' '), ' ', '  ') || '  ',
            ' (AKЦИOHEPHOE|AKЦИOHEPЛIK|OБЩECTBO|ДOЧEPHИЙ|EHШIЛEC|KOГAMЫ|KOГAM|БAHKI|BANK|БAHK|JSC|LLC|LLP|OAO|TOO|ЖШC|ЗAO|ПAO|AK|AO|ДO|ДБ) ', '', 'g'), ' ', ''), ''),
        nullif(receipt_letters(written, ''), ''), written);

ALTER TABLE bank_receipts ADD COLUMN bank_key text GENERATED ALWAYS AS (receipt_bank(bank)) STORED;
ALTER TABLE bank_receipts ADD COLUMN number_key text GENERATED ALWAYS AS (coalesce(nullif(receipt_letters(number, ''), ''), number)) STORED;
CREATE UNIQUE INDEX bank_receipts_document ON bank_receipts (bank_key, number_key, paid_on) WHERE state <> 'rejected';
DROP INDEX bank_receipts_document_once;

-- For the official: the same number, day and amount under another bank's name may still be the same document.
CREATE INDEX bank_receipts_alike ON bank_receipts (number_key, paid_on, amount_tiyn);
