package tsp_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"elicensing/signing/tsp"
)

// nationalAnswers are those of the national authority, where they are at hand.
func nationalAnswers(f *testing.F) [][]byte {
	names, err := filepath.Glob(filepath.Join("..", "..", "..", "shared", "kz-pki", "tsp", "*.bin"))
	if err != nil {
		f.Fatal(err)
	}
	var all [][]byte
	for _, name := range names {
		answer, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		all = append(all, answer)
	}
	return all
}

// Whatever bytes arrive: no panic, and nothing is accepted but the good token, in whatever encoding of BER.
func FuzzToken(f *testing.F) {
	w := newWorld(f)
	good := forge(f, w.tsa, nil)
	f.Add(good)
	f.Add([]byte(nil))
	f.Add([]byte{0x30, 0x80, 0x30, 0x80})
	for _, answer := range nationalAnswers(f) {
		if token, err := tsp.ParseResponse(answer); err == nil {
			f.Add(token)
		}
	}
	e := w.expectation()
	f.Fuzz(func(t *testing.T, raw []byte) {
		token, err := tsp.Parse(raw)
		if err != nil {
			if !errors.Is(err, tsp.ErrMalformed) {
				t.Errorf("error of no kind: %v", err)
			}
			return
		}
		if err := token.Verify(e); err == nil && (!token.Time.Equal(t0) || token.Serial.Int64() != 4711) {
			t.Error("accepted what nobody signed")
		}
	})
}

// Whatever answer arrives: a token, a refusal or an error, and no panic.
func FuzzResponse(f *testing.F) {
	w := newWorld(f)
	request := tsp.Request{Imprint: imprint(f, data), Certificates: true}
	question, err := request.Encode()
	if err != nil {
		f.Fatal(err)
	}
	answer, err := stamper(f, w.tsa).Answer(question)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(answer)
	f.Add([]byte{0x30, 0x09, 0x30, 0x07, 0x02, 0x01, 0x02, 0x03, 0x02, 0x05, 0x20})
	for _, answer := range nationalAnswers(f) {
		f.Add(answer)
	}
	f.Fuzz(func(t *testing.T, message []byte) {
		token, err := tsp.ParseResponse(message)
		var refusal *tsp.Refusal
		if err != nil && (token != nil || !errors.Is(err, tsp.ErrMalformed) && !errors.As(err, &refusal)) {
			t.Errorf("%v", err)
		}
	})
}

// Whatever request arrives at our authority: an answer, and no panic.
func FuzzRequest(f *testing.F) {
	w := newWorld(f)
	s := stamper(f, w.tsa)
	question, err := tsp.Request{Imprint: imprint(f, data), Policy: policy, Certificates: true}.Encode()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(question)
	f.Fuzz(func(t *testing.T, question []byte) {
		answer, err := s.Answer(question)
		if err != nil {
			t.Fatal(err)
		}
		var refusal *tsp.Refusal
		if _, err := tsp.ParseResponse(answer); err != nil && !errors.As(err, &refusal) {
			t.Errorf("an answer that cannot be read: %v", err)
		}
	})
}
