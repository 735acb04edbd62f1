package bouncycastle_test

import (
	"crypto"
	"crypto/rand"
	"crypto/sha256"
	"testing"

	"elicensing/signing/cms"
	"elicensing/signing/democa"
)

func parse(t *testing.T, message []byte) *cms.Message {
	t.Helper()
	m, err := cms.Parse(message)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// attributesOf are the signed attributes by their identifiers.
func attributesOf(t *testing.T, message []byte) map[string]cms.Attribute {
	t.Helper()
	all, err := parse(t, message).Signers[0].SignedAttributes()
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]cms.Attribute{}
	for _, a := range all {
		found[a.Type.String()] = a
	}
	return found
}

// altered is a message that was changed before it was signed, by an RSA key.
func altered(t *testing.T, h *democa.Holder, change func(*cms.Message, map[string]cms.Attribute)) []byte {
	t.Helper()
	good := sign(t, h, cms.SignOptions{})
	message, attributes := parse(t, good), attributesOf(t, good)
	change(message, attributes)
	var list []cms.Attribute
	for _, a := range attributes {
		list = append(list, a)
	}
	signer := &message.Signers[0]
	signer.RawSignedAttributes = cms.EncodeAttributes(list)
	digest := sha256.Sum256(signer.RawSignedAttributes)
	signature, err := h.Key.Sign(rand.Reader, digest[:], crypto.SHA256)
	if err != nil {
		t.Fatal(err)
	}
	signer.Signature = signature
	der, err := message.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return der
}
