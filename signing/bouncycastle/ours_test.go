package bouncycastle_test

import (
	"bytes"
	"context"
	"crypto/elliptic"
	"testing"
	"time"

	"elicensing/signing"
	"elicensing/signing/cms"
	"elicensing/signing/democa"
	"elicensing/signing/gost"
)

// signers have a key of each kind that we sign with.
func signers(t *testing.T) map[string]*democa.Holder {
	return map[string]*democa.Holder{
		"RSA":      holder(t, "person"),
		"P-256":    curve(t, elliptic.P256()),
		"P-384":    curve(t, elliptic.P384()),
		"P-521":    curve(t, elliptic.P521()),
		"GOST 512": nationalHolder(t, "person"),
		"GOST 256": national(t, gost.Curve256()),
	}
}

func sign(t *testing.T, h *democa.Holder, o cms.SignOptions) []byte {
	t.Helper()
	o.Key, o.Certificate = h.Key, h.Certificate
	message, err := cms.Sign(content, o)
	if err != nil {
		t.Fatal(err)
	}
	return message
}

// What we sign BouncyCastle accepts, the binding of the certificate too; what was damaged since neither does.
func TestBouncyCastleAcceptsOurMessages(t *testing.T) {
	for name, h := range signers(t) {
		for form, attached := range map[string]bool{"attached": true, "detached": false} {
			for _, at := range []*time.Time{nil, &T0} {
				message := sign(t, h, cms.SignOptions{Attached: attached, SigningTime: at, Chain: h.Chain})
				accepts(t, name, form+", stamps: 0", "message", message, content)
			}
			message := sign(t, h, cms.SignOptions{Attached: attached})
			refusedByBoth(t, name+": signature", "wrong signature", damagedSignature(message), content, signing.SignatureWrong)
			if attached {
				inside := bytes.Replace(message, content, flipped(content, 0.5), 1)
				refusedByBoth(t, name+": content inside", "message-digest", inside, flipped(content, 0.5), signing.SignatureContentDiffers)
				refusedByBoth(t, name+": other content", "other content", message, flipped(content, 0.5), signing.SignatureContentDiffers)
			} else {
				refusedByBoth(t, name+": content", "message-digest", message, flipped(content, 0.5), signing.SignatureContentDiffers)
			}
		}
	}
}

func refusedByBoth(t *testing.T, name, theirs string, message, over []byte, ours signing.Reason) {
	t.Helper()
	refuses(t, name, theirs, "message", message, over)
	if report := verify(t, message, over); report.Reason != ours {
		t.Errorf("%s: we say %q, want %q", name, report.Reason, ours)
	}
}

// damagedSignature turns a bit in the last octets, which are the signature's.
func damagedSignature(message []byte) []byte {
	damaged := bytes.Clone(message)
	damaged[len(damaged)-5] ^= 0x04
	return damaged
}

// A message that names another certificate than the one it was signed with.
func TestNeitherAcceptsAnotherBinding(t *testing.T) {
	h := holder(t, "person")
	other := sign(t, nationalHolder(t, "person"), cms.SignOptions{})
	message := altered(t, h, func(_ *cms.Message, attributes map[string]cms.Attribute) {
		attributes[cms.OIDSigningCertificateV2.String()] = attributesOf(t, other)[cms.OIDSigningCertificateV2.String()]
	})
	refusedByBoth(t, "bound to another", "another certificate is bound", message, content, signing.SignatureAttributes)
}

// What is kept (CAdES-LT) reads as a message with a time stamp over its signature.
func TestBouncyCastleAcceptsWhatIsKept(t *testing.T) {
	for name, h := range map[string]*democa.Holder{"RSA": holder(t, "person"), "GOST 512": nationalHolder(t, "person")} {
		report, accepted, err := verifier(t).Accept(context.Background(), sign(t, h, cms.SignOptions{}), content, signing.Applicant)
		if err != nil || !report.Passed() {
			t.Fatalf("%s: %s (%v)", name, report.Reason, err)
		}
		accepts(t, name+", stamped", "detached, stamps: 1", "message", accepted.Stamped, content)
		accepts(t, name+", kept", "detached, stamps: 1", "message", accepted.Kept, content)
		// The time stamp of another signature over the same content.
		moved, err := signing.AddTimeStamp(sign(t, holder(t, "head"), cms.SignOptions{}), report.Evidence.TimeStamps[0])
		if err != nil {
			t.Fatal(err)
		}
		refuses(t, name+", stamp of another", "time stamp over other data", "message", moved, content)
	}
}
