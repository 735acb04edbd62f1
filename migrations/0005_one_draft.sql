-- +goose Up
-- A draft is the applicant's, and the applicant is the organisation, not the one of its people who began it.
DROP INDEX applications_one_draft;
CREATE UNIQUE INDEX applications_one_draft ON applications ((CASE WHEN applicant_bin <> '' THEN applicant_bin ELSE applicant_iin END), applicant_kind, service_code, kind)
    WHERE state = 'draft';
