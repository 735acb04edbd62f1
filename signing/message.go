package signing

import (
	"bytes"
	"context"
	"encoding/asn1"
	"errors"
	"slices"
	"time"

	"elicensing/signing/cms"
)

// reading takes the bytes of a message apart.
type reading struct {
	input   []byte
	der     []byte
	message *cms.Message
}

func (r *reading) read() *failure {
	var err error
	if r.der, err = cms.Decode(r.input); err == nil {
		r.message, err = cms.Parse(r.der)
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
		return e.withoutAttributes()
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

// withoutAttributes refuses a message without signed attributes, which CAdES makes mandatory. What is
// certainly against the rules fails; a plain message over data may be good for others (RFC 5652 §5.3).
func (e *examination) withoutAttributes() *failure {
	if !e.message.ContentType.Equal(cms.OIDData) {
		return fail(SignatureAttributes, "content of another type than data is signed without attributes")
	}
	if looksLikeAttributes(e.content) || looksLikeAttributes(e.message.Content) {
		// Signed attributes of another message, passed off as content: the signature over them is good, and
		// nobody ever signed such a document (draft-ietf-lamps-cms-euf-cma-signeddata).
		return fail(SignatureAttributes, "content is a set of signed attributes")
	}
	return fail(SignatureAttributes, "message has no signed attributes").as(subSignatureConstraints)
}

func looksLikeAttributes(content []byte) bool {
	s := cms.SignerInfo{RawSignedAttributes: content}
	list, err := s.SignedAttributes()
	return err == nil && slices.ContainsFunc(list, func(a cms.Attribute) bool { return a.Type.Equal(cms.OIDMessageDigest) })
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
	if !contentType.Equal(e.contentType) {
		return fail(SignatureAttributes, "content is of another type than expected")
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
		return fail(SignatureContentMissing, "there is no content to verify")
	}
	if !e.message.Detached && !bytes.Equal(e.message.Content, e.content) {
		return fail(SignatureContentDiffers, "content inside the message is not ours")
	}
	digest, f := digestOf(identifier(e.signer.DigestAlgorithm), e.content)
	if f != nil {
		return f
	}
	if !bytes.Equal(digest, e.attributes.messageDigest) {
		return fail(SignatureContentDiffers, "messageDigest is not that of the content")
	}
	return nil
}
