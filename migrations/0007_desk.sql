-- +goose Up
-- Reassigning, separate steps (I16), numbers of letters, editions of licences, and the certificates of open sessions (I20).

-- While only incompleteness is proposed the applicant may still take the request back, as while it is being checked.
INSERT INTO application_transitions (from_state, to_state) VALUES ('refusal_prepared', 'withdrawn');

-- The check of completeness runs from the first naming of an executor, whoever has the file later and whatever was returned meanwhile.
ALTER TABLE applications ADD COLUMN assigned_at timestamptz;
UPDATE applications a SET assigned_at = coalesce((SELECT min(j.at) FROM journal j WHERE j.application_id = a.id AND j.action = 'assign'), a.step_started_at)
    WHERE executor_id IS NOT NULL;

-- Who prepared a decision is known by id from here on; the decisions that wait were prepared by their executors.
UPDATE applications SET decision = decision || jsonb_build_object('preparedById', executor_id)
    WHERE state IN ('licence_prepared', 'refusal_prepared') AND executor_id IS NOT NULL;

-- Two heads may be given equal bytes in one second; one head the same bytes as often as he asks.
ALTER TABLE result_documents DROP CONSTRAINT result_documents_application_id_digest_key;
ALTER TABLE result_documents ADD CONSTRAINT result_documents_digest UNIQUE (application_id, digest, prepared_for);
CREATE INDEX result_documents_latest ON result_documents (application_id, prepared_for, created_at DESC);

-- Numbers of outgoing letters, gapless per authority and year: used, or voided with the reason (I1).
CREATE TABLE outgoing_numbers (
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
CREATE UNIQUE INDEX outgoing_numbers_one_in_force ON outgoing_numbers (application_id) WHERE voided_at IS NULL;
INSERT INTO outgoing_numbers (authority_code, year, number, application_id, taken_at, voided_at, void_reason)
    SELECT authority_code, year, number::int, application_id, taken_at,
        CASE WHEN later THEN next_at END, CASE WHEN later THEN 'year_ended' END
    FROM (SELECT a.authority_code, extract(year FROM d.created_at AT TIME ZONE INTERVAL '+05:00')::int AS year, d.outgoing_number AS number, d.application_id,
            min(d.created_at) AS taken_at,
            lead(min(d.created_at)) OVER (PARTITION BY d.application_id ORDER BY min(d.created_at)) AS next_at,
            lead(min(d.created_at)) OVER (PARTITION BY d.application_id ORDER BY min(d.created_at)) IS NOT NULL AS later
        FROM result_documents d JOIN applications a ON a.id = d.application_id
        WHERE d.outgoing_number IS NOT NULL GROUP BY a.authority_code, 2, d.outgoing_number, d.application_id) held;
UPDATE outgoing_numbers o SET voided_at = a.updated_at, void_reason = CASE a.state WHEN 'issued' THEN 'licence' ELSE 'withdrawn' END
    FROM applications a WHERE a.id = o.application_id AND o.voided_at IS NULL AND a.state IN ('issued', 'withdrawn');

-- A licence says what it says in the edition of the service under which it was asked for.
ALTER TABLE licences ADD COLUMN service_code text, ADD COLUMN service_version int;
UPDATE licences l SET service_code = a.service_code, service_version = a.service_version FROM applications a WHERE a.id = l.application_id;
ALTER TABLE licences ALTER COLUMN service_code SET NOT NULL, ALTER COLUMN service_version SET NOT NULL;

-- What a session was opened with, so that the certificate can be asked about again while it lasts.
ALTER TABLE sessions ADD COLUMN challenge_content bytea, ADD COLUMN challenge_cms bytea, ADD COLUMN certificate_asked_at timestamptz;
CREATE INDEX sessions_to_ask ON sessions (certificate_asked_at) WHERE ended_at IS NULL AND challenge_cms IS NOT NULL;

-- Who is known to belong to which organisation, by certificates that were accepted here; as long as the certificate lasts.
CREATE TABLE organisation_people (
    bin   text NOT NULL CHECK (bin ~ '^[0-9]{12}$'),
    iin   text NOT NULL CHECK (iin ~ '^[0-9]{12}$'),
    until timestamptz NOT NULL,
    PRIMARY KEY (iin, bin)
);
INSERT INTO organisation_people (bin, iin, until)
    SELECT bin, iin, max(until) FROM (
        SELECT signer_bin AS bin, signer_iin AS iin, coalesce((report->'signer'->>'notAfter')::timestamptz, signed_at + interval '1 year') AS until
            FROM signatures WHERE purpose = 'request' AND signer_bin ~ '^[0-9]{12}$' AND signer_iin ~ '^[0-9]{12}$'
        UNION ALL SELECT bin, iin, created_at + interval '1 year' FROM sessions WHERE bin ~ '^[0-9]{12}$' AND iin ~ '^[0-9]{12}$') known
    WHERE bin NOT IN (SELECT bin FROM authorities) GROUP BY bin, iin;

-- I15, I16, whatever the code does: a result is signed by a person who neither prepared it nor has a part in the case.
-- +goose StatementBegin
CREATE FUNCTION results_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    a applications%ROWTYPE;
    s signatures%ROWTYPE;
BEGIN
    SELECT * INTO a FROM applications WHERE id = NEW.application_id;
    SELECT * INTO s FROM signatures WHERE id = NEW.signature_id;
    IF s.application_id <> a.id OR s.purpose <> 'result' THEN
        RAISE EXCEPTION 'the signature is not of this result' USING ERRCODE = 'check_violation';
    END IF;
    IF s.signer_iin = a.applicant_iin OR EXISTS (
        SELECT FROM organisation_people p WHERE p.iin = s.signer_iin AND p.bin = a.applicant_bin AND p.until > NEW.signed_at) THEN
        RAISE EXCEPTION 'nobody decides in his own case' USING ERRCODE = 'check_violation';
    END IF;
    IF a.decision->>'preparedById' IS NULL OR EXISTS (
        SELECT FROM employees e WHERE e.id = (a.decision->>'preparedById')::uuid AND e.iin = s.signer_iin) THEN
        RAISE EXCEPTION 'who prepared a decision does not sign it' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER results_guard BEFORE INSERT ON results FOR EACH ROW EXECUTE FUNCTION results_guard();

-- +goose StatementBegin
CREATE FUNCTION applications_end_signed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM results r WHERE r.application_id = NEW.id AND (r.kind = 'licence') = (NEW.state = 'issued')) THEN
        RAISE EXCEPTION 'an application ends with a signed result' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER applications_end_signed BEFORE UPDATE ON applications FOR EACH ROW
    WHEN (NEW.state IN ('issued', 'refused') AND NEW.state <> OLD.state) EXECUTE FUNCTION applications_end_signed();
