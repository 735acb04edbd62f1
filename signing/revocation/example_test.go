package revocation_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"elicensing/signing/certificate"
	"elicensing/signing/revocation"
)

// The addresses of an authority come from the configuration; its lists are kept in a folder.
func ExampleClient_Check() {
	var person, issuer *certificate.Certificate
	client := &revocation.Client{
		Sources: []revocation.Source{{Issuer: issuer, OCSP: "http://ocsp.example/", CRL: "http://crl.example/nca.crl"}},
		Folder:  "/var/lib/verifier/crl",
	}
	answer, err := client.Check(context.Background(), person, issuer, time.Now())
	switch {
	case errors.Is(err, revocation.ErrUnavailable):
		fmt.Println("try later")
	case answer.Status == revocation.Revoked:
		fmt.Println("revoked at", answer.RevokedAt)
	case answer.Status == revocation.Good:
		fmt.Println("not revoked; proof:", len(answer.OCSP), len(answer.CRLs))
	}
}
