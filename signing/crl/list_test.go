package crl_test

import (
	"bytes"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"math/big"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"elicensing/signing/crl"
	"elicensing/signing/path"
	kit "elicensing/signing/path/pathtest"
)

func suiteLists(t testing.TB) map[string][]byte {
	t.Helper()
	all := make(map[string][]byte)
	for _, pattern := range []string{"../../../shared/signing/pkits/crls/*.crl", "../../../shared/kz-pki/crl/*.crl"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %d files, %v", pattern, len(files), err)
		}
		for _, file := range files {
			content, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			all[filepath.Base(file)] = content
		}
	}
	return all
}

func parse(t testing.TB, der []byte) *crl.List {
	t.Helper()
	list, err := crl.Parse(der)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// TestListsAreReadAsTheStandardLibraryReadsThem, and more of them.
func TestListsAreReadAsTheStandardLibraryReadsThem(t *testing.T) {
	refused := 0
	for name, der := range suiteLists(t) {
		list, err := crl.Parse(der)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		other, err := x509.ParseRevocationList(der)
		if err != nil {
			refused++
			continue
		}
		if list.Len() != len(other.RevokedCertificateEntries) || !list.ThisUpdate.Equal(other.ThisUpdate) ||
			!list.NextUpdate.Equal(other.NextUpdate) || !bytes.Equal(list.RawTBS, other.RawTBSRevocationList) ||
			!bytes.Equal(list.Issuer.Raw, other.RawIssuer) || (other.Number != nil && list.Number.Cmp(other.Number) != 0) {
			t.Errorf("%s: read differently", name)
		}
		if list.Point != nil && list.Point.Indirect {
			continue // crypto/x509 does not tell whose certificate an entry is about
		}
		for _, entry := range other.RevokedCertificateEntries {
			found, ok := list.Find(serialOctets(t, entry.SerialNumber), list.Issuer)
			if !ok || !found.RevokedAt.Equal(entry.RevocationTime) || max(int(found.Reason), 0) != entry.ReasonCode {
				t.Errorf("%s: entry %v: %v %v", name, entry.SerialNumber, found, ok)
			}
		}
	}
	if refused != 1 {
		t.Errorf("crypto/x509 refused %d, expected the national one", refused)
	}
}

func serialOctets(t testing.TB, n *big.Int) []byte {
	t.Helper()
	der, err := asn1.Marshal(n)
	if err != nil {
		t.Fatal(err)
	}
	return der[2:]
}

func TestNoTruncationAndNoAdditionIsRead(t *testing.T) {
	for name, der := range suiteLists(t) {
		for i := range der {
			if _, err := crl.Parse(der[:i]); !errors.Is(err, crl.ErrMalformed) {
				t.Fatalf("%s cut to %d: %v", name, i, err)
			}
		}
		if _, err := crl.Parse(append(bytes.Clone(der), 0)); !errors.Is(err, crl.ErrMalformed) {
			t.Fatalf("%s with an octet after it: %v", name, err)
		}
	}
}

// TestEveryBitIsSigned: no list with a flipped bit is read and verified.
func TestEveryBitIsSigned(t *testing.T) {
	root := kit.Root(t, "Root")
	der := kit.List(t, root, kit.Revoking(1, kit.Person(t, root, "Person")))
	key := path.KeyOf(root.Certificate)
	if err := parse(t, der).VerifySignature(path.Table{}, key); err != nil {
		t.Fatal(err)
	}
	for i := range len(der) * 8 {
		flipped := bytes.Clone(der)
		flipped[i/8] ^= 1 << (i % 8)
		if list, err := crl.Parse(flipped); err == nil && list.VerifySignature(path.Table{}, key) == nil {
			t.Fatalf("bit %d flipped, and accepted", i)
		}
	}
}

func TestListsThatAreRefused(t *testing.T) {
	root := kit.Root(t, "Root")
	person := kit.Person(t, root, "Person")
	extension := func(id []int, value ...byte) kit.ListChange {
		return kit.WithExtension(asn1.ObjectIdentifier(id), false, value)
	}
	entry := func(id []int, value ...byte) kit.ListChange {
		return func(l *x509.RevocationList) {
			l.RevokedCertificateEntries = append(l.RevokedCertificateEntries, x509.RevocationListEntry{
				SerialNumber: person.X509.SerialNumber, RevocationTime: kit.Now,
				ExtraExtensions: []pkix.Extension{{Id: asn1.ObjectIdentifier(id), Value: value}}})
		}
	}
	for name, change := range map[string]kit.ListChange{
		"an extension twice":                           extension([]int{2, 5, 29, 20}, 2, 1, 1),
		"a negative base":                              extension([]int{2, 5, 29, 27}, 2, 1, 0xff),
		"a base that is no number":                     extension([]int{2, 5, 29, 27}, 5, 0),
		"an issuing point that is none":                extension([]int{2, 5, 29, 28}, 5, 0),
		"freshest list without a point":                extension([]int{2, 5, 29, 46}, 0x30, 0),
		"a reason that is none":                        kit.Revoking(7, person),
		"a reason too great":                           kit.Revoking(11, person),
		"an invalidity date that is none":              entry([]int{2, 5, 29, 24}, 0x18, 3, '2', '0', '2'),
		"a certificate issuer that is none":            entry([]int{2, 5, 29, 29}, 0x30, 0),
		"entries of others in a list of its own":       kit.RevokingOf(person, person),
		"entries of others with a point, not indirect": both(kit.RevokingOf(person, person), kit.IssuingPoint(kit.Flag(1))),
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := crl.Parse(kit.List(t, root, change)); !errors.Is(err, crl.ErrMalformed) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestAReasonOfAnotherType(t *testing.T) {
	root := kit.Root(t, "Root")
	der := kit.List(t, root, kit.Revoking(3, kit.Person(t, root, "Person")))
	wrong := bytes.Replace(der, []byte{0x55, 0x1d, 0x15, 4, 3, 0x0a, 1, 3}, []byte{0x55, 0x1d, 0x15, 4, 3, 2, 1, 3}, 1)
	if _, err := crl.Parse(wrong); bytes.Equal(der, wrong) || !errors.Is(err, crl.ErrMalformed) {
		t.Errorf("got %v", err)
	}
}

func both(changes ...kit.ListChange) kit.ListChange {
	return func(l *x509.RevocationList) {
		for _, change := range changes {
			change(l)
		}
	}
}

// TestEntriesOfSeveralIssuers: an entry is of the issuer that was last named (RFC 5280 §5.3.3).
func TestEntriesOfSeveralIssuers(t *testing.T) {
	root, first, second := kit.Root(t, "Root"), kit.Root(t, "First"), kit.Root(t, "Second")
	serial := func(n int64) kit.Change { return func(c *x509.Certificate) { c.SerialNumber = big.NewInt(n) } }
	holders := make(map[string]*kit.Holder)
	for name, issuer := range map[string]*kit.Holder{"own": root, "first": first, "firstAgain": first, "second": second} {
		n := map[string]int64{"own": 1, "first": 2, "firstAgain": 3, "second": 2}[name]
		holders[name] = kit.Person(t, issuer, name, serial(n))
	}
	list := parse(t, kit.List(t, root, kit.IssuingPoint(kit.Flag(4)), kit.Revoking(1, holders["own"]),
		kit.RevokingOf(first, holders["first"]), kit.Revoking(4, holders["firstAgain"]), kit.RevokingOf(second, holders["second"])))
	for _, c := range []struct {
		serial int64
		issuer *kit.Holder
		found  bool
	}{
		{1, root, true}, {1, first, false}, {1, second, false},
		{2, root, false}, {2, first, true}, {2, second, true},
		{3, root, false}, {3, first, true}, {3, second, false},
		{4, root, false},
	} {
		if _, found := list.Find([]byte{byte(c.serial)}, c.issuer.Certificate.Subject); found != c.found {
			t.Errorf("serial %d of %s: %v", c.serial, c.issuer.X509.Subject.CommonName, found)
		}
	}
}

// TestALargeList: as large as the national one, in a fourth of its size.
func TestALargeList(t *testing.T) {
	root := kit.Root(t, "Root")
	const entries = 500_000
	der := largeList(t, root, entries)
	if len(der) < 20<<20 {
		t.Fatalf("%d octets", len(der))
	}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	list, err := crl.Parse(der)
	runtime.ReadMemStats(&after)
	if err != nil {
		t.Fatal(err)
	}
	if used := after.TotalAlloc - before.TotalAlloc; used > uint64(len(der)/2) {
		t.Errorf("%d octets allocated for a list of %d", used, len(der))
	}
	if list.Len() != entries {
		t.Errorf("%d entries", list.Len())
	}
	issuer := root.Certificate.Subject
	for i := 0; i < entries; i += 997 {
		if _, found := list.Find(largeSerial(i), issuer); !found {
			t.Fatalf("entry %d not found", i)
		}
		absent := largeSerial(i)
		absent[19] ^= 1
		if _, found := list.Find(absent, issuer); found {
			t.Fatalf("entry %d found where there is none", i)
		}
	}
	if allocated := testing.AllocsPerRun(100, func() { list.Find(append(largeSerial(7), 1), issuer) }); allocated > 4 {
		t.Errorf("%v allocations to find nothing", allocated)
	}
}

// largeSerial spreads numbers of 20 octets so that lists are not sorted already.
func largeSerial(i int) []byte {
	serial := make([]byte, 20)
	x := uint64(i)*0x9e3779b97f4a7c15 + 1
	for at := range 16 {
		serial[at] = byte(x >> (at % 8 * 8))
	}
	serial[0] = serial[0]&0x3f | 0x40
	serial[16], serial[17], serial[18], serial[19] = byte(i>>16), byte(i>>8), byte(i), 0
	return serial
}

// largeList writes the list as the national authority does: a reason in each entry, NULL outside only.
func largeList(t testing.TB, root *kit.Holder, entries int) []byte {
	t.Helper()
	small := parse(t, kit.List(t, root))
	body := bytes.Buffer{}
	for i := range entries {
		body.Write([]byte{0x30, 0x33, 2, 20})
		body.Write(largeSerial(i))
		body.WriteString("\x17\x0d260115120000Z")
		body.WriteString("\x30\x0c\x30\x0a\x06\x03\x55\x1d\x15\x04\x03\x0a\x01\x03")
	}
	algorithm := []byte{0x30, 5, 6, 3, 0x2b, 0x65, 0x70}
	outer := []byte{0x30, 7, 6, 3, 0x2b, 0x65, 0x70, 5, 0}
	times := []byte("\x17\x0d260115110000Z\x17\x0d260116110000Z")
	return kit.Sequence(kit.Sequence([]byte{2, 1, 1}, algorithm, small.Issuer.Raw, times, kit.Sequence(body.Bytes())),
		outer, append([]byte{3, 65, 0}, make([]byte, 64)...))
}

// TestTheAlgorithmInsideAndOutside: NULL or nothing is the same (as the national authority writes it), another
// algorithm is not: what stands outside is not signed.
func TestTheAlgorithmInsideAndOutside(t *testing.T) {
	issuer := parse(t, kit.List(t, kit.Root(t, "Root"))).Issuer.Raw
	times := []byte("\x17\x0d260115110000Z\x17\x0d260116110000Z")
	ed25519, other := []byte{0x30, 5, 6, 3, 0x2b, 0x65, 0x70}, []byte{0x30, 5, 6, 3, 0x2b, 0x65, 0x71}
	withNULL := []byte{0x30, 7, 6, 3, 0x2b, 0x65, 0x70, 5, 0}
	withNumber := []byte{0x30, 8, 6, 3, 0x2b, 0x65, 0x70, 2, 1, 1}
	for _, c := range []struct {
		inside, outside []byte
		read            bool
	}{{ed25519, ed25519, true}, {ed25519, withNULL, true}, {withNULL, ed25519, true}, {ed25519, other, false},
		{other, ed25519, false}, {withNumber, withNULL, false}, {withNumber, ed25519, false}} {
		der := kit.Sequence(kit.Sequence([]byte{2, 1, 1}, c.inside, issuer, times), c.outside, append([]byte{3, 65, 0}, make([]byte, 64)...))
		if _, err := crl.Parse(der); (err == nil) != c.read || err != nil && !errors.Is(err, crl.ErrMalformed) {
			t.Errorf("%x inside, %x outside: %v", c.inside, c.outside, err)
		}
	}
}

func TestAListThatIsTooLarge(t *testing.T) {
	if _, err := crl.Parse(make([]byte, crl.MaxSize+1)); !errors.Is(err, crl.ErrTooLarge) {
		t.Errorf("got %v", err)
	}
	root := kit.Root(t, "Root")
	der := kit.List(t, root, kit.WithExtension(asn1.ObjectIdentifier{1, 2, 3}, false, make([]byte, 70<<10)))
	if _, err := crl.Parse(der); !errors.Is(err, crl.ErrTooLarge) {
		t.Errorf("extensions of 70 KiB: %v", err)
	}
}
