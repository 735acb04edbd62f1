package profile

import (
	"encoding/asn1"
	"strings"

	"elicensing/signing/certificate"
)

// Names are the subject's fields as the authority fills them.
type Names struct {
	IIN          string // 12 digits; from serialNumber "IIN…"
	BIN          string // 12 digits; from organizationalUnit "BIN…"; empty for a natural person
	CommonName   string // surname and given name
	Surname      string // фамилия; from surname
	GivenName    string // what is left of CommonName without Surname
	Patronymic   string // the profile keeps it in givenName (!); empty when the person has none
	Organisation string // from organizationName, as the authority wrote it; empty for a natural person
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
func NamesOf(c *certificate.Certificate) Names { return readSubject(c).names() }

// subject holds the texts of a subject, by type in the order of the certificate.
type subject []text

type text struct {
	oid   asn1.ObjectIdentifier
	value string
}

func readSubject(c *certificate.Certificate) subject {
	var s subject
	for _, a := range c.Subject.Attributes() {
		if value, ok := a.Text(); ok {
			s = append(s, text{a.Type, value})
		}
	}
	return s
}

func (s subject) names() Names {
	n := Names{
		CommonName:   s.first(oidCommonName),
		Surname:      s.first(oidSurname),
		Patronymic:   s.first(oidGivenName),
		Organisation: s.first(oidOrganisation),
	}
	n.GivenName = strings.TrimSpace(strings.TrimPrefix(n.CommonName, n.Surname))
	for _, t := range s {
		if number, ok := numbered(t.value, "IIN"); ok && t.oid.Equal(oidSerialNumber) {
			n.IIN = number
		}
		if number, ok := numbered(t.value, "BIN"); ok && t.oid.Equal(oidUnit) {
			n.BIN = number
		}
	}
	return n
}

// identify demands the numbers that a decision rests on, each once: two IIN in one subject would
// let two readers see two persons.
func (s subject) identify(h Holder) error {
	if s.count(oidSerialNumber, "IIN") != 1 || h.IIN == "" {
		return mismatch("subject has not exactly one IIN")
	}
	want := 0
	if h.Kind == Entity {
		want = 1
	}
	if s.count(oidUnit, "BIN") != want || (h.BIN == "") != (want == 0) {
		return mismatch("BIN does not go with the kind of certificate")
	}
	if h.CommonName == "" {
		return mismatch("subject has no name")
	}
	return nil
}

func (s subject) count(oid asn1.ObjectIdentifier, prefix string) int {
	n := 0
	for _, t := range s {
		if t.oid.Equal(oid) && strings.HasPrefix(t.value, prefix) {
			n++
		}
	}
	return n
}

func (s subject) first(oid asn1.ObjectIdentifier) string {
	for _, t := range s {
		if t.oid.Equal(oid) {
			return strings.TrimSpace(t.value)
		}
	}
	return ""
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
