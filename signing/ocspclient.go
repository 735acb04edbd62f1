package signing

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"elicensing/signing/ocsp"
)

// RevocationSource says where an authority answers. Addresses come from configuration only: one
// that stands in a certificate is chosen by whoever made the certificate.
type RevocationSource struct {
	Issuer *x509.Certificate // the authority
	OCSP   string            // http or https; empty: it has none
	CRL    string            // asked when OCSP is silent; empty: it has none
}

// OCSPClient learns revocation by OCSP, and from the CRL when OCSP is silent (R10.3, RFC 6960,
// RFC 5280 §6.3). Both silent is ErrRevocationUnavailable. The zero values of its limits mean the
// defaults named here.
type OCSPClient struct {
	Sources []RevocationSource
	HTTP    *http.Client  // nil: a client of its own. Redirects are never followed.
	Timeout time.Duration // for each question; default 5 s
	MaxAge  time.Duration // oldest acceptable thisUpdate of an OCSP answer; default 24 h
	Skew    time.Duration // tolerated difference of clocks; default 5 min
}

const (
	defaultTimeout = 5 * time.Second
	defaultMaxAge  = 24 * time.Hour
	maxCRLSize     = 32 << 20 // bytes; the national list has about 20 MB
	nonceSize      = 32       // bytes, RFC 9654 §2.1
)

var _ Revocation = (*OCSPClient)(nil)

// Check asks the sources of issuer. It answers good or revoked, or ErrRevocationUnavailable wrapped
// with the causes.
func (c *OCSPClient) Check(ctx context.Context, certificate, issuer *x509.Certificate, at time.Time) (RevocationAnswer, error) {
	source, ok := c.sourceOf(issuer)
	if !ok {
		return RevocationAnswer{}, fmt.Errorf("%w: no source is configured for the issuer", ErrRevocationUnavailable)
	}
	answer, ocspErr := c.askOCSP(ctx, source, certificate, issuer, at)
	if ocspErr == nil {
		return answer, nil
	}
	if errors.Is(ocspErr, errStatusUnknown) {
		// The authority itself does not know the certificate: its absence from a list proves nothing.
		return RevocationAnswer{}, fmt.Errorf("%w: %w", ErrRevocationUnavailable, ocspErr)
	}
	answer, crlErr := c.askCRL(ctx, source, certificate, issuer, at)
	if crlErr == nil {
		return answer, nil
	}
	return RevocationAnswer{}, fmt.Errorf("%w: %w; %w", ErrRevocationUnavailable, ocspErr, crlErr)
}

var (
	errStatusUnknown = errors.New("responder does not know the certificate")
	errNoAddress     = errors.New("no address is configured")
)

// sourceOf finds the configuration by the issuer's key and name, not by anything the subject chose.
func (c *OCSPClient) sourceOf(issuer *x509.Certificate) (RevocationSource, bool) {
	for _, s := range c.Sources {
		if s.Issuer != nil && bytes.Equal(s.Issuer.RawSubject, issuer.RawSubject) &&
			bytes.Equal(s.Issuer.RawSubjectPublicKeyInfo, issuer.RawSubjectPublicKeyInfo) {
			return s, true
		}
	}
	return RevocationSource{}, false
}

func (c *OCSPClient) askOCSP(ctx context.Context, source RevocationSource, certificate, issuer *x509.Certificate, at time.Time) (RevocationAnswer, error) {
	if source.OCSP == "" {
		return RevocationAnswer{}, fmt.Errorf("ocsp: %w", errNoAddress)
	}
	nonce := make([]byte, nonceSize)
	if _, err := rand.Read(nonce); err != nil {
		return RevocationAnswer{}, fmt.Errorf("ocsp: nonce: %w", err)
	}
	question, err := ocsp.NewRequest(ocsp.TargetOf(certificate, issuer), nonce)
	if err != nil {
		return RevocationAnswer{}, err
	}
	body, err := c.fetch(ctx, http.MethodPost, source.OCSP, "application/ocsp-request", question, ocsp.MaxSize)
	if err != nil {
		return RevocationAnswer{}, fmt.Errorf("ocsp: %w", err)
	}
	answer, err := ocsp.Verify(body, ocsp.Question{
		Target: ocsp.TargetOf(certificate, issuer), Nonce: nonce, Now: at,
		MaxAge: orDefault(c.MaxAge, defaultMaxAge), Skew: orDefault(c.Skew, allowedSkew),
	})
	if err != nil {
		return RevocationAnswer{}, err
	}
	switch answer.Status {
	case ocsp.Good:
		return RevocationAnswer{Status: StatusGood, OCSP: body}, nil
	case ocsp.Revoked:
		return RevocationAnswer{Status: StatusRevoked, RevokedAt: answer.RevokedAt, Reason: answer.Reason, OCSP: body}, nil
	}
	return RevocationAnswer{}, errStatusUnknown
}

// fetch sends one bounded question and reads one bounded answer.
func (c *OCSPClient) fetch(ctx context.Context, method, address, contentType string, body []byte, limit int64) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, orDefault(c.Timeout, defaultTimeout))
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("address: %w", err)
	}
	if contentType != "" {
		request.Header.Set("Content-Type", contentType)
	}
	response, err := c.client().Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("status %d", response.StatusCode)
	}
	answer, err := io.ReadAll(io.LimitReader(response.Body, limit+1))
	if err != nil {
		return nil, fmt.Errorf("reading: %w", err)
	}
	if int64(len(answer)) > limit {
		return nil, errors.New("answer is larger than the limit")
	}
	return answer, nil
}

// client is the given one without redirects: a redirect would be an address from outside.
func (c *OCSPClient) client() *http.Client {
	client := http.Client{}
	if c.HTTP != nil {
		client = *c.HTTP
	}
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &client
}

func orDefault(value, standard time.Duration) time.Duration {
	if value == 0 {
		return standard
	}
	return value
}
