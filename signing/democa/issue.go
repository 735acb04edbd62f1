package democa

import (
	"crypto"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
	"math/big"
	"time"

	keyfile "elicensing/signing/pkcs12"
	"elicensing/signing/profile"

	"software.sslmate.com/src/go-pkcs12"
)

var (
	oidOCSPNoCheck = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 48, 1, 5}

	// extendedKeyUsage { timeStamping }, critical.
	timeStampingOnly = pkix.Extension{
		Id: asn1.ObjectIdentifier{2, 5, 29, 37}, Critical: true,
		Value: []byte{0x30, 0x0a, 0x06, 0x08, 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x08},
	}
)

// Addresses in the certificates lead nowhere on purpose: a verifier must ask where its configuration
// says, never where a certificate says.
const (
	deadOCSP = "http://ocsp.demo.invalid/"
	deadCRL  = "http://crl.demo.invalid/nca_rsa.crl"
)

// Person is who a certificate is issued for.
type Person struct {
	Surname      string // фамилия
	GivenName    string // имя
	Patronymic   string // отчество; may be empty
	IIN          string // twelve digits
	BIN          string // empty: a natural person's certificate
	Organisation string // name of the entity; empty for a person
}

// IssueOptions say what kind of certificate; the zero value is a natural person's key for signing,
// valid for a year.
type IssueOptions struct {
	Role         profile.Role  // of an entity's certificate
	AuthOnly     bool          // for authentication instead of signing
	NotBefore    time.Time     // zero: yesterday
	NotAfter     time.Time     // zero: a year after now
	Untrusted    bool          // issued by a root that nobody trusts
	Key          crypto.Signer // nil: a fresh RSA-2048 key; with a GOST key the GOST branch issues
	SerialNumber *big.Int      // nil: a random one
	// Change edits the certificate before it is signed, for certificates that break the profile.
	Change func(*x509.Certificate)
}

// Holder is an issued key with its certificate.
type Holder struct {
	Key         crypto.Signer       // private key
	Certificate *x509.Certificate   // of that key
	Chain       []*x509.Certificate // the issuing authority
}

// Issue makes a certificate in the national profile (FACTS: subject fields, key usage, role OIDs,
// policy).
//
// Errors: an unknown role; what crypto/x509 does not put into a certificate.
func (a *Authority) Issue(p Person, o IssueOptions) (*Holder, error) {
	key := o.Key
	if key == nil {
		keys, err := generateKeys(1)
		if err != nil {
			return nil, err
		}
		key = keys[0]
	}
	template, err := a.template(p, o)
	if err != nil {
		return nil, err
	}
	template.SerialNumber = o.SerialNumber
	if o.Change != nil {
		o.Change(template)
	}
	issuer := a.issuing
	switch {
	case o.Untrusted:
		issuer = a.foreign
	case isGOST(key.Public()):
		issuer = a.gost.issuing
	}
	certificate, err := a.certify(template, key.Public(), issuer)
	if err != nil {
		return nil, fmt.Errorf("democa: issue: %w", err)
	}
	return &Holder{Key: key, Certificate: certificate, Chain: []*x509.Certificate{issuer.certificate}}, nil
}

func (a *Authority) template(p Person, o IssueOptions) (*x509.Certificate, error) {
	policy, err := x509.ParseOID(profile.PolicyOID().String())
	if err != nil {
		return nil, fmt.Errorf("democa: policy: %w", err)
	}
	kind := profile.Person
	if p.BIN != "" {
		kind = profile.Entity
	}
	t := &x509.Certificate{
		Subject:   pkix.Name{ExtraNames: subject(p)},
		NotBefore: o.NotBefore, NotAfter: o.NotAfter,
		KeyUsage:           x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment,
		ExtKeyUsage:        []x509.ExtKeyUsage{x509.ExtKeyUsageEmailProtection},
		UnknownExtKeyUsage: []asn1.ObjectIdentifier{profile.KindOID(kind)},
		Policies:           []x509.OID{policy},

		OCSPServer: []string{deadOCSP}, CRLDistributionPoints: []string{deadCRL},
	}
	if o.AuthOnly {
		t.KeyUsage = x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment
		t.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
	}
	if o.Role != "" {
		oid := profile.OIDOfRole(o.Role)
		if oid == nil {
			return nil, errors.New("democa: unknown role")
		}
		t.UnknownExtKeyUsage = append(t.UnknownExtKeyUsage, oid)
	}
	if t.NotBefore.IsZero() {
		t.NotBefore = a.now().AddDate(0, 0, -1)
	}
	if t.NotAfter.IsZero() {
		t.NotAfter = a.now().AddDate(1, 0, 0)
	}
	return t, nil
}

// subject orders and fills the fields as the national authority does: CN is surname and given name,
// givenName holds the patronymic.
func subject(p Person) []pkix.AttributeTypeAndValue {
	x520 := func(n int) asn1.ObjectIdentifier { return asn1.ObjectIdentifier{2, 5, 4, n} }
	var names []pkix.AttributeTypeAndValue
	add := func(n int, value string) {
		if value != "" {
			names = append(names, pkix.AttributeTypeAndValue{Type: x520(n), Value: value})
		}
	}
	add(3, p.Surname+" "+p.GivenName)
	add(4, p.Surname)
	add(5, prefixed("IIN", p.IIN))
	add(6, "KZ")
	add(10, p.Organisation)
	add(11, prefixed("BIN", p.BIN))
	add(42, p.Patronymic)
	return names
}

func prefixed(prefix, number string) string {
	if number == "" {
		return ""
	}
	return prefix + number
}

// Revoke enters a certificate as revoked from at on, for a reason of RFC 5280 §5.3.1, or for ocsp.NoReason.
func (a *Authority) Revoke(certificate *x509.Certificate, at time.Time, reason int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.register[certificate.SerialNumber.String()] = entry{RevokedAt: at.UTC(), Reason: reason}
}

// entryOf looks a serial number up.
func (a *Authority) entryOf(serial *big.Int) (entry, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	e, ok := a.register[serial.String()]
	return e, ok
}

// PKCS12 writes a key file as OpenSSL 3 does (AES-256, PBKDF2); one with a GOST key as the national
// authority does, since no other program reads it.
//
// Errors: those of LegacyPKCS12; a key or password that cannot be written.
func (h *Holder) PKCS12(password string) ([]byte, error) {
	if isGOST(h.Key.Public()) {
		return h.LegacyPKCS12(password)
	}
	file, err := pkcs12.Modern2023.Encode(h.Key, h.Certificate, h.Chain, password)
	if err != nil {
		return nil, fmt.Errorf("democa: key file: %w", err)
	}
	return file, nil
}

// LegacyPKCS12 writes a key file of the old kind (3DES, SHA-1), which is the national one.
//
// Errors: those of pkcs12.Write.
func (h *Holder) LegacyPKCS12(password string) ([]byte, error) {
	file, err := keyfile.Write(h.Key, h.Certificate, h.Chain, password, rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("democa: key file: %w", err)
	}
	return file, nil
}
