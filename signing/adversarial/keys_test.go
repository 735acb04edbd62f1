package adversarial_test

import (
	"crypto"
	"crypto/sha256"
	"crypto/x509"
	"encoding/pem"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// T0 is the control time of every case.
var T0 = time.Date(2026, 1, 15, 12, 0, 0, 0, time.UTC)

// key reads a key of testdata/keys. They were made for these tests and guard nothing.
func key(t testing.TB, name string) crypto.Signer {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "keys", name+".pem"))
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(text)
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	return parsed.(crypto.Signer)
}

// signDigest signs without randomness: PKCS #1 v1.5, or ECDSA as RFC 6979 says.
func signDigest(t testing.TB, k crypto.Signer, hash crypto.Hash, digest []byte) []byte {
	t.Helper()
	signature, err := k.Sign(nil, digest, hash)
	if err != nil {
		t.Fatal(err)
	}
	return signature
}

func signSHA256(t testing.TB, k crypto.Signer, data []byte) []byte {
	t.Helper()
	digest := sha256.Sum256(data)
	return signDigest(t, k, crypto.SHA256, digest[:])
}
