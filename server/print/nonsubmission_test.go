package print_test

import (
	"errors"
	"testing"
	"time"

	"elicensing/server/print"
)

func nonSubmission() print.NonSubmission {
	p := payment()
	return print.NonSubmission{Number: "1-НП", Date: p.PaidAt.AddDate(0, 0, 1), Payer: p.Payer, Authority: p.Authority, AmountTiyn: p.AmountTiyn, PaidAt: p.PaidAt,
		Document: "000123", Requisites: p.Requisites, Head: "ҮЛГІЛІ АДАМ", Signature: print.EDS{Signer: "ҮЛГІЛІ АДАМ", At: p.PaidAt.AddDate(0, 0, 1)}, Demo: true}
}

// S7.1, letters §5: who paid how much when, by which document, and what the certificate is for; not without any of it.
func TestCertificateOfNonSubmission(t *testing.T) {
	data, err := print.CertificateOfNonSubmission(nonSubmission())
	if err != nil || len(data) == 0 {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*print.NonSubmission){
		"number": func(c *print.NonSubmission) { c.Number = "" }, "date": func(c *print.NonSubmission) { c.Date = time.Time{} },
		"payer": func(c *print.NonSubmission) { c.Payer.ID = "" }, "amount": func(c *print.NonSubmission) { c.AmountTiyn = 0 },
		"moment": func(c *print.NonSubmission) { c.PaidAt = time.Time{} }, "document": func(c *print.NonSubmission) { c.Document = "" },
		"head": func(c *print.NonSubmission) { c.Head = "" },
	} {
		c := nonSubmission()
		change(&c)
		if _, err := print.CertificateOfNonSubmission(c); !errors.Is(err, print.ErrIncomplete) {
			t.Errorf("without %s: %v", name, err)
		}
	}
}
