package pkcs12

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/des"
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/asn1"
	"hash"

	"elicensing/signing/cms"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// Limits of the work that a file may demand, in rounds of hashing: of one derivation, and of all. OpenSSL 3
// writes 2048, careful programs up to 600,000.
const (
	maxIterations = 2_000_000
	maxWork       = 4_000_000
)

// maxSalt bounds a salt, in bytes; programs write 8 to 20.
const maxSalt = 1024

// secret is the password in its forms, with the work that a file may still cost.
type secret struct {
	utf8 string // of PBES2 and PBMAC1 (RFC 9579 §5)
	bmp  []byte // of everything older
	left int
}

// spend takes the work of a derivation off.
func (s *secret) spend(salt []byte, iterations int) error {
	if iterations < 1 || iterations > maxIterations || iterations > s.left || len(salt) > maxSalt {
		return ErrKeyUnsupported
	}
	s.left -= iterations
	return nil
}

var (
	oidSHA1   = asn1.ObjectIdentifier{1, 3, 14, 3, 2, 26}
	oidSHA256 = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 1}
	oidSHA384 = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 2}
	oidSHA512 = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 3}

	oidHMACWithSHA1   = asn1.ObjectIdentifier{1, 2, 840, 113549, 2, 7} // RFC 8018 appendix B.1
	oidHMACWithSHA256 = asn1.ObjectIdentifier{1, 2, 840, 113549, 2, 9}
	oidHMACWithSHA384 = asn1.ObjectIdentifier{1, 2, 840, 113549, 2, 10}
	oidHMACWithSHA512 = asn1.ObjectIdentifier{1, 2, 840, 113549, 2, 11}

	oidTripleDES = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 12, 1, 3} // pbeWithSHAAnd3-KeyTripleDES-CBC, RFC 7292 appendix C
	oidRC2128    = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 12, 1, 5}
	oidRC240     = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 12, 1, 6}
	oidPBES2     = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 5, 13} // RFC 8018 appendix A.4
	oidPBMAC1    = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 5, 14} // RFC 8018 appendix A.5
	oidPBKDF2    = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 5, 12} // RFC 8018 appendix A.2
	oidAES128    = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 1, 2}
	oidAES192    = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 1, 22}
	oidAES256    = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 1, 42}
)

func hashOf(oid asn1.ObjectIdentifier) func() hash.Hash {
	switch {
	case oid.Equal(oidSHA1), oid.Equal(oidHMACWithSHA1):
		return sha1.New
	case oid.Equal(oidSHA256), oid.Equal(oidHMACWithSHA256):
		return sha256.New
	case oid.Equal(oidSHA384), oid.Equal(oidHMACWithSHA384):
		return sha512.New384
	case oid.Equal(oidSHA512), oid.Equal(oidHMACWithSHA512):
		return sha512.New
	}
	return nil
}

// decrypt undoes one of the encryptions of key files.
//
// Errors: ErrWrongPassword (the padding is wrong), ErrKeyUnsupported, ErrNotPKCS12.
func (s *secret) decrypt(a cms.Algorithm, data []byte) ([]byte, error) {
	block, iv, err := s.cipherOf(a)
	if err != nil {
		return nil, err
	}
	if len(data) == 0 || len(data)%block.BlockSize() != 0 {
		return nil, ErrNotPKCS12
	}
	out := make([]byte, len(data))
	cipher.NewCBCDecrypter(block, iv).CryptBlocks(out, data)
	padding := int(out[len(out)-1])
	if padding < 1 || padding > block.BlockSize() || !bytes.Equal(out[len(out)-padding:], bytes.Repeat([]byte{byte(padding)}, padding)) {
		return nil, ErrWrongPassword
	}
	return out[:len(out)-padding], nil
}

func (s *secret) cipherOf(a cms.Algorithm) (cipher.Block, []byte, error) {
	if a.OID.Equal(oidPBES2) {
		return s.pbes2(a.Parameters)
	}
	keySize := 0
	switch {
	case a.OID.Equal(oidTripleDES):
		keySize = 24
	case a.OID.Equal(oidRC2128):
		keySize = 16
	case a.OID.Equal(oidRC240):
		keySize = 5
	default:
		return nil, nil, ErrKeyUnsupported
	}
	input := cryptobyte.String(a.Parameters)
	var body, salt cryptobyte.String
	var iterations int
	if !input.ReadASN1(&body, cbasn1.SEQUENCE) || !body.ReadASN1(&salt, cbasn1.OCTET_STRING) ||
		!body.ReadASN1Integer(&iterations) || !body.Empty() {
		return nil, nil, ErrNotPKCS12
	}
	if err := s.spend(salt, iterations); err != nil {
		return nil, nil, err
	}
	key := derive(sha1.New, forKey, s.bmp, salt, iterations, keySize)
	iv := derive(sha1.New, forIV, s.bmp, salt, iterations, 8)
	if keySize < 24 {
		return newRC2(key), iv, nil
	}
	block, err := des.NewTripleDESCipher(key)
	return block, iv, err
}

// pbes2 reads PBES2-params with PBKDF2 and AES-CBC (RFC 8018 appendix A.4, RFC 3565 §4.1).
func (s *secret) pbes2(parameters []byte) (cipher.Block, []byte, error) {
	input := cryptobyte.String(parameters)
	var body, iv cryptobyte.String
	if !input.ReadASN1(&body, cbasn1.SEQUENCE) {
		return nil, nil, ErrNotPKCS12
	}
	derivation, ok := readAlgorithm(&body)
	scheme, ok2 := readAlgorithm(&body)
	if !ok || !ok2 || !body.Empty() {
		return nil, nil, ErrNotPKCS12
	}
	size := 0
	switch {
	case scheme.OID.Equal(oidAES128):
		size = 16
	case scheme.OID.Equal(oidAES192):
		size = 24
	case scheme.OID.Equal(oidAES256):
		size = 32
	default:
		return nil, nil, ErrKeyUnsupported
	}
	vector := cryptobyte.String(scheme.Parameters)
	if !vector.ReadASN1(&iv, cbasn1.OCTET_STRING) || !vector.Empty() || len(iv) != aes.BlockSize {
		return nil, nil, ErrNotPKCS12
	}
	key, err := s.pbkdf2(derivation, size)
	if err != nil {
		return nil, nil, err
	}
	block, err := aes.NewCipher(key)
	return block, iv, err
}

// pbkdf2 derives a key of size octets; a length that the parameters name must be that.
func (s *secret) pbkdf2(a cms.Algorithm, size int) ([]byte, error) {
	if !a.OID.Equal(oidPBKDF2) {
		return nil, ErrKeyUnsupported
	}
	input := cryptobyte.String(a.Parameters)
	var body, salt cryptobyte.String
	var iterations int
	if !input.ReadASN1(&body, cbasn1.SEQUENCE) || !body.ReadASN1(&salt, cbasn1.OCTET_STRING) || !body.ReadASN1Integer(&iterations) {
		return nil, ErrNotPKCS12
	}
	length := size
	if body.PeekASN1Tag(cbasn1.INTEGER) && !body.ReadASN1Integer(&length) || length != size {
		return nil, ErrNotPKCS12
	}
	function := oidHMACWithSHA1 // DEFAULT
	if !body.Empty() {
		named, ok := readAlgorithm(&body)
		if !ok || !body.Empty() {
			return nil, ErrNotPKCS12
		}
		function = named.OID
	}
	new := hashOf(function)
	if new == nil {
		return nil, ErrKeyUnsupported
	}
	if err := s.spend(salt, iterations); err != nil {
		return nil, err
	}
	key, err := pbkdf2.Key(new, s.utf8, salt, iterations, size)
	if err != nil {
		return nil, ErrKeyUnsupported
	}
	return key, nil
}

// verifyMAC checks MacData over the octets of the safe (RFC 7292 §4, RFC 9579 for PBMAC1).
//
// Errors: ErrWrongPassword, ErrKeyUnsupported, ErrNotPKCS12.
func (s *secret) verifyMAC(mac cryptobyte.String, safe []byte) error {
	var info, value, salt cryptobyte.String
	iterations := 1 // DEFAULT
	if !mac.ReadASN1(&info, cbasn1.SEQUENCE) || !mac.ReadASN1(&salt, cbasn1.OCTET_STRING) ||
		!mac.Empty() && (!mac.ReadASN1Integer(&iterations) || !mac.Empty()) {
		return ErrNotPKCS12
	}
	algorithm, ok := readAlgorithm(&info)
	if !ok || !info.ReadASN1(&value, cbasn1.OCTET_STRING) || !info.Empty() {
		return ErrNotPKCS12
	}
	new, key := hashOf(algorithm.OID), []byte(nil)
	if algorithm.OID.Equal(oidPBMAC1) {
		input := cryptobyte.String(algorithm.Parameters)
		var body cryptobyte.String
		if !input.ReadASN1(&body, cbasn1.SEQUENCE) {
			return ErrNotPKCS12
		}
		derivation, ok := readAlgorithm(&body)
		function, ok2 := readAlgorithm(&body)
		if new = hashOf(function.OID); !ok || !ok2 || new == nil {
			return ErrKeyUnsupported
		}
		var err error
		if key, err = s.pbkdf2(derivation, new().Size()); err != nil {
			return err
		}
	} else {
		if new == nil {
			return ErrKeyUnsupported
		}
		if err := s.spend(salt, iterations); err != nil {
			return err
		}
		key = derive(new, forMAC, s.bmp, salt, iterations, new().Size())
	}
	h := hmac.New(new, key)
	h.Write(safe)
	if !hmac.Equal(h.Sum(nil), value) {
		return ErrWrongPassword
	}
	return nil
}

func readAlgorithm(from *cryptobyte.String) (cms.Algorithm, bool) {
	var a cms.Algorithm
	var body cryptobyte.String
	if !from.ReadASN1(&body, cbasn1.SEQUENCE) || !body.ReadASN1ObjectIdentifier(&a.OID) {
		return a, false
	}
	a.Parameters = body
	return a, true
}
