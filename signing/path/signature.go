package path

import (
	"errors"
	"fmt"
	"time"

	"elicensing/signing/algorithms"
	"elicensing/signing/certificate"
)

// Signatures checks what issuers signed. It must be safe for concurrent use.
type Signatures interface {
	// Verify checks a signature by an issuer's key. The answer is the same for ever and may be kept. Errors:
	// ErrInherited when the key has no parameters of its own and key.Parameters is nil; those of package algorithms.
	Verify(key PublicKey, algorithm algorithms.Identifier, signed, signature []byte) error
	// Accepted tells whether an algorithm is good enough at a time: nil, or an error of package algorithms.
	Accepted(algorithm algorithms.Identifier, at time.Time) error
}

// PublicKey is the working public key of RFC 5280 §6.1.2 (g) to (i).
type PublicKey struct {
	SPKI       []byte // DER of the SubjectPublicKeyInfo
	Parameters []byte // working_public_key_parameters: of the key itself, or of the same algorithm above it
}

// ErrInherited says that a key takes its parameters from the key that signed it (RFC 5280 §6.1.4 (f)).
var ErrInherited = errors.New("parameters of the key are inherited")

// KeyOf is the key of a certificate with its own parameters.
func KeyOf(c *certificate.Certificate) PublicKey {
	return PublicKey{SPKI: c.RawSPKI, Parameters: c.PublicKeyAlgorithm.Parameters}
}

// WorkingKey is the key of the first of a valid chain, with the parameters that it inherits in it (RFC 5280 §6.1.4
// (d) to (f)).
func WorkingKey(chain []*certificate.Certificate) PublicKey {
	last := len(chain) - 1
	key := KeyOf(chain[last])
	for i := last - 1; i >= 0; i-- {
		key, _ = nextKey(key, chain[i+1].PublicKeyAlgorithm, chain[i])
	}
	return key
}

// Table checks by package algorithms. None of its keys inherits parameters.
type Table struct{}

// Verify implements Signatures.
//
// Errors: those of algorithms.ForCertificate, algorithms.ParseKey and algorithms.Scheme.Verify.
func (Table) Verify(key PublicKey, algorithm algorithms.Identifier, signed, signature []byte) error {
	scheme, err := algorithms.ForCertificate(algorithm)
	if err != nil {
		return fmt.Errorf("algorithm of the signature: %w", err)
	}
	public, err := algorithms.ParseKey(key.SPKI)
	if err != nil {
		return fmt.Errorf("key of the issuer: %w", err)
	}
	return scheme.Verify(public, signed, signature)
}

// Accepted implements Signatures.
//
// Errors: those of algorithms.ForCertificate and algorithms.Scheme.AcceptedAt.
func (Table) Accepted(algorithm algorithms.Identifier, at time.Time) error {
	scheme, err := algorithms.ForCertificate(algorithm)
	if err != nil {
		return fmt.Errorf("algorithm of the signature: %w", err)
	}
	return scheme.AcceptedAt(at)
}

// signatureFailure tells a signature that is wrong from one that is not judged.
func signatureFailure(err error, c *certificate.Certificate, depth int) *Failure {
	f := &Failure{Rule: RuleSignature, Section: "§6.1.3(a)(1)", Certificate: c, Depth: depth, Err: err}
	if errors.Is(err, algorithms.ErrWeak) || errors.Is(err, algorithms.ErrUnknown) {
		f.Rule = RuleAlgorithm
	}
	return f
}

// nextKey is RFC 5280 §6.1.4 (d) to (f): parameters are inherited within one algorithm only. It tells whether some were.
func nextKey(current PublicKey, algorithm algorithms.Identifier, c *certificate.Certificate) (PublicKey, bool) {
	next := KeyOf(c)
	if isAbsent(next.Parameters) && !isAbsent(current.Parameters) && c.PublicKeyAlgorithm.OID.Equal(algorithm.OID) {
		next.Parameters = current.Parameters
		return next, true
	}
	return next, false
}

// isAbsent: NULL counts as no parameters, as §6.1.4 (f) has it.
func isAbsent(parameters []byte) bool {
	return len(parameters) == 0 || len(parameters) == 2 && parameters[0] == 5 && parameters[1] == 0
}
