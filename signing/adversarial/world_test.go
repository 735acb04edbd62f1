package adversarial_test

import (
	"bytes"
	"crypto/sha1" // #nosec: CertID and key hash, RFC 6960 §4.1.1
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"io"
	"math/big"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"elicensing/signing"
	"elicensing/signing/cms"
	"elicensing/signing/revocation"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// world is what the authorities answer. A nil list or a nil ocsp is silence.
type world struct {
	pki    *pki
	ocsp   func(q question) ocspAnswer // of I
	list   func(t testing.TB) []byte   // the CRL of I
	ofRoot func(t testing.TB) []byte   // the CRL of R
	also   []pair                      // further authorities, which publish empty lists
}

const host = "pki.test"

func goodWorld(p *pki) world {
	return world{
		pki:    p,
		ocsp:   func(question) ocspAnswer { return ocspAnswer{} },
		list:   func(t testing.TB) []byte { return list(t, p.ca, nil) },
		ofRoot: func(t testing.TB) []byte { return list(t, p.root, nil) },
	}
}

// revocation asks this world over HTTP, without a network.
func (w world) revocation(t testing.TB) signing.Revocation {
	base := "http://" + host
	source := func(issuer *x509.Certificate, ocsp, list string) revocation.Source {
		s, err := signing.SourceOf(issuer, signing.Addresses{OCSP: ocsp, CRL: list})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	sources := []revocation.Source{
		source(w.pki.ca.certificate, base+"/ocsp", base+"/ca.crl"), source(w.pki.root.certificate, "", base+"/root.crl"),
	}
	for _, a := range w.also {
		sources = append(sources, source(a.certificate, "", base+"/also/"+a.certificate.SerialNumber.String()))
	}
	tr := &transport{t: t, w: w}
	for _, s := range sources { // made beforehand: making a list costs more memory than the verifier may use
		if at := strings.TrimPrefix(s.CRL, base); at != "" {
			if made := tr.list(at); made != nil {
				tr.lists.Store(at, made)
			}
		}
	}
	return &revocation.Client{Sources: sources, HTTP: &http.Client{Transport: tr}}
}

// transport answers in process. Whoever asks another host than the configured one fails the test.
type transport struct {
	t     testing.TB
	w     world
	lists sync.Map // by path
}

func (tr *transport) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Host != host {
		tr.t.Errorf("%s was asked", r.URL)
	}
	var body []byte
	if r.URL.Path == "/ocsp" && tr.w.ocsp != nil {
		asked, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		q := readQuestion(tr.t, asked)
		body = tr.w.ocsp(q).encode(tr.t, tr.w.pki, q)
	} else if made, ok := tr.lists.Load(r.URL.Path); ok {
		body = made.([]byte)
	} else {
		return nil, errors.New("nobody answers")
	}
	return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(bytes.NewReader(body)), ContentLength: int64(len(body)), Request: r}, nil
}

func (tr *transport) list(path string) []byte {
	switch {
	case path == "/ca.crl" && tr.w.list != nil:
		return tr.w.list(tr.t)
	case path == "/root.crl" && tr.w.ofRoot != nil:
		return tr.w.ofRoot(tr.t)
	}
	for _, a := range tr.w.also {
		if strings.HasSuffix(path, "/"+a.certificate.SerialNumber.String()) {
			return list(tr.t, a, nil)
		}
	}
	return nil
}

// lists are those that say nothing of anybody, by issuer: most worlds have the same.
var lists sync.Map

// list is a complete, fresh CRL by issuer unless change says otherwise.
func list(t testing.TB, issuer pair, change func(*x509.RevocationList)) []byte {
	t.Helper()
	if made, ok := lists.Load(issuer); ok && change == nil {
		return bytes.Clone(made.([]byte))
	}
	template := &x509.RevocationList{
		Number: big.NewInt(1), ThisUpdate: T0.Add(-time.Hour), NextUpdate: T0.AddDate(0, 0, 7), SignatureAlgorithm: x509.SHA256WithRSA,
	}
	if change != nil {
		change(template)
	}
	der, err := x509.CreateRevocationList(nil, template, issuer.certificate, issuer.key)
	if err != nil {
		t.Fatal(err)
	}
	if change == nil {
		lists.Store(issuer, bytes.Clone(der))
	}
	return der
}

// listing lists certificates as revoked at a time.
func listing(at time.Time, certificates ...*x509.Certificate) func(*x509.RevocationList) {
	return func(l *x509.RevocationList) {
		for _, c := range certificates {
			l.RevokedCertificateEntries = append(l.RevokedCertificateEntries,
				x509.RevocationListEntry{SerialNumber: c.SerialNumber, RevocationTime: at, ReasonCode: 1})
		}
	}
}

// question is what matters of an OCSP request.
type question struct {
	id     []byte // DER of the CertID
	serial *big.Int
	nonce  []byte // value of the nonce extension; nil without one
}

var oidNonce = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 48, 1, 2}

func readQuestion(t testing.TB, der []byte) question {
	t.Helper()
	request := parse(t, der)[0].children[0] // tbsRequest
	var q question
	for _, part := range request.children {
		switch part.tag {
		case 0x30: // requestList
			id := part.children[0].children[0]
			q.id = id.encode()
			q.serial = new(big.Int).SetBytes(id.children[3].body)
		case 0xa2: // requestExtensions
			for _, e := range part.children[0].children {
				if bytes.Equal(e.children[0].encode(), objectID(t, oidNonce)) {
					q.nonce = e.children[len(e.children)-1].body
				}
			}
		}
	}
	return q
}

// ocspAnswer is an answer to be; its zero value is a good, fresh one by the delegate O.
type ocspAnswer struct {
	status     string // "", "unknown" or "revoked"
	revokedAt  time.Time
	reason     *int      // of a revocation; nil: none is given
	serial     *big.Int  // of another certificate
	thisUpdate time.Time // default: an hour ago
	nextUpdate time.Time // default: tomorrow
	cutoff     time.Time // since when expired certificates are remembered (RFC 6960 §4.4.4); zero: not said
	by         pair      // default: O
	spoil      func(signature []byte)
}

func (a ocspAnswer) encode(t testing.TB, p *pki, q question) []byte {
	t.Helper()
	if a.by.certificate == nil {
		a.by = p.responder
	}
	if a.thisUpdate.IsZero() {
		a.thisUpdate = T0.Add(-time.Hour)
	}
	if a.nextUpdate.IsZero() {
		a.nextUpdate = T0.AddDate(0, 0, 1)
	}
	id := q.id
	if a.serial != nil {
		id = rewrite(t, id, func(e *element) { e.children[3].body = a.serial.Bytes() })
	}
	data := build(t, func(b *cryptobyte.Builder) { a.addData(b, id, q.nonce) })
	signature := signSHA256(t, a.by.key, data)
	if a.spoil != nil {
		a.spoil(signature)
	}
	basic := build(t, func(b *cryptobyte.Builder) {
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddBytes(data)
			addAlgorithm(b, algorithmOf(a.by.key))
			b.AddASN1BitString(signature)
			b.AddASN1(tag(0), func(b *cryptobyte.Builder) {
				b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) { b.AddBytes(a.by.certificate.Raw) })
			})
		})
	})
	return build(t, func(b *cryptobyte.Builder) {
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1Enum(0)
			b.AddASN1(tag(0), func(b *cryptobyte.Builder) {
				b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
					b.AddASN1ObjectIdentifier([]int{1, 3, 6, 1, 5, 5, 7, 48, 1, 1}) // id-pkix-ocsp-basic
					b.AddASN1OctetString(basic)
				})
			})
		})
	})
}

// addData writes a ResponseData (RFC 6960 §4.2.1).
func (a ocspAnswer) addData(b *cryptobyte.Builder, id, nonce []byte) {
	key := sha1.Sum(publicKeyBits(a.by.certificate)) // #nosec
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1(tag(2), func(b *cryptobyte.Builder) { b.AddASN1OctetString(key[:]) })
		b.AddASN1GeneralizedTime(a.thisUpdate)
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddBytes(id)
				switch a.status {
				case "revoked":
					b.AddASN1(tag(1), func(b *cryptobyte.Builder) {
						b.AddASN1GeneralizedTime(a.revokedAt)
						if a.reason != nil {
							b.AddASN1(tag(0), func(b *cryptobyte.Builder) { b.AddASN1Enum(int64(*a.reason)) })
						}
					})
				case "unknown":
					b.AddBytes([]byte{0x82, 0})
				default:
					b.AddBytes([]byte{0x80, 0})
				}
				b.AddASN1GeneralizedTime(a.thisUpdate)
				b.AddASN1(tag(0), func(b *cryptobyte.Builder) { b.AddASN1GeneralizedTime(a.nextUpdate) })
				if !a.cutoff.IsZero() {
					addExtension(b, []int{1, 3, 6, 1, 5, 5, 7, 48, 1, 6}, func(b *cryptobyte.Builder) { b.AddASN1GeneralizedTime(a.cutoff) })
				}
			})
		})
		if nonce != nil {
			addExtension(b, oidNonce, func(b *cryptobyte.Builder) { b.AddBytes(nonce) })
		}
	})
}

// addExtension adds [1] Extensions with one of them.
func addExtension(b *cryptobyte.Builder, id asn1.ObjectIdentifier, value func(*cryptobyte.Builder)) {
	b.AddASN1(tag(1), func(b *cryptobyte.Builder) {
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddASN1ObjectIdentifier(id)
				b.AddASN1(cbasn1.OCTET_STRING, value)
			})
		})
	})
}

func tag(n uint8) cbasn1.Tag { return cbasn1.Tag(n).ContextSpecific().Constructed() }

func addAlgorithm(b *cryptobyte.Builder, a cms.Algorithm) {
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1ObjectIdentifier(a.OID)
		b.AddBytes(a.Parameters)
	})
}

// publicKeyBits is what a key hash is over: the BIT STRING without its header (RFC 6960 §4.1.1).
func publicKeyBits(c *x509.Certificate) []byte {
	var spki struct {
		Algorithm asn1.RawValue
		Key       asn1.BitString
	}
	if rest, err := asn1.Unmarshal(c.RawSubjectPublicKeyInfo, &spki); err != nil || len(rest) > 0 {
		panic("a key of our own cannot be read")
	}
	return spki.Key.Bytes
}
