package outbox

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"net/smtp"
	"net/textproto"
	"net/url"
	"regexp"
	"strings"
	"time"

	"golang.org/x/net/idna"
)

// SMTP sends letters through a mail server (RFC 5321), over TLS unless the server is on this machine. A letter has the same Message-ID
// however often it is sent: a crash between sending and marking makes a second copy that the receiver can tell from a second letter (I30).
//
// Its errors hold the server's codes, never its words, which like to quote the address.
type SMTP struct {
	Addr     string // host:port
	Security Security
	User     string // "": the server asks for none
	Password string
	From     string // bare address of the sender
	Domain   string // right part of the Message-IDs, the portal's host: ids of two portals differ
	TLS      *tls.Config
}

// MailLease is the lease of a worker that sends by SMTP: each letter has half a minute, for servers that let strangers wait.
const MailLease = 2 * batch * 30 * time.Second

// Security is how the connection is protected.
type Security string

const (
	ImplicitTLS Security = "tls"      // from the first byte (RFC 8314 §3)
	StartTLS    Security = "starttls" // demanded, never done without (RFC 3207)
	Loopback    Security = "loopback" // none; only to this machine
)

// ParseSMTP reads smtps://user:password@host:465 (TLS) or smtp://user:password@host:587 (STARTTLS; without it on the machine itself). The
// error never holds the value.
func ParseSMTP(address string) (SMTP, error) {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
		return SMTP{}, errors.New("is not smtp(s)://user:password@host:port")
	}
	s := SMTP{User: u.User.Username()}
	s.Password, _ = u.User.Password()
	port := u.Port()
	switch {
	case u.Scheme == "smtps":
		s.Security, port = ImplicitTLS, orElse(port, "465")
	case u.Scheme == "smtp" && onThisMachine(u.Hostname()):
		s.Security, port = Loopback, orElse(port, "25")
	case u.Scheme == "smtp":
		s.Security, port = StartTLS, orElse(port, "587")
	default:
		return SMTP{}, errors.New("does not begin with smtp:// or smtps://")
	}
	if (s.User == "") != (s.Password == "") {
		return SMTP{}, errors.New("names a user without a password, or the other way round")
	}
	s.Addr = net.JoinHostPort(u.Hostname(), port)
	return s, nil
}

func onThisMachine(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// Sender reads the address that letters come from.
func Sender(typed string) (string, error) {
	from, ok := address(typed)
	if !ok || !isASCII(from) {
		return "", errors.New("is not a bare address of Latin letters")
	}
	return from, nil
}

// Send implements Mailer. It ends when ctx does.
func (s SMTP) Send(ctx context.Context, m Mail) error {
	to, err := wireAddress(m.To)
	if err != nil {
		return Hopeless(err)
	}
	client, err := s.connect(ctx)
	if err != nil {
		return err
	}
	defer client.Close() // a connection that is left without QUIT harms nobody
	if utf8Mail, _ := client.Extension("SMTPUTF8"); !utf8Mail && !isASCII(to) {
		return Hopeless(errors.New("outbox: the mail server takes no addresses with letters other than Latin (RFC 6531)"))
	}
	if err := client.Mail(s.From); err != nil {
		return refused("MAIL", err)
	}
	if err := client.Rcpt(to); err != nil {
		return refusedReceiver(err)
	}
	body, err := client.Data()
	if err != nil {
		return refused("DATA", err)
	}
	m.To = to
	if _, err := body.Write(m.message(s.From, s.Domain)); err != nil {
		return refused("DATA", err)
	}
	// From here on the letter is on its way: whatever follows, it has been taken.
	if err := body.Close(); err != nil {
		return refused("DATA", err)
	}
	_ = client.Quit()
	return nil
}

// connect gets as far as a session in which letters may be given.
func (s SMTP) connect(ctx context.Context) (*smtp.Client, error) {
	host, _, err := net.SplitHostPort(s.Addr)
	if err != nil {
		return nil, fmt.Errorf("outbox: address of the mail server: %w", err)
	}
	if s.Security == Loopback && !onThisMachine(host) {
		return nil, errors.New("outbox: letters are not given to another machine without TLS")
	}
	dialer := net.Dialer{}
	conn, err := dialer.DialContext(ctx, "tcp", s.Addr)
	if err != nil {
		return nil, fmt.Errorf("outbox: reach the mail server: %w", err)
	}
	if deadline, ok := ctx.Deadline(); ok {
		err = conn.SetDeadline(deadline)
	}
	if err == nil && s.Security == ImplicitTLS {
		secured := tls.Client(conn, s.tls(host))
		conn, err = secured, secured.HandshakeContext(ctx)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("outbox: secure the way to the mail server: %w", err), conn.Close())
	}
	client, err := smtp.NewClient(conn, host)
	if err != nil {
		return nil, errors.Join(refused("greeting", err), conn.Close())
	}
	if err := s.open(client, host); err != nil {
		return nil, errors.Join(err, client.Close())
	}
	return client, nil
}

func (s SMTP) open(client *smtp.Client, host string) error {
	if err := client.Hello(s.Domain); err != nil {
		return refused("EHLO", err)
	}
	if s.Security == StartTLS {
		if err := client.StartTLS(s.tls(host)); err != nil {
			return refused("STARTTLS", err)
		}
	}
	if s.User == "" {
		return nil
	}
	if err := client.Auth(smtp.PlainAuth("", s.User, s.Password, host)); err != nil {
		return refused("AUTH", err)
	}
	return nil
}

func (s SMTP) tls(host string) *tls.Config {
	config := s.TLS.Clone()
	if config == nil {
		config = &tls.Config{}
	}
	config.ServerName, config.MinVersion = host, tls.VersionTLS12
	return config
}

// wireAddress writes the domain in Latin letters (RFC 5891): only the part before the @ may then need more of the server.
func wireAddress(bare string) (string, error) {
	if a, err := mail.ParseAddress(bare); err != nil || a.Name != "" {
		return "", errors.New("outbox: the receiver is not a bare address")
	}
	at := strings.LastIndexByte(bare, '@')
	domain, err := idna.Lookup.ToASCII(bare[at+1:])
	if err != nil {
		return "", errors.New("outbox: the receiver's domain is not one")
	}
	return bare[:at+1] + domain, nil
}

func isASCII(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r > '~' || r < ' ' }) < 0
}

// status is the enhanced code at the beginning of an answer (RFC 3463).
var status = regexp.MustCompile(`^[245]\.[0-9]{1,3}\.[0-9]{1,3}\b`)

// refused keeps of an answer what names nobody.
func refused(command string, err error) error {
	var answer *textproto.Error
	if errors.As(err, &answer) {
		return fmt.Errorf("outbox: the mail server refuses %s: %s", command, strings.TrimSpace(fmt.Sprintf("%d %s", answer.Code, status.FindString(answer.Msg))))
	}
	var network net.Error
	if errors.As(err, &network) && network.Timeout() {
		return fmt.Errorf("outbox: the mail server is silent after %s", command)
	}
	var garbled textproto.ProtocolError
	if errors.As(err, &garbled) {
		return fmt.Errorf("outbox: the mail server does not answer %s in SMTP", command)
	}
	return fmt.Errorf("outbox: the mail server breaks off after %s: %w", command, err)
}

// refusedReceiver gives up at once when the server knows that there is no such mailbox (RFC 3463 §3.2, §3.3); any other refusal may be a
// mistake of a mail server that somebody mends tomorrow.
func refusedReceiver(err error) error {
	var answer *textproto.Error
	if errors.As(err, &answer) {
		if code := status.FindString(answer.Msg); strings.HasPrefix(code, "5.1.") || code == "5.2.1" {
			return Hopeless(refused("RCPT", err))
		}
	}
	return refused("RCPT", err)
}
