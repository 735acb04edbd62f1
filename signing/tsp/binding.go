package tsp

import (
	"bytes"
	"math/big"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"elicensing/signing/algorithms"
	"elicensing/signing/certificate"
	"elicensing/signing/cms"
)

// binding is the first ESSCertID or ESSCertIDv2 of a signing-certificate attribute (RFC 2634 §5.4, RFC
// 5035 §4): the certificate that the authority signed along with the token. Further ones restrict the
// path, which is not ours to judge.
type binding struct {
	digest algorithms.Identifier
	hash   []byte
	issuer []byte // DER of the issuer's Name; nil when not named
	serial *big.Int
}

func readBinding(value []byte, v2 bool) (binding, bool) {
	input := cryptobyte.String(value)
	var body, list, first, hash cryptobyte.String
	if !input.ReadASN1(&body, cbasn1.SEQUENCE) || !input.Empty() || !body.ReadASN1(&list, cbasn1.SEQUENCE) ||
		!body.SkipOptionalASN1(cbasn1.SEQUENCE) || !body.Empty() || !list.ReadASN1(&first, cbasn1.SEQUENCE) {
		return binding{}, false
	}
	b := binding{digest: algorithms.Identifier{OID: cms.OIDSHA1}}
	if v2 {
		b.digest = algorithms.Identifier{OID: cms.OIDSHA256} // DEFAULT
		if first.PeekASN1Tag(cbasn1.SEQUENCE) {
			var err error
			if b.digest, err = algorithms.ReadIdentifier(&first); err != nil {
				return binding{}, false
			}
		}
	}
	if !first.ReadASN1(&hash, cbasn1.OCTET_STRING) {
		return binding{}, false
	}
	b.hash = hash
	if first.Empty() {
		return b, true
	}
	return b, b.readIssuerSerial(&first) && first.Empty()
}

// readIssuerSerial reads IssuerSerial; the issuer is one directoryName.
func (b *binding) readIssuerSerial(from *cryptobyte.String) bool {
	var pair, names, wrapped, name cryptobyte.String
	var ok bool
	if !from.ReadASN1(&pair, cbasn1.SEQUENCE) || !pair.ReadASN1(&names, cbasn1.SEQUENCE) ||
		!names.ReadASN1(&wrapped, constructed(4)) || !names.Empty() ||
		!wrapped.ReadASN1Element(&name, cbasn1.SEQUENCE) || !wrapped.Empty() {
		return false
	}
	b.issuer = name
	b.serial, ok = readInteger(&pair)
	return ok && pair.Empty()
}

// holds tells whether the binding is to this certificate. SHA-1 is what version 1 is made of; it picks
// one of the certificates at hand, whose key then has to fit the signature.
func (b binding) holds(c *certificate.Certificate) bool {
	h, err := algorithms.NewNamingHash(b.digest)
	if err != nil {
		return false
	}
	h.Write(c.Raw)
	if !bytes.Equal(h.Sum(nil), b.hash) {
		return false
	}
	return b.issuer == nil || b.serial.Cmp(c.Serial) == 0 && sameName(b.issuer, c.Issuer)
}

func sameName(der []byte, name certificate.Name) bool {
	other, err := certificate.ParseName(der)
	return err == nil && other.Equal(name)
}

// generalNames reads one GeneralName.
func generalNames(der []byte) ([]certificate.GeneralName, error) {
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) { b.AddBytes(der) })
	sequence, err := b.Bytes()
	if err != nil {
		return nil, err
	}
	return certificate.ParseGeneralNames(sequence)
}
