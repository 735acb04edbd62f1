package tsp

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/asn1"
	"errors"
	"fmt"
	"math/big"
	"time"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"elicensing/signing/algorithms"
	"elicensing/signing/certificate"
	"elicensing/signing/cms"
)

// Stamper is a time-stamping authority: it answers requests with tokens. It is safe for use by many
// goroutines if its functions are.
type Stamper struct {
	Certificate *certificate.Certificate   // for time stamps alone (RFC 3161 §2.3)
	Chain       []*certificate.Certificate // carried along where the request asks for certificates
	Sign        Signer                     // signs tokens
	Policy      asn1.ObjectIdentifier      // under which all its tokens are issued
	Accuracy    time.Duration              // of its clock; negative: not said
	Now         func() time.Time           // the clock
}

// Signer signs the DER of signed attributes and says with which signature algorithm. Digest is what the
// algorithm hashes with, and what the TSTInfo is hashed with.
type Signer struct {
	Digest algorithms.Identifier                                                              // of the content and of the signed attributes
	Sign   func(signed []byte) (algorithm algorithms.Identifier, signature []byte, err error) // signs tokens
}

// Answer reads a request and answers it with a token or with a refusal that says why (RFC 3161 §2.4.2).
// It never fails for what stands in the request.
//
// Errors: those of the key and the random source.
func (s *Stamper) Answer(question []byte) ([]byte, error) {
	request, err := ParseRequest(question)
	if err != nil {
		var refusal *Refusal
		if errors.As(err, &refusal) {
			return encodeResponse(rejection, refusal.Failure, nil)
		}
		return encodeResponse(rejection, BadDataFormat, nil)
	}
	h, err := algorithms.NewHash(request.Imprint.Digest)
	switch {
	case err != nil:
		return encodeResponse(rejection, BadAlgorithm, nil)
	case len(request.Imprint.Value) != h.Size():
		return encodeResponse(rejection, BadDataFormat, nil)
	case request.Policy != nil && !request.Policy.Equal(s.Policy):
		return encodeResponse(rejection, UnacceptedPolicy, nil)
	}
	token, err := s.Stamp(request)
	if err != nil {
		return nil, err
	}
	return encodeResponse(0, NoFailure, token)
}

// Stamp makes the token that a good request asks for.
//
// Errors: those of the key and the random source.
func (s *Stamper) Stamp(request Request) ([]byte, error) {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 159)) // 20 octets, positive
	if err != nil {
		return nil, fmt.Errorf("tsp: serial number: %w", err)
	}
	content, err := Info{
		Policy: s.Policy, Imprint: request.Imprint, Serial: serial, Time: s.Now().Truncate(time.Millisecond),
		Accuracy: s.Accuracy, Nonce: request.Nonce,
	}.encode()
	if err != nil {
		return nil, fmt.Errorf("tsp: TSTInfo: %w", err)
	}
	attributes, err := s.attributes(content)
	if err != nil {
		return nil, err
	}
	signed := cms.EncodeAttributes(attributes)
	algorithm, signature, err := s.Sign.Sign(signed)
	if err != nil {
		return nil, fmt.Errorf("tsp: sign: %w", err)
	}
	digest := cms.Algorithm{OID: s.Sign.Digest.OID, Parameters: s.Sign.Digest.Parameters}
	message := cms.Message{
		DigestAlgorithms: []cms.Algorithm{digest},
		ContentType:      OIDInfo,
		Content:          content,
		Signers: []cms.SignerInfo{{
			Version: 1, Issuer: s.Certificate.RawIssuer, Serial: s.Certificate.Serial,
			DigestAlgorithm:     digest,
			SignatureAlgorithm:  cms.Algorithm{OID: algorithm.OID, Parameters: algorithm.Parameters},
			RawSignedAttributes: signed,
			Signature:           signature,
		}},
	}
	if request.Certificates { // RFC 3161 §2.4.1: present if and only if asked for
		message.Certificates = [][]byte{s.Certificate.Raw}
		for _, c := range s.Chain {
			if !c.Equal(s.Certificate) {
				message.Certificates = append(message.Certificates, c.Raw)
			}
		}
	}
	return message.Encode()
}

func (s *Stamper) attributes(content []byte) ([]cms.Attribute, error) {
	h, err := algorithms.NewHash(s.Sign.Digest)
	if err != nil {
		return nil, fmt.Errorf("tsp: digest: %w", err)
	}
	h.Write(content)
	var broken error
	value := func(add func(*cryptobyte.Builder)) [][]byte {
		var b cryptobyte.Builder
		add(&b)
		der, err := b.Bytes()
		broken = errors.Join(broken, err)
		return [][]byte{der}
	}
	attributes := []cms.Attribute{
		{Type: cms.OIDContentType, Values: value(func(b *cryptobyte.Builder) { b.AddASN1ObjectIdentifier(OIDInfo) })},
		{Type: cms.OIDMessageDigest, Values: value(func(b *cryptobyte.Builder) { b.AddASN1OctetString(h.Sum(nil)) })},
		{Type: cms.OIDSigningCertificateV2, Values: value(s.addBinding)},
	}
	return attributes, broken
}

// addBinding writes SigningCertificateV2 (RFC 5816 §2.2.1): SHA-256, which is the default and not named,
// issuer and serial number.
func (s *Stamper) addBinding(b *cryptobyte.Builder) {
	hash := sha256.Sum256(s.Certificate.Raw)
	sequence := func(b *cryptobyte.Builder, add func(*cryptobyte.Builder)) { b.AddASN1(cbasn1.SEQUENCE, add) }
	sequence(b, func(b *cryptobyte.Builder) { // SigningCertificateV2
		sequence(b, func(b *cryptobyte.Builder) { // certs
			sequence(b, func(b *cryptobyte.Builder) { // ESSCertIDv2
				b.AddASN1OctetString(hash[:])
				sequence(b, func(b *cryptobyte.Builder) { // IssuerSerial
					sequence(b, func(b *cryptobyte.Builder) {
						b.AddASN1(constructed(4), func(b *cryptobyte.Builder) { b.AddBytes(s.Certificate.RawIssuer) })
					})
					b.AddASN1BigInt(s.Certificate.Serial)
				})
			})
		})
	})
}
