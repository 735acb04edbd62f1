package main

import (
	"bytes"
	"context"
	"crypto"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strconv"
	"time"

	"elicensing/server/catalog"
	"elicensing/server/servertest"
	"elicensing/signing/cms"
	"elicensing/signing/pkcs12"
)

// kit is a demo person's opened key file.
type kit struct {
	key         crypto.Signer
	certificate *x509.Certificate
	chain       []*x509.Certificate
}

// file takes one application from draft to filed, repeating whatever a crash has cut short, as a person would whose patience ends.
func (b *browser) file(told func(id, state string)) {
	for patience := time.Now().Add(5 * time.Minute); ; time.Sleep(50 * time.Millisecond) {
		err := b.tryFile(told)
		if err == nil || b.machine.t.Failed() {
			return
		}
		if time.Now().After(patience) {
			b.machine.t.Errorf("%s cannot file: %v", b.person, err)
			return
		}
	}
}

var errAgain = errors.New("cut short")

// kinds of applicant that the demo people are.
var kinds = map[string]catalog.ApplicantKind{"person": catalog.Person, "sole-trader": catalog.SoleTrader, "director": catalog.Entity}

func (m *machine) browser(person string) *browser {
	m.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		m.t.Fatal(err)
	}
	return &browser{machine: m, person: person, kind: kinds[person],
		http: &http.Client{Jar: jar, Timeout: 20 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

func (b *browser) tryFile(told func(id, state string)) error {
	// The session lies in the database and outlives the crashes.
	var session struct{ SignedIn bool }
	if err := b.do("GET", "/api/session", nil, &session); err != nil {
		return err
	}
	if !session.SignedIn {
		if err := b.signIn(); err != nil {
			return err
		}
	}
	// What an earlier attempt has begun is gone on with.
	var list struct {
		Applications []struct{ ID, State string }
	}
	if err := b.do("GET", "/api/applications", nil, &list); err != nil {
		return err
	}
	var err error
	i := slices.IndexFunc(list.Applications, func(a struct{ ID, State string }) bool { return a.State == "awaiting_payment" })
	id := ""
	if i >= 0 {
		id = list.Applications[i].ID
	} else if id, err = b.sign(); err != nil {
		return err
	}
	told(id, "awaiting_payment")
	var page struct{ PageURL string }
	if err := b.do("POST", "/api/applications/"+id+"/pay", nil, &page); err != nil {
		return err
	}
	answer, err := b.http.PostForm(page.PageURL, url.Values{"action": {"card"}, "card": {"succeeds"}})
	if err != nil {
		return errAgain
	}
	answer.Body.Close()
	var a struct{ State string }
	if err := b.do("POST", "/api/applications/"+id+"/payment", nil, &a); err != nil || a.State != "filed" {
		return errAgain
	}
	told(id, a.State)
	return nil
}

type browser struct {
	machine *machine
	person  string
	kind    catalog.ApplicantKind
	http    *http.Client
}

func (b *browser) do(method, path string, body, into any) error {
	var sent io.Reader
	if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			return err
		}
		sent = bytes.NewReader(raw)
	}
	r, err := http.NewRequestWithContext(context.Background(), method, "http://"+b.machine.addr+path, sent)
	if err != nil {
		return err
	}
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	r.Header.Set("Idempotency-Key", fmt.Sprintf("crash-%d", rand.Uint64()))
	answer, err := b.http.Do(r)
	if err != nil {
		return errAgain
	}
	defer answer.Body.Close()
	raw, err := io.ReadAll(answer.Body)
	if err != nil {
		return errAgain
	}
	if answer.StatusCode >= 300 {
		return fmt.Errorf("%w: %s %s: %d", errAgain, method, path, answer.StatusCode)
	}
	if into == nil || len(raw) == 0 {
		return nil
	}
	return json.Unmarshal(raw, into)
}

func (b *browser) signature(content []byte) (string, error) {
	b.machine.mu.Lock()
	k := b.machine.kits[b.person]
	b.machine.mu.Unlock()
	if k == nil {
		answer, err := b.http.Get("http://" + b.machine.addr + "/api/demo/people/" + b.person + "/key")
		if err != nil {
			return "", errAgain
		}
		defer answer.Body.Close()
		file, err := io.ReadAll(answer.Body)
		if err != nil {
			return "", errAgain
		}
		k = &kit{}
		if k.key, k.certificate, k.chain, err = pkcs12.Open(file, "Qwerty12"); err != nil {
			return "", err
		}
		b.machine.mu.Lock()
		b.machine.kits[b.person] = k
		b.machine.mu.Unlock()
	}
	der, err := cms.Sign(content, cms.SignOptions{Key: k.key, Certificate: k.certificate, Chain: k.chain})
	return base64.StdEncoding.EncodeToString(der), err
}

func (b *browser) signIn() error {
	var challenge struct {
		ID      string
		Content []byte
	}
	if err := b.do("POST", "/api/session/challenge", nil, &challenge); err != nil {
		return err
	}
	signature, err := b.signature(challenge.Content)
	if err != nil {
		return err
	}
	return b.do("POST", "/api/session", map[string]any{"challengeId": challenge.ID, "signature": signature}, nil)
}

// sign brings a draft to the signed state.
func (b *browser) sign() (string, error) {
	kind := b.kind
	var a struct {
		ID          string
		Revision    int
		Attachments []struct{ ID string }
	}
	if err := b.do("POST", "/api/applications", map[string]any{"service": "medical-activity", "kind": "licence", "applicantKind": kind}, &a); err != nil {
		return "", err
	}
	if err := b.do("PUT", "/api/applications/"+a.ID+"/answers", map[string]any{"revision": a.Revision, "answers": servertest.Answers(kind)}, nil); err != nil {
		return "", err
	}
	if slot := map[catalog.ApplicantKind]string{catalog.Entity: "entityRegistration", catalog.SoleTrader: "soleTraderRegistration"}[kind]; slot != "" && len(a.Attachments) == 0 {
		if err := b.attach(a.ID, slot); err != nil {
			return "", err
		}
	}
	var to struct {
		Content []byte
		Digest  string
	}
	if err := b.do("POST", "/api/applications/"+a.ID+"/document", nil, &to); err != nil {
		return "", err
	}
	signature, err := b.signature(to.Content)
	if err != nil {
		return "", err
	}
	return a.ID, b.do("POST", "/api/applications/"+a.ID+"/sign", map[string]any{"digest": to.Digest, "signature": signature}, nil)
}

func (b *browser) attach(id, slot string) error {
	content := servertest.Picture()
	b64 := base64.StdEncoding.EncodeToString
	send := func(method, address string, body []byte, headers map[string]string) (*http.Response, error) {
		r, err := http.NewRequestWithContext(context.Background(), method, "http://"+b.machine.addr+address, bytes.NewReader(body))
		if err != nil {
			return nil, err
		}
		r.Header.Set("Tus-Resumable", "1.0.0")
		for k, v := range headers {
			r.Header.Set(k, v)
		}
		answer, err := b.http.Do(r)
		if err != nil {
			return nil, errAgain
		}
		answer.Body.Close()
		if answer.StatusCode >= 300 {
			return nil, errAgain
		}
		return answer, nil
	}
	begun, err := send("POST", "/api/applications/"+id+"/uploads", nil, map[string]string{"Upload-Length": strconv.Itoa(len(content)),
		"Upload-Metadata": "slot " + b64([]byte(slot)) + ",filename " + b64([]byte("a.png"))})
	if err != nil {
		return err
	}
	_, err = send("PATCH", begun.Header.Get("Location"), content, map[string]string{"Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"})
	return err
}
