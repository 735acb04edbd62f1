package checks

import (
	"context"
	"time"

	"elicensing/signing"
	"elicensing/signing/pades"
)

// results: each licence and refusal is the file that was published, signed over exactly what was prepared, and the register says of a licence
// what its document was made from (I15, I17).
func results(ctx context.Context, s Subject) (count int, bad []Finding, err error) {
	rows, err := s.tx.Query(ctx, `
		SELECT coalesce(r.licence_number, a.number, r.application_id::text), r.pdf, r.sha256, s.cms, s.cms_digest, s.content_digest, s.signed_at, s.signer_iin, s.certificate_serial,
			s.application_id = r.application_id AND s.purpose = 'result' AND s.set_aside_at IS NULL,
			EXISTS (SELECT FROM result_documents d WHERE d.application_id = r.application_id AND d.digest = s.content_digest AND d.kind = r.kind
				AND d.licence_number IS NOT DISTINCT FROM r.licence_number)
		FROM results r JOIN applications a ON a.id = r.application_id JOIN signatures s ON s.id = r.signature_id ORDER BY 1`)
	if err != nil {
		return 0, nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var r published
		if err := rows.Scan(&r.record, &r.pdf, &r.sha256, &r.cms, &r.cmsDigest, &r.contentDigest, &r.signedAt, &r.signer, &r.serial, &r.own, &r.prepared); err != nil {
			return 0, nil, err
		}
		count++
		for _, what := range r.wrong(ctx) {
			bad = append(bad, Finding{r.record, what})
		}
	}
	return count, bad, rows.Err()
}

type published struct {
	record                        string
	pdf, sha256                   []byte
	cms, cmsDigest, contentDigest []byte
	signedAt                      time.Time
	signer, serial                string
	own, prepared                 bool
}

func (r published) wrong(ctx context.Context) (all []string) {
	if !isDigest(r.sha256, r.pdf) {
		all = append(all, "the PDF is not the one that was published")
	}
	if !isDigest(r.cmsDigest, r.cms) {
		all = append(all, "the CMS is not the one that was accepted")
	}
	if !r.own {
		all = append(all, "its signature is that of something else")
	}
	if !r.prepared {
		all = append(all, "no prepared document has these bytes")
	}
	inside, err := pades.Signatures(r.pdf)
	if err != nil || len(inside) == 0 {
		return append(all, "the PDF holds no signature")
	}
	first := inside[0] // what comes after it adds evidence, never pages
	if !isDigest(r.contentDigest, first.SignedBytes) {
		all = append(all, "the signed bytes of the PDF are others")
	}
	if what := judge(ctx, first.CMS, first.SignedBytes, signing.Official, r.signedAt, r.signer, r.serial); what != "" {
		all = append(all, "the signature in the PDF "+what)
	}
	return all
}
