package ncalayer_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"elicensing/signing"
	"elicensing/signing/democa"
	"elicensing/signing/ncalayer"

	"github.com/gorilla/websocket"
)

func clock() time.Time { return time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC) }

var authority = sync.OnceValues(func() (*democa.Authority, error) { return democa.New(clock) })

func demo(t *testing.T) *democa.Authority {
	t.Helper()
	a, err := authority()
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// page is a browser page that talks to the program.
type page struct {
	t      *testing.T
	socket *websocket.Conn
}

func open(t *testing.T, s *ncalayer.Server) page {
	t.Helper()
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	socket, _, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(server.URL, "http"), http.Header{"Origin": {"http://localhost:8080"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { socket.Close() })
	p := page{t, socket}
	if got := p.read(); got != `{"result":{"version":"1.4"}}` {
		t.Fatalf("the program greets with %s", got)
	}
	return p
}

func (p page) read() string {
	p.t.Helper()
	_, message, err := p.socket.ReadMessage()
	if err != nil {
		p.t.Fatal(err)
	}
	return strings.TrimSpace(string(message))
}

func (p page) ask(message string) string {
	p.t.Helper()
	if err := p.socket.WriteMessage(websocket.TextMessage, []byte(message)); err != nil {
		p.t.Fatal(err)
	}
	return p.read()
}

// signCall is what ncalayer-js-client sends for basicsSignCMS with detached parameters.
func signCall(content, signingParams, signerParams string) string {
	return `{"module":"kz.gov.pki.knca.basics","method":"sign","args":{"allowedStorages":null,"format":"cms","data":"` +
		base64.StdEncoding.EncodeToString([]byte(content)) + `","signingParams":{"decode":true,"encapsulate":false,"digested":false` + signingParams +
		`},"signerParams":{"extKeyUsageOids":[],"chain":[]` + signerParams + `},"locale":"ru"}}`
}

func withKey(t *testing.T, id string) *ncalayer.Server {
	t.Helper()
	file, err := demo(t).KeyFile(id)
	if err != nil {
		t.Fatal(err)
	}
	return withFile(t, file)
}

func withFile(t *testing.T, file []byte) *ncalayer.Server {
	t.Helper()
	key, err := ncalayer.OpenKey(file, democa.Password)
	if err != nil {
		t.Fatal(err)
	}
	s := ncalayer.New(clock)
	s.SetKey(key)
	return s
}

func TestSignsForReal(t *testing.T) {
	a := demo(t)
	national, err := a.GOSTKeyFile("director")
	if err != nil {
		t.Fatal(err)
	}
	for name, program := range map[string]*ncalayer.Server{"RSA": withKey(t, "director"), "GOST": withFile(t, national)} {
		var reply struct {
			Status bool
			Body   struct{ Result []string }
		}
		answer := open(t, program).ask(signCall("manifest", "", ""))
		if err := json.Unmarshal([]byte(answer), &reply); err != nil || !reply.Status || len(reply.Body.Result) != 1 {
			t.Fatalf("%s: %+v (%v)", name, reply, err)
		}
		verifier := signing.NewVerifier(signing.Options{Roots: a.Roots(), Intermediates: a.Intermediates(), Revocation: a.Revocation(), Now: clock})
		report := verifier.Verify(context.Background(), []byte(reply.Body.Result[0]), []byte("manifest"), signing.Applicant)
		if !report.Passed() || report.Signer.BIN != democa.ClinicBIN || !report.SigningTime.Equal(clock()) {
			t.Errorf("%s: %+v", name, report)
		}
	}
}

func TestAnswersAsTheRealProgram(t *testing.T) {
	p := open(t, withKey(t, "person"))
	for message, want := range map[string]string{
		"--heartbeat--": "--heartbeat--",
		`{"module":"kz.digiflow.mobile.extensions","method":"getVersion"}`: `{"errorCode":"MODULE_NOT_FOUND","success":false}`,
		`not json`: `{"code":"COMMON_JSON_WRAPPING_EXCEPTION","success":false}`,
		`{"module":"kz.gov.pki.knca.basics","method":"sing","uuid":7}`: `{"code":"INVOCATION_ERROR","details":"no such method","message":"An invoked method threw an exception.","status":false,"uuid":7}`,
	} {
		if got := p.ask(message); got != want {
			t.Errorf("%s: %s, want %s", message, got, want)
		}
	}
}

func TestThePersonInFrontOfTheProgram(t *testing.T) {
	s := withKey(t, "person")
	p := open(t, s)
	for _, tc := range []struct {
		mode ncalayer.Mode
		call string
		want string
	}{
		{ncalayer.ModeCancel, signCall("x", "", ""), `{"body":{},"status":true}`},
		{ncalayer.ModeError, signCall("x", "", ""), `"code":"INVOCATION_ERROR"`},
		{ncalayer.ModeSign, signCall("x", `,"tsaProfile":{}`, ""), `"code":"INVALID_SIGNING_PARAMS"`},
		{ncalayer.ModeSign, signCall("x", `,"outputCert":true`, ""), `"certificate":"MII`},
		{ncalayer.ModeSign, signCall("x", "", `,"iin":"123456789012"`), `"code":"SIGNING_FAILURE"`},
		{ncalayer.ModeSign, signCall("x", "", `,"bin":"123456789021"`), `"code":"SIGNING_FAILURE"`},
		{ncalayer.ModeSign, signCall("x", "", `,"chain":null`), `"code":"SIGNING_FAILURE"`},
		{ncalayer.ModeSign, signCall("x", "", `,"extKeyUsageOids":["1.3.6.1.5.5.7.3.2"]`), `"code":"SIGNING_FAILURE"`},
		{ncalayer.ModeSign, signCall("x", "", `,"extKeyUsageOids":["1.3.6.1.5.5.7.3.4","1.2.398.3.3.4.1.1"]`), `-----BEGIN CMS-----`},
		{ncalayer.ModeSign, signCall("", "", ""), `-----BEGIN CMS-----`},
	} {
		s.SetMode(tc.mode)
		if got := p.ask(tc.call); !strings.Contains(got, tc.want) {
			t.Errorf("%s %s: %.200s, want %s", tc.mode, tc.call, got, tc.want)
		}
	}
}

func TestWrongContentIsSignedWell(t *testing.T) {
	s := withKey(t, "person")
	s.SetMode(ncalayer.ModeWrongContent)
	p := open(t, s)
	var reply struct{ Body struct{ Result []string } }
	if err := json.Unmarshal([]byte(p.ask(signCall("x", "", ""))), &reply); err != nil || len(reply.Body.Result) != 1 {
		t.Fatal(err)
	}
	a := demo(t)
	verifier := signing.NewVerifier(signing.Options{Roots: a.Roots(), Intermediates: a.Intermediates(), Revocation: a.Revocation(), Now: clock})
	report := verifier.Verify(context.Background(), []byte(reply.Body.Result[0]), []byte("x"), signing.Applicant)
	if report.Reason != signing.SignatureContentDiffers {
		t.Errorf("%s", report.Reason)
	}
}

func TestControl(t *testing.T) {
	s := ncalayer.New(clock)
	control := httptest.NewServer(s.Control())
	t.Cleanup(control.Close)
	file, err := demo(t).KeyFile("person")
	if err != nil {
		t.Fatal(err)
	}
	p12 := base64.StdEncoding.EncodeToString(file)
	p := open(t, s)
	if got := p.ask(signCall("x", "", "")); got != `{"body":{},"status":true}` {
		t.Errorf("without a key: %s", got)
	}
	for _, tc := range []struct {
		body   string
		status int
	}{
		{`{"p12":"` + p12 + `","password":"Qwerty13"}`, http.StatusBadRequest},
		{`{"mode":"sleep"}`, http.StatusBadRequest},
		{`{"mood":"sign"}`, http.StatusBadRequest},
		{`{"p12":"` + p12 + `","password":"Qwerty12","mode":"sign"}`, http.StatusNoContent},
	} {
		response, err := http.Post(control.URL, "application/json", strings.NewReader(tc.body))
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != tc.status {
			t.Errorf("%.60s: %d, want %d", tc.body, response.StatusCode, tc.status)
		}
	}
	if got := p.ask(signCall("x", "", "")); !strings.Contains(got, "BEGIN CMS") {
		t.Errorf("with a key: %s", got)
	}
}

// The whole program, as the browser tests start it.
func TestRunServesUntilToldToStop(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	ready := make(lines, 4)
	code := make(chan int, 1)
	go func() {
		code <- ncalayer.Run(ctx, []string{"-addr", "127.0.0.1:0", "-control", "127.0.0.1:0", "-tls"}, ready, ready)
	}()
	if line := <-ready; !strings.HasPrefix(line, "fake NCALayer at wss://127.0.0.1:") {
		t.Errorf("%s", line)
	}
	line := <-ready
	address, ok := strings.CutPrefix(strings.TrimSpace(line), "control at ")
	if !ok {
		t.Fatalf("%s", line)
	}
	response, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	stop()
	if got := <-code; got != 0 {
		t.Errorf("exit code %d", got)
	}
}

func TestRunRefuses(t *testing.T) {
	for _, args := range [][]string{
		{"-addr", "0.0.0.0:0"}, {"-addr", "127.0.0.1:0", "-control", "192.0.2.1:0"}, {"-addr", "nonsense"},
		{"-addr", "127.0.0.1:0", "-p12", "/nonexistent"}, {"-unknown"},
	} {
		ready := make(lines, 16)
		if code := ncalayer.Run(context.Background(), args, ready, ready); code == 0 {
			t.Errorf("%v: exit code 0", args)
		}
	}
}

// lines is a writer that hands over each line.
type lines chan string

func (l lines) Write(p []byte) (int, error) {
	select {
	case l <- string(p):
	default:
	}
	return len(p), nil
}
