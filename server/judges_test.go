package server_test

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/pem"
	"encoding/xml"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"elicensing/server/servertest"
	"elicensing/signing/pades"
)

// Other people's tools judge what the portal hands out. A missing tool fails the test by its name.

func tool(t *testing.T, name string, args ...string) string {
	t.Helper()
	var out, complaints bytes.Buffer
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Stdout, cmd.Stderr = &out, &complaints
	if err := cmd.Run(); err != nil {
		t.Errorf("%s: %v\n%s%s", name, err, &out, &complaints)
	}
	return out.String()
}

func write(t *testing.T, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func judgePDF(t *testing.T, pdf []byte) {
	t.Helper()
	path := write(t, "document.pdf", pdf)
	if out := tool(t, "qpdf", "--check", path); !strings.Contains(out, "No syntax or stream encoding errors found") {
		t.Errorf("qpdf: %s", out)
	}
}

// judgeSignedPDF: pdfsig accepts the signature over the whole document, and reports damage after one flipped byte.
func judgeSignedPDF(t *testing.T, pdf []byte) {
	t.Helper()
	judgePDF(t, pdf)
	judgeSignature(t, pdf, "Signature is Valid", "Total document signed", "ETSI.CAdES.detached")
	damaged := bytes.Replace(pdf, []byte("/MediaBox"), []byte("/MediaBoy"), 1)
	if bytes.Equal(damaged, pdf) {
		t.Fatal("nothing to damage was found")
	}
	spoilt, _ := exec.CommandContext(t.Context(), "pdfsig", "-nocert", write(t, "damaged.pdf", damaged)).CombinedOutput()
	if strings.Contains(string(spoilt), "Signature is Valid") || !strings.Contains(string(spoilt), "Digest Mismatch") {
		t.Errorf("pdfsig on a damaged file:\n%s", spoilt)
	}
}

// judgeStoredPDF: the same for a PDF with a security store behind what was signed, and for what was signed by itself.
func judgeStoredPDF(t *testing.T, pdf []byte) {
	t.Helper()
	judgePDF(t, pdf)
	judgeSignature(t, pdf, "Signature is Valid", "ETSI.CAdES.detached")
	found, err := pades.Signatures(pdf)
	if err != nil || len(found) != 1 || found[0].CoversWholeFile || !found[0].CoversWhatIsShown {
		t.Fatalf("%d signatures, or no security store (%v)", len(found), err)
	}
	judgeSignedPDF(t, pdf[:found[0].ByteRange[2]+found[0].ByteRange[3]])
}

func judgeSignature(t *testing.T, pdf []byte, want ...string) {
	t.Helper()
	out := tool(t, "pdfsig", "-nocert", write(t, "signed.pdf", pdf))
	for _, words := range want {
		if !strings.Contains(out, words) {
			t.Errorf("pdfsig does not say %q:\n%s", words, out)
		}
	}
}

func judgeQR(t *testing.T, pdf []byte, want string) {
	t.Helper()
	path := write(t, "licence.pdf", pdf)
	tool(t, "pdftoppm", "-r", "200", "-f", "1", "-l", "1", "-png", path, path)
	pages, err := filepath.Glob(path + "-*.png")
	if err != nil || len(pages) == 0 {
		t.Fatalf("pages of the licence: %v %v", pages, err)
	}
	if out := tool(t, "zbarimg", "-q", "--raw", pages[0]); strings.TrimSpace(out) != want {
		t.Errorf("the QR code holds %q, want %q", strings.TrimSpace(out), want)
	}
}

// judgeContainer: the .asice holds exactly the files of its manifest with their digests, and openssl accepts the signature over the manifest.
func judgeContainer(t *testing.T, p *servertest.Portal, c *servertest.Client, id string) {
	t.Helper()
	container := c.Do(http.MethodGet, "/api/applications/"+id+"/files/request.asice", nil).Expect(http.StatusOK).Body
	z, err := zip.NewReader(bytes.NewReader(container), int64(len(container)))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if _, err := b.ReadFrom(r); err != nil {
			t.Fatal(err)
		}
		files[f.Name] = b.Bytes()
	}
	var manifest struct {
		References []struct {
			URI    string `xml:"URI,attr"`
			Digest string `xml:"DigestValue"`
		} `xml:"DataObjectReference"`
	}
	if err := xml.Unmarshal(files["META-INF/ASiCManifest.xml"], &manifest); err != nil {
		t.Fatal(err)
	}
	for _, r := range manifest.References {
		content, ok := files[r.URI]
		sum := sha256.Sum256(content)
		if !ok || base64.StdEncoding.EncodeToString(sum[:]) != r.Digest {
			t.Errorf("%s is not what the manifest names", r.URI)
		}
		delete(files, r.URI)
	}
	for name := range files {
		if name != "mimetype" && !strings.HasPrefix(name, "META-INF/") {
			t.Errorf("%s is in the container and not in the manifest", name)
		}
	}
	judgeCMS(t, p, files["META-INF/signature.p7s"], files["META-INF/ASiCManifest.xml"])
}

func judgeCMS(t *testing.T, p *servertest.Portal, cms, content []byte) {
	t.Helper()
	var trusted bytes.Buffer
	for _, certificate := range append(p.CA.Roots(), p.CA.Intermediates()...) {
		if err := pem.Encode(&trusted, &pem.Block{Type: "CERTIFICATE", Bytes: certificate.Raw}); err != nil {
			t.Fatal(err)
		}
	}
	tool(t, "openssl", "cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", write(t, "signature.p7s", cms), "-content", write(t, "manifest.xml", content),
		"-CAfile", write(t, "ca.pem", trusted.Bytes()), "-purpose", "any", "-attime", unix(p.Clock.Now()), "-out", os.DevNull)
}

func unix(t time.Time) string { return strconv.FormatInt(t.Unix(), 10) }
