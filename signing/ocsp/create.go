package ocsp

import (
	"crypto"
	"crypto/x509"
	"errors"
	"time"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"elicensing/signing/algorithms"
)

// Entry is what a responder says of one certificate.
type Entry struct {
	ID         CertID    // the certificate
	Status     Status    // what is said of it
	RevokedAt  time.Time // of a revoked one
	Reason     int       // CRLReason; NoReason leaves it out
	ThisUpdate time.Time // when this was known to be so
	NextUpdate time.Time // zero leaves it out
	// ArchiveCutoff is since when expired certificates are remembered (RFC 6960 §4.4.4); zero leaves it out.
	ArchiveCutoff time.Time
}

// Response is an answer to be made.
type Response struct {
	Responder  *x509.Certificate // named by its key and carried along
	ProducedAt time.Time         // when the answer was signed
	Nonce      []byte            // of the question, echoed; nil leaves it out
	Entries    []Entry           // one for each certificate
}

// Signer signs the bytes of a ResponseData and says with which algorithm.
type Signer func(data []byte) (algorithm algorithms.Identifier, signature []byte, err error)

// CreateResponse signs an answer with the responder's key, as SignWith does.
//
// Errors: as Create; a key that SignWith does not know.
func CreateResponse(r Response, key crypto.Signer) ([]byte, error) {
	return r.Create(SignWith(key))
}

// Create signs an answer, for responders with other keys.
//
// Errors: a responder without a key to be named by; what sign answers.
func (r Response) Create(sign Signer) ([]byte, error) {
	if r.Responder == nil {
		return nil, errors.New("ocsp: no responder")
	}
	id, ok := keyID(r.Responder.RawSubjectPublicKeyInfo)
	if !ok {
		return nil, errors.New("ocsp: responder's key cannot be named")
	}
	data, err := r.data(id)
	if err != nil {
		return nil, err
	}
	algorithm, signature, err := sign(data)
	if err != nil {
		return nil, err
	}
	var basic cryptobyte.Builder
	basic.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) { // BasicOCSPResponse, RFC 6960 §4.2.1
		b.AddBytes(data)
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1ObjectIdentifier(algorithm.OID)
			b.AddBytes(algorithm.Parameters)
		})
		b.AddASN1BitString(signature)
		b.AddASN1(context(0), func(b *cryptobyte.Builder) {
			b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) { b.AddBytes(r.Responder.Raw) })
		})
	})
	body, err := basic.Bytes()
	if err != nil {
		return nil, err
	}
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) { // OCSPResponse
		b.AddASN1Enum(0)
		b.AddASN1(context(0), func(b *cryptobyte.Builder) {
			b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddASN1ObjectIdentifier(oidBasicResponse)
				b.AddASN1OctetString(body)
			})
		})
	})
	return b.Bytes()
}

// data writes the ResponseData.
func (r Response) data(responder []byte) ([]byte, error) {
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1(context(2), func(b *cryptobyte.Builder) { b.AddASN1OctetString(responder) })
		addTime(b, r.ProducedAt)
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			for _, e := range r.Entries {
				b.AddASN1(cbasn1.SEQUENCE, e.add)
			}
		})
		if r.Nonce != nil {
			b.AddASN1(context(1), func(b *cryptobyte.Builder) {
				b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) { addNonce(b, r.Nonce) })
			})
		}
	})
	return b.Bytes()
}

func (e Entry) add(b *cryptobyte.Builder) {
	e.ID.add(b)
	switch e.Status {
	case Good:
		b.AddASN1(cbasn1.Tag(0).ContextSpecific(), func(*cryptobyte.Builder) {})
	case Revoked:
		b.AddASN1(context(1), func(b *cryptobyte.Builder) {
			addTime(b, e.RevokedAt)
			if e.Reason != NoReason {
				b.AddASN1(context(0), func(b *cryptobyte.Builder) { b.AddASN1Enum(int64(e.Reason)) })
			}
		})
	default:
		b.AddASN1(cbasn1.Tag(2).ContextSpecific(), func(*cryptobyte.Builder) {})
	}
	addTime(b, e.ThisUpdate)
	if !e.NextUpdate.IsZero() {
		b.AddASN1(context(0), func(b *cryptobyte.Builder) { addTime(b, e.NextUpdate) })
	}
	if !e.ArchiveCutoff.IsZero() {
		b.AddASN1(context(1), func(b *cryptobyte.Builder) {
			b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
					b.AddASN1ObjectIdentifier(oidArchiveCutoff)
					b.AddASN1(cbasn1.OCTET_STRING, func(b *cryptobyte.Builder) { addTime(b, e.ArchiveCutoff) })
				})
			})
		})
	}
}

// addTime writes whole seconds in UTC, as RFC 5280 §4.1.2.5.2 wants them.
func addTime(b *cryptobyte.Builder, t time.Time) {
	b.AddASN1GeneralizedTime(t.UTC().Truncate(time.Second))
}

// CreateError is an answer without content, e.g. 1 malformedRequest, 2 internalError, 6 unauthorized
// (RFC 6960 §4.2.1).
func CreateError(status int) ([]byte, error) {
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) { b.AddASN1Enum(int64(status)) })
	return b.Bytes()
}
