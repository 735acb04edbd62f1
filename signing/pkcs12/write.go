package pkcs12

import (
	"bytes"
	"crypto"
	"crypto/cipher"
	"crypto/des"
	"crypto/hmac"
	"crypto/sha1"
	"crypto/x509"
	"encoding/asn1"
	"fmt"
	"io"

	"elicensing/signing/cms"
	"elicensing/signing/gost"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// writtenIterations is what files are written with: twice what the national authority writes.
const writtenIterations = 2048

var oidLocalKeyID = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 21} // RFC 2985 §5.5.2

// Write makes a key file as the national authority does (SHA-1, 3DES), so that its programs open it;
// such a file is as safe as its password is long. The key may be of any kind that Open reads; random
// must be a cryptographic source.
//
// Errors: ErrKeyUnsupported (key or password), ErrNoKey (the certificate is another key's), or what
// random answers.
func Write(key crypto.Signer, certificate *x509.Certificate, chain []*x509.Certificate, password string, random io.Reader) ([]byte, error) {
	bmp, ok := bmpString(password)
	if !ok {
		return nil, ErrKeyUnsupported
	}
	if !cms.Certifies(certificate, key.Public()) {
		return nil, ErrNoKey
	}
	pkcs8, err := marshalKey(key)
	if err != nil {
		return nil, err
	}
	w := writer{password: bmp, random: random}
	id := sha1.Sum(certificate.Raw)
	keyID := localKeyID(id[:])
	shrouded, err := w.shroud(pkcs8)
	if err != nil {
		return nil, err
	}
	certificates := [][]byte{certificateBag(certificate.Raw, keyID)}
	for _, c := range chain {
		certificates = append(certificates, certificateBag(c.Raw, nil))
	}
	encrypted, err := w.encryptedData(sequence(certificates...))
	if err != nil {
		return nil, err
	}
	keys := dataInfo(sequence(bag(oidShroudedKeyBag, shrouded, keyID)))
	return w.pfx(sequence(keys, encrypted))
}

func marshalKey(key crypto.Signer) ([]byte, error) {
	if national, ok := key.(*gost.PrivateKey); ok {
		return national.Marshal(), nil
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrKeyUnsupported, err)
	}
	return pkcs8, nil
}

// writer holds what all layers need.
type writer struct {
	password []byte
	random   io.Reader
}

func (w writer) salt() ([]byte, error) {
	salt := make([]byte, 20)
	_, err := io.ReadFull(w.random, salt)
	return salt, err
}

// encrypt gives the AlgorithmIdentifier and the encrypted octets.
func (w writer) encrypt(data []byte) (algorithm, encrypted []byte, err error) {
	salt, err := w.salt()
	if err != nil {
		return nil, nil, err
	}
	block, err := des.NewTripleDESCipher(derive(sha1.New, forKey, w.password, salt, writtenIterations, 24))
	if err != nil {
		return nil, nil, err
	}
	padding := block.BlockSize() - len(data)%block.BlockSize()
	encrypted = append(bytes.Clone(data), bytes.Repeat([]byte{byte(padding)}, padding)...)
	iv := derive(sha1.New, forIV, w.password, salt, writtenIterations, block.BlockSize())
	cipher.NewCBCEncrypter(block, iv).CryptBlocks(encrypted, encrypted)
	return sequence(object(oidTripleDES), sequence(octets(salt), integer(writtenIterations))), encrypted, nil
}

func (w writer) shroud(pkcs8 []byte) ([]byte, error) {
	algorithm, encrypted, err := w.encrypt(pkcs8)
	if err != nil {
		return nil, err
	}
	return sequence(algorithm, octets(encrypted)), nil
}

// encryptedData is a ContentInfo with EncryptedData (RFC 5652 §8).
func (w writer) encryptedData(safe []byte) ([]byte, error) {
	algorithm, encrypted, err := w.encrypt(safe)
	if err != nil {
		return nil, err
	}
	content := sequence(object(cms.OIDData), algorithm, tagged(cbasn1.Tag(0).ContextSpecific(), encrypted))
	return sequence(object(oidEncryptedData), tagged(context0, sequence(integer(0), content))), nil
}

// pfx adds the MAC to the safe (RFC 7292 §4).
func (w writer) pfx(safe []byte) ([]byte, error) {
	salt, err := w.salt()
	if err != nil {
		return nil, err
	}
	h := hmac.New(sha1.New, derive(sha1.New, forMAC, w.password, salt, writtenIterations, sha1.Size))
	h.Write(safe)
	digest := sequence(sequence(object(oidSHA1), []byte{0x05, 0x00}), octets(h.Sum(nil)))
	return sequence(integer(3), dataInfo(safe), sequence(digest, octets(salt), integer(writtenIterations))), nil
}

func dataInfo(content []byte) []byte {
	return sequence(object(cms.OIDData), tagged(context0, octets(content)))
}

func bag(kind asn1.ObjectIdentifier, value, attributes []byte) []byte {
	return sequence(object(kind), tagged(context0, value), attributes)
}

func certificateBag(der, attributes []byte) []byte {
	return bag(oidCertificateBag, sequence(object(oidX509), tagged(context0, octets(der))), attributes)
}

// localKeyID are the attributes that tie a key to its certificate.
func localKeyID(id []byte) []byte {
	return tagged(cbasn1.SET, sequence(object(oidLocalKeyID), tagged(cbasn1.SET, octets(id))))
}

func sequence(parts ...[]byte) []byte { return tagged(cbasn1.SEQUENCE, bytes.Join(parts, nil)) }

func octets(value []byte) []byte { return tagged(cbasn1.OCTET_STRING, value) }

func tagged(tag cbasn1.Tag, value []byte) []byte {
	var b cryptobyte.Builder
	b.AddASN1(tag, func(b *cryptobyte.Builder) { b.AddBytes(value) })
	return b.BytesOrPanic() // nothing here can be too long
}

func object(oid asn1.ObjectIdentifier) []byte {
	var b cryptobyte.Builder
	b.AddASN1ObjectIdentifier(oid)
	return b.BytesOrPanic() // our own identifiers
}

func integer(n int64) []byte {
	var b cryptobyte.Builder
	b.AddASN1Int64(n)
	return b.BytesOrPanic()
}
