package profile

import (
	"crypto/x509"
	"encoding/asn1"
	"strings"
)

// Names are the subject's fields as the authority fills them.
type Names struct {
	IIN          string // 12 digits; from serialNumber "IIN…"
	BIN          string // 12 digits; from organizationalUnit "BIN…"; empty for a natural person
	CommonName   string // surname and given name
	Surname      string
	GivenName    string // what is left of CommonName without Surname
	Patronymic   string // the profile keeps it in givenName (!); empty when the person has none
	Organisation string
}

// FullName is surname, given name and patronymic.
func (n Names) FullName() string {
	return strings.TrimSpace(n.CommonName + " " + n.Patronymic)
}

var (
	oidCommonName   = asn1.ObjectIdentifier{2, 5, 4, 3}
	oidSurname      = asn1.ObjectIdentifier{2, 5, 4, 4}
	oidSerialNumber = asn1.ObjectIdentifier{2, 5, 4, 5}
	oidOrganisation = asn1.ObjectIdentifier{2, 5, 4, 10}
	oidUnit         = asn1.ObjectIdentifier{2, 5, 4, 11}
	oidGivenName    = asn1.ObjectIdentifier{2, 5, 4, 42}
)

// NamesOf reads the subject of a certificate without judging it; fields that are absent or of
// another form stay empty.
func NamesOf(certificate *x509.Certificate) Names {
	n := Names{
		CommonName:   strings.TrimSpace(first(certificate, oidCommonName)),
		Surname:      strings.TrimSpace(first(certificate, oidSurname)),
		Patronymic:   strings.TrimSpace(first(certificate, oidGivenName)),
		Organisation: strings.TrimSpace(first(certificate, oidOrganisation)),
	}
	n.GivenName = strings.TrimSpace(strings.TrimPrefix(n.CommonName, n.Surname))
	for _, value := range all(certificate, oidSerialNumber) {
		if number, ok := numbered(value, "IIN"); ok {
			n.IIN = number
		}
	}
	for _, value := range all(certificate, oidUnit) {
		if number, ok := numbered(value, "BIN"); ok {
			n.BIN = number
		}
	}
	return n
}

// identified demands the numbers that a decision rests on, each once: two IIN in one subject would
// let two readers see two persons.
func identified(certificate *x509.Certificate, h Holder) error {
	if count(certificate, oidSerialNumber, "IIN") != 1 || h.IIN == "" {
		return mismatch("subject has not exactly one IIN")
	}
	want := 0
	if h.Kind == Entity {
		want = 1
	}
	if count(certificate, oidUnit, "BIN") != want || (h.BIN == "") != (want == 0) {
		return mismatch("BIN does not go with the kind of certificate")
	}
	if h.CommonName == "" {
		return mismatch("subject has no name")
	}
	return nil
}

func count(certificate *x509.Certificate, oid asn1.ObjectIdentifier, prefix string) int {
	n := 0
	for _, value := range all(certificate, oid) {
		if strings.HasPrefix(value, prefix) {
			n++
		}
	}
	return n
}

// numbered takes the 12 digits behind a prefix. Check digits are not tested: those of the official
// test persons do not satisfy them, and the authority has examined the number.
func numbered(value, prefix string) (string, bool) {
	number, ok := strings.CutPrefix(value, prefix)
	if !ok || len(number) != 12 {
		return "", false
	}
	for i := range len(number) {
		if number[i] < '0' || number[i] > '9' {
			return "", false
		}
	}
	return number, true
}

func first(certificate *x509.Certificate, oid asn1.ObjectIdentifier) string {
	values := all(certificate, oid)
	if len(values) == 0 {
		return ""
	}
	return values[0]
}

func all(certificate *x509.Certificate, oid asn1.ObjectIdentifier) []string {
	var values []string
	for _, name := range certificate.Subject.Names {
		if text, ok := name.Value.(string); ok && name.Type.Equal(oid) {
			values = append(values, text)
		}
	}
	return values
}
