// Package egov speaks to the payment gateway of e-government (ПШЭП, S7.2) over HTTP, and
// defines the messages and the signature of that conversation; payments/mockgateway is
// its other end. It implements payments.Gateway.
package egov

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"elicensing/payments"
)

// Config says where the gateway is and with which keys it is spoken to.
type Config struct {
	// BaseURL is the address of the gateway, without a path: "https://pay.example".
	BaseURL string
	// PageOrigin is where its pages for payers live, if not at BaseURL.
	PageOrigin string
	// RequestKey signs our requests.
	RequestKey Key
	// NoticeKeys are the gateway's keys: one, or two while one replaces the other.
	NoticeKeys []Key
	Now        func() time.Time
	// Timeout of one request; 10 seconds when zero.
	Timeout time.Duration
	// Transport carries the requests; http.DefaultTransport when nil.
	Transport http.RoundTripper
}

// Client is the adapter. It may be used by many goroutines.
type Client struct {
	base       string
	pageOrigin string
	requestKey Key
	noticeKeys []Key
	now        func() time.Time
	http       *http.Client
}

var _ payments.Gateway = (*Client)(nil)

// New makes a Client; all mistakes of the configuration are reported at once.
func New(config Config) (*Client, error) {
	var problems []error
	base, err := origin(config.BaseURL)
	if err != nil {
		problems = append(problems, fmt.Errorf("egov: address of the gateway: %w", err))
	}
	page := base
	if config.PageOrigin != "" {
		if page, err = origin(config.PageOrigin); err != nil {
			problems = append(problems, fmt.Errorf("egov: origin of the gateway's pages: %w", err))
		}
	}
	if err := CheckKeys(config.RequestKey); err != nil {
		problems = append(problems, fmt.Errorf("key for requests: %w", err))
	}
	if err := CheckKeys(config.NoticeKeys...); err != nil {
		problems = append(problems, fmt.Errorf("keys for notices: %w", err))
	}
	if len(config.NoticeKeys) > 2 {
		problems = append(problems, errors.New("egov: more than two keys for notices"))
	}
	if config.Now == nil {
		problems = append(problems, errors.New("egov: no clock"))
	}
	if len(problems) > 0 {
		return nil, errors.Join(problems...)
	}
	timeout := config.Timeout
	if timeout == 0 {
		timeout = 10 * time.Second
	}
	return &Client{
		base: base, pageOrigin: page,
		requestKey: config.RequestKey, noticeKeys: config.NoticeKeys, now: config.Now,
		http: &http.Client{
			Transport: config.Transport,
			Timeout:   timeout,
			// The gateway answers itself; nobody else is asked on its word (I26).
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}, nil
}

// origin reads "scheme://host[:port]" and nothing more.
func origin(address string) (string, error) {
	u, err := url.Parse(address)
	if err != nil {
		return "", errors.New("not an address")
	}
	if (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.User != nil ||
		(u.Path != "" && u.Path != "/") || u.RawQuery != "" || u.Fragment != "" {
		return "", errors.New("must be http(s)://host[:port]")
	}
	return u.Scheme + "://" + u.Host, nil
}

// Create implements payments.Gateway.
func (c *Client) Create(ctx context.Context, o payments.Order) (payments.GatewayPayment, error) {
	answer, _, err := c.ask(ctx, http.MethodPost, "/api/payments", Order{
		Reference: o.Reference, Number: o.Number, Amount: o.Amount, Currency: o.Currency,
		Payer: Payer{ID: o.PayerID, Name: o.PayerName},
		Payee: Payee{
			Name: o.Requisites.Beneficiary, BIN: o.Requisites.BeneficiaryBIN,
			Account: o.Requisites.Account, BankCode: o.Requisites.BankCode,
			TaxOfficeCode: o.Requisites.TaxOfficeCode,
			BudgetCode:    o.Requisites.BudgetCode, PurposeCode: o.Requisites.PurposeCode,
		},
		Purpose: o.Purpose, ReturnURL: o.ReturnURL, PayBefore: o.PayBefore.UTC(),
	})
	if err != nil {
		return payments.GatewayPayment{}, err
	}
	if answer.Reference != o.Reference {
		return payments.GatewayPayment{}, nonsense("it answered about another reference")
	}
	// The payer's browser is sent there: only to the gateway's own pages.
	page, err := url.Parse(answer.PageURL)
	if err != nil || page.User != nil || page.Scheme+"://"+page.Host != c.pageOrigin {
		return payments.GatewayPayment{}, nonsense("its page is not at its address")
	}
	return payments.GatewayPayment{ID: answer.ID, PageURL: page.String()}, nil
}

// Status implements payments.Gateway.
func (c *Client) Status(ctx context.Context, paymentID string) (payments.GatewayStatus, error) {
	return c.askAbout(ctx, http.MethodGet, paymentID, "")
}

// Void implements payments.Gateway.
func (c *Client) Void(ctx context.Context, paymentID string) (payments.GatewayStatus, error) {
	return c.askAbout(ctx, http.MethodPost, paymentID, "/void")
}

// Refund implements payments.Gateway.
func (c *Client) Refund(ctx context.Context, paymentID string) (payments.GatewayStatus, error) {
	return c.askAbout(ctx, http.MethodPost, paymentID, "/refund")
}

func (c *Client) askAbout(ctx context.Context, method, paymentID, act string) (payments.GatewayStatus, error) {
	_, status, err := c.ask(ctx, method, "/api/payments/"+url.PathEscape(paymentID)+act, nil)
	if err != nil {
		return payments.GatewayStatus{}, err
	}
	if status.PaymentID != paymentID {
		return payments.GatewayStatus{}, nonsense("it answered about another payment")
	}
	return status, nil
}

// ReadNotice implements payments.Gateway.
func (c *Client) ReadNotice(header http.Header, body []byte, now time.Time) (payments.Notice, error) {
	if len(body) > MaxMessage {
		return payments.Notice{}, fmt.Errorf("%d bytes: %w", len(body), payments.ErrNoticeMalformed)
	}
	switch err := Verify(header, c.noticeKeys, now, SubjectNotice, body); {
	case errors.Is(err, ErrStale):
		return payments.Notice{}, payments.ErrNoticeStale
	case err != nil:
		return payments.Notice{}, payments.ErrNoticeSignature
	}
	var notice Notice
	if err := decode(body, &notice); err != nil {
		return payments.Notice{}, fmt.Errorf("%w: %w", payments.ErrNoticeMalformed, err)
	}
	status, err := notice.Payment.status()
	if err == nil && !word(notice.ID, 100) {
		err = errors.New("the id of the notice has a wrong form")
	}
	if err != nil {
		return payments.Notice{}, fmt.Errorf("%w: %w", payments.ErrNoticeMalformed, err)
	}
	return payments.Notice{ID: notice.ID, GatewayStatus: status}, nil
}

// send sends one signed request and gives the body of a good answer.
func (c *Client) send(ctx context.Context, method, path string, message any) ([]byte, error) {
	var body []byte
	if message != nil {
		var err error
		if body, err = json.Marshal(message); err != nil {
			return nil, fmt.Errorf("egov: write a request: %w", err)
		}
	}
	request, err := http.NewRequestWithContext(ctx, method, c.base+path, bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("egov: make a request: %w", err)
	}
	request.Header.Set("Content-Type", "application/json")
	Sign(request.Header, c.requestKey, c.now(), method+" "+request.URL.RequestURI(), body)
	return c.exchange(request)
}

// ask sends one signed request and reads the gateway's word on a payment.
func (c *Client) ask(ctx context.Context, method, path string, message any) (Payment, payments.GatewayStatus, error) {
	answer, err := c.send(ctx, method, path, message)
	if err != nil {
		return Payment{}, payments.GatewayStatus{}, err
	}
	var payment Payment
	if err := decode(answer, &payment); err != nil {
		return Payment{}, payments.GatewayStatus{}, nonsense(err.Error())
	}
	status, err := payment.status()
	if err != nil {
		return Payment{}, payments.GatewayStatus{}, nonsense(err.Error())
	}
	return payment, status, nil
}

// exchange sends a request and gives the body of a good answer. A failure on the way and
// a gateway in trouble are "not now"; only a clear no is a refusal.
func (c *Client) exchange(request *http.Request) (body []byte, err error) {
	response, err := c.http.Do(request)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", payments.ErrGatewayUnavailable, err)
	}
	defer func() {
		if closeErr := response.Body.Close(); closeErr != nil && err == nil {
			err = fmt.Errorf("%w: %w", payments.ErrGatewayUnavailable, closeErr)
		}
	}()
	body, err = io.ReadAll(io.LimitReader(response.Body, MaxMessage+1))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", payments.ErrGatewayUnavailable, err)
	}
	switch code := response.StatusCode; {
	case len(body) > MaxMessage:
		return nil, nonsense("its answer is too long")
	case code == http.StatusOK || code == http.StatusCreated:
		return body, nil
	case code == http.StatusRequestTimeout, code == http.StatusTooManyRequests, code < 400, code >= 500:
		return nil, fmt.Errorf("%w: it answered %d", payments.ErrGatewayUnavailable, code)
	case code == http.StatusConflict:
		return nil, fmt.Errorf("%w: %w", payments.ErrGatewayRefused, errConflict)
	case code == http.StatusUnprocessableEntity && isTooLate(body):
		return nil, fmt.Errorf("%w: %w", payments.ErrGatewayRefused, payments.ErrOrderTooLate)
	default:
		return nil, fmt.Errorf("%w: it answered %d", payments.ErrGatewayRefused, code)
	}
}

// isTooLate reads the refusal of an order that the gateway never had, after its time to pay.
func isTooLate(body []byte) bool {
	var refusal Refusal
	return decode(body, &refusal) == nil && refusal.Code == CodeTooLate
}

// errConflict: what is asked for does not fit how things stand at the gateway.
var errConflict = errors.New("it answered 409")

// nonsense is an answer that tells nothing: the state is as unknown as without one.
func nonsense(what string) error {
	return fmt.Errorf("%w: %s", payments.ErrGatewayNonsense, what)
}
