package signing

import (
	"bytes"
	"context"

	"elicensing/signing/algorithms"
	"elicensing/signing/cms"

	"github.com/digitorus/pkcs7"
)

// askSecondOpinion lets an independent implementation verify digest and signature of the same,
// already bounded and normalised message. It never decides alone, but a disagreement refuses and
// raises an alarm: one of the two is wrong, and a signature that two readers see differently is not to
// be trusted.
func (e *examination) askSecondOpinion(ctx context.Context) *failure {
	kind := e.scheme.KeyKind()
	if kind != algorithms.RSA && kind != algorithms.ECDSA || e.scheme.Name() == "RSASSA-PSS" {
		e.skip("the other implementation does not know this form")
		return nil
	}
	// This signature alone: without the others, and without what is not signed, which may be of kinds that the
	// other implementation does not read, or chosen so that it does not look. The content is handed over as we
	// have it, and the signer is named in the one way that it knows.
	alone := *e.message
	alone.Signers = []cms.SignerInfo{*e.signer}
	signer := &alone.Signers[0]
	signer.UnsignedAttributes = nil
	signer.Version, signer.SubjectKeyID = 1, nil // RFC 5652 §5.3
	signer.Issuer, signer.Serial = e.certificate.RawIssuer, e.certificate.Serial
	alone.DigestAlgorithms = []cms.Algorithm{e.signer.DigestAlgorithm}
	alone.Certificates = [][]byte{e.certificate.Raw}
	alone.Content, alone.Detached = nil, true
	der, err := alone.Encode()
	if err != nil {
		return fail(SignatureMalformed, err.Error())
	}
	if !secondOpinion(der, e.content, e.certificate.Raw) {
		e.verifier.alarm(ctx, "two implementations disagree about a signature by "+e.scheme.Name())
		return fail(SignatureWrong, "an independent implementation disagrees")
	}
	return nil
}

func secondOpinion(der, content, certificate []byte) (agrees bool) {
	defer func() {
		if recover() != nil { // a reader that breaks down on a message does not vouch for it
			agrees = false
		}
	}()
	if len(der) > cms.MaxSize {
		return false
	}
	message, err := pkcs7.Parse(der)
	if err != nil {
		return false
	}
	message.Content = content
	signer := message.GetOnlySigner()
	return signer != nil && bytes.Equal(signer.Raw, certificate) && message.Verify() == nil
}
