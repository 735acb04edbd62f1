package democa_test

import (
	"bytes"
	"encoding/pem"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"

	"elicensing/signing/democa"
)

func serve(t *testing.T, a *democa.Authority) string {
	t.Helper()
	server := httptest.NewServer(a.Handler())
	t.Cleanup(server.Close)
	return server.URL
}

func get(t *testing.T, address string) []byte {
	t.Helper()
	response, err := http.Get(address)
	return body(t, response, err)
}

func post(t *testing.T, address string, question []byte) []byte {
	t.Helper()
	response, err := http.Post(address, "application/octet-stream", bytes.NewReader(question))
	return body(t, response, err)
}

func body(t *testing.T, response *http.Response, err error) []byte {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("status %d, %v", response.StatusCode, err)
	}
	return answer
}

func write(t *testing.T, path string, content []byte) {
	t.Helper()
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

func writePEM(t *testing.T, path string, certificate []byte) {
	t.Helper()
	write(t, path, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate}))
}

func TestHostileQuestionsGetAnErrorAndNoMore(t *testing.T) {
	base := serve(t, authority(t))
	for name, question := range map[string][]byte{
		"nothing": nil, "text": []byte("hello"), "nested": bytes.Repeat([]byte{0x30, 0x80}, 8000),
	} {
		if answer := post(t, base+democa.PathOCSP, question); len(answer) > 16 || bytes.Contains(answer, []byte{0x0a, 0x01, 0x00}) {
			t.Errorf("ocsp, %s: %x", name, answer)
		}
		if answer := post(t, base+democa.PathTSP, question); len(answer) > 32 {
			t.Errorf("time stamp, %s: %x", name, answer)
		}
	}
	response, err := http.Post(base+democa.PathOCSP, "application/ocsp-request", bytes.NewReader(make([]byte, 1<<20)))
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("a question of 1 MiB: status %d", response.StatusCode)
	}
}
