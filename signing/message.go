package signing

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/asn1"
	"encoding/hex"
	"errors"
	"slices"
	"time"

	"elicensing/signing/cms"
	"elicensing/signing/profile"
)

func (e *examination) readMessage(context.Context) *failure {
	var err error
	if e.der, err = cms.Decode(e.input); err == nil {
		e.message, err = cms.Parse(e.der)
	}
	switch {
	case err == nil:
		return nil
	case errors.Is(err, cms.ErrTooLarge):
		return fail(SignatureTooLarge, err.Error())
	case errors.Is(err, cms.ErrTooDeep):
		return fail(SignatureTooDeep, err.Error())
	}
	return fail(SignatureMalformed, err.Error())
}

func (e *examination) findSigner(context.Context) *failure {
	switch len(e.message.Signers) {
	case 0:
		return fail(SignatureMalformed, "message has no signer")
	case 1:
		e.signer = &e.message.Signers[0]
		return nil
	}
	return fail(SignatureSeveralSigners, "message has more than one signer")
}

// attributes are the signed attributes that matter, each present at most once and with one value.
type attributes struct {
	messageDigest []byte
	signingTime   time.Time // zero: absent
	bindings      []binding
}

// binding is the first entry of signingCertificate or signingCertificateV2.
type binding struct {
	cms.CertificateID
	v1 bool
}

func (e *examination) readAttributes(context.Context) *failure {
	if e.signer.RawSignedAttributes == nil {
		// CAdES makes them mandatory; without them, signed attributes of another message could be
		// passed off as content (draft-ietf-lamps-cms-euf-cma-signeddata).
		return fail(SignatureAttributes, "message has no signed attributes")
	}
	list, err := e.signer.SignedAttributes()
	if err != nil {
		return fail(SignatureMalformed, err.Error())
	}
	values := map[string][]byte{}
	for _, a := range list {
		oid := a.Type.String()
		if _, repeated := values[oid]; repeated {
			return fail(SignatureAttributes, "signed attribute is repeated")
		}
		if !isSingleValued(a.Type) {
			values[oid] = nil
			continue
		}
		if len(a.Values) != 1 {
			return fail(SignatureAttributes, "signed attribute has not exactly one value")
		}
		values[oid] = a.Values[0]
	}
	return e.takeAttributes(func(oid asn1.ObjectIdentifier) []byte { return values[oid.String()] })
}

// isSingleValued names the attributes we read: RFC 5652 §11 and RFC 5035 §5.4 give each one value.
func isSingleValued(oid asn1.ObjectIdentifier) bool {
	return slices.ContainsFunc([]asn1.ObjectIdentifier{
		cms.OIDContentType, cms.OIDMessageDigest, cms.OIDSigningTime, cms.OIDSigningCertificate, cms.OIDSigningCertificateV2,
	}, oid.Equal)
}

func (e *examination) takeAttributes(value func(asn1.ObjectIdentifier) []byte) *failure {
	contentType, err := cms.ObjectIdentifier(value(cms.OIDContentType))
	if err != nil {
		return fail(SignatureAttributes, "contentType is missing or malformed")
	}
	if !contentType.Equal(e.message.ContentType) {
		return fail(SignatureAttributes, "contentType is not that of the content")
	}
	if !contentType.Equal(cms.OIDData) {
		return fail(SignatureAttributes, "content is of another type than data")
	}
	if e.attributes.messageDigest, err = cms.OctetString(value(cms.OIDMessageDigest)); err != nil {
		return fail(SignatureAttributes, "messageDigest is missing or malformed")
	}
	if raw := value(cms.OIDSigningTime); raw != nil {
		if e.attributes.signingTime, err = cms.Time(raw); err != nil {
			return fail(SignatureAttributes, "signingTime is malformed")
		}
		e.report.SigningTime = e.attributes.signingTime
	}
	for _, oid := range []asn1.ObjectIdentifier{cms.OIDSigningCertificateV2, cms.OIDSigningCertificate} {
		raw := value(oid)
		if raw == nil {
			continue
		}
		ids, err := cms.SigningCertificate(oid, raw)
		if err != nil {
			return fail(SignatureAttributes, "signing certificate attribute is malformed")
		}
		e.attributes.bindings = append(e.attributes.bindings, binding{ids[0], oid.Equal(cms.OIDSigningCertificate)})
	}
	return nil
}

// compareContent holds the message against the content that we have.
func (e *examination) compareContent(context.Context) *failure {
	if len(e.content) == 0 {
		return fail(SignatureContentDiffers, "there is no content to verify").as(subSignedDataNotFound)
	}
	if !e.message.Detached && !bytes.Equal(e.message.Content, e.content) {
		return fail(SignatureContentDiffers, "content inside the message is not ours")
	}
	hash, ok := hashOf(e.signer.DigestAlgorithm.OID)
	if !ok {
		return fail(SignatureAlgorithm, "digest algorithm is not accepted")
	}
	if !bytes.Equal(hashSum(hash, e.content), e.attributes.messageDigest) {
		return fail(SignatureContentDiffers, "messageDigest is not that of the content")
	}
	return nil
}

func (e *examination) findCertificate(context.Context) *failure {
	for _, der := range e.message.Certificates {
		certificate, err := x509.ParseCertificate(der)
		if err != nil || !e.names(certificate) {
			continue
		}
		if e.certificate != nil && !bytes.Equal(e.certificate.Raw, certificate.Raw) {
			return fail(CertificateUntrusted, "message has several certificates with the signer's name").as(subNoSigningCertificate)
		}
		e.certificate = certificate
	}
	if e.certificate == nil {
		return fail(CertificateUntrusted, "message lacks the signer's certificate").as(subNoSigningCertificate)
	}
	return nil
}

// names tells whether the signer identifier means this certificate (RFC 5652 §5.3).
func (e *examination) names(certificate *x509.Certificate) bool {
	if e.signer.SubjectKeyID != nil {
		return bytes.Equal(e.signer.SubjectKeyID, certificate.SubjectKeyId)
	}
	return bytes.Equal(e.signer.Issuer, certificate.RawIssuer) && e.signer.Serial.Cmp(certificate.SerialNumber) == 0
}

func (e *examination) findScheme(context.Context) *failure {
	announced := func(a cms.Algorithm) bool {
		return a.OID.Equal(e.signer.DigestAlgorithm.OID) && absentOrNull(a.Parameters)
	}
	if len(e.message.DigestAlgorithms) != 1 || !announced(e.message.DigestAlgorithms[0]) {
		// RFC 5652 §5.1 only recommends it, but every program does it, and no byte shall be free to change.
		return fail(SignatureAlgorithm, "message announces another digest algorithm than its signer's").as(subFormatFailure)
	}
	var f *failure
	e.scheme, f = schemeOf(*e.signer)
	return f
}

func (e *examination) verifySignature(context.Context) *failure {
	signed, inOrder, err := e.signer.SignedBytes()
	if err != nil {
		return fail(SignatureMalformed, err.Error())
	}
	if !inOrder {
		e.warn("signed attributes are not in DER order")
	}
	if f := e.scheme.verify(e.certificate.PublicKey, signed, e.signer.Signature); f != nil {
		return f
	}
	e.report.Signer = claimedSigner(e.certificate)
	return nil
}

// claimedSigner is what the certificate says before it is trusted.
func claimedSigner(c *x509.Certificate) *Signer {
	n := profile.NamesOf(c)
	return &Signer{
		IIN: n.IIN, BIN: n.BIN, CommonName: n.CommonName, Surname: n.Surname, GivenName: n.GivenName,
		Patronymic: n.Patronymic, Organisation: n.Organisation,
		SerialNumber: hex.EncodeToString(c.SerialNumber.Bytes()), Certificate: c.Raw,
		NotBefore: c.NotBefore, NotAfter: c.NotAfter,
	}
}

// verifyBinding demands that the signer meant this very certificate, not another one with the same
// key (RFC 5035 §1.1). If both versions of the attribute are there, both must agree.
func (e *examination) verifyBinding(context.Context) *failure {
	if len(e.attributes.bindings) == 0 {
		e.skip("message binds no certificate") // requireBinding refuses it
		return nil
	}
	strong := false
	for _, b := range e.attributes.bindings {
		if b.v1 {
			if !bytes.Equal(sha1Of(e.certificate.Raw), b.Hash) {
				return fail(SignatureAttributes, "signingCertificate binds another certificate").as(subSignatureConstraints)
			}
			continue
		}
		hash, ok := hashOf(b.HashAlgorithm)
		if !ok {
			return fail(SignatureAlgorithm, "signingCertificateV2 uses a hash that is not accepted")
		}
		if !bytes.Equal(hashSum(hash, e.certificate.Raw), b.Hash) {
			return fail(SignatureAttributes, "signingCertificateV2 binds another certificate").as(subSignatureConstraints)
		}
		strong = true
	}
	if !strong {
		e.warn("certificate is bound by SHA-1 only")
	}
	return nil
}

// requireBinding refuses messages without signing certificate attribute. It comes after path and
// validity, as in ETSI EN 319 102-1 §5.2.8: who signs without it with an expired key learns the latter.
func (e *examination) requireBinding(context.Context) *failure {
	if len(e.attributes.bindings) == 0 {
		return fail(SignatureAttributes, "message does not bind the signer's certificate").as(subSignatureConstraints)
	}
	return nil
}
