package pathtest

import (
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"testing"
	"time"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// ListChange alters the template of a list before it is signed.
type ListChange func(*x509.RevocationList)

// List makes a revocation list of issuer, current at Now, with the number 1.
func List(t testing.TB, issuer *Holder, changes ...ListChange) []byte {
	t.Helper()
	template := &x509.RevocationList{
		Number:     big.NewInt(1),
		ThisUpdate: Now.Add(-time.Hour),
		NextUpdate: Now.Add(24 * time.Hour),
	}
	for _, change := range changes {
		change(template)
	}
	der, err := x509.CreateRevocationList(rand.Reader, template, issuer.X509, issuer.Key)
	if err != nil {
		t.Fatalf("list: %v", err)
	}
	return der
}

// Revoking adds entries for certificates, with a reason.
func Revoking(reason int, holders ...*Holder) ListChange {
	return func(l *x509.RevocationList) {
		for _, h := range holders {
			l.RevokedCertificateEntries = append(l.RevokedCertificateEntries, x509.RevocationListEntry{
				SerialNumber: h.X509.SerialNumber, RevocationTime: Now.Add(-48 * time.Hour), ReasonCode: reason})
		}
	}
}

// RevokingOf adds an entry for a certificate of another issuer than the list's (RFC 5280 §5.3.3).
func RevokingOf(issuer, holder *Holder) ListChange {
	return func(l *x509.RevocationList) {
		l.RevokedCertificateEntries = append(l.RevokedCertificateEntries, x509.RevocationListEntry{
			SerialNumber: holder.X509.SerialNumber, RevocationTime: Now.Add(-48 * time.Hour),
			ExtraExtensions: []pkix.Extension{{Id: asn1.ObjectIdentifier{2, 5, 29, 29}, Critical: true,
				Value: Sequence(DirectoryName(issuer))}}})
	}
}

// Numbered sets the number of a list.
func Numbered(n int64) ListChange {
	return func(l *x509.RevocationList) { l.Number = big.NewInt(n) }
}

// DeltaOf makes a list a delta to a base.
func DeltaOf(base int64) ListChange {
	value, _ := asn1.Marshal(base)
	return WithExtension(asn1.ObjectIdentifier{2, 5, 29, 27}, true, value)
}

// WithExtension adds an extension to a list.
func WithExtension(id asn1.ObjectIdentifier, critical bool, value []byte) ListChange {
	return func(l *x509.RevocationList) {
		l.ExtraExtensions = append(l.ExtraExtensions, pkix.Extension{Id: id, Critical: critical, Value: value})
	}
}

// Between sets thisUpdate and nextUpdate, relative to Now.
func Between(this, next time.Duration) ListChange {
	return func(l *x509.RevocationList) { l.ThisUpdate, l.NextUpdate = Now.Add(this), Now.Add(next) }
}

// IssuingPoint is the extension of that name with the given content, made of Tagged parts.
func IssuingPoint(parts ...[]byte) ListChange {
	return WithExtension(asn1.ObjectIdentifier{2, 5, 29, 28}, true, Sequence(parts...))
}

// PointAt gives a certificate a distribution point with the given content, made of Tagged parts.
func PointAt(parts ...[]byte) Change {
	return func(c *x509.Certificate) {
		c.ExtraExtensions = append(c.ExtraExtensions, pkix.Extension{
			Id: asn1.ObjectIdentifier{2, 5, 29, 31}, Value: Sequence(Sequence(parts...))})
	}
}

// Sequence is a SEQUENCE of encoded parts.
func Sequence(parts ...[]byte) []byte { return wrap(cbasn1.SEQUENCE, parts) }

// Tagged is a context-specific, constructed element.
func Tagged(tag uint8, parts ...[]byte) []byte {
	return wrap(cbasn1.Tag(tag).ContextSpecific().Constructed(), parts)
}

// Flag is a BOOLEAN TRUE with a context-specific tag.
func Flag(tag uint8) []byte { return []byte{0x80 | tag, 1, 0xff} }

// Bits is a BIT STRING of two octets with a context-specific tag; bit n of the standard is 1<<n.
func Bits(tag uint8, bits uint16) []byte {
	octets := []byte{0, 0}
	for n := range 16 {
		if bits&(1<<n) != 0 {
			octets[n/8] |= 0x80 >> (n % 8)
		}
	}
	return append([]byte{0x80 | tag, 3, 0}, octets...)
}

// DirectoryName is the GeneralName of a holder.
func DirectoryName(h *Holder) []byte { return Tagged(4, h.X509.RawSubject) }

// URIName is the GeneralName of an address.
func URIName(address string) []byte {
	return wrap(cbasn1.Tag(6).ContextSpecific(), [][]byte{[]byte(address)})
}

func wrap(tag cbasn1.Tag, parts [][]byte) []byte {
	var b cryptobyte.Builder
	b.AddASN1(tag, func(b *cryptobyte.Builder) {
		for _, part := range parts {
			b.AddBytes(part)
		}
	})
	return b.BytesOrPanic()
}
