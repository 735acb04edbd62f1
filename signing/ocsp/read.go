package ocsp

import (
	"encoding/asn1"
	"math/big"
	"time"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"elicensing/signing/algorithms"
)

// Limits of a message. National answers have 2 to 4 KiB, one entry and one certificate.
const (
	// MaxSize bounds an answer, in bytes.
	MaxSize         = 64 << 10
	maxEntries      = 64
	maxCertificates = 16
	maxExtensions   = 32
	maxSerial       = 64 // octets; RFC 5280 §4.1.2.2 allows authorities 20
)

var (
	oidBasicResponse = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 48, 1, 1} // RFC 6960 §4.2.1
	oidNonce         = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 48, 1, 2} // RFC 9654 §2.1
	oidNoCheck       = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 48, 1, 5} // RFC 6960 §4.2.2.2.1
	oidArchiveCutoff = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 48, 1, 6} // RFC 6960 §4.4.4
)

// extension is one of RFC 5280 §4.1.
type extension struct {
	id       asn1.ObjectIdentifier
	critical bool
	value    []byte
}

// basicResponse is a BasicOCSPResponse (RFC 6960 §4.2.1) taken apart; nothing in it is verified.
type basicResponse struct {
	data         []byte // DER of the ResponseData, which is signed
	byName       []byte // DER of the responder's Name; nil when named by key
	byKey        []byte // SHA-1 of the responder's key; nil when named by name
	producedAt   time.Time
	entries      []entry
	extensions   []extension
	algorithm    algorithms.Identifier
	signature    []byte
	certificates [][]byte
}

// entry is a SingleResponse.
type entry struct {
	id         CertID
	status     Status
	revokedAt  time.Time
	reason     int
	thisUpdate time.Time
	nextUpdate time.Time // zero: absent
	extensions []extension
}

func context(tag uint8) cbasn1.Tag { return cbasn1.Tag(tag).ContextSpecific().Constructed() }

// readResponse reads an OCSPResponse. status is the responseStatus; basic is nil unless it is 0.
func readResponse(der []byte) (status int, basic *basicResponse, err error) {
	input := cryptobyte.String(der)
	var message, wrapped, body, octets, inner cryptobyte.String
	var kind asn1.ObjectIdentifier
	var present bool
	if !input.ReadASN1(&message, cbasn1.SEQUENCE) || !input.Empty() || !message.ReadASN1Enum(&status) ||
		!message.ReadOptionalASN1(&wrapped, &present, context(0)) || !message.Empty() {
		return 0, nil, malformed("response")
	}
	if status < 0 || status > 6 || status == 4 { // 4 is not used
		return 0, nil, malformed("response status")
	}
	if status != 0 {
		return status, nil, nil
	}
	if !present || !wrapped.ReadASN1(&body, cbasn1.SEQUENCE) || !wrapped.Empty() ||
		!body.ReadASN1ObjectIdentifier(&kind) || !body.ReadASN1(&octets, cbasn1.OCTET_STRING) || !body.Empty() {
		return 0, nil, malformed("response bytes")
	}
	if !kind.Equal(oidBasicResponse) {
		return 0, nil, malformed("not a basic response")
	}
	if !octets.ReadASN1(&inner, cbasn1.SEQUENCE) || !octets.Empty() {
		return 0, nil, malformed("basic response")
	}
	basic, err = readBasic(inner)
	return 0, basic, err
}

func readBasic(body cryptobyte.String) (*basicResponse, error) {
	var b basicResponse
	var data, wrapped, certificates cryptobyte.String
	var present bool
	if !body.ReadASN1Element(&data, cbasn1.SEQUENCE) {
		return nil, dataError("response data")
	}
	b.data = data
	var err error
	if b.algorithm, err = algorithms.ReadIdentifier(&body); err != nil || !body.ReadASN1BitStringAsBytes(&b.signature) ||
		!body.ReadOptionalASN1(&wrapped, &present, context(0)) || !body.Empty() {
		return nil, malformed("basic response")
	}
	if present && (!wrapped.ReadASN1(&certificates, cbasn1.SEQUENCE) || !wrapped.Empty()) {
		return nil, malformed("certificates")
	}
	for !certificates.Empty() {
		var certificate cryptobyte.String
		if len(b.certificates) == maxCertificates || !certificates.ReadASN1Element(&certificate, cbasn1.SEQUENCE) {
			return nil, malformed("certificates")
		}
		b.certificates = append(b.certificates, certificate)
	}
	return &b, b.readData()
}

func (b *basicResponse) readData() error {
	input := cryptobyte.String(b.data)
	var body, responses cryptobyte.String
	if !input.ReadASN1(&body, cbasn1.SEQUENCE) || !readVersion(&body) || !b.readResponder(&body) ||
		!readTime(&body, &b.producedAt) || !body.ReadASN1(&responses, cbasn1.SEQUENCE) {
		return dataError("response data")
	}
	for !responses.Empty() {
		e, ok := readEntry(&responses)
		if !ok || len(b.entries) == maxEntries {
			return dataError("single response")
		}
		b.entries = append(b.entries, e)
	}
	var ok bool
	if b.extensions, ok = readExtensions(&body, 1); !ok || !body.Empty() {
		return dataError("response extensions")
	}
	return nil
}

// readVersion accepts v1 only; written out it is not DER, but responders do it.
func readVersion(body *cryptobyte.String) bool {
	var version cryptobyte.String
	var present bool
	if !body.ReadOptionalASN1(&version, &present, context(0)) {
		return false
	}
	var number int
	return !present || (version.ReadASN1Integer(&number) && version.Empty() && number == 0)
}

func (b *basicResponse) readResponder(body *cryptobyte.String) bool {
	var wrapped, value cryptobyte.String
	var tag cbasn1.Tag
	if !body.ReadAnyASN1(&wrapped, &tag) {
		return false
	}
	switch tag {
	case context(1):
		ok := wrapped.ReadASN1Element(&value, cbasn1.SEQUENCE) && wrapped.Empty()
		b.byName = value
		return ok
	case context(2):
		ok := wrapped.ReadASN1(&value, cbasn1.OCTET_STRING) && wrapped.Empty() && len(value) > 0
		b.byKey = value
		return ok
	}
	return false
}

func readEntry(responses *cryptobyte.String) (entry, bool) {
	var e entry
	var body, status, wrapped cryptobyte.String
	var tag cbasn1.Tag
	var ok, present bool
	if !responses.ReadASN1(&body, cbasn1.SEQUENCE) {
		return e, false
	}
	if e.id, ok = readCertID(&body); !ok || !body.ReadAnyASN1(&status, &tag) || !e.readStatus(status, tag) ||
		!readTime(&body, &e.thisUpdate) || !body.ReadOptionalASN1(&wrapped, &present, context(0)) {
		return e, false
	}
	if present && (!readTime(&wrapped, &e.nextUpdate) || !wrapped.Empty()) {
		return e, false
	}
	e.extensions, ok = readExtensions(&body, 1)
	return e, ok && body.Empty()
}

func (e *entry) readStatus(value cryptobyte.String, tag cbasn1.Tag) bool {
	switch tag {
	case cbasn1.Tag(0).ContextSpecific():
		e.status = Good
		return value.Empty()
	case cbasn1.Tag(2).ContextSpecific():
		e.status = Unknown
		return value.Empty()
	case context(1):
		e.status, e.reason = Revoked, NoReason
		var reason cryptobyte.String
		var present bool
		if !readTime(&value, &e.revokedAt) || !value.ReadOptionalASN1(&reason, &present, context(0)) || !value.Empty() {
			return false
		}
		return !present || (reason.ReadASN1Enum(&e.reason) && reason.Empty())
	}
	return false
}

func readCertID(from *cryptobyte.String) (CertID, bool) {
	var id CertID
	var body, name, key, serial cryptobyte.String
	if !from.ReadASN1(&body, cbasn1.SEQUENCE) {
		return id, false
	}
	var err error
	if id.HashAlgorithm, err = algorithms.ReadIdentifier(&body); err != nil ||
		!body.ReadASN1(&name, cbasn1.OCTET_STRING) || !body.ReadASN1(&key, cbasn1.OCTET_STRING) ||
		!body.ReadASN1Element(&serial, cbasn1.INTEGER) || !body.Empty() || len(serial) > maxSerial+2 {
		return id, false
	}
	id.IssuerNameHash, id.IssuerKeyHash = name, key
	return id, readSerial(serial, &id.SerialNumber)
}

// readSerial reads a serial number also where it has more octets than it needs: an authority that
// numbered a certificate so names it so.
func readSerial(element cryptobyte.String, into **big.Int) bool {
	var octets cryptobyte.String
	if !element.ReadASN1(&octets, cbasn1.INTEGER) || len(octets) == 0 {
		return false
	}
	number := new(big.Int).SetBytes(octets)
	if octets[0]&0x80 != 0 { // negative, in two's complement (X.690 §8.3)
		number.Sub(number, new(big.Int).Lsh(big.NewInt(1), uint(8*len(octets))))
	}
	*into = number
	return true
}

// readExtensions reads Extensions under an explicit tag, if there are any. One that stands twice is
// refused (RFC 5280 §4.2): two readers would take two different ones.
func readExtensions(from *cryptobyte.String, tag uint8) ([]extension, bool) {
	var wrapped, list cryptobyte.String
	var present bool
	if !from.ReadOptionalASN1(&wrapped, &present, context(tag)) {
		return nil, false
	}
	if !present {
		return nil, true
	}
	if !wrapped.ReadASN1(&list, cbasn1.SEQUENCE) || !wrapped.Empty() {
		return nil, false
	}
	var extensions []extension
	for !list.Empty() {
		var e extension
		var body, value cryptobyte.String
		if len(extensions) == maxExtensions || !list.ReadASN1(&body, cbasn1.SEQUENCE) ||
			!body.ReadASN1ObjectIdentifier(&e.id) || body.PeekASN1Tag(cbasn1.BOOLEAN) && !body.ReadASN1Boolean(&e.critical) ||
			!body.ReadASN1(&value, cbasn1.OCTET_STRING) || !body.Empty() {
			return nil, false
		}
		e.value = value
		if _, twice := find(extensions, e.id); twice {
			return nil, false
		}
		extensions = append(extensions, e)
	}
	return extensions, true
}

func find(extensions []extension, id asn1.ObjectIdentifier) (extension, bool) {
	for _, e := range extensions {
		if e.id.Equal(id) {
			return e, true
		}
	}
	return extension{}, false
}

// readTime reads a GeneralizedTime in the one form of RFC 5280 §4.1.2.5.2: YYYYMMDDHHMMSSZ.
func readTime(from *cryptobyte.String, into *time.Time) bool {
	var text cryptobyte.String
	if !from.ReadASN1(&text, cbasn1.GeneralizedTime) {
		return false
	}
	t, err := time.Parse("20060102150405Z", string(text))
	*into = t
	return err == nil
}
