package checks

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/url"
	"strings"
	"time"

	"elicensing/signing"
)

// signatures: what is stored as signed is byte for byte what was signed, and the signature is that of its certificate's key (I2, I3). Whom the
// certificate belongs to and whether it was in force is told by the evidence that was kept then; here nobody is asked.
func signatures(ctx context.Context, s Subject) (count int, bad []Finding, err error) {
	rows, err := s.tx.Query(ctx, `
		SELECT s.id::text, s.cms, s.cms_digest, s.content_digest, s.signed_at, s.signer_iin, s.certificate_serial, s.set_aside_at IS NULL, d.manifest, d.request_json, d.request_pdf, d.attachments
		FROM signatures s LEFT JOIN request_documents d ON d.application_id = s.application_id AND d.digest = s.content_digest
		WHERE s.purpose = 'request' ORDER BY s.id`)
	if err != nil {
		return 0, nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var r signedRequest
		err := rows.Scan(&r.id, &r.cms, &r.cmsDigest, &r.contentDigest, &r.signedAt, &r.signer, &r.serial, &r.inForce, &r.manifest, &r.requestJSON, &r.requestPDF, &r.attachments)
		if err != nil {
			return 0, nil, err
		}
		count++
		for _, what := range r.wrong(ctx) {
			bad = append(bad, Finding{"signature " + r.id, what})
		}
	}
	return count, bad, rows.Err()
}

type signedRequest struct {
	id                                   string
	cms, cmsDigest, contentDigest        []byte
	signedAt                             time.Time
	signer, serial                       string
	inForce                              bool
	manifest                             []byte // nil: the document is not there
	requestJSON, requestPDF, attachments []byte
}

func (r signedRequest) wrong(ctx context.Context) (all []string) {
	if r.manifest == nil {
		if r.inForce {
			all = append(all, "the document that it signs is not there")
		}
		return all // one that was set aside may outlive its document
	}
	if !isDigest(r.cmsDigest, r.cms) {
		all = append(all, "the CMS is not the one that was accepted")
	}
	if !isDigest(r.contentDigest, r.manifest) {
		all = append(all, "the manifest is not the one that was signed")
	}
	if what := judge(ctx, r.cms, r.manifest, signing.Applicant, r.signedAt, r.signer, r.serial); what != "" {
		all = append(all, what)
	}
	return append(all, r.manifestAgainstFiles()...)
}

// manifestAgainstFiles holds the signed digests against the stored files; the scans' bytes are looked at by the checker of files.
func (r signedRequest) manifestAgainstFiles() (all []string) {
	var manifest struct {
		Files []struct {
			URI    string `xml:"URI,attr"`
			Digest string `xml:"DigestValue"`
		} `xml:"DataObjectReference"`
	}
	if err := xml.Unmarshal(r.manifest, &manifest); err != nil {
		return []string{"the manifest cannot be read"}
	}
	var attached []struct{ Name, SHA256 string }
	if err := json.Unmarshal(r.attachments, &attached); err != nil {
		return []string{"the list of scans cannot be read"}
	}
	stored := map[string]string{"request.json": hexDigest(r.requestJSON), "request.pdf": hexDigest(r.requestPDF)}
	for _, a := range attached {
		stored[a.Name] = a.SHA256
	}
	for _, f := range manifest.Files {
		name, err := url.PathUnescape(f.URI)
		digest, decodeErr := base64.StdEncoding.DecodeString(strings.TrimSpace(f.Digest))
		if err != nil || decodeErr != nil || stored[name] != hex.EncodeToString(digest) {
			all = append(all, fmt.Sprintf("%s is not the one that was signed", name))
		}
		delete(stored, name)
	}
	for name := range stored {
		all = append(all, name+" is not among what was signed")
	}
	return all
}

// judge tells what is wrong with a signature as such. No root is trusted here, so the last thing that a whole signature can be told is that
// nobody vouches for its certificate.
func judge(ctx context.Context, cms, content []byte, policy signing.Policy, at time.Time, signer, serial string) string {
	verifier := signing.NewVerifier(signing.Options{Now: func() time.Time { return at }})
	report := verifier.Verify(ctx, cms, content, policy)
	switch {
	case report.Reason != signing.CertificateUntrusted && !report.Passed():
		return "is refused: " + report.Reason
	case report.Signer == nil || report.Signer.IIN != signer || report.Signer.SerialNumber != serial:
		return "is somebody else's than the record says"
	}
	return ""
}

func isDigest(digest, of []byte) bool {
	sum := sha256.Sum256(of)
	return bytes.Equal(sum[:], digest)
}

func hexDigest(of []byte) string {
	sum := sha256.Sum256(of)
	return hex.EncodeToString(sum[:])
}
