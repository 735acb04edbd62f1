package signing_test

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"testing"

	"elicensing/signing"
	"elicensing/signing/cms"
	"elicensing/signing/democa"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// pssParameters are RSASSA-PSS-params (RFC 4055 §3.1).
func pssParameters(t *testing.T, hash, mask []int, salt int64) []byte {
	algorithm := func(b *cryptobyte.Builder, id []int, parameters func(*cryptobyte.Builder)) {
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1ObjectIdentifier(id)
			if parameters != nil {
				parameters(b)
			}
		})
	}
	tag := func(n uint8) cbasn1.Tag { return cbasn1.Tag(n).ContextSpecific().Constructed() }
	return build(t, func(b *cryptobyte.Builder) {
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1(tag(0), func(b *cryptobyte.Builder) { algorithm(b, hash, nil) })
			b.AddASN1(tag(1), func(b *cryptobyte.Builder) {
				algorithm(b, cms.OIDMGF1, func(b *cryptobyte.Builder) { algorithm(b, mask, nil) })
			})
			b.AddASN1(tag(2), func(b *cryptobyte.Builder) { b.AddASN1Int64(salt) })
		})
	})
}

func usePSS(t *testing.T, h *democa.Holder, f *forgery, parameters []byte, salt int) {
	f.signer.SignatureAlgorithm = cms.Algorithm{OID: cms.OIDRSAPSS, Parameters: parameters}
	f.sign = func(data []byte) []byte {
		digest := sha256.Sum256(data)
		signature, err := h.Key.Sign(rand.Reader, digest[:], &rsa.PSSOptions{SaltLength: salt, Hash: crypto.SHA256})
		if err != nil {
			t.Fatal(err)
		}
		return signature
	}
}

// hostile messages: each has exactly one defect, and must fail for that defect.
func TestHostileMessagesAreRefusedForTheirOwnReason(t *testing.T) {
	h, other := holder(t, "person"), holder(t, "sole-trader")
	sha1Sum, sha512Sum := sha1.Sum(content), sha512.Sum512(content)
	twin := twinWithSameKey(t, h)
	for name, tc := range map[string]struct {
		change func(*forgery)
		reason string
		sub    string
	}{
		"no signer": {func(f *forgery) {
			f.after = func(m *cms.Message) []byte { m.Signers = nil; return encode(t, m) }
		}, signing.SignatureNone, ""},
		"two signers": {func(f *forgery) {
			f.after = func(m *cms.Message) []byte { m.Signers = append(m.Signers, m.Signers[0]); return encode(t, m) }
		}, signing.SignatureSeveralSigners, "SIG_CONSTRAINTS_FAILURE"},
		"other content inside": {func(f *forgery) {
			f.message.Detached, f.message.Content = false, []byte("other")
		}, signing.SignatureContentDiffers, "HASH_FAILURE"},
		"empty content inside": {func(f *forgery) {
			f.message.Detached, f.message.Content = false, []byte{}
		}, signing.SignatureContentDiffers, "HASH_FAILURE"},
		"digest of other content": {func(f *forgery) {
			sum := sha256.Sum256([]byte("other"))
			f.set(cms.OIDMessageDigest, octets(t, sum[:]))
		}, signing.SignatureContentDiffers, "HASH_FAILURE"},
		"signature of other attributes": {func(f *forgery) { f.toSign = []byte("other") }, signing.SignatureWrong, "SIG_CRYPTO_FAILURE"},
		"one bit of the signature": {func(f *forgery) {
			sign := f.sign
			f.sign = func(data []byte) []byte { s := sign(data); s[len(s)/2] ^= 1; return s }
		}, signing.SignatureWrong, "SIG_CRYPTO_FAILURE"},
		"empty signature": {func(f *forgery) { f.sign = func([]byte) []byte { return nil } }, signing.SignatureWrong, "SIG_CRYPTO_FAILURE"},
		"signed with another key": {func(f *forgery) {
			f.sign = func(data []byte) []byte {
				digest := sha256.Sum256(data)
				s, err := other.Key.Sign(rand.Reader, digest[:], crypto.SHA256)
				if err != nil {
					t.Fatal(err)
				}
				return s
			}
		}, signing.SignatureWrong, "SIG_CRYPTO_FAILURE"},

		"no signed attributes": {func(f *forgery) { f.attributes, f.toSign = nil, content }, signing.SignatureAttributes, "SIG_CONSTRAINTS_FAILURE"},
		"attributes as content": {func(f *forgery) { // draft-ietf-lamps-cms-euf-cma-signeddata
			f.toSign = cms.EncodeAttributes(f.attributes)
			f.attributes = nil
			f.message.Detached, f.message.Content = false, f.toSign
		}, signing.SignatureAttributes, "FORMAT_FAILURE"},
		"contentType missing":   {func(f *forgery) { f.set(cms.OIDContentType) }, signing.SignatureAttributes, "FORMAT_FAILURE"},
		"contentType of others": {func(f *forgery) { f.set(cms.OIDContentType, oid(t, cms.OIDSignedData)) }, signing.SignatureAttributes, "FORMAT_FAILURE"},
		"content of another type": {func(f *forgery) {
			f.message.ContentType = cms.OIDSignedData
			f.set(cms.OIDContentType, oid(t, cms.OIDSignedData))
		}, signing.SignatureAttributes, "FORMAT_FAILURE"},
		"contentType of data for another type": {func(f *forgery) {
			f.message.ContentType = cms.OIDSignedData
		}, signing.SignatureAttributes, "FORMAT_FAILURE"},
		"messageDigest missing": {func(f *forgery) { f.set(cms.OIDMessageDigest) }, signing.SignatureAttributes, "FORMAT_FAILURE"},
		"messageDigest of two values": {func(f *forgery) {
			good := sha256.Sum256(content)
			f.set(cms.OIDMessageDigest, octets(t, good[:]), octets(t, make([]byte, 32)))
		}, signing.SignatureAttributes, "FORMAT_FAILURE"},
		"messageDigest twice": {func(f *forgery) {
			f.attributes = append(f.attributes, cms.Attribute{Type: cms.OIDMessageDigest, Values: [][]byte{octets(t, make([]byte, 32))}})
		}, signing.SignatureAttributes, "FORMAT_FAILURE"},
		"unknown attribute twice": {func(f *forgery) {
			for range 2 {
				f.attributes = append(f.attributes, cms.Attribute{Type: []int{1, 2, 3, 4}, Values: [][]byte{{5, 0}}})
			}
		}, signing.SignatureAttributes, "FORMAT_FAILURE"},
		"messageDigest of another kind": {func(f *forgery) { f.set(cms.OIDMessageDigest, []byte{5, 0}) }, signing.SignatureAttributes, "FORMAT_FAILURE"},
		"certificate not bound":         {func(f *forgery) { f.set(cms.OIDSigningCertificateV2) }, signing.SignatureAttributes, "SIG_CONSTRAINTS_FAILURE"},
		"another certificate bound": {func(f *forgery) {
			f.set(cms.OIDSigningCertificateV2, bindingV2(t, other.Certificate.Raw))
		}, signing.SignatureAttributes, "SIG_CONSTRAINTS_FAILURE"},
		"versions of the binding disagree": {func(f *forgery) {
			f.attributes = append(f.attributes, cms.Attribute{Type: cms.OIDSigningCertificate, Values: [][]byte{binding(t, make([]byte, 20))}})
		}, signing.SignatureAttributes, "SIG_CONSTRAINTS_FAILURE"},
		"certificate exchanged for a twin": {func(f *forgery) {
			f.message.Certificates = [][]byte{twin.Raw}
		}, signing.SignatureAttributes, "SIG_CONSTRAINTS_FAILURE"},
		"certificate and its twin": {func(f *forgery) {
			f.message.Certificates = append(f.message.Certificates, twin.Raw)
		}, signing.CertificateUntrusted, "NO_SIGNING_CERTIFICATE_FOUND"},
		"certificate missing": {func(f *forgery) { f.message.Certificates = nil }, signing.CertificateUntrusted, "NO_SIGNING_CERTIFICATE_FOUND"},
		"certificate of somebody else": {func(f *forgery) {
			f.message.Certificates = [][]byte{other.Certificate.Raw}
		}, signing.CertificateUntrusted, "NO_SIGNING_CERTIFICATE_FOUND"},
		"signed tomorrow": {func(f *forgery) { f.set(cms.OIDSigningTime, utcTime(t, T0.AddDate(0, 0, 1))) }, signing.SignatureAttributes, "SIG_CONSTRAINTS_FAILURE"},
		"signed before the certificate": {func(f *forgery) {
			f.set(cms.OIDSigningTime, utcTime(t, T0.AddDate(-2, 0, 0)))
		}, signing.SignatureAttributes, "SIG_CONSTRAINTS_FAILURE"},
		"signing time of another kind": {func(f *forgery) { f.set(cms.OIDSigningTime, []byte{5, 0}) }, signing.SignatureAttributes, "FORMAT_FAILURE"},

		"SHA-1 digest": {func(f *forgery) {
			f.signer.DigestAlgorithm.OID = cms.OIDSHA1
			f.message.DigestAlgorithms[0].OID = cms.OIDSHA1
			f.set(cms.OIDMessageDigest, octets(t, sha1Sum[:]))
		}, signing.SignatureAlgorithm, "CRYPTO_CONSTRAINTS_FAILURE_NO_POE"},
		"SHA-1 signature": {func(f *forgery) {
			f.signer.SignatureAlgorithm.OID = []int{1, 2, 840, 113549, 1, 1, 5}
		}, signing.SignatureAlgorithm, "CRYPTO_CONSTRAINTS_FAILURE_NO_POE"},
		"hash of the signature is another": {func(f *forgery) {
			f.signer.SignatureAlgorithm.OID = cms.OIDSHA512WithRSA
		}, signing.SignatureAlgorithm, "FORMAT_FAILURE"},
		"announced digest is another": {func(f *forgery) {
			f.message.DigestAlgorithms[0].OID = cms.OIDSHA512
		}, signing.SignatureAlgorithm, "FORMAT_FAILURE"},
		"digest is longer than its hash": {func(f *forgery) { f.set(cms.OIDMessageDigest, octets(t, sha512Sum[:])) }, signing.SignatureContentDiffers, "HASH_FAILURE"},
		"ECDSA named for an RSA key": {func(f *forgery) {
			f.signer.SignatureAlgorithm = cms.Algorithm{OID: cms.OIDECDSAWithSHA256}
		}, signing.SignatureAlgorithm, "FORMAT_FAILURE"},
		"unknown algorithm": {func(f *forgery) {
			f.signer.SignatureAlgorithm.OID = []int{1, 2, 398, 99, 7}
		}, signing.SignatureAlgorithm, "CRYPTO_CONSTRAINTS_FAILURE_NO_POE"},
		"parameters where none belong": {func(f *forgery) {
			f.signer.SignatureAlgorithm.Parameters = []byte{4, 0}
		}, signing.SignatureAlgorithm, "FORMAT_FAILURE"},
		"PSS with another mask hash": {func(f *forgery) {
			usePSS(t, h, f, pssParameters(t, cms.OIDSHA256, cms.OIDSHA1, 32), 32)
		}, signing.SignatureAlgorithm, "CRYPTO_CONSTRAINTS_FAILURE_NO_POE"},
		"PSS without parameters": {func(f *forgery) { usePSS(t, h, f, nil, 32) }, signing.SignatureAlgorithm, "CRYPTO_CONSTRAINTS_FAILURE_NO_POE"},
		"PSS with another salt": {func(f *forgery) {
			usePSS(t, h, f, pssParameters(t, cms.OIDSHA256, cms.OIDSHA256, 20), 32)
		}, signing.SignatureWrong, "SIG_CRYPTO_FAILURE"},
		"binding by SHA-1 in version 2": {func(f *forgery) {
			f.set(cms.OIDSigningCertificateV2, bindingWithHash(t, cms.OIDSHA1, make([]byte, 20)))
		}, signing.SignatureAlgorithm, "CRYPTO_CONSTRAINTS_FAILURE_NO_POE"},
		"bytes after the message": {func(f *forgery) {
			f.after = func(m *cms.Message) []byte { return append(encode(t, m), "garbage"...) }
		}, signing.SignatureMalformed, "FORMAT_FAILURE"},
		"attributes signed in another order": {func(f *forgery) { // node-forge does this; RFC 5652 §5.4 wants DER
			f.raw = reversed(t, f.attributes)
			f.toSign = f.raw
		}, signing.SignatureWrong, "SIG_CRYPTO_FAILURE"},
	} {
		report := verify(t, forge(t, h, tc.change))
		if report.Passed() || report.Reason != tc.reason || report.SubIndication != tc.sub {
			t.Errorf("%s: %s %s %s, want %s %s", name, report.Outcome, report.SubIndication, report.Reason, tc.sub, tc.reason)
		}
		// Our own mathematics refuses, before the second opinion is asked.
		if decided := report.Checks[len(report.Checks)-1].Name; tc.reason == signing.SignatureWrong && decided != "signature" {
			t.Errorf("%s: decided by %s", name, decided)
		}
	}
}

// reversed puts attributes in the order opposite to DER's.
func reversed(t *testing.T, attributes []cms.Attribute) []byte {
	t.Helper()
	ordered := cms.EncodeAttributes(attributes)
	input := cryptobyte.String(ordered)
	var set cryptobyte.String
	if !input.ReadASN1(&set, cbasn1.SET) {
		t.Fatal("not a set")
	}
	var body []byte
	for !set.Empty() {
		var element cryptobyte.String
		if !set.ReadASN1Element(&element, cbasn1.SEQUENCE) {
			t.Fatal("not an attribute")
		}
		body = append(bytes.Clone(element), body...)
	}
	return build(t, func(b *cryptobyte.Builder) {
		b.AddASN1(cbasn1.SET, func(b *cryptobyte.Builder) { b.AddBytes(body) })
	})
}

func bindingWithHash(t *testing.T, id []int, hash []byte) []byte {
	return build(t, func(b *cryptobyte.Builder) {
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
					b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) { b.AddASN1ObjectIdentifier(id) })
					b.AddASN1OctetString(hash)
				})
			})
		})
	})
}

// twinWithSameKey is a certificate with the key, issuer name and serial number of h, in another name.
func twinWithSameKey(t *testing.T, h *democa.Holder) *x509.Certificate {
	t.Helper()
	twin, err := stranger(t).Issue(democa.Person{Surname: "ЖАСАНДЫ", GivenName: "АДАМ", IIN: "123456789099"}, democa.IssueOptions{
		Key: h.Key, SerialNumber: h.Certificate.SerialNumber,
	})
	if err != nil {
		t.Fatal(err)
	}
	return twin.Certificate
}
