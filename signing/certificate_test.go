package signing_test

import (
	"context"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"elicensing/signing"
	"elicensing/signing/cms"
	"elicensing/signing/democa"
	"elicensing/signing/profile"
	"elicensing/signing/revocation"
)

const bothBits = x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment

func usages(ids ...asn1.ObjectIdentifier) func(*x509.Certificate) {
	return func(c *x509.Certificate) { c.UnknownExtKeyUsage = ids }
}

func subject(change func(name string, value string) string) func(*x509.Certificate) {
	return func(c *x509.Certificate) {
		var kept []pkix.AttributeTypeAndValue
		for _, n := range c.Subject.ExtraNames {
			if value := change(n.Type.String(), n.Value.(string)); value != "" {
				kept = append(kept, pkix.AttributeTypeAndValue{Type: n.Type, Value: value})
			}
		}
		c.Subject.ExtraNames = kept
	}
}

func policyOf(t *testing.T, oid string) func(*x509.Certificate) {
	id, err := x509.ParseOID(oid)
	if err != nil {
		t.Fatal(err)
	}
	return func(c *x509.Certificate) { c.Policies = []x509.OID{id} }
}

// Certificates that break the national profile, each in one way, under the policies they are refused by.
func TestCertificatesAreHeldAgainstTheProfile(t *testing.T) {
	only := func(name, replacement string) func(*x509.Certificate) {
		return subject(func(n, v string) string {
			if n == name {
				return replacement
			}
			return v
		})
	}
	add := func(oid asn1.ObjectIdentifier, value string) func(*x509.Certificate) {
		return func(c *x509.Certificate) {
			c.Subject.ExtraNames = append(c.Subject.ExtraNames, pkix.AttributeTypeAndValue{Type: oid, Value: value})
		}
	}
	const (
		cn           = "2.5.4.3"
		serialNumber = "2.5.4.5"
		unit         = "2.5.4.11"
	)
	signing2, entityOID := profile.KindOID(signing.KindPerson), profile.KindOID(signing.KindEntity)
	head := democa.IssueOptions{Role: signing.RoleHead}
	for name, tc := range map[string]struct {
		person  democa.Person
		options democa.IssueOptions
		change  func(*x509.Certificate)
		policy  signing.Policy
		reason  string // empty: accepted
	}{
		"person":                         {person: person, policy: signing.Applicant},
		"person at sign-in":              {person: person, policy: signing.SignIn},
		"person as official":             {person: person, policy: signing.Official, reason: signing.CertificateProfile},
		"head":                           {person: entity, options: head, policy: signing.Applicant},
		"head as official":               {person: entity, options: head, policy: signing.Official},
		"employee as official":           {person: entity, options: democa.IssueOptions{Role: signing.RoleEmployee}, policy: signing.Official},
		"right to sign":                  {person: entity, options: democa.IssueOptions{Role: signing.RoleRightToSign}, policy: signing.Applicant},
		"authentication key":             {person: person, options: democa.IssueOptions{AuthOnly: true}, policy: signing.Applicant, reason: signing.CertificateAuthOnly},
		"authentication key at sign-in":  {person: person, options: democa.IssueOptions{AuthOnly: true}, policy: signing.SignIn},
		"authentication key of official": {person: entity, options: democa.IssueOptions{AuthOnly: true, Role: signing.RoleHead}, policy: signing.Official, reason: signing.CertificateAuthOnly},
		"key agreement beside signing": {person: person, policy: signing.Applicant, change: func(c *x509.Certificate) {
			c.KeyUsage = bothBits | x509.KeyUsageKeyAgreement
		}},
		"key encipherment beside signing": {person: person, policy: signing.Applicant, change: func(c *x509.Certificate) {
			c.KeyUsage = bothBits | x509.KeyUsageKeyEncipherment
		}},
		"digitalSignature only": {person: person, policy: signing.Applicant, reason: signing.CertificateProfile, change: func(c *x509.Certificate) {
			c.KeyUsage = x509.KeyUsageDigitalSignature
		}},
		"keyEncipherment only": {person: person, policy: signing.SignIn, reason: signing.CertificateProfile, change: func(c *x509.Certificate) {
			c.KeyUsage = x509.KeyUsageKeyEncipherment
		}},
		"no key usage": {person: person, policy: signing.SignIn, reason: signing.CertificateProfile, change: func(c *x509.Certificate) { c.KeyUsage = 0 }},
		"an authority's certificate": {person: person, policy: signing.Applicant, reason: signing.CertificateProfile, change: func(c *x509.Certificate) {
			c.IsCA, c.BasicConstraintsValid = true, true
			c.KeyUsage = bothBits | x509.KeyUsageCertSign
		}},
		"information system": {person: democa.Person{Surname: "ИС", GivenName: "Тест", BIN: "123456789021"}, policy: signing.SignIn,
			options: democa.IssueOptions{Role: signing.RoleInformationSystem}, reason: signing.CertificateNotForPeople},
		"information system and head": {person: entity, policy: signing.Applicant, options: head, reason: signing.CertificateNotForPeople,
			change: usages(entityOID, profile.OIDOfRole(signing.RoleHead), profile.OIDOfRole(signing.RoleInformationSystem))},
		"neither person nor entity": {person: person, policy: signing.SignIn, reason: signing.CertificateProfile, change: usages()},
		"person and entity":         {person: entity, policy: signing.SignIn, options: head, reason: signing.CertificateProfile, change: usages(signing2, entityOID, profile.OIDOfRole(signing.RoleHead))},
		"person with a role":        {person: person, policy: signing.SignIn, reason: signing.CertificateProfile, change: usages(signing2, profile.OIDOfRole(signing.RoleHead))},
		"entity without a role":     {person: entity, policy: signing.SignIn, reason: signing.CertificateProfile},
		"operator of the authority": {person: person, policy: signing.SignIn, reason: signing.CertificateProfile, change: usages(asn1.ObjectIdentifier{1, 2, 398, 3, 3, 4, 2, 3})},
		"policy of before 2022":     {person: person, policy: signing.Applicant, change: policyOf(t, "1.2.398.3.3.2.3")},
		"policy of another system":  {person: person, policy: signing.Applicant, reason: signing.CertificateProfile, change: policyOf(t, "1.2.398.6.10.1")},
		"no policy":                 {person: person, policy: signing.Applicant, reason: signing.CertificateProfile, change: func(c *x509.Certificate) { c.Policies = nil }},
		"no IIN":                    {person: person, policy: signing.SignIn, reason: signing.CertificateProfile, change: only(serialNumber, "")},
		"IIN without prefix":        {person: person, policy: signing.SignIn, reason: signing.CertificateProfile, change: only(serialNumber, "123456789011")},
		"IIN of 11 digits":          {person: person, policy: signing.SignIn, reason: signing.CertificateProfile, change: only(serialNumber, "IIN12345678901")},
		"IIN with a letter":         {person: person, policy: signing.SignIn, reason: signing.CertificateProfile, change: only(serialNumber, "IIN12345678901A")},
		"two IIN":                   {person: person, policy: signing.SignIn, reason: signing.CertificateProfile, change: add(asn1.ObjectIdentifier{2, 5, 4, 5}, "IIN123456789012")},
		"two BIN":                   {person: entity, policy: signing.SignIn, options: head, reason: signing.CertificateProfile, change: add(asn1.ObjectIdentifier{2, 5, 4, 11}, "BIN123456789022")},
		"entity without BIN":        {person: entity, policy: signing.SignIn, options: head, reason: signing.CertificateProfile, change: only(unit, "")},
		"person with BIN":           {person: person, policy: signing.SignIn, reason: signing.CertificateProfile, change: add(asn1.ObjectIdentifier{2, 5, 4, 11}, "BIN123456789022")},
		"no name":                   {person: person, policy: signing.SignIn, reason: signing.CertificateProfile, change: only(cn, "")},
		"unknown critical extension": {person: person, policy: signing.Applicant, reason: signing.CertificateUntrusted, change: func(c *x509.Certificate) {
			c.ExtraExtensions = append(c.ExtraExtensions, pkix.Extension{Id: asn1.ObjectIdentifier{1, 2, 3}, Critical: true, Value: []byte{5, 0}})
		}},
	} {
		o := tc.options
		o.Change = tc.change
		message := forge(t, issue(t, tc.person, o), nil)
		report := verifier(t).Verify(context.Background(), message, content, tc.policy)
		if report.Reason != tc.reason || report.Passed() != (tc.reason == "") {
			t.Errorf("%s: %s %q, want %q: %+v", name, report.Outcome, report.Reason, tc.reason, report.Checks[len(report.Checks)-1])
		}
	}
}

func TestTimeOfTheCertificate(t *testing.T) {
	h := holder(t, "person")
	message := forge(t, h, func(f *forgery) { f.set(cms.OIDSigningTime) })
	for name, tc := range map[string]struct {
		at     time.Time
		reason string
	}{
		"at its beginning":     {h.Certificate.NotBefore, ""},
		"a second too early":   {h.Certificate.NotBefore.Add(-time.Second), signing.CertificateNotYetValid},
		"a second too late":    {h.Certificate.NotAfter.Add(time.Second), signing.CertificateExpired},
		"long after everybody": {T0.AddDate(30, 0, 0), signing.CertificateExpired},
	} {
		a := demo(t)
		v := signing.NewVerifier(signing.Options{Roots: a.Roots(), Intermediates: a.Intermediates(),
			Revocation: always{revocation.Answer{Status: revocation.Good}}, Now: func() time.Time { return tc.at }})
		report := v.Verify(context.Background(), message, content, signing.Applicant)
		if report.Reason != tc.reason {
			t.Errorf("%s: %q, want %q", name, report.Reason, tc.reason)
		}
	}
}

// A claimed signing time inside the validity does not save a certificate that has expired since.
func TestBackdatedSignatureOfAnExpiredKey(t *testing.T) {
	h := holder(t, "expired")
	message := forge(t, h, func(f *forgery) { f.set(cms.OIDSigningTime, utcTime(t, h.Certificate.NotBefore.AddDate(0, 1, 0))) })
	report := verify(t, message)
	if report.Reason != signing.CertificateExpired || report.Outcome != signing.Indeterminate || report.SubIndication != "OUT_OF_BOUNDS_NO_POE" {
		t.Errorf("%s %s %s", report.Outcome, report.SubIndication, report.Reason)
	}
}

func TestPathsThatLeadToNoRoot(t *testing.T) {
	h := holder(t, "person")
	foreign, err := stranger(t).Holder("person")
	if err != nil {
		t.Fatal(err)
	}
	leaf := leafBelow(t, h)
	for name, message := range map[string][]byte{
		"authority of the same name": forge(t, foreign, nil),
		"its own root in the message": forge(t, foreign, func(f *forgery) {
			f.message.Certificates = append(f.message.Certificates, foreign.Chain[0].Raw, stranger(t).Root().Raw)
		}),
		"below a certificate that is no CA":  forge(t, leaf, func(f *forgery) { f.message.Certificates = append(f.message.Certificates, h.Certificate.Raw) }),
		"the untrusted demo key":             forge(t, holder(t, "untrusted"), nil),
		"untrusted and outside its validity": forge(t, expiredUntrusted(t), nil),
	} {
		report := verify(t, message)
		if report.Reason != signing.CertificateUntrusted || report.Outcome != signing.Indeterminate {
			t.Errorf("%s: %s %s", name, report.Outcome, report.Reason)
		}
	}
}

func expiredUntrusted(t *testing.T) *democa.Holder {
	return issue(t, person, democa.IssueOptions{Untrusted: true, NotBefore: T0.AddDate(-2, 0, 0), NotAfter: T0.AddDate(-1, 0, 0)})
}

// leafBelow is a certificate that a person signed with his own key, as if he were an authority.
func leafBelow(t *testing.T, h *democa.Holder) *democa.Holder {
	t.Helper()
	template := *h.Certificate
	template.SerialNumber = serial(4711)
	key := holder(t, "sole-trader").Key
	der, err := x509.CreateCertificate(rand.Reader, &template, h.Certificate, key.Public(), h.Key)
	if err != nil {
		t.Fatal(err)
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return &democa.Holder{Key: key, Certificate: certificate}
}

func TestReportTellsWhoSignedAndSurvivesJSON(t *testing.T) {
	report := verifier(t).Verify(context.Background(), forge(t, holder(t, "head"), nil), content, signing.Official)
	if !report.Passed() || report.Reason != "" || report.SubIndication != "" || report.Policy != "official" {
		t.Fatalf("%+v", report)
	}
	s := report.Signer
	if s.FullName() != "СЕЙІТҚАЛИЕВ НҰРБОЛ БАУЫРЖАНҰЛЫ" || s.Kind != signing.KindEntity || !s.Has(signing.RoleHead) || s.Has(signing.RoleEmployee) ||
		s.BIN != democa.AuthorityBIN || s.Organisation != democa.AuthorityName || s.GivenName != "НҰРБОЛ" || s.SerialNumber == "" {
		t.Errorf("signer is %+v", s)
	}
	if !report.SigningTime.Equal(T0) || !report.Evidence.CheckedAt.Equal(T0) ||
		len(report.Evidence.Chain) != 3 || len(report.Evidence.OCSP) != 2 || len(report.Evidence.CRLs) != 0 {
		t.Errorf("evidence: %d certificates, %d answers", len(report.Evidence.Chain), len(report.Evidence.OCSP))
	}
	text, err := json.Marshal(report)
	if err != nil {
		t.Fatal(err)
	}
	var again signing.Report
	if err := json.Unmarshal(text, &again); err != nil || !reflect.DeepEqual(report, again) {
		t.Errorf("another report comes back from JSON (%v): %s", err, text)
	}
}
