package adversarial_test

import (
	"crypto"
	"crypto/sha1" // #nosec: key identifiers, RFC 5280 §4.2.1.2
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"sync"
	"testing"
	"time"

	"elicensing/signing/profile"
)

// pair is a certificate with its key.
type pair struct {
	certificate *x509.Certificate
	key         crypto.Signer
}

// pki is the fixed world of certificates: root R, authority I under R, the foreign root X with its authority,
// the people, the stamper T and the OCSP delegate O.
type pki struct {
	root, ca             pair
	foreignRoot, foreign pair
	otherRoot            crypto.Signer
	stamper, responder   pair
	people               map[string]pair // applicant and official by key, e.g. "applicant/P-256"
}

var keyFiles = map[string]string{"RSA-2048": "rsa", "P-256": "p256"}

var fixed struct {
	sync.Mutex
	pki *pki
}

// certificates builds the world once for all tests: it never changes.
func certificates(t testing.TB) *pki {
	t.Helper()
	fixed.Lock()
	defer fixed.Unlock()
	if fixed.pki != nil {
		return fixed.pki
	}
	p := &pki{people: map[string]pair{}, otherRoot: key(t, "other-root-rsa")}
	p.root = issue(t, authorityTemplate("TEST ROOT R", 1), key(t, "root-rsa"), pair{})
	p.ca = issue(t, authorityTemplate("TEST AUTHORITY I", 2), key(t, "ca-rsa"), p.root)
	p.foreignRoot = issue(t, authorityTemplate("FOREIGN ROOT X", 3), key(t, "foreign-root-rsa"), pair{})
	p.foreign = issue(t, authorityTemplate("FOREIGN AUTHORITY", 4), key(t, "foreign-ca-rsa"), p.foreignRoot)
	p.stamper = issue(t, stamperTemplate(), key(t, "stamper-rsa"), p.ca)
	p.responder = issue(t, responderTemplate(), key(t, "responder-p256"), p.ca) // it signs an answer for each verdict, in a tenth of the time of RSA
	for kind, file := range keyFiles {
		p.people["applicant/"+kind] = issue(t, applicantTemplate(), key(t, "applicant-"+file), p.ca)
		p.people["official/"+kind] = issue(t, officialTemplate(), key(t, "official-"+file), p.ca)
	}
	fixed.pki = p
	return p
}

// issue signs a certificate; without an issuer it signs itself.
func issue(t testing.TB, template *x509.Certificate, k crypto.Signer, issuer pair) pair {
	t.Helper()
	parent, by := issuer.certificate, issuer.key
	if parent == nil {
		parent, by = template, k
	}
	spki, err := x509.MarshalPKIXPublicKey(k.Public())
	if err != nil {
		t.Fatal(err)
	}
	id := sha1.Sum(spki) // #nosec
	template.SubjectKeyId = id[:]
	der, err := x509.CreateCertificate(nil, template, parent, k.Public(), by)
	if err != nil {
		t.Fatal(err)
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return pair{certificate, k}
}

func authorityTemplate(name string, serial int64) *x509.Certificate {
	return &x509.Certificate{
		SerialNumber: big.NewInt(serial), Subject: pkix.Name{Country: []string{"KZ"}, CommonName: name},
		NotBefore: T0.AddDate(-5, 0, 0), NotAfter: T0.AddDate(10, 0, 0),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
		SignatureAlgorithm: x509.SHA256WithRSA,
	}
}

// subject is written in the order and with the fields of the national profile.
func subject(names ...any) pkix.Name {
	var name pkix.Name
	for i := 0; i < len(names); i += 2 {
		oid := asn1.ObjectIdentifier{2, 5, 4, names[i].(int)}
		name.ExtraNames = append(name.ExtraNames, pkix.AttributeTypeAndValue{Type: oid, Value: names[i+1]})
	}
	return name
}

func personTemplate(serial int64, name pkix.Name, usages ...asn1.ObjectIdentifier) *x509.Certificate {
	policy, err := x509.ParseOID(profile.PolicyOID().String())
	if err != nil {
		panic(err) // our own constant
	}
	return &x509.Certificate{
		SerialNumber: big.NewInt(serial), Subject: name,
		NotBefore: T0.AddDate(0, -6, 0), NotAfter: T0.AddDate(0, 6, 0),
		KeyUsage:    x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageEmailProtection}, UnknownExtKeyUsage: usages,
		Policies: []x509.OID{policy}, SignatureAlgorithm: x509.SHA256WithRSA,
	}
}

// applicantTemplate is A: a natural person.
func applicantTemplate() *x509.Certificate {
	name := subject(3, "ТЕСТОВ ТЕСТ", 4, "ТЕСТОВ", 5, "IIN123456789011", 6, "KZ", 42, "ТЕСТОВИЧ")
	return personTemplate(1001, name, profile.KindOID(profile.Person))
}

// officialTemplate is S: an employee of the authority.
func officialTemplate() *x509.Certificate {
	name := subject(3, "ТЕСТТОВ ТЕСТТ", 4, "ТЕСТТОВ", 5, "IIN123456789012", 6, "KZ", 10, "УПРАВЛЕНИЕ", 11, "BIN123456789021")
	return personTemplate(1002, name, profile.KindOID(profile.Entity), profile.OIDOfRole(profile.Head))
}

func stamperTemplate() *x509.Certificate {
	return &x509.Certificate{
		SerialNumber: big.NewInt(1003), Subject: pkix.Name{Country: []string{"KZ"}, CommonName: "TEST STAMPER T"},
		NotBefore: T0.AddDate(-4, 0, 0), NotAfter: T0.AddDate(3, 0, 0),
		KeyUsage: x509.KeyUsageDigitalSignature, SignatureAlgorithm: x509.SHA256WithRSA,
		ExtraExtensions: []pkix.Extension{extendedKeyUsage(true, oidTimeStamping)},
	}
}

func responderTemplate() *x509.Certificate {
	return &x509.Certificate{
		SerialNumber: big.NewInt(1004), Subject: pkix.Name{Country: []string{"KZ"}, CommonName: "TEST RESPONDER O"},
		NotBefore: T0.AddDate(-1, 0, 0), NotAfter: T0.AddDate(1, 0, 0),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageOCSPSigning},
		SignatureAlgorithm: x509.SHA256WithRSA,
		ExtraExtensions:    []pkix.Extension{{Id: asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 48, 1, 5}, Value: []byte{5, 0}}}, // ocsp-nocheck
	}
}

var (
	oidTimeStamping = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 3, 8}
	oidServerAuth   = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 3, 1}
)

func extendedKeyUsage(critical bool, usages ...asn1.ObjectIdentifier) pkix.Extension {
	value, err := asn1.Marshal(usages)
	if err != nil {
		panic(err) // our own constants
	}
	return pkix.Extension{Id: asn1.ObjectIdentifier{2, 5, 29, 37}, Critical: critical, Value: value}
}

func before(days int) time.Time { return T0.AddDate(0, 0, -days) }
