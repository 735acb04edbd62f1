package egov

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// Every message between the portal and the gateway, in both directions, carries these
// headers. The signature is the hexadecimal HMAC-SHA256 of
//
//	timestamp LF subject LF raw body
//
// where the time stamp is in Unix seconds, as in the header, and the subject is "notice"
// for a notice and "METHOD request-target" for a request, so that one signature serves
// for one thing only. What is signed are the bytes on the wire, never a re-reading.
const (
	HeaderKey       = "Gateway-Key"
	HeaderTimestamp = "Gateway-Timestamp"
	HeaderSignature = "Gateway-Signature"
)

// SubjectNotice is the subject of a notice.
const SubjectNotice = "notice"

// Window is how far a time stamp may be from the receiver's clock, either way.
const Window = 5 * time.Minute

// What Verify finds wrong.
var (
	ErrSignature = errors.New("egov: not signed with a key that we know")
	ErrStale     = errors.New("egov: the time stamp is outside the window")
)

// minSecret is the least length of a key in bytes: that of the hash (RFC 2104 §3).
const minSecret = 32

// Key is a secret that both sides hold. The ID travels with each signature, so that two
// keys may be in force while one replaces the other.
type Key struct {
	ID     string
	Secret []byte
}

// NewKey makes a random key.
func NewKey(id string) (Key, error) {
	secret := make([]byte, minSecret)
	if _, err := rand.Read(secret); err != nil {
		return Key{}, fmt.Errorf("egov: make a key: %w", err)
	}
	return Key{ID: id, Secret: secret}, nil
}

// CheckKeys refuses keys that are weak, nameless or of one name.
func CheckKeys(keys ...Key) error {
	if len(keys) == 0 {
		return errors.New("egov: no key")
	}
	seen := map[string]bool{}
	for _, key := range keys {
		switch {
		case !word(key.ID, 50):
			return errors.New("egov: the id of a key must be 1 to 50 letters, digits, '-', '_', '.'")
		case seen[key.ID]:
			return fmt.Errorf("egov: two keys are named %q", key.ID)
		case len(key.Secret) < minSecret:
			return fmt.Errorf("egov: key %q is shorter than %d bytes", key.ID, minSecret)
		}
		seen[key.ID] = true
	}
	return nil
}

// Sign writes the three headers for a message sent at a moment.
func Sign(header http.Header, key Key, at time.Time, subject string, body []byte) {
	timestamp := strconv.FormatInt(at.Unix(), 10)
	header.Set(HeaderKey, key.ID)
	header.Set(HeaderTimestamp, timestamp)
	header.Set(HeaderSignature, hex.EncodeToString(mac(key, timestamp, subject, body)))
}

// Verify proves that a holder of one of the keys sent the body for the subject near now:
// ErrSignature or ErrStale if not. The window is told only of an authentic message, so
// that a forger learns nothing of our clock.
func Verify(header http.Header, keys []Key, now time.Time, subject string, body []byte) error {
	id, timestamp, signature := one(header, HeaderKey), one(header, HeaderTimestamp), one(header, HeaderSignature)
	sent, err := hex.DecodeString(signature)
	if err != nil || len(sent) != sha256.Size {
		return ErrSignature
	}
	authentic := false
	for _, key := range keys {
		if key.ID == id && subtle.ConstantTimeCompare(sent, mac(key, timestamp, subject, body)) == 1 {
			authentic = true
		}
	}
	if !authentic {
		return ErrSignature
	}
	seconds, err := strconv.ParseInt(timestamp, 10, 64)
	if err != nil {
		return ErrStale
	}
	if age := now.Sub(time.Unix(seconds, 0)); age > Window || age < -Window {
		return ErrStale
	}
	return nil
}

func mac(key Key, timestamp, subject string, body []byte) []byte {
	h := hmac.New(sha256.New, key.Secret)
	h.Write([]byte(timestamp + "\n" + subject + "\n"))
	h.Write(body)
	return h.Sum(nil)
}

// one gives a header that stands there exactly once.
func one(header http.Header, name string) string {
	if values := header.Values(name); len(values) == 1 {
		return values[0]
	}
	return ""
}

// word reports whether s is an identifier that is safe in a path, a header and a log.
func word(s string, most int) bool {
	if s == "" || len(s) > most {
		return false
	}
	for _, r := range s {
		ok := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_' || r == '.'
		if !ok {
			return false
		}
	}
	return true
}
