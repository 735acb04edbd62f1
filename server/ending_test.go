package server_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"elicensing/payments"
	"elicensing/server"
	"elicensing/server/calendar"
	"elicensing/server/servertest"
)

func kazakh(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 10, 0, 0, 0, payments.Zone)
}

// The index of a new year is published in the last weeks of the old one, the calendar too. What the portal was built with may end before: then it
// shows everything but the sum, and tells who signs what is missing.
func TestWithoutTheRateOfTheYear(t *testing.T) {
	t.Parallel()
	builtIn, err := payments.BuiltInRates()
	if err != nil {
		t.Fatal(err)
	}
	for _, day := range []time.Time{kazakh(2027, 1, 2), kazakh(2027, 12, 20)} {
		p := servertest.NewAt(t, day, builtIn)
		person := p.SignInAs("person")
		for _, path := range []string{"/api/services/medical-activity", "/api/services/medical-activity?version=1"} {
			var card struct {
				Fee   *struct{ Amount string }
				Today string
			}
			person.Do(http.MethodGet, path, nil).Expect(http.StatusOK).JSON(&card)
			if card.Fee != nil || card.Today != day.Format(time.DateOnly) {
				t.Errorf("%s on %s: fee %+v, today %s", path, day, card.Fee, card.Today)
			}
		}
		a := person.Draft("person")
		to := person.Prepare(a.ID, "document")
		person.Do(http.MethodPost, "/api/applications/"+a.ID+"/sign", map[string]any{"digest": to.Digest, "signature": person.Sign(to.Content)}).
			ExpectProblem(http.StatusServiceUnavailable, "rate_unknown")
		if now := person.Read(a.ID); now.State != "draft" || !now.Offers("sign") {
			t.Errorf("after the refused signature: %s, %+v", now.State, now.Actions)
		}
		if n := p.Count("SELECT count(*) FROM signatures"); n != 0 {
			t.Errorf("%d signatures were kept", n)
		}
	}
}

// A paid fee is filed though its term reaches into a year whose calendar is not decreed: by the law's holidays, and marked so.
func TestFiledOverTheEndOfTheCalendar(t *testing.T) {
	t.Parallel()
	rates, err := payments.ParseRates([]byte("from,until,tenge\n2027-01-01,2029-01-01,4500\n"), []byte("kind,from,until,hundredths_of_mci,rule\nlicence,2014-01-01,,1000,10 MCI\n"))
	if err != nil {
		t.Fatal(err)
	}
	for day, want := range map[time.Time]string{
		kazakh(2027, 12, 20): "2028-01-13T12:30:00Z", kazakh(2028, 2, 29): "2028-03-28T12:30:00Z",
	} {
		p := servertest.NewAt(t, day, rates)
		person, filed := p.Filed("person")
		var read struct{ Term struct{ Provisional bool } }
		person.Do(http.MethodGet, "/api/applications/"+filed.ID, nil).Expect(http.StatusOK).JSON(&read)
		if filed.State != "filed" || filed.Number == "" || filed.DueAt != want || !read.Term.Provisional {
			t.Errorf("filed on %s: %s %q, due %s, provisional %v", day, filed.State, filed.Number, filed.DueAt, read.Term.Provisional)
		}
		person.Do(http.MethodGet, "/api/applications/"+filed.ID+"/files/receipt.pdf", nil).Expect(http.StatusOK)
		p.SignInAs("chancery").Do(http.MethodPost, "/api/applications/"+filed.ID+"/register", map[string]any{}).Expect(http.StatusOK)
	}
}

// Whoever runs the portal is told sixty days before rates or calendar end.
func TestTheEndOfDatedDataIsTold(t *testing.T) {
	t.Parallel()
	builtIn, err := payments.BuiltInRates()
	if err != nil {
		t.Fatal(err)
	}
	days, err := calendar.Load()
	if err != nil {
		t.Fatal(err)
	}
	midnight := time.Date(2027, 1, 1, 0, 0, 0, 0, payments.Zone)
	for at, want := range map[time.Time]string{
		midnight.Add(-60*24*time.Hour - time.Second): "",
		midnight.Add(-60 * 24 * time.Hour):           "rates 2027-01-01",
		midnight.Add(time.Hour):                      "rates 2027-01-01",
		kazakh(2027, 12, 20):                         "rates 2027-12-20 calendar 2028-01-01",
	} {
		var got []string
		for _, e := range server.Endings(at, builtIn, days) {
			got = append(got, e.What+" "+e.On.String())
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %q, want %q", at, got, want)
		}
	}
	var log bytes.Buffer
	server.WarnOfEndings(t.Context(), slog.New(slog.NewTextHandler(&log, nil)), kazakh(2026, 12, 1), builtIn, days)
	if text := log.String(); !strings.Contains(text, "level=WARN") || !strings.Contains(text, "on=2027-01-01") || !strings.Contains(text, "payments/rates/mci.csv") {
		t.Errorf("log: %s", text)
	}

	p := servertest.NewAt(t, kazakh(2026, 12, 1), builtIn)
	var ready struct{ Ends []struct{ What, On string } }
	p.Anonymous().Do(http.MethodGet, "/readyz", nil).Expect(http.StatusOK).JSON(&ready)
	if len(ready.Ends) != 1 || ready.Ends[0].What != "rates" || ready.Ends[0].On != "2027-01-01" {
		t.Errorf("/readyz: %+v", ready)
	}
}
