package egov

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"
)

var (
	stamp   = time.Unix(1795341600, 0)
	vectors = Key{ID: "k1", Secret: []byte("0123456789abcdef0123456789abcdef")}
)

// The expected values come from `openssl dgst -sha256 -hmac`, not from this code.
func TestSignatureAgreesWithOpenSSL(t *testing.T) {
	for _, c := range []struct{ subject, body, want string }{
		{SubjectNotice, `{"id":"n-1"}`, "f1214e22ea3176b2a3d2dbf20e74340b7d0f6f5148dd5b62163d592e8276101b"},
		{"POST /api/payments", `{"a":1}`, "f626f82639b0bbeb565c3d392fa8f0d6797659d4ceb7047ebd6d8d9f8aee8fdd"},
	} {
		header := http.Header{}
		Sign(header, vectors, stamp, c.subject, []byte(c.body))
		if got := header.Get(HeaderSignature); got != c.want {
			t.Errorf("%s: %s, want %s", c.subject, got, c.want)
		}
		if err := Verify(header, []Key{vectors}, stamp, c.subject, []byte(c.body)); err != nil {
			t.Error(err)
		}
	}
}

func TestWindowEndsWhereItSays(t *testing.T) {
	header := http.Header{}
	Sign(header, vectors, stamp, SubjectNotice, nil)
	for _, c := range []struct {
		now  time.Time
		want error
	}{
		{stamp.Add(Window), nil},
		{stamp.Add(-Window), nil},
		{stamp.Add(Window + time.Nanosecond), ErrStale},
		{stamp.Add(-Window - time.Nanosecond), ErrStale},
		{stamp.Add(24 * time.Hour), ErrStale},
	} {
		if err := Verify(header, []Key{vectors}, c.now, SubjectNotice, nil); !errors.Is(err, c.want) {
			t.Errorf("%s after: %v, want %v", c.now.Sub(stamp), err, c.want)
		}
	}
}

// A signature serves for one subject: a request cannot be passed off as another one or
// as a notice.
func TestSignatureIsBoundToItsSubject(t *testing.T) {
	header := http.Header{}
	Sign(header, vectors, stamp, "POST /api/payments/a/void", nil)
	for _, subject := range []string{SubjectNotice, "POST /api/payments/b/void", "GET /api/payments/a/void", ""} {
		if err := Verify(header, []Key{vectors}, stamp, subject, nil); !errors.Is(err, ErrSignature) {
			t.Errorf("%q: %v", subject, err)
		}
	}
}

func TestWeakKeysAreRefused(t *testing.T) {
	short := Key{ID: "k", Secret: make([]byte, minSecret-1)}
	for name, keys := range map[string][]Key{
		"none": nil, "short": {short}, "nameless": {{Secret: vectors.Secret}},
		"odd name": {{ID: "a b", Secret: vectors.Secret}}, "long name": {{ID: strings.Repeat("a", 51), Secret: vectors.Secret}},
		"same name": {vectors, vectors},
	} {
		if err := CheckKeys(keys...); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}

func FuzzVerify(f *testing.F) {
	header := http.Header{}
	Sign(header, vectors, stamp, SubjectNotice, []byte("{}"))
	f.Add(header.Get(HeaderTimestamp), header.Get(HeaderSignature)+"0", []byte("{}"))
	f.Add("", "", []byte(nil))
	f.Fuzz(func(t *testing.T, timestamp, signature string, body []byte) {
		forged := http.Header{HeaderKey: {"k1"}, HeaderTimestamp: {timestamp}, HeaderSignature: {signature}}
		same := timestamp == header.Get(HeaderTimestamp) && string(body) == "{}" &&
			strings.EqualFold(signature, header.Get(HeaderSignature))
		if err := Verify(forged, []Key{vectors}, stamp, SubjectNotice, body); err == nil && !same {
			t.Fatalf("believed %q %q %q", timestamp, signature, body)
		}
	})
}
