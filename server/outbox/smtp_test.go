package outbox_test

import (
	"context"
	"encoding/base64"
	"errors"
	"io"
	"mime"
	"net"
	"net/mail"
	"os"
	"strings"
	"testing"
	"time"

	"elicensing/server/outbox"
)

var letterAt = time.Date(2026, 3, 27, 10, 5, 0, 0, time.FixedZone("", 5*3600))

func letterTo(to string) outbox.Mail {
	return outbox.Mail{ID: "notice-7", To: to, At: letterAt, Subject: "№ 13-2026-000418 өтініш қабылданды / Заявление № 13-2026-000418 принято / Application No. 13-2026-000418 is accepted",
		Text: strings.Repeat("Құжаттар толық. ", 50) + "\n.\nQUIT\n"}
}

func mailer(s *mailServer) outbox.SMTP {
	m := outbox.SMTP{Addr: s.addr, Security: outbox.Loopback, From: "portal@licences.example", Domain: "licences.example"}
	m.Security = map[string]outbox.Security{"": outbox.Loopback, "tls": outbox.ImplicitTLS, "starttls": outbox.StartTLS}[s.security]
	m.TLS = s.config.Clone()
	m.TLS.RootCAs, m.TLS.Certificates = s.roots, nil
	if user := s.is().user; user != "" {
		m.User, m.Password, _ = strings.Cut(user, " ")
	}
	return m
}

func send(t *testing.T, m outbox.SMTP, letter outbox.Mail) error {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	return m.Send(ctx, letter)
}

func TestALetterArrivesAsItWasWritten(t *testing.T) {
	for _, security := range []string{"", "tls", "starttls"} {
		s := startMailServer(t, security)
		s.login("portal s3cret word")
		if err := send(t, mailer(s), letterTo("a@example.kz")); err != nil {
			t.Fatalf("%q: %v", security, err)
		}
		got := s.have()
		if len(got) != 1 || got[0].from != "<portal@licences.example>" || got[0].to != "<a@example.kz>" {
			t.Fatalf("%q: %+v", security, got)
		}
		message, err := mail.ReadMessage(strings.NewReader(got[0].text))
		if err != nil {
			t.Fatal(err)
		}
		subject, err := new(mime.WordDecoder).DecodeHeader(message.Header.Get("Subject"))
		if err != nil || subject != letterTo("").Subject {
			t.Errorf("subject %q %v", subject, err)
		}
		text, err := io.ReadAll(base64.NewDecoder(base64.StdEncoding, message.Body))
		if err != nil || string(text) != letterTo("").Text {
			t.Errorf("text %q %v", text, err)
		}
		for name, want := range map[string]string{"From": "<portal@licences.example>", "To": "<a@example.kz>", "Message-Id": "<notice-7.1774587900000000@licences.example>", "Auto-Submitted": "auto-generated"} {
			if message.Header.Get(name) != want {
				t.Errorf("%s: %q", name, message.Header.Get(name))
			}
		}
		for line := range strings.SplitSeq(got[0].text, "\n") {
			if len(line) > 100 || strings.IndexFunc(line, func(r rune) bool { return r > '~' }) >= 0 {
				t.Errorf("line %q", line)
			}
		}
	}
}

// Without TLS neither letter nor password leaves the machine; a certificate of somebody else is no TLS.
func TestNothingIsSaidInTheOpen(t *testing.T) {
	stripped := startMailServer(t, "") // STARTTLS was taken out of its answer on the way
	stripped.login("portal s3cret")
	m := mailer(stripped)
	m.Security = outbox.StartTLS
	if err := send(t, m, letterTo("a@example.kz")); err == nil {
		t.Error("sent without TLS")
	}
	for _, security := range []string{"tls", "starttls"} {
		s := startMailServer(t, security)
		s.login("portal s3cret")
		stranger := mailer(s)
		_, stranger.TLS.RootCAs = certificateOf(t, "127.0.0.1")
		if err := send(t, stranger, letterTo("a@example.kz")); err == nil {
			t.Errorf("%s: sent to a server that nobody vouches for", security)
		}
		if s.heard("AUTH") || s.heard("RCPT") || len(s.have()) > 0 {
			t.Errorf("%s: it heard %q", security, s.lines)
		}
	}
	if stripped.heard("AUTH") || stripped.heard("RCPT") {
		t.Errorf("in the open: %q", stripped.lines)
	}
	elsewhere := outbox.SMTP{Addr: "192.0.2.1:25", Security: outbox.Loopback, From: "a@b.kz", Domain: "b.kz"}
	if err := send(t, elsewhere, letterTo("a@example.kz")); err == nil || !strings.Contains(err.Error(), "TLS") {
		t.Errorf("to another machine: %v", err)
	}
}

// What a person typed as an address adds neither a receiver nor a header nor a command.
func TestAddressesInjectNothing(t *testing.T) {
	s := startMailServer(t, "")
	for _, to := range []string{"a@example.kz\r\nBcc: b@example.kz", "a@example.kz>\r\nRCPT TO:<b@example.kz", "a@example.kz\n", "a@example.kz, b@example.kz", "A <a@example.kz>", "", "a@", "a@exa mple.kz",
		"a@example.kz\x00"} {
		if err := send(t, mailer(s), letterTo(to)); err == nil {
			t.Errorf("sent to %q", to)
		} else if strings.Contains(err.Error(), "example") {
			t.Errorf("the error names the address: %v", err)
		}
	}
	if s.heard("b@example.kz") || len(s.have()) > 0 {
		t.Errorf("it heard %q", s.lines)
	}
	hostile := letterTo("a@example.kz")
	hostile.Subject = "x\r\nBcc: b@example.kz\r\n\r\ntext"
	if err := send(t, mailer(s), hostile); err != nil {
		t.Fatal(err)
	}
	message, err := mail.ReadMessage(strings.NewReader(s.have()[0].text))
	if err != nil || message.Header.Get("Bcc") != "" {
		t.Errorf("%v %v", message, err)
	}
}

func TestAddressesInOtherLetters(t *testing.T) {
	s := startMailServer(t, "")
	if err := send(t, mailer(s), letterTo("a@мысал.қаз")); err != nil || s.have()[0].to != "<a@xn--80awbu3c.xn--80ao21a>" {
		t.Errorf("%v %+v", err, s.have())
	}
	if err := send(t, mailer(s), letterTo("иван@example.kz")); err == nil || len(s.have()) != 1 {
		t.Errorf("given to a server that cannot carry it: %v", err)
	}
	s.takesUTF8()
	if err := send(t, mailer(s), letterTo("иван@example.kz")); err != nil || s.have()[1].to != "<иван@example.kz>" {
		t.Errorf("%v %+v", err, s.have())
	}
}

// Servers quote the address in what they answer: it must not get into logs or into the outbox.
func TestRefusalsNameNobody(t *testing.T) {
	words := " <a@example.kz>: no 850101300123"
	for command, answer := range map[string]string{"greeting": "554 5.3.2", "STARTTLS": "454 4.7.0", "MAIL": "452 4.3.1", "RCPT": "450 4.2.0", "DATA": "451 4.3.0", "letter": "554 5.7.1"} {
		s := startMailServer(t, "starttls")
		s.answer(command, answer+words)
		err := send(t, mailer(s), letterTo("a@example.kz"))
		if err == nil {
			t.Errorf("%s: sent", command)
		} else if !strings.Contains(err.Error(), answer) || strings.Contains(err.Error(), "example") || strings.Contains(err.Error(), "850101300123") {
			t.Errorf("%s: %v", command, err)
		}
	}
	s := startMailServer(t, "tls")
	s.login("portal s3cret")
	m := mailer(s)
	m.Password = "wr0ng"
	if err := send(t, m, letterTo("a@example.kz")); err == nil || strings.Contains(err.Error(), "wr0ng") || !strings.Contains(err.Error(), "535 5.7.8") {
		t.Errorf("wrong password: %v", err)
	}
	s = startMailServer(t, "")
	s.answer("greeting", "a@example.kz")
	if err := send(t, mailer(s), letterTo("a@example.kz")); err == nil || strings.Contains(err.Error(), "example") {
		t.Errorf("not SMTP: %v", err)
	}
}

func TestASilentServerIsGivenUpInTime(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0") // takes connections and says nothing
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	m := outbox.SMTP{Addr: l.Addr().String(), Security: outbox.Loopback, From: "a@b.kz", Domain: "b.kz"}
	for patience := 200 * time.Millisecond; ; patience *= 4 {
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		err := m.Send(ctx, letterTo("a@example.kz"))
		cancel()
		if err == nil || patience > time.Minute {
			t.Fatalf("got %v", err)
		}
		if strings.Contains(err.Error(), "silent") {
			return
		}
		if !errors.Is(err, os.ErrDeadlineExceeded) && !errors.Is(err, context.DeadlineExceeded) { // too little time to reach it, on a slow machine
			t.Fatalf("got %v", err)
		}
	}
}

func TestParseSMTP(t *testing.T) {
	for address, want := range map[string]outbox.SMTP{
		"smtps://portal:s3cret%40@mail.example":    {Addr: "mail.example:465", Security: outbox.ImplicitTLS, User: "portal", Password: "s3cret@"},
		"smtp://portal:s3cret@mail.example:2525":   {Addr: "mail.example:2525", Security: outbox.StartTLS, User: "portal", Password: "s3cret"},
		"smtp://mail.example":                      {Addr: "mail.example:587", Security: outbox.StartTLS},
		"smtp://localhost":                         {Addr: "localhost:25", Security: outbox.Loopback},
		"smtp://[::1]:2525":                        {Addr: "[::1]:2525", Security: outbox.Loopback},
		"smtps://portal:s3cret@localhost.evil.com": {Addr: "localhost.evil.com:465", Security: outbox.ImplicitTLS, User: "portal", Password: "s3cret"},
	} {
		got, err := outbox.ParseSMTP(address)
		if err != nil || got.Addr != want.Addr || got.Security != want.Security || got.User != want.User || got.Password != want.Password {
			t.Errorf("%s: %+v %v", address, got, err)
		}
	}
	for _, address := range []string{"", "mail.example", "http://s3cret@mail.example", "smtp://", "smtp://user@mail.example", "smtp://:s3cret@mail.example", "smtp://mail.example/s3cret", "smtps://mail.example?starttls=no",
		"smtp://user:s3cret@mail.example:port"} {
		if got, err := outbox.ParseSMTP(address); err == nil || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%s: %+v %v", address, got, err)
		}
	}
	for _, from := range []string{"", "a", "A <a@example.kz>", "иван@example.kz", "a@example.kz\r\nBcc: b@example.kz", "a@example.kz,b@example.kz"} {
		if _, err := outbox.Sender(from); err == nil {
			t.Errorf("sender %q", from)
		}
	}
}
