package pkcs12

import (
	"encoding/asn1"

	"elicensing/signing/cms"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// Limits of what a file may hold: a person's has one key and up to four certificates.
const (
	maxParts = 8
	maxBags  = 32
)

var (
	oidEncryptedData = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 6} // RFC 5652 §8

	oidKeyBag         = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 12, 10, 1, 1} // RFC 7292 appendix D
	oidShroudedKeyBag = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 12, 10, 1, 2}
	oidCertificateBag = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 12, 10, 1, 3}
	oidX509           = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 22, 1} // PKCS#9, RFC 2985 §6.7.1
)

var context0 = cbasn1.Tag(0).ContextSpecific().Constructed()

// contents is what lies in a file, decrypted: keys as PrivateKeyInfo, certificates, both in DER.
type contents struct {
	keys         [][]byte
	certificates [][]byte
}

// read takes a PFX apart (RFC 7292 §4, §5). Programs write it in BER, each layer for itself.
func read(file []byte, s *secret) (contents, error) {
	var c contents
	der, err := cms.Normalise(file)
	if err != nil {
		return c, ErrNotPKCS12
	}
	input := cryptobyte.String(der)
	var pfx, info, mac cryptobyte.String
	var version int
	var hasMAC bool
	if !input.ReadASN1(&pfx, cbasn1.SEQUENCE) || !pfx.ReadASN1Integer(&version) || version != 3 ||
		!pfx.ReadASN1(&info, cbasn1.SEQUENCE) ||
		!pfx.ReadOptionalASN1(&mac, &hasMAC, cbasn1.SEQUENCE) || !pfx.Empty() {
		return c, ErrNotPKCS12
	}
	safe, err := readData(info)
	if err != nil {
		return c, err
	}
	if hasMAC {
		if err := s.verifyMAC(mac, safe); err != nil {
			return c, err
		}
	}
	parts, err := readSequence(safe)
	if err != nil {
		return c, err
	}
	for n := 0; !parts.Empty(); n++ {
		var part cryptobyte.String
		if !parts.ReadASN1(&part, cbasn1.SEQUENCE) || n == maxParts {
			return c, ErrNotPKCS12
		}
		bags, err := s.openPart(part)
		if err != nil {
			return c, err
		}
		if err := c.addBags(bags, s); err != nil {
			return c, err
		}
	}
	return c, nil
}

// readData reads the octets of a ContentInfo with data. A file that is protected by a public key
// (SignedData, RFC 7292 §3.1) is none of ours.
func readData(info cryptobyte.String) ([]byte, error) {
	var kind asn1.ObjectIdentifier
	var wrapped, octets cryptobyte.String
	if !info.ReadASN1ObjectIdentifier(&kind) {
		return nil, ErrNotPKCS12
	}
	if !kind.Equal(cms.OIDData) {
		return nil, ErrKeyUnsupported
	}
	if !info.ReadASN1(&wrapped, context0) || !info.Empty() || !wrapped.ReadASN1(&octets, cbasn1.OCTET_STRING) || !wrapped.Empty() {
		return nil, ErrNotPKCS12
	}
	return octets, nil
}

// readSequence normalises a further layer of BER and opens its SEQUENCE.
func readSequence(ber []byte) (cryptobyte.String, error) {
	der, err := cms.Normalise(ber)
	if err != nil {
		return nil, ErrNotPKCS12
	}
	input := cryptobyte.String(der)
	var body cryptobyte.String
	if !input.ReadASN1(&body, cbasn1.SEQUENCE) {
		return nil, ErrNotPKCS12
	}
	return body, nil
}

// openPart gives the bags of one part of the safe, decrypted.
func (s *secret) openPart(part cryptobyte.String) (cryptobyte.String, error) {
	kind := part
	var oid asn1.ObjectIdentifier
	if !kind.ReadASN1ObjectIdentifier(&oid) {
		return nil, ErrNotPKCS12
	}
	if !oid.Equal(oidEncryptedData) {
		data, err := readData(part)
		if err != nil {
			return nil, err
		}
		return readSequence(data)
	}
	var wrapped, body, content cryptobyte.String
	var version int
	var inner asn1.ObjectIdentifier
	if !kind.ReadASN1(&wrapped, context0) || !wrapped.ReadASN1(&body, cbasn1.SEQUENCE) ||
		!body.ReadASN1Integer(&version) || !body.ReadASN1(&content, cbasn1.SEQUENCE) ||
		!content.ReadASN1ObjectIdentifier(&inner) {
		return nil, ErrNotPKCS12
	}
	algorithm, ok := readAlgorithm(&content)
	if !ok || !inner.Equal(cms.OIDData) {
		return nil, ErrNotPKCS12
	}
	encrypted, ok := readEncrypted(&content)
	if !ok {
		return nil, ErrNotPKCS12
	}
	data, err := s.decrypt(algorithm, encrypted)
	if err != nil {
		return nil, err
	}
	return readSequence(data)
}

// readEncrypted reads [0] IMPLICIT OCTET STRING, which in BER may come in parts.
func readEncrypted(from *cryptobyte.String) ([]byte, bool) {
	var body cryptobyte.String
	if from.PeekASN1Tag(cbasn1.Tag(0).ContextSpecific()) {
		ok := from.ReadASN1(&body, cbasn1.Tag(0).ContextSpecific()) && from.Empty()
		return body, ok
	}
	if !from.ReadASN1(&body, context0) || !from.Empty() {
		return nil, false
	}
	var joined []byte
	for !body.Empty() {
		var piece cryptobyte.String
		if !body.ReadASN1(&piece, cbasn1.OCTET_STRING) {
			return nil, false
		}
		joined = append(joined, piece...)
	}
	return joined, true
}

// addBags takes keys and X.509 certificates out of SafeContents; other bags are passed over.
func (c *contents) addBags(bags cryptobyte.String, s *secret) error {
	for n := 0; !bags.Empty(); n++ {
		var bag, value cryptobyte.String
		var kind asn1.ObjectIdentifier
		if !bags.ReadASN1(&bag, cbasn1.SEQUENCE) || !bag.ReadASN1ObjectIdentifier(&kind) ||
			!bag.ReadASN1(&value, context0) || n == maxBags {
			return ErrNotPKCS12
		}
		switch {
		case kind.Equal(oidKeyBag):
			c.keys = append(c.keys, value)
		case kind.Equal(oidShroudedKeyBag):
			key, err := s.unshroud(value)
			if err != nil {
				return err
			}
			c.keys = append(c.keys, key)
		case kind.Equal(oidCertificateBag):
			var body, wrapped, certificate cryptobyte.String
			var form asn1.ObjectIdentifier
			if !value.ReadASN1(&body, cbasn1.SEQUENCE) || !body.ReadASN1ObjectIdentifier(&form) {
				return ErrNotPKCS12
			}
			if !form.Equal(oidX509) {
				continue
			}
			if !body.ReadASN1(&wrapped, context0) || !wrapped.ReadASN1(&certificate, cbasn1.OCTET_STRING) {
				return ErrNotPKCS12
			}
			c.certificates = append(c.certificates, certificate)
		}
	}
	return nil
}

// unshroud decrypts an EncryptedPrivateKeyInfo (RFC 5208 §6).
func (s *secret) unshroud(value cryptobyte.String) ([]byte, error) {
	var body, encrypted cryptobyte.String
	if !value.ReadASN1(&body, cbasn1.SEQUENCE) {
		return nil, ErrNotPKCS12
	}
	algorithm, ok := readAlgorithm(&body)
	if !ok || !body.ReadASN1(&encrypted, cbasn1.OCTET_STRING) || !body.Empty() {
		return nil, ErrNotPKCS12
	}
	return s.decrypt(algorithm, encrypted)
}
