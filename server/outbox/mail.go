package outbox

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"net/mail"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Mail is one letter. ID is the same however often it is sent, so that a receiver can drop the second copy (I30).
type Mail struct {
	ID      string
	To      string // a bare address
	At      time.Time
	Subject string
	Text    string // UTF-8
}

// Mailer sends letters.
type Mailer interface {
	Send(ctx context.Context, m Mail) error
}

// Folder is a mailer that keeps the letters as .eml files in a private folder instead of sending them. A letter sent twice is kept once.
type Folder string

// Send implements Mailer.
func (f Folder) Send(_ context.Context, m Mail) error {
	if err := os.MkdirAll(string(f), 0o700); err != nil {
		return fmt.Errorf("outbox: mail folder: %w", err)
	}
	part, err := os.CreateTemp(string(f), ".part-*")
	if err != nil {
		return fmt.Errorf("outbox: keep mail: %w", err)
	}
	_, err = part.Write(m.message("", "elicensing"))
	err = errors.Join(err, part.Sync(), part.Close())
	if err == nil {
		err = os.Rename(part.Name(), filepath.Join(string(f), m.ID+".eml"))
	}
	if err != nil {
		return errors.Join(fmt.Errorf("outbox: keep mail: %w", err), os.Remove(part.Name()))
	}
	return nil
}

// message is the letter as RFC 5322 wants it, always the same bytes for the same letter. The body is base64: lines of any length and every
// letter come through. Without a sender it is only kept.
func (m Mail) message(from, domain string) []byte {
	var b bytes.Buffer
	header := func(name, value string) { b.WriteString(name + ": " + value + "\r\n") }
	// The moment tells a letter from one that had the same number in a database since made anew.
	header("Message-ID", fmt.Sprintf("<%s.%d@%s>", m.ID, m.At.UnixMicro(), domain))
	header("Date", m.At.Format(time.RFC1123Z))
	if from != "" {
		header("From", (&mail.Address{Address: from}).String())
	}
	header("To", (&mail.Address{Address: m.To}).String())
	header("Subject", strings.ReplaceAll(mime.BEncoding.Encode("utf-8", m.Subject), "?= =?", "?=\r\n =?")) // folded between encoded words (RFC 2047 §2)
	header("Auto-Submitted", "auto-generated")                                                             // RFC 3834 §5: nobody's machine shall answer it
	header("MIME-Version", "1.0")
	header("Content-Type", "text/plain; charset=utf-8")
	header("Content-Transfer-Encoding", "base64")
	b.WriteString("\r\n")
	const width = 76 // RFC 2045 §6.8
	for line := range slices.Chunk([]byte(base64.StdEncoding.EncodeToString([]byte(m.Text))), width) {
		b.Write(line)
		b.WriteString("\r\n")
	}
	return b.Bytes()
}

// Latest reads the newest letters of the folder, at most n. A folder that is not there yet holds none.
func (f Folder) Latest(n int) ([]Mail, error) {
	entries, err := os.ReadDir(string(f))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("outbox: mail folder: %w", err)
	}
	var kept []Mail
	for _, e := range entries {
		id, isMail := strings.CutSuffix(e.Name(), ".eml")
		if !isMail {
			continue
		}
		m, err := readMail(filepath.Join(string(f), e.Name()))
		if err != nil {
			return nil, fmt.Errorf("outbox: read mail %s: %w", id, err)
		}
		m.ID = id
		kept = append(kept, m)
	}
	slices.SortFunc(kept, func(a, b Mail) int {
		if c := b.At.Compare(a.At); c != 0 {
			return c
		}
		return strings.Compare(b.ID, a.ID)
	})
	return kept[:min(n, len(kept))], nil
}

func readMail(path string) (Mail, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return Mail{}, err
	}
	message, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return Mail{}, err
	}
	at, err := message.Header.Date()
	if err != nil {
		return Mail{}, err
	}
	to, err := mail.ParseAddress(message.Header.Get("To"))
	if err != nil {
		return Mail{}, err
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(message.Header.Get("Subject"))
	if err != nil {
		return Mail{}, err
	}
	text, err := io.ReadAll(base64.NewDecoder(base64.StdEncoding, message.Body))
	if err != nil {
		return Mail{}, err
	}
	return Mail{To: to.Address, At: at, Subject: subject, Text: string(text)}, nil
}
