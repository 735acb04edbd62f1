package revocation

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"elicensing/signing/crl"
	"elicensing/signing/path"
)

// download asks for the list, with a condition when one is at hand, and accepts what comes.
func (l *list) download(ctx context.Context, c *Client, old *held, now time.Time) (*held, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, l.address, nil)
	if err != nil {
		return nil, fmt.Errorf("address: %w", err)
	}
	request.Header.Set("Accept", "application/pkix-crl, application/octet-stream")
	conditional := old != nil && usable(old.list, now, c) == nil // a list that ran out must come anew
	if conditional && old.ETag != "" {
		request.Header.Set("If-None-Match", old.ETag)
	}
	if conditional && old.Modified != "" {
		request.Header.Set("If-Modified-Since", old.Modified)
	}
	response, err := c.client().Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	switch {
	case response.StatusCode == http.StatusNotModified && conditional:
		same := *old
		same.Fetched = now
		l.save(c, &same, false)
		return &same, nil
	case response.StatusCode != http.StatusOK:
		return nil, fmt.Errorf("status %d", response.StatusCode)
	}
	der, err := readBounded(response, orDefault(c.MaxList, defaultMaxList))
	if err != nil {
		return nil, err
	}
	fresh := &held{kept: kept{
		Fetched: now, ETag: bounded(response.Header.Get("ETag")), Modified: bounded(response.Header.Get("Last-Modified")),
	}}
	if fresh.list, err = l.accept(der, c, now); err != nil {
		return nil, fmt.Errorf("%w: %w", errRefused, err)
	}
	if old != nil && older(fresh.list, old.list) { // an old one played again, or a slow mirror
		return nil, fmt.Errorf("%w: older than the list at hand", errRefused)
	}
	l.save(c, fresh, true)
	return fresh, nil
}

var errRefused = errors.New("not a list that can be used")

const maxHeader = 256 // characters of an ETag or a date that are sent back

func bounded(header string) string {
	if len(header) > maxHeader {
		return ""
	}
	return header
}

// accept reads a list and takes it only if it is by the issuer, of the kind asked for, and current.
func (l *list) accept(der []byte, c *Client, now time.Time) (*crl.List, error) {
	read, err := crl.Parse(der)
	if err != nil {
		return nil, err
	}
	switch {
	case read.Delta() != l.delta:
		return nil, errors.New("a delta list in the place of a complete one, or the other way round")
	case !read.Issuer.Equal(l.issuer.Subject):
		return nil, errors.New("by another issuer")
	case read.UnknownCritical:
		return nil, errors.New("critical extension that is not understood")
	}
	if err := usable(read, now, c); err != nil {
		return nil, err
	}
	if err := (path.Table{}).Accepted(read.Algorithm, now); err != nil {
		return nil, fmt.Errorf("signature: %w", err)
	}
	if err := read.VerifySignature(path.Table{}, path.KeyOf(l.issuer)); err != nil {
		return nil, fmt.Errorf("signature: %w", err)
	}
	return read, nil
}

// usable tells whether a list is of now (RFC 5280 §6.3.3 (a)).
func usable(read *crl.List, now time.Time, c *Client) error {
	skew := orDefault(c.Skew, defaultSkew)
	switch {
	case read.ThisUpdate.After(now.Add(skew)):
		return errors.New("list is from the future")
	case read.NextUpdate.IsZero() || read.NextUpdate.Before(now.Add(-skew)):
		return errors.New("list is stale")
	}
	return nil
}

// older compares by number, and without numbers by thisUpdate (RFC 5280 §5.2.3).
func older(read, than *crl.List) bool {
	if read.Number != nil && than.Number != nil {
		return read.Number.Cmp(than.Number) < 0
	}
	return read.ThisUpdate.Before(than.ThisUpdate)
}
