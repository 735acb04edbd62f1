package democa

import (
	"crypto"
	"crypto/x509"
	"encoding/asn1"

	"elicensing/signing/cms"

	"github.com/digitorus/timestamp"
)

// oidStampPolicy is the national policy of time stamps with RSA.
var oidStampPolicy = asn1.ObjectIdentifier{1, 2, 398, 3, 3, 2, 6, 2}

// answerStamp answers an RFC 3161 question with a token over its imprint.
func (a *Authority) answerStamp(question []byte) ([]byte, error) {
	if _, err := cms.Normalise(question); err != nil { // bounded before another's parser sees it
		return timestamp.CreateErrorResponse(timestamp.Rejection, timestamp.BadDataFormat)
	}
	request, err := timestamp.ParseRequest(question)
	if err != nil {
		return timestamp.CreateErrorResponse(timestamp.Rejection, timestamp.BadDataFormat)
	}
	switch request.HashAlgorithm {
	case crypto.SHA256, crypto.SHA384, crypto.SHA512:
	default:
		return timestamp.CreateErrorResponse(timestamp.Rejection, timestamp.BadAlgorithm)
	}
	if len(request.HashedMessage) != request.HashAlgorithm.Size() {
		return timestamp.CreateErrorResponse(timestamp.Rejection, timestamp.BadDataFormat)
	}
	if request.TSAPolicyOID != nil && !request.TSAPolicyOID.Equal(oidStampPolicy) {
		return timestamp.CreateErrorResponse(timestamp.Rejection, timestamp.UnacceptedPolicy)
	}
	token := timestamp.Timestamp{
		HashAlgorithm: request.HashAlgorithm,
		HashedMessage: request.HashedMessage,
		Time:          a.now().UTC(),
		Accuracy:      stampAccuracy,
		Policy:        oidStampPolicy,
		Nonce:         request.Nonce,

		AddTSACertificate: request.Certificates,
		Certificates:      []*x509.Certificate{a.issuing.certificate}, // the issuer: the stamper's own is added
	}
	return token.CreateResponseWithOpts(a.stamps.certificate, a.stamps.key, crypto.SHA256)
}
