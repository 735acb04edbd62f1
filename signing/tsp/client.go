package tsp

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/asn1"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"time"

	"elicensing/signing/algorithms"
	"elicensing/signing/certificate"
	"elicensing/signing/cms"
)

// Client asks one time-stamping authority over HTTP (RFC 3161 §3.4). The zero values of its limits mean
// the defaults named here.
type Client struct {
	// Address comes from configuration only: http or https. Redirects are never followed.
	Address string
	HTTP    *http.Client          // nil: one of its own
	Timeout time.Duration         // for the whole exchange; default 10 s
	Digest  algorithms.Identifier // of the imprint; default SHA-256
	Policy  asn1.ObjectIdentifier // asked for and demanded; nil: any
	Skew    time.Duration         // tolerated difference of clocks; default 5 min
	Now     func() time.Time      // our clock; must be given
	// Known and Trust are those of Expectation.
	Known []*certificate.Certificate
	Trust func(authority *certificate.Certificate, candidates []*certificate.Certificate, at time.Time) error // as in Expectation
}

const (
	defaultTimeout = 10 * time.Second
	defaultSkew    = 5 * time.Minute
	nonceBits      = 128
)

// Stamp has data stamped now. The token is verified, trust included, before it is returned.
//
// Errors: ErrUnavailable (no answer, or a *Refusal), and those of Parse and Token.Verify.
func (c *Client) Stamp(ctx context.Context, data []byte) (*Token, error) {
	digest := c.Digest
	if digest.OID == nil {
		digest = algorithms.Identifier{OID: cms.OIDSHA256}
	}
	imprint, err := ImprintOf(digest, data)
	if err != nil {
		return nil, err
	}
	nonce, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), nonceBits))
	if err != nil {
		return nil, fmt.Errorf("tsp: nonce: %w", err)
	}
	question, err := Request{Imprint: imprint, Policy: c.Policy, Nonce: nonce, Certificates: true}.Encode()
	if err != nil {
		return nil, fmt.Errorf("tsp: request: %w", err)
	}
	asked := c.Now()
	answer, err := c.fetch(ctx, question)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	raw, err := ParseResponse(answer)
	if err != nil {
		return nil, err
	}
	token, err := Parse(raw)
	if err != nil {
		return nil, err
	}
	e := Expectation{
		Data: data, Now: c.Now(), NotBefore: asked, Skew: c.Skew, Nonce: nonce, Known: c.Known, Trust: c.Trust,
	}
	if e.Skew == 0 {
		e.Skew = defaultSkew
	}
	if c.Policy != nil {
		e.Policies = []asn1.ObjectIdentifier{c.Policy}
	}
	if err := token.Verify(e); err != nil {
		return nil, err
	}
	return token, nil
}

// fetch sends one question and reads one bounded answer.
func (c *Client) fetch(ctx context.Context, question []byte) ([]byte, error) {
	timeout := c.Timeout
	if timeout == 0 {
		timeout = defaultTimeout
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.Address, bytes.NewReader(question))
	if err != nil {
		return nil, fmt.Errorf("address: %w", err)
	}
	request.Header.Set("Content-Type", "application/timestamp-query")
	request.Header.Set("Accept", "application/timestamp-reply")
	response, err := c.client().Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("status %d", response.StatusCode)
	}
	answer, err := io.ReadAll(io.LimitReader(response.Body, MaxSize+1))
	if err != nil {
		return nil, fmt.Errorf("reading: %w", err)
	}
	if len(answer) > MaxSize {
		return nil, errors.New("answer is larger than the limit")
	}
	return answer, nil
}

// client is the given one without redirects: a redirect would be an address from outside.
func (c *Client) client() *http.Client {
	client := http.Client{}
	if c.HTTP != nil {
		client = *c.HTTP
	}
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &client
}
