package checks

import (
	"context"
	"encoding/json"
	"time"

	"elicensing/signing"
	"elicensing/signing/pades"
)

// evidence: each signature in force can be shown again from what was kept with it, without asking anybody (I17). One without a time stamp is
// judged as of the moment in which it was accepted: later nothing proves that it existed before its certificate ended.
func evidence(ctx context.Context, s Subject) (count int, bad []Finding, err error) {
	if len(s.Roots) == 0 {
		return 0, nil, errNotHere
	}
	rows, err := s.tx.Query(ctx, `
		SELECT s.id::text, s.purpose, s.cms, s.signed_at, s.report->'evidence', d.manifest, r.pdf,
			ARRAY(SELECT l.der FROM signature_lists k JOIN revocation_lists l USING (digest) WHERE k.signature_id = s.id ORDER BY k.position)
		FROM signatures s
			LEFT JOIN request_documents d ON s.purpose = 'request' AND d.application_id = s.application_id AND d.digest = s.content_digest
			LEFT JOIN results r ON r.signature_id = s.id
		WHERE s.set_aside_at IS NULL ORDER BY s.id`)
	if err != nil {
		return 0, nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var r kept
		if err := rows.Scan(&r.id, &r.purpose, &r.cms, &r.signedAt, &r.evidence, &r.manifest, &r.pdf, &r.lists); err != nil {
			return 0, nil, err
		}
		count++
		if what := r.wrong(ctx, s); what != "" {
			bad = append(bad, Finding{r.purpose + " signature " + r.id, what})
		}
	}
	return count, bad, rows.Err()
}

type kept struct {
	id, purpose   string
	cms           []byte
	signedAt      time.Time
	evidence      []byte // JSON of signing.Evidence
	manifest, pdf []byte // what was signed, by purpose
	lists         [][]byte
}

func (k kept) wrong(ctx context.Context, s Subject) string {
	var found signing.Evidence
	if err := json.Unmarshal(k.evidence, &found); err != nil {
		return "its evidence cannot be read"
	}
	found.CRLs = append(found.CRLs, k.lists...)
	content := k.manifest
	if k.pdf != nil {
		inside, err := pades.Signatures(k.pdf)
		if err != nil || len(inside) == 0 {
			return "the PDF holds no signature"
		}
		content = inside[0].SignedBytes
	}
	at := s.Now()
	if len(found.TimeStamps) == 0 {
		at = k.signedAt
	}
	verifier := signing.NewVerifier(signing.Options{Roots: s.Roots, Intermediates: s.Issuing, Now: func() time.Time { return at }})
	report := verifier.VerifyWith(ctx, signing.Input{Message: k.cms, Content: content, Policy: signing.Archive, Kept: found.Kept()})
	if !report.Passed() {
		return "can no longer be shown to be good: " + report.Reason
	}
	return ""
}
