package egov_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"elicensing/payments"
	"elicensing/payments/egov"
)

var now = time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)

const reference = "0194f000-0000-7000-8000-000000000001"

// gateway answers everything in one way; {base} and {host} stand for its own address.
func gateway(t *testing.T, status int, answer string) (*egov.Client, *httptest.Server) {
	t.Helper()
	var server *httptest.Server
	server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		if _, err := io.WriteString(w, strings.NewReplacer("{base}", server.URL, "{host}", server.Listener.Addr().String()).Replace(answer)); err != nil {
			t.Log(err)
		}
	}))
	t.Cleanup(server.Close)
	return client(t, server.URL), server
}

func client(t *testing.T, base string) *egov.Client {
	t.Helper()
	key, err := egov.NewKey("k")
	if err != nil {
		t.Fatal(err)
	}
	c, err := egov.New(egov.Config{BaseURL: base, RequestKey: key, NoticeKeys: []egov.Key{key}, Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

const good = `{"id":"p-1","page_url":"{base}/pay/x","reference":"` + reference + `","state":"created","version":1,` +
	`"amount":"43250.00","currency":"KZT","budget_code":"105402","purpose_code":"911","payer_id":"900101300123","new_field":1}`

func TestCreateReadsAGoodAnswer(t *testing.T) {
	for _, status := range []int{http.StatusOK, http.StatusCreated} {
		c, server := gateway(t, status, good)
		made, err := c.Create(t.Context(), payments.Order{Reference: reference})
		if err != nil || made.ID != "p-1" || made.PageURL != server.URL+"/pay/x" {
			t.Fatalf("%+v, %v", made, err)
		}
	}
}

// "Could not be learnt now" and "refused" are different things to a citizen.
func TestBadAnswersAreSorted(t *testing.T) {
	change := func(old, fresh string) string { return strings.Replace(good, old, fresh, 1) }
	for name, c := range map[string]struct {
		status int
		answer string
		want   error
	}{
		"trouble":           {500, "", payments.ErrGatewayUnavailable},
		"bad way":           {502, "<html>", payments.ErrGatewayUnavailable},
		"too many":          {429, "", payments.ErrGatewayUnavailable},
		"slow":              {408, "", payments.ErrGatewayUnavailable},
		"moved":             {302, "", payments.ErrGatewayUnavailable},
		"empty":             {200, "", payments.ErrGatewayNonsense},
		"page of a proxy":   {200, "<html>OK</html>", payments.ErrGatewayNonsense},
		"two values":        {200, good + good, payments.ErrGatewayNonsense},
		"endless":           {200, good[:len(good)-1] + strings.Repeat(" ", egov.MaxMessage) + "}", payments.ErrGatewayNonsense},
		"other reference":   {200, change(reference, "x"), payments.ErrGatewayNonsense},
		"no id":             {200, change("p-1", ""), payments.ErrGatewayNonsense},
		"id with a path":    {200, change("p-1", "../../x"), payments.ErrGatewayNonsense},
		"unknown state":     {200, change("created", "gone"), payments.ErrGatewayNonsense},
		"amount as number":  {200, change(`"43250.00"`, `43250.00`), payments.ErrGatewayNonsense},
		"negative amount":   {200, change("43250.00", "-1.00"), payments.ErrGatewayNonsense},
		"paid, no moment":   {200, change("created", "paid"), payments.ErrGatewayNonsense},
		"page elsewhere":    {200, change("{base}", "http://evil.test"), payments.ErrGatewayNonsense},
		"page with a user":  {200, change("{base}", "http://a@{host}"), payments.ErrGatewayNonsense},
		"page of a script":  {200, change("{base}/pay/x", "javascript:alert(1)"), payments.ErrGatewayNonsense},
		"page of our own":   {200, change("{base}/pay/x", "/pay/x"), payments.ErrGatewayNonsense},
		"not our key":       {401, "", payments.ErrGatewayRefused},
		"other order":       {409, "", payments.ErrGatewayRefused},
		"not acceptable":    {422, "", payments.ErrGatewayRefused},
		"no such reference": {404, "", payments.ErrGatewayRefused},
	} {
		client, _ := gateway(t, c.status, c.answer)
		made, err := client.Create(t.Context(), payments.Order{Reference: reference})
		if !errors.Is(err, c.want) || made.ID != "" {
			t.Errorf("%s: %+v, %v; want %v", name, made, err, c.want)
		}
	}
}

func TestStatusOfAnotherPaymentIsNotTaken(t *testing.T) {
	c, _ := gateway(t, 200, good)
	if _, err := c.Status(t.Context(), "p-1"); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Status(t.Context(), "p-2"); !errors.Is(err, payments.ErrGatewayNonsense) {
		t.Fatal(err)
	}
	if _, err := c.Void(t.Context(), "p-2"); !errors.Is(err, payments.ErrGatewayNonsense) {
		t.Fatal(err)
	}
}

// I26: nobody is asked on the gateway's word.
func TestRedirectsAreNotFollowed(t *testing.T) {
	var visits atomic.Int32
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { visits.Add(1) }))
	t.Cleanup(elsewhere.Close)
	server := httptest.NewServer(http.RedirectHandler(elsewhere.URL, http.StatusTemporaryRedirect))
	t.Cleanup(server.Close)
	if _, err := client(t, server.URL).Status(t.Context(), "p-1"); !errors.Is(err, payments.ErrGatewayUnavailable) {
		t.Fatal(err)
	}
	if visits.Load() != 0 {
		t.Fatal("the redirect was followed")
	}
}

func TestNobodyListens(t *testing.T) {
	server := httptest.NewServer(nil)
	server.Close()
	if _, err := client(t, server.URL).Status(t.Context(), "p-1"); !errors.Is(err, payments.ErrGatewayUnavailable) {
		t.Fatal(err)
	}
}

func TestConfigurationIsCheckedAtOnce(t *testing.T) {
	_, err := egov.New(egov.Config{BaseURL: "ftp://x", PageOrigin: "http://x/path"})
	for _, part := range []string{"address of the gateway", "origin of the gateway's pages", "key for requests", "keys for notices", "no clock"} {
		if err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("%q is missing in: %v", part, err)
		}
	}
	key, keyErr := egov.NewKey("a")
	if keyErr != nil {
		t.Fatal(keyErr)
	}
	three := []egov.Key{key, {ID: "b", Secret: key.Secret}, {ID: "c", Secret: key.Secret}}
	_, err = egov.New(egov.Config{BaseURL: "https://x", RequestKey: key, NoticeKeys: three, Now: time.Now})
	if err == nil {
		t.Error("three keys at once were taken")
	}
}
