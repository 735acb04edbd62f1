package print_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"elicensing/server/print"
)

// run runs a program that we did not write; it must be installed.
func run(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
	return string(out)
}

// save writes a document to a file of the test.
func save(t *testing.T, pdf []byte, err error) string {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "document.pdf")
	if err := os.WriteFile(name, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// textOf reads a document's text in the order of drawing, with one space between words.
func textOf(t *testing.T, file string) string {
	t.Helper()
	return strings.Join(strings.Fields(run(t, "pdftotext", "-raw", "-enc", "UTF-8", file, "-")), " ")
}

// drawings are all kinds of document with their samples.
var drawings = map[string]func() ([]byte, error){
	"licence":              func() ([]byte, error) { return print.Licence(licence()) },
	"request of a person":  func() ([]byte, error) { return print.Request(request(print.Person)) },
	"request of a trader":  func() ([]byte, error) { return print.Request(request(print.SoleTrader)) },
	"request of an entity": func() ([]byte, error) { return print.Request(request(print.Entity)) },
	"empty request": func() ([]byte, error) {
		return print.Request(print.RequestForm{Applicant: print.Party{Kind: print.Person, Name: print.Same("А"), ID: "1"}, Licensor: authority.Name})
	},
	"refusal": func() ([]byte, error) { return print.Refusal(refusal()) },
	"receipt": func() ([]byte, error) { return print.Receipt(receipt()) },
	"payment": func() ([]byte, error) { return print.PaymentReceipt(payment()) },
}

// drawn are the same, each drawn once for all tests that only look at it.
var drawn = func() map[string]func() ([]byte, error) {
	once := map[string]func() ([]byte, error){}
	for name, draw := range drawings {
		once[name] = sync.OnceValues(draw)
	}
	return once
}()

// codes reads the QR codes of every page.
func codes(t *testing.T, file string) []string {
	t.Helper()
	prefix := filepath.Join(t.TempDir(), "page")
	run(t, "pdftoppm", "-r", "100", "-gray", "-png", file, prefix)
	pages, err := filepath.Glob(prefix + "*.png")
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, page := range pages {
		out, err := exec.Command("zbarimg", "-q", "--raw", page).Output()
		if err == nil { // it fails on a page without a code
			found = append(found, strings.Fields(string(out))...)
		}
	}
	return found
}
