package ocsp_test

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha1"
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"elicensing/signing/algorithms"
	"elicensing/signing/certificate"
	"elicensing/signing/ocsp"
)

// The 36 answers of BoringSSL's suite, at the time and with the age limit of its test. Its good answers
// are signed with SHA-1, so the suite is judged with a rule for signatures that knows SHA-1; the second
// run shows what the real table makes of the same answers.
func TestOCSPConformance(t *testing.T) {
	rows := suite(t)
	right, wrongGood, refused := 0, 0, 0
	for _, row := range rows {
		status, response := judge(row.response, row.question(withSHA1))
		if status == row.status && response == row.responseStatus {
			right++
		} else {
			t.Errorf("ocsp miss: %s is %s %s, must be %s %s", row.name, status, response, row.status, row.responseStatus)
		}
		if status == "GOOD" && row.status != "GOOD" {
			wrongGood++
		}
		switch strict, _ := judge(row.response, row.question(nil)); {
		case strict == "GOOD" && row.status != "GOOD":
			wrongGood++
		case strict == "GOOD" && row.name != "good_response_sha256.pem":
			t.Errorf("%s is good with SHA-1", row.name)
		case strict == "UNKNOWN":
			refused++
		}
	}
	t.Logf("ocsp %d/%d %d (with SHA-1 refused %d of them tell nothing)", right, len(rows), wrongGood, refused)
	if len(rows) != 36 || right != 36 || wrongGood != 0 {
		t.Errorf("right: %d of %d, wrongly good: %d", right, len(rows), wrongGood)
	}
}

// row is one line of expected.txt with its file.
type row struct {
	name, status, responseStatus string
	response                     []byte
	target                       ocsp.Target
}

func (r row) question(signature func(algorithms.Identifier, []byte, []byte, []byte) error) ocsp.Question {
	return ocsp.Question{
		Target: r.target, Now: time.Date(2017, 3, 5, 0, 0, 0, 0, time.UTC), MaxAge: 7 * 24 * time.Hour,
		Delegate:  func(*certificate.Certificate) error { return nil }, // the suite has no revocation of responders
		Signature: signature,
	}
}

// judge puts our outcome in the suite's words.
func judge(response []byte, q ocsp.Question) (status, responseStatus string) {
	answer, err := ocsp.Verify(response, q)
	switch {
	case err == nil:
		return strings.ToUpper(string(answer.Status)), "PROVIDED"
	case errors.Is(err, ocsp.ErrNoResponse):
		return "UNKNOWN", "ERROR_RESPONSE"
	case errors.Is(err, ocsp.ErrMalformedData):
		return "UNKNOWN", "PARSE_RESPONSE_DATA_ERROR"
	case errors.Is(err, ocsp.ErrMalformed):
		return "UNKNOWN", "PARSE_RESPONSE_ERROR"
	case errors.Is(err, ocsp.ErrSignature), errors.Is(err, ocsp.ErrResponder):
		return "UNKNOWN", "PROVIDED" // so the suite calls an answer that nobody authorised
	case errors.Is(err, ocsp.ErrExtension):
		return "UNKNOWN", "UNHANDLED_CRITICAL_EXTENSION"
	case errors.Is(err, ocsp.ErrOtherCertificate):
		return "UNKNOWN", "NO_MATCHING_RESPONSE"
	case errors.Is(err, ocsp.ErrNotFresh):
		return "UNKNOWN", "INVALID_DATE"
	case errors.Is(err, ocsp.ErrProducedAt):
		return "UNKNOWN", "BAD_PRODUCED_AT"
	}
	return "?", err.Error()
}

// withSHA1 is the real table and, beside it, sha1WithRSAEncryption.
func withSHA1(algorithm algorithms.Identifier, spki, signed, signature []byte) error {
	key, err := algorithms.ParseKey(spki)
	if err != nil {
		return err
	}
	if algorithm.OID.Equal(asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 5}) {
		public, ok := key.Public().(*rsa.PublicKey)
		if !ok {
			return algorithms.ErrMismatch
		}
		hash := sha1.Sum(signed)
		return rsa.VerifyPKCS1v15(public, crypto.SHA1, hash[:], signature)
	}
	scheme, err := algorithms.ForCertificate(algorithm)
	if err != nil {
		return err
	}
	return scheme.Verify(key, signed, signature)
}

func suite(t *testing.T) []row {
	t.Helper()
	folder := filepath.Join("..", "..", "..", "shared", "signing", "ocsp")
	expected := shared(t, filepath.Join(folder, "expected.txt"))
	var rows []row
	for line := range strings.Lines(string(expected)) {
		fields := strings.Fields(line)
		if len(fields) != 3 {
			t.Fatalf("line %q", line)
		}
		r := row{name: fields[0], status: fields[1], responseStatus: fields[2]}
		var certificate, issuer []byte
		text := shared(t, filepath.Join(folder, r.name))
		for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
			switch block.Type {
			case "OCSP RESPONSE":
				r.response = block.Bytes
			case "CA CERTIFICATE":
				issuer = block.Bytes
			case "CERTIFICATE":
				certificate = block.Bytes
			}
		}
		subject, by := partsOf(t, certificate), partsOf(t, issuer)
		r.target = ocsp.Target{
			Serial: subject.serial, IssuerName: by.name, IssuerKey: by.spki,
			NotBefore: subject.notBefore, NotAfter: subject.notAfter,
		}
		rows = append(rows, r)
	}
	return rows
}

// shared reads conformance data, which must be there in CI.
func shared(t testing.TB, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) && os.Getenv("CI") == "" {
		t.Skip("the conformance data is not here")
	}
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// parts of a certificate that a question needs; one certificate of the suite has a serial number that
// crypto/x509 refuses, and is asked about nevertheless.
type parts struct {
	serial              *big.Int
	name, spki          []byte
	notBefore, notAfter time.Time
}

func partsOf(t testing.TB, der []byte) parts {
	t.Helper()
	input := cryptobyte.String(der)
	var outer, body, serial, validity, name, spki cryptobyte.String
	var p parts
	if !input.ReadASN1(&outer, cbasn1.SEQUENCE) || !outer.ReadASN1(&body, cbasn1.SEQUENCE) ||
		!body.SkipOptionalASN1(cbasn1.Tag(0).ContextSpecific().Constructed()) ||
		!body.ReadASN1(&serial, cbasn1.INTEGER) || !body.SkipASN1(cbasn1.SEQUENCE) || !body.SkipASN1(cbasn1.SEQUENCE) ||
		!body.ReadASN1(&validity, cbasn1.SEQUENCE) || !body.ReadASN1Element(&name, cbasn1.SEQUENCE) ||
		!body.ReadASN1Element(&spki, cbasn1.SEQUENCE) ||
		!validity.ReadASN1UTCTime(&p.notBefore) || !validity.ReadASN1UTCTime(&p.notAfter) {
		t.Fatal("certificate of the suite cannot be read")
	}
	p.serial, p.name, p.spki = new(big.Int).SetBytes(serial), name, spki
	return p
}
