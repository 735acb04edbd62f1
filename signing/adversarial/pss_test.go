package adversarial_test

import (
	"bytes"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/binary"
	"math/big"

	"elicensing/signing/cms"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// usePSS signs with RSASSA-PSS and SHA-256, stating a mask hash and a salt length that need not be the ones
// used. The salt is fixed, so that the message is the same each time.
func (s *scene) usePSS(mask []int, stated, used int) {
	s.info.SignatureAlgorithm = cms.Algorithm{OID: cms.OIDRSAPSS, Parameters: build(s.t, func(b *cryptobyte.Builder) {
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) { // RSASSA-PSS-params, RFC 4055 §3.1
			b.AddASN1(tag(0), func(b *cryptobyte.Builder) { addAlgorithm(b, cms.Algorithm{OID: cms.OIDSHA256}) })
			b.AddASN1(tag(1), func(b *cryptobyte.Builder) {
				b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
					b.AddASN1ObjectIdentifier(cms.OIDMGF1)
					addAlgorithm(b, cms.Algorithm{OID: mask})
				})
			})
			b.AddASN1(tag(2), func(b *cryptobyte.Builder) { b.AddASN1Int64(int64(stated)) })
		})
	})}
	s.sign = func(data []byte) []byte {
		return signPSS(s.signer.key.(*rsa.PrivateKey), data, bytes.Repeat([]byte{0x5a}, used))
	}
}

// signPSS is EMSA-PSS (RFC 8017 §9.1.1) with the given salt; crypto/rsa draws one of its own.
func signPSS(k *rsa.PrivateKey, data, salt []byte) []byte {
	digest := sha256.Sum256(data)
	h := sha256.Sum256(append(append(make([]byte, 8), digest[:]...), salt...))
	length := (k.N.BitLen() + 6) / 8
	db := make([]byte, length-len(h)-1)
	db[len(db)-len(salt)-1] = 1
	copy(db[len(db)-len(salt):], salt)
	for i, m := range mgf1(h[:], len(db)) {
		db[i] ^= m
	}
	db[0] &= 0xff >> (8*length - k.N.BitLen() + 1)
	encoded := append(append(db, h[:]...), 0xbc)
	value := new(big.Int).Exp(new(big.Int).SetBytes(encoded), k.D, k.N)
	return value.FillBytes(make([]byte, k.Size()))
}

func mgf1(seed []byte, length int) []byte {
	var mask []byte
	for i := uint32(0); len(mask) < length; i++ {
		block := sha256.Sum256(binary.BigEndian.AppendUint32(bytes.Clone(seed), i))
		mask = append(mask, block[:]...)
	}
	return mask[:length]
}
