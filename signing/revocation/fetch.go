package revocation

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"

	"elicensing/signing/ocsp"
)

var errTooLarge = errors.New("answer is larger than the limit")

// post sends one OCSP question and reads one bounded answer.
func (c *Client) post(ctx context.Context, address string, question []byte) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, orDefault(c.Timeout, defaultTimeout))
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(question))
	if err != nil {
		return nil, fmt.Errorf("address: %w", err)
	}
	request.Header.Set("Content-Type", "application/ocsp-request")
	request.Header.Set("Accept", "application/ocsp-response")
	response, err := c.client().Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("status %d", response.StatusCode)
	}
	return readBounded(response, ocsp.MaxSize)
}

// readBounded reads a body of at most limit bytes. A declared length is believed for one allocation; where
// none is declared the body is collected in pieces, so that a list of 20 MB is copied once.
func readBounded(response *http.Response, limit int64) ([]byte, error) {
	if response.ContentLength > limit {
		return nil, errTooLarge
	}
	if response.ContentLength >= 0 {
		body := make([]byte, response.ContentLength)
		if _, err := io.ReadFull(response.Body, body); err != nil { // fewer bytes came than were declared
			return nil, fmt.Errorf("reading: %w", err)
		}
		return body, nil
	}
	var pieces [][]byte
	var total int64
	for {
		piece := make([]byte, pieceSize)
		n, err := fill(response.Body, piece)
		if pieces, total = append(pieces, piece[:n]), total+int64(n); total > limit {
			return nil, errTooLarge
		}
		if errors.Is(err, io.EOF) {
			return bytes.Join(pieces, nil), nil
		}
		if err != nil {
			return nil, fmt.Errorf("reading: %w", err)
		}
	}
}

const pieceSize = 64 << 10

// fill is io.ReadFull that tells the end of the body from a body cut off.
func fill(from io.Reader, piece []byte) (n int, err error) {
	for n < len(piece) && err == nil {
		var more int
		more, err = from.Read(piece[n:])
		n += more
	}
	return n, err
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
