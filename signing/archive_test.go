package signing_test

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"elicensing/signing"
	"elicensing/signing/cms"
	"elicensing/signing/democa"
	"elicensing/signing/document"
	"elicensing/signing/pades"
	"elicensing/signing/revocation"
	"elicensing/signing/tsp"
)

// stamper asks an authority in process.
func stamper(t testing.TB, a *democa.Authority) *tsp.Client {
	handler, client := a.Handler(), signing.StampsFrom("http://"+configured+democa.PathTSP, clock)
	client.HTTP = &http.Client{Transport: transport{t, func(r *http.Request) (*http.Response, error) {
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		return w.Result(), nil
	}}}
	return client
}

// stamping is today's verifier with a time-stamping authority.
func stamping(t testing.TB, s signing.Stamper) *signing.Verifier {
	a := demo(t)
	return signing.NewVerifier(signing.Options{Roots: a.Roots(), Intermediates: a.Intermediates(), Revocation: a.Revocation(), Stamps: s, Now: clock})
}

// silent is an authority that does not answer.
type silent struct{}

func (silent) Stamp(context.Context, []byte) (*tsp.Token, error) { return nil, tsp.ErrUnavailable }

func signed(t testing.TB, h *democa.Holder, over []byte) []byte {
	t.Helper()
	message, err := cms.Sign(over, cms.SignOptions{Key: h.Key, Certificate: h.Certificate})
	if err != nil {
		t.Fatal(err)
	}
	return message
}

func accept(t testing.TB, message, over []byte, p signing.Policy) []byte {
	t.Helper()
	report, accepted, err := stamping(t, stamper(t, demo(t))).Accept(context.Background(), message, over, p)
	if err != nil || !report.Passed() {
		t.Fatalf("%s %s (%v)", report.Outcome, report.Reason, err)
	}
	return accepted.Kept
}

// later is a verifier in another year that knows the root and nothing else, and has no network.
func later(t testing.TB, at time.Time) *signing.Verifier {
	return signing.NewVerifier(signing.Options{Roots: demo(t).Roots(), Now: func() time.Time { return at }})
}

var tenYearsOn = T0.AddDate(10, 0, 0)

func TestAcceptedSignatureIsProvableTenYearsLaterOffline(t *testing.T) {
	kept := accept(t, signed(t, holder(t, "person"), content), content, signing.Applicant)
	report := later(t, tenYearsOn).Verify(context.Background(), kept, content, signing.Archive)
	if !report.Passed() || report.Signer.IIN == "" || !report.BestSignatureTime.Equal(T0) {
		t.Errorf("%s %s %s, best time %v, %+v", report.Outcome, report.SubIndication, report.Reason, report.BestSignatureTime, report.TimeStamps)
	}
	if r := later(t, tenYearsOn).Verify(context.Background(), kept, content, signing.Applicant); r.Passed() {
		t.Error("a policy of today accepts an authority that ended")
	}
}

func TestStoredContainerAndLicenceAreProvableTenYearsLaterOffline(t *testing.T) {
	for name, stored := range map[string][]byte{"container": storedContainer(t), "licence": storedLicence(t)} {
		report := document.Verify(context.Background(), later(t, tenYearsOn), document.Input{File: stored, Policy: signing.Archive})
		if !report.Passed() || !report.Signatures[0].BestSignatureTime.Equal(T0) {
			t.Errorf("%s: %s %s %s", name, report.Outcome, report.Reason, report.Detail)
		}
	}
}

func licencePDF(t testing.TB) []byte {
	t.Helper()
	file, err := os.ReadFile(filepath.Join("pades", "testdata", "licence.pdf"))
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// storedLicence keeps its evidence in the security store of the PDF.
func storedLicence(t testing.TB) []byte {
	t.Helper()
	p, err := pades.Prepare(licencePDF(t), pades.Options{SignedAt: T0})
	if err != nil {
		t.Fatal(err)
	}
	message := signed(t, holder(t, "head"), p.SignedBytes())
	report, accepted, err := stamping(t, stamper(t, demo(t))).Accept(context.Background(), message, p.SignedBytes(), signing.Official)
	if err != nil || !report.Passed() {
		t.Fatalf("%s %s (%v)", report.Outcome, report.Reason, err)
	}
	pdf, err := pades.Insert(p.PDF(), accepted.Stamped)
	if err != nil {
		t.Fatal(err)
	}
	pdf, err = pades.AddStore(pdf, report.Evidence.Store())
	if err != nil {
		t.Fatal(err)
	}
	return pdf
}

// What is missing or altered in the evidence proves nothing, and never passes.
func TestEvidenceIsBelievedOnlyAsFarAsItsSignatures(t *testing.T) {
	message := signed(t, holder(t, "person"), content)
	report, accepted, err := stamping(t, stamper(t, demo(t))).Accept(context.Background(), message, content, signing.Applicant)
	if err != nil || !report.Passed() {
		t.Fatalf("%s %s (%v)", report.Outcome, report.Reason, err)
	}
	stamped, err := signing.AddTimeStamp(message, report.Evidence.TimeStamps[0])
	if err != nil {
		t.Fatal(err)
	}
	with := func(base []byte, change func(*signing.Evidence)) []byte {
		found := report.Evidence
		found.Chain, found.StampChain = bytesOf(found.Chain), bytesOf(found.StampChain)
		found.OCSP, found.CRLs = bytesOf(found.OCSP), bytesOf(found.CRLs)
		change(&found)
		altered, err := signing.AddEvidence(base, found)
		if err != nil {
			t.Fatal(err)
		}
		return altered
	}
	flipAll := func(list [][]byte) {
		for _, one := range list {
			one[len(one)-1] ^= 1
		}
	}
	for name, tc := range map[string]struct {
		message []byte
		reason  string
	}{
		"no evidence":               {stamped, signing.CertificateUntrusted},
		"no time stamp":             {with(message, func(*signing.Evidence) {}), signing.CertificateExpired},
		"no answers":                {with(stamped, func(e *signing.Evidence) { e.OCSP, e.CRLs = nil, nil }), signing.RevocationUnavailable},
		"altered answers":           {with(stamped, func(e *signing.Evidence) { flipAll(e.OCSP); flipAll(e.CRLs) }), signing.RevocationUnavailable},
		"answer about somebody":     {with(stamped, func(e *signing.Evidence) { e.OCSP = e.OCSP[1:] }), signing.RevocationUnavailable},
		"no certificates":           {with(stamped, func(e *signing.Evidence) { e.Chain, e.StampChain = nil, nil }), signing.CertificateUntrusted},
		"certificates of strangers": {with(stamped, func(e *signing.Evidence) { e.Chain, e.StampChain = strangerChain(t), nil }), signing.CertificateUntrusted},
	} {
		r := later(t, tenYearsOn).Verify(context.Background(), tc.message, content, signing.Archive)
		if r.Passed() || r.Reason != tc.reason {
			t.Errorf("%s: %s %s, want %s", name, r.Outcome, r.Reason, tc.reason)
		}
	}
	if r := later(t, tenYearsOn).Verify(context.Background(), accepted.Kept, content, signing.Archive); !r.Passed() {
		t.Errorf("the good twin: %s %s", r.Outcome, r.Reason)
	}
	old := signing.NewVerifier(signing.Options{Roots: stranger(t).Roots(), Now: func() time.Time { return tenYearsOn }})
	if r := old.Verify(context.Background(), accepted.Kept, content, signing.Archive); r.Reason != signing.CertificateUntrusted {
		t.Errorf("another root: %s %s", r.Outcome, r.Reason)
	}
}

func bytesOf(list [][]byte) [][]byte {
	var copies [][]byte
	for _, one := range list {
		copies = append(copies, bytes.Clone(one))
	}
	return copies
}

func strangerChain(t testing.TB) [][]byte {
	return [][]byte{stranger(t).Intermediates()[0].Raw, stranger(t).Root().Raw}
}

func TestSilentTimeStampingAuthorityCostsNobodyHisSignature(t *testing.T) {
	message := signed(t, holder(t, "person"), content)
	report, accepted, err := stamping(t, silent{}).Accept(context.Background(), message, content, signing.Applicant)
	if err != nil || !report.Passed() {
		t.Fatalf("%s %s (%v)", report.Outcome, report.Reason, err)
	}
	stamp := report.Checks[len(report.Checks)-2]
	if stamp.Name != "own-time-stamp" || stamp.Outcome != signing.CheckWarning || len(report.TimeStamps) != 0 {
		t.Errorf("%+v", stamp)
	}
	// While the answers are fresh the evidence is enough, without a network.
	if r := later(t, T0.Add(time.Minute)).Verify(context.Background(), accepted.Kept, content, signing.Archive); !r.Passed() {
		t.Errorf("a minute later: %s %s", r.Outcome, r.Reason)
	}
}

func TestAcceptRefusesWhatVerifyRefuses(t *testing.T) {
	message := signed(t, holder(t, "revoked"), content)
	report, accepted, err := stamping(t, stamper(t, demo(t))).Accept(context.Background(), message, content, signing.Applicant)
	if report.Reason != signing.CertificateRevoked || accepted.Kept != nil || err != nil {
		t.Errorf("%s, %d bytes kept (%v)", report.Reason, len(accepted.Kept), err)
	}
	// A token of a stranger's authority is not taken for one of ours.
	report, _, err = stamping(t, stamper(t, stranger(t))).Accept(context.Background(), signed(t, holder(t, "person"), content), content, signing.Applicant)
	if err != nil || !report.Passed() || len(report.TimeStamps) != 0 || report.Checks[len(report.Checks)-2].Outcome != signing.CheckWarning {
		t.Errorf("%s, %d time stamps (%v)", report.Outcome, len(report.TimeStamps), err)
	}
	if _, err := signing.AddEvidence([]byte("no message"), signing.Evidence{}); !errors.Is(err, cms.ErrMalformed) {
		t.Errorf("evidence without message: %v", err)
	}
}

// A list of 20 MB does not stand in the message; the report has it, and says so.
func TestAListThatIsTooLargeIsKeptBeside(t *testing.T) {
	for size, want := range map[int]signing.CheckOutcome{1000: signing.CheckPassed, signing.MaxEvidence + 1: signing.CheckWarning} {
		list := make([]byte, size)
		copy(list, []byte{0x30, 0x82})
		v := signing.NewVerifier(signing.Options{Roots: demo(t).Roots(), Intermediates: demo(t).Intermediates(), Now: clock,
			Revocation: always{revocation.Answer{Status: revocation.Good, CRLs: [][]byte{list}}}})
		report, accepted, err := v.Accept(context.Background(), signed(t, holder(t, "person"), content), content, signing.Applicant)
		if err != nil || !report.Passed() {
			t.Fatalf("%s %s (%v)", report.Outcome, report.Reason, err)
		}
		last := report.Checks[len(report.Checks)-1]
		if last.Name != "evidence" || last.Outcome != want || len(report.Evidence.CRLs) != 1 || (len(accepted.Kept) > size) != (want == signing.CheckPassed) {
			t.Errorf("%d bytes: %+v, %d lists, %d bytes kept", size, last, len(report.Evidence.CRLs), len(accepted.Kept))
		}
	}
}
