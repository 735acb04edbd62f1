package mockgateway

import (
	"bytes"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"elicensing/payments"
	"elicensing/payments/egov"
)

// routes is all that the gateway answers.
func (g *Gateway) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /api/payments", g.signed(g.createPayment))
	mux.HandleFunc("GET /api/payments/{id}", g.signed(g.tellPayment))
	mux.HandleFunc("POST /api/payments/{id}/void", g.signed(g.voidPayment))
	mux.HandleFunc("POST /api/payments/{id}/refund", g.signed(g.refundPayment))
	mux.HandleFunc("GET /api/reports/{day}", g.signed(g.tellDay))
	mux.HandleFunc("POST /control/settle", g.bearer(g.settleNow))
	mux.HandleFunc("GET /control/faults", g.bearer(g.tellFaults))
	mux.HandleFunc("PUT /control/faults", g.bearer(g.setFaults))
	mux.HandleFunc("GET /switchboard", g.showSwitchboard)
	mux.HandleFunc("POST /switchboard", g.takeSwitches)

	mux.HandleFunc("GET /pay/{token}", g.showPage)
	mux.HandleFunc("POST /pay/{token}", g.takeChoice)
	mux.HandleFunc("GET /assets/gateway.css", g.showStyle)
	nothing := func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }
	mux.HandleFunc("GET /favicon.ico", nothing)
	mux.HandleFunc("GET /healthz", nothing)
	mux.HandleFunc("/", g.notFound)
	return http.NewCrossOriginProtection().Handler(mux)
}

// signed lets a request through that the portal signed, with its body.
func (g *Gateway) signed(next func(http.ResponseWriter, *http.Request, []byte)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if g.Faults().Silent {
			panic(http.ErrAbortHandler) // hangs up without a word
		}
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, egov.MaxMessage))
		if err != nil {
			refuse(w, http.StatusRequestEntityTooLarge, "body_too_large")
			return
		}
		subject := r.Method + " " + r.URL.RequestURI()
		if err := egov.Verify(r.Header, g.config.Keys.Requests, g.config.Now(), subject, body); err != nil {
			refuse(w, http.StatusUnauthorized, "not_signed")
			return
		}
		next(w, r, body)
	}
}

func (g *Gateway) createPayment(w http.ResponseWriter, _ *http.Request, body []byte) {
	var order egov.Order
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&order); err != nil {
		refuse(w, http.StatusBadRequest, "malformed")
		return
	}
	p, isNew, err := g.create(order)
	bad, isBad := errors.AsType[badOrder](err)
	switch {
	case isBad:
		refuse(w, http.StatusUnprocessableEntity, string(bad))
	case errors.Is(err, errOtherOrder):
		refuse(w, http.StatusConflict, "reference_used")
	case err != nil:
		g.fail(w, err)
	case g.Faults().FailAfterTaking:
		refuse(w, http.StatusInternalServerError, "fault")
	case isNew:
		answer(w, http.StatusCreated, p.message(g.page(p)))
	default:
		answer(w, http.StatusOK, p.message(g.page(p)))
	}
}

// badOrder is an order that is refused, with the code of what is wrong.
type badOrder string

func (e badOrder) Error() string { return "mockgateway: order refused: " + string(e) }

// checkOrder names the first thing that is wrong with a new order. One that is known is not judged again: its payment is there, whatever the
// clock says by now.
func (g *Gateway) checkOrder(o egov.Order) string {
	for _, field := range []string{
		o.Reference, o.Number, o.Payer.ID, o.Payer.Name, o.Purpose,
		o.Payee.Name, o.Payee.BIN, o.Payee.Account, o.Payee.BankCode,
		o.Payee.TaxOfficeCode, o.Payee.BudgetCode, o.Payee.PurposeCode,
	} {
		if strings.TrimSpace(field) == "" || utf8.RuneCountInString(field) > 500 {
			return "field_missing_or_long"
		}
	}
	back, err := url.Parse(o.ReturnURL)
	switch {
	case o.Amount <= 0:
		return "amount"
	case o.Currency != payments.Currency:
		return "currency"
	case !g.config.Now().Before(o.PayBefore):
		return egov.CodeTooLate
	case err != nil || !web(back) || !g.origins[back.Scheme+"://"+back.Host]:
		return "return_origin"
	}
	return ""
}

func (g *Gateway) tellPayment(w http.ResponseWriter, r *http.Request, _ []byte) {
	g.mu.Lock()
	p := g.payments[r.PathValue("id")]
	g.mu.Unlock()
	if p == nil {
		refuse(w, http.StatusNotFound, "not_found")
		return
	}
	answer(w, http.StatusOK, p.message(g.page(*p)))
}

// voidPayment closes a payment, or tells the state that hinders it.
func (g *Gateway) voidPayment(w http.ResponseWriter, r *http.Request, _ []byte) {
	g.order(w, r, actVoid)
}

// refundPayment gives the money of a payment back, or tells how it stands.
func (g *Gateway) refundPayment(w http.ResponseWriter, r *http.Request, _ []byte) {
	g.order(w, r, actRefund)
}

func (g *Gateway) order(w http.ResponseWriter, r *http.Request, what act) {
	p, err := g.do(r.PathValue("id"), what)
	switch {
	case errors.Is(err, errUnknownPayment):
		refuse(w, http.StatusNotFound, "not_found")
	case err != nil && !errors.Is(err, errNotNow):
		g.fail(w, err)
	case g.Faults().FailAfterTaking:
		refuse(w, http.StatusInternalServerError, "fault")
	default:
		answer(w, http.StatusOK, p.message(g.page(p)))
	}
}

// bearer lets a request through that carries the control token.
func (g *Gateway) bearer(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		sent := []byte(r.Header.Get("Authorization"))
		if g.config.ControlToken == "" || subtle.ConstantTimeCompare(sent, []byte("Bearer "+g.config.ControlToken)) != 1 {
			refuse(w, http.StatusNotFound, "not_found")
			return
		}
		next(w, r)
	}
}

// settleNow is the switch for demonstrations and tests: the bank confirms now.
func (g *Gateway) settleNow(w http.ResponseWriter, r *http.Request) {
	switch err := g.Settle(r.URL.Query().Get("reference")); {
	case errors.Is(err, errUnknownPayment):
		refuse(w, http.StatusNotFound, "not_found")
	case errors.Is(err, errNotNow), errors.Is(err, errTooLate):
		refuse(w, http.StatusConflict, "not_pending")
	case err != nil:
		g.fail(w, err)
	default:
		w.WriteHeader(http.StatusNoContent)
	}
}

// page is the address of a payment's page.
func (g *Gateway) page(p payment) string { return g.config.PublicURL + "/pay/" + p.Token }

func answer(w http.ResponseWriter, status int, message any) {
	body, err := json.Marshal(message)
	if err != nil {
		refuse(w, http.StatusInternalServerError, "internal")
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(body) // a reader that went away asks again
}

func refuse(w http.ResponseWriter, status int, code string) {
	answer(w, status, egov.Refusal{Code: code})
}

func (g *Gateway) fail(w http.ResponseWriter, err error) {
	g.config.Log.Error("mock gateway", "err", err)
	refuse(w, http.StatusInternalServerError, "internal")
}
