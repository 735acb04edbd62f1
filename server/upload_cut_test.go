package server_test

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"elicensing/server/catalog"
	"elicensing/server/servertest"
)

// I28: a line that is cut in the middle of a part costs what had not arrived, and nothing more. Half closed, the sender can still be told so; closed
// altogether, he asks when he is back.
func TestUploadGoesOnAfterACutLine(t *testing.T) {
	t.Parallel()
	p := servertest.New(t)
	c := p.SignInAs("person")
	a := c.Begin(catalog.Person)
	scan := append(servertest.Picture(), bytes.Repeat([]byte("сканер "), 10_000)...)
	sum := sha256.Sum256(scan)
	patience := time.Now().Add(time.Minute)
	for _, told := range []bool{true, false} {
		u := openUpload(c, a.ID, "diplomas", len(scan))
		first, half := len(scan)/4, len(scan)/2
		u.send(0, scan[:first]).Expect(http.StatusNoContent)
		line := u.cut(first, scan[first:half], len(scan)-first)
		if told {
			// What follows the cut is not waited for.
			if err := line.CloseWrite(); err != nil {
				t.Fatal(err)
			}
			answer, err := http.ReadResponse(bufio.NewReader(line), nil)
			if err != nil {
				t.Fatal(err)
			}
			var problem struct {
				Code   string
				Params struct{ Offset int }
			}
			if err := json.NewDecoder(answer.Body).Decode(&problem); err != nil || answer.StatusCode != http.StatusBadRequest || problem.Code != "upload_cut" || problem.Params.Offset != half {
				t.Errorf("a cut is answered with %d %+v (%v)", answer.StatusCode, problem, err)
			}
		}
		if err := line.Close(); err != nil {
			t.Fatal(err)
		}
		for at := u.offset(); at != half; at = u.offset() {
			if at > half || told || time.Now().After(patience) {
				t.Fatalf("after the cut %d bytes are there, want %d", at, half)
			}
		}
		r := u.send(half, scan[half:])
		for !told && r.Code() == "upload_offset" && time.Now().Before(patience) { // the portal has not noticed the end of the line yet
			r = u.send(half, scan[half:])
		}
		r.Expect(http.StatusNoContent)
		if body := c.Do(http.MethodGet, "/api/applications/"+a.ID+"/attachments/"+u.id, nil).Expect(http.StatusOK).Body; !bytes.Equal(body, scan) {
			t.Errorf("told %v: the scan is another", told)
		}
		for _, x := range c.Read(a.ID).Attachments {
			if x.ID != u.id || x.SHA256 != hex.EncodeToString(sum[:]) {
				t.Errorf("told %v: %+v", told, x)
			}
		}
		c.Do(http.MethodDelete, "/api/applications/"+a.ID+"/attachments/"+u.id, nil).Expect(http.StatusNoContent)
	}
}

// cut begins to send a part of some size, and sends no more of it than the bytes given.
func (u opened) cut(offset int, sent []byte, size int) *net.TCPConn {
	t := u.c.Portal.T
	t.Helper()
	host := strings.TrimPrefix(u.c.Portal.URL, "http://")
	line, err := net.Dial("tcp", host)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = line.Close() })
	if err := line.SetDeadline(time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	_, err = fmt.Fprintf(line, "PATCH %s HTTP/1.1\r\nHost: %s\r\nCookie: elicensing=%s\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: %d\r\nContent-Type: application/offset+octet-stream\r\nContent-Length: %d\r\n\r\n%s",
		u.path, host, u.c.Token(), offset, size, sent)
	if err != nil {
		t.Fatal(err)
	}
	return line.(*net.TCPConn)
}
