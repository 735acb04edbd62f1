package certificate

import (
	"bytes"
	"encoding/asn1"
	"fmt"
	"math/big"
	"time"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"elicensing/signing/algorithms"
)

// reader counts the elements of one certificate, so that no list of its costs more than its bytes allow.
type reader struct{ left int }

func (r *reader) take() error {
	if r.left--; r.left < 0 {
		return fmt.Errorf("%w: too many elements", ErrTooLarge)
	}
	return nil
}

func malformed(what string) error { return fmt.Errorf("%w: %s", ErrMalformed, what) }

// ReadTime reads a Time in one of the two profiles of RFC 5280 §4.1.2.5: UTCTime YYMMDDHHMMSSZ of the years
// 1950 to 2049, or GeneralizedTime YYYYMMDDHHMMSSZ. It does not ask which of the two a year demands.
//
// Errors: ErrMalformed.
func ReadTime(s *cryptobyte.String) (time.Time, error) {
	var content cryptobyte.String
	var tag cbasn1.Tag
	if !s.ReadAnyASN1(&content, &tag) {
		return time.Time{}, malformed("time")
	}
	switch {
	case tag == cbasn1.UTCTime && len(content) == 13:
		century := "20"
		if content[0] >= '5' {
			century = "19"
		}
		return parseTime(century + string(content))
	case tag == cbasn1.GeneralizedTime && len(content) == 15:
		return parseTime(string(content))
	}
	return time.Time{}, malformed("time")
}

// parseTime is several times faster than time.Parse, which counts in a list of half a million entries.
func parseTime(s string) (time.Time, error) {
	if s[14] != 'Z' {
		return time.Time{}, malformed("time")
	}
	for i := range 14 {
		if s[i] < '0' || s[i] > '9' {
			return time.Time{}, malformed("time")
		}
	}
	two := func(at int) int { return int(s[at]-'0')*10 + int(s[at+1]-'0') }
	year, month, day := two(0)*100+two(2), two(4), two(6)
	hour, minute, second := two(8), two(10), two(12)
	t := time.Date(year, time.Month(month), day, hour, minute, second, 0, time.UTC)
	// time.Date carries over what is out of range: a 31 June or a 61st second comes back as another moment.
	if t.Month() != time.Month(month) || t.Day() != day || t.Hour() != hour || t.Minute() != minute || t.Second() != second {
		return time.Time{}, malformed("time")
	}
	return t, nil
}

// ReadSerial reads a serial number and returns its content octets (two's complement, shortest form). Equal
// numbers have equal octets.
//
// Errors: ErrMalformed; ErrTooLarge over 64 octets, where RFC 5280 §4.1.2.2 allows 20.
func ReadSerial(s *cryptobyte.String) ([]byte, error) {
	var content cryptobyte.String
	if !s.ReadASN1(&content, cbasn1.INTEGER) || !shortest(content) {
		return nil, malformed("serial number")
	}
	if len(content) > maxSerial {
		return nil, fmt.Errorf("%w: serial number", ErrTooLarge)
	}
	return content, nil
}

// shortest holds X.690 §8.3.2: the first nine bits of an INTEGER are not all equal.
func shortest(content []byte) bool {
	switch {
	case len(content) == 0:
		return false
	case len(content) == 1:
		return true
	case content[0] == 0:
		return content[1]&0x80 != 0
	case content[0] == 0xff:
		return content[1]&0x80 == 0
	}
	return true
}

func bigInt(content []byte) *big.Int {
	n := new(big.Int).SetBytes(content)
	if content[0]&0x80 != 0 {
		n.Sub(n, new(big.Int).Lsh(big.NewInt(1), uint(len(content))*8))
	}
	return n
}

// readCount reads a number of certificates, INTEGER (0..MAX). What does not fit is as good as no limit.
func readCount(s *cryptobyte.String, tag cbasn1.Tag) (int, error) {
	var content cryptobyte.String
	if !s.ReadASN1(&content, tag) || !shortest(content) || content[0]&0x80 != 0 {
		return 0, malformed("number of certificates")
	}
	if len(content) > 4 {
		return 1<<31 - 1, nil
	}
	n := 0
	for _, b := range content {
		n = n<<8 | int(b)
	}
	return n, nil
}

// readIdentifier reads an AlgorithmIdentifier: identifier and the parameters as they stand, nil when absent.
func readIdentifier(s *cryptobyte.String) (algorithms.Identifier, error) {
	id, err := algorithms.ReadIdentifier(s)
	if err != nil {
		return id, malformed("AlgorithmIdentifier")
	}
	return id, nil
}

func readKeyAlgorithm(spki cryptobyte.String) (algorithms.Identifier, error) {
	var sequence cryptobyte.String
	if !spki.ReadASN1(&sequence, cbasn1.SEQUENCE) {
		return algorithms.Identifier{}, malformed("SubjectPublicKeyInfo")
	}
	id, err := readIdentifier(&sequence)
	if err != nil {
		return id, err
	}
	if _, err := readBits(&sequence); err != nil || !sequence.Empty() {
		return id, malformed("subjectPublicKey")
	}
	return id, nil
}

// ReadSignature reads a BIT STRING that holds a signature. One that is no whole number of octets is nil: its
// bearer can be read, and its signature is wrong.
//
// Errors: ErrMalformed.
func ReadSignature(s *cryptobyte.String) ([]byte, error) {
	var content cryptobyte.String
	if !s.ReadASN1(&content, cbasn1.BIT_STRING) || len(content) == 0 {
		return nil, malformed("BIT STRING")
	}
	if content[0] != 0 {
		return nil, nil
	}
	return content[1:], nil
}

// readBits reads a BIT STRING of whole octets.
func readBits(s *cryptobyte.String) ([]byte, error) {
	var bits asn1.BitString
	if !s.ReadASN1BitString(&bits) || bits.BitLength%8 != 0 {
		return nil, malformed("BIT STRING")
	}
	return bits.Bytes, nil
}

// readFlags reads the named bits of a BIT STRING: bit 0 becomes 1<<0. Trailing zero bits are tolerated, bits
// over the fifteenth are not kept.
func readFlags(s *cryptobyte.String, tag cbasn1.Tag) (uint16, error) {
	var content cryptobyte.String
	if !s.ReadASN1(&content, tag) || len(content) == 0 || content[0] > 7 || (len(content) == 1 && content[0] != 0) {
		return 0, malformed("named bits")
	}
	if len(content) > 1 && content[len(content)-1]&(1<<content[0]-1) != 0 {
		return 0, malformed("named bits: padding")
	}
	var flags uint16
	for i, b := range content[1:] {
		for bit := range 8 {
			if at := i*8 + bit; at < 16 && b&(0x80>>bit) != 0 {
				flags |= 1 << at
			}
		}
	}
	return flags, nil
}

// readFlag reads a BOOLEAN DEFAULT FALSE of the given tag; an encoded FALSE is tolerated.
func readFlag(s *cryptobyte.String, tag cbasn1.Tag) (bool, error) {
	var content cryptobyte.String
	var present bool
	if !s.ReadOptionalASN1(&content, &present, tag) {
		return false, malformed("BOOLEAN")
	}
	switch {
	case !present, bytes.Equal(content, []byte{0}):
		return false, nil
	case bytes.Equal(content, []byte{0xff}):
		return true, nil
	}
	return false, malformed("BOOLEAN")
}
