package adversarial_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/sha256"
	"crypto/x509"
	"testing"
	"time"

	"elicensing/signing"
	"elicensing/signing/cms"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// form is one of the four ways in which a case is played.
type form struct {
	key      string // RSA-2048 or P-256
	attached bool
}

func (f form) String() string {
	if f.attached {
		return f.key + " attached"
	}
	return f.key + " detached"
}

// scene is one message in its world, before it is put together. A case spoils exactly one thing in it.
type scene struct {
	t    testing.TB
	form form
	pki  *pki

	// What the verifier is told.
	policy        signing.Policy
	content       []byte // that we stored
	roots         []*x509.Certificate
	intermediates []*x509.Certificate
	world         world

	// What the message says.
	signer     pair
	message    cms.Message
	info       cms.SignerInfo
	attributes []cms.Attribute
	raw        []byte                                 // signed attributes as they stand; nil: attributes in the order of DER
	toSign     []byte                                 // nil: the attributes in the order of DER
	sign       func(data []byte) []byte               // default: SHA-256 with the signer's key
	unsigned   func(signature []byte) []cms.Attribute // e.g. time stamps
	second     func(first cms.SignerInfo) cms.SignerInfo
	encoded    func(der []byte) []byte // last change, of the encoded message
}

func newScene(t testing.TB, f form) *scene {
	p := certificates(t)
	s := &scene{
		t: t, form: f, pki: p, policy: signing.Applicant, content: []byte("манифест запроса\r\n\x00"),
		roots: []*x509.Certificate{p.root.certificate}, intermediates: []*x509.Certificate{p.ca.certificate},
	}
	s.world = goodWorld(p)
	s.by(p.people["applicant/"+f.key])
	return s
}

// by makes a good CAdES-BES of one signer out of the scene.
func (s *scene) by(signer pair) {
	s.signer = signer
	digest := sha256.Sum256(s.content)
	s.message = cms.Message{
		DigestAlgorithms: []cms.Algorithm{{OID: cms.OIDSHA256}}, ContentType: cms.OIDData, Detached: !s.form.attached,
		Certificates: [][]byte{signer.certificate.Raw},
	}
	if s.form.attached {
		s.message.Content = s.content
	}
	s.info = cms.SignerInfo{
		Version: 1, Issuer: signer.certificate.RawIssuer, Serial: signer.certificate.SerialNumber,
		DigestAlgorithm: cms.Algorithm{OID: cms.OIDSHA256}, SignatureAlgorithm: signatureAlgorithm(s.form.key),
	}
	s.attributes = []cms.Attribute{
		{Type: cms.OIDContentType, Values: [][]byte{objectID(s.t, cms.OIDData)}},
		{Type: cms.OIDMessageDigest, Values: [][]byte{octets(s.t, digest[:])}},
		{Type: cms.OIDSigningTime, Values: [][]byte{utcTime(s.t, T0.Add(-time.Minute))}},
		{Type: cms.OIDSigningCertificateV2, Values: [][]byte{bindingV2(s.t, signer.certificate.Raw)}},
	}
	s.sign = func(data []byte) []byte { return signSHA256(s.t, s.signer.key, data) }
}

// reissue lets the signer have another certificate for the same key.
func (s *scene) reissue(template *x509.Certificate, issuer pair) {
	s.by(issue(s.t, template, s.signer.key, issuer))
}

func signatureAlgorithm(kind string) cms.Algorithm {
	if kind == "P-256" {
		return cms.Algorithm{OID: cms.OIDECDSAWithSHA256}
	}
	return cms.Algorithm{OID: cms.OIDSHA256WithRSA, Parameters: null}
}

// algorithmOf is how signSHA256 signs with a key.
func algorithmOf(k crypto.Signer) cms.Algorithm {
	if _, ok := k.(*ecdsa.PrivateKey); ok {
		return signatureAlgorithm("P-256")
	}
	return signatureAlgorithm("RSA-2048")
}

var null = []byte{5, 0}

// bytes puts the message together and signs it.
func (s *scene) bytes() []byte {
	s.t.Helper()
	inOrder := cms.EncodeAttributes(s.attributes)
	raw, toSign := s.raw, s.toSign
	if raw == nil && s.attributes != nil {
		raw = inOrder
	}
	if toSign == nil {
		toSign = inOrder
	}
	info := s.info
	info.RawSignedAttributes = raw
	info.Signature = s.sign(toSign)
	if s.unsigned != nil {
		info.UnsignedAttributes = s.unsigned(info.Signature)
	}
	message := s.message
	message.Signers = append([]cms.SignerInfo{info}, message.Signers...)
	if s.second != nil {
		message.Signers = append(message.Signers, s.second(info))
	}
	der, err := message.Encode()
	if err != nil {
		s.t.Fatal(err)
	}
	if s.encoded != nil {
		der = s.encoded(der)
	}
	return der
}

// set replaces the values of a signed attribute; without values it takes the attribute out.
func (s *scene) set(attribute []int, values ...[]byte) {
	kept := s.attributes[:0:0]
	for _, a := range s.attributes {
		if !a.Type.Equal(attribute) {
			kept = append(kept, a)
		}
	}
	if len(values) > 0 {
		kept = append(kept, cms.Attribute{Type: attribute, Values: values})
	}
	s.attributes = kept
}

func build(t testing.TB, add func(*cryptobyte.Builder)) []byte {
	t.Helper()
	var b cryptobyte.Builder
	add(&b)
	der, err := b.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return der
}

func objectID(t testing.TB, id []int) []byte {
	return build(t, func(b *cryptobyte.Builder) { b.AddASN1ObjectIdentifier(id) })
}

func octets(t testing.TB, data []byte) []byte {
	return build(t, func(b *cryptobyte.Builder) { b.AddASN1OctetString(data) })
}

func utcTime(t testing.TB, at time.Time) []byte {
	return build(t, func(b *cryptobyte.Builder) { b.AddASN1UTCTime(at) })
}

// binding is a signingCertificate or signingCertificateV2 of one hash (RFC 5035 §3, §5.4).
func binding(t testing.TB, hash []byte) []byte {
	return build(t, func(b *cryptobyte.Builder) {
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) { b.AddASN1OctetString(hash) })
			})
		})
	})
}

func bindingV2(t testing.TB, certificate []byte) []byte {
	hash := sha256.Sum256(certificate)
	return binding(t, hash[:])
}
