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
	slow     bool // by GOST: a verdict takes thirty times as long as others
}

func (s sample) judge(file []byte) document.Report {
	return document.Verify(context.Background(), s.verifier, document.Input{File: file, Content: s.content, Policy: signing.Archive})
}

// samples are messages by each kind of key, attached and detached, with their evidence; a container, a licence, and a
// message of the national program, judged at its time.
func samples(t *testing.T) []sample {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	gost, err := demo(t).GOSTHolder("person")
	if err != nil {
		t.Fatal(err)
	}
	v := later(t, T0)
	all := []sample{
		{name: "licence", file: storedLicence(t), verifier: v}, {name: "container", file: storedContainer(t), verifier: v}, nationalSample(t),
	}
	for name, h := range map[string]*democa.Holder{
		"RSA": holder(t, "person"), "P-256": issue(t, person, democa.IssueOptions{Key: key}), "GOST": gost,
	} {
		for form, attached := range map[string]bool{"attached": true, "detached": false} {
			message, err := cms.Sign(content, cms.SignOptions{Key: h.Key, Certificate: h.Certificate, Attached: attached})
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, sample{name + ", " + form, accept(t, message, content, signing.Applicant), content, v, name == "GOST"})
		}
	}
	return all
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
		name: "national", file: nationalFile(t, "cms", "legal_entity_detached.der"), content: nationalFile(t, "cms", "legal_entity_document.txt"), slow: true,
		verifier: signing.NewVerifier(signing.Options{
			Roots:         []*x509.Certificate{nationalCertificate(t, "ca", "root_test_gost_2022.cer"), nationalCertificate(t, "ca", "prod_root_gost2004_2015.crt")},
			Intermediates: []*x509.Certificate{nationalCertificate(t, "ca", "nca_gost2022_test.cer"), nationalCertificate(t, "ca", "prod_nca_gost2004_2018.crt")},
			Revocation:    always{revocation.Answer{Status: revocation.Good}}, Now: func() time.Time { return inForce },
		}),
	}
}

// flips is how many files with one bit turned are judged, of all samples together; of each that is slow a hundred.
const flips = 10_000

func (s sample) flips(all []sample) int {
	slow := 0
	for _, other := range all {
		if other.slow {
			slow++
		}
	}
	if s.slow {
		return 100
	}
	return 1 + (flips-100*slow)/(len(all)-slow)
}

// everyByte is the largest file that is cut at every byte; a larger one, the licence of 130 KB, is at 2,000 places, for
// each cut of it is searched from end to end.
const everyByte = 32 << 10

func (s sample) step() int {
	if len(s.file) <= everyByte {
		return 1
	}
	return len(s.file) / 2_000
}

// Each file cut short, and files with one bit turned: no panic, none accepted that says another thing, memory within
// its bound. A bit may be turned in what is neither signed nor evidence needed.
func TestTruncatedAndDamagedFiles(t *testing.T) {
	random := mathrand.New(mathrand.NewPCG(1, 2))
	all := samples(t)
	for _, s := range all {
		begin := time.Now()
		if r := s.judge(s.file); !r.Passed() {
			t.Fatalf("%s does not pass: %s %s", s.name, r.Reason, r.Detail)
		}
		for n := 0; n < len(s.file); n += s.step() {
			if r := s.measured(t, s.file[:n]); r.Passed() {
				t.Fatalf("%s: the first %d of %d bytes pass", s.name, n, len(s.file))
			}
		}
		cut := time.Since(begin)
		passed := 0
		damaged := bytes.Clone(s.file)
		for range s.flips(all) {
			bit := random.IntN(8 * len(damaged))
			damaged[bit/8] ^= 1 << (bit % 8)
			if s.measured(t, damaged).Passed() {
				passed++
				if !sameSigned(t, s.file, damaged) {
					t.Fatalf("%s: passes with bit %d turned", s.name, bit)
				}
			}
			damaged[bit/8] ^= 1 << (bit % 8)
		}
		t.Logf("%s: %d bytes, %d of %d bits change nothing, %v + %v", s.name, len(s.file), passed, s.flips(all), cut, time.Since(begin)-cut)
	}
}

// measured judges a file and holds the memory to its bound.
func (s sample) measured(t *testing.T, file []byte) document.Report {
	t.Helper()
	var start, end runtime.MemStats
	runtime.ReadMemStats(&start)
	report := s.judge(file)
	runtime.ReadMemStats(&end)
	if used, most := end.TotalAlloc-start.TotalAlloc, uint64(4*len(file)+1<<20); used > most {
		t.Fatalf("%s: %d bytes allocated for %d of input", s.name, used, len(file))
	}
	return report
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
