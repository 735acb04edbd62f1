package outbox_test

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"io"
	"math/big"
	"net"
	"net/textproto"
	"strings"
	"sync"
	"testing"
	"time"
)

// mailServer is a mail server on a socket, strict in what it takes (RFC 5321), with what a test wants it to do wrong.
type mailServer struct {
	t        *testing.T
	addr     string
	security string // "", "tls", "starttls"
	config   *tls.Config
	roots    *x509.CertPool

	mu      sync.Mutex
	manner  manner
	letters []delivered
	lines   []string // every command of every session
}

// manner is what the server does; a test may change it while sessions run.
type manner struct {
	user    string // "user password"; "" asks for nothing
	utf8    bool
	answers map[string]string // by command: an answer in place of the good one
	taken   func()            // before the answer to a letter that has come whole
}

func (s *mailServer) is() manner {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.manner
}

// login makes the server ask for "user password".
func (s *mailServer) login(user string) *mailServer {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.manner.user = user
	return s
}

// answer makes it answer a command so, and everything else well; "" is well again.
func (s *mailServer) answer(command, line string) *mailServer {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.manner.answers = map[string]string{command: line}
	return s
}

// takesUTF8 makes it carry addresses in every letter.
func (s *mailServer) takesUTF8() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.manner.utf8 = true
}

// whenTaken does something between the end of a letter and the answer to it.
func (s *mailServer) whenTaken(do func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.manner.taken = do
}

type delivered struct{ from, to, text string }

func startMailServer(t *testing.T, security string) *mailServer {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &mailServer{t: t, addr: l.Addr().String(), security: security}
	s.config, s.roots = certificateOf(t, "127.0.0.1")
	var sessions sync.WaitGroup
	sessions.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			sessions.Go(func() {
				defer conn.Close()
				_ = conn.SetDeadline(time.Now().Add(30 * time.Second))
				if security == "tls" {
					conn = tls.Server(conn, s.config)
				}
				s.session(conn)
			})
		}
	})
	t.Cleanup(func() {
		l.Close()
		sessions.Wait()
	})
	return s
}

func certificateOf(t *testing.T, ip string) (*tls.Config, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "mail"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.ParseIP(ip)}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	made, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(made)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}, roots
}

// session speaks with one client until it leaves.
func (s *mailServer) session(conn net.Conn) {
	in := bufio.NewReader(conn)
	say := func(line string) { _, _ = io.WriteString(conn, line+"\r\n") }
	_, secured := conn.(*tls.Conn)
	greeted, known := false, s.is().user == ""
	var from, to string
	say(s.or("greeting", "220 mail.test ESMTP"))
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		line = strings.TrimSuffix(line, "\r\n")
		s.mu.Lock()
		s.lines = append(s.lines, line)
		s.mu.Unlock()
		verb, rest, _ := strings.Cut(line, " ")
		switch {
		case verb == "EHLO":
			greeted = true
			say("250-mail.test")
			if s.security == "starttls" && !secured {
				say("250-STARTTLS")
			}
			if s.is().utf8 {
				say("250-SMTPUTF8")
			}
			if s.is().user != "" {
				say("250-AUTH PLAIN")
			}
			say("250 8BITMIME")
		case verb == "STARTTLS" && s.security == "starttls" && !secured:
			say(s.or("STARTTLS", "220 go on"))
			upgraded := tls.Server(conn, s.config)
			conn, in, secured, greeted = upgraded, bufio.NewReader(upgraded), true, false
		case verb == "AUTH" && greeted:
			raw, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(rest, "PLAIN "))
			if err != nil || strings.ReplaceAll(strings.TrimPrefix(string(raw), "\x00"), "\x00", " ") != s.is().user {
				say("535 5.7.8 who is " + string(raw))
				continue
			}
			known = true
			say("235 good")
		case verb == "MAIL" && greeted && known:
			from = strings.Fields(strings.TrimPrefix(rest, "FROM:"))[0]
			say(s.or("MAIL", "250 good"))
		case verb == "RCPT" && from != "":
			to = strings.Fields(strings.TrimPrefix(rest, "TO:"))[0]
			say(s.or("RCPT", "250 good"))
		case verb == "DATA" && to != "":
			say(s.or("DATA", "354 go on"))
			if s.is().answers["DATA"] != "" {
				continue
			}
			raw, err := textproto.NewReader(in).ReadDotBytes()
			if err != nil {
				return // broken off: not taken
			}
			s.mu.Lock()
			s.letters = append(s.letters, delivered{from, to, string(raw)})
			s.mu.Unlock()
			if taken := s.is().taken; taken != nil {
				taken()
			}
			say(s.or("letter", "250 2.0.0 taken"))
		case verb == "QUIT":
			say("221 bye")
			return
		default:
			say("503 5.5.1 not now: " + line)
		}
	}
}

func (s *mailServer) or(command, good string) string {
	if bad := s.is().answers[command]; bad != "" {
		return bad
	}
	return good
}

func (s *mailServer) have() []delivered {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]delivered(nil), s.letters...)
}

func (s *mailServer) heard(text string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Contains(strings.Join(s.lines, "\n"), text)
}
