package bouncycastle_test

import (
	"bytes"
	"crypto/elliptic"
	"testing"
	"time"

	"elicensing/signing"
	"elicensing/signing/cms"
	"elicensing/signing/democa"
	"elicensing/signing/gost"
)

// theirAlgorithms are what BouncyCastle signs with, as Java names it; a national key knows its own.
func theirAlgorithms(t *testing.T) map[string]*democa.Holder {
	return map[string]*democa.Holder{
		"SHA256WITHRSA": holder(t, "person"), "SHA384WITHRSA": holder(t, "person"), "SHA512WITHRSA": holder(t, "person"),
		"SHA256WITHRSAANDMGF1": holder(t, "person"), "SHA512WITHRSAANDMGF1": holder(t, "person"),
		"SHA256WITHECDSA": curve(t, elliptic.P256()), "SHA384WITHECDSA": curve(t, elliptic.P384()), "SHA512WITHECDSA": curve(t, elliptic.P521()),
		"Ed25519":  edwards(t),
		"GOST 512": nationalHolder(t, "person"), "GOST 256": national(t, gost.Curve256()),
	}
}

// theirs is a message of BouncyCastle's in one of its forms: DER, BER, or BER as a stream writes it, in pieces.
func theirs(t *testing.T, form, attached, algorithm string, h *democa.Holder, at time.Time) []byte {
	t.Helper()
	return makes(t, "sign", []byte(form), []byte(attached), []byte(algorithm), pkcs8(t, h.Key), h.Certificate.Raw, content,
		[]byte(at.Format(time.RFC3339)))
}

// What BouncyCastle signs passes here, in DER and in BER with indefinite lengths; what was damaged since does not.
func TestMessagesOfBouncyCastlePass(t *testing.T) {
	for algorithm, h := range theirAlgorithms(t) {
		for _, form := range []string{"DER", "BER", "stream"} {
			for _, attached := range []string{"attached", "detached"} {
				name := algorithm + ", " + form + ", " + attached
				message := theirs(t, form, attached, algorithm, h, T0)
				if indefinite := message[1] == 0x80; indefinite != (form != "DER") {
					t.Errorf("%s: begins with %x", name, message[:2])
				}
				report := verify(t, message, content)
				if !report.Passed() || report.Signer == nil || report.Signer.IIN != person.IIN {
					t.Errorf("%s: %s %s %+v", name, report.Outcome, report.Reason, report.Checks)
				}
				if report := verify(t, message, flipped(content, 0.5)); report.Reason != signing.SignatureContentDiffers {
					t.Errorf("%s over other content: %s %s", name, report.Outcome, report.Reason)
				}
				signature := parse(t, decoded(t, message)).Signers[0].Signature
				damaged := bytes.Replace(message, signature, flipped(signature, 0.9), 1)
				refusedByBoth(t, name+", damaged signature", "wrong signature", damaged, content, signing.SignatureWrong)
			}
		}
		if report := verify(t, theirs(t, "DER", "detached", algorithm, h, T0.AddDate(0, 0, 1)), content); report.Passed() {
			t.Errorf("%s: signed tomorrow, and passes", algorithm)
		}
	}
}

func decoded(t *testing.T, message []byte) []byte {
	t.Helper()
	der, err := cms.Decode(message)
	if err != nil {
		t.Fatal(err)
	}
	return der
}
