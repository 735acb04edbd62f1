package outbox

import (
	"slices"
	"strings"
	"testing"
	"time"
)

var events = []string{"filed", "registered", "assigned", "in_review", "licence_prepared", "refusal_prepared", "issued", "refused", "withdrawn",
	"payment_failed", "payment_parked", "payment_returned", "payment_decided_returned", "payment_decided_kept", "payment_decided_written_off", "receipt_rejected", "non_submission", "non_submission_declined"}

func sample() facts {
	at := func(day, hour, minute int) *time.Time {
		t := time.Date(2026, 3, day, hour, minute, 0, 0, time.UTC)
		return &t
	}
	return facts{Number: "13-2026-000418", Invoice: "2026-000077", FiledAt: at(27, 5, 5), DueAt: at(31, 19, 30), IncomingNumber: "ВХ-15", RegisteredAt: at(27, 5, 20),
		CompletenessClosesAt: at(30, 12, 30), Email: "a@example.kz"}
}

func TestEveryLetterIsWholeInThreeLanguages(t *testing.T) {
	w, err := words()
	if err != nil {
		t.Fatal(err)
	}
	var have []string
	for event, l := range w.Letters {
		have = append(have, event)
		for _, x := range append(append([]text{l.Subject, w.Link, w.Footer}, l.Lines...), w.Link) {
			for _, language := range languages {
				if x.in(language) == "" {
					t.Errorf("%s lacks a text in %s", event, language)
				}
			}
		}
		subject, body, ok, err := write(event, sample(), "https://x.example/applications/1")
		if err != nil || !ok {
			t.Fatalf("%s: %v %v", event, ok, err)
		}
		if strings.ContainsAny(subject+body, "{}") || strings.Contains(body, "—\n") {
			t.Errorf("%s: a placeholder is left:\n%s", event, body)
		}
		// Each names the application, or in letters about money the invoice, in each language.
		named := strings.Count(subject, "13-2026-000418") == 3 || strings.Count(subject+body, "2026-000077") == 3
		if strings.Count(body, "https://x.example/applications/1") != 3 || !named {
			t.Errorf("%s: %s\n%s", event, subject, body)
		}
	}
	slices.Sort(have)
	want := slices.Sorted(slices.Values(events))
	if !slices.Equal(have, want) {
		t.Errorf("letters %v, want %v", have, want)
	}
	for language, months := range w.Months {
		if len(months) != 12 {
			t.Errorf("%d months in %s", len(months), language)
		}
	}
}

// The moments are Kazakhstan's, whatever zone the database answers in.
func TestTheLetterOfFiling(t *testing.T) {
	_, body, _, err := write("filed", sample(), "https://x.example/applications/1")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"Қабылданған күні мен уақыты: 2026 жылғы 27 наурыз, 10:05.", "Дата и время приёма: 27 марта 2026 года, 10:05.", "Date and time of acceptance: 27 March 2026, 10:05.",
		"Нәтиже берілетін күн мен уақыт: 2026 жылғы 1 сәуір, 00:30.",
	} {
		if !strings.Contains(body, want) {
			t.Errorf("lacks %q:\n%s", want, body)
		}
	}
}

// Nobody learns of a refusal before it is signed.
func TestBothPreparedStatesReadTheSame(t *testing.T) {
	one, bodyOne, _, _ := write("licence_prepared", sample(), "l")
	two, bodyTwo, _, _ := write("refusal_prepared", sample(), "l")
	if one != two || bodyOne != bodyTwo {
		t.Error("the letter tells which decision waits")
	}
	for _, event := range []string{"draft", "awaiting_payment", "", "unknown"} {
		if _, _, ok, err := write(event, sample(), "l"); ok || err != nil {
			t.Errorf("%q has a letter (%v)", event, err)
		}
	}
}

// What a person typed as the address never adds a receiver or a header.
func TestAddresses(t *testing.T) {
	for _, good := range []string{"a@example.kz", "иван@example.kz", "a.b+c@example.kz"} {
		if got, ok := address(good); !ok || got != good {
			t.Errorf("%q: %q %v", good, got, ok)
		}
	}
	for _, bad := range []string{"", "a", "a@", "a@example.kz, b@example.kz", "A <a@example.kz>", "a@example.kz\r\nBcc: b@example.kz", "a@example.kz\nX: y",
		"a@example.kz\x00", strings.Repeat("a", 300) + "@example.kz"} {
		if got, ok := address(bad); ok {
			t.Errorf("%q was taken as %q", bad, got)
		}
	}
}
