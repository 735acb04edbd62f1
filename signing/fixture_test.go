package signing_test

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/sha256"
	"math/big"
	"net/http"
	"sync"
	"testing"
	"time"

	"elicensing/signing"
	"elicensing/signing/cms"
	"elicensing/signing/democa"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// T0 is the control time of every test.
var T0 = time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)

func clock() time.Time { return T0 }

var content = []byte("манифест запроса\r\n\x00")

var authority = sync.OnceValues(func() (*democa.Authority, error) { return democa.New(clock) })

func demo(t testing.TB) *democa.Authority {
	t.Helper()
	a, err := authority()
	if err != nil {
		t.Fatal(err)
	}
	return a
}

var strangers = sync.OnceValues(func() (*democa.Authority, error) { return democa.New(clock) })

// stranger is another authority with the names of the demo one, and other keys.
func stranger(t testing.TB) *democa.Authority {
	t.Helper()
	a, err := strangers()
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func holder(t testing.TB, id string) *democa.Holder {
	t.Helper()
	h, err := demo(t).Holder(id)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// person is who certificates made for one test are issued for.
var person = democa.Person{Surname: "ТЕСТОВ", GivenName: "ТЕСТ", Patronymic: "ТЕСТОВИЧ", IIN: "123456789011"}

var entity = democa.Person{Surname: "ТЕСТОВ", GivenName: "ТЕСТ", IIN: "123456789011", BIN: "123456789021", Organisation: "ТОО «Тест»"}

func issue(t testing.TB, p democa.Person, o democa.IssueOptions) *democa.Holder {
	t.Helper()
	if o.Key == nil {
		o.Key = holder(t, "person").Key // making RSA keys is what would take the time of these tests
	}
	h, err := demo(t).Issue(p, o)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func verifier(t testing.TB) *signing.Verifier { return verifierAt(t, T0) }

func verifierAt(t testing.TB, at time.Time) *signing.Verifier {
	t.Helper()
	a := demo(t)
	return signing.NewVerifier(signing.Options{
		Roots: a.Roots(), Intermediates: a.Intermediates(), Revocation: a.Revocation(), Now: func() time.Time { return at },
	})
}

func verify(t testing.TB, message []byte) signing.Report {
	t.Helper()
	return verifier(t).Verify(context.Background(), message, content, signing.Applicant)
}

// forgery is a message whose every part a test may change before it is signed and put together.
type forgery struct {
	message    cms.Message
	signer     *cms.SignerInfo // the only signer, still outside message.Signers
	attributes []cms.Attribute
	raw        []byte                      // signed attributes as they stand in the message; nil: attributes in DER order
	toSign     []byte                      // bytes that are signed; nil: raw
	sign       func(data []byte) []byte    // default: PKCS #1 v1.5 or ECDSA with SHA-256
	after      func(m *cms.Message) []byte // puts the message together; default: Encode
}

// forge makes a message by h over content; change, if given, spoils exactly one thing in it.
func forge(t testing.TB, h *democa.Holder, change func(*forgery)) []byte {
	t.Helper()
	hash := sha256.Sum256(content)
	f := forgery{
		message: cms.Message{
			DigestAlgorithms: []cms.Algorithm{{OID: cms.OIDSHA256}}, ContentType: cms.OIDData, Detached: true,
			Certificates: [][]byte{h.Certificate.Raw},
		},
		signer: &cms.SignerInfo{
			Version: 1, Issuer: h.Certificate.RawIssuer, Serial: h.Certificate.SerialNumber,
			DigestAlgorithm:    cms.Algorithm{OID: cms.OIDSHA256},
			SignatureAlgorithm: cms.Algorithm{OID: cms.OIDSHA256WithRSA, Parameters: []byte{5, 0}},
		},
		attributes: []cms.Attribute{
			{Type: cms.OIDContentType, Values: [][]byte{oid(t, cms.OIDData)}},
			{Type: cms.OIDMessageDigest, Values: [][]byte{octets(t, hash[:])}},
			{Type: cms.OIDSigningTime, Values: [][]byte{utcTime(t, T0)}},
			{Type: cms.OIDSigningCertificateV2, Values: [][]byte{bindingV2(t, h.Certificate.Raw)}},
		},
		sign: func(data []byte) []byte {
			digest := sha256.Sum256(data)
			signature, err := h.Key.Sign(rand.Reader, digest[:], crypto.SHA256)
			if err != nil {
				t.Fatal(err)
			}
			return signature
		},
		after: func(m *cms.Message) []byte { return encode(t, m) },
	}
	if change != nil {
		change(&f)
	}
	if f.raw == nil && f.attributes != nil {
		f.raw = cms.EncodeAttributes(f.attributes)
	}
	if f.toSign == nil {
		f.toSign = f.raw
	}
	f.signer.RawSignedAttributes = f.raw
	f.signer.Signature = f.sign(f.toSign)
	f.message.Signers = append([]cms.SignerInfo{*f.signer}, f.message.Signers...)
	return f.after(&f.message)
}

func encode(t testing.TB, m *cms.Message) []byte {
	t.Helper()
	der, err := m.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return der
}

// set replaces the values of an attribute; without values it takes the attribute out.
func (f *forgery) set(attribute []int, values ...[]byte) {
	kept := f.attributes[:0:0]
	for _, a := range f.attributes {
		if !a.Type.Equal(attribute) {
			kept = append(kept, a)
		} else if len(values) > 0 {
			kept = append(kept, cms.Attribute{Type: attribute, Values: values})
		}
	}
	f.attributes = kept
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

func oid(t testing.TB, id []int) []byte {
	return build(t, func(b *cryptobyte.Builder) { b.AddASN1ObjectIdentifier(id) })
}

func octets(t testing.TB, data []byte) []byte {
	return build(t, func(b *cryptobyte.Builder) { b.AddASN1OctetString(data) })
}

func utcTime(t testing.TB, at time.Time) []byte {
	return build(t, func(b *cryptobyte.Builder) { b.AddASN1UTCTime(at) })
}

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

// transport answers HTTP in process and fails the test when another host than the configured one is
// asked: addresses in certificates must never be used.
type transport struct {
	t      testing.TB
	answer func(*http.Request) (*http.Response, error)
}

const configured = "revocation.test"

func (tr transport) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Host != configured {
		tr.t.Errorf("%s was asked", r.URL)
	}
	return tr.answer(r)
}

func serial(n int64) *big.Int { return big.NewInt(n) }
