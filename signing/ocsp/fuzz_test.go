package ocsp_test

import (
	"crypto"
	"crypto/sha256"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"elicensing/signing/algorithms"
	"elicensing/signing/cms"
	"elicensing/signing/ocsp"
)

// Whatever bytes arrive: no panic, and no answer but the good one itself.
func FuzzVerify(f *testing.F) {
	w := newWorld(f)
	good, err := w.answer(f).Create(func(data []byte) (algorithms.Identifier, []byte, error) {
		hash := sha256.Sum256(data)
		signature, err := w.responder.key.Sign(nil, hash[:], crypto.SHA256) // no random: the same in each process
		return algorithms.Identifier{OID: cms.OIDECDSAWithSHA256}, signature, err
	})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add([]byte(nil))
	f.Add([]byte{0x30, 0x03, 0x0a, 0x01, 0x06})
	f.Add([]byte{0x30, 0x80, 0x30, 0x80})
	names, err := filepath.Glob(filepath.Join("..", "..", "..", "shared", "kz-pki", "ocsp", "*.bin"))
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range names { // the national answers, where they are at hand
		answer, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(answer)
	}
	q := w.question()
	f.Fuzz(func(t *testing.T, message []byte) {
		answer, err := ocsp.Verify(message, q)
		if err == nil && string(message) != string(good) {
			t.Errorf("%s by an answer that nobody signed", answer.Status)
		}
		if err != nil && !errors.Is(err, ocsp.ErrResponse) && !errors.Is(err, ocsp.ErrNoResponse) {
			t.Errorf("error of no kind: %v", err)
		}
	})
}

// Whatever question arrives at a responder: no panic, and no more questions than bytes.
func FuzzParseRequest(f *testing.F) {
	w := newWorld(f)
	question, err := ocsp.NewRequest(w.target(), nonce)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(question)
	if question, err = ocsp.NewRequest(w.target(), nil); err != nil {
		f.Fatal(err)
	}
	f.Add(question)
	f.Add([]byte{0x30, 0x80, 0x30, 0x80})
	f.Fuzz(func(t *testing.T, message []byte) {
		if request, err := ocsp.ParseRequest(message); err == nil && len(request.IDs) > len(message) {
			t.Error("more questions than bytes")
		}
	})
}
