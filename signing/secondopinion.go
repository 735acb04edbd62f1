package signing

import (
	"bytes"
	"context"

	"elicensing/signing/cms"

	"github.com/digitorus/pkcs7"
)

// askSecondOpinion lets an independent implementation verify digest and signature of the same,
// already bounded and normalised message. It never decides alone, but a disagreement refuses: one of
// the two is wrong, and a signature that two readers see differently is not to be trusted.
func (e *examination) askSecondOpinion(context.Context) *failure {
	if e.signer.SubjectKeyID != nil || e.scheme.pss {
		e.skip("the other implementation does not know this form")
		return nil
	}
	der := e.der
	if e.message.OtherCertificates { // which it cannot read; what is signed stays as it is
		var err error
		if der, err = e.message.Encode(); err != nil {
			return fail(SignatureMalformed, err.Error())
		}
	}
	if !secondOpinion(der, e.content, e.certificate.Raw) {
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
