package document_test

import (
	"context"
	"fmt"

	"elicensing/signing"
	"elicensing/signing/cms"
	"elicensing/signing/document"
)

// Somebody shows a file: what it is, is told from its bytes, and each of its signatures is judged.
func Example() {
	ca, err := authority()
	if err != nil {
		panic(err)
	}
	verifier := signing.NewVerifier(signing.Options{
		Roots: ca.Roots(), Intermediates: ca.Intermediates(), Revocation: ca.Revocation(), Now: clock,
	})
	head, err := ca.GOSTHolder("head")
	if err != nil {
		panic(err)
	}
	file, err := cms.Sign([]byte("письмо"), cms.SignOptions{Key: head.Key, Certificate: head.Certificate, Attached: true})
	if err != nil {
		panic(err)
	}
	for _, shown := range [][]byte{file, []byte("%PDF-1.7\n%%EOF\n"), []byte("письмо")} {
		report := document.Verify(context.Background(), verifier, document.Input{File: shown, Policy: signing.Archive})
		fmt.Printf("%s %s %q\n", report.Kind, report.Outcome, report.Reason)
		for _, s := range report.Signatures {
			if s.Passed() { // of another one nothing is sure, and Signer may be nil
				fmt.Println(" ", s.Signer.Organisation, s.CoversWholeFile)
			}
		}
	}
	// Output:
	// cms TOTAL-PASSED ""
	//   Управление здравоохранения акимата Северо-Казахстанской области true
	// pdf NO_SIGNATURE_FOUND "signature_none"
	// cms TOTAL-FAILED "signature_malformed"
}

// A document and its signature in two files, in whichever order they were chosen.
func ExampleVerifyTogether() {
	ca, err := authority()
	if err != nil {
		panic(err)
	}
	verifier := signing.NewVerifier(signing.Options{
		Roots: ca.Roots(), Intermediates: ca.Intermediates(), Revocation: ca.Revocation(), Now: clock,
	})
	person, err := ca.Holder("person")
	if err != nil {
		panic(err)
	}
	letter := []byte("письмо")
	signature, err := cms.Sign(letter, cms.SignOptions{Key: person.Key, Certificate: person.Certificate})
	if err != nil {
		panic(err)
	}
	report, err := document.VerifyTogether(context.Background(), verifier, letter, signature, signing.Archive)
	fmt.Println(report.Outcome, err)
	report, err = document.VerifyTogether(context.Background(), verifier, signature, []byte("другое письмо"), signing.Archive)
	fmt.Println(report.Outcome, report.Reason, err)
	_, err = document.VerifyTogether(context.Background(), verifier, letter, letter, signing.Archive)
	fmt.Println(err)
	// Output:
	// TOTAL-PASSED <nil>
	// TOTAL-FAILED signature_content_differs <nil>
	// document: neither file is a message
}
