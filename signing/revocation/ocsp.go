package revocation

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"elicensing/signing/certificate"
	"elicensing/signing/ocsp"
	"elicensing/signing/path"
)

const nonceSize = 32 // bytes, RFC 9654 §2.1

// askOCSP puts one question to the responder of a source.
func (c *Client) askOCSP(ctx context.Context, source Source, q path.RevocationQuestion, now time.Time) (Answer, error) {
	if source.OCSP == "" {
		return Answer{}, fmt.Errorf("ocsp: %w", errNoAddress)
	}
	nonce := make([]byte, nonceSize)
	if _, err := rand.Read(nonce); err != nil {
		return Answer{}, fmt.Errorf("ocsp: nonce: %w", err)
	}
	target := ocsp.Of(q.Chain[0], q.Chain[1])
	question, err := ocsp.NewRequest(target, nonce)
	if err != nil {
		return Answer{}, err
	}
	body, err := c.post(ctx, source.OCSP, question)
	if err != nil {
		return Answer{}, fmt.Errorf("ocsp: %w", err)
	}
	maxAge := orDefault(c.MaxAge, defaultMaxAge)
	var cleared [][]byte // lists that cleared the responder: the answer proves nothing without them
	answer, err := ocsp.Verify(body, ocsp.Question{
		Target: target, Nonce: nonce, Now: now, MaxAge: maxAge, Skew: orDefault(c.Skew, defaultSkew),
		Delegate: func(responder *certificate.Certificate) error {
			lists, err := c.checkResponder(ctx, source, responder, q.Chain[1], now)
			cleared = lists
			return err
		},
	})
	if err != nil {
		return Answer{}, err
	}
	until := answer.ThisUpdate.Add(maxAge)
	if !answer.NextUpdate.IsZero() && answer.NextUpdate.Before(until) {
		until = answer.NextUpdate
	}
	switch answer.Status {
	case ocsp.Good:
		return Answer{Status: Good, OCSP: body, CRLs: cleared, ThisUpdate: answer.ThisUpdate, Until: until}, nil
	case ocsp.Revoked:
		return Answer{
			Status: Revoked, RevokedAt: answer.RevokedAt, Reason: answer.Reason, NeverIssued: answer.NeverIssued, OCSP: body, CRLs: cleared,
			ThisUpdate: answer.ThisUpdate, Until: until,
		}, nil
	}
	return Answer{}, errStatusUnknown
}

// checkResponder looks a responder that its issuer did not exempt up in the issuer's lists (RFC 6960
// §4.2.2.2.1), and gives the lists that clear it; asking OCSP about it would be asking itself.
func (c *Client) checkResponder(ctx context.Context, source Source, responder, issuer *certificate.Certificate, now time.Time) ([][]byte, error) {
	q := path.RevocationQuestion{Chain: []*certificate.Certificate{responder, issuer}, At: now}
	answer, err := c.askLists(ctx, source, q, now)
	if err != nil {
		return nil, err
	}
	if answer.Status != Good {
		return nil, errors.New("responder's certificate is revoked")
	}
	return answer.CRLs, nil
}
