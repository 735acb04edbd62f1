package signing_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"elicensing/signing"
	"elicensing/signing/democa"
	"elicensing/signing/path"
	"elicensing/signing/revocation"
)

// counting answers as the demo authority does, and notes whom it was asked about.
type counting struct {
	of    signing.Revocation
	asked []string
}

func (c *counting) CheckPath(ctx context.Context, q path.RevocationQuestion, now time.Time) (revocation.Answer, error) {
	c.asked = append(c.asked, q.Chain[0].Serial.String())
	return c.of.CheckPath(ctx, q, now)
}

// Nobody can make us ask the authority by putting genuine time stamps beside a signature that is not accepted anyway;
// and of a good signer we ask about few of them.
func TestQuestionsThatAreAsked(t *testing.T) {
	key := holder(t, "person").Key
	for name, tc := range map[string]struct {
		signer *democa.Holder
		policy signing.Policy
		stamps int
		reason signing.Reason
		asked  int
	}{
		"good, without time stamp":       {holder(t, "person"), signing.Applicant, 0, "", 2},
		"good":                           {holder(t, "person"), signing.Applicant, 1, "", 4}, // signer, time-stamping authority, and the authority of each
		"good, with many time stamps":    {holder(t, "person"), signing.Applicant, 9, "", 2 + 4*2},
		"of another authority":           {holder(t, "untrusted"), signing.Applicant, 3, signing.CertificateUntrusted, 0},
		"for authentication only":        {holder(t, "auth-only"), signing.Applicant, 3, signing.CertificateAuthOnly, 0},
		"a person for an official's act": {holder(t, "person"), signing.Official, 3, signing.CertificateProfile, 0},
		"an information system": {issue(t, entity, democa.IssueOptions{Key: key, Role: signing.RoleInformationSystem}), signing.Applicant, 3,
			signing.CertificateNotForPeople, 0},
		"of another authority, ended": {issue(t, person, democa.IssueOptions{Key: key, Untrusted: true, NotBefore: T0.AddDate(-2, 0, 0), NotAfter: T0.AddDate(-1, 0, 0)}),
			signing.Archive, 3, signing.CertificateUntrusted, 0},
	} {
		a := demo(t)
		message := signed(t, tc.signer, content)
		value, err := signing.SignatureValue(message)
		if err != nil {
			t.Fatal(err)
		}
		for range tc.stamps {
			token, err := stamper(t, a).Stamp(context.Background(), value)
			if err != nil {
				t.Fatal(err)
			}
			if message, err = signing.AddTimeStamp(message, token.Raw); err != nil {
				t.Fatal(err)
			}
		}
		source := &counting{of: a.Revocation()}
		v := signing.NewVerifier(signing.Options{Roots: a.Roots(), Intermediates: a.Intermediates(), Revocation: source, Now: clock})
		report := v.Verify(context.Background(), message, content, tc.policy)
		if report.Reason != tc.reason || len(source.asked) != tc.asked || report.Passed() != (tc.reason == "") {
			t.Errorf("%s: %s %s, asked %d times, want %d", name, report.Outcome, report.Reason, len(source.asked), tc.asked)
		}
		judged := slices.IndexFunc(report.Checks, func(c signing.Check) bool { return c.Name == "time-stamps" && c.Outcome == signing.CheckSkipped }) < 0
		if judged != (tc.stamps > 0 && tc.reason == "") {
			t.Errorf("%s: time stamps judged: %t", name, judged)
		}
	}
}
