package tsp_test

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"math/big"
	"testing"
	"time"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"elicensing/signing/algorithms"
	"elicensing/signing/certificate"
	"elicensing/signing/cms"
	"elicensing/signing/tsp"
)

func verify(t testing.TB, token []byte, e tsp.Expectation) (*tsp.Token, error) {
	t.Helper()
	parsed, err := tsp.Parse(token)
	if err != nil {
		return nil, err
	}
	return parsed, parsed.Verify(e)
}

// Section G of shared/signing/adversarial-cases.md as far as a token alone shows it, each case with its
// good twin: the same token without the defect.
func TestAdversarialTokens(t *testing.T) {
	w := newWorld(t)
	foreign := root(t, "Root", "foreign")
	expired := w.expectation()
	expired.Now = t0.AddDate(3, 0, 0) // long after every certificate
	beforeSigner := w.expectation()
	beforeSigner.NotBefore = t0.Add(time.Hour)
	fromSigner := w.expectation()
	fromSigner.NotBefore = t0.Add(-time.Hour)
	for _, tc := range []struct {
		id, name string
		token    []byte
		e        tsp.Expectation
		err      error
	}{
		{"G01", "over other data", forge(t, w.tsa, func(f *forgery) {
			f.info = func(b *cryptobyte.Builder) {
				b.AddASN1Int64(1)
				b.AddASN1ObjectIdentifier(policy)
				addImprint(b, imprint(t, []byte("other data")))
				b.AddASN1Int64(1)
				b.AddASN1GeneralizedTime(t0)
			}
		}), w.expectation(), tsp.ErrImprint},
		{"G01", "twin", forge(t, w.tsa, nil), w.expectation(), nil},
		{"G02", "nonsense signature, no certificates", forge(t, w.tsa, func(f *forgery) {
			f.message.Certificates = nil
			f.signature = func([]byte) []byte { return []byte("nonsense") }
		}), known(w.expectation(), ours(t, w.tsa.certificate)), tsp.ErrSignature},
		{"G02", "no certificate at hand at all", forge(t, w.tsa, func(f *forgery) { f.message.Certificates = nil }), w.expectation(), tsp.ErrSigner},
		{"G02", "twin", forge(t, w.tsa, func(f *forgery) { f.message.Certificates = nil }), known(w.expectation(), ours(t, w.tsa.certificate)), nil},
		{"G03", "foreign root of the same name", forge(t, foreign.authority(t, keyOf(t, "theirs"), nil), nil), w.expectation(), tsp.ErrUntrusted},
		{"G03", "twin", forge(t, w.root.authority(t, keyOf(t, "ours"), nil), nil), w.expectation(), nil},
		{"G04", "no extended key usage", forge(t, w.spoilt(t, func(c *x509.Certificate) { c.ExtraExtensions = nil }), nil), w.expectation(), tsp.ErrSigner},
		{"G04", "not critical", forge(t, w.spoilt(t, func(c *x509.Certificate) { c.ExtraExtensions = []pkix.Extension{stamping(false)} }), nil), w.expectation(), tsp.ErrSigner},
		{"G04", "not alone", forge(t, w.spoilt(t, func(c *x509.Certificate) {
			c.ExtraExtensions = []pkix.Extension{stamping(true, 0x06, 0x08, 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x04)}
		}), nil), w.expectation(), tsp.ErrSigner},
		{"G04", "twin", forge(t, w.spoilt(t, func(*x509.Certificate) {}), nil), w.expectation(), nil},
		{"G05", "id-data", forge(t, w.tsa, func(f *forgery) {
			f.message.ContentType = cms.OIDData
			f.set(cms.OIDContentType, build(t, func(b *cryptobyte.Builder) { b.AddASN1ObjectIdentifier(cms.OIDData) }))
		}), w.expectation(), tsp.ErrMalformed},
		{"G05", "id-data in the signed attribute only", forge(t, w.tsa, func(f *forgery) {
			f.set(cms.OIDContentType, build(t, func(b *cryptobyte.Builder) { b.AddASN1ObjectIdentifier(cms.OIDData) }))
		}), w.expectation(), tsp.ErrMalformed},
		{"G06", "before the signer's certificate", forge(t, w.tsa, nil), beforeSigner, tsp.ErrTime},
		{"G06", "twin", forge(t, w.tsa, nil), fromSigner, nil},
		{"G07", "saves what expired since", forge(t, w.tsa, nil), expired, nil},
		{"G07", "not what its authority stamped after its own end", forge(t, w.spoilt(t, func(c *x509.Certificate) { c.NotAfter = t0.Add(-time.Second) }), nil), expired, tsp.ErrSigner},
	} {
		parsed, err := verify(t, tc.token, tc.e)
		if !errors.Is(err, tc.err) || (tc.err == nil && (err != nil || !parsed.Time.Equal(t0))) {
			t.Errorf("%s %s: %v", tc.id, tc.name, err)
		}
	}
}

func known(e tsp.Expectation, c ...*certificate.Certificate) tsp.Expectation {
	e.Known = c
	return e
}

func (w world) spoilt(t testing.TB, change func(*x509.Certificate)) pair {
	return w.root.authority(t, keyOf(t, "another"), change)
}

// Each case spoils one thing of the message, of what is signed in it, or of the certificate.
func TestTokensThatProveNothing(t *testing.T) {
	w := newWorld(t)
	other := w.root.authority(t, keyOf(t, "another"), func(c *x509.Certificate) { c.SerialNumber = big.NewInt(78) })
	after := func(add func(*cryptobyte.Builder)) func(*forgery) {
		return func(f *forgery) { f.info = tstInfo(t, add) }
	}
	extension := func(critical bool) func(*forgery) {
		return after(func(b *cryptobyte.Builder) {
			b.AddASN1(cbasn1.Tag(1).ContextSpecific().Constructed(), func(b *cryptobyte.Builder) {
				b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
					b.AddASN1ObjectIdentifier(asn1.ObjectIdentifier{1, 2, 3})
					if critical {
						b.AddASN1Boolean(true)
					}
					b.AddASN1OctetString([]byte{5, 0})
				})
			})
		})
	}
	named := func(c *x509.Certificate) func(*forgery) {
		return after(func(b *cryptobyte.Builder) {
			b.AddASN1(cbasn1.Tag(0).ContextSpecific().Constructed(), func(b *cryptobyte.Builder) {
				b.AddASN1(cbasn1.Tag(4).ContextSpecific().Constructed(), func(b *cryptobyte.Builder) { b.AddBytes(c.RawSubject) })
			})
		})
	}
	weak := func(f *forgery) {
		f.info = func(b *cryptobyte.Builder) {
			b.AddASN1Int64(1)
			b.AddASN1ObjectIdentifier(policy)
			addImprint(b, tsp.Imprint{Digest: algorithms.Identifier{OID: cms.OIDSHA1}, Value: make([]byte, 20)})
			b.AddASN1Int64(1)
			b.AddASN1GeneralizedTime(t0)
		}
	}
	raw := func(content []byte) func(*forgery) {
		return func(f *forgery) { f.message.Content = content }
	}
	for name, tc := range map[string]struct {
		tsa    pair
		change func(*forgery)
		err    error
	}{
		"good twin": {},
		"bound by version 1": {change: func(f *forgery) {
			f.set(cms.OIDSigningCertificateV2)
			f.add(cms.OIDSigningCertificate, bindingV1(t, w.tsa.certificate.Raw))
		}},
		"bound by both": {change: func(f *forgery) { f.add(cms.OIDSigningCertificate, bindingV1(t, w.tsa.certificate.Raw)) }},
		"bound with issuer and serial": {change: func(f *forgery) {
			f.set(cms.OIDSigningCertificateV2, binding(t, sum(w.tsa), issuerSerial(w.tsa.certificate.RawIssuer, 77)))
		}},
		"named by key":                  {change: func(f *forgery) { f.signer.Version, f.signer.SubjectKeyID = 3, w.tsa.certificate.SubjectKeyId }},
		"names its authority":           {change: named(w.tsa.certificate)},
		"an extension that is harmless": {change: extension(false)},

		"bound to another":              {change: func(f *forgery) { f.set(cms.OIDSigningCertificateV2, bindingV2(t, other.certificate.Raw)) }, err: tsp.ErrSigner},
		"bound by both, one to another": {change: func(f *forgery) { f.add(cms.OIDSigningCertificate, bindingV1(t, other.certificate.Raw)) }, err: tsp.ErrSigner},
		"bound with another serial": {change: func(f *forgery) {
			f.set(cms.OIDSigningCertificateV2, binding(t, sum(w.tsa), issuerSerial(w.tsa.certificate.RawIssuer, 78)))
		}, err: tsp.ErrSigner},
		"bound with another issuer": {change: func(f *forgery) {
			f.set(cms.OIDSigningCertificateV2, binding(t, sum(w.tsa), issuerSerial(w.tsa.certificate.RawSubject, 77)))
		}, err: tsp.ErrSigner},
		"not bound":                {change: func(f *forgery) { f.set(cms.OIDSigningCertificateV2) }, err: tsp.ErrSigner},
		"bound to nothing":         {change: func(f *forgery) { f.set(cms.OIDSigningCertificateV2, []byte{0x30, 0x02, 0x30, 0x00}) }, err: tsp.ErrMalformed},
		"bound twice":              {change: func(f *forgery) { f.add(cms.OIDSigningCertificateV2, bindingV2(t, w.tsa.certificate.Raw)) }, err: tsp.ErrMalformed},
		"names another authority":  {change: named(w.root.certificate), err: tsp.ErrSigner},
		"named by another key":     {change: func(f *forgery) { f.signer.Version, f.signer.SubjectKeyID = 3, []byte{9} }, err: tsp.ErrSigner},
		"another digest is listed": {change: func(f *forgery) { f.message.DigestAlgorithms[0].OID = cms.OIDSHA512 }, err: tsp.ErrMalformed},
		"named by another serial":  {change: func(f *forgery) { f.signer.Serial = big.NewInt(78) }, err: tsp.ErrSigner},
		"a critical extension":     {change: extension(true), err: tsp.ErrMalformed},
		"an imprint of SHA-1":      {change: weak, err: tsp.ErrWeak},
		"digest of other content":  {change: func(f *forgery) { f.content = []byte("other") }, err: tsp.ErrSignature},
		"digest by SHA-1": {change: func(f *forgery) {
			f.signer.DigestAlgorithm.OID, f.message.DigestAlgorithms[0].OID = cms.OIDSHA1, cms.OIDSHA1
		}, err: tsp.ErrWeak},
		"a signature of another": {change: func(f *forgery) {
			f.message.Certificates = [][]byte{w.tsa.certificate.Raw}
			f.signature = signer(t, other)
		}, err: tsp.ErrSignature},
		"no signed attributes":     {change: func(f *forgery) { f.attributes = nil }, err: tsp.ErrMalformed},
		"no digest":                {change: func(f *forgery) { f.set(cms.OIDMessageDigest) }, err: tsp.ErrMalformed},
		"no content type":          {change: func(f *forgery) { f.set(cms.OIDContentType) }, err: tsp.ErrMalformed},
		"a second digest":          {change: func(f *forgery) { f.add(cms.OIDMessageDigest, []byte{4, 1, 0}) }, err: tsp.ErrMalformed},
		"two signers":              {change: func(f *forgery) { f.more = []cms.SignerInfo{f.signer} }, err: tsp.ErrMalformed},
		"no content":               {change: func(f *forgery) { f.message.Detached = true }, err: tsp.ErrMalformed},
		"empty content":            {change: raw([]byte{}), err: tsp.ErrMalformed},
		"a byte after the TSTInfo": {change: raw(append(build(t, func(b *cryptobyte.Builder) { b.AddASN1(cbasn1.SEQUENCE, tstInfo(t, nil)) }), 0)), err: tsp.ErrMalformed},
		"a field too many":         {change: after(func(b *cryptobyte.Builder) { b.AddASN1OctetString(nil) }), err: tsp.ErrMalformed},
		"accuracy of 1000 ms": {change: after(func(b *cryptobyte.Builder) {
			b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) { b.AddASN1Int64WithTag(1000, cbasn1.Tag(0).ContextSpecific()) })
		}), err: tsp.ErrMalformed},
		"negative accuracy": {change: after(func(b *cryptobyte.Builder) {
			b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) { b.AddASN1Int64(-1) })
		}), err: tsp.ErrMalformed},
		"authority's key for encryption": {tsa: w.spoilt(t, func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageKeyEncipherment }), err: tsp.ErrSigner},
		"authority not yet valid":        {tsa: w.spoilt(t, func(c *x509.Certificate) { c.NotBefore = t0.Add(time.Hour) }), err: tsp.ErrSigner},
		"authority expired":              {tsa: w.spoilt(t, func(c *x509.Certificate) { c.NotAfter = t0.Add(-time.Hour) }), err: tsp.ErrSigner},
		"authority with an unknown critical extension": {tsa: w.spoilt(t, func(c *x509.Certificate) {
			c.ExtraExtensions = append(c.ExtraExtensions, pkix.Extension{Id: asn1.ObjectIdentifier{1, 2, 3}, Critical: true, Value: []byte{5, 0}})
		}), err: tsp.ErrSigner},
	} {
		if tc.tsa.key == nil {
			tc.tsa = w.tsa
		}
		parsed, err := verify(t, forge(t, tc.tsa, tc.change), w.expectation())
		if !errors.Is(err, tc.err) {
			t.Errorf("%s: %v", name, err)
		}
		if tc.err == nil && (parsed == nil || parsed.AuthorityCertificate == nil) {
			t.Errorf("%s: no authority", name)
		}
	}
}

func sum(p pair) []byte {
	i, err := tsp.ImprintOf(sha256, p.certificate.Raw)
	if err != nil {
		panic(err) // SHA-256 is in the table
	}
	return i.Value
}

func signer(t testing.TB, p pair) func([]byte) []byte {
	s, err := tsp.SignWith(p.key)
	if err != nil {
		t.Fatal(err)
	}
	return func(signed []byte) []byte {
		_, signature, err := s.Sign(signed)
		if err != nil {
			t.Fatal(err)
		}
		return signature
	}
}
