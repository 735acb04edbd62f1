package signing

import (
	"bytes"
	"context"
	"crypto/sha1" // #nosec: signingCertificate (RFC 2634 §5.4) is defined with SHA-1
	"encoding/asn1"
	"encoding/hex"
	"errors"

	"elicensing/signing/algorithms"
	"elicensing/signing/certificate"
	"elicensing/signing/cms"
	"elicensing/signing/profile"
)

func sha1Of(data []byte) []byte {
	hash := sha1.Sum(data) // #nosec
	return hash[:]
}

func identifier(a cms.Algorithm) algorithms.Identifier {
	return algorithms.Identifier{OID: a.OID, Parameters: a.Parameters}
}

// algorithmFailure tells a defect of encoding, which certainly fails, from an algorithm that we do not
// accept.
func algorithmFailure(err error, detail string) *failure {
	f := fail(SignatureAlgorithm, detail)
	if errors.Is(err, algorithms.ErrMalformed) || errors.Is(err, algorithms.ErrMismatch) {
		return f.as(subFormatFailure)
	}
	return f
}

func digestOf(algorithm algorithms.Identifier, data []byte) ([]byte, *failure) {
	hash, err := algorithms.NewHash(algorithm)
	if err != nil {
		return nil, algorithmFailure(err, "digest algorithm is not accepted")
	}
	hash.Write(data)
	return hash.Sum(nil), nil
}

func (e *examination) findCertificate(context.Context) *failure {
	for _, c := range e.hints {
		if !e.names(c) {
			continue
		}
		if e.certificate != nil && !e.certificate.Equal(c) {
			return fail(CertificateUntrusted, "message has several certificates with the signer's name").as(subNoSigningCertificate)
		}
		e.certificate = c
	}
	if e.certificate == nil {
		return fail(CertificateUntrusted, "message lacks the signer's certificate").as(subNoSigningCertificate)
	}
	return nil
}

// names tells whether the signer identifier means this certificate (RFC 5652 §5.3).
func (e *examination) names(c *certificate.Certificate) bool {
	if e.signer.SubjectKeyID != nil {
		return bytes.Equal(e.signer.SubjectKeyID, c.SubjectKeyID)
	}
	return bytes.Equal(e.signer.Issuer, c.RawIssuer) && e.signer.Serial.Cmp(c.Serial) == 0
}

func (e *examination) findScheme(context.Context) *failure {
	announced := func(a cms.Algorithm) bool { return identifier(a).Equal(identifier(e.signer.DigestAlgorithm)) }
	found := false
	for _, a := range e.message.DigestAlgorithms {
		found = found || announced(a)
	}
	if !found || len(e.message.DigestAlgorithms) > len(e.message.Signers) {
		// RFC 5652 §5.1 only recommends it, but every program does it, and no byte shall be free to change.
		return fail(SignatureAlgorithm, "message announces other digest algorithms than its signers'").as(subFormatFailure)
	}
	var err error
	if e.key, err = algorithms.ParseKey(e.certificate.RawSPKI); err != nil {
		return algorithmFailure(err, "kind of key is not accepted")
	}
	e.scheme, err = algorithms.ForMessage(identifier(e.signer.DigestAlgorithm), identifier(e.signer.SignatureAlgorithm), e.key)
	if err != nil && e.signer.SignatureAlgorithm.OID.Equal(cms.OIDRSAPSS) {
		return fail(SignatureAlgorithm, "RSASSA-PSS parameters are not accepted") // sound perhaps, and not for us
	}
	if err != nil {
		return algorithmFailure(err, "signature algorithm is not accepted, or does not go with digest and key")
	}
	e.report.Algorithm = e.scheme.Name()
	return nil
}

func (e *examination) verifySignature(context.Context) *failure {
	signed, inOrder, err := e.signer.SignedBytes()
	if err != nil {
		return fail(SignatureMalformed, err.Error())
	}
	if !inOrder {
		e.warn("signed attributes are not in DER order")
	}
	switch err := e.scheme.Verify(e.key, signed, e.signer.Signature); {
	case errors.Is(err, algorithms.ErrWeak), errors.Is(err, algorithms.ErrMismatch):
		return algorithmFailure(err, "key is of a size or kind that is not accepted")
	case err != nil:
		return fail(SignatureWrong, "signature does not belong to these attributes and this key")
	}
	e.report.Signer = claimedSigner(e.certificate)
	return nil
}

// claimedSigner is what the certificate says before it is trusted.
func claimedSigner(c *certificate.Certificate) *Signer {
	n := profile.NamesOf(c)
	return &Signer{
		IIN: n.IIN, BIN: n.BIN, CommonName: n.CommonName, Surname: n.Surname, GivenName: n.GivenName,
		Patronymic: n.Patronymic, Organisation: n.Organisation,
		SerialNumber: hex.EncodeToString(c.Serial.Bytes()), Certificate: c.Raw,
		NotBefore: c.NotBefore, NotAfter: c.NotAfter,
	}
}

// verifyBinding demands that the signer meant this very certificate, not another one with the same
// key (RFC 5035 §1.1). If both versions of the attribute are there, both must agree, and so must issuer and
// serial number where they stand beside the hash.
func (e *examination) verifyBinding(context.Context) *failure {
	if len(e.attributes.bindings) == 0 {
		e.skip("message binds no certificate") // requireBinding refuses it
		return nil
	}
	strong := false
	for _, b := range e.attributes.bindings {
		if b.Issuer != nil && !namedBy(b.CertificateID, e.certificate) {
			return fail(SignatureAttributes, "signing certificate attribute names another issuer or serial number").as(subSignatureConstraints)
		}
		if b.v1 {
			if !bytes.Equal(sha1Of(e.certificate.Raw), b.Hash) {
				return fail(SignatureAttributes, "signingCertificate binds another certificate").as(subSignatureConstraints)
			}
			continue
		}
		digest, f := digestOf(algorithms.Identifier{OID: b.HashAlgorithm}, e.certificate.Raw)
		if f != nil {
			return f
		}
		if !bytes.Equal(digest, b.Hash) {
			return fail(SignatureAttributes, "signingCertificateV2 binds another certificate").as(subSignatureConstraints)
		}
		strong = true
	}
	if !strong {
		e.warn("certificate is bound by SHA-1 only")
	}
	return nil
}

// namedBy compares IssuerSerial, which is optional in the binding (RFC 5035 §4), with a certificate.
func namedBy(id cms.CertificateID, c *certificate.Certificate) bool {
	issuer, err := certificate.ParseName(id.Issuer)
	return err == nil && issuer.Equal(c.Issuer) && id.Serial.Cmp(c.Serial) == 0
}

// requireBinding refuses messages without signing certificate attribute. It comes after path and
// validity, as in ETSI EN 319 102-1 §5.2.8: who signs without it with an expired key learns the latter.
func (e *examination) requireBinding(context.Context) *failure {
	if len(e.attributes.bindings) == 0 {
		return fail(SignatureAttributes, "message does not bind the signer's certificate").as(subSignatureConstraints)
	}
	return nil
}

// checkAlgorithmDates asks whether the algorithm was still good when the signature is shown to have
// existed: without a time stamp that is now.
func (e *examination) checkAlgorithmDates(context.Context) *failure {
	if err := e.scheme.AcceptedAt(e.existed); err != nil {
		return fail(SignatureAlgorithm, "algorithm was no longer accepted at the best signature time")
	}
	return nil
}

// commonName is the name of an authority for people; empty when it has none that can be read.
func commonName(c *certificate.Certificate) string {
	for _, a := range c.Subject.Attributes() {
		if a.Type.Equal(oidCommonName) {
			if text, ok := a.Text(); ok {
				return text
			}
		}
	}
	return ""
}

var oidCommonName = asn1.ObjectIdentifier{2, 5, 4, 3}
