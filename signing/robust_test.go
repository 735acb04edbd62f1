package signing_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	mathrand "math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"elicensing/signing"
	"elicensing/signing/asice"
	"elicensing/signing/cms"
	"elicensing/signing/democa"
	"elicensing/signing/document"
	"elicensing/signing/pades"
	"elicensing/signing/revocation"
)

// sample is a good file with all that its verdict needs.
type sample struct {
	name     string
	file     []byte
	content  []byte // nil: it is in the file
	verifier *signing.Verifier
	turned   int // how many of its bits are turned, or everyBit
}

const everyBit = -1

func (s sample) judge(file []byte) document.Report {
	return document.Verify(context.Background(), s.verifier, document.Input{File: file, Content: s.content, Policy: signing.Archive})
}

// samples are messages by each kind of key, attached and detached, with their evidence; one as it came; a container, a
// licence, and a message of the national program, judged at its time.
func samples(t *testing.T) []sample {
	t.Helper()
	v := later(t, T0)
	all := []sample{
		{name: "licence", file: storedLicence(t), verifier: v, turned: 200}, {name: "container", file: storedContainer(t), verifier: v, turned: 500},
		nationalSample(t), {name: "RSA, as it came", file: forge(t, holder(t, "person"), nil), content: content, verifier: online(t), turned: everyBit},
	}
	for _, k := range keptSamples(t) {
		for form, attached := range map[string]bool{"attached": true, "detached": false} {
			message, err := cms.Sign(content, cms.SignOptions{Key: k.holder.Key, Certificate: k.holder.Certificate, Attached: attached})
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, sample{k.name + ", " + form, accept(t, message, content, signing.Applicant), content, v, k.turned})
		}
	}
	slices.SortFunc(all, func(a, b sample) int { return strings.Compare(a.name, b.name) }) // the same bits each time
	return all
}

// keptSample is somebody whose messages are kept with evidence. A verdict by GOST takes ten times as long as others.
type keptSample struct {
	name   string
	holder *democa.Holder
	turned int
}

func keptSamples(t *testing.T) []keptSample {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	gost, err := demo(t).GOSTHolder("person")
	if err != nil {
		t.Fatal(err)
	}
	return []keptSample{
		{"RSA", holder(t, "person"), 300}, {"P-256", issue(t, person, democa.IssueOptions{Key: key}), 300}, {"GOST", gost, 50},
	}
}

// online asks an authority that revoked nobody, and at once.
func online(t *testing.T) *signing.Verifier {
	a := demo(t)
	return signing.NewVerifier(signing.Options{
		Roots: a.Roots(), Intermediates: a.Intermediates(), Revocation: always{revocation.Answer{Status: revocation.Good}}, Now: clock,
	})
}

func storedContainer(t testing.TB) []byte {
	t.Helper()
	file := asice.File{Name: "request.json", MIME: "application/json", Content: []byte("{}")}
	manifest, err := asice.Manifest([]asice.File{file})
	if err != nil {
		t.Fatal(err)
	}
	var container bytes.Buffer
	kept := accept(t, signed(t, holder(t, "person"), manifest), manifest, signing.Applicant)
	if err := asice.Build(&container, manifest, kept, file); err != nil {
		t.Fatal(err)
	}
	return container.Bytes()
}

func nationalSample(t *testing.T) sample {
	t.Helper()
	return sample{
		name: "national", file: nationalFile(t, "cms", "legal_entity_detached.der"), content: nationalFile(t, "cms", "legal_entity_document.txt"), turned: 200,
		verifier: signing.NewVerifier(signing.Options{
			Roots:         []*x509.Certificate{nationalCertificate(t, "ca", "root_test_gost_2022.cer"), nationalCertificate(t, "ca", "prod_root_gost2004_2015.crt")},
			Intermediates: []*x509.Certificate{nationalCertificate(t, "ca", "nca_gost2022_test.cer"), nationalCertificate(t, "ca", "prod_nca_gost2004_2018.crt")},
			Revocation:    always{revocation.Answer{Status: revocation.Good}}, Now: func() time.Time { return inForce },
		}),
	}
}

// flips is how many files with one bit turned are judged at least, of all samples together.
const flips = 10_000

// everyByte is the largest file that is cut at every byte; a larger one, the licence of 190 KB, is at 2,000 places, for
// each cut of it is searched from end to end.
const everyByte = 32 << 10

func (s sample) step() int {
	if len(s.file) <= everyByte {
		return 1
	}
	return len(s.file) / 2_000
}

// bits are those to be turned: each one of the message as it came, and some of the others, which a verdict takes many
// times as long about.
func (s sample) bits(random *mathrand.Rand) []int {
	if s.turned == everyBit {
		return random.Perm(8 * len(s.file))
	}
	bits := make([]int, s.turned)
	for i := range bits {
		bits[i] = random.IntN(8 * len(s.file))
	}
	return bits
}

// Each file cut short, and files with one bit turned: no panic, none accepted that says another thing, memory within
// its bound. A bit may be turned in what is neither signed nor evidence needed.
func TestTruncatedAndDamagedFiles(t *testing.T) {
	all, turned := samples(t), 0
	for i, s := range all {
		if r := s.judge(s.file); !r.Passed() {
			t.Fatalf("%s does not pass: %s %s", s.name, r.Reason, r.Detail)
		}
		bits := s.bits(mathrand.New(mathrand.NewPCG(1, uint64(i))))
		turned += len(bits)
		s.measure(t, bits) // before those below run at once
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			begin := time.Now()
			for n := 0; n < len(s.file); n += s.step() {
				if r := s.judge(s.file[:n]); r.Passed() {
					t.Fatalf("the first %d of %d bytes pass", n, len(s.file))
				}
			}
			cut := time.Since(begin)
			passed := 0
			for _, bit := range bits {
				damaged := s.with(bit)
				if s.judge(damaged).Passed() {
					passed++
					if s.turned == everyBit || !sameSigned(t, s.file, damaged) { // as it came it has nothing that is not needed
						t.Fatalf("passes with bit %d turned", bit)
					}
				}
			}
			t.Logf("%d bytes, %d of %d bits change nothing, %v + %v", len(s.file), passed, len(bits), cut, time.Since(begin)-cut)
		})
	}
	if turned < flips {
		t.Errorf("only %d bits are turned", turned)
	}
}

// with is a copy of the file with a bit turned.
func (s sample) with(bit int) []byte {
	damaged := bytes.Clone(s.file)
	damaged[bit/8] ^= 1 << (bit % 8)
	return damaged
}

// measure holds the memory that cut and damaged files take to its bound. What the whole process takes is counted, so
// that nothing else may run meanwhile, and the world is stopped for it each time: some of the files are enough.
func (s sample) measure(t *testing.T, bits []int) {
	t.Helper()
	for n := 0; n <= len(s.file); n += 1 + len(s.file)/200 {
		s.measured(t, s.file[:n])
	}
	for _, bit := range bits[:min(50, len(bits))] {
		s.measured(t, s.with(bit))
	}
}

// measured judges a file and holds the memory to its bound: four times the file and a mebibyte.
func (s sample) measured(t *testing.T, file []byte) {
	t.Helper()
	var start, end runtime.MemStats
	runtime.ReadMemStats(&start)
	s.judge(file)
	runtime.ReadMemStats(&end)
	if used, most := end.TotalAlloc-start.TotalAlloc, uint64(4*len(file)+1<<20); used > most {
		t.Fatalf("%s: %d bytes allocated for %d of input", s.name, used, len(file))
	}
}

// sameSigned tells whether two files say the same in all that is signed: the change then is in an unsigned
// attribute, in evidence or a certificate that the verdict did not need, or in the wrapping.
func sameSigned(t *testing.T, a, b []byte) bool {
	t.Helper()
	overA, messageA := signedParts(t, a)
	overB, messageB := signedParts(t, b)
	return bytes.Equal(overA, overB) && bytes.Equal(messageA, messageB)
}

// signedParts are what the only signature of a file is over, as far as it is in the file, and its message without
// what is not signed.
func signedParts(t *testing.T, file []byte) (over, message []byte) {
	t.Helper()
	switch document.KindOf(file) {
	case document.PDF:
		found, err := pades.Signatures(file)
		if err != nil || len(found) != 1 {
			t.Fatalf("a PDF that passed has %d signatures (%v)", len(found), err)
		}
		over, message = found[0].SignedBytes, found[0].CMS
	case document.Container:
		c, err := asice.Read(bytes.NewReader(file), int64(len(file)))
		if err != nil {
			t.Fatalf("a container that passed cannot be read: %v", err)
		}
		over, message = c.Manifest, c.Signature // which names the files by their digests
	case document.Message:
		message = file
	}
	der, err := cms.Decode(message)
	if err != nil {
		t.Fatal(err)
	}
	m, err := cms.Parse(der)
	if err != nil || len(m.Signers) != 1 {
		t.Fatalf("a message that passed cannot be read (%v)", err)
	}
	m.Signers[0].UnsignedAttributes = nil
	m.Certificates = nil // which one is meant is signed (ESS); its bytes may stand in the evidence, too
	return over, encode(t, m)
}
