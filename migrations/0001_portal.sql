-- +goose Up
-- The portal's own tables. What must hold whatever the code does stands here as a constraint; see server/application for the rules.

CREATE TABLE authorities (
    code       text PRIMARY KEY,
    bin        text NOT NULL UNIQUE CHECK (bin ~ '^[0-9]{12}$'),
    requisites jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL
);
COMMENT ON TABLE authorities IS 'Authorities that take applications here. Names and addresses are data of server/directory.';

CREATE TABLE employees (
    id             uuid PRIMARY KEY,
    authority_code text NOT NULL REFERENCES authorities,
    iin            text NOT NULL CHECK (iin ~ '^[0-9]{12}$'),
    name           text NOT NULL,
    roles          text[] NOT NULL CHECK (cardinality(roles) > 0 AND roles <@ ARRAY['chancery', 'head', 'executor']),
    phone          text NOT NULL DEFAULT '',
    active         boolean NOT NULL DEFAULT true,
    created_at     timestamptz NOT NULL,
    UNIQUE (authority_code, iin)
);
-- One person works in one authority at a time: an actor's authority is never ambiguous.
CREATE UNIQUE INDEX employees_one_active ON employees (iin) WHERE active;

CREATE TABLE challenges (
    id         uuid PRIMARY KEY,
    purpose    text NOT NULL,
    content    bytea NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at    timestamptz
);
CREATE INDEX challenges_expiry ON challenges (expires_at);

CREATE TABLE sessions (
    token_hash          bytea PRIMARY KEY CHECK (octet_length(token_hash) = 32),
    iin                 text NOT NULL,
    name                text NOT NULL,
    bin                 text NOT NULL DEFAULT '',
    organisation        text NOT NULL DEFAULT '',
    may_sign_for_entity boolean NOT NULL DEFAULT false,
    employee_id         uuid REFERENCES employees,
    capacity            text NOT NULL CHECK (capacity IN ('person', 'entity', 'official')),
    certificate_serial  text NOT NULL,
    created_at          timestamptz NOT NULL,
    seen_at             timestamptz NOT NULL,
    expires_at          timestamptz NOT NULL,
    ended_at            timestamptz,
    CHECK (capacity <> 'official' OR employee_id IS NOT NULL),
    CHECK (capacity <> 'entity' OR (bin <> '' AND may_sign_for_entity))
);
CREATE INDEX sessions_by_person ON sessions (iin) WHERE ended_at IS NULL;

-- Gapless counters: the row is locked from the taking of a number to the commit, so a rollback gives the number back (I1).
CREATE TABLE counters (
    series text NOT NULL,
    year   int  NOT NULL,
    last   bigint NOT NULL CHECK (last > 0),
    PRIMARY KEY (series, year)
);

CREATE TABLE application_transitions (
    from_state text NOT NULL,
    to_state   text NOT NULL,
    PRIMARY KEY (from_state, to_state)
);
COMMENT ON TABLE application_transitions IS 'The process of server/application/process.go; a test holds both equal.';
INSERT INTO application_transitions (from_state, to_state) VALUES
    ('draft', 'awaiting_payment'), ('draft', 'filed'),
    ('awaiting_payment', 'filed'), ('awaiting_payment', 'draft'),
    ('filed', 'registered'), ('registered', 'assigned'), ('assigned', 'in_review'), ('assigned', 'refusal_prepared'),
    ('in_review', 'licence_prepared'), ('in_review', 'refusal_prepared'),
    ('licence_prepared', 'in_review'), ('refusal_prepared', 'in_review'), ('refusal_prepared', 'assigned'),
    ('licence_prepared', 'issued'), ('refusal_prepared', 'refused'),
    ('filed', 'withdrawn'), ('registered', 'withdrawn'), ('assigned', 'withdrawn'), ('in_review', 'withdrawn');

CREATE TABLE applications (
    id                     uuid PRIMARY KEY,
    service_code           text NOT NULL,
    service_version        int NOT NULL,
    kind                   text NOT NULL,
    channel                text NOT NULL CHECK (channel IN ('portal')),
    state                  text NOT NULL CHECK (state IN ('draft', 'awaiting_payment', 'filed', 'registered', 'assigned', 'in_review',
                               'licence_prepared', 'refusal_prepared', 'issued', 'refused', 'withdrawn')),
    applicant_kind         text NOT NULL CHECK (applicant_kind IN ('person', 'sole_trader', 'entity')),
    applicant_iin          text NOT NULL CHECK (applicant_iin ~ '^[0-9]{12}$'),
    applicant_bin          text NOT NULL DEFAULT '' CHECK (applicant_bin = '' OR applicant_bin ~ '^[0-9]{12}$'),
    applicant_name         text NOT NULL,
    representative         text NOT NULL DEFAULT '',
    authority_code         text REFERENCES authorities,
    answers                jsonb NOT NULL DEFAULT '{}',
    revision               int NOT NULL DEFAULT 1 CHECK (revision > 0),
    saved_at               timestamptz NOT NULL,
    document_id            uuid,
    number                 text UNIQUE,
    number_year            int,
    number_seq             int,
    filed_at               timestamptz,
    due_at                 timestamptz,
    term                   jsonb,
    incoming_number        text,
    registered_at          timestamptz,
    executor_id            uuid REFERENCES employees,
    resolution             text NOT NULL DEFAULT '',
    completeness_closes_at timestamptz,
    completeness_confirmed_at timestamptz,
    checklist              jsonb NOT NULL DEFAULT '[]',
    decision               jsonb,
    remarks                text NOT NULL DEFAULT '',
    step_started_at        timestamptz,
    step_due_at            timestamptz,
    result_opened_at       timestamptz,
    created_at             timestamptz NOT NULL,
    updated_at             timestamptz NOT NULL,
    CHECK ((applicant_kind = 'entity') = (applicant_bin <> '')),
    CHECK (state IN ('draft') OR (document_id IS NOT NULL AND authority_code IS NOT NULL)),
    CHECK ((state IN ('draft', 'awaiting_payment')) = (number IS NULL)),
    CHECK ((number IS NULL) = (filed_at IS NULL) AND (number IS NULL) = (due_at IS NULL)
        AND (number IS NULL) = (number_year IS NULL) AND (number IS NULL) = (number_seq IS NULL)),
    CHECK ((incoming_number IS NULL) = (registered_at IS NULL)),
    CHECK (state IN ('draft', 'awaiting_payment', 'filed', 'withdrawn') OR incoming_number IS NOT NULL),
    CHECK (state IN ('draft', 'awaiting_payment', 'filed', 'registered', 'withdrawn') OR executor_id IS NOT NULL),
    CHECK (state NOT IN ('licence_prepared', 'refusal_prepared', 'issued', 'refused') OR decision IS NOT NULL),
    UNIQUE (authority_code, number_year, number_seq)
);
CREATE UNIQUE INDEX applications_one_draft ON applications (applicant_iin, applicant_bin, applicant_kind, service_code, kind) WHERE state = 'draft';
CREATE INDEX applications_of_person ON applications (applicant_iin, created_at DESC, id DESC) WHERE applicant_bin = '';
CREATE INDEX applications_of_entity ON applications (applicant_bin, created_at DESC, id DESC) WHERE applicant_bin <> '';
CREATE INDEX applications_queue ON applications (authority_code, step_due_at, id)
    WHERE state IN ('filed', 'registered', 'assigned', 'in_review', 'licence_prepared', 'refusal_prepared');
CREATE INDEX applications_done ON applications (authority_code, updated_at DESC, id DESC) WHERE state IN ('issued', 'refused', 'withdrawn');
CREATE INDEX applications_incoming ON applications (authority_code, registered_at DESC, id DESC) WHERE registered_at IS NOT NULL;
CREATE INDEX applications_executor ON applications (executor_id) WHERE state IN ('assigned', 'in_review', 'licence_prepared', 'refusal_prepared');

-- +goose StatementBegin
CREATE FUNCTION applications_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> OLD.state AND NOT EXISTS (
        SELECT FROM application_transitions t WHERE t.from_state = OLD.state AND t.to_state = NEW.state) THEN
        RAISE EXCEPTION 'no transition from % to %', OLD.state, NEW.state USING ERRCODE = 'check_violation';
    END IF;
    -- What was signed stays as it was signed (I7): after the draft nobody changes answers, applicant or number.
    IF OLD.state <> 'draft' AND (NEW.answers <> OLD.answers OR NEW.applicant_iin <> OLD.applicant_iin OR NEW.applicant_bin <> OLD.applicant_bin
        OR NEW.applicant_name <> OLD.applicant_name OR NEW.authority_code IS DISTINCT FROM OLD.authority_code) THEN
        RAISE EXCEPTION 'a signed application cannot be changed' USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.number IS NOT NULL AND (NEW.number IS DISTINCT FROM OLD.number OR NEW.filed_at IS DISTINCT FROM OLD.filed_at OR NEW.due_at IS DISTINCT FROM OLD.due_at) THEN
        RAISE EXCEPTION 'number, filing and due date of a filed application cannot be changed' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER applications_guard BEFORE UPDATE ON applications FOR EACH ROW EXECUTE FUNCTION applications_guard();

-- +goose StatementBegin
CREATE FUNCTION applications_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'draft' THEN
        RAISE EXCEPTION 'only a draft can be discarded' USING ERRCODE = 'check_violation';
    END IF;
    RETURN OLD;
END $$;
-- +goose StatementEnd
CREATE TRIGGER applications_keep BEFORE DELETE ON applications FOR EACH ROW EXECUTE FUNCTION applications_keep();

CREATE TABLE uploads (
    id             uuid PRIMARY KEY,
    application_id uuid NOT NULL REFERENCES applications ON DELETE CASCADE,
    slot           text NOT NULL,
    name           text NOT NULL,
    size           bigint NOT NULL CHECK (size > 0),
    received       bigint NOT NULL DEFAULT 0 CHECK (received >= 0 AND received <= size),
    created_at     timestamptz NOT NULL,
    expires_at     timestamptz NOT NULL
);
CREATE INDEX uploads_expiry ON uploads (expires_at);
CREATE INDEX uploads_application ON uploads (application_id);

CREATE TABLE attachments (
    id             uuid PRIMARY KEY,
    application_id uuid NOT NULL REFERENCES applications ON DELETE CASCADE,
    slot           text NOT NULL,
    name           text NOT NULL,
    size           bigint NOT NULL CHECK (size > 0),
    mime           text NOT NULL CHECK (mime IN ('application/pdf', 'image/jpeg', 'image/png')),
    sha256         bytea NOT NULL CHECK (octet_length(sha256) = 32),
    uploaded_at    timestamptz NOT NULL
);
CREATE INDEX attachments_application ON attachments (application_id, uploaded_at);
COMMENT ON TABLE attachments IS 'The bytes lie in the blob store under the id.';

-- +goose StatementBegin
CREATE FUNCTION attachments_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE s text;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        RAISE EXCEPTION 'an attachment is never changed' USING ERRCODE = 'check_violation';
    END IF;
    SELECT state INTO s FROM applications WHERE id = CASE TG_OP WHEN 'DELETE' THEN OLD.application_id ELSE NEW.application_id END;
    IF s IS NOT NULL AND s <> 'draft' THEN
        RAISE EXCEPTION 'attachments of a signed application cannot be changed' USING ERRCODE = 'check_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
-- +goose StatementEnd
CREATE TRIGGER attachments_guard BEFORE INSERT OR UPDATE OR DELETE ON attachments FOR EACH ROW EXECUTE FUNCTION attachments_guard();

-- The exact bytes a person signs: the ASiC manifest of a request, the ByteRange of a prepared PDF. Never changed, only superseded.
CREATE TABLE request_documents (
    id             uuid PRIMARY KEY,
    application_id uuid NOT NULL REFERENCES applications ON DELETE CASCADE,
    revision       int NOT NULL,
    manifest       bytea NOT NULL,
    digest         bytea NOT NULL CHECK (octet_length(digest) = 32),
    request_json   bytea NOT NULL,
    request_pdf    bytea NOT NULL,
    attachments    jsonb NOT NULL,
    created_at     timestamptz NOT NULL,
    UNIQUE (application_id, digest)
);
ALTER TABLE applications ADD FOREIGN KEY (document_id) REFERENCES request_documents DEFERRABLE INITIALLY DEFERRED;

CREATE TABLE result_documents (
    id             uuid PRIMARY KEY,
    application_id uuid NOT NULL REFERENCES applications,
    kind           text NOT NULL CHECK (kind IN ('licence', 'refusal')),
    prepared_pdf   bytea NOT NULL,
    digest         bytea NOT NULL CHECK (octet_length(digest) = 32),
    decision_hash  bytea NOT NULL,
    prepared_for   uuid NOT NULL REFERENCES employees,
    licence_number text,
    outgoing_number text,
    created_at     timestamptz NOT NULL,
    UNIQUE (application_id, digest)
);

-- Each accepted signature with what proves it later.
CREATE TABLE signatures (
    id                 uuid PRIMARY KEY,
    application_id     uuid NOT NULL REFERENCES applications,
    purpose            text NOT NULL CHECK (purpose IN ('request', 'result')),
    content_digest     bytea NOT NULL,
    cms                bytea NOT NULL,
    cms_digest         bytea NOT NULL,
    signer_iin         text NOT NULL,
    signer_bin         text NOT NULL DEFAULT '',
    signer_name        text NOT NULL,
    organisation       text NOT NULL DEFAULT '',
    certificate_serial text NOT NULL,
    issuer             text NOT NULL DEFAULT '',
    signed_at          timestamptz NOT NULL,
    report             jsonb NOT NULL,
    set_aside_at       timestamptz,
    UNIQUE (cms_digest)
);
CREATE UNIQUE INDEX signatures_one_in_force ON signatures (application_id, purpose) WHERE set_aside_at IS NULL;

CREATE TABLE licence_numbers (
    number         text PRIMARY KEY CHECK (number ~ '^KZ[0-9]{2}[A-Z]{3}[0-9]{8}$'),
    application_id uuid NOT NULL REFERENCES applications,
    taken_at       timestamptz NOT NULL,
    voided_at      timestamptz,
    void_reason    text
);
CREATE UNIQUE INDEX licence_numbers_one_in_force ON licence_numbers (application_id) WHERE voided_at IS NULL;

CREATE TABLE licences (
    number          text PRIMARY KEY REFERENCES licence_numbers,
    application_id  uuid NOT NULL UNIQUE REFERENCES applications,
    authority_code  text NOT NULL REFERENCES authorities,
    holder_kind     text NOT NULL,
    holder_iin      text NOT NULL,
    holder_bin      text NOT NULL DEFAULT '',
    holder_name     text NOT NULL,
    annex_number    text NOT NULL CHECK (annex_number ~ '^[0-9]{3}$'),
    sub_activities  jsonb NOT NULL,
    addresses       jsonb NOT NULL,
    status          text NOT NULL CHECK (status IN ('valid', 'suspended', 'terminated')),
    issued_on       date NOT NULL,
    first_issued_on date NOT NULL,
    valid_until     date,
    created_at      timestamptz NOT NULL
);
CREATE INDEX licences_of_person ON licences (holder_iin) WHERE holder_bin = '';
CREATE INDEX licences_of_entity ON licences (holder_bin) WHERE holder_bin <> '';

CREATE TABLE results (
    application_id uuid PRIMARY KEY REFERENCES applications,
    kind           text NOT NULL CHECK (kind IN ('licence', 'refusal')),
    pdf            bytea NOT NULL,
    sha256         bytea NOT NULL UNIQUE CHECK (octet_length(sha256) = 32),
    signature_id   uuid NOT NULL UNIQUE REFERENCES signatures,
    licence_number text UNIQUE REFERENCES licences,
    outgoing_number text,
    signed_at      timestamptz NOT NULL,
    signer_name    text NOT NULL,
    CHECK ((kind = 'licence') = (licence_number IS NOT NULL))
);

CREATE TABLE journal (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at             timestamptz NOT NULL,
    application_id uuid,
    action         text NOT NULL,
    from_state     text NOT NULL DEFAULT '',
    to_state       text NOT NULL DEFAULT '',
    actor_role     text NOT NULL,
    actor_iin      text NOT NULL DEFAULT '',
    actor_name     text NOT NULL DEFAULT '',
    request_id     text NOT NULL DEFAULT '',
    details        jsonb NOT NULL DEFAULT '{}'
);
COMMENT ON TABLE journal IS 'Who did what; names frozen as they were; no foreign keys, so that nothing can cascade into it.';
CREATE INDEX journal_of_application ON journal (application_id, id);

CREATE TABLE outbox (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind            text NOT NULL,
    payload         jsonb NOT NULL,
    created_at      timestamptz NOT NULL,
    next_attempt_at timestamptz NOT NULL,
    attempts        int NOT NULL DEFAULT 0,
    done_at         timestamptz,
    given_up_at     timestamptz,
    last_error      text NOT NULL DEFAULT ''
);
CREATE INDEX outbox_waiting ON outbox (next_attempt_at, id) WHERE done_at IS NULL AND given_up_at IS NULL;

CREATE TABLE idempotency_keys (
    actor          text NOT NULL,
    key            text NOT NULL,
    request_hash   bytea NOT NULL,
    application_id uuid NOT NULL,
    created_at     timestamptz NOT NULL,
    PRIMARY KEY (actor, key)
);
CREATE INDEX idempotency_keys_age ON idempotency_keys (created_at);

-- +goose StatementBegin
CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
-- +goose StatementEnd
CREATE TRIGGER journal_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON journal FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER results_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON results FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER result_documents_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON result_documents FOR EACH STATEMENT EXECUTE FUNCTION append_only();
