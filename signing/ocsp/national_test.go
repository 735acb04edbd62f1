package ocsp_test

import (
	"encoding/pem"
	"errors"
	"math/big"
	"path/filepath"
	"testing"
	"time"

	"elicensing/signing/ocsp"
)

// The answers of the national test responders (shared/kz-pki/README.md): the RSA one is good, the GOST
// one says that the authority never issued such a certificate.
func TestNationalAnswers(t *testing.T) {
	folder := filepath.Join("..", "..", "..", "shared", "kz-pki")
	for name, tc := range map[string]struct {
		answer, issuer, serial string
		at                     time.Time
		nonce                  []byte
		status                 ocsp.Status
		neverIssued            bool
	}{
		"RSA": {
			"ocsp_response_individual_sign_2004.bin", "nca_rsa_test.crt", "4279390A141F5353A62947B61ED65E81741467D1",
			time.Date(2022, 9, 2, 16, 54, 0, 0, time.UTC), []byte{0xB5, 0xE5, 0xC9, 0xB5, 0x52, 0xCB, 0xCA, 0xC4}, ocsp.Good, false,
		},
		"GOST 34.10-2015": {
			"ocsp_response_individual_2015.bin", "nca_gost2022_test.cer", "0FF06211DC82BEB00253FFA000F1DE84ABEF454F",
			time.Date(2022, 9, 2, 16, 59, 0, 0, time.UTC), []byte{0xE4, 0x08, 0xFF, 0xB7, 0x90, 0x83, 0x4A, 0xF2}, ocsp.Revoked, true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			issuer := partsOf(t, derOf(shared(t, filepath.Join(folder, "ca", tc.issuer))))
			serial, ok := new(big.Int).SetString(tc.serial, 16)
			if !ok {
				t.Fatal("serial number")
			}
			der := shared(t, filepath.Join(folder, "ocsp", tc.answer))
			q := ocsp.Question{
				Target: ocsp.Target{Serial: serial, IssuerName: issuer.name, IssuerKey: issuer.spki},
				Nonce:  tc.nonce, Now: tc.at, MaxAge: time.Hour,
			}
			answer, err := ocsp.Verify(der, q)
			if err != nil || answer.Status != tc.status || answer.NeverIssued != tc.neverIssued || answer.Responder == nil {
				t.Errorf("%+v %v", answer.Status, err)
			}
			for what, spoil := range map[string]func(*ocsp.Question){
				"another nonce":       func(q *ocsp.Question) { q.Nonce = []byte("12345678") },
				"a day later":         func(q *ocsp.Question) { q.Now = tc.at.AddDate(0, 0, 1) },
				"after the responder": func(q *ocsp.Question) { q.Now, q.MaxAge = tc.at.AddDate(2, 0, 0), 0 },
				"another certificate": func(q *ocsp.Question) { q.Serial = big.NewInt(5) },
			} {
				spoilt := q
				spoil(&spoilt)
				if answer, err := ocsp.Verify(der, spoilt); !errors.Is(err, ocsp.ErrResponse) || answer.Status != "" {
					t.Errorf("%s: %q %v", what, answer.Status, err)
				}
			}
			damaged := append([]byte(nil), der...)
			damaged[len(damaged)-len(answer.Responder.Raw)-40] ^= 1 // in the signature
			if _, err := ocsp.Verify(damaged, q); !errors.Is(err, ocsp.ErrSignature) {
				t.Errorf("damaged: %v", err)
			}
		})
	}
}

func derOf(file []byte) []byte {
	if block, _ := pem.Decode(file); block != nil {
		return block.Bytes
	}
	return file
}
