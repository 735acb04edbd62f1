package adversarial_test

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"testing"

	"elicensing/signing"
	"elicensing/signing/cms"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

var (
	untrusted       = verdict{signing.Indeterminate, "NO_CERTIFICATE_CHAIN_FOUND", signing.CertificateUntrusted}
	brokenPath      = verdict{signing.Indeterminate, "CERTIFICATE_CHAIN_GENERAL_FAILURE", signing.CertificateUntrusted}
	constrainedPath = verdict{signing.Indeterminate, "CHAIN_CONSTRAINTS_FAILURE", signing.CertificateUntrusted}
	wrongProfile    = verdict{signing.Indeterminate, "CHAIN_CONSTRAINTS_FAILURE", signing.CertificateProfile}
	authOnly        = verdict{signing.Indeterminate, "CHAIN_CONSTRAINTS_FAILURE", signing.CertificateAuthOnly}
	expired         = verdict{signing.Indeterminate, "OUT_OF_BOUNDS_NO_POE", signing.CertificateExpired}
	notYetValid     = verdict{signing.Indeterminate, "OUT_OF_BOUNDS_NO_POE", signing.CertificateNotYetValid}
)

func TestE(t *testing.T) {
	play(t, []attackCase{
		{"E01", "untrusted-same-name-root", []defect{{name: "other key", want: untrusted, apply: func(s *scene) {
			template := authorityTemplate("TEST ROOT R", 1)
			other := issue(s.t, template, s.pki.otherRoot, pair{})
			ca := issue(s.t, authorityTemplate("TEST AUTHORITY J", 21), s.pki.foreign.key, other)
			s.reissue(applicantTemplate(), ca)
			s.message.Certificates = append(s.message.Certificates, ca.certificate.Raw, other.certificate.Raw)
		}}}},
		{"E02", "self-supplied-trust", []defect{
			{name: "own root", want: untrusted, apply: func(s *scene) {
				s.reissue(applicantTemplate(), s.pki.foreign)
				s.message.Certificates = append(s.message.Certificates, s.pki.foreign.certificate.Raw, s.pki.foreignRoot.certificate.Raw)
			}},
			{name: "nothing configured", want: untrusted, apply: func(s *scene) {
				s.roots, s.intermediates = nil, nil
				s.message.Certificates = append(s.message.Certificates, s.pki.ca.certificate.Raw, s.pki.root.certificate.Raw)
			}},
		}},
		{"E03", "expired-backdated", []defect{{name: "two years ago", want: expired, apply: func(s *scene) {
			s.reissue(validFor(before(1095), before(730)), s.pki.ca)
			s.set(cms.OIDSigningTime, utcTime(s.t, before(800)))
		}}}},
		{"E04", "not-yet-valid", []defect{{name: "from tomorrow", want: notYetValid, apply: func(s *scene) {
			s.reissue(validFor(T0.AddDate(0, 0, 1), T0.AddDate(1, 0, 0)), s.pki.ca)
		}}}},
		{"E05", "ku-key-encipherment", []defect{{name: "keyEncipherment", want: wrongProfile, apply: func(s *scene) {
			s.reissue(used(x509.KeyUsageKeyEncipherment), s.pki.ca)
		}}}},
		{"E06", "ku-digital-signature-only", []defect{
			{name: "digitalSignature", want: wrongProfile, apply: func(s *scene) { s.official(x509.KeyUsageDigitalSignature) }, twin: goodOfficial},
			{name: "authentication key", want: authOnly, twin: goodOfficial, apply: func(s *scene) {
				s.official(x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment)
			}},
			{name: "both bits, and for clients only", want: authOnly, apply: forClients(x509.ExtKeyUsageClientAuth),
				twin: forClients(x509.ExtKeyUsageClientAuth, x509.ExtKeyUsageEmailProtection)},
			{name: "both bits, and an old policy of authentication", want: authOnly, apply: underPolicy("1.2.398.3.3.2.4"), twin: underPolicy("1.2.398.3.3.2.3")},
			{name: "both bits, and policies of both uses", want: authOnly, apply: underPolicy("1.2.398.3.3.2.1", "1.2.398.3.3.2.2"), twin: underPolicy("1.2.398.3.3.2.1")},
			{name: "for clients, at sign-in", want: passed, noTwin: true, apply: func(s *scene) {
				s.policy = signing.SignIn
				forClients(x509.ExtKeyUsageClientAuth)(s)
			}},
		}},
		{"E07", "eku-server-auth", []defect{{name: "serverAuth", want: wrongProfile, apply: func(s *scene) {
			template := applicantTemplate()
			template.ExtKeyUsage, template.UnknownExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}, nil
			s.reissue(template, s.pki.ca)
		}}}},
		{"E08", "ca-cert-as-signer", []defect{{name: "keyCertSign", want: wrongProfile, apply: func(s *scene) {
			template := used(x509.KeyUsageCertSign)
			template.IsCA, template.BasicConstraintsValid = true, true
			s.reissue(template, s.pki.ca)
		}}}},
		{"E09", "intermediate-not-ca", []defect{{name: "leaf as issuer", want: brokenPath, apply: func(s *scene) { s.under(leafIssuer()) }, twin: func(s *scene) {
			s.under(authorityTemplate("TEST AUTHORITY K", 31))
		}}}},
		{"E10", "pathlen-exceeded", []defect{{name: "another authority", want: brokenPath, apply: func(s *scene) {
			top := authorityTemplate("TEST AUTHORITY L", 32)
			top.MaxPathLen, top.MaxPathLenZero = 0, true
			s.below(top)
		}, twin: func(s *scene) { s.below(authorityTemplate("TEST AUTHORITY L", 32)) }}}},
		{"E11", "name-constraint-dn", []defect{{name: "Ministry B", want: constrainedPath, apply: func(s *scene) { s.ministry("Ministry B") }, twin: func(s *scene) {
			s.ministry("Ministry A")
		}}}},
		{"E12", "unknown-critical-ext", []defect{{name: "critical", want: constrainedPath, apply: func(s *scene) { s.extended(true) }, twin: func(s *scene) {
			s.extended(false)
		}}}},
	})
}

// used is the applicant's certificate with another key usage.
func used(usage x509.KeyUsage) *x509.Certificate {
	template := applicantTemplate()
	template.KeyUsage = usage
	return template
}

func goodOfficial(s *scene) {
	s.official(x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment)
}

func (s *scene) official(usage x509.KeyUsage) {
	s.policy = signing.Official
	s.signer = s.pki.people["official/"+s.form.key]
	template := officialTemplate()
	template.KeyUsage = usage
	s.reissue(template, s.pki.ca)
}

func leafIssuer() *x509.Certificate {
	leaf := authorityTemplate("TEST AUTHORITY K", 31)
	leaf.IsCA = false
	return leaf
}

// under issues the applicant's certificate by an issuer of its own, itself under R. Its revocation is told by
// the same lists: an issuer that the world does not know would end as "try later" instead.
func (s *scene) under(template *x509.Certificate) {
	s.reissueBy(issue(s.t, template, s.pki.foreign.key, s.pki.root))
}

// below puts one more authority between.
func (s *scene) below(template *x509.Certificate) {
	top := issue(s.t, template, s.pki.foreignRoot.key, s.pki.root)
	s.message.Certificates = nil
	lower := issue(s.t, authorityTemplate("TEST AUTHORITY M", 33), s.pki.foreign.key, top)
	s.reissueBy(lower)
	s.world.also = append(s.world.also, top)
	s.message.Certificates = append(s.message.Certificates, top.certificate.Raw)
}

func (s *scene) reissueBy(issuer pair) {
	s.world.also = append(s.world.also, issuer)
	s.reissue(applicantTemplate(), issuer)
	s.message.Certificates = append(s.message.Certificates, issuer.certificate.Raw)
}

// ministry lets the signer be of an organisation while the authority may issue for Ministry A only.
func (s *scene) ministry(organisation string) {
	s.policy = signing.Official
	s.signer = s.pki.people["official/"+s.form.key]
	template := authorityTemplate("TEST AUTHORITY N", 34)
	template.ExtraExtensions = []pkix.Extension{permitted(s.t, "Ministry A")}
	issuer := issue(s.t, template, s.pki.foreign.key, s.pki.root)
	s.world.also = append(s.world.also, issuer)
	signer := officialTemplate()
	signer.Subject = subject(6, "KZ", 10, organisation, 3, "ТЕСТТОВ ТЕСТТ", 4, "ТЕСТТОВ", 5, "IIN123456789012", 11, "BIN123456789021")
	s.reissue(signer, issuer)
	s.message.Certificates = append(s.message.Certificates, issuer.certificate.Raw)
}

// permitted is a critical nameConstraints extension with one directoryName (RFC 5280 §4.2.1.10).
func permitted(t testing.TB, organisation string) pkix.Extension {
	name, err := asn1.Marshal(subject(6, "KZ", 10, organisation).ToRDNSequence())
	if err != nil {
		t.Fatal(err)
	}
	return pkix.Extension{Id: asn1.ObjectIdentifier{2, 5, 29, 30}, Critical: true, Value: build(t, func(b *cryptobyte.Builder) {
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1(tag(0), func(b *cryptobyte.Builder) {
				b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
					b.AddASN1(tag(4), func(b *cryptobyte.Builder) { b.AddBytes(name) })
				})
			})
		})
	})}
}

func (s *scene) extended(critical bool) {
	template := applicantTemplate()
	template.ExtraExtensions = []pkix.Extension{{Id: oidUnknown, Critical: critical, Value: null}}
	s.reissue(template, s.pki.ca)
}

// forClients gives the applicant a certificate with other extended key usages beside that of a person.
func forClients(usages ...x509.ExtKeyUsage) func(*scene) {
	return func(s *scene) {
		template := applicantTemplate()
		template.ExtKeyUsage = usages
		s.reissue(template, s.pki.ca)
	}
}

func underPolicy(policies ...string) func(*scene) {
	return func(s *scene) {
		template := applicantTemplate()
		template.Policies = nil
		for _, p := range policies {
			id, err := x509.ParseOID(p)
			if err != nil {
				s.t.Fatal(err)
			}
			template.Policies = append(template.Policies, id)
		}
		s.reissue(template, s.pki.ca)
	}
}
