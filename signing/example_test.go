package signing_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"time"

	"elicensing/signing"
	"elicensing/signing/cms"
	"elicensing/signing/democa"
)

// The server keeps the bytes, somebody signs them, and the verifier says whether he did and who he is. Roots, issuing
// authorities and addresses come from the configuration; here they are those of the demo authority.
func Example() {
	ca, err := authority()
	if err != nil {
		panic(err)
	}
	stored := []byte("манифест запроса")
	person, err := ca.GOSTHolder("person")
	if err != nil {
		panic(err)
	}
	message, err := cms.Sign(stored, cms.SignOptions{Key: person.Key, Certificate: person.Certificate})
	if err != nil {
		panic(err)
	}

	verifier := signing.NewVerifier(signing.Options{
		Roots: ca.Roots(), Intermediates: ca.Intermediates(), Revocation: ca.Revocation(), Now: clock,
	})
	report := verifier.Verify(context.Background(), message, stored, signing.Applicant)
	fmt.Println(report.Outcome, report.Algorithm)
	fmt.Println(report.Signer.FullName(), report.Signer.IIN)

	report = verifier.Verify(context.Background(), message, []byte("другой запрос"), signing.Applicant)
	fmt.Println(report.Outcome, report.SubIndication, report.Reason)
	// Output:
	// TOTAL-PASSED GOST 34.10-2015-512
	// ТЕСТОВ ТЕСТ ТЕСТОВИЧ 123456789011
	// TOTAL-FAILED HASH_FAILURE signature_content_differs
}

// What is accepted is kept with a time stamp and all evidence, and is shown to be good ten years later by the root
// alone, when the certificate has long ended and nobody is asked.
func ExampleVerifier_Accept() {
	ca, err := authority()
	if err != nil {
		panic(err)
	}
	stored := []byte("манифест запроса")
	person, err := ca.Holder("person")
	if err != nil {
		panic(err)
	}
	message, err := cms.Sign(stored, cms.SignOptions{Key: person.Key, Certificate: person.Certificate})
	if err != nil {
		panic(err)
	}
	services := httptest.NewServer(ca.Handler())
	defer services.Close()

	verifier := signing.NewVerifier(signing.Options{
		Roots: ca.Roots(), Intermediates: ca.Intermediates(), Revocation: ca.Revocation(),
		Stamps: signing.StampsFrom(services.URL+democa.PathTSP, clock), Now: clock,
	})
	report, accepted, err := verifier.Accept(context.Background(), message, stored, signing.Applicant)
	fmt.Println(report.Outcome, len(report.TimeStamps), err)

	archive := signing.NewVerifier(signing.Options{Roots: ca.Roots(), Now: func() time.Time { return clock().AddDate(10, 0, 0) }})
	report = archive.Verify(context.Background(), accepted.Kept, stored, signing.Archive)
	fmt.Println(report.Outcome, report.BestSignatureTime.Format(time.DateOnly))
	report = archive.Verify(context.Background(), message, stored, signing.Archive) // as it came, without time stamp and evidence
	fmt.Println(report.Outcome, report.Reason)
	// Output:
	// TOTAL-PASSED 1 <nil>
	// TOTAL-PASSED 2026-11-23
	// INDETERMINATE certificate_expired
}

// A report goes to programs by codes, and to people by their texts.
func ExampleTextsIn() {
	for _, language := range signing.Languages() {
		texts, err := signing.TextsIn(language)
		if err != nil {
			panic(err)
		}
		fmt.Println(texts.Reasons[signing.CertificateAuthOnly])
	}
	// Output:
	// Аутентификациялау кілтімен қол қойылған; қол қою кілті керек
	// Подписано ключом для аутентификации; нужен ключ для подписи
	// Signed with a key for authentication; a key for signing is needed
}

// A new act is a new value: whose certificates are accepted for it.
func ExamplePolicy() {
	ca, err := authority()
	if err != nil {
		panic(err)
	}
	headsOnly := signing.Policy{Name: "heads_only", Roles: []signing.Role{signing.RoleHead}, Uses: signing.Official.Uses}
	verifier := signing.NewVerifier(signing.Options{
		Roots: ca.Roots(), Intermediates: ca.Intermediates(), Revocation: ca.Revocation(), Now: clock,
	})
	order := []byte("приказ")
	for _, who := range []string{"head", "person"} {
		holder, err := ca.Holder(who)
		if err != nil {
			panic(err)
		}
		message, err := cms.Sign(order, cms.SignOptions{Key: holder.Key, Certificate: holder.Certificate})
		if err != nil {
			panic(err)
		}
		report := verifier.Verify(context.Background(), message, order, headsOnly)
		fmt.Printf("%s %s %q\n", who, report.Outcome, report.Reason)
	}
	// Output:
	// head TOTAL-PASSED ""
	// person INDETERMINATE "certificate_profile"
}
