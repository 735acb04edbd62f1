package ocsp_test

import (
	"bytes"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"testing"
	"time"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"elicensing/signing/certificate"
	"elicensing/signing/ocsp"
)

// Who may answer for an issuer (RFC 6960 §4.2.2.2): the issuer, or whom it authorised itself. Each case
// spoils one thing in an otherwise good answer.
func TestWhoMayAnswer(t *testing.T) {
	w := newWorld(t)
	other := authority(t, "Authority", "two") // the same name, another key
	below := w.ca.issue(t, 9, "Below", func(c *x509.Certificate) {
		c.IsCA, c.BasicConstraintsValid, c.KeyUsage = true, true, x509.KeyUsageCertSign
	})
	alias := authority(t, "Alias", "one") // another name, the same key
	spoilt := func(change func(*x509.Certificate)) pair {
		return w.ca.issue(t, 10, "Responder", func(c *x509.Certificate) { forOCSP(c); change(c) })
	}
	notExempt := spoilt(func(c *x509.Certificate) { c.ExtraExtensions = nil })
	asked := 0
	notRevoked := func(*certificate.Certificate) error { asked++; return nil }
	revoked := func(*certificate.Certificate) error { return errors.New("revoked") }
	for name, tc := range map[string]struct {
		by       pair
		delegate func(*certificate.Certificate) error
		ok       bool
	}{
		"good twin: a delegate":                 {w.responder, nil, true},
		"good twin: the issuer":                 {w.ca, nil, true},
		"the same name, another key":            {other, nil, false},
		"a delegate of that other":              {other.issue(t, 8, "Responder", forOCSP), nil, false},
		"a delegate of another name of the key": {alias.issue(t, 8, "Responder", forOCSP), nil, false},
		"a delegate of an authority below":      {below.issue(t, 8, "Responder", forOCSP), nil, false},
		"a person of the authority":             {w.ca.issue(t, 11, "Another", nil), nil, false},
		"for any use":                           {spoilt(func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageAny} }), nil, false},
		"for time stamps":                       {spoilt(func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageTimeStamping} }), nil, false},
		"a key for encryption":                  {spoilt(func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageKeyEncipherment }), nil, false},
		"expired":                               {spoilt(func(c *x509.Certificate) { c.NotAfter = t0.Add(-time.Hour) }), nil, false},
		"not yet valid":                         {spoilt(func(c *x509.Certificate) { c.NotBefore = t0.Add(time.Hour) }), nil, false},
		"an unknown critical extension": {spoilt(func(c *x509.Certificate) {
			c.ExtraExtensions = append(c.ExtraExtensions, pkix.Extension{Id: asn1.ObjectIdentifier{1, 2, 3}, Critical: true, Value: []byte{5, 0}})
		}), nil, false},
		"exempted critically":         {spoilt(func(c *x509.Certificate) { c.ExtraExtensions[0].Critical = true }), nil, true},
		"exempted by an empty value":  {spoilt(func(c *x509.Certificate) { c.ExtraExtensions[0].Value = nil }), nil, true},
		"not exempted, nobody to ask": {notExempt, nil, false},
		"not exempted, revoked":       {notExempt, revoked, false},
		"not exempted, good":          {notExempt, notRevoked, true},
	} {
		r := w.answer(t)
		r.Responder = tc.by.certificate
		q := w.question()
		q.Delegate = tc.delegate
		answer, err := ocsp.Verify(create(t, r, tc.by.key), q)
		if tc.ok != (err == nil && answer.Status == ocsp.Good) {
			t.Errorf("%s: %q %v", name, answer.Status, err)
		}
		if !tc.ok && (!errors.Is(err, ocsp.ErrResponder) || !errors.Is(err, ocsp.ErrResponse)) {
			t.Errorf("%s: for another reason: %v", name, err)
		}
		if tc.ok && (answer.Responder == nil) != (name == "good twin: the issuer") {
			t.Errorf("%s: responder of the answer", name)
		}
	}
	if asked != 1 {
		t.Errorf("revocation of a responder was asked %d times", asked)
	}
	signedByAnother := create(t, w.answer(t), w.person.key)
	if _, err := ocsp.Verify(signedByAnother, w.question()); !errors.Is(err, ocsp.ErrSignature) {
		t.Errorf("another key: %v", err)
	}
}

// What an answer must say, for which question, and when.
func TestWhatAnAnswerMustSay(t *testing.T) {
	w := newWorld(t)
	another := w.ca.issue(t, 12, "Another", nil)
	elsewhere := authority(t, "Elsewhere", "three")
	expired := func(q *ocsp.Question) { q.NotAfter = t0.Add(-time.Hour) }
	entry := func(change func(*ocsp.Entry)) func(*ocsp.Response) {
		return func(r *ocsp.Response) { change(&r.Entries[0]) }
	}
	also := func(status ocsp.Status) func(*ocsp.Response) {
		return func(r *ocsp.Response) {
			second := r.Entries[0]
			second.Status, second.RevokedAt = status, t0
			r.Entries = append(r.Entries, second)
		}
	}
	for name, tc := range map[string]struct {
		answer   func(*ocsp.Response)
		question func(*ocsp.Question)
		want     ocsp.Status
		err      error
	}{
		"good twin":                      {},
		"without nextUpdate":             {answer: entry(func(e *ocsp.Entry) { e.NextUpdate = time.Time{} })},
		"no nonce was sent":              {question: func(q *ocsp.Question) { q.Nonce = nil }},
		"within the skew":                {answer: entry(func(e *ocsp.Entry) { e.ThisUpdate, e.NextUpdate = t0.Add(4*time.Minute), time.Time{} })},
		"expired, remembered":            {answer: entry(func(e *ocsp.Entry) { e.ArchiveCutoff = t0.AddDate(-2, 0, 0) }), question: expired},
		"revoked":                        {answer: entry(func(e *ocsp.Entry) { e.Status, e.RevokedAt = ocsp.Revoked, t0 }), want: ocsp.Revoked},
		"revoked, expired":               {answer: entry(func(e *ocsp.Entry) { e.Status, e.RevokedAt = ocsp.Revoked, t0 }), question: expired, want: ocsp.Revoked},
		"unknown":                        {answer: entry(func(e *ocsp.Entry) { e.Status = ocsp.Unknown }), want: ocsp.Unknown},
		"good and revoked":               {answer: also(ocsp.Revoked), want: ocsp.Revoked},
		"good and unknown":               {answer: also(ocsp.Unknown), want: ocsp.Unknown},
		"another certificate":            {answer: entry(func(e *ocsp.Entry) { e.ID = idOf(t, ocsp.TargetOf(another.certificate, w.ca.certificate)) }), err: ocsp.ErrOtherCertificate},
		"another issuer":                 {answer: entry(func(e *ocsp.Entry) { e.ID = idOf(t, ocsp.TargetOf(w.person.certificate, elsewhere.certificate)) }), err: ocsp.ErrOtherCertificate},
		"another key of the issuer":      {answer: entry(func(e *ocsp.Entry) { e.ID.IssuerKeyHash = bytes.Repeat([]byte{1}, 32) }), err: ocsp.ErrOtherCertificate},
		"an unknown hash":                {answer: entry(func(e *ocsp.Entry) { e.ID.HashAlgorithm.OID = asn1.ObjectIdentifier{1, 2, 3} }), err: ocsp.ErrOtherCertificate},
		"nothing":                        {answer: func(r *ocsp.Response) { r.Entries = nil }, err: ocsp.ErrOtherCertificate},
		"another nonce":                  {answer: func(r *ocsp.Response) { r.Nonce = []byte("fedcba9876543210") }, err: ocsp.ErrNonce},
		"an empty nonce":                 {answer: func(r *ocsp.Response) { r.Nonce = []byte{} }, err: ocsp.ErrNonce},
		"no nonce":                       {answer: func(r *ocsp.Response) { r.Nonce = nil }, err: ocsp.ErrNonce},
		"past its nextUpdate":            {answer: entry(func(e *ocsp.Entry) { e.ThisUpdate, e.NextUpdate = t0.Add(-20*time.Minute), t0.Add(-10*time.Minute) }), err: ocsp.ErrNotFresh},
		"too old without nextUpdate":     {answer: entry(func(e *ocsp.Entry) { e.ThisUpdate, e.NextUpdate = t0.Add(-2*time.Hour), time.Time{} }), err: ocsp.ErrNotFresh},
		"too old with a late nextUpdate": {answer: entry(func(e *ocsp.Entry) { e.ThisUpdate, e.NextUpdate = t0.Add(-2*time.Hour), t0.AddDate(1, 0, 0) }), err: ocsp.ErrNotFresh},
		"from the future":                {answer: entry(func(e *ocsp.Entry) { e.ThisUpdate, e.NextUpdate = t0.Add(time.Hour), time.Time{} }), err: ocsp.ErrNotFresh},
		"ends before it begins":          {answer: entry(func(e *ocsp.Entry) { e.NextUpdate = e.ThisUpdate.Add(-time.Minute) }), err: ocsp.ErrNotFresh},
		"produced in the future":         {answer: func(r *ocsp.Response) { r.ProducedAt = t0.Add(time.Hour) }, err: ocsp.ErrProducedAt},
		"expired, forgotten":             {question: expired, err: ocsp.ErrProducedAt},
		"expired before the cutoff":      {answer: entry(func(e *ocsp.Entry) { e.ArchiveCutoff = t0.Add(-time.Minute) }), question: expired, err: ocsp.ErrProducedAt},
		"before the certificate began":   {question: func(q *ocsp.Question) { q.NotBefore = t0.Add(time.Hour) }, err: ocsp.ErrProducedAt},
	} {
		r, q := w.answer(t), w.question()
		if tc.answer != nil {
			tc.answer(&r)
		}
		if tc.question != nil {
			tc.question(&q)
		}
		if tc.want == "" && tc.err == nil {
			tc.want = ocsp.Good
		}
		answer, err := ocsp.Verify(create(t, r, w.responder.key), q)
		if answer.Status != tc.want || !errors.Is(err, tc.err) || (tc.err != nil && !errors.Is(err, ocsp.ErrResponse)) {
			t.Errorf("%s: %q %v", name, answer.Status, err)
		}
	}
}

func TestNeverIssuedIsRevoked(t *testing.T) {
	w := newWorld(t)
	r := w.answer(t)
	r.Entries[0].Status, r.Entries[0].RevokedAt, r.Entries[0].Reason = ocsp.Revoked, time.Unix(0, 0), 6
	answer, err := ocsp.Verify(create(t, r, w.responder.key), w.question())
	if err != nil || answer.Status != ocsp.Revoked || !answer.NeverIssued {
		t.Errorf("%+v %v", answer, err)
	}
	r.Entries[0].RevokedAt = t0
	if answer, err := ocsp.Verify(create(t, r, w.responder.key), w.question()); err != nil || answer.NeverIssued {
		t.Errorf("on hold: %+v %v", answer, err)
	}
}

// Two readers would take two different nonces.
func TestAnExtensionTwice(t *testing.T) {
	w := newWorld(t)
	question, err := ocsp.NewRequest(w.target(), nonce)
	if err != nil {
		t.Fatal(err)
	}
	input := cryptobyte.String(question)
	var message, body, list, wrapped, extensions cryptobyte.String
	if !input.ReadASN1(&message, cbasn1.SEQUENCE) || !message.ReadASN1(&body, cbasn1.SEQUENCE) ||
		!body.ReadASN1Element(&list, cbasn1.SEQUENCE) || !body.ReadASN1(&wrapped, cbasn1.Tag(2).ContextSpecific().Constructed()) ||
		!wrapped.ReadASN1(&extensions, cbasn1.SEQUENCE) {
		t.Fatal("our own question cannot be read")
	}
	for times, want := range map[int]error{1: nil, 2: ocsp.ErrMalformed} {
		var b cryptobyte.Builder
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddBytes(list)
				b.AddASN1(cbasn1.Tag(2).ContextSpecific().Constructed(), func(b *cryptobyte.Builder) {
					b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) { b.AddBytes(bytes.Repeat(extensions, times)) })
				})
			})
		})
		der, err := b.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := ocsp.ParseRequest(der); !errors.Is(err, want) {
			t.Errorf("%d times: %v", times, err)
		}
	}
}

func TestRefusalsToAnswer(t *testing.T) {
	for status := 1; status <= 6; status++ {
		der, err := ocsp.CreateError(status)
		if err != nil {
			t.Fatal(err)
		}
		want := ocsp.ErrNoResponse
		if status == 4 { // not used, RFC 6960 §4.2.1
			want = ocsp.ErrMalformed
		}
		if _, err := ocsp.Verify(der, newWorld(t).question()); !errors.Is(err, want) {
			t.Errorf("status %d: %v", status, err)
		}
	}
}

// Every truncation and every single flipped bit: nothing counts, nothing panics.
func TestDamagedAnswers(t *testing.T) {
	w := newWorld(t)
	good := create(t, w.answer(t), w.responder.key)
	q := w.question()
	for n := range good {
		if _, err := ocsp.Verify(good[:n], q); err == nil {
			t.Fatalf("the first %d of %d bytes count", n, len(good))
		}
	}
	if _, err := ocsp.Verify(append(bytes.Clone(good), 0), q); err == nil {
		t.Error("a byte too many counts")
	}
	for bit := range 8 * len(good) {
		damaged := bytes.Clone(good)
		damaged[bit/8] ^= 1 << (bit % 8)
		// A certificate's own signature is malleable nowhere; what may change is only bytes that say nothing.
		if answer, err := ocsp.Verify(damaged, q); err == nil && answer.Status != ocsp.Good {
			t.Fatalf("bit %d turns good into %s", bit, answer.Status)
		} else if err == nil {
			t.Fatalf("bit %d changes nothing", bit)
		}
	}
	for _, hostile := range [][]byte{nil, {}, make([]byte, ocsp.MaxSize+1), bytes.Repeat([]byte{0x30, 0x80}, 30<<10)} {
		if _, err := ocsp.Verify(hostile, q); !errors.Is(err, ocsp.ErrMalformed) {
			t.Errorf("%d hostile bytes: %v", len(hostile), err)
		}
	}
}
