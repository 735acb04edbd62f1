package crl_test

import (
	"testing"

	"elicensing/signing/crl"
	"elicensing/signing/path"
	kit "elicensing/signing/path/pathtest"
)

// FuzzParse: no list ends the program, and none that was not signed verifies.
func FuzzParse(f *testing.F) {
	for _, der := range suiteLists(f) {
		f.Add(der)
	}
	root := kit.Root(f, "Root")
	person := kit.Person(f, root, "Person")
	f.Add(kit.List(f, root, kit.Revoking(1, person), kit.RevokingOf(person, person), kit.IssuingPoint(kit.Flag(4), point(kit.URIName("http://a.kz")))))
	f.Fuzz(func(t *testing.T, der []byte) {
		list, err := crl.Parse(der)
		if err != nil {
			return
		}
		for _, serial := range [][]byte{{1}, person.Certificate.RawSerial} {
			list.Find(serial, list.Issuer)
			list.Find(serial, root.Certificate.Subject)
		}
		if list.Len() > len(der) {
			t.Error("more entries than octets")
		}
		if err := list.VerifySignature(path.Table{}, path.KeyOf(person.Certificate)); err == nil {
			t.Error("signed by a key that signed nothing")
		}
	})
}
