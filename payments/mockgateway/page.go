package mockgateway

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"strings"
	"time"

	"elicensing/payments"
)

//go:embed pages
var pageFiles embed.FS

// card is a test card. The page offers these to choose from and has no field to type a
// number into, so that nobody gives a real one away. Their check digits are wrong on
// purpose: no bank has issued them.
type card struct {
	Code   string
	Number string
	act    act
}

var cards = []card{
	{"succeeds", "4400 4301 0000 0001", actPay},
	{"refused", "4400 4301 0000 0002", actRefuse},
}

// languages in the order of the switch.
var languages = []string{"kk", "ru", "en"}

// pages are the templates, the style and the texts by language.
type pages struct {
	page  *template.Template
	board *template.Template
	style []byte
	texts map[string]map[string]string
}

func loadPages() (*pages, error) {
	page, err := template.ParseFS(pageFiles, "pages/page.html")
	if err != nil {
		return nil, fmt.Errorf("mockgateway: page: %w", err)
	}
	board, err := template.ParseFS(pageFiles, "pages/switchboard.html")
	if err != nil {
		return nil, fmt.Errorf("mockgateway: switchboard: %w", err)
	}
	style, err := pageFiles.ReadFile("pages/gateway.css")
	if err != nil {
		return nil, fmt.Errorf("mockgateway: style: %w", err)
	}
	p := &pages{page: page, board: board, style: style, texts: map[string]map[string]string{}}
	for _, lang := range languages {
		data, err := pageFiles.ReadFile("pages/" + lang + ".json")
		if err != nil {
			return nil, fmt.Errorf("mockgateway: texts: %w", err)
		}
		texts := map[string]string{}
		if err := json.Unmarshal(data, &texts); err != nil {
			return nil, fmt.Errorf("mockgateway: texts in %s: %w", lang, err)
		}
		p.texts[lang] = texts
	}
	return p, nil
}

// view is what the template draws.
type view struct {
	Lang      string
	Languages []string
	Text      map[string]string
	View      string // pay, paid, pending, voided, refunded, expired, unknown
	Alert     string // key of a text; empty when there is nothing to tell
	BadCard   bool   // "pay" was pressed without a card
	Cards     []card
	Payment   payment
	Amount    string
	PaidAt    string
	Path      string
	LaterHint string
}

// showPage shows a payment to whoever holds its secret address.
func (g *Gateway) showPage(w http.ResponseWriter, r *http.Request) {
	p, ok := g.paymentOf(r)
	if !ok {
		g.notFound(w, r)
		return
	}
	g.draw(w, r, p, http.StatusOK, false)
}

func (g *Gateway) paymentOf(r *http.Request) (payment, bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	p := g.byToken[r.PathValue("token")]
	if p == nil {
		return payment{}, false
	}
	return *p, true
}

// takeChoice does what the payer chose and sends the browser back to the portal. A
// choice that does not fit any more (a double click, a second window) shows how the
// payment stands instead.
func (g *Gateway) takeChoice(w http.ResponseWriter, r *http.Request) {
	p, ok := g.paymentOf(r)
	if !ok {
		g.notFound(w, r)
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, 4<<10)
	if err := r.ParseForm(); err != nil {
		g.draw(w, r, p, http.StatusBadRequest, false)
		return
	}
	var what act
	switch r.PostForm.Get("action") {
	case "later":
		what = actLater
	case "cancel":
		what = actCancel
	case "card":
		for _, c := range cards {
			if c.Code == r.PostForm.Get("card") {
				what = c.act
			}
		}
	}
	if what == "" {
		g.draw(w, r, p, http.StatusUnprocessableEntity, true)
		return
	}
	p, err := g.do(p.ID, what)
	switch {
	case errors.Is(err, errNotNow), errors.Is(err, errTooLate):
		g.draw(w, r, p, http.StatusConflict, false)
	case err != nil:
		g.config.Log.ErrorContext(r.Context(), "mock gateway", "err", err)
		g.draw(w, r, p, http.StatusInternalServerError, false)
	case g.Faults().FailAfterTaking:
		g.draw(w, r, p, http.StatusInternalServerError, false)
	default:
		g.protect(w, p)
		http.Redirect(w, r, p.Order.ReturnURL, http.StatusSeeOther)
	}
}

func (g *Gateway) draw(w http.ResponseWriter, r *http.Request, p payment, status int, badCard bool) {
	lang := language(r)
	text := g.pages.texts[lang]
	v := view{
		Lang: lang, Languages: languages, Text: text, BadCard: badCard,
		Cards: cards, Payment: p, Path: r.URL.Path,
		Amount:    money(p.amount(), lang),
		LaterHint: strings.ReplaceAll(text["later.hint"], "{seconds}", fmt.Sprint(int(g.config.PayLater/time.Second))),
	}
	switch p.State {
	case "":
		v.View = "unknown"
	case payments.StatePaid:
		v.View, v.PaidAt = "paid", p.PaidAt.In(payments.Zone).Format("02.01.2006 15:04")
	case payments.StatePending:
		v.View = "pending"
	case payments.StateVoided:
		v.View = "voided"
	case payments.StateRefunded:
		v.View = "refunded"
	default:
		v.View = "pay"
		if !g.config.Now().Before(p.Order.PayBefore) {
			v.View = "expired"
		} else if p.State == payments.StateRefused {
			v.Alert = "alert.refused"
		} else if p.State == payments.StateCancelledByPayer {
			v.Alert = "alert.cancelled"
		}
	}
	var page bytes.Buffer
	if err := g.pages.page.Execute(&page, v); err != nil {
		g.fail(w, err)
		return
	}
	g.protect(w, p)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Language", lang)
	w.WriteHeader(status)
	_, _ = page.WriteTo(w) // a payer who went away comes back
}

// protect sets what a page with a secret address and a payment on it needs. The portal's
// origin stands in form-action because browsers hold a redirect after a form to it too.
func (g *Gateway) protect(w http.ResponseWriter, p payment) {
	back := ""
	if origin, err := originOf(p.Order.ReturnURL); err == nil {
		back = " " + origin
	}
	h := w.Header()
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; form-action 'self'"+back+
		"; frame-ancestors 'none'; base-uri 'none'")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Robots-Tag", "noindex")
}

func (g *Gateway) notFound(w http.ResponseWriter, r *http.Request) {
	g.draw(w, r, payment{}, http.StatusNotFound, false)
}

func (g *Gateway) showStyle(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	_, _ = w.Write(g.pages.style)
}

// language is the one asked for in the address, else the first known one that the
// browser names, else Kazakh.
func language(r *http.Request) string {
	wanted := append([]string{r.URL.Query().Get("lang")}, strings.Split(r.Header.Get("Accept-Language"), ",")...)
	for _, tag := range wanted {
		tag, _, _ = strings.Cut(strings.TrimSpace(tag), ";")
		tag, _, _ = strings.Cut(strings.ToLower(tag), "-")
		for _, lang := range languages {
			if tag == lang {
				return lang
			}
		}
	}
	return languages[0]
}

// money writes an amount as people read it: "43 250,00 ₸", in English "43,250.00 ₸".
func money(t payments.Tiyn, lang string) string {
	group, point := "\u00a0", ","
	if lang == "en" {
		group, point = ",", "."
	}
	whole, fraction, _ := strings.Cut(t.String(), ".")
	var b strings.Builder
	for i, r := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteString(group)
		}
		b.WriteRune(r)
	}
	return b.String() + point + fraction + "\u00a0₸"
}
