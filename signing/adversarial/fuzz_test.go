package adversarial_test

import (
	"bytes"
	"context"
	"testing"
	"time"

	"elicensing/signing"
	"elicensing/signing/cms"
	"elicensing/signing/path"
	"elicensing/signing/revocation"
)

// FuzzVerify lets mutations of good messages be judged over the content that was signed, so that what passes is
// fuzzed too: whatever passes says the same in all that is signed. The messages are the same to the byte in every
// process, and so the kept corpus stays near what passes.
func FuzzVerify(f *testing.F) {
	var originals []*cms.Message
	s := newScene(f, forms[0])
	verifier := signing.NewVerifier(signing.Options{
		Roots: s.roots, Intermediates: s.intermediates, Revocation: nobodyRevoked{}, Now: func() time.Time { return T0 },
	})
	for _, form := range forms {
		for _, change := range []func(*scene){
			func(*scene) {}, disorder,
			func(s *scene) { s.stamped(token{}) },
			func(s *scene) {
				s.encoded = func(der []byte) []byte { return rewrite(f, der, carryAttributeCertificate) }
			},
		} {
			s := newScene(f, form)
			change(s)
			message := s.bytes()
			for _, good := range [][]byte{message, withEvidence(s, message)} {
				if r := verifier.Verify(context.Background(), good, s.content, s.policy); !r.Passed() {
					f.Fatalf("%s: a seed does not pass: %s %s", form, r.Outcome, r.Reason)
				}
				f.Add(good)
			}
			originals = append(originals, readMessage(f, message))
		}
	}
	f.Fuzz(func(t *testing.T, message []byte) {
		report := verifier.Verify(context.Background(), message, s.content, s.policy)
		if !report.Passed() {
			return
		}
		m := readMessage(t, message)
		for _, original := range originals {
			if sameSigned(m, original) {
				return
			}
		}
		t.Errorf("passes for %+v, and says what nobody signed", report.Signer)
	})
}

// nobodyRevoked answers at once; the answers of authorities are fuzzed where they are read.
type nobodyRevoked struct{}

func (nobodyRevoked) CheckPath(context.Context, path.RevocationQuestion, time.Time) (revocation.Answer, error) {
	return revocation.Answer{Status: revocation.Good}, nil
}

// withEvidence keeps with a message the answers that its world gives about its signer.
func withEvidence(s *scene, message []byte) []byte {
	s.t.Helper()
	kept, err := signing.AddEvidence(message, signing.Evidence{
		Chain: [][]byte{s.pki.ca.certificate.Raw, s.pki.root.certificate.Raw},
		CRLs:  [][]byte{s.world.list(s.t), s.world.ofRoot(s.t)},
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return kept
}

func readMessage(t testing.TB, message []byte) *cms.Message {
	t.Helper()
	der, err := cms.Decode(message)
	if err != nil {
		t.Fatalf("a message that passed cannot be read: %v", err)
	}
	m, err := cms.Parse(der)
	if err != nil || len(m.Signers) != 1 {
		t.Fatalf("a message that passed cannot be read (%v)", err)
	}
	return m
}

// sameSigned tells whether two messages say the same in what a signature is over: the signed attributes, of which
// one is the digest of the content and one the signer's certificate. The value of an ECDSA signature may differ.
func sameSigned(a, b *cms.Message) bool {
	signed := func(m *cms.Message) []byte {
		attributes, err := m.Signers[0].SignedAttributes()
		if err != nil {
			return nil
		}
		return cms.EncodeAttributes(attributes)
	}
	// An attached message is over what it carries.
	carried := a.Detached || b.Detached || bytes.Equal(a.Content, b.Content)
	return carried && bytes.Equal(signed(a), signed(b))
}
