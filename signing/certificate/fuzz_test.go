package certificate_test

import (
	"bytes"
	"testing"

	"elicensing/signing/certificate"
)

// FuzzParse: no certificate ends the program; what is read is what stands in it.
func FuzzParse(f *testing.F) {
	for _, der := range readAll(f) {
		f.Add(der)
	}
	f.Fuzz(func(t *testing.T, der []byte) {
		c, err := certificate.Parse(der)
		if err != nil {
			return
		}
		if !bytes.Equal(c.Raw, der) || !bytes.Contains(der, c.RawTBS) || !bytes.Contains(c.RawTBS, c.RawSPKI) {
			t.Error("parts are not of the whole")
		}
		again, err := certificate.Parse(c.Raw)
		if err != nil || !again.Subject.Equal(c.Subject) || again.SelfIssued() != c.SelfIssued() {
			t.Error("read differently the second time")
		}
		c.Subject.Attributes()
		for _, point := range c.CRLPoints {
			if point.Name != nil {
				_, _ = point.Name.Names(c.Issuer)
			}
		}
		for _, name := range c.SubjectAltNames {
			name.OtherNameType()
		}
	})
}

// FuzzName: comparison is the same from both sides, and a name is within itself.
func FuzzName(f *testing.F) {
	for _, der := range readAll(f) {
		if c, err := certificate.Parse(der); err == nil {
			f.Add(c.RawSubject, c.RawIssuer)
		}
	}
	f.Fuzz(func(t *testing.T, a, b []byte) {
		x, errX := certificate.ParseName(a)
		y, errY := certificate.ParseName(b)
		if errX != nil || errY != nil {
			return
		}
		if x.Equal(y) != y.Equal(x) || !x.Equal(x) || !x.Within(x) || x.Equal(y) != (x.Within(y) && y.Within(x)) {
			t.Error("comparison contradicts itself")
		}
	})
}
