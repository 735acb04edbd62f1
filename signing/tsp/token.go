package tsp

import (
	"bytes"
	"encoding/asn1"
	"fmt"
	"slices"

	"elicensing/signing/certificate"
	"elicensing/signing/cms"
)

// OIDInfo is the content type of a token: id-ct-TSTInfo (RFC 3161 §2.4.2).
var OIDInfo = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 1, 4}

// Token is a time-stamp token taken apart. Nothing in it may be relied on before Verify said so.
type Token struct {
	Raw []byte // the token as it came: DER or BER of a ContentInfo
	Info

	// Carried are the certificates in the token that could be read, the authority's own among them or not.
	Carried []*certificate.Certificate
	// Authority is the certificate that the signature was verified with; nil before Verify.
	AuthorityCertificate *certificate.Certificate

	content []byte // DER of the TSTInfo
	signer  cms.SignerInfo
}

// Parse reads a token, as it stands in a TimeStampResp or as the value of the attribute
// id-aa-timeStampToken.
//
// Errors: ErrMalformed.
func Parse(raw []byte) (*Token, error) {
	if len(raw) > MaxSize {
		return nil, malformed("token is too large")
	}
	message, err := cms.Parse(raw)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	if !message.ContentType.Equal(OIDInfo) {
		return nil, malformed("content type is not id-ct-TSTInfo")
	}
	if message.Detached {
		return nil, malformed("token without content")
	}
	if len(message.Signers) != 1 { // RFC 3161 §2.4.2: no signature but the authority's
		return nil, malformed("not exactly one signer")
	}
	signer := message.Signers[0]
	if !slices.ContainsFunc(message.DigestAlgorithms, func(a cms.Algorithm) bool { return a.OID.Equal(signer.DigestAlgorithm.OID) }) {
		return nil, malformed("signer's digest algorithm is not listed") // RFC 5652 §5.1
	}
	info, err := parseInfo(message.Content)
	if err != nil {
		return nil, err
	}
	t := &Token{Raw: bytes.Clone(raw), Info: info, content: message.Content, signer: signer}
	for _, der := range message.Certificates {
		if c, err := certificate.Parse(der); err == nil { // one that cannot be read is nobody's
			t.Carried = append(t.Carried, c)
		}
	}
	return t, nil
}
