package democa

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"maps"
	"math/big"
	"sync"
	"time"
)

// Authority issues certificates and answers for them. It is safe for use by many goroutines.
type Authority struct {
	now     func() time.Time
	root    pair // signs the issuing authority only
	issuing pair // signs people, and the two responders below
	ocsp    pair
	stamps  pair
	foreign pair // a root that nobody trusts, for the untrusted key
	gost    branch

	mu       sync.Mutex
	register map[string]entry  // by serial number, decimal
	files    map[string][]byte // key files of the demo people by id
	opened   *sync.Map         // what Holder has opened, by content of the key file; shared by copies
}

// branch is a second authority beside the first, with GOST keys, as the national one has two: whose
// certificate is issued by which goes by the kind of key.
type branch struct{ root, issuing, ocsp pair }

// pair is a key with its certificate.
type pair struct {
	key         crypto.Signer
	certificate *x509.Certificate
}

// entry is what the register knows of a certificate.
type entry struct {
	RevokedAt time.Time `json:"revokedAt,omitzero"` // zero: good
	Reason    int       `json:"reason,omitempty"`   // RFC 5280 §5.3.1; ocsp.NoReason: none is given
}

const (
	authorityYears = 10
	responderYears = 3
	keyBits        = 2048
)

// New makes an authority with fresh keys and all demo people, in memory. now is its clock.
//
// Errors: those of the random source and of the keys: none that a caller can mend.
func New(now func() time.Time) (*Authority, error) {
	a := empty(now)
	keys, err := generateKeys(5)
	if err != nil {
		return nil, err
	}
	if err := a.establish(keys); err != nil {
		return nil, err
	}
	if err := a.establishGOST(); err != nil {
		return nil, err
	}
	if err := a.issueDemoPeople(); err != nil {
		return nil, err
	}
	return a, nil
}

func empty(now func() time.Time) *Authority {
	return &Authority{now: now, register: map[string]entry{}, files: map[string][]byte{}, opened: &sync.Map{}}
}

// Copy is the same authority on another clock, with a register of its own: for tests, each of which
// revokes and issues as it likes. Nothing is renewed, as Open would.
func (a *Authority) Copy(now func() time.Time) *Authority {
	a.mu.Lock()
	defer a.mu.Unlock()
	return &Authority{now: now, root: a.root, issuing: a.issuing, ocsp: a.ocsp, stamps: a.stamps, foreign: a.foreign, gost: a.gost,
		register: maps.Clone(a.register), files: maps.Clone(a.files), opened: a.opened}
}

// Root is the trust anchor of the RSA keys.
func (a *Authority) Root() *x509.Certificate { return a.root.certificate }

// Roots are the trust anchors, RSA before GOST, for signing.Options.
func (a *Authority) Roots() []*x509.Certificate {
	return []*x509.Certificate{a.root.certificate, a.gost.root.certificate}
}

// Intermediates are the issuing authorities, RSA before GOST, for signing.Options.
func (a *Authority) Intermediates() []*x509.Certificate {
	return []*x509.Certificate{a.issuing.certificate, a.gost.issuing.certificate}
}

// establish makes the certificates of the authority itself.
func (a *Authority) establish(keys []crypto.Signer) error {
	stamps := a.responder("ДЕМО TSA", x509.ExtKeyUsageTimeStamping)
	stamps.ExtKeyUsage = nil
	stamps.ExtraExtensions = []pkix.Extension{timeStampingOnly} // critical and alone, RFC 3161 §2.3
	return a.certifyAll(keys, []appointment{
		{&a.root, a.authority("ДЕМО НЕГІЗГІ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ (RSA)", 1), &a.root},
		{&a.issuing, a.authority("ДЕМО ҰЛТТЫҚ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ (RSA)", 0), &a.root},
		{&a.ocsp, a.ocspResponder("ДЕМО OCSP"), &a.issuing},
		{&a.stamps, stamps, &a.issuing},
		{&a.foreign, a.authority("БӨГДЕ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ (RSA)", 0), &a.foreign},
	})
}

// establishGOST makes those of the branch with GOST keys.
func (a *Authority) establishGOST() error {
	keys, err := generateGOST(3)
	if err != nil {
		return err
	}
	return a.certifyAll(keys, []appointment{
		{&a.gost.root, a.authority("ДЕМО НЕГІЗГІ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ (GOST)", 1), &a.gost.root},
		{&a.gost.issuing, a.authority("ДЕМО ҰЛТТЫҚ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ (GOST)", 0), &a.gost.root},
		{&a.gost.ocsp, a.ocspResponder("ДЕМО OCSP (GOST)"), &a.gost.issuing},
	})
}

// appointment is a certificate of the authority that is to be made.
type appointment struct {
	into     *pair
	template *x509.Certificate
	issuer   *pair
}

func (a *Authority) certifyAll(keys []crypto.Signer, appointments []appointment) error {
	for i, step := range appointments {
		step.into.key = keys[i]
		certificate, err := a.certify(step.template, step.into.key.Public(), *step.issuer)
		if err != nil {
			return fmt.Errorf("democa: %s: %w", step.template.Subject.CommonName, err)
		}
		step.into.certificate = certificate
	}
	return nil
}

// authority is the template of a root or issuing authority. They begin in the past, so that
// certificates can be issued that have already expired.
func (a *Authority) authority(name string, pathLength int) *x509.Certificate {
	return &x509.Certificate{
		Subject:   pkix.Name{Country: []string{"KZ"}, CommonName: name},
		NotBefore: a.now().AddDate(-5, 0, 0), NotAfter: a.now().AddDate(authorityYears, 0, 0),
		IsCA: true, BasicConstraintsValid: true, MaxPathLen: pathLength, MaxPathLenZero: pathLength == 0,
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}
}

// responder is the template of a service.
func (a *Authority) responder(name string, usage x509.ExtKeyUsage) *x509.Certificate {
	return &x509.Certificate{
		Subject:   pkix.Name{Country: []string{"KZ"}, CommonName: name},
		NotBefore: a.now().AddDate(-5, 0, 0), NotAfter: a.now().AddDate(responderYears, 0, 0),
		KeyUsage:    x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{usage},
	}
}

func (a *Authority) ocspResponder(name string) *x509.Certificate {
	t := a.responder(name, x509.ExtKeyUsageOCSPSigning)
	t.ExtraExtensions = []pkix.Extension{{Id: oidOCSPNoCheck, Value: []byte{0x05, 0x00}}} // RFC 6960 §4.2.2.2.1
	return t
}

// certify signs a template with the issuer's key (its own, when the issuer has no certificate yet)
// and enters the certificate into the register.
func (a *Authority) certify(template *x509.Certificate, key crypto.PublicKey, issuer pair) (*x509.Certificate, error) {
	if template.SerialNumber == nil {
		serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 158))
		if err != nil {
			return nil, err
		}
		template.SerialNumber = serial.Add(serial, new(big.Int).Lsh(big.NewInt(1), 157)) // 20 octets as the national ones
	}
	if spki, err := subjectPublicKey(key); err == nil {
		id := sha256.Sum256(spki)
		template.SubjectKeyId = id[:20] // RFC 7093 §2, method 4
	}
	parent := issuer.certificate
	if parent == nil {
		parent = template
	}
	der, err := createCertificate(template, parent, key, issuer.key)
	if err != nil {
		return nil, err
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.register[certificate.SerialNumber.String()] = entry{}
	return certificate, nil
}

// generateKeys makes n RSA keys on all cores; making them is what takes time at the first start.
func generateKeys(n int) ([]crypto.Signer, error) {
	keys := make([]crypto.Signer, n)
	errs := make([]error, n)
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			key, err := rsa.GenerateKey(rand.Reader, keyBits)
			keys[i], errs[i] = key, err
		})
	}
	all.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, fmt.Errorf("democa: make a key: %w", err)
		}
	}
	return keys, nil
}
