package server_test

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"elicensing/server/servertest"
)

// What is no HTTP request never reaches us: Go's HTTP server refuses it in a plain word and hangs up. No such answer is a problem body, and none
// repeats what was sent, is logged, or keeps the next one waiting (I35).
func TestWhatIsNoRequestIsRefusedInAPlainWord(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	host := strings.TrimPrefix(p.URL, "http://")
	const marker = "850101300123"
	get := "GET /api/config?" + marker + " HTTP/1.1\r\nHost: " + host + "\r\n"
	for name, c := range map[string]struct {
		sent string
		want int
	}{
		"no line of a request":     {marker + "\r\n\r\n", http.StatusBadRequest},
		"no such version":          {"GET /?" + marker + " HTTP/3.0\r\n\r\n", http.StatusHTTPVersionNotSupported},
		"no host":                  {"GET /?" + marker + " HTTP/1.1\r\n\r\n", http.StatusBadRequest},
		"two hosts":                {get + "Host: " + marker + "\r\n\r\n", http.StatusBadRequest},
		"a header without a name":  {get + ": " + marker + "\r\n\r\n", http.StatusBadRequest},
		"a header with a zero":     {get + "X-A: " + marker + "\x00\r\n\r\n", http.StatusBadRequest},
		"headers without an end":   {get + "X-A: " + strings.Repeat(marker, 4000) + "\r\n\r\n", http.StatusRequestHeaderFieldsTooLarge},
		"two lengths":              {get + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab", http.StatusBadRequest},
		"an unknown way of coding": {get + "Transfer-Encoding: " + marker + "\r\n\r\n", http.StatusNotImplemented},
		"an encrypted line":        {"\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03" + marker, http.StatusBadRequest},
	} {
		answer := sayTo(t, host, c.sent)
		if !strings.HasPrefix(answer, fmt.Sprintf("HTTP/1.1 %d ", c.want)) || !strings.Contains(answer, "Content-Type: text/plain") ||
			!strings.Contains(answer, "Connection: close\r\n") || strings.Contains(answer, marker) {
			t.Errorf("%s: want %d: %q", name, c.want, answer)
		}
	}
	p.Anonymous().Do(http.MethodGet, "/api/config", nil).Expect(http.StatusOK)
	if log := p.Log.String(); strings.Contains(log, marker) || strings.Count(log, "\n") != 1 {
		t.Errorf("logged:\n%s", log)
	}
}

// sayTo sends words down a line of their own and gives what comes back. Go hangs up half a second after it has refused, and a machine that was
// busy for so long hears nothing: then it is said again.
func sayTo(t *testing.T, host, words string) string {
	t.Helper()
	for range 20 {
		line, err := net.Dial("tcp", host)
		if err != nil {
			t.Fatal(err)
		}
		if err := line.SetDeadline(time.Now().Add(time.Minute)); err != nil {
			t.Fatal(err)
		}
		_, _ = io.WriteString(line, words) // whoever is refused need not be listened to
		_ = line.(*net.TCPConn).CloseWrite()
		answer, _ := io.ReadAll(line)
		line.Close()
		if len(answer) > 0 {
			return string(answer)
		}
	}
	return ""
}
