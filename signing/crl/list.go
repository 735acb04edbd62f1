package crl

import (
	"errors"
	"fmt"
	"math/big"
	"time"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"elicensing/signing/algorithms"
	"elicensing/signing/certificate"
	"elicensing/signing/path"
)

// MaxSize is the greatest list that is read, in octets. The national one has about 20 MB.
const MaxSize = 64 << 20

// maxAround bounds what stands around the entries of a list: names, extensions, signature.
const maxAround = 64 << 10

var (
	// ErrMalformed says that the bytes are no list of RFC 5280.
	ErrMalformed = errors.New("crl: malformed")
	// ErrTooLarge says that the list exceeds MaxSize or another bound.
	ErrTooLarge = errors.New("crl: too large")
)

// List is one list as read, complete or delta. It is not changed after Parse and safe for concurrent use.
type List struct {
	Raw       []byte                // the whole, DER; the same memory as the input of Parse
	RawTBS    []byte                // what is signed
	Issuer    certificate.Name      // who issued the list
	Algorithm algorithms.Identifier // of Signature
	Signature []byte                // nil when its bits are no whole octets

	ThisUpdate time.Time // when it was made
	NextUpdate time.Time // zero when absent

	Number          *big.Int                            // §5.2.3; nil when absent
	BaseNumber      *big.Int                            // §5.2.4 BaseCRLNumber; nil: a complete list
	AuthorityKeyID  *certificate.AuthorityKeyIdentifier // §5.2.1
	Point           *certificate.IssuingPoint           // §5.2.5; nil: the list is about all its issuer's certificates
	Freshest        []certificate.DistributionPoint     // §5.2.6
	Extensions      []certificate.Extension             // all of them, in their order
	UnknownCritical bool                                // of the list or of any entry: it must not be used (§5.2, §5.3)

	rawPoint []byte
	entries  []uint32 // offsets of entries in Raw, in the order of their serial numbers
	issuers  []issuerRun
}

// Delta tells whether the list holds only changes (RFC 5280 §5.2.4).
func (l *List) Delta() bool { return l.BaseNumber != nil }

// Len is the number of entries.
func (l *List) Len() int { return len(l.entries) }

// Parse reads a list that fills der wholly, in memory of a fourth of it at most. It keeps der, which is not to be
// changed. The signature is not checked. Errors wrap ErrMalformed or ErrTooLarge.
func Parse(der []byte) (*List, error) {
	if len(der) > MaxSize {
		return nil, ErrTooLarge
	}
	l := &List{Raw: der}
	whole := cryptobyte.String(der)
	var outer, tbs cryptobyte.String
	if !whole.ReadASN1(&outer, cbasn1.SEQUENCE) || !whole.Empty() || !outer.ReadASN1Element(&tbs, cbasn1.SEQUENCE) {
		return nil, malformed("CertificateList")
	}
	l.RawTBS = tbs
	if len(outer) > maxAround {
		return nil, ErrTooLarge
	}
	var err error
	if l.Algorithm, err = algorithms.ReadIdentifier(&outer); err != nil {
		return nil, malformed("signatureAlgorithm")
	}
	if l.Signature, err = certificate.ReadSignature(&outer); err != nil || !outer.Empty() {
		return nil, malformed("signatureValue")
	}
	if err := l.readTBS(tbs); err != nil {
		return nil, err
	}
	l.sort()
	return l, nil
}

func malformed(what string) error { return fmt.Errorf("%w: %s", ErrMalformed, what) }

func (l *List) readTBS(element cryptobyte.String) error {
	var tbs cryptobyte.String
	if !element.ReadASN1(&tbs, cbasn1.SEQUENCE) {
		return malformed("tbsCertList")
	}
	version := 1
	if tbs.PeekASN1Tag(cbasn1.INTEGER) {
		if !tbs.ReadASN1Integer(&version) || version != 1 {
			return malformed("version")
		}
		version = 2
	}
	algorithm, err := algorithms.ReadIdentifier(&tbs)
	// RFC 5280 §5.1.1.2: the same inside and outside; but the national authority writes NULL outside and nothing
	// inside, which says the same.
	if err != nil || !algorithm.Equal(l.Algorithm) {
		return malformed("signature algorithm inside and outside differ")
	}
	if err := l.readIssuerAndTimes(&tbs); err != nil {
		return err
	}
	if tbs.PeekASN1Tag(cbasn1.SEQUENCE) {
		var entries cryptobyte.String
		if !tbs.ReadASN1(&entries, cbasn1.SEQUENCE) {
			return malformed("revokedCertificates")
		}
		if err := l.readEntries(entries, version); err != nil {
			return err
		}
	}
	if len(tbs) > maxAround {
		return ErrTooLarge
	}
	return l.readListExtensions(tbs, version)
}

func (l *List) readIssuerAndTimes(tbs *cryptobyte.String) error {
	var issuer cryptobyte.String
	if !tbs.ReadASN1Element(&issuer, cbasn1.SEQUENCE) {
		return malformed("issuer")
	}
	if len(issuer) > maxAround {
		return ErrTooLarge
	}
	var err error
	if l.Issuer, err = certificate.ParseName(issuer); err != nil {
		return malformed("issuer")
	}
	if l.ThisUpdate, err = certificate.ReadTime(tbs); err != nil {
		return malformed("thisUpdate")
	}
	if tbs.PeekASN1Tag(cbasn1.UTCTime) || tbs.PeekASN1Tag(cbasn1.GeneralizedTime) {
		if l.NextUpdate, err = certificate.ReadTime(tbs); err != nil {
			return malformed("nextUpdate")
		}
	}
	return nil
}

// VerifySignature checks that a key signed the list; path.KeyOf gives that of a certificate. The answer is the same
// for ever. It asks neither whether the key's holder may issue lists nor whether the algorithm is still good: Checker
// does. Errors: those of signatures.
func (l *List) VerifySignature(signatures path.Signatures, key path.PublicKey) error {
	return signatures.Verify(key, l.Algorithm, l.RawTBS, l.Signature)
}
