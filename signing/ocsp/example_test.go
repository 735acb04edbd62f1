package ocsp_test

import (
	"crypto/x509"
	"fmt"
	"time"

	"elicensing/signing/ocsp"
)

// Whoever asks sends a fresh nonce, and gives Verify what the answer must fit.
func Example() {
	var (
		person, issuer *x509.Certificate
		nonce          []byte // 32 bytes from crypto/rand
		post           func(question []byte) []byte
		now            time.Time
	)
	target := ocsp.TargetOf(person, issuer)
	question, err := ocsp.NewRequest(target, nonce)
	if err != nil {
		return
	}
	answer, err := ocsp.Verify(post(question), ocsp.Question{
		Target: target, Nonce: nonce, Now: now, MaxAge: 24 * time.Hour, Skew: 5 * time.Minute,
	})
	switch {
	case err != nil:
		fmt.Println("nothing is known:", err)
	case answer.Status == ocsp.Good:
		fmt.Println("not revoked at", answer.ThisUpdate)
	case answer.Status == ocsp.Revoked:
		fmt.Println("revoked at", answer.RevokedAt)
	default:
		fmt.Println("the responder does not know the certificate")
	}
}
