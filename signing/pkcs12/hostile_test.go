package pkcs12_test

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"math/big"
	"testing"
	"time"

	"elicensing/signing/pkcs12"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

var (
	oidData      = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 1}
	oidEncrypted = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 6}
	oidSigned    = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 2}
	oidSHA1      = asn1.ObjectIdentifier{1, 3, 14, 3, 2, 26}
	oidMD5       = asn1.ObjectIdentifier{1, 2, 840, 113549, 2, 5}
	oid3DES      = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 12, 1, 3}
	oidRC4       = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 12, 1, 1}
)

var context0 = cbasn1.Tag(0).ContextSpecific().Constructed()

func sequence(add func(*cryptobyte.Builder)) []byte {
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, add)
	return b.BytesOrPanic()
}

// pfx wraps a safe; a MAC with the given rounds follows, or none.
func pfx(kind asn1.ObjectIdentifier, safe []byte, hash asn1.ObjectIdentifier, rounds int64) []byte {
	return sequence(func(b *cryptobyte.Builder) {
		b.AddASN1Int64(3)
		b.AddBytes(data(kind, safe))
		if hash == nil {
			return
		}
		b.AddBytes(sequence(func(b *cryptobyte.Builder) {
			b.AddBytes(sequence(func(b *cryptobyte.Builder) {
				b.AddBytes(sequence(func(b *cryptobyte.Builder) { b.AddASN1ObjectIdentifier(hash) }))
				b.AddASN1OctetString(make([]byte, 20))
			}))
			b.AddASN1OctetString(make([]byte, 8))
			b.AddASN1Int64(rounds)
		}))
	})
}

func data(kind asn1.ObjectIdentifier, content []byte) []byte {
	return sequence(func(b *cryptobyte.Builder) {
		b.AddASN1ObjectIdentifier(kind)
		b.AddASN1(context0, func(b *cryptobyte.Builder) { b.AddASN1OctetString(content) })
	})
}

// encrypted is a part of a safe with the given scheme and rounds.
func encrypted(scheme asn1.ObjectIdentifier, rounds int64, content []byte) []byte {
	return sequence(func(b *cryptobyte.Builder) {
		b.AddASN1ObjectIdentifier(oidEncrypted)
		b.AddASN1(context0, func(b *cryptobyte.Builder) {
			b.AddBytes(sequence(func(b *cryptobyte.Builder) {
				b.AddASN1Int64(0)
				b.AddBytes(sequence(func(b *cryptobyte.Builder) {
					b.AddASN1ObjectIdentifier(oidData)
					b.AddBytes(sequence(func(b *cryptobyte.Builder) {
						b.AddASN1ObjectIdentifier(scheme)
						b.AddBytes(sequence(func(b *cryptobyte.Builder) {
							b.AddASN1OctetString(make([]byte, 8))
							b.AddASN1Int64(rounds)
						}))
					}))
					b.AddASN1(cbasn1.Tag(0).ContextSpecific(), func(b *cryptobyte.Builder) { b.AddBytes(content) })
				}))
			}))
		})
	})
}

func safe(parts ...[]byte) []byte {
	return sequence(func(b *cryptobyte.Builder) {
		for _, p := range parts {
			b.AddBytes(p)
		}
	})
}

// Files without a MAC reach the inner layers without a password being tried.
func TestHostileFiles(t *testing.T) {
	bomb := bytes.Repeat([]byte{0x30, 0x80}, 20<<10)
	block := make([]byte, 8)
	unshrouded := sequence(func(b *cryptobyte.Builder) {
		b.AddBytes(sequence(func(b *cryptobyte.Builder) {
			b.AddASN1ObjectIdentifier(asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 12, 10, 1, 1})
			b.AddASN1(context0, func(b *cryptobyte.Builder) { b.AddASN1OctetString([]byte("no key")) })
		}))
	})
	many := make([][]byte, 9)
	for i := range many {
		many[i] = data(oidData, safe())
	}
	for name, tc := range map[string]struct {
		file []byte
		want error
	}{
		"rounds of the MAC":      {pfx(oidData, safe(), oidSHA1, 1<<40), pkcs12.ErrKeyUnsupported},
		"many rounds of the MAC": {pfx(oidData, safe(), oidSHA1, 2_000_001), pkcs12.ErrKeyUnsupported},
		"no rounds of the MAC":   {pfx(oidData, safe(), oidSHA1, 0), pkcs12.ErrKeyUnsupported},
		"negative rounds":        {pfx(oidData, safe(), oidSHA1, -5), pkcs12.ErrKeyUnsupported},
		"a MAC with MD5":         {pfx(oidData, safe(), oidMD5, 1), pkcs12.ErrKeyUnsupported},
		"a signed safe":          {pfx(oidSigned, safe(), nil, 0), pkcs12.ErrKeyUnsupported},
		"an empty safe":          {pfx(oidData, safe(), nil, 0), pkcs12.ErrNoKey},
		"a safe that is nested":  {pfx(oidData, bomb, nil, 0), pkcs12.ErrNotPKCS12},
		"a part that is nested":  {pfx(oidData, safe(data(oidData, bomb)), nil, 0), pkcs12.ErrNotPKCS12},
		"a safe of nothing":      {pfx(oidData, nil, nil, 0), pkcs12.ErrNotPKCS12},
		"rounds of a part":       {pfx(oidData, safe(encrypted(oid3DES, 2_000_001, block)), nil, 0), pkcs12.ErrKeyUnsupported},
		"RC4":                    {pfx(oidData, safe(encrypted(oidRC4, 1, block)), nil, 0), pkcs12.ErrKeyUnsupported},
		"a part of nothing":      {pfx(oidData, safe(encrypted(oid3DES, 1, nil)), nil, 0), pkcs12.ErrNotPKCS12},
		"half a block":           {pfx(oidData, safe(encrypted(oid3DES, 1, block[:7])), nil, 0), pkcs12.ErrNotPKCS12},
		"a block of noise":       {pfx(oidData, safe(encrypted(oid3DES, 1, block)), nil, 0), pkcs12.ErrWrongPassword},
		"too many parts":         {pfx(oidData, safe(many...), nil, 0), pkcs12.ErrNotPKCS12},
		"a key that is none":     {pfx(oidData, safe(data(oidData, unshrouded)), nil, 0), pkcs12.ErrNoKey}, // and no certificate with it
	} {
		if _, _, _, err := pkcs12.Open(tc.file, password); !errors.Is(err, tc.want) {
			t.Errorf("%s: %v, want %v", name, err, tc.want)
		}
	}
}

func bag(kind int, value []byte) []byte {
	return sequence(func(b *cryptobyte.Builder) {
		b.AddASN1ObjectIdentifier(asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 12, 10, 1, kind})
		b.AddASN1(context0, func(b *cryptobyte.Builder) { b.AddBytes(value) })
	})
}

func certified(der []byte) []byte {
	return bag(3, data(asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 22, 1}, der))
}

// openly is a file with a key and its certificate that nothing protects.
func openly(t testing.TB) []byte {
	key := keys(t)["ECDSA"]
	pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return pfx(oidData, safe(data(oidData, safe(bag(1, pkcs8), certified(selfSigned(t, key))))), nil, 0)
}

// The certificate is found by its key, wherever it stands, and never taken because it stands first.
func TestCertificateIsTheKeysOwn(t *testing.T) {
	all := keys(t)
	own, stranger := selfSigned(t, all["ECDSA"]), selfSigned(t, all["RSA"])
	pkcs8, err := x509.MarshalPKCS8PrivateKey(all["ECDSA"])
	if err != nil {
		t.Fatal(err)
	}
	file := func(bags ...[]byte) []byte { return pfx(oidData, safe(data(oidData, safe(bags...))), nil, 0) }
	_, found, others, err := pkcs12.Open(file(certified(stranger), bag(1, pkcs8), certified(own)), password)
	if err != nil || !bytes.Equal(found.Raw, own) || len(others) != 1 || !bytes.Equal(others[0].Raw, stranger) {
		t.Errorf("own certificate last: %v", err)
	}
	for name, hostile := range map[string][]byte{
		"a stranger's certificate only": file(bag(1, pkcs8), certified(stranger)),
		"certificates only":             file(certified(own), certified(stranger)),
		"a key only":                    file(bag(1, pkcs8)),
	} {
		if _, _, _, err := pkcs12.Open(hostile, password); !errors.Is(err, pkcs12.ErrNoKey) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, _, _, err := pkcs12.Open(file(bag(1, pkcs8), certified(own[:len(own)-1])), password); !errors.Is(err, pkcs12.ErrNotPKCS12) {
		t.Errorf("half a certificate: %v", err)
	}
}

func selfSigned(t testing.TB, key crypto.Signer) []byte {
	t.Helper()
	template := &x509.Certificate{SerialNumber: big.NewInt(8), NotBefore: time.Unix(1700000000, 0), NotAfter: time.Unix(1900000000, 0)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return der
}
